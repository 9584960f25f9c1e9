/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A1-A3, A5: what a peer may say with the words of XEP-0198 that it should not, octet by octet. */

#include "acks-peer.h"

#include <string.h>

#define TOO_HIGH "<handled-count-too-high" SM_NS

static void
say_resume (TlsPeer    *peer,
            const char *id,
            const char *h)
{
  g_autofree char *text = g_strdup_printf ("<resume" SM_NS " previd='%s' h='%s'/>", id, h);

  tls_peer_say (peer, text);
}

/* --- Endings ------------------------------------------------------------------------------ */

static guint
count (const char *text,
       const char *part)
{
  guint n = 0;

  for (; (text = strstr (text, part)) != NULL; text++)
    n++;
  return n;
}

/* The stream ended as it had to, nothing of it is kept, and @n of what we said is unconfirmed. */
static void
expect_end (TlsStage   *fixture,
            TlsPeer    *peer,
            const char *condition,
            guint       n)
{
  Raw *raw = &fixture->raw;
  g_autofree char *text = tls_peer_take (peer);
  g_autofree char *log = NULL;

  g_test_message ("inside: %s", text);
  g_assert_nonnull (strstr (text, condition));
  g_assert_true (g_str_has_suffix (text, FOOTER));
  tls_peer_bye (peer);
  stage_advance (raw->stage, 400000);
  g_assert_false (raw_is_dialled (raw));
  log = stage_take_log (raw->stage);
  g_test_message ("%s", log);
  g_assert_cmpuint (count (log, "unconfirmed"), ==, n);
}

static void
end_all (TlsStage *fixture)
{
  for (guint i = 0; i < fixture->raw.ends->len; i++)
    memory_stream_break (fixture->raw.ends->pdata[i]);
  tls_stage_give_up (fixture);
  stage_advance (fixture->raw.stage, 400000);
  tls_stage_give_up (fixture);
  g_free (stage_take_log (fixture->raw.stage));
}

/* --- Numbers (A1) ------------------------------------------------------------------------- */

static const struct
{
  const char *h; /* of one stanza that it has had */
  const char *condition;
} numbers[] = {
  { " h='2'", TOO_HIGH " h='2' send-count='1'/>" },
  { " h='4294967295'", TOO_HIGH " h='4294967295' send-count='1'/>" },
  { " h='4294967296'", STREAM_ERROR ("bad-format") },
  { " h='18446744073709551617'", STREAM_ERROR ("bad-format") },
  { " h='-1'", STREAM_ERROR ("bad-format") },
  { " h='+1'", STREAM_ERROR ("bad-format") },
  { " h=' 1'", STREAM_ERROR ("bad-format") },
  { " h='0x1'", STREAM_ERROR ("bad-format") },
  { " h='1.0'", STREAM_ERROR ("bad-format") },
  { " h='one'", STREAM_ERROR ("bad-format") },
  { " h=''", STREAM_ERROR ("bad-format") },
  { "", STREAM_ERROR ("bad-format") },
};

static void
test_numbers (TlsStage       *fixture,
              gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = g_strdup_printf ("<a" SM_NS "%s/>", numbers[i / 2].h);
      g_autofree char *id = NULL;
      g_autoptr(TlsPeer) peer = i % 2 == 0 ? acks_open_in (fixture, &id) : acks_open_out (fixture);

      if (i % 2 == 0)
        stage_send (raw->stage, raw->manager, ROMEO, "hail");
      g_free (tls_peer_take (peer));
      tls_peer_say (peer, text);
      expect_end (fixture, peer, numbers[i / 2].condition, 1);
    }
}

static void
test_falling (TlsStage       *fixture,
              gconstpointer  data)
{
  g_autoptr(TlsPeer) peer = acks_open_out (fixture);

  tls_peer_say (peer, "<a" SM_NS " h='0'/>");
  tls_peer_say (peer, "<a" SM_NS " h='1'/><a" SM_NS " h='1'/>");
  tls_peer_say (peer, "<a" SM_NS " h='0'/>");
  expect_end (fixture, peer, TOO_HIGH " h='0' send-count='1'/>", 0);
}

