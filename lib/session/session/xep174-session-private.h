/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-arbiter.h"
#include "xep174-session.h"
#include "xep174-slot-private.h"
#include "xep174-surroundings-private.h"

G_BEGIN_DECLS

/* What the files xep174-session*.c share, from the lowest up. What happens is posted below, and one
 * loop above the actions takes it, one thing after the other. Whoever is called by the main loop posts
 * what happened, and last of all wakes the loop. What lies below the class does not ask whether it is
 * one. */

typedef struct
{
  Xep174Alarm alarm;
  guint8 timer;
  gpointer session;
} Xep174SessionAlarm;

/* A2: what a stream that broke has left, for one that goes on with it. */
typedef struct
{
  Xep174Acks acks;
  GBytes *key;
  char *id;
  GQueue written; /* of Xep174Item: first those that are counted, then what was not whole with the socket */
  gint64 since;   /* ms */
  guint serial;   /* of that stream */
  Xep174Alarm alarm;
  gboolean tried; /* the contact could not be reached for it */
} Xep174Kept;

struct _Xep174Session
{
  GObject parent_instance;

  Xep174Surroundings *around; /* not owned, %NULL once the manager is gone */
  Xep174Network *network;
  char *name;
  /* The same as the contact itself writes it, %NULL until it has (S5). */
  char *spelling;

  Xep174Arbiter arbiter;
  guint anonymous;      /* callers that may be the contact, beside those that may be anybody */
  Xep174Slot *slots[XEP174_ARBITER_N_SLOTS];
  guint8 n_slots;       /* no stream was ever in one behind them */
  guint next_serial;
  Xep174SessionAlarm alarms[XEP174_N_TIMERS - XEP174_N_SLOT_TIMERS];
  Xep174Alarm idle;

  GQueue queue;         /* of Xep174Item: asked for, not begun */
  GQueue returned;      /* of Xep174Item: taken back from a stream, before the queue */
  GQueue closing;       /* of Xep174Item: closes that wait for the end of their stream */
  GQueue answers;       /* of Xep174Item: our own, each on the stream of its question, before all else */
  gboolean answering;   /* the head that the arbiter knows is one of them */
  Xep174Kept *kept_state; /* %NULL if nothing is kept */
  Xep174Desk desk;
  gboolean delivering;  /* a handler of the program has a stanza of the contact's */
  GQueue confirmed;     /* of Xep174Item: the contact has them, and nobody was told yet */
  GQueue opened;        /* of Xep174Item: opens that are done and not told yet */
  GQueue happenings;    /* of Xep174Happening */
  GHashTable *requests;  /* id -> Xep174Request; %NULL if there was none */
  GHashTable *questions; /* the ids of what features have taken and not answered; %NULL if there is none */
  void (*loop) (Xep174Session *self); /* takes them */
  Xep174Slot *arriving; /* waits for its slot to be free, while it is taken in */
  gboolean running;
  gboolean dropped;     /* by its manager while it ran */
  gboolean telling;     /* of an open: between two steps, when the stream can be taken away */
  gboolean cancelling;  /* something was cancelled while it ran */
  /* The arbiter's word since a stream has moved: a bit for each slot, and which one counts. */
  guint8 readable;
  guint8 current;
  gboolean kept;        /* in the manager's list */
  GError *last_error;   /* why no stream could be opened */
  Xep174Ways *ways;     /* of the dial that goes on, or of the last one */
  GIOStream *stolen;

  /* What the program sees; written by one function, sync_public(). */
  Xep174SessionState state;
  Xep174SessionRole role;
  char *local_name;
  gboolean encrypted;
  gboolean acknowledged;
  Xep174Trust trust;
  gboolean distrusted; /* all keys that the name has */
  /* What the loop has to judge anew, and up to which of the keyring's changes it has. */
  gboolean unjudged;
  guint judged_changes;
  guint announced; /* serial of the stream that session-opened was emitted for, else 0 */
  gboolean announced_closing;
  GError *closed_error;
};

/* --- xep174-session-state.c: what it consists of, and what has happened ------------------- */

/* An event that must wait until the actions of the one before are carried out. */
typedef struct
{
  guint event;
  guint serial; /* of the stream; 0 if there is none */
  /* Of a connection that is taken in. */
  Xep174Slot *arriving;
  Xep174Stream stream;
} Xep174Happening;

void             xep174_session_post           (Xep174Session *self,
                                                guint          event,
                                                Xep174Slot    *slot);
/* Takes over @slot, whose connection is established. */
void             xep174_session_post_arrival   (Xep174Session      *self,
                                                Xep174Slot         *slot,
                                                const Xep174Stream *stream,
                                                Xep174StreamEvent   event);
