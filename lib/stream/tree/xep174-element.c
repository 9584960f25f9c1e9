/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Element:
 *
 * An XML element with its namespace, attributes, children and text.
 *
 * Streams carry elements: messages, presence, IQs, and all that is in them. To make one, call
 * [ctor@Element.new], and fill it with [method@Element.set_attribute], [method@Element.append_new] and
 * [method@Element.append_text]. Or make it from a string with [func@Element.parse].
 *
 * A namespace is a string, and `""` is none. Where you may give %NULL, you say nothing about it: what is
 * looked for may then be in any, and what is made is in that of the element around it. An attribute
 * has a single name. It is `id`, or `{urn:example}id` if it is in a namespace; `xml:lang` is written so.
 *
 * A whole tree is one block of memory with one reference count. A reference to a child keeps the
 * whole tree. What begins with `get_` or `find_`, and each element in a list of children, belongs to the
 * tree: it lives as long as there is a reference to any element of the tree. What begins with `dup_`
 * is yours. To keep a small part of a large tree, make a copy of it with [method@Element.copy].
 *
 * A tree that was received or sent is sealed: it never changes again, and any thread may read it. If
 * you want to change a sealed tree, change a copy of it.
 *
 * Only namespaces are kept, and not the prefixes that stand for them.
 *
 * Since: 1.0
 */

#include "xep174-element-tree-private.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (Xep174Element, xep174_element, xep174_element_ref, xep174_element_unref)

/**
 * xep174_element_ref:
 * @self: an element
 *
 * Keeps the whole tree that the element is in.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
Xep174Element *
xep174_element_ref (Xep174Element *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  xep174_arena_ref (self->arena);
  return self;
}

/**
 * xep174_element_unref:
 * @self: (transfer full): an element
 *
 * Gives a reference back. The tree is freed with the last reference to any of its elements.
 *
 * Since: 1.0
 */
void
xep174_element_unref (Xep174Element *self)
{
  g_return_if_fail (self != NULL);

  xep174_arena_unref (self->arena);
}

gsize
xep174_element_get_memory (Xep174Element *self)
{
  return self->arena->size;
}

/**
 * xep174_element_is_sealed:
 * @self: an element
 *
 * Whether the tree that the element is in can no longer be changed.
 *
 * Returns: %TRUE for what was received, sent or sealed
 *
 * Since: 1.0
 */
gboolean
xep174_element_is_sealed (Xep174Element *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->arena->sealed;
}

/**
 * xep174_element_seal:
 * @self: an element
 *
 * Seals the whole tree that the element is in: it cannot be changed any more.
 *
 * Since: 1.0
 */
void
xep174_element_seal (Xep174Element *self)
{
  g_return_if_fail (self != NULL);

  /* One that is sealed may be in use by another thread. */
  if (!self->arena->sealed)
    self->arena->sealed = TRUE;
}

/**
 * xep174_element_get_name:
 * @self: an element
 *
 * The local name, without a prefix.
 *
 * Returns: (transfer none): the name
 *
 * Since: 1.0
 */
const char *
xep174_element_get_name (Xep174Element *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * xep174_element_get_xmlns:
 * @self: an element
 *
 * The namespace.
 *
 * Returns: (transfer none): the namespace, `""` for none
 *
 * Since: 1.0
 */
const char *
xep174_element_get_xmlns (Xep174Element *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->xmlns != NULL ? self->xmlns : "";
}

static inline gboolean
matches (Xep174Element *self,
         const char    *name,
         const char    *xmlns)
{
  return (name == NULL || strcmp (self->name, name) == 0)
         && (xmlns == NULL || strcmp (self->xmlns != NULL ? self->xmlns : "", xmlns) == 0);
}

/**
 * xep174_element_matches:
 * @self: an element
 * @name: (nullable): a local name, or %NULL for any
 * @xmlns: (nullable): a namespace, `""` for none, or %NULL for any
 *
 * Whether the element has this name and this namespace.
 *
 * Returns: %TRUE if it has
 *
 * Since: 1.0
 */
gboolean
xep174_element_matches (Xep174Element *self,
                        const char    *name,
                        const char    *xmlns)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return matches (self, name, xmlns);
}

