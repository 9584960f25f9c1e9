/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The program stops using the feature at any moment, also in a handler: what is on its way rests from then
 * on, and the next one that uses the same folder finds it. */

#include "transfer-sides.h"

#include "xep174-session-manager-private.h"

#define SIZE (20 * 1024 * 1024)

static void
stop_using (Side *side)
{
  if (side->files->around != NULL)
    xep174_feature_host_remove_feature (XEP174_FEATURE_HOST (side->manager), XEP174_FEATURE (side->files));
}

static void
on_listed (GListModel *transfers,
           guint       position,
           guint       removed,
           guint       added,
           Side       *side)
{
  stop_using (side);
}

static gboolean has_run;

static void
on_run (Xep174Job *job)
{
  has_run = TRUE;
}

/* All that was to be done before is. */
static void
wait_for_jobs (Xep174Transfer *transfer)
{
  has_run = FALSE;
  xep174_jobs_add (transfer->jobs, xep174_job_new (transfer, NULL, on_run));
  wait_until (has_run);
}

/* --- In a handler ---------------------------------------------------------------------------- */

static void
test_restored (Sides         *sides,
               gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, 5);
  g_autoptr(Xep174Transfer) sent = NULL;

  sides->accepts_nothing = TRUE;
  sent = sides_send (sides);
  wait_until (sent->recorded);
  side_kill (&sides->romeo);
  side_start (sides, &sides->romeo);
  g_signal_connect (xep174_files_get_transfers (sides->romeo.files), "items-changed", G_CALLBACK (on_listed),
                    &sides->romeo);
  wait_until (sides->romeo.files->around == NULL);
  g_assert_false (sides->romeo.files->restoring);
}

/* Nobody else has the feature then. */
static void
on_listed_first (GListModel *transfers,
                 guint       position,
                 guint       removed,
                 guint       added,
                 Side       *side)
{
  stop_using (side);
  g_clear_object (&side->files);
}

static void
test_offered (Sides         *sides,
              gconstpointer  data)
{
  g_auto(Xep174FileInfo) info = { .name = g_strdup ("abc"), .size = 3 };
  Xep174TransferAround *around = xep174_transfer_around_ref (sides->juliet.files->around);
  g_autoptr(Xep174Transfer) come = xep174_transfer_new (around, ROMEO, "a", XEP174_TRANSFER_RECEIVER, &info);
  Xep174Files *files = sides->juliet.files;

  xep174_transfer_around_unref (around);
  wait_until (!files->restoring);
  g_object_add_weak_pointer (G_OBJECT (files), (gpointer *) &files);
  g_signal_handlers_disconnect_by_data (sides->juliet.files, sides);
  g_signal_connect (xep174_files_get_transfers (files), "items-changed", G_CALLBACK (on_listed_first),
                    &sides->juliet);
  come->loop = xep174_transfer_run;
  xep174_transfer_post (come, XEP174_TRANSFER_EVENT_OFFER_CAME, 0);
  g_assert_null (files);
  sides->juliet.files = xep174_files_new (NULL);
}

/* What was to be done for what was said before is not done any more. */
static void
test_accepted (Sides         *sides,
               gconstpointer  data)
{
  g_auto(Xep174FileInfo) info = { .name = g_strdup ("abc"), .size = 3 };
  g_autoptr(Xep174Transfer) come = xep174_transfer_new (sides->juliet.files->around, ROMEO, NULL,
                                                        XEP174_TRANSFER_OOB_RECEIVER, &info);

  come->oob = g_new0 (Xep174TransferOob, 1);
  come->loop = xep174_transfer_run;
  come->paused = TRUE;
  g_signal_handlers_disconnect_by_data (sides->juliet.files, sides);
  g_signal_connect (xep174_files_get_transfers (sides->juliet.files), "items-changed", G_CALLBACK (on_listed),
                    &sides->juliet);
  xep174_transfer_post (come, XEP174_TRANSFER_EVENT_OFFER_CAME, 0);
  xep174_transfer_post (come, XEP174_TRANSFER_EVENT_ACCEPT, 0);
  come->paused = FALSE;
  xep174_transfer_run (come);
  g_assert_null (sides->juliet.files->around);
  g_assert_cmpint (come->fsm.state, ==, XEP174_TRANSFER_ASKED);
}