/* --- Words that nobody has asked for (A1, A2) ----------------------------------------------- */

typedef enum
{
  CALLED,   /* <sm/> was offered to it */
  CALLED_ON,
  ASKED,    /* our <enable/> is out */
  ASKED_ON,
  N_PLACES,
} Place;

static const struct
{
  const char *word;
  const char *conditions[N_PLACES];
} words[] = {
#define POLICY STREAM_ERROR ("policy-violation")
#define UNKNOWN STREAM_ERROR ("unsupported-stanza-type")
  { ENABLE, { NULL, POLICY, NULL, POLICY } },
  { "<enabled" SM_NS " id='x' resume='true'/>", { POLICY, POLICY, NULL, POLICY } },
  { "<resumed" SM_NS " previd='i1' h='0'/>", { POLICY, POLICY, POLICY, POLICY } },
  { "<resume" SM_NS " previd='i1' h='0'/>", { NULL, POLICY, NULL, POLICY } },
  { "<failed" SM_NS "/>", { POLICY, POLICY, NULL, POLICY } },
  { REQUEST, { POLICY, NULL, POLICY, NULL } },
  { "<a" SM_NS " h='0'/>", { POLICY, NULL, POLICY, NULL } },
  { "<sm" SM_NS "/>", { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN } },
  { "<message" SM_NS "/>", { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN } },
};

static TlsPeer *
open_at (TlsStage *fixture,
         Place     place)
{
  g_autofree char *id = NULL;

  switch (place)
    {
    case CALLED:
      return tls_peer_open_in (&fixture->raw, fixture->certificate);
    case CALLED_ON:
      return acks_open_in (fixture, &id);
    case ASKED:
      return acks_ask_out (fixture);
    default:
      return acks_open_out (fixture);
    }
}

static void
test_unasked (TlsStage       *fixture,
              gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (words) * N_PLACES; i++)
    {
      Place place = i % N_PLACES;
      const char *condition = words[i / N_PLACES].conditions[place];
      g_autoptr(TlsPeer) peer = open_at (fixture, place);
      g_autofree char *text = NULL;

      g_test_message ("%u: %s", place, words[i / N_PLACES].word);
      tls_peer_say (peer, words[i / N_PLACES].word);
      text = tls_peer_take (peer);
      if (condition != NULL)
        g_assert_nonnull (strstr (text, condition));
      else
        g_assert_null (strstr (text, "<stream:error>"));
      end_all (fixture);
    }
}

/* What is counted begins with <enable/>, also behind a stanza. */
static void
test_late (TlsStage       *fixture,
           gconstpointer  data)
{
  g_autoptr(TlsPeer) peer = tls_peer_open_in (&fixture->raw, fixture->certificate);
  g_autofree char *id = NULL;

  tls_peer_say_message (peer, "one");
  id = acks_enable_in (peer);
  tls_peer_say (peer, REQUEST);
  tls_peer_hear (peer, "<a" SM_NS " h='0'/>");
  tls_peer_say_message (peer, "two");
  tls_peer_say (peer, REQUEST);
  tls_peer_hear (peer, "<a" SM_NS " h='1'/>");
  raw_log (&fixture->raw, "opened romeo@montague recipient\nseen romeo@montague\ngot one\ngot two\n");
}

/* In the clear they mean nothing, whoever calls, and before our key is accepted we say nothing. */
static void
test_clear (TlsStage       *fixture,
            gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (words); i++)
    {
      g_autofree char *heard = NULL;
      G_GNUC_UNUSED g_autofree char *log = NULL;
      MemoryStream *end;

      if (i % 2 == 1)
        stage_send (raw->stage, raw->manager, ROMEO, "hail");
      end = i % 2 == 0 ? raw_come_in (raw) : raw_answer (raw);
      raw_say_header (raw, end, FALSE);
      if (i % 2 == 1)
        raw_say (raw, end, FEATURES_TLS);
      g_free (memory_stream_hear (end));
      raw_say (raw, end, words[i / 2].word);
      heard = memory_stream_hear (end);
      g_assert_null (strstr (heard, "urn:xmpp:sm:3"));
      g_assert_null (strstr (heard, "hail"));
      g_assert_true (memory_stream_has_ended (end));
      end_all (fixture);
    }
}

