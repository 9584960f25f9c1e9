/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* So many octets after the last one are read, if only not to be counted. */
#define XEP174_XML_MARKS_PADDING 64

/* Where the octets are that end a piece of markup or text, 64 octets looked at in one go. */
typedef struct
{
  guint64 bits;    /* those not yet taken; bit n is for the octet n after the block, ... */
  gsize   block;
  gsize   end;     /* ... up to here */
} Xep174XmlMarks;

typedef guchar Xep174Vector __attribute__ ((vector_size (16), aligned (1), may_alias));
#ifdef __SSE2__
/* What the builtin takes. */
typedef char Xep174SignedVector __attribute__ ((vector_size (16)));
#endif

/* Bit n is set if octet n is one that a tag or text may end at or a value is quoted with, `<`,
 * `>`, `&`, `'`, `"`, or `#`, which is let through because telling it from them costs more. */
static inline guint64
xep174_xml_marks_read_vector (const guchar *octets)
{
  Xep174Vector vector = *(const Xep174Vector *) octets;
  Xep174Vector marks = ((vector | 2) == '>') | ((vector | 5) == '\'');
#ifdef __SSE2__
  return __builtin_ia32_pmovmskb128 ((Xep174SignedVector) marks);
#else
  static const Xep174Vector weights = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
  const guint64 sum = G_GUINT64_CONSTANT (0x0101010101010101);
  guint64 halves[2];

  G_STATIC_ASSERT (sizeof halves == sizeof marks);
  marks &= weights;
  memcpy (halves, &marks, sizeof halves);

  return (halves[0] * sum) >> 56 | (halves[1] * sum) >> 56 << 8;
#endif
}

static inline void
xep174_xml_marks_read (Xep174XmlMarks *self,
                       const guchar   *octets,
                       gsize           end)
{
  const guchar *block = octets + self->end;

  self->block = self->end;
  self->bits = xep174_xml_marks_read_vector (block)
               | xep174_xml_marks_read_vector (block + 16) << 16
               | xep174_xml_marks_read_vector (block + 32) << 32
               | xep174_xml_marks_read_vector (block + 48) << 48;
  self->end += XEP174_XML_MARKS_PADDING;
  if (self->end <= end)
    return;

  self->bits &= (G_GUINT64_CONSTANT (1) << (end - self->block)) - 1;
  self->end = end;
}

/* Takes the next of those octets; @end if there is none. */
static inline gsize
xep174_xml_marks_take (Xep174XmlMarks *self,
                       const guchar   *octets,
                       gsize           end)
{
  gsize at;

  while (self->bits == 0)
    {
      if (self->end >= end)
        return end;
      xep174_xml_marks_read (self, octets, end);
    }

  at = self->block + __builtin_ctzll (self->bits);
  if (at >= end)
    return end;
  self->bits &= self->bits - 1;

  return at;
}

/* The marks before @position have been passed by. */
static inline void
xep174_xml_marks_drop (Xep174XmlMarks *self,
                       gsize           position)
{
  if (position < self->end)
    {
      self->bits &= G_MAXUINT64 << (position - self->block);
      return;
    }

  self->bits = 0;
  self->end = position;
}

G_END_DECLS
