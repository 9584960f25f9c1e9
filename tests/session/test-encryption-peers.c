/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T1, T3-T10, T12, T13: what a peer may do around and inside TLS, octet by octet. */

#include "tls-peer.h"

#include <string.h>

#define EVIL "<message from='romeo@montague' to='juliet@capulet'><body>evil</body></message>"

/* --- T1 ---------------------------------------------------------------------------------- */

typedef struct
{
  MemoryStream *near_end;
  GArray *lengths; /* what had been written, at each read and each write */
} Watcher;

static MemoryFault
note_length (gpointer data)
{
  Watcher *watcher = data;
  g_autoptr(GString) written = g_string_new (NULL);

  memory_stream_copy_written (watcher->near_end, written);
  if (watcher->lengths->len == 0
      || g_array_index (watcher->lengths, gsize, watcher->lengths->len - 1) != written->len)
    g_array_append_val (watcher->lengths, written->len);
  return MEMORY_FAULT_NONE;
}

static void
check_offer (TlsStage    *fixture,
             const char *from,
             const char *offer)
{
  Raw *raw = &fixture->raw;
  MemoryStream *end = raw_come_in (raw);
  g_autoptr(MemoryStream) near_end = memory_stream_dup_other (end);
  g_autoptr(GString) written = g_string_new (NULL);
  g_autofree char *attribute = from != NULL ? g_strdup_printf (" from='%s'", from) : g_strdup ("");
  g_autofree char *header = g_strdup_printf ("<stream:stream " NS_ATTRIBUTES "%s version='1.0'>", attribute);
  Watcher watcher = { near_end, g_array_new (FALSE, FALSE, sizeof (gsize)) };

  memory_stream_set_fault (near_end, note_length, &watcher);
  raw_say (raw, end, header);
  raw_say (raw, end, " ");
  memory_stream_set_fault (near_end, NULL, NULL);
  memory_stream_copy_written (near_end, written);
  g_assert_nonnull (strstr (written->str, offer));
  g_assert_cmpuint (watcher.lengths->len, ==, 2);
  g_assert_cmpuint (g_array_index (watcher.lengths, gsize, 0), ==, 0);
  g_assert_cmpuint (g_array_index (watcher.lengths, gsize, 1), ==, written->len);
  g_array_unref (watcher.lengths);
  memory_stream_break (end);
  stage_settle (raw->stage);
}

/* Header and features in one write, for peers that read once. */
static void
test_offer (TlsStage       *fixture,
            gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  check_offer (fixture, ROMEO, STARTTLS);
  check_offer (fixture, NULL, STARTTLS);
  tls_stage_know (fixture, fixture->certificate, ROMEO);
  check_offer (fixture, ROMEO, REQUIRED);
  check_offer (fixture, NULL, STARTTLS);
  check_offer (fixture, "tybalt@capulet", STARTTLS);
  xep174_session_manager_set_encryption (raw->manager, XEP174_ENCRYPTION_POLICY_REQUIRE);
  check_offer (fixture, NULL, REQUIRED);
  check_offer (fixture, "tybalt@capulet", REQUIRED);
  g_free (stage_take_log (raw->stage));
}

/* --- T3 ---------------------------------------------------------------------------------- */

/* White space in the same write is no octet inside, and is passed over. */
#define N_SPACES 2
static const char *const clears[] = {
  " ", "\n", EVIL, "<", "x", "\x16\x03", STARTTLS, FOOTER,
  "<?xml version='1.0'?><stream:stream " NS_ATTRIBUTES " from='romeo@montague' to='juliet@capulet'"
  " version='1.0'>" EVIL,
};

static void
try_tls_over (Raw               *raw,
              MemoryStream      *end,
              Xep174Certificate *certificate,
              gboolean           initiator,
              gboolean           may_open)
{
  Xep174Tls *tls = xep174_tls_new (certificate, initiator, NULL, NULL, NULL);
  g_autoptr(TlsPeer) peer = tls_peer_new (raw, end, tls);
  g_autofree char *log = NULL;

  if (peer->open)
    {
      tls_peer_say_header (peer, raw->peer, raw->local, "1.0");
      tls_peer_say (peer, "<stream:features/>");
    }
  stage_advance (raw->stage, 30000);
  log = stage_take_log (raw->stage);
  g_assert_null (strstr (log, "evil"));
  g_assert_cmpint (strstr (log, "opened") != NULL, ==, may_open);
  g_assert_cmpint (strstr (log, "seen") != NULL, ==, may_open);
  g_assert_cmpint (peer->text->len > 0, ==, may_open);
  if (!may_open)
    g_assert_true (memory_stream_has_ended (end));
  else
    {
      tls_peer_say (peer, FOOTER);
      tls_peer_bye (peer);
      stage_advance (raw->stage, 10000);
      g_free (stage_take_log (raw->stage));
      xep174_session_manager_forget_keys (raw->manager, raw->peer, NULL);
    }
}

