/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The parser against two others: libxml2's own, which builds a tree of a whole document, and expat.
 * What we take for a whole stream both take for a document; what we call not well-formed, or what
 * has not ended, neither takes. Each difference that there may be stands in a table with its
 * reason, and is counted; one that does not abort.
 *
 * The input is that of fuzz-parser.c: one octet that is skipped, and the stream. */

#include "fuzz.h"

#include <expat.h>
/* Both call theirs so; on i386 they differ, but mean the same. */
#undef XMLCALL
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xep174-stream-error.h"
#include "xep174-stream-parser.h"

typedef struct
{
  Xep174StreamItem end; /* FOOTER, ERROR or NONE */
  int code;
  gsize used;           /* octets up to there */
} Verdict;

static Verdict
judge (const guint8 *octets,
       gsize         length)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  Verdict verdict = { XEP174_STREAM_ITEM_NONE };

  for (gsize at = 0; at < length; at++)
    {
      Xep174StreamItem item;
      g_autoptr(GError) error = NULL;

      xep174_stream_parser_feed (parser, octets + at, 1);
      while ((item = xep174_stream_parser_next (parser, NULL, &error)) != XEP174_STREAM_ITEM_NONE)
        if (item == XEP174_STREAM_ITEM_FOOTER || item == XEP174_STREAM_ITEM_ERROR)
          {
            verdict.end = item;
            verdict.code = error != NULL ? error->code : 0;
            verdict.used = at + 1;
            return verdict;
          }
    }
  return verdict;
}

/* --- The others -------------------------------------------------------------------------- */

/* Of libxml2's complaints about the last document. */
static gboolean only_of_uris;

static void
#if LIBXML_VERSION >= 21200
on_error (void           *data,
          const xmlError *error)
#else
on_error (void           *data,
          xmlError       *error)
#endif
{
  only_of_uris &= error->code == XML_WAR_NS_URI || error->code == XML_WAR_NS_URI_RELATIVE;
}

static gboolean
libxml2_takes (const guint8 *octets,
               gsize         length)
{
  xmlParserCtxtPtr context = xmlNewParserCtxt ();
  xmlDocPtr document;
  gboolean takes;

  only_of_uris = TRUE;
  context->sax->serror = on_error;
  document = xmlCtxtReadMemory (context, (const char *) octets, length, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_HUGE);
  takes = document != NULL && context->wellFormed && context->nsWellFormed;
  xmlFreeDoc (document);
  xmlFreeParserCtxt (context);
  return takes;
}

static gboolean
expat_takes (const guint8 *octets,
             gsize         length)
{
  /* The character that it puts between a namespace and a name must not be in any namespace. */
  XML_Parser parser = XML_ParserCreateNS (NULL, '\f');
  gboolean takes = XML_Parse (parser, (const char *) octets, length, TRUE) == XML_STATUS_OK;

  XML_ParserFree (parser);
  return takes;
}

/* --- What may differ --------------------------------------------------------------------- */

typedef struct
{
  const guint8 *octets;
  gsize length;
} Text;

static gboolean
has (const Text *text,
     const char *part)
{
  return memmem (text->octets, text->length, part, strlen (part)) != NULL;
}

static gboolean
has_markup_or_reference (const Text *text)
{
  return has (text, "<!") || has (text, "<?") || has (text, "&");
}

static gboolean
is_other_encoding (const Text *text)
{
  return has (text, "encoding") || memchr (text->octets, 0, MIN (text->length, 4)) != NULL
         || !g_utf8_validate_len ((const char *) text->octets, text->length, NULL);
}

static gboolean
complains_of_uris (const Text *text)
{
  return only_of_uris;
}

static gboolean
any (const Text *text)
{
  return TRUE;
}

static gboolean
begins_with_mark (const Text *text)
{
  return text->length >= 3 && memcmp (text->octets, "\xef\xbb\xbf", 3) == 0;
}

static gboolean
has_other_octets (const Text *text)
{
  for (gsize i = 0; i < text->length; i++)
    if (text->octets[i] >= 0x80)
      return TRUE;
  return FALSE;
}

static gboolean
matches (const Text *text,
         const char *pattern)
{
  g_autoptr(GRegex) regex = g_regex_new (pattern, G_REGEX_RAW, 0, NULL);

  return g_regex_match_full (regex, (const char *) text->octets, text->length, 0, 0, NULL, NULL);
}