static void
test_before_key (TlsStage       *fixture,
                 gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (words); i++)
    {
      g_autoptr(TlsPeer) peer = NULL;
      g_autofree char *text = NULL;

      if (i % 2 == 0)
        {
          peer = tls_peer_call (raw, fixture->certificate, ROMEO);
          tls_peer_say (peer, words[i / 2].word);
        }
      else
        {
          peer = tls_peer_answer (raw, fixture->certificate);
          tls_peer_say_header (peer, ROMEO, JULIET, "1.0");
          tls_peer_say (peer, words[i / 2].word);
        }
      text = tls_peer_take (peer);
      g_assert_null (strstr (text, "urn:xmpp:sm:3"));
      g_assert_null (strstr (text, "hail"));
      g_assert_cmpuint (tls_stage_count (fixture), ==, 0);
      end_all (fixture);
    }
}

/* A2: <sm/> is not offered to whom we do not know yet, who says them all the same. */
static void
test_nameless (TlsStage       *fixture,
               gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr(TlsPeer) peer = tls_peer_call (raw, fixture->certificate, NULL);
      g_autofree char *text = NULL;

      tls_peer_say_header (peer, NULL, JULIET, "1.0");
      tls_peer_hear (peer, FEATURES);
      tls_peer_say (peer, words[i].word);
      text = tls_peer_take (peer);
      g_assert_cmpstr (text, ==, POLICY FOOTER);
      raw_log (raw, "");
      g_assert_cmpuint (tls_stage_count (fixture), ==, 0);
      end_all (fixture);
    }
}

/* --- Floods (X8) ---------------------------------------------------------------------------- */

#define FLOOD 20000

/* @word so often, by a contact that reads nothing; all that it has made us say. */
static char *
flood (TlsPeer    *peer,
       const char *word)
{
  g_autoptr(MemoryStream) near_end = memory_stream_dup_other (peer->end);
  g_autoptr(GString) text = g_string_new (NULL);

  g_free (tls_peer_take (peer));
  memory_stream_set_room (near_end, 0);
  for (guint i = 0; i < FLOOD; i++)
    {
      g_string_append (text, word);
      if (text->len < 8000)
        continue;
      tls_peer_say (peer, text->str);
      g_string_truncate (text, 0);
    }
  memory_stream_set_room (near_end, G_MAXUINT);
  return tls_peer_take (peer);
}

static void
test_floods (TlsStage       *fixture,
             gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (words) * N_PLACES; i++)
    {
      g_autoptr(TlsPeer) peer = open_at (fixture, i % N_PLACES);
      g_autofree char *text = flood (peer, words[i / N_PLACES].word);

      g_test_message ("%u: %s: %.200s", i % N_PLACES, words[i / N_PLACES].word, text);
      g_assert_cmpuint (strlen (text), <, 4000);
      end_all (fixture);
    }
}

/* It asks, reads what it gets, and never confirms: what we remember has a bound. */
static void
test_asks_for_ever (TlsStage       *fixture,
                    gconstpointer  data)
{
  g_autofree char *id = NULL;
  g_autoptr(TlsPeer) peer = acks_open_in (fixture, &id);
  g_autoptr(GString) heard = g_string_new (NULL);
  g_autofree char *log = NULL;
  guint n = 0;

  while (strstr (heard->str, "<stream:error>") == NULL && n < 10000)
    {
      g_autofree char *text = NULL;

      tls_peer_say (peer, PING);
      text = tls_peer_take (peer);
      g_string_append (heard, text);
      n++;
    }
  g_assert_cmpuint (n, ==, 2 * 1024 + 1);
  tls_peer_bye (peer);
  stage_advance (fixture->raw.stage, 400000);
  log = stage_take_log (fixture->raw.stage);
  g_assert_nonnull (strstr (heard->str, STREAM_ERROR ("resource-constraint") FOOTER));
  g_assert_null (strstr (log, "unconfirmed"));
}

