/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T6, T7, T10: whose key it is, and what the store says of it. */

#include "tls-peer.h"

#include <string.h>

#include <glib/gstdio.h>

#include "foreign-tls.h"
#include "odd-store.h"
#include "xep174-file-trust-store.h"
#include "xep174-identity.h"
#include "xep174-identity-private.h"
#include "xep174-memory-trust-store.h"
#include "xep174-safety-number-private.h"
#include "xep174-trust-judge-private.h"

/* --- T6, T10: keys that are refused -------------------------------------------------------- */

static const struct
{
  gnutls_pk_algorithm_t algorithm;
  guint bits;
  guint n;
  gsize padding;
} bad_keys[] = {
  { GNUTLS_PK_UNKNOWN, 0, 0, 0 },
  { GNUTLS_PK_EDDSA_ED25519, 256, 2, 0 },
  { GNUTLS_PK_RSA, 1024, 1, 0 },
  { GNUTLS_PK_EDDSA_ED25519, 256, 1, 64 * 1024 },
};

static Xep174Tls *
bad_tls_new (gboolean initiator,
             guint    i)
{
  return foreign_tls_new (initiator, bad_keys[i].algorithm, bad_keys[i].bits, bad_keys[i].n,
                          bad_keys[i].padding);
}

static TlsPeer *
call_with (TlsStage   *stage,
           Xep174Tls  *tls,
           const char *from)
{
  Raw *raw = &stage->raw;
  MemoryStream *end = raw_come_in (raw);
  g_autofree char *attribute = from != NULL ? g_strdup_printf (" from='%s'", from) : g_strdup ("");
  g_autofree char *header = g_strdup_printf ("<stream:stream " NS_ATTRIBUTES "%s to='%s' version='1.0'>",
                                             attribute, raw->local);

  raw_say (raw, end, header);
  raw_say (raw, end, STARTTLS);
  g_free (memory_stream_hear (end));
  return tls_peer_new (raw, end, tls);
}

/* T10: who calls without a key that counts hears why, inside, where people see it. */
static void
test_bad_callers (TlsStage      *stage,
                  gconstpointer  data)
{
  Raw *raw = &stage->raw;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (bad_keys); i++)
    {
      const char *from = i % 2 == 0 ? ROMEO : NULL;
      g_autoptr(TlsPeer) peer = call_with (stage, bad_tls_new (TRUE, i / 2), from);

      g_test_message ("%u", i);
      if (bad_keys[i / 2].padding > 0)
        {
          /* T11: it is too long to be read. */
          g_assert_true (memory_stream_has_ended (peer->end));
          raw_log (raw, "");
          continue;
        }
      g_assert_true (peer->open);
      tls_peer_say_header (peer, from, raw->local, "1.0");
      if (from == NULL)
        {
          /* Who it is, is known only now. */
          tls_peer_hear (peer, FEATURES);
          tls_peer_say_message (peer, "evil");
        }
      tls_peer_hear (peer, STREAM_ERROR ("not-authorized") FOOTER);
      tls_peer_say_message (peer, "evil");
      tls_peer_bye (peer);
      stage_advance (raw->stage, 10000);
      raw_log (raw, "");
      g_assert_cmpuint (tls_stage_count (stage), ==, 0);
    }
}

static TlsPeer *
answer_with (TlsStage  *stage,
             Xep174Tls *tls)
{
  Raw *raw = &stage->raw;
  MemoryStream *end;

  if (!raw_is_dialled (raw))
    stage_send (raw->stage, raw->manager, raw->peer, "hail");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, FEATURES_TLS);
  g_free (memory_stream_hear (end));
  raw_say (raw, end, PROCEED);
  return tls_peer_new (raw, end, tls);
}

/* A callee may have mended it by the next try; in the end the program is told that it is about TLS. */
static void
test_bad_callees (TlsStage      *stage,
                  gconstpointer  data)
{
  Raw *raw = &stage->raw;

  for (guint i = 0; i < G_N_ELEMENTS (bad_keys); i++)
    {
      stage_send (raw->stage, raw->manager, raw->peer, "hail");
      while (raw_is_dialled (raw))
        {
          Xep174Tls *tls = bad_tls_new (FALSE, i);
          g_autoptr(TlsPeer) peer = answer_with (stage, tls);

          g_test_message ("%u", i);
          g_assert_false (foreign_tls_has_seen_a_key (tls));
          g_assert_true (memory_stream_has_ended (peer->end));
          for (guint s = 0; s < 60 && !raw_is_dialled (raw); s++)
            stage_advance (raw->stage, 1000);
        }
      raw_log (raw, "failed romeo@montague\nnot sent hail: xep174-session-error-quark 12\n");
      g_assert_cmpuint (tls_stage_count (stage), ==, 0);
    }
}

