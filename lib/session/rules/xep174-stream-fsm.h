/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One TCP connection as a pure machine: a constant table, no I/O, no clock, no allocation.
 * Whoever owns the connection tells it what happened and carries out what it answers. */

typedef enum
{
  XEP174_STREAM_CLOSED,        /* no connection: before the first event and after the last */
  XEP174_STREAM_CONNECTING,    /* dialling: TCP is not up yet */
  XEP174_STREAM_OPENING,       /* our header is sent, and nobody has answered as the contact */
  XEP174_STREAM_GREETED,       /* the contact's header is here, it has not proven to take us */
  XEP174_STREAM_ANON,          /* accepted; nobody knows yet who it is */
  XEP174_STREAM_ANON_ANSWERED, /* X4: a header without a name, answered; the first stanza tells */
  XEP174_STREAM_ANON_TLS,      /* the same, and the handshake runs: ANON again when it is done */
  XEP174_STREAM_HELD,          /* header read and attributed, not answered */
  /* The TLS phase (T1–T11), bounded by T_tls: neither a session nor an own dial any more. */
  XEP174_STREAM_OFFERED,       /* as recipient: answered with an offer of TLS */
  XEP174_STREAM_TLS_R,         /* <proceed/> sent, the handshake runs */
  XEP174_STREAM_RESTART_R,     /* inside; the peer's new header is awaited */
  XEP174_STREAM_AWAIT_RESUME,  /* A5: answered beside a session of its key, which it may resume */
  XEP174_STREAM_ASKED,         /* as initiator: <starttls/> sent */
  XEP174_STREAM_TLS_I,         /* the handshake runs */
  XEP174_STREAM_RESTART_I,     /* inside; our new header is sent, the peer's and features awaited */
  XEP174_STREAM_RESUMING,      /* A3: <resume/> is sent */
  XEP174_STREAM_ENABLING,      /* A2: <enable/> is sent */
  /* From here on stanzas may be sent. */
  XEP174_STREAM_AWAIT_FIRST,   /* answered as recipient: S1 forbids us stanzas */
  XEP174_STREAM_OPEN_I0,       /* open as initiator, nothing said by us yet */
  XEP174_STREAM_OPEN_I,        /* open as initiator */
  XEP174_STREAM_OPEN_R,        /* open as recipient */
  XEP174_STREAM_CLOSE_SENT,    /* a session; our footer is sent, the peer's is awaited */
  XEP174_STREAM_DROPPED,       /* refused or aborted before it was a session; our footer is sent */
  XEP174_STREAM_CLOSE_RCVD,    /* both footers sent, the peer's first: it closes TCP (X5) */
  XEP174_STREAM_N_STATES
} Xep174StreamState;

#define XEP174_STREAM_N_SECURING (XEP174_STREAM_ENABLING - XEP174_STREAM_OFFERED + 1)

