/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Acknowledgements on one stream, and over the streams that resume one another (A1-A3; XEP-0198), as
 * a pure machine: a constant table and six counters, no I/O, no clock, no allocation. A plain value.
 *
 * How the owner uses it:
 *  1. Zeroed it is that of a stream on which nothing was offered: its stanzas await pings.
 *  2. xep174_acks_step() with what we do or what the peer says; then what it returns is carried out,
 *     in the order of the bits. With FAULT or TOO_HIGH the stream ends.
 *  3. A stanza of ours is counted when it is whole in the socket, before anything more is read; one of
 *     the peer's when it goes to the application, and once more when the handlers have returned. Our
 *     own pings and answers count as any.
 *  4. When the stream ends, and all that was read of it has been delivered, xep174_acks_may_keep() says
 *     whether the value is kept, with its key, its id and what was written and not confirmed. A stream
 *     that resumes it begins with xep174_acks_carry(). From the step that says AGAIN on the value is that
 *     stream's alone: the one before it ends first, and what was kept is gone. */

/* When <r/> is due, besides a moment after the last stanza; and the bounds of what may be unconfirmed
 * and of how long it is kept. */
#define XEP174_ACKS_ASK_STANZAS 64
#define XEP174_ACKS_ASK_OCTETS (64 * 1024)
#define XEP174_ACKS_MAX_STANZAS 1024
#define XEP174_ACKS_MAX_OCTETS (1024 * 1024)
#define XEP174_ACKS_KEPT_MS (300 * 1000)

typedef enum
{
  XEP174_ACKS_OFF,      /* nothing was offered */
  XEP174_ACKS_OFFERED,  /* as recipient: <sm/> is in the features inside TLS */
  XEP174_ACKS_ENABLING, /* as initiator: <enable/> is sent; what we write counts already (§4) */
  XEP174_ACKS_RESUMING, /* as initiator: <resume/> is sent; nothing is written before the answer */
  XEP174_ACKS_REFUSED,  /* our <enable/> was; it is sent once (§3). Pings serve, as when OFF */
  XEP174_ACKS_ON,
  XEP174_ACKS_N_STATES
} Xep174AcksState;

typedef enum
{
  /* What we do. */
  XEP174_ACKS_EVENT_OFFER,
  XEP174_ACKS_EVENT_ENABLE,
  XEP174_ACKS_EVENT_RESUME,         /* behind xep174_acks_carry() */

  /* What the peer says, with its `h` where it has one. */
  XEP174_ACKS_EVENT_ENABLE_CAME,
  XEP174_ACKS_EVENT_ENABLED_CAME,
  XEP174_ACKS_EVENT_RESUME_CAME,    /* what it names may be resumed, and was carried over */
  XEP174_ACKS_EVENT_UNKNOWN_CAME,   /* <resume/> of what may not: xep174_acks_may_resume() */
  XEP174_ACKS_EVENT_RESUMED_CAME,   /* of what we asked for; another is a fault */
  XEP174_ACKS_EVENT_FAILED_CAME,    /* without an `h`: with what was confirmed before */
  XEP174_ACKS_EVENT_REQUEST_CAME,   /* <r/> */
  XEP174_ACKS_EVENT_ANSWER_CAME,    /* <a/>; without a readable `h` it is a fault of the parser's */
  XEP174_ACKS_N_EVENTS
} Xep174AcksEvent;

typedef enum
{
  XEP174_ACKS_DO_FAULT        = 1 << 0, /* not asked for, or said twice: the stream ends (§5) */
  XEP174_ACKS_DO_TOO_HIGH     = 1 << 1, /* `h` is not between what was confirmed and what was sent:
                                         * the stream ends with <handled-count-too-high/> (§5) */
  XEP174_ACKS_DO_CONFIRM      = 1 << 2, /* the oldest `confirmed` stanzas are received */
  XEP174_ACKS_DO_REPORT       = 1 << 3, /* what is left of them is unconfirmed, never written again */
  XEP174_ACKS_DO_AGAIN        = 1 << 4, /* what is left goes before the queue, in its order */
  XEP174_ACKS_DO_SEND_ENABLE  = 1 << 5,
  XEP174_ACKS_DO_SEND_ENABLED = 1 << 6, /* with an id and resume='true', if <enable/> had that */
  XEP174_ACKS_DO_SEND_RESUME  = 1 << 7, /* with xep174_acks_tell_all() */
  XEP174_ACKS_DO_SEND_RESUMED = 1 << 8, /* the same */
  XEP174_ACKS_DO_SEND_FAILED  = 1 << 9,
} Xep174AcksDo;

