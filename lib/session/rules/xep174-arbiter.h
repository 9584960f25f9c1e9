/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-stream-fsm.h"

G_BEGIN_DECLS

/* One contact as a pure machine: its streams, and what its queue wants next. A plain value, to be
 * copied, compared and hashed as octets.
 *
 * How the interpreter uses it:
 *  1. xep174_arbiter_init().
 *  2. When something happens it first brings the inputs up to date (`head`, `anon`, `others`,
 *     `encrypts`, `sealed`, `resumable`, a stream's `blocked` and `key`), then calls
 *     xep174_arbiter_step() once, or xep174_arbiter_adopt() for a connection that comes from outside,
 *     and carries out the actions in their order. It must not step again before the list is carried out.
 *  3. Bytes are parsed only while xep174_arbiter_may_read() says so: the answer counts for one
 *     single parser event, since each can change it, in a step that has `moved` something. An event
 *     that may not be read yet waits, with everything behind it, and is tried again after every
 *     step. So does one that xep174_arbiter_may_take() does not let through; only in AWAIT_RESUME
 *     is there such a one.
 *  4. After POP_HEAD or WRITE_HEAD `head` is NONE. The interpreter sets it to the kind of what is
 *     then at the head of its queue and steps XEP174_ARBITER_EVENT_HEAD; so too when something
 *     was put into an empty queue or taken out of its head, or an answer goes before it.
 *  5. When a timer fires it steps xep174_timer_event (timer). Timers are started and stopped by
 *     actions alone; starting one that runs does not happen.
 *
 * Connections that nobody is known for yet (ANON, ANON_ANSWERED) belong to the manager, which
 * steps them with xep174_stream_step() and the HEADER timer; each arbiter that they may belong to
 * (by their source address) is only told their number. */

#define XEP174_ARBITER_N_SLOTS 8
#define XEP174_NO_SLOT         G_MAXUINT8

/* Everything that can happen: the stream's events (with their slot), and these. */
typedef enum
{
  XEP174_ARBITER_EVENT_HEAD = XEP174_STREAM_N_EVENTS, /* `head` has changed */
  XEP174_ARBITER_EVENT_ANON,      /* `anon` has changed */
  XEP174_ARBITER_EVENT_WAYS,      /* `others` has changed */
  XEP174_ARBITER_EVENT_POLICY,    /* `encrypts` or `sealed` has changed */
  XEP174_ARBITER_EVENT_KEPT,      /* `resumable` has changed, or `kept` was cleared */
  XEP174_ARBITER_EVENT_UNBLOCKED, /* a stream's `blocked` was cleared */
  XEP174_ARBITER_EVENT_PROBE,     /* D22, X9: ask the current stream for a sign of life */
  XEP174_ARBITER_EVENT_STOP,      /* going offline: end every stream, begin none; head is NONE */
  XEP174_ARBITER_EVENT_T_HOLD,
  XEP174_ARBITER_EVENT_T_CROSS,
  XEP174_ARBITER_EVENT_T_SETTLE,
  XEP174_ARBITER_EVENT_T_RETRY,
  XEP174_ARBITER_EVENT_T_COURTESY,
  XEP174_ARBITER_EVENT_T_PROBE,   /* with its slot, as the next two */
  XEP174_ARBITER_EVENT_T_FIRST,
  XEP174_ARBITER_EVENT_T_RELEASE,
  XEP174_ARBITER_N_EVENTS
} Xep174ArbiterEvent;

/* What the queue wants next, in the order asked. */
typedef enum
{
  XEP174_HEAD_NONE,
  XEP174_HEAD_MESSAGE,
  XEP174_HEAD_OPEN,
  XEP174_HEAD_CLOSE,
  XEP174_HEAD_ANSWER, /* a stanza that the library answers by itself (a ping's result): it opens
                       * no stream, and is dropped when none is open */
} Xep174HeadKind;

typedef enum
{
  /* Of one stream. */
  XEP174_TIMER_CONNECT,
  XEP174_TIMER_OPEN,
  XEP174_TIMER_ANSWER,   /* the same, where another address is left to be tried */
  XEP174_TIMER_FEATURES,
  XEP174_TIMER_TLS,      /* T11: from the offer, or from <starttls/>, to the end of the restart */
  XEP174_TIMER_HEADER,  /* of anonymous streams: the manager runs it */
  XEP174_TIMER_CLOSE,
  XEP174_TIMER_PROBE,
  XEP174_TIMER_FIRST,
  XEP174_TIMER_RELEASE,
  /* Of the contact. */
  XEP174_TIMER_HOLD,
  XEP174_TIMER_CROSS,
  XEP174_TIMER_SETTLE,
  XEP174_TIMER_RETRY,
  XEP174_TIMER_COURTESY, /* how long an anonymous stream keeps us from dialling */
  XEP174_N_TIMERS
} Xep174Timer;

