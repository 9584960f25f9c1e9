/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files to and from programs that know stream initiation (XEP-0096) and nothing else: juliet hides what
 * more she can do. */

#include <unistd.h>

#include "on-disk.h"
#include "transfer-sides.h"

#include "xep174-si-private.h"

static void
set_up (Sides         *sides,
        gconstpointer  data)
{
  static const char *const announces[] = { XEP174_NS_SI, XEP174_NS_SI_FILE, XEP174_NS_BYTESTREAMS, NULL };

  sides_set_up (sides, data);
  xep174_feature_set_announces (XEP174_FEATURE (sides->juliet.files), announces);
}

static void
arrive (Sides *sides,
        gsize  size)
{
  g_autofree char *octets = sides_make_file (sides, size);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);

  wait_until (xep174_transfer_has_ended (sent) && xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (sent->fsm.role, ==, XEP174_TRANSFER_SI_SENDER);
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (DONE));
  g_assert_null (xep174_transfer_get_sha256 (sent));
  sides_check (sides, octets, size);
  wait_until (count (sides->juliet.records) == 0);
}

static void
test_one_octet (Sides         *sides,
                gconstpointer  data)
{
  arrive (sides, 1);
}

static void
test_megabyte (Sides         *sides,
               gconstpointer  data)
{
  arrive (sides, 1024 * 1024 + 7);
}

static void
test_declined (Sides         *sides,
               gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, 5);
  g_autoptr(Xep174Transfer) sent = NULL;

  g_signal_handlers_block_matched (sides->juliet.files, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, sides);
  sent = sides_send (sides);
  wait_until (side_last (&sides->juliet) != NULL);
  xep174_transfer_decline (side_last (&sides->juliet));
  wait_until (xep174_transfer_has_ended (sent));
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DECLINED));
}

/* There is no word for it: the connection tells. */
static void
test_cancelled (Sides         *sides,
                gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, 20 * 1024 * 1024);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);

  wait_until (xep174_transfer_get_state (sent) == STATE (MOVING));
  xep174_transfer_cancel (sent);
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (FAILED));
  wait_until (sides_count (sides) == 0);
}

/* Nothing goes on; the next run of the program removes what there is of it. */
static void
test_killed (Sides         *sides,
             gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, 20 * 1024 * 1024);
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) sent = sides_send (sides);
  g_autofree char *record = NULL;

  wait_until (side_last (&sides->juliet) != NULL
              && xep174_transfer_get_state (side_last (&sides->juliet)) == STATE (MOVING));
  record = side_dup_record (&sides->juliet);
  g_assert_nonnull (record);
  side_kill (&sides->juliet);
  g_assert_cmpuint (sides_count (sides), ==, 1);
  side_start (sides, &sides->juliet);
  wait_until (sides_count (sides) == 0 && !g_file_test (record, G_FILE_TEST_EXISTS));
  g_assert_null (side_last (&sides->juliet));
}

static void
on_sent (GObject      *files,
         GAsyncResult *result,
         gpointer      data)
{
  xep174_files_send_finish (XEP174_FILES (files), result, data);
}

/* What such a program would not end is refused before anybody is asked. */
static void
test_refused (Sides         *sides,
              gconstpointer  data)
{
  static const struct
  {
    goffset size;
    int code;
  } rows[] = {
    { 0, XEP174_TRANSFER_ERROR_NOT_SUPPORTED },
    { 0x80000000, XEP174_TRANSFER_ERROR_TOO_LARGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, 0);
      g_autoptr(GFile) file = g_file_new_for_path (sides->path);
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (truncate (sides->path, rows[i].size), ==, 0);
      xep174_files_send_async (sides->romeo.files, JULIET, file, NULL, on_sent, &error);
      wait_until (error != NULL);
      g_assert_error (error, XEP174_TRANSFER_ERROR, rows[i].code);
    }
  g_assert_cmpuint (sides->n_offered, ==, 0);
}

/* Who guesses the name of the stream gets the file: it must not follow from what others have seen of us, as
 * GLib's numbers do. */
static void
test_not_guessed (Sides         *sides,
                  gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, 1);
  g_autoptr(Xep174Transfer) first = NULL;
  g_autoptr(Xep174Transfer) second = NULL;

  g_random_set_seed (174);
  first = sides_send (sides);
  wait_until (xep174_transfer_has_ended (first) && xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_random_set_seed (174);
  second = sides_send (sides);
  wait_until (xep174_transfer_has_ended (second) && xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_true (g_str_has_prefix (first->sid, xep174_transfer_get_id (first)));
  g_assert_true (g_uuid_string_is_valid (xep174_transfer_get_id (first)));
  g_assert_cmpstr (first->sid, !=, second->sid);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/transfer-si/" name, Sides, NULL, set_up, function, sides_tear_down)
  ADD ("one-octet", test_one_octet);
  ADD ("megabyte", test_megabyte);
  ADD ("declined", test_declined);
  ADD ("cancelled", test_cancelled);
  ADD ("killed", test_killed);
  ADD ("refused", test_refused);
  ADD ("not-guessed", test_not_guessed);

  return g_test_run ();
}
