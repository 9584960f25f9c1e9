/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-connectable-private.h"

#include "xep174-mdns-enumerator-private.h"

struct _Xep174MdnsConnectable
{
  GObject        parent_instance;
  Xep174MdnsHub *hub;
  char          *instance;
};

static void xep174_mdns_connectable_iface_init (GSocketConnectableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Xep174MdnsConnectable, xep174_mdns_connectable, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      xep174_mdns_connectable_iface_init))

static GSocketAddressEnumerator *
xep174_mdns_connectable_enumerate (GSocketConnectable *connectable)
{
  Xep174MdnsConnectable *self = XEP174_MDNS_CONNECTABLE (connectable);

  return xep174_mdns_enumerator_new (self->hub, self->instance);
}

static char *
xep174_mdns_connectable_to_string (GSocketConnectable *connectable)
{
  return g_strdup (XEP174_MDNS_CONNECTABLE (connectable)->instance);
}

static void
xep174_mdns_connectable_iface_init (GSocketConnectableIface *iface)
{
  iface->enumerate = xep174_mdns_connectable_enumerate;
  iface->proxy_enumerate = xep174_mdns_connectable_enumerate;
  iface->to_string = xep174_mdns_connectable_to_string;
}

static void
xep174_mdns_connectable_finalize (GObject *object)
{
  Xep174MdnsConnectable *self = XEP174_MDNS_CONNECTABLE (object);

  xep174_mdns_hub_unref (self->hub);
  g_free (self->instance);

  G_OBJECT_CLASS (xep174_mdns_connectable_parent_class)->finalize (object);
}

static void
xep174_mdns_connectable_class_init (Xep174MdnsConnectableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xep174_mdns_connectable_finalize;
}

static void
xep174_mdns_connectable_init (Xep174MdnsConnectable *self)
{
}

GSocketConnectable *
xep174_mdns_connectable_new (Xep174MdnsHub *hub,
                             const char    *instance)
{
  Xep174MdnsConnectable *self = g_object_new (XEP174_TYPE_MDNS_CONNECTABLE, NULL);

  self->hub = xep174_mdns_hub_ref (hub);
  self->instance = g_strdup (instance);

  return G_SOCKET_CONNECTABLE (self);
}
