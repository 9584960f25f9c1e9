/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-element-tree-private.h"

#include <string.h>

/* U+FFFD, in the place of what XML cannot carry. Only strings for a person's eyes have it: who sends
 * is told of it. */
#define REPLACEMENT "\xef\xbf\xbd"

#define IN_TEXT 1
#define IN_ATTRIBUTE 2
/* Whether XML can carry it is not known from the octet alone, or it cannot. */
#define UNSURE 4

/* A text of so many octets is not copied only to be measured. */
#define LONG_TEXT 4096

/* Octets that are looked at in one go, and of a long text. */
#define AT_ONCE 16
#define MANY_AT_ONCE 64

/* An attribute's white space would be read back as spaces (XML 1.0 §3.3.3). */
static const struct
{
  guint8 where;
  char text[7];
} escapes[256] = {
  ['&'] = { IN_TEXT | IN_ATTRIBUTE, "&amp;" },
  ['<'] = { IN_TEXT | IN_ATTRIBUTE, "&lt;" },
  ['>'] = { IN_TEXT | IN_ATTRIBUTE, "&gt;" },
  ['\r'] = { IN_TEXT | IN_ATTRIBUTE, "&#13;" },
  ['\t'] = { IN_ATTRIBUTE, "&#9;" },
  ['\n'] = { IN_ATTRIBUTE, "&#10;" },
  ['\''] = { IN_ATTRIBUTE, "&apos;" },
  [0x00 ... 0x08] = { UNSURE, "" },
  [0x0b ... 0x0c] = { UNSURE, "" },
  [0x0e ... 0x1f] = { UNSURE, "" },
  [0x80 ... 0xff] = { UNSURE, "" },
};

/* Most pieces are a few octets, and there is room for them. */
static inline void
append (GString    *out,
        const char *text,
        gsize       length)
{
  if (G_UNLIKELY (out->len + length >= out->allocated_len))
    {
      g_string_append_len (out, text, length);
      return;
    }

  memcpy (out->str + out->len, text, length);
  out->len += length;
  out->str[out->len] = '\0';
}

static inline void
append_string (GString    *out,
               const char *text)
{
  append (out, text, strlen (text));
}

typedef gint8 Vector __attribute__ ((vector_size (AT_ONCE), aligned (1), may_alias));

/* Those that do not stand for themselves everywhere: control characters and what is outside ASCII, where
 * octets are negative. `&` and `'`, `<` and `>` differ by one bit. */
static inline Vector
find_marks (Vector vector)
{
  return ((vector | 1) == '\'') | ((vector | 2) == '>') | (vector < 0x20);
}

static inline gboolean
has_none (Vector marks)
{
  guint64 halves[2];

  G_STATIC_ASSERT (sizeof halves == AT_ONCE);
  memcpy (halves, &marks, sizeof halves);

  return (halves[0] | halves[1]) == 0;
}

static inline gboolean
are_plain (const char *octets)
{
  return has_none (find_marks (*(const Vector *) octets));
}

static inline gboolean
are_many_plain (const char *octets)
{
  const Vector *vectors = (const Vector *) octets;

  G_STATIC_ASSERT (4 * AT_ONCE == MANY_AT_ONCE);
  return has_none (find_marks (vectors[0]) | find_marks (vectors[1]) | find_marks (vectors[2])
                   | find_marks (vectors[3]));
}

/* The next octet from @i on that is something else in @where, @length if there is none. */
static inline gsize
find_special (const char *text,
              gsize       i,
              gsize       length,
              guint8      where)
{
  while (i < length)
    {
      while (length - i >= AT_ONCE && are_plain (text + i))
        i += AT_ONCE;
      /* The rest, together with what was before it. */
      if (length >= AT_ONCE && length - i < AT_ONCE && are_plain (text + length - AT_ONCE))
        return length;
      for (gsize stop = MIN (length, i + AT_ONCE); i < stop; i++)
        if ((escapes[(guchar) text[i]].where & where) != 0)
          return i;
    }

  return length;
}

/* The first of them to look at more closely. */
static inline gsize
skip_many (const char *text,
           gsize       length)
{
  gsize i = 0;

  while (length - i >= MANY_AT_ONCE && are_many_plain (text + i))
    i += MANY_AT_ONCE;
  return i;
}

static void
append_escaped (GString    *out,
                const char *text,
                gsize       length,
                guint8      where)
{
  gsize done = 0;
  gsize end;

  while ((end = find_special (text, done, length, where)) < length)
    {
      append (out, text + done, end - done);
      append_string (out, escapes[(guchar) text[end]].text);
      done = end + 1;
    }
  append (out, text + done, length - done);
}

