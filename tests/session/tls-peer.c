/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tls-peer.h"

#include <string.h>

#include "xep174-identity.h"
#include "xep174-safety-number-private.h"

static void
on_key_seen (Xep174SessionManager *manager,
             const char           *name,
             const char           *fingerprint,
             Stage                *stage)
{
  g_string_append_printf (stage->log, "seen %s\n", name);
}

static void
on_key_changed (Xep174SessionManager *manager,
                const char           *name,
                const char           *old,
                const char           *new,
                Stage                *stage)
{
  g_string_append_printf (stage->log, "changed %s\n", name);
}

void
tls_stage_set_up (TlsStage      *self,
                  gconstpointer  data)
{
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (NULL);

  raw_set_up (&self->raw, data);
  xep174_session_manager_set_identity (self->raw.manager, identity);
  self->store = g_object_ref (xep174_session_manager_get_trust_store (self->raw.manager));
  g_signal_connect (self->raw.manager, "key-seen", G_CALLBACK (on_key_seen), self->raw.stage);
  g_signal_connect (self->raw.manager, "key-changed", G_CALLBACK (on_key_changed), self->raw.stage);
  self->certificate = xep174_certificate_generate (NULL);
  self->other = xep174_certificate_generate (NULL);
}

void
tls_stage_tear_down (TlsStage      *self,
                     gconstpointer  data)
{
  raw_tear_down (&self->raw, data);
  g_object_unref (self->store);
  xep174_certificate_unref (self->certificate);
  xep174_certificate_unref (self->other);
}

void
tls_stage_know (TlsStage          *self,
                Xep174Certificate *certificate,
                const char        *name)
{
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (xep174_certificate_get_key (certificate));

  g_assert_true (xep174_trust_store_add (self->store, fingerprint, name, NULL));
}

void
tls_stage_distrust (TlsStage          *self,
                    Xep174Certificate *certificate)
{
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (xep174_certificate_get_key (certificate));

  g_assert_true (xep174_trust_store_set_trust (self->store, fingerprint, XEP174_TRUST_DISTRUSTED, NULL));
}

guint
tls_stage_count (TlsStage *self)
{
  g_autoptr(GListModel) records = xep174_trust_store_list (self->store, NULL);

  return g_list_model_get_n_items (records);
}

void
tls_stage_give_up (TlsStage *self)
{
  stage_advance (self->raw.stage, 100000);
  while (raw_is_dialled (&self->raw))
    {
      raw_refuse (&self->raw);
      stage_advance (self->raw.stage, 100000);
    }
}

static void
say_records (TlsPeer *self,
             GString *wire)
{
  if (wire->len > 0)
    memory_stream_say_octets (self->end, wire->str, wire->len);
  g_string_free (wire, TRUE);
}

static void
feed (TlsPeer      *self,
      const guint8 *octets,
      gsize         length)
{
  GString *wire = g_string_new (NULL);
  Xep174TlsResult result = XEP174_TLS_OPEN;

  while (self->error == NULL && !self->closed && result != XEP174_TLS_MORE)
    {
      result = xep174_tls_receive (self->tls, &octets, &length, self->text, wire, &self->error);
      self->open |= result == XEP174_TLS_OPEN;
      self->closed |= result == XEP174_TLS_CLOSED;
    }
  say_records (self, wire);
}

void
tls_peer_settle (TlsPeer *self)
{
  gsize length = 0;

  do
    {
      g_autofree guint8 *octets = NULL;

      stage_settle (self->raw->stage);
      octets = memory_stream_hear_octets (self->end, &length);
      feed (self, octets, length);
    }
  while (length > 0);
}

TlsPeer *
tls_peer_new (Raw          *raw,
              MemoryStream *end,
              Xep174Tls    *tls)
{
  TlsPeer *self = g_new0 (TlsPeer, 1);

  self->raw = raw;
  self->end = g_object_ref (end);
  self->tls = tls;
  self->text = g_string_new (NULL);
  feed (self, NULL, 0);
  tls_peer_settle (self);
  return self;
}

void
tls_peer_free (TlsPeer *self)
{
  g_object_unref (self->end);
  xep174_tls_free (self->tls);
  g_string_free (self->text, TRUE);
  g_clear_error (&self->error);
  g_free (self);
}