typedef struct
{
  guint8  state;      /* Xep174AcksState */
  guint8  resumable;  /* set by the owner: both have said resume='true', and there is an id */
  guint8  asked;      /* <r/> is out and was not answered */
  guint8  owes;       /* <r/> came and was not answered: once, however many came */
  guint8  failed;     /* we have said <failed/> on this stream: once, the next is a fault (X8) */
  guint32 sent;       /* ours, whole in the socket */
  guint32 confirmed;  /* of them: the peer's last `h` */
  guint32 handled;    /* the peer's, whose handlers have returned: our `h` */
  guint32 told;       /* our last `h` */
  guint32 in_hand;    /* the peer's that handlers have been given, */
  guint32 returned;   /* and of them those whose handlers have returned */
  guint32 asked_sent; /* `sent` when we last asked, */
  guint32 since;      /* and the octets of what was sent since */
} Xep174Acks;

typedef struct
{
  guint8      next;  /* Xep174AcksState */
  guint16     bits;  /* Xep174AcksDo */
  gboolean    takes_h;
  const char *why;   /* of a cell that the owner must not reach */
} Xep174AcksCell;

/* @confirmed gets how many stanzas CONFIRM is about. A step with FAULT or TOO_HIGH changes nothing. */
guint       xep174_acks_step          (Xep174Acks      *self,
                                       Xep174AcksEvent  event,
                                       guint32          h,
                                       guint           *confirmed);

void        xep174_acks_note_sent     (Xep174Acks *self,
                                       gsize       octets);
/* A stanza goes to the application; its handlers have returned. A handler may run the main loop, so
 * that another stanza comes in between: `h` goes up when none is at work any more (A1). */
void        xep174_acks_note_given    (Xep174Acks *self);
void        xep174_acks_note_returned (Xep174Acks *self);

/* Of ours, sent and not confirmed. */
guint       xep174_acks_unconfirmed   (const Xep174Acks *self);
/* No more stanzas are written until some are confirmed; @octets are those of what is not. */
gboolean    xep174_acks_is_full       (const Xep174Acks *self,
                                       gsize             octets);
/* <r/> is due at once; it makes sense, a moment after the last stanza. */
gboolean    xep174_acks_must_ask      (const Xep174Acks *self);
gboolean    xep174_acks_may_ask       (const Xep174Acks *self);
void        xep174_acks_note_asked    (Xep174Acks *self);

/* <a/> is due: it was asked for; before a footer, the peer does not know all. */
gboolean    xep174_acks_owes_answer   (const Xep174Acks *self);
gboolean    xep174_acks_owes_farewell (const Xep174Acks *self);
/* The `h` of the <a/> that goes out now. */
guint32     xep174_acks_tell          (Xep174Acks *self);
/* The `h` of <resume/> and <resumed/>: what handlers are still at work on is not to come twice. */
guint32     xep174_acks_tell_all      (Xep174Acks *self);

/* A2: the stream has ended, with a footer or stream error of either side (@closed) or without. */
gboolean    xep174_acks_may_keep      (const Xep174Acks *self,
                                       gboolean          closed);
/* A2: whether a stream that has shown @key may resume what is kept, or is still on a stream, under
 * @its_key. Keys are numbered as in the arbiter. */
gboolean    xep174_acks_may_resume    (const Xep174Acks *self,
                                       guint             its_key,
                                       guint             key,
                                       gboolean          same_id,
                                       guint             kept_ms);
/* A new stream goes on where @kept has ended. */
void        xep174_acks_carry         (Xep174Acks       *self,
                                       const Xep174Acks *kept);

const Xep174AcksCell *xep174_acks_cell       (Xep174AcksState  state,
                                              Xep174AcksEvent  event);
const char           *xep174_acks_state_name (Xep174AcksState  state);
const char           *xep174_acks_event_name (Xep174AcksEvent  event);
const char           *xep174_acks_do_name    (Xep174AcksDo     bit);

G_END_DECLS
