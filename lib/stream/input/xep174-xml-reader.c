/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-xml-reader-private.h"

#include <libxml/parserInternals.h>
#include <string.h>

#include "xep174-element-tree-private.h"
#include "xep174-stream-error.h"

/* What most stanzas are made of is not copied. */
static const char words[] =
  XEP174_NS_CLIENT "\0" "message\0body\0from\0to\0type\0id\0subject\0thread\0nick\0iq\0error\0"
  /* XHTML-IM (XEP-0071) and what libpurple sends in its place. */
  "http://jabber.org/protocol/xhtml-im\0" "http://www.w3.org/1999/xhtml\0" "html\0p\0span\0style\0"
  "a\0href\0em\0strong\0b\0i\0u\0br\0font\0"
  /* XEP-0022, XEP-0085, XEP-0172, XEP-0184, XEP-0199, XEP-0203. */
  "jabber:x:event\0" "x\0composing\0delivered\0displayed\0offline\0"
  "http://jabber.org/protocol/chatstates\0" "active\0paused\0gone\0inactive\0"
  "http://jabber.org/protocol/nick\0" "urn:xmpp:receipts\0" "request\0received\0"
  "urn:xmpp:ping\0" "ping\0" "urn:xmpp:delay\0" "delay\0stamp";

/* What a parser begins with; more if it is given more at a time. */
#define INPUT_ROOM 1024

/* So many times the octets of a stanza its namespaces may have, each counted wherever it is used (X8). */
#define XMLNS_SHARE 4

/* The most that is given to libxml2 with the texts left out of it. */
#define MARKUP 2048

