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
 * A whole tree is one block of memory with one reference count. A reference to a child keeps the
 * whole tree. What the getters return lives as long as there is a reference to any element of the
 * tree. To keep a small part of a large tree, make a copy of it with [method@Element.copy].
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
 * Returns: (transfer none) (nullable): the namespace, or %NULL for none
 *
 * Since: 1.0
 */
const char *
xep174_element_get_xmlns (Xep174Element *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->xmlns;
}

/**
 * xep174_element_is:
 * @self: an element
 * @name: a local name
 * @xmlns: (nullable): a namespace, or %NULL for whichever
 *
 * Whether the element has this name and this namespace.
 *
 * Returns: %TRUE if it has
 *
 * Since: 1.0
 */
gboolean
xep174_element_is (Xep174Element *self,
                   const char    *name,
                   const char    *xmlns)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  return strcmp (self->name, name) == 0 && (xmlns == NULL || g_strcmp0 (self->xmlns, xmlns) == 0);
}

/* `xml:lang` is written like this everywhere, and its prefix needs no declaration. */
const char *
xep174_attribute_split_prefix (const char  *name,
                               const char **xmlns)
{
  if (*xmlns != NULL || *name != 'x' || strncmp (name, "xml:", strlen ("xml:")) != 0)
    return name;

  *xmlns = XEP174_NS_XML;
  return name + strlen ("xml:");
}

Xep174Attribute *
xep174_element_find_attribute (Xep174Element *self,
                               const char    *name,
                               const char    *xmlns)
{
  /* An empty namespace is none (Namespaces in XML §6.2), and is kept as none. */
  if (xmlns != NULL && *xmlns == '\0')
    xmlns = NULL;
  for (Xep174Attribute *a = self->attributes; a != NULL; a = a->next)
    if (*a->name == *name && strcmp (a->name, name) == 0
        && (a->xmlns == xmlns || g_strcmp0 (a->xmlns, xmlns) == 0))
      return a;

  return NULL;
}

/**
 * xep174_element_get_attribute:
 * @self: an element
 * @name: the name of an attribute without a namespace, or `xml:lang`
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
  return xep174_element_get_attribute_ns (self, name, NULL);
}

/**
 * xep174_element_get_attribute_ns:
 * @self: an element
 * @name: the local name of an attribute
 * @xmlns: (nullable): its namespace, %NULL for none
 *
 * The value of an attribute that has a namespace.
 *
 * Returns: (transfer none) (nullable): the value, or %NULL if there is none
 *
 * Since: 1.0
 */
const char *
xep174_element_get_attribute_ns (Xep174Element *self,
                                 const char    *name,
                                 const char    *xmlns)
{
  Xep174Attribute *attribute;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  name = xep174_attribute_split_prefix (name, &xmlns);
  attribute = xep174_element_find_attribute (self, name, xmlns);

  return attribute != NULL ? attribute->value : NULL;
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
 * @name: a local name
 * @xmlns: (nullable): a namespace, %NULL for that of @self
 *
 * The first child with this name and this namespace.
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
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (xmlns == NULL)
    xmlns = self->xmlns;
  for (Xep174Element *child = skip_text (self->first); child != NULL;
       child = skip_text (child->node.next))
    if (strcmp (child->name, name) == 0 && g_strcmp0 (child->xmlns, xmlns) == 0)
      return child;

  return NULL;
}

/**
 * xep174_element_dup_child_text:
 * @self: an element
 * @name: a local name
 * @xmlns: (nullable): a namespace, %NULL for that of @self
 *
 * The text of the first child with this name and this namespace, such as a message's `body`.
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
