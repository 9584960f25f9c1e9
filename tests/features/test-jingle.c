/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One file in Jingle (XEP-0234, XEP-0260, XEP-0261): the examples of these documents, and what is refused. */

#include "parsed.h"
#include "xep174-jingle-private.h"

#define JINGLE(action, inside) \
  "<jingle xmlns='urn:xmpp:jingle:1' action='" action "' initiator='romeo@montague.example' sid='851ba2'>" \
  inside "</jingle>"
#define CONTENT(inside) \
  "<content creator='initiator' name='a-file-offer' senders='initiator'>" inside "</content>"
#define FILE(inside) \
  "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>" inside "</file></description>"
#define S5B(inside) \
  "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='vj3hs98y'>" inside "</transport>"
#define IBB(attributes) "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='ch3d9s71' " attributes "/>"
#define CANDIDATE(host, type) \
  "<candidate cid='c' host='" host "' jid='j' port='5086' priority='8257636' type='" type "'/>"
#define TEST "<name>test.txt</name><size>6144</size>"
#define SHA1 "<hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>w0mcJylzCn+AfvuGdqkty2+KP48=</hash>"
#define EMPTY "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define SHA256 "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>" EMPTY "</hash>"
#define FOLDER(attributes) "<folder xmlns='urn:libxep174:folder' " attributes "/>"
#define CHECKSUM(inside) \
  "<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5' creator='initiator' name='a-file-offer'>" \
  inside "</checksum>"

#define OFFER(file, way) JINGLE ("session-initiate", CONTENT (FILE (file) way))