Xep174Happening *xep174_session_next_happening (Xep174Session *self);
void             xep174_happening_free         (Xep174Happening *happening);
/* Has what was posted, queued or read looked at; at once, unless the loop runs already. */
void             xep174_session_wake           (Xep174Session *self);

/* @slot is the session's from now on. */
void             xep174_session_own_slot       (Xep174Session *self,
                                                Xep174Slot    *slot);
void             xep174_session_set_slot       (Xep174Session *self,
                                                guint          index,
                                                Xep174Slot    *slot);
Xep174Slot      *xep174_session_find_slot      (Xep174Session *self,
                                                guint          serial);
/* For the arbiter: which of the contact's keys the stream has shown, 0 if none. */
guint            xep174_session_number_key     (Xep174Session *self,
                                                Xep174Slot    *slot);
/* %NULL if there is none. */
Xep174Slot      *xep174_session_current_slot   (Xep174Session *self);
/* Our own name there; what the next stream will have where there is none. */
const char      *xep174_session_name_of_ours   (Xep174Session *self);
/* S5: what is compared is what the contact compares, the `from` of its header. */
void             xep174_session_learn_spelling (Xep174Session *self,
                                                const char    *from);
void             xep174_session_compare_names  (Xep174Session *self);

/* --- xep174-session-queue.c: what was asked for ------------------------------------------- */

void        xep174_session_enqueue        (Xep174Session *self,
                                           Xep174Item    *item);
/* What could not be sent at once waits from now on. */
void        xep174_session_note_waiting   (Xep174Session *self);
/* FALSE if it is begun, or a close on its way: cancelling has no effect any more. */
gboolean    xep174_session_take_out       (Xep174Session *self,
                                           Xep174Item    *item);
/* Brings `head` up to date; TRUE if it has changed. */
gboolean    xep174_session_sync_head      (Xep174Session *self);
Xep174Item *xep174_session_pop_head       (Xep174Session *self);
void        xep174_session_requeue        (Xep174Session *self,
                                           Xep174Slot    *slot);
void        xep174_session_take_returned  (Xep174Session *self);
void        xep174_session_fail_queue     (Xep174Session *self,
                                           const GError  *error);
/* The same in two steps: what is asked for between them is not failed. */
void        xep174_session_take_queue     (Xep174Session *self,
                                           GQueue        *taken);
void        xep174_session_fail_items     (GQueue        *taken,
                                           const GError  *error);
/* What was cancelled while the loop ran. TRUE, for the program was told. */
gboolean    xep174_session_take_cancelled (Xep174Session *self);
/* Tells of one open that is done, at rest, so that the stream can be taken away. */
gboolean    xep174_session_tell_opened    (Xep174Session *self);
/* Completes those whose stream has ended. */
void        xep174_session_finish_closes  (Xep174Session *self);

/* --- xep174-session-questions.c: what was asked and is not answered ------------------------ */

typedef struct _Xep174Request Xep174Request;

/* %NULL if another one waits for the answer with that @id. Whoever sends it tells how that went. */
Xep174Request *xep174_session_note_request  (Xep174Session *self,
                                             const char    *id,
                                             GTask         *task);
/* @error, which it takes, is %NULL if it has gone out; it may be freed then. */
void           xep174_request_note_sent     (Xep174Request *request,
                                             GCancellable  *cancellable,
                                             GError        *error);
/* @stanza, which may be one, was written to the stream @serial. */
void           xep174_session_note_asked    (Xep174Session *self,
                                             Xep174Element *stanza,
                                             guint          serial);
/* What was asked on the stream @from is answered on @to. */
void           xep174_session_move_asked    (Xep174Session *self,
                                             guint          from,
                                             guint          to);
/* Tells those whose stream is not there any more. */
void           xep174_session_end_lost      (Xep174Session *self);
/* Whether @stanza is the answer to a request. */
gboolean       xep174_session_wants_answer  (Xep174Session *self,
                                             Xep174Element *stanza);
/* It is then told. */
void           xep174_session_take_answer   (Xep174Session *self,
                                             Xep174Element *stanza);
/* A feature may take it. FALSE if it must not, because too much is open. */
gboolean       xep174_session_note_question (Xep174Session *self,
                                             const char    *id);
gboolean       xep174_session_take_question (Xep174Session *self,
                                             const char    *id);
gboolean       xep174_session_is_swamped    (Xep174Session *self);
/* With the stream. */
void           xep174_session_end_questions (Xep174Session *self);

/* --- xep174-session-public.c: what the program sees and hears ----------------------------- */

enum
{
  XEP174_SESSION_PROP_0,
  XEP174_SESSION_PROP_NAME,
  XEP174_SESSION_PROP_LOCAL_NAME,
  XEP174_SESSION_PROP_STATE,
  XEP174_SESSION_PROP_ROLE,
  XEP174_SESSION_PROP_ENCRYPTED,
  XEP174_SESSION_PROP_TRUST,
  XEP174_SESSION_PROP_ACKNOWLEDGED,
  XEP174_SESSION_N_PROPS
};

