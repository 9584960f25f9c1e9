/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-trust-store.h"

G_BEGIN_DECLS

/* A store of the program's own making, which is asked in the middle of everything. */

#define ODD_TYPE_STORE (odd_store_get_type ())
G_DECLARE_FINAL_TYPE (OddStore, odd_store, ODD, STORE, GObject)

/* Called at the beginning of each function; FALSE makes it fail. */
typedef gboolean (*OddStoreFunc) (const char *function,
                                  gpointer    data);

OddStore *odd_store_new (OddStoreFunc func,
                         gpointer     data);
/* As another program would that shares its place. */
void      odd_store_change_elsewhere (OddStore    *self,
                                      const char  *fingerprint,
                                      Xep174Trust  trust);

G_END_DECLS
