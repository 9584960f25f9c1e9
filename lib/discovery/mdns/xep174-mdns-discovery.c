/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-discovery-private.h"

#include "xep174-directory.h"
#include "xep174-gettext-private.h"
#include "xep174-mdns-browser-private.h"
#include "xep174-mdns-connectable-private.h"
#include "xep174-mdns-identify-private.h"
#include "xep174-mdns-pictures-private.h"
#include "xep174-mdns-publisher-private.h"
#include "xep174-mdns-resolver-private.h"
#include "xep174-network-watch-private.h"
#include "xep174-profile-private.h"

/* How long a start may take. To probe a name that is taken needs less than a second (RFC 6762
 * §8.1). */
#define START_MS 30000
/* How long we wait before we try again to go online, if the stack could not do it. */
#define RETRY_MS 5000

typedef struct
{
  Xep174MdnsHub       *hub; /* NULL if the build lacks the stack */
  Xep174MdnsBrowser   *browser;
  Xep174MdnsIdentify  *identify;
  Xep174MdnsPictures  *pictures;
  Xep174MdnsPublisher *publisher;
  Xep174NetworkWatch  *watch;

  GTask   *start;
  GSource *start_deadline;
  GSource *start_cancelled;
  GSource *retry;
  gboolean open;
  gboolean machine_due; /* the profile must learn the host's name */
  gboolean publish_due;
} Xep174MdnsDiscoveryPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (Xep174MdnsDiscovery, xep174_mdns_discovery,
                                     XEP174_TYPE_DISCOVERY)

#define PRIVATE(self) \
  ((Xep174MdnsDiscoveryPrivate *) xep174_mdns_discovery_get_instance_private (self))

static void on_stack_running (gpointer owner);

/* Ends every query and removes every contact; nobody waits for an address any more. */
static void
stop_asking (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  GList *resolver;

  priv->hub->running = FALSE;
  priv->machine_due = FALSE;
  priv->publish_due = FALSE;
  xep174_mdns_slots_set_paused (priv->hub->slots, TRUE);
  xep174_clear_source (&priv->retry);
  xep174_mdns_browser_stop (priv->browser);
  xep174_mdns_pictures_stop (priv->pictures);
  while ((resolver = g_queue_peek_head_link (&priv->hub->resolvers)) != NULL)
    xep174_mdns_resolver_stop (resolver->data);
}

/* Takes down what the start has built, in the opposite order. The stack says goodbye (D13). */
static void
shut_down (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);

  if (!priv->open)
    return;

  priv->open = FALSE;
  xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_OFFLINE, NULL);
  xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_SILENT, NULL);
  g_clear_pointer (&priv->watch, xep174_network_watch_free);
  stop_asking (self);
  xep174_mdns_publisher_set_profile (priv->publisher, NULL, 0);
  xep174_mdns_stack_close (priv->hub->stack);
  /* The base class removes the contacts when it stops. */
  xep174_mdns_hub_forget_news (priv->hub);
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
  GTask *task = steal_start (self);

  shut_down (self);
  xep174_mdns_return_error (task, error);
}

static gboolean
on_retry (gpointer user_data)
{
  on_stack_running (user_data);

  return G_SOURCE_REMOVE;
}

static void
going_online_failed (const GError *error,
                     gpointer      user_data)
{
  Xep174MdnsDiscovery *self = user_data;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);

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

/* Only the functions below tell the program something. A handler may change everything, so each of
 * these calls is the last of its turn. */

static void
tell_machine (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  g_autoptr(Xep174Profile) profile =
    g_object_ref (xep174_mdns_publisher_get_profile (priv->publisher));
  g_autofree char *host_name = xep174_mdns_stack_dup_host_name (priv->hub->stack);

  priv->machine_due = FALSE;
  xep174_profile_set_default_machine (profile, host_name);
}

