/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-arbiter.h"
#include "xep174-canceller-private.h"
#include "xep174-clock-private.h"
#include "xep174-element.h"

G_BEGIN_DECLS

/* Something that was asked for: it waits in the queue of its contact, and then, if it is a stanza, in a
 * stream for the sign that it has arrived. */

typedef struct _Xep174Item Xep174Item;

/* What the items of a contact share. */
typedef struct
{
  gpointer owner;   /* who has them */
  gsize reactions;  /* how much waits of what handlers have sent, in octets */
  GString **spare;  /* room for the next stanza that is printed; %NULL if there is none to keep it */
} Xep174Desk;

/* Up to 120 octets are what glibc finds again at once, however many there are: up to a thousand wait
 * for their receipt. */
struct _Xep174Item
{
  GList link;              /* in the one queue that it is in */
  Xep174Desk *desk;        /* not owned; %NULL for the pings of a stream */
  Xep174Element *stanza;
  /* What it looks like on the stream @xml_serial, if it was written once, and all of it. */
  GString *xml;
  /* %NULL for our own answers, and once completed. */
  GTask *task;
  Xep174Cancel *cancel;
  /* Once written: where in the stream, in octets, when the last of them was with the socket, and with
   * which ping it is asked for. */
  guint64 start;
  guint64 end;
  gint64 when;
  /* When it was asked for, in ms of the real time; 0 as long as it has not had to wait. */
  gint64 since;
  guint ping;
  Xep174HeadKind kind : 8;
  guint waiting : 1; /* in the session's queue */
  guint awaits : 1;  /* it is done when it is confirmed, not when it is written */
  guint silent : 1;  /* of the library's own: nobody is told what becomes of it */
  guint stranded : 1; /* it waited where nobody was there, or its stream ended before it went */
  guint xml_serial;
  /* Of an answer: the stream that it belongs to; it dies with it. 0 otherwise. */
  guint serial;
  /* Of a close: the stream that is closing. */
  guint closing;
  /* Of what a handler of the program sent because of what it was given: how much it takes while it
   * waits, in octets. */
  guint reaction;
};

Xep174Item *xep174_item_new            (Xep174Desk     *desk,
                                        Xep174HeadKind  kind,
                                        Xep174Element  *stanza,
                                        GTask          *task);
void        xep174_item_free           (Xep174Item *item);
/* The first one, %NULL if there is none. */
Xep174Item *xep174_item_pop            (GQueue *queue);
/* All of @from, behind those of @to. */
void        xep174_item_move_all       (GQueue *from,
                                        GQueue *to);
/* @func is given the item. */
void        xep174_item_watch          (Xep174Item       *item,
                                        Xep174Canceller  *canceller,
                                        GCancellable     *cancellable,
                                        Xep174CancelFunc  func);
gboolean    xep174_item_is_cancelled   (Xep174Item *item);
/* Tells so, and frees it. */
void        xep174_item_fail_cancelled (Xep174Item *item);
/* It waits because of what a handler of the program was given, and has so many octets. */
void        xep174_item_note_reaction  (Xep174Item *item,
                                        gsize       octets);
/* It does not wait any more. */
void        xep174_item_leave_queue    (Xep174Item *item);
/* It waits as what it is, not as its octets too. */
void        xep174_item_forget_xml     (Xep174Item *item);
/* @link and those before it, up to @first, do wait. Those that did when it was noted last are before those
 * that did not. */
void        xep174_item_note_waiting   (GList       *link,
                                        GList       *first,
                                        gboolean     stranded,
                                        Xep174Clock *clock);
/* (transfer full) (nullable): a message that goes out late, with when it was said (XEP-0203); %NULL if it
 * does not, or says so already. */
Xep174Element *xep174_item_dup_late    (Xep174Item  *item,
                                        const char  *from,
                                        Xep174Clock *clock);
/* Whether there was anybody to tell. */
gboolean    xep174_item_succeed        (Xep174Item *item);
void        xep174_item_fail           (Xep174Item   *item,
                                        const GError *error);
/* Room to print a stanza in; what was taken out of it is given back with the item. */
GString    *xep174_desk_take_room      (Xep174Desk *desk);

G_END_DECLS
