/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

G_BEGIN_DECLS

/* Octets inside of the conversation (XEP-0047), as elements. What is read comes from anybody; FALSE is
 * to be answered with bad-request, and @why is for the log. */

#define XEP174_NS_IBB        "http://jabber.org/protocol/ibb"
/* §2.1: of a block, before it becomes text. */
#define XEP174_IBB_MAX_BLOCK 65535

typedef enum
{
  XEP174_IBB_OPEN,
  XEP174_IBB_DATA,
  XEP174_IBB_CLOSE,
  XEP174_IBB_N_WORDS,
} Xep174IbbWord;

typedef struct
{
  Xep174IbbWord word;
  char         *sid;
  guint         block_size; /* of OPEN */
  guint16       seq;        /* of DATA; it begins anew behind 65535 */
  GBytes       *octets;     /* of DATA; owned */
} Xep174Ibb;

void           xep174_ibb_clear      (Xep174Ibb *self);

Xep174Element *xep174_ibb_to_element (const Xep174Ibb *self);
/* White space, padding that is missing, and bits behind the last octet are refused. */
gboolean       xep174_ibb_read       (Xep174Ibb      *self,
                                      Xep174Element  *element,
                                      const char    **why);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Xep174Ibb, xep174_ibb_clear)

G_END_DECLS