/* D9. Our old name may now be that of another contact (D10). */
static void
tell_name (Xep174MdnsDiscovery *self,
           const char          *name)
{
  Xep174Discovery *discovery = XEP174_DISCOVERY (self);
  const char *former = xep174_discovery_get_local_name (discovery);

  if (former != NULL)
    xep174_mdns_hub_note_person (PRIVATE (self)->hub, former);
  xep174_discovery_set_local_name (discovery, name);
}

static void
tell_started (Xep174MdnsDiscovery *self)
{
  g_autoptr(GTask) task = steal_start (self);

  g_task_return_boolean (task, TRUE);
}

static void
tell_problem (Xep174MdnsDiscovery *self,
              const GError        *problem)
{
  if (problem != NULL && problem == PRIVATE (self)->hub->problems[XEP174_MDNS_PROBLEM_BROWSE])
    g_warning ("Contacts cannot be browsed for, trying again: %s", problem->message);
  xep174_discovery_set_problem (XEP174_DISCOVERY (self), problem);
}

static gboolean
is_online (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);

  return priv->hub->running &&
         (xep174_mdns_publisher_get_profile (priv->publisher) == NULL ||
          xep174_mdns_publisher_get_name (priv->publisher) != NULL);
}

static gboolean
tell_next (Xep174MdnsDiscovery *self)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  Xep174Discovery *discovery = XEP174_DISCOVERY (self);
  const char *name = xep174_mdns_publisher_get_name (priv->publisher);
  const GError *problem;
  g_autofree char *person = NULL;

  if (priv->start != NULL && priv->hub->problems[XEP174_MDNS_PROBLEM_BROWSE] != NULL)
    fail_start (self, g_error_copy (priv->hub->problems[XEP174_MDNS_PROBLEM_BROWSE]));
  else if (priv->machine_due)
    tell_machine (self);
  else if (priv->publish_due)
    {
      priv->publish_due = FALSE;
      xep174_mdns_publisher_publish (priv->publisher);
    }
  else if (name != NULL && g_strcmp0 (name, xep174_discovery_get_local_name (discovery)) != 0)
    tell_name (self, name);
  else if (priv->start != NULL && is_online (self))
    tell_started (self);
  else if (xep174_mdns_hub_take_problem (priv->hub, &problem))
    tell_problem (self, problem);
  else if ((person = xep174_mdns_hub_take_person (priv->hub)) != NULL)
    xep174_mdns_browser_tell (priv->browser, person);
  else
    return FALSE;

  return TRUE;
}

static void
tell (Xep174Discovery *owner)
{
  Xep174MdnsDiscovery *self = (Xep174MdnsDiscovery *) owner;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);

  if (!priv->open)
    return;

  /* There may be more to tell, also in a main loop that a handler runs. */
  xep174_mdns_hub_note (priv->hub);
  if (!tell_next (self))
    xep174_mdns_hub_rest (priv->hub);
}

/* What the stack says */

static void
on_stack_published (gpointer owner)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE ((Xep174MdnsDiscovery *) owner);

  xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_OFFLINE, NULL);
  xep174_mdns_publisher_succeeded (priv->publisher);
  xep174_mdns_hub_note (priv->hub);
}

static void
on_stack_publish_failed (gpointer      owner,
                         const GError *error)
{
  xep174_mdns_publisher_failed (PRIVATE ((Xep174MdnsDiscovery *) owner)->publisher, error);
}

static void
on_stack_offer_failed (gpointer      owner,
                       const GError *error)
{
  xep174_mdns_publisher_offer_failed (PRIVATE ((Xep174MdnsDiscovery *) owner)->publisher, error);
}

static void
on_stack_running (gpointer owner)
{
  Xep174MdnsDiscovery *self = owner;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  g_autoptr(GError) error = NULL;

  priv->hub->running = TRUE;
  xep174_mdns_publisher_lose (priv->publisher);
  xep174_mdns_slots_set_paused (priv->hub->slots, FALSE);
  xep174_clear_source (&priv->retry);
  if (!xep174_mdns_browser_start (priv->browser, &error))
    {
      going_online_failed (error, self);
      return;
    }

  priv->machine_due = priv->publish_due =
    xep174_mdns_publisher_get_profile (priv->publisher) != NULL;
  if (!priv->publish_due)
    xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_OFFLINE, NULL);
  xep174_mdns_hub_note (priv->hub);
}

