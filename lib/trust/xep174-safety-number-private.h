/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What people and stores see of a public key, which is the octets of its SubjectPublicKeyInfo. */

/* SHA-256 of @key in hex. */
char *xep174_key_dup_fingerprint (GBytes *key);
/* Whether @text could be one. */
gboolean xep174_fingerprint_is_valid (const char *text);
/* The 60 digits that two people compare, in groups of five; the same on both sides. */
char *xep174_dup_safety_number (GBytes *key,
                                GBytes *other_key);

G_END_DECLS
