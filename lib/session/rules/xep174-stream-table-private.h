/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the rows of the stream table are written in; for its two files alone. */

#include "xep174-stream-fsm-private.h"

#define ON(event)      [XEP174_STREAM_EVENT_##event]
#define FROM(a, b)     [XEP174_STREAM_EVENT_##a ... XEP174_STREAM_EVENT_##b]
#define ROW(state)     [XEP174_STREAM_##state]

#define GO(to, bits)   { XEP174_CELL_MOVE, XEP174_STREAM_##to, bits, NULL }
#define STAY(bits)     { XEP174_CELL_STAY, 0, bits, NULL }
#define IGNORE         { XEP174_CELL_IGNORE, 0, 0, NULL }
#define NEVER(reason)  { XEP174_CELL_IMPOSSIBLE, 0, 0, reason }

#define START_DIAL     XEP174_STREAM_DO_START_DIAL
#define CANCEL_DIAL    XEP174_STREAM_DO_CANCEL_DIAL
#define DELIVER        XEP174_STREAM_DO_DELIVER
#define UNENCRYPTED    XEP174_STREAM_DO_UNENCRYPTED
#define TRUST_KEY      XEP174_STREAM_DO_TRUST_KEY
#define OFFER          XEP174_STREAM_DO_SEND_OFFER
#define STARTTLS       XEP174_STREAM_DO_SEND_STARTTLS
#define PROCEED        XEP174_STREAM_DO_SEND_PROCEED
#define BEGIN_TLS      XEP174_STREAM_DO_BEGIN_TLS
#define ENABLE         XEP174_STREAM_DO_SEND_ENABLE
#define SEND_RESUME    XEP174_STREAM_DO_SEND_RESUME
#define RESUME         XEP174_STREAM_DO_RESUME
#define ACKNOWLEDGE    XEP174_STREAM_DO_ACKNOWLEDGE
#define NEGOTIATE      XEP174_STREAM_DO_NEGOTIATE
#define REPORT         XEP174_STREAM_DO_REPORT
#define HEADER         XEP174_STREAM_DO_SEND_HEADER
#define FEATURES       XEP174_STREAM_DO_SEND_FEATURES
#define CONFLICT       XEP174_STREAM_DO_SEND_CONFLICT
#define TIMEOUT        XEP174_STREAM_DO_SEND_TIMEOUT
#define FAULT          XEP174_STREAM_DO_SEND_FAULT
#define FOOTER         XEP174_STREAM_DO_SEND_FOOTER
#define SHUT           XEP174_STREAM_DO_SHUT
#define CLOSE_TCP      XEP174_STREAM_DO_CLOSE_TCP
#define PROVEN         XEP174_STREAM_DO_PROVEN
#define DIAL_FAILED    XEP174_STREAM_DO_DIAL_FAILED
#define DIAL_HOPELESS  XEP174_STREAM_DO_DIAL_HOPELESS
#define DIAL_ASIDE     XEP174_STREAM_DO_DIAL_ASIDE

#define NO_STREAM      NEVER ("there is no connection")
#define EXISTS         NEVER ("the connection exists already")
#define NO_TCP         NEVER ("TCP is not up")
#define TCP_IS_UP      NEVER ("TCP is up already")
#define HEADER_FIRST   NEVER ("the parser yields nothing before the header")
#define ONE_HEADER     NEVER ("the parser yields one header")
#define ATTRIBUTED     NEVER ("it is known whose it is")
#define NOT_ATTRIBUTED NEVER ("the arbiter does not know it yet")
#define NOT_HELD       NEVER ("only a held stream is answered or refused")
#define NO_DIAL        NEVER ("only an own dial is aborted")
#define NO_SESSION     NEVER ("it is no session")
#define S1_WAIT        NEVER ("S1: the recipient waits for the first stanza")
#define NOT_ENDING     NEVER ("only a stream that ends gives up its slot")
#define NOT_ASKED      NEVER ("unasked it is a fault")
#define INSIDE_ONLY    NEVER ("it is said inside TLS alone")
#define NOT_OFFERED    NEVER ("only what was offered is resumed, and before the first stanza")
#define NOT_AGREED     NEVER ("nothing is written before the answer (A2, A3)")
#define NO_HANDSHAKE   NEVER ("no handshake runs")
#define NO_KEY         NEVER ("no key was shown")
#define NO_POLICY      NEVER ("the policy does not ask for it here")
#define HANDSHAKE      NEVER ("nothing is parsed while the handshake runs")
#define T2_SILENCE     NEVER ("T2: nothing is sent before the handshake is over")
#define NO_TIMER       NEVER ("its timer does not run in this state")

/* The events that no row of a standing connection can have. */
#define TCP_STANDS \
  ON (DIAL) = EXISTS, ON (ACCEPTED) = EXISTS, ON (CONNECTED) = TCP_IS_UP
