/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Contacts that lie about files: what they say is answered with an error or ends the transfer, and leaves
 * nothing behind. */

#include <string.h>

#include "hostile-sides.h"
#include "on-disk.h"

/* Juliet accepts it; up to where blocks can come. */
static Xep174Transfer *
begin_band_of (Hostile    *f,
               const char *offer)
{
  check_answer (JULIET, offer, "ok;");
  wait_until (strstr (f->heard->str, "session-accept;") != NULL);
  check_answer (JULIET, NO_CANDIDATE (A ".1"), "ok;");
  check_answer (JULIET, REPLACE (A ".1"), "ok;");
  check_answer (JULIET, OPEN, "ok;");

  return side_last (&f->sides.juliet);
}

/* Three octets. */
static Xep174Transfer *
begin_band (Hostile *f)
{
  return begin_band_of (f, OFFER (A ".1", "abc", "3"));
}

static void
check_failed (Hostile             *f,
              Xep174Transfer      *transfer,
              Xep174TransferError  code)
{
  wait_until (xep174_transfer_has_ended (transfer));
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (FAILED));
  g_assert_error (xep174_transfer_get_error (transfer), XEP174_TRANSFER_ERROR, (int) code);
  wait_until (sides_count (&f->sides) == 0);
}

/* All of “abc” comes. */
static void
end_well (Hostile *f)
{
  Xep174Transfer *transfer = side_last (&f->sides.juliet);

  check_answer (JULIET, DATA ("0", "YWI="), "ok;");
  check_answer (JULIET, DATA ("1", "Yw=="), "ok;");
  check_answer (JULIET, CHECKSUM (A ".1", OF_ABC), "ok;");
  wait_until (xep174_transfer_has_ended (transfer));
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
  wait_until (strstr (f->heard->str, "session-info;session-terminate;") != NULL);
  g_assert_cmpuint (sides_count (&f->sides), ==, 1);
}

/* The story as it should be: so that the others prove something. */
static void
test_honest (Hostile       *f,
             gconstpointer  data)
{
  begin_band (f);
  end_well (f);
}

/* Programs that know no other way begin inside of the conversation (XEP-0261 §2). */
static void
test_in_band (Hostile       *f,
              gconstpointer  data)
{
  Xep174Transfer *transfer;

  check_answer (JULIET, OFFER_BAND (A ".1", "abc", "3"), "ok;");
  wait_until (strstr (f->heard->str, "session-accept ibb;") != NULL);
  check_answer (JULIET, OPEN, "ok;");
  check_answer (JULIET, DATA ("0", "YWJj"), "ok;");
  check_answer (JULIET, CHECKSUM (A ".1", OF_ABC), "ok;");
  transfer = side_last (&f->sides.juliet);
  wait_until (xep174_transfer_has_ended (transfer));
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
  g_assert_cmpuint (sides_count (&f->sides), ==, 1);
}

/* That file once more is no offer of it. */
static void
test_in_band_again (Hostile       *f,
                    gconstpointer  data)
{
  check_answer (JULIET, OFFER_BAND (A ".1", "abc", "3"), "ok;");
  wait_until (strstr (f->heard->str, "session-accept ibb;") != NULL);
  check_answer (JULIET, OFFER_BAND (A ".2", "abc", "3"), "refused;");
  check_answer (JULIET, OPEN, "ok;");
  end_well (f);
}

static void
test_wrong_hash (Hostile       *f,
                 gconstpointer  data)
{
  Xep174Transfer *transfer = begin_band (f);

  check_answer (JULIET, DATA ("0", "YWJj"), "ok;");
  check_answer (JULIET, CHECKSUM (A ".1", OF_NOTHING), "ok;");
  check_failed (f, transfer, XEP174_TRANSFER_ERROR_CORRUPTED);
}

static void
test_too_much (Hostile       *f,
               gconstpointer  data)
{
  Xep174Transfer *transfer = begin_band (f);

  check_answer (JULIET, DATA ("0", "YWJjZA=="), "refused;");
  check_failed (f, transfer, XEP174_TRANSFER_ERROR_VIOLATION);
}

static void
test_out_of_order (Hostile       *f,
                   gconstpointer  data)
{
  Xep174Transfer *transfer = begin_band (f);

  check_answer (JULIET, DATA ("0", "YQ=="), "ok;");
  check_answer (JULIET, DATA ("2", "YQ=="), "refused;");
  check_failed (f, transfer, XEP174_TRANSFER_ERROR_VIOLATION);
}

