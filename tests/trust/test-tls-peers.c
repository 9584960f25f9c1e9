/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tls-end.h"
#include "xep174-trust-error.h"

#include <errno.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

/* The engine against sessions of GnuTLS that behave as ours never would. */

/* Somebody else's TLS: a session of GnuTLS with its own settings and certificates. */

typedef struct
{
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
  GString *in;
  GString *out;
  gboolean open;
  int failed;
} Foreign;

static ssize_t
foreign_pull (gnutls_transport_ptr_t  data,
              void                   *buffer,
              size_t                  size)
{
  Foreign *foreign = data;
  gsize length = MIN (size, foreign->in->len);

  if (length == 0)
    {
      gnutls_transport_set_errno (foreign->session, EAGAIN);
      return -1;
    }
  memcpy (buffer, foreign->in->str, length);
  g_string_erase (foreign->in, 0, length);
  return length;
}

static ssize_t
foreign_push (gnutls_transport_ptr_t  data,
              const void             *octets,
              size_t                  length)
{
  g_string_append_len (((Foreign *) data)->out, octets, length);
  return length;
}

static void
foreign_init (Foreign    *foreign,
              gboolean    initiator,
              const char *priority)
{
  foreign->in = g_string_new (NULL);
  foreign->out = g_string_new (NULL);
  foreign->open = FALSE;
  foreign->failed = 0;
  g_assert_cmpint (gnutls_init (&foreign->session,
                                GNUTLS_NONBLOCK | GNUTLS_FORCE_CLIENT_CERT
                                | (initiator ? GNUTLS_CLIENT : GNUTLS_SERVER)), ==, 0);
  g_assert_cmpint (gnutls_certificate_allocate_credentials (&foreign->credentials), ==, 0);
  g_assert_cmpint (gnutls_priority_set_direct (foreign->session, priority, NULL), ==, 0);
  g_assert_cmpint (gnutls_credentials_set (foreign->session, GNUTLS_CRD_CERTIFICATE,
                                           foreign->credentials), ==, 0);
  if (!initiator)
    gnutls_certificate_server_set_request (foreign->session, GNUTLS_CERT_REQUEST);
  gnutls_transport_set_ptr (foreign->session, foreign);
  gnutls_transport_set_pull_function (foreign->session, foreign_pull);
  gnutls_transport_set_push_function (foreign->session, foreign_push);
}

static void
foreign_clear (Foreign *foreign)
{
  gnutls_deinit (foreign->session);
  gnutls_certificate_free_credentials (foreign->credentials);
  g_string_free (foreign->in, TRUE);
  g_string_free (foreign->out, TRUE);
}

/* A certificate for a key of @algorithm and @bits, @n times in the chain, with @filling octets of
 * text in it. */