/* Ours does not leave to a callee whose key is refused, and the dial is over. */
static void
test_refused_callees (TlsStage      *stage,
                      gconstpointer  data)
{
  static const char *const logs[] = {
    "changed romeo@montague\nfailed romeo@montague\nnot sent hail: xep174-session-error-quark 10\n",
    "failed romeo@montague\nnot sent hail: xep174-session-error-quark 11\n",
  };
  Raw *raw = &stage->raw;

  for (guint i = 0; i < 2; i++)
    {
      Xep174Tls *tls = xep174_tls_new (stage->other, FALSE, NULL, NULL, NULL);
      g_autoptr(TlsPeer) peer = NULL;

      if (i == 0)
        tls_stage_know (stage, stage->certificate, ROMEO);
      if (i == 1)
        {
          xep174_session_manager_forget_keys (raw->manager, ROMEO, NULL);
          tls_stage_know (stage, stage->other, ROMEO);
          tls_stage_distrust (stage, stage->other);
        }
      peer = answer_with (stage, tls);
      g_test_message ("%u", i);
      g_assert_null (xep174_tls_dup_peer_key (tls, NULL));
      g_assert_true (memory_stream_has_ended (peer->end));
      stage_advance (raw->stage, 100000);
      g_assert_false (raw_is_dialled (raw));
      raw_log (raw, logs[i]);
    }
}

/* What the other side says of our key, inside; and what it goes on to say counts for nothing. */
static void
test_we_are_refused (TlsStage      *stage,
                     gconstpointer  data)
{
  Raw *raw = &stage->raw;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(TlsPeer) peer = tls_peer_answer (raw, stage->certificate);

      g_test_message ("%u", i);
      if (i > 0)
        tls_peer_say_header (peer, ROMEO, JULIET, "1.0");
      if (i == 2)
        tls_peer_say_message (peer, "before the features");
      if (i < 2)
        tls_peer_say (peer, i == 0 ? "<stream:stream " NS_ATTRIBUTES " from='romeo@montague'"
                                     " to='juliet@capulet' version='1.0'>"
                                     STREAM_ERROR ("not-authorized") FOOTER
                                   : STREAM_ERROR ("not-authorized") FOOTER);
      tls_peer_bye (peer);
      tls_stage_give_up (stage);
      raw_log (raw, i < 2 ? "failed romeo@montague\nnot sent hail: xep174-stream-error-quark 11\n"
                          : "failed romeo@montague\nnot sent hail: xep174-session-error-quark 1\n");
      g_assert_cmpuint (tls_stage_count (stage), ==, 0);
    }
}

static void
on_failed (Xep174SessionManager *manager,
           Xep174Session        *session,
           const GError         *error,
           char                **words)
{
  g_free (*words);
  *words = g_strdup (error->message);
}

/* What a person reads of it: what is known, and no more. Nobody waits while we try again what that does not
 * mend; a full disk over there is such a thing (T10). */
