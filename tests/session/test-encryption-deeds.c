/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T6, T7: programs whose handlers, and whose store of keys, do the worst that they may. */

#include "tls-peer.h"

#include <string.h>

#include "odd-store.h"
#include "xep174-identity.h"
#include "xep174-memory-trust-store.h"

typedef enum
{
  DEED_DROP,
  DEED_STOP,
  DEED_CLOSE,
  DEED_SEND,
  DEED_LOOP,
  DEED_WAIT,
  DEED_NO_IDENTITY,
  DEED_OTHER_IDENTITY,
  DEED_NO_STORE,
  DEED_OTHER_STORE,
  DEED_POLICY_OFF,
  DEED_POLICY_REQUIRE,
  DEED_VERIFY,
  DEED_ACCEPT,
  DEED_DISTRUST,
  DEED_FORGET,
  DEED_STEAL,
  DEED_FAIL,
  N_DEEDS,
} Deed;

typedef struct
{
  TlsStage *stage;
  Xep174Session *session;
  Deed deed;
  guint at; /* the call back in which it is done */
  guint n;
  guint depth;
  GRand *die; /* of a program that does something in many of them */
} Program;

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
}

static void
set_any_store (Program *program)
{
  g_autoptr(Xep174MemoryTrustStore) store = xep174_memory_trust_store_new ();

  xep174_session_manager_set_trust_store (program->stage->raw.manager, XEP174_TRUST_STORE (store));
}

static void
set_any_identity (Program *program)
{
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (NULL);

  xep174_session_manager_set_identity (program->stage->raw.manager, identity);
}

static void
do_to_keys (Program *program)
{
  Xep174SessionManager *manager = program->stage->raw.manager;
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (manager, ROMEO, NULL);
  g_autofree char *key = session != NULL ? xep174_session_dup_peer_fingerprint (session) : NULL;

  if (key == NULL)
    key = g_strnfill (64, 'a');

  switch ((int) program->deed)
    {
    case DEED_VERIFY:
      xep174_session_manager_verify_key (manager, ROMEO, key, NULL);
      break;
    case DEED_ACCEPT:
      xep174_session_manager_accept_key (manager, ROMEO, key, NULL);
      break;
    case DEED_DISTRUST:
      xep174_session_manager_distrust_key (manager, ROMEO, key, NULL);
      break;
    default:
      xep174_session_manager_forget_keys (manager, ROMEO, NULL);
    }
}

static void
do_deed (Program *program)
{
  Raw *raw = &program->stage->raw;

  switch (program->deed)
    {
    case DEED_DROP:
      g_clear_object (&raw->manager);
      break;
    case DEED_STOP:
      xep174_session_manager_stop_async (raw->manager, NULL, on_done, NULL);
      break;
    case DEED_CLOSE:
      raw_do (raw, RAW_CLOSE);
      break;
    case DEED_SEND:
      raw_do (raw, RAW_SEND);
      break;
    case DEED_STEAL:
      raw_do (raw, RAW_STEAL);
      break;
    case DEED_LOOP:
      stage_settle (raw->stage);
      break;
    case DEED_WAIT:
      stage_advance (raw->stage, 20000);
      break;
    case DEED_NO_IDENTITY:
      xep174_session_manager_set_identity (raw->manager, NULL);
      break;
    case DEED_OTHER_IDENTITY:
      set_any_identity (program);
      break;
    case DEED_NO_STORE:
      xep174_session_manager_set_trust_store (raw->manager, NULL);
      break;
    case DEED_OTHER_STORE:
      set_any_store (program);
      break;
    case DEED_POLICY_OFF:
    case DEED_POLICY_REQUIRE:
      xep174_session_manager_set_encryption (raw->manager, program->deed == DEED_POLICY_OFF
                                                             ? XEP174_ENCRYPTION_POLICY_OFF
                                                             : XEP174_ENCRYPTION_POLICY_REQUIRE);
      break;
    case DEED_FAIL:
      break;
    default:
      do_to_keys (program);
    }
}

static void
call_back (Program *program)
{
  gboolean now = program->n++ == program->at;

  if (program->stage->raw.manager == NULL || program->depth > 3)
    return;

  if (program->die != NULL && program->n < 3000)
    {
      program->deed = g_rand_int_range (program->die, 0, 12 * N_DEEDS);
      /* The end is rare. */
      now = program->deed < N_DEEDS
            && (program->deed != DEED_DROP || g_rand_int_range (program->die, 0, 9) == 0);
    }
  if (!now)
    return;

  program->depth++;
  do_deed (program);
  program->depth--;
}

static gboolean
on_stanza (Program *program)
{
  call_back (program);
  return FALSE;
}

static gboolean
on_store (const char *function,
          gpointer    data)
{
  Program *program = data;
  guint n = program->n;

  call_back (program);
  return program->die != NULL || program->deed != DEED_FAIL || n != program->at;
}