/* D19: the daemon has gone. All contacts are removed, and found again when it is back. Our name
 * stays the same, because sessions that are still open use it. */
static void
on_stack_down (gpointer      owner,
               const GError *error)
{
  Xep174MdnsDiscovery *self = owner;
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);

  if (priv->start != NULL && !priv->hub->running)
    {
      fail_start (self, g_error_copy (error));
      return;
    }

  xep174_mdns_publisher_lose (priv->publisher);
  stop_asking (self);
  xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_SILENT, NULL);
  xep174_mdns_hub_set_problem (priv->hub, XEP174_MDNS_PROBLEM_OFFLINE, error);
}

static void
on_stack_silent (gpointer      owner,
                 const GError *error)
{
  Xep174MdnsDiscovery *self = owner;

  if (error != NULL && PRIVATE (self)->start != NULL)
    fail_start (self, g_error_copy (error));
  else
    xep174_mdns_hub_set_problem (PRIVATE (self)->hub, XEP174_MDNS_PROBLEM_SILENT, error);
}

static const Xep174MdnsListener listener = {
  .running = on_stack_running,
  .down = on_stack_down,
  .silent = on_stack_silent,
  .published = on_stack_published,
  .publish_failed = on_stack_publish_failed,
  .offer_failed = on_stack_offer_failed,
};

void
xep174_mdns_discovery_network_changed (Xep174MdnsDiscovery *self,
                                       gboolean             can_ask)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE (self);
  G_GNUC_UNUSED g_autoptr(Xep174Discovery) alive = g_object_ref (XEP174_DISCOVERY (self));

  if (priv->hub->running)
    {
      xep174_mdns_stack_network_changed (priv->hub->stack);
      xep174_mdns_browser_verify_all (priv->browser);
      /* If our name changes by this, the profile emits that it has changed. */
      priv->machine_due = xep174_mdns_publisher_get_profile (priv->publisher) != NULL;
      xep174_mdns_hub_note (priv->hub);
    }
  /* If the only link has gone, nobody answers a probe, but a stream may survive until the link is
   * back. If there is another link, streams that went over the old one may go on over that. */
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
  Xep174MdnsDiscovery *self = user_data;
  GError *error = xep174_mdns_publisher_dup_reason (PRIVATE (self)->publisher);

  if (error == NULL)
    error = g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                         _("You are not online after %d seconds. Look whether avahi-daemon can use "
                           "the network, and try again"), START_MS / 1000);
  fail_start (self, error);

  return G_SOURCE_REMOVE;
}

static gboolean
on_start_cancelled (GCancellable *cancellable,
                    gpointer      user_data)
{
  fail_start (user_data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                              _("Starting discovery was cancelled")));

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
  /* The result must be true: if it was cancelled too late, we are published. */
  g_task_set_check_cancellable (task, FALSE);
  if (priv->hub == NULL)
    {
      g_task_return_new_error (task, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
                               _("This build of libxep174 has no %s; use another discovery"),
                               G_OBJECT_TYPE_NAME (self));
      return;
    }

  if (!xep174_mdns_stack_open (priv->hub->stack, priv->hub->context, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  priv->open = TRUE;
  xep174_mdns_publisher_set_profile (priv->publisher, profile, port);
  priv->watch = xep174_network_watch_new (priv->hub->context, on_network_changed, self);
  watch_start (self, task);
}

/* In a turn of its own, because a handler may have asked for it. */
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

static void
xep174_mdns_discovery_profile_changed (Xep174Discovery *discovery)
{
  xep174_mdns_publisher_update (PRIVATE ((Xep174MdnsDiscovery *) discovery)->publisher);
}

/* Xep174Directory */

static GSocketConnectable *
xep174_mdns_discovery_dup_contact_connectable (Xep174Discovery *discovery,
                                               const char      *name,
                                               GError         **error)
{
  /* Only contacts that we know are asked for, so there is a stack. */
  return xep174_mdns_connectable_new (PRIVATE ((Xep174MdnsDiscovery *) discovery)->hub, name);
}

static void
xep174_mdns_discovery_identify_contact_async (Xep174Discovery     *discovery,
                                              GSocketAddress      *address,
                                              const char          *claimed_name,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE ((Xep174MdnsDiscovery *) discovery);
  GTask *task = g_task_new (discovery, cancellable, callback, user_data);

  g_task_set_source_tag (task, xep174_mdns_discovery_identify_contact_async);
  if (priv->open)
    {
      xep174_mdns_identify_run (priv->identify, address, claimed_name, task);
      return;
    }

  g_task_return_new_error (task, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                           _("Nobody is known yet: you are not online"));
  g_object_unref (task);
}

static void
xep174_mdns_discovery_report_contact_failure (Xep174Discovery *discovery,
                                              const char      *name)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE ((Xep174MdnsDiscovery *) discovery);

  if (priv->hub != NULL)
    xep174_mdns_browser_doubt (priv->browser, name);
}

