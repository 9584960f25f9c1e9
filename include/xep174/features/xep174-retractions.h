/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-feature.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_RETRACTIONS (xep174_retractions_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Retractions, xep174_retractions, XEP174, RETRACTIONS, Xep174Feature)

XEP174_AVAILABLE_IN_1_0
Xep174Retractions *xep174_retractions_new         (void);
XEP174_AVAILABLE_IN_1_0
void               xep174_retractions_send_async  (Xep174Retractions    *self,
                                                   const char           *contact,
                                                   const char           *id,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
XEP174_AVAILABLE_IN_1_0
gboolean           xep174_retractions_send_finish (Xep174Retractions    *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

G_END_DECLS