typedef enum
{
  /* Births. */
  XEP174_STREAM_EVENT_DIAL,        /* we start to connect */
  XEP174_STREAM_EVENT_ACCEPTED,    /* a connection came in */

  /* What the network says. */
  XEP174_STREAM_EVENT_CONNECTED,
  XEP174_STREAM_EVENT_HEADER,      /* version 1.0. In ANON and ANON_ANSWERED: and attributed now */
  XEP174_STREAM_EVENT_HEADER_LEGACY, /* the same, of a peer that writes no version */
  XEP174_STREAM_EVENT_NAMELESS,    /* version 1.0, but no name and no address settles it (X4) */
  XEP174_STREAM_EVENT_NAMELESS_LEGACY,
  XEP174_STREAM_EVENT_FEATURES,    /* without <starttls/> */
  XEP174_STREAM_EVENT_FEATURES_SM, /* in RESTART_I alone: with <sm/> (XEP-0198) */
  XEP174_STREAM_EVENT_FEATURES_RESUME, /* the same, and what is kept may be resumed */
  XEP174_STREAM_EVENT_FEATURES_TLS, /* with it */
  XEP174_STREAM_EVENT_NEGOTIATION, /* <auth/> …: no stanza (S2) */
  XEP174_STREAM_EVENT_STARTTLS,    /* nor is this; with octets behind it a fault (T3) */
  XEP174_STREAM_EVENT_PROCEED,     /* in ASKED alone, and nothing behind it; else a fault (T3) */
  XEP174_STREAM_EVENT_FAILURE,     /* in ASKED alone; else a fault */
  XEP174_STREAM_EVENT_SM_AGREED,   /* <resumed/> or <enabled/> in RESUMING or ENABLING */
  XEP174_STREAM_EVENT_SM_FAILED,   /* <failed/> in one of the two; elsewhere these are ACKS */
  XEP174_STREAM_EVENT_RESUME,      /* as recipient: of what we have, and of its key (A2) */
  XEP174_STREAM_EVENT_ACKS,        /* any other word of XEP-0198: no stanza (S2) */
  XEP174_STREAM_EVENT_STANZA,
  XEP174_STREAM_EVENT_CONFLICT,    /* <stream:error><conflict/> */
  XEP174_STREAM_EVENT_ERROR,       /* another stream error, which waiting may mend */
  XEP174_STREAM_EVENT_ERROR_FATAL, /* another stream error, which waiting does not mend */
  XEP174_STREAM_EVENT_FAULT,       /* what came breaks a rule; the caller knows the condition */
  XEP174_STREAM_EVENT_FOOTER,
  XEP174_STREAM_EVENT_TLS_DONE,    /* our end of the handshake. As initiator: the key was looked at */
  XEP174_STREAM_EVENT_TLS_FAILED,  /* the handshake ended in an error, whoever's */
  XEP174_STREAM_EVENT_KEY_REFUSED, /* T6: another key, or one that is not trusted. As recipient: in
                                    * the place of the header inside; of a session: not any more */
  XEP174_STREAM_EVENT_EOF,         /* end of file, reset, or TCP could not be made at all */

  /* What the arbiter decides. */
  XEP174_STREAM_EVENT_WRITE,       /* a stanza of ours goes out on it */
  XEP174_STREAM_EVENT_ACCEPT,      /* answer a held one that has not spoken; an offer is left alone */
  XEP174_STREAM_EVENT_ACCEPT_SPOKEN, /* answer a held one whose first stanza has come already */
  XEP174_STREAM_EVENT_ACCEPT_TLS,  /* answer a held one with an offer of TLS (T1) */
  XEP174_STREAM_EVENT_ACCEPT_BESIDE, /* answer, inside, what may resume the session beside it (A5) */
  XEP174_STREAM_EVENT_REFUSE,      /* S4: header, conflict, footer */
  XEP174_STREAM_EVENT_ABORT,       /* give up our own dial */
  XEP174_STREAM_EVENT_CLOSE,       /* end a session */
  XEP174_STREAM_EVENT_REPLACE,     /* S9: a dead session: footer and TCP close at once */
  XEP174_STREAM_EVENT_CUT,         /* the same without the footer: it may be resumed (A2) */
  XEP174_STREAM_EVENT_RECLAIM,     /* its slot is needed: TCP closed at once */
  XEP174_STREAM_EVENT_STEAL,       /* the application takes the connection over */
  XEP174_STREAM_EVENT_UNENCRYPTED, /* T5: what came in the clear has to come inside TLS */

  /* The stream's own timers. */
  XEP174_STREAM_EVENT_T_CONNECT,
  XEP174_STREAM_EVENT_T_OPEN,
  XEP174_STREAM_EVENT_T_ANSWER,
  XEP174_STREAM_EVENT_T_FEATURES,
  XEP174_STREAM_EVENT_T_TLS,
  XEP174_STREAM_EVENT_T_HEADER,
  XEP174_STREAM_EVENT_T_CLOSE,

  XEP174_STREAM_N_EVENTS
} Xep174StreamEvent;

