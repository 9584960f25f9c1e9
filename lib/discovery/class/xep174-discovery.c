/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Discovery:
 *
 * Finds the people on the network, and lets them find us.
 *
 * This is the class from which all discoveries are derived. [class@DefaultDiscovery]
 * chooses for you. To choose yourself, use [class@AvahiDiscovery], [class@EmbeddedDiscovery] or
 * [class@ManualDiscovery]. If your program has its own DNS-SD, derive a class, in any language that
 * GObject introspection serves.
 *
 * Everything happens in the main context that was the thread's default when the discovery was made.
 *
 * ## Contacts
 *
 * [property@Discovery:contacts] is a list model of [class@Contact] in the order in which they
 * appeared. We ourselves are never in it. A change is told to all handlers, in these steps, before the
 * next change is made:
 *
 * 1. The list, [method@Discovery.find_contact] and all the properties of the contact change at once.
 * 2. The list's `items-changed`, if somebody has come or gone.
 * 3. The contact's notifications of what has changed, `notify::online` among them, and
 *    [signal@Contact::changed] if it has another record.
 * 4. [signal@Discovery::contact-added] if somebody has come, [signal@Discovery::contact-removed] if
 *    somebody has gone.
 *
 * The same steps happen when the discovery stops, and when we get a name that a contact in the list
 * has. If a contact comes back and somebody has kept its object, the same object is used again.
 *
 * A handler may do anything. What it changes takes effect when all the handlers of the current
 * change have returned, or in a main loop that the handler runs. So every handler sees the state
 * that it is told of, and hears of changes in the order in which they happened. If a handler runs a
 * main loop, handlers that come after it may hear first of what happens in that loop. Before the
 * callback of a start or a stop is called, handlers have been told everything that happened before.
 *
 * If you drop the last reference to a discovery that runs, all contacts go: the list becomes empty
 * and the contacts are no longer online. Only the list and the contacts tell this; the discovery
 * itself emits nothing any more.
 *
 * ## Backends
 *
 * A backend implements the functions of `Xep174DiscoveryClass` and reports what it sees with
 * [method@Discovery.put_contact], [method@Discovery.remove_contact],
 * [method@Discovery.set_doubtful], [method@Discovery.set_local_name],
 * [method@Discovery.set_problem] and [method@Discovery.network_changed]. It publishes what
 * [method@Profile.dup_instance_name], [method@Profile.dup_txt] and [method@Profile.get_avatar] give.
 *
 * In Python the functions are called `do_start_async`, `do_dup_contact_connectable` and so on. Give the
 * callback that they get to `Gio.Task.new`, without user data. An asynchronous function cannot call that
 * of its parent class in PyGObject. In GJS a class can have only the functions that get no callback,
 * such as `vfunc_dup_contact_connectable`; see [In JavaScript](gjs.html).
 *
 * Since: 1.0
 */

#include "xep174-discovery-private.h"
#include "xep174-discovery-state-private.h"

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (Xep174Discovery, xep174_discovery, G_TYPE_OBJECT,
                                  xep174_discovery_add_private (g_define_type_id);
                                  G_IMPLEMENT_INTERFACE (XEP174_TYPE_DIRECTORY,
                                                         xep174_discovery_directory_init))

