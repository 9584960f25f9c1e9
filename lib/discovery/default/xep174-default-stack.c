/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-default-stack-private.h"

/* How long the first has to answer. */
#define ANSWER_MS 1000

struct _Xep174DefaultStack
{
  Xep174MdnsStack  parent_instance;
  Xep174MdnsStack *first;
  Xep174MdnsStack *second;
  Xep174MdnsStack *current;
  GMainContext    *context;
  GSource         *timeout;
  gboolean         decided;
  gboolean         open; /* the current one */
};

G_DEFINE_FINAL_TYPE (Xep174DefaultStack, xep174_default_stack, XEP174_TYPE_MDNS_STACK)

static void
decide (Xep174DefaultStack *self)
{
  self->decided = TRUE;
  xep174_clear_source (&self->timeout);
}

static gboolean
open_current (Xep174DefaultStack  *self,
              Xep174MdnsStack     *current,
              GError             **error)
{
  self->current = current;
  self->open = xep174_mdns_stack_open (current, self->context, error);

  return self->open;
}

static void
close_current (Xep174DefaultStack *self)
{
  xep174_clear_source (&self->timeout);
  if (self->open)
    xep174_mdns_stack_close (self->current);
  self->open = FALSE;
}

static void
turn_to_second (Xep174DefaultStack *self)
{
  g_autoptr(GError) error = NULL;

  close_current (self);
  decide (self);
  if (!open_current (self, self->second, &error))
    xep174_mdns_stack_emit_down ((Xep174MdnsStack *) self, error);
}

static void
ignore_records (Xep174MdnsEvent         event,
                const Xep174MdnsRecord *record,
                const GError           *error,
                gpointer                user_data)
{
}

/* A daemon that is still looking for a host name answers queries, too. */
static gboolean
takes_questions (Xep174MdnsStack *stack)
{
  Xep174MdnsQuery *query = xep174_mdns_stack_query (stack, XEP174_PRESENCE_TYPE ".local",
                                                    XEP174_DNS_TYPE_PTR, NULL, ignore_records, NULL,
                                                    NULL);
  gboolean taken = query != NULL;

  xep174_mdns_stack_cancel (stack, &query);

  return taken;
}

static gboolean
on_timeout (gpointer user_data)
{
  Xep174DefaultStack *self = user_data;

  if (takes_questions (self->first))
    decide (self);
  else
    turn_to_second (self);

  return G_SOURCE_REMOVE;
}

/* What the one that is open says. */

static void
on_running (gpointer owner)
{
  decide (owner);
  xep174_mdns_stack_emit_running (owner);
}

static void
on_down (gpointer      owner,
         const GError *error)
{
  Xep174DefaultStack *self = owner;

  if (self->decided)
    xep174_mdns_stack_emit_down (owner, error);
  else
    turn_to_second (self);
}

static void
on_silent (gpointer      owner,
           const GError *error)
{
  Xep174DefaultStack *self = owner;

  if (self->decided)
    xep174_mdns_stack_emit_silent (owner, error);
  else if (error != NULL)
    turn_to_second (self);
}

static void
on_published (gpointer owner)
{
  xep174_mdns_stack_emit_published (owner);
}

static void
on_publish_failed (gpointer      owner,
                   const GError *error)
{
  xep174_mdns_stack_emit_publish_failed (owner, error);
}

static void
on_offer_failed (gpointer      owner,
                 const GError *error)
{
  xep174_mdns_stack_emit_offer_failed (owner, error);
}

static const Xep174MdnsListener listener = {
  .running = on_running,
  .down = on_down,
  .silent = on_silent,
  .published = on_published,
  .publish_failed = on_publish_failed,
  .offer_failed = on_offer_failed,
};

/* What the one that is open is asked. */

static gboolean
xep174_default_stack_open (Xep174MdnsStack *stack,
                           GMainContext    *context,
                           GError         **error)
{
  Xep174DefaultStack *self = XEP174_DEFAULT_STACK (stack);

  g_clear_pointer (&self->context, g_main_context_unref);
  self->context = g_main_context_ref (context);
  self->decided = FALSE;
  if (!open_current (self, self->first, NULL))
    {
      decide (self);
      return open_current (self, self->second, error);
    }

  self->timeout = xep174_mdns_stack_after (stack, ANSWER_MS, on_timeout, self);
  return TRUE;
}

static void
xep174_default_stack_close (Xep174MdnsStack *stack)
{
  close_current (XEP174_DEFAULT_STACK (stack));
}

static guint
xep174_default_stack_get_records_max (Xep174MdnsStack *stack)
{
  return xep174_mdns_stack_get_records_max (XEP174_DEFAULT_STACK (stack)->current);
}

