/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-xml-scanner-private.h"

#include <string.h>

#include "xep174-stream-error.h"

#define CDATA_START "<![CDATA["
#define DECLARATION_START "<?xml"

static inline gboolean
is_space (guchar octet)
{
  return octet == ' ' || octet == '\n' || octet == '\r' || octet == '\t';
}

static Xep174XmlScan
fail (Xep174XmlScanner  *self,
      Xep174StreamError  code,
      const char        *message)
{
  self->error = g_error_new_literal (XEP174_STREAM_ERROR, code, message);
  return XEP174_XML_SCAN_ERROR;
}

void
xep174_xml_scanner_init (Xep174XmlScanner         *self,
                         const Xep174StreamLimits *limits)
{
  memset (self, 0, sizeof *self);
  self->limits = limits;
  self->allowance = limits->max_header_octets;
}

void
xep174_xml_scanner_clear (Xep174XmlScanner *self)
{
  g_clear_error (&self->error);
}

void
xep174_xml_scanner_advance (Xep174XmlScanner *self,
                            gsize             count)
{
  self->offset += count;
  self->position -= count;
  self->token -= MIN (self->token, count);
  self->done -= MIN (self->done, count);
  self->reference -= MIN (self->reference, count);
}

static void
enter (Xep174XmlScanner *self,
       Xep174XmlState    state)
{
  self->state = state;
  self->done = self->position;
  self->longest = MAX (self->longest, self->done - self->token);
}

/* The next `<`, or @end if there is none: looked for once, however many references or values
 * come before it. */
static inline gsize
find_bracket (Xep174XmlScanner *self,
              const guchar     *octets,
              gsize             end)
{
  if (self->bracket == G_MAXSIZE || self->bracket < self->position)
    {
      const guchar *found = memchr (octets + self->position, '<', end - self->position);

      self->bracket = found != NULL ? (gsize) (found - octets) : end;
    }

  return MIN (self->bracket, end);
}

/* After a whole token inside the stream. */
static Xep174XmlScan
enter_content (Xep174XmlScanner *self)
{
  if (self->depth > 1)
    {
      enter (self, XEP174_XML_STATE_TEXT);
      return XEP174_XML_SCAN_MORE;
    }

  enter (self, XEP174_XML_STATE_BETWEEN);
  self->allowance = G_MAXUINT64;
  return XEP174_XML_SCAN_ELEMENT;
}

/* RFC 6120 §11.6. libxml2 would convert from any encoding that it knows. */
static gboolean
names_other_encoding (const char *declaration,
                      gsize       length)
{
  const char *end = declaration + length;
  const char *p = memmem (declaration, length, "encoding", strlen ("encoding"));
  const char *close;

  if (p == NULL)
    return FALSE;
  for (p += strlen ("encoding"); p < end && is_space (*p); p++);
  if (p == end || *p++ != '=')
    return FALSE;
  for (; p < end && is_space (*p); p++);
  if (p == end || (*p != '\'' && *p != '"'))
    return FALSE;
  close = memchr (p + 1, *p, end - p - 1);
  if (close == NULL)
    return FALSE;

  return close - p - 1 != 5 || g_ascii_strncasecmp (p + 1, "UTF-8", 5) != 0;
}

static Xep174XmlScan
scan_declaration (Xep174XmlScanner *self,
                  const guchar     *octets,
                  gsize             end)
{
  for (; self->position < end; self->position++)
    {
      gsize index = self->position - self->token;
      guchar octet = octets[self->position];

      if (index < strlen (DECLARATION_START)
          ? octet != DECLARATION_START[index]
          : index == strlen (DECLARATION_START) && !is_space (octet))
        return fail (self, XEP174_STREAM_ERROR_RESTRICTED_XML,
                     "Processing instructions are not allowed in a stream");
      if (octet != '>' || octets[self->position - 1] != '?')
        continue;

      self->position++;
      enter (self, XEP174_XML_STATE_PROLOG);
      if (names_other_encoding ((const char *) octets + self->token,
                                self->position - self->token))
        return fail (self, XEP174_STREAM_ERROR_UNSUPPORTED_ENCODING,
                     "The stream says that it is not UTF-8");
      break;
    }

  return XEP174_XML_SCAN_MORE;
}

static Xep174XmlScan
end_start_tag (Xep174XmlScanner *self,
               gboolean          is_empty)
{
  guint depth = self->depth;

  if (depth > self->limits->max_depth)
    return fail (self, XEP174_STREAM_ERROR_POLICY_VIOLATION, "The elements are nested too deep");

  self->position++;
  if (!is_empty)
    self->depth++;
  if (depth > 0)
    return enter_content (self);

  enter (self, is_empty ? XEP174_XML_STATE_END : XEP174_XML_STATE_BETWEEN);
  self->allowance = G_MAXUINT64;
  return is_empty ? XEP174_XML_SCAN_FOOTER : XEP174_XML_SCAN_HEADER;
}

/* The names, the `=` and the white space of a tag, as far as a quote or the end. */
static gsize
skip_names (const guchar *octets,
            gsize         from,
            gsize         limit)
{
  for (; from < limit; from++)
    {
      guchar octet = octets[from];

      if (octet <= '>' && (octet == '\'' || octet == '"' || octet == '>'))
        break;
    }

  return from;
}

