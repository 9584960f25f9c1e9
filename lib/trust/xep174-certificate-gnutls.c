/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-gnutls-private.h"

#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#include "xep174-gettext-private.h"
#include "xep174-trust-error.h"

/* The same in every certificate, so that it tells nobody who we are or since when. */
#define COMMON_NAME "xep174"
#define VALID_FROM 946684800 /* 2000-01-01 */
#define SERIAL_SIZE 16
#define KEY_ID_SIZE 32

/* Larger ones are refused unread. */
#define PEER_MAX 8192
#define RSA_MIN 2048

/* TLS 1.3 and no other; the groups of finite fields would only make the first message larger. */
#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-DH-ALL"

struct _Xep174Certificate
{
  guint ref_count;
  gnutls_x509_privkey_t secret;
  gnutls_x509_crt_t crt;
  gnutls_certificate_credentials_t credentials;
  /* One for all sessions: each of its own would take 8 KB more. */
  gnutls_priority_t priority;
  GBytes *key;
};

/* FALSE, with @error set, if @result is an error of GnuTLS. */
static gboolean
check (int          result,
       const char  *what,
       GError     **error)
{
  if (result >= 0)
    return TRUE;

  g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_FAILED, "%s: %s", what,
               gnutls_strerror (result));
  return FALSE;
}

static GBytes *
export_key (gnutls_pubkey_t   pubkey,
            GError          **error)
{
  gnutls_datum_t der = { NULL, 0 };
  GBytes *key;

  if (!check (gnutls_pubkey_export2 (pubkey, GNUTLS_X509_FMT_DER, &der),
              _("The public key cannot be read"), error))
    return NULL;

  key = g_bytes_new (der.data, der.size);
  gnutls_free (der.data);
  return key;
}

static gboolean
is_strong (gnutls_pubkey_t pubkey)
{
  guint bits = 0;
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;

  switch (gnutls_pubkey_get_pk_algorithm (pubkey, &bits))
    {
    case GNUTLS_PK_EDDSA_ED25519:
      return TRUE;
    case GNUTLS_PK_ECDSA:
      return gnutls_pubkey_export_ecc_raw (pubkey, &curve, NULL, NULL) >= 0
             && (curve == GNUTLS_ECC_CURVE_SECP256R1 || curve == GNUTLS_ECC_CURVE_SECP384R1);
    case GNUTLS_PK_RSA:
    case GNUTLS_PK_RSA_PSS:
      return bits >= RSA_MIN;
    default:
      return FALSE;
    }
}

/* The key in @crt, if it is one that we accept. */
static GBytes *
take_key (gnutls_x509_crt_t   crt,
          GError            **error)
{
  gnutls_pubkey_t pubkey = NULL;
  GBytes *key = NULL;

  if (!check (gnutls_pubkey_init (&pubkey), "There is no memory for a key", error))
    return NULL;

  if (!check (gnutls_pubkey_import_x509 (pubkey, crt, 0),
              _("The certificate has no key that can be read"), error))
    ;
  else if (!is_strong (pubkey))
    g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY,
                         _("The key is of a kind that is not accepted, or too short: it must be "
                           "Ed25519, P-256, P-384, or RSA of 2048 bits or more"));
  else
    key = export_key (pubkey, error);
  gnutls_pubkey_deinit (pubkey);
  return key;
}

GBytes *
xep174_certificate_check_peers (const gnutls_datum_t  *list,
                                guint                  n,
                                GError               **error)
{
  gnutls_x509_crt_t crt = NULL;
  GBytes *key = NULL;

  if (n == 0)
    g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY,
                         _("The other side has shown no certificate"));
  else if (n > 1)
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY,
                 xep174_ngettext ("The other side has shown %u certificate; it must show exactly one",
                                  "The other side has shown %u certificates; it must show exactly one",
                                  n), n);
  else if (list[0].size > PEER_MAX)
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY,
                 _("The certificate of the other side is too large: it has %u bytes and may have "
                   "%d"),
                 list[0].size, PEER_MAX);
  else if (check (gnutls_x509_crt_init (&crt), "There is no memory for a certificate", error)
           && check (gnutls_x509_crt_import (crt, list, GNUTLS_X509_FMT_DER),
                     _("The certificate of the other side cannot be read"), error))
    key = take_key (crt, error);
  if (crt != NULL)
    gnutls_x509_crt_deinit (crt);
  return key;
}

static gboolean
sign_certificate (Xep174Certificate  *self,
                  GError            **error)
{
  guint8 serial[SERIAL_SIZE];

  if (!check (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial),
              _("There are no random numbers"), error))
    return FALSE;

  /* RFC 5280 §4.1.2.2: a positive number, whose first octet is not 0. */
  serial[0] = (serial[0] & 0x3f) | 0x40;
  return check (gnutls_x509_crt_set_version (self->crt, 3), "The version cannot be set", error)
         && check (gnutls_x509_crt_set_serial (self->crt, serial, sizeof serial),
                   "The serial number cannot be set", error)
         && check (gnutls_x509_crt_set_dn_by_oid (self->crt, GNUTLS_OID_X520_COMMON_NAME, 0,
                                                  COMMON_NAME, strlen (COMMON_NAME)),
                   "The common name cannot be set", error)
         && check (gnutls_x509_crt_set_activation_time (self->crt, VALID_FROM),
                   "The first day cannot be set", error)
         && check (gnutls_x509_crt_set_expiration_time (self->crt,
                                                        GNUTLS_X509_NO_WELL_DEFINED_EXPIRATION),
                   "The last day cannot be set", error)
         && check (gnutls_x509_crt_set_key_usage (self->crt, GNUTLS_KEY_DIGITAL_SIGNATURE),
                   "The use of the key cannot be set", error)
         && check (gnutls_x509_crt_set_key (self->crt, self->secret),
                   "The key cannot be set", error)
         && check (gnutls_x509_crt_sign2 (self->crt, self->crt, self->secret, GNUTLS_DIG_SHA512, 0),
                   "The certificate cannot be signed", error);
}

