/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* X8 at the send: what the parser of the other side would end the stream for is not written. */

#include "xep174-element-limits-private.h"

#include <string.h>

#include "xep174-element-tree-private.h"
#include "xep174-gettext-private.h"
#include "xep174-stream-error.h"

/* The fewest octets of ` a=''`, of ` xmlns:ns1='u'` and of `<a></a>`: what is shorter than all of a
 * kind that are allowed cannot have more of them. */
#define ATTRIBUTE_OCTETS 5
#define DECLARATION_OCTETS 9
#define ELEMENT_OCTETS 7

static gboolean
fail (GError     **error,
      const char  *what,
      gsize        count,
      guint        limit)
{
  g_set_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_POLICY_VIOLATION,
               "%s: %zu; the most is %u", what, count, limit);
  return FALSE;
}

static guint
count_attributes (Xep174Element *self)
{
  guint n = 0;

  for (Xep174Attribute *a = self->attributes; a != NULL; a = a->next)
    n++;

  return n;
}

/* The next element of the tree in the order in which it is printed, and how deep it is. */
static Xep174Element *
walk (Xep174Element *self,
      Xep174Element *root,
      guint         *depth)
{
  Xep174Element *next = xep174_element_get_first_child (self);

  if (next != NULL)
    {
      ++*depth;
      return next;
    }
  for (; self != root; self = self->parent, --*depth)
    if ((next = xep174_element_get_next_sibling (self)) != NULL)
      return next;

  return NULL;
}

/* All the names there are, each once: elements, attributes, namespaces, and prefixes by number. */
static guint
count_names (Xep174Element *root)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  guint depth = 1;
  guint prefixes = 0;

  for (Xep174Element *e = root; e != NULL; e = walk (e, root, &depth))
    {
      g_hash_table_add (names, (gpointer) e->name);
      if (e->xmlns != NULL)
        g_hash_table_add (names, (gpointer) e->xmlns);
      prefixes = MAX (prefixes, count_attributes (e));
      for (Xep174Attribute *a = e->attributes; a != NULL; a = a->next)
        {
          g_hash_table_add (names, (gpointer) a->name);
          if (a->xmlns != NULL)
            g_hash_table_add (names, (gpointer) a->xmlns);
        }
    }

  return g_hash_table_size (names) + prefixes;
}

gboolean
xep174_element_check_limits (Xep174Element             *self,
                             gsize                      octets,
                             const char                *from,
                             const char                *to,
                             const Xep174StreamLimits  *limits,
                             GError                   **error)
{
  guint added;
  guint depth = 1;
  gsize names = 0;

  if (octets > limits->max_stanza_octets)
    return fail (error, _("Too many bytes to send at once; make it shorter, or send it in parts"),
                 octets, limits->max_stanza_octets);
  if (octets < ATTRIBUTE_OCTETS * (gsize) limits->max_attributes
      && octets < DECLARATION_OCTETS * (gsize) limits->max_namespaces
      && octets < ELEMENT_OCTETS * (gsize) limits->max_depth)
    return TRUE;

  added = (from != NULL && xep174_element_get_attribute (self, "from") == NULL)
          + (to != NULL && xep174_element_get_attribute (self, "to") == NULL);
  for (Xep174Element *e = self; e != NULL; e = walk (e, self, &depth))
    {
      guint attributes = count_attributes (e) + (e == self ? added : 0);
      guint namespaces = xep174_element_count_declarations (e, self);

      if (depth > limits->max_depth)
        return fail (error, "Elements are nested too deep", depth,
                     limits->max_depth);
      if (attributes > limits->max_attributes)
        return fail (error, "An element has too many attributes, addresses included", attributes,
                     limits->max_attributes);
      if (namespaces > limits->max_namespaces)
        return fail (error, "An element has too many namespaces", namespaces,
                     limits->max_namespaces);
      names += 2 * (1 + attributes + namespaces);
    }

  if (names > limits->max_names && (names = count_names (self)) > limits->max_names)
    return fail (error, "Elements and attributes have too many different names", names, limits->max_names);

  return TRUE;
}