static char *
xep174_default_stack_dup_host_name (Xep174MdnsStack *stack)
{
  return xep174_mdns_stack_dup_host_name (XEP174_DEFAULT_STACK (stack)->current);
}

static Xep174MdnsQuery *
xep174_default_stack_query (Xep174MdnsStack        *stack,
                            const char             *name,
                            guint16                 type,
                            const Xep174MdnsPlace  *place,
                            Xep174MdnsQueryFunc     func,
                            gpointer                user_data,
                            GError                **error)
{
  return xep174_mdns_stack_query (XEP174_DEFAULT_STACK (stack)->current, name, type, place, func,
                                  user_data, error);
}

static void
xep174_default_stack_cancel (Xep174MdnsStack *stack,
                             Xep174MdnsQuery *query)
{
  xep174_mdns_stack_cancel (XEP174_DEFAULT_STACK (stack)->current, &query);
}

static gboolean
xep174_default_stack_publish (Xep174MdnsStack         *stack,
                              const Xep174MdnsService *service,
                              GError                 **error)
{
  return xep174_mdns_stack_publish (XEP174_DEFAULT_STACK (stack)->current, service, error);
}

static gboolean
xep174_default_stack_update (Xep174MdnsStack         *stack,
                             const Xep174MdnsService *service,
                             GError                 **error)
{
  return xep174_mdns_stack_update (XEP174_DEFAULT_STACK (stack)->current, service, error);
}

static gboolean
xep174_default_stack_offer (Xep174MdnsStack       *stack,
                            const Xep174MdnsOffer *offer,
                            GError               **error)
{
  return xep174_mdns_stack_offer (XEP174_DEFAULT_STACK (stack)->current, offer, error);
}

static void
xep174_default_stack_withdraw (Xep174MdnsStack *stack)
{
  xep174_mdns_stack_withdraw (XEP174_DEFAULT_STACK (stack)->current);
}

static void
xep174_default_stack_network_changed (Xep174MdnsStack *stack)
{
  xep174_mdns_stack_network_changed (XEP174_DEFAULT_STACK (stack)->current);
}

/* Both have the same clock. */
static GSource *
xep174_default_stack_after (Xep174MdnsStack *stack,
                            guint            milliseconds,
                            GSourceFunc      func,
                            gpointer         user_data)
{
  return xep174_mdns_stack_after (XEP174_DEFAULT_STACK (stack)->first, milliseconds, func, user_data);
}

static void
xep174_default_stack_finalize (GObject *object)
{
  Xep174DefaultStack *self = XEP174_DEFAULT_STACK (object);

  xep174_clear_source (&self->timeout);
  xep174_mdns_stack_set_listener (self->first, NULL, NULL);
  xep174_mdns_stack_set_listener (self->second, NULL, NULL);
  g_object_unref (self->first);
  g_object_unref (self->second);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (xep174_default_stack_parent_class)->finalize (object);
}

static void
xep174_default_stack_class_init (Xep174DefaultStackClass *klass)
{
  Xep174MdnsStackClass *stack_class = XEP174_MDNS_STACK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xep174_default_stack_finalize;
  stack_class->get_records_max = xep174_default_stack_get_records_max;
  stack_class->open = xep174_default_stack_open;
  stack_class->close = xep174_default_stack_close;
  stack_class->dup_host_name = xep174_default_stack_dup_host_name;
  stack_class->query = xep174_default_stack_query;
  stack_class->cancel = xep174_default_stack_cancel;
  stack_class->publish = xep174_default_stack_publish;
  stack_class->update = xep174_default_stack_update;
  stack_class->offer = xep174_default_stack_offer;
  stack_class->withdraw = xep174_default_stack_withdraw;
  stack_class->network_changed = xep174_default_stack_network_changed;
  stack_class->after = xep174_default_stack_after;
}

static void
xep174_default_stack_init (Xep174DefaultStack *self)
{
}

Xep174MdnsStack *
xep174_default_stack_new (Xep174MdnsStack *first,
                          Xep174MdnsStack *second)
{
  Xep174DefaultStack *self = g_object_new (XEP174_TYPE_DEFAULT_STACK, NULL);

  self->first = first;
  self->second = second;
  self->current = first;
  xep174_mdns_stack_set_listener (first, &listener, self);
  xep174_mdns_stack_set_listener (second, &listener, self);

  return (Xep174MdnsStack *) self;
}

gboolean
xep174_default_stack_is_first (Xep174DefaultStack *self)
{
  return self->decided && self->current == self->first;
}