static void
test_same_block_twice (Hostile       *f,
                       gconstpointer  data)
{
  Xep174Transfer *transfer = begin_band (f);

  check_answer (JULIET, DATA ("0", "YQ=="), "ok;");
  check_answer (JULIET, DATA ("0", "YQ=="), "refused;");
  check_failed (f, transfer, XEP174_TRANSFER_ERROR_VIOLATION);
}

static void
test_unknown (Hostile       *f,
              gconstpointer  data)
{
  static const char *const words[] = {
    DATA ("0", "YQ=="), OPEN, REPLACE ("b.1"), NO_CANDIDATE ("b.1"), CHECKSUM ("b.1", OF_ABC),
    JINGLE ("session-terminate", "b.1", "<reason><cancel/></reason>"),
    JINGLE ("session-initiate", "b.1", ""), "<jingle xmlns='urn:xmpp:jingle:1'/>",
    "<data xmlns='http://jabber.org/protocol/ibb'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    check_answer (JULIET, words[i], "refused;");
  g_assert_null (side_last (&f->sides.juliet));
  g_assert_cmpuint (f->sides.n_offered, ==, 0);
}

/* Another file is no second offer of this one, which goes on. */
static void
test_same_offer_twice (Hostile       *f,
                       gconstpointer  data)
{
  static const char *const others[] = {
    OFFER (A ".2", "abc", "4"), OFFER (A ".2", "def", "3"), OFFER_FOLDER (A ".2", "3", "0", "3"),
  };

  begin_band (f);
  check_answer (JULIET, OFFER (A ".1", "abc", "3"), "ok;");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    check_answer (JULIET, others[i], "refused;");
  g_assert_cmpuint (f->sides.n_offered, ==, 1);
  end_well (f);
}

/* So is another folder. */
static void
test_same_folder_twice (Hostile       *f,
                        gconstpointer  data)
{
  static const char *const others[] = {
    OFFER_FOLDER (A ".2", "8", "1", "4"), OFFER_FOLDER (A ".2", "7", "2", "4"),
    OFFER_FOLDER (A ".2", "7", "1", "5"), OFFER (A ".2", "abc", "7"),
  };

  begin_band_of (f, OFFER_FOLDER (A ".1", "7", "1", "4"));
  check_answer (JULIET, OFFER_FOLDER (A ".1", "7", "1", "4"), "ok;");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    check_answer (JULIET, others[i], "refused;");
  g_assert_cmpuint (f->sides.n_offered, ==, 1);
  g_assert_false (xep174_transfer_has_ended (side_last (&f->sides.juliet)));
}

/* Of ours each offer has a number, and who has not heard how it ended is told again; but nobody is told that
 * another file has come, and no offer is left without an answer. */
static void
test_offered_after_the_end (Hostile       *f,
                            gconstpointer  data)
{
  begin_band (f);
  end_well (f);
  check_answer (JULIET, OFFER_HASHED (A ".2", OF_NOTHING), "refused;");
  check_answer (JULIET, OFFER (A ".2", "abc", "4"), "refused;");
  check_answer (JULIET, OFFER (A ".2", "def", "3"), "refused;");
  check_answer (JULIET, OFFER (A ".1", "abc", "3"), "refused;");
  g_string_truncate (f->heard, 0);
  check_answer (JULIET, OFFER_HASHED (A ".2", OF_ABC), "ok;");
  wait_until (strstr (f->heard->str, "session-info;session-terminate;") != NULL);
  g_assert_cmpuint (f->sides.n_offered, ==, 1);
}

/* What others call so once more is another session, if the one before has ended; a number behind a dot is
 * part of their names. */
static void
test_names_of_others (Hostile       *f,
                      gconstpointer  data)
{
  static const char *const names[] = { "photo", "photo.1", A, A ".0", A ".x" };

  f->sides.accepts_nothing = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *offer = g_strdup_printf (OFFER ("%s", "abc", "3"), names[i]);
      g_autofree char *other = g_strdup_printf (OFFER ("%s", "abc", "4"), names[i]);
      g_autofree char *end
        = g_strdup_printf (JINGLE ("session-terminate", "%s", "<reason><cancel/></reason>"), names[i]);

      check_answer (JULIET, offer, "ok;");
      check_answer (JULIET, offer, "refused;");
      check_answer (JULIET, other, "refused;");
      g_assert_cmpuint (f->sides.n_offered, ==, 2 * i + 1);
      check_answer (JULIET, end, "ok;");
      check_answer (JULIET, other, "ok;");
      g_assert_cmpuint (f->sides.n_offered, ==, 2 * i + 2);
    }
}

