/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* X7, X8: what a stream must not hold, each with the condition that RFC 6120 §4.9.3 and §11 name for
 * it, and its nearest relatives that it may hold. The verdict is the same however the octets are
 * cut, what was sound before it has been given out, and nothing comes after it.
 *
 * With `--list` it runs nothing and prints the tables, for who tries them on a running program. */

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "stream-transcript.h"
#include "xep174-stream-error.h"

#define STREAMS "http://etherx.jabber.org/streams"
#define H "<stream:stream xmlns='jabber:client' xmlns:stream='" STREAMS "'>"
#define F "</stream:stream>"
#define C " xmlns='jabber:client'"

typedef struct
{
  const char *name;
  const char *octets;
  gsize length;
  const char *transcript;
} Attack;

/* In the place of the header, inside a stream, behind something sound, and what is no attack: stanzas
 * of a kind that sessions know. */
#define FIRST(name, octets, condition) \
  { name, octets, sizeof octets - 1, "! " condition "\n" }
#define INSIDE(name, octets, condition) \
  { name, H octets, sizeof H octets - 1, "H\n! " condition "\n" }
#define AFTER(name, before, octets, items, condition) \
  { name, H before octets, sizeof H before octets - 1, "H\n" items "! " condition "\n" }
#define FINE(name, octets, transcript) \
  { name, H octets, sizeof H octets - 1, "H\n" transcript }

#define RESTRICTED "restricted-xml"
#define MALFORMED "not-well-formed"
#define ENCODING "unsupported-encoding"

/* RFC 6120 §11.1. */
static const Attack restricted[] = {
  FIRST ("comment-before-header", "<!-- x -->" H, RESTRICTED),
  FIRST ("comment-after-declaration", "<?xml version='1.0'?><!-- x -->" H, RESTRICTED),
  INSIDE ("comment", "<!-- x --><m/>", RESTRICTED),
  INSIDE ("comment-in-stanza", "<m>a<!-- x --></m>", RESTRICTED),
  INSIDE ("comment-without-end", "<m><!--", RESTRICTED),
  INSIDE ("comment-in-three-octets", "<m><!-", RESTRICTED),
  INSIDE ("instruction", "<?php x ?>", RESTRICTED),
  INSIDE ("instruction-in-stanza", "<m><?x?></m>", RESTRICTED),
  INSIDE ("instruction-without-end", "<?", RESTRICTED),
  FIRST ("instruction-first", "<?xml-stylesheet href='x'?>" H, RESTRICTED),
  FIRST ("second-declaration", "<?xml version='1.0'?><?xml version='1.0'?>" H, RESTRICTED),
  FIRST ("late-declaration", "\n<?xml version='1.0'?>" H, RESTRICTED),
  FIRST ("declaration-in-capitals", "<?XML version='1.0'?>" H, RESTRICTED),
  INSIDE ("declaration-inside", "<?xml version='1.0'?>", RESTRICTED),
  FIRST ("dtd", "<!DOCTYPE x [<!ENTITY a 'b'>]>" H, RESTRICTED),
  FIRST ("dtd-after-declaration", "<?xml version='1.0'?><!DOCTYPE x>" H, RESTRICTED),
  FIRST ("dtd-external", "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" H, RESTRICTED),
  FIRST ("dtd-public", "<!DOCTYPE x PUBLIC 'a' 'http://localhost/'>" H, RESTRICTED),
  FIRST ("dtd-that-nests", "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>"
         "<!ENTITY c '&b;&b;&b;&b;'>]>" H "<m>&c;</m>", RESTRICTED),
  FIRST ("dtd-of-parameters", "<!DOCTYPE x [<!ENTITY % p SYSTEM 'a'>%p;]>" H, RESTRICTED),
  FIRST ("dtd-of-attributes", "<!DOCTYPE m [<!ATTLIST m a CDATA 'b'>]>" H, RESTRICTED),
  INSIDE ("dtd-inside", "<!DOCTYPE x>", RESTRICTED),
  INSIDE ("dtd-in-stanza", "<m><!DOCTYPE x [<!ENTITY a 'b'>]>&a;</m>", RESTRICTED),
  INSIDE ("entity-declared-in-stanza", "<m><!ENTITY a 'b'></m>", RESTRICTED),
  INSIDE ("entity", "<m>&nbsp;</m>", RESTRICTED),
  INSIDE ("entity-in-value", "<m a='&nbsp;'/>", RESTRICTED),
  INSIDE ("entity-in-namespace", "<m xmlns='&a;'/>", RESTRICTED),
  INSIDE ("entity-in-capitals", "<m>&AMP;</m>", RESTRICTED),
  INSIDE ("entity-after-sound-ones", "<m>&amp;&lt;&gt;&quot;&apos;&a;</m>", RESTRICTED),
  FINE ("entities-of-xml",
        "<message a='&amp;&lt;&gt;&quot;&apos;'>&amp;&lt;&gt;&quot;&apos;</message>",
        "E <message" C " a='&amp;&lt;&gt;\"&apos;'>&amp;&lt;&gt;\"'</message>\n"),
};

