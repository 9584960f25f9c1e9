/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-xml-octets-private.h"
#include "xep174-xml-reader-private.h"
#include "xep174-xml-scanner-private.h"

G_BEGIN_DECLS

/* What has arrived, however it was cut: checked octet by octet, and given to the reader in whole
 * tokens. */
typedef struct
{
  Xep174XmlOctets  octets;
  Xep174XmlScanner scanner;
  Xep174XmlReader  reader;
  guchar          *own;         /* what nobody lends is copied, with room for so much: */
  gsize            capacity;
  const guchar    *buffer;      /* our own, or lent */
  gsize            length;
  gsize            pushed;      /* how much of it libxml2 has been given */
  GError          *octet_error; /* for the octet that would come after it */
  guint64          renew_at;
  gboolean         is_over;     /* nothing is read after a footer or an error */
} Xep174XmlInput;

/* @self is filled with zeros. */
void     xep174_xml_input_init     (Xep174XmlInput           *self,
                                    const Xep174StreamLimits *limits);
void     xep174_xml_input_clear    (Xep174XmlInput           *self);
void     xep174_xml_input_feed     (Xep174XmlInput           *self,
                                    const guint8             *octets,
                                    gsize                     length);
/* The same without a copy, if all before it is read: @octets stay as they are until they are taken back, and
 * XEP174_XML_MARKS_PADDING more can be read behind them. */
void     xep174_xml_input_lend     (Xep174XmlInput           *self,
                                    const guint8             *octets,
                                    gsize                     length);
/* What is not read yet of the octets that were lent is copied. */
void     xep174_xml_input_take_back (Xep174XmlInput          *self);
/* Reads until the reader has a header or an element; FALSE if there is none. Only as far as needed,
 * or a peer could have everything it sends lie here as elements. */
gboolean xep174_xml_input_read     (Xep174XmlInput           *self);
/* Whether there is more than white space behind what was read. */
gboolean xep174_xml_input_has_rest (Xep174XmlInput           *self);

G_END_DECLS
