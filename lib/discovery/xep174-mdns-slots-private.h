/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* How many lookups may wait for an answer at once: a thousand questions asked in one go block the
 * main loop for most of a second and lose answers in the burst. */
#define XEP174_MDNS_SLOTS 16

typedef struct _Xep174MdnsSlots Xep174MdnsSlots;
typedef struct _Xep174MdnsSlot  Xep174MdnsSlot;

typedef void (*Xep174MdnsSlotFunc) (gpointer user_data);

Xep174MdnsSlots *xep174_mdns_slots_new     (void);
void             xep174_mdns_slots_free    (Xep174MdnsSlots *slots);
/* Calls @start once there is room, maybe before this returns with *@slot set. The urgent ones are
 * what somebody waits for, dialling or being identified; they go before the others. */
void             xep174_mdns_slots_take    (Xep174MdnsSlots    *slots,
                                            gboolean            urgent,
                                            Xep174MdnsSlotFunc  start,
                                            gpointer            user_data,
                                            Xep174MdnsSlot    **slot);
/* Gives back, or no longer waits for, the slot at @slot, which may be NULL, and clears it. */
void             xep174_mdns_slots_release (Xep174MdnsSlots *slots,
                                            Xep174MdnsSlot **slot);
/* While paused nothing starts: the stack is away, or everything is being taken down. */
void             xep174_mdns_slots_set_paused  (Xep174MdnsSlots *slots,
                                                gboolean         paused);
guint            xep174_mdns_slots_get_waiting (const Xep174MdnsSlots *slots);
