/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"
#include "xep174-mdns-hub-private.h"

/* Who is there: one PTR query, and for each instance one TXT query that lasts as long as the
 * instance does (D21). */
typedef struct _Xep174MdnsBrowser Xep174MdnsBrowser;

Xep174MdnsBrowser *xep174_mdns_browser_new          (Xep174MdnsHub   *hub,
                                                     Xep174Discovery *owner);
void               xep174_mdns_browser_free         (Xep174MdnsBrowser *self);
gboolean           xep174_mdns_browser_start        (Xep174MdnsBrowser  *self,
                                                     GError            **error);
/* Ends every query and removes every contact. */
void               xep174_mdns_browser_stop         (Xep174MdnsBrowser *self);
/* The name that we publish or try to publish (D10). If another contact has our old name, it is
 * found again. */
void               xep174_mdns_browser_set_own_name (Xep174MdnsBrowser *self,
                                                     const char        *name);
/* Tells the program what is true of @name now. It must be the last thing in a turn. */
void               xep174_mdns_browser_tell         (Xep174MdnsBrowser *self,
                                                     const char        *name);
/* The network has changed: asks all contacts whether they are still there (D22). */
void               xep174_mdns_browser_verify_all   (Xep174MdnsBrowser *self);
/* Nobody answered at its addresses: it is doubtful until it gives a sign of life, or is known to
 * have gone. */
void               xep174_mdns_browser_doubt        (Xep174MdnsBrowser *self,
                                                     const char        *name);
/* The contact has given a sign of life. */
void               xep174_mdns_browser_trust        (Xep174MdnsBrowser *self,
                                                     const char        *name);
/* The name as it is published, NULL if nobody has it. */
const char        *xep174_mdns_browser_find         (Xep174MdnsBrowser *self,
                                                     const char        *name);
/* Whether the instance was seen on that link (X13). */
gboolean           xep174_mdns_browser_is_on_link   (Xep174MdnsBrowser *self,
                                                     const char        *name,
                                                     guint              interface);
/* Where it was seen first; FALSE if nobody has the name. */
gboolean           xep174_mdns_browser_get_place  (Xep174MdnsBrowser *self,
                                                     const char        *name,
                                                     Xep174MdnsPlace   *place);
