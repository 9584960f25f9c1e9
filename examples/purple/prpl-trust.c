/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Says in a conversation whether it is encrypted, and asks the user about keys. What libpurple calls
 * here enters the library's main context. */

#include "prpl-trust.h"

#include "prpl-loop.h"

/* What was said last in a conversation, as its data. */
#define TOLD "xep174-trust"

/* A dialog that is open. libpurple may close the account before the answer comes. */
typedef struct
{
  PurpleAccount *purple;
  char *name;
  char *key; /* NULL: it is about all keys of the name */
} PrplQuestion;

static void
question_free (gpointer data)
{
  PrplQuestion *question = data;

  g_free (question->name);
  g_free (question->key);
  g_free (question);
}

GPtrArray *
prpl_trust_new_questions (void)
{
  return g_ptr_array_new_with_free_func (question_free);
}

static Xep174SessionManager *
get_manager (PrplAccount *self)
{
  return xep174_client_get_session_manager (self->client);
}

/* --- What is said in a conversation --------------------------------------------------------- */

/* NULL if there is nothing to say yet. */
static const char *
describe (Xep174Session *session)
{
  Xep174SessionState state = xep174_session_get_state (session);
  Xep174Trust trust = xep174_session_get_trust (session);

  if (trust == XEP174_TRUST_CHANGED)
    return "The key has changed: nothing is sent. It may be a new machine, another person with this name, "
           "or somebody who wants to be taken for your contact. Ask your contact, but not here. Then "
           "choose “Accept the new key” or “Do not trust the key” in the menu of the buddy.";
  if (trust == XEP174_TRUST_DISTRUSTED)
    return "You do not trust this key: nothing is sent.";
  if (state != XEP174_SESSION_STATE_OPEN && state != XEP174_SESSION_STATE_WAITING)
    return NULL;
  if (trust == XEP174_TRUST_VERIFIED)
    return "Encrypted and compared.";

  return xep174_session_get_encrypted (session)
         ? "Encrypted, not compared. To be sure that nobody is between you, choose “Compare keys…” in "
           "the menu of the buddy."
         : "Not encrypted: everybody on the network can read what you say.";
}

static void
tell (PrplAccount   *self,
      Xep174Session *session)
{
  const char *name = xep174_session_get_name (session);
  const char *text = describe (session);
  PurpleConversation *conversation =
    purple_find_conversation_with_account (PURPLE_CONV_TYPE_IM, name, self->purple);

  if (conversation == NULL || text == NULL
      || purple_conversation_get_data (conversation, TOLD) == text)
    return;

  purple_conversation_set_data (conversation, TOLD, (gpointer) text);
  purple_conversation_write (conversation, NULL, text, PURPLE_MESSAGE_SYSTEM | PURPLE_MESSAGE_NO_LOG,
                             time (NULL));
}

static void
on_session (Xep174SessionManager *manager,
            Xep174Session        *session,
            PrplAccount          *self)
{
  tell (self, session);
}

static void
on_session_closed (Xep174SessionManager *manager,
                   Xep174Session        *session,
                   const GError         *error,
                   PrplAccount          *self)
{
  tell (self, session);
}

static void
on_trust_changed (Xep174SessionManager *manager,
                  PrplAccount          *self)
{
  GListModel *sessions = xep174_session_manager_get_sessions (manager);

  for (guint i = 0; i < g_list_model_get_n_items (sessions); i++)
    {
      g_autoptr(Xep174Session) session = g_list_model_get_item (sessions, i);

      tell (self, session);
    }
}

/* The user learns of it, whether there is a conversation or not. */
static void
on_key_changed (Xep174SessionManager *manager,
                const char           *name,
                const char           *old_key,
                const char           *new_key,
                PrplAccount          *self)
{
  Xep174Session *session = xep174_session_manager_find_session (manager, name);

  if (session == NULL)
    return;
  if (purple_find_conversation_with_account (PURPLE_CONV_TYPE_IM, name, self->purple) != NULL)
    tell (self, session);
  else
    purple_notify_warning (self->connection, "Key changed", name, describe (session));
}

