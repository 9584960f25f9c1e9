/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Says in a conversation whether it is encrypted, and asks the user about keys. What libpurple calls
 * here enters the library's main context. */

#include "prpl-trust.h"

#include <string.h>

#include "prpl-loop.h"
#include "translate.h"

/* What was said last in a conversation, as its data. */
#define TOLD "xep174-trust"
/* As data of a contact in whose name somebody has called without encryption: whether it has been said. */
#define UNHEARD "xep174-unheard"

typedef gboolean (* PrplDecision) (Xep174SessionManager  *manager,
                                   const char            *name,
                                   const char            *key,
                                   GError               **error);

/* A dialog that is open. libpurple may close the account before the answer comes. */
typedef struct
{
  PurpleAccount *purple;
  char *name;
  char *key;             /* NULL: it is about all keys of the name */
  PrplDecision decision; /* what its first button says */
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

static const char *const key_changed =
  N_("The key has changed: nothing is sent. It may be a new machine, another person with this name, or "
     "somebody who wants to be taken for your contact. Ask your contact, but not here. Then choose "
     "“Accept the new key…” or “Do not trust the key…” in the menu of the buddy.");
static const char *const knocked =
  N_("Somebody else with this name wanted to talk to you, and was refused: the key is another one. This "
     "conversation goes on as before. If it is your contact, too, choose “The refused key…” in the menu of "
     "the buddy.");
static const char *const not_heard =
  N_("Somebody called in this name without encryption, and was not heard. It may be your contact with "
     "another program, or somebody else.");

/* NULL if there is nothing to say yet. */
static const char *
describe (Xep174Session *session)
{
  Xep174SessionState state = xep174_session_get_state (session);
  Xep174Trust trust = xep174_session_get_trust (session);

  if (trust == XEP174_TRUST_CHANGED)
    return key_changed;
  if (trust == XEP174_TRUST_DISTRUSTED)
    return N_("You do not trust this key: nothing is sent. To take that back, choose “Trust the key "
              "again…” in the menu of the buddy.");
  if (state != XEP174_SESSION_STATE_OPEN && state != XEP174_SESSION_STATE_WAITING)
    return NULL;
  if (trust == XEP174_TRUST_VERIFIED)
    return N_("Encrypted and compared.");
  if (trust == XEP174_TRUST_SEEN)
    return N_("Encrypted, not compared. To be sure that nobody is between you, choose “Compare keys…” in "
              "the menu of the buddy.");

  return xep174_session_get_encrypted (session)
         ? N_("Encrypted, not remembered: there is no room for another key. Choose “Compare keys…” in the "
              "menu of the buddy to keep it all the same, or forget the keys of others.")
         : N_("Not encrypted: everybody on the network can read what you say.");
}

static PurpleConversation *
find_conversation (PrplAccount *self,
                   const char  *name)
{
  return purple_find_conversation_with_account (PURPLE_CONV_TYPE_IM, name, self->purple);
}

static void
write_line (PurpleConversation *conversation,
            const char         *text)
{
  purple_conversation_write (conversation, NULL, _(text), PURPLE_MESSAGE_SYSTEM | PURPLE_MESSAGE_NO_LOG,
                             time (NULL));
}

static void
say (PrplAccount *self,
     const char  *name,
     const char  *text)
{
  PurpleConversation *conversation = find_conversation (self, name);

  if (conversation == NULL || purple_conversation_get_data (conversation, TOLD) == text)
    return;

  purple_conversation_set_data (conversation, TOLD, (gpointer) text);
  write_line (conversation, text);
}

/* T5: once, until something encrypted comes, because who has called may call again and again. */
static void
tell_not_heard (PrplAccount *self,
                const char  *name,
                gboolean     is_new)
{
  Xep174Contact *contact = xep174_client_find_contact (self->client, name);
  PurpleConversation *conversation = find_conversation (self, name);
  const char *told = contact != NULL ? g_object_get_data (G_OBJECT (contact), UNHEARD) : NULL;

  if (contact == NULL || (told == NULL && !is_new) || g_strcmp0 (told, "yes") == 0)
    return;

  g_object_set_data (G_OBJECT (contact), UNHEARD, conversation != NULL ? "yes" : "no");
  if (conversation != NULL)
    write_line (conversation, not_heard);
}

static void
on_unencrypted_refused (Xep174SessionManager *manager,
                        const char           *name,
                        PrplAccount          *self)
{
  tell_not_heard (self, name, TRUE);
}

static void
tell (PrplAccount   *self,
      Xep174Session *session)
{
  const char *text = describe (session);

  if (text != NULL)
    say (self, xep174_session_get_name (session), text);
}

static void
on_session (Xep174SessionManager *manager,
            Xep174Session        *session,
            PrplAccount          *self)
{
  Xep174Contact *contact = xep174_client_find_contact (self->client, xep174_session_get_name (session));

  if (contact != NULL && xep174_session_get_encrypted (session))
    g_object_set_data (G_OBJECT (contact), UNHEARD, NULL);
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

/* The user learns of each new key, whether there is a conversation or not. */
static void
on_key_changed (Xep174SessionManager *manager,
                const char           *name,
                const char           *old_key,
                const char           *new_key,
                PrplAccount          *self)
{
  Xep174Session *session = xep174_session_manager_find_session (manager, name);
  const char *text = session != NULL && xep174_session_get_encrypted (session) ? knocked : key_changed;
  PurpleConversation *conversation = find_conversation (self, name);

  if (text == knocked)
    g_hash_table_replace (self->refused, g_ascii_strdown (name, -1), g_strdup (new_key));
  if (conversation == NULL)
    purple_notify_warning (self->connection, _("Key changed"), name, _(text));
  else
    {
      purple_conversation_set_data (conversation, TOLD, NULL);
      say (self, name, text);
    }
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
  tell_not_heard (self, name, FALSE);
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
  g_signal_connect (manager, "unencrypted-refused", G_CALLBACK (on_unencrypted_refused), self);
  /* These signals of libpurple are not there yet when plugins are loaded. */
  purple_signal_connect (purple_conversations_get_handle (), "conversation-created", self,
                         PURPLE_CALLBACK (on_conversation_created), self);
  if (!xep174_client_get_remembers_keys (self->client))
    purple_notify_warning (self->connection, _("Keys"), _("Keys are not remembered"),
                           _("There is no place to keep them, so nobody is recognised the next time."));
}

void
prpl_trust_forget (PrplAccount *self)
{
  purple_signals_disconnect_by_handle (self);
  purple_request_close_with_handle (self);
  g_ptr_array_set_size (self->questions, 0);
}

/* --- What the user says --------------------------------------------------------------------- */

static gboolean
forget (Xep174SessionManager  *manager,
        const char            *name,
        const char            *key,
        GError               **error)
{
  return xep174_session_manager_forget_keys (manager, name, error);
}

/* T6: it is said of the key whose number was shown, not of one that has come since. */
static void
answer (PrplQuestion *question,
        PrplDecision  decision)
{
  PrplAccount *self = prpl_account_find (question->purple);
  g_autoptr(GError) error = NULL;

  prpl_loop_enter ();
  if (!decision (get_manager (self), question->name, question->key, &error))
    purple_notify_error (self->connection, _("Keys"), question->name, error->message);
  g_ptr_array_remove (self->questions, question);
  prpl_loop_leave ();
}

static void
on_yes (PrplQuestion *question,
        int           action)
{
  answer (question, question->decision);
}

static void
on_not_same (PrplQuestion *question,
             int           action)
{
  answer (question, xep174_session_manager_distrust_key);
}

static void
on_no_answer (PrplQuestion *question,
              int           action)
{
  g_ptr_array_remove (prpl_account_find (question->purple)->questions, question);
}

static PrplQuestion *
new_question (PrplAccount  *self,
              const char   *name,
              const char   *key,
              PrplDecision  decision)
{
  PrplQuestion *question = g_new0 (PrplQuestion, 1);

  question->purple = self->purple;
  question->name = g_strdup (name);
  question->key = g_strdup (key);
  question->decision = decision;
  g_ptr_array_add (self->questions, question);
  return question;
}

static void
ask (PrplQuestion *question,
     const char   *title,
     const char   *text,
     const char   *yes)
{
  PrplAccount *self = prpl_account_find (question->purple);

  purple_request_action (self, title, question->name, text, PURPLE_DEFAULT_ACTION_NONE, self->purple,
                         question->name, NULL, question, 2, yes, on_yes, _("Cancel"), on_no_answer);
}

/* --- What there is to be asked about -------------------------------------------------------- */

/* A key that the contact has shown, and what the user sees of it. Both are NULL if there is none. */
typedef struct
{
  char *key;
  char *number;
} PrplShown;

static void
shown_clear (PrplShown *shown)
{
  g_free (shown->key);
  g_free (shown->number);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrplShown, shown_clear)

/* T14: it may be seen before there is a conversation, and by the one whose own key is refused. */
static PrplShown
find_shown (PrplAccount *self,
            const char  *name)
{
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (get_manager (self), name, NULL);
  PrplShown shown = { NULL, NULL };

  if (session == NULL)
    return shown;

  shown.key = xep174_session_dup_peer_fingerprint (session);
  shown.number = xep174_session_dup_safety_number (session);
  /* Three lines of four groups are easier to read aloud. */
  for (gsize i = 23; shown.number != NULL && i < strlen (shown.number); i += 24)
    shown.number[i] = '\n';
  return shown;
}

/* The keys that the user can trust again; one may have been distrusted under another name. */
static GPtrArray *
find_distrusted (PrplAccount *self,
                 const char  *name)
{
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (get_manager (self));
  Xep174Session *session = xep174_session_manager_find_session (get_manager (self), name);
  g_autofree char *shown = session != NULL ? xep174_session_dup_peer_fingerprint (session) : NULL;
  g_autoptr(GListModel) records = store != NULL ? xep174_trust_store_list (store, NULL) : NULL;
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);
      const char *key = xep174_key_record_get_fingerprint (record);

      if (xep174_key_record_get_trust (record) == XEP174_TRUST_DISTRUSTED
          && (xep174_key_record_has_name (record, name) || g_strcmp0 (key, shown) == 0))
        g_ptr_array_add (keys, g_strdup (key));
    }
  return keys;
}

