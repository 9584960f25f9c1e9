/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174StreamParser:
 *
 * Turns the octets of an XML stream into elements.
 *
 * Feed it what arrives, in pieces of any size. Then call [method@StreamParser.next] until it returns
 * %XEP174_STREAM_ITEM_NONE. It gives one header, any number of elements, and at the end a footer or an
 * error. The size of the pieces makes no difference.
 *
 * If a stanza has no `xml:lang`, it gets that of the header (RFC 6120 §8.1.5). If the header declares no
 * default namespace, elements without a namespace are in `jabber:client`, but not those that say
 * `xmlns=''`, and what is in them.
 *
 * The parser does no I/O and answers nothing. It does not check the names and the version in the header.
 * It refuses the following; the error has the code of [error@StreamError] to tell the other side
 * (RFC 6120 §4.9.3):
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
 * - what goes over a limit; the limits are properties: `policy-violation`. A [class@Session] and
 *   [func@stream_write_element] do not send what goes over the same limits.
 *
 * If a stream is begun again after negotiation, make a new parser. Do not give it octets that are left
 * in the old one, see [method@StreamParser.has_pending].
 *
 * Since: 1.0
 */

#include "xep174-stream-parser-private.h"

#include "xep174-stream-error.h"
#include "xep174-xml-input-private.h"

struct _Xep174StreamParser
{
  GObject             parent_instance;

  Xep174StreamLimits  limits;
  Xep174XmlInput      input;
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
  xep174_xml_input_init (&self->input, &self->limits);
}

static void
xep174_stream_parser_finalize (GObject *object)
{
  Xep174StreamParser *self = XEP174_STREAM_PARSER (object);

  xep174_xml_input_clear (&self->input);
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
  const Xep174StreamLimits standard = XEP174_STREAM_LIMITS_STANDARD;

  /**
   * Xep174StreamParser:max-stanza-octets:
   *
   * How many octets a stanza may have, from its first `<` to its last `>`. RFC 6120 §13.12 asks for
   * at least 10,000.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_STANZA_OCTETS] =
    limit_spec ("max-stanza-octets", 10000, standard.max_stanza_octets);

  /**
   * Xep174StreamParser:max-header-octets:
   *
   * How many octets may arrive until the stream header is complete. What comes before it counts.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_HEADER_OCTETS] =
    limit_spec ("max-header-octets", 256, standard.max_header_octets);

  /**
   * Xep174StreamParser:max-depth:
   *
   * How deep elements may be nested; a stanza is at depth 1.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_DEPTH] = limit_spec ("max-depth", 8, standard.max_depth);

  /**
   * Xep174StreamParser:max-attributes:
   *
   * How many attributes an element may have. Namespace declarations do not count. libxml2 compares
   * each attribute with each other one, so twice as many take four times as long.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_ATTRIBUTES] = limit_spec ("max-attributes", 8, standard.max_attributes);

  /**
   * Xep174StreamParser:max-namespaces:
   *
   * How many namespaces an element may declare.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_NAMESPACES] = limit_spec ("max-namespaces", 4, standard.max_namespaces);

  /**
   * Xep174StreamParser:max-names:
   *
   * How many new names a stanza may have: of elements, attributes, prefixes and namespaces that the
   * parser does not know yet. It forgets them from time to time, so a long stream needs no more
   * memory.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_NAMES] = limit_spec ("max-names", 64, standard.max_names);

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
  g_return_if_fail (XEP174_IS_STREAM_PARSER (self));
  g_return_if_fail (octets != NULL || length == 0);

  xep174_xml_input_feed (&self->input, octets, length);
}

G_STATIC_ASSERT (XEP174_STREAM_PARSER_PADDING >= XEP174_XML_MARKS_PADDING);

Xep174StreamParser *
xep174_stream_parser_lend (Xep174StreamParser *self,
                           const guint8       *octets,
                           gsize               length)
{
  xep174_xml_input_lend (&self->input, octets, length);
  return g_object_ref (self);
}

void
xep174_stream_parser_take_back (Xep174StreamParser *self)
{
  xep174_xml_input_take_back (&self->input);
  g_object_unref (self);
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
 * Takes the next item, in the order of the stream. What came before an error is given first.
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

  xep174_xml_input_read (&self->input);
  if ((found = xep174_xml_reader_steal_header (&self->input.reader)) != NULL)
    return give_element (found, XEP174_STREAM_ITEM_HEADER, element);
  if ((found = xep174_xml_reader_pop_element (&self->input.reader)) != NULL)
    return give_element (found, XEP174_STREAM_ITEM_ELEMENT, element);
  if (!self->input.is_over || self->gave_end)
    return XEP174_STREAM_ITEM_NONE;

  self->gave_end = TRUE;
  if (self->input.reader.error == NULL)
    return XEP174_STREAM_ITEM_FOOTER;

  g_propagate_error (error, g_steal_pointer (&self->input.reader.error));
  return XEP174_STREAM_ITEM_ERROR;
}

/**
 * xep174_stream_parser_has_pending:
 * @self: a parser
 *
 * Whether anything but white space is left that [method@StreamParser.next] has not given yet.
 *
 * It must be %FALSE before a stream is begun again inside of TLS. Otherwise something that an attacker
 * has sent before, unencrypted, would count as sent inside of TLS (RFC 6120 §5.4.3.3).
 *
 * Returns: %TRUE if there are octets left over
 *
 * Since: 1.0
 */
gboolean
xep174_stream_parser_has_pending (Xep174StreamParser *self)
{
  g_return_val_if_fail (XEP174_IS_STREAM_PARSER (self), FALSE);

  if (xep174_xml_input_read (&self->input))
    return TRUE;
  if (self->input.is_over)
    return !self->gave_end;

  return xep174_xml_input_has_rest (&self->input);
}
