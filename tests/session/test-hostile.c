/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Peers that mean no good, and programs whose handlers do the worst that they may. */

#include "raw-peer.h"

#include "xep174-session-private.h"

/* --- Peers ------------------------------------------------------------------------------- */

/* X6, X13: who is refused is told so once, and may answer the closing tag. */
static void
test_refused_claim (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES " from='JULIET@capulet' version='1.0'>");
  raw_hear_refusal (raw, end, "JULIET@capulet", "invalid-from");
  g_assert_true (memory_stream_has_ended (end));
  raw_say (raw, end, FOOTER);
}

/* X8: who is refused, says goodbye and stays keeps no more than some descriptors from others. */
static void
test_lingering (Raw           *raw,
                gconstpointer  data)
{
  for (guint i = 0; i < 400; i++)
    raw_say (raw, raw_come_in (raw), "<stream:stream " NS_ATTRIBUTES
             " from='juliet@capulet' version='1.0'>" FOOTER);
  g_assert_cmpuint (raw->manager->around.network->lingering.length, <=, 256);
  stage_advance (raw->stage, 10000);
  g_assert_cmpuint (raw->manager->around.network->lingering.length, ==, 0);
}

/* D16, X3: a slash in the user part of a name does not begin a resource. */
static void
test_slash (Raw           *raw,
            gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES " from='n/a@verona/home' version='1.0'>");
  raw_say (raw, end, "<message from='n/a@verona'><body>one</body></message>");
  raw_say (raw, end, "<message from='n/a@verona/home'><body>two</body></message>");
  raw_log (raw, "opened n/a@verona recipient\ngot one\ngot two\n");
}

/* S7: an answer to nothing is no sign of receipt, and the program's to see. */
static void
test_result_without_id (Raw           *raw,
                        gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  raw_log (raw, "sent one\n");
  raw_say (raw, end, "<iq type='result'/>");
  raw_log (raw, "got <iq xmlns='jabber:client' type='result' from='romeo@montague' to='juliet@capulet'/>\n");
  memory_stream_break (end);
  raw_log (raw, "unconfirmed one\nclosed romeo@montague: Connection reset\n");
}

/* X8: who asks and does not read is not read any more, and forgotten as easily. */
static void
test_questions_unheard (Raw           *raw,
                        gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "<iq type='get' id='%u'><ping xmlns='urn:xmpp:ping'/></iq>", i);

  memory_stream_set_room (ours, 1000);
  for (guint i = 0; i < 10; i++)
    raw_say (raw, end, text->str);
  g_assert_cmpuint (session->queue.length, <, 100);

  /* Reading makes up for it: nothing was dropped. */
  memory_stream_set_room (ours, G_MAXUINT);
  raw_say (raw, end, "<iq type='get' id='last'><ping xmlns='urn:xmpp:ping'/></iq>");
  g_string_truncate (text, 0);
  memory_stream_copy_written (ours, text);
  g_assert_nonnull (strstr (text->str, "id='4999'"));
  g_assert_nonnull (strstr (text->str, "id='last'"));
}

/* --- Programs ---------------------------------------------------------------------------- */

typedef enum
{
  DEED_DROP,
  DEED_STOP,
  DEED_CLOSE,
  DEED_SEND,
  DEED_CANCEL,
  DEED_NEST,
  DEED_RENAME,
  DEED_REOPEN,
  DEED_STEAL,
  N_DEEDS,
  DEED_ANY = N_DEEDS,
} Deed;

typedef struct
{
  Raw *raw;
  Deed deed;
  /* The call back in which it is done. */
  guint at;
  guint n;
  GCancellable *cancellable;
  MemoryStream *end;
  /* What is done in each call back, where it is not one deed in one of them. */
  GRand *die;
  guint depth;
} Program;

static void call_back (Program *program);

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  call_back (data);
}

static void
send_one (Program *program)
{
  g_autoptr(Xep174Session) session = NULL;

  if (program->raw->manager == NULL)
    return;

  session = xep174_session_manager_ensure_session (program->raw->manager, program->raw->peer, NULL);
  if (session != NULL)
    xep174_session_send_xml_async (session,
                                   "<message xmlns='jabber:client'><body>one</body></message>",
                                   program->cancellable, on_done, program);
}

static void
close_one (Program *program)
{
  g_autoptr(Xep174Session) session = NULL;

  if (program->raw->manager == NULL)
    return;

  session = xep174_session_manager_ensure_session (program->raw->manager, program->raw->peer, NULL);
  if (session != NULL)
    xep174_session_close_async (session, program->cancellable, on_done, program);
}

/* Closes and opens again at once. */
static void
reopen (Program *program)
{
  g_autoptr(Xep174Session) session = NULL;

  close_one (program);
  if (program->raw->manager == NULL)
    return;

  session = xep174_session_manager_ensure_session (program->raw->manager, program->raw->peer, NULL);
  if (session != NULL)
    xep174_session_open_async (session, program->cancellable, on_done, program);
}