/* CVE-2011-0411: behind <starttls/>, in the same write, and in the next one before the handshake. */
static void
test_behind_starttls (TlsStage       *fixture,
                      gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (clears); i++)
    for (guint named = 0; named < 2; named++)
      {
        MemoryStream *end = raw_come_in (raw);
        g_autofree char *text = g_strconcat (STARTTLS, i % 2 == 0 ? clears[i / 2] : NULL, NULL);

        g_test_message ("%u %u", i, named);
        if (named)
          raw_say_header (raw, end, FALSE);
        else
          raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES " to='juliet@capulet' version='1.0'>");
        g_free (memory_stream_hear (end));
        raw_say (raw, end, text);
        if (i % 2 == 1)
          {
            raw_hear (raw, end, PROCEED);
            raw_say (raw, end, clears[i / 2]);
          }
        g_free (memory_stream_hear (end));
        try_tls_over (raw, end, fixture->certificate, TRUE, i % 2 == 0 && i / 2 < N_SPACES);
      }
}

static void
test_behind_proceed (TlsStage       *fixture,
                     gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (clears); i++)
    {
      g_autofree char *text = g_strconcat (PROCEED, i % 2 == 0 ? clears[i / 2] : NULL, NULL);
      MemoryStream *end;

      g_test_message ("%u", i);
      stage_send (raw->stage, raw->manager, raw->peer, "hail");
      end = raw_answer (raw);
      raw_say_header (raw, end, FALSE);
      raw_say (raw, end, FEATURES_TLS);
      g_free (memory_stream_hear (end));
      raw_say (raw, end, text);
      if (i % 2 == 1)
        raw_say (raw, end, clears[i / 2]);
      try_tls_over (raw, end, fixture->certificate, FALSE, i % 2 == 0 && i / 2 < N_SPACES);
      tls_stage_give_up (fixture);
      g_free (stage_take_log (raw->stage));
    }
}

/* In the clear, between <starttls/> of ours and <proceed/>. */
static void
test_before_proceed (TlsStage       *fixture,
                     gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "hail");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, FEATURES_TLS);
  raw_say (raw, end, EVIL PROCEED);
  g_free (memory_stream_hear (end));
  try_tls_over (raw, end, fixture->certificate, FALSE, FALSE);
}

/* T3: it begins nothing where nobody has asked for it, neither before the features nor behind them. */
static void
test_proceed_unasked (TlsStage       *fixture,
                      gconstpointer  data)
{
  static const char *const logs[] = {
    "opened romeo@montague recipient\ngot said\n",
    "opened romeo@montague initiator\ngot said\nsent hail\n",
    "opened romeo@montague initiator\nsent hail\ngot said\n",
  };
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < G_N_ELEMENTS (logs); i++)
    {
      MemoryStream *end;

      g_test_message ("%u", i);
      if (i > 0)
        stage_send (raw->stage, raw->manager, raw->peer, "hail");
      end = i == 0 ? raw_come_in (raw) : raw_answer (raw);
      raw_say_header (raw, end, i == 0);
      if (i == 2)
        raw_say (raw, end, FEATURES);
      raw_say (raw, end, PROCEED);
      raw_say (raw, end, "<message from='romeo@montague' to='juliet@capulet'><body>said</body></message>");
      raw_log (raw, logs[i]);
      memory_stream_break (end);
      tls_stage_give_up (fixture);
      g_free (stage_take_log (raw->stage));
    }
}

/* TLS is begun once. */
static void
test_starttls_inside (TlsStage       *fixture,
                      gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(TlsPeer) peer = i == 0 ? tls_peer_call (raw, fixture->certificate, NULL)
                                       : tls_peer_open_in (raw, fixture->certificate);
      g_autofree char *log = NULL;

      if (i == 0)
        {
          tls_peer_say_header (peer, NULL, raw->local, "1.0");
          tls_peer_hear (peer, FEATURES);
        }
      if (i == 2)
        tls_peer_say_message (peer, "first");
      tls_peer_say (peer, STARTTLS);
      tls_peer_hear (peer, TLS_ELEMENT ("failure") FOOTER);
      g_assert_true (peer->closed);
      tls_peer_say (peer, EVIL FOOTER);
      tls_peer_bye (peer);
      stage_advance (raw->stage, 10000);
      log = stage_take_log (raw->stage);
      g_assert_true (strstr (log, "evil") == NULL || i > 0);
    }
}