/* NULL if none was refused, or something has been said of it since. */
static const char *
find_refused (PrplAccount *self,
              const char  *name)
{
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (get_manager (self));
  g_autoptr(GListModel) records = store != NULL ? xep174_trust_store_list (store, NULL) : NULL;
  g_autofree char *folded = g_ascii_strdown (name, -1);
  const char *key = g_hash_table_lookup (self->refused, folded);

  for (guint i = 0; key != NULL && records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      if (g_str_equal (xep174_key_record_get_fingerprint (record), key)
          && (xep174_key_record_has_name (record, name)
              || xep174_key_record_get_trust (record) == XEP174_TRUST_DISTRUSTED))
        return NULL;
    }
  return key;
}

/* --- The menu of a buddy -------------------------------------------------------------------- */

static PrplAccount *
find (PurpleBlistNode *node)
{
  return prpl_account_find (purple_buddy_get_account ((PurpleBuddy *) node));
}

static void
compare (PrplAccount *self,
         const char  *name)
{
  g_auto(PrplShown) shown = find_shown (self, name);
  g_autofree char *text = NULL;

  if (shown.number == NULL)
    {
      purple_notify_info (self->connection, _("Compare keys"), name,
                          _("Your contact has not shown a key yet. Send a message first. A program that does "
                            "not encrypt has no key."));
      return;
    }

  text = g_strdup_printf (_("%s\n\nYour contact can see a number, too. Read this one to each other, "
                            "face to face or by telephone."), shown.number);
  purple_request_action (self, _("Compare keys"), name, text, PURPLE_DEFAULT_ACTION_NONE, self->purple, name,
                         NULL, new_question (self, name, shown.key, xep174_session_manager_verify_key), 3,
                         _("The same"), on_yes, _("Not the same"), on_not_same, _("Later"), on_no_answer);
}

