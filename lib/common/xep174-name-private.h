/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Instance names (XEP-0174 §3): opaque UTF-8 labels. Identity ignores the case of ASCII letters,
 * as DNS does (RFC 6762 §16); S5 compares the octets as published. */

gboolean xep174_name_is_valid (const char *name, GError **error);
/* Whether @text, which is UTF-8, is without control characters. The names that others publish may
 * have them; those that our side gives may not. */
gboolean xep174_text_is_plain (const char *text);
gboolean xep174_name_equal    (gconstpointer a, gconstpointer b);
guint    xep174_name_hash     (gconstpointer name);
/* S5: whether @local is the smaller of the two, in plain octet order. */
gboolean xep174_name_is_smaller (const char *local, const char *peer);
/* A JID with XEP-0106 escaping of the user part. */
char    *xep174_name_to_jid   (const char *name);