/* It talks, and never answers <r/>: nobody waits at the bound for ever, and it is said. */
static void
test_never_confirms (TlsStage       *fixture,
                     gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autofree char *id = NULL;
  g_autoptr(TlsPeer) peer = acks_open_in (fixture, &id);
  g_autofree char *text = NULL;
  g_autofree char *log = NULL;

  for (guint i = 0; i < 1100; i++)
    stage_send (raw->stage, raw->manager, ROMEO, "x");
  text = tls_peer_take (peer);
  g_assert_cmpuint (count (text, "<body>x"), ==, 1024);
  g_assert_cmpuint (count (text, REQUEST), ==, 1);
  for (guint i = 0; i < 200 && !peer->closed; i++)
    {
      stage_advance (raw->stage, 1000);
      tls_peer_say_message (peer, "talk");
    }
  tls_peer_hear (peer, STREAM_ERROR ("policy-violation") FOOTER);
  tls_peer_bye (peer);
  tls_stage_give_up (fixture);
  log = stage_take_log (raw->stage);
  g_assert_cmpuint (count (log, "unconfirmed x"), ==, 1024);
  g_assert_cmpuint (count (log, "not sent x"), ==, 76);
}

/* --- Resuming (A2, A3) ------------------------------------------------------------------------ */

static const char *const no_ids[] = { "", " ", "x", "%s ", "%sx", "{%s}" };

/* What may not be resumed is not, <enable/> may follow, and what was kept is unconfirmed then. */
static void
test_other_ids (TlsStage       *fixture,
                gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < G_N_ELEMENTS (no_ids) + 1; i++)
    {
      g_autofree char *id = NULL;
      g_autofree char *next = NULL;
      g_autofree char *wrong = NULL;
      g_autofree char *text = NULL;
      g_autoptr(TlsPeer) first = acks_open_in (fixture, &id);
      g_autoptr(TlsPeer) peer = NULL;

      stage_send (raw->stage, raw->manager, ROMEO, "lost");
      acks_break_off (first);
      peer = tls_peer_open_in (raw, fixture->certificate);
      g_free (stage_take_log (raw->stage));
      if (i == G_N_ELEMENTS (no_ids))
        wrong = g_strnfill (60000, 'y');
      else
        {
          g_auto(GStrv) parts = g_strsplit (no_ids[i], "%s", 2);

          wrong = g_strjoinv (id, parts);
        }
      say_resume (peer, wrong, "0");
      text = tls_peer_take (peer);
      g_assert_cmpstr (text, ==, FAILED);
      raw_log (raw, "");
      next = acks_enable_in (peer);
      g_assert_cmpstr (next, !=, id);
      tls_peer_say_message (peer, "new");
      raw_log (raw, "got new\nunconfirmed lost\n");
      end_all (fixture);
    }
}

static void
test_too_high (TlsStage       *fixture,
               gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autofree char *id = NULL;
  g_autoptr(TlsPeer) first = acks_open_in (fixture, &id);
  g_autoptr(TlsPeer) peer = NULL;

  stage_send (raw->stage, raw->manager, ROMEO, "one");
  acks_break_off (first);
  peer = tls_peer_open_in (raw, fixture->certificate);
  g_free (stage_take_log (raw->stage));
  say_resume (peer, id, "2");
  tls_peer_hear (peer, TOO_HIGH " h='2' send-count='1'/></stream:error>" FOOTER);
}

/* An id is worth nothing after 300 s, on a second stream beside the first, or with another key. */
static void
test_old_id (TlsStage       *fixture,
             gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autofree char *id = NULL;
  g_autofree char *next = NULL;
  g_autoptr(TlsPeer) first = acks_open_in (fixture, &id);
  g_autoptr(TlsPeer) second = NULL;
  g_autoptr(TlsPeer) third = NULL;

  acks_break_off (first);
  stage_advance (raw->stage, 301000);
  second = tls_peer_open_in (raw, fixture->certificate);
  say_resume (second, id, "0");
  tls_peer_hear (second, FAILED);
  next = acks_enable_in (second);
  tls_peer_say_message (second, "new");
  acks_break_off (second);
  third = tls_peer_open_in (raw, fixture->certificate);
  say_resume (third, id, "0");
  tls_peer_hear (third, FAILED);
}

