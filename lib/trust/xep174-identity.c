/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Identity:
 *
 * Who we are: a secret key, and the certificate that shows its public half.
 *
 * An identity is made once and kept. Others know us by its key, whatever name we have on the
 * network. It is an Ed25519 key in a certificate that we sign ourselves, with nothing of the user
 * in it; what counts is the public key alone. The key is shown only to those with whom we speak,
 * after their own key has been looked at, and inside the encryption: it is never published on the
 * network.
 *
 * Keep the secret: who has it can pretend to be its owner.
 *
 * If the library was built without TLS, every function fails with
 * %XEP174_TRUST_ERROR_NOT_SUPPORTED.
 *
 * Since: 1.0
 */

#include "xep174-identity-private.h"

#include <unistd.h>

#include <glib/gstdio.h>

#include "xep174-gettext-private.h"
#include "xep174-private-file-private.h"
#include "xep174-safety-number-private.h"
#include "xep174-trust-error.h"

struct _Xep174Identity
{
  GObject parent_instance;
  Xep174Certificate *certificate;
};

enum
{
  PROP_0,
  PROP_FINGERPRINT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (Xep174Identity, xep174_identity, G_TYPE_OBJECT)

static void
xep174_identity_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  Xep174Identity *self = XEP174_IDENTITY (object);

