/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server of HTTP, in a thread: whoever comes gets the same reply, when it has asked for something. */
typedef struct _HttpServer HttpServer;

/* @reply is said in pieces of @step octets. Then, if it @holds, the connection stays open until the other
 * side ends it. */
HttpServer *http_server_new       (const char *address,
                                   GBytes     *reply,
                                   gsize       step,
                                   gboolean    holds);
void        http_server_free      (HttpServer *self);
guint16     http_server_get_port  (HttpServer *self);
/* How many have come, and what they have said; from the first on. */
guint       http_server_get_n     (HttpServer *self);
char       *http_server_dup_heard (HttpServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpServer, http_server_free)

G_END_DECLS
