/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Contacts that lie about files: what they say is answered with an error or ends the transfer, and leaves
 * nothing behind. */

#include <string.h>

#include "stream-ends.h"
#include "transfer-sides.h"

#include "on-disk.h"
#include "xep174-session-manager-private.h"
#include "xep174-si-private.h"
#include "xep174-socks.h"

#define MALLORY "mallory@verona"

/* A contact that says what the test wants, takes whatever is asked, and answers nothing by itself. */
typedef Xep174Feature Enemy;
typedef Xep174FeatureClass EnemyClass;
GType enemy_get_type (void);
G_DEFINE_TYPE (Enemy, enemy, XEP174_TYPE_FEATURE)

typedef struct
{
  Sides sides;
  Xep174SessionManager *enemy;
  GString *answers; /* the conditions of what came back, “ok” without one */
  GString *heard;   /* what it was asked: the actions */
  char *sid;        /* of what it was offered, or what was ended */
} Fixture;

static Fixture *fixture;

static gboolean
is_in_band (Xep174Element *jingle)
{
  Xep174Element *content = xep174_element_find_child (jingle, "content", XEP174_NS_JINGLE);

  return content != NULL
         && xep174_element_find_child (content, "transport", "urn:xmpp:jingle:transports:ibb:1") != NULL;
}

/* Of a word about candidates: “ error”, or which one is used. */
static void
note_candidate (Xep174Element *jingle)
{
  Xep174Element *content = xep174_element_find_child (jingle, "content", XEP174_NS_JINGLE);
  Xep174Element *way = content != NULL ? xep174_element_find_child (content, "transport", NULL) : NULL;
  Xep174Element *used = way != NULL ? xep174_element_find_child (way, "candidate-used", NULL) : NULL;

  if (used != NULL)
    g_string_append_printf (fixture->heard, " %s", xep174_element_get_attribute (used, "cid"));
  else if (way != NULL && xep174_element_find_child (way, "candidate-error", NULL) != NULL)
    g_string_append (fixture->heard, " error");
}

static gboolean
enemy_handle (Xep174Feature *feature,
              const char    *contact,
              Xep174Element *stanza,
              Xep174Element *payload)
{
  g_autoptr(Xep174Element) answer = xep174_element_new ("iq", "jabber:client");
  const char *action = xep174_element_get_attribute (payload, "action");

  xep174_element_set_attribute (answer, "type", "result");
  xep174_element_set_attribute (answer, "id", xep174_element_get_attribute (stanza, "id"));
  xep174_feature_host_send_async (xep174_feature_get_host (feature), contact, answer, NULL, NULL, NULL);
  g_string_append (fixture->heard, action != NULL ? action : xep174_element_get_name (payload));
  if (g_strcmp0 (action, "session-accept") == 0 && is_in_band (payload))
    g_string_append (fixture->heard, " ibb");
  if (g_strcmp0 (action, "transport-info") == 0)
    note_candidate (payload);
  g_string_append_c (fixture->heard, ';');
  if (g_strcmp0 (action, "session-initiate") == 0 || g_strcmp0 (action, "session-terminate") == 0)
    {
      g_free (fixture->sid);
      fixture->sid = g_strdup (xep174_element_get_attribute (payload, "sid"));
    }

  return TRUE;
}

static void
enemy_class_init (EnemyClass *klass)
{
  klass->handle = enemy_handle;
}

static void
enemy_init (Enemy *self)
{
}

static void
on_answer (GObject      *host,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Element) answer
    = xep174_feature_host_request_finish (XEP174_FEATURE_HOST (host), result, &error);

  if (error != NULL && strstr (error->message, "later") != NULL)
    g_string_append (fixture->answers, "later;");
  else
    g_string_append (fixture->answers, answer != NULL ? "ok;" : "refused;");
}

/* Says @xml in an iq. */
static void
begin_to_say (const char *to,
              const char *xml)
{
  g_autofree char *whole = g_strdup_printf ("<iq xmlns='jabber:client' type='set'>%s</iq>", xml);
  g_autoptr(Xep174Element) iq = xep174_element_parse (whole, NULL);

  g_assert_nonnull (iq);
  g_string_truncate (fixture->answers, 0);
  xep174_feature_host_request_async (XEP174_FEATURE_HOST (fixture->enemy), to, iq, NULL, on_answer, NULL);
}

