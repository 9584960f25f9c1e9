/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-xml-octets-private.h"

#include <string.h>

#define AT_ONCE 64
/* After one that is not plain; there may be more. */
#define ONE_BY_ONE 16

/* Plain is neither a control character nor outside ASCII, where octets are negative. */
#define IS_SPECIAL(octets) ((octets) < 0x20)

typedef gint8 Vector __attribute__ ((vector_size (16), aligned (1), may_alias));

static inline gboolean
are_plain (const guchar *octets)
{
  const Vector *vectors = (const Vector *) octets;
  Vector special;
  guint64 halves[2];

  G_STATIC_ASSERT (4 * sizeof (Vector) == AT_ONCE);
  special = IS_SPECIAL (vectors[0]) | IS_SPECIAL (vectors[1]) | IS_SPECIAL (vectors[2])
            | IS_SPECIAL (vectors[3]);
  memcpy (halves, &special, sizeof halves);

  return (halves[0] | halves[1]) == 0;
}

static inline gboolean
is_plain (guchar octet)
{
  return !IS_SPECIAL ((gint8) octet);
}

static gboolean
begin_character (Xep174XmlOctets *self,
                 guchar           octet)
{
  self->first = octet;
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
      if (self->missing == 1 && self->first == 0xef && octet == 0xbf)
        self->high = XEP174_XML_OCTETS_LAST;
      return TRUE;
    }
  if (octet >= 0x80)
    return begin_character (self, octet);

  if (octet == '\r')
    self->has_cr = TRUE;

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
        while (length - i >= AT_ONCE && are_plain (octets + i))
          i += AT_ONCE;

      /* The rest, together with what was before it. */
      if (self->missing == 0 && length >= AT_ONCE && length - i < AT_ONCE
          && are_plain (octets + length - AT_ONCE))
        return length;

      for (gsize stop = MIN (length, i + ONE_BY_ONE); i < stop; i++)
        if (!(is_plain (octets[i]) && self->missing == 0) && !take (self, octets[i]))
          return i;
    }

  return length;
}
