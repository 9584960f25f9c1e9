/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One file on its way, as values: what has happened goes in, what is to be done comes out. Between ours
 * it is Jingle (XEP-0234, XEP-0260, XEP-0261), with the other programs it is stream initiation
 * (XEP-0096, XEP-0065) or out-of-band data (XEP-0066), which cannot go on where it was broken off, and
 * tell no hash. */
typedef enum
{
  XEP174_TRANSFER_SENDER,
  XEP174_TRANSFER_RECEIVER,
  XEP174_TRANSFER_SI_SENDER,
  XEP174_TRANSFER_SI_RECEIVER,
  XEP174_TRANSFER_OOB_RECEIVER,
  XEP174_TRANSFER_N_ROLES,
} Xep174TransferRole;

typedef enum
{
  XEP174_TRANSFER_NEW,
  XEP174_TRANSFER_OFFERED,
  XEP174_TRANSFER_WAITING,     /* offered, not accepted, and the contact has gone */
  XEP174_TRANSFER_ASKED,       /* the program, whether it wants the file */
  XEP174_TRANSFER_CONNECTING,  /* both try the other's addresses */
  XEP174_TRANSFER_REPLACING,   /* no address works */
  XEP174_TRANSFER_MOVING,
  XEP174_TRANSFER_IN_BAND,     /* moving, inside of the conversation */
  XEP174_TRANSFER_CHECKING,    /* all octets are over; the hash, or its confirmation, is to come */
  XEP174_TRANSFER_VERIFYING,   /* the hash is compared and the file put in its place */
  XEP174_TRANSFER_RESTING,     /* a way was lost; to be gone on with */
  XEP174_TRANSFER_AWAY,        /* so was the contact */
  XEP174_TRANSFER_REOFFERED,   /* what was accepted is offered again, to be gone on with */
  XEP174_TRANSFER_DONE,        /* there, and the hash was compared */
  XEP174_TRANSFER_TAKEN,       /* there as far as its size tells: no hash was known */
  XEP174_TRANSFER_UNCONFIRMED, /* all was sent, and nobody knows what became of it */
  XEP174_TRANSFER_DECLINED,
  XEP174_TRANSFER_CANCELLED,   /* by us */
  XEP174_TRANSFER_ENDED,       /* by the contact */
  XEP174_TRANSFER_FAILED,
  XEP174_TRANSFER_N_STATES,
} Xep174TransferPhase;

typedef enum
{
  /* What the program wants. */
  XEP174_TRANSFER_EVENT_SEND,
  XEP174_TRANSFER_EVENT_ACCEPT,
  XEP174_TRANSFER_EVENT_DECLINE,
  XEP174_TRANSFER_EVENT_CANCEL,
  /* What the contact says. OFFER is of a file that was not accepted as far as the sender knows,
   * RESUME of one that was. */
  XEP174_TRANSFER_EVENT_OFFER_CAME,
  XEP174_TRANSFER_EVENT_RESUME_CAME,
  XEP174_TRANSFER_EVENT_ACCEPT_CAME,
  XEP174_TRANSFER_EVENT_DECLINE_CAME,
  XEP174_TRANSFER_EVENT_UNKNOWN_CAME, /* what we want to go on with */
  XEP174_TRANSFER_EVENT_REPLACE_CAME,
  XEP174_TRANSFER_EVENT_REPLACED_CAME,
  XEP174_TRANSFER_EVENT_CHECKSUM_CAME,
  XEP174_TRANSFER_EVENT_RECEIVED_CAME,
  XEP174_TRANSFER_EVENT_CANCEL_CAME,
  XEP174_TRANSFER_EVENT_FAILED_CAME,
  XEP174_TRANSFER_EVENT_LIE_CAME,     /* what cannot be true */
  /* What happens here. */
  XEP174_TRANSFER_EVENT_PATH_LOST,    /* the connection that was chosen has ended */
  XEP174_TRANSFER_EVENT_HASH_RIGHT,   /* and the file is in its place */
  XEP174_TRANSFER_EVENT_HASH_WRONG,
  XEP174_TRANSFER_EVENT_HASH_NONE,    /* the file is in its place; there is no hash to compare */
  XEP174_TRANSFER_EVENT_LOCAL_FAILED, /* a disk is full, a file has changed */
  XEP174_TRANSFER_EVENT_LINK_LOST,    /* words on their way may be lost */
  XEP174_TRANSFER_EVENT_LINK_BACK,
  XEP174_TRANSFER_EVENT_UNHEARD,      /* the contact may not know how it ended */
  XEP174_TRANSFER_EVENT_HEARD,        /* it does */
  XEP174_TRANSFER_EVENT_TIMEOUT,
  /* What follows from the numbers; nobody else sends these. */
  XEP174_TRANSFER_EVENT_PATH_FOUND,
  XEP174_TRANSFER_EVENT_NO_PATH,
  XEP174_TRANSFER_EVENT_ALL,
  XEP174_TRANSFER_EVENT_TOO_MUCH,
  XEP174_TRANSFER_EVENT_TIRED,
  XEP174_TRANSFER_EVENT_ACCEPT_WHOLE,  /* ACCEPT, when no octet is missing */
  XEP174_TRANSFER_EVENT_ACCEPT_BAND,   /* ACCEPT of what is offered inside of the conversation alone */
  XEP174_TRANSFER_EVENT_OFFER_WHOLE,
  XEP174_TRANSFER_EVENT_RESUME_WHOLE,
  XEP174_TRANSFER_EVENT_WHOLE_CAME,    /* ACCEPT_CAME, with an offset behind the last octet */
  XEP174_TRANSFER_EVENT_UNKNOWN_WHOLE, /* UNKNOWN_CAME, when all was sent */
  XEP174_TRANSFER_EVENT_RECEIVED_SOON, /* RECEIVED_CAME, before we know that all was sent */
  XEP174_TRANSFER_EVENT_TELL_AGAIN,    /* LINK_BACK, after UNHEARD */
  XEP174_TRANSFER_N_EVENTS,
} Xep174TransferEvent;

