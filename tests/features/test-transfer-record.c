/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What happens while a record of a transfer is written, which a slow disk may take long for. */

#include "transfer-sides.h"

#include <unistd.h>

#include "on-disk.h"

#define SIZE 70000

/* --- A slow disk ----------------------------------------------------------------------------- */

static struct
{
  GMutex mutex;
  GCond cond;
  const char *folder; /* what is written in it takes its time, */
  guint n_through;    /* but for so many files */
  gboolean waits;     /* something does */
} disk;

static gboolean
is_slow (const char *path)
{
  return path != NULL && disk.folder != NULL && g_str_has_prefix (path, disk.folder)
         && strchr (path + strlen (disk.folder), '/') != NULL;
}

int
fsync (int fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *path = g_file_read_link (link, NULL);

  g_mutex_lock (&disk.mutex);
  while (is_slow (path) && disk.n_through == 0)
    {
      disk.waits = TRUE;
      g_cond_wait (&disk.cond, &disk.mutex);
    }
  disk.waits = FALSE;
  disk.n_through -= disk.n_through > 0 && is_slow (path);
  g_mutex_unlock (&disk.mutex);

  return 0;
}

static void
set_slow (const char *folder)
{
  g_mutex_lock (&disk.mutex);
  disk.folder = folder;
  g_cond_broadcast (&disk.cond);
  g_mutex_unlock (&disk.mutex);
}

static void
let_one_through (void)
{
  g_mutex_lock (&disk.mutex);
  disk.n_through = 1;
  g_cond_broadcast (&disk.cond);
  g_mutex_unlock (&disk.mutex);
}

static gboolean
is_written (void)
{
  gboolean waits;

  g_mutex_lock (&disk.mutex);
  waits = disk.waits;
  g_mutex_unlock (&disk.mutex);

  return waits;
}

/* --- Conversations --------------------------------------------------------------------------- */

static gboolean
is_open (Side       *side,
         const char *with)
{
  Xep174Session *session = xep174_session_manager_find_session (side->manager, with);

  return session != NULL && xep174_session_get_state (session) == XEP174_SESSION_STATE_OPEN;
}

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           GError               *error,
           guint                *n_closed)
{
  ++*n_closed;
}

static void
lose_link (Sides *sides)
{
  Xep174Session *session = xep174_session_manager_find_session (sides->romeo.manager, JULIET);
  guint n_closed = 0;

  g_signal_connect (sides->romeo.manager, "session-closed", G_CALLBACK (on_closed), &n_closed);
  g_signal_connect (sides->juliet.manager, "session-closed", G_CALLBACK (on_closed), &n_closed);
  xep174_session_close_async (session, NULL, NULL, NULL);
  wait_until (n_closed == 2);
  g_signal_handlers_disconnect_by_data (sides->romeo.manager, &n_closed);
  g_signal_handlers_disconnect_by_data (sides->juliet.manager, &n_closed);
}

static void
mend_link (Sides *sides)
{
  wait_until (is_open (&sides->romeo, JULIET) && is_open (&sides->juliet, ROMEO));
}

/* --- When a record is written ---------------------------------------------------------------- */

static Side *
other (Sides *sides,
       Side  *side)
{
  return side == &sides->romeo ? &sides->juliet : &sides->romeo;
}

static gboolean
is_in (Side                *side,
       Xep174TransferPhase  phase)
{
  return side_last (side) != NULL && side_last (side)->fsm.state == phase;
}

static void
await_record (Side                *side,
              Xep174TransferPhase  phase)
{
  wait_until (is_in (side, phase) && side_last (side)->keeping && is_written ());
}

static void
begin (Sides *sides)
{
  g_autoptr(GFile) file = g_file_new_for_path (sides->path);

  g_free (sides_make_file (sides, SIZE));
  xep174_files_send_async (sides->romeo.files, JULIET, file, NULL, NULL, NULL);
}

static void
accept (Sides *sides)
{
  g_autoptr(GFile) folder = g_file_new_for_path (sides->keep);

  xep174_transfer_accept_async (side_last (&sides->juliet), folder, NULL, NULL, NULL);
}

static void
begin_and_await_offer (Sides *sides)
{
  sides->accepts_nothing = TRUE;
  begin (sides);
  wait_until (sides->n_offered == 1 && side_last (&sides->romeo)->recorded);
}

static Side *
when_offering (Sides *sides)
{
  set_slow (sides->romeo.records);
  begin (sides);
  await_record (&sides->romeo, XEP174_TRANSFER_OFFERED);

  return &sides->romeo;
}

static Side *
when_offering_again (Sides *sides)
{
  begin_and_await_offer (sides);
  lose_link (sides);
  set_slow (sides->romeo.records);
  accept (sides);
  await_record (&sides->romeo, XEP174_TRANSFER_OFFERED);

  return &sides->romeo;
}

static Side *
when_accepting (Sides *sides)
{
  begin_and_await_offer (sides);
  set_slow (sides->juliet.records);
  let_one_through (); /* What is written before the part is made. */
  accept (sides);
  await_record (&sides->juliet, XEP174_TRANSFER_CONNECTING);

  return &sides->juliet;
}

static Side *
when_accepted (Sides *sides)
{
  begin_and_await_offer (sides);
  set_slow (sides->romeo.records);
  accept (sides);
  await_record (&sides->romeo, XEP174_TRANSFER_CONNECTING);

  return &sides->romeo;
}

