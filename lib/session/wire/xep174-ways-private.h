/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* D12: the addresses of a contact during one dial, which is over when the contact has answered or
 * none is left. It is what a GSocketClient connects to: the addresses that the directory tells, but
 * for those that were put aside, and our own. */

#define XEP174_TYPE_WAYS (xep174_ways_get_type ())
G_DECLARE_FINAL_TYPE (Xep174Ways, xep174_ways, XEP174, WAYS, GObject)

/* @changed: what xep174_ways_has_other() says is another now. */
Xep174Ways *xep174_ways_new       (const char *name,
                                   guint16     own_port,
                                   void      (*changed) (gpointer data),
                                   gpointer    data);
/* Looks nothing up any more, and says nothing. */
void        xep174_ways_rest      (Xep174Ways *self);

const char *xep174_ways_get_name  (Xep174Ways *self);
/* Where the addresses come from. */
void        xep174_ways_follow    (Xep174Ways         *self,
                                   GSocketConnectable *told);
/* The only address there is; the directory is not asked. */
void        xep174_ways_lead_to   (Xep174Ways     *self,
                                   GSocketAddress *address);
GSocketAddress *xep174_ways_get_led (Xep174Ways *self);
/* Whether there may be an address that was neither put aside nor is the one in use. */
gboolean    xep174_ways_has_other (Xep174Ways *self);
/* For a network that enumerates nothing. */
void        xep174_ways_set_other (Xep174Ways *self,
                                   gboolean    other);

/* @address: %NULL if it has none. @reason: (transfer full): what was found there. */
void        xep174_ways_put_aside (Xep174Ways     *self,
                                   GSocketAddress *address,
                                   GError         *reason);
guint       xep174_ways_get_n_aside (Xep174Ways *self);
/* Why nobody was reached: what was found at each address. @last: (nullable): why TCP could not be
 * made to the others. */
GError     *xep174_ways_explain   (Xep174Ways   *self,
                                   const GError *last);

gboolean    xep174_ways_is_of_this_host (GInetAddress *address);
/* Whatever their ports are. */
gboolean    xep174_ways_is_same_host (GSocketAddress *a,
                                      GSocketAddress *b);

G_END_DECLS
