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
  self->max_values = limits->max_attributes + limits->max_namespaces;
  self->opened_end = G_MAXSIZE;
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
  self->marks = (Xep174XmlMarks) { .end = self->position };
}

void
xep174_xml_scanner_set_has_cr (Xep174XmlScanner *self,
                               gboolean          has_cr)
{
  self->is_plain = self->is_plain && !self->has_cr && !has_cr;
  self->has_cr = has_cr;
}

void
xep174_xml_scanner_forget (Xep174XmlScanner *self)
{
  self->n_texts = 0;
  self->opened_end = G_MAXSIZE;
}

static inline void
enter (Xep174XmlScanner *self,
       Xep174XmlState    state)
{
  self->state = state;
  self->done = self->position;
  if (G_UNLIKELY (self->done - self->token > self->longest))
    self->longest = self->done - self->token;
}

/* After a whole token inside the stream. */
static inline Xep174XmlScan
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

static inline Xep174XmlScan
after_tag (Xep174XmlScanner *self)
{
  self->is_plain = TRUE;
  self->tags += self->position - self->token;
  return enter_content (self);
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
          ? octet != (guchar) DECLARATION_START[index]
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

  self->events += 1 + is_empty;
  if (!is_empty)
    {
      self->depth++;
      self->opened = self->token;
      self->opened_end = self->position;
    }
  if (depth > 0)
    return after_tag (self);

  enter (self, is_empty ? XEP174_XML_STATE_END : XEP174_XML_STATE_BETWEEN);
  self->allowance = G_MAXUINT64;
  return is_empty ? XEP174_XML_SCAN_FOOTER : XEP174_XML_SCAN_HEADER;
}

static Xep174XmlScan
scan_start_tag (Xep174XmlScanner *self,
                const guchar     *octets,
                gsize             end)
{
  guint values_left = self->values_left;
  guchar quote = self->quote;

  for (gsize at; (at = xep174_xml_marks_take (&self->marks, octets, end)) < end;)
    {
      guchar mark = octets[at];

      if (quote != '\0' && mark != '<')
        {
          if (mark == quote)
            quote = '\0';
        }
      else if (mark == '>')
        {
          self->position = at + 1;
          return end_start_tag (self, octets[at - 1] == '/');
        }
      else if (mark == '\'' || mark == '"')
        {
          if (values_left-- == 0)
            return fail (self, XEP174_STREAM_ERROR_POLICY_VIOLATION,
                         "An element has too many attributes");
          quote = mark;
        }
      else if (mark == '<')
        {
          return fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED, "There is a “<” inside a tag");
        }
    }

  self->position = end;
  self->values_left = values_left;
  self->quote = quote;
  return XEP174_XML_SCAN_MORE;
}

/* Whether the text is all that stands between a start tag and the end tag of the same name that
 * has just ended. */
static gboolean
is_all_between (Xep174XmlScanner    *self,
                const Xep174XmlText *text,
                const guchar        *octets)
{
  const guchar *name = octets + self->opened + strlen ("<");
  const guchar *again = octets + self->token + strlen ("</");

  if (text->start != self->opened_end || text->end != self->token)
    return FALSE;
  for (; *again == *name && *again > ' ' && *again != '>'; again++)
    name++;

  return *again == '>' && (*name == '>' || is_space (*name));
}

static Xep174XmlScan
scan_end_tag (Xep174XmlScanner *self,
              const guchar     *octets,
              gsize             end)
{
  gsize at = xep174_xml_marks_take (&self->marks, octets, end);

  if (at == end)
    {
      self->position = end;
      return XEP174_XML_SCAN_MORE;
    }
  self->position = at + 1;
  /* For a quote here libxml2 would wait until there is another. */
  if (octets[at] != '>')
    return fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                 "There is more than a name in an end tag");

  self->events++;
  if (self->n_texts > 0 && is_all_between (self, &self->texts[self->n_texts - 1], octets))
    self->texts[self->n_texts - 1].resume = self->position;
  if (--self->depth > 0)
    return after_tag (self);

  enter (self, XEP174_XML_STATE_END);
  return XEP174_XML_SCAN_FOOTER;
}

