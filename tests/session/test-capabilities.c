/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* D20: what others can do, and what we can do, as features are added and gone. */

#include "puppet.h"

#include "xep174-caps-private.h"
#include "xep174-disco-private.h"

#include <string.h>

/* --- What others can do -------------------------------------------------------------------------- */

static void
on_capabilities (Raw        *raw,
                 const char *contact)
{
  g_string_append_printf (raw->stage->log, "capabilities of %s\n", contact);
}

static Xep174Support
supports (Raw *raw)
{
  return xep174_feature_host_supports (puppet_host_of (raw), raw->peer, "urn:example:a");
}

#define INFO(vars) "<query xmlns='http://jabber.org/protocol/disco#info'>" \
  "<identity category='client' type='pc'/>" vars "</query>"
#define CAN_A INFO ("<feature var='urn:example:a'/>")

/* Answers the one question that is there. */
static void
answer_info (Raw          *raw,
             MemoryStream *end,
             const char   *type,
             const char   *content)
{
  g_autofree char *heard = NULL;
  g_autofree char *iq = NULL;
  char *id;

  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  id = strstr (heard, " id='");
  g_assert_nonnull (id);
  g_assert_nonnull (strstr (heard, "disco#info"));
  g_assert_null (strstr (id + 1, " id='"));
  iq = g_strdup_printf ("<iq type='%s' id='%.16s'>%s</iq>", type, id + strlen (" id='"), content);
  raw_say (raw, end, iq);
}

/* It is asked once a stream, and what was said counts for that stream. */
static void
test_supports (Raw           *raw,
               gconstpointer  data)
{
  MemoryStream *end;

  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_UNKNOWN);
  end = raw_open_recipient (raw);
  g_signal_connect_swapped (raw->manager, "capabilities-changed", G_CALLBACK (on_capabilities), raw);
  raw_hear (raw, end, "");
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_UNKNOWN);
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_UNKNOWN);
  answer_info (raw, end, "result", CAN_A);
  raw_log (raw, "capabilities of romeo@montague\n");
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_YES);
  g_assert_cmpint (xep174_feature_host_supports (puppet_host_of (raw), raw->peer, "urn:example:b"), ==,
                   XEP174_SUPPORT_NO);
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_UNKNOWN);
  g_free (stage_take_log (raw->stage));

  /* Who does not tell can do nothing. */
  end = raw_open_recipient (raw);
  supports (raw);
  answer_info (raw, end, "error", "");
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_NO);
  raw_hear (raw, end, "");
  puppet_drop (raw);
}

/* XEP-0174 §10: who says it in its features is not asked; who has no version never is. */
static void
test_supports_told (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "hail");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  g_signal_connect_swapped (raw->manager, "capabilities-changed", G_CALLBACK (on_capabilities), raw);
  raw_say (raw, end, "<stream:features>" CAN_A "</stream:features>");
  g_free (memory_stream_hear (end));
  raw_log (raw, "opened romeo@montague initiator\ncapabilities of romeo@montague\nsent hail\n");
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_YES);
  raw_hear (raw, end, "");
  puppet_drop (raw);
}

static void
test_supports_legacy (Raw           *raw,
                      gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, TRUE);
  raw_say_message (raw, end, "hail");
  g_free (memory_stream_hear (end));
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_NO);
  raw_hear (raw, end, "");
  puppet_drop (raw);
}

static void
close_by_peer (Raw          *raw,
               MemoryStream *end)
{
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
}

static char *
info_of (guint n)
{
  GString *vars = g_string_new ("<query xmlns='http://jabber.org/protocol/disco#info'>"
                                "<feature var='urn:example:a'/>");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (vars, "<feature var='%u'/>", i);
  g_string_append (vars, "</query>");
  return g_string_free (vars, FALSE);
}

/* X8: of ten thousand features the first count; an answer of a megabyte is too long a stanza, and ends the
 * stream, and then nothing is known. */