/* RFC 6120 §4.9.3.22, §11.6; RFC 3629. */
static const Attack encodings[] = {
  FIRST ("latin-1-declared", "<?xml version='1.0' encoding='ISO-8859-1'?>" H, ENCODING),
  FIRST ("utf-16-declared", "<?xml version='1.0' encoding='UTF-16'?>" H, ENCODING),
  FIRST ("utf-7-declared", "<?xml version='1.0' encoding=\"UTF-7\"?>" H, ENCODING),
  FIRST ("us-ascii-declared", "<?xml version='1.0' encoding='US-ASCII'?>" H, ENCODING),
  FIRST ("nonsense-declared", "<?xml version='1.0' encoding='UTF-8x'?>" H, ENCODING),
  FIRST ("utf-16-little-marked", "\xff\xfe<\0s\0", ENCODING),
  FIRST ("utf-16-big-marked", "\xfe\xff\0<\0s", ENCODING),
  FIRST ("utf-16-little", "<\0s\0t\0r\0", ENCODING),
  FIRST ("utf-16-big", "\0<\0s", ENCODING),
  FIRST ("utf-32-big", "\0\0\0<", ENCODING),
  FIRST ("utf-32-big-marked", "\0\0\xfe\xff", ENCODING),
  FIRST ("utf-8-marked", "\xef\xbb\xbf" H, MALFORMED),
  FIRST ("ebcdic", "\x4c\x6f\xa7\x94\x93", MALFORMED),
  FIRST ("latin-1-in-header", "<stream:stream from='J\xfclia'", ENCODING),
  INSIDE ("latin-1", "<m>caf\xe9</m>", ENCODING),
  INSIDE ("in-value", "<m a='\xc3('/>", ENCODING),
  INSIDE ("in-name", "<m\x80/>", ENCODING),
  INSIDE ("in-end-tag", "<m></m\xff>", ENCODING),
  INSIDE ("in-cdata", "<m><![CDATA[\xed\xa0\x80]]></m>", ENCODING),
  INSIDE ("between-stanzas", "\xff", ENCODING),
  INSIDE ("octet-fe", "<m>\xfe</m>", ENCODING),
  INSIDE ("octet-ff", "<m>\xff</m>", ENCODING),
  INSIDE ("continuation-alone", "<m>\x80</m>", ENCODING),
  INSIDE ("continuation-too-many", "<m>\xc3\xa9\xa9</m>", ENCODING),
  INSIDE ("overlong-nul", "<m>\xc0\x80</m>", ENCODING),
  INSIDE ("overlong-slash", "<m>\xc0\xaf</m>", ENCODING),
  INSIDE ("overlong-2-last", "<m>\xc1\xbf</m>", ENCODING),
  INSIDE ("overlong-less-than", "\xc0\xbcm>", ENCODING),
  INSIDE ("overlong-3", "<m>\xe0\x80\xaf</m>", ENCODING),
  INSIDE ("overlong-3-last", "<m>\xe0\x9f\xbf</m>", ENCODING),
  INSIDE ("overlong-4", "<m>\xf0\x80\x80\xaf</m>", ENCODING),
  INSIDE ("overlong-4-last", "<m>\xf0\x8f\xbf\xbf</m>", ENCODING),
  INSIDE ("five-octets", "<m>\xf8\x88\x80\x80\x80</m>", ENCODING),
  INSIDE ("six-octets", "<m>\xfc\x84\x80\x80\x80\x80</m>", ENCODING),
  INSIDE ("cut-2", "<m>\xc3</m>", ENCODING),
  INSIDE ("cut-3", "<m>\xe2\x98</m>", ENCODING),
  INSIDE ("cut-3-after-1", "<m>\xe2</m>", ENCODING),
  INSIDE ("cut-4", "<m>\xf0\x9f\x98</m>", ENCODING),
  INSIDE ("cut-by-another", "<m>\xe2\xc3\xa9</m>", ENCODING),
  INSIDE ("surrogate-first", "<m>\xed\xa0\x80</m>", ENCODING),
  INSIDE ("surrogate-last", "<m>\xed\xbf\xbf</m>", ENCODING),
  INSIDE ("surrogate-pair", "<m>\xed\xa0\xbd\xed\xb8\x80</m>", ENCODING),
  INSIDE ("above-unicode", "<m>\xf4\x90\x80\x80</m>", ENCODING),
  INSIDE ("far-above-unicode", "<m>\xf7\xbf\xbf\xbf</m>", ENCODING),
  INSIDE ("continuation-after-ef", "<m>\xef\x80\xbf\x80</m>", ENCODING),
  FINE ("last-before-surrogates", "<message>\xed\x9f\xbf</message>",
        "E <message" C ">\xed\x9f\xbf</message>\n"),
  FINE ("first-after-surrogates", "<message>\xee\x80\x80</message>",
        "E <message" C ">\xee\x80\x80</message>\n"),
  FINE ("last-of-unicode", "<message>\xf4\x8f\xbf\xbf</message>",
        "E <message" C ">\xf4\x8f\xbf\xbf</message>\n"),
  FINE ("unfinished", "<message>\xf0\x9f\x98", ""),
};

