/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gnutls/x509.h>

#include "xep174-certificate-private.h"

G_BEGIN_DECLS

/* What only those see that speak with GnuTLS. */

/* Lent to the sessions of TLS, which must not outlive it. */
gnutls_certificate_credentials_t xep174_certificate_get_credentials (Xep174Certificate *self);
gnutls_priority_t                xep174_certificate_get_priority    (Xep174Certificate *self);
/* The key of what a peer has shown: exactly one certificate, not too large, with a key that is
 * strong enough. */
GBytes                          *xep174_certificate_check_peers     (const gnutls_datum_t  *list,
                                                                     guint                  n,
                                                                     GError               **error);

G_END_DECLS
