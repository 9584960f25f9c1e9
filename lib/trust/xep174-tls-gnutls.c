/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-gnutls-private.h"
#include "xep174-gettext-private.h"
#include "xep174-tls-private.h"

#include <errno.h>

#include "xep174-trust-error.h"

/* Of each handshake message: a certificate that is accepted has 8 KiB at most. */
#define HANDSHAKE_MAX 12288
/* RFC 8446 §5.1. */
#define RECORD_MAX 16384
/* T11: how many octets may come that give no text. GnuTLS gathers a handshake message before it looks at
 * how long it says that it is, which may be 16 MiB. A handshake of ours takes half as many. */
#define SILENT_MAX (32 * 1024)

/* RFC 8446 §4.1.3 and RFC 6120 §5: nothing that a handshake of ours does not need. */
#define FLAGS (GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS)

typedef struct
{
  Xep174Tls parent;
  gnutls_session_t session;
  Xep174Certificate *certificate;
  Xep174TlsLook look;
  gpointer data;
  GError *refused;
  /* Lent while a call lasts. */
  const guint8 *octets;
  gsize length;
  GString *wire;
  /* How many octets have come since the last text. */
  gsize silent;
  gboolean open;
  gboolean failed;
} Engine;

typedef struct
{
  gnutls_alert_description_t alert;
  const char *text;
} Outcome;

/* RFC 8446 §6.2: what the peer's alerts mean to people. */
static const Outcome outcomes[] = {
  { GNUTLS_A_CLOSE_NOTIFY, N_("it ended the encrypted connection") },
  { GNUTLS_A_USER_CANCELED, N_("somebody stopped it there") },
  { GNUTLS_A_HANDSHAKE_FAILURE, N_("it has no cipher in common with us, and may not know TLS "
                                   "1.3") },
  { GNUTLS_A_INSUFFICIENT_SECURITY, N_("our ciphers are too weak for it") },
  { GNUTLS_A_PROTOCOL_VERSION, N_("it does not know TLS 1.3") },
  { GNUTLS_A_BAD_CERTIFICATE, N_("it does not accept our key") },
  { GNUTLS_A_UNSUPPORTED_CERTIFICATE, N_("it does not accept keys of our kind") },
  { GNUTLS_A_CERTIFICATE_REVOKED, N_("it does not accept our key") },
  { GNUTLS_A_CERTIFICATE_EXPIRED, N_("it finds our certificate out of date") },
  { GNUTLS_A_CERTIFICATE_UNKNOWN, N_("it does not accept our key") },
  { GNUTLS_A_UNKNOWN_CA, N_("it does not accept keys that nobody has signed") },
  { GNUTLS_A_ACCESS_DENIED, N_("it does not accept our key") },
  { GNUTLS_A_CERTIFICATE_REQUIRED, N_("it wants a certificate of ours") },
  { GNUTLS_A_BAD_RECORD_MAC, N_("what we sent was changed on the way") },
  { GNUTLS_A_DECRYPT_ERROR, N_("what we sent does not belong to our key") },
  { GNUTLS_A_RECORD_OVERFLOW, N_("it found what we sent too long") },
  { GNUTLS_A_DECODE_ERROR, N_("it could not read what we sent") },
  { GNUTLS_A_UNEXPECTED_MESSAGE, N_("it expected something else at this moment") },
  { GNUTLS_A_ILLEGAL_PARAMETER, N_("it found what we sent inconsistent") },
  { GNUTLS_A_MISSING_EXTENSION, N_("it missed something in what we sent") },
  { GNUTLS_A_UNSUPPORTED_EXTENSION, N_("it did not ask for something that we sent") },
  { GNUTLS_A_NO_APPLICATION_PROTOCOL, N_("it does not expect a chat") },
  { GNUTLS_A_UNRECOGNIZED_NAME, N_("it does not know the name that we used") },
  { GNUTLS_A_INTERNAL_ERROR, N_("something went wrong inside it") },
};

static void
set_alert (gnutls_alert_description_t  alert,
           GError                    **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (outcomes[i].alert == alert)
      {
        g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                     _("The other side stopped the encryption: %s"), _(outcomes[i].text));
        return;
      }

  g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
               _("The other side stopped the encryption, and gave the number %u as its reason"),
               (guint) alert);
}

