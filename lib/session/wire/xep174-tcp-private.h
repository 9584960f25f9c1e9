/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* What we want of a TCP connection, and what the kernel knows of it. Of another stream nothing is known,
 * and nothing is wanted. */

/* X9: the kernel notices silence, too. */
void     xep174_tcp_prepare            (GIOStream *stream);
/* The peer is told when it is closed that not all may have been read. */
void     xep174_tcp_reset_on_close     (GIOStream *stream);
/* The measured round trip in ms, 0 if nobody knows. */
guint    xep174_tcp_get_round_trip     (GIOStream *stream);
/* How often in a row the same was repeated, -1 if nobody knows. */
int      xep174_tcp_get_repeats        (GIOStream *stream);
/* What the peer's host has not acknowledged yet, in octets, and the state of the connection (TCP_CLOSE
 * …). FALSE if nobody knows. */
gboolean xep174_tcp_get_unacknowledged (GIOStream *stream,
                                        int       *octets,
                                        guint     *state);
