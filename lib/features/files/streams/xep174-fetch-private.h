/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-http.h"
#include "xep174-network-private.h"
#include "xep174-pipe-private.h"

G_BEGIN_DECLS

/* One GET (XEP-0066), up to the first octet of the file. Nobody else is asked: no proxy, and no other
 * address. */
typedef struct _Xep174Fetch Xep174Fetch;

/* The file comes, or an @error of G_IO_ERROR says why not. Once, and never from within xep174_fetch_new(). It
 * may free the fetch. How long it may take is for the caller to bound. */
typedef void (*Xep174FetchFunc) (const Xep174Http *reply,
                                 const GError     *error,
                                 gpointer          data);

Xep174Fetch *xep174_fetch_new  (Xep174Network   *network,
                                GMainContext    *context,
                                GSocketAddress  *address,
                                const char      *request,
                                Xep174FetchFunc  func,
                                gpointer         data);
/* The connection, when the file comes. */
Xep174Pipe  *xep174_fetch_take (Xep174Fetch     *self);
void         xep174_fetch_free (Xep174Fetch     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Fetch, xep174_fetch_free)

G_END_DECLS
