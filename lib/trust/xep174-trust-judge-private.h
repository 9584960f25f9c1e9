/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-key-record.h"

G_BEGIN_DECLS

/* What is known of a name and a key before a session: T5 and T6, as a table.  Nothing is changed
 * here. */

typedef struct
{
  Xep174Trust trust;
  /* Whether the store is to keep that the name has this key. */
  gboolean add;
} Xep174Verdict;

Xep174Verdict xep174_trust_judge       (GListModel *records,
                                        const char *name,
                                        const char *fingerprint);
/* Whether the name has ever shown a key: then it may not speak in the clear (T5). */
gboolean      xep174_trust_knows_name  (GListModel *records,
                                        const char *name);
/* The first key of the name, for who is told of another; or NULL. */
char         *xep174_trust_dup_old_key (GListModel *records,
                                        const char *name,
                                        const char *fingerprint);

G_END_DECLS
