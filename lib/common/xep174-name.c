/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-name-private.h"

#include "xep174-gettext-private.h"

#include <gio/gio.h>
#include <string.h>

/* RFC 1035 §2.3.4: the length of a label. */
#define LABEL_MAX 63

gboolean
xep174_name_is_valid (const char *name,
                      GError    **error)
{
  gsize length = strlen (name);

  if (length == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("The name is empty. Write one"));
  else if (!g_utf8_validate (name, length, NULL))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("The name cannot be read as text: it must be UTF-8"));
  else if (length > LABEL_MAX)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("The name is too long: it has %zu bytes and may have %d. Write a shorter one (a "
                   "letter such as “é” or “中” takes 2 to 4 bytes)"),
                 length, LABEL_MAX);
  else
    return TRUE;

  return FALSE;
}

gboolean
xep174_text_is_plain (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

gboolean
xep174_name_equal (gconstpointer a,
                   gconstpointer b)
{
  return g_ascii_strcasecmp (a, b) == 0;
}

guint
xep174_name_hash (gconstpointer name)
{
  guint hash = 5381;

  for (const char *p = name; *p != '\0'; p++)
    hash = hash * 33 + (guchar) g_ascii_tolower (*p);

  return hash;
}

gboolean
xep174_name_is_smaller (const char *local,
                        const char *peer)
{
  return strcmp (local, peer) < 0;
}

/* XEP-0106 §4.2: a backslash is escaped only where it would read as an escape itself. */
static gboolean
must_escape (const char *at)
{
  static const char *const sequences[] = {
    "20", "22", "26", "27", "2f", "3a", "3c", "3e", "40", "5c",
  };

  if (*at != '\\')
    return strchr (" \"&'/:<>@", *at) != NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (sequences); i++)
    if (g_ascii_strncasecmp (at + 1, sequences[i], 2) == 0)
      return TRUE;

  return FALSE;
}

char *
xep174_name_to_jid (const char *name)
{
  const char *at = strrchr (name, '@');
  gsize user_length = at != NULL ? (gsize) (at - name) : strlen (name);
  GString *jid = g_string_sized_new (strlen (name) + 8);

  for (gsize i = 0; i < user_length; i++)
    {
      if (must_escape (name + i))
        g_string_append_printf (jid, "\\%02x", (guchar) name[i]);
      else
        g_string_append_c (jid, name[i]);
    }
  if (at != NULL)
    g_string_append (jid, at);

  return g_string_free (jid, FALSE);
}