static void
xep174_discovery_get_property (GObject    *object,
                               guint       property,
                               GValue     *value,
                               GParamSpec *pspec)
{
  Xep174Discovery *self = XEP174_DISCOVERY (object);

  switch (property)
    {
    case XEP174_DISCOVERY_PROP_PROFILE:
      g_value_set_object (value, xep174_discovery_get_profile (self));
      break;
    case XEP174_DISCOVERY_PROP_PORT:
      g_value_set_uint (value, xep174_discovery_get_port (self));
      break;
    case XEP174_DISCOVERY_PROP_RUNNING:
      g_value_set_boolean (value, xep174_discovery_get_running (self));
      break;
    case XEP174_DISCOVERY_PROP_LOCAL_NAME:
      g_value_set_string (value, xep174_discovery_get_local_name (self));
      break;
    case XEP174_DISCOVERY_PROP_DOMAIN:
      g_value_set_string (value, xep174_discovery_get_domain (self));
      break;
    case XEP174_DISCOVERY_PROP_CONTACTS:
      g_value_set_object (value, xep174_discovery_get_contacts (self));
      break;
    case XEP174_DISCOVERY_PROP_PROBLEM:
      g_value_set_boxed (value, xep174_discovery_get_problem (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
xep174_discovery_set_property (GObject      *object,
                               guint         property,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (XEP174_DISCOVERY (object));

  switch (property)
    {
    case XEP174_DISCOVERY_PROP_DOMAIN:
      priv->domain = g_value_dup_string (value);
      if (priv->domain == NULL)
        priv->domain = g_strdup ("local");
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
xep174_discovery_dispose (GObject *object)
{
  Xep174Discovery *self = XEP174_DISCOVERY (object);
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  if (priv->cancellable != NULL)
    g_cancellable_cancel (priv->cancellable);
  else
    xep174_discovery_end (self);

  G_OBJECT_CLASS (xep174_discovery_parent_class)->dispose (object);
}

static void
xep174_discovery_finalize (GObject *object)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (XEP174_DISCOVERY (object));

  xep174_discovery_clear_agenda (XEP174_DISCOVERY (object));
  xep174_discovery_finalize_avatars (XEP174_DISCOVERY (object));
  g_free (priv->domain);
  g_free (priv->local_name);
  g_clear_error (&priv->problem);
  g_object_unref (priv->contacts);
  g_main_context_unref (priv->context);

  G_OBJECT_CLASS (xep174_discovery_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * Xep174Discovery:profile:
   *
   * The profile that is published; %NULL while stopped, or if nothing is published.
   *
   * Since: 1.0
   */
  xep174_discovery_properties[XEP174_DISCOVERY_PROP_PROFILE] =
    g_param_spec_object ("profile", NULL, NULL, XEP174_TYPE_PROFILE, readable);

  /**
   * Xep174Discovery:port:
   *
   * The port in our SRV record, 0 while stopped or if nothing is published.
   *
   * Since: 1.0
   */
  xep174_discovery_properties[XEP174_DISCOVERY_PROP_PORT] =
    g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, readable);

  /**
   * Xep174Discovery:running:
   *
   * Whether the discovery looks for contacts and, if it has a profile, we are published.
   *
   * Since: 1.0
   */
  xep174_discovery_properties[XEP174_DISCOVERY_PROP_RUNNING] =
    g_param_spec_boolean ("running", NULL, NULL, FALSE, readable);

  /**
   * Xep174Discovery:local-name:
   *
   * The name that we are published under: `user@machine`, or another one if somebody else has that
   * name already. %NULL while stopped, or if nothing is published.
   *
   * Since: 1.0
   */
  xep174_discovery_properties[XEP174_DISCOVERY_PROP_LOCAL_NAME] =
    g_param_spec_string ("local-name", NULL, NULL, NULL, readable);

  /**
   * Xep174Discovery:domain:
   *
   * The DNS domain in which we look for contacts: `local` for the local network.
   *
   * Since: 1.0
   */
  xep174_discovery_properties[XEP174_DISCOVERY_PROP_DOMAIN] =
    g_param_spec_string ("domain", NULL, NULL, "local",
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174Discovery:contacts:
   *
   * Everybody else who is online, a list model of [class@Contact].
   *
   * Since: 1.0
   */
  xep174_discovery_properties[XEP174_DISCOVERY_PROP_CONTACTS] =
    g_param_spec_object ("contacts", NULL, NULL, G_TYPE_LIST_MODEL, readable);

  /**
   * Xep174Discovery:problem:
   *
   * What does not work at the moment although the discovery runs, an error of [error@DiscoveryError];
   * %NULL if everything works.
   *
   * Tell the user; you have nothing else to do. The discovery tries again by itself, and when that has
   * worked the problem is %NULL again.
   *
   * - %XEP174_DISCOVERY_ERROR_NO_DAEMON: avahi-daemon has gone; contacts are back when it is.
   * - %XEP174_DISCOVERY_ERROR_LIMIT: not everybody may be in the list, because there are more
   *   people than the mDNS stack has room for.
   * - Others: we could not be published, or it was not possible to look for contacts.
   *
   * Since: 1.0
   */
  xep174_discovery_properties[XEP174_DISCOVERY_PROP_PROBLEM] =
    g_param_spec_boxed ("problem", NULL, NULL, G_TYPE_ERROR, readable);

  g_object_class_install_properties (object_class, XEP174_DISCOVERY_N_PROPS,
                                     xep174_discovery_properties);
}

static guint
install_signal (const char *name,
                GType       argument)
{
  return g_signal_new (name, XEP174_TYPE_DISCOVERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, argument != G_TYPE_NONE ? 1 : 0, argument);
}

static void
install_signals (void)
{
  /**
   * Xep174Discovery::contact-added:
   * @self: the discovery
   * @contact: a contact
   *
   * Somebody has appeared and is in the list already.
   *
   * Since: 1.0
   */
  xep174_discovery_signals[XEP174_DISCOVERY_CONTACT_ADDED] =
    install_signal ("contact-added", XEP174_TYPE_CONTACT);

  /**
   * Xep174Discovery::contact-removed:
   * @self: the discovery
   * @contact: a contact
   *
   * Somebody has gone, and is no longer in the list.
   *
   * Since: 1.0
   */
  xep174_discovery_signals[XEP174_DISCOVERY_CONTACT_REMOVED] =
    install_signal ("contact-removed", XEP174_TYPE_CONTACT);

  /**
   * Xep174Discovery::network-changed:
   * @self: the discovery
   *
   * An interface or an address has come or gone, or the machine has woken up. Streams that look
   * open may be dead, so it is time to ask the contacts for a sign of life.
   *
   * It is not emitted when the last link has gone. A stream can survive that if the link is back
   * before TCP gives up; to ask then would end the stream.
   *
   * Since: 1.0
   */
  xep174_discovery_signals[XEP174_DISCOVERY_NETWORK_CHANGED] =
    install_signal ("network-changed", G_TYPE_NONE);
}

static void
xep174_discovery_class_init (Xep174DiscoveryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xep174_discovery_get_property;
  object_class->set_property = xep174_discovery_set_property;
  object_class->dispose = xep174_discovery_dispose;
  object_class->finalize = xep174_discovery_finalize;

  xep174_discovery_adjust_private (klass);
  xep174_discovery_set_defaults (klass);
  install_properties (object_class);
  install_signals ();
}

static void
xep174_discovery_init (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  priv->context = g_main_context_ref_thread_default ();
  priv->contacts = xep174_contact_list_new ();
  xep174_discovery_init_avatars (self);
}

GMainContext *
xep174_discovery_get_context (Xep174Discovery *self)
{
  return xep174_discovery_get_private (self)->context;
}

/**
 * xep174_discovery_get_profile:
 * @self: a discovery
 *
 * Gets the profile that is published.
 *
 * Returns: (transfer none) (nullable): the profile, %NULL while stopped or if nothing is published
 *
 * Since: 1.0
 */
Xep174Profile *
xep174_discovery_get_profile (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);

  return xep174_discovery_get_private (self)->profile;
}

/**
 * xep174_discovery_get_port:
 * @self: a discovery
 *
 * The port in our SRV record.
 *
 * Returns: a port, 0 while stopped or if nothing is published
 *
 * Since: 1.0
 */
guint16
xep174_discovery_get_port (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), 0);

  return xep174_discovery_get_private (self)->port;
}

/**
 * xep174_discovery_get_running:
 * @self: a discovery
 *
 * Whether we are online: from the end of a start to the beginning of a stop.
 *
 * Returns: whether the discovery runs
 *
 * Since: 1.0
 */
gboolean
xep174_discovery_get_running (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), FALSE);

  return xep174_discovery_get_private (self)->state == XEP174_DISCOVERY_RUNNING;
}

/**
 * xep174_discovery_get_local_name:
 * @self: a discovery
 *
 * Gets the name that we are published under.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if we are not published
 *
 * Since: 1.0
 */
const char *
xep174_discovery_get_local_name (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);

  return xep174_discovery_get_private (self)->local_name;
}

