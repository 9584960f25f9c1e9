/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why the daemon, or the bus between us and it, does not do what we ask: the name of a D-Bus error.
 * Those of org.xep174 are ours, for what no peer tells of. */
#define XEP174_AVAHI_NO_BUS   "org.xep174.NoBus"
#define XEP174_AVAHI_SILENT   "org.xep174.Silent"
#define XEP174_AVAHI_GONE     "org.xep174.Gone"
#define XEP174_AVAHI_NONSENSE "org.xep174.Nonsense"
#define XEP174_AVAHI_FLOOD    "org.xep174.Flood"
#define XEP174_AVAHI_FULL     "org.xep174.Full"

#define XEP174_AVAHI_COLLISION      "org.freedesktop.Avahi.CollisionError"
#define XEP174_AVAHI_INVALID_DOMAIN "org.freedesktop.Avahi.InvalidDomainNameError"

/* In words that say what to do (D23). @doing, as in “Publishing our name”, and @words, which are the
 * peer's and may be NULL, are told where we know nothing better. */
GError  *xep174_avahi_refusal_new     (const char *name,
                                       const char *words,
                                       const char *doing);
/* Of these another connection may get more. */
gboolean xep174_avahi_is_object_limit (const char *name);
/* So a daemon answers that is older than the method. */
gboolean xep174_avahi_is_unknown      (const char *name);

G_END_DECLS
