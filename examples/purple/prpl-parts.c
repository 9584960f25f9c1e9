/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* As long as there is such a folder, a link to it is in a folder of libpurple's user. So the next run of the
 * program finds what a crash has left, wherever that is. */

#include "prpl-parts.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <purple.h>

#define PART ".part"

static char *
dup_links (void)
{
  return g_build_filename (purple_user_dir (), "xep174", "parts", NULL);
}

static char *
dup_link (GFile *folder)
{
  g_autofree char *links = dup_links ();
  g_autofree char *name = g_file_get_basename (folder);

  return g_build_filename (links, name, NULL);
}

/* Without a link it is only not found after a crash. */
GFile *
prpl_parts_make (const char  *parent,
                 GError     **error)
{
  g_autofree char *number = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (".", number, PART, NULL);
  g_autofree char *path = g_build_filename (parent, name, NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  g_autofree char *links = dup_links ();
  g_autofree char *link = dup_link (folder);

  if (g_mkdir_with_parents (links, 0700) != 0 || symlink (g_file_peek_path (folder), link) != 0)
    purple_debug_info ("xep174", "%s: %s\n", link, g_strerror (errno));
  if (g_mkdir (path, 0700) == 0)
    return g_steal_pointer (&folder);

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  prpl_parts_leave (folder);

  return NULL;
}

static void
clear (const char *path,
       gboolean    parts_only)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (!parts_only || (name[0] == '.' && g_str_has_suffix (name, PART)))
        g_unlink (inner);
    }
  g_rmdir (path);
}

void
prpl_parts_remove (GFile *folder)
{
  clear (g_file_peek_path (folder), FALSE);
  prpl_parts_leave (folder);
}

void
prpl_parts_leave (GFile *folder)
{
  g_autofree char *link = dup_link (folder);

  g_unlink (link);
}

/* What was whole, and did not get its name any more, stays: the contact believes that it has come. */
void
prpl_parts_tidy (void)
{
  g_autofree char *links = dup_links ();
  g_autoptr(GDir) dir = g_dir_open (links, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_build_filename (links, name, NULL);
      g_autofree char *path = g_file_read_link (link, NULL);

      if (path != NULL && g_str_has_suffix (path, name))
        clear (path, TRUE);
      g_unlink (link);
    }
}
