/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-discovery-private.h"

#include "xep174-directory.h"
#include "xep174-mdns-browser-private.h"
#include "xep174-mdns-connectable-private.h"
#include "xep174-mdns-identify-private.h"
#include "xep174-mdns-resolver-private.h"
#include "xep174-network-watch-private.h"
#include "xep174-profile-private.h"

/* D9: user, user-1 … user-99. */
#define ATTEMPTS 100
/* Probing takes less than a second for each name that is taken (RFC 6762 §8.1). */
#define START_MS 30000
/* After how long going online is tried again when the stack failed at it. */
#define RETRY_MS 5000

typedef struct
{
  Xep174MdnsHub      *hub; /* NULL if the build lacks the stack */
  Xep174MdnsBrowser  *browser;
  Xep174MdnsIdentify *identify;
  Xep174NetworkWatch *watch;

  GTask   *start;
  GSource *start_deadline;
  GSource *start_cancelled;
  gboolean open;

  Xep174Profile *profile; /* NULL: nothing is published */
  guint16        port;
  char          *base_name; /* `user@machine`, of which @attempts were taken */
  guint          attempts;
  char          *name;      /* published or being probed; NULL for neither */
  GBytes        *txt;       /* the same */
  GSource       *retry;
} Xep174MdnsDiscoveryPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (Xep174MdnsDiscovery, xep174_mdns_discovery,
                                     XEP174_TYPE_DISCOVERY)

#define PRIVATE(self) \
  ((Xep174MdnsDiscoveryPrivate *) xep174_mdns_discovery_get_instance_private (self))

static void on_stack_running (gpointer owner);

/* No query, no contact, nobody who waits for an address. */
static void
stop_asking (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  GList *resolver;

  priv->hub->running = FALSE;
  xep174_mdns_slots_set_paused (priv->hub->slots, TRUE);
  xep174_clear_source (&priv->retry);
  xep174_mdns_browser_stop (priv->browser);
  while ((resolver = g_queue_peek_head_link (&priv->hub->resolvers)) != NULL)
    xep174_mdns_resolver_stop (resolver->data);
}

/* Everything that start built, in the opposite order; the stack says goodbye (D13). */
static void
shut_down (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);

  if (!priv->open)
    return;

  priv->open = FALSE;
  xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_OFFLINE, NULL);
  g_clear_pointer (&priv->watch, xep174_network_watch_free);
  stop_asking (self);
  xep174_mdns_browser_set_own_name (priv->browser, NULL);
  xep174_mdns_stack_close (priv->hub->stack);

  g_clear_pointer (&priv->base_name, g_free);
  g_clear_pointer (&priv->name, g_free);
  g_clear_pointer (&priv->txt, g_bytes_unref);
  g_clear_object (&priv->profile);
}

static GTask *
steal_start (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);

  xep174_clear_source (&priv->start_deadline);
  xep174_clear_source (&priv->start_cancelled);

  return g_steal_pointer (&priv->start);
}

static void
fail_start (Xep174MdnsDiscovery *self,
            GError              *error)
{
  g_autoptr(GTask) task = steal_start (self);

  shut_down (self);
  g_task_return_error (task, error);
}

/* Publishing */

static gboolean
on_retry (gpointer user_data)
{
  Xep174MdnsDiscovery *self = user_data;

  xep174_clear_source (&PRIVATE (self)->retry);
  on_stack_running (self);

  return G_SOURCE_REMOVE;
}

static void
going_online_failed (Xep174MdnsDiscovery *self,
                     const GError        *error)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);

  g_clear_pointer (&priv->name, g_free);
  if (priv->start != NULL)
    {
      fail_start (self, g_error_copy (error));
      return;
    }

  g_warning ("We are not online for now, trying again: %s", error->message);
  xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_OFFLINE, error);
  xep174_clear_source (&priv->retry);
  priv->retry = xep174_mdns_stack_after (priv->hub->stack, RETRY_MS, on_retry, self);
}

/* D9: what we are called, of which the machine's part may have changed since the last time. A name
 * that was taken once is not tried again until then, so a daemon that comes back brings the same
 * name back (D19). */
