/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One manager and a contact that says any header, any features and any octets (X1–X8, S1–S11):
 * what we say is a sound stream whatever we hear, and when the connections have ended nothing is
 * left, no stream, no timer and no memory.
 *
 * The input: which of the two names is ours; then octets that choose what happens, each with what
 * it needs. Strings stand after their length. */

#include "fuzz.h"

#include "raw-peer.h"

#define STEPS 100

typedef struct
{
  Raw raw;
  FuzzBytes bytes;
  MemoryStream *end; /* the newest connection */
} Play;

static void
say_header (Play *play)
{
  static const char *const versions[] = { "", " version='1.0'", " version='2.0'", " version='x'" };
  guint kind = fuzz_throw (&play->bytes, 4);
  guint from = fuzz_throw (&play->bytes, 4);
  g_autofree char *header = NULL;

  header = g_strdup_printf ("<stream:stream " NS_ATTRIBUTES "%s%s%s to='%s'%s>",
                            from == 0 ? "" : " from='",
                            from == 0 ? "" : from == 1 ? "x" : play->raw.peer,
                            from == 0 ? "" : "'", play->raw.local, versions[kind]);
  memory_stream_say (play->end, header);
}

static void
say_octets (Play       *play,
            const char *before,
            const char *after)
{
  gsize length;
  const guint8 *octets = fuzz_take (&play->bytes, 256, &length);

  memory_stream_say (play->end, before);
  memory_stream_say_octets (play->end, octets, length);
  memory_stream_say (play->end, after);
}

static void
meet (Play *play)
{
  StageDial *dial = stage_next_dial (play->raw.stage);

  if (dial == NULL)
    play->end = raw_come_in (&play->raw);
  else if (fuzz_throw (&play->bytes, 4) == 0)
    raw_refuse (&play->raw);
  else
    play->end = raw_answer (&play->raw);
}

static void
wait (Play *play)
{
  static const guint times[] = { 1, 500, 1000, 2000, 3000, 6000, 20000, 400000 };

  stage_advance (play->raw.stage, times[fuzz_throw (&play->bytes, G_N_ELEMENTS (times))]);
}

static void
say_something (Play *play)
{
  switch (fuzz_throw (&play->bytes, 8))
    {
    case 0:
      say_header (play);
      break;
    case 1:
      say_octets (play, "<stream:features>", "</stream:features>");
      break;
    case 2:
      say_octets (play, "<stream:stream " NS_ATTRIBUTES " ", " version='1.0'>");
      break;
    case 3:
      say_octets (play, "<message from='", "'><body>hi</body></message>");
      break;
    case 4:
      say_octets (play, "<iq type='get' id='", "'><ping xmlns='urn:xmpp:ping'/></iq>");
      break;
    case 5:
      say_octets (play, "<stream:error><", "/></stream:error>");
      break;
    case 6:
      memory_stream_say (play->end, FOOTER);
      break;
    default:
      say_octets (play, "", "");
    }
}

static void
happen (Play *play)
{
  Raw *raw = &play->raw;

  switch (fuzz_throw (&play->bytes, 16))
    {
    case 0:
      meet (play);
      break;
    case 1:
      wait (play);
      break;
    case 2:
      stage_send (raw->stage, raw->manager, raw->peer, "hello");
      break;
    case 3:
      stage_close (raw->stage, raw->manager, raw->peer);
      break;
    case 4:
      g_io_stream_close (G_IO_STREAM (play->end), NULL, NULL);
      break;
    case 5:
      memory_stream_break (play->end);
      break;
    case 6:
      play->end = raw->ends->pdata[fuzz_throw (&play->bytes, raw->ends->len)];
      break;
    default:
      say_something (play);
    }
  stage_settle (raw->stage);
}

/* Whatever we have heard, what we say is a stream, whole or cut by the end. */
static void
check_words (MemoryStream *end)
{
  g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
  g_autoptr(GString) written = g_string_new (NULL);
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  g_autoptr(GError) error = NULL;
  Xep174StreamItem item;

  memory_stream_copy_written (ours, written);
  xep174_stream_parser_feed (parser, (const guint8 *) written->str, written->len);
  while ((item = xep174_stream_parser_next (parser, NULL, &error)) != XEP174_STREAM_ITEM_NONE)
    g_assert_no_error (error);
}

static void
end_play (Play *play)
{
  Raw *raw = &play->raw;

  for (guint i = 0; i < 20; i++)
    {
      for (guint n = 0; n < raw->ends->len; n++)
        memory_stream_break (raw->ends->pdata[n]);
      while (stage_next_dial (raw->stage) != NULL)
        raw_refuse (raw);
      stage_advance (raw->stage, 100000);
    }
  g_assert_cmpuint (g_list_model_get_n_items (xep174_session_manager_get_sessions (raw->manager)),
                    ==, 0);
  g_assert_cmpint (xep174_clock_get_wait_ms (raw->stage->clock), ==, -1);
  for (guint n = 0; n < raw->ends->len; n++)
    check_words (raw->ends->pdata[n]);
  raw_tear_down (raw, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  Play play = { .bytes = { data, size } };
  gboolean larger = fuzz_throw (&play.bytes, 2);

  raw_set_up (&play.raw, larger ? "romeo@montague" : "juliet@capulet");
  if (fuzz_throw (&play.bytes, 2) == 1)
    {
      stage_open (play.raw.stage, play.raw.manager, play.raw.peer);
      play.end = raw_answer (&play.raw);
    }
  else
    play.end = raw_come_in (&play.raw);
  for (guint i = 0; i < STEPS && play.bytes.size > 0; i++)
    happen (&play);
  end_play (&play);
  return 0;
}
