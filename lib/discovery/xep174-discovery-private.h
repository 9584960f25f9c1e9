/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"

/* The main context that was the thread's default when the discovery was made: everything happens
 * there. */
GMainContext *xep174_discovery_get_context (Xep174Discovery *self);

/* Between these two nobody is told of anything: what is reported meanwhile is told, one after
 * another, by the release. So no handler runs in the middle of what a backend does.
 *
 * The release returns FALSE if it is somebody else's to tell, further up the stack: a handler called
 * us, or a function of the class that is held itself. The discovery lives at least until then. */
typedef struct
{
  gboolean busy;
  int      busy_depth;
} Xep174DiscoveryHold;

void     xep174_discovery_hold    (Xep174Discovery *self, Xep174DiscoveryHold *hold);
gboolean xep174_discovery_release (Xep174Discovery *self, Xep174DiscoveryHold *hold);

/* (transfer full): the contact of that name, whether it is there or not: one that has gone is the
 * same object for as long as somebody holds it, one that was never there is offline. For the layer
 * above, where a conversation may outlive the record (D19). */
Xep174Contact *xep174_discovery_dup_contact (Xep174Discovery *self,
                                            const char      *name);

/* The default of the class's find_caller: @self's contacts are asked for their addresses. The result
 * is the name as published, or an error of XEP174_DIRECTORY_ERROR or G_IO_ERROR_CANCELLED. */
void          xep174_identify_async        (Xep174Discovery     *self,
                                            GSocketAddress      *address,
                                            const char          *claimed_name,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
char         *xep174_identify_finish       (Xep174Discovery *self,
                                            GAsyncResult    *result,
                                            GError         **error);
