/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* What is remembered of keys. */

/* The digits of a whole key. */
#define CLI_KEY_LENGTH 64

/* (transfer full): the name in @store, or of @more, that @typed means: the whole name, or the part before
 * the @ if only one name has it. */
char            *cli_records_find_name      (Xep174TrustStore   *store,
                                             const char * const *more,
                                             const char         *typed,
                                             GError            **error);
/* (transfer full) (element-type utf8): the other names of a key, or of all keys that @name has if
 * @key is %NULL. T6: who is known under another name may call himself anything. */
GPtrArray       *cli_records_find_others    (Xep174TrustStore *store,
                                             const char       *name,
                                             const char       *key);
/* (transfer full) (nullable): the same in words, safe to show; %NULL if there are none. */
char            *cli_records_tell_others    (Xep174TrustStore *store,
                                             const char       *name,
                                             const char       *key);
/* (transfer full) (nullable) */
Xep174KeyRecord *cli_records_find_key       (Xep174TrustStore *store,
                                             const char       *key);
/* (transfer full) (element-type utf8): those of a name. */
GPtrArray       *cli_records_find_keys      (Xep174TrustStore *store,
                                             const char       *name,
                                             gboolean          only_distrusted);
/* What it will mean if the key is accepted now. */
const char      *cli_records_tell_accepting (Xep174TrustStore *store,
                                             const char       *name,
                                             const char       *key);
/* (transfer full): how many keys of the name are distrusted now. */
char            *cli_records_tell_distrusted (Xep174TrustStore *store,
                                              const char       *name);
/* (transfer full) (nullable): a key, or its beginning, which may be in groups; NULL if it is none. */
char            *cli_records_read_digits    (const char *typed);