static void
test_other_key (TlsStage       *fixture,
                gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autofree char *id = NULL;
  g_autoptr(TlsPeer) first = acks_open_in (fixture, &id);
  g_autoptr(TlsPeer) peer = NULL;

  stage_send (raw->stage, raw->manager, ROMEO, "lost");
  acks_break_off (first);
  tls_stage_know (fixture, fixture->other, ROMEO);
  peer = tls_peer_open_in (raw, fixture->other);
  g_free (stage_take_log (raw->stage));
  say_resume (peer, id, "0");
  tls_peer_hear (peer, FAILED);
  tls_peer_say_message (peer, "other");
  raw_log (raw, "got other\nunconfirmed lost\n");
}

/* Once on a stream. */
static void
test_twice (TlsStage       *fixture,
            gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;
  g_autoptr(TlsPeer) first = acks_open_in (fixture, &id);
  g_autoptr(TlsPeer) peer = NULL;

  stage_send (raw->stage, raw->manager, ROMEO, "one");
  acks_break_off (first);
  peer = tls_peer_open_in (raw, fixture->certificate);
  say_resume (peer, id, "0");
  tls_peer_say_message (peer, "his");
  text = tls_peer_take (peer);
  g_assert_nonnull (strstr (text, "<resumed"));
  g_assert_cmpuint (count (text, "<body>one"), ==, 1);
  say_resume (peer, id, "0");
  expect_end (fixture, peer, STREAM_ERROR ("policy-violation"), 1);
}

/* --- What it answers to ours (A2, A3) ------------------------------------------------------- */

/* Three of ours are on a stream that breaks, and our <resume/> is out. */
static TlsPeer *
resume_out (TlsStage *fixture)
{
  Raw *raw = &fixture->raw;
  g_autoptr(TlsPeer) first = acks_open_out (fixture);
  TlsPeer *peer;

  stage_send (raw->stage, raw->manager, ROMEO, "two");
  stage_send (raw->stage, raw->manager, ROMEO, "three");
  tls_peer_say_message (first, "his");
  acks_break_off (first);
  stage_send (raw->stage, raw->manager, ROMEO, "four");
  while (!raw_is_dialled (raw))
    stage_advance (raw->stage, 1000);
  g_free (stage_take_log (raw->stage));
  peer = acks_answer_dial (fixture);
  tls_peer_say (peer, "<stream:features><sm" SM_NS "/></stream:features>");
  tls_peer_hear (peer, "<resume" SM_NS " previd='i1' h='1'/>");
  return peer;
}

#define STAMPED(body, time) \
  "<message from='juliet@capulet' to='romeo@montague'><body>" body "</body>" \
  "<delay xmlns='urn:xmpp:delay' from='juliet@capulet' stamp='2001-09-09T01:46:" time "Z'/></message>"

/* A3, F9: what is written again was said when it was written first. */
static void
test_late_again (TlsStage       *fixture,
                 gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autoptr(TlsPeer) first = acks_open_out (fixture);
  g_autoptr(TlsPeer) peer = NULL;

  g_free (tls_peer_take (first));
  stage_advance (raw->stage, 500);
  stage_send (raw->stage, raw->manager, ROMEO, "two");
  stage_advance (raw->stage, 500);
  acks_break_off (first);
  stage_send (raw->stage, raw->manager, ROMEO, "three");
  while (!raw_is_dialled (raw))
    stage_advance (raw->stage, 1000);
  g_free (stage_take_log (raw->stage));
  peer = acks_answer_dial (fixture);
  tls_peer_say (peer, "<stream:features><sm" SM_NS "/></stream:features>");
  g_free (tls_peer_take (peer));
  stage_advance (raw->stage, 3000);
  tls_peer_say (peer, "<resumed" SM_NS " previd='i1' h='1'/>");
  tls_peer_hear (peer, STAMPED ("two", "40.500") STAMPED ("three", "41.000"));
  tls_peer_say (peer, "<a" SM_NS " h='3'/>");
  end_all (fixture);
}

