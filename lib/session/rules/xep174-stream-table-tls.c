/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows of the TLS phase (T1-T13, A2, A3, A5); the others are in xep174-stream-table.c.
 *
 * The ways into TLS, and only these (T2, T3, T10):
 *   initiator: GREETED, ASKED, TLS_I, RESTART_I, OPEN_I0
 *   recipient: HELD, OFFERED, TLS_R, RESTART_R, AWAIT_FIRST
 *   nameless:  ANON, ANON_ANSWERED, ANON_TLS, ANON, HELD, AWAIT_FIRST
 * Where acknowledgements are offered, RESUMING and ENABLING stand before OPEN_I0; beside a session
 * AWAIT_RESUME stands before AWAIT_FIRST.
 *
 * From <starttls/> to the end of the handshake a stream says nothing but the handshake: it ends
 * with TCP alone. In the handshake nothing is parsed; what was parsed before is forgotten (T3). */

#include "xep174-stream-table-private.h"

#undef ROW
#define ROW(state)     [XEP174_STREAM_##state - XEP174_STREAM_OFFERED]

/* What the two steps before the first stanza of an initiator have in common: the peer's word is awaited
 * (A2, A3). A stanza may come of a peer that does not know S1. */
#define AWAITS_AGREEMENT \
  TCP_STANDS, \
  FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER, \
  FROM (FEATURES, FEATURES_TLS) = IGNORE, \
  ON (NEGOTIATION)        = IGNORE, \
  ON (STARTTLS)           = IGNORE, \
  FROM (PROCEED, FAILURE) = NOT_ASKED, \
  ON (SM_AGREED)          = GO (OPEN_I0, ACKNOWLEDGE), \
  ON (RESUME)             = NOT_OFFERED, \
  ON (ACKS)               = STAY (ACKNOWLEDGE), \
  ON (STANZA)             = STAY (DELIVER), \
  ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED), \
  ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_FAILED), \
  ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER | DIAL_HOPELESS), \
  ON (FAULT)              = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT | DIAL_FAILED), \
  ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER | DIAL_FAILED), \
  FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE, \
  ON (KEY_REFUSED)        = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT | DIAL_HOPELESS), \
  ON (EOF)                = GO (CLOSED, CLOSE_TCP | DIAL_FAILED), \
  ON (WRITE)              = NOT_AGREED, \
  FROM (ACCEPT, REFUSE)   = NOT_HELD, \
  FROM (CLOSE, CUT)       = NO_SESSION, \
  ON (RECLAIM)            = NOT_ENDING, \
  ON (STEAL)              = NO_SESSION, \
  ON (UNENCRYPTED)        = GO (DROPPED, UNENCRYPTED | FAULT | FOOTER | SHUT | DIAL_FAILED), \
  FROM (T_CONNECT, T_FEATURES) = NO_TIMER, \
  FROM (T_HEADER, T_CLOSE) = NO_TIMER