/* In the order in which they are carried out. */
typedef enum
{
  XEP174_TRANSFER_DO_ASK           = 1 << 0,  /* the program */
  XEP174_TRANSFER_DO_DROP          = 1 << 1,  /* close what was dialled, accepted or chosen */
  XEP174_TRANSFER_DO_SEND_OFFER    = 1 << 2,
  XEP174_TRANSFER_DO_SEND_RESUME   = 1 << 3,
  XEP174_TRANSFER_DO_SEND_ACCEPT   = 1 << 4,  /* with the offset from which octets are missing */
  XEP174_TRANSFER_DO_SEND_DECLINE  = 1 << 5,
  XEP174_TRANSFER_DO_SEND_UNKNOWN  = 1 << 6,
  XEP174_TRANSFER_DO_SEND_REPLACE  = 1 << 7,
  XEP174_TRANSFER_DO_SEND_REPLACED = 1 << 8,
  XEP174_TRANSFER_DO_SEND_CHECKSUM = 1 << 9,
  XEP174_TRANSFER_DO_SEND_RECEIVED = 1 << 10,
  XEP174_TRANSFER_DO_SEND_CANCEL   = 1 << 11,
  XEP174_TRANSFER_DO_SEND_FAILED   = 1 << 12,
  XEP174_TRANSFER_DO_DIAL          = 1 << 13, /* the contact's addresses, and let it dial ours */
  XEP174_TRANSFER_DO_MOVE          = 1 << 14, /* octets, over what was chosen */
  XEP174_TRANSFER_DO_VERIFY        = 1 << 15,
  XEP174_TRANSFER_DO_KEEP          = 1 << 16, /* a record: a restart goes on with it */
  XEP174_TRANSFER_DO_DISCARD       = 1 << 17, /* the record, and the part of a file */
  XEP174_TRANSFER_DO_REMEMBER      = 1 << 18, /* how it ended: a restart says it again */
  XEP174_TRANSFER_DO_INQUIRE       = 1 << 19, /* whether the sender knows it still; where there is a link */
} Xep174TransferDo;

/* What a state waits for; each that is no end has one. */
typedef enum
{
  XEP174_TRANSFER_TIMER_NONE,
  XEP174_TRANSFER_TIMER_OFFER,   /* a person */
  XEP174_TRANSFER_TIMER_ANSWER,  /* a program */
  XEP174_TRANSFER_TIMER_CONNECT,
  XEP174_TRANSFER_TIMER_STALL,   /* starts again with each octet */
  XEP174_TRANSFER_TIMER_VERIFY,  /* a disk */
  XEP174_TRANSFER_TIMER_RETRY,   /* doubles with each try */
  XEP174_TRANSFER_TIMER_KEEP,    /* what may be gone on with */
} Xep174TransferTimer;

#define XEP174_TRANSFER_OFFER_MS   (60 * 60 * 1000)
#define XEP174_TRANSFER_ANSWER_MS  (30 * 1000)
#define XEP174_TRANSFER_CONNECT_MS (20 * 1000)
#define XEP174_TRANSFER_STALL_MS   (60 * 1000)
#define XEP174_TRANSFER_VERIFY_MS  (10 * 60 * 1000)
#define XEP174_TRANSFER_RETRY_MS   1000
#define XEP174_TRANSFER_KEEP_MS    (24 * 60 * 60 * 1000)
/* Tries that the contact has nothing of: octets that were written may never be read. */
#define XEP174_TRANSFER_MAX_TRIES  8