static const struct
{
  const char *answer;
  const char *log;
} failures[] = {
  { "<failed" SM_NS " h='2'/>", "unconfirmed three\n" },
  { "<failed" SM_NS " h='3'/>", "" },
  { "<failed" SM_NS "/>", "unconfirmed hail\nunconfirmed two\nunconfirmed three\n" },
  { "<failed" SM_NS " h='what'/>", "unconfirmed hail\nunconfirmed two\nunconfirmed three\n" },
};

/* What it says of the old stream counts; the rest is reported, and never written again. */
static void
test_failed (TlsStage       *fixture,
             gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr(TlsPeer) peer = resume_out (fixture);
      g_autofree char *text = NULL;
      G_GNUC_UNUSED g_autofree char *log = NULL;

      tls_peer_say (peer, failures[i].answer);
      tls_peer_hear (peer, ENABLE);
      raw_log (raw, failures[i].log);
      tls_peer_say (peer, "<enabled" SM_NS " id='i2' resume='true'/>");
      stage_advance (raw->stage, 1000);
      text = tls_peer_take (peer);
      g_assert_nonnull (strstr (text, "four"));
      g_assert_null (strstr (text, "three"));
      tls_peer_say (peer, "<a" SM_NS " h='1'/>");
      end_all (fixture);
    }
}

static const struct
{
  const char *answer;
  const char *condition;
} wrong_answers[] = {
  { "<failed" SM_NS " h='4'/>", TOO_HIGH " h='4' send-count='3'/>" },
  { "<resumed" SM_NS " previd='i1' h='4'/>", TOO_HIGH " h='4' send-count='3'/>" },
  { "<resumed" SM_NS " previd='i2' h='0'/>", STREAM_ERROR ("policy-violation") },
  { "<resumed" SM_NS " h='0'/>", STREAM_ERROR ("policy-violation") },
  { "<resumed" SM_NS " previd='i1'/>", STREAM_ERROR ("bad-format") },
  { "<enabled" SM_NS " id='i2' resume='true'/>", STREAM_ERROR ("policy-violation") },
  { REQUEST, STREAM_ERROR ("policy-violation") },
  { "<a" SM_NS " h='3'/>", STREAM_ERROR ("policy-violation") },
};

/* What was kept is unconfirmed then, and never written again. */
static void
test_wrong_answers (TlsStage       *fixture,
                    gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < G_N_ELEMENTS (wrong_answers); i++)
    {
      g_autoptr(TlsPeer) peer = resume_out (fixture);
      g_autofree char *log = NULL;

      g_test_message ("%s", wrong_answers[i].answer);
      tls_peer_say (peer, wrong_answers[i].answer);
      tls_peer_hear (peer, wrong_answers[i].condition);
      tls_peer_bye (peer);
      tls_stage_give_up (fixture);
      log = stage_take_log (raw->stage);
      g_assert_nonnull (strstr (log, "unconfirmed hail\nunconfirmed two\nunconfirmed three\n"));
      g_assert_nonnull (strstr (log, "not sent four"));
      end_all (fixture);
    }
}

/* Our <resume/> got half an answer: it is asked again on the next stream, and nothing goes twice. */
static void
test_half_an_answer (TlsStage       *fixture,
                     gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autoptr(TlsPeer) half = resume_out (fixture);
  g_autoptr(TlsPeer) peer = NULL;
  g_autofree char *text = NULL;

  tls_peer_say (half, "<resumed" SM_NS " previd='i1' h=");
  tls_peer_bye (half);
  while (!raw_is_dialled (raw))
    stage_advance (raw->stage, 1000);
  peer = acks_answer_dial (fixture);
  tls_peer_say (peer, "<stream:features><sm" SM_NS "/></stream:features>");
  tls_peer_hear (peer, "<resume" SM_NS " previd='i1' h='1'/>");
  tls_peer_say (peer, "<resumed" SM_NS " previd='i1' h='1'/>");
  text = tls_peer_take (peer);
  g_assert_null (strstr (text, "hail"));
  g_assert_nonnull (strstr (text, "two"));
  g_assert_true (strstr (text, "two") < strstr (text, "three"));
  g_assert_true (strstr (text, "three") < strstr (text, "four"));
  tls_peer_say (peer, "<a" SM_NS " h='4'/>");
  acks_break_off (peer);
  stage_advance (raw->stage, 1000);
  g_free (text);
  text = stage_take_log (raw->stage);
  g_assert_null (strstr (text, "unconfirmed"));
}