static Xep174XmlScan
scan_start_tag (Xep174XmlScanner *self,
                const guchar     *octets,
                gsize             end)
{
  gsize limit = find_bracket (self, octets, end);

  while (TRUE)
    {
      if (self->state == XEP174_XML_STATE_VALUE)
        {
          const guchar *quote = memchr (octets + self->position, self->quote,
                                        limit - self->position);

          self->position = quote != NULL ? (gsize) (quote - octets) + 1 : limit;
          if (quote == NULL)
            break;
          self->state = XEP174_XML_STATE_START_TAG;
        }

      self->position = skip_names (octets, self->position, limit);
      if (self->position == limit)
        break;
      if (octets[self->position] == '>')
        return end_start_tag (self, octets[self->position - 1] == '/');
      if (++self->values > self->limits->max_attributes + self->limits->max_namespaces)
        return fail (self, XEP174_STREAM_ERROR_POLICY_VIOLATION,
                     "An element has too many attributes");
      self->quote = octets[self->position++];
      self->state = XEP174_XML_STATE_VALUE;
    }

  if (limit == end)
    return XEP174_XML_SCAN_MORE;
  return fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED, "There is a “<” inside a tag");
}

static Xep174XmlScan
scan_end_tag (Xep174XmlScanner *self,
              const guchar     *octets,
              gsize             end)
{
  const guchar *close = memchr (octets + self->position, '>', end - self->position);

  if (close == NULL)
    {
      self->position = end;
      return XEP174_XML_SCAN_MORE;
    }

  self->position = close - octets + 1;
  if (--self->depth > 0)
    return enter_content (self);

  enter (self, XEP174_XML_STATE_END);
  return XEP174_XML_SCAN_FOOTER;
}

static Xep174XmlScan
scan_open (Xep174XmlScanner *self,
           const guchar     *octets,
           gsize             end)
{
  switch (octets[self->position])
    {
    case '/':
      if (self->depth == 0)
        return fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                     "The stream ends before it has begun");
      self->state = XEP174_XML_STATE_END_TAG;
      self->position++;
      return scan_end_tag (self, octets, end);
    case '!':
      self->state = XEP174_XML_STATE_MARKUP;
      break;
    case '?':
      if (self->offset + self->token > 0)
        return fail (self, XEP174_STREAM_ERROR_RESTRICTED_XML,
                     "Processing instructions are not allowed in a stream");
      self->state = XEP174_XML_STATE_DECLARATION;
      break;
    default:
      self->state = XEP174_XML_STATE_START_TAG;
      self->values = 0;
      return scan_start_tag (self, octets, end);
    }

  self->position++;
  return XEP174_XML_SCAN_MORE;
}

/* Straight on with what it is, if that has arrived too. */
static Xep174XmlScan
begin_token (Xep174XmlScanner *self,
             const guchar     *octets,
             gsize             end)
{
  self->token = self->position++;
  self->state = XEP174_XML_STATE_OPEN;

  return self->position < end ? scan_open (self, octets, end) : XEP174_XML_SCAN_MORE;
}

static Xep174XmlScan
scan_prolog (Xep174XmlScanner *self,
             const guchar     *octets,
             gsize             end)
{
  while (self->position < end && is_space (octets[self->position]))
    self->position++;
  if (self->position == end)
    return XEP174_XML_SCAN_MORE;

  /* RFC 6120 §11.6: U+FEFF is a character like any other, not a mark. */
  if (octets[self->position] != '<')
    return fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                 "There is text before the stream header");

  return begin_token (self, octets, end);
}

/* X9: white space between stanzas is dropped here. */
static Xep174XmlScan
scan_between (Xep174XmlScanner *self,
              const guchar     *octets,
              gsize             end)
{
  while (self->position < end && is_space (octets[self->position]))
    self->position++;
  if (self->position == end)
    return XEP174_XML_SCAN_MORE;

  if (octets[self->position] != '<')
    return fail (self, XEP174_STREAM_ERROR_BAD_FORMAT, "There is text between the stanzas");

  self->allowance = self->offset + self->position + self->limits->max_stanza_octets;
  self->bracket = G_MAXSIZE;
  return begin_token (self, octets, end);
}

static Xep174XmlScan
scan_markup (Xep174XmlScanner *self,
             const guchar     *octets,
             gsize             end)
{
  for (; self->position < end; self->position++)
    {
      gsize index = self->position - self->token;
      guchar octet = octets[self->position];

      if (index == strlen ("<!") && octet != '[')
        return fail (self, XEP174_STREAM_ERROR_RESTRICTED_XML,
                     "Comments and document types are not allowed in a stream");
      if (octet != CDATA_START[index] || self->depth == 0)
        return fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                     "There is a “<!” that begins nothing");
      if (self->depth == 1)
        return fail (self, XEP174_STREAM_ERROR_BAD_FORMAT, "There is text between the stanzas");
      if (index + 1 == strlen (CDATA_START))
        {
          self->position++;
          self->state = XEP174_XML_STATE_CDATA;
          break;
        }
    }

  return XEP174_XML_SCAN_MORE;
}