static void
set_failure (Engine  *self,
             int      result,
             GError **error)
{
  if (self->refused != NULL)
    g_propagate_error (error, g_steal_pointer (&self->refused));
  else if (result == GNUTLS_E_FATAL_ALERT_RECEIVED)
    set_alert (gnutls_alert_get (self->session), error);
  else if (self->silent + RECORD_MAX > SILENT_MAX && result == GNUTLS_E_PULL_ERROR)
    g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                         _("The other side sends more than encryption needs, and no text"));
  else if (result == GNUTLS_E_UNSUPPORTED_VERSION_PACKET
           || result == GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM
           || result == GNUTLS_E_NO_CIPHER_SUITES)
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                 _("The other side does not speak TLS 1.3 as we do "
                   "(%s)"), gnutls_strerror (result));
  else
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                 _("What the other side sent does not belong to TLS, or was changed on the way "
                   "(%s)"),
                 gnutls_strerror (result));
}

static Xep174TlsResult
fail (Engine  *self,
      int      result,
      GError **error)
{
  self->failed = TRUE;
  /* Behind an alert of the peer nothing is said. */
  if (result != GNUTLS_E_FATAL_ALERT_RECEIVED)
    gnutls_alert_send_appropriate (self->session, result);
  set_failure (self, result, error);
  return XEP174_TLS_FAILED;
}

static ssize_t
pull (gnutls_transport_ptr_t  data,
      void                   *buffer,
      size_t                  size)
{
  Engine *self = data;
  gsize length = MIN (size, self->length);

  if (self->silent + length > SILENT_MAX)
    {
      gnutls_transport_set_errno (self->session, EMSGSIZE);
      return -1;
    }
  if (length == 0)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }

  memcpy (buffer, self->octets, length);
  self->octets += length;
  self->length -= length;
  self->silent += length;
  return length;
}

static ssize_t
push (gnutls_transport_ptr_t  data,
      const giovec_t         *pieces,
      int                     n)
{
  Engine *self = data;
  gsize before = self->wire->len;

  for (int i = 0; i < n; i++)
    g_string_append_len (self->wire, pieces[i].iov_base, pieces[i].iov_len);
  return self->wire->len - before;
}

static GBytes *
engine_dup_peer_key (Xep174Tls  *tls,
                     GError    **error)
{
  Engine *self = (Engine *) tls;
  guint n = 0;
  const gnutls_datum_t *list = gnutls_certificate_get_peers (self->session, &n);

  /* It may be our own: two programs of one user have the same. That nobody sends us back what we say is
   * for the names to see, which must be inside what they were before (T4). */
  return xep174_certificate_check_peers (list, list != NULL ? n : 0, error);
}

/* GnuTLS asks here before the client's certificate leaves. What a caller has shown is looked at
 * behind the handshake, so that it is refused in XMPP, where people see the reason (T10). */
static int
on_certificate (gnutls_session_t session)
{
  Engine *self = gnutls_session_get_ptr (session);
  g_autoptr(GBytes) key = NULL;

  if (self->look == NULL)
    return 0;

  key = engine_dup_peer_key (&self->parent, &self->refused);
  if (key == NULL || !self->look (key, self->data, &self->refused))
    return GNUTLS_E_CERTIFICATE_ERROR;

  return 0;
}

static Xep174TlsResult
step (Engine   *self,
      GString  *text,
      GError  **error)
{
  gsize before = text->len;
  ssize_t result;

  if (!self->open)
    {
      result = gnutls_handshake (self->session);
      self->open = result == GNUTLS_E_SUCCESS;
      if (self->open)
        return XEP174_TLS_OPEN;
    }
  else
    {
      g_string_set_size (text, before + RECORD_MAX);
      result = gnutls_record_recv (self->session, text->str + before, RECORD_MAX);
      g_string_set_size (text, before + MAX (result, 0));
      if (result > 0)
        {
          self->silent = 0;
          return XEP174_TLS_TEXT;
        }
      if (result == 0)
        return XEP174_TLS_CLOSED;
    }

  if (result == GNUTLS_E_AGAIN && self->length == 0)
    return XEP174_TLS_MORE;
  return gnutls_error_is_fatal (result) ? fail (self, result, error) : XEP174_TLS_MORE;
}

