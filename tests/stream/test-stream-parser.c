/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream-transcript.h"

#include <string.h>

#define H \
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
#define N "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>"
#define F "</stream:stream>"
#define C " xmlns='jabber:client'"
#define T4 "<n>a</n>b<n>c</n><n>d<o>e</o></n>f"
#define T16 T4 T4 T4 T4
#define S " xmlns='http://etherx.jabber.org/streams'"

typedef struct
{
  const char *name;
  const char *octets;
  const char *transcript;
} Case;

/* X1, X2, X4: the headers of the clients out there. */
static const Case header_cases[] = {
  { "xep-0174",
    "<stream:stream\n    xmlns='jabber:client'\n    xmlns:stream='http://etherx.jabber.org/streams'"
    "\n    from='juliet@pronto'\n    to='romeo@forza'\n    version='1.0'>",
    "H from='juliet@pronto' to='romeo@forza' version='1.0'\n" },
  { "libpurple",
    "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<stream:stream xmlns=\"jabber:client\" "
    "xmlns:stream=\"http://etherx.jabber.org/streams\" from=\"romeo@forza\" to=\"\">",
    "H from='romeo@forza' to=''\n" },
  { "wocky",
    "<?xml version='1.0' encoding='UTF-8'?>\n<stream:stream xmlns='jabber:client' xmlns:stream='"
    "http://etherx.jabber.org/streams' to='juliet@pronto' from='' version='1.0'>\n"
    "<stream:features/>\n",
    "H to='juliet@pronto' from='' version='1.0'\nE <features" S "/>\n" },
  { "kopete-pipelines",
    "<?xml version='1.0' encoding='UTF-8' ?><stream:stream to='juliet@pronto' from='romeo@forza' "
    "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
    "<message to='juliet@pronto' from='romeo@forza'><body>hi</body></message>",
    "H to='juliet@pronto' from='romeo@forza'\n"
    "E <message" C " to='juliet@pronto' from='romeo@forza'><body>hi</body></message>\n" },
  { "adium-address-with-underscores",
    "<?xml version='1.0'?><stream:stream to='192_168_1_2' from='romeo@forza' xmlns='jabber:client'"
    " xmlns:stream='http://etherx.jabber.org/streams'>",
    "H to='192_168_1_2' from='romeo@forza'\n" },
  { "old-ichat-without-names", H, "H\n" },
  { "no-default-namespace",
    "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>"
    "<message><body>hi</body><x xmlns='urn:x'><y/></x></message>",
    "H\nE <message" C "><body>hi</body><x xmlns='urn:x'><y/></x></message>\n" },
  { "another-prefix",
    "<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client'><iq/></s:stream>",
    "H\nE <iq" C "/>\nF\n" },
  { "streams-as-default",
    "<stream xmlns='http://etherx.jabber.org/streams'><message" C "/><error/></stream>",
    "H\nE <message" C "/>\nE <error" S "/>\nF\n" },
  { "white-space-before", "\r\n\t " H F, "H\nF\n" },
  { "utf-8-in-any-case", "<?xml version='1.0' encoding = \"utf-8\"?>" H, "H\n" },
  { "standalone", "<?xml version='1.0' standalone='yes'?>" H, "H\n" },
  { "names-in-utf-8", "<stream:stream xmlns='jabber:client' from='J\xc3\xbclia \xe2\x98\x83@a (2)' "
    "xmlns:stream='http://etherx.jabber.org/streams' id='&lt;&#39;'>",
    "H from='J\xc3\xbclia \xe2\x98\x83@a (2)' id='&lt;&apos;'\n" },
  { "version-2-is-for-others",
    "<stream:stream xmlns='jabber:client' version='2.0' xml:lang='de' "
    "xmlns:stream='http://etherx.jabber.org/streams'>",
    "H version='2.0' xml:lang='de'\n" },
  { "empty-stream",
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'/><a/>",
    "H\nF\n" },
  { "not-a-stream", "<message" C "/>", "! invalid-namespace\n" },
  { "wrong-stream-namespace", "<stream:stream" C " xmlns:stream='urn:x'>",
    "! invalid-namespace\n" },
  { "no-namespace", "<stream>", "! invalid-namespace\n" },
  { "two-octets", "<>", "! not-well-formed\n" },
  { "two-octets-after-space", " <>a", "! not-well-formed\n" },
  { "three-octets", "<n>", "! invalid-namespace\n" },
  { "three-octets-after-space", " <n>a", "! invalid-namespace\n" },
  { "wrong-content-namespace",
    "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>",
    "! invalid-namespace\n" },
  { "not-called-stream",
    "<stream:steam xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
    "! bad-format\n" },
  { "prefix-not-bound", "<stream:stream xmlns='jabber:client'>", "! not-well-formed\n" },
  { "http", "GET / HTTP/1.1\r\n\r\n", "! not-well-formed\n" },
  { "tls", "\x16\x03\x01\x02", "! not-well-formed\n" },
  { "footer-first", F, "! not-well-formed\n" },
};

