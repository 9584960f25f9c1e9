/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T3, T9, S7: a whole encrypted conversation of two managers, cut in every way: the pieces do not matter, and
 * where it ends in the middle everything has come once, or is reported. */

#include "stage.h"

#include <string.h>

#define ROMEO "romeo@montague"
#define JULIET "juliet@capulet"
#define N_SAID 4
#define N_LONG 12
/* So deep a handler runs a main loop inside that of another one. */
#define NESTED_MAX 3

typedef struct
{
  Stage *stage;
  Xep174SessionManager *romeo;
  Xep174SessionManager *juliet;
  MemoryStream *ends[2]; /* of the first connection */
  GPtrArray *wires;
  guint nested;
} Pair;

static Xep174SessionManager *
manager_new (Stage      *stage,
             const char *name,
             gboolean    encrypts)
{
  g_autoptr(Xep174Identity) identity = encrypts ? xep174_identity_generate (NULL) : NULL;
  Xep174SessionManager *manager = stage_manager_new (stage, name);

  if (encrypts)
    xep174_session_manager_set_identity (manager, identity);
  return manager;
}

static void
set_up (Pair     *pair,
        gboolean  encrypts)
{
  *pair = (Pair) { stage_new () };
  pair->wires = g_ptr_array_new_with_free_func (g_object_unref);
  pair->romeo = manager_new (pair->stage, ROMEO, encrypts);
  pair->juliet = manager_new (pair->stage, JULIET, encrypts);
}

static void
tear_down (Pair *pair)
{
  g_assert_finalize_object (pair->romeo);
  g_assert_finalize_object (pair->juliet);
  g_ptr_array_unref (pair->wires);
  stage_free (pair->stage);
}

/* The first connection waits for deliveries; later ones flow. */
static void
connect_all (Pair *pair)
{
  StageDial *dial;

  stage_settle (pair->stage);
  while ((dial = stage_next_dial (pair->stage)) != NULL)
    {
      Xep174SessionManager *to = strcmp (dial->to, ROMEO) == 0 ? pair->romeo : pair->juliet;
      gboolean first = pair->ends[0] == NULL;
      MemoryStream *callee = stage_accept (pair->stage, dial);
      MemoryStream *caller = memory_stream_dup_other (callee);

      g_ptr_array_add (pair->wires, callee);
      g_ptr_array_add (pair->wires, caller);
      if (first)
        {
          pair->ends[0] = caller;
          pair->ends[1] = callee;
        }
      memory_stream_set_flowing (callee, !first);
      memory_stream_set_flowing (caller, !first);
      xep174_session_manager_add_connection (to, G_IO_STREAM (callee), XEP174_SESSION_ROLE_RECIPIENT,
                                             NULL, NULL);
      stage_settle (pair->stage);
    }
}

static void
say_all (Pair *pair)
{
  for (guint i = 0; i < N_SAID; i++)
    {
      g_autofree char *ours = g_strdup_printf ("r%u", i);
      g_autofree char *theirs = g_strdup_printf ("j%u", i);

      stage_send (pair->stage, pair->romeo, JULIET, ours);
      /* One side begins: crossing is S5's matter. */
      if (i > 0)
        stage_send (pair->stage, pair->juliet, ROMEO, theirs);
      connect_all (pair);
    }
}

/* Of what is in flight so much, and no more than @left in all; FALSE when nothing is, or none is left. */
static gboolean
deliver (Pair  *pair,
         gsize  most,
         gsize *left)
{
  gboolean moved = FALSE;

  for (guint i = 0; i < 2; i++)
    {
      gsize octets = MIN (memory_stream_get_in_flight (pair->ends[i]), most);

      octets = MIN (octets, *left);
      memory_stream_deliver (pair->ends[i], octets);
      *left -= octets;
      moved |= octets > 0;
      stage_settle (pair->stage);
    }
  return moved && *left > 0;
}

static guint
count (const char *log,
       const char *line)
{
  guint n = 0;

  for (const char *at = log; (at = strstr (at, line)) != NULL; at++)
    n++;
  return n;
}

/* In order, none twice; and where one has not come, whoever said it was told. */
static void
check (const char *log,
       char        who,
       guint       first,
       gboolean    all)
{
  const char *last = log;

  for (guint i = first; i < N_SAID; i++)
    {
      g_autofree char *got = g_strdup_printf ("got %c%u\n", who, i);
      g_autofree char *lost = g_strdup_printf ("unconfirmed %c%u\n", who, i);
      g_autofree char *failed = g_strdup_printf ("not sent %c%u", who, i);
      const char *at = strstr (log, got);

      g_assert_cmpuint (count (log, got), <=, 1);
      g_assert_true (at != NULL || (!all && (strstr (log, lost) != NULL || strstr (log, failed) != NULL)));
      g_assert_true (!all || strstr (log, lost) == NULL);
      g_assert_true (at == NULL || at >= last);
      last = at != NULL ? at : last;
    }
}

