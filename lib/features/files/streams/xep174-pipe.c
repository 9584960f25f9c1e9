/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-pipe-private.h"

#include "xep174-gettext-private.h"
#include "xep174-tcp-private.h"
#include "xep174-trust-error.h"

/* Before our own certificate leaves: nobody else learns who we are. It is called in the thread of a pump. */
static gboolean
look (GBytes   *key,
      gpointer  expected,
      GError  **error)
{
  if (g_bytes_equal (key, expected))
    return TRUE;

  g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                       _("Somebody else is at the address of the contact: the key is another one"));
  return FALSE;
}

Xep174Pipe *
xep174_pipe_new (GSocketConnection  *connection,
                 gboolean            dials,
                 Xep174Certificate  *certificate,
                 GBytes             *key,
                 GError            **error)
{
  Xep174Tls *tls = NULL;
  Xep174Pipe *self;

  if (key != NULL && (tls = xep174_tls_new (certificate, dials, look, key, error)) == NULL)
    return NULL;

  self = g_new0 (Xep174Pipe, 1);
  xep174_tcp_prepare (G_IO_STREAM (connection));
  self->connection = g_object_ref (connection);
  self->tls = tls;
  self->key = key != NULL ? g_bytes_ref (key) : NULL;
  self->dials = dials;
  return self;
}

void
xep174_pipe_free (Xep174Pipe *self)
{
  g_clear_pointer (&self->tls, xep174_tls_free);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_object_unref (self->connection);
  g_free (self);
}