static const struct
{
  const char *xml;
  guint action, about, way, candidates;
  guint64 size, offset;
  gboolean ranged, goes_on, hashed;
  const char *reason;
  gboolean is_folder;
  guint n_files;
  guint64 manifest;
} rows[] = {
  /* XEP-0234 examples 3 and 5; only SHA-256 counts. */
  { JINGLE ("session-initiate", CONTENT (
      FILE ("<date>1969-07-21T02:56:15Z</date><desc>This is a test.</desc><media-type>text/plain</media-type>"
            "<range/>" TEST SHA1)
      S5B (CANDIDATE ("192.168.4.1", "direct") CANDIDATE ("24.24.24.1", "direct")))),
    XEP174_JINGLE_INITIATE, .way = XEP174_JINGLE_WAY_S5B, .candidates = 2, .size = 6144, .ranged = TRUE },
  { JINGLE ("session-accept", CONTENT (
      FILE (TEST "<range offset='1024'/>" SHA256)
      S5B (CANDIDATE ("192.169.1.10", "direct") CANDIDATE ("134.102.201.180", "assisted")
           CANDIDATE ("2001:638:708:30c9:219:d1ff:fea4:a17d", "direct")))),
    XEP174_JINGLE_ACCEPT, .way = XEP174_JINGLE_WAY_S5B, .candidates = 3, .size = 6144, .offset = 1024,
    .ranged = TRUE, .goes_on = TRUE, .hashed = TRUE },
  { JINGLE ("session-accept", CONTENT (FILE ("<range offset='7'/>") S5B (""))), XEP174_JINGLE_ACCEPT,
    .way = XEP174_JINGLE_WAY_S5B, .size = G_MAXINT64, .offset = 7, .ranged = TRUE,
    .goes_on = TRUE },
  { JINGLE ("session-initiate", CONTENT (
      FILE ("<name>x</name><size>0</size><range offset='0'/>"
            "<hash-used xmlns='urn:xmpp:hashes:2' algo='sha-256'/>") S5B (""))),
    XEP174_JINGLE_INITIATE, .way = XEP174_JINGLE_WAY_S5B, .ranged = TRUE, .goes_on = TRUE },
  /* Ours: a folder, with a hash or without. */
  { OFFER (TEST FOLDER ("files='2' manifest='37'"), S5B ("")), XEP174_JINGLE_INITIATE,
    .way = XEP174_JINGLE_WAY_S5B, .size = 6144, .is_folder = TRUE, .n_files = 2, .manifest = 37 },
  { OFFER (TEST FOLDER ("files='4294967295' manifest='6144'") SHA256, S5B ("")), XEP174_JINGLE_INITIATE,
    .way = XEP174_JINGLE_WAY_S5B, .size = 6144, .hashed = TRUE, .is_folder = TRUE, .n_files = G_MAXUINT,
    .manifest = 6144 },
  { OFFER ("<name>x</name><size>0</size>" FOLDER ("files='0' manifest='0'"), S5B ("")),
    XEP174_JINGLE_INITIATE, .way = XEP174_JINGLE_WAY_S5B, .is_folder = TRUE },
  /* Somebody else's. */
  { OFFER (TEST "<folder files='2' manifest='37'/><folder xmlns='urn:x' files='2' manifest='37'/>", S5B ("")),
    XEP174_JINGLE_INITIATE, .way = XEP174_JINGLE_WAY_S5B, .size = 6144 },
  /* What cannot be used is left out. */
  { JINGLE ("session-initiate", CONTENT (
      FILE (TEST) S5B (CANDIDATE ("streamer.shakespeare.lit", "proxy") CANDIDATE ("123.456.7.8", "direct")
                       CANDIDATE ("10.0.0.1", "proxy") CANDIDATE ("fe80::1%lo", "direct")
                       CANDIDATE ("fe80::1", "direct")))),
    XEP174_JINGLE_INITIATE, .way = XEP174_JINGLE_WAY_S5B, .candidates = 1, .size = 6144 },
  /* Examples 14 to 17, and reasons. */
  { JINGLE ("session-info", CHECKSUM ("<file>" SHA256 "</file>")), XEP174_JINGLE_INFO,
    XEP174_JINGLE_ABOUT_CHECKSUM, .hashed = TRUE },
  { JINGLE ("session-info", CHECKSUM ("<file>" SHA1 "</file>")), XEP174_JINGLE_INFO },
  { JINGLE ("session-info", "<received xmlns='urn:xmpp:jingle:apps:file-transfer:5' creator='initiator'"
                            " name='a-file-offer'/>"),
    XEP174_JINGLE_INFO, XEP174_JINGLE_ABOUT_RECEIVED },
  { JINGLE ("session-info", "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>"), XEP174_JINGLE_INFO },
  { JINGLE ("session-terminate", "<reason><cancel/></reason>"), XEP174_JINGLE_TERMINATE, .reason = "cancel" },
  { JINGLE ("session-terminate", "<reason><text>no</text><cancel/></reason>"), XEP174_JINGLE_TERMINATE,
    .reason = "cancel" },
  { JINGLE ("session-terminate", "<reason><media-error/><file-too-large/></reason>"),
    XEP174_JINGLE_TERMINATE, .reason = "media-error" },
  { JINGLE ("session-terminate", ""), XEP174_JINGLE_TERMINATE },
  /* XEP-0260 examples 7, 9, 16 and 18. */
  { JINGLE ("transport-info", CONTENT (S5B ("<candidate-used cid='hr65dqyd'/>"))),
    XEP174_JINGLE_TRANSPORT_INFO, XEP174_JINGLE_ABOUT_USED, XEP174_JINGLE_WAY_S5B },
  { JINGLE ("transport-info", CONTENT (S5B ("<candidate-error/>"))), XEP174_JINGLE_TRANSPORT_INFO,
    XEP174_JINGLE_ABOUT_ERROR, XEP174_JINGLE_WAY_S5B },
  { JINGLE ("transport-replace", CONTENT (IBB ("block-size='4096'"))), XEP174_JINGLE_TRANSPORT_REPLACE,
    .way = XEP174_JINGLE_WAY_IBB },
  { JINGLE ("transport-accept", CONTENT (IBB ("block-size='2048'"))), XEP174_JINGLE_TRANSPORT_ACCEPT,
    .way = XEP174_JINGLE_WAY_IBB },
  { JINGLE ("transport-reject", ""), XEP174_JINGLE_TRANSPORT_REJECT },
};

