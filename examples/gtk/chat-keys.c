/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The keys of one contact: who can read what is written now, and what the user says of them. */

#include "chat-keys.h"

#include "cli-records.h"
#include "cli-text.h"

struct _ChatKeys
{
  GObject parent_instance;

  Xep174Client *client;
  Xep174Contact *contact;
  Xep174Session *session;
  GSignalGroup *session_signals;
  ChatFailure failure;
  char *problem;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChatKeys, chat_keys, G_TYPE_OBJECT)

static void
chat_keys_finalize (GObject *object)
{
  ChatKeys *self = CHAT_KEYS (object);

  g_object_unref (self->session_signals);
  g_clear_object (&self->session);
  g_clear_object (&self->contact);
  g_clear_object (&self->client);
  g_free (self->problem);

  G_OBJECT_CLASS (chat_keys_parent_class)->finalize (object);
}

static void
chat_keys_class_init (ChatKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chat_keys_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
on_changed (ChatKeys *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
chat_keys_init (ChatKeys *self)
{
  self->session_signals = g_signal_group_new (XEP174_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify", G_CALLBACK (on_changed), self);
}

static Xep174SessionManager *
get_manager (ChatKeys *self)
{
  return xep174_client_get_session_manager (self->client);
}

static const char *
get_name (ChatKeys *self)
{
  return xep174_contact_get_name (self->contact);
}

ChatKeys *
chat_keys_new (Xep174Client  *client,
               Xep174Contact *contact)
{
  ChatKeys *self = g_object_new (CHAT_TYPE_KEYS, NULL);
  Xep174Session *session;

  self->client = g_object_ref (client);
  self->contact = g_object_ref (contact);
  g_signal_connect_object (contact, "notify::trust", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (get_manager (self), "notify::identity", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  session = xep174_session_manager_find_session (get_manager (self), get_name (self));
  if (session != NULL)
    chat_keys_follow (self, session);

  return self;
}

static gboolean
is_connected (ChatKeys *self)
{
  Xep174SessionState state = self->session != NULL ? xep174_session_get_state (self->session)
                                                   : XEP174_SESSION_STATE_CLOSED;

  return state == XEP174_SESSION_STATE_OPEN || state == XEP174_SESSION_STATE_WAITING;
}

static Xep174Trust
get_trust (ChatKeys *self)
{
  Xep174Trust trust = self->session != NULL ? xep174_session_get_trust (self->session)
                                            : XEP174_TRUST_UNKNOWN;

  return trust != XEP174_TRUST_UNKNOWN ? trust : xep174_contact_get_trust (self->contact);
}

/* Without a key of our own nothing can be encrypted. */
ChatPrivacy
chat_keys_get_privacy (ChatKeys *self)
{
  Xep174SessionManager *manager = get_manager (self);
  ChatPrivacyFacts facts = {
    .connected = is_connected (self),
    .encrypted = self->session != NULL && xep174_session_get_encrypted (self->session),
    .failure = self->failure,
    .trust = get_trust (self),
    .policy = xep174_client_get_encryption (self->client),
  };

  if (xep174_session_manager_get_identity (manager) == NULL &&
      facts.policy == XEP174_ENCRYPTION_POLICY_PREFER)
    facts.policy = XEP174_ENCRYPTION_POLICY_OFF;

  return chat_privacy_judge (&facts);
}

gboolean
chat_keys_get_connecting (ChatKeys *self)
{
  Xep174SessionState state = self->session != NULL ? xep174_session_get_state (self->session)
                                                   : XEP174_SESSION_STATE_CLOSED;

  return state == XEP174_SESSION_STATE_CONNECTING || state == XEP174_SESSION_STATE_NEGOTIATING;
}

const char *
chat_keys_get_problem (ChatKeys *self)
{
  return self->problem;
}

char *
chat_keys_dup_number (ChatKeys  *self,
                      char     **fingerprint)
{
  g_autoptr(Xep174Session) session =
    xep174_session_manager_ensure_session (get_manager (self), get_name (self), NULL);

  *fingerprint = session != NULL ? xep174_session_dup_peer_fingerprint (session) : NULL;

  return *fingerprint != NULL ? xep174_session_dup_safety_number (session) : NULL;
}

/* NULL if there is no store either. */
static Xep174KeyRecord *
find_record (ChatKeys   *self,
             const char *fingerprint)
{
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (get_manager (self));

  return store != NULL && fingerprint != NULL ? cli_records_find_key (store, fingerprint) : NULL;
}

Xep174Trust
chat_keys_find_trust (ChatKeys   *self,
                      const char *fingerprint)
{
  g_autoptr(Xep174KeyRecord) record = find_record (self, fingerprint);

  return record != NULL ? xep174_key_record_get_trust (record) : XEP174_TRUST_UNKNOWN;
}

/* T6: who is known under another name may call himself anything. */
char **
chat_keys_dup_other_names (ChatKeys   *self,
                           const char *fingerprint)
{
  gboolean is_used = self->session != NULL && xep174_session_get_encrypted (self->session);
  g_autofree char *used = is_used ? xep174_session_dup_peer_fingerprint (self->session) : NULL;
  const char *key = fingerprint != NULL ? fingerprint : used;
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (get_manager (self));
  g_autoptr(GPtrArray) names = key != NULL ? cli_records_find_others (store, get_name (self), key) : NULL;
  g_autoptr(GStrvBuilder) others = g_strv_builder_new ();

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      g_autofree char *name = cli_text_name (names->pdata[i]);

      g_strv_builder_add (others, name);
    }
  return g_strv_builder_end (others);
}

/* With the wrong one of several, somebody else would be trusted. */
static char *
dup_only_distrusted (ChatKeys *self)
{
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (get_manager (self));
  g_autoptr(GPtrArray) keys = store != NULL ? cli_records_find_keys (store, get_name (self), TRUE) : NULL;

  return keys != NULL && keys->len == 1 ? g_strdup (keys->pdata[0]) : NULL;
}

char *
chat_keys_dup_distrusted (ChatKeys *self)
{
  g_autofree char *shown = NULL;

  g_free (chat_keys_dup_number (self, &shown));
  if (shown != NULL && chat_keys_find_trust (self, shown) == XEP174_TRUST_DISTRUSTED)
    return g_steal_pointer (&shown);

  return dup_only_distrusted (self);
}

static ChatFailure
classify (const GError *error)
{
  if (g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_ENCRYPTED))
    return CHAT_FAILURE_CLEAR;
  if (g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_DISTRUSTED))
    return CHAT_FAILURE_DISTRUSTED;

  /* RFC 6120 §4.9.3.12 */
  return g_error_matches (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_NOT_AUTHORIZED)
         ? CHAT_FAILURE_REFUSED : CHAT_FAILURE_NONE;
}

static void
set_problem (ChatKeys     *self,
             const GError *error)
{
  g_free (self->problem);
  self->problem = error != NULL ? cli_text_line (error->message) : NULL;
  self->failure = classify (error);
  on_changed (self);
}

/* A connection ends what was said of the last try. */
void
chat_keys_follow (ChatKeys      *self,
                  Xep174Session *session)
{
  g_set_object (&self->session, session);
  g_signal_group_set_target (self->session_signals, session);
  set_problem (self, NULL);
}

void
chat_keys_take_failure (ChatKeys     *self,
                        const GError *error)
{
  set_problem (self, error);
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ChatKeys) self = user_data;
  g_autoptr(GError) error = NULL;

  xep174_session_open_finish (XEP174_SESSION (source), result, &error);
  set_problem (self, error);
}

void
chat_keys_connect (ChatKeys *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Session) session =
    xep174_session_manager_ensure_session (get_manager (self), get_name (self), &error);

  if (session == NULL)
    {
      set_problem (self, error);
      return;
    }

  chat_keys_follow (self, session);
  xep174_session_open_async (session, NULL, on_opened, g_object_ref (self));
}

