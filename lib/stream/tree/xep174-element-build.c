/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-element-tree-private.h"

#include <libxml/tree.h>
#include <string.h>

/* What the longest character needs, and how much text a block is made for at once. */
#define TEXT_ROOM 4
#define TEXT_PIECE 16384

static gboolean
is_name (const char *name)
{
  return name != NULL && xmlValidateNCName ((const xmlChar *) name, 0) == 0;
}

/* An empty namespace is none (Namespaces in XML §6.2), and is kept as none. */
static const char *
dup_nullable (Xep174Arena *arena,
              const char  *string)
{
  return string != NULL && *string != '\0'
    ? xep174_arena_dup_string (arena, string, strlen (string))
    : NULL;
}

/* Whole characters only, so that each piece of text can be checked by itself. */
static gsize
cut_at_character (const char *text,
                  gsize       length,
                  gsize       room)
{
  if (length <= room)
    return length;
  for (int back = 0; back < 3 && (text[room] & 0xc0) == 0x80; back++)
    room--;

  return room;
}

/* Text comes in many pieces (one for each `&amp;`). They grow in place while nothing else has
 * been allocated, so that neither time nor memory grows with their number. */
void
xep174_element_add_text (Xep174Element *self,
                         const char    *text,
                         gsize          length)
{
  Xep174Arena *arena = self->arena;

  while (length > 0)
    {
      Xep174Text *last = (Xep174Text *) self->last;
      gsize part;

      if (last == NULL || !last->node.is_text || last->text + last->length != arena->cursor
          || (gsize) (arena->end - arena->cursor) < MIN (length, TEXT_ROOM))
        {
          if ((gsize) (arena->end - arena->cursor) < sizeof (Xep174Text) + 2 * TEXT_ROOM)
            xep174_arena_add_block (arena, sizeof (Xep174Text) + MIN (length, TEXT_PIECE));
          last = xep174_arena_alloc (arena, sizeof (Xep174Text));
          last->node.next = NULL;
          last->node.is_text = TRUE;
          last->text = arena->cursor;
          last->length = 0;
          xep174_element_append_node (self, &last->node);
        }

      part = cut_at_character (text, length, arena->end - arena->cursor);
      last->node.is_plain = FALSE;
      memcpy (arena->cursor, text, part);
      arena->cursor += part;
      last->length += part;
      text += part;
      length -= part;
    }
}

static void
add_attribute (Xep174Element             *self,
               const Xep174AttributeName *name,
               const char                *value)
{
  Xep174Attribute **place = &self->attributes;
  Xep174Attribute *attribute;

  while (*place != NULL)
    place = &(*place)->next;
  attribute = xep174_arena_alloc (self->arena, sizeof (Xep174Attribute));
  attribute->next = NULL;
  attribute->name = xep174_arena_dup_string (self->arena, name->name, strlen (name->name));
  attribute->xmlns = name->xmlns_length > 0
    ? xep174_arena_dup_string (self->arena, name->xmlns, name->xmlns_length)
    : NULL;
  attribute->value = xep174_arena_dup_string (self->arena, value, strlen (value));
  *place = attribute;
}

/* An element is mostly in the namespace of its parent, and then has the same string. */
static const char *
share_xmlns (Xep174Arena         *arena,
             const Xep174Element *parent,
             const char          *xmlns)
{
  return parent != NULL && g_strcmp0 (parent->xmlns, xmlns) == 0 ? parent->xmlns
                                                                 : dup_nullable (arena, xmlns);
}

static Xep174Element *
copy_shallow (Xep174Arena         *arena,
              Xep174Element       *parent,
              const Xep174Element *source)
{
  const char *xmlns = share_xmlns (arena, parent, source->xmlns);
  Xep174Element *self;

  self = xep174_element_alloc (arena, parent, dup_nullable (arena, source->name), xmlns);
  for (const Xep174Attribute *a = source->attributes; a != NULL; a = a->next)
    {
      const Xep174AttributeName name = { a->name, a->xmlns,
                                         a->xmlns != NULL ? strlen (a->xmlns) : 0 };

      add_attribute (self, &name, a->value);
    }

  return self;
}

/* Without recursion: a program may nest elements as deep as it likes. */
static Xep174Element *
copy_tree (Xep174Arena         *arena,
           Xep174Element       *parent,
           const Xep174Element *root)
{
  Xep174Element *self = copy_shallow (arena, parent, root);
  Xep174Element *target = self;
  const Xep174Element *source = root;
  const Xep174Node *node = root->first;

  while (TRUE)
    {
      while (node == NULL)
        {
          if (source == root)
            return self;
          node = source->node.next;
          source = source->parent;
          target = target->parent;
        }

      if (node->is_text)
        {
          const Xep174Text *text = (const Xep174Text *) node;

          xep174_element_add_text (target, text->text, text->length);
          node = node->next;
        }
      else
        {
          source = (const Xep174Element *) node;
          target = copy_shallow (arena, target, source);
          node = source->first;
        }
    }
}

