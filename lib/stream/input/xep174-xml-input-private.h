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
  guchar          *buffer;
  gsize            length;
  gsize            capacity;
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
/* Reads until the reader has a header or an element; FALSE if there is none. Only as far as needed,
 * or a peer could have everything it sends lie here as elements. */
gboolean xep174_xml_input_read     (Xep174XmlInput           *self);
/* Whether there is more than white space behind what was read. */
gboolean xep174_xml_input_has_rest (Xep174XmlInput           *self);

G_END_DECLS