static void
choose_name (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  g_autofree char *host_name = xep174_mdns_stack_dup_host_name (priv->hub->stack);
  g_autofree char *base_name = NULL;

  xep174_profile_set_default_machine (priv->profile, host_name);
  base_name = xep174_profile_dup_instance_name (priv->profile, 0);
  if (g_strcmp0 (base_name, priv->base_name) != 0)
    {
      g_free (priv->base_name);
      priv->base_name = g_steal_pointer (&base_name);
      priv->attempts = 0;
    }

  g_free (priv->name);
  priv->name = xep174_profile_dup_instance_name (priv->profile, priv->attempts);
  xep174_mdns_browser_set_own_name (priv->browser, priv->name);
}

/* D17: the daemon publishes on the local network only. */
static GError *
explain (GError     *error,
         const char *domain)
{
  GError *explained;

  if (!g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED))
    return error;

  explained = g_error_new (error->domain, error->code,
                           "%s; to look for contacts in “%s” start without a profile",
                           error->message, domain);
  g_error_free (error);

  return explained;
}

static void
publish (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  g_autoptr(GError) error = NULL;
  gboolean published;

  g_clear_pointer (&priv->txt, g_bytes_unref);
  priv->txt = xep174_profile_dup_txt (priv->profile, priv->port);
  do
    {
      Xep174MdnsService service = { NULL, priv->hub->domain, priv->port, priv->txt };

      g_clear_error (&error);
      choose_name (self);
      service.instance = priv->name;
      published = xep174_mdns_stack_publish (priv->hub->stack, &service, &error);
    }
  while (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION) &&
         ++priv->attempts < ATTEMPTS);

  if (published)
    return;

  error = explain (g_steal_pointer (&error), priv->hub->domain);
  going_online_failed (self, error);
}

static void
finish_start (Xep174MdnsDiscovery *self)
{
  g_autoptr(GTask) task = steal_start (self);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
on_stack_published (gpointer owner)
{
  Xep174MdnsDiscovery *self = owner;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  Xep174Discovery *discovery = XEP174_DISCOVERY (self);
  G_GNUC_UNUSED g_autoptr(Xep174Discovery) alive = g_object_ref (discovery);
  g_autofree char *former = g_strdup (xep174_discovery_get_local_name (discovery));

  xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_OFFLINE, NULL);
  xep174_discovery_set_local_name (discovery, priv->name);
  if (former != NULL && priv->open)
    xep174_mdns_browser_show (priv->browser, former);

  finish_start (self);
}

static void
on_stack_publish_failed (gpointer      owner,
                         const GError *error)
{
  Xep174MdnsDiscovery *self = owner;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  G_GNUC_UNUSED g_autoptr(Xep174Discovery) alive = g_object_ref (owner);

  if (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION) &&
      ++priv->attempts < ATTEMPTS)
    publish (self);
  else
    going_online_failed (self, error);
}

static void
on_stack_running (gpointer owner)
{
  Xep174MdnsDiscovery *self = owner;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  g_autoptr(GError) error = NULL;

  priv->hub->running = TRUE;
  xep174_mdns_slots_set_paused (priv->hub->slots, FALSE);
  xep174_clear_source (&priv->retry);
  if (!xep174_mdns_browser_start (priv->browser, &error))
    going_online_failed (self, error);
  else if (priv->profile != NULL)
    publish (self);
  else
    {
      xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_OFFLINE, NULL);
      finish_start (self);
    }
}

/* D19: the daemon has gone. Contacts are dropped, and found again when it is back. Our name stays
 * what it was: that is what sessions that live on are called by. */
static void
on_stack_down (gpointer owner)
{
  Xep174MdnsDiscovery *self = owner;
  G_GNUC_UNUSED g_autoptr(Xep174Discovery) alive = g_object_ref (owner);
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&PRIVATE (self)->name, g_free);
  stop_asking (self);
  g_set_error_literal (&error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON,
                       "mDNS is away and nobody can be found; avahi-daemon may have been stopped");
  xep174_mdns_hub_set_problem (PRIVATE (self)->hub, XEP174_MDNS_PROBLEM_OFFLINE, error);
}

static const Xep174MdnsListener listener = {
  .running = on_stack_running,
  .down = on_stack_down,
  .published = on_stack_published,
  .publish_failed = on_stack_publish_failed,
};