/* XML 1.0 §2.2, §4.1. */
static const Attack characters[] = {
  INSIDE ("nul-in-text", "<m>a\0b</m>", MALFORMED),
  INSIDE ("nul-in-value", "<m a='\0'/>", MALFORMED),
  INSIDE ("nul-in-name", "<m\0/>", MALFORMED),
  INSIDE ("nul-between", "\0<m/>", MALFORMED),
  FIRST ("nul-in-header", "<stream:stream\0", MALFORMED),
  INSIDE ("control-in-cdata", "<m><![CDATA[\x1b]]></m>", MALFORMED),
  INSIDE ("noncharacter-fffe", "<m>\xef\xbf\xbe</m>", MALFORMED),
  INSIDE ("noncharacter-ffff", "<m>\xef\xbf\xbf</m>", MALFORMED),
  INSIDE ("noncharacter-in-tag", "<m\xef\xbf\xbf", MALFORMED),
  FINE ("other-noncharacters", "<message>\xef\xb7\x90\xf0\x9f\xbf\xbe</message>",
        "E <message" C ">\xef\xb7\x90\xf0\x9f\xbf\xbe</message>\n"),
  FINE ("delete-and-c1", "<message>\x7f\xc2\x80\xc2\x85\xc2\x9f</message>",
        "E <message" C ">\x7f\xc2\x80\xc2\x85\xc2\x9f</message>\n"),
  INSIDE ("reference-to-nul", "<m>&#0;</m>", MALFORMED),
  INSIDE ("reference-to-control", "<m>&#1;</m>", MALFORMED),
  INSIDE ("reference-to-control-hex", "<m>&#x1F;</m>", MALFORMED),
  INSIDE ("reference-to-control-in-value", "<m a='&#8;'/>", MALFORMED),
  INSIDE ("reference-to-surrogate", "<m>&#xD800;</m>", MALFORMED),
  INSIDE ("reference-to-surrogate-pair", "<m>&#xD83D;&#xDE00;</m>", MALFORMED),
  INSIDE ("reference-to-noncharacter", "<m>&#xFFFE;</m>", MALFORMED),
  INSIDE ("reference-above-unicode", "<m>&#x110000;</m>", MALFORMED),
  INSIDE ("reference-that-overflows", "<m>&#4294967361;</m>", MALFORMED),
  INSIDE ("reference-that-overflows-twice", "<m>&#x10000000000000041;</m>", MALFORMED),
  INSIDE ("reference-without-digits", "<m>&#;</m>", MALFORMED),
  INSIDE ("reference-without-hex-digits", "<m>&#x;</m>", MALFORMED),
  INSIDE ("reference-with-sign", "<m>&#-1;</m>", MALFORMED),
  INSIDE ("reference-with-letter", "<m>&#6A;</m>", MALFORMED),
  INSIDE ("reference-with-capital-x", "<m>&#X41;</m>", MALFORMED),
  INSIDE ("reference-without-end", "<m>&amp</m>", MALFORMED),
  INSIDE ("reference-without-name", "<m>&;</m>", MALFORMED),
  INSIDE ("reference-between", "&#32;<m/>", "bad-format"),
  INSIDE ("bare-ampersand", "<m>a & b</m>", MALFORMED),
  INSIDE ("bare-ampersand-in-value", "<m a='b&c'/>", MALFORMED),
  INSIDE ("bare-less-than", "<message><body>if a < b & c</body></message>", MALFORMED),
  FINE ("references-to-white-space", "<message a='&#9;&#10;&#13;'>&#x9;&#xA;&#xD;</message>",
        "E <message" C " a='&#9;&#10;&#13;'>\t\n&#13;</message>\n"),
  FINE ("leading-zeros", "<message>&#000000000000000065;</message>",
        "E <message" C ">A</message>\n"),
  INSIDE ("cdata-end-in-text", "<m>]]></m>", MALFORMED),
  INSIDE ("cdata-end-before-bad-octet", "<m>a]]>\xff", MALFORMED),
  INSIDE ("cdata-end-after-reference", "<m>&lt;]]></m>", MALFORMED),
  INSIDE ("cdata-end-in-plain-text", "<m><n>a]]>b</n></m>", MALFORMED),
  INSIDE ("cdata-twice-ended", "<m><![CDATA[a]]>]]></m>", MALFORMED),
  FINE ("cdata-end-escaped", "<message a=']]>'>]]&gt;</message>",
        "E <message" C " a=']]&gt;'>]]&gt;</message>\n"),
  FINE ("cdata-in-cdata", "<message><![CDATA[<![CDATA[]]></message>",
        "E <message" C ">&lt;![CDATA[</message>\n"),
};

