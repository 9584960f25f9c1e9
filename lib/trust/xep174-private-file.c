/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-private-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "xep174-gettext-private.h"
#include "xep174-trust-error.h"

/* Some hundred thousand keys; what is larger is no file of ours. */
#define SIZE_LIMIT (64 * 1024 * 1024)

/* A change takes a few milliseconds; a slow disk may take longer. */
#define LOCK_TRIES 500
#define LOCK_PAUSE_US 4000

static void
set_errno (GError     **error,
           int          number,
           char        *text)
{
  g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (number), text);
  g_free (text);
}

static gboolean
is_safe (const char         *path,
         const struct stat  *status,
         GError            **error)
{
  if (!S_ISREG (status->st_mode))
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE,
                 _("“%s” is not a plain file. Move it away"), path);
  else if (status->st_uid != geteuid ())
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE,
                 _("“%s” belongs to another user. Move it away"), path);
  else if ((status->st_mode & (S_IRWXG | S_IRWXO)) != 0)
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE,
                 _("Others may read or change “%s”. Run chmod 600 on it if you know that nobody "
                   "has"),
                 path);
  else if (status->st_size > SIZE_LIMIT)
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED,
                 _("“%s” is larger than any file of keys. Move it away"), path);
  else
    return TRUE;

  return FALSE;
}

static void
take_stamp (const struct stat *status,
            Xep174FileStamp   *stamp)
{
  stamp->device = status->st_dev;
  stamp->inode = status->st_ino;
  stamp->size = status->st_size;
  stamp->changed_s = status->st_ctim.tv_sec;
  stamp->changed_ns = status->st_ctim.tv_nsec;
}

static GBytes *
read_all (int          fd,
          const char  *path,
          gsize        size,
          GError     **error)
{
  g_autofree char *contents = g_malloc (size + 1);
  gsize length = 0;

  while (length <= size)
    {
      ssize_t n = read (fd, contents + length, size + 1 - length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_errno (error, errno,
                     g_strdup_printf (_("“%s” cannot be read: %s"), path, g_strerror (errno)));
          return NULL;
        }
      if (n == 0)
        return g_bytes_new_take (g_steal_pointer (&contents), length);
      length += n;
    }

  g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED,
               _("“%s” grows while it is read"), path);
  return NULL;
}

GBytes *
xep174_private_file_read (const char       *path,
                          Xep174FileStamp  *stamp,
                          GError          **error)
{
  struct stat status;
  GBytes *contents = NULL;
  /* A pipe in its place must not stop us. */
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

  if (fd < 0 && errno == ELOOP)
    {
      g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE,
                   _("“%s” is a symbolic link. Put the file itself there"), path);
      return NULL;
    }
  if (fd < 0 || fstat (fd, &status) < 0)
    set_errno (error, errno,
               g_strdup_printf (_("“%s” cannot be read: %s"), path, g_strerror (errno)));
  else if (is_safe (path, &status, error))
    {
      take_stamp (&status, stamp);
      contents = read_all (fd, path, status.st_size, error);
    }

  if (fd >= 0)
    close (fd);
  return contents;
}

void
xep174_private_file_stat (const char      *path,
                          Xep174FileStamp *stamp)
{
  struct stat status;

  *stamp = (Xep174FileStamp) { 0 };
  if (lstat (path, &status) == 0)
    take_stamp (&status, stamp);
}

gboolean
xep174_file_stamp_equal (const Xep174FileStamp *one,
                         const Xep174FileStamp *other)
{
  return one->inode == other->inode && one->device == other->device && one->size == other->size
         && one->changed_s == other->changed_s && one->changed_ns == other->changed_ns;
}

gboolean
xep174_private_file_write (const char       *path,
                           const char       *contents,
                           gsize             length,
                           Xep174FileStamp  *stamp,
                           GError          **error)
{
  const GFileSetContentsFlags whole = G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE;

  if (length > SIZE_LIMIT)
    {
      g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_FULL,
                   _("“%s” has no room for more. Forget keys that you do not need"), path);
      return FALSE;
    }
  if (!g_file_set_contents_full (path, contents, length, whole, 0600, error))
    return FALSE;

  xep174_private_file_stat (path, stamp);
  return TRUE;
}

static gboolean
prepare_folder (const char  *path,
                GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat status;

  if (g_mkdir_with_parents (folder, 0700) < 0 || stat (folder, &status) < 0)
    {
      set_errno (error, errno,
                 g_strdup_printf (_("“%s” cannot be used as a folder: %s"), folder,
                                  g_strerror (errno)));
      return FALSE;
    }
  /* Who may write there may put another file in the place of ours. */
  if ((status.st_uid != geteuid () && status.st_uid != 0)
      || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    {
      g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE,
                   _("Others may change what is in the folder “%s”. Run chmod 700 on it, or use "
                     "another one"), folder);
      return FALSE;
    }

  return TRUE;
}

/* Who had it may have removed it with the file; then nobody else finds it. */
static gboolean
take_lock (int         fd,
           const char *name)
{
  struct stat ours, found;

  return flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &ours) == 0 && lstat (name, &found) == 0
         && ours.st_ino == found.st_ino && ours.st_dev == found.st_dev;
}

int
xep174_private_file_try_lock (const char  *path,
                              GError     **error)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);
  int fd;

  if (!prepare_folder (path, error))
    return -1;

  fd = open (name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      set_errno (error, errno,
                 g_strdup_printf (_("“%s” cannot be opened: %s"), name, g_strerror (errno)));
      return -1;
    }
  if (take_lock (fd, name))
    return fd;

  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN,
               _("Another program keeps “%s” locked. Stop it, or try again"), path);
  close (fd);
  return -1;
}

int
xep174_private_file_lock (const char  *path,
                          GError     **error)
{
  g_autoptr(GError) why = NULL;
  int fd = xep174_private_file_try_lock (path, &why);

  for (guint i = 1; i < LOCK_TRIES && g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_AGAIN); i++)
    {
      g_usleep (LOCK_PAUSE_US);
      g_clear_error (&why);
      fd = xep174_private_file_try_lock (path, &why);
    }
  if (fd < 0)
    g_propagate_error (error, g_steal_pointer (&why));

  return fd;
}