static void
accept (PrplAccount *self,
        const char  *name)
{
  g_auto(PrplShown) shown = find_shown (self, name);
  g_autofree char *text = NULL;

  if (shown.number == NULL)
    return;

  text = g_strdup_printf (_("%s\n\nThis is the number of the key that was shown last. Accept it only if your "
                            "contact says that it is theirs: ask, but not here. If your contact sees the "
                            "same number, nobody is between you. Older keys stay as they are."),
                          shown.number);
  ask (new_question (self, name, shown.key, xep174_session_manager_accept_key), _("Accept the new key"),
       text, _("Accept"));
}

/* T6: its number cannot be seen beside a conversation that goes on, but all its digits can. */
static void
decide (PrplAccount *self,
        const char  *name)
{
  const char *key = find_refused (self, name);
  g_autoptr(GString) text = g_string_new (NULL);

  if (key == NULL)
    return;

  for (gsize i = 0; i < strlen (key); i += 4)
    g_string_append_printf (text, "%.4s%s", key + i, i % 16 == 12 ? "\n" : " ");
  g_string_append (text, _("\nWho showed this key wanted to talk to you under this name, and was refused. "
                           "The conversation goes on with the key that you know. Accept this one only "
                           "if your contact says that it is theirs, too: ask, but not here. To see a "
                           "number to compare, close the conversation, and ask your contact to write "
                           "again."));
  purple_request_action (self, _("The refused key"), name, text->str, PURPLE_DEFAULT_ACTION_NONE,
                         self->purple, name, NULL,
                         new_question (self, name, key, xep174_session_manager_accept_key), 3,
                         _("Accept"), on_yes, _("Do not trust"), on_not_same, _("Later"), on_no_answer);
}