/* What we write of it is read as the same. */
static void
check_again (const Xep174Jingle *jingle)
{
  g_autoptr(Xep174Element) element = xep174_jingle_to_element (jingle);
  g_auto(Xep174Jingle) same = { 0 };
  const char *why = NULL;

  g_assert_true (xep174_jingle_read (&same, element, &why));
  g_assert_cmpint (same.action, ==, jingle->action);
  g_assert_cmpstr (same.sid, ==, jingle->sid);
  g_assert_cmpint (same.about, ==, jingle->about);
  g_assert_cmpstr (same.cid, ==, jingle->cid);
  g_assert_cmpint (same.way, ==, jingle->way);
  g_assert_cmpstr (same.way_sid, ==, jingle->way_sid);
  g_assert_cmpuint (same.block_size, ==, jingle->block_size);
  g_assert_cmpstr (same.file.name, ==, jingle->file.name);
  g_assert_cmpuint (same.file.size, ==, jingle->file.size);
  g_assert_cmpuint (same.file.offset, ==, jingle->file.offset);
  g_assert_cmpint (same.file.hashed, ==, jingle->file.hashed);
  g_assert_cmpint (same.file.is_folder, ==, jingle->file.is_folder);
  g_assert_cmpuint (same.file.n_files, ==, jingle->file.n_files);
  g_assert_cmpuint (same.file.manifest, ==, jingle->file.manifest);
  g_assert_cmpstr (same.reason, ==, jingle->reason);
  if (jingle->candidates != NULL)
    g_assert_cmpuint (same.candidates->len, ==, jingle->candidates->len);
}

static void
test_examples (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(Xep174Element) element = parse (rows[i].xml);
      g_auto(Xep174Jingle) jingle = { 0 };
      const char *why = NULL;
      gboolean right = xep174_jingle_read (&jingle, element, &why);

      if (!right)
        g_error ("%s: %s", rows[i].xml, why);
      g_assert_cmpint (jingle.action, ==, rows[i].action);
      g_assert_cmpstr (jingle.sid, ==, "851ba2");
      g_assert_cmpint (jingle.about, ==, rows[i].about);
      g_assert_cmpint (jingle.way, ==, rows[i].way);
      g_assert_cmpuint (jingle.candidates != NULL ? jingle.candidates->len : 0, ==, rows[i].candidates);
      g_assert_cmpuint (jingle.file.size, ==, rows[i].size);
      g_assert_cmpuint (jingle.file.offset, ==, rows[i].offset);
      g_assert_cmpint (jingle.file.ranged, ==, rows[i].ranged);
      g_assert_cmpint (jingle.file.goes_on, ==, rows[i].goes_on);
      g_assert_cmpint (jingle.file.hashed, ==, rows[i].hashed);
      g_assert_cmpint (jingle.file.is_folder, ==, rows[i].is_folder);
      g_assert_cmpuint (jingle.file.n_files, ==, rows[i].n_files);
      g_assert_cmpuint (jingle.file.manifest, ==, rows[i].manifest);
      g_assert_cmpstr (jingle.reason, ==, rows[i].reason);
      check_again (&jingle);
    }
}