/* FALSE if something had to be replaced. */
static gboolean
append_special (GString    *out,
                const char *text,
                gsize       length,
                guint8      where,
                gboolean    checked)
{
  gboolean good = TRUE;
  gssize bad;

  while (!checked && (bad = xep174_text_find_bad (text, length)) >= 0)
    {
      append_escaped (out, text, bad, where);
      append_string (out, REPLACEMENT);
      text += bad + 1;
      length -= bad + 1;
      good = FALSE;
    }
  append_escaped (out, text, length, where);
  return good;
}

static gboolean
append_value (GString    *out,
              const char *value,
              gboolean    checked)
{
  gsize length = strlen (value);

  if (G_UNLIKELY (find_special (value, 0, length, IN_ATTRIBUTE | UNSURE) < length))
    return append_special (out, value, length, IN_ATTRIBUTE, checked);

  append (out, value, length);
  return TRUE;
}

/* A stanza that has to wait is printed twice: to be measured, and to be sent. */
static gboolean
append_text_node (GString    *out,
                  Xep174Text *text,
                  gboolean    checked,
                  gsize      *left_out)
{
  if (!g_atomic_int_get (&text->node.is_plain))
    {
      gsize from = skip_many (text->text, text->length);

      if (find_special (text->text, from, text->length, IN_TEXT | UNSURE) < text->length)
        return append_special (out, text->text, text->length, IN_TEXT, checked);
      g_atomic_int_set (&text->node.is_plain, TRUE);
    }

  if (left_out != NULL && text->length >= LONG_TEXT)
    *left_out += text->length;
  else
    append (out, text->text, text->length);
  return TRUE;
}

gboolean
xep174_element_print_attribute (GString    *out,
                                const char *name,
                                const char *value,
                                gboolean    checked)
{
  gboolean good;

  append_string (out, " ");
  append_string (out, name);
  append_string (out, "='");
  good = append_value (out, value, checked);
  append_string (out, "'");
  return good;
}

static gboolean
append_declaration (GString    *out,
                    const char *name,
                    const char *xmlns,
                    gboolean    checked)
{
  return xep174_element_print_attribute (out, name, xmlns, checked)
         && strcmp (xmlns, XEP174_NS_XMLNS) != 0;
}

/* A prefix for each namespace among the attributes: the number of the first one that has it. */
static gboolean
append_attribute_ns (GString               *out,
                     const Xep174Element   *self,
                     const Xep174Attribute *attribute)
{
  const Xep174Attribute *first = self->attributes;
  gboolean checked = self->arena->checked;
  gboolean good = TRUE;
  char name[32];
  guint number = 1;

  if (strcmp (attribute->xmlns, XEP174_NS_XML) == 0)
    {
      append_string (out, " xml:");
    }
  else
    {
      for (; g_strcmp0 (first->xmlns, attribute->xmlns) != 0; first = first->next)
        number++;
      g_snprintf (name, sizeof name, "xmlns:ns%u", number);
      if (first == attribute)
        good = append_declaration (out, name, attribute->xmlns, checked);
      g_string_append_printf (out, " ns%u:", number);
    }
  append_string (out, attribute->name);
  append_string (out, "='");
  good &= append_value (out, attribute->value, checked);
  append_string (out, "'");
  return good;
}

typedef struct
{
  GString             *out;
  const Xep174Element *root;
  gboolean             in_stream;
  const char          *from;
  const char          *to;
  const char          *plain; /* a namespace without a prefix, as most are: the one seen last */
} Printer;

/* Empty for one that is in the default namespace. That of `xml:` must not be (Namespaces in XML
 * §3), and needs no declaration. */
static const char *
get_prefix (Printer             *self,
            const Xep174Element *element)
{
  if (element->xmlns == NULL || element->xmlns == self->plain)
    return "";
  if (self->in_stream && strcmp (element->xmlns, XEP174_NS_STREAMS) == 0)
    return "stream:";
  if (strcmp (element->xmlns, XEP174_NS_XML) == 0)
    return "xml:";

  self->plain = element->xmlns;
  return "";
}

/* No namespace is like it. */
static const char unknown_xmlns[] = "";

/* The default namespace where @element stands. Seen from inside an element without a prefix it
 * is that element's, so no stack of declarations is needed. */
static const char *
get_default_xmlns (Printer             *self,
                   const Xep174Element *element)
{
  const Xep174Element *outer = element;

  while (outer != self->root)
    {
      outer = outer->parent;
      if (*get_prefix (self, outer) == '\0')
        return outer->xmlns;
    }

  if (self->in_stream)
    /* A stanza without a namespace is meant to have the stream's. */
    return outer->xmlns != NULL ? XEP174_NS_CLIENT : NULL;

  /* The outermost is read where it will be; what has another default around it is told. */
  return element == outer ? NULL : unknown_xmlns;
}

