/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-stack-private.h"

#include "xep174-avahi-daemon-private.h"
#include "xep174-avahi-group-private.h"
#include "xep174-avahi-query-private.h"
#include "xep174-avahi-refusal-private.h"
#include "xep174-discovery.h"
#include "xep174-gettext-private.h"

/* What the daemon remembers (cache-entries-max) if nobody has told it otherwise; it does not say. */
#define CACHE_ENTRIES_MAX 4096

/* How long to wait for a bus that has gone, at first and at most, and for a daemon that has before the
 * bus is asked to start it. */
#define RECONNECT_MS     1000
#define RECONNECT_MS_MAX 30000

#define XEP174_TYPE_AVAHI_STACK (xep174_avahi_stack_get_type ())
G_DECLARE_FINAL_TYPE (Xep174AvahiStack, xep174_avahi_stack, XEP174, AVAHI_STACK, Xep174MdnsStack)

struct _Xep174AvahiStack
{
  Xep174MdnsStack     parent_instance;
  GMainContext       *context;
  Xep174AvahiBus     *bus;     /* the first connection, which hears of the daemon */
  Xep174AvahiDaemon  *daemon;  /* while the bus is there */
  Xep174AvahiObjects *objects; /* while the daemon is there */
  Xep174AvahiGroup   *group;   /* the same */
  Xep174AvahiGroup   *offer;   /* the same */
  Xep174AvahiLedger   ledger;
  GSource            *update;
  GSource            *reconnect;
  guint               reconnect_ms;
  gboolean            is_back; /* not the first connection */
  gboolean            is_lost; /* another connection has broken */
  gboolean            running;
  gboolean            told_absent;
};

G_DEFINE_FINAL_TYPE (Xep174AvahiStack, xep174_avahi_stack, XEP174_TYPE_MDNS_STACK)

static gboolean on_update (gpointer user_data);

/* Things change in turns of a connection, where nothing may be freed; they are looked at in a turn of
 * our own. */
static void
schedule_update (gpointer user_data)
{
  Xep174AvahiStack *self = user_data;

  if (self->update == NULL)
    self->update = xep174_mdns_stack_after (XEP174_MDNS_STACK (self), 0, on_update, self);
}

static void
on_objects_lost (gpointer user_data)
{
  XEP174_AVAHI_STACK (user_data)->is_lost = TRUE;
  schedule_update (user_data);
}

/* The bus tells the daemon that we have left, which says goodbye for us even if the process ends. */
static void
disconnect (Xep174AvahiStack *self)
{
  self->running = FALSE;
  self->is_lost = FALSE;
  xep174_clear_source (&self->update);
  xep174_clear_source (&self->reconnect);
  g_clear_pointer (&self->group, xep174_avahi_group_free);
  g_clear_pointer (&self->offer, xep174_avahi_group_free);
  g_clear_pointer (&self->objects, xep174_avahi_objects_free);
  g_clear_pointer (&self->daemon, xep174_avahi_daemon_free);
  g_clear_pointer (&self->bus, xep174_avahi_bus_free);
}

static void connect_to_bus (Xep174AvahiStack *self);

static gboolean
on_reconnect (gpointer user_data)
{
  Xep174AvahiStack *self = user_data;

  xep174_clear_source (&self->reconnect);
  if (self->daemon != NULL)
    xep174_avahi_daemon_start (self->daemon);
  else
    connect_to_bus (self);

  return G_SOURCE_REMOVE;
}

static void
reconnect_later (Xep174AvahiStack *self,
                 guint             milliseconds)
{
  xep174_clear_source (&self->reconnect);
  self->reconnect = xep174_mdns_stack_after (XEP174_MDNS_STACK (self), milliseconds, on_reconnect,
                                             self);
}

/* D19: the daemon, or the bus, has gone. */
static void
start_over (Xep174AvahiStack *self,
            const GError     *error)
{
  self->running = FALSE;
  xep174_mdns_stack_emit_down (XEP174_MDNS_STACK (self), error);
  if (self->context == NULL)
    return;

  disconnect (self);
  self->is_back = TRUE;
  reconnect_later (self, self->reconnect_ms);
  self->reconnect_ms = MIN (MAX (self->reconnect_ms * 2, RECONNECT_MS), RECONNECT_MS_MAX);
}

/* While the daemon settles its host name nothing is published: our SRV record names that host. */
static void
set_running (Xep174AvahiStack *self,
             gboolean          running)
{
  if (self->running == running)
    return;

  self->running = running;
  if (running)
    {
      self->reconnect_ms = 0;
      xep174_mdns_stack_emit_running (XEP174_MDNS_STACK (self));
    }
  else
    xep174_mdns_stack_withdraw (XEP174_MDNS_STACK (self));
}

