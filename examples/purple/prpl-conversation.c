/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Messages in both directions. libpurple wants the result of a send at once, and then shows the
 * message. Our result comes when the message has been sent or has failed. If it has failed, this is
 * written below the message. */

#include "prpl-conversation.h"

#include <errno.h>

#include "prpl-markup.h"
#include "translate.h"

#define NS_CLIENT "jabber:client"

/* How many characters of a message are quoted, so that the user knows which it was. */
#define EXCERPT 60

/* What became of the last message, as data of its contact. A conversation of libpurple has nothing to mark
 * a message with, and a line below each would be noise: so the buddy's tooltip tells it. */
#define LAST "xep174-last"

typedef struct
{
  char *id;
  const char *state;
} Last;

/* A message that is being sent. libpurple may close the account before the result comes. */
typedef struct
{
  PurpleAccount *purple;
  Xep174Contact *contact; /* NULL if nobody of that name is there */
  char *id;
  char *name;
  char *text;
} Sending;

static void
last_free (gpointer data)
{
  Last *last = data;

  g_free (last->id);
  g_free (last);
}

static void
begin_last (Xep174Contact *contact,
            const char    *id)
{
  Last *last = g_new (Last, 1);

  last->id = g_strdup (id);
  last->state = N_("on its way");
  g_object_set_data_full (G_OBJECT (contact), LAST, last, last_free);
}

/* Messages arrive in order, so what is known of an earlier one says nothing of the last. */
static void
update_last (Xep174Contact *contact,
             const char    *id,
             const char    *state)
{
  Last *last = g_object_get_data (G_OBJECT (contact), LAST);

  if (last != NULL && g_strcmp0 (last->id, id) == 0)
    last->state = state;
}

const char *
prpl_conversation_describe_last (Xep174Contact *contact)
{
  Last *last = g_object_get_data (G_OBJECT (contact), LAST);

  return last != NULL ? _(last->state) : NULL;
}

static void
sending_free (Sending *sending)
{
  g_clear_object (&sending->contact);
  g_free (sending->id);
  g_free (sending->name);
  g_free (sending->text);
  g_free (sending);
}

/* (transfer full) */
static char *
dup_excerpt (const char *text)
{
  g_autofree char *beginning =
    g_utf8_strlen (text, -1) > EXCERPT ? g_utf8_substring (text, 0, EXCERPT) : NULL;

  return beginning != NULL ? g_strconcat (beginning, "…", NULL) : g_strdup (text);
}

/* Takes @text. */
static void
present_error (PurpleAccount *purple,
               const char    *name,
               char          *text)
{
  g_autofree char *plain = text;
  g_autofree char *html = NULL;

  /* The user may delete an account while its last messages are being sent. */
  if (g_list_find (purple_accounts_get_all (), purple) == NULL)
    return;

  html = g_markup_escape_text (plain, -1);
  purple_debug_warning (PRPL_LOG, "to %s: a message has failed\n", name);
  if (!purple_conv_present_error (name, purple, html))
    purple_notify_error (purple_account_get_connection (purple), _("Message not sent"), name, plain);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Sending *sending = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *excerpt = NULL;

  if (xep174_client_send_stanza_finish (XEP174_CLIENT (source), result, &error))
    {
      purple_debug_misc (PRPL_LOG, "a message to %s has gone out\n", sending->name);
      update_last (sending->contact, sending->id, N_("sent, not confirmed yet"));
    }
  else
    {
      update_last (sending->contact, sending->id, N_("not sent"));
      excerpt = dup_excerpt (sending->text);
      present_error (sending->purple, sending->name,
                     g_strdup_printf (_("“%s” was not sent: %s"), excerpt, error->message));
    }
  sending_free (sending);
}

/* Later, because libpurple shows the message only after we have returned. */
static gboolean
on_nobody_there (gpointer user_data)
{
  Sending *sending = user_data;
  g_autofree char *excerpt = dup_excerpt (sending->text);

  present_error (sending->purple, sending->name,
                 g_strdup_printf (_("“%s” was not sent: nobody of that name is on the network (any more)"),
                                  excerpt));
  return G_SOURCE_REMOVE;
}

static void
fail_soon (Sending *sending)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_callback (source, on_nobody_there, sending, (GDestroyNotify) sending_free);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static Xep174Element *
new_stanza (PrplAccount *self,
            Sending     *sending,
            const char  *xhtml)
{
  Xep174Element *stanza = xep174_element_new ("message", NS_CLIENT);

  xep174_element_set_attribute (stanza, "type", "chat");
  xep174_element_set_attribute (stanza, "id", sending->id);
  xep174_element_append_text (xep174_element_append_new (stanza, "body", NS_CLIENT), sending->text);
  prpl_markup_append (stanza, sending->text, xhtml);

  return stanza;
}

