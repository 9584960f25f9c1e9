/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-element-tree-private.h"

#include <string.h>

#include "xep174-stream-error.h"
#include "xep174-xml-octets-private.h"

gssize
xep174_text_find_bad (const char *text,
                      gsize       length)
{
  Xep174XmlOctets octets = { 0 };

  if (G_LIKELY (xep174_xml_octets_check (&octets, (const guchar *) text, length) == length
                && octets.missing == 0))
    return -1;

  for (gsize i = 0; i < length;)
    {
      guchar octet = text[i];

      if (octet >= 0x80)
        {
          gunichar c = g_utf8_get_char_validated (text + i, length - i);

          /* Includes the two values for what is no character. */
          if (c >= 0xfffe && c != CLAMP (c, 0x10000, 0x10ffff))
            return i;
          i += g_utf8_skip[octet];
        }
      else if (octet < 0x20 && octet != '\t' && octet != '\n' && octet != '\r')
        return i;
      else
        i++;
    }

  return -1;
}

gboolean
xep174_text_is_xml (const char *text)
{
  return xep174_text_find_bad (text, strlen (text)) < 0;
}

gboolean
xep174_element_is_stanza (Xep174Element *self)
{
  if (self->xmlns != NULL && strcmp (self->xmlns, XEP174_NS_CLIENT) != 0)
    return FALSE;

  return strcmp (self->name, "message") == 0 || strcmp (self->name, "presence") == 0
         || strcmp (self->name, "iq") == 0;
}

gboolean
xep174_element_is_answer (Xep174Element *self)
{
  const char *type;

  if (strcmp (self->name, "iq") != 0)
    return FALSE;

  type = xep174_element_get_attribute (self, "type");
  return g_strcmp0 (type, "result") == 0 || g_strcmp0 (type, "error") == 0;
}

static void
set_bad_text (GError     **error,
              const char  *what,
              const char  *name,
              const char  *text,
              gsize        length,
              gssize       at)
{
  gunichar c = g_utf8_get_char_validated (text + at, length - at);

  if (c < 0x110000)
    g_set_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_XML,
                 "The %s “%s” holds the character U+%04X, which cannot be sent; take it out",
                 what, name, c);
  else
    g_set_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_XML,
                 "The %s “%s” is not valid UTF-8", what, name);
}

static gboolean
check_xmlns (const char  *xmlns,
             const char  *name,
             GError     **error)
{
  gssize at;

  if (xmlns == NULL)
    return TRUE;

  at = xep174_text_find_bad (xmlns, strlen (xmlns));
  if (at >= 0)
    set_bad_text (error, "namespace of", name, xmlns, strlen (xmlns), at);
  else if (strcmp (xmlns, XEP174_NS_XMLNS) == 0)
    g_set_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_XML,
                 "The namespace of “%s” is that of declarations, and for nothing else", name);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_strings (Xep174Element  *self,
               Xep174Element  *root,
               GError        **error)
{
  gssize at;

  /* What an element shares with the one around it has been looked at there. */
  if ((self == root || self->xmlns != self->parent->xmlns)
      && !check_xmlns (self->xmlns, self->name, error))
    return FALSE;
  for (Xep174Attribute *a = self->attributes; a != NULL; a = a->next)
    {
      if ((at = xep174_text_find_bad (a->value, strlen (a->value))) >= 0)
        {
          set_bad_text (error, "attribute", a->name, a->value, strlen (a->value), at);
          return FALSE;
        }
      if (!check_xmlns (a->xmlns, a->name, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
xep174_element_check (Xep174Element  *self,
                      GError        **error)
{
  Xep174Element *parent = self;
  Xep174Node *node = self->first;

  if (self->arena->checked)
    return TRUE;
  if (!check_strings (self, self, error))
    return FALSE;

  while (TRUE)
    {
      while (node == NULL)
        {
          if (parent == self)
            return TRUE;
          node = parent->node.next;
          parent = parent->parent;
        }

      if (node->is_text)
        {
          Xep174Text *text = (Xep174Text *) node;
          gssize at = xep174_text_find_bad (text->text, text->length);

          if (at >= 0)
            {
              set_bad_text (error, "text of", parent->name, text->text, text->length, at);
              return FALSE;
            }
          node = node->next;
        }
      else
        {
          parent = (Xep174Element *) node;
          if (!check_strings (parent, self, error))
            return FALSE;
          node = parent->first;
        }
    }
}
