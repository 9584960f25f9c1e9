/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a stream does, cell by cell. A row is a state, a line of it an event. The rule ids are
 * those of doc/conformance.md.
 *
 * A closing tag waits for the peer's (S4, X5), and until then what still comes is delivered. After
 * a fault of the peer's nothing more of it can be read; after a refused <starttls/> it has to go (T13),
 * as has who says in the clear what belongs inside TLS (T5), and whose key is refused (T6). Then our
 * half of TCP is closed at once, so that a peer that looks at nothing but its socket does not go on
 * talking to nobody.
 *
 * The ways into TLS, and only these (T2, T3, T10):
 *   initiator: GREETED, ASKED, TLS_I, RESTART_I, OPEN_I0
 *   recipient: HELD, OFFERED, TLS_R, RESTART_R, AWAIT_FIRST
 *   nameless:  ANON, ANON_ANSWERED, ANON_TLS, ANON, HELD, AWAIT_FIRST
 * From <starttls/> to the end of the handshake a stream says nothing but the handshake: it ends with
 * TCP alone. In the handshake nothing is parsed; what was parsed before is forgotten (T3). */

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
#define NO_HANDSHAKE   NEVER ("no handshake runs")
#define NO_KEY         NEVER ("no key was shown")
#define NO_POLICY      NEVER ("the policy does not ask for it here")
#define HANDSHAKE      NEVER ("nothing is parsed while the handshake runs")
#define T2_SILENCE     NEVER ("T2: nothing is sent before the handshake is over")
#define NO_TIMER       NEVER ("its timer does not run in this state")

/* The events that no row of a standing connection can have. */
#define TCP_STANDS \
  ON (DIAL) = EXISTS, ON (ACCEPTED) = EXISTS, ON (CONNECTED) = TCP_IS_UP