XEP174_TABLE Xep174StreamCell
xep174_stream_table_tls[XEP174_STREAM_N_SECURING][XEP174_STREAM_N_EVENTS] = {
  ROW (OFFERED) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = STAY (0),
    ON (NEGOTIATION)        = STAY (NEGOTIATE), /* S2 */
    ON (STARTTLS)           = GO (TLS_R, PROCEED | BEGIN_TLS),
    FROM (PROCEED, SM_FAILED) = NOT_ASKED,
    FROM (RESUME, ACKS)     = INSIDE_ONLY,
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
    FROM (CLOSE, CUT)       = NO_SESSION,
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
    FROM (CLOSE, CUT)       = NO_SESSION,
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
    ON (ACCEPT_BESIDE)      = GO (AWAIT_RESUME, TRUST_KEY | HEADER | FEATURES), /* A5 */
    ON (REFUSE)             = GO (DROPPED, HEADER | CONFLICT | FOOTER), /* S4, T8 */
    ON (ABORT)              = GO (DROPPED, HEADER | FOOTER),
    FROM (CLOSE, CUT)       = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = HEADER_FIRST,
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_TLS)              = GO (CLOSED, HEADER | TIMEOUT | FOOTER | CLOSE_TCP),
    FROM (T_HEADER, T_CLOSE) = NO_TIMER,
  },
  /* A5: it has shown the key of the session beside it, and takes its place by <resume/>, or when that
   * has gone or is silent (T8). Anything else gets the conflict. */
  ROW (AWAIT_RESUME) = {
    TCP_STANDS,
    FROM (HEADER, NAMELESS_LEGACY) = ONE_HEADER,
    FROM (FEATURES, FEATURES_TLS) = IGNORE,
    ON (NEGOTIATION)        = STAY (NEGOTIATE), /* S2 */
    ON (STARTTLS)           = GO (DROPPED, NEGOTIATE | FOOTER | SHUT),
    FROM (PROCEED, SM_FAILED) = NOT_ASKED,
    ON (RESUME)             = GO (AWAIT_FIRST, RESUME),
    ON (ACKS)               = GO (DROPPED, CONFLICT | FOOTER),
    ON (STANZA)             = GO (DROPPED, DELIVER | CONFLICT | FOOTER),
    ON (CONFLICT)           = GO (CLOSE_RCVD, FOOTER),
    ON (ERROR)              = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (ERROR_FATAL)        = GO (CLOSE_RCVD, REPORT | FOOTER),
    ON (FAULT)              = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT),
    ON (FOOTER)             = GO (CLOSE_RCVD, FOOTER),
    FROM (TLS_DONE, TLS_FAILED) = NO_HANDSHAKE,
    ON (KEY_REFUSED)        = GO (DROPPED, REPORT | FAULT | FOOTER | SHUT),
    ON (EOF)                = GO (CLOSED, CLOSE_TCP),
    ON (WRITE)              = S1_WAIT,
    ON (ACCEPT)             = GO (AWAIT_FIRST, 0),
    FROM (ACCEPT_SPOKEN, ACCEPT_BESIDE) = NOT_HELD,
    ON (REFUSE)             = GO (DROPPED, CONFLICT | FOOTER),
    ON (ABORT)              = GO (DROPPED, FOOTER),
    FROM (CLOSE, CUT)       = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = GO (DROPPED, UNENCRYPTED | FAULT | FOOTER | SHUT),
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_TLS)              = GO (DROPPED, CONFLICT | FOOTER),
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
    FROM (SM_AGREED, SM_FAILED) = NOT_ASKED,
    FROM (RESUME, ACKS)     = INSIDE_ONLY,
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
    FROM (CLOSE, CUT)       = NO_SESSION,
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
    FROM (CLOSE, CUT)       = NO_SESSION,
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
    ON (FEATURES)           = GO (OPEN_I0, TRUST_KEY),
    ON (FEATURES_SM)        = GO (ENABLING, TRUST_KEY | ENABLE),
    ON (FEATURES_RESUME)    = GO (RESUMING, TRUST_KEY | SEND_RESUME),
    ON (FEATURES_TLS)       = GO (OPEN_I0, TRUST_KEY), /* T3: TLS is begun once */
    ON (NEGOTIATION)        = IGNORE,
    ON (STARTTLS)           = IGNORE,
    FROM (PROCEED, SM_FAILED) = NOT_ASKED,
    ON (RESUME)             = NOT_OFFERED,
    ON (ACKS)               = IGNORE,
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
    FROM (CLOSE, CUT)       = NO_SESSION,
    ON (RECLAIM)            = NOT_ENDING,
    ON (STEAL)              = NO_SESSION,
    ON (UNENCRYPTED)        = GO (DROPPED, UNENCRYPTED | FAULT | FOOTER | SHUT | DIAL_FAILED),
    FROM (T_CONNECT, T_FEATURES) = NO_TIMER,
    ON (T_TLS)              = GO (CLOSED, FOOTER | CLOSE_TCP | DIAL_FAILED),
    FROM (T_HEADER, T_CLOSE) = NO_TIMER,
  },
  /* A3: what was kept is on its way into this stream. It is not ended with a closing tag where that can
   * be helped: the peer may have taken it over, and would forget it. */
  ROW (RESUMING) = {
    AWAITS_AGREEMENT,
    ON (SM_FAILED)          = GO (ENABLING, ACKNOWLEDGE | ENABLE),
    ON (ABORT)              = GO (CLOSED, CLOSE_TCP),
    ON (T_TLS)              = GO (CLOSED, CLOSE_TCP | DIAL_FAILED),
  },
  /* A2: what is written before the answer could not be resumed if the stream broke now. */
  ROW (ENABLING) = {
    AWAITS_AGREEMENT,
    ON (SM_FAILED)          = GO (OPEN_I0, ACKNOWLEDGE),
    ON (ABORT)              = GO (DROPPED, FOOTER),
    ON (T_TLS)              = GO (CLOSED, FOOTER | CLOSE_TCP | DIAL_FAILED),
  },
};
