/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "xep174-certificate-private.h"

G_BEGIN_DECLS

/* TLS 1.3 (RFC 8446) as octets in and octets out: no socket, no clock, no waiting. However the
 * octets are cut, the results are the same. */

typedef enum
{
  /* All was taken; more octets are needed. */
  XEP174_TLS_MORE,
  /* The handshake has ended well, just now. */
  XEP174_TLS_OPEN,
  /* Text has come, a record as a whole: if no octets are left, there is nothing more to take. */
  XEP174_TLS_TEXT,
  /* The peer has said that it sends no more (close_notify). The end of TCP without it is a broken
   * connection (T9), because anybody on the way can end TCP. */
  XEP174_TLS_CLOSED,
  XEP174_TLS_FAILED,
} Xep174TlsResult;

typedef struct _Xep174Tls Xep174Tls;

/* Asks about the key of the recipient, once, before our own certificate leaves. Who refuses sets
 * the error. */
typedef gboolean (*Xep174TlsLook) (GBytes   *key,
                                   gpointer  data,
                                   GError  **error);

/* An engine.  The real one is xep174_tls_new(); tests have one without ciphers. */
typedef struct
{
  void            (*free)            (Xep174Tls *self);
  Xep174TlsResult (*receive)         (Xep174Tls     *self,
                                      const guint8 **octets,
                                      gsize         *length,
                                      GString       *text,
                                      GString       *wire,
                                      GError       **error);
  gboolean        (*send)            (Xep174Tls   *self,
                                      const char  *text,
                                      gsize        length,
                                      GString     *wire,
                                      GError     **error);
  void            (*close)           (Xep174Tls *self,
                                      GString   *wire);
  GBytes         *(*dup_peer_key)    (Xep174Tls  *self,
                                      GError    **error);
  GBytes         *(*dup_channel_binding) (Xep174Tls *self);
} Xep174TlsClass;

struct _Xep174Tls
{
  const Xep174TlsClass *klass;
};

/* The stream's initiator is the client of TLS (RFC 6120 §5.3.1). @look is for an initiator. */
Xep174Tls       *xep174_tls_new                 (Xep174Certificate  *certificate,
                                                 gboolean            initiator,
                                                 Xep174TlsLook       look,
                                                 gpointer            data,
                                                 GError            **error);
void             xep174_tls_free                (Xep174Tls *self);
/* Takes of @octets what makes one happening, and returns it. Text is appended to @text, what is to
 * go out to @wire, also behind a failure: then it tells the peer why. An initiator begins with no
 * octets. */
Xep174TlsResult  xep174_tls_receive             (Xep174Tls     *self,
                                                 const guint8 **octets,
                                                 gsize         *length,
                                                 GString       *text,
                                                 GString       *wire,
                                                 GError       **error);
gboolean         xep174_tls_send                (Xep174Tls   *self,
                                                 const char  *text,
                                                 gsize        length,
                                                 GString     *wire,
                                                 GError     **error);
/* Says close_notify. */
void             xep174_tls_close               (Xep174Tls *self,
                                                 GString   *wire);
/* The key that the peer has proven to have; an error says what is wrong with its certificate. */
GBytes          *xep174_tls_dup_peer_key        (Xep174Tls  *self,
                                                 GError    **error);
/* The tls-exporter of RFC 9266. */
GBytes          *xep174_tls_dup_channel_binding (Xep174Tls *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Tls, xep174_tls_free)

G_END_DECLS