/* And waits for the answer. */
static void
say (const char *to,
     const char *xml)
{
  begin_to_say (to, xml);
  wait_until (fixture->answers->len > 0);
}

#define JINGLE(action, sid, inside) \
  "<jingle xmlns='urn:xmpp:jingle:1' action='" action "' sid='" sid "'>" inside "</jingle>"
/* As ours call it: a number for each offer follows. */
#define A "6f0a3a6e-3d1c-4c53-9c2b-5d6f6a9b8c7d"
#define CONTENT(inside) "<content creator='initiator' name='f'>" inside "</content>"
#define FILE(inside) \
  "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>" inside "</file></description>"
#define S5B_OF(inside) "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='w'>" inside "</transport>"
#define S5B S5B_OF ("")
#define OFFER(sid, name, size) \
  JINGLE ("session-initiate", sid, CONTENT (FILE ("<name>" name "</name><size>" size "</size>") S5B))
#define OFFER_HASHED(sid, hash) \
  JINGLE ("session-initiate", sid, \
          CONTENT (FILE ("<name>abc</name><size>3</size>" \
                         "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>" hash "</hash>") S5B))
#define BAND "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='band' block-size='4096'/>"
#define OFFER_BAND(sid, name, size) \
  JINGLE ("session-initiate", sid, CONTENT (FILE ("<name>" name "</name><size>" size "</size>") BAND))
#define FOLDER(files, manifest) \
  "<folder xmlns='urn:libxep174:folder' files='" files "' manifest='" manifest "'/>"
#define OFFER_FOLDER(sid, size, files, manifest) \
  JINGLE ("session-initiate", sid, \
          CONTENT (FILE ("<name>abc</name><size>" size "</size>" FOLDER (files, manifest)) S5B))
#define NO_CANDIDATE(sid) JINGLE ("transport-info", sid, CONTENT (S5B_OF ("<candidate-error/>")))
#define REPLACE(sid) \
  JINGLE ("transport-replace", sid, CONTENT (BAND))
#define OPEN "<open xmlns='http://jabber.org/protocol/ibb' sid='band' block-size='4096' stanza='iq'/>"
#define DATA(seq, text) \
  "<data xmlns='http://jabber.org/protocol/ibb' sid='band' seq='" seq "'>" text "</data>"
#define CHECKSUM(sid, hash) \
  JINGLE ("session-info", sid, \
          "<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>" \
          "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>" hash "</hash></file></checksum>")
/* SHA-256 of “abc”, of a folder with that alone, and of nothing. */
#define OF_ABC "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
#define OF_FOLDER "vxL73WgNGOcjlXcqYrWl4T/CjUhGctQ/GdxlliSEAZw="
#define OF_NOTHING "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  static const char *const all[] = {
    XEP174_NS_JINGLE, "http://jabber.org/protocol/ibb", NULL
  };
  static const char *const announces[] = { XEP174_NS_JINGLE_FILE, NULL };
  g_autoptr(Xep174Feature) enemy = NULL;

  fixture = f;
  sides_set_up (&f->sides, data);
  f->answers = g_string_new (NULL);
  f->heard = g_string_new (NULL);
  f->enemy = xep174_session_manager_new (MALLORY, XEP174_DIRECTORY (f->sides.book));
  g_assert_true (xep174_session_manager_listen (f->enemy, 0, NULL));
  test_book_add (f->sides.book, MALLORY, "127.0.0.1", xep174_session_manager_get_port (f->enemy));
  enemy = g_object_new (enemy_get_type (), "payloads", all, "announces", announces, NULL);
  g_assert_true (xep174_feature_host_add_feature (XEP174_FEATURE_HOST (f->enemy), enemy, NULL));
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  xep174_session_manager_stop_listening (f->enemy);
  xep174_session_manager_end_everything (f->enemy);
  g_clear_object (&f->enemy);
  sides_tear_down (&f->sides, data);
  g_string_free (f->answers, TRUE);
  g_string_free (f->heard, TRUE);
  g_free (f->sid);
}

static void
check_answer (const char *to,
              const char *xml,
              const char *expected)
{
  say (to, xml);
  if (g_strcmp0 (fixture->answers->str, expected) != 0)
    g_error ("%s is answered with %s", xml, fixture->answers->str);
}