static void
on_answered (GObject      *transfer,
             GAsyncResult *result,
             gpointer      error)
{
  g_assert_false (xep174_transfer_accept_finish (XEP174_TRANSFER (transfer), result, error));
}

/* The contact is not told any more: so it is not accepted, and nothing is left of it. */
static void
test_accepting (Sides         *sides,
                gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, 5);
  g_autoptr(Xep174Transfer) sent = NULL;
  g_autoptr(GFile) folder = g_file_new_for_path (sides->keep);
  g_autoptr(GError) error = NULL;

  sides->accepts_nothing = TRUE;
  sent = sides_send (sides);
  wait_until (side_last (&sides->juliet) != NULL);
  xep174_transfer_accept_async (side_last (&sides->juliet), folder, NULL, on_answered, &error);
  stop_using (&sides->juliet);
  wait_until (error != NULL);
  g_assert_error (error, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_INVALID_STATE);
  wait_for_jobs (side_last (&sides->juliet));
  g_assert_cmpuint (sides_count (sides), ==, 0);
  g_assert_null (side_dup_record (&sides->juliet));
}

/* --- While octets come ----------------------------------------------------------------------- */

/* Who keeps the transfer does not keep its record from the next one. */
static void
check_let_go (Sides          *sides,
              Xep174Transfer *come)
{
  Side *side = &sides->juliet;

  stop_using (side);
  wait_until (!come->paused);
  wait_for_jobs (come);
  g_assert_cmpint (come->lock, <, 0);
  g_clear_object (&side->files);
  side->files = xep174_files_new (side->records);
  g_assert_true (xep174_feature_host_add_feature (XEP174_FEATURE_HOST (side->manager),
                                                  XEP174_FEATURE (side->files), NULL));
  wait_until (!side->files->restoring);
  g_assert_false (side->files->missed);
  g_assert_nonnull (side_last (side));
  wait_until (!side_last (side)->paused);
}

/* There is a connection, and the file is about to be given to it. */
static void
test_moving_soon (Sides         *sides,
                  gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) sent = sides_send (sides);
  g_autoptr(Xep174Transfer) come = NULL;

  wait_until (side_last (&sides->juliet) != NULL);
  come = g_object_ref (side_last (&sides->juliet));
  wait_until (xep174_transfer_get_state (come) == STATE (MOVING));
  g_assert_null (come->pump);
  stop_using (&sides->juliet);
  wait_for_jobs (come);
  g_assert_cmpint (come->lock, <, 0);
  g_assert_null (come->pump);
  g_assert_cmpuint (xep174_file_sink_get_done (come->sink), ==, 0);
}

/* How much is over is noted behind the end of the connection. */
static void
test_resting (Sides         *sides,
             gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) sent = sides_send (sides);
  g_autoptr(Xep174Transfer) come = NULL;

  wait_until (side_get_done (&sides->juliet) > 0);
  come = g_object_ref (side_last (&sides->juliet));
  xep174_transfer_post (come, XEP174_TRANSFER_EVENT_PATH_LOST, 0);
  g_assert_true (come->paused);
  check_let_go (sides, come);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/transfer/handlers/" name, Sides, NULL, sides_set_up, function, sides_tear_down)
  ADD ("restored", test_restored);
  ADD ("offered", test_offered);
  ADD ("accepted", test_accepted);
  ADD ("accepting", test_accepting);
  ADD ("moving-soon", test_moving_soon);
  ADD ("resting", test_resting);
#undef ADD

  return g_test_run ();
}