Xep174AttributeName
xep174_attribute_name_split (const char *full_name)
{
  const char *end;

  /* A namespace may hold a brace, a name may not. */
  if (*full_name == '{' && (end = strrchr (full_name, '}')) != NULL)
    return (Xep174AttributeName) { end + 1, full_name + 1, end - full_name - 1 };

  /* `xml:lang` is written like this everywhere, and its prefix needs no declaration. */
  if (*full_name == 'x' && strncmp (full_name, "xml:", strlen ("xml:")) == 0)
    return (Xep174AttributeName) { full_name + strlen ("xml:"), XEP174_NS_XML,
                                   sizeof XEP174_NS_XML - 1 };

  return (Xep174AttributeName) { full_name, NULL, 0 };
}

static inline gboolean
is_in_namespace (const Xep174Attribute     *attribute,
                 const Xep174AttributeName *wanted)
{
  if (attribute->xmlns == NULL || wanted->xmlns_length == 0)
    return attribute->xmlns == NULL && wanted->xmlns_length == 0;

  return strncmp (attribute->xmlns, wanted->xmlns, wanted->xmlns_length) == 0
         && attribute->xmlns[wanted->xmlns_length] == '\0';
}

Xep174Attribute *
xep174_element_find_attribute (Xep174Element             *self,
                               const Xep174AttributeName *wanted)
{
  for (Xep174Attribute *a = self->attributes; a != NULL; a = a->next)
    if (*a->name == *wanted->name && strcmp (a->name, wanted->name) == 0 && is_in_namespace (a, wanted))
      return a;

  return NULL;
}

/**
 * xep174_element_get_attribute:
 * @self: an element
 * @name: the name of an attribute; `{namespace}name` if it is in one, or `xml:lang`
 *
 * The value of an attribute.
 *
 * Returns: (transfer none) (nullable): the value, or %NULL if there is none
 *
 * Since: 1.0
 */
const char *
xep174_element_get_attribute (Xep174Element *self,
                              const char    *name)
{
  Xep174AttributeName wanted;
  Xep174Attribute *attribute;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  wanted = xep174_attribute_name_read (name);
  attribute = xep174_element_find_attribute (self, &wanted);

  return attribute != NULL ? attribute->value : NULL;
}

/**
 * xep174_element_list_attributes:
 * @self: an element
 *
 * Lists the names of all attributes, in their order, as [method@Element.get_attribute] takes them.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names
 *
 * Since: 1.0
 */
char **
xep174_element_list_attributes (Xep174Element *self)
{
  GPtrArray *names;

  g_return_val_if_fail (self != NULL, NULL);

  names = g_ptr_array_new ();
  for (Xep174Attribute *a = self->attributes; a != NULL; a = a->next)
    if (a->xmlns == NULL)
      g_ptr_array_add (names, g_strdup (a->name));
    else if (strcmp (a->xmlns, XEP174_NS_XML) == 0)
      g_ptr_array_add (names, g_strconcat ("xml:", a->name, NULL));
    else
      g_ptr_array_add (names, g_strconcat ("{", a->xmlns, "}", a->name, NULL));
  g_ptr_array_add (names, NULL);

  return (char **) g_ptr_array_free (names, FALSE);
}

/**
 * xep174_element_dup_text:
 * @self: an element
 *
 * The text of the element, without that of its children.
 *
 * Returns: (transfer full): the text, empty if there is none
 *
 * Since: 1.0
 */
char *
xep174_element_dup_text (Xep174Element *self)
{
  gsize length = 0;
  char *text, *end;

  g_return_val_if_fail (self != NULL, NULL);

  for (Xep174Node *node = self->first; node != NULL; node = node->next)
    if (node->is_text)
      length += ((Xep174Text *) node)->length;

  text = end = g_malloc (length + 1);
  for (Xep174Node *node = self->first; node != NULL; node = node->next)
    if (node->is_text)
      {
        memcpy (end, ((Xep174Text *) node)->text, ((Xep174Text *) node)->length);
        end += ((Xep174Text *) node)->length;
      }
  *end = '\0';

  return text;
}