/* D19: whoever stops the daemon may mean it, and whoever restarts it needs a moment. It is asked for
 * once, as any request to it would do. */
static void
wait_for_daemon (Xep174AvahiStack *self)
{
  g_autoptr(GError) error = xep174_avahi_daemon_dup_error (self->daemon);

  if (self->told_absent)
    return;

  self->told_absent = TRUE;
  if (self->is_back)
    reconnect_later (self, RECONNECT_MS);
  else
    xep174_mdns_stack_emit_down (XEP174_MDNS_STACK (self), error);
}

static void
meet_daemon (Xep174AvahiStack *self)
{
  if (self->objects != NULL)
    return;

  xep174_clear_source (&self->reconnect);
  self->objects = xep174_avahi_objects_new (XEP174_MDNS_STACK (self), self->context, self->bus,
                                            xep174_avahi_daemon_get_owner (self->daemon),
                                            on_objects_lost, self);
  self->group = xep174_avahi_group_new (self->objects, schedule_update, self);
  self->offer = xep174_avahi_group_new (self->objects, schedule_update, self);
}

static void
tell_news (Xep174AvahiStack *self)
{
  Xep174MdnsStack *stack = XEP174_MDNS_STACK (self);
  g_autoptr(GError) error = NULL;

  if (self->group == NULL)
    return;

  switch (xep174_avahi_group_take_news (self->group, &error))
    {
    case XEP174_AVAHI_GROUP_PUBLISHED:
      xep174_mdns_stack_emit_published (stack);
      break;
    case XEP174_AVAHI_GROUP_FAILED:
      xep174_mdns_stack_emit_publish_failed (stack, error);
      break;
    case XEP174_AVAHI_GROUP_BUSY:
    default:
      break;
    }
}

static void
tell_offer_news (Xep174AvahiStack *self)
{
  g_autoptr(GError) error = NULL;

  if (self->offer != NULL &&
      xep174_avahi_group_take_news (self->offer, &error) == XEP174_AVAHI_GROUP_FAILED)
    xep174_mdns_stack_emit_offer_failed (XEP174_MDNS_STACK (self), error);
}

static gboolean
on_update (gpointer user_data)
{
  g_autoptr(Xep174AvahiStack) self = g_object_ref (user_data);
  g_autoptr(GError) error = NULL;
  Xep174AvahiPresence presence;

  xep174_clear_source (&self->update);
  if (self->is_lost)
    {
      error = xep174_avahi_refusal_new (XEP174_AVAHI_GONE, NULL, NULL);
      start_over (self, error);
      return G_SOURCE_REMOVE;
    }

  presence = xep174_avahi_daemon_get_presence (self->daemon);
  switch (presence)
    {
    case XEP174_AVAHI_LOST:
      error = xep174_avahi_daemon_dup_error (self->daemon);
      start_over (self, error);
      break;
    case XEP174_AVAHI_ABSENT:
      wait_for_daemon (self);
      break;
    case XEP174_AVAHI_SETTLING:
    case XEP174_AVAHI_RUNNING:
      meet_daemon (self);
      if (xep174_avahi_daemon_take_doubt (self->daemon))
        set_running (self, FALSE);
      if (presence == XEP174_AVAHI_RUNNING)
        set_running (self, TRUE);
      tell_news (self);
      tell_offer_news (self);
      break;
    case XEP174_AVAHI_SOUGHT:
    default:
      break;
    }

  return G_SOURCE_REMOVE;
}

/* The first connection */

static void
on_bus_opened (Xep174AvahiBus *bus,
               gpointer        owner)
{
  Xep174AvahiStack *self = owner;

  self->told_absent = FALSE;
  self->daemon = xep174_avahi_daemon_new (bus, !self->is_back, schedule_update, self);
}

static void
on_bus_closed (Xep174AvahiBus *bus,
               const char     *refusal,
               const char     *words,
               gpointer        owner)
{
  g_autoptr(Xep174AvahiStack) self = g_object_ref (owner);
  g_autoptr(GError) error = xep174_avahi_refusal_new (refusal, words, _("Reaching the system bus"));

  start_over (self, error);
}

static void
on_bus_silent (Xep174AvahiBus *bus,
               gboolean        silent,
               gpointer        owner)
{
  Xep174AvahiStack *self = owner;
  g_autoptr(GError) error = silent ? xep174_avahi_refusal_new (XEP174_AVAHI_SILENT, NULL, NULL)
                                   : NULL;

  xep174_mdns_stack_emit_silent (XEP174_MDNS_STACK (self), error);
}

static const Xep174AvahiBusListener bus_listener = {
  .opened = on_bus_opened,
  .closed = on_bus_closed,
  .silent = on_bus_silent,
};

