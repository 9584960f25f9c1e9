/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174SessionManager:
 *
 * All sessions of one local name.
 *
 * It listens, connects to contacts, finds out which contact an incoming stream comes from, and keeps one
 * [class@Session] for each contact with whom there is something to do. It asks a [iface@Directory] for
 * names and addresses.
 *
 * The limits protect a program from what others send; the defaults are right for chat. Times are
 * milliseconds.
 *
 * The thread-default main context at construction is kept for life: everything happens in it.
 *
 * Since: 1.0
 */

#include "xep174-session-manager-private.h"

#include "xep174-session-enums.h"
#include "xep174-name-private.h"
#include "xep174-session-private.h"

G_DEFINE_FINAL_TYPE_WITH_CODE (Xep174SessionManager, xep174_session_manager, G_TYPE_OBJECT,
  G_IMPLEMENT_INTERFACE (XEP174_TYPE_FEATURE_HOST, xep174_session_manager_init_host))

enum
{
  PROP_LOCAL_NAME = 1,
  PROP_DIRECTORY,
  PROP_SESSIONS,
  PROP_PORT,
  PROP_ADDRESS_POLICY,
  PROP_IDENTITY,
  PROP_TRUST_STORE,
  PROP_ENCRYPTION,
  PROP_COMPLETION,
  PROP_CAPABILITIES,
  PROP_FIRST_SETTING,
};

#define N_PROPS (PROP_FIRST_SETTING + XEP174_N_LIMITS)
/* The interface's. */
#define PROP_FEATURES N_PROPS

static GParamSpec *properties[N_PROPS];

/* Retries outlast a probe and a close of the peer's: 1 + 2 + 4 + 8 + 16 s. */
#define MAX_RETRIES 5

/* --- The object -------------------------------------------------------------------------- */

/**
 * xep174_session_manager_new:
 * @local_name: (nullable): our own name as it is published, %NULL while it is not known
 * @directory: (nullable): who is where; with %NULL only connections that the program adds are
 *   used
 *
 * Makes a manager of sessions.
 *
 * Returns: (transfer full): a session manager
 *
 * Since: 1.0
 */
Xep174SessionManager *
xep174_session_manager_new (const char      *local_name,
                            Xep174Directory *directory)
{
  g_return_val_if_fail (directory == NULL || XEP174_IS_DIRECTORY (directory), NULL);

  return g_object_new (XEP174_TYPE_SESSION_MANAGER, "local-name", local_name, "directory",
                       directory, NULL);
}

Xep174SessionManager *
xep174_session_manager_new_on (Xep174Network   *network,
                               const char      *local_name,
                               Xep174Directory *directory)
{
  Xep174SessionManager *self = xep174_session_manager_new (local_name, directory);

  xep174_surroundings_set_network (&self->around, xep174_network_ref (network));
  return self;
}

Xep174Network *
xep174_session_manager_get_network (Xep174SessionManager *self)
{
  return self->around.network;
}

/**
 * xep174_session_manager_get_local_name:
 * @self: a session manager
 *
 * Our own name.
 *
 * Returns: (transfer none) (nullable): see [property@SessionManager:local-name]
 *
 * Since: 1.0
 */
const char *
xep174_session_manager_get_local_name (Xep174SessionManager *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), NULL);

  return self->around.local_name;
}

/**
 * xep174_session_manager_set_local_name:
 * @self: a session manager
 * @local_name: (nullable): our own name as it is published, %NULL while it is not known
 *
 * Sets our own name. Streams that exist keep the one they were opened with.
 *
 * Since: 1.0
 */
void
xep174_session_manager_set_local_name (Xep174SessionManager *self,
                                       const char           *local_name)
{
  g_autoptr(GPtrArray) sessions = NULL;

  g_return_if_fail (XEP174_IS_SESSION_MANAGER (self));

  if (g_strcmp0 (self->around.local_name, local_name) == 0)
    return;

  g_free (self->around.local_name);
  self->around.local_name = g_strdup (local_name);
  /* A handler of theirs may drop the last reference. */
  g_object_ref (self);
  sessions = xep174_session_manager_list_sessions (self);
  for (guint i = 0; i < sessions->len; i++)
    xep174_session_rename (sessions->pdata[i]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCAL_NAME]);
  g_object_unref (self);
}

/**
 * xep174_session_manager_get_directory:
 * @self: a session manager
 *
 * Who is asked about names and addresses.
 *
 * Returns: (transfer none) (nullable): a directory, %NULL if there is none
 *
 * Since: 1.0
 */
Xep174Directory *
xep174_session_manager_get_directory (Xep174SessionManager *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), NULL);

  return self->around.directory;
}

static void
xep174_session_manager_constructed (GObject *object)
{
  Xep174SessionManager *self = XEP174_SESSION_MANAGER (object);

  G_OBJECT_CLASS (xep174_session_manager_parent_class)->constructed (object);

  self->context = g_main_context_ref_thread_default ();
  xep174_surroundings_set_network (&self->around,
                                   xep174_network_new_for_tcp (self->context, self->around.directory));
}

