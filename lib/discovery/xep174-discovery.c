/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Discovery:
 *
 * Finds who is on the network and lets us be found.
 *
 * This is what all the ways of doing so have in common. [ctor@Discovery.new_default] picks the best
 * of those at hand; [class@AvahiDiscovery], [class@EmbeddedDiscovery] and [class@ManualDiscovery] are
 * there for who wants a certain one, and a program with DNS-SD of its own derives another, in any
 * language that GObject introspection serves.
 *
 * Everything happens in the main context that was the thread's default when the discovery was made.
 *
 * ## Contacts
 *
 * [property@Discovery:contacts] is a list model of [class@Contact] in the order in which they
 * appeared. Ourselves are never in it. When somebody comes, first the list's `items-changed` is
 * emitted and then [signal@Discovery::contact-added]; when somebody goes, `items-changed`, then the
 * contact's `notify::online`, then [signal@Discovery::contact-removed].
 *
 * ## Backends
 *
 * A backend implements the functions of [struct@DiscoveryClass] and reports what it sees with
 * [method@Discovery.put_contact], [method@Discovery.remove_contact],
 * [method@Discovery.set_doubtful], [method@Discovery.set_local_name] and
 * [method@Discovery.network_changed]. What it publishes it takes from
 * [method@Profile.dup_instance_name] and [method@Profile.dup_txt].
 *
 * Since: 1.0
 */

#include "xep174-discovery-private.h"

#include <string.h>

#include "xep174-contact-list-private.h"
#include "xep174-contact-private.h"
#include "xep174-directory.h"
#include "xep174-name-private.h"
#include "xep174-profile-private.h"

typedef enum
{
  STOPPED,
  STARTING,
  RUNNING,
  STOPPING,
} State;

typedef struct
{
  GMainContext *context;
  char *domain;
  Xep174ContactList *contacts;

  State state;
  Xep174Profile *profile;
  guint16 port;
  char *local_name;

  GTask *start;              /* while STARTING */
  GCancellable *cancellable; /* what the backend was given to start with */
  GCancellable *outer;       /* what the application gave */
  gulong outer_handler;
  GList *stops;              /* whoever waits for STOPPED */

  gulong profile_handler;
  gboolean unpublished;
  GSource *publish;
} Xep174DiscoveryPrivate;

enum
{
  PROP_0,
  PROP_PROFILE,
  PROP_PORT,
  PROP_RUNNING,
  PROP_LOCAL_NAME,
  PROP_DOMAIN,
  PROP_CONTACTS,
  N_PROPS
};

