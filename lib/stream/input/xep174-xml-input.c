/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-xml-input-private.h"

#include <string.h>

#include "xep174-stream-error.h"

/* libxml2 gets this much at a time: its buffers stay small, and so does the number of elements
 * that wait to be taken, whose memory the allocator then finds again at once. */
#define PIECE 1024
/* Text that has not ended goes to libxml2 in larger pieces, ... */
#define TEXT_PIECE 4096
/* ... but not in smaller ones than this. */
#define TEXT_MINIMUM 1024
/* After so much in tags, which bring all names, after so much in all, or after a tag as long as this,
 * libxml2 starts anew between two stanzas. Where, is counted in the stream and not in what is fed, so
 * that limits do not depend on the cuts. */
#define RENEW_AFTER_TAGS (64 * 1024)
#define RENEW_AFTER (1024 * 1024)
#define RENEW_AFTER_TAG 4096

void
xep174_xml_input_init (Xep174XmlInput           *self,
                       const Xep174StreamLimits *limits)
{
  xep174_xml_scanner_init (&self->scanner, limits);
  xep174_xml_reader_init (&self->reader, limits);
  self->renew_at = RENEW_AFTER;
}

void
xep174_xml_input_clear (Xep174XmlInput *self)
{
  xep174_xml_scanner_clear (&self->scanner);
  xep174_xml_reader_clear (&self->reader);
  g_free (self->own);
  g_clear_error (&self->octet_error);
}

static void
drop_buffer (Xep174XmlInput *self)
{
  g_clear_pointer (&self->own, g_free);
  self->capacity = 0;
  self->buffer = NULL;
  self->length = 0;
  self->pushed = 0;
}

static void
finish (Xep174XmlInput *self)
{
  self->is_over = TRUE;
  xep174_xml_reader_close (&self->reader);
  drop_buffer (self);
}

/* Gives libxml2 the whole tokens before the one that has begun. */
static void
push_tokens (Xep174XmlInput *self)
{
  gsize end = self->scanner.done;

  if (end <= self->pushed)
    return;
  xep174_xml_reader_push (&self->reader, self->buffer, self->pushed, end,
                          self->scanner.texts, self->scanner.n_texts);
  xep174_xml_scanner_forget (&self->scanner);
  self->pushed = end;
  if (self->reader.error != NULL)
    finish (self);
}

/* White space outside the stanzas is dropped at once. */
static gboolean
is_in_token (Xep174XmlInput *self)
{
  return self->scanner.state != XEP174_XML_STATE_BETWEEN
         && self->scanner.state != XEP174_XML_STATE_PROLOG;
}

static gboolean
is_in_text (Xep174XmlInput *self)
{
  return self->scanner.state == XEP174_XML_STATE_TEXT
         || self->scanner.state == XEP174_XML_STATE_REFERENCE;
}

/* Text goes to libxml2 while it arrives, cut where that makes no difference. */
static void
push_text (Xep174XmlInput *self)
{
  if (!is_in_text (self) || self->scanner.position - self->scanner.done < TEXT_MINIMUM)
    return;

  xep174_xml_scanner_cut_text (&self->scanner, self->buffer, FALSE);
  push_tokens (self);
}

/* That are not in the stream. */
static void
push_octets (Xep174XmlInput *self,
             const char     *octets)
{
  xep174_xml_reader_push (&self->reader, (const guchar *) octets, 0, strlen (octets),
                          self->scanner.texts, 0);
}

/* Something is wrong after what has been scanned. What libxml2 finds wrong before it comes first;
 * a `<` makes it look at the text that it has. */
static void
stop (Xep174XmlInput *self,
      GError         *error)
{
  if (is_in_text (self))
    xep174_xml_scanner_cut_text (&self->scanner, self->buffer, TRUE);
  push_tokens (self);
  if (self->scanner.depth > 1 && !self->is_over)
    push_octets (self, "<");

  if (self->reader.error == NULL)
    self->reader.error = error;
  else
    g_error_free (error);
  finish (self);
}

static void
after_header (Xep174XmlInput *self)
{
  push_tokens (self);
  /* libxml2 begins when it has four octets; a tag may have two. */
  if (!self->is_over && self->reader.header == NULL)
    {
      push_octets (self, "\n\n");
      if (self->reader.error != NULL)
        finish (self);
    }
  if (!self->is_over)
    xep174_xml_reader_keep_header (&self->reader, self->buffer + self->scanner.token,
                                   self->scanner.done - self->scanner.token);
}

static void
after_element (Xep174XmlInput *self)
{
  guint64 offset = self->scanner.offset + self->scanner.position;
  gboolean is_due = self->scanner.tags >= RENEW_AFTER_TAGS || offset >= self->renew_at
                    || self->scanner.longest >= RENEW_AFTER_TAG;

  if (!is_due && self->scanner.done - self->pushed < PIECE)
    return;

  push_tokens (self);
  if (!is_due || self->is_over)
    return;
  xep174_xml_reader_renew (&self->reader);
  self->renew_at = offset + RENEW_AFTER;
  self->scanner.tags = 0;
  self->scanner.longest = 0;
}