/* So it is after a restart. */
static void
test_name_kept (Hostile       *f,
                gconstpointer  data)
{
  check_answer (JULIET, OFFER ("photo.1", "abc", "3"), "ok;");
  wait_until (strstr (f->heard->str, "session-accept;") != NULL);
  side_kill (&f->sides.juliet);
  side_start (&f->sides, &f->sides.juliet);
  wait_until (side_last (&f->sides.juliet) != NULL);
  xep174_transfer_cancel (side_last (&f->sides.juliet));
  wait_until (f->sid != NULL);
  g_assert_cmpstr (f->sid, ==, "photo.1");
}

static void
test_folder (Hostile       *f,
             gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (f->sides.keep, "abc", NULL);
  Xep174Transfer *transfer = begin_band_of (f, OFFER_FOLDER (A ".1", "7", "1", "4"));

  check_answer (JULIET, DATA ("0", "MyBhAGFiYw=="), "ok;");
  check_answer (JULIET, CHECKSUM (A ".1", OF_FOLDER), "ok;");
  wait_until (xep174_transfer_has_ended (transfer));
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
  assert_contents (folder, "a", "abc");
}

/* “9 ../outside” leads out of it, “8 abcdefghij” is an octet less than was offered. */
static void
test_folder_lies (Hostile       *f,
                  gconstpointer  data)
{
  static const char *const blocks[] = {
    DATA ("0", "OSAuLi9vdXRzaWRlAA=="), DATA ("0", "OCBhYmNkZWZnaGlqAA=="),
  };
  const char *block = blocks[GPOINTER_TO_SIZE (data) - 1];
  Xep174Transfer *transfer = begin_band_of (f, OFFER_FOLDER (A ".1", "22", "1", "13"));

  check_answer (JULIET, block, "refused;");
  wait_until (xep174_transfer_has_ended (transfer));
  g_assert_error (xep174_transfer_get_error (transfer), G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  wait_until (sides_count (&f->sides) == 0);
}

/* What nobody would take is refused before somebody is asked. */
static void
test_folder_bounds (Hostile       *f,
                    gconstpointer  data)
{
  g_signal_handlers_block_matched (f->sides.juliet.files, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, &f->sides);
  check_answer (JULIET, OFFER_FOLDER (A ".1", "20000000", "100001", "16777216"), "refused;");
  check_answer (JULIET, OFFER_FOLDER ("b.1", "20000000", "100000", "16777217"), "refused;");
  check_answer (JULIET, OFFER_FOLDER ("c.1", "20000000", "-1", "4"), "refused;");
  check_answer (JULIET, OFFER_FOLDER ("d.1", "3", "1", "4"), "refused;");
  check_answer (JULIET, OFFER_FOLDER ("e.1", "9223372036854775808", "1", "4"), "refused;");
  g_assert_null (side_last (&f->sides.juliet));
  check_answer (JULIET, OFFER_FOLDER ("f.1", "20000000", "100000", "16777216"), "ok;");
  g_assert_cmpint (xep174_transfer_get_state (side_last (&f->sides.juliet)), ==, STATE (OFFERED));

  /* The manifest counts, too. */
  xep174_files_set_max_size (f->sides.juliet.files, 6);
  check_answer (JULIET, OFFER_FOLDER ("g.1", "7", "1", "4"), "refused;");
  check_answer (JULIET, OFFER_FOLDER ("h.1", "6", "1", "4"), "ok;");
}

static void
test_name (Hostile       *f,
           gconstpointer  data)
{
  check_answer (JULIET, OFFER (A ".1", "../../.bashrc", "3"), "ok;");
  g_assert_cmpstr (xep174_transfer_get_name (side_last (&f->sides.juliet)), ==, "bashrc");
}

/* X8: nobody is asked more often than a person can answer, and nothing grows. */
static void
test_many_offers (Hostile       *f,
                  gconstpointer  data)
{
  guint refused = 0;

  g_signal_handlers_block_matched (f->sides.juliet.files, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, &f->sides);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *offer = g_strdup_printf (OFFER ("o%u.1", "abc", "3"), i);

      say (JULIET, offer);
      refused += g_str_equal (f->answers->str, "later;");
    }
  g_assert_cmpuint (refused, ==, 1000 - XEP174_FILES_MAX_OFFERS);
  g_assert_cmpuint (g_queue_get_length (&f->sides.juliet.files->known), ==, XEP174_FILES_MAX_OFFERS);

  /* Offered and taken back, again and again. */
  for (guint i = 0; i < XEP174_FILES_MAX_OFFERS; i++)
    {
      g_autofree char *end
        = g_strdup_printf (JINGLE ("session-terminate", "o%u.1", "<reason><cancel/></reason>"), i);

      say (JULIET, end);
    }
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *offer = g_strdup_printf (OFFER ("p%u.1", "abc", "3"), i);
      g_autofree char *end
        = g_strdup_printf (JINGLE ("session-terminate", "p%u.1", "<reason><cancel/></reason>"), i);

      say (JULIET, offer);
      say (JULIET, end);
    }
  g_assert_cmpuint (g_queue_get_length (&f->sides.juliet.files->known), <=, XEP174_FILES_MAX_KNOWN);
  g_assert_cmpuint (g_list_model_get_n_items (xep174_files_get_transfers (f->sides.juliet.files)), <=,
                    XEP174_FILES_MAX_KNOWN);
}

