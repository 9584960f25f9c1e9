/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-arbiter-private.h"

G_BEGIN_DECLS

/* A world of two sides, joined by TCP-like connections, in which everything that can happen is a
 * move. Ours are the real tables, with an interpreter that only queues octet units; the others are
 * small models of the clients out there. */

#define N_CONNS  8
#define MAX_MESSAGES 4 /* of a side: what is left of a nibble */

typedef enum
{
  UNIT_NONE,
  UNIT_CONNECTED, /* the SYN-ACK */
  UNIT_HEADER,
  UNIT_LEGACY,    /* a header without version */
  UNIT_NAMELESS,  /* a header without version and from */
  UNIT_FEATURES,
  UNIT_OFFER,     /* features with <starttls/> */
  UNIT_STARTTLS,
  UNIT_PROCEED,
  UNIT_FAILURE,
  UNIT_HELLO,     /* of the handshake: the client's first flight, */
  UNIT_FLIGHT,    /* the server's, with its key, */
  UNIT_FINISHED,  /* and the client's, with its own */
  UNIT_ENABLE,    /* of XEP-0198 */
  UNIT_ENABLED,
  UNIT_RESUME,
  UNIT_RESUMED,
  UNIT_SM_FAILED,
  UNIT_CONFLICT,
  UNIT_ERROR,     /* another stream error */
  UNIT_DENIED,    /* one that waiting does not mend: not-authorized, policy-violation */
  UNIT_FOOTER,
  UNIT_EOF,
  UNIT_FORGED,    /* a stanza of somebody else */
  UNIT_PING,
  UNIT_PONG,
  UNIT_MESSAGE,   /* the first; UNIT_MESSAGE + n - 1 is the nth of its sender */
  UNIT_MASK = 31,
  UNIT_INSIDE = 32, /* a bit: said inside TLS */
} Unit;

#define MAX_UNITS 16

/* How far one end has got with TLS on a connection. */
typedef enum
{
  TLS_NONE,
  TLS_BEGUN,  /* the handshake runs */
  TLS_DONE,   /* its own end of it is over */
  TLS_ANEW,   /* what T10 asks for has come inside: the header, as initiator also the features */
} TlsState;

/* Keys: a bit each in a record. */
enum
{
  KEY_FIRST = 1 << 0,
  KEY_SECOND = 1 << 1,
  KEY_STRANGER = 1 << 2,
  KEY_DISTRUSTED = 1 << 3, /* none of them any more */
};

typedef enum
{
  POLICY_OFF, /* or no identity */
  POLICY_PREFER,
  POLICY_REQUIRE,
} Policy;

typedef enum
{
  KIND_OURS,
  KIND_PURPLE,
  KIND_WOCKY,
  KIND_KOPETE,
  KIND_SWIFTEN,
} SideKind;

/* What an end of a connection belongs to. */
typedef enum
{
  END_NONE,    /* closed */
  END_ANON,    /* ours: no header yet. Others: accepted, no header yet */
  END_ANSWERED, /* ours: ANON_ANSWERED */
  END_CONV,    /* others: the conversation */
  END_DROPPED, /* others: given up, footer sent */
  END_SECOND,  /* others: a connection beside the conversation */
  END_STRANGER, /* somebody who says that he is the contact; he listens to nothing */
  END_SLOT,    /* ours: slot 0, 1, … */
} End;

/* The others' conversation. */
typedef enum
{
  CONV_NONE,
  CONV_CONNECTING,
  CONV_OPENING,
  CONV_OPEN,
  CONV_CLOSING,
} ConvState;

typedef struct
{
  guint8  queue[2][MAX_UNITS]; /* units on their way to side 0, 1: the next one first, then 0 */
  guint8  end[2];   /* End */
  guint8  tls[2];   /* TlsState of each end */
  guint8  said;     /* by a stranger */
  guint8  dialler;
  guint8  syn;      /* not yet arrived */
  guint8  hole;     /* the SYN never arrives */
  guint8  broken;   /* silently dead */
  guint8  heard;    /* the recipient has read a stanza (S1) */
  guint8  fin[2];   /* this side has said its FIN */
  guint8  mute[2];  /* this side has seen garbage: it reads nothing more but the end */
  guint8  since;    /* S9: slots of ours, who accepted it, that were heard since; a bit each */
  guint8  id;       /* what is resumed on it, or could be: 0 is none */
  guint8  acks[2];  /* for this end acknowledgements have begun */
  guint8  sent[2];  /* its messages that await one, a bit each */
  guint8  soft;     /* a user or an idle timer of the other client closed it, not a rule */
} Conn;

