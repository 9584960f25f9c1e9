/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"

/* The main context that was the thread's default when the discovery was made: everything happens
 * there. */
GMainContext *xep174_discovery_get_context (Xep174Discovery *self);

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
