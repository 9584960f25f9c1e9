/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-feature.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_REACTIONS (xep174_reactions_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Reactions, xep174_reactions, XEP174, REACTIONS, Xep174Feature)

XEP174_AVAILABLE_IN_1_0
Xep174Reactions *xep174_reactions_new         (void);
XEP174_AVAILABLE_IN_1_0
void             xep174_reactions_send_async  (Xep174Reactions      *self,
                                               const char           *contact,
                                               const char           *id,
                                               const char * const   *reactions,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
XEP174_AVAILABLE_IN_1_0
gboolean         xep174_reactions_send_finish (Xep174Reactions      *self,
                                               GAsyncResult         *result,
                                               GError              **error);

G_END_DECLS