static void
foreign_show (Foreign               *foreign,
              gnutls_pk_algorithm_t  algorithm,
              guint                  bits,
              guint                  n,
              gsize                  filling)
{
  gnutls_digest_algorithm_t digest = algorithm == GNUTLS_PK_EDDSA_ED25519 ? GNUTLS_DIG_SHA512
                                                                         : GNUTLS_DIG_SHA256;
  g_autofree char *text = g_strnfill (filling, 'x');
  gnutls_x509_privkey_t secret;
  gnutls_x509_crt_t crt;
  gnutls_privkey_t key;
  gnutls_pcert_st chain[2];

  g_assert_cmpint (gnutls_x509_privkey_init (&secret), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_generate (secret, algorithm, bits, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_init (&crt), ==, 0);
  gnutls_x509_crt_set_version (crt, 3);
  gnutls_x509_crt_set_serial (crt, "\x01", 1);
  /* Out of date, which does not matter. */
  gnutls_x509_crt_set_activation_time (crt, 0);
  gnutls_x509_crt_set_expiration_time (crt, 1);
  g_assert_cmpint (gnutls_x509_crt_set_key (crt, secret), ==, 0);
  if (filling > 0)
    g_assert_cmpint (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, text,
                                                           filling, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_sign2 (crt, crt, secret, digest, 0), ==, 0);

  g_assert_cmpint (gnutls_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_privkey_import_x509 (key, secret,
                                               GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE), ==, 0);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (gnutls_pcert_import_x509 (&chain[i], crt, 0), ==, 0);
  /* It takes the chain and the key, and leaves the chain's order alone. */
  g_assert_cmpint (gnutls_certificate_set_key (foreign->credentials, NULL, 0, chain, n, key), ==,
                   0);
  gnutls_x509_crt_deinit (crt);
}

static void
foreign_step (Foreign *foreign)
{
  char text[100];
  int result;

  if (foreign->failed != 0)
    return;

  result = foreign->open ? gnutls_record_recv (foreign->session, text, sizeof text)
                         : gnutls_handshake (foreign->session);
  if (result >= 0)
    foreign->open = TRUE;
  else if (gnutls_error_is_fatal (result))
    {
      foreign->failed = result;
      gnutls_alert_send_appropriate (foreign->session, result);
    }
}

static void
converse (End     *end,
          Foreign *foreign)
{
  gboolean moved;

  end_feed (end, NULL, 0);
  do
    {
      foreign_step (foreign);
      moved = end->wire->len > 0;
      g_string_append_len (foreign->in, end->wire->str, end->wire->len);
      g_string_truncate (end->wire, 0);
      moved |= end_carry (foreign->out, end, G_MAXSIZE);
    }
  while (moved);
}

#define NORMAL "NORMAL:-VERS-ALL:+VERS-TLS1.3"

typedef struct
{
  const char *name;
  const char *priority;
  gnutls_pk_algorithm_t algorithm;
  guint bits;
  guint n;
  gsize filling;
  /* NULL if it is accepted. */
  const char *callee_error;
  /* What we say as a recipient, when we look at the key of a caller behind the handshake; or during
   * it. */
  const char *key_error;
  const char *caller_error;
} Peer;

static const Peer peers[] = {
  { "ed25519", NORMAL, GNUTLS_PK_EDDSA_ED25519, 256, 1, 0 },
  { "p-256", NORMAL, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 1, 0 },
  { "p-384", NORMAL, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP384R1), 1, 0 },
  { "rsa-2048", NORMAL, GNUTLS_PK_RSA, 2048, 1, 0 },
  { "rsa-pss-2048", NORMAL, GNUTLS_PK_RSA_PSS, 2048, 1, 0 },
  { "p-521", NORMAL, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP521R1), 1, 0,
    "not accepted, or too short", "not accepted, or too short" },
  { "rsa-1024", NORMAL, GNUTLS_PK_RSA, 1024, 1, 0,
    "not accepted, or too short", "not accepted, or too short" },
  { "none", NORMAL, GNUTLS_PK_UNKNOWN, 0, 0, 0, "it has no cipher in common",
    "shown no certificate" },
  { "two", NORMAL, GNUTLS_PK_EDDSA_ED25519, 256, 2, 0, "shown 2 certificates",
    "shown 2 certificates" },
  { "9 KiB", NORMAL, GNUTLS_PK_EDDSA_ED25519, 256, 1, 9 << 10, "is too large", "is too large" },
  { "60 KiB", NORMAL, GNUTLS_PK_EDDSA_ED25519, 256, 1, 60 << 10, "more than encryption needs", NULL,
    "more than encryption needs" },
  { "tls-1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2", GNUTLS_PK_RSA, 2048, 1, 0, "may not know TLS 1.3",
    NULL, "does not speak TLS 1.3" },
};

static void
assert_says (const GError *error,
             const char   *words)
{
  if (words == NULL)
    g_assert_no_error (error);
  else
    {
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, words));
    }
}

static void
test_callee (gconstpointer data)
{
  const Peer *peer = data;
  g_autoptr(Xep174Certificate) certificate = xep174_certificate_generate (NULL);
  Foreign foreign;
  End caller;

  foreign_init (&foreign, FALSE, peer->priority);
  if (peer->n > 0)
    foreign_show (&foreign, peer->algorithm, peer->bits, peer->n, peer->filling);
  end_init (&caller, certificate, TRUE, look_accept, NULL);
  converse (&caller, &foreign);
  assert_says (caller.error, peer->callee_error);
  g_assert_cmpint (caller.open, ==, peer->callee_error == NULL);
  end_clear (&caller);
  foreign_clear (&foreign);
}

static void
test_caller (gconstpointer data)
{
  const Peer *peer = data;
  g_autoptr(Xep174Certificate) certificate = xep174_certificate_generate (NULL);
  g_autoptr(GBytes) key = NULL;
  g_autoptr(GError) error = NULL;
  Foreign foreign;
  End callee;

  foreign_init (&foreign, TRUE, peer->priority);
  if (peer->n > 0)
    foreign_show (&foreign, peer->algorithm, peer->bits, peer->n, peer->filling);
  end_init (&callee, certificate, FALSE, NULL, NULL);
  converse (&callee, &foreign);
  assert_says (callee.error, peer->caller_error);
  if (peer->caller_error == NULL)
    {
      /* T10: it is refused where people see the reason. */
      g_assert_true (callee.open);
      key = xep174_tls_dup_peer_key (callee.tls, &error);
      assert_says (error, peer->key_error);
    }
  end_clear (&callee);
  foreign_clear (&foreign);
}