static void
fail (Xep174XmlReader   *self,
      Xep174StreamError  code,
      const char        *message)
{
  if (self->error == NULL)
    self->error = g_error_new_literal (XEP174_STREAM_ERROR, code, message);
  /* Not xmlStopParser(), as libxml2 2.15 wishes: an older one frees the input that its caller is still
   * reading. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  self->context->disableSAX = 1;
  G_GNUC_END_IGNORE_DEPRECATIONS
}

static const char *
dup_string (Xep174Arena   *arena,
            const xmlChar *string)
{
  return xep174_arena_dup_string (arena, (const char *) string, strlen ((const char *) string));
}

/* NULL for a name that is none of them. */
static inline const char *
find_word (const Xep174XmlReader *self,
           const xmlChar         *name)
{
  gsize word = GPOINTER_TO_SIZE (name) - GPOINTER_TO_SIZE (self->raw_words);

  return word < self->words_length ? words + word : NULL;
}

static inline const char *
get_name (const Xep174XmlReader *self,
          Xep174Arena           *arena,
          const xmlChar         *name)
{
  const char *word = find_word (self, name);

  return word != NULL ? word : dup_string (arena, name);
}

/* A namespace, copied once for all in the stanza that are in it; @outer is that of the parent. Two octets
 * of a prefix stand for any number, which are there again when the stanza is printed. */
static const char *
get_xmlns (Xep174XmlReader *self,
           Xep174Arena     *arena,
           const char      *outer,
           const xmlChar   *raw)
{
  const char *xmlns;

  if (raw == NULL)
    return NULL;
  if (G_LIKELY ((xmlns = find_word (self, raw)) != NULL))
    return xmlns;

  if (self->namespaces == NULL)
    self->namespaces = g_hash_table_new (NULL, NULL);
  xmlns = g_hash_table_lookup (self->namespaces, raw);
  if (xmlns == NULL)
    {
      xmlns = dup_string (arena, raw);
      g_hash_table_insert (self->namespaces, (gpointer) raw, (gpointer) xmlns);
    }
  if (xmlns != outer)
    self->xmlns_octets += strlen (xmlns);
  if (self->xmlns_octets > XMLNS_SHARE * (guint64) self->limits->max_stanza_octets)
    fail (self, XEP174_STREAM_ERROR_POLICY_VIOLATION,
          "The namespaces of a stanza are too long");

  return xmlns;
}

static void
forget_namespaces (Xep174XmlReader *self)
{
  g_clear_pointer (&self->namespaces, g_hash_table_unref);
  self->xmlns_octets = 0;
}

/* In a stream without a default namespace what has none is in jabber:client, but for an element that
 * says that it has none, and those in it. */
static void
settle_xmlns (Xep174XmlReader  *self,
              Xep174Element    *element,
              int               count,
              const xmlChar   **namespaces)
{
  Xep174Element *outer = element;

  while (outer != NULL && outer != self->without_xmlns)
    outer = outer->parent;
  if (outer != NULL)
    return;

  for (int i = 0; i < count; i++)
    if (namespaces[2 * i] == NULL)
      {
        self->without_xmlns = element;
        return;
      }
  element->xmlns = XEP174_NS_CLIENT;
}

static void
add_attributes (Xep174XmlReader  *self,
                Xep174Element    *element,
                int               count,
                const xmlChar   **raw)
{
  Xep174Arena *arena = element->arena;
  Xep174Attribute *attribute;

  if (count == 0)
    return;

  attribute = xep174_arena_alloc (arena, count * sizeof (Xep174Attribute));
  element->attributes = attribute;
  for (int i = 0; i < count; i++, raw += 5, attribute++)
    {
      attribute->next = i + 1 < count ? attribute + 1 : NULL;
      attribute->name = get_name (self, arena, raw[0]);
      attribute->xmlns = get_xmlns (self, arena, NULL, raw[2]);
      attribute->value = xep174_arena_dup_string (arena, (const char *) raw[3], raw[4] - raw[3]);
    }
}

/* RFC 6120 §4.7.4, §8.1.5: what is not said of the language of a stanza the stream has said. It is
 * kept with it as the namespace is. */
static void
inherit_language (Xep174XmlReader *self,
                  Xep174Element   *element)
{
  const Xep174AttributeName wanted = xep174_attribute_name_read ("xml:lang");
  Xep174Attribute *attribute;

  if (xep174_element_find_attribute (element, &wanted) != NULL)
    return;

  attribute = xep174_arena_alloc (element->arena, sizeof (Xep174Attribute));
  attribute->next = element->attributes;
  attribute->name = "lang";
  attribute->xmlns = XEP174_NS_XML;
  attribute->value = xep174_arena_dup_string (element->arena, self->language,
                                              strlen (self->language));
  element->attributes = attribute;
}

/* RFC 6120 §4.8.1, §4.8.2. A header without a default namespace is taken for one of
 * jabber:client, an unknown one is not. */
static gboolean
check_header (Xep174XmlReader  *self,
              const xmlChar    *name,
              const xmlChar    *xmlns,
              int               count,
              const xmlChar   **namespaces)
{
  if (g_strcmp0 ((const char *) xmlns, XEP174_NS_STREAMS) != 0)
    {
      fail (self, XEP174_STREAM_ERROR_INVALID_NAMESPACE,
            "What was sent does not begin with a stream header");
      return FALSE;
    }
  if (strcmp ((const char *) name, "stream") != 0)
    {
      fail (self, XEP174_STREAM_ERROR_BAD_FORMAT,
            "What was sent does not begin with a stream header");
      return FALSE;
    }

  self->lacks_content_xmlns = TRUE;
  for (int i = 0; i < count; i++)
    if (namespaces[2 * i] == NULL)
      {
        const char *content = (const char *) namespaces[2 * i + 1];

        self->lacks_content_xmlns = FALSE;
        if (strcmp (content, XEP174_NS_CLIENT) == 0 || strcmp (content, XEP174_NS_STREAMS) == 0)
          continue;
        fail (self, XEP174_STREAM_ERROR_INVALID_NAMESPACE,
              "The stream is for another namespace than jabber:client");
        return FALSE;
      }

  return TRUE;
}

/* The next one's place has come. */
static void
add_text (Xep174XmlReader *self)
{
  const Xep174XmlText *text = self->text;

  if (text == self->texts_end)
    return;
  xep174_element_add_text (self->current, (const char *) self->octets + text->start,
                           text->end - text->start);
  self->text++;
  self->text_after = self->text < self->texts_end ? self->text->after : 0;
}

static gboolean
check_limits (Xep174XmlReader *self,
              int              n_namespaces,
              int              n_attributes)
{
  const char *message = NULL;

  if ((guint) n_attributes > self->limits->max_attributes)
    message = "An element has too many attributes";
  else if ((guint) n_namespaces > self->limits->max_namespaces)
    message = "An element declares too many namespaces";
  else if (xmlDictSize (self->context->dict) - self->known_names > (int) self->limits->max_names)
    message = "A stanza has too many different names";
  else
    return TRUE;

  fail (self, XEP174_STREAM_ERROR_POLICY_VIOLATION, message);
  return FALSE;
}

static void
keep_header (Xep174XmlReader *self)
{
  self->header = g_steal_pointer (&self->current);
  self->language = g_strdup (xep174_element_get_attribute (self->header, "xml:lang"));
  self->header->arena->sealed = self->header->arena->checked = TRUE;
  forget_namespaces (self);
}

static void
on_start (void           *data,
          const xmlChar  *name,
          const xmlChar  *prefix,
          const xmlChar  *xmlns,
          int             n_namespaces,
          const xmlChar **namespaces,
          int             n_attributes,
          int             n_defaulted,
          const xmlChar **attributes)
{
  Xep174XmlReader *self = data;
  const char *word = find_word (self, name);
  Xep174Arena *arena;
  const char *outer = NULL;
  guint depth = self->depth++;

  if (self->error != NULL || self->is_replaying
      /* A known word alone has nothing to count, and brings no name. */
      || ((word == NULL || n_namespaces + n_attributes > 0)
          && !check_limits (self, n_namespaces, n_attributes))
      || (depth == 0 && !check_header (self, name, xmlns, n_namespaces, namespaces)))
    return;

  if (depth <= 1)
    {
      arena = xep174_arena_new ();
      self->without_xmlns = NULL;
      self->current = NULL;
    }
  else
    {
      arena = self->current->arena;
      outer = self->current->xmlns;
    }
  self->current = xep174_element_alloc (arena, self->current,
                                        word != NULL ? word : dup_string (arena, name),
                                        get_xmlns (self, arena, outer, xmlns));
  if (G_UNLIKELY (xmlns == NULL && self->lacks_content_xmlns))
    settle_xmlns (self, self->current, n_namespaces, namespaces);
  add_attributes (self, self->current, n_attributes, attributes);

  if (depth == 0)
    keep_header (self);
  else if (G_UNLIKELY (depth == 1 && self->language != NULL))
    inherit_language (self, self->current);

  if (++self->events == self->text_after)
    add_text (self);
}

static void
on_end (void          *data,
        const xmlChar *name,
        const xmlChar *prefix,
        const xmlChar *xmlns)
{
  Xep174XmlReader *self = data;
  Xep174Element *element = self->current;

  if (self->error != NULL)
    return;

  self->depth--;
  self->events++;
  if (self->depth > 1)
    {
      self->current = element->parent;
      if (self->events == self->text_after)
        add_text (self);
      return;
    }
  if (self->depth == 0)
    {
      self->has_footer = TRUE;
      return;
    }

  element->arena->sealed = element->arena->checked = TRUE;
  if (self->last != NULL)
    self->last->node.next = &element->node;
  else
    self->first = element;
  self->last = element;
  self->current = NULL;
  forget_namespaces (self);
  self->known_names = xmlDictSize (self->context->dict);
}

static void
on_text (void          *data,
         const xmlChar *text,
         int            length)
{
  Xep174XmlReader *self = data;

  /* Outside a stanza the scanner lets nothing but white space through. */
  if (self->current != NULL && self->error == NULL)
    xep174_element_add_text (self->current, (const char *) text, length);
}

static void
#if LIBXML_VERSION >= 21200
on_error (void           *data,
          const xmlError *error)
#else
on_error (void           *data,
          xmlError       *error)
#endif
{
  Xep174XmlReader *self = data;
  g_autofree char *message = NULL;

  /* Namespaces are compared, never fetched; that one is no URI harms nobody. */
  if (error->level < XML_ERR_ERROR || error->code == XML_WAR_NS_URI
      || error->code == XML_WAR_NS_URI_RELATIVE)
    return;

  message = g_strstrip (g_strdup (error->message != NULL ? error->message : "Malformed XML"));
  switch (error->code)
    {
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY:
      fail (self, XEP174_STREAM_ERROR_RESTRICTED_XML, message);
      break;
    case XML_ERR_NO_MEMORY:
      fail (self, XEP174_STREAM_ERROR_RESOURCE_CONSTRAINT, message);
      break;
    default:
      /* RFC 6120 §11.3: an unbound prefix is not well-formed too. */
      fail (self, XEP174_STREAM_ERROR_NOT_WELL_FORMED, message);
    }
}

/* libxml2's dictionary lays one word after the other, so that where a word is in it says which one
 * it is. Where it does not, the words are copied like any others. */
static void
find_words (Xep174XmlReader *self)
{
  xmlDictPtr dict = self->context->dict;
  gsize length = 0;

  self->raw_words = xmlDictLookup (dict, BAD_CAST words, -1);
  while (length < sizeof words
         && xmlDictLookup (dict, BAD_CAST words + length, -1) == self->raw_words + length)
    length += strlen (words + length) + 1;
  self->words_length = length;
}

/* libxml2 would begin with room for 8 KiB of input, which is what an idle stream would mostly be. The
 * size is the thread's own, and it is set back at once. */
static xmlParserCtxtPtr
create_context (xmlSAXHandler *handler,
                gpointer       data)
{
  xmlParserCtxtPtr context;
#if LIBXML_VERSION < 21200
  int usual = xmlDefaultBufferSize;

  xmlDefaultBufferSize = INPUT_ROOM / 2;
#endif
  context = xmlCreatePushParserCtxt (handler, data, NULL, 0, NULL);
#if LIBXML_VERSION < 21200
  xmlDefaultBufferSize = usual;
#endif

  return context;
}

static void
open_context (Xep174XmlReader *self)
{
  /* The same handler for both kinds of text, or libxml2 examines each run of white space. */
  xmlSAXHandler handler = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
    .serror = on_error,
  };

  self->context = create_context (&handler, self);
  if (self->context == NULL)
    g_error ("Not enough memory for an XML parser");
  /* The limits are ours, and so is the encoding. NOENT has `&amp;` in attributes made into `&`;
   * other entities there are none, since there is no DTD. */
  xmlCtxtUseOptions (self->context, XML_PARSE_HUGE | XML_PARSE_NONET | XML_PARSE_NOENT
                                    | XML_PARSE_IGNORE_ENC);
  find_words (self);
  self->known_names = xmlDictSize (self->context->dict);
}

