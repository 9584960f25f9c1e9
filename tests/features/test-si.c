/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Stream initiation (XEP-0096) and bytestreams (XEP-0065) as elements: the examples of these documents,
 * what libpurple sends, and what is refused. */

#include "parsed.h"
#include "xep174-si-private.h"

#define FILE_NS "http://jabber.org/protocol/si/profile/file-transfer"
#define FORM(option) \
  "<feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='form'>" \
  "<field var='stream-method' type='list-single'>" option "</field></x></feature>"
#define OPTION(value) "<option><value>" value "</value></option>"
#define BYTES OPTION ("http://jabber.org/protocol/bytestreams")
#define IBB OPTION ("http://jabber.org/protocol/ibb")
#define SI(attributes, inside) "<si xmlns='http://jabber.org/protocol/si' " attributes ">" inside "</si>"
#define PROFILE "profile='" FILE_NS "'"
#define FILE(attributes) "<file xmlns='" FILE_NS "' " attributes "/>"

/* --- Offers ---------------------------------------------------------------------------------- */

static const struct
{
  const char *xml, *sid, *name, *media_type;
  guint64 size;
  gboolean ranged;
} offers[] = {
  /* XEP-0096 example 1. */
  { SI ("id='a0' mime-type='text/plain' " PROFILE, FILE ("name='test.txt' size='1022'") FORM (BYTES IBB)),
    "a0", "test.txt", "text/plain", 1022, FALSE },
  /* Example 3. */
  { SI ("id='a0' mime-type='text/plain' " PROFILE,
        "<file xmlns='" FILE_NS "' name='test.txt' size='1022' hash='552da749930852c69ae5d2141d3766b1'"
        " date='1969-07-21T02:56:15Z'><desc>This is a test.</desc><range/></file>" FORM (IBB BYTES)),
    "a0", "test.txt", "text/plain", 1022, TRUE },
  /* libpurple's: ids are counted from 0. */
  { SI (PROFILE " id='0'", FILE ("name='a b.txt' size='0'") FORM (BYTES)), "0", "a b.txt", NULL, 0, FALSE },
  { SI (PROFILE " id='1'", FILE ("name='../x' size='9223372036854775807'") FORM (BYTES)), "1", "../x", NULL,
    G_MAXINT64, FALSE },
};

static void
test_offers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autoptr(Xep174Element) si = parse (offers[i].xml);
      g_autoptr(Xep174Element) again = NULL;
      g_auto(Xep174FileInfo) info = { 0 };
      g_auto(Xep174FileInfo) same = { 0 };
      g_autofree char *sid = NULL;
      g_autofree char *same_sid = NULL;
      const char *why = NULL;

      g_assert_true (xep174_si_read_offer (si, &sid, &info, &why));
      g_assert_cmpstr (sid, ==, offers[i].sid);
      g_assert_cmpstr (info.name, ==, offers[i].name);
      g_assert_cmpstr (info.media_type, ==, offers[i].media_type);
      g_assert_cmpuint (info.size, ==, offers[i].size);
      g_assert_cmpint (info.ranged, ==, offers[i].ranged);
      g_assert_false (info.hashed);

      again = xep174_si_new_offer (sid, &info);
      g_assert_true (xep174_si_read_offer (again, &same_sid, &same, &why));
      g_assert_cmpstr (same_sid, ==, sid);
      g_assert_cmpstr (same.name, ==, info.name);
      g_assert_cmpuint (same.size, ==, info.size);
    }
}