/**
 * xep174_element_get_parent:
 * @self: an element
 *
 * The element that this one is in. A stanza has no parent.
 *
 * Returns: (transfer none) (nullable): the parent, or %NULL for the root of a tree
 *
 * Since: 1.0
 */
Xep174Element *
xep174_element_get_parent (Xep174Element *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->parent;
}

static Xep174Element *
skip_text (Xep174Node *node)
{
  while (node != NULL && node->is_text)
    node = node->next;

  return (Xep174Element *) node;
}

/**
 * xep174_element_get_first_child:
 * @self: an element
 *
 * The first element inside this one.
 *
 * Returns: (transfer none) (nullable): the child, or %NULL if there is none
 *
 * Since: 1.0
 */
Xep174Element *
xep174_element_get_first_child (Xep174Element *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return skip_text (self->first);
}

/**
 * xep174_element_get_next_sibling:
 * @self: an element
 *
 * The next element with the same parent.
 *
 * Returns: (transfer none) (nullable): the sibling, or %NULL after the last one
 *
 * Since: 1.0
 */
Xep174Element *
xep174_element_get_next_sibling (Xep174Element *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return skip_text (self->node.next);
}

/**
 * xep174_element_find_child:
 * @self: an element
 * @name: (nullable): a local name, or %NULL for any
 * @xmlns: (nullable): a namespace, `""` for none, or %NULL for any
 *
 * The first child that [method@Element.matches] this name and this namespace.
 *
 * Returns: (transfer none) (nullable): the child, or %NULL if there is none
 *
 * Since: 1.0
 */
Xep174Element *
xep174_element_find_child (Xep174Element *self,
                           const char    *name,
                           const char    *xmlns)
{
  Xep174Element *child;

  g_return_val_if_fail (self != NULL, NULL);

  child = skip_text (self->first);
  while (child != NULL && !matches (child, name, xmlns))
    child = skip_text (child->node.next);

  return child;
}

/**
 * xep174_element_list_children:
 * @self: an element
 * @name: (nullable): a local name, or %NULL for any
 * @xmlns: (nullable): a namespace, `""` for none, or %NULL for any
 *
 * Lists the children that [method@Element.matches] this name and this namespace. With two times %NULL
 * these are all.
 *
 * In C a loop with [method@Element.get_first_child] and [method@Element.get_next_sibling] needs no list.
 *
 * Returns: (transfer container) (array zero-terminated=1): the children, in their order
 *
 * Since: 1.0
 */
Xep174Element **
xep174_element_list_children (Xep174Element *self,
                              const char    *name,
                              const char    *xmlns)
{
  GPtrArray *children;

  g_return_val_if_fail (self != NULL, NULL);

  children = g_ptr_array_new ();
  for (Xep174Element *child = skip_text (self->first); child != NULL;
       child = skip_text (child->node.next))
    if (matches (child, name, xmlns))
      g_ptr_array_add (children, child);
  g_ptr_array_add (children, NULL);

  return (Xep174Element **) g_ptr_array_free (children, FALSE);
}

/**
 * xep174_element_dup_child_text:
 * @self: an element
 * @name: (nullable): a local name, or %NULL for any
 * @xmlns: (nullable): a namespace, `""` for none, or %NULL for any
 *
 * The text of the child that [method@Element.find_child] finds, such as a message's `body`.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL if there is no such child
 *
 * Since: 1.0
 */
char *
xep174_element_dup_child_text (Xep174Element *self,
                               const char    *name,
                               const char    *xmlns)
{
  Xep174Element *child = xep174_element_find_child (self, name, xmlns);

  return child != NULL ? xep174_element_dup_text (child) : NULL;
}
