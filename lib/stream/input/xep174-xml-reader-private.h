/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libxml/parser.h>

#include "xep174-element-private.h"
#include "xep174-stream-limits-private.h"
#include "xep174-xml-text-private.h"

G_BEGIN_DECLS

/* libxml2, from whole tokens to element trees: each callback writes straight into the arena of the
 * stanza that is being read. */
typedef struct
{
  const Xep174StreamLimits *limits;
  xmlParserCtxtPtr          context;
  char                     *header_tag;     /* as it arrived, for xep174_xml_reader_renew() */
  gsize                     header_length;
  guint                     depth;
  gboolean                  is_replaying;
  gboolean                  lacks_content_xmlns;
  Xep174Element            *without_xmlns;  /* says in such a stream that it has none */
  char                     *language;       /* of the stream, NULL if it says nothing */
  int                       known_names;    /* before the current stanza */
  Xep174Element            *current;
  guint                     events;         /* elements begun and ended */
  /* What is being read, and the texts in it that are still to come. */
  const guchar             *octets;
  const Xep174XmlText      *text;
  const Xep174XmlText      *texts_end;
  guint                     text_after;
  /* Names in libxml2's dictionary are the same when their addresses are. */
  const xmlChar            *raw_words;      /* see find_words() */
  gsize                     words_length;
  GHashTable               *namespaces;     /* of the stanza, NULL before the first that is no word */
  guint64                   xmlns_octets;
  /* What has been read. */
  Xep174Element            *header;
  Xep174Element            *first;          /* linked as siblings until they are taken */
  Xep174Element            *last;
  gboolean                  has_footer;
  GError                   *error;
} Xep174XmlReader;

void           xep174_xml_reader_init         (Xep174XmlReader          *self,
                                               const Xep174StreamLimits *limits);
void           xep174_xml_reader_clear        (Xep174XmlReader          *self);
/* Reads from @start to @end. */
void           xep174_xml_reader_push         (Xep174XmlReader          *self,
                                               const guchar             *octets,
                                               gsize                     start,
                                               gsize                     end,
                                               const Xep174XmlText      *texts,
                                               guint                     n_texts);
Xep174Element *xep174_xml_reader_steal_header (Xep174XmlReader          *self);
Xep174Element *xep174_xml_reader_pop_element  (Xep174XmlReader          *self);
/* To be remembered right after it was pushed. */
void           xep174_xml_reader_keep_header  (Xep174XmlReader          *self,
                                               const guchar             *tag,
                                               gsize                     length);
/* Between two stanzas: gives back all that libxml2 has gathered, which is every name that it ever
 * saw and buffers for the largest tag. */
void           xep174_xml_reader_renew        (Xep174XmlReader          *self);
/* No more will be pushed. */
void           xep174_xml_reader_close        (Xep174XmlReader          *self);

G_END_DECLS
