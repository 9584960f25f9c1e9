/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-arbiter.h"
#include "xep174-stream-fsm-private.h"

G_BEGIN_DECLS

/* The tables of the arbiter. Each has a text per row, from which doc/ is generated. The files stand in
 * this order, from the lowest up: -view, -turn, -events and -rules, -timers, and the machine. */

/* What the streams of a contact amount to; slots are XEP174_NO_SLOT where there is none. */
typedef struct
{
  guint8   n_est;     /* AWAIT_FIRST or OPEN_* */
  guint8   n_open;    /* OPEN_* */
  guint8   n_closing; /* CLOSE_SENT */
  guint8   n_dropped; /* DROPPED */
  guint8   est;       /* the only or the first one */
  guint8   out;       /* CONNECTING, OPENING or GREETED */
  guint8   held;
  guint8   n_securing; /* in the TLS phase, of either role */
  guint8   n_callers; /* of them those that stand beside `lasting` and may resume it (A5) */
  guint8   lasting;   /* the only session, if it is authenticated and may be resumed */
  guint8   asking;    /* AWAIT_RESUME */
  guint8   bare;      /* a session in the clear */
  guint8   used;      /* a bit for each slot that is not CLOSED */
  gboolean secure;    /* a session is authenticated (T8) */
  gboolean sealed;    /* nothing in the clear: T5, and beside an authenticated session */
  gboolean opening;   /* `out` is OPENING or GREETED */
  gboolean unsettled; /* an own dial that the peer may have taken: opening, or aborted */
} Xep174View;

typedef struct
{
  Xep174Arbiter    *self;
  Xep174ActionList *out;
  Xep174View        view; /* always that of `self` as it is now */
} Xep174Turn;

/* The two halves of the rules: what becomes of a held stream, and what of the queue. In each the
 * first rule that matches is taken. */
typedef enum
{
  XEP174_CHAPTER_STREAMS,
  XEP174_CHAPTER_QUEUE,
  XEP174_N_CHAPTERS
} Xep174Chapter;

typedef struct
{
  const char   *name;
  Xep174Chapter chapter;
  const char   *situation;
  const char   *action;
  gboolean    (*matches) (const Xep174Arbiter *self,
                          const Xep174View    *view);
  void        (*act)     (Xep174Turn *turn);  /* NULL: hold, and go on with the next chapter */
  guint8        timer;   /* of a rule that holds: what ends it at the latest */
} Xep174Rule;

/* An event that is not a stream's alone. */
typedef struct
{
  const char *name;
  const char *action;
  void      (*act) (Xep174Turn *turn,
                    guint       slot);
} Xep174ArbiterRow;

/* A wait: when its timer runs. Those of a stream are asked for each slot, if its state is among
 * @states, a bit each. */
typedef struct
{
  const char *situation;
  guint32     states;
  gboolean  (*wanted) (const Xep174Arbiter *self,
                       const Xep174View    *view,
                       guint                slot);
} Xep174Wait;

/* T5: what an event is taken for before it reaches its stream, if that is in one of @states and the
 * guard holds. */
typedef struct
{
  guint8      event;
  guint8      guard;
  guint8      becomes;
  guint32     states;
  const char *situation; /* the states in words */
} Xep174PolicyRow;

typedef enum
{
  XEP174_GUARD_MAY_READ,
  XEP174_GUARD_MAY_WRITE,
  XEP174_GUARD_UNHEARD,
  XEP174_GUARD_SEALED,
  XEP174_GUARD_UNSEALED,
  XEP174_GUARD_PLAIN,
  XEP174_GUARD_KEEPS,
  XEP174_GUARD_RESUMES_NOTHING,
  XEP174_GUARD_WAITS,
  XEP174_N_GUARDS
} Xep174Guard;

typedef struct
{
  const char *name;
  const char *text;
  gboolean  (*holds) (const Xep174Arbiter *self,
                      const Xep174View    *view,
                      guint                slot);
} Xep174GuardRow;

#define XEP174_N_POLICIES 7

/* The numbers are those of the session rules in doc/architecture.md. */
typedef enum
{
  XEP174_RULE_STOPPING,
  XEP174_RULE_BARE,              /* T5 */
  XEP174_RULE_ASKING,            /* A5 */
  XEP174_RULE_NEEDLESS,
  XEP174_RULE_CLOSING,           /* 1 */
  XEP174_RULE_TWO,               /* 2 */
  XEP174_RULE_LASTING,           /* A5 */
  XEP174_RULE_HEARD,             /* 3 */
  XEP174_RULE_PROBE,
  XEP174_RULE_PING,
  XEP174_RULE_SECURING,          /* T11 */
  XEP174_RULE_SAME_KEY,          /* T8 */
  XEP174_RULE_SILENT,
  XEP174_RULE_PROBING,
  XEP174_RULE_FORGET_PROBE,
  XEP174_RULE_SMALLER_CONNECTING, /* 4 */
  XEP174_RULE_SMALLER_OPENING,
  XEP174_RULE_LARGER_CONNECTING, /* 5 */
  XEP174_RULE_LARGER_OPENING,
  XEP174_RULE_ACCEPT,            /* 6 */
  XEP174_RULE_QUEUE_OPEN,        /* 7 */
  XEP174_RULE_QUEUE_CLOSE,       /* 8 */
  XEP174_RULE_QUEUE_WRITE,       /* 9 */
  XEP174_RULE_QUEUE_ANSWER,
  XEP174_RULE_HOPELESS,
  XEP174_RULE_DIAL,              /* 10 */
  XEP174_N_RULES
} Xep174RuleId;