static void
xep174_session_manager_dispose (GObject *object)
{
  Xep174SessionManager *self = XEP174_SESSION_MANAGER (object);

  self->around.network->drained = NULL;
  self->around.keyring.changed = NULL;
  xep174_alarm_clear (&self->review_alarm, self->around.network->clock);
  /* Without a name no handler begins anything anew. */
  g_clear_pointer (&self->around.local_name, g_free);
  xep174_feature_table_close (self->around.features);
  xep174_session_manager_stop_listening (self);
  xep174_session_manager_end_everything (self);
  g_clear_object (&self->around.directory);

  G_OBJECT_CLASS (xep174_session_manager_parent_class)->dispose (object);
}

static void
xep174_session_manager_finalize (GObject *object)
{
  Xep174SessionManager *self = XEP174_SESSION_MANAGER (object);

  xep174_surroundings_clear (&self->around);
  g_clear_pointer (&self->proven, g_hash_table_unref);
  g_hash_table_unref (self->believed);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (xep174_session_manager_parent_class)->finalize (object);
}

static guint *
setting (Xep174SessionManager *self,
         guint                 prop_id)
{
  return xep174_session_manager_get_limit (self, prop_id - PROP_FIRST_SETTING);
}

static void
xep174_session_manager_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  Xep174SessionManager *self = XEP174_SESSION_MANAGER (object);

  switch (prop_id)
    {
    case PROP_LOCAL_NAME:
      g_value_set_string (value, self->around.local_name);
      break;
    case PROP_DIRECTORY:
      g_value_set_object (value, self->around.directory);
      break;
    case PROP_SESSIONS:
      g_value_set_object (value, self->around.sessions);
      break;
    case PROP_PORT:
      g_value_set_uint (value, self->around.port);
      break;
    case PROP_ADDRESS_POLICY:
      g_value_set_enum (value, self->around.settings.address_policy);
      break;
    case PROP_IDENTITY:
      g_value_set_object (value, self->around.keyring.identity);
      break;
    case PROP_TRUST_STORE:
      g_value_set_object (value, self->around.keyring.store);
      break;
    case PROP_ENCRYPTION:
      g_value_set_enum (value, self->around.keyring.policy);
      break;
    case PROP_COMPLETION:
      g_value_set_enum (value, self->around.settings.completion);
      break;
    case PROP_CAPABILITIES:
      g_value_set_string (value, xep174_feature_table_get_ver (self->around.features));
      break;
    case PROP_FEATURES:
      g_value_set_object (value, xep174_feature_table_get_list (self->around.features));
      break;
    default:
      g_value_set_uint (value, *setting (self, prop_id));
    }
}

static void
set_policy (Xep174SessionManager *self,
            Xep174AddressPolicy   policy)
{
  if (self->around.settings.address_policy == policy)
    return;

  self->around.settings.address_policy = policy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ADDRESS_POLICY]);
}

/* X9: what has been silent already counts. */
static void
watch_idle (Xep174SessionManager *self)
{
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, self->around.by_name);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    xep174_session_watch_idle (session);
}

