/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-stream-limits-private.h"
#include "xep174-xml-marks-private.h"
#include "xep174-xml-text-private.h"

G_BEGIN_DECLS

/* Finds the ends of tags, references and sections, so that libxml2 only ever gets whole ones.
 *
 * libxml2's push parser looks through an unfinished tag again with every piece that arrives, keeps
 * waiting for the `;` of a bare `&`, and reports some errors sooner or later depending on how the
 * octets were cut. Fed with whole tokens it does none of this, and what is restricted (X7) or too
 * long (X8) is noticed at its first wrong octet. */

/* More than this are not kept apart. */
#define XEP174_XML_SCANNER_TEXTS 24

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
  guint                     max_values;
  guint                     values_left; /* that the tag may still have */
  guchar                    quote;       /* of the value that has begun, or 0 */
  /* Indices into the octets at hand. */
  gsize                     position;    /* up to here they are scanned */
  gsize                     token;       /* where the unfinished token begins, or the last one did */
  gsize                     done;        /* the end of the last whole token or text */
  gsize                     longest;     /* of the tags and sections so far */
  gsize                     tags;        /* how many octets all of them had since somebody set it to 0 */
  gsize                     reference;   /* the last `&` */
  Xep174XmlMarks            marks;
  gsize                     opened;      /* the last start tag not given away, ... */
  gsize                     opened_end;  /* ... and its end, or G_MAXSIZE if there is none */
  gboolean                  has_cr;
  gboolean                  is_plain;    /* the text since the last tag */
  guint                     events;      /* elements begun and ended */
  guint                     n_texts;
  Xep174XmlText             texts[XEP174_XML_SCANNER_TEXTS];
  /* Counted from the start of the stream. */
  guint64                   offset;      /* of the octets at hand */
  guint64                   allowance;   /* where the stanza or header must have ended */
  GError                   *error;
} Xep174XmlScanner;

void          xep174_xml_scanner_init     (Xep174XmlScanner         *self,
                                           const Xep174StreamLimits *limits);
void          xep174_xml_scanner_clear    (Xep174XmlScanner         *self);
/* XEP174_XML_MARKS_PADDING more must be readable after the last octet. */
Xep174XmlScan xep174_xml_scanner_scan     (Xep174XmlScanner         *self,
                                           const guchar             *octets,
                                           gsize                     length);
/* Makes unfinished text a whole token as far as it may be cut: before an unfinished character or
 * reference, and, unless @to_the_end, before what may be the start of `]]>` or of a CR LF. */
void          xep174_xml_scanner_cut_text (Xep174XmlScanner         *self,
                                           const guchar             *octets,
                                           gboolean                  to_the_end);
/* Whether there is a CR in the octets at hand. Then libxml2 has to see all text, to change it. */
void          xep174_xml_scanner_set_has_cr (Xep174XmlScanner       *self,
                                             gboolean                has_cr);
/* What was scanned as whole tokens is given away. */
void          xep174_xml_scanner_forget   (Xep174XmlScanner         *self);
/* The first @count octets are gone. */
void          xep174_xml_scanner_advance  (Xep174XmlScanner         *self,
                                           gsize                     count);

G_END_DECLS