/* A refusal of <enable/>: the answers to pings serve. */
static void
test_refused (TlsStage       *fixture,
              gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autoptr(TlsPeer) peer = acks_ask_out (fixture);
  g_autofree char *log = NULL;

  tls_peer_say (peer, "<failed" SM_NS "><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                      "</failed>");
  tls_peer_hear (peer, "<body>hail</body>");
  stage_advance (raw->stage, 60000);
  tls_peer_hear (peer, "id='xep174-ping-1'");
  tls_peer_say (peer, "<iq type='result' id='xep174-ping-1'/>");
  stage_send (raw->stage, raw->manager, ROMEO, "two");
  g_free (tls_peer_take (peer));
  acks_break_off (peer);
  stage_advance (raw->stage, 1000);
  log = stage_take_log (raw->stage);
  g_assert_null (strstr (log, "unconfirmed hail"));
  g_assert_nonnull (strstr (log, "unconfirmed two"));
}

/* An answer that comes when T_tls is over is none. */
static void
test_answer_too_late (TlsStage       *fixture,
                      gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autoptr(TlsPeer) peer = acks_ask_out (fixture);
  g_autofree char *text = NULL;

  stage_advance (raw->stage, 60000);
  tls_peer_settle (peer);
  if (!peer->closed && !memory_stream_has_ended (peer->end))
    tls_peer_say (peer, "<enabled" SM_NS " id='i1' resume='true'/>");
  text = tls_peer_take (peer);
  g_assert_null (strstr (text, "hail"));
  tls_stage_give_up (fixture);
  raw_log (raw, "failed romeo@montague\nnot sent hail: xep174-session-error-quark 1\n");
}

/* A1: what had been handled was told before a closing tag, which says no more; it may have crossed ours. */
static void
test_closing_tags (TlsStage       *fixture,
                   gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *id = NULL;
      g_autoptr(TlsPeer) peer = acks_open_in (fixture, &id);
      Xep174Session *session = xep174_session_manager_find_session (raw->manager, raw->peer);

      g_test_message ("%u", i);
      stage_send (raw->stage, raw->manager, raw->peer, "one");
      stage_send (raw->stage, raw->manager, raw->peer, "two");
      g_free (tls_peer_take (peer));
      tls_peer_say (peer, "<a" SM_NS " h='1'/>");
      g_free (stage_take_log (raw->stage));
      if (i == 0)
        xep174_session_close_async (session, NULL, NULL, NULL);
      tls_peer_say (peer, FOOTER);
      tls_peer_bye (peer);
      stage_advance (raw->stage, 10000);
      raw_log (raw, "closing romeo@montague\nunconfirmed two\nclosed romeo@montague\n");
    }
}

#define ADD(path, name) \
  g_test_add ("/acks-peers/" path, TlsStage, JULIET, tls_stage_set_up, test_##name, tls_stage_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("A1/numbers", numbers);
  ADD ("A1/falling", falling);
  ADD ("A1/unasked", unasked);
  ADD ("A1/late", late);
  ADD ("A1/clear", clear);
  ADD ("A1/before-key", before_key);
  ADD ("A1-T4/nameless", nameless);
  ADD ("A1-X8/floods", floods);
  ADD ("A1-X8/asks-for-ever", asks_for_ever);
  ADD ("A1/never-confirms", never_confirms);
  ADD ("A1-S7/closing-tags", closing_tags);
  ADD ("A2/other-ids", other_ids);
  ADD ("A2/too-high", too_high);
  ADD ("A2/old-id", old_id);
  ADD ("A2/other-key", other_key);
  ADD ("A2/twice", twice);
  ADD ("A3-F9/late-again", late_again);
  ADD ("A3/failed", failed);
  ADD ("A2-A3/wrong-answers", wrong_answers);
  ADD ("A2-A3/half-an-answer", half_an_answer);
  ADD ("A1-S7/refused", refused);
  ADD ("A2/answer-too-late", answer_too_late);
  return g_test_run ();
}
