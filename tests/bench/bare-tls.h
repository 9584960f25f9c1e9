/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* GnuTLS on a descriptor, with a key and the ciphers of ours, and nothing else. */
typedef struct _BareTls BareTls;

BareTls *bare_tls_new   (int      fd,
                         gboolean initiator);
void     bare_tls_free  (BareTls *self);
/* So far as the descriptor lets it; TRUE once it is done. */
gboolean bare_tls_shake (BareTls *self);
void     bare_tls_say   (BareTls    *self,
                         const char *octets,
                         gsize       length);
/* What has come, at least one octet of it where the descriptor blocks. */
gsize    bare_tls_hear  (BareTls *self,
                         char    *octets,
                         gsize    room);

G_END_DECLS
