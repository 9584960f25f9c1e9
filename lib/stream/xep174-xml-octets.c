/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-xml-octets-private.h"

#include <string.h>

#define EACH(octet) (G_GUINT64_CONSTANT (0x0101010101010101) * (octet))

#define AT_ONCE 32

/* None of them a control character and none outside ASCII. */
static inline gboolean
is_plain (const guchar *octets)
{
  guint64 words[AT_ONCE / 8];
  guint64 marks = 0;

  memcpy (words, octets, sizeof words);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    marks |= (words[i] - EACH (0x20)) | words[i];

  return (marks & EACH (0x80)) == 0;
}

static gboolean
begin_character (Xep174XmlOctets *self,
                 guchar           octet)
{
  self->low = 0x80;
  self->high = 0xbf;

  if (octet >= 0xc2 && octet <= 0xdf)
    {
      self->missing = 1;
    }
  else if (octet >= 0xe0 && octet <= 0xef)
    {
      self->missing = 2;
      if (octet == 0xe0)
        self->low = 0xa0;
      else if (octet == 0xed)
        self->high = 0x9f;
    }
  else if (octet >= 0xf0 && octet <= 0xf4)
    {
      self->missing = 3;
      if (octet == 0xf0)
        self->low = 0x90;
      else if (octet == 0xf4)
        self->high = 0x8f;
    }
  else
    {
      return FALSE;
    }

  return TRUE;
}

static gboolean
take (Xep174XmlOctets *self,
      guchar           octet)
{
  if (self->missing > 0)
    {
      if (octet < self->low || octet > self->high)
        return FALSE;
      self->missing--;
      self->low = 0x80;
      self->high = 0xbf;
      return TRUE;
    }
  if (octet >= 0x80)
    return begin_character (self, octet);

  return octet >= 0x20 || octet == '\t' || octet == '\n' || octet == '\r';
}

gsize
xep174_xml_octets_check (Xep174XmlOctets *self,
                         const guchar    *octets,
                         gsize            length)
{
  gsize i = 0;

  while (i < length)
    {
      if (self->missing == 0)
        while (length - i >= AT_ONCE && is_plain (octets + i))
          i += AT_ONCE;

      for (gsize stop = MIN (length, i + AT_ONCE); i < stop; i++)
        if (G_UNLIKELY (!take (self, octets[i])))
          return i;
    }

  return length;
}
