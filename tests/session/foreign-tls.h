/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gnutls/gnutls.h>

#include "xep174-tls-private.h"

G_BEGIN_DECLS

/* Somebody else's TLS, which shows @n times a certificate for a key of @algorithm and @bits, with
 * @padding octets of something that nobody knows. */
Xep174Tls *foreign_tls_new             (gboolean              initiator,
                                        gnutls_pk_algorithm_t algorithm,
                                        guint                 bits,
                                        guint                 n,
                                        gsize                 padding);
/* Whether we have shown a certificate of ours. */
gboolean   foreign_tls_has_seen_a_key  (Xep174Tls *self);

G_END_DECLS
