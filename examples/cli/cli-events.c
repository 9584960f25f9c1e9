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
  if (value == NULL)
    {
      json_object_set_null_member (event, member);
      return;
    }

  g_autofree char *valid = g_utf8_make_valid (value, -1);
  json_object_set_string_member (event, member, valid);
}

void
cli_event_emit (JsonObject *event)
{
  g_autoptr(JsonNode) node = json_node_alloc ();
  g_autofree char *line = NULL;

  json_node_init_object (node, event);
  json_object_unref (event);
  line = json_to_string (node, FALSE);
  cli_output_line (line);
}

void
cli_event_contact (const char    *name,
                   Xep174Contact *contact)
{
  JsonObject *event = cli_event_new (name);

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
