/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-events.h"

#include "cli-output.h"
#include "cli-roster.h"

JsonObject *
cli_event_new (const char *name)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "event", name);

  return event;
}

void
cli_event_set_string (JsonObject *event,
                      const char *member,
                      const char *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  if (valid != NULL)
    json_object_set_string_member (event, member, valid);
  else
    json_object_set_null_member (event, member);
}

/* json-glib leaves some control characters as they are, and somebody may look at the output on a
 * terminal, which obeys them. */
static char *
escape_controls (const char *line)
{
  GString *escaped = g_string_new (NULL);

  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c))
        g_string_append_printf (escaped, "\\u%04x", c);
      else
        g_string_append_unichar (escaped, c);
    }

  return g_string_free (escaped, FALSE);
}

void
cli_event_emit (JsonObject *event)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), event);
  g_autofree char *line = json_to_string (node, FALSE);
  g_autofree char *escaped = escape_controls (line);

  json_object_unref (event);
  cli_output_line (escaped);
}

void
cli_event_contact (const char    *name,
                   Xep174Contact *contact)
{
  JsonObject *event = cli_event_new (name);
  g_autofree char *avatar_hash = NULL;

  g_object_get (contact, "avatar-hash", &avatar_hash, NULL);
  cli_event_set_string (event, "name", xep174_contact_get_name (contact));
  if (!g_str_equal (name, "contact-removed"))
    {
      cli_event_set_string (event, "status",
                            cli_status_to_string (xep174_contact_get_status (contact)));
      cli_event_set_string (event, "message", xep174_contact_get_status_message (contact));
      cli_event_set_string (event, "nick", xep174_contact_get_nick (contact));
      cli_event_set_string (event, "avatar_hash", avatar_hash);
    }
  cli_event_emit (event);
}