/* What is to be done, in the order of the bits. */
typedef enum
{
  XEP174_STREAM_DO_START_DIAL    = 1 << 0,
  XEP174_STREAM_DO_CANCEL_DIAL   = 1 << 1,
  XEP174_STREAM_DO_DELIVER       = 1 << 2,  /* hand the stanza that came to the application */
  XEP174_STREAM_DO_UNENCRYPTED   = 1 << 3,  /* the reason, and the fault, is that it is in the clear */
  XEP174_STREAM_DO_REPORT        = 1 << 4,  /* tell the error that came */
  XEP174_STREAM_DO_TRUST_KEY     = 1 << 5,  /* T10: the key is accepted; a first one is recorded */
  XEP174_STREAM_DO_SEND_HEADER   = 1 << 6,
  XEP174_STREAM_DO_SEND_FEATURES = 1 << 7,  /* without <starttls/> */
  XEP174_STREAM_DO_SEND_OFFER    = 1 << 8,  /* features with it, in one write with the header (T1) */
  XEP174_STREAM_DO_NEGOTIATE     = 1 << 9,  /* answer the negotiation element that came */
  XEP174_STREAM_DO_SEND_STARTTLS = 1 << 10,
  XEP174_STREAM_DO_SEND_PROCEED  = 1 << 11,
  XEP174_STREAM_DO_BEGIN_TLS     = 1 << 12, /* with a new parser; nothing in the clear counts now */
  XEP174_STREAM_DO_RESUME        = 1 << 13, /* answer <resume/>: what was kept goes on in this stream */
  XEP174_STREAM_DO_ACKNOWLEDGE   = 1 << 14, /* tell the acknowledgements what has come */
  XEP174_STREAM_DO_SEND_ENABLE   = 1 << 15,
  XEP174_STREAM_DO_SEND_RESUME   = 1 << 16, /* for what was kept, which goes on in this stream */
  XEP174_STREAM_DO_SEND_CONFLICT = 1 << 17,
  XEP174_STREAM_DO_SEND_TIMEOUT  = 1 << 18, /* <connection-timeout/> */
  XEP174_STREAM_DO_SEND_FAULT    = 1 << 19, /* the error whose condition the caller knows */
  XEP174_STREAM_DO_SEND_FOOTER   = 1 << 20,
  XEP174_STREAM_DO_SHUT          = 1 << 21, /* our half of TCP is closed after what was written */
  XEP174_STREAM_DO_CLOSE_TCP     = 1 << 22, /* after what was written; never before it */

  /* For the arbiter alone. */
  XEP174_STREAM_DO_PROVEN        = 1 << 23, /* S5: our own stream is answered */
  XEP174_STREAM_DO_DIAL_FAILED   = 1 << 24,
  XEP174_STREAM_DO_DIAL_HOPELESS = 1 << 25, /* failed, and trying again does not help */
  XEP174_STREAM_DO_DIAL_ASIDE    = 1 << 26, /* D12: the contact is not at this address */
} Xep174StreamDo;

/* What lives beside the state. */
typedef enum
{
  XEP174_STREAM_INCOMING = 1 << 0, /* the peer opened it */
  XEP174_STREAM_LEGACY   = 1 << 1, /* a header without version: no features, no IQ answered */
  XEP174_STREAM_HEADER   = 1 << 2, /* the peer's header was read */
  XEP174_STREAM_FEATURES = 1 << 3, /* the peer sent features (S10) */
  XEP174_STREAM_SPOKEN   = 1 << 4, /* the peer sent a stanza */
  XEP174_STREAM_ANSWERED = 1 << 5, /* our header is written */
  XEP174_STREAM_SESSION  = 1 << 6, /* it has been a session: AWAIT_FIRST or OPEN_* */
  XEP174_STREAM_ABORTED  = 1 << 7, /* our own dial, given up while the peer may have taken it */
  XEP174_STREAM_PROBING  = 1 << 8, /* S9: it is asked for a sign of life */
  XEP174_STREAM_PINGED   = 1 << 9, /* and the ping is out, which it can answer */
  XEP174_STREAM_PAUSED   = 1 << 10, /* it was not read: what came meanwhile is, before we write */
  XEP174_STREAM_TLS      = 1 << 11, /* <starttls/> or <proceed/> is sent: nothing in the clear counts */
  XEP174_STREAM_SECURE   = 1 << 12, /* inside, and its key is accepted: T8's authenticated session */
  XEP174_STREAM_CALLED   = 1 << 13, /* T8: probed for a caller; without PROBING: it did not answer */
} Xep174StreamFlags;

