/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SHA-256 of much, which GnuTLS has the processor do where it can; any thread may use one. */
typedef struct _Xep174Digest Xep174Digest;

#define XEP174_DIGEST_LENGTH 32

Xep174Digest *xep174_digest_new    (void);
void          xep174_digest_update (Xep174Digest  *self,
                                    gconstpointer  octets,
                                    gsize          length);
/* @sha256 has room for XEP174_DIGEST_LENGTH octets; the digest is at its end then. */
void          xep174_digest_finish (Xep174Digest *self,
                                    guint8       *sha256);
void          xep174_digest_free   (Xep174Digest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Digest, xep174_digest_free)

G_END_DECLS
