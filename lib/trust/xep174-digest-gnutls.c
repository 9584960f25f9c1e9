/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-digest-private.h"

#include <gnutls/crypto.h>

struct _Xep174Digest
{
  gnutls_hash_hd_t handle;
};

Xep174Digest *
xep174_digest_new (void)
{
  Xep174Digest *self = g_new0 (Xep174Digest, 1);

  /* It fails only without memory. */
  if (gnutls_hash_init (&self->handle, GNUTLS_DIG_SHA256) < 0)
    g_error ("There is no SHA-256");
  return self;
}

void
xep174_digest_update (Xep174Digest  *self,
                      gconstpointer  octets,
                      gsize          length)
{
  gnutls_hash (self->handle, octets, length);
}

void
xep174_digest_finish (Xep174Digest *self,
                      guint8       *sha256)
{
  gnutls_hash_output (self->handle, sha256);
}

void
xep174_digest_free (Xep174Digest *self)
{
  gnutls_hash_deinit (self->handle, NULL);
  g_free (self);
}
