/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-stack-private.h"

/* How many look-ups may wait for an answer at once. If a thousand questions are asked together, so
 * many answers come at once that some are lost. */
#define XEP174_MDNS_SLOTS 16

/* If more than so many look-ups wait for their turn, it is a crowd. */
#define XEP174_MDNS_CROWD (16 * XEP174_MDNS_SLOTS)

/* For look-ups that nobody waits for: the least time between two of them, and the largest part of
 * the time that they may take, as one part of so many. A busy daemon makes each of them take
 * long. */
#define XEP174_MDNS_LEISURE_MS     10
#define XEP174_MDNS_LEISURE_MS_MAX 1000
#define XEP174_MDNS_LEISURE_SHARE  20

typedef struct _Xep174MdnsSlots Xep174MdnsSlots;
typedef struct _Xep174MdnsSlot  Xep174MdnsSlot;

typedef enum
{
  XEP174_MDNS_URGENT,  /* somebody waits for it: we dial, or a caller is being identified */
  XEP174_MDNS_PATIENT, /* a contact that is not known yet */
  XEP174_MDNS_LATER,   /* the same, and the cache did not have it */
  XEP174_MDNS_LEISURE, /* a contact that is known; one at a time, while nobody else waits */
  XEP174_MDNS_N_PRIORITIES,
} Xep174MdnsPriority;

typedef void (*Xep174MdnsSlotFunc) (gpointer user_data);

/* @stack is not referenced; it has the clock. */
Xep174MdnsSlots *xep174_mdns_slots_new     (Xep174MdnsStack *stack);
void             xep174_mdns_slots_free    (Xep174MdnsSlots *slots);
/* Calls @start as soon as there is room, maybe before this function returns; then *@slot is set
 * already. */
void             xep174_mdns_slots_take    (Xep174MdnsSlots    *slots,
                                            Xep174MdnsPriority  priority,
                                            Xep174MdnsSlotFunc  start,
                                            gpointer            user_data,
                                            Xep174MdnsSlot    **slot);
/* Gives back the slot at @slot, or stops waiting for it, and clears @slot. It may be NULL. */
void             xep174_mdns_slots_release (Xep174MdnsSlots *slots,
                                            Xep174MdnsSlot **slot);
/* While paused, nothing starts: the stack is away, or everything is being taken down. */
void             xep174_mdns_slots_set_paused  (Xep174MdnsSlots *slots,
                                                gboolean         paused);
/* Whether some still wait for their turn. */
gboolean         xep174_mdns_slots_are_short   (Xep174MdnsSlots *slots);
gboolean         xep174_mdns_slots_are_crowded (Xep174MdnsSlots *slots);
