/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "acks-peer.h"

#include <string.h>

static char *
dup_part (const char *text,
          const char *before,
          const char *after)
{
  const char *start = strstr (text, before);
  const char *end;

  g_assert_nonnull (start);
  start += strlen (before);
  end = strstr (start, after);
  g_assert_nonnull (end);
  return g_strndup (start, end - start);
}

char *
acks_enable_in (TlsPeer *peer)
{
  g_autofree char *text = NULL;

  tls_peer_say (peer, ENABLE);
  text = tls_peer_take (peer);
  return dup_part (text, "id='", "'");
}

TlsPeer *
acks_open_in (TlsStage  *fixture,
              char     **id)
{
  TlsPeer *peer = tls_peer_open_in (&fixture->raw, fixture->certificate);

  *id = acks_enable_in (peer);
  tls_peer_say_message (peer, "first");
  g_free (stage_take_log (fixture->raw.stage));
  return peer;
}

TlsPeer *
acks_answer_dial (TlsStage *fixture)
{
  Raw *raw = &fixture->raw;
  MemoryStream *end = raw_answer (raw);
  TlsPeer *peer;

  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, FEATURES_TLS);
  memory_stream_say (end, PROCEED);
  g_free (memory_stream_hear (end));
  stage_settle (raw->stage);
  peer = tls_peer_new (raw, end, xep174_tls_new (fixture->certificate, FALSE, NULL, NULL, NULL));
  tls_peer_say_header (peer, raw->peer, raw->local, "1.0");
  g_free (tls_peer_take (peer));
  return peer;
}

TlsPeer *
acks_ask_out (TlsStage *fixture)
{
  TlsPeer *peer;

  stage_send (fixture->raw.stage, fixture->raw.manager, fixture->raw.peer, "hail");
  peer = acks_answer_dial (fixture);
  tls_peer_say (peer, "<stream:features><sm" SM_NS "/></stream:features>");
  tls_peer_hear (peer, ENABLE);
  return peer;
}

TlsPeer *
acks_open_out (TlsStage *fixture)
{
  TlsPeer *peer = acks_ask_out (fixture);

  tls_peer_say (peer, "<enabled" SM_NS " id='i1' resume='true'/>");
  tls_peer_hear (peer, "<body>hail</body>");
  g_free (stage_take_log (fixture->raw.stage));
  return peer;
}

void
acks_break_off (TlsPeer *peer)
{
  memory_stream_break (peer->end);
  tls_peer_settle (peer);
}