static void
test_supports_many (Raw           *raw,
                    gconstpointer  data)
{
  g_autofree char *many = info_of (10000);
  g_autofree char *huge = info_of (48000);
  g_autofree char *heard = NULL;
  MemoryStream *end = raw_open_recipient (raw);

  g_assert_cmpuint (strlen (many), <, 256 * 1024);
  g_assert_cmpuint (strlen (huge), >, 1000 * 1000);
  supports (raw);
  answer_info (raw, end, "result", many);
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_YES);
  g_assert_cmpint (xep174_feature_host_supports (puppet_host_of (raw), raw->peer, "254"), ==,
                   XEP174_SUPPORT_YES);
  g_assert_cmpint (xep174_feature_host_supports (puppet_host_of (raw), raw->peer, "255"), ==,
                   XEP174_SUPPORT_NO);
  close_by_peer (raw, end);

  end = raw_open_recipient (raw);
  supports (raw);
  answer_info (raw, end, "result", huge);
  heard = memory_stream_hear (end);
  g_assert_nonnull (strstr (heard, "policy-violation"));
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_UNKNOWN);
  puppet_drop (raw);
}

static const char *shown_ver;
static gboolean shown_silent;

static char *
find_ver (gpointer    data,
          const char *name,
          gboolean   *silent)
{
  *silent = shown_silent;
  return g_strdup (shown_ver);
}

/* What that tells. */
static void
show_ver (Raw        *raw,
          const char *ver,
          const char *expected)
{
  shown_ver = ver;
  xep174_session_manager_note_ver (raw->manager, raw->peer);
  raw_log (raw, expected);
}

/* The record of a program that answers nothing: it is known before there is a stream, and nobody is asked.
 * What the stream tells counts more. */
static void
test_supports_silent (Raw           *raw,
                      gconstpointer  data)
{
  MemoryStream *end;

  xep174_session_manager_set_find_ver (raw->manager, find_ver, NULL);
  shown_ver = NULL;
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_UNKNOWN);
  shown_silent = TRUE;
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_NO);
  end = raw_open_recipient (raw);
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_NO);
  raw_hear (raw, end, "");
  close_by_peer (raw, end);

  stage_send (raw->stage, raw->manager, raw->peer, "hail");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features>" CAN_A "</stream:features>");
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_YES);
  shown_silent = FALSE;
  puppet_drop (raw);
}

/* §5.4: what somebody says who shows a hash is believed of others only if it has that hash. */
static void
test_supports_hash (Raw           *raw,
                    gconstpointer  data)
{
  g_autoptr(Xep174Element) query = xep174_element_parse (CAN_A, NULL);
  g_autofree char *ver = xep174_caps_dup_ver (query);
  MemoryStream *end;

  xep174_session_manager_set_find_ver (raw->manager, find_ver, NULL);
  shown_ver = ver;
  end = raw_open_recipient (raw);
  supports (raw);
  answer_info (raw, end, "result", INFO ("<feature var='urn:example:forged'/>"));
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_NO);
  close_by_peer (raw, end);
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_UNKNOWN);

  end = raw_open_recipient (raw);
  supports (raw);
  answer_info (raw, end, "result", CAN_A);
  close_by_peer (raw, end);
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_YES);
  g_assert_cmpint (xep174_feature_host_supports (puppet_host_of (raw), "tybalt@capulet", "urn:example:a"), ==,
                   XEP174_SUPPORT_YES);

  /* Without a stream only what the record stands for can change. */
  g_free (stage_take_log (raw->stage));
  g_signal_connect_swapped (raw->manager, "capabilities-changed", G_CALLBACK (on_capabilities), raw);
  show_ver (raw, ver, "");
  show_ver (raw, "two", "capabilities of romeo@montague\n");
  show_ver (raw, "three", "");
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_UNKNOWN);
  show_ver (raw, NULL, "");
  show_ver (raw, ver, "capabilities of romeo@montague\n");
  puppet_drop (raw);
}

