/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-stream-limits-private.h"

G_BEGIN_DECLS

/* Finds the ends of tags, references and sections, so that libxml2 only ever gets whole ones.
 *
 * libxml2's push parser looks through an unfinished tag again with every piece that arrives, keeps
 * waiting for the `;` of a bare `&`, and reports some errors sooner or later depending on how the
 * octets were cut. Fed with whole tokens it does none of this, and what is restricted (X7) or too
 * long (X8) is noticed at its first wrong octet. */

typedef enum
{
  XEP174_XML_SCAN_MORE,      /* all is scanned */
  XEP174_XML_SCAN_HEADER,    /* just after the tag that opens the stream */
  XEP174_XML_SCAN_ELEMENT,   /* just after a first-level element */
  XEP174_XML_SCAN_FOOTER,    /* just after the end of the stream */
  XEP174_XML_SCAN_ERROR,     /* at an octet that cannot be */
} Xep174XmlScan;

typedef enum
{
  XEP174_XML_STATE_PROLOG,
  XEP174_XML_STATE_DECLARATION,
  XEP174_XML_STATE_BETWEEN,
  XEP174_XML_STATE_OPEN,
  XEP174_XML_STATE_START_TAG,
  XEP174_XML_STATE_VALUE,
  XEP174_XML_STATE_END_TAG,
  XEP174_XML_STATE_MARKUP,
  XEP174_XML_STATE_CDATA,
  XEP174_XML_STATE_TEXT,
  XEP174_XML_STATE_REFERENCE,
  XEP174_XML_STATE_END,
} Xep174XmlState;

typedef struct
{
  const Xep174StreamLimits *limits;
  Xep174XmlState            state;
  guint                     depth;
  guint                     values;      /* quoted values of the tag so far */
  guchar                    quote;
  /* Indices into the octets at hand. */
  gsize                     position;    /* up to here they are scanned */
  gsize                     token;       /* where the unfinished token begins, or the last one did */
  gsize                     done;        /* the end of the last whole token or text */
  gsize                     longest;     /* of the tags and sections so far */
  gsize                     reference;   /* the last `&` */
  gsize                     bracket;     /* the next `<`, if at or after the position */
  /* Counted from the start of the stream. */
  guint64                   offset;      /* of the octets at hand */
  guint64                   allowance;   /* where the stanza or header must have ended */
  GError                   *error;
} Xep174XmlScanner;

void          xep174_xml_scanner_init     (Xep174XmlScanner         *self,
                                           const Xep174StreamLimits *limits);
void          xep174_xml_scanner_clear    (Xep174XmlScanner         *self);
Xep174XmlScan xep174_xml_scanner_scan     (Xep174XmlScanner         *self,
                                           const guchar             *octets,
                                           gsize                     length);
/* Where unfinished text may be cut: before an unfinished character or reference, and, unless
 * @to_the_end, before what may be the start of `]]>` or of a CR LF. */
gsize         xep174_xml_scanner_cut_text (const Xep174XmlScanner   *self,
                                           const guchar             *octets,
                                           gboolean                  to_the_end);
/* The first @count octets are gone. */
void          xep174_xml_scanner_advance  (Xep174XmlScanner         *self,
                                           gsize                     count);

G_END_DECLS
