/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T8, T9, T11-T13: who calls beside a session, how streams end, and who never gets to the end. */

#include "tls-peer.h"

#include <malloc.h>
#include <string.h>

#define PING "<iq from='juliet@capulet' to='romeo@montague' type='get' id='xep174-ping-"

/* --- T8: beside an authenticated session ---------------------------------------------------- */

static MemoryStream *
claim (TlsStage   *stage,
       const char *heard)
{
  Raw *raw = &stage->raw;
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, FALSE);
  raw_hear (raw, end, heard);
  return end;
}

/* The one who is there answers: conflict, and the claim was without effect. */
static void
test_claim_answered (TlsStage      *stage,
                     gconstpointer  data)
{
  Raw *raw = &stage->raw;
  g_autoptr(TlsPeer) peer = tls_peer_open_in (raw, stage->certificate);
  MemoryStream *claimant;
  g_autofree char *heard = NULL;

  tls_peer_say_message (peer, "one");
  g_free (stage_take_log (raw->stage));
  claimant = claim (stage, "");
  raw_say (raw, claimant, "<message from='romeo@montague'><body>evil</body></message>");
  tls_peer_hear (peer, PING "1'");
  tls_peer_say (peer, "<iq type='result' id='xep174-ping-1'/>");
  heard = memory_stream_hear (claimant);
  g_assert_nonnull (strstr (heard, STREAM_ERROR ("policy-violation") FOOTER));
  tls_peer_say_message (peer, "two");
  raw_log (raw, "got two\n");
}

static TlsPeer *
prove (Raw               *raw,
       MemoryStream      *claimant,
       Xep174Certificate *certificate)
{
  raw_say (raw, claimant, STARTTLS);
  g_free (memory_stream_hear (claimant));
  return tls_peer_new (raw, claimant, xep174_tls_new (certificate, TRUE, NULL, NULL, NULL));
}

/* The one who is there is silent: the claimant is answered and held, and must show its key. */
static void
test_claim_silent (TlsStage      *stage,
                   gconstpointer  data)
{
  Raw *raw = &stage->raw;

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr(TlsPeer) peer = tls_peer_open_in (raw, stage->certificate);
      g_autoptr(TlsPeer) other = NULL;
      g_autofree char *heard = NULL;
      MemoryStream *claimant;

      g_test_message ("%u", i);
      tls_peer_say_message (peer, "one");
      g_free (stage_take_log (raw->stage));
      claimant = claim (stage, "");
      stage_advance (raw->stage, 2900);
      raw_hear (raw, claimant, "");
      stage_advance (raw->stage, 200);
      heard = memory_stream_hear (claimant);
      g_assert_nonnull (strstr (heard, REQUIRED));
      if (i == 1)
        {
          raw_say (raw, claimant, "<message from='romeo@montague'><body>evil</body></message>");
          raw_hear (raw, claimant, STREAM_ERROR ("policy-violation") FOOTER);
        }
      if (i == 2)
        stage_advance (raw->stage, 10000);
      if (i >= 3)
        other = prove (raw, claimant, i == 3 ? stage->other : stage->certificate);
      if (i == 4)
        tls_peer_say_message (peer, "here");
      if (other != NULL)
        tls_peer_say_header (other, ROMEO, JULIET, "1.0");
      if (i == 3)
        {
          tls_peer_hear (other, STREAM_ERROR ("not-authorized") FOOTER);
          raw_log (raw, "changed romeo@montague\n");
        }
      if (i == 4)
        {
          tls_peer_hear (other, STREAM_ERROR ("conflict") FOOTER);
          raw_log (raw, "got here\n");
        }
      if (i == 5)
        {
          tls_peer_hear (other, FEATURES_INSIDE);
          tls_peer_say_message (other, "I came again");
          raw_log (raw, "closed romeo@montague: no sign of life any more\n"
                        "opened romeo@montague recipient\ngot I came again\n");
          g_clear_pointer (&peer, tls_peer_free);
          peer = g_steal_pointer (&other);
        }

      /* Whatever came of it, the one who has shown its key is heard. */
      g_free (stage_take_log (raw->stage));
      tls_peer_say_message (peer, "still here");
      raw_log (raw, "got still here\n");
      tls_peer_say (peer, FOOTER);
      tls_peer_bye (peer);
      memory_stream_break (claimant);
      stage_advance (raw->stage, 10000);
      g_free (stage_take_log (raw->stage));
    }
}

/* --- T9: ends ------------------------------------------------------------------------------- */