static Xep174XmlScan
scan_cdata (Xep174XmlScanner *self,
            const guchar     *octets,
            gsize             end)
{
  while (self->position < end)
    {
      const guchar *close = memchr (octets + self->position, '>', end - self->position);

      self->position = close != NULL ? (gsize) (close - octets) + 1 : end;
      if (close != NULL && close[-1] == ']' && close[-2] == ']')
        return enter_content (self);
    }

  return XEP174_XML_SCAN_MORE;
}

static Xep174XmlScan
scan_text (Xep174XmlScanner *self,
           const guchar     *octets,
           gsize             end)
{
  gsize bracket = find_bracket (self, octets, end);
  const guchar *found = NULL;

  if (self->position < bracket)
    found = memchr (octets + self->position, '&', bracket - self->position);
  if (found != NULL)
    {
      self->reference = found - octets;
      self->position = self->reference + 1;
      self->state = XEP174_XML_STATE_REFERENCE;
      return XEP174_XML_SCAN_MORE;
    }

  self->position = bracket;
  if (bracket == end)
    return XEP174_XML_SCAN_MORE;

  self->done = bracket;
  return begin_token (self, octets, end);
}

/* Which references are allowed is for the reader to say; here, that it is one. */
static Xep174XmlScan
scan_reference (Xep174XmlScanner *self,
                const guchar     *octets,
                gsize             end)
{
  for (; self->position < end; self->position++)
    {
      guchar octet = octets[self->position];

      if (octet == ';' && self->position > self->reference + 1)
        {
          self->position++;
          self->state = XEP174_XML_STATE_TEXT;
          break;
        }
      if (octet < 0x80 && !g_ascii_isalnum (octet) && strchr ("#_-.:", octet) == NULL)
        return fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                     "There is a “&” that begins no reference");
    }

  return XEP174_XML_SCAN_MORE;
}

static Xep174XmlScan
scan_step (Xep174XmlScanner *self,
           const guchar     *octets,
           gsize             end)
{
  switch (self->state)
    {
    case XEP174_XML_STATE_PROLOG:
      return scan_prolog (self, octets, end);
    case XEP174_XML_STATE_DECLARATION:
      return scan_declaration (self, octets, end);
    case XEP174_XML_STATE_BETWEEN:
      return scan_between (self, octets, end);
    case XEP174_XML_STATE_OPEN:
      return scan_open (self, octets, end);
    case XEP174_XML_STATE_START_TAG:
    case XEP174_XML_STATE_VALUE:
      return scan_start_tag (self, octets, end);
    case XEP174_XML_STATE_END_TAG:
      return scan_end_tag (self, octets, end);
    case XEP174_XML_STATE_MARKUP:
      return scan_markup (self, octets, end);
    case XEP174_XML_STATE_CDATA:
      return scan_cdata (self, octets, end);
    case XEP174_XML_STATE_TEXT:
      return scan_text (self, octets, end);
    case XEP174_XML_STATE_REFERENCE:
      return scan_reference (self, octets, end);
    case XEP174_XML_STATE_END:
      self->position = end;
      return XEP174_XML_SCAN_MORE;
    default:
      g_assert_not_reached ();
    }
}

Xep174XmlScan
xep174_xml_scanner_scan (Xep174XmlScanner *self,
                         const guchar     *octets,
                         gsize             length)
{
  self->bracket = G_MAXSIZE;

  while (self->position < length)
    {
      gsize end = MIN (length, self->allowance - self->offset);
      Xep174XmlScan found;

      if (G_UNLIKELY (self->position == end))
        return fail (self, XEP174_STREAM_ERROR_POLICY_VIOLATION,
                     self->depth == 0 ? "The stream header is too long"
                                      : "The stanza is too long");
      found = scan_step (self, octets, end);
      if (found != XEP174_XML_SCAN_MORE)
        return found;
    }

  return XEP174_XML_SCAN_MORE;
}

/* How many of the octets before @end belong to a character that goes on after it. */
static gsize
count_unfinished (const guchar *octets,
                  gsize         start,
                  gsize         end)
{
  for (gsize back = 1; back <= 3 && end - back >= start && back <= end; back++)
    {
      guchar octet = octets[end - back];

      if ((octet & 0xc0) == 0x80)
        continue;
      return octet >= 0xc0 && g_utf8_skip[octet] > (gssize) back ? back : 0;
    }

  return 0;
}

gsize
xep174_xml_scanner_cut_text (const Xep174XmlScanner *self,
                             const guchar           *octets,
                             gboolean                to_the_end)
{
  gsize start = self->done;
  gsize cut = self->state == XEP174_XML_STATE_REFERENCE ? self->reference : self->position;

  cut -= count_unfinished (octets, start, cut);
  if (to_the_end)
    return cut;

  for (int i = 0; i < 2 && cut > start && octets[cut - 1] == ']'; i++)
    cut--;
  if (cut > start && octets[cut - 1] == '\r')
    cut--;

  return cut;
}