/* The result does not keep us: a program may drop a discovery while pictures are on their way. */
static void
xep174_mdns_discovery_load_avatar_async (Xep174Discovery     *discovery,
                                         const char          *name,
                                         const char          *hash,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, xep174_mdns_discovery_load_avatar_async);
  xep174_mdns_pictures_run (PRIVATE ((Xep174MdnsDiscovery *) discovery)->pictures, name, hash, task);
}

static GBytes *
xep174_mdns_discovery_load_avatar_finish (Xep174Discovery *discovery,
                                          GAsyncResult    *result,
                                          GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The contacts go next, and their handlers may still ask us for anything. */
static void
xep174_mdns_discovery_dispose (GObject *object)
{
  shut_down ((Xep174MdnsDiscovery *) object);

  G_OBJECT_CLASS (xep174_mdns_discovery_parent_class)->dispose (object);
}

static void
xep174_mdns_discovery_finalize (GObject *object)
{
  Xep174MdnsDiscoveryPrivate *priv = PRIVATE ((Xep174MdnsDiscovery *) object);

  if (priv->hub != NULL)
    {
      xep174_mdns_stack_set_listener (priv->hub->stack, NULL, NULL);
      xep174_mdns_publisher_free (priv->publisher);
      xep174_mdns_identify_free (priv->identify);
      xep174_mdns_pictures_free (priv->pictures);
      xep174_mdns_browser_free (priv->browser);
      xep174_mdns_hub_disown (priv->hub);
      xep174_mdns_hub_unref (priv->hub);
    }

  G_OBJECT_CLASS (xep174_mdns_discovery_parent_class)->finalize (object);
}

static void
xep174_mdns_discovery_class_init (Xep174MdnsDiscoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xep174_mdns_discovery_dispose;
  G_OBJECT_CLASS (klass)->finalize = xep174_mdns_discovery_finalize;
  klass->start_async = xep174_mdns_discovery_start_async;
  klass->stop_async = xep174_mdns_discovery_stop_async;
  klass->profile_changed = xep174_mdns_discovery_profile_changed;
  klass->dup_contact_connectable = xep174_mdns_discovery_dup_contact_connectable;
  klass->identify_contact_async = xep174_mdns_discovery_identify_contact_async;
  klass->report_contact_failure = xep174_mdns_discovery_report_contact_failure;
  klass->load_avatar_async = xep174_mdns_discovery_load_avatar_async;
  klass->load_avatar_finish = xep174_mdns_discovery_load_avatar_finish;
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

  priv->hub = xep174_mdns_hub_new (stack, discovery, tell);
  priv->browser = xep174_mdns_browser_new (priv->hub, discovery);
  priv->identify = xep174_mdns_identify_new (priv->hub, priv->browser, discovery);
  priv->pictures = xep174_mdns_pictures_new (priv->hub, priv->browser);
  priv->publisher = xep174_mdns_publisher_new (priv->hub, priv->browser, going_online_failed, self);
  xep174_mdns_stack_set_listener (stack, &listener, self);
}