/* Juliet accepts it; up to where blocks can come. */
static Xep174Transfer *
begin_band_of (Fixture    *f,
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
begin_band (Fixture *f)
{
  return begin_band_of (f, OFFER (A ".1", "abc", "3"));
}

static void
check_failed (Fixture             *f,
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
end_well (Fixture *f)
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
test_honest (Fixture       *f,
             gconstpointer  data)
{
  begin_band (f);
  end_well (f);
}

/* Programs that know no other way begin inside of the conversation (XEP-0261 §2). */
static void
test_in_band (Fixture       *f,
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
test_in_band_again (Fixture       *f,
                    gconstpointer  data)
{
  check_answer (JULIET, OFFER_BAND (A ".1", "abc", "3"), "ok;");
  wait_until (strstr (f->heard->str, "session-accept ibb;") != NULL);
  check_answer (JULIET, OFFER_BAND (A ".2", "abc", "3"), "refused;");
  check_answer (JULIET, OPEN, "ok;");
  end_well (f);
}

static void
test_wrong_hash (Fixture       *f,
                 gconstpointer  data)
{
  Xep174Transfer *transfer = begin_band (f);

  check_answer (JULIET, DATA ("0", "YWJj"), "ok;");
  check_answer (JULIET, CHECKSUM (A ".1", OF_NOTHING), "ok;");
  check_failed (f, transfer, XEP174_TRANSFER_ERROR_CORRUPTED);
}

static void
test_too_much (Fixture       *f,
               gconstpointer  data)
{
  Xep174Transfer *transfer = begin_band (f);

  check_answer (JULIET, DATA ("0", "YWJjZA=="), "refused;");
  check_failed (f, transfer, XEP174_TRANSFER_ERROR_VIOLATION);
}

static void
test_out_of_order (Fixture       *f,
                   gconstpointer  data)
{
  Xep174Transfer *transfer = begin_band (f);

  check_answer (JULIET, DATA ("0", "YQ=="), "ok;");
  check_answer (JULIET, DATA ("2", "YQ=="), "refused;");
  check_failed (f, transfer, XEP174_TRANSFER_ERROR_VIOLATION);
}

static void
test_same_block_twice (Fixture       *f,
                       gconstpointer  data)
{
  Xep174Transfer *transfer = begin_band (f);

  check_answer (JULIET, DATA ("0", "YQ=="), "ok;");
  check_answer (JULIET, DATA ("0", "YQ=="), "refused;");
  check_failed (f, transfer, XEP174_TRANSFER_ERROR_VIOLATION);
}

static void
test_unknown (Fixture       *f,
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
test_same_offer_twice (Fixture       *f,
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
test_same_folder_twice (Fixture       *f,
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
test_offered_after_the_end (Fixture       *f,
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
test_names_of_others (Fixture       *f,
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
test_name_kept (Fixture       *f,
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
test_folder (Fixture       *f,
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
test_folder_lies (Fixture       *f,
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
test_folder_bounds (Fixture       *f,
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
test_name (Fixture       *f,
           gconstpointer  data)
{
  check_answer (JULIET, OFFER (A ".1", "../../.bashrc", "3"), "ok;");
  g_assert_cmpstr (xep174_transfer_get_name (side_last (&f->sides.juliet)), ==, "bashrc");
}

/* X8: nobody is asked more often than a person can answer, and nothing grows. */
static void
test_many_offers (Fixture       *f,
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
test_busy (Fixture       *f,
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
test_unwritten (Fixture       *f,
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
test_early (Fixture       *f,
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

static Xep174Transfer *
offer_to_enemy (Fixture *f)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (&f->sides, 100);
  Xep174Transfer *sent = sides_send_to (&f->sides, MALLORY);

  wait_until (f->sid != NULL);

  return sent;
}

static const char *const lies[] = {
  JINGLE ("session-accept", "SID", CONTENT (FILE ("<range offset='101'/>") S5B)),
  JINGLE ("session-info", "SID", "<received xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>"),
  JINGLE ("session-terminate", "SID", "<reason><success/></reason>"),
};

static void
test_lies (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(Xep174Transfer) sent = offer_to_enemy (f);
  g_auto(GStrv) parts = g_strsplit (lies[GPOINTER_TO_SIZE (data) - 1], "SID", 2);
  g_autofree char *lie = g_strjoinv (f->sid, parts);

  check_answer (ROMEO, lie, "ok;");
  check_failed (f, sent, XEP174_TRANSFER_ERROR_VIOLATION);
}

static void
test_unnamed_candidate (Fixture       *f,
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
test_third (Fixture       *f,
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

/* --- Who names the addresses of others ------------------------------------------------------- */

/* Where others wait: one of this host alone, and one that is another host. */
typedef struct
{
  GSocket *sockets[2];
  guint16 ports[2];
} Victims;

static void
victims_wait (Victims *victims)
{
  victims->sockets[0] = ends_listen ("127.0.0.7", &victims->ports[0]);
  victims->sockets[1] = ends_listen ("127.0.0.8", &victims->ports[1]);
}

static void
victims_end (Victims *victims)
{
  for (guint i = 0; i < G_N_ELEMENTS (victims->sockets); i++)
    {
      g_assert_false (ends_was_called (victims->sockets[i]));
      g_object_unref (victims->sockets[i]);
    }
}

#define CANDIDATE(cid, host, priority) \
  "<candidate cid='" cid "' host='" host "' jid='x' port='%u' priority='" priority "' type='direct'/>"
/* The ports are to be filled in. */
#define OFFER_AT(more) \
  JINGLE ("session-initiate", A ".1", \
          CONTENT (FILE ("<name>abc</name><size>3</size>") \
                   S5B_OF (CANDIDATE ("x", "127.0.0.7", "9") CANDIDATE ("y", "127.0.0.8", "8") more)))

/* We never call them, and say so; the file comes inside of the conversation. */
static void
test_strangers (Fixture       *f,
                gconstpointer  data)
{
  Victims victims;
  g_autofree char *offer = NULL;
  Xep174Transfer *transfer;

  victims_wait (&victims);
  offer = g_strdup_printf (OFFER_AT (""), victims.ports[0], victims.ports[1]);
  check_answer (JULIET, offer, "ok;");
  wait_until (strstr (f->heard->str, "transport-info error;") != NULL);
  check_answer (JULIET, NO_CANDIDATE (A ".1"), "ok;");
  check_answer (JULIET, REPLACE (A ".1"), "ok;");
  check_answer (JULIET, OPEN, "ok;");
  check_answer (JULIET, DATA ("0", "YWJj"), "ok;");
  check_answer (JULIET, CHECKSUM (A ".1", OF_ABC), "ok;");
  transfer = side_last (&f->sides.juliet);
  wait_until (xep174_transfer_has_ended (transfer));
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
  victims_end (&victims);
}

/* Among them there is one of its own, which is used. */
static void
test_one_honest (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(Server) server = server_new (server_grant, "abc");
  Victims victims;
  g_autofree char *offer = NULL;
  Xep174Transfer *transfer;

  victims_wait (&victims);
  offer = g_strdup_printf (OFFER_AT (CANDIDATE ("mine", "127.0.0.1", "7")), victims.ports[0],
                           victims.ports[1], server->port);
  check_answer (JULIET, offer, "ok;");
  wait_until (strstr (f->heard->str, "transport-info mine;") != NULL);
  check_answer (JULIET, NO_CANDIDATE (A ".1"), "ok;");
  check_answer (JULIET, CHECKSUM (A ".1", OF_ABC), "ok;");
  transfer = side_last (&f->sides.juliet);
  wait_until (xep174_transfer_has_ended (transfer));
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
  victims_end (&victims);
}

/* So does who accepts a file. */
static void
test_sender (Fixture       *f,
             gconstpointer  data)
{
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) sent = offer_to_enemy (f);
  Victims victims;
  g_autofree char *accept = NULL;

  victims_wait (&victims);
  accept = g_strdup_printf (JINGLE ("session-accept", "%s",
                                    CONTENT (FILE ("") S5B_OF (CANDIDATE ("x", "127.0.0.7", "9")
                                                               CANDIDATE ("y", "127.0.0.8", "8")))),
                            f->sid, victims.ports[0], victims.ports[1]);
  check_answer (ROMEO, accept, "ok;");
  wait_until (strstr (f->heard->str, "transport-info error;") != NULL);
  victims_end (&victims);
}

#define SI_OFFER \
  "<si xmlns='" XEP174_NS_SI "' id='0' profile='" XEP174_NS_SI_FILE "'>" \
  "<file xmlns='" XEP174_NS_SI_FILE "' name='abc' size='3'/>" \
  "<feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='form'>" \
  "<field var='stream-method' type='list-single'><option><value>" XEP174_NS_BYTESTREAMS \
  "</value></option></field></x></feature></si>"
#define SI_HOST(host) "<streamhost jid='0' host='" host "' port='%u'/>"
#define SI_HOSTS(hosts) "<query xmlns='" XEP174_NS_BYTESTREAMS "' sid='0' mode='tcp'>" hosts "</query>"

/* The same with other programs, where nothing else is left then. */
static void
test_si_strangers (Fixture       *f,
                   gconstpointer  data)
{
  Victims victims;
  g_autofree char *hosts = NULL;

  victims_wait (&victims);
  hosts = g_strdup_printf (SI_HOSTS (SI_HOST ("127.0.0.7") SI_HOST ("127.0.0.8")), victims.ports[0],
                           victims.ports[1]);
  check_answer (JULIET, SI_OFFER, "ok;");
  check_answer (JULIET, hosts, "refused;");
  wait_until (xep174_transfer_has_ended (side_last (&f->sides.juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&f->sides.juliet)), ==, STATE (FAILED));
  wait_until (sides_count (&f->sides) == 0);
  victims_end (&victims);
}

static void
test_si_one_honest (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(Server) server = server_new (server_grant, "abc");
  Victims victims;
  g_autofree char *hosts = NULL;

  victims_wait (&victims);
  hosts = g_strdup_printf (SI_HOSTS (SI_HOST ("127.0.0.7") SI_HOST ("127.0.0.8") SI_HOST ("127.0.0.1")),
                           victims.ports[0], victims.ports[1], server->port);
  check_answer (JULIET, SI_OFFER, "ok;");
  check_answer (JULIET, hosts, "ok;");
  wait_until (xep174_transfer_has_ended (side_last (&f->sides.juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&f->sides.juliet)), ==, STATE (DONE));
  victims_end (&victims);
}

static void
say_nothing (GSocket  *socket,
             gpointer  data)
{
  server_read (socket, G_MAXINT16);
}

/* The name of the stream is the sender's, and libpurple counts: who guesses it has nothing to call us for. */
static void
test_si_guessed (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(Server) server = server_new (say_nothing, NULL);
  g_autofree char *query = g_strdup_printf (SI_HOSTS (SI_HOST ("127.0.0.1")), server->port);
  g_autofree char *whole = g_strdup_printf ("<iq xmlns='jabber:client' type='set'>%s</iq>", query);
  g_autoptr(Xep174Element) iq = xep174_element_parse (whole, NULL);

  check_answer (JULIET, SI_OFFER, "ok;");
  g_string_truncate (f->answers, 0);
  xep174_feature_host_request_async (XEP174_FEATURE_HOST (f->enemy), JULIET, iq, NULL, on_answer, NULL);
  wait_until (side_last (&f->sides.juliet)->theirs != NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *address = i == 0 ? xep174_socks_address ("0", JULIET, MALLORY)
                                        : xep174_socks_address ("0", MALLORY, JULIET);
      g_autoptr(GBytes) request = ends_make_request (address);
      g_autoptr(GSocket) stranger = ends_come_to (f->sides.juliet.port);

      ends_say (stranger, g_bytes_get_data (request, NULL), g_bytes_get_size (request));
      g_assert_cmpint (ends_hear_answer (stranger), ==, 2);
    }
  g_assert_cmpuint (f->answers->len, ==, 0);
  xep174_transfer_cancel (side_last (&f->sides.juliet));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function) \
  g_test_add ("/transfer-hostile/" name, Fixture, data, set_up, function, tear_down)
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
  ADD ("strangers", NULL, test_strangers);
  ADD ("one-honest", NULL, test_one_honest);
  ADD ("sender", NULL, test_sender);
  ADD ("si-strangers", NULL, test_si_strangers);
  ADD ("si-one-honest", NULL, test_si_one_honest);
  ADD ("si-guessed", NULL, test_si_guessed);
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *name = g_strdup_printf ("/transfer-hostile/lies/%" G_GSIZE_FORMAT, i);

      g_test_add (name, Fixture, GSIZE_TO_POINTER (i + 1), set_up, test_lies, tear_down);
    }

  return g_test_run ();
}