static Xep174Certificate *
certificate_new (GError **error)
{
  g_autoptr(Xep174Certificate) self = g_new0 (Xep174Certificate, 1);

  self->ref_count = 1;
  if (!check (gnutls_x509_privkey_init (&self->secret), "There is no memory for a key", error)
      || !check (gnutls_x509_crt_init (&self->crt), "There is no memory for a certificate", error))
    return NULL;

  return g_steal_pointer (&self);
}

/* GnuTLS would find out only when the two are used. */
static gboolean
is_pair (Xep174Certificate  *self,
         GError            **error)
{
  guint8 secret_id[KEY_ID_SIZE];
  guint8 crt_id[KEY_ID_SIZE];
  gsize secret_size = sizeof secret_id;
  gsize crt_size = sizeof crt_id;

  if (!check (gnutls_x509_privkey_get_key_id (self->secret, GNUTLS_KEYID_USE_SHA256, secret_id,
                                              &secret_size),
              _("The secret key cannot be read"), error)
      || !check (gnutls_x509_crt_get_key_id (self->crt, GNUTLS_KEYID_USE_SHA256, crt_id, &crt_size),
                 _("The certificate cannot be read"), error))
    return FALSE;

  if (secret_size == crt_size && memcmp (secret_id, crt_id, crt_size) == 0)
    return TRUE;

  g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY,
                       _("The certificate is of another key"));
  return FALSE;
}

/* Key and certificate are there: what TLS takes of them. */
static Xep174Certificate *
complete (Xep174Certificate  *certificate,
          GError            **error)
{
  g_autoptr(Xep174Certificate) self = certificate;

  self->key = take_key (self->crt, error);
  if (self->key == NULL || !is_pair (self, error)
      || !check (gnutls_certificate_allocate_credentials (&self->credentials),
                 "There is no memory for credentials", error)
      || !check (gnutls_certificate_set_x509_key (self->credentials, &self->crt, 1, self->secret),
                 _("The key and the certificate cannot be used together"), error)
      || !check (gnutls_priority_init (&self->priority, PRIORITY, NULL),
                 _("This system does not allow TLS 1.3"), error))
    return NULL;

  return g_steal_pointer (&self);
}

Xep174Certificate *
xep174_certificate_generate (GError **error)
{
  g_autoptr(Xep174Certificate) self = certificate_new (error);

  if (self == NULL
      || !check (gnutls_x509_privkey_generate (self->secret, GNUTLS_PK_EDDSA_ED25519,
                                               GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_ED25519), 0),
                 _("A key cannot be made"), error)
      || !sign_certificate (self, error))
    return NULL;

  return complete (g_steal_pointer (&self), error);
}

Xep174Certificate *
xep174_certificate_from_pem (const char  *pem,
                             gsize        length,
                             GError     **error)
{
  const gnutls_datum_t datum = { (guchar *) pem, length };
  g_autoptr(Xep174Certificate) self = certificate_new (error);

  if (self == NULL
      || !check (gnutls_x509_privkey_import (self->secret, &datum, GNUTLS_X509_FMT_PEM),
                 _("There is no secret key that can be read in it"), error)
      || !check (gnutls_x509_crt_import (self->crt, &datum, GNUTLS_X509_FMT_PEM),
                 _("There is no certificate that can be read in it"), error))
    return NULL;

  return complete (g_steal_pointer (&self), error);
}

char *
xep174_certificate_to_pem (Xep174Certificate  *self,
                           GError            **error)
{
  gnutls_datum_t secret = { NULL, 0 };
  gnutls_datum_t crt = { NULL, 0 };
  char *pem = NULL;

  if (check (gnutls_x509_privkey_export2_pkcs8 (self->secret, GNUTLS_X509_FMT_PEM, NULL,
                                                GNUTLS_PKCS_PLAIN, &secret),
             _("The key cannot be written"), error)
      && check (gnutls_x509_crt_export2 (self->crt, GNUTLS_X509_FMT_PEM, &crt),
                _("The certificate cannot be written"), error))
    pem = g_strdup_printf ("%s%s", (const char *) secret.data, (const char *) crt.data);
  if (secret.data != NULL)
    gnutls_memset (secret.data, 0, secret.size);
  gnutls_free (secret.data);
  gnutls_free (crt.data);
  return pem;
}

void
xep174_certificate_free_pem (char *pem)
{
  if (pem != NULL)
    gnutls_memset (pem, 0, strlen (pem));
  g_free (pem);
}

GBytes *
xep174_certificate_get_key (Xep174Certificate *self)
{
  return self->key;
}

gnutls_certificate_credentials_t
xep174_certificate_get_credentials (Xep174Certificate *self)
{
  return self->credentials;
}

gnutls_priority_t
xep174_certificate_get_priority (Xep174Certificate *self)
{
  return self->priority;
}

Xep174Certificate *
xep174_certificate_ref (Xep174Certificate *self)
{
  self->ref_count++;
  return self;
}

void
xep174_certificate_unref (Xep174Certificate *self)
{
  if (--self->ref_count > 0)
    return;

  g_clear_pointer (&self->credentials, gnutls_certificate_free_credentials);
  g_clear_pointer (&self->priority, gnutls_priority_deinit);
  g_clear_pointer (&self->crt, gnutls_x509_crt_deinit);
  g_clear_pointer (&self->secret, gnutls_x509_privkey_deinit);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_free (self);
}
