/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-oob-url.h"

G_BEGIN_DECLS

/* Out-of-band data (XEP-0066) as elements, as iChat, Adium and telepathy-salut say it of files. What is read
 * comes from anybody. */

#define XEP174_NS_OOB "jabber:iq:oob"

/* What an offer is answered with, and the code that such programs look at (XEP-0086). */
typedef enum
{
  XEP174_OOB_TAKEN       = 0,
  XEP174_OOB_BAD         = 400, /* it cannot be understood */
  XEP174_OOB_MISSING     = 404, /* the file could not be fetched */
  XEP174_OOB_NOT_WANTED  = 406,
  XEP174_OOB_TOO_MANY    = 500, /* for now */
} Xep174OobAnswer;

/* What is offered by @query, or why it is not taken: @why is for the log then. */
Xep174OobAnswer  xep174_oob_read_offer (Xep174Element    *query,
                                        Xep174OobUrl     *url,
                                        Xep174FileInfo   *info,
                                        const char      **why);
/* The iq that answers the one with @id. */
Xep174Element   *xep174_oob_new_answer (const char       *id,
                                        Xep174OobAnswer   answer);

G_END_DECLS
