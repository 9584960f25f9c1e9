/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-profile-private.h"

#include <string.h>

/* RFC 1035 §2.3.4 */
#define LABEL_MAX 63

/* The longest start of @text that has at most @size octets and ends with a character. */
static int
cut (const char *text,
     gsize       size)
{
  const char *end;

  if (strlen (text) <= size)
    return strlen (text);

  end = text + size + 1;
  return g_utf8_find_prev_char (text, end) - text;
}

char *
xep174_instance_name_build (const char *user,
                            const char *machine,
                            guint       attempt)
{
  g_autofree char *suffix = attempt > 0 ? g_strdup_printf ("-%u", attempt) : g_strdup ("");
  gsize first = g_utf8_next_char (user) - user;
  gsize fixed = strlen (suffix) + strlen ("@");
  gsize machine_length = MIN (strlen (machine), LABEL_MAX - fixed - first);

  return g_strdup_printf ("%.*s%s@%.*s", cut (user, LABEL_MAX - fixed - machine_length), user,
                          suffix, (int) machine_length, machine);
}

char *
xep174_machine_from_host_name (const char *host_name)
{
  GString *machine = g_string_new (NULL);

  for (const char *p = host_name; *p != '\0' && *p != '.'; p++)
    {
      if (g_ascii_isgraph (*p) && *p != '@')
        g_string_append_c (machine, *p);
    }
  g_string_truncate (machine, MIN (machine->len, LABEL_MAX));
  if (machine->len == 0)
    g_string_append (machine, "localhost");

  return g_string_free (machine, FALSE);
}