static Side *
when_going_on (Sides *sides)
{
  when_accepted (sides);
  lose_link (sides);
  let_one_through ();
  await_record (&sides->romeo, XEP174_TRANSFER_REOFFERED);

  return &sides->romeo;
}

static const struct { const char *name; Side *(*await) (Sides *sides); } moments[] = {
  { "offering", when_offering },
  { "offering-again", when_offering_again },
  { "accepting", when_accepting },
  { "accepted", when_accepted },
  { "going-on", when_going_on },
};

/* --- What happens then ----------------------------------------------------------------------- */

static void
expect (Sides      *sides,
        guint       state)
{
  wait_until (side_last (&sides->romeo) != NULL && xep174_transfer_has_ended (side_last (&sides->romeo)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, state);
  if (side_last (&sides->juliet) != NULL)
    {
      wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
      g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, state);
    }
  g_assert_cmpuint (sides->n_offered, <=, 1);
  wait_until (sides_count (sides) == (state == STATE (DONE)));
  wait_until (state == STATE (DONE) || (count (sides->romeo.records) == 0
                                        && count (sides->juliet.records) == 0));
}

static void
link_lost (Sides *sides,
           Side  *side)
{
  lose_link (sides);
  set_slow (NULL);
  expect (sides, STATE (DONE));
}

/* Nobody is called under no name; the program may have to wait for another one. */
static void
name_lost (Sides *sides,
           Side  *side)
{
  xep174_session_manager_set_local_name (side->manager, NULL);
  lose_link (sides);
  set_slow (NULL);
  wait_until (side_last (side) != NULL && !side_last (side)->keeping
              && xep174_transfer_get_state (side_last (side)) == STATE (WAITING));
  xep174_session_manager_set_local_name (side->manager, side->name);
  expect (sides, STATE (DONE));
}

static void
link_back (Sides *sides,
           Side  *side)
{
  lose_link (sides);
  mend_link (sides);
  set_slow (NULL);
  expect (sides, STATE (DONE));
}

/* A person does not wait for a disk. */
static void
cancelled (Sides *sides,
           Side  *side)
{
  xep174_transfer_cancel (side_last (side));
  g_assert_cmpint (xep174_transfer_get_state (side_last (side)), ==, STATE (CANCELLED));
  set_slow (NULL);
  expect (sides, STATE (CANCELLED));
}

static void
cancelled_without_link (Sides *sides,
                        Side  *side)
{
  lose_link (sides);
  cancelled (sides, side);
}

static void
cancelled_there (Sides *sides,
                 Side  *side)
{
  if (side_last (other (sides, side)) != NULL)
    xep174_transfer_cancel (side_last (other (sides, side)));
  else
    sides->declines = TRUE;
  wait_until (side_last (side)->news.length > 0 || side_last (other (sides, side)) == NULL);
  set_slow (NULL);
  expect (sides, sides->declines ? STATE (DECLINED) : STATE (CANCELLED));
}

static const struct { const char *name; void (*happen) (Sides *sides, Side *side); } events[] = {
  { "link-lost", link_lost },
  { "name-lost", name_lost },
  { "link-back", link_back },
  { "cancelled", cancelled },
  { "cancelled-without-link", cancelled_without_link },
  { "cancelled-there", cancelled_there },
};

static void
set_up (Sides         *sides,
        gconstpointer  data)
{
  sides_set_up (sides, NULL);
}

static void
tear_down (Sides         *sides,
           gconstpointer  data)
{
  set_slow (NULL);
  sides_tear_down (sides, NULL);
}

static void
test_meanwhile (Sides         *sides,
                gconstpointer  data)
{
  guint row = GPOINTER_TO_UINT (data);
  Side *side = moments[row / G_N_ELEMENTS (events)].await (sides);

  sides->accepts_nothing = FALSE;
  events[row % G_N_ELEMENTS (events)].happen (sides, side);
}

/* --- Whose call it is ------------------------------------------------------------------------ */

static gboolean has_ended;

static void
on_called_back (GObject      *files,
                GAsyncResult *result,
                gpointer      data)
{
  Sides *sides = data;
  g_autoptr(GError) error = NULL;
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) transfer
    = xep174_files_send_finish (XEP174_FILES (files), result, &error);
  g_autofree char *phase = side_dup_phase (&sides->romeo);

  g_assert_no_error (error);
  g_assert_cmpstr (phase, ==, "OFFERED");
  has_ended = TRUE;
}

/* What is told to be offered goes on after a restart. */
static void
test_offered (Sides         *sides,
              gconstpointer  data)
{
  g_autoptr(GFile) file = g_file_new_for_path (sides->path);

  g_free (sides_make_file (sides, SIZE));
  set_slow (sides->romeo.records);
  xep174_files_send_async (sides->romeo.files, JULIET, file, NULL, on_called_back, sides);
  await_record (&sides->romeo, XEP174_TRANSFER_OFFERED);
  g_assert_false (has_ended);
  set_slow (NULL);
  wait_until (has_ended);
  side_kill (&sides->romeo);
  side_start (sides, &sides->romeo);
  expect (sides, STATE (DONE));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/transfer-record/offered", Sides, NULL, set_up, test_offered, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (moments) * G_N_ELEMENTS (events); i++)
    {
      const char *moment = moments[i / G_N_ELEMENTS (events)].name;
      const char *event = events[i % G_N_ELEMENTS (events)].name;
      g_autofree char *path = g_strdup_printf ("/transfer-record/%s/%s", moment, event);

      g_test_add (path, Sides, GUINT_TO_POINTER (i), set_up, test_meanwhile, tear_down);
    }

  return g_test_run ();
}