static const char *const refused_offers[] = {
  "<si xmlns='urn:other' id='a' " PROFILE "/>",
  SI ("id='a'", FILE ("name='x' size='1'") FORM (BYTES)),
  SI ("id='a' profile='urn:other'", FILE ("name='x' size='1'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FORM (BYTES)),
  SI ("id='a' " PROFILE, "<file name='x' size='1'/>" FORM (BYTES)),
  SI (PROFILE, FILE ("name='x' size='1'") FORM (BYTES)),
  SI ("id='' " PROFILE, FILE ("name='x' size='1'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("size='1'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='' size='1'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size=''") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size='-1'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size='+1'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size=' 1'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size='0x10'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size='1.5'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size='1e9'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size='9223372036854775808'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size='18446744073709551617'") FORM (BYTES)),
  SI ("id='a' " PROFILE, FILE ("name='x' size='1'")),
  SI ("id='a' " PROFILE, FILE ("name='x' size='1'") FORM ("")),
  SI ("id='a' " PROFILE, FILE ("name='x' size='1'") FORM (IBB)),
};

static void
assert_refused (const char *xml)
{
  g_autoptr(Xep174Element) si = parse (xml);
  g_auto(Xep174FileInfo) info = { 0 };
  g_autofree char *sid = NULL;
  const char *why = NULL;

  g_assert_false (xep174_si_read_offer (si, &sid, &info, &why));
  g_assert_nonnull (why);
  g_assert_null (sid);
  g_assert_null (info.name);
}

static void
test_refused_offers (void)
{
  g_autofree char *text = g_strnfill (XEP174_FILE_MAX_TEXT + 1, 'x');
  g_autofree char *long_id
    = g_strdup_printf (SI ("id='%s' " PROFILE, FILE ("name='x' size='1'") FORM (BYTES)), text);
  g_autofree char *long_name
    = g_strdup_printf (SI ("id='a' " PROFILE, FILE ("name='%s' size='1'") FORM (BYTES)), text);

  for (guint i = 0; i < G_N_ELEMENTS (refused_offers); i++)
    assert_refused (refused_offers[i]);
  assert_refused (long_id);
  assert_refused (long_name);
}

#define CHOICE(value) \
  SI ("", "<feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='submit'>" \
          "<field var='stream-method'><value>" value "</value></field></x></feature>")

static void
test_answers (void)
{
  static const struct { gboolean right; const char *xml; } rows[] = {
    /* XEP-0096 example 2. */
    { TRUE, CHOICE ("http://jabber.org/protocol/bytestreams") },
    { FALSE, CHOICE ("http://jabber.org/protocol/ibb") },
    { FALSE, SI ("", "") },
    { FALSE, "<query xmlns='http://jabber.org/protocol/si'/>" },
  };
  g_autoptr(Xep174Element) own = xep174_si_new_answer ();
  const char *why = NULL;

  g_assert_true (xep174_si_read_answer (own, &why));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(Xep174Element) si = parse (rows[i].xml);

      g_assert_cmpint (xep174_si_read_answer (si, &why), ==, rows[i].right);
    }
}

/* --- Hosts ----------------------------------------------------------------------------------- */

#define QUERY(attributes, inside) \
  "<query xmlns='http://jabber.org/protocol/bytestreams' " attributes ">" inside "</query>"
#define HOST(host, port) "<streamhost jid='j' host='" host "' port='" port "'/>"

static const struct
{
  const char *xml;
  guint n; /* 0 if it is refused */
} hosts[] = {
  { QUERY ("sid='s' mode='tcp'", HOST ("192.168.4.1", "5086")), 1 },
  { QUERY ("sid='s'", HOST ("192.168.4.1", "5086") HOST ("fe80::1", "5086") HOST ("::1", "1")), 3 },
  /* What cannot be used is left out: a name might be of any host. */
  { QUERY ("sid='s'", HOST ("streamer.shakespeare.lit", "7625") HOST ("10.0.0.1", "65535")), 1 },
  { QUERY ("sid='s'", HOST ("10.0.0.1", "0") HOST ("10.0.0.1", "65536") HOST ("10.0.0.1", "")
           HOST ("fe80::1%lo", "80") HOST ("10.0.0.1", "-1") HOST ("10.0.0.1", "80x") HOST ("", "80")
           "<streamhost host='10.0.0.1' port='1'/><streamhost jid='j' port='1'/>"
           "<streamhost jid='j' host='10.0.0.1'/><other/>"), 0 },
  { QUERY ("sid='s' mode='udp'", HOST ("10.0.0.1", "1")), 0 },
  { QUERY ("sid=''", HOST ("10.0.0.1", "1")), 0 },
  { QUERY ("", HOST ("10.0.0.1", "1")), 0 },
  { QUERY ("sid='s'", ""), 0 },
  { "<query xmlns='urn:other' sid='s'/>", 0 },
};

static void
test_hosts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr(Xep174Element) query = parse (hosts[i].xml);
      g_autoptr(Xep174Element) again = NULL;
      g_autoptr(GPtrArray) found = NULL;
      g_autoptr(GPtrArray) same = NULL;
      g_autofree char *sid = NULL;
      g_autofree char *same_sid = NULL;
      const char *why = NULL;

      found = xep174_si_read_hosts (query, &sid, &why);
      g_assert_cmpuint (found != NULL ? found->len : 0, ==, hosts[i].n);
      if (found == NULL)
        {
          g_assert_nonnull (why);
          continue;
        }
      again = xep174_si_new_hosts (sid, found);
      same = xep174_si_read_hosts (again, &same_sid, &why);
      g_assert_cmpuint (same->len, ==, found->len);
    }
}