/* The contact's message has opened it. */
static void
on_conversation_created (PurpleConversation *conversation,
                         PrplAccount        *self)
{
  const char *name = purple_conversation_get_name (conversation);
  Xep174Session *session;

  if (purple_conversation_get_account (conversation) != self->purple)
    return;

  prpl_loop_enter ();
  session = xep174_session_manager_find_session (get_manager (self), name);
  if (session != NULL)
    tell (self, session);
  prpl_loop_leave ();
}

void
prpl_trust_watch (PrplAccount *self)
{
  Xep174SessionManager *manager = get_manager (self);

  g_signal_connect (manager, "session-opened", G_CALLBACK (on_session), self);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_session_closed), self);
  g_signal_connect (manager, "trust-changed", G_CALLBACK (on_trust_changed), self);
  g_signal_connect (manager, "key-changed", G_CALLBACK (on_key_changed), self);
  /* These signals of libpurple are not there yet when plugins are loaded. */
  purple_signal_connect (purple_conversations_get_handle (), "conversation-created", self,
                         PURPLE_CALLBACK (on_conversation_created), self);
  if (!xep174_client_get_remembers_keys (self->client))
    purple_notify_warning (self->connection, "Keys", "Keys are not remembered",
                           "There is no place to keep them, so nobody is recognised the next time.");
}

void
prpl_trust_forget (PrplAccount *self)
{
  purple_signals_disconnect_by_handle (self);
  purple_request_close_with_handle (self);
  g_ptr_array_set_size (self->questions, 0);
}

/* --- What the user says --------------------------------------------------------------------- */

typedef gboolean (* PrplDecision) (Xep174SessionManager  *manager,
                                   const char            *name,
                                   const char            *key,
                                   GError               **error);

static void
decide (PrplAccount  *self,
        const char   *name,
        const char   *key,
        PrplDecision  decision)
{
  g_autoptr(GError) error = NULL;

  if (!decision (get_manager (self), name, key, &error))
    purple_notify_error (self->connection, "Keys", name, error->message);
}

/* The answer is about the number that was shown, not about a key that has come since. */
static void
answer (PrplQuestion *question,
        PrplDecision  decision)
{
  PrplAccount *self = prpl_account_find (question->purple);

  decide (self, question->name, question->key, decision);
  g_ptr_array_remove (self->questions, question);
}

static void
on_same (PrplQuestion *question,
         int           action)
{
  prpl_loop_enter ();
  answer (question, xep174_session_manager_verify_key);
  prpl_loop_leave ();
}

static void
on_not_same (PrplQuestion *question,
             int           action)
{
  prpl_loop_enter ();
  answer (question, xep174_session_manager_distrust_key);
  prpl_loop_leave ();
}

static gboolean
forget (Xep174SessionManager  *manager,
        const char            *name,
        const char            *key,
        GError               **error)
{
  return xep174_session_manager_forget_keys (manager, name, error);
}

static void
on_forget (PrplQuestion *question,
           int           action)
{
  PrplAccount *self = prpl_account_find (question->purple);

  prpl_loop_enter ();
  decide (self, question->name, NULL, forget);
  g_ptr_array_remove (self->questions, question);
  prpl_loop_leave ();
}

static void
on_no_answer (PrplQuestion *question,
              int           action)
{
  g_ptr_array_remove (prpl_account_find (question->purple)->questions, question);
}

static PrplQuestion *
new_question (PrplAccount *self,
              const char  *name,
              char        *key)
{
  PrplQuestion *question = g_new0 (PrplQuestion, 1);

  question->purple = self->purple;
  question->name = g_strdup (name);
  question->key = key;
  g_ptr_array_add (self->questions, question);
  return question;
}

/* --- The menu of a buddy -------------------------------------------------------------------- */

static PrplAccount *
find (PurpleBlistNode *node)
{
  return prpl_account_find (purple_buddy_get_account ((PurpleBuddy *) node));
}

