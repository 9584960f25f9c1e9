/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-acks.h"
#include "xep174-arbiter.h"
#include "xep174-item-private.h"
#include "xep174-key-record.h"
#include "xep174-namespaces-private.h"
#include "xep174-stream-error.h"
#include "xep174-stream-parser.h"
#include "xep174-tls-private.h"
#include "xep174-transport-private.h"

G_BEGIN_DECLS

/* What one stream of a contact is made of, beside its state, which the arbiter keeps. */

typedef struct _Xep174Slot Xep174Slot;

typedef struct
{
  Xep174Alarm alarm;
  guint8 timer;
  gboolean is_late; /* it has rung, and what had come in meanwhile was to be read first */
  guint8 extended;  /* how often it was set anew because the peer's host was there */
  Xep174Slot *slot;
} Xep174SlotAlarm;

/* The timers of a stream come first in Xep174Timer. */
#define XEP174_N_SLOT_TIMERS XEP174_TIMER_HOLD

struct _Xep174Slot
{
  gpointer session; /* who has it, not owned; %NULL while it is nobody's */
  GError **last_error; /* where that one keeps what went wrong last; %NULL while it is nobody's */
  GQueue *confirmed; /* where that one gets what has a sign of receipt */
  Xep174Network *network;
  guint8 index;
  /* Never the same twice in a session, so that what comes late is known for what it is. */
  guint serial;
  Xep174Transport *transport;
  Xep174StreamParser *parser;
  GCancellable *dial;
  GSocketAddress *address; /* that we have dialled, if it has one */
  /* The name that this stream was opened with (D22). */
  char *local_name;

  /* What was read and may not be looked at yet, or is being looked at. */
  Xep174StreamItem item_kind;
  Xep174Element *item;
  GError *item_error;

  /* TLS (T1-T10). The engine is the transport's, and is asked when its handshake has ended. */
  Xep174Tls *tls;
  Xep174Element *header; /* the peer's first one, until it is a session (T4) */
  gboolean asked; /* for <proceed/> */
  GBytes *key; /* that the peer has shown */
  GError *key_error; /* why it has shown none that can be used */
  gboolean refused; /* the key was looked at in the handshake, and refused */
  Xep174Trust trust;
  gboolean kept; /* the store has the key */
  gboolean is_new; /* the name had none before */
  GBytes *channel_binding;

  /* XEP-0198 (A1-A3): the id that this stream and one that resumes it have in common; the octet from which
   * on what we write is counted; of the word that is being read its number, what it confirms, and
   * what it leads to (Xep174AcksDo). */
  Xep174Acks acks;
  char *resume_id;
  GQueue carried; /* of Xep174Item: what it is to go on with, if the peer agrees */
  guint64 counted_from;
  guint32 h;
  guint n_confirmed;
  guint acks_do;
  gboolean h_too_high;
  guint32 send_count; /* then: of the stream that is meant */
  gint64 asked_when; /* ms, the last <r/> */

  /* (element-type utf8 utf8) What the peer can do, %NULL if it is not known; whether and when, in ms, it was
   * asked (D20). */
  GHashTable *caps;
  char *caps_proof; /* the hash that stands for that, if it said so in its features, until it was told */
  gboolean asked_caps;
  gint64 asked_caps_when;

  /* The fault found in it, to be sent; why it ended, to be told. */
  Xep174StreamError fault;
  GError *error;
  gboolean ended; /* the connection is at its end, what was read before it may not be */
  GError *end_error; /* how it broke, if it did */
  gboolean answers_pings; /* it is or was a session, of a peer with version 1.0 */
  gboolean heard_footer; /* the peer's closing tag was read */
  gboolean heard_error; /* a stream error of the peer's was read: it may have read no more before */

  /* Written, and no sign of receipt yet; the first of them that is not whole in the socket. */
  GQueue written;
  GList *unsent;
  gsize written_octets;
  guint last_ping;
  guint given_up_ping; /* up to this one no answer is awaited any more */
  gboolean ping_pending;
  Xep174Alarm receipt;
  gboolean receipt_slow; /* it is for forgetting, not for asking */

  /* D24: when to look for another way to the contact, how often that was done for what is not acknowledged
   * now, and the look. */
  Xep174Alarm way;
  guint looks;
  GCancellable *looking;
  /* What makes the way doubtful while another address answers, and since when, in ms: the one in use does
   * not, or our own end's has gone from this host. 0 otherwise. */
  gint64 outdone;
  gint64 uprooted;

