/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a stream does, cell by cell. A row is a state, a line of it an event. The rule ids are
 * those of doc/conformance.md.
 *
 * A closing tag waits for the peer's (S4, X5), and until then what still comes is delivered. After
 * a fault of the peer's nothing more of it can be read, and after a refused <starttls/> it has to go
 * (T13): our half of TCP is closed at once, so that a peer that looks at nothing but its socket does
 * not go on talking to nobody. */

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
#define NO_TIMER       NEVER ("its timer does not run in this state")

XEP174_TABLE Xep174StreamCell
xep174_stream_table[XEP174_STREAM_N_STATES][XEP174_STREAM_N_EVENTS] = {
  ROW (CLOSED) = {
    ON (DIAL)               = GO (CONNECTING, START_DIAL),
    ON (ACCEPTED)           = GO (ANON, 0),
    FROM (CONNECTED, EOF)   = NO_STREAM,
    FROM (WRITE, STEAL)     = NO_STREAM,
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (CONNECTING) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = GO (OPENING, HEADER),
    FROM (HEADER, FOOTER)   = NO_TCP,
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (CLOSED, CANCEL_DIAL), /* S5: before TCP is up, no conflict */
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (T_CONNECT)          = GO (CLOSED, CANCEL_DIAL | DIAL_FAILED),
    FROM (T_OPEN, T_CLOSE)  = NO_TIMER,
  },
  /* What comes before the contact's header is not from the contact (D12). S6 is about its streams:
   * somebody else's need not have closed when the next address is tried. */
  ROW (OPENING) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    ON (HEADER)             = GO (GREETED, 0),
    ON (HEADER_LEGACY)      = GO (OPEN_I0, PROVEN), /* X2: a peer without version sends none */
    ON (NAMELESS)           = ATTRIBUTED,
    ON (NAMELESS_LEGACY)    = ATTRIBUTED,
    FROM (FEATURES, ERROR_FATAL) = HEADER_FIRST,
    ON (FAULT)              = GO (CLOSED, REPORT | FAULT | FOOTER | CLOSE_TCP | DIAL_ASIDE),
    ON (FOOTER)             = HEADER_FIRST,
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_ASIDE),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (DROPPED, FOOTER),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (T_CONNECT)          = NO_TIMER,
    ON (T_OPEN)             = GO (CLOSED, FOOTER | CLOSE_TCP | DIAL_ASIDE),
    ON (T_ANSWER)           = GO (CLOSED, FOOTER | CLOSE_TCP | DIAL_ASIDE),
    FROM (T_FEATURES, T_CLOSE) = NO_TIMER,
  },
  ROW (GREETED) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER, /* features or a conflict follow */
    ON (FEATURES)           = GO (OPEN_I0, PROVEN),
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    ON (STANZA)             = GO (OPEN_I0, DELIVER | PROVEN),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_FAILED),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_HOPELESS),
    ON (FAULT)              = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT | DIAL_FAILED),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED), /* wocky says no more */
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (DROPPED, FOOTER),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (T_CONNECT)          = NO_TIMER,
    ON (T_OPEN)             = GO (CLOSED, FOOTER | CLOSE_TCP | DIAL_FAILED),
    ON (T_ANSWER)           = NO_TIMER,
    ON (T_FEATURES)         = GO (OPEN_I0, PROVEN), /* a version, and yet no features */
    ON (T_HEADER)           = NO_TIMER,
    ON (T_CLOSE)            = NO_TIMER,
  },
  ROW (ANON) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    ON (HEADER)             = GO (HELD, 0),
    ON (HEADER_LEGACY)      = GO (HELD, 0),
    ON (NAMELESS)           = GO (ANON_ANSWERED, HEADER | FEATURES),
    ON (NAMELESS_LEGACY)    = GO (ANON_ANSWERED, HEADER),
    FROM (FEATURES, ERROR_FATAL) = HEADER_FIRST,
    ON (FAULT)              = GO (DROPPED, REPORT | HEADER | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, HEADER | FOOTER), /* while it is being attributed */
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    FROM (WRITE, REPLACE)   = NOT_ATTRIBUTED,
    ON (RECLAIM)            = NOT_ATTRIBUTED,
    ON (STEAL)              = NOT_ATTRIBUTED,
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_HEADER)           = GO (CLOSED, HEADER | TIMEOUT | FOOTER | CLOSE_TCP),
    ON (T_CLOSE)            = NO_TIMER,
  },
  ROW (ANON_ANSWERED) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    ON (HEADER)             = GO (HELD, 0), /* X4: as if its header had come now */
    ON (HEADER_LEGACY)      = GO (HELD, 0),
    ON (NAMELESS)           = ONE_HEADER,
    ON (NAMELESS_LEGACY)    = ONE_HEADER,
    ON (FEATURES)           = IGNORE,
    ON (NEGOTIATION)        = STAY (NEGOTIATE),
    ON (STARTTLS)           = GO (DROPPED, NEGOTIATE | FOOTER | SHUT),
    ON (STANZA)             = NEVER ("its name attributes it first, or none is a fault"),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    FROM (WRITE, REPLACE)   = NOT_ATTRIBUTED,
    ON (RECLAIM)            = NOT_ATTRIBUTED,
    ON (STEAL)              = NOT_ATTRIBUTED,
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_HEADER)           = GO (CLOSED, TIMEOUT | FOOTER | CLOSE_TCP),
    ON (T_CLOSE)            = NO_TIMER,
  },
  ROW (HELD) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    FROM (HEADER, HEADER_LEGACY) = ONE_HEADER,
    FROM (NAMELESS, NAMELESS_LEGACY) = ATTRIBUTED,
    ON (FEATURES)           = STAY (0), /* wocky sends them as initiator too */
    ON (NEGOTIATION)        = IGNORE,   /* nothing was offered yet */
    ON (STARTTLS)           = GO (DROPPED, HEADER | NEGOTIATE | FOOTER | SHUT),
    ON (STANZA)             = STAY (DELIVER), /* Kopete and iChat do not wait for our header */
    ON (CONFLICT)           = GO (CLOSE_RCVD, HEADER | FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | HEADER | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | HEADER | FOOTER),
    ON (FAULT)              = GO (DROPPED, REPORT | HEADER | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, HEADER | FOOTER),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = NO_SESSION,
    ON (ACCEPT)             = GO (AWAIT_FIRST, HEADER | FEATURES),
    ON (ACCEPT_SPOKEN)      = GO (OPEN_R, HEADER | FEATURES),
    ON (REFUSE)             = GO (DROPPED, HEADER | CONFLICT | FOOTER), /* S4 */
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER, /* the arbiter's timers bound the holding */
  },
  ROW (AWAIT_FIRST) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    ON (FEATURES)           = STAY (0),
    ON (NEGOTIATION)        = STAY (NEGOTIATE), /* S2: the wait goes on */
    ON (STARTTLS)           = GO (CLOSE_SENT, NEGOTIATE | FOOTER | SHUT),
    ON (STANZA)             = GO (OPEN_R, DELIVER),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = S1_WAIT,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = GO (CLOSE_SENT, FOOTER),
    ON (REPLACE)            = GO (CLOSED, FOOTER | CLOSE_TCP),
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = S1_WAIT,
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (OPEN_I0) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    ON (FEATURES)           = STAY (0), /* after T_features; S10 knows now that it waits */
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = GO (CLOSE_SENT, NEGOTIATE | FOOTER | SHUT),
    ON (STANZA)             = STAY (DELIVER), /* a peer that does not know S1 */
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_FAILED),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_HOPELESS),
    ON (FAULT)              = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    ON (WRITE)              = GO (OPEN_I, 0),
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = GO (CLOSE_SENT, FOOTER),
    ON (REPLACE)            = GO (CLOSED, FOOTER | CLOSE_TCP),
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = GO (CLOSED, 0),
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (OPEN_I) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    ON (FEATURES)           = STAY (0),
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = GO (CLOSE_SENT, NEGOTIATE | FOOTER | SHUT),
    ON (STANZA)             = STAY (DELIVER),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = STAY (0),
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = GO (CLOSE_SENT, FOOTER),
    ON (REPLACE)            = GO (CLOSED, FOOTER | CLOSE_TCP),
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = GO (CLOSED, 0),
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (OPEN_R) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    ON (FEATURES)           = STAY (0),
    ON (NEGOTIATION)        = STAY (NEGOTIATE), /* too late, which the answer says */
    ON (STARTTLS)           = GO (CLOSE_SENT, NEGOTIATE | FOOTER | SHUT),
    ON (STANZA)             = STAY (DELIVER),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = STAY (0),
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = GO (CLOSE_SENT, FOOTER),
    ON (REPLACE)            = GO (CLOSED, FOOTER | CLOSE_TCP),
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = GO (CLOSED, 0),
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (CLOSE_SENT) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    ON (FEATURES)           = IGNORE,
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    ON (STANZA)             = STAY (DELIVER), /* X5: the peer wrote it before our footer came */
    ON (CONFLICT)           = GO (CLOSED, CLOSE_TCP),
    ON (ERROR)              = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (ERROR_FATAL)        = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (FAULT)              = GO (CLOSED, CLOSE_TCP), /* nothing more can be said */
    ON (FOOTER)             = GO (CLOSED, CLOSE_TCP),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NEVER ("the peer's last stanzas may still come: S7"),
    ON (STEAL)              = NO_SESSION,
    FROM (T_CONNECT, T_HEADER) = NO_TIMER,
    ON (T_CLOSE)            = GO (CLOSED, CLOSE_TCP),
  },
  ROW (DROPPED) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    ON (HEADER)             = IGNORE, /* the answer to a dial that we have aborted */
    ON (HEADER_LEGACY)      = IGNORE,
    FROM (NAMELESS, NAMELESS_LEGACY) = ATTRIBUTED,
    ON (FEATURES)           = IGNORE,
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    ON (STANZA)             = STAY (DELIVER), /* S4: what still comes */
    ON (CONFLICT)           = GO (CLOSED, CLOSE_TCP),
    ON (ERROR)              = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (ERROR_FATAL)        = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (FAULT)              = GO (CLOSED, CLOSE_TCP),
    ON (FOOTER)             = GO (CLOSED, CLOSE_TCP),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = GO (CLOSED, CLOSE_TCP),
    ON (STEAL)              = NO_SESSION,
    FROM (T_CONNECT, T_HEADER) = NO_TIMER,
    ON (T_CLOSE)            = GO (CLOSED, CLOSE_TCP),
  },
  ROW (CLOSE_RCVD) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = TCP_IS_UP,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    ON (FEATURES)           = IGNORE,
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    ON (STANZA)             = STAY (DELIVER), /* between an error and its footer */
    ON (CONFLICT)           = IGNORE,
    ON (ERROR)              = IGNORE,
    ON (ERROR_FATAL)        = IGNORE,
    ON (FAULT)              = GO (CLOSED, CLOSE_TCP),
    ON (FOOTER)             = IGNORE, /* the one that follows an error */
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = GO (CLOSED, CLOSE_TCP),
    ON (STEAL)              = NO_SESSION,
    FROM (T_CONNECT, T_HEADER) = NO_TIMER,
    ON (T_CLOSE)            = GO (CLOSED, CLOSE_TCP),
  },
};