static void
on_compare (PurpleBlistNode *node,
            gpointer         data)
{
  PrplAccount *self = find (node);
  const char *name = purple_buddy_get_name ((PurpleBuddy *) node);
  Xep174Session *session = self != NULL
                           ? xep174_session_manager_find_session (get_manager (self), name) : NULL;
  g_autofree char *number = session != NULL ? xep174_session_dup_safety_number (session) : NULL;
  g_autofree char *text = NULL;
  PrplQuestion *question;

  if (self == NULL)
    return;
  if (number == NULL)
    {
      purple_notify_info (self->connection, "Compare keys", name,
                          "There is no encrypted conversation. Send a message first.");
      return;
    }

  text = g_strdup_printf ("%s\n\nYour contact can see a number, too. Read this one to each other, "
                          "face to face or by telephone.", number);
  question = new_question (self, name, xep174_session_dup_peer_fingerprint (session));
  purple_request_action (self, "Compare keys", name, text, PURPLE_DEFAULT_ACTION_NONE, self->purple, name,
                         NULL, question, 3, "The same", on_same,
                         "Not the same", on_not_same, "Later", on_no_answer);
}

static void
on_forget_chosen (PurpleBlistNode *node,
                  gpointer         data)
{
  PrplAccount *self = find (node);
  const char *name = purple_buddy_get_name ((PurpleBuddy *) node);

  if (self != NULL)
    purple_request_action (self, "Forget the key", name,
                           "Whoever has this name next will be taken for your contact.",
                           PURPLE_DEFAULT_ACTION_NONE, self->purple, name, NULL,
                           new_question (self, name, NULL), 2, "Forget", on_forget,
                           "Keep", on_no_answer);
}

static void
on_accept (PurpleBlistNode *node,
           gpointer         data)
{
  PrplAccount *self = find (node);
  const char *name = purple_buddy_get_name ((PurpleBuddy *) node);
  Xep174Session *session = self != NULL
                           ? xep174_session_manager_find_session (get_manager (self), name) : NULL;
  g_autofree char *key = session != NULL ? xep174_session_dup_peer_fingerprint (session) : NULL;

  prpl_loop_enter ();
  if (key != NULL)
    decide (self, name, key, xep174_session_manager_accept_key);
  prpl_loop_leave ();
}

static void
on_distrust (PurpleBlistNode *node,
             gpointer         data)
{
  PrplAccount *self = find (node);

  prpl_loop_enter ();
  if (self != NULL)
    decide (self, purple_buddy_get_name ((PurpleBuddy *) node), NULL, xep174_session_manager_distrust_key);
  prpl_loop_leave ();
}

static GList *
append (GList      *menu,
        const char *label,
        void      (*chosen) (PurpleBlistNode *node, gpointer data))
{
  return g_list_append (menu, purple_menu_action_new (label, PURPLE_CALLBACK (chosen), NULL, NULL));
}

GList *
prpl_trust_menu (PurpleBuddy *buddy)
{
  PrplAccount *self = prpl_account_find (purple_buddy_get_account (buddy));
  Xep174Contact *contact = self != NULL ? xep174_client_find_contact (self->client,
                                                                      purple_buddy_get_name (buddy)) : NULL;
  Xep174Trust trust = contact != NULL ? xep174_contact_get_trust (contact) : XEP174_TRUST_UNKNOWN;
  GList *menu = NULL;

  if (contact == NULL)
    return NULL;

  menu = append (menu, "Compare keys…", on_compare);
  if (trust == XEP174_TRUST_CHANGED)
    menu = append (menu, "Accept the new key", on_accept);
  if (trust != XEP174_TRUST_UNKNOWN && trust != XEP174_TRUST_DISTRUSTED)
    menu = append (menu, "Do not trust the key", on_distrust);
  if (trust != XEP174_TRUST_UNKNOWN)
    menu = append (menu, "Forget the key…", on_forget_chosen);

  return menu;
}