/* Cut, or ended as it should be; without footers, behind the peer's, behind ours, behind both. */
static void
test_ends (TlsStage      *stage,
           gconstpointer  data)
{
  Raw *raw = &stage->raw;

  for (guint i = 0; i < 8; i++)
    {
      gboolean notify = (i & 1) != 0;
      gboolean theirs = (i & 2) != 0;
      gboolean ours = (i & 4) != 0;
      g_autoptr(TlsPeer) peer = tls_peer_open_in (raw, stage->certificate);
      g_autofree char *log = NULL;
      gboolean confirmed;

      g_test_message ("close_notify %d, footer of the peer %d, of ours %d", notify, theirs, ours);
      tls_peer_say_message (peer, "one");
      stage_send (raw->stage, raw->manager, ROMEO, "two");
      tls_peer_hear (peer, "two");
      if (ours)
        stage_close (raw->stage, raw->manager, ROMEO);
      if (ours)
        tls_peer_hear (peer, FOOTER);
      if (theirs)
        tls_peer_say (peer, FOOTER);
      if (notify)
        tls_peer_bye (peer);
      else
        g_io_stream_close (G_IO_STREAM (peer->end), NULL, NULL);
      stage_advance (raw->stage, 10000);
      log = stage_take_log (raw->stage);
      g_test_message ("%s", log);
      /* An answer to our footer is a receipt; else the peer's footer is, with an end that is its own. */
      confirmed = theirs && (ours || notify);
      g_assert_cmpint (strstr (log, "unconfirmed two\n") == NULL, ==, confirmed);
      g_assert_cmpint (strstr (log, "closed romeo@montague\n") != NULL, ==, theirs || notify);
    }
}

/* --- T12: from another address --------------------------------------------------------------- */

/* A known name calls from anywhere, and shows its key; one without a record needs its address. */
static void
test_anywhere (TlsStage      *stage,
               gconstpointer  data)
{
  Raw *raw = &stage->raw;
  g_autoptr(TlsPeer) peer = NULL;
  g_autoptr(TlsPeer) other = NULL;
  g_autofree char *heard = NULL;
  MemoryStream *end;

  g_object_set (raw->manager, "address-policy", XEP174_ADDRESS_POLICY_VERIFY, NULL);
  end = raw_come_in (raw);
  raw_say_header (raw, end, FALSE);
  raw_hear_refusal (raw, end, ROMEO, "host-unknown");

  tls_stage_know (stage, stage->certificate, ROMEO);
  other = tls_peer_call (raw, stage->other, ROMEO);
  tls_peer_say_header (other, ROMEO, JULIET, "1.0");
  tls_peer_hear (other, STREAM_ERROR ("not-authorized") FOOTER);
  raw_log (raw, "changed romeo@montague\n");
  end = raw_come_in (raw);
  raw_say_header (raw, end, FALSE);
  raw_say_message (raw, end, "evil");
  raw_log (raw, "");
  heard = memory_stream_hear (end);
  g_assert_nonnull (strstr (heard, STREAM_ERROR ("policy-violation") FOOTER));
  stage_advance (raw->stage, 10000);
  peer = tls_peer_open_in (raw, stage->certificate);
  tls_peer_say_message (peer, "one");
  raw_log (raw, "opened romeo@montague recipient\ngot one\n");
}

/* --- T13, T11 -------------------------------------------------------------------------------- */

/* <failure/>, or silence, where <proceed/> should be: the dial fails, and is tried again. */
static void
test_no_proceed (TlsStage      *stage,
                 gconstpointer  data)
{
  Raw *raw = &stage->raw;

  for (guint i = 0; i < 2; i++)
    {
      MemoryStream *end;

      stage_send (raw->stage, raw->manager, ROMEO, "hail");
      end = raw_answer (raw);
      raw_say_header (raw, end, FALSE);
      raw_say (raw, end, FEATURES_TLS);
      g_free (memory_stream_hear (end));
      if (i == 0)
        {
          raw_say (raw, end, TLS_ELEMENT ("failure") FOOTER);
          raw_hear (raw, end, FOOTER);
          g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
        }
      else
        stage_advance (raw->stage, 8000);
      stage_settle (raw->stage);
      g_assert_true (memory_stream_has_ended (end));
      stage_advance (raw->stage, 1500);
      g_assert_true (raw_is_dialled (raw));
      tls_stage_give_up (stage);
      raw_log (raw, "failed romeo@montague\nnot sent hail: xep174-session-error-quark 1\n");
    }
}

/* We cannot: <failure/>, and the stream is over. */
static void
test_failure (TlsStage      *stage,
              gconstpointer  data)
{
  Raw *raw = &stage->raw;

  xep174_session_manager_set_identity (raw->manager, NULL);
  for (guint i = 0; i < 3; i++)
    {
      MemoryStream *end = raw_come_in (raw);

      if (i == 2)
        raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES " version='1.0'>");
      else
        raw_say_header (raw, end, FALSE);
      if (i == 1)
        raw_say_message (raw, end, "one");
      g_free (memory_stream_hear (end));
      raw_say (raw, end, STARTTLS);
      raw_hear (raw, end, TLS_ELEMENT ("failure") FOOTER);
      g_assert_true (memory_stream_has_ended (end));
      memory_stream_break (end);
      stage_advance (raw->stage, 10000);
      g_free (stage_take_log (raw->stage));
    }
}