typedef struct
{
  const char *name;
  guint       milliseconds;
  gboolean    per_stream;
  gboolean    grows;        /* a minimum: grows with the measured round trip */
  guint       event;        /* what to step when it fires */
} Xep174TimerInfo;

/* Actions. `slot` names the stream, XEP174_NO_SLOT where there is none. */
typedef enum
{
  XEP174_ACTION_DIAL,          /* make a connection: CONNECTED or EOF will follow. While `aside` is
                                * not 0 it goes on with what is left of the contact's addresses */
  XEP174_ACTION_PUT_ASIDE,     /* D12: whoever answers at the address of `slot` is not the contact */
  XEP174_ACTION_ADOPT,         /* `slot` is from here on the connection given to adopt() */
  XEP174_ACTION_CANCEL_DIAL,   /* TCP is not up: forget it */
  XEP174_ACTION_DELIVER,       /* the stanza that is being read goes to the application */
  XEP174_ACTION_UNENCRYPTED,   /* T5: the fault is policy-violation, the error NOT_ENCRYPTED */
  XEP174_ACTION_REPORT,        /* the stream error that is being read, or the fault found */
  XEP174_ACTION_TRUST_KEY,     /* T10: the key that was shown is accepted; a first one is recorded */
  XEP174_ACTION_SEND_HEADER,
  XEP174_ACTION_SEND_FEATURES, /* without <starttls/> */
  XEP174_ACTION_SEND_OFFER,    /* features with it, and with <required/> while `sealed` */
  XEP174_ACTION_NEGOTIATE,     /* answer the negotiation element that is being read */
  XEP174_ACTION_SEND_STARTTLS,
  XEP174_ACTION_SEND_PROCEED,
  XEP174_ACTION_BEGIN_TLS,     /* once what was written is out: the engine, as the server of an
                                * incoming stream, and a new parser inside it */
  XEP174_ACTION_RESUME,        /* A3: what is kept is carried into `slot`; <resumed/> answers */
  XEP174_ACTION_ACKNOWLEDGE,   /* the word of XEP-0198 that is being read goes to xep174-acks */
  XEP174_ACTION_SEND_ENABLE,
  XEP174_ACTION_SEND_RESUME,   /* what is kept is carried into `slot` */
  XEP174_ACTION_SEND_CONFLICT,
  XEP174_ACTION_SEND_TIMEOUT,
  XEP174_ACTION_SEND_FAULT,    /* the stream error of the fault (or system-shutdown on STOP) */
  XEP174_ACTION_SEND_FOOTER,
  XEP174_ACTION_SHUT,          /* our half of TCP is closed once what was written is out */
  XEP174_ACTION_CLOSE_TCP,     /* once what was written is out */
  XEP174_ACTION_OPENED,        /* it is a session now */
  XEP174_ACTION_CLOSING,       /* it was a session: one closing tag has been sent or received */
  XEP174_ACTION_FORGET,        /* what is kept is not resumed any more: it is unconfirmed (A3) */
  XEP174_ACTION_KEEP,          /* A2: what is not confirmed on `slot` is kept under its key */
  XEP174_ACTION_CLOSED,        /* the slot is free. What was begun on it and not finished is
                                * unconfirmed, never written again (S7), if it is not kept */
  XEP174_ACTION_STOLEN,        /* in the place of CLOSE_TCP: the application's now */
  XEP174_ACTION_PROBE_PING,    /* a XEP-0199 ping whose answer is a sign of life (S9) */
  XEP174_ACTION_PROBE_SPACE,   /* white space, to find a dead connection where no stanza may go */
  XEP174_ACTION_PROBE_DONE,    /* it lives. Any stanza counts: only the ping's own answer says that
                                * what was written before it has been received */
  XEP174_ACTION_RELEASE,       /* the harmless first stanza (S10) */
  XEP174_ACTION_WRITE_HEAD,    /* the head: out of the queue, whole into the stream */
  XEP174_ACTION_POP_HEAD,      /* open: done. close: `slot` is closing, or there was none */
  XEP174_ACTION_FAIL_QUEUE,    /* everything in the queue fails with the last error */
  XEP174_ACTION_START_TIMER,   /* `timer`, of `slot` if it is per stream */
  XEP174_ACTION_STOP_TIMER,
  XEP174_N_ACTIONS
} Xep174ActionKind;

typedef struct
{
  guint8 kind;  /* Xep174ActionKind */
  guint8 slot;
  guint8 timer; /* Xep174Timer */
} Xep174Action;

/* Longer than any step can need; a test proves it. */
#define XEP174_ACTION_LIST_MAX 96

typedef struct
{
  guint        n;
  gboolean     moved;   /* a stream has come or changed, and what follows from that may have */
  Xep174Action actions[XEP174_ACTION_LIST_MAX];
} Xep174ActionList;