static Xep174TlsResult
engine_receive (Xep174Tls     *tls,
                const guint8 **octets,
                gsize         *length,
                GString       *text,
                GString       *wire,
                GError       **error)
{
  Engine *self = (Engine *) tls;
  Xep174TlsResult result;

  if (self->failed)
    {
      g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                           _("The encrypted connection has failed before"));
      return XEP174_TLS_FAILED;
    }

  self->octets = *octets;
  self->length = *length;
  self->wire = wire;
  /* What is no error and gives nothing, an empty record for example, is passed over. */
  do
    result = step (self, text, error);
  while (result == XEP174_TLS_MORE && self->length > 0);
  *octets = self->octets;
  *length = self->length;
  return result;
}

static gboolean
engine_send (Xep174Tls   *tls,
             const char  *text,
             gsize        length,
             GString     *wire,
             GError     **error)
{
  Engine *self = (Engine *) tls;

  g_return_val_if_fail (self->open && !self->failed, FALSE);

  self->wire = wire;
  while (length > 0)
    {
      ssize_t result = gnutls_record_send (self->session, text, length);

      if (result <= 0)
        {
          fail (self, result, error);
          return FALSE;
        }
      text += result;
      length -= result;
    }
  return TRUE;
}

static void
engine_close (Xep174Tls *tls,
              GString   *wire)
{
  Engine *self = (Engine *) tls;

  if (!self->open || self->failed)
    return;

  self->wire = wire;
  gnutls_bye (self->session, GNUTLS_SHUT_WR);
}

static GBytes *
engine_dup_channel_binding (Xep174Tls *tls)
{
  Engine *self = (Engine *) tls;
  gnutls_datum_t binding = { NULL, 0 };
  GBytes *octets;

  if (!self->open
      || gnutls_session_channel_binding (self->session, GNUTLS_CB_TLS_EXPORTER, &binding) < 0)
    return NULL;

  octets = g_bytes_new (binding.data, binding.size);
  gnutls_free (binding.data);
  return octets;
}

static void
engine_free (Xep174Tls *tls)
{
  Engine *self = (Engine *) tls;

  g_clear_pointer (&self->session, gnutls_deinit);
  g_clear_pointer (&self->certificate, xep174_certificate_unref);
  g_clear_error (&self->refused);
  g_free (self);
}

static const Xep174TlsClass engine_class = {
  engine_free, engine_receive, engine_send, engine_close, engine_dup_peer_key,
  engine_dup_channel_binding,
};

Xep174Tls *
xep174_tls_new (Xep174Certificate  *certificate,
                gboolean            initiator,
                Xep174TlsLook       look,
                gpointer            data,
                GError            **error)
{
  Engine *self = g_new0 (Engine, 1);
  guint role = initiator ? GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT : GNUTLS_SERVER;
  int result;

  self->parent.klass = &engine_class;
  self->certificate = xep174_certificate_ref (certificate);
  self->look = initiator ? look : NULL;
  self->data = data;
  /* A recipient names authorities that it knows, and we are not theirs: the certificate is sent all
   * the same. */
  result = gnutls_init (&self->session, FLAGS | role);
  if (result >= 0)
    result = gnutls_priority_set (self->session, xep174_certificate_get_priority (certificate));
  if (result >= 0)
    result = gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE,
                                     xep174_certificate_get_credentials (certificate));
  if (result < 0)
    {
      g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                   _("The encryption cannot begin: %s"), gnutls_strerror (result));
      engine_free (&self->parent);
      return NULL;
    }

  gnutls_session_set_ptr (self->session, self);
  gnutls_session_set_verify_function (self->session, on_certificate);
  gnutls_handshake_set_max_packet_length (self->session, HANDSHAKE_MAX);
  if (!initiator)
    gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_REQUEST);
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_pull_function (self->session, pull);
  gnutls_transport_set_vec_push_function (self->session, push);
  return &self->parent;
}