void
xep174_mdns_discovery_network_changed (Xep174MdnsDiscovery *self,
                                       gboolean             can_ask)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  G_GNUC_UNUSED g_autoptr(Xep174Discovery) alive = g_object_ref (XEP174_DISCOVERY (self));

  if (priv->hub->running)
    {
      g_autofree char *host_name = xep174_mdns_stack_dup_host_name (priv->hub->stack);

      /* If this gives us another name, the profile says that it has changed. */
      if (priv->profile != NULL)
        xep174_profile_set_default_machine (priv->profile, host_name);
      xep174_mdns_stack_network_changed (priv->hub->stack);
      xep174_mdns_browser_verify_all (priv->browser);
    }
  /* Over the only link, gone, nobody answers a probe, though a stream may outlast the gap. Where
   * there is another one, those whose stream went over it can go on over that. */
  if (can_ask)
    xep174_discovery_network_changed (XEP174_DISCOVERY (self));
}

static void
on_network_changed (gboolean can_ask,
                    gpointer user_data)
{
  xep174_mdns_discovery_network_changed (user_data, can_ask);
}

/* Starting and stopping */

static gboolean
on_start_deadline (gpointer user_data)
{
  fail_start (user_data,
              g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                           "Discovery could not start within %d seconds; "
                           "is avahi-daemon able to use the network?", START_MS / 1000));

  return G_SOURCE_REMOVE;
}

static gboolean
on_start_cancelled (GCancellable *cancellable,
                    gpointer      user_data)
{
  fail_start (user_data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                              "Starting discovery was cancelled"));

  return G_SOURCE_REMOVE;
}

static void
watch_start (Xep174MdnsDiscovery *self,
             GTask               *task)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  GCancellable *cancellable = g_task_get_cancellable (task);

  priv->start = g_object_ref (task);
  priv->start_deadline = xep174_mdns_stack_after (priv->hub->stack, START_MS, on_start_deadline,
                                                  self);
  if (cancellable == NULL)
    return;

  priv->start_cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (priv->start_cancelled, G_SOURCE_FUNC (on_start_cancelled), self, NULL);
  g_source_attach (priv->start_cancelled, priv->hub->context);
}