static void
test_words_of_a_refusal (TlsStage      *stage,
                         gconstpointer  data)
{
  static const struct
  {
    const char *error;
    const char *words;
    gboolean again;
  } refusals[] = {
    { STREAM_ERROR ("not-authorized") FOOTER, "your key is not accepted there", FALSE },
    { STREAM_ERROR ("internal-server-error") FOOTER, "cannot remember your key now", FALSE },
    { STREAM_ERROR ("undefined-condition") FOOTER, "it did not say why", TRUE },
    { STREAM_ERROR ("policy-violation") FOOTER, "it does not accept what we sent", FALSE },
  };
  Raw *raw = &stage->raw;
  g_autofree char *words = NULL;

  g_signal_connect (raw->manager, "session-failed", G_CALLBACK (on_failed), &words);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      stage_send (raw->stage, raw->manager, raw->peer, "hail");
      g_clear_pointer (&words, g_free);
      while (raw_is_dialled (raw))
        {
          g_autoptr(TlsPeer) peer = tls_peer_answer (raw, stage->certificate);

          tls_peer_say_header (peer, ROMEO, JULIET, "1.0");
          tls_peer_say (peer, refusals[i].error);
          tls_peer_bye (peer);
          g_assert_true (refusals[i].again || words != NULL);
          for (guint s = 0; s < 60 && !raw_is_dialled (raw); s++)
            stage_advance (raw->stage, 1000);
        }
      g_test_message ("%s", words);
      g_assert_nonnull (strstr (words, refusals[i].words));
    }
  g_signal_handlers_disconnect_by_data (raw->manager, &words);
  g_free (stage_take_log (raw->stage));
}

/* T5: who wants none in the clear. That somebody takes no more octets is something else. */
static void
test_words_in_the_clear (TlsStage      *stage,
                         gconstpointer  data)
{
  Raw *raw = &stage->raw;
  g_autofree char *longer = g_strnfill (10000, 'x');

  for (guint i = 0; i < 2; i++)
    {
      const char *words = i == 0 ? "closed romeo@montague: the other side accepts only encrypted messages, "
                                   "and its encryption is switched off"
                                 : "it does not accept what we sent (policy-violation)";
      g_autofree char *log = NULL;
      MemoryStream *end;

      stage_send (raw->stage, raw->manager, raw->peer, i == 0 ? "hail" : longer);
      end = raw_answer (raw);
      raw_say_header (raw, end, FALSE);
      raw_say (raw, end, "<stream:features/>");
      raw_say (raw, end, STREAM_ERROR ("policy-violation") FOOTER);
      memory_stream_break (end);
      stage_advance (raw->stage, 100000);
      log = stage_take_log (raw->stage);
      g_assert_nonnull (strstr (log, words));
      tls_stage_give_up (stage);
      g_free (stage_take_log (raw->stage));
    }
}

/* T6: our own key is that of another program of the same person, and no more than any other's. */
static void
test_own_key (TlsStage      *stage,
              gconstpointer  data)
{
  Raw *raw = &stage->raw;
  Xep174Identity *identity = xep174_session_manager_get_identity (raw->manager);
  Xep174Certificate *own = xep174_identity_get_certificate (identity);
  g_autoptr(TlsPeer) peer = tls_peer_open_in (raw, own);

  tls_peer_say_message (peer, "one");
  raw_log (raw, "opened romeo@montague recipient\nseen romeo@montague\ngot one\n");
  tls_peer_say (peer, FOOTER);
  tls_peer_bye (peer);
  stage_advance (raw->stage, 10000);
  g_free (stage_take_log (raw->stage));
  g_clear_pointer (&peer, tls_peer_free);

  tls_stage_know (stage, stage->other, "tybalt@capulet");
  peer = call_with (stage, xep174_tls_new (own, TRUE, NULL, NULL, NULL), "tybalt@capulet");
  tls_peer_say_header (peer, "tybalt@capulet", JULIET, "1.0");
  tls_peer_hear (peer, STREAM_ERROR ("not-authorized") FOOTER);
  raw_log (raw, "changed tybalt@capulet\n");
}

/* T6: a known key under a name that has none is the same person; under one that has another, not. */
static void
test_same_person (TlsStage      *stage,
                  gconstpointer  data)
{
  Raw *raw = &stage->raw;
  g_autoptr(TlsPeer) peer = NULL;

  tls_stage_know (stage, stage->certificate, "mercutio@verona");
  peer = tls_peer_open_in (raw, stage->certificate);
  tls_peer_say_message (peer, "one");
  raw_log (raw, "opened romeo@montague recipient\nseen romeo@montague\ngot one\n");
  g_assert_cmpuint (tls_stage_count (stage), ==, 1);
  tls_peer_say (peer, FOOTER);
  tls_peer_bye (peer);
  stage_advance (raw->stage, 10000);
  g_free (stage_take_log (raw->stage));
  g_clear_pointer (&peer, tls_peer_free);

  tls_stage_know (stage, stage->other, "tybalt@capulet");
  peer = call_with (stage, xep174_tls_new (stage->certificate, TRUE, NULL, NULL, NULL), "tybalt@capulet");
  tls_peer_say_header (peer, "tybalt@capulet", JULIET, "1.0");
  tls_peer_hear (peer, STREAM_ERROR ("not-authorized") FOOTER);
  raw_log (raw, "changed tybalt@capulet\n");
}