/* XML 1.0 §3; RFC 6120 §11.3. */
static const Attack markup[] = {
  AFTER ("mismatch", "<message/>", "<m></n>", "E <message" C "/>\n", MALFORMED),
  INSIDE ("mismatch-in-letters", "<m></M>", MALFORMED),
  INSIDE ("mismatch-around-text", "<m><n>x</no></m>", MALFORMED),
  INSIDE ("mismatch-around-text-shorter", "<m><no>x</n></m>", MALFORMED),
  INSIDE ("mismatch-across-elements", "<m><n>x</n>y</n></m>", MALFORMED),
  INSIDE ("crossed", "<m><a><b></a></b></m>", MALFORMED),
  INSIDE ("footer-in-stanza", "<m>" F, MALFORMED),
  INSIDE ("wrong-footer", "</stream>", MALFORMED),
  INSIDE ("footer-of-another-prefix", "</s:stream>", MALFORMED),
  FIRST ("footer-first", F, MALFORMED),
  INSIDE ("end-without-start", "</m>", MALFORMED),
  INSIDE ("quote-in-end-tag", "<m></m'>", MALFORMED),
  INSIDE ("less-than-in-end-tag", "<m></m<n>", MALFORMED),
  INSIDE ("attribute-in-end-tag", "<m><n a='1'>x</n a='1'></m>", MALFORMED),
  INSIDE ("space-in-end-tag", "<m></ m>", MALFORMED),
  INSIDE ("slash-before-text", "<m><n / >x</n></m>", MALFORMED),
  INSIDE ("less-than-in-value", "<m a='<'/>", MALFORMED),
  INSIDE ("less-than-in-tag", "<m <n/>", MALFORMED),
  INSIDE ("space-before-name", "< m/>", MALFORMED),
  INSIDE ("no-name", "<>", MALFORMED),
  INSIDE ("no-name-but-an-end", "</>", MALFORMED),
  INSIDE ("name-of-a-digit", "<1/>", MALFORMED),
  INSIDE ("name-of-a-dash", "<-a/>", MALFORMED),
  INSIDE ("name-of-a-mark", "<m!/>", MALFORMED),
  INSIDE ("name-of-a-combining-mark", "<\xcc\x81/>", MALFORMED),
  INSIDE ("attribute-twice", "<m a='1' a='2'/>", MALFORMED),
  INSIDE ("attribute-twice-by-namespace", "<m xmlns:x='u' xmlns:y='u' x:a='1' y:a='2'/>", MALFORMED),
  INSIDE ("declared-twice", "<m xmlns:x='u' xmlns:x='v'/>", MALFORMED),
  INSIDE ("default-twice", "<m xmlns='u' xmlns='v'/>", MALFORMED),
  FIRST ("header-attribute-twice", "<stream:stream xmlns:stream='" STREAMS "' from='a' from='b'>",
         MALFORMED),
  INSIDE ("attribute-unquoted", "<m a=1/>", MALFORMED),
  INSIDE ("attribute-without-value", "<m a/>", MALFORMED),
  INSIDE ("attribute-without-name", "<m ='1'/>", MALFORMED),
  INSIDE ("attribute-unspaced", "<m a='1'b='2'/>", MALFORMED),
  INSIDE ("section-of-another-kind", "<m><![IGNORE[</m>", MALFORMED),
  INSIDE ("section-in-small-letters", "<m><![cdata[x]]></m>", MALFORMED),
  INSIDE ("section-with-space", "<m><![CDATA [x]]></m>", MALFORMED),
  FIRST ("declaration-of-nonsense", "<?xml version='1.0' bogus='1'?>" H, MALFORMED),
  FIRST ("declaration-without-version", "<?xml encoding='UTF-8'?>" H, MALFORMED),
  FIRST ("declaration-of-version-2", "<?xml version='2.0'?>" H, MALFORMED),
  FIRST ("text-first", "x" H, MALFORMED),
  FIRST ("http", "GET / HTTP/1.1\r\n\r\n", MALFORMED),
  FIRST ("tls", "\x16\x03\x01\x02", MALFORMED),
  AFTER ("text-between", "<message/>", "x<message/>", "E <message" C "/>\n", "bad-format"),
  INSIDE ("cdata-between", "<![CDATA[ ]]><m/>", "bad-format"),
  FINE ("other-quote-and-end-in-value", "<message a='1\"/>'/>", "E <message" C " a='1\"/&gt;'/>\n"),
  FINE ("second-root", F H "<message/>", "F\n"),
  FINE ("after-the-footer", F "<!-- \xff \x01 &x; <message>", "F\n"),
  FINE ("header-again", H "<message/>" F,
        "E <stream xmlns='" STREAMS "'><message" C "/></stream>\n"),
};