  switch (property_id)
    {
    case PROP_FINGERPRINT:
      g_value_take_string (value, xep174_identity_dup_fingerprint (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
xep174_identity_finalize (GObject *object)
{
  Xep174Identity *self = XEP174_IDENTITY (object);

  g_clear_pointer (&self->certificate, xep174_certificate_unref);

  G_OBJECT_CLASS (xep174_identity_parent_class)->finalize (object);
}

static void
xep174_identity_class_init (Xep174IdentityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xep174_identity_get_property;
  object_class->finalize = xep174_identity_finalize;

  /**
   * Xep174Identity:fingerprint: (getter dup_fingerprint)
   *
   * SHA-256 of the public key, as 64 hexadecimal digits.
   *
   * Since: 1.0
   */
  properties[PROP_FINGERPRINT] =
    g_param_spec_string ("fingerprint", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_identity_init (Xep174Identity *self)
{
}

static Xep174Identity *
take_certificate (Xep174Certificate *certificate)
{
  Xep174Identity *self;

  if (certificate == NULL)
    return NULL;

  self = g_object_new (XEP174_TYPE_IDENTITY, NULL);
  self->certificate = certificate;
  return self;
}

/**
 * xep174_identity_generate:
 * @error: return location for an error
 *
 * Makes a new identity, with a key that nobody has seen before.
 *
 * It is not kept anywhere: see [func@Identity.load_or_create] and [method@Identity.to_pem].
 *
 * Returns: (transfer full): the identity, or %NULL with an error of [error@TrustError]
 *
 * Since: 1.0
 */
Xep174Identity *
xep174_identity_generate (GError **error)
{
  return take_certificate (xep174_certificate_generate (error));
}

/**
 * xep174_identity_new_from_pem:
 * @pem: a secret key and its certificate, in PEM (RFC 7468)
 * @error: return location for an error
 *
 * Makes an identity from what [method@Identity.to_pem] returned.
 *
 * Another secret key and its certificate may be used, too: Ed25519, P-256, P-384, or RSA of 2048
 * bits or more.
 *
 * Returns: (transfer full): the identity, or %NULL with an error of [error@TrustError]
 *
 * Since: 1.0
 */
Xep174Identity *
xep174_identity_new_from_pem (const char  *pem,
                              GError     **error)
{
  g_return_val_if_fail (pem != NULL, NULL);

  return take_certificate (xep174_certificate_from_pem (pem, strlen (pem), error));
}

/**
 * xep174_identity_to_pem:
 * @self: an identity
 * @error: return location for an error
 *
 * Returns the secret key, not encrypted, and its certificate.
 *
 * Returns: (transfer full): the identity in PEM (RFC 7468), or %NULL with an error of
 *   [error@TrustError]
 *
 * Since: 1.0
 */
char *
xep174_identity_to_pem (Xep174Identity  *self,
                        GError         **error)
{
  g_return_val_if_fail (XEP174_IS_IDENTITY (self), NULL);

  return xep174_certificate_to_pem (self->certificate, error);
}

/* The file is there: FALSE with no error if there is none. */
static Xep174Identity *
load (const char  *path,
      GError     **error)
{
  Xep174FileStamp stamp;
  g_autoptr(GBytes) contents = xep174_private_file_read (path, &stamp, error);
  Xep174Certificate *certificate;
  gsize length;
  const char *pem;

  if (contents == NULL)
    return NULL;

  pem = g_bytes_get_data (contents, &length);
  certificate = xep174_certificate_from_pem (pem, length, error);
  if (certificate == NULL)
    {
      g_prefix_error (error, _("“%s” is damaged; put back an older copy of it, or move it away for "
                               "a new key, which others will be warned of: "), path);
      if (error != NULL && (*error)->code != XEP174_TRUST_ERROR_NOT_SUPPORTED)
        (*error)->code = XEP174_TRUST_ERROR_DAMAGED;
    }
  return take_certificate (certificate);
}

static Xep174Identity *
create (const char  *path,
        GError     **error)
{
  g_autoptr(Xep174Identity) self = xep174_identity_generate (error);
  char *pem = self != NULL ? xep174_identity_to_pem (self, error) : NULL;
  Xep174FileStamp stamp;
  gboolean written = pem != NULL && xep174_private_file_write (path, pem, strlen (pem), &stamp, error);

  xep174_certificate_free_pem (pem);
  return written ? g_steal_pointer (&self) : NULL;
}

/**
 * xep174_identity_load_or_create:
 * @path: (type filename): a file
 * @error: return location for an error
 *
 * Reads the identity in the file @path, or makes one and writes it there if there is no such file.
 *
 * Only the user may read the file, and only the user may change what is in its folder; both are
 * made so. A file that is there and cannot be read, or that others may read, is an error: it is
 * never written over. If several programs do this at the same time, all have the same identity. The
 * file is read and written before this returns.
 *
 * Returns: (transfer full): the identity, or %NULL with an error of [error@TrustError] or of
 *   [error@GLib.FileError]
 *
 * Since: 1.0
 */
Xep174Identity *
xep174_identity_load_or_create (const char  *path,
                                GError     **error)
{
  g_autoptr(GError) missing = NULL;
  Xep174Identity *self;
  int lock;

  g_return_val_if_fail (path != NULL, NULL);

  self = load (path, &missing);
  if (self != NULL || !g_error_matches (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      if (self == NULL)
        g_propagate_error (error, g_steal_pointer (&missing));
      return self;
    }

  lock = xep174_private_file_lock (path, error);
  if (lock < 0)
    return NULL;

  /* Another program may have been quicker. */
  g_clear_error (&missing);
  self = load (path, &missing);
  if (g_error_matches (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    self = create (path, error);
  else if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&missing));
  close (lock);
  return self;
}

/**
 * xep174_identity_dup_fingerprint: (get-property fingerprint)
 * @self: an identity
 *
 * Returns SHA-256 of the public key (its SubjectPublicKeyInfo, RFC 5280 §4.1.2.7).
 *
 * Returns: (transfer full): 64 hexadecimal digits
 *
 * Since: 1.0
 */
char *
xep174_identity_dup_fingerprint (Xep174Identity *self)
{
  g_return_val_if_fail (XEP174_IS_IDENTITY (self), NULL);

  return xep174_key_dup_fingerprint (xep174_certificate_get_key (self->certificate));
}

Xep174Certificate *
xep174_identity_get_certificate (Xep174Identity *self)
{
  return self->certificate;
}
