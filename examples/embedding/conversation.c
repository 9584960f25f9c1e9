/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Romeo says something to Juliet, sees what becomes of it, and puts it right. Both are in this program. */

#include <xep174/xep174.h>

#define wait_for(condition) while (!(condition)) g_main_context_iteration (NULL, TRUE)

/* Juliet: what is in the list is told as for any list model. */
static void
on_items (GListModel *conversation,
          guint       position,
          guint       removed,
          guint       added,
          gpointer    user_data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (conversation, i);

      g_print ("%s: %s\n", xep174_contact_get_name (xep174_message_get_contact (message)),
               xep174_message_get_body (message));
    }
}

/* Romeo: below each message of his own. */
static const char *
describe_state (Xep174Message *message)
{
  const GError *error = xep174_message_get_error (message);

  switch (xep174_message_get_state (message))
    {
    case XEP174_MESSAGE_STATE_QUEUED:
      return "not sent yet";
    case XEP174_MESSAGE_STATE_SENT:
      return "sent";
    case XEP174_MESSAGE_STATE_RECEIVED:
      return "received";
    case XEP174_MESSAGE_STATE_READ:
      return "read";
    case XEP174_MESSAGE_STATE_FAILED:
      return error != NULL ? error->message : "not sent";
    case XEP174_MESSAGE_STATE_UNCONFIRMED:
    default:
      return error != NULL ? error->message : "perhaps not received";
    }
}

/* One group of a file for each message. What has no text is left out. */
static void
keep (GKeyFile      *file,
      const char    *group,
      Xep174Message *message)
{
  g_autofree char *time = g_date_time_format_iso8601 (xep174_message_get_time (message));

  if (xep174_message_get_id (message) != NULL)
    g_key_file_set_string (file, group, "id", xep174_message_get_id (message));
  if (xep174_message_get_body (message) != NULL)
    g_key_file_set_string (file, group, "body", xep174_message_get_body (message));
  g_key_file_set_string (file, group, "time", time);
  g_key_file_set_integer (file, group, "state", xep174_message_get_state (message));
  g_key_file_set_boolean (file, group, "outgoing", xep174_message_get_outgoing (message));
  g_key_file_set_boolean (file, group, "edited", xep174_message_get_edited (message));
}

static Xep174Message *
bring_back_one (GKeyFile      *file,
                const char    *group,
                Xep174Contact *contact)
{
  g_autofree char *id = g_key_file_get_string (file, group, "id", NULL);
  g_autofree char *body = g_key_file_get_string (file, group, "body", NULL);
  g_autofree char *text = g_key_file_get_string (file, group, "time", NULL);
  g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  Xep174MessageState state = g_key_file_get_integer (file, group, "state", NULL);

  if (state == XEP174_MESSAGE_STATE_QUEUED || state == XEP174_MESSAGE_STATE_SENT)
    state = XEP174_MESSAGE_STATE_UNCONFIRMED;
  return g_object_new (XEP174_TYPE_MESSAGE, "contact", contact, "id", id, "body", body, "time", time,
                       "state", state,
                       "outgoing", g_key_file_get_boolean (file, group, "outgoing", NULL),
                       "edited", g_key_file_get_boolean (file, group, "edited", NULL), NULL);
}

static void
bring_back (GKeyFile           *file,
            Xep174Conversation *conversation)
{
  g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autoptr(Xep174Message) message
        = bring_back_one (file, groups[i], xep174_conversation_get_contact (conversation));

      xep174_conversation_insert (conversation, i, message);
    }
}

static void
on_corrected (GObject      *conversation,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!xep174_conversation_correct_finish (XEP174_CONVERSATION (conversation), result, &error))
    g_printerr ("Not corrected: %s\n", error->message);
}

static Xep174Client *
go_online (const char *user,
           const char *machine)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new (user, NULL);
  g_autoptr(Xep174ManualDiscovery) discovery = xep174_manual_discovery_new ();
  Xep174Client *client;

  xep174_profile_set_machine (profile, machine, NULL);
  /* Keys in memory: this is only a story. */
  client = g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", discovery, "data-dir",
                         "/dev/null/none", NULL);
  xep174_client_add_conversation_features (client);
  xep174_client_start_async (client, NULL, NULL, NULL);
  wait_for (xep174_client_get_running (client));
  return client;
}

static Xep174Conversation *
introduce (Xep174Client *self,
           Xep174Client *other)
{
  Xep174ManualDiscovery *discovery = XEP174_MANUAL_DISCOVERY (xep174_client_get_discovery (self));
  Xep174Contact *contact = xep174_manual_discovery_add (discovery, xep174_client_get_local_name (other),
                                                        "127.0.0.1", xep174_client_get_port (other), NULL);

  return xep174_client_get_conversation (self, contact);
}

static gboolean
can_correct (Xep174Client  *client,
             Xep174Contact *contact)
{
  return xep174_feature_host_supports (XEP174_FEATURE_HOST (client), xep174_contact_get_name (contact),
                                       "urn:xmpp:message-correct:0") == XEP174_SUPPORT_YES;
}

int
main (void)
{
  g_autoptr(Xep174Client) romeo = go_online ("romeo", "montague");
  g_autoptr(Xep174Client) juliet = go_online ("juliet", "capulet");
  Xep174Conversation *his = introduce (romeo, juliet);
  Xep174Conversation *hers = introduce (juliet, romeo);
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, "It is the est");
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(Xep174Message) kept = NULL;

  g_signal_connect (hers, "items-changed", G_CALLBACK (on_items), NULL);
  xep174_conversation_send_async (his, message, NULL, NULL, NULL);
  g_print ("%s\n", describe_state (message));
  wait_for (xep174_conversation_get_unread (hers) == 1
            && can_correct (romeo, xep174_conversation_get_contact (his)));
  xep174_conversation_mark_read (hers);
  wait_for (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_RECEIVED);
  g_print ("%s\n", describe_state (message));

  xep174_conversation_correct_async (his, message, "It is the east", NULL, on_corrected, NULL);
  wait_for (xep174_message_get_edited (message));
  g_print ("%s\n", xep174_message_get_body (message));

  keep (file, "1", message);
  xep174_client_drop_conversation (romeo, his);
  g_print ("the next day:\n");
  his = xep174_client_get_conversation (romeo, xep174_message_get_contact (message));
  bring_back (file, his);
  kept = g_list_model_get_item (G_LIST_MODEL (his), 0);
  g_print ("%s (%s)\n", xep174_message_get_body (kept), describe_state (kept));
  return 0;
}
