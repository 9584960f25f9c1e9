/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "raw-peer.h"

G_BEGIN_DECLS

/* A contact that is played by the test over TCP, whose acknowledgements and resets say something
 * themselves; the clock is the stage's all the same. */

/* A connection over the loopback; the far end is the test's. */
GSocketConnection *tcp_peer_come_in               (Raw                *raw,
                                                   GSocketConnection **near_end);
void               tcp_peer_say                   (GSocketConnection *end,
                                                   const char        *text);
/* Lets things happen until there is @text in what comes. */
void               tcp_peer_hear                  (Raw               *raw,
                                                   GSocketConnection *end,
                                                   const char        *text);
/* What has come. */
char              *tcp_peer_take                  (Raw               *raw,
                                                   GSocketConnection *end);
/* Reads whatever is left, and tells whether our FIN is behind it. */
gboolean           tcp_peer_has_ended             (GSocketConnection *end);
/* Whether this system tells of acknowledgements; otherwise the test is skipped. */
gboolean           tcp_peer_is_told_about         (GSocketConnection *end);
/* Until the other side's kernel has all that was said at @end. */
void               tcp_peer_await_acknowledgement (GSocketConnection *end);
void               tcp_peer_reset                 (GSocketConnection *end);

G_END_DECLS