void
tls_peer_say (TlsPeer    *self,
              const char *text)
{
  GString *wire = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (self->open);
  xep174_tls_send (self->tls, text, strlen (text), wire, &error);
  g_assert_no_error (error);
  say_records (self, wire);
  tls_peer_settle (self);
}

void
tls_peer_say_message (TlsPeer    *self,
                      const char *body)
{
  g_autofree char *text = g_strdup_printf ("<message from='%s' to='%s'><body>%s</body></message>",
                                           self->raw->peer, self->raw->local, body);

  tls_peer_say (self, text);
}

static char *
dup_header (const char *from,
            const char *to,
            const char *version)
{
  GString *header = g_string_new ("<?xml version='1.0'?><stream:stream " NS_ATTRIBUTES);

  if (from != NULL)
    g_string_append_printf (header, " from='%s'", from);
  if (to != NULL)
    g_string_append_printf (header, " to='%s'", to);
  if (version != NULL)
    g_string_append_printf (header, " version='%s'", version);
  g_string_append_c (header, '>');
  return g_string_free (header, FALSE);
}

void
tls_peer_say_header (TlsPeer    *self,
                     const char *from,
                     const char *to,
                     const char *version)
{
  g_autofree char *header = dup_header (from, to, version);

  tls_peer_say (self, header);
}

void
tls_peer_bye (TlsPeer *self)
{
  GString *wire = g_string_new (NULL);

  xep174_tls_close (self->tls, wire);
  say_records (self, wire);
  g_io_stream_close (G_IO_STREAM (self->end), NULL, NULL);
  tls_peer_settle (self);
}

char *
tls_peer_take (TlsPeer *self)
{
  char *text;

  tls_peer_settle (self);
  text = g_strdup (self->text->str);
  g_string_truncate (self->text, 0);
  return text;
}

void
tls_peer_hear (TlsPeer    *self,
               const char *part)
{
  g_autofree char *text = tls_peer_take (self);

  g_test_message ("inside: %s", text);
  g_assert_nonnull (strstr (text, part));
}

static TlsPeer *
begin (Raw               *raw,
       MemoryStream      *end,
       Xep174Certificate *certificate,
       gboolean           initiator)
{
  g_autoptr(GError) error = NULL;
  Xep174Tls *tls = xep174_tls_new (certificate, initiator, NULL, NULL, &error);

  g_assert_no_error (error);
  return tls_peer_new (raw, end, tls);
}

TlsPeer *
tls_peer_call (Raw               *raw,
               Xep174Certificate *certificate,
               const char        *from)
{
  MemoryStream *end = raw_come_in (raw);
  g_autofree char *header = dup_header (from, raw->local, "1.0");
  g_autofree char *heard = NULL;

  raw_say (raw, end, header);
  heard = memory_stream_hear (end);
  g_assert_nonnull (strstr (heard, "<starttls "));
  raw_say (raw, end, STARTTLS);
  raw_hear (raw, end, PROCEED);
  return begin (raw, end, certificate, TRUE);
}

TlsPeer *
tls_peer_answer (Raw               *raw,
                 Xep174Certificate *certificate)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "hail");
  end = raw_answer (raw);
  raw_hear_header (raw, end, FALSE, "");
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, FEATURES_TLS);
  raw_hear (raw, end, STARTTLS);
  memory_stream_say (end, PROCEED);
  stage_settle (raw->stage);
  return begin (raw, end, certificate, FALSE);
}

TlsPeer *
tls_peer_open_in (Raw               *raw,
                  Xep174Certificate *certificate)
{
  TlsPeer *self = tls_peer_call (raw, certificate, raw->peer);

  tls_peer_say_header (self, raw->peer, raw->local, "1.0");
  tls_peer_hear (self, FEATURES_INSIDE);
  return self;
}

TlsPeer *
tls_peer_open_out (Raw               *raw,
                   Xep174Certificate *certificate)
{
  TlsPeer *self = tls_peer_answer (raw, certificate);

  tls_peer_say_header (self, raw->peer, raw->local, "1.0");
  tls_peer_say (self, "<stream:features/>");
  return self;
}