static gsize
run_whole (gsize most)
{
  Pair pair;
  gsize left = G_MAXSIZE;
  g_autofree char *log = NULL;

  set_up (&pair, TRUE);
  say_all (&pair);
  while (deliver (&pair, most > 0 ? most : (gsize) g_test_rand_int_range (1, 100), &left))
    ;
  log = stage_take_log (pair.stage);
  check (log, 'r', 0, TRUE);
  check (log, 'j', 1, TRUE);
  stage_close (pair.stage, pair.romeo, JULIET);
  stage_settle (pair.stage);
  while (deliver (&pair, G_MAXSIZE, &left))
    ;
  stage_advance (pair.stage, 10000);
  g_free (log);
  log = stage_take_log (pair.stage);
  g_assert_null (strstr (log, "unconfirmed"));
  g_assert_nonnull (strstr (log, "closed romeo@montague\n"));
  g_assert_nonnull (strstr (log, "closed juliet@capulet\n"));
  tear_down (&pair);
  return G_MAXSIZE - left;
}

/* Octet by octet, and in pieces of any size. */
static void
test_pieces (void)
{
  gsize length = run_whole (G_MAXSIZE);

  g_test_message ("%zu octets", length);
  run_whole (1);
  for (guint i = 0; i < 20; i++)
    run_whole (0);
}

static MemoryFault
any_fault (gpointer data)
{
  GRand *die = data;

  switch (g_rand_int_range (die, 0, 4))
    {
    case 0:
      return MEMORY_FAULT_AGAIN;
    case 1:
      return MEMORY_FAULT_SHORT;
    default:
      return MEMORY_FAULT_NONE;
    }
}

/* A socket that takes little, and less than it is given. */
static void
test_faults (void)
{
  for (guint i = 0; i < 30; i++)
    {
      g_autoptr(GRand) die = g_rand_new_with_seed (g_test_rand_int ());
      Pair pair;
      gsize left = G_MAXSIZE;
      g_autofree char *log = NULL;

      set_up (&pair, TRUE);
      stage_send (pair.stage, pair.romeo, JULIET, "r0");
      connect_all (&pair);
      for (guint e = 0; e < 2; e++)
        {
          memory_stream_set_room (pair.ends[e], g_rand_int_range (die, 1, 200));
          memory_stream_set_fault (pair.ends[e], any_fault, die);
        }
      say_all (&pair);
      for (guint idle = 0; idle < 50;)
        {
          idle = deliver (&pair, g_rand_int_range (die, 1, 300), &left) ? 0 : idle + 1;
          for (guint e = 0; e < 2; e++)
            memory_stream_set_room (pair.ends[e], g_rand_int_range (die, 1, 200));
          stage_settle (pair.stage);
        }
      log = stage_take_log (pair.stage);
      for (guint m = 1; m < N_SAID; m++)
        {
          g_autofree char *ours = g_strdup_printf ("got r%u\n", m);
          g_autofree char *theirs = g_strdup_printf ("got j%u\n", m);

          g_assert_cmpuint (count (log, ours), ==, 1);
          g_assert_cmpuint (count (log, theirs), ==, 1);
        }
      for (guint e = 0; e < 2; e++)
        memory_stream_set_fault (pair.ends[e], NULL, NULL);
      memory_stream_break (pair.ends[0]);
      stage_settle (pair.stage);
      tear_down (&pair);
    }
}

/* T9, S7: it ends after so many octets, by a reset or by a FIN that somebody on the way has made. */
static void
run_cut (gsize    after,
         gboolean fin)
{
  Pair pair;
  gsize left = after;
  g_autofree char *log = NULL;

  set_up (&pair, TRUE);
  say_all (&pair);
  while (deliver (&pair, 1 + after % 97, &left))
    ;
  if (fin)
    for (guint i = 0; i < 2; i++)
      memory_stream_cut_off (pair.ends[i]);
  else
    memory_stream_break (pair.ends[0]);
  for (guint i = 0; i < 100; i++)
    {
      connect_all (&pair);
      stage_advance (pair.stage, 1000);
    }
  log = stage_take_log (pair.stage);
  g_test_message ("cut after %zu: %s", after, log);
  check (log, 'r', 0, FALSE);
  check (log, 'j', 1, FALSE);
  tear_down (&pair);
}

static void
test_cut (gconstpointer data)
{
  gsize length = run_whole (G_MAXSIZE);
  gsize step = g_test_slow () ? 1 : 37;

  for (gsize after = g_test_rand_int_range (0, step + 1); after < length; after += step)
    run_cut (after, GPOINTER_TO_INT (data));
}