static void
distrust (PrplAccount *self,
          const char  *name)
{
  g_auto(PrplShown) shown = find_shown (self, name);
  g_autofree char *text =
    shown.number != NULL
    ? g_strdup_printf (_("%s\n\nNothing will be sent to who has the key with this number, and nothing "
                         "from there will be shown."), shown.number)
    : g_strdup (_("Nothing will be sent to who has one of the keys that this name has now, and "
                  "nothing from there will be shown."));

  ask (new_question (self, name, shown.key, xep174_session_manager_distrust_key),
       _("Do not trust the key"), text, _("Do not trust"));
}

static void
trust_again (PrplAccount *self,
             const char  *name)
{
  g_autoptr(GPtrArray) keys = find_distrusted (self, name);
  g_auto(PrplShown) shown = find_shown (self, name);

  for (guint i = 0; i < keys->len; i++)
    {
      const char *key = keys->pdata[i];
      gboolean is_shown = g_strcmp0 (key, shown.key) == 0 && shown.number != NULL;
      g_autofree char *text =
        is_shown
        ? g_strdup_printf (_("%s\n\nYou have said that the key with this number is not to be trusted. "
                             "Do you trust it again?"), shown.number)
        : g_strdup_printf (_("You have said that the key %.4s %.4s %.4s %.4s… is not to be trusted. "
                             "Do you trust it again?"), key, key + 4, key + 8, key + 12);

      ask (new_question (self, name, key, xep174_session_manager_accept_key), _("Trust the key again"), text,
           _("Trust again"));
    }
}

static void
ask_to_forget (PrplAccount *self,
               const char  *name)
{
  ask (new_question (self, name, NULL, forget), _("Forget the key"),
       _("Whoever has this name next will be taken for your contact. A key that you do not trust stays "
         "so."),
       _("Forget"));
}

/* What an entry of the menu does is its data. */
static void
on_chosen (PurpleBlistNode *node,
           gpointer         data)
{
  void (* chosen) (PrplAccount *self, const char *name) = data;
  PrplAccount *self = find (node);

  prpl_loop_enter ();
  if (self != NULL)
    chosen (self, purple_buddy_get_name ((PurpleBuddy *) node));
  prpl_loop_leave ();
}

static GList *
append (GList      *menu,
        const char *label,
        void     (* chosen) (PrplAccount *self, const char *name))
{
  return g_list_append (menu, purple_menu_action_new (label, PURPLE_CALLBACK (on_chosen),
                                                      (gpointer) chosen, NULL));
}

GList *
prpl_trust_menu (PurpleBuddy *buddy)
{
  const char *name = purple_buddy_get_name (buddy);
  PrplAccount *self = prpl_account_find (purple_buddy_get_account (buddy));
  Xep174Contact *contact = self != NULL ? xep174_client_find_contact (self->client, name) : NULL;
  Xep174Trust trust = contact != NULL ? xep174_contact_get_trust (contact) : XEP174_TRUST_UNKNOWN;
  g_autoptr(GPtrArray) distrusted = contact != NULL ? find_distrusted (self, name) : NULL;
  GList *menu = NULL;

  if (contact == NULL)
    return NULL;

  menu = append (menu, _("Compare keys…"), compare);
  if (trust == XEP174_TRUST_CHANGED)
    menu = append (menu, _("Accept the new key…"), accept);
  else if (trust != XEP174_TRUST_UNKNOWN && find_refused (self, name) != NULL)
    menu = append (menu, _("The refused key…"), decide);
  if (trust != XEP174_TRUST_UNKNOWN && trust != XEP174_TRUST_DISTRUSTED)
    menu = append (menu, _("Do not trust the key…"), distrust);
  if (distrusted->len > 0)
    menu = append (menu, _("Trust the key again…"), trust_again);
  if (trust != XEP174_TRUST_UNKNOWN)
    menu = append (menu, _("Forget the key…"), ask_to_forget);

  return menu;
}
