/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature.h"
#include "xep174-transfer.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_FILES (xep174_files_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Files, xep174_files, XEP174, FILES, Xep174Feature)

XEP174_AVAILABLE_IN_1_0
Xep174Files    *xep174_files_new           (const char *folder);
XEP174_AVAILABLE_IN_1_0
const char     *xep174_files_get_folder    (Xep174Files *self);
XEP174_AVAILABLE_IN_1_0
GListModel     *xep174_files_get_transfers (Xep174Files *self);
XEP174_AVAILABLE_IN_1_0
guint64         xep174_files_get_max_size  (Xep174Files *self);
XEP174_AVAILABLE_IN_1_0
void            xep174_files_set_max_size  (Xep174Files *self,
                                            guint64      max_size);
XEP174_AVAILABLE_IN_1_0
void            xep174_files_send_async    (Xep174Files         *self,
                                            const char          *contact,
                                            GFile               *file,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
Xep174Transfer *xep174_files_send_finish   (Xep174Files   *self,
                                            GAsyncResult  *result,
                                            GError       **error);
XEP174_AVAILABLE_IN_1_0
void            xep174_files_drop_transfer (Xep174Files    *self,
                                            Xep174Transfer *transfer);

G_END_DECLS