void
xep174_xml_reader_close (Xep174XmlReader *self)
{
  g_clear_pointer (&self->context, xmlFreeParserCtxt);
  g_clear_pointer (&self->header_tag, g_free);
  g_clear_pointer (&self->language, g_free);
  g_clear_pointer (&self->current, xep174_element_unref);
  forget_namespaces (self);
}

void
xep174_xml_reader_init (Xep174XmlReader          *self,
                        const Xep174StreamLimits *limits)
{
  memset (self, 0, sizeof *self);
  self->limits = limits;
}

void
xep174_xml_reader_clear (Xep174XmlReader *self)
{
  Xep174Element *element;

  xep174_xml_reader_close (self);
  while ((element = xep174_xml_reader_pop_element (self)) != NULL)
    xep174_element_unref (element);
  g_clear_pointer (&self->header, xep174_element_unref);
  g_clear_error (&self->error);
}

/* Copies the octets without the texts; FALSE if they are too many. */
static gboolean
copy_markup (const Xep174XmlReader *self,
             gsize                  start,
             gsize                  end,
             guchar                *markup,
             gsize                 *length)
{
  guchar *to = markup;

  for (const Xep174XmlText *text = self->text;; text++)
    {
      gsize part = (text < self->texts_end ? text->start : end) - start;

      if ((gsize) (markup + MARKUP - to) <= part)
        return FALSE;
      memcpy (to, self->octets + start, part);
      to += part;
      if (text == self->texts_end)
        break;

      if (text->resume > text->end)
        {
          to[-1] = '/';
          *to++ = '>';
        }
      start = text->resume;
    }

  *length = to - markup;
  return TRUE;
}