  gint64 heard; /* ms, when anything was last read (X9) */
  gboolean unheard; /* it is not listened to (X8) */
  gint64 listening; /* ms, when the first was read after that: much may lie there */
  /* S9: how many streams there had been when it came, and when the contact last spoke in it. */
  guint64 born;
  guint64 spoken;
  gboolean joined; /* became a session while another one was */
  Xep174SlotAlarm alarms[XEP174_N_SLOT_TIMERS];
};

Xep174Slot *xep174_slot_new          (Xep174Network *network,
                                      const char    *local_name);
void        xep174_slot_free         (Xep174Slot *self);
/* The peer's first header is compared with no other any more (T4). */
void        xep174_slot_forget_header (Xep174Slot *self);
/* S7: of a session that ends without the peer's closing tag it is not known whether all it said
 * was read. A reset tells it so; a FIN would be taken for the end of the handshake. Not so for
 * peers without a version: libpurple does not bear it. */
gboolean    xep174_slot_is_cut_short (Xep174Slot *self);
/* Forgets what was read last. */
void        xep174_slot_clear_item   (Xep174Slot *self);
/* Whether there is something read to look at. */
gboolean    xep174_slot_peek         (Xep174Slot *self);
void        xep174_slot_set_error    (Xep174Slot *self,
                                      GError     *error);
guint       xep174_slot_get_delay    (Xep174Slot  *self,
                                      Xep174Timer  timer);

/* A1: what is confirmed is counted, and nothing else tells of it but the end. */
static inline gboolean
xep174_slot_is_counted (const Xep174Slot *self)
{
  return self->acks.state == XEP174_ACKS_ON;
}

static inline gboolean
xep174_is_given (const char *attribute)
{
  return attribute != NULL && *attribute != '\0';
}

/* What was read (xep174-slot-read.c): the event that the item stands for; a fault if it is not
 * from @name, if that is known (X3). */
guint        xep174_slot_classify    (Xep174Slot *self,
                                      const char *name);
/* Whether it is a word of XEP-0198, inside TLS. */
gboolean     xep174_slot_knows_acks  (Xep174Slot *self);
/* Whom it says that it is from, without a resource; %NULL if it says nothing. */
char        *xep174_slot_dup_claim   (Xep174Slot *self);
guint        xep174_slot_fault       (Xep174Slot        *self,
                                      Xep174StreamError  code,
                                      const char        *text);

/* What we say first. @to is %NULL where nobody knows who it is; an answer has an id. */
void         xep174_slot_send_header (Xep174Slot *self,
                                      const char *to,
                                      gboolean    answer);
/* @acks: inside TLS, with <sm/>: the key is accepted (A2). */
void         xep174_slot_send_features (Xep174Slot *self,
                                        const char * const *announces,
                                        gboolean    acks);
/* T1: the same with <starttls/>. */
void         xep174_slot_send_offer   (Xep174Slot *self,
                                       const char * const *announces,
                                       gboolean    required);
void         xep174_slot_send_starttls (Xep174Slot *self);
void         xep174_slot_send_proceed (Xep174Slot *self);
/* Declines negotiation that was not offered. */
void         xep174_slot_negotiate   (Xep174Slot *self);

/* TLS (xep174-slot-tls.c). */

/* T3: a fault if more than what was read last has come in the clear, for anybody may have put it there;
 * else @event. */
guint       xep174_slot_check_rest   (Xep174Slot *self,
                                      guint       event);
/* Owns @parser. What has come and was not looked at is forgotten. */
void        xep174_slot_set_parser   (Xep174Slot         *self,
                                      Xep174StreamParser *parser);
/* Owns @parser, which reads what comes inside. @look is an initiator's, and gets the slot. */
gboolean    xep174_slot_start_tls    (Xep174Slot          *self,
                                      Xep174StreamParser  *parser,
                                      Xep174Certificate   *certificate,
                                      Xep174TlsLook        look,
                                      GError             **error);
/* The handshake has ended well. */
void        xep174_slot_note_encrypted (Xep174Slot *self);
/* T4: a fault if the header inside is not that from before; else @event. */
guint       xep174_slot_check_header (Xep174Slot *self,
                                      guint       event);