/* A hash that flaps makes one question a minute; one that is known makes none. Only what changes is told. */
static void
test_supports_flapping (Raw           *raw,
                        gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  xep174_session_manager_set_find_ver (raw->manager, find_ver, NULL);
  g_object_set (raw->manager, "idle-interval", 0, NULL);
  shown_ver = "one";
  supports (raw);
  answer_info (raw, end, "result", CAN_A);
  g_free (stage_take_log (raw->stage));
  g_signal_connect_swapped (raw->manager, "capabilities-changed", G_CALLBACK (on_capabilities), raw);
  for (guint i = 0; i < 59; i++)
    {
      show_ver (raw, i % 2 ? "one" : "two", "");
      stage_advance (raw->stage, 1000);
    }
  raw_hear (raw, end, "<iq from='juliet@capulet' to='romeo@montague' type='get'"
                      " id='xep174-ping-1'><ping xmlns='urn:xmpp:ping'/></iq>");
  stage_advance (raw->stage, 1000);
  xep174_session_manager_note_ver (raw->manager, raw->peer);
  answer_info (raw, end, "result", CAN_A);
  raw_log (raw, "");
  stage_advance (raw->stage, 60000);
  g_free (memory_stream_hear (end));
  xep174_session_manager_note_ver (raw->manager, raw->peer);
  answer_info (raw, end, "result", INFO (""));
  raw_log (raw, "capabilities of romeo@montague\n");
  g_assert_cmpint (supports (raw), ==, XEP174_SUPPORT_NO);
  puppet_drop (raw);
}

/* --- What we can do -------------------------------------------------------------------------- */

static void
expect_info (Raw          *raw,
             MemoryStream *end,
             const char   *node,
             const char   *expected)
{
  g_autofree char *iq = g_strdup_printf ("<iq type='get' id='1'><query%s"
                                         " xmlns='http://jabber.org/protocol/disco#info'/></iq>", node);
  g_autofree char *heard = NULL;

  raw_say (raw, end, iq);
  heard = memory_stream_hear (end);
  g_assert_nonnull (strstr (heard, expected));
}

/* What is announced follows the features, and the hash follows it. */
static void
test_announces (Raw           *raw,
                gconstpointer  data)
{
  static const char *const announces[] = { "urn:example:z", "urn:xmpp:ping", "urn:example:b", NULL };
  static const char all[] = "<feature var='http://jabber.org/protocol/disco#info'/>"
                            "<feature var='urn:example:b'/><feature var='urn:example:z'/>"
                            "<feature var='urn:xmpp:ping'/></query>";
  MemoryStream *end = raw_open_recipient (raw);
  Puppet *a = puppet_added (raw, "one", "urn:example:a");
  g_autofree char *before = NULL, *after = NULL, *node = NULL, *old_node = NULL;

  g_object_get (raw->manager, "capabilities", &before, NULL);
  xep174_feature_set_announces (XEP174_FEATURE (a), announces);
  g_object_get (raw->manager, "capabilities", &after, NULL);
  g_assert_cmpstr (before, !=, after);
  node = g_strdup_printf (" node='" XEP174_CAPS_NODE "#%s'", after);
  old_node = g_strdup_printf (" node='" XEP174_CAPS_NODE "#%s'", before);
  expect_info (raw, end, "", all);
  expect_info (raw, end, node, all);
  expect_info (raw, end, node, node);
  expect_info (raw, end, old_node, "item-not-found");

  xep174_feature_host_remove_feature (puppet_host_of (raw), XEP174_FEATURE (a));
  g_clear_pointer (&after, g_free);
  g_object_get (raw->manager, "capabilities", &after, NULL);
  g_assert_cmpstr (before, ==, after);
  puppet_drop (raw);
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/capabilities/D20/supports", test_supports);
  ADD ("/capabilities/D20/supports-told", test_supports_told);
  ADD ("/capabilities/D20/supports-legacy", test_supports_legacy);
  ADD ("/capabilities/X8/supports-many", test_supports_many);
  ADD ("/capabilities/D20/supports-silent", test_supports_silent);
  ADD ("/capabilities/D20/supports-hash", test_supports_hash);
  ADD ("/capabilities/D20/supports-flapping", test_supports_flapping);
  ADD ("/capabilities/D20/announces", test_announces);
  return g_test_run ();
}