void
xep174_xml_reader_push (Xep174XmlReader     *self,
                        const guchar        *octets,
                        gsize                start,
                        gsize                end,
                        const Xep174XmlText *texts,
                        guint                n_texts)
{
  const guchar *given = octets + start;
  gsize length = end - start;
  guchar markup[MARKUP];

  if (self->error != NULL || length == 0)
    return;
  if (self->context == NULL)
    open_context (self);

  self->octets = octets;
  self->text = texts;
  self->texts_end = texts + n_texts;
  if (n_texts > 0 && copy_markup (self, start, end, markup, &length))
    given = markup;
  else
    self->text = self->texts_end;

  self->text_after = self->text < self->texts_end ? self->text->after : 0;
  if (self->events == self->text_after)
    add_text (self);
  if (length > 0)
    xmlParseChunk (self->context, (const char *) given, length, 0);
  if (self->text < self->texts_end)
    fail (self, XEP174_STREAM_ERROR_INTERNAL_SERVER_ERROR,
          "libxml2 has not read all that it was given");
}

Xep174Element *
xep174_xml_reader_steal_header (Xep174XmlReader *self)
{
  return g_steal_pointer (&self->header);
}

Xep174Element *
xep174_xml_reader_pop_element (Xep174XmlReader *self)
{
  Xep174Element *element = self->first;

  if (element == NULL)
    return NULL;

  self->first = (Xep174Element *) element->node.next;
  if (self->first == NULL)
    self->last = NULL;
  element->node.next = NULL;

  return element;
}

void
xep174_xml_reader_keep_header (Xep174XmlReader *self,
                               const guchar    *tag,
                               gsize            length)
{
  self->header_tag = g_memdup2 (tag, length);
  self->header_length = length;
  self->known_names = xmlDictSize (self->context->dict);
}

void
xep174_xml_reader_renew (Xep174XmlReader *self)
{
  if (self->error != NULL)
    return;

  g_clear_pointer (&self->context, xmlFreeParserCtxt);
  open_context (self);
  self->depth = 0;
  self->is_replaying = TRUE;
  xmlParseChunk (self->context, self->header_tag, self->header_length, 0);
  self->is_replaying = FALSE;
  self->known_names = xmlDictSize (self->context->dict);
}