/* Above TCP_USER_TIMEOUT: what is older and still unacknowledged would have broken the connection,
 * so the peer's host has it. All there is to know of peers without a version, and of those that are
 * not listened to. */
#define XEP174_RECEIPT_AGE_MS 90000

/* XEP-0198 (xep174-slot-acks.c): the event that a word stands for. @kept is what <resume/> may resume, %NULL
 * if nothing; only then nothing has changed yet. What it leads to awaits xep174_slot_answer_acks(). */
guint       xep174_slot_read_acks    (Xep174Slot       *self,
                                      const Xep174Acks *kept);
void        xep174_slot_carry_acks   (Xep174Slot       *self,
                                      const Xep174Acks *kept,
                                      char             *id);
void        xep174_slot_resume_acks  (Xep174Slot *self);
guint       xep174_slot_answer_acks  (Xep174Slot *self);
void        xep174_slot_send_enable  (Xep174Slot *self);
void        xep174_slot_send_resume  (Xep174Slot *self);
/* Asks for a receipt, by acknowledgements where there are any, else by a ping. */
void        xep174_slot_ask_receipt  (Xep174Slot *self,
                                      const char *to);
/* The answer to <r/>, with fewer than @room octets in the buffer; the last one, before a footer (A1). */
void        xep174_slot_pay_answer   (Xep174Slot *self,
                                      gsize       room);
void        xep174_slot_send_farewell (Xep174Slot *self);
void        xep174_slot_send_too_high (Xep174Slot *self);

/* Receipts (xep174-slot-receipts.c). */

/* @item, appended to the transport from octet @start on, is now the slot's. */
void        xep174_slot_note_written (Xep174Slot *self,
                                      Xep174Item *item,
                                      guint64     start);
/* Completes what is whole in the socket by now. TRUE if anybody was told. */
gboolean    xep174_slot_settle_sent  (Xep174Slot *self);
/* Takes back, last first, what has no octet in the socket; %NULL when there is none. */
Xep174Item *xep174_slot_take_unbegun (Xep174Slot *self);
/* Takes @item back if it has no octet in the socket. */
gboolean    xep174_slot_take_back    (Xep174Slot *self,
                                      Xep174Item *item);
/* A sign of receipt for all, for what the connection's end tells to have been read (FALSE where nobody
 * can know), for what was written some time ago, or before a ping. */
void        xep174_slot_confirm_all  (Xep174Slot *self);
gboolean    xep174_slot_confirm_read (Xep174Slot *self);
void        xep174_slot_confirm_older (Xep174Slot *self,
                                       guint       ms);
gboolean    xep174_slot_confirm_ping (Xep174Slot *self,
                                      const char *id);
/* Takes @item, which the peer has: whoever has asked is told. */
void        xep174_slot_confirm      (Xep174Slot *self,
                                      Xep174Item *item);
/* A1: the oldest @n stanzas that are counted, and what was written before them. */
void        xep174_slot_confirm_counted (Xep174Slot *self,
                                         guint       n);
/* RFC 6120 §8.3.1: whoever refuses a stanza has read it, and what was written before. */
void        xep174_slot_note_refusal (Xep174Slot    *self,
                                      Xep174Element *stanza);
/* At the bound, of a peer that still talks XEP174_RECEIPT_AGE_MS after a ping and has not answered it:
 * what was written before, and the ping. FALSE if there is none. */
gboolean    xep174_slot_take_unanswered (Xep174Slot *self,
                                         GQueue     *taken);
/* The same of one that counts: it never says what it has. */
gboolean    xep174_slot_is_passed_over (Xep174Slot *self);
/* Appends a XEP-0199 ping. */
void        xep174_slot_ping         (Xep174Slot *self,
                                      const char *to);
/* Whether a receipt can be asked for and was not; whether enough was written since the last sign of receipt
 * to ask for one at once. */
gboolean    xep174_slot_may_ask      (Xep174Slot *self);
gboolean    xep174_slot_wants_receipt (Xep174Slot *self);
/* Whether more may be written, with fewer than @room octets in the buffer; not while so much awaits
 * a receipt, or the way to the contact is in doubt (S7). */
Xep174StreamBlocked
            xep174_slot_get_blocked  (Xep174Slot *self,
                                      gsize       room);

G_END_DECLS