/**
 * xep174_element_new:
 * @name: the local name, without a prefix
 * @xmlns: (nullable): the namespace, %NULL or `""` for none
 *
 * Makes an element that is the root of a new tree.
 *
 * Returns: (transfer full): the element
 *
 * Since: 1.0
 */
Xep174Element *
xep174_element_new (const char *name,
                    const char *xmlns)
{
  Xep174Arena *arena;

  g_return_val_if_fail (is_name (name), NULL);

  arena = xep174_arena_new ();
  return xep174_element_alloc (arena, NULL, dup_nullable (arena, name),
                               dup_nullable (arena, xmlns));
}

/**
 * xep174_element_copy:
 * @self: an element
 *
 * Copies an element and all that is in it into a tree of its own, which is not sealed.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 1.0
 */
Xep174Element *
xep174_element_copy (Xep174Element *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return copy_tree (xep174_arena_new (), NULL, self);
}

/**
 * xep174_element_set_attribute:
 * @self: an element that is not sealed
 * @name: the name of an attribute; `{namespace}name` to put it into one, or `xml:lang`
 * @value: (nullable): the value, %NULL to take the attribute away
 *
 * Sets an attribute.
 *
 * XML cannot carry some characters, such as control characters. They are kept, but then the element
 * cannot be sent: the error says where they are.
 *
 * Since: 1.0
 */
void
xep174_element_set_attribute (Xep174Element *self,
                              const char    *name,
                              const char    *value)
{
  Xep174AttributeName parts;
  Xep174Attribute *attribute;

  g_return_if_fail (self != NULL);
  g_return_if_fail (!self->arena->sealed);
  g_return_if_fail (name != NULL);

  parts = xep174_attribute_name_read (name);
  g_return_if_fail (is_name (parts.name));
  /* That would be a declaration. */
  g_return_if_fail (parts.xmlns_length > 0 || strcmp (parts.name, "xmlns") != 0);

  attribute = xep174_element_find_attribute (self, &parts);
  if (value == NULL)
    {
      Xep174Attribute **place = &self->attributes;

      while (*place != attribute)
        place = &(*place)->next;
      if (attribute != NULL)
        *place = attribute->next;
    }
  else if (attribute != NULL)
    attribute->value = xep174_arena_dup_string (self->arena, value, strlen (value));
  else
    add_attribute (self, &parts, value);
}

/**
 * xep174_element_append_text:
 * @self: an element that is not sealed
 * @text: text, not escaped
 *
 * Adds text at the end of the element.
 *
 * XML cannot carry some characters, such as control characters. They are kept, but then the element
 * cannot be sent: the error says where they are.
 *
 * Since: 1.0
 */
void
xep174_element_append_text (Xep174Element *self,
                            const char    *text)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (!self->arena->sealed);
  g_return_if_fail (text != NULL);

  xep174_element_add_text (self, text, strlen (text));
}

/**
 * xep174_element_set_text:
 * @self: an element that is not sealed
 * @text: text, not escaped
 *
 * Takes away all that is in the element, other elements too, and puts text there, as
 * [method@Element.append_text] does.
 *
 * Since: 1.0
 */
void
xep174_element_set_text (Xep174Element *self,
                         const char    *text)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (!self->arena->sealed);
  g_return_if_fail (text != NULL);

  self->first = NULL;
  self->last = NULL;
  xep174_element_add_text (self, text, strlen (text));
}

/**
 * xep174_element_append_new:
 * @self: an element that is not sealed
 * @name: the local name, without a prefix
 * @xmlns: (nullable): the namespace, `""` for none, or %NULL for that of @self
 *
 * Makes a new element at the end of this one.
 *
 * Returns: (transfer none): the new child
 *
 * Since: 1.0
 */
Xep174Element *
xep174_element_append_new (Xep174Element *self,
                           const char    *name,
                           const char    *xmlns)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (!self->arena->sealed, NULL);
  g_return_val_if_fail (is_name (name), NULL);

  xmlns = xmlns != NULL ? share_xmlns (self->arena, self, xmlns) : self->xmlns;

  return xep174_element_alloc (self->arena, self, dup_nullable (self->arena, name), xmlns);
}

/**
 * xep174_element_append_child:
 * @self: an element that is not sealed
 * @child: an element of any tree
 *
 * Adds a copy of @child at the end of the element. @child itself stays as it is.
 *
 * Since: 1.0
 */
void
xep174_element_append_child (Xep174Element *self,
                             Xep174Element *child)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (!self->arena->sealed);
  g_return_if_fail (child != NULL);

  if (self->arena == child->arena)
    {
      /* A parent appended to its own child would grow while it is copied. */
      g_autoptr(Xep174Element) apart = xep174_element_copy (child);

      copy_tree (self->arena, self, apart);
    }
  else
    copy_tree (self->arena, self, child);
}
