/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-key-record.h"

G_BEGIN_DECLS

/* What is known of a name and a key before a session: T5 and T6, as a table.  Nothing is changed
 * here. */

/* T7: what the network can add to, at most: the names of all keys that nobody has compared, and those
 * of a key that somebody has. */
#define XEP174_TRUST_MAX_SEEN_NAMES 4096
#define XEP174_TRUST_MAX_NAMES_OF_KEY 64

typedef struct
{
  /* UNKNOWN: there is no room to remember it. Who shows it may be anybody, each time. */
  Xep174Trust trust;
  /* Whether the store is to keep that the name has this key. */
  gboolean add;
} Xep174Verdict;

Xep174Verdict xep174_trust_judge       (GListModel *records,
                                        const char *name,
                                        const char *fingerprint);
/* The least that holds for one of the keys of the name; one that is distrusted says nothing of the
 * others. UNKNOWN if it has never shown any: then alone may it speak in the clear (T5). */
Xep174Trust   xep174_trust_find_name    (GListModel *records,
                                         const char *name);
/* The first key of the name, for who is told of another; or NULL. */
char         *xep174_trust_dup_old_key  (GListModel *records,
                                         const char *name,
                                         const char *fingerprint);
/* (transfer full): the record of the key; NULL if there is none. */
Xep174KeyRecord *
              xep174_trust_find_key     (GListModel *records,
                                         const char *fingerprint);
/* The one name that the key has; NULL if there is none, or more. */
char         *xep174_trust_dup_only_name (GListModel *records,
                                          const char *fingerprint);

G_END_DECLS