/* Namespaces in XML 1.0 §3–§5; RFC 6120 §4.8. */
static const Attack namespaces[] = {
  FIRST ("none", "<stream>", "invalid-namespace"),
  FIRST ("header-prefix-unbound", "<stream:stream" C ">", MALFORMED),
  FIRST ("header-prefix-of-another", "<stream:stream" C " xmlns:stream='urn:x'>",
         "invalid-namespace"),
  FIRST ("stream-namespace-almost", "<stream:stream xmlns:stream='" STREAMS "/'>",
         "invalid-namespace"),
  FIRST ("content-of-servers", "<stream:stream xmlns='jabber:server' xmlns:stream='" STREAMS "'>",
         "invalid-namespace"),
  INSIDE ("prefix-unbound", "<x:m/>", MALFORMED),
  INSIDE ("prefix-unbound-attribute", "<m x:a='1'/>", MALFORMED),
  INSIDE ("prefix-out-of-scope", "<m><n xmlns:x='u'/><x:n/></m>", MALFORMED),
  INSIDE ("prefix-undone", "<m xmlns:x=''/>", MALFORMED),
  INSIDE ("two-colons", "<a:b:c xmlns:a='u'/>", MALFORMED),
  INSIDE ("colon-first", "<:m/>", MALFORMED),
  INSIDE ("colon-last", "<stream:/>", MALFORMED),
  INSIDE ("prefix-in-end-tag-only", "<m></stream:m>", MALFORMED),
  INSIDE ("xml-rebound", "<m xmlns:xml='urn:x'/>", MALFORMED),
  INSIDE ("xml-by-another-prefix", "<m xmlns:x='http://www.w3.org/XML/1998/namespace'/>", MALFORMED),
  INSIDE ("xml-as-default", "<m xmlns='http://www.w3.org/XML/1998/namespace'/>", MALFORMED),
  INSIDE ("xmlns-bound", "<m xmlns:xmlns='urn:x'/>", MALFORMED),
  INSIDE ("xmlns-by-another-prefix", "<m xmlns:x='http://www.w3.org/2000/xmlns/'/>", MALFORMED),
  INSIDE ("xmlns-as-default", "<m xmlns='http://www.w3.org/2000/xmlns/'/>", MALFORMED),
  INSIDE ("xmlns-as-prefix", "<xmlns:m/>", MALFORMED),
  FINE ("xml-bound-as-it-is", "<message xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:a='1'/>",
        "E <message" C " xml:a='1'/>\n"),
  FINE ("stream-rebound", "<stream:features xmlns:stream='urn:x'><stream:y/></stream:features>" F,
        "E <features xmlns='urn:x'><y/></features>\nF\n"),
  FINE ("default-is-streams", "<features xmlns='" STREAMS "'/>", "E <features xmlns='" STREAMS "'/>\n"),
  FINE ("rebound-and-back", "<a:m xmlns:a='u'><a:n xmlns:a='v'/><a:n/></a:m>",
        "E <m xmlns='u'><n xmlns='v'/><n/></m>\n"),
};