static char *
long_text_new (void)
{
  static const char *const parts[] = { "plain text ", "a < b && c", "\xc3\xa9\xe2\x82\xac", "\n", "]]>" };
  gsize length = g_test_rand_int_range (1, 1 << g_test_rand_int_range (1, 17));
  guint n = g_test_rand_int_range (1, G_N_ELEMENTS (parts) + 1);
  GString *text = g_string_new (NULL);

  while (text->len < length)
    g_string_append (text, parts[g_test_rand_int_range (0, n)]);
  return g_string_free (text, FALSE);
}

static gboolean
on_stanza_go_on (Xep174Session *session,
                 Xep174Element *stanza,
                 Pair          *pair)
{
  gsize left = G_MAXSIZE;

  if (pair->nested >= NESTED_MAX || g_test_rand_int_range (0, 3) > 0)
    return FALSE;

  pair->nested++;
  deliver (pair, g_test_rand_int_range (1, 1 << 17), &left);
  pair->nested--;
  return FALSE;
}

/* Who has said it, and what. */
typedef struct
{
  GPtrArray *said;
  guint heard;
} Words;

static gboolean
on_stanza_compare (Xep174Session *session,
                   Xep174Element *stanza,
                   Words         *words)
{
  g_autofree char *text = NULL;

  if (!xep174_element_matches (stanza, "message", "jabber:client"))
    return FALSE;

  text = xep174_element_dup_text (xep174_element_find_child (stanza, "body", "jabber:client"));
  g_assert_cmpuint (words->heard, <, words->said->len);
  g_assert_true (g_str_equal (text, words->said->pdata[words->heard]));
  words->heard++;
  return FALSE;
}

static Xep174Session *
listen (Pair                 *pair,
        Xep174SessionManager *at,
        const char           *to,
        Words                *words)
{
  Xep174Session *session = xep174_session_manager_ensure_session (at, to, NULL);

  g_signal_connect (session, "stanza-received", G_CALLBACK (on_stanza_compare), words);
  g_signal_connect (session, "stanza-received", G_CALLBACK (on_stanza_go_on), pair);
  return session;
}

static void
say_long (Pair                 *pair,
          Xep174SessionManager *from,
          const char           *to,
          Words                *words)
{
  char *text = long_text_new ();

  g_ptr_array_add (words->said, text);
  stage_send (pair->stage, from, to, text);
  connect_all (pair);
}

static void
run_long (gboolean encrypts)
{
  g_autoptr(GPtrArray) ours = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) theirs = g_ptr_array_new_with_free_func (g_free);
  Words words[2] = { { ours }, { theirs } };
  Xep174Session *sessions[2];
  gsize left = G_MAXSIZE;
  Pair pair;

  set_up (&pair, encrypts);
  sessions[0] = listen (&pair, pair.juliet, ROMEO, &words[0]);
  sessions[1] = listen (&pair, pair.romeo, JULIET, &words[1]);
  say_long (&pair, pair.romeo, JULIET, &words[0]);
  while (deliver (&pair, G_MAXSIZE, &left))
    ;
  for (guint i = 0; i < N_LONG; i++)
    {
      say_long (&pair, pair.romeo, JULIET, &words[0]);
      say_long (&pair, pair.juliet, ROMEO, &words[1]);
      deliver (&pair, g_test_rand_int_range (1, 1 << g_test_rand_int_range (1, 18)), &left);
    }
  while (deliver (&pair, g_test_rand_int_range (1, 1 << g_test_rand_int_range (4, 18)), &left))
    ;
  memory_stream_break (pair.ends[0]);
  stage_settle (pair.stage);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (words[i].heard, ==, words[i].said->len);
      g_object_unref (sessions[i]);
    }
  tear_down (&pair);
}

/* What is long is read where it lies, also while the main loop of a handler reads on: nothing is lost,
 * doubled or another's. */
static void
test_long (gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    run_long (GPOINTER_TO_INT (data));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encryption-cuts/pieces", test_pieces);
  g_test_add_func ("/encryption-cuts/faults", test_faults);
  g_test_add_data_func ("/encryption-cuts/long/in-the-clear", GINT_TO_POINTER (FALSE), test_long);
  g_test_add_data_func ("/encryption-cuts/long/encrypted", GINT_TO_POINTER (TRUE), test_long);
  g_test_add_data_func ("/encryption-cuts/T9/reset", GINT_TO_POINTER (FALSE), test_cut);
  g_test_add_data_func ("/encryption-cuts/T9/fin", GINT_TO_POINTER (TRUE), test_cut);
  return g_test_run ();
}
