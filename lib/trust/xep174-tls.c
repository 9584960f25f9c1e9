/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-tls-private.h"

void
xep174_tls_free (Xep174Tls *self)
{
  self->klass->free (self);
}

Xep174TlsResult
xep174_tls_receive (Xep174Tls     *self,
                    const guint8 **octets,
                    gsize         *length,
                    GString       *text,
                    GString       *wire,
                    GError       **error)
{
  return self->klass->receive (self, octets, length, text, wire, error);
}

gboolean
xep174_tls_send (Xep174Tls   *self,
                 const char  *text,
                 gsize        length,
                 GString     *wire,
                 GError     **error)
{
  return self->klass->send (self, text, length, wire, error);
}

void
xep174_tls_close (Xep174Tls *self,
                  GString   *wire)
{
  self->klass->close (self, wire);
}

GBytes *
xep174_tls_dup_peer_key (Xep174Tls  *self,
                         GError    **error)
{
  return self->klass->dup_peer_key (self, error);
}

GBytes *
xep174_tls_dup_channel_binding (Xep174Tls *self)
{
  return self->klass->dup_channel_binding (self);
}
