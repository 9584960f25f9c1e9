/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-gettext-private.h"

#include <errno.h>
#include <libintl.h>
#include <stdlib.h>

#ifdef ENABLE_NLS

/* Nobody calls us at the start, and any thread may have the first error. The variable is for a copy
 * that lies elsewhere: in a build folder, or in an archive that brings all that it needs. */
static void
find_translations (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      const char *folder = secure_getenv ("XEP174_LOCALEDIR");

      bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : LOCALEDIR);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      g_once_init_leave (&done, 1);
    }
}

const char *
xep174_gettext (const char *text)
{
  int number = errno;

  find_translations ();
  text = g_dgettext (GETTEXT_PACKAGE, text);
  errno = number;

  return text;
}

const char *
xep174_ngettext (const char *one,
                 const char *many,
                 gulong      n)
{
  int number = errno;

  find_translations ();
  one = g_dngettext (GETTEXT_PACKAGE, one, many, n);
  errno = number;

  return one;
}

#else

const char *
xep174_gettext (const char *text)
{
  return text;
}

const char *
xep174_ngettext (const char *one,
                 const char *many,
                 gulong      n)
{
  return n == 1 ? one : many;
}

#endif