/* X8: what is said while a disk is busy waits, and does not grow. */
static void
test_busy (Hostile       *f,
           gconstpointer  data)
{
  Xep174Transfer *transfer;

  check_answer (JULIET, OFFER (A ".1", "abc", "3"), "ok;");
  wait_until (strstr (f->heard->str, "session-accept;") != NULL);
  transfer = side_last (&f->sides.juliet);
  transfer->paused = TRUE;
  /* What moves takes no room from what is said. */
  for (guint i = 0; i < XEP174_TRANSFER_MAX_NEWS; i++)
    xep174_transfer_post (transfer, XEP174_TRANSFER_NEWS_OCTETS, 0);
  for (guint i = 1; i < XEP174_TRANSFER_MAX_NEWS; i++)
    check_answer (JULIET, NO_CANDIDATE (A ".1"), "ok;");
  check_answer (JULIET, NO_CANDIDATE (A ".1"), "later;");
  check_answer (JULIET, OFFER (A ".2", "abc", "3"), "later;");
  transfer->paused = FALSE;
  xep174_transfer_run (transfer);
  check_answer (JULIET, REPLACE (A ".1"), "ok;");
  check_answer (JULIET, OPEN, "ok;");
  end_well (f);
}

/* So do blocks, of who does not wait for their answers. */
static void
test_unwritten (Hostile       *f,
                gconstpointer  data)
{
  Xep174Transfer *transfer = begin_band_of (f, OFFER (A ".1", "abc", "100000000"));
  g_autofree guint8 *block = g_malloc0 (4096);
  g_autofree char *text = g_base64_encode (block, 4096);

  xep174_jobs_hold (transfer->jobs);
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *xml = g_strdup_printf (DATA ("%u", "%s"), i, text);

      begin_to_say (JULIET, xml);
    }
  wait_until (xep174_transfer_has_ended (transfer));
  xep174_jobs_release (transfer->jobs);
  check_failed (f, transfer, XEP174_TRANSFER_ERROR_VIOLATION);
}

/* X8: what is said before it is known what was on its way waits, and nobody can take the room of others. */
static void
test_early (Hostile       *f,
            gconstpointer  data)
{
  g_autofree char *octets = sides_make_file (&f->sides, 100);
  Xep174Files *files = f->sides.juliet.files;
  g_autoptr(Xep174Transfer) sent = NULL;

  say (JULIET, JINGLE ("session-info", "a.1", ""));
  g_assert_cmpstr (f->answers->str, ==, "refused;");
  wait_until (!files->restoring);
  files->restoring = TRUE;
  for (guint i = 0; i <= XEP174_FILES_MAX_EARLY; i++)
    begin_to_say (JULIET, JINGLE ("session-info", "a.1", ""));
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, "later;");
  g_assert_cmpuint (files->early.length, ==, XEP174_FILES_MAX_EARLY);
  sent = sides_send (&f->sides);
  wait_until (files->early.length == XEP174_FILES_MAX_EARLY + 1);
  xep174_files_restore (files);
  wait_until (xep174_transfer_has_ended (sent));
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
  sides_check (&f->sides, octets, 100);
  g_assert_true (g_str_has_prefix (f->answers->str, "later;refused;refused;"));
}