static guint n_attacks;
static guint64 n_ways;

static void
test_attack (gconstpointer data)
{
  const Attack *attack = data;

  n_attacks++;
  n_ways += stream_transcript_check (attack->octets, attack->length, attack->transcript);
}

/* Every control character but the three of XML, as it is and by reference. */
static GArray *
make_controls (void)
{
  GArray *controls = g_array_new (FALSE, FALSE, sizeof (Attack));

  for (int c = 0; c < 0x20; c++)
    {
      const char *given = c == '\r' ? "&#13;" : c == '\t' ? "\t" : c == '\n' ? "\n" : NULL;
      const char *refused = "H\n! not-well-formed\n";
      char *octet = g_strdup_printf (H "<message>a%c", c);
      char *reference = g_strdup_printf (H "<message>a&#x%X;</message>", c);
      Attack as_it_is = { g_strdup_printf ("octet-%02x", c), octet, sizeof H "<message>a",
                          given != NULL ? "H\n" : refused };
      Attack by_reference = { g_strdup_printf ("reference-%02x", c), reference, strlen (reference),
                              given != NULL
                              ? g_strdup_printf ("H\nE <message" C ">a%s</message>\n", given)
                              : refused };

      g_array_append_val (controls, as_it_is);
      g_array_append_val (controls, by_reference);
    }
  return controls;
}

/* --- Size -------------------------------------------------------------------------------- */

#define ENDLESS (12 * 1024 * 1024)
/* What a stanza of the largest size may take while it is read: each `<n/>` takes 72 octets. */
#define MEMORY (6 * 1024 * 1024)

/* Under a sanitizer or valgrind there is nothing to be seen. */
static gsize
get_memory (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

static const char *const endless[][2] = {
  { H "<m>", "x" }, { H "<m a='", "x" }, { H "<", "x" }, { H "<m ", "x" }, { H "<m ", " " },
  { H "<m></", "x" }, { H "<m>&", "x" }, { H "<m>", "&amp;" }, { H "<m>", "&#65;" },
  { H "<m><![CDATA[", "]" }, { H "<m>", "<![CDATA[]]>" }, { H "<m>", "<n/>" },
  { H "<m>", "<n>" }, { H "<m>", "]" }, { H "<m>", "\r" }, { H "<m>", "\xf0\x9f\x98\x80" },
  { H "<x:m xmlns:x='", "x" }, { H "<m a='", "&lt;" }, { H "<m><n>", "a</n><n>" },
  { "<stream:stream a='", "x" }, { "<", "x" }, { "<?xml ", " " }, { "", " " }, { "", "\n" },
  { "<stream:stream ", "a='1' " },
};

/* What does not end is not kept: 12 MiB of it in a stanza or a header. */
static void
test_endless (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endless); i++)
    {
      g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
      g_autoptr(GString) piece = g_string_new (NULL);
      g_autoptr(GString) transcript = g_string_new (NULL);
      gsize before, most;

      while (piece->len < 16384)
        g_string_append (piece, endless[i][1]);
      most = before = get_memory ();
      xep174_stream_parser_feed (parser, (const guint8 *) endless[i][0], strlen (endless[i][0]));
      for (gsize fed = 0; fed < ENDLESS; fed += piece->len)
        {
          xep174_stream_parser_feed (parser, (const guint8 *) piece->str, piece->len);
          stream_transcript_take (transcript, parser);
          most = MAX (most, get_memory ());
        }
      g_assert_true (g_str_has_suffix (transcript->str, "! policy-violation\n"));
      g_test_message ("%s + %s: %" G_GSSIZE_FORMAT, endless[i][0], endless[i][1],
                      (gssize) (most - before));
      g_assert_cmpuint (most, <, before + MEMORY);
      n_attacks++;
      n_ways++;
    }
}