static void
xep174_mdns_discovery_start_async (Xep174Discovery     *discovery,
                                   Xep174Profile       *profile,
                                   guint16              port,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  Xep174MdnsDiscovery *self = (Xep174MdnsDiscovery *) discovery;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, xep174_mdns_discovery_start_async);
  if (priv->hub == NULL)
    {
      g_task_return_new_error (task, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
                               "This build of libxep174 has no %s; use another discovery",
                               G_OBJECT_TYPE_NAME (self));
      return;
    }

  if (!xep174_mdns_stack_open (priv->hub->stack, priv->hub->context, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  priv->open = TRUE;
  g_set_object (&priv->profile, profile);
  priv->port = port;
  priv->attempts = 0;
  priv->watch = xep174_network_watch_new (priv->hub->context, on_network_changed, self);
  watch_start (self, task);
}

static gboolean
xep174_mdns_discovery_start_finish (Xep174Discovery *discovery,
                                    GAsyncResult    *result,
                                    GError         **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* In a turn of its own: it may have been asked for in a handler that one of the queries called. */
static gboolean
on_stop (gpointer user_data)
{
  GTask *task = user_data;

  shut_down (g_task_get_source_object (task));
  g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

static void
xep174_mdns_discovery_stop_async (Xep174Discovery     *discovery,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (discovery, NULL, callback, user_data);
  g_autoptr(GSource) source = g_idle_source_new ();

  g_task_set_source_tag (task, xep174_mdns_discovery_stop_async);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_task_attach_source (task, source, on_stop);
}

static gboolean
xep174_mdns_discovery_stop_finish (Xep174Discovery *discovery,
                                   GAsyncResult    *result,
                                   GError         **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* D14 if the name is the same, else D9. */
static void
xep174_mdns_discovery_profile_changed (Xep174Discovery *discovery)
{
  Xep174MdnsDiscovery *self = (Xep174MdnsDiscovery *) discovery;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  g_autofree char *base_name = NULL;
  g_autoptr(GBytes) txt = NULL;
  g_autoptr(GError) error = NULL;
  Xep174MdnsService service;

  if (priv->name == NULL)
    return;

  base_name = xep174_profile_dup_instance_name (priv->profile, 0);
  if (g_strcmp0 (base_name, priv->base_name) != 0)
    {
      xep174_mdns_stack_withdraw (priv->hub->stack);
      publish (self);
      return;
    }

  txt = xep174_profile_dup_txt (priv->profile, priv->port);
  if (g_bytes_equal (txt, priv->txt))
    return;

  g_bytes_unref (priv->txt);
  priv->txt = g_steal_pointer (&txt);
  service = (Xep174MdnsService) { priv->name, priv->hub->domain, priv->port, priv->txt };
  if (!xep174_mdns_stack_update (priv->hub->stack, &service, &error))
    going_online_failed (self, error);
}

/* Xep174Directory */

static GSocketConnectable *
xep174_mdns_discovery_make_connectable (Xep174Discovery *discovery,
                                        const char      *name,
                                        GError         **error)
{
  /* Only known contacts are asked for, so there is a stack. */
  return xep174_mdns_connectable_new (PRIVATE ((Xep174MdnsDiscovery *) discovery)->hub, name);
}

static void
xep174_mdns_discovery_find_caller_async (Xep174Discovery     *discovery,
                                         GSocketAddress      *address,
                                         const char          *claimed_name,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE ((Xep174MdnsDiscovery *) discovery);
  GTask *task = g_task_new (discovery, cancellable, callback, user_data);

  g_task_set_source_tag (task, xep174_mdns_discovery_find_caller_async);
  if (priv->open)
    {
      xep174_mdns_identify_run (priv->identify, address, claimed_name, task);
      return;
    }

  g_task_return_new_error (task, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                           "Nobody is known before discovery has started");
  g_object_unref (task);
}

static char *
xep174_mdns_discovery_find_caller_finish (Xep174Discovery *discovery,
                                          GAsyncResult    *result,
                                          GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
xep174_mdns_discovery_contact_failed (Xep174Discovery *discovery,
                                      const char      *name)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE ((Xep174MdnsDiscovery *) discovery);

  if (priv->hub != NULL)
    xep174_mdns_browser_doubt (priv->browser, name);
}

static void
xep174_mdns_discovery_dispose (GObject *object)
{
  Xep174MdnsDiscovery *self = (Xep174MdnsDiscovery *) object;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);

  /* First of all: what the browser takes down then is nobody's contact any more, and not told. */
  G_OBJECT_CLASS (xep174_mdns_discovery_parent_class)->dispose (object);

  shut_down (self);
  if (priv->hub != NULL)
    xep174_mdns_stack_set_listener (priv->hub->stack, NULL, NULL);
  g_clear_pointer (&priv->identify, xep174_mdns_identify_free);
  g_clear_pointer (&priv->browser, xep174_mdns_browser_free);
  if (priv->hub != NULL)
    xep174_mdns_hub_disown (priv->hub);
  g_clear_pointer (&priv->hub, xep174_mdns_hub_unref);
}

static void
xep174_mdns_discovery_class_init (Xep174MdnsDiscoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xep174_mdns_discovery_dispose;
  klass->start_async = xep174_mdns_discovery_start_async;
  klass->start_finish = xep174_mdns_discovery_start_finish;
  klass->stop_async = xep174_mdns_discovery_stop_async;
  klass->stop_finish = xep174_mdns_discovery_stop_finish;
  klass->profile_changed = xep174_mdns_discovery_profile_changed;
  klass->make_connectable = xep174_mdns_discovery_make_connectable;
  klass->find_caller_async = xep174_mdns_discovery_find_caller_async;
  klass->find_caller_finish = xep174_mdns_discovery_find_caller_finish;
  klass->contact_failed = xep174_mdns_discovery_contact_failed;
}

static void
xep174_mdns_discovery_init (Xep174MdnsDiscovery *self)
{
}

void
xep174_mdns_discovery_take_stack (Xep174MdnsDiscovery *self,
                                  Xep174MdnsStack     *stack)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  Xep174Discovery *discovery = XEP174_DISCOVERY (self);

  if (stack == NULL)
    return;

  priv->hub = xep174_mdns_hub_new (stack, discovery);
  priv->browser = xep174_mdns_browser_new (priv->hub, discovery);
  priv->identify = xep174_mdns_identify_new (priv->hub, priv->browser, discovery);
  xep174_mdns_stack_set_listener (stack, &listener, self);
}
