/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"

G_BEGIN_DECLS

/* Stream initiation (XEP-0096) and SOCKS5 bytestreams (XEP-0065) as elements, towards other programs. What is
 * read comes from anybody; FALSE or %NULL is to be answered with bad-request, and @why is for the log. */

#define XEP174_NS_SI          "http://jabber.org/protocol/si"
#define XEP174_NS_SI_FILE     "http://jabber.org/protocol/si/profile/file-transfer"
#define XEP174_NS_FEATURE_NEG "http://jabber.org/protocol/feature-neg"
#define XEP174_NS_DATA_FORM   "jabber:x:data"
#define XEP174_NS_BYTESTREAMS "http://jabber.org/protocol/bytestreams"

/* libpurple keeps sizes in 32 bits, with a sign, and never ends a file without octets. */
#define XEP174_SI_LEGACY_MAX  G_MAXINT32
/* The first of a longer list are taken. */
#define XEP174_SI_MAX_HOSTS   16

typedef struct
{
  char   *jid;  /* what it is called; libpurple calls it by the stream's id */
  char   *host; /* an IP address, and nothing that would have to be looked up */
  guint16 port;
} Xep174StreamHost;

Xep174StreamHost *xep174_stream_host_new     (const char        *jid,
                                              const char        *host,
                                              guint16            port);
void              xep174_stream_host_free    (Xep174StreamHost  *self);

/* <si/> of an offer; @sid is its id. */
Xep174Element    *xep174_si_new_offer        (const char           *sid,
                                              const Xep174FileInfo *info);
gboolean          xep174_si_read_offer       (Xep174Element        *si,
                                              char                **sid,
                                              Xep174FileInfo       *info,
                                              const char          **why);
/* <si/> of the answer that takes the offer. */
Xep174Element    *xep174_si_new_answer       (void);
gboolean          xep174_si_read_answer      (Xep174Element  *si,
                                              const char    **why);

/* <query/> with where the sender can be reached, best first. */
Xep174Element    *xep174_si_new_hosts        (const char     *sid,
                                              GPtrArray      *hosts);
/* Returns hosts, or %NULL. */
GPtrArray        *xep174_si_read_hosts       (Xep174Element  *query,
                                              char          **sid,
                                              const char    **why);
/* <query/> with the host that was used. */
Xep174Element    *xep174_si_new_used         (const char     *sid,
                                              const char     *jid);
/* Returns its name, or %NULL. */
char             *xep174_si_read_used        (Xep174Element  *query,
                                              const char    **why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174StreamHost, xep174_stream_host_free)

G_END_DECLS
