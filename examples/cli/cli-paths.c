/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-paths.h"

#include <string.h>

#include "cli-text.h"

GFile *
cli_path_find (const char *typed)
{
  g_autofree char *path = NULL;

  if (typed[0] != '~' || (typed[1] != '\0' && !G_IS_DIR_SEPARATOR (typed[1])))
    return g_file_new_for_commandline_arg (typed);

  path = g_build_filename (g_get_home_dir (), typed + 1, NULL);

  return g_file_new_for_path (path);
}

/* What is hidden is offered to whoever has typed the dot. */
static gboolean
can_be (const char *name,
        const char *begun)
{
  g_autofree char *safe = NULL;

  if (!g_str_has_prefix (name, begun) || (name[0] == '.' && begun[0] != '.'))
    return FALSE;

  safe = cli_text_line (name);

  return g_str_equal (safe, name);
}

char **
cli_path_complete (const char *typed,
                   gboolean    folders_only)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  const char *slash = strrchr (typed, G_DIR_SEPARATOR);
  const char *begun = slash != NULL ? slash + 1 : typed;
  g_autofree char *before = g_strndup (typed, begun - typed);
  g_autoptr(GFile) folder = cli_path_find (slash != NULL ? before : ".");
  const char *path = g_file_peek_path (folder);
  GDir *dir = path != NULL && !g_str_equal (typed, "~") ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  if (g_str_equal (typed, "~"))
    g_strv_builder_add (builder, "~/");
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *whole = g_build_filename (path, name, NULL);
      gboolean is_folder = g_file_test (whole, G_FILE_TEST_IS_DIR);
      g_autofree char *word = g_strconcat (before, name, is_folder ? G_DIR_SEPARATOR_S : NULL, NULL);

      if (can_be (name, begun) && (is_folder || !folders_only))
        g_strv_builder_add (builder, word);
    }
  g_clear_pointer (&dir, g_dir_close);

  return g_strv_builder_end (builder);
}
