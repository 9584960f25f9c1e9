/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature-host.h"
#include "xep174-jingle-private.h"
#include "xep174-pipe-private.h"

G_BEGIN_DECLS

/* Bytestreams (XEP-0065, XEP-0260): how the octets of a file find their way beside the conversation. Each
 * side waits for the other at the port of its streams, and dials the other's addresses. */

/* Those of one host: who is expected at its port. */
typedef struct _Xep174Bytestreams Xep174Bytestreams;
/* One transfer's. */
typedef struct _Xep174Bytestream Xep174Bytestream;

/* Each may free the bytestream. */
typedef struct
{
  /* What we have found out, once after each xep174_bytestream_dial(): the candidate that has answered, or
   * %NULL if none did. */
  void (*dialled) (const char *cid,
                   guint32     priority,
                   gpointer    data);
  /* Somebody has come who knows the address of this stream. That the contact uses it is for it to say; it
   * may come more than once. May be %NULL. */
  void (*called)  (gpointer data);
} Xep174BytestreamEvents;

/* @host is what a feature is attached to. It is not held: both end before it is detached. */
Xep174Bytestreams *xep174_bytestreams_new  (Xep174FeatureHost *host);
/* Its streams are to be freed before. */
void               xep174_bytestreams_free (Xep174Bytestreams *self);

/* The stream @sid to or from the contact. There must be a session: the two names, the key
 * of the contact, and where we can be reached are taken from it. If it is encrypted the stream will be, too,
 * with the same keys; else it cannot. %NULL without a session. */
Xep174Bytestream  *xep174_bytestream_new   (Xep174Bytestreams             *all,
                                            const char                    *contact,
                                            const char                    *sid,
                                            const Xep174BytestreamEvents  *events,
                                            gpointer                       data,
                                            GError                       **error);
/* Closes what was not taken. */
void               xep174_bytestream_free  (Xep174Bytestream *self);
/* From now on, the contact may come to the port. FALSE if it has another stream of that name. */
gboolean           xep174_bytestream_expect (Xep174Bytestream  *self,
                                             GError           **error);
/* (element-type Xep174JingleCandidate): where we can be reached, the best first; owned by @self. It may be
 * empty. */
GPtrArray         *xep174_bytestream_get_candidates (Xep174Bytestream *self);
/* (element-type Xep174JingleCandidate): what the contact has said; it is copied. Ends in `dialled`, never
 * from within. What is not known to be its address (xep174-places-private.h) is left out. */
void               xep174_bytestream_dial  (Xep174Bytestream *self,
                                            GPtrArray        *candidates);
/* The connection that we have made (@ours), or that the contact has made to our candidate @cid (%NULL: to
 * any). All others are closed. %NULL if there is none, or none any more. */
Xep174Pipe        *xep174_bytestream_take  (Xep174Bytestream  *self,
                                            gboolean           ours,
                                            const char        *cid,
                                            GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Bytestreams, xep174_bytestreams_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Bytestream, xep174_bytestream_free)

G_END_DECLS