enum
{
  CONTACT_ADDED,
  CONTACT_REMOVED,
  NETWORK_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void directory_iface_init (Xep174DirectoryInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (Xep174Discovery, xep174_discovery, G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (Xep174Discovery)
                                  G_IMPLEMENT_INTERFACE (XEP174_TYPE_DIRECTORY,
                                                         directory_iface_init))

G_DEFINE_QUARK (xep174-discovery-error-quark, xep174_discovery_error)

#define PRIVATE(self) ((Xep174DiscoveryPrivate *) xep174_discovery_get_instance_private (self))

static void
notify (Xep174Discovery *self,
        guint            property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* Publishing what the application changes */

static gboolean
on_publish (gpointer data)
{
  Xep174Discovery *self = data;
  Xep174DiscoveryPrivate *priv = PRIVATE (self);

  g_clear_pointer (&priv->publish, g_source_unref);
  priv->unpublished = FALSE;
  XEP174_DISCOVERY_GET_CLASS (self)->profile_changed (self);

  return G_SOURCE_REMOVE;
}

/* However many properties change in one go, the network hears of it once. */
static void
schedule_publish (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = PRIVATE (self);

  if (!priv->unpublished || priv->state != RUNNING || priv->publish != NULL)
    return;

  priv->publish = g_idle_source_new ();
  g_source_set_name (priv->publish, "[xep174] publish the profile");
  g_source_set_callback (priv->publish, on_publish, self, NULL);
  g_source_attach (priv->publish, priv->context);
}

static void
on_profile_changed (Xep174Discovery *self)
{
  PRIVATE (self)->unpublished = TRUE;
  schedule_publish (self);
}

static void
watch_profile (Xep174Discovery *self,
               Xep174Profile   *profile)
{
  Xep174DiscoveryPrivate *priv = PRIVATE (self);

  if (priv->publish != NULL)
    g_source_destroy (priv->publish);
  g_clear_pointer (&priv->publish, g_source_unref);
  priv->unpublished = FALSE;

  if (priv->profile != NULL)
    g_clear_signal_handler (&priv->profile_handler, priv->profile);
  if (!g_set_object (&priv->profile, profile))
    return;
  if (profile != NULL)
    priv->profile_handler = g_signal_connect_swapped (profile, "changed",
                                                      G_CALLBACK (on_profile_changed), self);
  notify (self, PROP_PROFILE);
}

/* Contacts */

static void
say_goodbye (Xep174Discovery *self,
             Xep174Contact   *contact)
{
  xep174_contact_set_online (contact, FALSE);
  g_signal_emit (self, signals[CONTACT_REMOVED], 0, contact);
}

static void
clear_contacts (Xep174Discovery *self)
{
  g_autoptr(GPtrArray) contacts = xep174_contact_list_take_all (PRIVATE (self)->contacts);

  for (guint i = 0; i < contacts->len; i++)
    say_goodbye (self, g_ptr_array_index (contacts, i));
}

/**
 * xep174_discovery_put_contact:
 * @self: a discovery
 * @name: an instance name
 * @txt: (nullable): the data of its TXT record, %NULL if that is not known or has not changed
 *
 * For backends: says that a contact is there, or that its record is another one.
 *
 * However many interfaces and protocols a backend sees a name on, it is one contact. Our own name is
 * passed over, as are names that cannot be instance names; a backend whose local name changes puts
 * the former one again if somebody else has it.
 *
 * Returns: (transfer none) (nullable): the contact, %NULL if @name was passed over
 *
 * Since: 1.0
 */
Xep174Contact *
xep174_discovery_put_contact (Xep174Discovery *self,
                              const char      *name,
                              GBytes          *txt)
{
  Xep174DiscoveryPrivate *priv;
  Xep174Contact *known;

  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  priv = PRIVATE (self);
  /* D10; and D13: what comes in while we leave is no news any more. */
  if (priv->state == STOPPING || !xep174_name_is_valid (name, NULL) ||
      (priv->local_name != NULL && xep174_name_equal (name, priv->local_name)))
    return NULL;

  known = xep174_contact_list_find (priv->contacts, name);
  if (known != NULL)
    xep174_contact_update (known, name, txt);
  else
    {
      g_autoptr(Xep174Contact) contact = xep174_contact_new (name, txt);

      xep174_contact_list_append (priv->contacts, contact);
      g_signal_emit (self, signals[CONTACT_ADDED], 0, contact);
    }

  /* A handler may have taken it away again. */
  return xep174_contact_list_find (priv->contacts, name);
}

/**
 * xep174_discovery_remove_contact:
 * @self: a discovery
 * @name: an instance name
 *
 * For backends: says that a contact has gone, from the last interface that it was seen on. A name
 * that is not known is no error.
 *
 * Since: 1.0
 */
void
xep174_discovery_remove_contact (Xep174Discovery *self,
                                 const char      *name)
{
  g_autoptr(Xep174Contact) contact = NULL;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (name != NULL);

  contact = xep174_contact_list_take (PRIVATE (self)->contacts, name);
  if (contact != NULL)
    say_goodbye (self, contact);
}

/**
 * xep174_discovery_set_doubtful:
 * @self: a discovery
 * @name: an instance name
 * @doubtful: whether there is reason to doubt
 *
 * For backends: says that a contact may have gone without a goodbye, or that it has been heard of
 * again. A name that is not known is no error.
 *
 * Since: 1.0
 */
void
xep174_discovery_set_doubtful (Xep174Discovery *self,
                               const char      *name,
                               gboolean         doubtful)
{
  Xep174Contact *contact;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (name != NULL);

  contact = xep174_contact_list_find (PRIVATE (self)->contacts, name);
  if (contact != NULL)
    xep174_contact_set_doubtful (contact, doubtful);
}

/**
 * xep174_discovery_set_local_name:
 * @self: a discovery
 * @name: (nullable): the name that we are published under, %NULL for none
 *
 * For backends: says which name is in force, once it is known and each time another one had to be
 * taken (XEP-0174 §3).
 *
 * A contact of that name leaves the list: it was ourselves.
 *
 * Since: 1.0
 */
void
xep174_discovery_set_local_name (Xep174Discovery *self,
                                 const char      *name)
{
  Xep174DiscoveryPrivate *priv;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));

  priv = PRIVATE (self);
  if (g_strcmp0 (name, priv->local_name) == 0)
    return;

  g_free (priv->local_name);
  priv->local_name = g_strdup (name);
  if (name != NULL)
    xep174_discovery_remove_contact (self, priv->local_name);
  notify (self, PROP_LOCAL_NAME);
}

/**
 * xep174_discovery_network_changed:
 * @self: a discovery
 *
 * For backends: says that an interface came or went or that the machine woke up; emits
 * [signal@Discovery::network-changed].
 *
 * Since: 1.0
 */
void
xep174_discovery_network_changed (Xep174Discovery *self)
{
  g_return_if_fail (XEP174_IS_DISCOVERY (self));

  g_signal_emit (self, signals[NETWORK_CHANGED], 0);
}

/* Starting and stopping */

static void
set_state (Xep174Discovery *self,
           State            state)
{
  Xep174DiscoveryPrivate *priv = PRIVATE (self);
  gboolean was_running = priv->state == RUNNING;

  priv->state = state;
  if (was_running != (state == RUNNING))
    notify (self, PROP_RUNNING);
}

static void
set_port (Xep174Discovery *self,
          guint16          port)
{
  Xep174DiscoveryPrivate *priv = PRIVATE (self);

  if (priv->port == port)
    return;

  priv->port = port;
  notify (self, PROP_PORT);
}

static void
settle (Xep174Discovery *self)
{
  clear_contacts (self);
  watch_profile (self, NULL);
  set_port (self, 0);
  xep174_discovery_set_local_name (self, NULL);
  set_state (self, STOPPED);
}

static void
return_stops (Xep174Discovery *self,
              const GError    *error)
{
  Xep174DiscoveryPrivate *priv = PRIVATE (self);
  g_autolist(GTask) stops = g_steal_pointer (&priv->stops);

  for (GList *l = stops; l != NULL; l = l->next)
    {
      if (error != NULL)
        g_task_return_error (l->data, g_error_copy (error));
      else
        g_task_return_boolean (l->data, TRUE);
    }
}

static void
on_stopped (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Xep174Discovery *self = user_data;
  g_autoptr(GError) error = NULL;

  if (PRIVATE (self)->state != STOPPING)
    {
      g_critical ("%s called back twice from stop_async", G_OBJECT_TYPE_NAME (self));
      return;
    }

  if (!XEP174_DISCOVERY_GET_CLASS (self)->stop_finish (self, result, &error) && error == NULL)
    g_set_error_literal (&error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                         "Discovery did not stop cleanly and gave no reason");

  /* Whatever the backend says, nothing of it goes on. */
  settle (self);
  return_stops (self, error);
}

static void
begin_stop (Xep174Discovery *self)
{
  set_state (self, STOPPING);
  clear_contacts (self);
  XEP174_DISCOVERY_GET_CLASS (self)->stop_async (self, NULL, on_stopped, self);
}

static gboolean
finish_backend_start (Xep174Discovery *self,
                      GAsyncResult    *result,
                      GError         **error)
{
  Xep174DiscoveryPrivate *priv = PRIVATE (self);
  g_autoptr(GError) reason = NULL;

  if (!XEP174_DISCOVERY_GET_CLASS (self)->start_finish (self, result, &reason))
    {
      if (reason != NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
      else
        g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                             "Discovery did not start and gave no reason");
      return FALSE;
    }

  if (priv->local_name == NULL)
    {
      g_autofree char *name = xep174_profile_dup_instance_name (priv->profile, 0);

      xep174_discovery_set_local_name (self, name);
    }

  return TRUE;
}

static void
on_started (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Xep174Discovery *self = user_data;
  Xep174DiscoveryPrivate *priv = PRIVATE (self);
  g_autoptr(GTask) task = g_steal_pointer (&priv->start);
  g_autoptr(GError) error = NULL;
  gboolean started;

  if (task == NULL)
    {
      g_critical ("%s called back twice from start_async", G_OBJECT_TYPE_NAME (self));
      return;
    }

  /* Not g_cancellable_disconnect(), which waits for the very handler that may have led here. */
  if (priv->outer != NULL)
    g_clear_signal_handler (&priv->outer_handler, priv->outer);
  g_clear_object (&priv->outer);
  g_clear_object (&priv->cancellable);

  started = finish_backend_start (self, result, &error);
  if (!started)
    {
      settle (self);
      g_task_return_error (task, g_steal_pointer (&error));
      return_stops (self, NULL);
    }
  else if (priv->stops != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "Discovery was stopped before it had started");
      begin_stop (self);
    }
  else
    {
      set_state (self, RUNNING);
      schedule_publish (self);
      g_task_return_boolean (task, TRUE);
    }
}

