/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bare-tls.h"

#include "xep174-gnutls-private.h"

struct _BareTls
{
  gnutls_session_t session;
};

static Xep174Certificate *
get_certificate (void)
{
  static Xep174Certificate *certificate;

  if (certificate == NULL)
    certificate = xep174_certificate_generate (NULL);
  return certificate;
}

BareTls *
bare_tls_new (int      fd,
              gboolean initiator)
{
  BareTls *self = g_new0 (BareTls, 1);
  Xep174Certificate *certificate = get_certificate ();

  if (gnutls_init (&self->session, GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS
                                   | (initiator ? GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT
                                                : GNUTLS_SERVER)) < 0
      || gnutls_priority_set (self->session, xep174_certificate_get_priority (certificate)) < 0
      || gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE,
                                 xep174_certificate_get_credentials (certificate)) < 0)
    g_error ("No TLS");
  if (!initiator)
    gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_REQUEST);
  gnutls_transport_set_int (self->session, fd);
  return self;
}

void
bare_tls_free (BareTls *self)
{
  gnutls_deinit (self->session);
  g_free (self);
}

gboolean
bare_tls_shake (BareTls *self)
{
  int result = gnutls_handshake (self->session);

  if (result < 0 && gnutls_error_is_fatal (result))
    g_error ("No handshake: %s", gnutls_strerror (result));
  return result >= 0;
}

void
bare_tls_say (BareTls    *self,
              const char *octets,
              gsize       length)
{
  while (length > 0)
    {
      ssize_t n = gnutls_record_send (self->session, octets, length);

      if (n < 0)
        g_error ("Nothing can be said: %s", gnutls_strerror (n));
      octets += n;
      length -= n;
    }
}

gsize
bare_tls_hear (BareTls *self,
               char    *octets,
               gsize    room)
{
  ssize_t n = gnutls_record_recv (self->session, octets, room);

  if (n == 0 || (n < 0 && gnutls_error_is_fatal (n)))
    g_error ("Nothing is heard: %s", gnutls_strerror (n));
  return MAX (n, 0);
}