static void
test_many_hosts (void)
{
  g_autoptr(GPtrArray) many = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_stream_host_free);
  g_autoptr(Xep174Element) query = NULL;
  g_autoptr(GPtrArray) found = NULL;
  g_autofree char *sid = NULL;
  const char *why = NULL;

  for (guint i = 0; i < 1000; i++)
    g_ptr_array_add (many, xep174_stream_host_new ("j", "10.0.0.1", 1 + i));
  query = xep174_si_new_hosts ("s", many);
  found = xep174_si_read_hosts (query, &sid, &why);
  g_assert_cmpuint (found->len, ==, XEP174_SI_MAX_HOSTS);
  g_assert_cmpuint (((Xep174StreamHost *) g_ptr_array_index (found, 0))->port, ==, 1);
}

static void
test_used (void)
{
  g_autoptr(Xep174Element) used = xep174_si_new_used ("s", "who");
  g_autoptr(Xep174Element) none = parse (QUERY ("", "<streamhost-used/>"));
  g_autofree char *jid = NULL;
  const char *why = NULL;

  jid = xep174_si_read_used (used, &why);
  g_assert_cmpstr (jid, ==, "who");
  g_assert_null (xep174_si_read_used (none, &why));
  g_assert_nonnull (why);
}

/* --- Hashes ---------------------------------------------------------------------------------- */

#define HASH(algo, text) "<hash xmlns='urn:xmpp:hashes:2' algo='" algo "'>" text "</hash>"
/* The SHA-256 of nothing. */
#define EMPTY "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static void
test_hashes (void)
{
  static const struct { gboolean right, hashed; const char *inside; } rows[] = {
    { TRUE, TRUE, HASH ("sha-256", EMPTY) },
    { TRUE, TRUE, HASH ("sha-1", "w0mcJylzCn+AfvuGdqkty2+KP48=") HASH ("sha-256", EMPTY) },
    { TRUE, FALSE, HASH ("sha-1", "w0mcJylzCn+AfvuGdqkty2+KP48=") },
    { TRUE, FALSE, "<hash-used xmlns='urn:xmpp:hashes:2' algo='sha-256'/>" },
    { TRUE, FALSE, "<hash algo='sha-256'>" EMPTY "</hash>" },
    { FALSE, FALSE, HASH ("sha-256", "") },
    { FALSE, FALSE, HASH ("sha-256", "w0mcJylzCn+AfvuGdqkty2+KP48=") },
    { FALSE, FALSE, HASH ("sha-256", " " EMPTY) },
    { FALSE, FALSE, HASH ("sha-256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=") },
    { FALSE, FALSE, HASH ("sha-256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSu!U=") },
    { FALSE, FALSE, HASH ("sha-256", EMPTY) HASH ("sha-256", EMPTY) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<file>%s</file>", rows[i].inside);
      g_autoptr(Xep174Element) file = parse (xml);
      g_auto(Xep174FileInfo) info = { 0 };

      g_assert_cmpint (xep174_file_read_sha256 (file, &info), ==, rows[i].right);
      if (rows[i].hashed)
        {
          Xep174Element *hash = xep174_file_append_hash (file, info.sha256);
          g_autofree char *text = xep174_element_dup_text (hash);

          g_assert_true (info.hashed);
          g_assert_cmpstr (text, ==, EMPTY);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/si/offers", test_offers);
  g_test_add_func ("/si/refused-offers", test_refused_offers);
  g_test_add_func ("/si/answers", test_answers);
  g_test_add_func ("/si/hosts", test_hosts);
  g_test_add_func ("/si/many-hosts", test_many_hosts);
  g_test_add_func ("/si/used", test_used);
  g_test_add_func ("/si/hashes", test_hashes);

  return g_test_run ();
}