typedef struct
{
  Xep174Arbiter arbiter;
  guint32       queue;     /* what was asked and not done: a nibble each, Xep174HeadKind */
  guint8        issued;    /* of the script */
  guint8        numbered;  /* messages taken out of the queue so far */
  guint8        heard;     /* how far the other side has got in them */
  guint8        delivered; /* own messages, one bit each: at the other side */
  guint8        excused;   /* lost where nobody can help it */
  guint8        failed;
  guint8        conv;      /* ConvState, of the others */
  guint8        record;    /* keys that are known for the other side */
  guint8        kept_id;   /* A2: 0 is nothing */
  guint8        kept;      /* the messages of it that were not confirmed, */
  guint8        again;     /* and those that are to be written again, before the queue */
} Side;

typedef struct
{
  Conn   conns[N_CONNS];
  Side   sides[2];
  guint8 faults;  /* left */
  guint8 early;   /* timers that may still fire before their time */
  guint8 spoiled; /* an early timer fired, or a process died: some losses are nobody's fault */
  guint8 due[2];  /* its probe has outlasted one impatient dial: it ends before another */
  guint8 crossed; /* both own dials were OPENING at the same time */
} World;

enum
{
  FAULT_REFUSED     = 1 << 0, /* a dial is refused */
  FAULT_HOLE        = 1 << 1, /* a SYN is lost for good */
  FAULT_RESET       = 1 << 2, /* a connection dies, and both ends hear of it */
  FAULT_SILENT      = 1 << 3, /* a connection dies, and nobody hears of it */
  FAULT_KILLED      = 1 << 4, /* a process dies; the kernel closes its connections */
  FAULT_POWER       = 1 << 5, /* a machine dies without a word and comes back */
  FAULT_GARBAGE     = 1 << 6, /* what is read next breaks a rule */
  FAULT_WRONG       = 1 << 8, /* at the first of two addresses somebody else takes TCP */
  FAULT_BLOCKED     = 1 << 7, /* a stream takes no more octets for a while */
  FAULT_TLS         = 1 << 9, /* a handshake fails */
  FAULT_STRIP       = 1 << 10, /* somebody on the wire takes <starttls/> out of the features, */
  FAULT_FORGE       = 1 << 11, /* or says something in the clear in the name of a side, */
  FAULT_CALL        = 1 << 12, /* or connects in its name */
};

typedef struct
{
  const char *name;
  SideKind    kinds[2];       /* side 0 has the smaller name */
  const char *scripts[2];     /* what is asked of each side: m(essage), o(pen), c(lose), p(robe),
                               * s(top: go offline), d(ial once more: Swiften's second connection) */
  guint       faults;         /* how many */
  guint       fault_kinds;
  guint       early;          /* how many timers may fire too early */
  gboolean    deaf[2];        /* dials of this side never arrive */
  gboolean    nameless[2];    /* its headers say no name and no address settles it (X4) */
  gboolean    impatient[2];   /* its T_open is shorter than any wait of the other side */
  gboolean    two_addresses;  /* everybody has another one (D12) */
  gboolean    no_courtesy;    /* nobody knows whose address it is */
  Policy      policy[2];
  guint8      key[2];         /* which of the keys it shows */
  guint8      record[2];      /* which it knows of the other side, to begin with */
  gboolean    acks[2];        /* it knows acknowledgements, */
  gboolean    refuses[2];     /* and offers them, but refuses to begin */
  gboolean    keeps_all;      /* A3: what may go wrong leaves nothing unconfirmed */
  gboolean    may_fail[2];    /* its queue may be reported as failed */
  gboolean    idle_close;     /* wocky closes by itself */
  gboolean    deep;           /* only in the deep run */
} Config;

typedef enum
{
  VIOLATION_NONE,
  VIOLATION_S1,
  VIOLATION_S3,
  VIOLATION_S5,
  VIOLATION_S9,
  VIOLATION_LOST,
  VIOLATION_DOUBLED,
  VIOLATION_FAILED,
  VIOLATION_STUCK,
  VIOLATION_LIVELOCK,
  VIOLATION_IMPOSSIBLE,
  VIOLATION_UNBOUNDED,
  VIOLATION_TIMER,
  VIOLATION_CLEAR,
  VIOLATION_KEY,
  VIOLATION_TRUST,
  VIOLATION_TOO_EARLY,
  VIOLATION_SILENCE,
  VIOLATION_NO_SESSION,
  VIOLATION_T8,
  VIOLATION_UNCONFIRMED,
  VIOLATION_ACROSS_KEYS,
  VIOLATION_TWICE,
  VIOLATION_A5,
  N_VIOLATIONS
} Violation;