/* Takes the connection out of the session and closes it, if there is one to be had. */
static void
steal (Program *program)
{
  Xep174Session *session = NULL;
  g_autoptr(GIOStream) stream = NULL;

  session = xep174_session_manager_find_session (program->raw->manager, program->raw->peer);
  if (session != NULL)
    stream = xep174_session_steal_stream (session, NULL);
}

static void
do_deed (Program *program)
{
  Raw *raw = program->raw;

  switch (program->deed)
    {
    case DEED_DROP:
      g_clear_object (&raw->manager);
      break;
    case DEED_STOP:
      xep174_session_manager_stop_async (raw->manager, NULL, on_done, program);
      break;
    case DEED_CLOSE:
      close_one (program);
      break;
    case DEED_SEND:
      send_one (program);
      send_one (program);
      break;
    case DEED_CANCEL:
      g_cancellable_cancel (program->cancellable);
      break;
    case DEED_NEST:
      if (program->end != NULL)
        memory_stream_say (program->end, "<message/></stream:stream>");
      stage_advance (raw->stage, 400000);
      g_clear_object (&raw->manager);
      stage_advance (raw->stage, 400000);
      break;
    case DEED_RENAME:
      xep174_session_manager_set_local_name (raw->manager, NULL);
      break;
    case DEED_REOPEN:
      reopen (program);
      break;
    case DEED_STEAL:
      steal (program);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Now and then, and some levels deep, anything; the end is rare. */
static void
do_any (Program *program)
{
  Raw *raw = program->raw;
  static const char *const names[] = { "juliet@capulet", "juliet-1@capulet", "romeo@montague", NULL };
  static const guint intervals[] = { 0, 1000, 300000 };
  guint deed = g_rand_int_range (program->die, 0, 60);

  program->depth++;
  program->deed = deed % N_DEEDS;
  if (deed == 0)
    g_clear_object (&raw->manager);
  else if (deed == 1)
    stage_settle (raw->stage);
  else if (deed == 2)
    stage_advance (raw->stage, g_rand_int_range (program->die, 0, 20000));
  else if (deed == 3)
    xep174_session_manager_probe (raw->manager);
  else if (deed == 4)
    g_object_set (raw->manager, "idle-interval",
                  intervals[g_rand_int_range (program->die, 0, G_N_ELEMENTS (intervals))], NULL);
  else if (deed == 5)
    {
      g_object_unref (program->cancellable);
      program->cancellable = g_cancellable_new ();
    }
  else if (deed == 6)
    xep174_session_manager_set_local_name (
      raw->manager, names[g_rand_int_range (program->die, 0, G_N_ELEMENTS (names))]);
  else if (deed < 30 && program->deed != DEED_DROP && program->deed != DEED_NEST
           && program->deed != DEED_RENAME)
    do_deed (program);
  program->depth--;
}

static void
call_back (Program *program)
{
  if (program->die != NULL)
    {
      program->n++;
      if (program->at != G_MAXUINT && program->depth < 4 && program->n < 2000
          && program->raw->manager != NULL)
        do_any (program);
      return;
    }
  if (program->n++ == program->at && program->raw->manager != NULL)
    do_deed (program);
}

static gboolean
on_stanza (Program *program)
{
  call_back (program);
  return FALSE;
}

static void
connect_program (Program *program)
{
  static const char *const names[] = {
    "session-opened", "session-failed", "session-closing", "session-closed", "stanza-unconfirmed",
    "trace", "notify",
  };
  Xep174SessionManager *manager = program->raw->manager;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_connect_swapped (manager, names[i], G_CALLBACK (call_back), program);
  g_signal_connect_swapped (manager, "stanza-received", G_CALLBACK (on_stanza), program);
  g_signal_connect_swapped (xep174_session_manager_get_sessions (manager), "items-changed",
                            G_CALLBACK (call_back), program);
}

/* FALSE once the program has had enough. */
static gboolean
say (Program      *program,
     MemoryStream *end,
     const char   *text)
{
  program->end = end;
  raw_say (program->raw, end, text);
  return program->raw->manager != NULL
         && xep174_session_manager_get_local_name (program->raw->manager) != NULL;
}

static gboolean
wait (Program *program,
      guint    ms)
{
  stage_advance (program->raw->stage, ms);
  return program->raw->manager != NULL
         && xep174_session_manager_get_local_name (program->raw->manager) != NULL;
}

static MemoryStream *
take_dial (Program *program)
{
  Raw *raw = program->raw;
  MemoryStream *end = NULL;

  if (stage_next_dial (raw->stage) != NULL)
    {
      end = stage_accept (raw->stage, stage_next_dial (raw->stage));
      g_ptr_array_add (raw->ends, end);
    }
  wait (program, 0);
  return end;
}

#define HEADER "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' version='1.0'>"

/* The contact opens a stream, reads late, opens another one, and we close. */
static gboolean
play_recipient (Program *program)
{
  Raw *raw = program->raw;
  MemoryStream *end = raw_come_in (raw);
  g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
  MemoryStream *second;

  if (!say (program, end, HEADER) || !say (program, end, "<message><body>hail</body></message>"))
    return FALSE;

  memory_stream_set_room (ours, 20);
  send_one (program);
  send_one (program);
  memory_stream_set_room (ours, G_MAXUINT);
  if (!wait (program, 0))
    return FALSE;

  second = raw_come_in (raw);
  if (!say (program, second, HEADER)
      || !say (program, end, "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>")
      || !say (program, second, "<message/>" FOOTER))
    return FALSE;

  close_one (program);
  return say (program, end, "<message/>" FOOTER) && wait (program, 10000);
}

/* We open a stream, and the contact breaks it. */
static gboolean
play_initiator (Program *program)
{
  MemoryStream *end;

  send_one (program);
  if (!wait (program, 0) || (end = take_dial (program)) == NULL)
    return FALSE;
  if (!say (program, end, HEADER "<stream:features/>"))
    return FALSE;

  send_one (program);
  memory_stream_break (end);
  return wait (program, 20000);
}

/* Nobody answers; then we go offline while somebody comes with nonsense. */
static gboolean
play_end (Program *program)
{
  Raw *raw = program->raw;
  MemoryStream *end;

  send_one (program);
  for (guint i = 0; i < 8; i++)
    {
      if (stage_next_dial (raw->stage) != NULL)
        stage_refuse (raw->stage, stage_next_dial (raw->stage));
      if (!wait (program, 40000))
        return FALSE;
    }

  end = raw_come_in (raw);
  if (!say (program, end, "<?nonsense?>"))
    return FALSE;
  end = raw_come_in (raw);
  if (!say (program, end, HEADER "<message/>"))
    return FALSE;

  xep174_session_manager_stop_async (raw->manager, NULL, on_done, program);
  return say (program, end, FOOTER) && wait (program, 20000);
}

static guint
play (Deed   deed,
      guint  at,
      GRand *die)
{
  Raw raw;
  Program program = { .raw = &raw, .deed = deed, .at = at, .die = die };

  raw_set_up (&raw, "juliet@capulet");
  program.cancellable = g_cancellable_new ();
  connect_program (&program);
  if (play_recipient (&program) && play_initiator (&program))
    play_end (&program);
  wait (&program, 600000);

  if (die != NULL)
    program.at = G_MAXUINT;
  /* What was begun may be in flight still. */
  while (raw.manager != NULL && stage_next_dial (raw.stage) != NULL)
    {
      stage_refuse (raw.stage, stage_next_dial (raw.stage));
      wait (&program, 600000);
    }
  wait (&program, 600000);
  /* What is dropped below is not the program's any more. */
  program.at = G_MAXUINT;
  raw_tear_down (&raw, NULL);
  g_object_unref (program.cancellable);
  return program.n;
}

/* Each deed, in each of the call backs that there are. */
static void
test_handlers (gconstpointer data)
{
  Deed deed = GPOINTER_TO_UINT (data);
  guint n = play (deed, G_MAXUINT, NULL);

  g_assert_cmpuint (n, >, 20);
  for (guint at = 0; at < n; at++)
    play (deed, at, NULL);
  g_test_message ("done in each of %u call backs", n);
}

/* Any deed in any of them; a seed that fails is told. */
static void
test_any (void)
{
  const char *only = g_getenv ("XEP174_TEST_SEED");
  guint wanted = g_test_slow () ? 3000000 : 120000;
  guint n = 0;

  for (guint seed = only != NULL ? atoi (only) : 0; n < wanted; seed++)
    {
      GRand *die = g_rand_new_with_seed (seed);

      g_test_message ("seed %u", seed);
      n += play (DEED_ANY, 0, die);
      g_rand_free (die);
      if (only != NULL)
        return;
    }
  g_test_message ("%u call backs", n);
}

#define SMALLER "juliet@capulet"
#define ADD(path, test) g_test_add (path, Raw, SMALLER, raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  static const char *const deeds[N_DEEDS] = {
    "drop-manager", "stop", "close", "send", "cancel", "nest", "rename", "reopen",
    "steal",
  };

  g_test_init (&argc, &argv, NULL);
  ADD ("/hostile/X13/refused-claim", test_refused_claim);
  ADD ("/hostile/X3/slash-in-name", test_slash);
  ADD ("/hostile/X8/lingering", test_lingering);
  ADD ("/hostile/S7/result-without-id", test_result_without_id);
  ADD ("/hostile/X8/questions-unheard", test_questions_unheard);
  for (guint i = 0; i < N_DEEDS; i++)
    {
      g_autofree char *path = g_strconcat ("/hostile/handlers/", deeds[i], NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_handlers);
    }
  g_test_add_func ("/hostile/any-deed", test_any);
  return g_test_run ();
}