enum
{
  XEP174_SESSION_STANZA_RECEIVED,
  XEP174_SESSION_STANZA_CONFIRMED,
  XEP174_SESSION_STANZA_UNCONFIRMED,
  XEP174_SESSION_N_SIGNALS
};

/* The class fills them in. */
extern GParamSpec *xep174_session_properties[XEP174_SESSION_N_PROPS];
extern guint       xep174_session_signals[XEP174_SESSION_N_SIGNALS];

gboolean xep174_session_is_encrypted       (Xep174Session *self);
gboolean xep174_session_is_acknowledged    (Xep174Session *self);
Xep174Trust
         xep174_session_find_trust         (Xep174Session *self);
/* The stream whose peer has proven its key; %NULL if the current one is in the clear. */
Xep174Slot *
         xep174_session_get_secure_slot    (Xep174Session *self);
/* The one place where the public state is written; emits what has changed. It comes before the
 * actions of a step, so that whoever is called by them finds the state as it is, and after them
 * (@done), when what has ended has ended. */
void     xep174_session_sync_public        (Xep174Session *self,
                                            gboolean       done);
/* The properties alone. */
void     xep174_session_sync_state         (Xep174Session *self);
/* Our name has changed. */
void     xep174_session_rename             (Xep174Session *self);
gboolean xep174_session_emit_stanza        (Xep174Session *self,
                                            Xep174Element *stanza);
/* Of one that the contact has; TRUE if there was one. */
gboolean xep174_session_tell_confirmed     (Xep174Session *self);
#define XEP174_HALF_WRITTEN "The connection broke while the stanza was being written"
/* Empties @written. @around is given because the session may be given up already. */
void     xep174_session_report_unconfirmed (Xep174Session      *self,
                                            GQueue             *written,
                                            Xep174Surroundings *around,
                                            const char         *half_written);

/* --- xep174-session-octets.c: from the socket and to it ----------------------------------- */

extern const Xep174TransportEvents xep174_session_transport_events;

/* Gives what is in the buffer to the socket. TRUE if the program was told of it. */
gboolean xep174_session_flush (Xep174Session *self,
                               Xep174Slot    *slot);

/* --- xep174-session-acks.c: acknowledgements and resumption ------------------------------- */

/* A2: what is written on @slot and not confirmed is kept; it is reported. */
void     xep174_session_keep            (Xep174Session *self,
                                         Xep174Slot    *slot);
void     xep174_session_forget_kept     (Xep174Session *self);
/* TRUE if it was, and is gone. */
gboolean xep174_session_take_too_old    (Xep174Session *self);
/* It is put to @written. */
void     xep174_session_give_up_kept    (Xep174Session *self,
                                         GQueue        *written);
void     xep174_session_send_resume     (Xep174Session *self,
                                         Xep174Slot    *slot);
void     xep174_session_resume          (Xep174Session *self,
                                         Xep174Slot    *slot);
/* What the word that was read leads to. */
void     xep174_session_acknowledge     (Xep174Session *self,
                                         Xep174Slot    *slot);
/* Which event an element is, in the light of XEP-0198. */
guint    xep174_session_check_acks      (Xep174Session *self,
                                         Xep174Slot    *slot,
                                         guint          event);
/* A5: what was read in AWAIT_RESUME is not to be looked at yet. */
gboolean xep174_session_must_wait       (Xep174Session *self,
                                         Xep174Slot    *slot);

/* --- xep174-session-receipts.c: what the contact has not said that it has ----------------- */

/* X8: it is not listened to until it takes more of what it has made us say. */
gboolean xep174_session_is_deaf_to       (Xep174Session *self,
                                          guint          index);
void     xep174_session_ask_receipt      (Xep174Session *self,
                                          Xep174Slot    *slot);
/* After something was written. */
void     xep174_session_watch_receipts   (Xep174Session *self,
                                          Xep174Slot    *slot);
/* TRUE if the program was told. */
gboolean xep174_session_give_up_receipts (Xep174Session *self);

/* --- xep174-session-capabilities.c: what the contact can do -------------------------------- */

/* As far as its stream tells. */
Xep174Support xep174_session_get_support   (Xep174Session *self,
                                            const char    *xmlns);
/* (transfer full) (nullable): the same as a set. */
GHashTable   *xep174_session_dup_caps      (Xep174Session *self);
/* Whether it can be asked on this stream, and was not yet; it counts as asked then. */
gboolean      xep174_session_may_ask_caps  (Xep174Session *self);
/* (element-type utf8 utf8) */
void          xep174_session_put_caps      (Xep174Session *self,
                                            GHashTable    *caps);
