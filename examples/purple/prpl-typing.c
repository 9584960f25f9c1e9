/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* “Juliet is typing”, in the two ways that local clients use: chat states (XEP-0085), and the older
 * message events (XEP-0022). Our messages offer the first and ask for the second. We send such
 * notices only to contacts that have shown which of the two they use, and never open a stream for
 * one. */

#include "prpl-typing.h"

#define NS_CLIENT "jabber:client"
#define NS_STATES "http://jabber.org/protocol/chatstates"
#define NS_EVENT "jabber:x:event"

typedef enum
{
  PRPL_DIALECT_UNKNOWN,
  PRPL_DIALECT_NONE,     /* has answered without either: XEP-0085 §5.1 */
  PRPL_DIALECT_STATES,
  PRPL_DIALECT_EVENTS,
} PrplDialect;

static PrplDialect
get_dialect (PrplAccount *self,
             const char  *name)
{
  g_autofree char *key = g_ascii_strdown (name, -1);

  return GPOINTER_TO_INT (g_hash_table_lookup (self->dialects, key));
}

static void
set_dialect (PrplAccount *self,
             const char  *name,
             PrplDialect  dialect)
{
  g_hash_table_replace (self->dialects, g_ascii_strdown (name, -1), GINT_TO_POINTER (dialect));
}

/* Returns in which dialect @message contains a notice, if any; *@state is what it says. */
static PrplDialect
read_notice (Xep174Element     *message,
             PurpleTypingState *state)
{
  Xep174Element *event = xep174_element_find_child (message, "x", NS_EVENT);

  *state = PURPLE_NOT_TYPING;
  for (Xep174Element *child = xep174_element_get_first_child (message); child != NULL;
       child = xep174_element_get_next_sibling (child))
    if (g_strcmp0 (xep174_element_get_xmlns (child), NS_STATES) == 0)
      {
        if (xep174_element_matches (child, "composing", NS_STATES))
          *state = PURPLE_TYPING;
        else if (xep174_element_matches (child, "paused", NS_STATES))
          *state = PURPLE_TYPED;
        return PRPL_DIALECT_STATES;
      }

  /* An event without an id asks for notices, and is none itself (XEP-0022 §3). */
  if (event == NULL || xep174_element_find_child (event, "id", NS_EVENT) == NULL)
    return PRPL_DIALECT_NONE;
  if (xep174_element_find_child (event, "composing", NS_EVENT) != NULL)
    *state = PURPLE_TYPING;

  return PRPL_DIALECT_EVENTS;
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           PrplAccount          *self)
{
  const char *name = xep174_session_get_name (session);
  PurpleTypingState state;
  PrplDialect dialect;

  if (!xep174_element_matches (stanza, "message", NS_CLIENT)
      || g_strcmp0 (xep174_element_get_attribute (stanza, "type"), "error") == 0)
    return FALSE;

  dialect = read_notice (stanza, &state);
  if (dialect == PRPL_DIALECT_NONE)
    return FALSE;

  set_dialect (self, name, dialect);
  if (state == PURPLE_NOT_TYPING)
    serv_got_typing_stopped (self->connection, name);
  else
    serv_got_typing (self->connection, name, 0, state);

  return TRUE;
}

static void
on_session_closed (Xep174SessionManager *manager,
                   Xep174Session        *session,
                   const GError         *error,
                   PrplAccount          *self)
{
  const char *name = xep174_session_get_name (session);
  g_autofree char *key = g_ascii_strdown (name, -1);

  if (g_hash_table_remove (self->dialects, key))
    serv_got_typing_stopped (self->connection, name);
}

void
prpl_typing_watch (PrplAccount *self)
{
  Xep174SessionManager *manager = xep174_client_get_session_manager (self->client);

  /* After the client, which takes all messages with a text. */
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), self);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_session_closed), self);
}

void
prpl_typing_forget (PrplAccount *self)
{
  g_signal_handlers_disconnect_by_data (xep174_client_get_session_manager (self->client), self);
}

/* A message with a text also shows whether its sender uses such notices at all. */
void
prpl_typing_heard (PrplAccount   *self,
                   const char    *name,
                   Xep174Element *message)
{
  PurpleTypingState state;
  PrplDialect dialect = read_notice (message, &state);

  if (dialect != PRPL_DIALECT_NONE || get_dialect (self, name) == PRPL_DIALECT_UNKNOWN)
    set_dialect (self, name, dialect);
}

void
prpl_typing_append (PrplAccount   *self,
                    const char    *name,
                    Xep174Element *message)
{
  PrplDialect dialect = get_dialect (self, name);

  if (dialect == PRPL_DIALECT_UNKNOWN || dialect == PRPL_DIALECT_STATES)
    xep174_element_append_new (message, "active", NS_STATES);
  /* Never with an id: that would make it a notice, and clients drop the text of a notice. */
  if (dialect == PRPL_DIALECT_UNKNOWN || dialect == PRPL_DIALECT_EVENTS)
    xep174_element_append_new (xep174_element_append_new (message, "x", NS_EVENT), "composing",
                               NS_EVENT);
}

static void
append_notice (Xep174Element    *message,
               PrplDialect       dialect,
               PurpleTypingState state)
{
  if (dialect == PRPL_DIALECT_STATES)
    xep174_element_append_new (message,
                               state == PURPLE_TYPING ? "composing"
                               : state == PURPLE_TYPED ? "paused" : "active",
                               NS_STATES);
  else
    {
      Xep174Element *event = xep174_element_append_new (message, "x", NS_EVENT);

      if (state == PURPLE_TYPING)
        xep174_element_append_new (event, "composing", NS_EVENT);
      xep174_element_append_new (event, "id", NS_EVENT);
    }
}

/* Returns after how many seconds libpurple is to send it again: 0 is never. */
unsigned
prpl_typing_send (PurpleConnection *connection,
                  const char       *name,
                  PurpleTypingState state)
{
  PrplAccount *self = prpl_account_get (connection);
  PrplDialect dialect = get_dialect (self, name);
  Xep174Session *session =
    xep174_session_manager_find_session (xep174_client_get_session_manager (self->client), name);
  g_autoptr(Xep174Element) message = NULL;

  if (dialect < PRPL_DIALECT_STATES || session == NULL
      || xep174_session_get_state (session) != XEP174_SESSION_STATE_OPEN)
    return 0;

  message = xep174_element_new ("message", NS_CLIENT);
  xep174_element_set_attribute (message, "type", "chat");
  append_notice (message, dialect, state);
  xep174_session_send_async (session, message, NULL, NULL, NULL);

  return 0;
}