/* T2: who is called inside may not offer TLS again either. */
static void
test_offer_inside (TlsStage       *fixture,
                   gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autoptr(TlsPeer) peer = tls_peer_answer (raw, fixture->certificate);

  tls_peer_hear (peer, "<stream:stream ");
  tls_peer_say_header (peer, raw->peer, raw->local, "1.0");
  tls_peer_say (peer, FEATURES_TLS);
  tls_peer_hear (peer, "<body>hail</body>");
  raw_log (raw, "opened romeo@montague initiator\nseen romeo@montague\nsent hail\n");
}

/* --- T4 ---------------------------------------------------------------------------------- */

static const struct
{
  const char *from;
  const char *to;
  const char *version;
} others[] = {
  { "tybalt@capulet", JULIET, "1.0" },
  { "romeo@montague/home", JULIET, "1.0" },
  { ROMEO, "nurse@capulet", "1.0" },
  { ROMEO, NULL, "1.0" },
  { NULL, JULIET, "1.0" },
  { ROMEO, JULIET, NULL },
  { ROMEO, JULIET, "0.9" },
};

static void
test_other_header (TlsStage       *fixture,
                   gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(TlsPeer) peer = tls_peer_call (raw, fixture->certificate, ROMEO);

      tls_peer_say_header (peer, others[i].from, others[i].to, others[i].version);
      tls_peer_hear (peer, STREAM_ERROR ("invalid-from") FOOTER);
      tls_peer_say (peer, EVIL);
      tls_peer_bye (peer);
      stage_advance (raw->stage, 10000);
      raw_log (raw, "");
      g_assert_cmpuint (tls_stage_count (fixture), ==, 0);
    }
}

static void
test_other_answer (TlsStage       *fixture,
                   gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(TlsPeer) peer = tls_peer_answer (raw, fixture->certificate);

      g_free (tls_peer_take (peer));
      tls_peer_say_header (peer, others[i].from, others[i].to, others[i].version);
      tls_peer_hear (peer, STREAM_ERROR ("invalid-from") FOOTER);
      tls_peer_say (peer, "<stream:features/>" EVIL);
      tls_peer_bye (peer);
      g_assert_cmpuint (tls_stage_count (fixture), ==, 0);
      tls_stage_give_up (fixture);
      raw_log (raw, "failed romeo@montague\nnot sent hail: xep174-session-error-quark 1\n");
    }
}

static TlsPeer *
call_nameless (TlsStage           *fixture,
               Xep174Certificate *certificate,
               const char        *inside)
{
  TlsPeer *peer = tls_peer_call (&fixture->raw, certificate, NULL);

  tls_peer_say_header (peer, inside, fixture->raw.local, "1.0");
  return peer;
}

/* A stream that says no name: its key tells, or its header inside, or its first stanza. */
static void
test_nameless (TlsStage       *fixture,
               gconstpointer  data)
{
  Raw *raw = &fixture->raw;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(TlsPeer) peer = NULL;

      g_test_message ("%u", i);
      if (i == 2)
        tls_stage_know (fixture, fixture->certificate, ROMEO);
      peer = call_nameless (fixture, fixture->certificate, i == 0 ? ROMEO : NULL);
      tls_peer_hear (peer, i == 1 ? FEATURES : FEATURES_INSIDE);
      if (i == 1)
        tls_peer_say_message (peer, "one");
      else
        tls_peer_say (peer, "<message><body>one</body></message>");
      raw_log (raw, i == 2 ? "opened romeo@montague recipient\ngot one\n"
                           : "seen romeo@montague\nopened romeo@montague recipient\ngot one\n");
      stage_send (raw->stage, raw->manager, ROMEO, "two");
      tls_peer_hear (peer, "<body>two</body>");
      tls_peer_say (peer, FOOTER);
      tls_peer_bye (peer);
      stage_advance (raw->stage, 10000);
      g_free (stage_take_log (raw->stage));
      xep174_session_manager_forget_keys (raw->manager, ROMEO, NULL);
    }
}

