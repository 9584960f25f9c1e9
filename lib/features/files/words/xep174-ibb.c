/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-ibb-private.h"

#include <string.h>

#include "xep174-file-info-private.h"

static const char *const word_names[] = { "open", "data", "close" };

G_STATIC_ASSERT (G_N_ELEMENTS (word_names) == XEP174_IBB_N_WORDS);

void
xep174_ibb_clear (Xep174Ibb *self)
{
  g_free (self->sid);
  g_clear_pointer (&self->octets, g_bytes_unref);
  memset (self, 0, sizeof *self);
}

/* --- Writing --------------------------------------------------------------------------------- */

static void
set_number (Xep174Element *element,
            const char    *name,
            guint          number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  xep174_element_set_attribute (element, name, text);
}

Xep174Element *
xep174_ibb_to_element (const Xep174Ibb *self)
{
  Xep174Element *element = xep174_element_new (word_names[self->word], XEP174_NS_IBB);

  xep174_element_set_attribute (element, "sid", self->sid);
  if (self->word == XEP174_IBB_OPEN)
    {
      set_number (element, "block-size", self->block_size);
      xep174_element_set_attribute (element, "stanza", "iq");
    }
  else if (self->word == XEP174_IBB_DATA)
    {
      gsize length;
      gconstpointer octets = g_bytes_get_data (self->octets, &length);
      g_autofree char *text = g_base64_encode (octets, length);

      set_number (element, "seq", self->seq);
      xep174_element_append_text (element, text);
    }

  return element;
}

/* --- Reading --------------------------------------------------------------------------------- */

static gboolean
refuse (const char **why,
        const char  *reason)
{
  *why = reason;

  return FALSE;
}

static int
value_of (guchar c)
{
  if (g_ascii_isupper (c))
    return c - 'A';
  if (g_ascii_islower (c))
    return c - 'a' + 26;
  if (g_ascii_isdigit (c))
    return c - '0' + 52;

  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 4648 §4, as XEP-0047 §2.2 wants it. One spelling for what is said: so nothing can hide in another. */
static GBytes *
decode (const char *text)
{
  gsize length = strlen (text);
  gsize padding = length > 1 && text[length - 1] == '=' ? 1 + (text[length - 2] == '=') : 0;
  guint8 *octets, *end;
  guint32 bits = 0;

  if (length == 0 || length % 4 != 0 || length / 4 * 3 - padding > XEP174_IBB_MAX_BLOCK)
    return NULL;

  octets = end = g_malloc (length / 4 * 3);
  for (gsize i = 0; i < length; i++)
    {
      int value = i < length - padding ? value_of (text[i]) : 0;

      if (value < 0)
        {
          g_free (octets);
          return NULL;
        }
      bits = bits << 6 | value;
      if (i % 4 == 3)
        {
          *end++ = bits >> 16;
          *end++ = bits >> 8;
          *end++ = bits;
        }
    }
  if (bits & ((1u << (8 * padding)) - 1))
    {
      g_free (octets);
      return NULL;
    }

  return g_bytes_new_take (octets, end - octets - padding);
}

static gboolean
read_open (Xep174Ibb      *self,
           Xep174Element  *element,
           const char    **why)
{
  const char *stanza = xep174_element_get_attribute (element, "stanza");
  guint64 size;

  if (!xep174_file_read_number (xep174_element_get_attribute (element, "block-size"), XEP174_IBB_MAX_BLOCK,
                                &size) || size == 0)
    return refuse (why, "a block has no size");
  if (stanza != NULL && !g_str_equal (stanza, "iq"))
    return refuse (why, "nobody would say that a block has come");

  self->block_size = size;

  return TRUE;
}

static gboolean
read_data (Xep174Ibb      *self,
           Xep174Element  *element,
           const char    **why)
{
  g_autofree char *text = xep174_element_dup_text (element);
  guint64 seq;

  if (!xep174_file_read_number (xep174_element_get_attribute (element, "seq"), G_MAXUINT16, &seq))
    return refuse (why, "a block has no number");
  if (text == NULL || (self->octets = decode (text)) == NULL)
    return refuse (why, "a block is no base64, or has no octets");

  self->seq = seq;

  return TRUE;
}

static gboolean
read_all (Xep174Ibb      *self,
          Xep174Element  *element,
          const char    **why)
{
  const char *sid = xep174_element_get_attribute (element, "sid");

  while (self->word < XEP174_IBB_N_WORDS
         && !xep174_element_matches (element, word_names[self->word], XEP174_NS_IBB))
    self->word++;
  if (self->word == XEP174_IBB_N_WORDS)
    return refuse (why, "it is no word of a stream in the conversation");
  if (!xep174_file_is_text (sid))
    return refuse (why, "it has no id, or a long one");

  self->sid = g_strdup (sid);
  if (self->word == XEP174_IBB_OPEN)
    return read_open (self, element, why);

  return self->word == XEP174_IBB_CLOSE || read_data (self, element, why);
}

gboolean
xep174_ibb_read (Xep174Ibb      *self,
                 Xep174Element  *element,
                 const char    **why)
{
  *self = (Xep174Ibb) { 0 };
  if (read_all (self, element, why))
    return TRUE;

  xep174_ibb_clear (self);

  return FALSE;
}
