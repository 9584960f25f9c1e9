/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-feature-host.h"

G_BEGIN_DECLS

/* What features have in common that say something of an earlier message, which they name by its id. */

/* The id that @payload names, %NULL if it names none or one that is too long to be one. */
const char *xep174_payload_get_id   (Xep174Element        *payload);
/* Whether it is known that the contact's program understands @xmlns. */
gboolean    xep174_payload_is_known (Xep174Feature        *feature,
                                     const char           *contact,
                                     const char           *xmlns);
/* A message with @name of @xmlns about the message @id, and nothing else. */
Xep174Element *xep174_payload_new_message (const char     *name,
                                           const char     *xmlns,
                                           const char     *id);
/* Sends it, with an id of its own, to who understands it, and completes @task (transfer full) with a
 * boolean. */
void        xep174_payload_send     (Xep174Feature        *feature,
                                     const char           *contact,
                                     const char           *xmlns,
                                     Xep174Element        *message,
                                     GTask                *task);

G_END_DECLS
