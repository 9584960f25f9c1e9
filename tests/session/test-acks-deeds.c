/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A2, A3, A5: what a program may do in its handlers, and its store of keys, while a stream goes on with
 * another. */

#include "acks-peer.h"

#include "odd-store.h"

typedef enum
{
  DEED_NONE,
  DEED_DROP,
  DEED_STOP,
  DEED_CLOSE,
  DEED_STEAL,
  DEED_LOOP,
  DEED_WAIT,
  DEED_SEND,
  N_DEEDS,
} Deed;

typedef struct
{
  TlsStage *stage;
  Deed deed;
  guint at; /* the call back in which it is done */
  guint n;
  gboolean busy; /* or not asked yet */
} Program;

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
}

static void
do_deed (Program *program)
{
  Raw *raw = &program->stage->raw;

  switch (program->deed)
    {
    case DEED_NONE:
      break;
    case DEED_DROP:
      g_clear_object (&raw->manager);
      break;
    case DEED_STOP:
      xep174_session_manager_stop_async (raw->manager, NULL, on_done, NULL);
      break;
    case DEED_LOOP:
      stage_settle (raw->stage);
      break;
    case DEED_WAIT:
      stage_advance (raw->stage, 310000);
      break;
    case DEED_CLOSE:
      raw_do (raw, RAW_CLOSE);
      break;
    case DEED_STEAL:
      raw_do (raw, RAW_STEAL);
      break;
    default:
      raw_do (raw, RAW_SEND);
    }
}

static void
call_back (Program *program)
{
  if (program->busy || program->n++ != program->at || program->stage->raw.manager == NULL)
    return;

  program->busy = TRUE;
  do_deed (program);
  program->busy = FALSE;
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
  call_back (data);
  return TRUE;
}

static void
connect_program (Program *program)
{
  static const char *const names[] = {
    "session-opened", "session-failed", "session-closing", "session-closed", "stanza-unconfirmed",
    "trace", "notify", "key-seen",
  };
  Raw *raw = &program->stage->raw;

  program->busy = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_connect_swapped (raw->manager, names[i], G_CALLBACK (call_back), program);
  g_signal_connect_swapped (raw->manager, "stanza-received", G_CALLBACK (on_stanza), program);
}

/* As far as a handler has left us a stream. */
static void
try_to_say (TlsPeer    *peer,
            const char *text)
{
  if (peer->open && !peer->closed && peer->error == NULL && !memory_stream_has_ended (peer->end))
    tls_peer_say (peer, text);
}

#define HEADER_INSIDE \
  "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' to='juliet@capulet' version='1.0'>"
#define TWO_MESSAGES "<message><body>his</body></message><message><body>his two</body></message>"

/* The contact resumes beside the session, or behind it. */
static void
resume_in (Program *program,
           gboolean beside)
{
  TlsStage *stage = program->stage;
  Raw *raw = &stage->raw;
  g_autofree char *id = NULL;
  g_autofree char *word = NULL;
  g_autoptr(TlsPeer) first = acks_open_in (stage, &id);
  g_autoptr(TlsPeer) peer = NULL;

  stage_send (raw->stage, raw->manager, ROMEO, "one");
  stage_send (raw->stage, raw->manager, ROMEO, "two");
  if (!beside)
    acks_break_off (first);
  peer = tls_peer_call (raw, stage->certificate, ROMEO);
  connect_program (program);
  word = g_strdup_printf (HEADER_INSIDE "<resume" SM_NS " previd='%s' h='1'/>" TWO_MESSAGES, id);
  /* The session may have more to say that was not read yet. */
  if (beside)
    memory_stream_set_flowing (peer->end, FALSE);
  try_to_say (peer, word);
  if (beside)
    {
      try_to_say (first, TWO_MESSAGES "<a" SM_NS " h='2'/>");
      memory_stream_deliver (peer->end, memory_stream_get_in_flight (peer->end));
      memory_stream_set_flowing (peer->end, TRUE);
    }
  stage_advance (raw->stage, 20000);
  try_to_say (peer, "<a" SM_NS " h='2'/>" TWO_MESSAGES);
  stage_advance (raw->stage, 5000);
}

static void
resume_out_with (Program    *program,
                 const char *answer)
{
  TlsStage *stage = program->stage;
  Raw *raw = &stage->raw;
  g_autoptr(TlsPeer) first = acks_open_out (stage);
  g_autoptr(TlsPeer) peer = NULL;

  stage_send (raw->stage, raw->manager, ROMEO, "two");
  acks_break_off (first);
  while (!raw_is_dialled (raw))
    stage_advance (raw->stage, 1000);
  peer = acks_answer_dial (stage);
  connect_program (program);
  try_to_say (peer, "<stream:features><sm" SM_NS "/></stream:features>");
  try_to_say (peer, answer);
  try_to_say (peer, TWO_MESSAGES);
  stage_advance (raw->stage, 5000);
}

static void
play (Program *program,
      guint    story)
{
  g_autoptr(OddStore) store = odd_store_new (on_store, program);
  TlsStage stage;

  program->stage = &stage;
  program->n = 0;
  program->busy = TRUE;
  tls_stage_set_up (&stage, JULIET);
  xep174_session_manager_set_trust_store (stage.raw.manager, XEP174_TRUST_STORE (store));
  if (story < 2)
    resume_in (program, story == 1);
  else if (story == 2)
    resume_out_with (program, "<resumed" SM_NS " previd='i1' h='1'/>");
  else
    resume_out_with (program, "<failed" SM_NS "/>");
  program->busy = TRUE;
  if (stage.raw.manager != NULL)
    g_signal_handlers_disconnect_by_data (stage.raw.manager, program);
  for (guint i = 0; i < stage.raw.ends->len; i++)
    memory_stream_break (stage.raw.ends->pdata[i]);
  tls_stage_give_up (&stage);
  stage_advance (stage.raw.stage, 400000);
  tls_stage_give_up (&stage);
  g_assert_cmpint (xep174_clock_get_wait_ms (stage.raw.stage->clock), ==, -1);
  tls_stage_tear_down (&stage, JULIET);
}

static void
test_deeds (gconstpointer data)
{
  Program program = { .deed = GPOINTER_TO_UINT (data) };

  for (guint story = 0; story < 4; story++)
    {
      program.at = G_MAXUINT;
      play (&program, story);
      g_assert_cmpuint (program.n, >, 0);
      for (guint n = program.n, at = 0; at < n; at++)
        {
          g_test_message ("story %u, call back %u of %u", story, at, n);
          program.at = at;
          play (&program, story);
        }
    }
}

#define ADD(path, deed) \
  g_test_add_data_func ("/acks-deeds/" path, GUINT_TO_POINTER (DEED_##deed), test_deeds)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("A2-A3/drop", DROP);
  ADD ("A2-A3/stop", STOP);
  ADD ("A2-A3/close", CLOSE);
  ADD ("A2-A3/steal", STEAL);
  ADD ("A2-A3/loop", LOOP);
  ADD ("A2-A3/wait", WAIT);
  ADD ("A2-A3/send", SEND);
  return g_test_run ();
}