/* Why nothing more may be written for now; set by the owner. */
typedef enum
{
  XEP174_STREAM_FREE,
  XEP174_STREAM_FULL,        /* its out buffer is not empty, nothing more fits */
  XEP174_STREAM_UNCONFIRMED, /* so much awaits a receipt that only answers of our own may go (S7) */
} Xep174StreamBlocked;

/* One stream: a plain value. */
typedef struct
{
  guint8  state; /* Xep174StreamState */
  guint8  blocked; /* Xep174StreamBlocked */
  guint16 flags; /* Xep174StreamFlags */
  guint16 key;   /* which of the contact's keys it has shown: the owner numbers them, 0 is none */
} Xep174Stream;

/* Why a cell is as it is; zero is a cell that nobody wrote, which a test finds. */
typedef enum
{
  XEP174_CELL_MISSING,
  XEP174_CELL_MOVE,       /* to another state */
  XEP174_CELL_STAY,       /* in the same state, with something done or noted */
  XEP174_CELL_IGNORE,     /* may come, means nothing here */
  XEP174_CELL_IMPOSSIBLE, /* cannot come; `why` says so, the exploration proves it */
} Xep174CellKind;

typedef struct
{
  guint8      kind;  /* Xep174CellKind */
  guint8      next;  /* Xep174StreamState */
  guint32     bits;  /* Xep174StreamDo */
  const char *why;   /* of an impossible cell */
} Xep174StreamCell;

/* Steps a stream and keeps its flags. Returns what is to be done: the bits of the cell, less a
 * header that is already out, features that the peer does not know (X2, X4), and a key where there is
 * none. */
guint                   xep174_stream_step       (Xep174Stream      *self,
                                                  Xep174StreamEvent  event);

const Xep174StreamCell *xep174_stream_cell       (Xep174StreamState  state,
                                                  Xep174StreamEvent  event);
const char             *xep174_stream_state_name (Xep174StreamState  state);
const char             *xep174_stream_event_name (Xep174StreamEvent  event);
const char             *xep174_stream_do_name    (Xep174StreamDo     bit);

/* AWAIT_FIRST or OPEN_*: `est` in the rules. */
static inline gboolean
xep174_stream_is_session (const Xep174Stream *self)
{
  return self->state >= XEP174_STREAM_AWAIT_FIRST && self->state <= XEP174_STREAM_OPEN_R;
}

static inline gboolean
xep174_stream_is_open (const Xep174Stream *self)
{
  return self->state >= XEP174_STREAM_OPEN_I0 && self->state <= XEP174_STREAM_OPEN_R;
}

/* Its TLS phase: between the features and what is a session. */
static inline gboolean
xep174_stream_is_securing (const Xep174Stream *self)
{
  return self->state >= XEP174_STREAM_OFFERED && self->state <= XEP174_STREAM_ENABLING;
}

/* T8: a session whose peer has proven its key. */
static inline gboolean
xep174_stream_is_secure (const Xep174Stream *self)
{
  return xep174_stream_is_session (self) && (self->flags & XEP174_STREAM_SECURE) != 0;
}

/* TCP is up, and the contact has not taken us yet. */
static inline gboolean
xep174_stream_is_opening (const Xep174Stream *self)
{
  return self->state == XEP174_STREAM_OPENING || self->state == XEP174_STREAM_GREETED;
}

/* CONNECTING, OPENING or GREETED: `out` in the rules. */
static inline gboolean
xep174_stream_is_dial (const Xep174Stream *self)
{
  return self->state == XEP174_STREAM_CONNECTING || xep174_stream_is_opening (self);
}

G_END_DECLS