/* --- Who receives, and lies ------------------------------------------------------------------ */

static const char *const lies[] = {
  JINGLE ("session-accept", "SID", CONTENT (FILE ("<range offset='101'/>") S5B)),
  JINGLE ("session-info", "SID", "<received xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>"),
  JINGLE ("session-terminate", "SID", "<reason><success/></reason>"),
};

static void
test_lies (Hostile       *f,
           gconstpointer  data)
{
  g_autoptr(Xep174Transfer) sent = offer_to_enemy (f);
  g_auto(GStrv) parts = g_strsplit (lies[GPOINTER_TO_SIZE (data) - 1], "SID", 2);
  g_autofree char *lie = g_strjoinv (f->sid, parts);

  check_answer (ROMEO, lie, "ok;");
  check_failed (f, sent, XEP174_TRANSFER_ERROR_VIOLATION);
}

static void
test_unnamed_candidate (Hostile       *f,
                        gconstpointer  data)
{
  g_autoptr(Xep174Transfer) sent = offer_to_enemy (f);
  g_autofree char *accept
    = g_strdup_printf (JINGLE ("session-accept", "%s", CONTENT (FILE ("") S5B)), f->sid);
  g_autofree char *used
    = g_strdup_printf (JINGLE ("transport-info", "%s", CONTENT (S5B_OF ("<candidate-used cid='x'/>"))),
                       f->sid);

  check_answer (ROMEO, accept, "ok;");
  check_answer (ROMEO, used, "ok;");
  check_failed (f, sent, XEP174_TRANSFER_ERROR_VIOLATION);
}

/* What is said of a file between others. */
static void
test_third (Hostile       *f,
            gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (&f->sides, 100);
  g_autofree char *end = NULL;
  g_autoptr(Xep174Transfer) sent = NULL;

  g_signal_handlers_block_matched (f->sides.juliet.files, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, &f->sides);
  sent = sides_send (&f->sides);
  end = g_strdup_printf (JINGLE ("session-terminate", "%s", "<reason><cancel/></reason>"), sent->sid);
  check_answer (ROMEO, end, "refused;");
  check_answer (JULIET, end, "refused;");
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (OFFERED));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function) HOSTILE_ADD ("/transfer-hostile/" name, data, function)
  ADD ("honest", NULL, test_honest);
  ADD ("in-band", NULL, test_in_band);
  ADD ("in-band-again", NULL, test_in_band_again);
  ADD ("wrong-hash", NULL, test_wrong_hash);
  ADD ("X8-too-much", NULL, test_too_much);
  ADD ("out-of-order", NULL, test_out_of_order);
  ADD ("same-block-twice", NULL, test_same_block_twice);
  ADD ("unknown", NULL, test_unknown);
  ADD ("same-offer-twice", NULL, test_same_offer_twice);
  ADD ("same-folder-twice", NULL, test_same_folder_twice);
  ADD ("offered-after-the-end", NULL, test_offered_after_the_end);
  ADD ("names-of-others", NULL, test_names_of_others);
  ADD ("name-kept", NULL, test_name_kept);
  ADD ("folder", NULL, test_folder);
  ADD ("folder-lies/outside", GSIZE_TO_POINTER (1), test_folder_lies);
  ADD ("folder-lies/less", GSIZE_TO_POINTER (2), test_folder_lies);
  ADD ("X8-folder-bounds", NULL, test_folder_bounds);
  ADD ("name", NULL, test_name);
  ADD ("X8-many-offers", NULL, test_many_offers);
  ADD ("X8-early", NULL, test_early);
  ADD ("X8-busy", NULL, test_busy);
  ADD ("X8-unwritten", NULL, test_unwritten);
  ADD ("unnamed-candidate", NULL, test_unnamed_candidate);
  ADD ("third", NULL, test_third);
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *name = g_strdup_printf ("/transfer-hostile/lies/%" G_GSIZE_FORMAT, i);

      HOSTILE_ADD (name, GSIZE_TO_POINTER (i + 1), test_lies);
    }

  return g_test_run ();
}