typedef enum
{
  MOVE_ASK,     /* side: the program asks for the next thing of its script */
  MOVE_SYN,     /* conn */
  MOVE_READ,    /* conn, side */
  MOVE_TIMER,   /* side, timer, slot */
  MOVE_HEADER_TIMER, /* conn: T_header of an anonymous one */
  MOVE_IDLE,    /* side: wocky's idle close */
  MOVE_REFUSED, /* conn */
  MOVE_HOLE,    /* conn */
  MOVE_WRONG_CLOSES, /* conn: who is not the contact closes at once, */
  MOVE_WRONG_SILENT, /* conn: or says nothing */
  MOVE_RESET,   /* conn */
  MOVE_SILENT,  /* conn */
  MOVE_KILLED,  /* side */
  MOVE_POWER,   /* side */
  MOVE_GARBAGE, /* conn, side */
  MOVE_BLOCKED, /* conn, side */
  MOVE_UNBLOCKED, /* conn, side */
  MOVE_EARLY,   /* side, timer, slot */
  MOVE_TLS_FAILS, /* conn, side */
  MOVE_STRIP,   /* conn, side that reads */
  MOVE_FORGE,   /* conn, side that reads, unit */
  MOVE_CALL,    /* side that is called */
  MOVE_STRANGER, /* conn, side, unit: what he says next */
} MoveKind;

typedef struct
{
  guint8 kind;
  guint8 side;
  guint8 what; /* conn, or timer */
  guint8 slot;
} Move;

#define MAX_MOVES 128

void         world_init      (World        *world,
                              const Config *config);
/* The moves that are possible; 0 at the end of a run. */
guint        world_moves     (const World  *world,
                              const Config *config,
                              Move          moves[MAX_MOVES]);
/* Makes one; the result says what it broke. */
Violation    world_make      (World        *world,
                              const Config *config,
                              Move          move);
/* What a state in which nothing can move any more leaves undone. */
Violation    world_rest      (const World  *world,
                              const Config *config);
char        *world_describe  (const World  *world,
                              const Config *config,
                              Move          move);
const char  *violation_name  (Violation violation);

#define WORLD_PACKED_MAX 256

guint        world_pack      (const World  *world,
                              const Config *config,
                              guint8        bytes[WORLD_PACKED_MAX]);
void         world_unpack    (World        *world,
                              const Config *config,
                              const guint8 *bytes);

/* What the models of the others are made of. */
void         world_push      (World        *world,
                              const Config *config,
                              guint         conn,
                              guint         to,
                              Unit          unit);
void         world_shut      (World        *world,
                              guint         conn,
                              guint         side);
void         world_hang_up   (World        *world,
                              const Config *config,
                              guint         conn,
                              guint         side);
guint        world_dial      (World        *world,
                              const Config *config,
                              guint         side,
                              End           end);
void         world_deliver   (World        *world,
                              const Config *config,
                              guint         to,
                              Unit          unit);
void         world_lose      (World        *world,
                              const Config *config,
                              guint         conn,
                              guint         receiver,
                              Unit          unit);
void         world_violate   (Violation violation);
/* What was violated since the last call. */
Violation    world_judgement (void);
gboolean     unit_is_stanza  (Unit unit);
void         world_deafen    (World        *world,
                              const Config *config,
                              guint         conn,
                              guint         side);
void         world_cut       (World        *world,
                              const Config *config,
                              guint         conn,
                              gboolean      heard);

static inline Unit
conn_next (const Conn *conn,
           guint       side)
{
  return conn->queue[side][0];
}

Unit         conn_take       (Conn *conn,
                              guint side);
void         conn_put_back   (Conn *conn,
                              guint side,
                              Unit  unit);

void         peer_ask        (World        *world,
                              const Config *config,
                              guint         side);
void         peer_read       (World        *world,
                              const Config *config,
                              guint         conn,
                              guint         side,
                              Unit          unit);
void         peer_close      (World        *world,
                              const Config *config,
                              guint         side);

/* The search. */
typedef struct
{
  guint64   states;
  guint64   moves;
  guint     depth;     /* of the longest shortest way */
  gboolean  acyclic;   /* every run ends, whatever the order */
  Violation violation;
  guint     trace;     /* its length */
  char     *story;     /* (owned): the shortest way there, a line a move */
  gboolean  cut;       /* the limit was reached first */
} Outcome;

void         explore         (const Config *config,
                              guint64       max_states,
                              Outcome      *outcome);
void         outcome_clear   (Outcome *outcome);

/* The naive rules that must be found out; 0 undoes them. */
#define N_VARIANTS 23

void         variant_apply   (guint variant);
const char  *variant_name    (guint variant);
/* One of them is of the store, not of the tables: what it knows goes when another key is shown. */
extern gboolean variant_forgets_keys;

G_END_DECLS