static void
set_setting (Xep174SessionManager *self,
             guint                 prop_id,
             guint                 value)
{
  if (*setting (self, prop_id) == value)
    return;

  *setting (self, prop_id) = value;
  if (setting (self, prop_id) == &self->around.settings.idle_interval)
    watch_idle (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
xep174_session_manager_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  Xep174SessionManager *self = XEP174_SESSION_MANAGER (object);

  switch (prop_id)
    {
    case PROP_LOCAL_NAME:
      xep174_session_manager_set_local_name (self, g_value_get_string (value));
      break;
    case PROP_DIRECTORY:
      self->around.directory = g_value_dup_object (value);
      break;
    case PROP_ADDRESS_POLICY:
      set_policy (self, g_value_get_enum (value));
      break;
    case PROP_IDENTITY:
      xep174_session_manager_put_identity (self, g_value_get_object (value));
      break;
    case PROP_TRUST_STORE:
      xep174_session_manager_put_trust_store (self, g_value_get_object (value));
      break;
    case PROP_ENCRYPTION:
      xep174_session_manager_put_encryption (self, g_value_get_enum (value));
      break;
    case PROP_COMPLETION:
      xep174_session_manager_put_completion (self, g_value_get_enum (value));
      break;
    default:
      set_setting (self, prop_id, g_value_get_uint (value));
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * Xep174SessionManager:local-name:
   *
   * Our own name as it is published, `user@machine`; %NULL as long as it is not known. It is the
   * `from` of new streams, and must be what contacts find at our address.
   *
   * Since: 1.0
   */
  properties[PROP_LOCAL_NAME] =
    g_param_spec_string ("local-name", NULL, NULL, NULL, G_PARAM_READWRITE | flags);

  /**
   * Xep174SessionManager:directory:
   *
   * Who is asked about names and addresses.
   *
   * Since: 1.0
   */
  properties[PROP_DIRECTORY] =
    g_param_spec_object ("directory", NULL, NULL, XEP174_TYPE_DIRECTORY,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | flags);

  /**
   * Xep174SessionManager:sessions:
   *
   * The sessions that have a stream or something to do.
   *
   * Since: 1.0
   */
  properties[PROP_SESSIONS] =
    g_param_spec_object ("sessions", NULL, NULL, G_TYPE_LIST_MODEL, G_PARAM_READABLE | flags);

  /**
   * Xep174SessionManager:port:
   *
   * The TCP port that streams are accepted on, 0 while it does not listen.
   *
   * Since: 1.0
   */
  properties[PROP_PORT] =
    g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, G_PARAM_READABLE | flags);

  /**
   * Xep174SessionManager:address-policy:
   *
   * How incoming streams are attributed to contacts.
   *
   * Since: 1.0
   */
  properties[PROP_ADDRESS_POLICY] =
    g_param_spec_enum ("address-policy", NULL, NULL, XEP174_TYPE_ADDRESS_POLICY,
                       XEP174_ADDRESS_POLICY_VERIFY, G_PARAM_READWRITE | flags);

  /**
   * Xep174SessionManager:identity:
   *
   * Our own key. While it is %NULL, which it is at first, no stream is encrypted.
   *
   * Since: 1.0
   */
  properties[PROP_IDENTITY] =
    g_param_spec_object ("identity", NULL, NULL, XEP174_TYPE_IDENTITY, G_PARAM_READWRITE | flags);

  /**
   * Xep174SessionManager:trust-store:
   *
   * Where the keys of others are kept. With an identity and no store, a [class@MemoryTrustStore] is set
   * here.
   *
   * Since: 1.0
   */
  properties[PROP_TRUST_STORE] =
    g_param_spec_object ("trust-store", NULL, NULL, XEP174_TYPE_TRUST_STORE, G_PARAM_READWRITE | flags);

  /**
   * Xep174SessionManager:encryption:
   *
   * When streams are encrypted.
   *
   * Since: 1.0
   */
  properties[PROP_ENCRYPTION] =
    g_param_spec_enum ("encryption", NULL, NULL, XEP174_TYPE_ENCRYPTION_POLICY,
                       XEP174_ENCRYPTION_POLICY_PREFER, G_PARAM_READWRITE | flags);

  /**
   * Xep174SessionManager:completion:
   *
   * When a call that sends is done. With %XEP174_COMPLETION_RECEIVED it succeeds when there is a sign of
   * receipt, in the moment of [signal@Session::stanza-confirmed], and fails with
   * `XEP174_SESSION_ERROR_UNCONFIRMED` in the place of [signal@Session::stanza-unconfirmed]. That may take
   * minutes: a contact whose stream has no version gives no sign, and is believed after a minute and a half.
   *
   * Since: 1.0
   */
  properties[PROP_COMPLETION] =
    g_param_spec_enum ("completion", NULL, NULL, XEP174_TYPE_COMPLETION, XEP174_COMPLETION_WRITTEN,
                       G_PARAM_READWRITE | flags);

  /**
   * Xep174SessionManager:capabilities:
   *
   * The hash of what we announce: the `ver` of XEP-0115 §5.1, with SHA-1. It follows what is
   * [added][method@FeatureHost.add_feature].
   *
   * A [class@Client] publishes it in the TXT record (XEP-0174 §11.2).
   *
   * Since: 1.0
   */
  properties[PROP_CAPABILITIES] =
    g_param_spec_string ("capabilities", NULL, NULL, NULL, G_PARAM_READABLE | flags);

  for (guint i = 0; i < XEP174_N_LIMITS; i++)
    properties[PROP_FIRST_SETTING + i] = xep174_session_manager_make_limit (i, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_object_class_override_property (object_class, PROP_FEATURES, "features");
}

static void
xep174_session_manager_class_init (Xep174SessionManagerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = xep174_session_manager_constructed;
  object_class->dispose = xep174_session_manager_dispose;
  object_class->finalize = xep174_session_manager_finalize;
  object_class->get_property = xep174_session_manager_get_property;
  object_class->set_property = xep174_session_manager_set_property;
  install_properties (object_class);
  xep174_session_manager_install_signals (XEP174_TYPE_SESSION_MANAGER);
}

static void
review_keys (gpointer self)
{
  xep174_session_manager_review_keys (self);
}

/* Whoever is in the middle of something finds it there; the others learn of it soon. */
static void
on_keys_changed (GObject *manager)
{
  Xep174SessionManager *self = XEP174_SESSION_MANAGER (manager);

  xep174_alarm_set (&self->review_alarm, self->around.network->clock, 0, review_keys, self);
}

static void
xep174_session_manager_init (Xep174SessionManager *self)
{
  xep174_surroundings_init (&self->around, G_OBJECT (self), XEP174_TYPE_SESSION);
  self->around.features = xep174_feature_table_new (XEP174_FEATURE_HOST (self),
                                                    xep174_session_manager_on_announces);
  self->believed = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free,
                                          (GDestroyNotify) g_hash_table_unref);
  g_queue_init (&self->incoming);
  g_queue_init (&self->guests);
  self->around.keyring.changed = on_keys_changed;
  self->around.settings.max_retries = MAX_RETRIES;
  xep174_session_manager_init_limits (self);
}
