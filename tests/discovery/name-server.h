/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* A DNS server at 127.0.0.1, run by the main loop, that knows of juliet@capulet in the domain
 * verona.example, at 192.0.2.9 and port 5298. */
typedef struct _NameServer NameServer;

NameServer *name_server_new  (void);
void        name_server_free (NameServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NameServer, name_server_free)