static void
connect_to_bus (Xep174AvahiStack *self)
{
  self->bus = xep174_avahi_bus_new (XEP174_MDNS_STACK (self), self->context, &bus_listener, self);
}

/* The table of functions */

static gboolean
xep174_avahi_stack_open (Xep174MdnsStack *stack,
                         GMainContext    *context,
                         GError         **error)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  self->context = g_main_context_ref (context);
  self->is_back = FALSE;
  self->reconnect_ms = 0;
  connect_to_bus (self);

  return TRUE;
}

static void
xep174_avahi_stack_close (Xep174MdnsStack *stack)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  disconnect (self);
  g_clear_pointer (&self->context, g_main_context_unref);
}

static guint
xep174_avahi_stack_get_records_max (Xep174MdnsStack *stack)
{
  return CACHE_ENTRIES_MAX;
}

static char *
xep174_avahi_stack_dup_host_name (Xep174MdnsStack *stack)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  return self->daemon != NULL ? g_strdup (xep174_avahi_daemon_get_host_name (self->daemon)) : NULL;
}

/* @domain or whatever else goes over the bus, which takes nothing else. */
static gboolean
check (Xep174AvahiStack  *self,
       const char        *domain,
       GError           **error)
{
  if (self->objects != NULL && g_utf8_validate (domain, -1, NULL))
    return TRUE;

  g_propagate_error (error, xep174_avahi_refusal_new (self->objects == NULL
                                                        ? XEP174_AVAHI_GONE
                                                        : XEP174_AVAHI_INVALID_DOMAIN,
                                                      NULL, NULL));

  return FALSE;
}

static Xep174MdnsQuery *
xep174_avahi_stack_query (Xep174MdnsStack        *stack,
                          const char             *name,
                          guint16                 type,
                          const Xep174MdnsPlace  *place,
                          Xep174MdnsQueryFunc     func,
                          gpointer                user_data,
                          GError                **error)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  if (!check (self, name, error))
    return NULL;

  return xep174_avahi_query_new (self->objects, &self->ledger, name, type, place, func, user_data);
}

static void
xep174_avahi_stack_cancel (Xep174MdnsStack *stack,
                           Xep174MdnsQuery *query)
{
  xep174_avahi_query_free (query);
}

static gboolean
xep174_avahi_stack_publish (Xep174MdnsStack         *stack,
                            const Xep174MdnsService *service,
                            GError                 **error)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  if (!check (self, service->domain, error))
    return FALSE;

  xep174_avahi_group_withdraw (self->offer);
  xep174_avahi_group_publish (self->group, service);
  return TRUE;
}

static gboolean
xep174_avahi_stack_update (Xep174MdnsStack         *stack,
                           const Xep174MdnsService *service,
                           GError                 **error)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  if (!check (self, service->domain, error))
    return FALSE;

  xep174_avahi_group_update (self->group, service);
  return TRUE;
}

static gboolean
xep174_avahi_stack_offer (Xep174MdnsStack       *stack,
                          const Xep174MdnsOffer *offer,
                          GError               **error)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  if (!check (self, offer->names[0], error))
    return FALSE;

  xep174_avahi_group_offer (self->offer, offer);
  return TRUE;
}

static void
xep174_avahi_stack_withdraw (Xep174MdnsStack *stack)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  if (self->group == NULL)
    return;

  xep174_avahi_group_withdraw (self->group);
  xep174_avahi_group_withdraw (self->offer);
}

static void
xep174_avahi_stack_dispose (GObject *object)
{
  xep174_avahi_stack_close (XEP174_MDNS_STACK (object));

  G_OBJECT_CLASS (xep174_avahi_stack_parent_class)->dispose (object);
}

static void
xep174_avahi_stack_class_init (Xep174AvahiStackClass *klass)
{
  Xep174MdnsStackClass *stack_class = XEP174_MDNS_STACK_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xep174_avahi_stack_dispose;
  stack_class->get_records_max = xep174_avahi_stack_get_records_max;
  stack_class->open = xep174_avahi_stack_open;
  stack_class->close = xep174_avahi_stack_close;
  stack_class->dup_host_name = xep174_avahi_stack_dup_host_name;
  stack_class->query = xep174_avahi_stack_query;
  stack_class->cancel = xep174_avahi_stack_cancel;
  stack_class->publish = xep174_avahi_stack_publish;
  stack_class->update = xep174_avahi_stack_update;
  stack_class->offer = xep174_avahi_stack_offer;
  stack_class->withdraw = xep174_avahi_stack_withdraw;
}

static void
xep174_avahi_stack_init (Xep174AvahiStack *self)
{
}

Xep174MdnsStack *
xep174_avahi_stack_new (void)
{
  return g_object_new (XEP174_TYPE_AVAHI_STACK, NULL);
}
