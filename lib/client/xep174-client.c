/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Client:
 *
 * What most programs need: be seen on the local network, see who is there, and talk.
 *
 * A client brings three things together: a [class@Profile] that it publishes, a [class@Discovery]
 * that finds the contacts, and a [class@SessionManager] that has one [class@Session] for each of
 * them. You can send a text, a [class@Message], or any stanza. The client opens a session when you
 * send, and accepts one when a contact opens it. To receive more than messages, use
 * [property@Client:session-manager].
 *
 * ```c
 * g_autoptr(Xep174Profile) me = xep174_profile_new ("juliet", NULL);
 * g_autoptr(Xep174Client) client = xep174_client_new (me, NULL);
 *
 * g_signal_connect (client, "message-received", G_CALLBACK (on_message), NULL);
 * xep174_client_start_async (client, NULL, on_started, NULL);
 * ```
 *
 * Conversations are encrypted if the other side can, and the keys of others are remembered: see
 * [property@Client:encryption] and [property@Client:data-dir]. [property@Contact:encrypted] and
 * [property@Contact:trust] tell what holds for a contact, also before anything is said. If a contact
 * shows another key, [signal@Client::key-changed] says so, and a person decides:
 * [method@Client.accept_key], [method@Client.verify_key], [method@Client.distrust_key].
 *
 * Everything here takes and gives contacts. [property@Client:discovery] and
 * [property@Client:session-manager] are there for what is rare; they know names only.
 *
 * Everything happens in the thread-default main context of the thread that created the client;
 * use it from that thread only. It can be started again after it has been stopped.
 *
 * Since: 1.0
 */

#include "xep174-client-private.h"

#include "xep174-default-discovery.h"
#include "xep174-session-enums.h"

enum
{
  PROP_0,
  PROP_PROFILE,
  PROP_DISCOVERY,
  PROP_SESSION_MANAGER,
  PROP_CONTACTS,
  PROP_CONVERSATIONS,
  PROP_TRANSFERS,
  PROP_LOCAL_NAME,
  PROP_RUNNING,
  PROP_PORT,
  PROP_DATA_DIR,
  PROP_ENCRYPTION,
  PROP_COMPLETION,
  PROP_REMEMBERS_KEYS,
  N_PROPS,
  PROP_FEATURES = N_PROPS, /* the interface's */
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE_WITH_CODE (Xep174Client, xep174_client, G_TYPE_OBJECT,
  G_IMPLEMENT_INTERFACE (XEP174_TYPE_FEATURE_HOST, xep174_client_init_host))

void
xep174_client_set_phase (Xep174Client      *self,
                         Xep174ClientPhase  phase)
{
  gboolean was_running = xep174_client_get_running (self);

  self->phase = phase;
  if (was_running == xep174_client_get_running (self))
    return;

  g_debug ("On the network: %s", was_running ? "no" : "yes");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PORT]);
}

/* D9, D22: streams that are open keep the name that they were opened with; new ones use the new
 * name. */
static void
on_local_name_changed (Xep174Discovery *discovery,
                       GParamSpec      *pspec,
                       Xep174Client    *self)
{
  xep174_session_manager_set_local_name (self->manager,
                                         xep174_discovery_get_local_name (discovery));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCAL_NAME]);
}

/* D22: a contact that was there on the old network may not be on the new one. */
static void
on_network_changed (Xep174Discovery *discovery,
                    Xep174Client    *self)
{
  xep174_session_manager_probe (self->manager);
}

static void
xep174_client_constructed (GObject *object)
{
  Xep174Client *self = XEP174_CLIENT (object);

  G_OBJECT_CLASS (xep174_client_parent_class)->constructed (object);

  if (self->discovery == NULL)
    self->discovery = XEP174_DISCOVERY (xep174_default_discovery_new ());
  self->manager = xep174_session_manager_new (NULL, XEP174_DIRECTORY (self->discovery));
  self->correspondents = xep174_correspondents_new (self->discovery, self->manager);
  self->conversations = xep174_conversations_new (XEP174_FEATURE_HOST (self));

  xep174_client_set_up_keys (self);
  /* In this order: whoever is told of a contact sees what is known of its key. */
  xep174_client_watch_keys (self);
  xep174_client_watch_capabilities (self);
  xep174_client_listen (self);
  g_signal_connect_object (self->discovery, "notify::local-name",
                           G_CALLBACK (on_local_name_changed), self, 0);
  g_signal_connect_object (self->discovery, "network-changed",
                           G_CALLBACK (on_network_changed), self, 0);
}

