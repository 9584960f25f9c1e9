/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <avahi-common/defs.h>
#include <avahi-common/strlst.h>

#include "xep174-mdns-stack-private.h"

/* What Avahi says, in our words. Included by the stack and by nothing else. */

/* @doing says what failed, as in “Publishing failed: …”. */
void             xep174_embedded_set_error   (GError    **error,
                                           int         code,
                                           const char *doing);
/* The same unless @code is AVAHI_OK, which is TRUE. */
gboolean         xep174_embedded_check       (int         code,
                                           const char *doing,
                                           GError    **error);
/* Tells whoever listens; @code is why if it has failed. */
void             xep174_embedded_tell_group  (Xep174MdnsStack      *stack,
                                           AvahiEntryGroupState  state,
                                           int                   code);
/* FALSE for what nobody needs to know. */
gboolean         xep174_embedded_map_event   (AvahiBrowserEvent  event,
                                           Xep174MdnsEvent   *mapped);
/* To be freed with avahi_string_list_free(). */
AvahiStringList *xep174_embedded_txt_to_list (GBytes *txt);