/* --- T7: the store ------------------------------------------------------------------------- */

typedef struct
{
  const char *function;
  guint after; /* how often it works before */
  guint n;
} Fault;

static gboolean
fails (const char *function,
       gpointer    data)
{
  Fault *fault = data;

  return !g_str_equal (function, fault->function) || fault->n++ < fault->after;
}

/* The contact calls, or is called, in TLS; what it hears inside. */
static char *
meet (TlsStage *stage,
      gboolean  calls)
{
  g_autoptr(TlsPeer) peer = NULL;
  Xep174Tls *tls = xep174_tls_new (stage->certificate, calls, NULL, NULL, NULL);
  char *inside;

  peer = calls ? call_with (stage, tls, ROMEO) : answer_with (stage, tls);
  if (peer->open)
    {
      tls_peer_say_header (peer, ROMEO, JULIET, "1.0");
      if (!calls)
        tls_peer_say (peer, "<stream:features/>");
      if (peer->error == NULL && !peer->closed)
        tls_peer_say_message (peer, "one");
    }
  inside = tls_peer_take (peer);
  memory_stream_break (peer->end);
  tls_stage_give_up (stage);
  return inside;
}

/* T7: whenever the store fails, for good, when it is asked or when it is to remember: there is no session,
 * and nothing is said or heard, in TLS or without. Both sides are told. */
static void
test_store_fails (TlsStage      *stage,
                  gconstpointer  data)
{
  Raw *raw = &stage->raw;

  for (guint i = 0; i < 80; i++)
    {
      Fault fault = { i % 2 == 0 ? "list" : "add", i / 4 };
      g_autoptr(OddStore) store = odd_store_new (fails, &fault);
      g_autofree char *inside = NULL;
      g_autofree char *log = NULL;
      gboolean heard, told;

      xep174_session_manager_set_trust_store (raw->manager, XEP174_TRUST_STORE (store));
      inside = meet (stage, i % 4 < 2);
      log = stage_take_log (raw->stage);
      g_test_message ("%u: %s\n%s", i, inside, log);
      heard = strstr (log, "got one") != NULL;
      told = strstr (inside, "hail") != NULL;
      g_assert_cmpint (heard || told, ==, strstr (log, "opened") != NULL);
      g_assert_cmpint (heard || told, ==, strstr (log, "seen") != NULL);
      if (!heard && i % 4 < 2)
        {
          g_assert_nonnull (strstr (inside, STREAM_ERROR ("internal-server-error")));
          g_assert_nonnull (strstr (log, "failed romeo@montague\n"));
        }
      if (!told && i % 4 >= 2)
        g_assert_nonnull (strstr (log, "not sent hail"));
      g_assert_true (i > 3 || !(heard || told));
      g_assert_true (i < 70 || (heard || told));
      xep174_session_manager_set_trust_store (raw->manager, stage->store);
      stage_advance (raw->stage, 100000);
      g_free (stage_take_log (raw->stage));
    }
}

/* A store that fails for a while: no session meanwhile; then the records are as they were. */
static void
test_store_fails_later (TlsStage      *stage,
                        gconstpointer  data)
{
  Raw *raw = &stage->raw;
  Fault fault = { "list", G_MAXUINT };
  g_autoptr(OddStore) store = odd_store_new (fails, &fault);
  g_autoptr(TlsPeer) peer = NULL;
  g_autoptr(GListModel) records = NULL;

  xep174_session_manager_set_trust_store (raw->manager, XEP174_TRUST_STORE (store));
  peer = tls_peer_open_in (raw, stage->certificate);
  tls_peer_say_message (peer, "one");
  raw_log (raw, "opened romeo@montague recipient\nseen romeo@montague\ngot one\n");
  tls_peer_say (peer, FOOTER);
  tls_peer_bye (peer);
  stage_advance (raw->stage, 10000);
  g_free (stage_take_log (raw->stage));
  g_clear_pointer (&peer, tls_peer_free);

  fault.after = fault.n;
  peer = call_with (stage, xep174_tls_new (stage->certificate, TRUE, NULL, NULL, NULL), ROMEO);
  tls_peer_say_header (peer, ROMEO, JULIET, "1.0");
  tls_peer_hear (peer, FOOTER);
  raw_log (raw, "failed romeo@montague\n");
  tls_peer_bye (peer);
  stage_advance (raw->stage, 10000);
  g_clear_pointer (&peer, tls_peer_free);
  fault.after = G_MAXUINT;

  records = xep174_trust_store_list (XEP174_TRUST_STORE (store), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (records), ==, 1);
  peer = tls_peer_open_in (raw, stage->certificate);
  raw_log (raw, "opened romeo@montague recipient\n");
  g_clear_pointer (&peer, tls_peer_free);
  xep174_session_manager_set_trust_store (raw->manager, stage->store);
}