/* Not in dispose, which a language binding may run at any time: a start or stop that is under way
 * still needs these objects. None of them holds a reference to us. */
static void
xep174_client_finalize (GObject *object)
{
  Xep174Client *self = XEP174_CLIENT (object);

  g_clear_pointer (&self->conversations, xep174_conversations_free);
  xep174_client_forget_capabilities (self);
  g_clear_pointer (&self->correspondents, xep174_correspondents_free);
  g_clear_object (&self->files);
  g_clear_object (&self->manager);
  g_clear_object (&self->discovery);
  g_clear_object (&self->profile);
  g_clear_object (&self->store);
  g_free (self->data_dir);

  G_OBJECT_CLASS (xep174_client_parent_class)->finalize (object);
}

static void
xep174_client_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  Xep174Client *self = XEP174_CLIENT (object);

  switch (prop_id)
    {
    case PROP_PROFILE:
      g_value_set_object (value, self->profile);
      break;
    case PROP_DISCOVERY:
      g_value_set_object (value, self->discovery);
      break;
    case PROP_SESSION_MANAGER:
      g_value_set_object (value, self->manager);
      break;
    case PROP_CONTACTS:
      g_value_set_object (value, xep174_discovery_get_contacts (self->discovery));
      break;
    case PROP_CONVERSATIONS:
      g_value_set_object (value, xep174_conversations_keep (self->conversations));
      break;
    case PROP_TRANSFERS:
      g_value_set_object (value, xep174_files_get_transfers (xep174_client_ensure_files (self)));
      break;
    case PROP_LOCAL_NAME:
      g_value_set_string (value, xep174_client_get_local_name (self));
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, xep174_client_get_running (self));
      break;
    case PROP_PORT:
      g_value_set_uint (value, xep174_client_get_port (self));
      break;
    case PROP_DATA_DIR:
      g_value_set_string (value, self->data_dir);
      break;
    case PROP_ENCRYPTION:
      g_value_set_enum (value, xep174_session_manager_get_encryption (self->manager));
      break;
    case PROP_COMPLETION:
      g_value_set_enum (value, xep174_session_manager_get_completion (self->manager));
      break;
    case PROP_REMEMBERS_KEYS:
      g_value_set_boolean (value, self->remembers_keys);
      break;
    case PROP_FEATURES:
      g_value_set_object (value, xep174_feature_host_get_features (XEP174_FEATURE_HOST (self->manager)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xep174_client_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  Xep174Client *self = XEP174_CLIENT (object);

  switch (prop_id)
    {
    case PROP_PROFILE:
      self->profile = g_value_dup_object (value);
      break;
    case PROP_DISCOVERY:
      self->discovery = g_value_dup_object (value);
      break;
    case PROP_PORT:
      xep174_client_set_port (self, g_value_get_uint (value));
      break;
    case PROP_DATA_DIR:
      self->data_dir = g_value_dup_string (value);
      break;
    case PROP_ENCRYPTION:
      xep174_session_manager_set_encryption (self->manager, g_value_get_enum (value));
      break;
    case PROP_COMPLETION:
      xep174_session_manager_set_completion (self->manager, g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_key_properties (void)
{
  const GParamFlags flags = G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * Xep174Client:data-dir:
   *
   * The folder of our own key, `identity.pem`, and of those of others, `keys`. If it is not set, it is that
   * in the environment variable `XEP174_DATA_DIR`, else `libxep174` in the user's folder for data.
   *
   * Several programs of one user may have the same folder at the same time; then all are the same person.
   *
   * Since: 1.0
   */
  properties[PROP_DATA_DIR] =
    g_param_spec_string ("data-dir", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174Client:encryption:
   *
   * When conversations are encrypted: that of [property@Client:session-manager].
   *
   * If the library was built without TLS, [method@Client.start_async] sets
   * %XEP174_ENCRYPTION_POLICY_OFF here in the place of %XEP174_ENCRYPTION_POLICY_PREFER, and fails with
   * %XEP174_ENCRYPTION_POLICY_REQUIRE.
   *
   * Since: 1.0
   */
  properties[PROP_ENCRYPTION] =
    g_param_spec_enum ("encryption", NULL, NULL, XEP174_TYPE_ENCRYPTION_POLICY,
                       XEP174_ENCRYPTION_POLICY_PREFER, G_PARAM_READWRITE | flags);

  /**
   * Xep174Client:completion:
   *
   * When a call that sends is done: that of [property@Client:session-manager].
   *
   * Since: 1.0
   */
  properties[PROP_COMPLETION] =
    g_param_spec_enum ("completion", NULL, NULL, XEP174_TYPE_COMPLETION, XEP174_COMPLETION_WRITTEN,
                       G_PARAM_READWRITE | flags);

  /**
   * Xep174Client:remembers-keys:
   *
   * Whether keys are still known after the end of the program. From the start on it is %FALSE if there
   * is no place to write in [property@Client:data-dir], and no key there either: then conversations are
   * encrypted, and nobody is recognised the next time.
   *
   * Since: 1.0
   */
  properties[PROP_REMEMBERS_KEYS] =
    g_param_spec_boolean ("remembers-keys", NULL, NULL, TRUE, G_PARAM_READABLE | flags);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * Xep174Client:profile:
   *
   * The profile that is published. If it changes while the client runs, the change is published.
   *
   * Since: 1.0
   */
  properties[PROP_PROFILE] =
    g_param_spec_object ("profile", NULL, NULL, XEP174_TYPE_PROFILE, once);

  /**
   * Xep174Client:discovery:
   *
   * The discovery that finds the contacts.
   *
   * Since: 1.0
   */
  properties[PROP_DISCOVERY] =
    g_param_spec_object ("discovery", NULL, NULL, XEP174_TYPE_DISCOVERY, once);

  /**
   * Xep174Client:session-manager:
   *
   * The session manager that has the sessions.
   *
   * Since: 1.0
   */
  properties[PROP_SESSION_MANAGER] =
    g_param_spec_object ("session-manager", NULL, NULL, XEP174_TYPE_SESSION_MANAGER, read);

  /**
   * Xep174Client:contacts:
   *
   * Who is there: a [iface@Gio.ListModel] of [class@Contact].
   *
   * Since: 1.0
   */
  properties[PROP_CONTACTS] =
    g_param_spec_object ("contacts", NULL, NULL, G_TYPE_LIST_MODEL, read);

  /**
   * Xep174Client:conversations:
   *
   * What was said: a [iface@Gio.ListModel] of [class@Conversation], in the order in which they
   * began. They are kept from the first time on that somebody asks for this or for one of them.
   *
   * Since: 1.0
   */
  properties[PROP_CONVERSATIONS] =
    g_param_spec_object ("conversations", NULL, NULL, G_TYPE_LIST_MODEL, read);

  /**
   * Xep174Client:transfers:
   *
   * Files on their way, and those that have ended within a day: a [iface@Gio.ListModel] of
   * [class@Transfer], the newest last.
   *
   * From the first time on that somebody asks for this, others see that our program takes files, and
   * may offer some: see [signal@Client::transfer-offered]. It is the list of a [class@Files], which is
   * one of [property@FeatureHost:features].
   *
   * Since: 1.0
   */
  properties[PROP_TRANSFERS] =
    g_param_spec_object ("transfers", NULL, NULL, G_TYPE_LIST_MODEL, read);

  /**
   * Xep174Client:local-name:
   *
   * The name that is published: `user@machine`, or, if somebody else has that name already,
   * `user-1@machine` and so on (XEP-0174 §4). It is %NULL until it is known.
   *
   * Since: 1.0
   */
  properties[PROP_LOCAL_NAME] = g_param_spec_string ("local-name", NULL, NULL, NULL, read);

  /**
   * Xep174Client:running:
   *
   * Whether we are on the network: from the end of [method@Client.start_async] to the beginning
   * of [method@Client.stop_async].
   *
   * Since: 1.0
   */
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, read);

  /**
   * Xep174Client:port:
   *
   * The TCP port that contacts connect to.
   *
   * Set before the start: a port that must be free, or 0 for 5298 if it is free and any other
   * if not (XEP-0174 §3). While the client runs it is the port in use.
   *
   * Since: 1.0
   */
  properties[PROP_PORT] =
    g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  install_key_properties ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_object_class_override_property (object_class, PROP_FEATURES, "features");
}

static void
xep174_client_class_init (Xep174ClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = xep174_client_constructed;
  object_class->finalize = xep174_client_finalize;
  object_class->get_property = xep174_client_get_property;
  object_class->set_property = xep174_client_set_property;
  install_properties (object_class);
  xep174_client_install_signals (G_TYPE_FROM_CLASS (klass));
  xep174_client_install_file_signal (G_TYPE_FROM_CLASS (klass));
}

static void
xep174_client_init (Xep174Client *self)
{
}

/**
 * xep174_client_new:
 * @profile: what to publish about us
 * @discovery: (nullable): finds the contacts; %NULL for a [class@DefaultDiscovery]
 *
 * Creates a client. Nothing is sent to the network before [method@Client.start_async].
 *
 * Returns: (transfer full): a new client
 *
 * Since: 1.0
 */
Xep174Client *
xep174_client_new (Xep174Profile   *profile,
                   Xep174Discovery *discovery)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (discovery == NULL || XEP174_IS_DISCOVERY (discovery), NULL);

  return g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", discovery, NULL);
}

/**
 * xep174_client_get_profile:
 * @self: a client
 *
 * Gets the profile that is published.
 *
 * Returns: (transfer none): the profile
 *
 * Since: 1.0
 */
Xep174Profile *
xep174_client_get_profile (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);

  return self->profile;
}

/**
 * xep174_client_get_discovery:
 * @self: a client
 *
 * Gets the discovery that finds the contacts.
 *
 * Returns: (transfer none): the discovery
 *
 * Since: 1.0
 */
Xep174Discovery *
xep174_client_get_discovery (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);

  return self->discovery;
}

/**
 * xep174_client_get_session_manager:
 * @self: a client
 *
 * Gets the session manager. You need it to send and receive more than messages.
 *
 * The client handles the messages with a text in [signal@SessionManager::stanza-received]; handlers
 * that you connect get the other stanzas.
 *
 * Returns: (transfer none): the session manager
 *
 * Since: 1.0
 */
Xep174SessionManager *
xep174_client_get_session_manager (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);

  return self->manager;
}

