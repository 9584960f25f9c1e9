/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What somebody would write on avahi-client who wants to know what everybody says, once, and knows
 * that a thousand resolvers at once are too many. It runs until the program ends. */
void floor_start (void (*on_known) (void));
