/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-certificate-private.h"

#include "xep174-gettext-private.h"
#include "xep174-trust-error.h"

/* The library without TLS: there is no identity, and so everything else is in the clear. */

static Xep174Certificate *
fail (GError **error)
{
  g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_NOT_SUPPORTED,
                       _("This libxep174 cannot encrypt: it was built without TLS"));
  return NULL;
}

Xep174Certificate *
xep174_certificate_generate (GError **error)
{
  return fail (error);
}

Xep174Certificate *
xep174_certificate_from_pem (const char  *pem,
                             gsize        length,
                             GError     **error)
{
  return fail (error);
}

/* Nobody has a certificate for what follows. */

char *
xep174_certificate_to_pem (Xep174Certificate  *self,
                           GError            **error)
{
  fail (error);
  return NULL;
}

void
xep174_certificate_free_pem (char *pem)
{
  g_free (pem);
}

GBytes *
xep174_certificate_get_key (Xep174Certificate *self)
{
  g_return_val_if_reached (NULL);
}

Xep174Certificate *
xep174_certificate_ref (Xep174Certificate *self)
{
  g_return_val_if_reached (NULL);
}

void
xep174_certificate_unref (Xep174Certificate *self)
{
  g_return_if_reached ();
}