extern XEP174_TABLE Xep174Rule       xep174_arbiter_rules[XEP174_N_RULES];
extern XEP174_TABLE Xep174GuardRow   xep174_arbiter_guards[XEP174_N_GUARDS];
extern XEP174_TABLE Xep174PolicyRow  xep174_arbiter_policy[XEP174_N_POLICIES];
extern XEP174_TABLE Xep174ArbiterRow xep174_arbiter_rows[XEP174_ARBITER_N_EVENTS];
extern XEP174_TABLE Xep174Wait       xep174_arbiter_waits[XEP174_N_TIMERS];

void       xep174_view_of           (const Xep174Arbiter *self,
                                     Xep174View          *view);
gboolean   xep174_guard             (Xep174Guard          guard,
                                     const Xep174Arbiter *self,
                                     const Xep174View    *view,
                                     guint                slot);

/* Where this is not so every stream may be heard; a short question, because each stanza asks it. */
static inline gboolean
xep174_is_guarded (const Xep174View   *view,
                   const Xep174Stream *stream)
{
  return view->sealed || (stream->flags & XEP174_STREAM_TLS) != 0;
}

/* T8: an authenticated session that has let a caller's probe pass. */
static inline gboolean
xep174_is_silent (const Xep174Stream *stream)
{
  return (stream->flags & (XEP174_STREAM_CALLED | XEP174_STREAM_PROBING)) == XEP174_STREAM_CALLED;
}

/* A2: it is authenticated, and both sides can go on with it on another stream. */
static inline gboolean
xep174_is_resumable (const Xep174Arbiter *self,
                     guint                slot)
{
  return (self->resumable >> slot & 1) != 0 && xep174_stream_is_secure (&self->slots[slot]);
}

/* All that a probe leaves on a stream. */
#define XEP174_STREAM_FLAGS_OF_PROBE                                                            \
  (XEP174_STREAM_PROBING | XEP174_STREAM_PINGED | XEP174_STREAM_CALLED)

static inline gboolean
xep174_shows_same_key (const Xep174Arbiter *self,
                       guint                slot,
                       guint                other)
{
  return self->slots[slot].key != 0 && self->slots[slot].key == self->slots[other].key;
}

/* What rows and rules are made of. */
void       xep174_turn_emit         (Xep174Turn       *turn,
                                     Xep174ActionKind  kind,
                                     guint             slot);
void       xep174_turn_stream       (Xep174Turn        *turn,
                                     guint              slot,
                                     Xep174StreamEvent  event);
void       xep174_turn_pop          (Xep174Turn *turn,
                                     guint       slot);
void       xep174_turn_fail_queue   (Xep174Turn *turn);
void       xep174_turn_dial_failed  (Xep174Turn *turn,
                                     gboolean    hopeless);
void       xep174_turn_abort_securing (Xep174Turn *turn);
void       xep174_turn_put_aside    (Xep174Turn *turn);
void       xep174_turn_refuse_held  (Xep174Turn *turn);
/* S9: of a session that has to go. */
void       xep174_turn_replace      (Xep174Turn *turn,
                                     guint       slot);
void       xep174_turn_probe        (Xep174Turn *turn,
                                     guint       slot);
/* Answers a held one in the way that the policy asks for. */
void       xep174_turn_accept       (Xep174Turn *turn,
                                     guint       slot);
/* What the event is taken for (T5). */
guint      xep174_turn_under_policy (const Xep174Turn *turn,
                                     guint             event,
                                     guint             slot);
gboolean   xep174_may_ping          (const Xep174Arbiter *self,
                                     const Xep174View    *view,
                                     guint                slot);
guint      xep174_turn_take_slot    (Xep174Turn *turn);
/* The rule of a chapter that applies now, XEP174_N_RULES if none does. */
Xep174RuleId
           xep174_rule_that_applies (const Xep174Arbiter *self,
                                     const Xep174View    *view,
                                     Xep174Chapter        chapter);
/* Applies the rules until none does; returns how many did. */
guint      xep174_turn_apply_rules  (Xep174Turn *turn);
void       xep174_turn_sync_timers  (Xep174Turn *turn);

G_END_DECLS