/* (transfer full) (nullable): the hash that stands for what it says in its stream features, told once, and
 * that in @caps (transfer none). */
char         *xep174_session_take_caps     (Xep174Session  *self,
                                            GHashTable    **caps);
/* It says that it can do something else now. Whether somebody wants to know, and it may be asked again. */
gboolean      xep174_session_renew_caps    (Xep174Session *self);

/* --- xep174-session-stanzas.c: what was read ---------------------------------------------- */

void xep174_session_deliver (Xep174Session *self,
                             Xep174Slot    *slot);

/* --- xep174-session-dial.c: to whom, and what was found there ----------------------------- */

void xep174_session_dial           (Xep174Session *self,
                                    guint          index);
void xep174_session_put_aside      (Xep174Session *self,
                                    Xep174Slot    *slot);
/* Ends the look-up of addresses if nobody is called any more. */
void xep174_session_end_dial       (Xep174Session *self);
/* So that the directory may ask anew for who could not be reached. */
void xep174_session_report_failure (Xep174Session *self);

/* --- xep174-session-way.c: whether the contact is still where the stream goes -------------- */

/* After something was written. */
void xep174_session_watch_way (Xep174Session *self,
                               Xep174Slot    *slot);

/* --- xep174-session-timers.c: when something is to happen by itself ------------------------ */

void xep174_session_start_timer (Xep174Session      *self,
                                 const Xep174Action *action);
void xep174_session_stop_timer  (Xep174Session      *self,
                                 const Xep174Action *action);
void xep174_session_watch_idle  (Xep174Session *self);

/* --- xep174-session-tls.c: encryption, and whose key it is --------------------------------- */

/* Brings the arbiter's two inputs up to date; the second tells it of the change. */
void     xep174_session_set_policy    (Xep174Session *self);
void     xep174_session_sync_policy   (Xep174Session *self);
/* T6: whether the key that @slot has shown may be @name's. The next takes the error. */
gboolean xep174_session_judge_key     (Xep174Surroundings  *around,
                                       const char          *name,
                                       Xep174Slot          *slot,
                                       GError             **error);
void     xep174_session_refuse_key    (Xep174Surroundings *around,
                                       const char         *name,
                                       Xep174Slot         *slot,
                                       GError             *error);
void     xep174_session_trust_key     (Xep174Session *self,
                                       Xep174Slot    *slot);
void     xep174_session_start_tls     (Xep174Session *self,
                                       Xep174Slot    *slot);
/* What an event that was read, and the end of TCP, are in the phase of TLS. */
guint    xep174_session_check_tls     (Xep174Session *self,
                                       Xep174Slot    *slot,
                                       guint          event);
guint    xep174_session_get_end_event (Xep174Session *self,
                                       Xep174Slot    *slot);
void     xep174_session_refuse_clear  (Xep174Session *self,
                                       Xep174Slot    *slot);
/* The store has changed. */
void     xep174_session_review_keys   (Xep174Session *self);
/* Asks the store for what others have decided, if that matters to a stream. */
void     xep174_session_refresh_keys  (Xep174Session *self);
/* Whether there is anything to judge since the last time. */
gboolean xep174_session_must_judge    (Xep174Session *self);
/* Whether the session of @slot has to end, for which it has the reason then. */
gboolean xep174_session_distrusts_slot (Xep174Session *self,
                                        Xep174Slot    *slot);
/* In its stream, else the last one. */
GBytes  *xep174_session_get_shown_key (Xep174Session *self);

/* --- xep174-session-actions.c: what is to be done ----------------------------------------- */

void xep174_session_carry_out (Xep174Session          *self,
                               const Xep174ActionList *list);

/* --- xep174-session-end.c ----------------------------------------------------------------- */

/* The manager goes: everything ends at once. */
void xep174_session_abandon (Xep174Session *self);

/* --- xep174-session-loop.c: one thing after the other ------------------------------------- */

void     xep174_session_run           (Xep174Session *self);
/* Posts it, and wakes the loop. */
void     xep174_session_happen        (Xep174Session *self,
                                       guint          event,
                                       Xep174Slot    *slot);
void     xep174_session_adopt         (Xep174Session      *self,
                                       Xep174Slot         *slot,
                                       const Xep174Stream *stream,
                                       Xep174StreamEvent   event);
/* A connection that the program has made to the contact. */
gboolean xep174_session_add_outgoing  (Xep174Session  *self,
                                       GIOStream      *connection,
                                       GError        **error);
void     xep174_session_set_anonymous (Xep174Session *self,
                                       guint          n);
/* Those that may be anybody have become fewer. */
void     xep174_session_recount_anonymous (Xep174Session *self);

/* --- xep174-session.c: the class, and above it its functions for others -------------------- */

Xep174Session *xep174_session_new (Xep174Surroundings *around,
                                   const char         *name);

G_END_DECLS