/* --- What the user says of a key ---------------------------------------------------------- */

static gboolean
is_refused (ChatKeys *self)
{
  ChatPrivacy privacy = chat_keys_get_privacy (self);

  return privacy == CHAT_PRIVACY_CHANGED || privacy == CHAT_PRIVACY_DISTRUSTED;
}

/* The name may have several keys now; who answers shows which of them counts. */
static gboolean
finish (ChatKeys *self,
        gboolean  was_refused,
        gboolean  is_done)
{
  if (is_done && was_refused)
    chat_keys_connect (self);
  return is_done;
}

gboolean
chat_keys_confirm (ChatKeys    *self,
                   const char  *fingerprint,
                   GError     **error)
{
  gboolean was_refused = is_refused (self);

  return finish (self, was_refused,
                 xep174_session_manager_verify_key (get_manager (self), get_name (self), fingerprint, error));
}

gboolean
chat_keys_deny (ChatKeys    *self,
                const char  *fingerprint,
                GError     **error)
{
  return xep174_session_manager_distrust_key (get_manager (self), get_name (self), fingerprint, error);
}

gboolean
chat_keys_accept (ChatKeys    *self,
                  const char  *fingerprint,
                  GError     **error)
{
  gboolean was_refused = is_refused (self);

  return finish (self, was_refused,
                 xep174_session_manager_accept_key (get_manager (self), get_name (self), fingerprint, error));
}

gboolean
chat_keys_forget (ChatKeys  *self,
                  GError   **error)
{
  if (!xep174_session_manager_forget_keys (get_manager (self), get_name (self), error))
    return FALSE;

  set_problem (self, NULL);
  return TRUE;
}
