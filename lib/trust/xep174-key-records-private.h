/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-key-record.h"

G_BEGIN_DECLS

/* Lists of Xep174KeyRecord that never change: who is lent one may keep it. Each change makes a new
 * one. */

GListModel *xep174_key_records_new           (void);
GListModel *xep174_key_records_with_name     (GListModel *records,
                                              const char *fingerprint,
                                              const char *name);
GListModel *xep174_key_records_with_trust    (GListModel  *records,
                                              const char  *fingerprint,
                                              Xep174Trust  trust);
GListModel *xep174_key_records_without_name  (GListModel *records,
                                              const char *name);

/* As a file, and back.  A file that is not understood whole is an error (T7). */
char       *xep174_key_records_print         (GListModel *records,
                                              gsize      *length);
GListModel *xep174_key_records_parse         (const char  *text,
                                              gsize        length,
                                              GError     **error);

G_END_DECLS