static void
connect_program (Program *program)
{
  static const char *const names[] = {
    "session-opened", "session-failed", "session-closing", "session-closed", "stanza-unconfirmed",
    "trace", "notify", "key-seen", "key-changed",
  };
  Raw *raw = &program->stage->raw;
  g_autoptr(OddStore) store = odd_store_new (on_store, program);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_connect_swapped (raw->manager, names[i], G_CALLBACK (call_back), program);
  g_signal_connect_swapped (raw->manager, "stanza-received", G_CALLBACK (on_stanza), program);
  program->session = xep174_session_manager_ensure_session (raw->manager, ROMEO, NULL);
  g_signal_connect_swapped (program->session, "notify", G_CALLBACK (call_back), program);
  xep174_session_manager_set_trust_store (raw->manager, XEP174_TRUST_STORE (store));
}

/* As far as they let us, for a handler may have ended it. */
static void
say (TlsPeer    *peer,
     const char *text)
{
  if (peer->open && !peer->closed && peer->error == NULL)
    tls_peer_say (peer, text);
}

#define HEADER \
  "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' to='juliet@capulet' version='1.0'>"

static void
converse (Raw               *raw,
          MemoryStream      *end,
          Xep174Certificate *certificate,
          gboolean           calls)
{
  g_autoptr(TlsPeer) peer = NULL;

  raw_say (raw, end, HEADER);
  raw_say (raw, end, calls ? STARTTLS : FEATURES_TLS);
  g_free (memory_stream_hear (end));
  if (!calls)
    raw_say (raw, end, PROCEED);
  peer = tls_peer_new (raw, end, xep174_tls_new (certificate, calls, NULL, NULL, NULL));
  say (peer, HEADER);
  if (!calls)
    say (peer, "<stream:features/>");
  say (peer, "<message><body>one</body></message>");
  say (peer, "<message><body>two</body></message>" FOOTER);
  tls_peer_bye (peer);
  stage_advance (raw->stage, 5000);
}

static void
call (Program           *program,
      Xep174Certificate *certificate,
      gboolean           calls)
{
  Raw *raw = &program->stage->raw;
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(GError) error = NULL;
  MemoryStream *near_end;
  MemoryStream *far_end;

  if (raw->manager == NULL)
    return;

  if (calls)
    {
      memory_stream_new_pair (&near_end, &far_end);
      g_ptr_array_add (raw->ends, far_end);
      xep174_session_manager_add_connection (raw->manager, G_IO_STREAM (near_end),
                                             XEP174_SESSION_ROLE_RECIPIENT, NULL, &error);
      g_object_unref (near_end);
      stage_settle (raw->stage);
      converse (raw, far_end, certificate, TRUE);
      return;
    }

  session = xep174_session_manager_ensure_session (raw->manager, ROMEO, NULL);
  if (session != NULL)
    xep174_session_send_xml_async (session, "<message xmlns='jabber:client'/>", NULL, on_done, NULL);
  if (raw_is_dialled (raw))
    converse (raw, raw_answer (raw), certificate, FALSE);
}

static void
play (Program  *program,
      TlsStage *stage,
      guint     story)
{
  program->stage = stage;
  tls_stage_set_up (stage, JULIET);
  connect_program (program);
  call (program, stage->certificate, story % 2 == 0);
  call (program, stage->certificate, story % 2 == 1);
  if (story > 1)
    {
      call (program, stage->other, TRUE);
      call (program, stage->other, FALSE);
    }
  program->at = G_MAXUINT;
  g_clear_pointer (&program->die, g_rand_free);
  if (stage->raw.manager != NULL)
    g_signal_handlers_disconnect_by_data (stage->raw.manager, program);
  g_signal_handlers_disconnect_by_data (program->session, program);
  if (stage->raw.manager != NULL)
    xep174_session_manager_set_trust_store (stage->raw.manager, NULL);
  for (guint i = 0; i < 20 && stage->raw.manager != NULL; i++)
    {
      while (raw_is_dialled (&stage->raw))
        raw_refuse (&stage->raw);
      stage_advance (stage->raw.stage, 100000);
    }
  g_clear_object (&program->session);
  tls_stage_tear_down (stage, JULIET);
}

/* One deed in each call back. */
static void
test_deed (gconstpointer data)
{
  guint deed = GPOINTER_TO_UINT (data);

  for (guint story = 0; story < 4; story++)
    {
      Program idle = { .at = G_MAXUINT, .deed = DEED_FAIL };
      TlsStage stage;

      play (&idle, &stage, story);
      for (guint at = 0; at < idle.n; at += g_test_slow () ? 1 : 3)
        {
          Program program = { .at = at, .deed = deed };

          g_test_message ("deed %u in call back %u of story %u", deed, at, story);
          play (&program, &stage, story);
        }
    }
}

static void
test_any (void)
{
  for (guint i = 0; i < (g_test_slow () ? 5000 : 100); i++)
    {
      guint32 seed = g_test_rand_int ();
      Program program = { .at = G_MAXUINT, .die = g_rand_new_with_seed (seed) };
      TlsStage stage;

      g_test_message ("seed %u", seed);
      play (&program, &stage, 2 + i % 2);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint deed = 0; deed < N_DEEDS; deed++)
    {
      g_autofree char *path = g_strdup_printf ("/encryption-deeds/%u", deed);

      g_test_add_data_func (path, GUINT_TO_POINTER (deed), test_deed);
    }
  g_test_add_func ("/encryption-deeds/any", test_any);
  return g_test_run ();
}