/* --- T6, T7: what is said of keys while a session goes on ---------------------------------- */

/* Two programs of one user, each with its own view of one file. */
typedef struct
{
  char *folder;
  char *path;
  Xep174TrustStore *ours;
  Xep174TrustStore *theirs;
} Shared;

static Shared *
shared_new (void)
{
  Shared *self = g_new0 (Shared, 1);

  self->folder = g_dir_make_tmp (NULL, NULL);
  self->path = g_build_filename (self->folder, "keys", NULL);
  self->ours = XEP174_TRUST_STORE (xep174_file_trust_store_new (self->path));
  self->theirs = XEP174_TRUST_STORE (xep174_file_trust_store_new (self->path));
  return self;
}

static void
shared_free (Shared *self)
{
  g_autofree char *lock = g_strconcat (self->path, ".lock", NULL);

  g_object_unref (self->ours);
  g_object_unref (self->theirs);
  g_remove (self->path);
  g_remove (lock);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shared, shared_free)

typedef void (*Deed) (TlsStage *stage,
                      Shared   *shared);

static void
distrust (TlsStage *stage,
          Shared   *shared)
{
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (xep174_certificate_get_key (stage->certificate));

  g_assert_true (xep174_trust_store_set_trust (shared->theirs, fingerprint, XEP174_TRUST_DISTRUSTED, NULL));
}

static void
forget (TlsStage *stage,
        Shared   *shared)
{
  g_assert_true (xep174_trust_store_forget (shared->theirs, ROMEO, NULL));
}

static void
vanish (TlsStage *stage,
        Shared   *shared)
{
  g_assert_cmpint (g_remove (shared->path), ==, 0);
}

static const struct
{
  Deed deed;
  gboolean send;
  const char *condition;
  const char *end;
} elsewhere[] = {
  { distrust, FALSE, "not-authorized", "closed romeo@montague: you have said that this key is not" },
  { distrust, TRUE, "not-authorized", "not sent secret: xep174-session-error-quark 11\n" },
  { forget, FALSE, "reset", "closed romeo@montague: the key of this name was forgotten" },
  { forget, TRUE, "reset", "seen romeo@montague\n" },
  { vanish, FALSE, "internal-server-error", "closed romeo@montague: The keys in" },
  { vanish, TRUE, "internal-server-error", "not sent secret" },
};

/* What another program says counts before anything more is written or delivered. */
static void
test_elsewhere (TlsStage      *stage,
                gconstpointer  data)
{
  Raw *raw = &stage->raw;

  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    {
      g_autoptr(Shared) shared = shared_new ();
      g_autoptr(TlsPeer) peer = NULL;
      g_autofree char *inside = NULL;
      g_autofree char *log = NULL;

      xep174_session_manager_set_trust_store (raw->manager, shared->ours);
      peer = tls_peer_open_in (raw, stage->certificate);
      tls_peer_say_message (peer, "one");
      raw_log (raw, "opened romeo@montague recipient\nseen romeo@montague\ngot one\n");
      g_free (tls_peer_take (peer));

      elsewhere[i].deed (stage, shared);
      if (elsewhere[i].send)
        stage_send (raw->stage, raw->manager, raw->peer, "secret");
      else
        tls_peer_say_message (peer, "evil");
      inside = tls_peer_take (peer);
      tls_peer_bye (peer);
      /* What was not sent is tried again, with the same contact. */
      if (raw_is_dialled (raw))
        g_free (meet (stage, FALSE));
      stage_advance (raw->stage, 100000);
      tls_stage_give_up (stage);
      log = stage_take_log (raw->stage);
      g_test_message ("%u: %s\n%s", i, inside, log);
      g_assert_null (strstr (inside, "secret"));
      g_assert_nonnull (strstr (inside, elsewhere[i].condition));
      g_assert_null (strstr (log, "got evil"));
      g_assert_nonnull (strstr (log, elsewhere[i].end));
      xep174_session_manager_set_trust_store (raw->manager, stage->store);
    }
}

