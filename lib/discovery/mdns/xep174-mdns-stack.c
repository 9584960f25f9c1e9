/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-stack-private.h"

typedef struct
{
  const Xep174MdnsListener *listener;
  gpointer                  owner;
  GMainContext             *context;
} Xep174MdnsStackPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (Xep174MdnsStack, xep174_mdns_stack, G_TYPE_OBJECT)

static void
xep174_mdns_stack_real_network_changed (Xep174MdnsStack *self)
{
}

static GSource *
xep174_mdns_stack_real_after (Xep174MdnsStack *self,
                              guint            milliseconds,
                              GSourceFunc      func,
                              gpointer         user_data)
{
  Xep174MdnsStackPrivate *priv = xep174_mdns_stack_get_instance_private (self);
  GSource *source = g_timeout_source_new (milliseconds);

  g_source_set_static_name (source, "xep174-mdns");
  g_source_set_callback (source, func, user_data, NULL);
  g_source_attach (source, priv->context);

  return source;
}

static void
xep174_mdns_stack_finalize (GObject *object)
{
  Xep174MdnsStackPrivate *priv =
    xep174_mdns_stack_get_instance_private (XEP174_MDNS_STACK (object));

  g_clear_pointer (&priv->context, g_main_context_unref);

  G_OBJECT_CLASS (xep174_mdns_stack_parent_class)->finalize (object);
}

static void
xep174_mdns_stack_class_init (Xep174MdnsStackClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xep174_mdns_stack_finalize;
  klass->network_changed = xep174_mdns_stack_real_network_changed;
  klass->after = xep174_mdns_stack_real_after;
}

static void
xep174_mdns_stack_init (Xep174MdnsStack *self)
{
}

void
xep174_mdns_stack_set_listener (Xep174MdnsStack          *self,
                                const Xep174MdnsListener *listener,
                                gpointer                  owner)
{
  Xep174MdnsStackPrivate *priv = xep174_mdns_stack_get_instance_private (self);

  priv->listener = listener;
  priv->owner = owner;
}

gboolean
xep174_mdns_stack_open (Xep174MdnsStack *self,
                        GMainContext    *context,
                        GError         **error)
{
  Xep174MdnsStackPrivate *priv = xep174_mdns_stack_get_instance_private (self);

  g_clear_pointer (&priv->context, g_main_context_unref);
  priv->context = g_main_context_ref (context);

  return XEP174_MDNS_STACK_GET_CLASS (self)->open (self, context, error);
}

void
xep174_mdns_stack_close (Xep174MdnsStack *self)
{
  XEP174_MDNS_STACK_GET_CLASS (self)->close (self);
}

guint
xep174_mdns_stack_get_records_max (Xep174MdnsStack *self)
{
  return XEP174_MDNS_STACK_GET_CLASS (self)->get_records_max (self);
}

char *
xep174_mdns_stack_dup_host_name (Xep174MdnsStack *self)
{
  return XEP174_MDNS_STACK_GET_CLASS (self)->dup_host_name (self);
}

Xep174MdnsQuery *
xep174_mdns_stack_query (Xep174MdnsStack        *self,
                         const char             *name,
                         guint16                 type,
                         const Xep174MdnsPlace  *place,
                         Xep174MdnsQueryFunc     func,
                         gpointer                user_data,
                         GError                **error)
{
  return XEP174_MDNS_STACK_GET_CLASS (self)->query (self, name, type, place, func, user_data,
                                                    error);
}

void
xep174_mdns_stack_cancel (Xep174MdnsStack  *self,
                          Xep174MdnsQuery **query)
{
  Xep174MdnsQuery *cancelled = g_steal_pointer (query);

  if (cancelled != NULL)
    XEP174_MDNS_STACK_GET_CLASS (self)->cancel (self, cancelled);
}

gboolean
xep174_mdns_stack_publish (Xep174MdnsStack         *self,
                           const Xep174MdnsService *service,
                           GError                 **error)
{
  return XEP174_MDNS_STACK_GET_CLASS (self)->publish (self, service, error);
}

gboolean
xep174_mdns_stack_update (Xep174MdnsStack         *self,
                          const Xep174MdnsService *service,
                          GError                 **error)
{
  return XEP174_MDNS_STACK_GET_CLASS (self)->update (self, service, error);
}

gboolean
xep174_mdns_stack_offer (Xep174MdnsStack       *self,
                         const Xep174MdnsOffer *offer,
                         GError               **error)
{
  return XEP174_MDNS_STACK_GET_CLASS (self)->offer (self, offer, error);
}

void
xep174_mdns_stack_withdraw (Xep174MdnsStack *self)
{
  XEP174_MDNS_STACK_GET_CLASS (self)->withdraw (self);
}

void
xep174_mdns_stack_network_changed (Xep174MdnsStack *self)
{
  XEP174_MDNS_STACK_GET_CLASS (self)->network_changed (self);
}

void
xep174_mdns_stack_emit_running (Xep174MdnsStack *self)
{
  Xep174MdnsStackPrivate *priv = xep174_mdns_stack_get_instance_private (self);

  if (priv->listener != NULL)
    priv->listener->running (priv->owner);
}

void
xep174_mdns_stack_emit_down (Xep174MdnsStack *self,
                             const GError    *error)
{
  Xep174MdnsStackPrivate *priv = xep174_mdns_stack_get_instance_private (self);

  if (priv->listener != NULL)
    priv->listener->down (priv->owner, error);
}

void
xep174_mdns_stack_emit_silent (Xep174MdnsStack *self,
                               const GError    *error)
{
  Xep174MdnsStackPrivate *priv = xep174_mdns_stack_get_instance_private (self);

  if (priv->listener != NULL)
    priv->listener->silent (priv->owner, error);
}

void
xep174_mdns_stack_emit_published (Xep174MdnsStack *self)
{
  Xep174MdnsStackPrivate *priv = xep174_mdns_stack_get_instance_private (self);

  if (priv->listener != NULL)
    priv->listener->published (priv->owner);
}

void
xep174_mdns_stack_emit_publish_failed (Xep174MdnsStack *self,
                                       const GError    *error)
{
  Xep174MdnsStackPrivate *priv = xep174_mdns_stack_get_instance_private (self);

  if (priv->listener != NULL)
    priv->listener->publish_failed (priv->owner, error);
}

void
xep174_mdns_stack_emit_offer_failed (Xep174MdnsStack *self,
                                     const GError    *error)
{
  Xep174MdnsStackPrivate *priv = xep174_mdns_stack_get_instance_private (self);

  if (priv->listener != NULL)
    priv->listener->offer_failed (priv->owner, error);
}

GSource *
xep174_mdns_stack_after (Xep174MdnsStack *self,
                         guint            milliseconds,
                         GSourceFunc      func,
                         gpointer         user_data)
{
  return XEP174_MDNS_STACK_GET_CLASS (self)->after (self, milliseconds, func, user_data);
}