static void
on_outer_cancelled (GCancellable *outer,
                    GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
begin_start (Xep174Discovery *self,
             Xep174Profile   *profile,
             guint16          port,
             GTask           *task)
{
  Xep174DiscoveryPrivate *priv = PRIVATE (self);
  GCancellable *outer = g_task_get_cancellable (task);

  priv->start = g_object_ref (task);
  priv->cancellable = g_cancellable_new ();
  if (outer != NULL)
    {
      priv->outer = g_object_ref (outer);
      priv->outer_handler = g_cancellable_connect (outer, G_CALLBACK (on_outer_cancelled),
                                                   g_object_ref (priv->cancellable),
                                                   g_object_unref);
    }

  set_state (self, STARTING);
  watch_profile (self, profile);
  set_port (self, port);
  XEP174_DISCOVERY_GET_CLASS (self)->start_async (self, profile, port, priv->cancellable,
                                                  on_started, self);
}

/**
 * xep174_discovery_start_async:
 * @self: a discovery that is not running
 * @profile: what to publish
 * @port: the port that sessions are accepted at, which the SRV record names
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called exactly once
 * @user_data: data for @callback
 *
 * Goes online: publishes the profile and looks for others.
 *
 * It ends when the name is in force, see [property@Discovery:local-name]; contacts may appear before
 * and will afterwards. What changes in the profile from then on is published by itself.
 *
 * Since: 1.0
 */
void
xep174_discovery_start_async (Xep174Discovery     *self,
                              Xep174Profile       *profile,
                              guint16              port,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (XEP174_IS_PROFILE (profile));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_discovery_start_async);
  /* The result must say what is: cancelled too late is running. */
  g_task_set_check_cancellable (task, FALSE);

  if (PRIVATE (self)->state != STOPPED)
    g_task_return_new_error (task, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                             "Discovery runs already: stop it and wait for that first");
  else if (!xep174_profile_check_name (profile, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    begin_start (self, profile, port, task);
}

/**
 * xep174_discovery_start_finish:
 * @self: a discovery
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Discovery.start_async].
 *
 * Returns: whether the discovery runs; if not, an error of [error@DiscoveryError], or
 *   `G_IO_ERROR_CANCELLED` if it was cancelled or stopped meanwhile
 *
 * Since: 1.0
 */
gboolean
xep174_discovery_start_finish (Xep174Discovery *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xep174_discovery_stop_async:
 * @self: a discovery
 * @cancellable: (nullable): a cancellable, which ends the waiting and not the stopping
 * @callback: (scope async) (nullable): called exactly once
 * @user_data: data for @callback
 *
 * Goes offline: says goodbye and ends every query.
 *
 * The contacts go at once. A start that is under way is cancelled and fails. A discovery that is
 * stopped already has nothing to do and succeeds.
 *
 * Since: 1.0
 */
void
xep174_discovery_stop_async (Xep174Discovery     *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  Xep174DiscoveryPrivate *priv;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  priv = PRIVATE (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_discovery_stop_async);

  if (priv->state == STOPPED)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  priv->stops = g_list_append (priv->stops, g_object_ref (task));
  if (priv->state == STARTING)
    g_cancellable_cancel (priv->cancellable);
  else if (priv->state == RUNNING)
    begin_stop (self);
}

/**
 * xep174_discovery_stop_finish:
 * @self: a discovery
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Discovery.stop_async].
 *
 * Returns: whether the goodbye went out; the discovery is stopped in any case
 *
 * Since: 1.0
 */
gboolean
xep174_discovery_stop_finish (Xep174Discovery *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Xep174Directory */

static GSocketConnectable *
directory_dup_connectable (Xep174Directory *directory,
                           const char      *name,
                           GError         **error)
{
  Xep174Discovery *self = XEP174_DISCOVERY (directory);

  if (xep174_contact_list_find (PRIVATE (self)->contacts, name) == NULL)
    {
      g_set_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                   "Nobody called “%s” is on the network", name);
      return NULL;
    }

  return XEP174_DISCOVERY_GET_CLASS (self)->dup_connectable (self, name, error);
}

static void
directory_identify_async (Xep174Directory     *directory,
                          GSocketAddress      *address,
                          const char          *claimed_name,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Xep174Discovery *self = XEP174_DISCOVERY (directory);

  XEP174_DISCOVERY_GET_CLASS (self)->identify_async (self, address, claimed_name, cancellable,
                                                     callback, user_data);
}

static char *
directory_identify_finish (Xep174Directory *directory,
                           GAsyncResult    *result,
                           GError         **error)
{
  Xep174Discovery *self = XEP174_DISCOVERY (directory);
  char *name = XEP174_DISCOVERY_GET_CLASS (self)->identify_finish (self, result, error);

  /* Who calls us from its own address is there. */
  if (name != NULL)
    xep174_discovery_set_doubtful (self, name, FALSE);

  return name;
}

static void
directory_report_failure (Xep174Directory *directory,
                          const char      *name)
{
  Xep174Discovery *self = XEP174_DISCOVERY (directory);

  XEP174_DISCOVERY_GET_CLASS (self)->report_failure (self, name);
}

static void
directory_iface_init (Xep174DirectoryInterface *iface)
{
  iface->dup_connectable = directory_dup_connectable;
  iface->identify_async = directory_identify_async;
  iface->identify_finish = directory_identify_finish;
  iface->report_failure = directory_report_failure;
}

/* What a backend has that leaves a function out */

static void
default_start_async (Xep174Discovery     *self,
                     Xep174Profile       *profile,
                     guint16              port,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, default_start_async);
  g_task_return_boolean (task, TRUE);
}

static void
default_stop_async (Xep174Discovery     *self,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, default_stop_async);
  g_task_return_boolean (task, TRUE);
}

static gboolean
default_finish (Xep174Discovery *self,
                GAsyncResult    *result,
                GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
default_profile_changed (Xep174Discovery *self)
{
}

static GSocketConnectable *
default_dup_connectable (Xep174Discovery *self,
                         const char      *name,
                         GError         **error)
{
  g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
               "%s cannot tell addresses", G_OBJECT_TYPE_NAME (self));
  return NULL;
}

static void
default_report_failure (Xep174Discovery *self,
                        const char      *name)
{
  xep174_discovery_set_doubtful (self, name, TRUE);
}

/* The class */

static void
xep174_discovery_get_property (GObject    *object,
                               guint       property,
                               GValue     *value,
                               GParamSpec *pspec)
{
  Xep174Discovery *self = XEP174_DISCOVERY (object);

  switch (property)
    {
    case PROP_PROFILE:
      g_value_set_object (value, xep174_discovery_get_profile (self));
      break;
    case PROP_PORT:
      g_value_set_uint (value, xep174_discovery_get_port (self));
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, xep174_discovery_get_running (self));
      break;
    case PROP_LOCAL_NAME:
      g_value_set_string (value, xep174_discovery_get_local_name (self));
      break;
    case PROP_DOMAIN:
      g_value_set_string (value, xep174_discovery_get_domain (self));
      break;
    case PROP_CONTACTS:
      g_value_set_object (value, xep174_discovery_get_contacts (self));
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
  Xep174DiscoveryPrivate *priv = PRIVATE (XEP174_DISCOVERY (object));

  switch (property)
    {
    case PROP_DOMAIN:
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
  Xep174DiscoveryPrivate *priv = PRIVATE (self);

  if (priv->cancellable != NULL)
    g_cancellable_cancel (priv->cancellable);
  else
    settle (self);

  G_OBJECT_CLASS (xep174_discovery_parent_class)->dispose (object);
}

static void
xep174_discovery_finalize (GObject *object)
{
  Xep174DiscoveryPrivate *priv = PRIVATE (XEP174_DISCOVERY (object));

  g_free (priv->domain);
  g_free (priv->local_name);
  g_object_unref (priv->contacts);
  g_main_context_unref (priv->context);

  G_OBJECT_CLASS (xep174_discovery_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * Xep174Discovery:profile: (attributes org.gtk.Property.get=xep174_discovery_get_profile)
   *
   * What is published, %NULL while stopped.
   *
   * Since: 1.0
   */
  properties[PROP_PROFILE] =
    g_param_spec_object ("profile", NULL, NULL, XEP174_TYPE_PROFILE, readable);

  /**
   * Xep174Discovery:port: (attributes org.gtk.Property.get=xep174_discovery_get_port)
   *
   * The port in our SRV record, 0 while stopped.
   *
   * Since: 1.0
   */
  properties[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, readable);

  /**
   * Xep174Discovery:running: (attributes org.gtk.Property.get=xep174_discovery_get_running)
   *
   * Whether we are online.
   *
   * Since: 1.0
   */
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, readable);

  /**
   * Xep174Discovery:local-name: (attributes org.gtk.Property.get=xep174_discovery_get_local_name)
   *
   * The name that we are published under: `user@machine`, or what had to be taken in its place
   * because somebody else was called so.
   *
   * Since: 1.0
   */
  properties[PROP_LOCAL_NAME] = g_param_spec_string ("local-name", NULL, NULL, NULL, readable);

  /**
   * Xep174Discovery:domain: (attributes org.gtk.Property.get=xep174_discovery_get_domain)
   *
   * The DNS domain that is looked at, `local` for the network at hand.
   *
   * Since: 1.0
   */
  properties[PROP_DOMAIN] =
    g_param_spec_string ("domain", NULL, NULL, "local",
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174Discovery:contacts: (attributes org.gtk.Property.get=xep174_discovery_get_contacts)
   *
   * Everybody else who is online, a list model of [class@Contact].
   *
   * Since: 1.0
   */
  properties[PROP_CONTACTS] =
    g_param_spec_object ("contacts", NULL, NULL, G_TYPE_LIST_MODEL, readable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
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
  signals[CONTACT_ADDED] = install_signal ("contact-added", XEP174_TYPE_CONTACT);

  /**
   * Xep174Discovery::contact-removed:
   * @self: the discovery
   * @contact: a contact
   *
   * Somebody has gone and is in the list no more.
   *
   * Since: 1.0
   */
  signals[CONTACT_REMOVED] = install_signal ("contact-removed", XEP174_TYPE_CONTACT);

  /**
   * Xep174Discovery::network-changed:
   * @self: the discovery
   *
   * An interface came or went, or the machine woke up: streams that look established may be dead,
   * and it is time to probe them.
   *
   * Since: 1.0
   */
  signals[NETWORK_CHANGED] = install_signal ("network-changed", G_TYPE_NONE);
}

static void
xep174_discovery_class_init (Xep174DiscoveryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xep174_discovery_get_property;
  object_class->set_property = xep174_discovery_set_property;
  object_class->dispose = xep174_discovery_dispose;
  object_class->finalize = xep174_discovery_finalize;

  klass->start_async = default_start_async;
  klass->start_finish = default_finish;
  klass->stop_async = default_stop_async;
  klass->stop_finish = default_finish;
  klass->profile_changed = default_profile_changed;
  klass->dup_connectable = default_dup_connectable;
  klass->identify_async = xep174_identify_async;
  klass->identify_finish = xep174_identify_finish;
  klass->report_failure = default_report_failure;

  install_properties (object_class);
  install_signals ();
}

static void
xep174_discovery_init (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = PRIVATE (self);

  priv->context = g_main_context_ref_thread_default ();
  priv->contacts = xep174_contact_list_new ();
}

GMainContext *
xep174_discovery_get_context (Xep174Discovery *self)
{
  return PRIVATE (self)->context;
}

/**
 * xep174_discovery_get_profile: (attributes org.gtk.Method.get_property=profile)
 * @self: a discovery
 *
 * What is published.
 *
 * Returns: (transfer none) (nullable): the profile, %NULL while stopped
 *
 * Since: 1.0
 */
Xep174Profile *
xep174_discovery_get_profile (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);

  return PRIVATE (self)->profile;
}

/**
 * xep174_discovery_get_port: (attributes org.gtk.Method.get_property=port)
 * @self: a discovery
 *
 * The port in our SRV record.
 *
 * Returns: a port, 0 while stopped
 *
 * Since: 1.0
 */
guint16
xep174_discovery_get_port (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), 0);

  return PRIVATE (self)->port;
}

/**
 * xep174_discovery_get_running: (attributes org.gtk.Method.get_property=running)
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

  return PRIVATE (self)->state == RUNNING;
}

/**
 * xep174_discovery_get_local_name: (attributes org.gtk.Method.get_property=local-name)
 * @self: a discovery
 *
 * The name that we are published under.
 *
 * Returns: (transfer none) (nullable): the name in force, %NULL while there is none
 *
 * Since: 1.0
 */
const char *
xep174_discovery_get_local_name (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);

  return PRIVATE (self)->local_name;
}

/**
 * xep174_discovery_get_domain: (attributes org.gtk.Method.get_property=domain)
 * @self: a discovery
 *
 * The DNS domain that is looked at.
 *
 * Returns: (transfer none): a domain, `local` for the network at hand
 *
 * Since: 1.0
 */
const char *
xep174_discovery_get_domain (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);

  return PRIVATE (self)->domain;
}

/**
 * xep174_discovery_get_contacts: (attributes org.gtk.Method.get_property=contacts)
 * @self: a discovery
 *
 * Everybody else who is online.
 *
 * The same list for the life of the discovery, empty while it is stopped.
 *
 * Returns: (transfer none): a list model of [class@Contact]
 *
 * Since: 1.0
 */
GListModel *
xep174_discovery_get_contacts (Xep174Discovery *self)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);

  return G_LIST_MODEL (PRIVATE (self)->contacts);
}

/**
 * xep174_discovery_find_contact:
 * @self: a discovery
 * @name: an instance name, the case of ASCII letters does not matter
 *
 * Looks for somebody who is online.
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

  return xep174_contact_list_find (PRIVATE (self)->contacts, name);
}
