/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-digest-private.h"

struct _Xep174Digest
{
  GChecksum *checksum;
};

Xep174Digest *
xep174_digest_new (void)
{
  Xep174Digest *self = g_new0 (Xep174Digest, 1);

  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  return self;
}

void
xep174_digest_update (Xep174Digest  *self,
                      gconstpointer  octets,
                      gsize          length)
{
  g_checksum_update (self->checksum, octets, length);
}

void
xep174_digest_finish (Xep174Digest *self,
                      guint8       *sha256)
{
  gsize length = XEP174_DIGEST_LENGTH;

  g_checksum_get_digest (self->checksum, sha256, &length);
}

void
xep174_digest_free (Xep174Digest *self)
{
  g_checksum_free (self->checksum);
  g_free (self);
}
