/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-events.h"

#include "cli-output.h"
#include "cli-roster.h"

/* Control characters are escaped: somebody may look at the output on a terminal, which obeys
 * them. */
static void
append_string (CliEvent   *event,
               const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_string_append_c (event, '"');
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c))
        g_string_append_printf (event, "\\u%04x", c);
      else if (c == '"' || c == '\\')
        g_string_append_printf (event, "\\%c", (char) c);
      else
        g_string_append_unichar (event, c);
    }
  g_string_append_c (event, '"');
}

CliEvent *
cli_event_new (const char *name)
{
  CliEvent *event = g_string_new ("{\"event\":");

  append_string (event, name);

  return event;
}

void
cli_event_set_raw (CliEvent   *event,
                   const char *member,
                   const char *value)
{
  g_string_append_printf (event, ",\"%s\":%s", member, value);
}

void
cli_event_set_string (CliEvent   *event,
                      const char *member,
                      const char *value)
{
  if (value == NULL)
    {
      cli_event_set_raw (event, member, "null");
      return;
    }

  cli_event_set_raw (event, member, "");
  append_string (event, value);
}

void
cli_event_emit (CliEvent *event)
{
  g_string_append_c (event, '}');
  cli_output_line (event->str);
  g_string_free (event, TRUE);
}

void
cli_event_contact (const char    *name,
                   Xep174Contact *contact)
{
  CliEvent *event = cli_event_new (name);

  cli_event_set_string (event, "name", xep174_contact_get_name (contact));
  if (!g_str_equal (name, "contact-removed"))
    {
      cli_event_set_string (event, "status",
                            cli_status_to_string (xep174_contact_get_status (contact)));
      cli_event_set_string (event, "message", xep174_contact_get_message (contact));
      cli_event_set_string (event, "nick", xep174_contact_get_nick (contact));
    }
  cli_event_emit (event);
}
