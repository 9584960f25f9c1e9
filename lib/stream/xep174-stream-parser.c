/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174StreamParser:
 *
 * Turns the octets of an XML stream into elements.
 *
 * Feed it what arrives, cut in any way, and take what it has found with
 * [method@StreamParser.next] until that returns %XEP174_STREAM_ITEM_NONE:
 * one header, any number of elements, and at last a footer or an error. The items are the same
 * however the octets were cut.
 *
 * It does no I/O and answers nothing; whose names the header has and whether its version will do
 * is for others to judge. It refuses, each with the code of [error@StreamError] that the
 * other side should be told (RFC 6120 §4.9.3):
 *
 * - comments, processing instructions, document types, and references to entities other than
 *   the five of XML: `restricted-xml` (RFC 6120 §11.1);
 * - a declared encoding other than UTF-8, and octets that are not UTF-8: `unsupported-encoding`
 *   (RFC 6120 §4.9.3.22, §11.6);
 * - what is not well-formed, prefixes that are not bound included: `not-well-formed` (RFC 6120
 *   §11.3);
 * - a first element that is not in the namespace of streams, or a default namespace other than
 *   `jabber:client`: `invalid-namespace`; another element of that namespace, or text between
 *   the stanzas: `bad-format`;
 * - what passes one of the limits that are properties here: `policy-violation`.
 *
 * A stream that is begun anew after negotiation takes a new parser. Octets that the old one has
 * not given out by then must not be carried over, see [method@StreamParser.has_pending].
 *
 * Since: 1.0
 */

#include "xep174-stream-parser.h"

#include <string.h>

#include "xep174-stream-error.h"
#include "xep174-xml-octets-private.h"
#include "xep174-xml-reader-private.h"
#include "xep174-xml-scanner-private.h"

/* libxml2 gets this much at a time: its buffers stay small, and so does the number of elements
 * that wait to be taken, whose memory the allocator then finds again at once. */
#define PIECE 1024
/* Text that has not ended goes to libxml2 in larger pieces, ... */
#define TEXT_PIECE 4096
/* ... but not in smaller ones than this. */
#define TEXT_MINIMUM 1024
/* After this much, or a tag as long as this, libxml2 starts anew between two stanzas. Where, is
 * counted in the stream and not in what is fed, so that limits do not depend on the cuts. */
#define RENEW_AFTER (64 * 1024)
#define RENEW_AFTER_TAG 4096

struct _Xep174StreamParser
{
  GObject             parent_instance;

  Xep174StreamLimits  limits;
  Xep174XmlOctets     octets;
  Xep174XmlScanner    scanner;
  Xep174XmlReader     reader;
  guchar             *buffer;
  gsize               length;
  gsize               capacity;
  gsize               pushed;         /* how much of it libxml2 has been given */
  GError             *octet_error;    /* for the octet that would come after it */
  guint64             renew_at;
  gboolean            is_over;        /* nothing is read after a footer or an error */
  gboolean            gave_end;
};

G_DEFINE_FINAL_TYPE (Xep174StreamParser, xep174_stream_parser, G_TYPE_OBJECT)

