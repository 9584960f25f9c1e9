/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Octets inside of the conversation (XEP-0047): the examples of the document, and what is refused. */

#include <string.h>

#include "parsed.h"
#include "xep174-ibb-private.h"

#define IBB "xmlns='http://jabber.org/protocol/ibb' sid='i781hf64'"
#define DATA(text) "<data " IBB " seq='0'>" text "</data>"

static const struct
{
  const char *xml;
  guint word, block_size, seq;
  const char *octets;
} rows[] = {
  /* Examples 1, 4 and 7. */
  { "<open " IBB " block-size='4096' stanza='iq'/>", XEP174_IBB_OPEN, .block_size = 4096 },
  { "<open " IBB " block-size='65535'/>", XEP174_IBB_OPEN, .block_size = 65535 },
  { "<close " IBB "/>", XEP174_IBB_CLOSE },
  { DATA ("SGVsbG8="), XEP174_IBB_DATA, .octets = "Hello" },
  { "<data " IBB " seq='65535'>AA==</data>", XEP174_IBB_DATA, .seq = 65535, .octets = "" },
  { DATA ("SGVs"), XEP174_IBB_DATA, .octets = "Hel" },
  { DATA ("SGVsbA=="), XEP174_IBB_DATA, .octets = "Hell" },
  { DATA ("+/+/"), XEP174_IBB_DATA, .octets = "\xfb\xff\xbf" },
};

static const char *const refused[] = {
  "<open " IBB "/>",
  "<open " IBB " block-size='0'/>",
  "<open " IBB " block-size='65536'/>",
  "<open " IBB " block-size='-1'/>",
  "<open " IBB " block-size='4096' stanza='message'/>",
  "<open xmlns='http://jabber.org/protocol/ibb' block-size='4096'/>",
  "<open xmlns='http://jabber.org/protocol/ibb' sid='' block-size='4096'/>",
  "<close xmlns='http://jabber.org/protocol/ibb'/>",
  "<close xmlns='urn:other' sid='i781hf64'/>",
  "<shut " IBB "/>",
  "<data " IBB ">SGVs</data>",
  "<data " IBB " seq='65536'>SGVs</data>",
  "<data " IBB " seq='1x'>SGVs</data>",
  /* What is no octet, or is said in another way than the one. */
  DATA (""),
  DATA ("<x/>"),
  DATA ("SGVsb"),
  DATA ("SGVsbG8"),
  DATA ("SGVs bG8="),
  DATA ("SGVs\nSGVs"),
  DATA ("SGVsbG9="),
  DATA ("SGVsbB=="),
  DATA ("===="),
  DATA ("S==="),
  DATA ("SG=s"),
  DATA ("SGVs===="),
  DATA ("SG-_"),
  DATA ("SG\xc3\xa4s"),
};

static void
test_read (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(Xep174Element) element = parse (rows[i].xml);
      g_auto(Xep174Ibb) ibb = { 0 };
      g_autoptr(Xep174Element) again = NULL;
      g_auto(Xep174Ibb) same = { 0 };
      const char *why = NULL;

      g_assert_true (xep174_ibb_read (&ibb, element, &why));
      g_assert_cmpint (ibb.word, ==, rows[i].word);
      g_assert_cmpstr (ibb.sid, ==, "i781hf64");
      g_assert_cmpuint (ibb.block_size, ==, rows[i].block_size);
      g_assert_cmpuint (ibb.seq, ==, rows[i].seq);

      again = xep174_ibb_to_element (&ibb);
      g_assert_true (xep174_ibb_read (&same, again, &why));
      g_assert_cmpint (same.word, ==, ibb.word);
      g_assert_cmpuint (same.block_size, ==, ibb.block_size);
      g_assert_cmpuint (same.seq, ==, ibb.seq);
      if (rows[i].octets == NULL)
        {
          g_assert_null (ibb.octets);
          continue;
        }
      g_assert_cmpmem (g_bytes_get_data (ibb.octets, NULL), g_bytes_get_size (ibb.octets), rows[i].octets,
                       MAX (1, strlen (rows[i].octets)));
      g_assert_true (g_bytes_equal (ibb.octets, same.octets));
    }
}

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(Xep174Element) element = parse (refused[i]);
      g_auto(Xep174Ibb) ibb = { 0 };
      const char *why = NULL;

      if (xep174_ibb_read (&ibb, element, &why))
        g_error ("this was read: %s", refused[i]);
      g_assert_nonnull (why);
      g_assert_null (ibb.sid);
      g_assert_null (ibb.octets);
    }
}

/* Every length, and none above that of a block. */
static void
test_lengths (void)
{
  g_autofree guint8 *octets = g_malloc (XEP174_IBB_MAX_BLOCK + 1);

  for (guint i = 0; i <= XEP174_IBB_MAX_BLOCK; i++)
    octets[i] = i * 7 + i / 256;

  for (guint length = 1; length <= XEP174_IBB_MAX_BLOCK + 1; length += length < 70 ? 1 : 16367)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (octets, length);
      Xep174Ibb ibb = { XEP174_IBB_DATA, (char *) "sid", .seq = 9, .octets = bytes };
      g_autoptr(Xep174Element) element = xep174_ibb_to_element (&ibb);
      g_auto(Xep174Ibb) same = { 0 };
      const char *why = NULL;

      g_assert_cmpint (xep174_ibb_read (&same, element, &why), ==, length <= XEP174_IBB_MAX_BLOCK);
      if (length <= XEP174_IBB_MAX_BLOCK)
        g_assert_true (g_bytes_equal (bytes, same.octets));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ibb/read", test_read);
  g_test_add_func ("/ibb/refused", test_refused);
  g_test_add_func ("/ibb/lengths", test_lengths);

  return g_test_run ();
}
