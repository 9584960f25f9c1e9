/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a TXT record says of a contact (D7). */

#include "xep174-contact-state-private.h"

#include <string.h>

#include "xep174-display-private.h"

guint
xep174_contact_parse_port (const Xep174Txt *txt)
{
  const char *digits = xep174_txt_get (txt, "port.p2pj");
  guint64 port;

  if (digits == NULL || !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT16, &port, NULL))
    return 0;

  return port;
}

char **
xep174_contact_parse_list (const Xep174Txt *txt,
                           const char      *key)
{
  const char *value = xep174_txt_get (txt, key);
  GStrvBuilder *builder = g_strv_builder_new ();
  g_auto(GStrv) words = g_strsplit_set (value != NULL ? value : "", " \t\r\n", -1);
  char **list;

  for (gsize i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (builder, words[i]);

  list = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);

  return list;
}

char *
xep174_contact_build_display_name (const char      *name,
                                   const Xep174Txt *txt)
{
  const char *nick = xep174_txt_get (txt, "nick");
  const char *first = xep174_txt_get (txt, "1st");
  const char *last = xep174_txt_get (txt, "last");
  const char *at = strrchr (name, '@');
  g_autofree char *full = g_strconcat (first != NULL ? first : "", " ", last, NULL);
  g_autofree char *user = g_strndup (name, at != NULL ? (gsize) (at - name) : strlen (name));
  char *shown = nick != NULL ? xep174_display_text (nick) : NULL;

  if (shown == NULL)
    shown = xep174_display_text (full);
  if (shown == NULL)
    shown = xep174_display_text (user);
  if (shown == NULL)
    shown = xep174_display_text (name);

  return shown != NULL ? shown : g_strdup ("\xef\xbf\xbd");
}

Xep174Status
xep174_contact_parse_status (const Xep174Txt *txt)
{
  const char *word = xep174_txt_get (txt, "status");

  if (g_strcmp0 (word, "away") == 0)
    return XEP174_STATUS_AWAY;
  if (g_strcmp0 (word, "dnd") == 0)
    return XEP174_STATUS_DND;

  return XEP174_STATUS_AVAILABLE;
}
