/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign-tls.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#define RECORD_MAX 16384

typedef struct
{
  Xep174Tls parent;
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
  const guint8 **octets;
  gsize *length;
  GString *wire;
  gboolean open;
} Foreign;

static ssize_t
pull (gnutls_transport_ptr_t  data,
      void                   *buffer,
      size_t                  size)
{
  Foreign *self = data;
  gsize n = MIN (size, *self->length);

  if (n == 0)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }
  memcpy (buffer, *self->octets, n);
  *self->octets += n;
  *self->length -= n;
  return n;
}

static ssize_t
push (gnutls_transport_ptr_t  data,
      const void             *octets,
      size_t                  length)
{
  g_string_append_len (((Foreign *) data)->wire, octets, length);
  return length;
}

static Xep174TlsResult
foreign_receive (Xep174Tls     *tls,
                 const guint8 **octets,
                 gsize         *length,
                 GString       *text,
                 GString       *wire,
                 GError       **error)
{
  Foreign *self = (Foreign *) tls;
  char record[RECORD_MAX];
  ssize_t result;

  self->octets = octets;
  self->length = length;
  self->wire = wire;
  result = self->open ? gnutls_record_recv (self->session, record, sizeof record)
                      : gnutls_handshake (self->session);
  if (!self->open && result == GNUTLS_E_SUCCESS)
    {
      self->open = TRUE;
      return XEP174_TLS_OPEN;
    }
  if (result > 0)
    {
      g_string_append_len (text, record, result);
      return XEP174_TLS_TEXT;
    }
  if (result == 0)
    return XEP174_TLS_CLOSED;
  if (!gnutls_error_is_fatal (result))
    return XEP174_TLS_MORE;

  gnutls_alert_send_appropriate (self->session, result);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, gnutls_strerror (result));
  return XEP174_TLS_FAILED;
}

static gboolean
foreign_send (Xep174Tls   *tls,
              const char  *text,
              gsize        length,
              GString     *wire,
              GError     **error)
{
  Foreign *self = (Foreign *) tls;

  self->wire = wire;
  g_assert_cmpint (gnutls_record_send (self->session, text, length), ==, length);
  return TRUE;
}

static void
foreign_close (Xep174Tls *tls,
               GString   *wire)
{
  ((Foreign *) tls)->wire = wire;
  gnutls_bye (((Foreign *) tls)->session, GNUTLS_SHUT_WR);
}

static void
foreign_free (Xep174Tls *tls)
{
  Foreign *self = (Foreign *) tls;

  gnutls_deinit (self->session);
  gnutls_certificate_free_credentials (self->credentials);
  g_free (self);
}

static const Xep174TlsClass foreign_class = {
  foreign_free, foreign_receive, foreign_send, foreign_close, NULL, NULL,
};

static void
show (Foreign               *self,
      gnutls_pk_algorithm_t  algorithm,
      guint                  bits,
      guint                  n,
      gsize                  padding)
{
  g_autofree guint8 *zeros = g_malloc0 (padding);
  gboolean ed25519 = algorithm == GNUTLS_PK_EDDSA_ED25519;
  gnutls_x509_privkey_t secret;
  gnutls_x509_crt_t crt;
  gnutls_privkey_t key;
  gnutls_pcert_st chain[2];

  g_assert_cmpuint (n, <=, G_N_ELEMENTS (chain));
  gnutls_x509_privkey_init (&secret);
  gnutls_x509_privkey_generate (secret, algorithm, bits, 0);
  gnutls_x509_crt_init (&crt);
  gnutls_x509_crt_set_version (crt, 3);
  gnutls_x509_crt_set_serial (crt, "\x01", 1);
  gnutls_x509_crt_set_activation_time (crt, 0);
  gnutls_x509_crt_set_expiration_time (crt, 1);
  gnutls_x509_crt_set_key (crt, secret);
  if (padding > 0)
    gnutls_x509_crt_set_extension_by_oid (crt, "1.2.3.4", zeros, padding, 0);
  gnutls_x509_crt_sign2 (crt, crt, secret, ed25519 ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256, 0);
  gnutls_privkey_init (&key);
  gnutls_privkey_import_x509 (key, secret, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE);
  for (guint i = 0; i < n; i++)
    gnutls_pcert_import_x509 (&chain[i], crt, 0);
  /* It takes the chain and the key. */
  g_assert_cmpint (gnutls_certificate_set_key (self->credentials, NULL, 0, chain, n, key), ==, 0);
  gnutls_x509_crt_deinit (crt);
}

Xep174Tls *
foreign_tls_new (gboolean              initiator,
                 gnutls_pk_algorithm_t algorithm,
                 guint                 bits,
                 guint                 n,
                 gsize                 padding)
{
  Foreign *self = g_new0 (Foreign, 1);

  self->parent.klass = &foreign_class;
  gnutls_init (&self->session, GNUTLS_NONBLOCK | GNUTLS_FORCE_CLIENT_CERT
                               | (initiator ? GNUTLS_CLIENT : GNUTLS_SERVER));
  gnutls_certificate_allocate_credentials (&self->credentials);
  gnutls_priority_set_direct (self->session, "NORMAL:-VERS-ALL:+VERS-TLS1.3", NULL);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, self->credentials);
  if (n > 0)
    show (self, algorithm, bits, n, padding);
  if (!initiator)
    gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_REQUEST);
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_pull_function (self->session, pull);
  gnutls_transport_set_push_function (self->session, push);
  return &self->parent;
}

gboolean
foreign_tls_has_seen_a_key (Xep174Tls *tls)
{
  guint n = 0;

  return gnutls_certificate_get_peers (((Foreign *) tls)->session, &n) != NULL && n > 0;
}