/* All that has arrived is scanned: what remains is the token that has begun. */
static void
settle (Xep174XmlInput *self)
{
  gsize used;

  push_tokens (self);
  if (!self->is_over)
    push_text (self);
  if (self->is_over)
    return;

  used = is_in_token (self) ? self->pushed : self->length;
  xep174_xml_scanner_advance (&self->scanner, used);
  self->pushed = 0;
  self->length -= used;
  if (self->length == 0)
    {
      drop_buffer (self);
      self->octets.has_cr = FALSE;
      xep174_xml_scanner_set_has_cr (&self->scanner, FALSE);
    }
  else if (self->buffer != self->own)
    self->buffer += used;
  else if (used > 0)
    memmove (self->own, self->own + used, self->length);
}

/* Reads on a little; FALSE if there is nothing to read. */
static gboolean
step (Xep174XmlInput *self)
{
  gsize window = self->scanner.position + (is_in_text (self) ? TEXT_PIECE : PIECE);

  if (self->is_over)
    return FALSE;
  if (self->scanner.position == self->length)
    {
      if (self->octet_error != NULL)
        stop (self, g_steal_pointer (&self->octet_error));
      else if (self->length > 0)
        settle (self);
      return FALSE;
    }

  switch (xep174_xml_scanner_scan (&self->scanner, self->buffer, MIN (window, self->length)))
    {
    case XEP174_XML_SCAN_HEADER:
      after_header (self);
      break;
    case XEP174_XML_SCAN_ELEMENT:
      after_element (self);
      break;
    case XEP174_XML_SCAN_FOOTER:
      push_tokens (self);
      if (!self->is_over)
        finish (self);
      break;
    case XEP174_XML_SCAN_ERROR:
      stop (self, g_steal_pointer (&self->scanner.error));
      break;
    case XEP174_XML_SCAN_MORE:
    default:
      push_tokens (self);
      if (!self->is_over)
        push_text (self);
    }

  return TRUE;
}

gboolean
xep174_xml_input_read (Xep174XmlInput *self)
{
  while (self->reader.header == NULL && self->reader.first == NULL)
    if (!step (self))
      return self->reader.header != NULL || self->reader.first != NULL;

  return TRUE;
}

static void
append (Xep174XmlInput *self,
        const guchar   *octets,
        gsize           length)
{
  if (length == 0)
    return;
  if (self->length + length > self->capacity)
    {
      self->capacity = MAX (self->length + length, 2 * self->capacity);
      self->own = g_realloc (self->own, self->capacity + XEP174_XML_MARKS_PADDING);
      self->buffer = self->own;
    }
  memcpy (self->own + self->length, octets, length);
  self->length += length;
}

static GError *
error_for_octet (Xep174XmlInput *self,
                 guint64         offset,
                 guchar          octet)
{
  if (self->octets.high == XEP174_XML_OCTETS_LAST && (octet & 0xc0) == 0x80)
    return g_error_new (XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                        "The stream has a noncharacter: U+FF%02X at %" G_GUINT64_FORMAT,
                        0x40 | octet, offset);
  /* XML without a NUL near its start is not UTF-16 or UCS-4, and with one it is. */
  if (octet >= 0x80 || self->octets.missing > 0 || (octet == 0 && offset < 4))
    return g_error_new (XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_UNSUPPORTED_ENCODING,
                        "The stream is not UTF-8: octet %02X at %" G_GUINT64_FORMAT, octet, offset);

  return g_error_new (XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                      "The stream has a control character: U+%04X at %" G_GUINT64_FORMAT, octet,
                      offset);
}

/* How many of @octets can be read. */
static gsize
check (Xep174XmlInput *self,
       const guint8   *octets,
       gsize           length)
{
  gsize good;

  if (self->is_over || self->octet_error != NULL)
    return 0;

  good = xep174_xml_octets_check (&self->octets, octets, length);
  if (G_UNLIKELY (self->octets.has_cr))
    xep174_xml_scanner_set_has_cr (&self->scanner, TRUE);
  if (good < length)
    self->octet_error = error_for_octet (self, self->scanner.offset + self->length + good, octets[good]);
  return good;
}

void
xep174_xml_input_feed (Xep174XmlInput *self,
                       const guint8   *octets,
                       gsize           length)
{
  xep174_xml_input_take_back (self);
  append (self, octets, check (self, octets, length));
}

void
xep174_xml_input_lend (Xep174XmlInput *self,
                       const guint8   *octets,
                       gsize           length)
{
  if (self->length > 0)
    {
      xep174_xml_input_feed (self, octets, length);
      return;
    }

  self->length = check (self, octets, length);
  self->buffer = octets;
}

void
xep174_xml_input_take_back (Xep174XmlInput *self)
{
  const guchar *octets = self->buffer;
  gsize length = self->length;

  if (octets == self->own)
    return;

  self->buffer = self->own;
  self->length = 0;
  append (self, octets, length);
}

gboolean
xep174_xml_input_has_rest (Xep174XmlInput *self)
{
  if (self->scanner.state == XEP174_XML_STATE_PROLOG)
    return self->reader.context != NULL;

  return is_in_token (self);
}
