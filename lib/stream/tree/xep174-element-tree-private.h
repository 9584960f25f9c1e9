/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-arena-private.h"
#include "xep174-element-private.h"

G_BEGIN_DECLS

/* How an element tree lies in its arena: for those who build, walk and print it. */

typedef struct _Xep174Node Xep174Node;
typedef struct _Xep174Text Xep174Text;
typedef struct _Xep174Attribute Xep174Attribute;

struct _Xep174Node
{
  Xep174Node *next;
  gboolean    is_text;
  /* Of text that has been printed once: it stands for itself. Atomic, for any thread may print what is
   * sealed. */
  gint        is_plain;
};

/* Not terminated: the next piece of text is appended in place where possible. */
struct _Xep174Text
{
  Xep174Node  node;
  char       *text;
  gsize       length;
};

struct _Xep174Attribute
{
  Xep174Attribute *next;
  const char      *name;
  const char      *xmlns;
  const char      *value;
};

struct _Xep174Element
{
  Xep174Node        node;
  Xep174Arena      *arena;
  Xep174Element    *parent;
  const char       *name;
  const char       *xmlns;
  Xep174Attribute  *attributes;
  Xep174Node       *first;
  Xep174Node       *last;
};

static inline void
xep174_element_append_node (Xep174Element *self,
                            Xep174Node    *node)
{
  if (self->last != NULL)
    self->last->next = node;
  else
    self->first = node;
  self->last = node;
}

/* What the tree builders share; nothing is checked, and @name and @xmlns stay the caller's,
 * living as long as the arena. */
static inline Xep174Element *
xep174_element_alloc (Xep174Arena   *arena,
                      Xep174Element *parent,
                      const char    *name,
                      const char    *xmlns)
{
  Xep174Element *self = xep174_arena_alloc (arena, sizeof (Xep174Element));

  self->node.next = NULL;
  self->node.is_text = FALSE;
  self->arena = arena;
  self->parent = parent;
  self->name = name;
  self->xmlns = xmlns;
  self->attributes = NULL;
  self->first = NULL;
  self->last = NULL;
  if (parent != NULL)
    xep174_element_append_node (parent, &self->node);

  return self;
}

/* What an attribute is called by a program: `id`, `xml:lang` or `{namespace}name`. */
typedef struct
{
  const char *name;
  const char *xmlns; /* not terminated */
  gsize       xmlns_length;
} Xep174AttributeName;

Xep174AttributeName xep174_attribute_name_split (const char *full_name);

/* Nearly all are in no namespace. */
static inline Xep174AttributeName
xep174_attribute_name_read (const char *full_name)
{
  if (G_LIKELY (*full_name != '{' && *full_name != 'x'))
    return (Xep174AttributeName) { full_name, NULL, 0 };

  return xep174_attribute_name_split (full_name);
}

void           xep174_element_add_text     (Xep174Element *self,
                                            const char    *text,
                                            gsize          length);
Xep174Attribute *xep174_element_find_attribute (Xep174Element             *self,
                                                const Xep174AttributeName *wanted);

/* The octet of @text at which it stops being characters of XML, or -1. */
gssize         xep174_text_find_bad        (const char    *text,
                                            gsize          length);

/* Namespaces in XML §3: can neither be declared nor be the default. */
#define XEP174_NS_XMLNS "http://www.w3.org/2000/xmlns/"

/* Inside a stream `stream:` and jabber:client are in scope, and @from and @to, if not NULL, are
 * given to @self where it has none. Where @left_out is given, long texts are left out, and their octets
 * added to it. FALSE if xep174_element_check() finds something in @self. */
gboolean       xep174_element_print        (Xep174Element *self,
                                            GString       *out,
                                            gboolean       in_stream,
                                            const char    *from,
                                            const char    *to,
                                            gsize         *left_out);
/* How many namespaces @self declares where it is printed into a stream as a part of @root. */
guint          xep174_element_count_declarations (Xep174Element *self,
                                                  Xep174Element *root);
/* @checked: whether @value is known to be XML; if not, what XML cannot carry is replaced, and FALSE
 * returned. */
gboolean       xep174_element_print_attribute (GString    *out,
                                               const char *name,
                                               const char *value,
                                               gboolean    checked);

G_END_DECLS
