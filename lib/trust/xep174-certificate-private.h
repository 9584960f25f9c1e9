/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A key of one's own with the certificate that wraps it, and what is taken of a peer's. What counts
 * is the public key alone, as its SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): no chain, no name, no
 * date. */

typedef struct _Xep174Certificate Xep174Certificate;

Xep174Certificate *xep174_certificate_generate (GError **error);
Xep174Certificate *xep174_certificate_from_pem (const char  *pem,
                                                gsize        length,
                                                GError     **error);
/* The key is in it: the string is wiped before it is freed, by xep174_certificate_free_pem(). */
char              *xep174_certificate_to_pem   (Xep174Certificate  *self,
                                                GError            **error);
void               xep174_certificate_free_pem (char *pem);
GBytes            *xep174_certificate_get_key  (Xep174Certificate *self);
Xep174Certificate *xep174_certificate_ref      (Xep174Certificate *self);
void               xep174_certificate_unref    (Xep174Certificate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Certificate, xep174_certificate_unref)

G_END_DECLS