static gboolean
has_colon_at_odds (const Text *text)
{
  return matches (text, "[^\\s<>/='\"]:[^\\s<>/='\"]*:|:[\\s=>/]|[\\s</]:");
}

static gboolean
has_odd_version (const Text *text)
{
  return matches (text, "^<\\?xml\\s")
         && !matches (text, "^<\\?xml\\s+version\\s*=\\s*('1\\.[0-9]+'|\"1\\.[0-9]+\")");
}

typedef enum
{
  LIBXML2 = 1,
  EXPAT = 2,
} Other;

static struct
{
  int code; /* ours; -1 where we take it */
  int others;
  gboolean (*applies) (const Text *text);
  const char *reason;
  guint count[3];
} reasons[] = {
  { XEP174_STREAM_ERROR_RESTRICTED_XML, LIBXML2 | EXPAT, has_markup_or_reference,
    "XML has comments, instructions, document types and entities; a stream has not (RFC 6120 §11.1)" },
  { XEP174_STREAM_ERROR_UNSUPPORTED_ENCODING, LIBXML2 | EXPAT, is_other_encoding,
    "a document may have any encoding; a stream is UTF-8 (RFC 6120 §11.6)" },
  { XEP174_STREAM_ERROR_INVALID_NAMESPACE, LIBXML2 | EXPAT, any,
    "sound XML, but no stream, or one for others (RFC 6120 §4.8)" },
  { XEP174_STREAM_ERROR_BAD_FORMAT, LIBXML2 | EXPAT, any,
    "sound XML, but no stream header, or text between stanzas" },
  { XEP174_STREAM_ERROR_POLICY_VIOLATION, LIBXML2 | EXPAT, any,
    "sound XML, but past a limit (X8)" },
  { XEP174_STREAM_ERROR_NOT_WELL_FORMED, LIBXML2 | EXPAT, begins_with_mark,
    "a document may begin with U+FEFF, a stream must not (RFC 6120 §11.6)" },
  { XEP174_STREAM_ERROR_NOT_WELL_FORMED, EXPAT, has_colon_at_odds,
    "expat does not look at colons in names closely" },
  { XEP174_STREAM_ERROR_NOT_WELL_FORMED, EXPAT, has_odd_version,
    "expat takes any version in a declaration, libxml2 and we 1.x (XML 1.0 §2.8)" },
  { -1, LIBXML2, complains_of_uris,
    "libxml2 wants a namespace to be a URI; we compare it, and never look it up" },
  { -1, EXPAT, has_other_octets,
    "expat has the names of XML 1.0's fourth edition, libxml2 and we those of the fifth" },
};

static void
tell (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    printf ("# differs from libxml2 %u times, from expat %u: %s\n", reasons[i].count[LIBXML2],
             reasons[i].count[EXPAT], reasons[i].reason);
}

static void
explain (const Text *text,
         int         code,
         Other       other)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].code == code && (reasons[i].others & other) != 0 && reasons[i].applies (text))
      {
        reasons[i].count[other]++;
        return;
      }

  g_printerr ("%s %s what we %s%s\n", other == EXPAT ? "expat" : "libxml2",
              code == -1 ? "refuses" : "takes", code == -1 ? "take" : "call ",
              code == -1 ? "" : code == -2 ? "unfinished" : xep174_stream_error_to_condition (code));
  abort ();
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static gsize once;
  Text text = { data + 1, size - 1 };
  Verdict verdict;
  int code;

  if (size <= 1)
    return 0;
  if (g_once_init_enter (&once))
    {
      atexit (tell);
      g_once_init_leave (&once, 1);
    }

  verdict = judge (text.octets, text.length);
  if (verdict.end == XEP174_STREAM_ITEM_FOOTER)
    text.length = verdict.used;
  code = verdict.end == XEP174_STREAM_ITEM_FOOTER ? -1
         : verdict.end == XEP174_STREAM_ITEM_ERROR ? verdict.code : -2;
  if (libxml2_takes (text.octets, text.length) != (code == -1))
    explain (&text, code, LIBXML2);
  if (expat_takes (text.octets, text.length) != (code == -1))
    explain (&text, code, EXPAT);
  return 0;
}
