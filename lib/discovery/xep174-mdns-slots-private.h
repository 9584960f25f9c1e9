/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-stack-private.h"

/* How many lookups may wait for an answer at once: of a thousand questions asked in one go the answers
 * are lost in the burst. */
#define XEP174_MDNS_SLOTS 16

/* How far apart those are that nobody waits for, at least; and how much of the time they may wait for
 * their answers at most, one part in so many: a daemon that is busy lets each wait. */
#define XEP174_MDNS_LEISURE_MS     10
#define XEP174_MDNS_LEISURE_MS_MAX 1000
#define XEP174_MDNS_LEISURE_SHARE  20

typedef struct _Xep174MdnsSlots Xep174MdnsSlots;
typedef struct _Xep174MdnsSlot  Xep174MdnsSlot;

typedef enum
{
  XEP174_MDNS_URGENT,  /* what somebody waits for, dialling or being identified */
  XEP174_MDNS_PATIENT, /* what is not known yet */
  XEP174_MDNS_LATER,   /* the same, where the cache did not have it */
  XEP174_MDNS_LEISURE, /* what is known; one at a time, while no other waits */
  XEP174_MDNS_N_PRIORITIES,
} Xep174MdnsPriority;

typedef void (*Xep174MdnsSlotFunc) (gpointer user_data);

/* @stack is not referenced; it has the clock. */
Xep174MdnsSlots *xep174_mdns_slots_new     (Xep174MdnsStack *stack);
void             xep174_mdns_slots_free    (Xep174MdnsSlots *slots);
/* Calls @start once there is room, maybe before this returns with *@slot set. */
void             xep174_mdns_slots_take    (Xep174MdnsSlots    *slots,
                                            Xep174MdnsPriority  priority,
                                            Xep174MdnsSlotFunc  start,
                                            gpointer            user_data,
                                            Xep174MdnsSlot    **slot);
/* Gives back, or no longer waits for, the slot at @slot, which may be NULL, and clears it. */
void             xep174_mdns_slots_release (Xep174MdnsSlots *slots,
                                            Xep174MdnsSlot **slot);
/* While paused nothing starts: the stack is away, or everything is being taken down. */
void             xep174_mdns_slots_set_paused  (Xep174MdnsSlots *slots,
                                                gboolean         paused);
/* Whether any wait that have not had their turn. */
gboolean         xep174_mdns_slots_are_short   (Xep174MdnsSlots *slots);