/* What ends goes on for ever in as little: 12 MiB of stanzas, of white space, octet by octet. */
static void
test_forever (void)
{
  static const char *const parts[] = {
    "<message><body>x</body></message>", " ", "<m xmlns='u' a='b'>c</m>\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
      const char *part = parts[i];
      gsize length = strlen (part), before, most;

      xep174_stream_parser_feed (parser, (const guint8 *) H, strlen (H));
      g_assert_cmpint (xep174_stream_parser_next (parser, NULL, NULL), ==, XEP174_STREAM_ITEM_HEADER);
      most = before = get_memory ();
      for (gsize fed = 0; fed < ENDLESS; fed++)
        {
          xep174_stream_parser_feed (parser, (const guint8 *) part + fed % length, 1);
          g_assert_cmpint (xep174_stream_parser_next (parser, NULL, NULL), !=,
                           XEP174_STREAM_ITEM_ERROR);
          if (fed % 16384 == 0)
            most = MAX (most, get_memory ());
        }
      g_assert_cmpuint (most, <, before + MEMORY);
    }
}

/* --- All of them ------------------------------------------------------------------------- */

static void
add (const char   *group,
     const Attack *attacks,
     gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/stream-attacks/X7/%s/%s", group, attacks[i].name);

      g_test_add_data_func (path, &attacks[i], test_attack);
    }
}

static void
print_octets (const char *octets,
              gsize       length)
{
  putchar ('\t');
  for (gsize i = 0; i < length; i++)
    printf ("%02x", (guchar) octets[i]);
}

static void
print_row (const char *group,
           const char *name,
           const char *octets,
           gsize       length,
           const char *endless_octets,
           const char *transcript)
{
  printf ("%s/%s", group, name);
  print_octets (octets, length);
  print_octets (endless_octets, strlen (endless_octets));
  print_octets (transcript, strlen (transcript));
  putchar ('\n');
}

/* A line each: the name, and in hexadecimal the octets, what is repeated behind them without end, and
 * the transcript. */
static void
print_rows (const char   *group,
            const Attack *attacks,
            gsize         n)
{
  for (gsize i = 0; i < n; i++)
    print_row (group, attacks[i].name, attacks[i].octets, attacks[i].length, "",
               attacks[i].transcript);
}

static void
print_endless (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endless); i++)
    {
      const char *before = endless[i][0];
      g_autofree char *name = g_strdup_printf ("%" G_GSIZE_FORMAT, i);

      print_row ("endless", name, before, strlen (before), endless[i][1],
                 g_str_has_prefix (before, H) ? "H\n! policy-violation\n"
                 : "! policy-violation\n");
    }
}

static void
for_all (void (*func) (const char   *group,
                       const Attack *attacks,
                       gsize         n))
{
  static GArray *controls;

  if (controls == NULL)
    controls = make_controls ();
  func ("restricted", restricted, G_N_ELEMENTS (restricted));
  func ("encodings", encodings, G_N_ELEMENTS (encodings));
  func ("characters", characters, G_N_ELEMENTS (characters));
  func ("markup", markup, G_N_ELEMENTS (markup));
  func ("namespaces", namespaces, G_N_ELEMENTS (namespaces));
  func ("controls", (const Attack *) controls->data, controls->len);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  if (g_strcmp0 (argv[1], "--list") == 0)
    {
      for_all (print_rows);
      print_endless ();
      return 0;
    }

  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for_all (add);
  g_test_add_func ("/stream-attacks/X8/endless", test_endless);
  g_test_add_func ("/stream-attacks/X8/forever", test_forever);
  status = g_test_run ();
  g_print ("# %u attacks, cut in %" G_GUINT64_FORMAT " ways: each got its condition\n", n_attacks,
           n_ways);
  return status;
}