static inline Xep174XmlScan
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
      self->quote = '\0';
      self->values_left = self->max_values;
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

  xep174_xml_marks_drop (&self->marks, self->position + 1);
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

  xep174_xml_marks_drop (&self->marks, self->position + 1);
  self->allowance = self->offset + self->position + self->limits->max_stanza_octets;
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
      if (octet != (guchar) CDATA_START[index] || self->depth == 0)
        return fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                     "There is a “<!” that begins nothing");
      if (self->depth == 1)
        return fail (self, XEP174_STREAM_ERROR_BAD_FORMAT, "There is text between the stanzas");
      if (index + 1 == strlen (CDATA_START))
        {
          self->position++;
          self->state = XEP174_XML_STATE_CDATA;
          xep174_xml_marks_drop (&self->marks, self->position);
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
  for (gsize at; (at = xep174_xml_marks_take (&self->marks, octets, end)) < end;)
    if (octets[at] == '>' && octets[at - 1] == ']' && octets[at - 2] == ']')
      {
        self->position = at + 1;
        self->is_plain = FALSE;
        return enter_content (self);
      }

  self->position = end;
  return XEP174_XML_SCAN_MORE;
}

/* If libxml2 has seen a part of the text since the last tag it has to see the rest. */
static inline void
end_text (Xep174XmlScanner *self,
          gsize             end)
{
  if (self->is_plain && !self->has_cr && self->done < end && end <= G_MAXINT
      && self->n_texts < XEP174_XML_SCANNER_TEXTS)
    self->texts[self->n_texts++] = (Xep174XmlText) { self->done, end, end, self->events };
  else
    self->is_plain = FALSE;
  self->done = end;
}

static Xep174XmlScan
scan_text (Xep174XmlScanner *self,
           const guchar     *octets,
           gsize             end)
{
  for (gsize at; (at = xep174_xml_marks_take (&self->marks, octets, end)) < end;)
    switch (octets[at])
      {
      case '<':
        self->position = at;
        if (self->done < at)
          end_text (self, at);
        return begin_token (self, octets, end);
      case '&':
        self->is_plain = FALSE;
        self->reference = at;
        self->position = at + 1;
        self->state = XEP174_XML_STATE_REFERENCE;
        return XEP174_XML_SCAN_MORE;
      case '>':
        /* Text is never cut after a `]`. */
        if (at > self->done && octets[at - 1] == ']')
          self->is_plain = FALSE;
        break;
      default:
        break;
      }

  self->position = end;
  return XEP174_XML_SCAN_MORE;
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
          xep174_xml_marks_drop (&self->marks, self->position);
          break;
        }
      if (octet < 0x80 && !g_ascii_isalnum (octet) && strchr ("#_-.:", octet) == NULL)
        return fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                     "There is a “&” that begins no reference");
    }

  return XEP174_XML_SCAN_MORE;
}

/* In all states but that of text. */
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
      return scan_start_tag (self, octets, end);
    case XEP174_XML_STATE_END_TAG:
      return scan_end_tag (self, octets, end);
    case XEP174_XML_STATE_MARKUP:
      return scan_markup (self, octets, end);
    case XEP174_XML_STATE_CDATA:
      return scan_cdata (self, octets, end);
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
  Xep174XmlScan found = XEP174_XML_SCAN_MORE;

  while (found == XEP174_XML_SCAN_MORE && self->position < length)
    {
      gsize end = MIN (length, self->allowance - self->offset);

      if (G_UNLIKELY (self->position == end))
        return fail (self, XEP174_STREAM_ERROR_POLICY_VIOLATION,
                     self->depth == 0 ? "The stream header is too long"
                                      : "The stanza is too long");
      if (self->state != XEP174_XML_STATE_TEXT)
        found = scan_step (self, octets, end);
      /* Texts with the tags behind them, where the end stays what it is. */
      while (found == XEP174_XML_SCAN_MORE && self->state == XEP174_XML_STATE_TEXT
             && self->position < end)
        found = scan_text (self, octets, end);
    }

  return found;
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

void
xep174_xml_scanner_cut_text (Xep174XmlScanner *self,
                             const guchar     *octets,
                             gboolean          to_the_end)
{
  gsize start = self->done;
  gsize cut = self->state == XEP174_XML_STATE_REFERENCE ? self->reference : self->position;

  cut -= count_unfinished (octets, start, cut);
  if (!to_the_end)
    {
      for (int i = 0; i < 2 && cut > start && octets[cut - 1] == ']'; i++)
        cut--;
      if (cut > start && octets[cut - 1] == '\r')
        cut--;
    }

  end_text (self, cut);
}