/**
 * xep174_client_get_local_name:
 * @self: a client
 *
 * Gets the name that is published, see [property@Client:local-name].
 *
 * Returns: (nullable) (transfer none): the name, or %NULL if it is not known yet
 *
 * Since: 1.0
 */
const char *
xep174_client_get_local_name (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);

  return xep174_discovery_get_local_name (self->discovery);
}

/**
 * xep174_client_get_running:
 * @self: a client
 *
 * Gets whether we are on the network.
 *
 * Returns: %TRUE if we are
 *
 * Since: 1.0
 */
gboolean
xep174_client_get_running (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);

  return self->phase == XEP174_CLIENT_PHASE_RUNNING;
}

/**
 * xep174_client_get_port:
 * @self: a client
 *
 * Gets the TCP port, see [property@Client:port].
 *
 * Returns: the port in use while the client runs, else the one that was set, 0 for any
 *
 * Since: 1.0
 */
guint16
xep174_client_get_port (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), 0);

  return xep174_client_get_running (self) ? xep174_session_manager_get_port (self->manager)
                                          : self->port;
}

/**
 * xep174_client_set_port:
 * @self: a client
 * @port: a port, or 0 for 5298 if it is free and any other if not
 *
 * Sets the TCP port to use from the next start on.
 *
 * Since: 1.0
 */
void
xep174_client_set_port (Xep174Client *self,
                        guint16       port)
{
  g_return_if_fail (XEP174_IS_CLIENT (self));

  if (self->port == port)
    return;

  self->port = port;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PORT]);
}