static const Case content_cases[] = {
  { "messages",
    H "<message to='a'><body>one</body></message><message><body>two</body></message>" F,
    "H\nE <message" C " to='a'><body>one</body></message>\n"
    "E <message" C "><body>two</body></message>\nF\n" },
  { "keepalives", H " \n\t\r\n <iq/>\n\n\n<iq/> " F, "H\nE <iq" C "/>\nE <iq" C "/>\nF\n" },
  { "html",
    H "<message><body>a</body><html xmlns='http://www.w3.org/1999/xhtml'><body><p style=\"x: 'y'\">"
    "<b>a</b> b</p></body></html></message>",
    "H\nE <message" C "><body>a</body><html xmlns='http://www.w3.org/1999/xhtml'><body>"
    "<p style='x: &apos;y&apos;'><b>a</b> b</p></body></html></message>\n" },
  { "references",
    H "<m a='&lt;&amp;&#x41;&quot;'>&lt;&gt;&amp;&apos;&quot;&#65;&#x2603;</m>",
    "H\nE <m" C " a='&lt;&amp;A\"'>&lt;&gt;&amp;'\"A\xe2\x98\x83</m>\n" },
  { "cdata",
    H "<m>a<![CDATA[<b>&amp;]]]]><![CDATA[>]]><![CDATA[]]>c</m>",
    "H\nE <m" C ">a&lt;b&gt;&amp;amp;]]&gt;c</m>\n" },
  { "cdata-with-quotes",
    H "<m><![CDATA[it's < \" <x ]> ]]></m>" F,
    "H\nE <m" C ">it's &lt; \" &lt;x ]&gt; </m>\nF\n" },
  { "line-ends",
    H "<m a='1\r\n2\n3\t4'>x\r\ny\rz\n</m>",
    "H\nE <m" C " a='1 2 3 4'>x\ny\nz\n</m>\n" },
  { "brackets", H "<m>]] ]> ] > ]]]</m>", "H\nE <m" C ">]] ]&gt; ] &gt; ]]]</m>\n" },
  /* What goes past libxml2, and what looks like it and must not. */
  { "plain-text",
    H "<m>a<n>b</n>c<n >d</n\n>e<n x='1'>it's [1] > \"2\" #3\n\t</n >f<n></n>g<n/>h</m>",
    "H\nE <m" C ">a<n>b</n>c<n>d</n>e<n x='1'>it's [1] &gt; \"2\" #3\n\t</n>f<n/>g<n/>h</m>\n" },
  { "plain-and-other-text", H "<m>a<![CDATA[b]]>c<n>d&amp;e</n>f&gt;g<n>h\ri</n>j</m><k>l</k>",
    "H\nE <m" C ">abc<n>d&amp;e</n>f&gt;g<n>h\ni</n>j</m>\nE <k" C ">l</k>\n" },
  { "plain-text-of-prefixes", H "<m><a:n xmlns:a='u'>b</a:n><c:n xmlns:c='v'>d</c:n>e</m>",
    "H\nE <m" C "><n xmlns='u'>b</n><n xmlns='v'>d</n>e</m>\n" },
  { "more-texts-than-are-kept", H "<m>" T16 T16 T16 "</m>",
    "H\nE <m" C ">" T16 T16 T16 "</m>\n" },
  { "greater-than-in-value", H "<m a='>' b=\"/>\"><n c='a>b'/></m>",
    "H\nE <m" C " a='&gt;' b='/&gt;'><n c='a&gt;b'/></m>\n" },
  { "utf-8", H "<m>\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbb\xbf</m>",
    "H\nE <m" C ">\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbb\xbf</m>\n" },
  { "prefixes",
    H "<a:m xmlns:a='urn:a' xmlns:b='urn:b' b:x='1' x='2' xml:lang='en'><a:n/><b:n/><o/></a:m>",
    "H\nE <m xmlns='urn:a' xmlns:ns1='urn:b' ns1:x='1' x='2' xml:lang='en'><n/>"
    "<n xmlns='urn:b'/><o" C "/></m>\n" },
  { "default-undone", H "<m xmlns=''><n/></m>", "H\nE <m><n/></m>\n" },
  /* Where there is none there is nothing to undo, but whoever writes it means it. */
  { "no-default-undone",
    N "<m xmlns=''><n/></m><m><n xmlns=''><o/><p xmlns='urn:p'><q xmlns=''/></p></n><r/></m>",
    "H\nE <m><n/></m>\n"
    "E <m" C "><n xmlns=''><o/><p xmlns='urn:p'><q xmlns=''/></p></n><r/></m>\n" },
  { "namespace-is-no-uri", H "<m xmlns='a b'/>", "H\nE <m xmlns='a b'/>\n" },
  { "stream-error",
    H "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>" F,
    "H\nE <error" S "><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>\nF\n" },
  { "features-with-children", H "<stream:features><x xmlns='urn:x'/></stream:features>",
    "H\nE <features" S "><x xmlns='urn:x'/></features>\n" },
  { "after-the-footer", H F "<m/>\x01\xff & garbage", "H\nF\n" },
  { "footer-with-space", H "</stream:stream >\n", "H\nF\n" },
  { "unfinished", H "<m><n>text", "H\n" },
};

