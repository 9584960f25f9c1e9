/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One manager and a contact that has encrypted, and says anything inside, or beside the records (T9,
 * T13, X1–X8): what we say inside is a sound stream, and when the connections have ended nothing is
 * left, no stream, no timer and no memory.
 *
 * The input: which of the two names is ours; who calls; then octets that choose what happens, each
 * with what it needs. Strings stand after their length. */

#include "fuzz.h"

#include "acks-peer.h"

#define STEPS 60

typedef struct
{
  TlsStage stage;
  TlsPeer *peer;
  gboolean has_said_bye;
  FuzzBytes bytes;
} Play;

static void
say_inside (Play       *play,
            const char *before,
            const char *after)
{
  gsize length;
  const guint8 *octets = fuzz_take (&play->bytes, 256, &length);
  g_autofree char *taken = g_strndup ((const char *) octets, length);
  g_autofree char *text = g_strconcat (before, taken, after, NULL);

  if (play->peer->open && play->peer->error == NULL && !play->has_said_bye && text[0] != '\0')
    tls_peer_say (play->peer, text);
}

static void
say_something (Play *play)
{
  static const char *const said[][2] = {
    { "", "" },
    { "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' to='juliet@capulet' ", ">" },
    { "<stream:stream " NS_ATTRIBUTES " from='juliet@capulet' to='romeo@montague' ", ">" },
    { "<stream:features>", "</stream:features>" },
    { "<message><body>", "</body></message>" },
    { "<iq type='get' id='", "'><ping xmlns='urn:xmpp:ping'/></iq>" },
    { STARTTLS, "" },
    { "<stream:error><", "/></stream:error>" },
    { FOOTER, "" },
    { "<stream:features><sm" SM_NS "/>", "</stream:features>" },
    { "<enable" SM_NS " resume='true'", "/>" },
    { "<enabled" SM_NS " id='i' resume='true'", "/>" },
    { "<resume" SM_NS " previd='i' h='", "'/>" },
    { "<resumed" SM_NS " previd='i' h='", "'/>" },
    { "<failed" SM_NS " h='", "'/>" },
    { "<r" SM_NS, "/>" },
    { "<a" SM_NS " h='", "'/>" },
  };
  guint i = fuzz_throw (&play->bytes, G_N_ELEMENTS (said));

  say_inside (play, said[i][0], said[i][1]);
}

static void
say_outside (Play *play)
{
  gsize length;
  const guint8 *octets = fuzz_take (&play->bytes, 64, &length);

  memory_stream_say_octets (play->peer->end, octets, length);
}

static void
happen (Play *play)
{
  static const guint times[] = { 1, 1000, 3000, 400000 };
  Raw *raw = &play->stage.raw;

  switch (fuzz_throw (&play->bytes, 16))
    {
    case 0:
      stage_advance (raw->stage, times[fuzz_throw (&play->bytes, G_N_ELEMENTS (times))]);
      break;
    case 1:
      stage_send (raw->stage, raw->manager, raw->peer, "hello");
      break;
    case 2:
      stage_close (raw->stage, raw->manager, raw->peer);
      break;
    case 3:
      play->has_said_bye = TRUE;
      tls_peer_bye (play->peer);
      break;
    case 4:
      memory_stream_break (play->peer->end);
      break;
    case 5:
      say_outside (play);
      break;
    default:
      say_something (play);
    }
  tls_peer_settle (play->peer);
}

static void
check_words (TlsPeer *peer)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  g_autoptr(GError) error = NULL;

  xep174_stream_parser_feed (parser, (const guint8 *) peer->text->str, peer->text->len);
  while (xep174_stream_parser_next (parser, NULL, &error) != XEP174_STREAM_ITEM_NONE)
    g_assert_no_error (error);
}

static void
end_play (Play *play)
{
  Raw *raw = &play->stage.raw;

  check_words (play->peer);
  for (guint n = 0; n < raw->ends->len; n++)
    memory_stream_break (raw->ends->pdata[n]);
  for (guint i = 0; i < 5; i++)
    tls_stage_give_up (&play->stage);
  g_assert_cmpuint (g_list_model_get_n_items (xep174_session_manager_get_sessions (raw->manager)),
                    ==, 0);
  g_assert_cmpint (xep174_clock_get_wait_ms (raw->stage->clock), ==, -1);
  tls_peer_free (play->peer);
  tls_stage_tear_down (&play->stage, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  Play play = { .bytes = { data, size } };
  Raw *raw = &play.stage.raw;

  tls_stage_set_up (&play.stage, fuzz_throw (&play.bytes, 2) == 1 ? ROMEO : JULIET);
  play.peer = fuzz_throw (&play.bytes, 2) == 1
    ? tls_peer_answer (raw, play.stage.certificate)
    : tls_peer_call (raw, play.stage.certificate, raw->peer);
  for (guint i = 0; i < STEPS && play.bytes.size > 0; i++)
    happen (&play);
  end_play (&play);
  return 0;
}