/* How far somebody gets who stops. */
static void
go_to (TlsStage     *stage,
       MemoryStream *end,
       guint         point)
{
  Raw *raw = &stage->raw;
  g_autoptr(TlsPeer) peer = NULL;
  GString *wire;
  gsize length = 0;
  const guint8 *octets = NULL;

  if (point > 0)
    raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES " to='juliet@capulet' version='1.0'>");
  if (point > 1)
    raw_say (raw, end, STARTTLS);
  g_free (memory_stream_hear (end));
  if (point == 3)
    {
      g_autoptr(Xep174Tls) tls = xep174_tls_new (stage->certificate, TRUE, NULL, NULL, NULL);
      g_autoptr(GString) text = g_string_new (NULL);

      wire = g_string_new (NULL);
      xep174_tls_receive (tls, &octets, &length, text, wire, NULL);
      memory_stream_say_octets (end, wire->str, wire->len / 2);
      g_string_free (wire, TRUE);
    }
  if (point == 4)
    {
      g_autoptr(Xep174Tls) tls = xep174_tls_new (stage->certificate, TRUE, NULL, NULL, NULL);
      g_autoptr(GString) text = g_string_new (NULL);

      wire = g_string_new (NULL);
      xep174_tls_receive (tls, &octets, &length, text, wire, NULL);
      memory_stream_say_octets (end, wire->str, wire->len);
      g_string_free (wire, TRUE);
    }
  if (point >= 5)
    peer = tls_peer_new (raw, end, xep174_tls_new (stage->certificate, TRUE, NULL, NULL, NULL));
  if (point == 6 && peer->open)
    tls_peer_say_header (peer, NULL, JULIET, "1.0");
  stage_settle (raw->stage);
}

#define N_POINTS 7
#define CROWD 1000
/* Generous: what it is, tests/bench measures. */
#define MEMORY_MAX (64 * 1024)

/* T11: a crowd that stops half-way, at each point: bounded, and nobody else notices. */
static void
test_half_open (TlsStage      *stage,
                gconstpointer  data)
{
  Raw *raw = &stage->raw;
  g_autoptr(TlsPeer) peer = NULL;
  gsize before = mallinfo2 ().uordblks;
  guint held;

  for (guint i = 0; i < CROWD; i++)
    go_to (stage, raw_come_in (raw), i % N_POINTS);
  held = raw->manager->incoming.length;
  g_assert_cmpuint (held, <=, 128);
  g_test_message ("%u are held, %zu octets each", held, (mallinfo2 ().uordblks - before) / CROWD);
  g_assert_cmpuint ((mallinfo2 ().uordblks - before) / CROWD, <, MEMORY_MAX);

  /* Whom we call is reached. */
  stage_advance (raw->stage, 1000);
  peer = tls_peer_open_out (raw, stage->certificate);
  tls_peer_hear (peer, "hail");
  tls_peer_say (peer, FOOTER);
  tls_peer_bye (peer);
  stage_advance (raw->stage, 20000);
  g_assert_cmpuint (raw->manager->incoming.length, ==, 0);
  g_free (stage_take_log (raw->stage));
  g_clear_pointer (&peer, tls_peer_free);

  /* And who calls is heard. */
  peer = tls_peer_open_in (raw, stage->certificate);
  tls_peer_say_message (peer, "one");
  raw_log (raw, "opened romeo@montague recipient\ngot one\n");
}

/* T_tls ends each of them, named or not, incoming or ours. */
static void
test_time (TlsStage      *stage,
           gconstpointer  data)
{
  Raw *raw = &stage->raw;

  for (guint i = 1; i < N_POINTS; i++)
    {
      MemoryStream *end = raw_come_in (raw);

      go_to (stage, end, i);
      stage_advance (raw->stage, 8000);
      g_free (memory_stream_hear (end));
      g_assert_true (memory_stream_has_ended (end));
      stage_advance (raw->stage, 10000);
      raw_log (raw, "");
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(TlsPeer) peer = i == 0 ? tls_peer_call (raw, stage->certificate, ROMEO)
                                       : tls_peer_answer (raw, stage->certificate);

      stage_advance (raw->stage, 7900);
      tls_peer_settle (peer);
      g_assert_false (peer->closed);
      stage_advance (raw->stage, 200);
      tls_peer_settle (peer);
      g_assert_true (memory_stream_has_ended (peer->end));
      tls_peer_bye (peer);
      tls_stage_give_up (stage);
      raw_log (raw, i == 0 ? "" : "failed romeo@montague\nnot sent hail: xep174-session-error-quark 1\n");
    }
}

#define ADD(path, name) \
  g_test_add ("/encryption-ends/" path, TlsStage, JULIET, tls_stage_set_up, test_##name, tls_stage_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("T8/claim-answered", claim_answered);
  ADD ("T8/claim-silent", claim_silent);
  ADD ("T9/ends", ends);
  ADD ("T12/anywhere", anywhere);
  ADD ("T13/no-proceed", no_proceed);
  ADD ("T13/failure", failure);
  ADD ("T11/half-open", half_open);
  ADD ("T11/time", time);
  return g_test_run ();
}
