/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-tls-private.h"

/* There is no certificate to call this with: see xep174-certificate-none.c. */
Xep174Tls *
xep174_tls_new (Xep174Certificate  *certificate,
                gboolean            initiator,
                Xep174TlsLook       look,
                gpointer            data,
                GError            **error)
{
  g_return_val_if_reached (NULL);
}