enum
{
  PROP_MAX_STANZA_OCTETS = 1,
  PROP_MAX_HEADER_OCTETS,
  PROP_MAX_DEPTH,
  PROP_MAX_ATTRIBUTES,
  PROP_MAX_NAMESPACES,
  PROP_MAX_NAMES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint *
get_limit (Xep174StreamParser *self,
           guint               property_id)
{
  switch (property_id)
    {
    case PROP_MAX_STANZA_OCTETS:
      return &self->limits.max_stanza_octets;
    case PROP_MAX_HEADER_OCTETS:
      return &self->limits.max_header_octets;
    case PROP_MAX_DEPTH:
      return &self->limits.max_depth;
    case PROP_MAX_ATTRIBUTES:
      return &self->limits.max_attributes;
    case PROP_MAX_NAMESPACES:
      return &self->limits.max_namespaces;
    case PROP_MAX_NAMES:
      return &self->limits.max_names;
    default:
      return NULL;
    }
}

static void
xep174_stream_parser_get_property (GObject    *object,
                                   guint       property_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  guint *limit = get_limit (XEP174_STREAM_PARSER (object), property_id);

  if (limit != NULL)
    g_value_set_uint (value, *limit);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
xep174_stream_parser_set_property (GObject      *object,
                                   guint         property_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  guint *limit = get_limit (XEP174_STREAM_PARSER (object), property_id);

  if (limit != NULL)
    *limit = g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
xep174_stream_parser_constructed (GObject *object)
{
  Xep174StreamParser *self = XEP174_STREAM_PARSER (object);

  G_OBJECT_CLASS (xep174_stream_parser_parent_class)->constructed (object);
  xep174_xml_scanner_init (&self->scanner, &self->limits);
  xep174_xml_reader_init (&self->reader, &self->limits);
}

static void
xep174_stream_parser_finalize (GObject *object)
{
  Xep174StreamParser *self = XEP174_STREAM_PARSER (object);

  xep174_xml_scanner_clear (&self->scanner);
  xep174_xml_reader_clear (&self->reader);
  g_free (self->buffer);
  g_clear_error (&self->octet_error);
  G_OBJECT_CLASS (xep174_stream_parser_parent_class)->finalize (object);
}

static GParamSpec *
limit_spec (const char *name,
            guint       minimum,
            guint       standard)
{
  return g_param_spec_uint (name, NULL, NULL, minimum, G_MAXINT / 2, standard,
                            G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
}

static void
install_limits (GObjectClass *object_class)
{
  /**
   * Xep174StreamParser:max-stanza-octets:
   *
   * The octets that one first-level element may have, from its `<` to its last `>`. RFC 6120
   * §13.12 asks for at least 10,000.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_STANZA_OCTETS] = limit_spec ("max-stanza-octets", 10000, 256 * 1024);

  /**
   * Xep174StreamParser:max-header-octets:
   *
   * The octets that may arrive until the stream header is whole, with all that is before it.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_HEADER_OCTETS] = limit_spec ("max-header-octets", 256, 8 * 1024);

  /**
   * Xep174StreamParser:max-depth:
   *
   * How deep elements may be nested; a stanza is at depth 1.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_DEPTH] = limit_spec ("max-depth", 8, 128);

  /**
   * Xep174StreamParser:max-attributes:
   *
   * The attributes that one element may have, namespace declarations not counted. libxml2
   * compares each with each, so that more would cost more than in proportion.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_ATTRIBUTES] = limit_spec ("max-attributes", 8, 40);

  /**
   * Xep174StreamParser:max-namespaces:
   *
   * The namespaces that one element may declare.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_NAMESPACES] = limit_spec ("max-namespaces", 4, 32);

  /**
   * Xep174StreamParser:max-names:
   *
   * The names of elements, attributes, prefixes and namespaces that one stanza may bring
   * beside those that the parser knows already. It forgets them from time to time, so
   * their number in the whole stream has no bound and costs no memory.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_NAMES] = limit_spec ("max-names", 64, 4096);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_stream_parser_class_init (Xep174StreamParserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xep174_stream_parser_get_property;
  object_class->set_property = xep174_stream_parser_set_property;
  object_class->constructed = xep174_stream_parser_constructed;
  object_class->finalize = xep174_stream_parser_finalize;
  install_limits (object_class);
}

static void
xep174_stream_parser_init (Xep174StreamParser *self)
{
  self->renew_at = RENEW_AFTER;
}

/**
 * xep174_stream_parser_new:
 *
 * Makes a parser for one stream, with the limits that the properties have by default.
 *
 * Returns: (transfer full): the parser
 *
 * Since: 1.0
 */
Xep174StreamParser *
xep174_stream_parser_new (void)
{
  return g_object_new (XEP174_TYPE_STREAM_PARSER, NULL);
}

static void
drop_buffer (Xep174StreamParser *self)
{
  g_clear_pointer (&self->buffer, g_free);
  self->length = 0;
  self->capacity = 0;
  self->pushed = 0;
}

static void
finish (Xep174StreamParser *self)
{
  self->is_over = TRUE;
  xep174_xml_reader_close (&self->reader);
  drop_buffer (self);
}

/* Gives libxml2 the whole tokens before the one that has begun. */
static void
push_tokens (Xep174StreamParser *self)
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
is_in_token (Xep174StreamParser *self)
{
  return self->scanner.state != XEP174_XML_STATE_BETWEEN
         && self->scanner.state != XEP174_XML_STATE_PROLOG;
}

static gboolean
is_in_text (Xep174StreamParser *self)
{
  return self->scanner.state == XEP174_XML_STATE_TEXT
         || self->scanner.state == XEP174_XML_STATE_REFERENCE;
}

/* Text goes to libxml2 while it arrives, cut where that makes no difference. */
static void
push_text (Xep174StreamParser *self)
{
  if (!is_in_text (self) || self->scanner.position - self->scanner.done < TEXT_MINIMUM)
    return;

  xep174_xml_scanner_cut_text (&self->scanner, self->buffer, FALSE);
  push_tokens (self);
}

/* That are not in the stream. */
static void
push_octets (Xep174StreamParser *self,
             const char         *octets)
{
  xep174_xml_reader_push (&self->reader, (const guchar *) octets, 0, strlen (octets),
                          self->scanner.texts, 0);
}

/* Something is wrong after what has been scanned. What libxml2 finds wrong before it comes first;
 * a `<` makes it look at the text that it has. */
static void
stop (Xep174StreamParser *self,
      GError             *error)
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
after_header (Xep174StreamParser *self)
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
after_element (Xep174StreamParser *self)
{
  guint64 offset = self->scanner.offset + self->scanner.position;
  gboolean is_due = offset >= self->renew_at || self->scanner.longest >= RENEW_AFTER_TAG;

  if (!is_due && self->scanner.done - self->pushed < PIECE)
    return;

  push_tokens (self);
  if (!is_due || self->is_over)
    return;
  xep174_xml_reader_renew (&self->reader);
  self->renew_at = offset + RENEW_AFTER;
  self->scanner.longest = 0;
}

/* All that has arrived is scanned: what remains is the token that has begun. */
static void
settle (Xep174StreamParser *self)
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
  else if (used > 0)
    memmove (self->buffer, self->buffer + used, self->length);
}

/* Reads on a little; FALSE if there is nothing to read. */
static gboolean
step (Xep174StreamParser *self)
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

/* Only as far as needed, or a peer could have everything it sends lie here as elements. */
static gboolean
read_item (Xep174StreamParser *self)
{
  while (self->reader.header == NULL && self->reader.first == NULL)
    if (!step (self))
      return self->reader.header != NULL || self->reader.first != NULL;

  return TRUE;
}

static void
append (Xep174StreamParser *self,
        const guchar       *octets,
        gsize               length)
{
  if (length == 0)
    return;
  if (self->length + length > self->capacity)
    {
      self->capacity = MAX (self->length + length, 2 * self->capacity);
      self->buffer = g_realloc (self->buffer, self->capacity + XEP174_XML_MARKS_PADDING);
    }
  memcpy (self->buffer + self->length, octets, length);
  self->length += length;
}

static GError *
error_for_octet (Xep174StreamParser *self,
                 guint64             offset,
                 guchar              octet)
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

/**
 * xep174_stream_parser_feed:
 * @self: a parser
 * @octets: (array length=length): what has arrived
 * @length: the number of octets
 *
 * Adds octets to those that [method@StreamParser.next] reads from. After a footer or an error
 * they are ignored.
 *
 * Since: 1.0
 */
void
xep174_stream_parser_feed (Xep174StreamParser *self,
                           const guint8       *octets,
                           gsize               length)
{
  gsize good;

  g_return_if_fail (XEP174_IS_STREAM_PARSER (self));
  g_return_if_fail (octets != NULL || length == 0);

  if (self->is_over || self->octet_error != NULL)
    return;

  good = xep174_xml_octets_check (&self->octets, octets, length);
  if (G_UNLIKELY (self->octets.has_cr))
    xep174_xml_scanner_set_has_cr (&self->scanner, TRUE);
  append (self, octets, good);
  if (good < length)
    self->octet_error = error_for_octet (self, self->scanner.offset + self->length, octets[good]);
}

static Xep174StreamItem
give_element (Xep174Element     *element,
              Xep174StreamItem   item,
              Xep174Element    **out)
{
  if (out != NULL)
    *out = element;
  else
    xep174_element_unref (element);

  return item;
}

/**
 * xep174_stream_parser_next:
 * @self: a parser
 * @element: (out) (optional) (nullable) (transfer full): return location for the header or element
 * @error: return location for an error of [error@StreamError]
 *
 * Takes the next of what has been found, in the order in which it stood in the stream. What came
 * before an error is given first.
 *
 * Returns: what it is; %XEP174_STREAM_ITEM_ERROR with @error set, %XEP174_STREAM_ITEM_NONE if more
 *   has to be fed, or after the end
 *
 * Since: 1.0
 */
Xep174StreamItem
xep174_stream_parser_next (Xep174StreamParser  *self,
                           Xep174Element      **element,
                           GError             **error)
{
  Xep174Element *found;

  g_return_val_if_fail (XEP174_IS_STREAM_PARSER (self), XEP174_STREAM_ITEM_NONE);
  g_return_val_if_fail (error == NULL || *error == NULL, XEP174_STREAM_ITEM_NONE);

  if (element != NULL)
    *element = NULL;

  read_item (self);
  if ((found = xep174_xml_reader_steal_header (&self->reader)) != NULL)
    return give_element (found, XEP174_STREAM_ITEM_HEADER, element);
  if ((found = xep174_xml_reader_pop_element (&self->reader)) != NULL)
    return give_element (found, XEP174_STREAM_ITEM_ELEMENT, element);
  if (!self->is_over || self->gave_end)
    return XEP174_STREAM_ITEM_NONE;

  self->gave_end = TRUE;
  if (self->reader.error == NULL)
    return XEP174_STREAM_ITEM_FOOTER;

  g_propagate_error (error, g_steal_pointer (&self->reader.error));
  return XEP174_STREAM_ITEM_ERROR;
}

/**
 * xep174_stream_parser_has_pending:
 * @self: a parser
 *
 * Whether there is anything but white space that [method@StreamParser.next] has not given out.
 *
 * Before a stream is begun anew inside TLS this must be %FALSE: what an attacker has sent ahead
 * in the clear would otherwise count as sent inside (RFC 6120 §5.4.3.3).
 *
 * Returns: %TRUE if there are octets left over
 *
 * Since: 1.0
 */
gboolean
xep174_stream_parser_has_pending (Xep174StreamParser *self)
{
  g_return_val_if_fail (XEP174_IS_STREAM_PARSER (self), FALSE);

  if (read_item (self))
    return TRUE;
  if (self->is_over)
    return !self->gave_end;
  if (self->scanner.state == XEP174_XML_STATE_PROLOG)
    return self->reader.context != NULL;

  return is_in_token (self);
}
