/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"

G_BEGIN_DECLS

/* One file on its way in Jingle (XEP-0166), as an element: XEP-0234 with the ways of XEP-0260 and XEP-0261. A
 * session has one content; what has more is refused. */

#define XEP174_NS_JINGLE      "urn:xmpp:jingle:1"
#define XEP174_NS_JINGLE_FILE "urn:xmpp:jingle:apps:file-transfer:5"
#define XEP174_NS_JINGLE_S5B  "urn:xmpp:jingle:transports:s5b:1"
#define XEP174_NS_JINGLE_IBB  "urn:xmpp:jingle:transports:ibb:1"

#define XEP174_JINGLE_MAX_CANDIDATES 16
/* XEP-0047 §2.1. */
#define XEP174_JINGLE_MAX_BLOCK      65535

typedef enum
{
  XEP174_JINGLE_INITIATE,
  XEP174_JINGLE_ACCEPT,
  XEP174_JINGLE_TERMINATE,
  XEP174_JINGLE_INFO,
  XEP174_JINGLE_TRANSPORT_INFO,
  XEP174_JINGLE_TRANSPORT_REPLACE,
  XEP174_JINGLE_TRANSPORT_ACCEPT,
  XEP174_JINGLE_TRANSPORT_REJECT,
  XEP174_JINGLE_N_ACTIONS,
} Xep174JingleAction;

/* What INFO and TRANSPORT_INFO are about. */
typedef enum
{
  XEP174_JINGLE_ABOUT_NOTHING,
  XEP174_JINGLE_ABOUT_CHECKSUM,
  XEP174_JINGLE_ABOUT_RECEIVED,
  XEP174_JINGLE_ABOUT_USED,  /* candidate-used, with its id */
  XEP174_JINGLE_ABOUT_ERROR, /* candidate-error */
} Xep174JingleAbout;

typedef enum
{
  XEP174_JINGLE_WAY_NONE,
  XEP174_JINGLE_WAY_S5B,
  XEP174_JINGLE_WAY_IBB,
} Xep174JingleWay;

typedef struct
{
  char   *cid;
  char   *jid;
  char   *host; /* an IP address */
  guint16 port;
  guint32 priority;
} Xep174JingleCandidate;

typedef struct
{
  Xep174JingleAction action;
  char              *sid;
  Xep174FileInfo     file;       /* of INITIATE, ACCEPT and a checksum */
  Xep174JingleAbout  about;
  char              *cid;        /* the candidate that was used */
  Xep174JingleWay    way;
  char              *way_sid;
  guint              block_size; /* of IBB */
  GPtrArray         *candidates; /* of S5B: Xep174JingleCandidate, in no order; owned */
  char              *reason;     /* of TERMINATE: the name of what is in <reason/> */
} Xep174Jingle;

void                   xep174_jingle_clear         (Xep174Jingle *self);

Xep174JingleCandidate *xep174_jingle_candidate_new (const char   *cid,
                                                    const char   *jid,
                                                    const char   *host,
                                                    guint16       port,
                                                    guint32       priority);
void                   xep174_jingle_candidate_free (Xep174JingleCandidate *self);

Xep174Element         *xep174_jingle_to_element    (const Xep174Jingle *self);
/* FALSE is to be answered with bad-request; @why is for the log. */
gboolean               xep174_jingle_read          (Xep174Jingle   *self,
                                                    Xep174Element  *jingle,
                                                    const char    **why);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Xep174Jingle, xep174_jingle_clear)

G_END_DECLS