/**
 * xep174_discovery_get_domain:
 * @self: a discovery
 *
 * Gets the DNS domain in which we look for contacts.
 *
 * Returns: (transfer none): a domain, `local` for the local network
 *
 * Since: 1.0
 */
const char *
xep174_discovery_get_domain (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);

  return xep174_discovery_get_private (self)->domain;
}

/**
 * xep174_discovery_get_contacts:
 * @self: a discovery
 *
 * Gets the list of everybody else who is online.
 *
 * It is the same list as long as the discovery lives; it is empty while the discovery is stopped.
 *
 * Returns: (transfer none): a list model of [class@Contact]
 *
 * Since: 1.0
 */
GListModel *
xep174_discovery_get_contacts (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);

  return G_LIST_MODEL (xep174_discovery_get_private (self)->contacts);
}

/**
 * xep174_discovery_find_contact:
 * @self: a discovery
 * @name: an instance name, the case of ASCII letters does not matter
 *
 * Finds a contact that is online.
 *
 * Returns: (transfer none) (nullable): the contact, %NULL if there is none of that name
 *
 * Since: 1.0
 */
Xep174Contact *
xep174_discovery_find_contact (Xep174Discovery *self,
                               const char      *name)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return xep174_contact_list_find (xep174_discovery_get_private (self)->contacts, name);
}

/**
 * xep174_discovery_get_problem:
 * @self: a discovery
 *
 * Gets what does not work at the moment, see [property@Discovery:problem].
 *
 * Returns: (transfer none) (nullable): an error of [error@DiscoveryError], or %NULL if everything
 *   works. It lives until the property changes; copy it if you need it longer
 *
 * Since: 1.0
 */
const GError *
xep174_discovery_get_problem (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);

  return xep174_discovery_get_private (self)->problem;
}
