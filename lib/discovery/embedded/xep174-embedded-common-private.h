/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <avahi-common/defs.h>
#include <avahi-common/strlst.h>

#include "xep174-mdns-stack-private.h"

/* Translates what Avahi says. Only the embedded stack includes this. */

/* @doing says what failed, as in “Publishing failed: …”. */
void             xep174_embedded_set_error   (GError    **error,
                                           int         code,
                                           const char *doing);
/* The same if @code is an error. Returns TRUE if it is AVAHI_OK. */
gboolean         xep174_embedded_check       (int         code,
                                           const char *doing,
                                           GError    **error);
/* Tells the listener; if it has failed, @code says why. */
void             xep174_embedded_tell_group  (Xep174MdnsStack      *stack,
                                           AvahiEntryGroupState  state,
                                           int                   code);
/* FALSE for an event that nobody needs. */
gboolean         xep174_embedded_map_event   (AvahiBrowserEvent  event,
                                           Xep174MdnsEvent   *mapped);
/* To be freed with avahi_string_list_free(). */
AvahiStringList *xep174_embedded_txt_to_list (GBytes *txt);