XEP174_TABLE Xep174StreamCell
xep174_stream_table[XEP174_STREAM_N_STATES][XEP174_STREAM_N_EVENTS] = {
  ROW (CLOSED) = {
    ON (DIAL)               = GO (CONNECTING, START_DIAL),
    ON (ACCEPTED)           = GO (ANON, 0),
    FROM (CONNECTED, EOF)   = NO_STREAM,
    FROM (WRITE, STEAL)     = NO_STREAM,
    ON (UNENCRYPTED)        = NO_STREAM,
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (CONNECTING) = {
    ON (DIAL)               = EXISTS,
    ON (ACCEPTED)           = EXISTS,
    ON (CONNECTED)          = GO (OPENING, HEADER),
    FROM (HEADER, FOOTER)   = NO_TCP,
    FROM (TLS_DONE, KEY_REFUSED) = NO_TCP,
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (CLOSED, CANCEL_DIAL), /* S5: before TCP is up, no conflict */
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = NO_TCP,
    ON (T_CONNECT)          = GO (CLOSED, CANCEL_DIAL | DIAL_FAILED),
    FROM (T_OPEN, T_CLOSE)  = NO_TIMER,
  },
  /* What comes before the contact's header is not from the contact (D12). S6 is about its streams:
   * somebody else's need not have closed when the next address is tried. */
  ROW (OPENING) = {
    TCP_STANDS,
    ON (HEADER)             = GO (GREETED, 0),
    ON (HEADER_LEGACY)      = GO (OPEN_I0, PROVEN), /* X2: a peer without version sends none */
    ON (NAMELESS)           = ATTRIBUTED,
    ON (NAMELESS_LEGACY)    = ATTRIBUTED,
    FROM (FEATURES, ERROR_FATAL) = HEADER_FIRST,
    ON (FAULT)              = GO (CLOSED, REPORT | FAULT | FOOTER | CLOSE_TCP | DIAL_ASIDE),
    ON (FOOTER)             = HEADER_FIRST,
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = NO_KEY,
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_ASIDE),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (DROPPED, FOOTER),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = GO (DROPPED, UNENCRYPTED | FAULT | FOOTER | SHUT | DIAL_HOPELESS),
    ON (T_CONNECT)          = NO_TIMER,
    ON (T_OPEN)             = GO (CLOSED, FOOTER | CLOSE_TCP | DIAL_ASIDE),
    ON (T_ANSWER)           = GO (CLOSED, FOOTER | CLOSE_TCP | DIAL_ASIDE),
    FROM (T_FEATURES, T_CLOSE) = NO_TIMER,
  },
  ROW (GREETED) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER, /* features or a conflict follow */
    ON (FEATURES)           = GO (OPEN_I0, PROVEN),
    ON (FEATURES_TLS)       = GO (ASKED, STARTTLS | PROVEN), /* T2 */
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = GO (OPEN_I0, DELIVER | PROVEN),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_FAILED),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_HOPELESS),
    ON (FAULT)              = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT | DIAL_FAILED),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED), /* wocky says no more */
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = NO_KEY,
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (DROPPED, FOOTER),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = GO (DROPPED, UNENCRYPTED | FAULT | FOOTER | SHUT | DIAL_HOPELESS),
    ON (T_CONNECT)          = NO_TIMER,
    ON (T_OPEN)             = GO (CLOSED, FOOTER | CLOSE_TCP | DIAL_FAILED),
    ON (T_ANSWER)           = NO_TIMER,
    ON (T_FEATURES)         = GO (OPEN_I0, PROVEN), /* a version, and yet no features */
    FROM (T_TLS, T_CLOSE)   = NO_TIMER,
  },
  ROW (ANON) = {
    TCP_STANDS,
    ON (HEADER)             = GO (HELD, TRUST_KEY), /* inside TLS, if it is (T10) */
    ON (HEADER_LEGACY)      = GO (HELD, 0),
    ON (NAMELESS)           = GO (ANON_ANSWERED, HEADER | FEATURES),
    ON (NAMELESS_LEGACY)    = GO (ANON_ANSWERED, HEADER),
    FROM (FEATURES, ERROR_FATAL) = HEADER_FIRST,
    ON (FAULT)              = GO (DROPPED, REPORT | HEADER | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, HEADER | FOOTER), /* while it is being attributed */
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (DROPPED, REPORT | HEADER | FAULT | FOOTER | SHUT),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    FROM (WRITE, ACCEPT_SPOKEN) = NOT_ATTRIBUTED,
    ON (ACCEPT_TLS)         = GO (ANON_ANSWERED, HEADER | OFFER), /* T1: in the place of NAMELESS */
    FROM (REFUSE, UNENCRYPTED) = NOT_ATTRIBUTED,
    FROM (T_CONNECT, T_TLS) = NO_TIMER,
    ON (T_HEADER)           = GO (CLOSED, HEADER | TIMEOUT | FOOTER | CLOSE_TCP),
    ON (T_CLOSE)            = NO_TIMER,
  },
  ROW (ANON_ANSWERED) = {
    TCP_STANDS,
    ON (HEADER)             = GO (HELD, TRUST_KEY), /* X4: as if its header had come now */
    ON (HEADER_LEGACY)      = GO (HELD, 0),
    ON (NAMELESS)           = ONE_HEADER,
    ON (NAMELESS_LEGACY)    = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = IGNORE,
    ON (NEGOTIATION)        = STAY (NEGOTIATE),
    ON (STARTTLS)           = GO (DROPPED, NEGOTIATE | FOOTER | SHUT),
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = NEVER ("its name attributes it first, or none is a fault"),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    FROM (WRITE, ACCEPT_SPOKEN) = NOT_ATTRIBUTED,
    ON (ACCEPT_TLS)         = GO (ANON_TLS, PROCEED | BEGIN_TLS), /* in the place of STARTTLS */
    FROM (REFUSE, UNENCRYPTED) = NOT_ATTRIBUTED,
    FROM (T_CONNECT, T_TLS) = NO_TIMER,
    ON (T_HEADER)           = GO (CLOSED, TIMEOUT | FOOTER | CLOSE_TCP),
    ON (T_CLOSE)            = NO_TIMER,
  },
  ROW (ANON_TLS) = {
    TCP_STANDS,
    FROM (HEADER, FOOTER)   = HANDSHAKE,
    ON (TLS_DONE)           = GO (ANON, 0), /* T4: named by its header or its key */
    ON (TLS_FAILED)         = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (KEY_REFUSED)        = NEVER ("it is refused inside, so that people see why (T10)"),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    FROM (WRITE, UNENCRYPTED) = NOT_ATTRIBUTED,
    FROM (T_CONNECT, T_TLS) = NO_TIMER,
    ON (T_HEADER)           = GO (CLOSED, CLOSE_TCP),
    ON (T_CLOSE)            = NO_TIMER,
  },
  ROW (HELD) = {
    TCP_STANDS,
    FROM (HEADER, HEADER_LEGACY) = ONE_HEADER,
    FROM (NAMELESS, NAMELESS_LEGACY) = ATTRIBUTED,
    FROM (FEATURES, FEATURES_TLS) = STAY (0), /* wocky sends them as initiator too */
    ON (NEGOTIATION)        = IGNORE,   /* nothing was offered yet */
    ON (STARTTLS)           = GO (DROPPED, HEADER | NEGOTIATE | FOOTER | SHUT),
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = STAY (DELIVER), /* Kopete and iChat do not wait for our header */
    ON (CONFLICT)           = GO (CLOSE_RCVD, HEADER | FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | HEADER | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | HEADER | FOOTER),
    ON (FAULT)              = GO (DROPPED, REPORT | HEADER | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, HEADER | FOOTER),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (DROPPED, REPORT | HEADER | FAULT | FOOTER | SHUT),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = NO_SESSION,
    ON (ACCEPT)             = GO (AWAIT_FIRST, HEADER | FEATURES),
    ON (ACCEPT_SPOKEN)      = GO (OPEN_R, HEADER | FEATURES),
    ON (ACCEPT_TLS)         = GO (OFFERED, HEADER | OFFER),
    ON (REFUSE)             = GO (DROPPED, HEADER | CONFLICT | FOOTER), /* S4 */
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = GO (DROPPED, UNENCRYPTED | HEADER | FAULT | FOOTER | SHUT),
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER, /* the arbiter's timers bound the holding */
  },
  ROW (OFFERED) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = STAY (0),
    ON (NEGOTIATION)        = STAY (NEGOTIATE), /* S2 */
    ON (STARTTLS)           = GO (TLS_R, PROCEED | BEGIN_TLS),
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = GO (OPEN_R, DELIVER), /* T5: it does without, as it may */
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = NO_KEY,
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = S1_WAIT,
    ON (ACCEPT)             = GO (AWAIT_FIRST, 0), /* T5: it does not know the offer, and may */
    FROM (ACCEPT_SPOKEN, REFUSE) = NOT_HELD,
    ON (ABORT)              = GO (DROPPED, FOOTER),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = GO (DROPPED, UNENCRYPTED | FAULT | FOOTER | SHUT),
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_TLS)              = GO (CLOSED, TIMEOUT | FOOTER | CLOSE_TCP),
    FROM (T_HEADER, T_CLOSE) = NO_TIMER,
  },
  ROW (TLS_R) = {
    TCP_STANDS,
    FROM (HEADER, FOOTER)   = HANDSHAKE,
    ON (TLS_DONE)           = GO (RESTART_R, 0),
    ON (TLS_FAILED)         = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (KEY_REFUSED)        = NEVER ("it is refused inside, so that people see why (T10)"),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = T2_SILENCE,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (CLOSED, CLOSE_TCP),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = HANDSHAKE,
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_TLS)              = GO (CLOSED, CLOSE_TCP), /* T11 */
    FROM (T_HEADER, T_CLOSE) = NO_TIMER,
  },
  ROW (RESTART_R) = {
    TCP_STANDS,
    ON (HEADER)             = GO (AWAIT_FIRST, TRUST_KEY | HEADER | FEATURES), /* T3: S1 anew */
    ON (HEADER_LEGACY)      = NEVER ("another version than before is a fault (T4)"),
    FROM (NAMELESS, NAMELESS_LEGACY) = NEVER ("another name than before is a fault (T4)"),
    FROM (FEATURES, ERROR_FATAL) = HEADER_FIRST,
    ON (FAULT)              = GO (DROPPED, REPORT | HEADER | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = HEADER_FIRST,
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (DROPPED, REPORT | HEADER | FAULT | FOOTER | SHUT), /* T6 */
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = S1_WAIT,
    FROM (ACCEPT, ACCEPT_TLS) = NOT_HELD,
    ON (REFUSE)             = GO (DROPPED, HEADER | CONFLICT | FOOTER), /* S4, T8 */
    ON (ABORT)              = GO (DROPPED, HEADER | FOOTER),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = HEADER_FIRST,
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_TLS)              = GO (CLOSED, HEADER | TIMEOUT | FOOTER | CLOSE_TCP),
    FROM (T_HEADER, T_CLOSE) = NO_TIMER,
  },
  ROW (ASKED) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = IGNORE,
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    ON (PROCEED)            = GO (TLS_I, BEGIN_TLS),
    ON (FAILURE)            = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_FAILED),
    ON (STANZA)             = NEVER ("nothing in the clear counts any more (T3)"),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_FAILED),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_HOPELESS),
    ON (FAULT)              = GO (CLOSED, REPORT | CLOSE_TCP | DIAL_FAILED), /* T2, T3 */
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = NO_KEY,
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    ON (WRITE)              = T2_SILENCE,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (CLOSED, CLOSE_TCP),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = GO (CLOSED, UNENCRYPTED | CLOSE_TCP | DIAL_FAILED),
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_TLS)              = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    FROM (T_HEADER, T_CLOSE) = NO_TIMER,
  },
  ROW (TLS_I) = {
    TCP_STANDS,
    FROM (HEADER, FOOTER)   = HANDSHAKE,
    ON (TLS_DONE)           = GO (RESTART_I, HEADER),
    ON (TLS_FAILED)         = GO (CLOSED, REPORT | CLOSE_TCP | DIAL_FAILED),
    ON (KEY_REFUSED)        = GO (CLOSED, REPORT | CLOSE_TCP | DIAL_HOPELESS),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    ON (WRITE)              = T2_SILENCE,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (CLOSED, CLOSE_TCP),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = HANDSHAKE,
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_TLS)              = GO (CLOSED, CLOSE_TCP | DIAL_FAILED), /* T11 */
    FROM (T_HEADER, T_CLOSE) = NO_TIMER,
  },
  /* T10: to be done with the handshake means nothing yet: the recipient may not have seen our key,
   * and says in an error that it refuses it. */
  ROW (RESTART_I) = {
    TCP_STANDS,
    ON (HEADER)             = STAY (0), /* the parser yields it before the features */
    ON (HEADER_LEGACY)      = NEVER ("another version than before is a fault (T4)"),
    FROM (NAMELESS, NAMELESS_LEGACY) = NEVER ("another name than before is a fault (T4)"),
    FROM (FEATURES, FEATURES_TLS) = GO (OPEN_I0, TRUST_KEY), /* T3: TLS is begun once */
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = NEVER ("its key is not accepted yet (T10)"),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_FAILED),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_HOPELESS),
    ON (FAULT)              = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT | DIAL_FAILED),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT | DIAL_HOPELESS),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = GO (DROPPED, FOOTER),
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = GO (DROPPED, UNENCRYPTED | FAULT | FOOTER | SHUT | DIAL_FAILED),
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_TLS)              = GO (CLOSED, FOOTER | CLOSE_TCP | DIAL_FAILED),
    FROM (T_HEADER, T_CLOSE) = NO_TIMER,
  },
  ROW (AWAIT_FIRST) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = STAY (0),
    ON (NEGOTIATION)        = STAY (NEGOTIATE), /* S2: the wait goes on */
    ON (STARTTLS)           = GO (CLOSE_SENT, NEGOTIATE | FOOTER | SHUT),
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = GO (OPEN_R, DELIVER),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = S1_WAIT,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = GO (CLOSE_SENT, FOOTER),
    ON (REPLACE)            = GO (CLOSED, FOOTER | CLOSE_TCP),
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = S1_WAIT,
    ON (UNENCRYPTED)        = GO (CLOSE_SENT, UNENCRYPTED | FAULT | FOOTER | SHUT),
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (OPEN_I0) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = STAY (0), /* after T_features; S10 knows now that it waits */
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = GO (CLOSE_SENT, NEGOTIATE | FOOTER | SHUT),
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = STAY (DELIVER), /* a peer that does not know S1 */
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_FAILED),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_HOPELESS),
    ON (FAULT)              = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
    ON (WRITE)              = GO (OPEN_I, 0),
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = GO (CLOSE_SENT, FOOTER),
    ON (REPLACE)            = GO (CLOSED, FOOTER | CLOSE_TCP),
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = GO (CLOSED, 0),
    ON (UNENCRYPTED)        = GO (CLOSE_SENT, UNENCRYPTED | FAULT | FOOTER | SHUT),
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (OPEN_I) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = STAY (0),
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = GO (CLOSE_SENT, NEGOTIATE | FOOTER | SHUT),
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = STAY (DELIVER),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = STAY (0),
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = GO (CLOSE_SENT, FOOTER),
    ON (REPLACE)            = GO (CLOSED, FOOTER | CLOSE_TCP),
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = GO (CLOSED, 0),
    ON (UNENCRYPTED)        = GO (CLOSE_SENT, UNENCRYPTED | FAULT | FOOTER | SHUT),
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (OPEN_R) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = STAY (0),
    ON (NEGOTIATION)        = STAY (NEGOTIATE), /* too late, which the answer says */
    ON (STARTTLS)           = GO (CLOSE_SENT, NEGOTIATE | FOOTER | SHUT),
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = STAY (DELIVER),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (CLOSE_SENT, REPORT | FAULT | FOOTER | SHUT),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = STAY (0),
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = GO (CLOSE_SENT, FOOTER),
    ON (REPLACE)            = GO (CLOSED, FOOTER | CLOSE_TCP),
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = GO (CLOSED, 0),
    ON (UNENCRYPTED)        = GO (CLOSE_SENT, UNENCRYPTED | FAULT | FOOTER | SHUT),
    FROM (T_CONNECT, T_CLOSE) = NO_TIMER,
  },
  ROW (CLOSE_SENT) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = IGNORE,
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = STAY (DELIVER), /* X5: the peer wrote it before our footer came */
    ON (CONFLICT)           = GO (CLOSED, CLOSE_TCP),
    ON (ERROR)              = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (ERROR_FATAL)        = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (FAULT)              = GO (CLOSED, CLOSE_TCP), /* nothing more can be said */
    ON (FOOTER)             = GO (CLOSED, CLOSE_TCP),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = STAY (0), /* nothing more is delivered */
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = NEVER ("the peer's last stanzas may still come: S7"),
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = IGNORE,
    FROM (T_CONNECT, T_HEADER) = NO_TIMER,
    ON (T_CLOSE)            = GO (CLOSED, CLOSE_TCP),
  },
  ROW (DROPPED) = {
    TCP_STANDS,
    ON (HEADER)             = IGNORE, /* the answer to a dial that we have aborted */
    ON (HEADER_LEGACY)      = IGNORE,
    FROM (NAMELESS, NAMELESS_LEGACY) = ATTRIBUTED,
    FROM (FEATURES, FEATURES_TLS) = IGNORE,
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = STAY (DELIVER), /* S4: what still comes */
    ON (CONFLICT)           = GO (CLOSED, CLOSE_TCP),
    ON (ERROR)              = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (ERROR_FATAL)        = GO (CLOSED, REPORT | CLOSE_TCP),
    ON (FAULT)              = GO (CLOSED, CLOSE_TCP),
    ON (FOOTER)             = GO (CLOSED, CLOSE_TCP),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = STAY (0), /* nothing more is delivered */
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = GO (CLOSED, CLOSE_TCP),
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = IGNORE,
    FROM (T_CONNECT, T_HEADER) = NO_TIMER,
    ON (T_CLOSE)            = GO (CLOSED, CLOSE_TCP),
  },
  ROW (CLOSE_RCVD) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = IGNORE,
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    FROM (PROCEED, FAILURE) = NOT_ASKED,
    ON (STANZA)             = STAY (DELIVER), /* between an error and its footer */
    ON (CONFLICT)           = IGNORE,
    ON (ERROR)              = IGNORE,
    ON (ERROR_FATAL)        = IGNORE,
    ON (FAULT)              = GO (CLOSED, CLOSE_TCP),
    ON (FOOTER)             = IGNORE, /* the one that follows an error */
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = STAY (0), /* nothing more is delivered */
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = NO_SESSION,
    FROM (ACCEPT, REFUSE)   = NOT_HELD,
    ON (ABORT)              = NO_DIAL,
    ON (CLOSE)              = NO_SESSION,
    ON (REPLACE)            = NO_SESSION,
    ON (RECLAIM)            = GO (CLOSED, CLOSE_TCP),
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = IGNORE,
    FROM (T_CONNECT, T_HEADER) = NO_TIMER,
    ON (T_CLOSE)            = GO (CLOSED, CLOSE_TCP),
  },
};
