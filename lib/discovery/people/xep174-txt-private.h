/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The parameters of a DNS-SD TXT record (RFC 6763 §6), in the order of the record. */
typedef struct _Xep174Txt Xep174Txt;

/* RFC 6763 §6.2 advises to stay within one Ethernet packet. */
#define XEP174_TXT_MAX 1300

Xep174Txt  *xep174_txt_new      (void);
/* Never fails: strings that cannot be read are left out, as RFC 6763 §6.4 asks. */
Xep174Txt  *xep174_txt_parse    (GBytes *rdata);
Xep174Txt  *xep174_txt_copy     (const Xep174Txt *self);
void        xep174_txt_free     (Xep174Txt *self);
/* For a record that was made with set(), in which no string is too long. */
GBytes     *xep174_txt_to_bytes (const Xep174Txt *self);

gboolean    xep174_txt_has      (const Xep174Txt *self,
                                 const char      *key);
/* NULL if there is no such key or it has no value; always valid UTF-8. */
const char *xep174_txt_get      (const Xep174Txt *self,
                                 const char      *key);
/* With NULL as the value the key is removed. On an error nothing has changed. */
gboolean    xep174_txt_set      (Xep174Txt   *self,
                                 const char  *key,
                                 const char  *value,
                                 GError     **error);
/* (transfer full): the name of @key for people, with its article. */
char       *xep174_txt_dup_label (const char *key);
char      **xep174_txt_dup_keys (const Xep174Txt *self);
gboolean    xep174_txt_equal    (const Xep174Txt *a,
                                 const Xep174Txt *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Txt, xep174_txt_free)