static void
test_case (gconstpointer data)
{
  const Case *test = data;

  stream_transcript_check (test->octets, strlen (test->octets), test->transcript);
}

/* Text longer than any buffer, with everything in it that must not be cut in two. */
static void
test_long_text (void)
{
  static const char *const parts[] = {
    "\xf0\x9f\x98\x80", "]]", "&amp;", "\r\n", "&#x2603;", "]", "\xc3\xa9", "plain text ", "\r",
    ">",
  };
  static const char *const meanings[] = {
    "\xf0\x9f\x98\x80", "]]", "&amp;", "\n", "\xe2\x98\x83", "]", "\xc3\xa9", "plain text ", "\n",
    "&gt;",
  };
  g_autoptr(GString) octets = g_string_new (H "<m>");
  g_autoptr(GString) expected = g_string_new ("H\nE <m" C ">");

  for (guint i = 0; i < 6000; i++)
    {
      g_string_append (octets, parts[i * 7 % G_N_ELEMENTS (parts)]);
      g_string_append (expected, meanings[i * 7 % G_N_ELEMENTS (parts)]);
    }
  g_string_append (octets, "</m>" F);
  g_string_append (expected, "</m>\nF\n");

  for (gsize step = 1; step < 5000; step += step < 20 ? 1 : 331)
    {
      g_autofree char *transcript = stream_transcript_make (octets->str, octets->len, 0, step);

      g_assert_true (g_str_equal (transcript, expected->str));
    }
}

/* An error after long text is the same however much of the text libxml2 has had by then. */
static void
test_error_after_long_text (void)
{
  static const char *const ends[][2] = {
    { "]]>\xff", "H\n! not-well-formed\n" },
    { "]]\xff", "H\n! unsupported-encoding\n" },
    { "&nbsp;\xff", "H\n! restricted-xml\n" },
    { "&nbsp\xff", "H\n! unsupported-encoding\n" },
    { "\xef\xbf\xbf<!--", "H\n! not-well-formed\n" },
    { "<!--", "H\n! restricted-xml\n" },
  };
  g_autofree char *text = g_strnfill (1500, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *octets = g_strconcat (H "<m>", text, ends[i][0], NULL);
      gsize length = strlen (octets);

      for (gsize split = 0; split < length; split += split < 1500 ? 97 : 1)
        {
          g_autofree char *cut = stream_transcript_make (octets, length, split, length);

          g_assert_cmpstr (cut, ==, ends[i][1]);
        }
    }
}

/* Nothing but white space may be left when a stream is begun anew inside TLS. */
static void
test_pending (void)
{
  static const struct
  {
    const char *octets;
    guint       items;
    gboolean    pending;
  } cases[] = {
    { "", 0, FALSE },
    { "\n", 0, FALSE },
    { "<?xml version='1.0'?>", 0, TRUE },
    { H, 0, TRUE },
    { H, 1, FALSE },
    { H " \n", 1, FALSE },
    { H "<starttls xmlns='urn:x'/>", 1, TRUE },
    { H "<starttls xmlns='urn:x'/>", 2, FALSE },
    { H "<starttls xmlns='urn:x'/>\n", 2, FALSE },
    { H "<starttls xmlns='urn:x'/><", 2, TRUE },
    { H "<starttls xmlns='urn:x'/><iq>", 2, TRUE },
    { H "<starttls xmlns='urn:x'/><iq/>", 2, TRUE },
    { H "<starttls xmlns='urn:x'/>\x16\x03\x01", 2, TRUE },
    { H F, 1, TRUE },
    { H F, 2, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();

      xep174_stream_parser_feed (parser, (const guint8 *) cases[i].octets,
                                 strlen (cases[i].octets));
      for (guint n = 0; n < cases[i].items; n++)
        g_assert_cmpint (xep174_stream_parser_next (parser, NULL, NULL), !=,
                         XEP174_STREAM_ITEM_NONE);
      g_assert_cmpint (xep174_stream_parser_has_pending (parser), ==, cases[i].pending);
    }
}

/* Whatever is left in a parser goes with it. */
static void
test_dispose_at_any_time (void)
{
  static const char octets[] = H "<m a='1'><n>text</n></m><m><n>&lt;</n></m><o/>" F;

  for (gsize length = 0; length < sizeof octets; length++)
    {
      g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();

      xep174_stream_parser_feed (parser, (const guint8 *) octets, length);
    }
}

static void
add_cases (const char *group,
           const Case *cases,
           gsize       n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/stream-parser/%s/%s", group, cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("header", header_cases, G_N_ELEMENTS (header_cases));
  add_cases ("content", content_cases, G_N_ELEMENTS (content_cases));
  g_test_add_func ("/stream-parser/long-text", test_long_text);
  g_test_add_func ("/stream-parser/error-after-long-text", test_error_after_long_text);
  g_test_add_func ("/stream-parser/pending", test_pending);
  g_test_add_func ("/stream-parser/dispose-at-any-time", test_dispose_at_any_time);
  return g_test_run ();
}