/* A key with two names needs one of them to be said. */
static void
test_nameless_two (TlsStage       *fixture,
                   gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autoptr(TlsPeer) peer = NULL;

  tls_stage_know (fixture, fixture->certificate, ROMEO);
  tls_stage_know (fixture, fixture->certificate, "mercutio@verona");
  peer = call_nameless (fixture, fixture->certificate, NULL);
  tls_peer_hear (peer, FEATURES);
  raw_log (raw, "");
  tls_peer_say (peer, "<message><body>nobody</body></message>");
  tls_peer_hear (peer, STREAM_ERROR ("improper-addressing") FOOTER);
  tls_peer_bye (peer);
  raw_log (raw, "");
  g_clear_pointer (&peer, tls_peer_free);

  peer = call_nameless (fixture, fixture->certificate, "mercutio@verona");
  tls_peer_say (peer, "<message><body>one</body></message>");
  raw_log (raw, "opened mercutio@verona recipient\ngot one\n");
}

/* T6: a key that is not to be trusted, or not the one of the name that it says. */
static void
test_nameless_refused (TlsStage       *fixture,
                       gconstpointer  data)
{
  static const char *const logs[] = { "", "changed romeo@montague\n", "" };
  Raw *raw = &fixture->raw;

  tls_stage_know (fixture, fixture->certificate, ROMEO);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(TlsPeer) peer = NULL;

      g_test_message ("%u", i);
      if (i == 0)
        tls_stage_distrust (fixture, fixture->certificate);
      peer = call_nameless (fixture, i == 0 ? fixture->certificate : fixture->other, i == 1 ? ROMEO : NULL);
      if (i == 2)
        {
          tls_peer_hear (peer, FEATURES);
          tls_peer_say_message (peer, "evil");
        }
      tls_peer_hear (peer, STREAM_ERROR ("not-authorized") FOOTER);
      tls_peer_say (peer, EVIL);
      tls_peer_bye (peer);
      stage_advance (raw->stage, 10000);
      raw_log (raw, logs[i]);
      g_assert_cmpuint (tls_stage_count (fixture), ==, 1);
    }
}

/* X13: who says that he is we. */
static void
test_own_name (TlsStage       *fixture,
               gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  g_autoptr(TlsPeer) peer = call_nameless (fixture, fixture->certificate, JULIET);

  tls_peer_hear (peer, STREAM_ERROR ("invalid-from") FOOTER);
  raw_log (raw, "");
  g_assert_cmpuint (tls_stage_count (fixture), ==, 0);
}

/* --- T5 ---------------------------------------------------------------------------------- */

/* Whose key is known is not heard without it, whatever it does not offer, and says nothing wrong. */
static void
test_never_features (TlsStage       *fixture,
                     gconstpointer  data)
{
  Raw *raw = &fixture->raw;
  MemoryStream *end;
  g_autofree char *heard = NULL;
  g_autofree char *log = NULL;

  tls_stage_know (fixture, fixture->certificate, ROMEO);
  stage_send (raw->stage, raw->manager, raw->peer, "hail");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  stage_advance (raw->stage, 14000);
  raw_say (raw, end, EVIL);
  stage_advance (raw->stage, 60000);
  heard = memory_stream_hear (end);
  g_assert_null (strstr (heard, "hail"));
  log = stage_take_log (raw->stage);
  g_assert_null (strstr (log, "evil"));
  g_assert_nonnull (strstr (log, "not sent hail: xep174-session-error-quark 9\n"));
}

#define ADD(path, name) \
  g_test_add ("/encryption-peers/" path, TlsStage, JULIET, tls_stage_set_up, test_##name, tls_stage_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("T1/offer", offer);
  ADD ("T3/behind-starttls", behind_starttls);
  ADD ("T3/behind-proceed", behind_proceed);
  ADD ("T3/before-proceed", before_proceed);
  ADD ("T3/proceed-unasked", proceed_unasked);
  ADD ("T3/starttls-inside", starttls_inside);
  ADD ("T2/offer-inside", offer_inside);
  ADD ("T4/other-header", other_header);
  ADD ("T4/other-answer", other_answer);
  ADD ("T4/nameless", nameless);
  ADD ("T4/nameless-two", nameless_two);
  ADD ("T4-T6/nameless-refused", nameless_refused);
  ADD ("X13/own-name", own_name);
  ADD ("T5/never-features", never_features);
  return g_test_run ();
}
