/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"

/* The main context that was the thread's default when the discovery was made: everything happens
 * there. */
GMainContext *xep174_discovery_get_context (Xep174Discovery *self);

/* The default of the class's identify: @self's contacts are asked for their addresses. The result
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