typedef enum
{
  XEP174_TRANSFER_CANDIDATE_OPEN, /* still trying */
  XEP174_TRANSFER_CANDIDATE_USED,
  XEP174_TRANSFER_CANDIDATE_NONE, /* works */
  XEP174_TRANSFER_N_CANDIDATES,
} Xep174TransferCandidate;

typedef enum
{
  XEP174_TRANSFER_PATH_OPEN,
  XEP174_TRANSFER_PATH_OURS,   /* the connection that we have made */
  XEP174_TRANSFER_PATH_THEIRS,
  XEP174_TRANSFER_PATH_BETTER, /* of the two, by priority */
  XEP174_TRANSFER_PATH_NONE,
} Xep174TransferPath;

typedef struct
{
  guint8  role;     /* Xep174TransferRole */
  guint8  state;    /* Xep174TransferPhase */
  guint8  ours;     /* Xep174TransferCandidate: what we have found out, */
  guint8  theirs;   /* and what the contact says that it has */
  guint8  told;     /* the hash that it must have is known to who receives, or may be */
  guint8  in_band;  /* the contact offers no other way than inside of the conversation */
  guint8  tries;    /* since it was accepted from @best on */
  guint8  unheard;  /* how it ended is to be told again */
  guint32 our_priority;
  guint32 their_priority;
  guint64 size;
  guint64 done;     /* octets that are whole, from the first on */
  guint64 best;     /* the most that the contact has said to have */
} Xep174TransferFsm;

typedef struct
{
  guint8  goes;    /* otherwise nothing happens: a word out of turn, or one that came twice */
  guint8  next;    /* Xep174TransferPhase */
  guint32 bits;    /* Xep174TransferDo */
} Xep174TransferCell;

void                      xep174_transfer_fsm_init           (Xep174TransferFsm  *self,
                                                              Xep174TransferRole  role,
                                                              guint64             size);
/* The program was started again, with a record of @state and of the octets that are on the disk. FALSE
 * if nothing is left of it. */
gboolean                  xep174_transfer_fsm_restore        (Xep174TransferFsm   *self,
                                                              Xep174TransferPhase  state,
                                                              guint64              done);
/* Returns what is to be done (Xep174TransferDo). */
guint                     xep174_transfer_fsm_step           (Xep174TransferFsm   *self,
                                                              Xep174TransferEvent  event);
/* ACCEPT_CAME, with the offset that the contact asks for (XEP-0234 §6.3). */
guint                     xep174_transfer_fsm_step_accepted  (Xep174TransferFsm *self,
                                                              guint64            offset);
/* What we have found out (@ours), or the contact has said (XEP-0260 §2.3). */
guint                     xep174_transfer_fsm_step_candidate (Xep174TransferFsm       *self,
                                                              gboolean                 ours,
                                                              Xep174TransferCandidate  candidate,
                                                              guint32                  priority);
/* What was not known when the file was offered; before any octet is over. */
void                      xep174_transfer_fsm_learn_size     (Xep174TransferFsm *self,
                                                              guint64            size);
/* TIMEOUT, of what was waited for when the timer was set: of an earlier state it says nothing any more. */
guint                     xep174_transfer_fsm_step_timeout   (Xep174TransferFsm   *self,
                                                              Xep174TransferTimer  timer);
/* @n octets were written to the connection, or read from it. To be called before they are written to
 * the file: of what is too much nothing may be. */
guint                     xep174_transfer_fsm_step_octets    (Xep174TransferFsm *self,
                                                              guint64            n);

/* Whether @event, which has come before what a step has said could be done, makes that pointless: nobody is
 * there who would hear it, or it is over. */
gboolean                  xep174_transfer_fsm_overtakes      (const Xep174TransferFsm *self,
                                                              Xep174TransferEvent      event);

/* Which connection is nominated (XEP-0260 §2.4): the same for both sides. */
Xep174TransferPath        xep174_transfer_fsm_path           (const Xep174TransferFsm *self);
gboolean                  xep174_transfer_fsm_has_ended      (const Xep174TransferFsm *self);
Xep174TransferTimer       xep174_transfer_fsm_timer          (const Xep174TransferFsm *self);
guint                     xep174_transfer_fsm_timer_ms       (const Xep174TransferFsm *self);

const Xep174TransferCell *xep174_transfer_cell               (Xep174TransferRole  role,
                                                              Xep174TransferPhase state,
                                                              Xep174TransferEvent event);
const char               *xep174_transfer_phase_name         (Xep174TransferPhase state);
const char               *xep174_transfer_event_name         (Xep174TransferEvent event);

G_END_DECLS
