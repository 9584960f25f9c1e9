/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What people read, in their language: for the tool, the chat for the desktop and the plugin. Their
 * texts stand in the library's domain. */

#include <glib.h>
#include <stdlib.h>

#ifdef ENABLE_NLS
#include <glib/gi18n-lib.h>
#undef ngettext
#define ngettext(one, many, n) g_dngettext (GETTEXT_PACKAGE, one, many, n)
#else
#define _(text) (text)
#define N_(text) text
#define ngettext(one, many, n) ((n) == 1 ? (one) : (many))
#endif

/* Says where the translations are. The variable is for a copy that is not installed. */
static inline void
translate_bind (void)
{
#ifdef ENABLE_NLS
  const char *folder = secure_getenv ("XEP174_LOCALEDIR");

  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
#endif
}

/* For a program: the domain is its own. Before, it chooses its locale. */
static inline void
translate_begin (void)
{
#ifdef ENABLE_NLS
  translate_bind ();
  textdomain (GETTEXT_PACKAGE);
#endif
}