static gboolean
declares_default (Printer             *self,
                  const Xep174Element *element)
{
  const char *around = get_default_xmlns (self, element);

  return element->xmlns != around && g_strcmp0 (element->xmlns, around) != 0;
}

guint
xep174_element_count_declarations (Xep174Element *self,
                                   Xep174Element *root)
{
  Printer printer = { .root = root, .in_stream = TRUE };
  guint n = *get_prefix (&printer, self) == '\0' && declares_default (&printer, self);

  for (Xep174Attribute *a = self->attributes; a != NULL; a = a->next)
    {
      Xep174Attribute *first = self->attributes;

      if (a->xmlns == NULL || strcmp (a->xmlns, XEP174_NS_XML) == 0)
        continue;
      while (g_strcmp0 (first->xmlns, a->xmlns) != 0)
        first = first->next;
      n += first == a;
    }

  return n;
}

static gboolean
lacks (const Xep174Element *self,
       const char          *name)
{
  const char *value = xep174_element_get_attribute ((Xep174Element *) self, name);

  return value == NULL || *value == '\0';
}

static gboolean
print_start (Printer             *self,
             const Xep174Element *element)
{
  const char *prefix = get_prefix (self, element);
  gboolean checked = element->arena->checked;
  gboolean good = TRUE;
  gboolean add_from = element == self->root && self->from != NULL && lacks (element, "from");
  gboolean add_to = element == self->root && self->to != NULL && lacks (element, "to");

  append_string (self->out, "<");
  append_string (self->out, prefix);
  append_string (self->out, element->name);
  if (*prefix == '\0' && declares_default (self, element))
    good = append_declaration (self->out, "xmlns", element->xmlns != NULL ? element->xmlns : "",
                               checked);
  if (add_from)
    xep174_element_print_attribute (self->out, "from", self->from, FALSE);
  if (add_to)
    xep174_element_print_attribute (self->out, "to", self->to, FALSE);
  for (const Xep174Attribute *a = element->attributes; a != NULL; a = a->next)
    {
      if (a->xmlns != NULL)
        good &= append_attribute_ns (self->out, element, a);
      else if (!(add_from && strcmp (a->name, "from") == 0)
               && !(add_to && strcmp (a->name, "to") == 0))
        good &= xep174_element_print_attribute (self->out, a->name, a->value, checked);
    }
  append_string (self->out, element->first != NULL ? ">" : "/>");
  return good;
}

static void
print_end (Printer             *self,
           const Xep174Element *element)
{
  if (element->first == NULL)
    return;
  append_string (self->out, "</");
  append_string (self->out, get_prefix (self, element));
  append_string (self->out, element->name);
  append_string (self->out, ">");
}

gboolean
xep174_element_print (Xep174Element *self,
                      GString       *out,
                      gboolean       in_stream,
                      const char    *from,
                      const char    *to,
                      gsize         *left_out)
{
  Printer printer = { out, self, in_stream, from, to, NULL };
  const Xep174Element *parent = self;
  const Xep174Node *node = self->first;
  gboolean good = print_start (&printer, self);

  while (TRUE)
    {
      while (node == NULL)
        {
          print_end (&printer, parent);
          if (parent == self)
            return good;
          node = parent->node.next;
          parent = parent->parent;
        }

      if (node->is_text)
        {
          good &= append_text_node (out, (Xep174Text *) node, parent->arena->checked, left_out);
          node = node->next;
        }
      else
        {
          parent = (const Xep174Element *) node;
          good &= print_start (&printer, parent);
          node = parent->first;
        }
    }
}

/**
 * xep174_element_to_string:
 * @self: an element
 *
 * The element as XML, in UTF-8, without a declaration before it.
 *
 * Elements have no prefix but `xml:`. A namespace is declared where it changes. An attribute with a
 * namespace other than that of `xml:` gets a new prefix, such as `ns1:`.
 *
 * Characters that XML cannot carry are replaced by U+FFFD.
 *
 * Returns: (transfer full): the XML. [func@Element.parse] makes the same tree from it; only a root
 *   without a namespace is in `jabber:client` then
 *
 * Since: 1.0
 */
char *
xep174_element_to_string (Xep174Element *self)
{
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_sized_new (256);
  xep174_element_print (self, out, FALSE, NULL, NULL, NULL);

  return g_string_free (out, FALSE);
}