/* As many names as strangers may add, and nobody has compared. */
static void
fill (Shared *shared)
{
  g_autoptr(GString) text = g_string_new ("[libxep174 keys]\nversion=1\n");

  g_string_append_printf (text, "keys=%d\n", XEP174_TRUST_MAX_SEEN_NAMES);
  for (guint i = 0; i < XEP174_TRUST_MAX_SEEN_NAMES; i++)
    {
      g_autofree char *name = g_strdup_printf ("invented-%u", i);
      g_autofree char *key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

      g_string_append_printf (text, "\n[%s]\ntrust=seen\nnames=%s;\n", key, name);
    }
  g_assert_true (g_file_set_contents_full (shared->path, text->str, text->len,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

/* Beyond the bound a stranger is spoken to, and encrypted, but not remembered, until a person compares. */
static void
test_bound (TlsStage      *stage,
            gconstpointer  data)
{
  Raw *raw = &stage->raw;
  g_autoptr(Shared) shared = shared_new ();
  g_autoptr(TlsPeer) peer = NULL;
  g_autoptr(GListModel) before = NULL;
  g_autoptr(GListModel) after = NULL;
  g_autofree char *key = xep174_key_dup_fingerprint (xep174_certificate_get_key (stage->certificate));
  Xep174Session *session;

  fill (shared);
  before = xep174_trust_store_list (shared->theirs, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (before), ==, XEP174_TRUST_MAX_SEEN_NAMES);
  xep174_session_manager_set_trust_store (raw->manager, shared->ours);
  peer = tls_peer_open_in (raw, stage->certificate);
  tls_peer_say_message (peer, "one");
  raw_log (raw, "opened romeo@montague recipient\ngot one\n");
  session = xep174_session_manager_find_session (raw->manager, ROMEO);
  g_assert_true (xep174_session_get_encrypted (session));
  g_assert_cmpint (xep174_session_get_trust (session), ==, XEP174_TRUST_UNKNOWN);
  after = xep174_trust_store_list (shared->theirs, NULL);
  g_assert_true (after == before);

  g_assert_true (xep174_session_manager_verify_key (raw->manager, ROMEO, key, NULL));
  g_assert_cmpint (xep174_session_get_trust (session), ==, XEP174_TRUST_VERIFIED);
  tls_peer_say_message (peer, "two");
  tls_peer_say (peer, FOOTER);
  tls_peer_bye (peer);
  g_free (stage_take_log (raw->stage));
  g_clear_pointer (&peer, tls_peer_free);

  peer = tls_peer_call (raw, stage->other, ROMEO);
  tls_peer_say_header (peer, ROMEO, JULIET, "1.0");
  tls_peer_hear (peer, STREAM_ERROR ("not-authorized") FOOTER);
  raw_log (raw, "changed romeo@montague\n");
  xep174_session_manager_set_trust_store (raw->manager, stage->store);
}

static gboolean
works (const char *function,
       gpointer    data)
{
  Fault *calls = data;

  if (g_str_equal (function, calls->function))
    calls->n++;
  return TRUE;
}

static void
on_trust_changed (Xep174SessionManager *manager,
                  gpointer              data)
{
  ++*(guint *) data;
}

/* A store that says itself that something was changed elsewhere; nobody need write or read for it. */
static void
test_told (TlsStage      *stage,
           gconstpointer  data)
{
  Raw *raw = &stage->raw;
  Fault calls = { "list" };
  guint told = 0;
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(OddStore) store = odd_store_new (works, &calls);
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (xep174_certificate_get_key (stage->certificate));
  g_autoptr(TlsPeer) peer = NULL;

  xep174_session_manager_set_trust_store (raw->manager, XEP174_TRUST_STORE (store));
  peer = tls_peer_open_in (raw, stage->certificate);
  raw_log (raw, "opened romeo@montague recipient\nseen romeo@montague\n");
  g_free (tls_peer_take (peer));
  session = g_object_ref (xep174_session_manager_find_session (raw->manager, ROMEO));
  g_signal_connect (raw->manager, "trust-changed", G_CALLBACK (on_trust_changed), &told);

  odd_store_change_elsewhere (store, fingerprint, XEP174_TRUST_VERIFIED);
  stage_advance (raw->stage, 1);
  g_assert_cmpint (xep174_session_get_trust (session), ==, XEP174_TRUST_VERIFIED);
  g_assert_cmpuint (told, ==, 1);

  odd_store_change_elsewhere (store, fingerprint, XEP174_TRUST_DISTRUSTED);
  stage_advance (raw->stage, 1);
  tls_peer_hear (peer, STREAM_ERROR ("not-authorized") FOOTER);
  tls_peer_bye (peer);
  raw_log (raw, "closing romeo@montague\n"
                "closed romeo@montague: you have said that this key is not to be trusted\n");
  g_assert_cmpuint (told, ==, 2);

  /* One look answers all that is to be known of a name. */
  calls.n = 0;
  xep174_session_manager_set_encryption (raw->manager, XEP174_ENCRYPTION_POLICY_REQUIRE);
  g_assert_cmpuint (calls.n, ==, 1);
  xep174_session_manager_set_encryption (raw->manager, XEP174_ENCRYPTION_POLICY_PREFER);
  xep174_session_manager_set_trust_store (raw->manager, stage->store);
  g_signal_handlers_disconnect_by_func (raw->manager, on_trust_changed, &told);
}

static void
note_unencrypted (Xep174SessionManager *manager,
                  const char           *name,
                  guint                *told)
{
  ++*told;
}

static void
note_failure (Xep174SessionManager *manager,
              Xep174Session        *session,
              const GError         *error,
              char                **text)
{
  g_free (*text);
  *text = g_strdup (error->message);
}

/* T5: who has switched encryption off, and not who calls, is why a name with a key is not heard. */
static void
test_switched_off (TlsStage      *stage,
                   gconstpointer  data)
{
  Raw *raw = &stage->raw;
  g_autofree char *text = NULL;
  guint told = 0;
  MemoryStream *end;

  tls_stage_know (stage, stage->certificate, ROMEO);
  xep174_session_manager_set_encryption (raw->manager, XEP174_ENCRYPTION_POLICY_OFF);
  g_signal_connect (raw->manager, "unencrypted-refused", G_CALLBACK (note_unencrypted), &told);
  g_signal_connect (raw->manager, "session-failed", G_CALLBACK (note_failure), &text);
  end = raw_come_in (raw);
  raw_say_header (raw, end, TRUE);
  raw_say (raw, end, "<message><body>evil</body></message>");
  g_assert_nonnull (strstr (text, "encryption is switched off here"));
  g_assert_cmpuint (told, ==, 0);
  raw_log (raw, "failed romeo@montague\n");
  memory_stream_break (end);
  g_signal_handlers_disconnect_by_data (raw->manager, &told);
  g_signal_handlers_disconnect_by_data (raw->manager, &text);
}

#define ADD(path, name) \
  g_test_add ("/encryption-keys/" path, TlsStage, JULIET, tls_stage_set_up, test_##name, tls_stage_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("T10/bad-callers", bad_callers);
  ADD ("T10/bad-callees", bad_callees);
  ADD ("T6/refused-callees", refused_callees);
  ADD ("T10/we-are-refused", we_are_refused);
  ADD ("T10/words-of-a-refusal", words_of_a_refusal);
  ADD ("T5/words-in-the-clear", words_in_the_clear);
  ADD ("T5/switched-off", switched_off);
  ADD ("T6/own-key", own_key);
  ADD ("T6/same-person", same_person);
  ADD ("T7/store-fails", store_fails);
  ADD ("T7/store-fails-later", store_fails_later);
  ADD ("T6-T7/elsewhere", elsewhere);
  ADD ("T6/told", told);
  ADD ("T7/bound", bound);
  return g_test_run ();
}