static void
send_stanza (PrplAccount *self,
             Sending     *sending,
             const char  *xhtml)
{
  Xep174Contact *contact = xep174_client_find_contact (self->client, sending->name);
  g_autoptr(Xep174Element) stanza = NULL;

  if (contact == NULL)
    {
      fail_soon (sending);
      return;
    }

  sending->contact = g_object_ref (contact);
  sending->id = g_uuid_string_random ();
  begin_last (contact, sending->id);
  stanza = new_stanza (self, sending, xhtml);
  xep174_client_send_stanza_async (self->client, contact, stanza, NULL, on_sent, sending);
}

int
prpl_conversation_send (PurpleConnection  *connection,
                        const char        *name,
                        const char        *html,
                        PurpleMessageFlags flags)
{
  PrplAccount *self = prpl_account_get (connection);
  g_autofree char *printable = purple_utf8_strip_unprintables (html);
  g_autofree char *xhtml = NULL;
  g_autofree char *plain = NULL;
  Sending *sending;

  purple_markup_html_to_xhtml (printable, &xhtml, &plain);
  if (*plain == '\0')
    return -EINVAL;

  sending = g_new0 (Sending, 1);
  sending->purple = self->purple;
  sending->name = g_strdup (name);
  sending->text = g_steal_pointer (&plain);
  send_stanza (self, sending, xhtml);

  return 1;
}

/* If the user closes the window, the conversation is over, so its stream is closed. */
void
prpl_conversation_end (PurpleConnection *connection,
                       const char       *name)
{
  PrplAccount *self = prpl_account_get (connection);
  Xep174Session *session =
    xep174_session_manager_find_session (xep174_client_get_session_manager (self->client), name);

  if (session != NULL)
    xep174_session_close_async (session, NULL, NULL, NULL);
}

static void
on_message (Xep174Client  *client,
            Xep174Contact *contact,
            Xep174Message *message,
            PrplAccount   *self)
{
  const char *name = xep174_contact_get_name (contact);
  g_autofree char *html = prpl_markup_dup_html (message);

  serv_got_im (self->connection, name, html, PURPLE_MESSAGE_RECV, time (NULL));
}

static void
on_confirmed (Xep174Client  *client,
              Xep174Contact *contact,
              Xep174Message *message,
              PrplAccount   *self)
{
  update_last (contact, xep174_message_get_id (message), N_("received"));
}

static void
on_unconfirmed (Xep174Client  *client,
                Xep174Contact *contact,
                Xep174Message *message,
                PrplAccount   *self)
{
  g_autofree char *excerpt = dup_excerpt (xep174_message_get_body (message));

  update_last (contact, xep174_message_get_id (message), N_("may not have arrived"));
  present_error (self->purple, xep174_contact_get_name (contact),
                 g_strdup_printf (_("“%s” may not have arrived: the other program did not confirm it"),
                                  excerpt));
}

static void
on_refused (Xep174Client  *client,
            Xep174Contact *contact,
            const char    *id,
            const GError  *error,
            PrplAccount   *self)
{
  g_autofree char *excerpt = dup_excerpt (error->message);

  update_last (contact, id, N_("refused"));
  present_error (self->purple, xep174_contact_get_name (contact),
                 g_strdup_printf (_("“%s” is why a message was refused"), excerpt));
}

/* libpurple has a “stopped” of its own for a text; a second one is nothing new. */
static void
on_typing (Xep174ChatStates *typing,
           const char       *name,
           Xep174ChatState   state,
           PrplAccount      *self)
{
  if (state == XEP174_CHAT_STATE_COMPOSING)
    serv_got_typing (self->connection, name, 0, PURPLE_TYPING);
  else if (state == XEP174_CHAT_STATE_PAUSED)
    serv_got_typing (self->connection, name, 0, PURPLE_TYPED);
  else
    serv_got_typing_stopped (self->connection, name);
}

void
prpl_conversation_send_typing (PurpleConnection *connection,
                               const char       *name,
                               PurpleTypingState state)
{
  xep174_chat_states_set_own (prpl_account_get (connection)->typing, name,
                              state == PURPLE_TYPING ? XEP174_CHAT_STATE_COMPOSING
                              : state == PURPLE_TYPED ? XEP174_CHAT_STATE_PAUSED
                              : XEP174_CHAT_STATE_ACTIVE);
}

void
prpl_conversation_watch (PrplAccount *self)
{
  g_signal_connect (self->typing, "state-changed", G_CALLBACK (on_typing), self);
  g_signal_connect (self->client, "message-received", G_CALLBACK (on_message), self);
  g_signal_connect (self->client, "message-confirmed", G_CALLBACK (on_confirmed), self);
  g_signal_connect (self->client, "message-unconfirmed", G_CALLBACK (on_unconfirmed), self);
  g_signal_connect (self->client, "message-refused", G_CALLBACK (on_refused), self);
}

void
prpl_conversation_watch_end (PrplAccount *self)
{
  g_signal_handlers_disconnect_by_data (self->typing, self);
  g_signal_connect (self->client, "message-unconfirmed", G_CALLBACK (on_unconfirmed), self);
}