static const char *const refused[] = {
  "<jingle xmlns='urn:xmpp:jingle:0' action='session-terminate' sid='a'/>",
  "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate'/>",
  "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid=''/>",
  "<jingle xmlns='urn:xmpp:jingle:1' sid='a'/>",
  JINGLE ("content-add", CONTENT (FILE (TEST) S5B (""))),
  JINGLE ("session-initiate", ""),
  JINGLE ("session-initiate", CONTENT (FILE (TEST) S5B ("")) CONTENT (FILE (TEST) S5B (""))),
  JINGLE ("session-initiate", CONTENT (S5B (""))),
  JINGLE ("session-initiate", CONTENT (FILE (TEST))),
  JINGLE ("session-initiate", CONTENT ("<description xmlns='urn:xmpp:jingle:apps:rtp:1'/>" S5B (""))),
  /* Who asks for a file of ours. */
  JINGLE ("session-initiate", "<content creator='initiator' name='x' senders='responder'>"
          FILE (TEST) S5B ("") "</content>"),
  JINGLE ("session-initiate", "<content creator='responder' name='x' senders='initiator'>"
          FILE (TEST) S5B ("") "</content>"),
  OFFER ("<name>x</name>", S5B ("")),
  OFFER ("<size>1</size>", S5B ("")),
  OFFER ("<name/><size>1</size>", S5B ("")),
  OFFER ("<name>x</name><size>-1</size>", S5B ("")),
  OFFER ("<name>x</name><size> 1</size>", S5B ("")),
  OFFER ("<name>x</name><size>9223372036854775808</size>", S5B ("")),
  OFFER (TEST "<range offset='6145'/>", S5B ("")),
  OFFER (TEST "<range offset='-1'/>", S5B ("")),
  OFFER (TEST "<range offset=''/>", S5B ("")),
  OFFER (TEST "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>AAAA</hash>", S5B ("")),
  OFFER (TEST FOLDER (""), S5B ("")),
  OFFER (TEST FOLDER ("files='1'"), S5B ("")),
  OFFER (TEST FOLDER ("manifest='1'"), S5B ("")),
  OFFER (TEST FOLDER ("files='' manifest='1'"), S5B ("")),
  OFFER (TEST FOLDER ("files='-1' manifest='1'"), S5B ("")),
  OFFER (TEST FOLDER ("files='+1' manifest='1'"), S5B ("")),
  OFFER (TEST FOLDER ("files='one' manifest='1'"), S5B ("")),
  OFFER (TEST FOLDER ("files='4294967296' manifest='1'"), S5B ("")),
  OFFER (TEST FOLDER ("files='1' manifest=''"), S5B ("")),
  OFFER (TEST FOLDER ("files='1' manifest='-1'"), S5B ("")),
  OFFER (TEST FOLDER ("files='1' manifest=' 1'"), S5B ("")),
  OFFER (TEST FOLDER ("files='1' manifest='6145'"), S5B ("")),
  OFFER (TEST FOLDER ("files='1' manifest='18446744073709551616'"), S5B ("")),
  OFFER (TEST, "<transport xmlns='urn:xmpp:jingle:transports:s5b:1'/>"),
  OFFER (TEST, "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='s' mode='udp'/>"),
  OFFER (TEST, "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' sid='s'/>"),
  OFFER (TEST, IBB ("")),
  OFFER (TEST, IBB ("block-size='0'")),
  OFFER (TEST, IBB ("block-size='65536'")),
  JINGLE ("transport-info", CONTENT (S5B (""))),
  JINGLE ("transport-info", CONTENT (S5B ("<candidate-used/>"))),
  JINGLE ("transport-replace", CONTENT ("")),
  JINGLE ("session-info", CHECKSUM ("")),
  JINGLE ("session-info", CHECKSUM ("<file><hash xmlns='urn:xmpp:hashes:2' algo='sha-256'/></file>")),
};

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(Xep174Element) element = parse (refused[i]);
      g_auto(Xep174Jingle) jingle = { 0 };
      const char *why = NULL;

      if (xep174_jingle_read (&jingle, element, &why))
        g_error ("%s is taken", refused[i]);
      g_assert_nonnull (why);
      g_assert_null (jingle.sid);
      g_assert_null (jingle.candidates);
    }
}

static void
test_many_candidates (void)
{
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autofree char *whole = NULL;
  g_autoptr(Xep174Element) element = NULL;
  g_auto(Xep174Jingle) jingle = { 0 };
  const char *why = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (xml, CANDIDATE ("10.0.0.1", "direct"));
  whole = g_strdup_printf (OFFER (TEST, S5B ("%s")), xml->str);
  element = parse (whole);
  g_assert_true (xep174_jingle_read (&jingle, element, &why));
  g_assert_cmpuint (jingle.candidates->len, ==, XEP174_JINGLE_MAX_CANDIDATES);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jingle/examples", test_examples);
  g_test_add_func ("/jingle/refused", test_refused);
  g_test_add_func ("/jingle/many-candidates", test_many_candidates);

  return g_test_run ();
}
