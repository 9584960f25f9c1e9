/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether octets are those of an XML stream at all: UTF-8 (RFC 3629 §4) without the characters
 * that XML 1.0 §2.2 leaves out. Zeroed memory is the start. */
typedef struct
{
  guchar first;     /* of the character that has begun */
  guchar missing;   /* how many octets it still lacks */
  guchar low;       /* the range of the next one */
  guchar high;
  gboolean has_cr;  /* there has been one */
} Xep174XmlOctets;

/* U+FFFD ends with it; U+FFFE and U+FFFF are none of XML. */
#define XEP174_XML_OCTETS_LAST 0xbd

/* The number of octets before the first bad one: @length if all are good so far. */
gsize xep174_xml_octets_check (Xep174XmlOctets *self,
                               const guchar    *octets,
                               gsize            length);

G_END_DECLS