typedef struct
{
  /* Inputs: set by the interpreter. */
  guint8       local_is_smaller; /* S5: plain octet order of the two names */
  guint8       head;             /* Xep174HeadKind */
  guint8       anon;             /* incoming streams that may be this contact's, and are not yet */
  guint8       max_retries;
  guint8       heard;            /* S9: in which slots a sign of life was read since the TCP connection
                                  * of the held stream was accepted, a bit each. To be set before
                                  * adopt(); kept by the arbiter from then on */
  guint8       others;           /* the contact may have an address that this dial has not tried */
  guint8       encrypts;         /* we have an identity, and the policy is not OFF */
  guint8       sealed;           /* T5: nothing in the clear, by REQUIRE or for a key that is known */
  guint8       resumable;        /* A2: slots whose session may be resumed, a bit each; cleared by the
                                  * arbiter when it is one no more */
  guint16      kept;             /* A2: the key under which something is kept: set and cleared by the
                                  * arbiter, and by the interpreter cleared when that is too old */

  /* The arbiter's own. */
  guint8       backoff;          /* no dial until T_retry */
  guint8       retries;
  guint8       crossings;        /* T_cross fired on this dial */
  guint8       hopeless;         /* a dial failed for good beside a stream that may carry the queue */
  guint8       courtesy_over;    /* T_courtesy fired: `anon` no longer keeps us from dialling */
  guint8       stopping;
  guint8       aside;            /* D12: how many addresses were put aside in this dial */
  guint16      timers;           /* running: one bit per contact timer */
  guint16      stream_timers[XEP174_ARBITER_N_SLOTS]; /* running: one bit per stream timer */
  Xep174Stream slots[XEP174_ARBITER_N_SLOTS];
} Xep174Arbiter;

/* What the current stream is like; the same order as Xep174SessionState. */
typedef enum
{
  XEP174_PHASE_CLOSED,
  XEP174_PHASE_CONNECTING,
  XEP174_PHASE_NEGOTIATING,
  XEP174_PHASE_WAITING,
  XEP174_PHASE_OPEN,
  XEP174_PHASE_CLOSING,
} Xep174Phase;

void         xep174_arbiter_init      (Xep174Arbiter *self,
                                       gboolean       local_is_smaller,
                                       guint          max_retries);

/* Replaces what `out` held. Pass XEP174_NO_SLOT with events that have no slot. */
void         xep174_arbiter_step      (Xep174Arbiter    *self,
                                       guint             event,
                                       guint             slot,
                                       Xep174ActionList *out);

/* Takes a connection in that exists already, as if it had just come to `event`:
 *  - an anonymous one that is attributed now, as the manager has it (state ANON or ANON_ANSWERED,
 *    flags and all), with HEADER or HEADER_LEGACY. `heard` says what was heard beside it. A first
 *    stanza that told the name (X4) is then the next thing to be read on it;
 *  - one that the program dialled itself, as CONNECTING with CONNECTED, if
 *    xep174_arbiter_may_dial() allows it.
 * Returns its slot; there is always one, at need that of a closing stream, which is closed first:
 * the connection takes the slot over at the action ADOPT. The manager lowers `anon` after it. */
guint        xep174_arbiter_adopt     (Xep174Arbiter      *self,
                                       const Xep174Stream *stream,
                                       Xep174StreamEvent   event,
                                       Xep174ActionList   *out);

/* Queries. */
gboolean     xep174_arbiter_may_read  (const Xep174Arbiter *self,
                                       guint                slot);
/* A5: who waits to resume a session is not turned away while that is probed. */
gboolean     xep174_arbiter_may_take  (const Xep174Arbiter *self,
                                       guint                slot,
                                       guint                event);
gboolean     xep174_arbiter_may_write (const Xep174Arbiter *self,
                                       guint                slot);
gboolean     xep174_arbiter_may_dial  (const Xep174Arbiter *self);
gboolean     xep174_arbiter_may_steal (const Xep174Arbiter *self,
                                       guint                slot);
/* Nothing goes in the clear: as the input says, or beside an authenticated session (T5, T8). */
gboolean     xep174_arbiter_is_sealed (const Xep174Arbiter *self);
/* Whether it is a sign of life when it is read in a session (S9). */
gboolean     xep174_arbiter_is_sign   (guint                event);
guint        xep174_arbiter_current   (const Xep174Arbiter *self); /* slot or XEP174_NO_SLOT */
/* @current is what xep174_arbiter_current() says. */
Xep174Phase  xep174_arbiter_phase     (const Xep174Arbiter *self,
                                       guint                current);
gboolean     xep174_arbiter_is_idle   (const Xep174Arbiter *self); /* no stream, no timer */

const Xep174TimerInfo *xep174_timer_info (Xep174Timer timer);

/* How long a timer runs, in milliseconds; T_retry doubles with each retry (the jitter is the
 * interpreter's), the ones that grow take their default as a minimum above four round trips. */
guint        xep174_timer_delay       (Xep174Timer timer,
                                       guint       retries,
                                       guint       round_trip);
guint        xep174_timer_event       (Xep174Timer timer);

const char  *xep174_arbiter_event_name (guint event);
const char  *xep174_action_name        (Xep174ActionKind kind);

G_END_DECLS