typedef struct
{
  gnutls_alert_description_t alert;
  const char *words;
} Stop;

static const Stop stops[] = {
  { GNUTLS_A_HANDSHAKE_FAILURE, "it has no cipher in common" },
  { GNUTLS_A_BAD_CERTIFICATE, "it does not accept our key" },
  { GNUTLS_A_UNKNOWN_CA, "nobody has signed" },
  { GNUTLS_A_CERTIFICATE_REQUIRED, "wants a certificate" },
  { GNUTLS_A_INTERNAL_ERROR, "went wrong inside it" },
  { GNUTLS_A_EXPORT_RESTRICTION, "the number 60" },
};

/* RFC 8446 §6.2: each is the end, and is told in words. */
static void
test_alerts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++)
    for (guint behind = 0; behind < 2; behind++)
      {
        g_autoptr(Xep174Certificate) certificate = xep174_certificate_generate (NULL);
        Foreign foreign;
        End caller;

        foreign_init (&foreign, FALSE, NORMAL);
        foreign_show (&foreign, GNUTLS_PK_EDDSA_ED25519, 256, 1, 0);
        end_init (&caller, certificate, TRUE, look_accept, NULL);
        if (behind)
          converse (&caller, &foreign);
        else
          end_feed (&caller, NULL, 0);
        g_assert_cmpint (gnutls_alert_send (foreign.session, GNUTLS_AL_FATAL, stops[i].alert), ==,
                         0);
        end_carry (foreign.out, &caller, G_MAXSIZE);
        g_assert_error (caller.error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS);
        assert_says (caller.error, stops[i].words);
        end_clear (&caller);
        foreign_clear (&foreign);
      }
}

/* Who only asks for new keys is stopped; once is allowed. */
static void
test_key_updates (void)
{
  g_autoptr(Xep174Certificate) certificate = xep174_certificate_generate (NULL);
  Foreign foreign;
  End callee;
  guint n;

  foreign_init (&foreign, TRUE, NORMAL);
  foreign_show (&foreign, GNUTLS_PK_EDDSA_ED25519, 256, 1, 0);
  end_init (&callee, certificate, FALSE, NULL, NULL);
  converse (&callee, &foreign);
  g_assert_true (callee.open);

  for (n = 0; n < 10000 && callee.error == NULL; n++)
    {
      g_assert_cmpint (gnutls_session_key_update (foreign.session, GNUTLS_KU_PEER), ==, 0);
      g_assert_cmpint (gnutls_record_send (foreign.session, "x", 1), ==, 1);
      end_carry (foreign.out, &callee, G_MAXSIZE);
      if (n == 0)
        {
          g_assert_cmpstr (callee.text->str, ==, "x");
          end_say (&callee, "y", 1);
        }
    }
  g_test_message ("after %u", n);
  g_assert_error (callee.error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS);
  end_clear (&callee);
  foreign_clear (&foreign);
}

/* Records of one octet, and of nothing. */
static void
test_small_records (void)
{
  g_autoptr(Xep174Certificate) certificate = xep174_certificate_generate (NULL);
  Foreign foreign;
  End callee;

  foreign_init (&foreign, TRUE, NORMAL);
  foreign_show (&foreign, GNUTLS_PK_EDDSA_ED25519, 256, 1, 0);
  end_init (&callee, certificate, FALSE, NULL, NULL);
  converse (&callee, &foreign);
  for (guint i = 0; i < 1000; i++)
    {
      /* One octet in a record that is filled up to the largest size (RFC 8446 §5.4). */
      if (i == 500)
        g_assert_cmpint (gnutls_record_send2 (foreign.session, "x", 1, 16000, 0), ==, 1);
      else
        g_assert_cmpint (gnutls_record_send (foreign.session, "x", 1), ==, 1);
    }
  end_carry (foreign.out, &callee, G_MAXSIZE);
  g_assert_no_error (callee.error);
  g_assert_cmpuint (callee.text->len, ==, 1000);
  end_clear (&callee);
  foreign_clear (&foreign);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      g_autofree char *callee = g_strconcat ("/tls-peers/callee/", peers[i].name, NULL);
      g_autofree char *caller = g_strconcat ("/tls-peers/caller/", peers[i].name, NULL);

      g_test_add_data_func (callee, &peers[i], test_callee);
      g_test_add_data_func (caller, &peers[i], test_caller);
    }
  g_test_add_func ("/tls-peers/alerts", test_alerts);
  g_test_add_func ("/tls-peers/key-updates", test_key_updates);
  g_test_add_func ("/tls-peers/small-records", test_small_records);

  return g_test_run ();
}
