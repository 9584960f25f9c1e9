/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Two whole managers that encrypt, with real TLS over memory. */

#include "raw-peer.h"

#include "xep174-memory-trust-store.h"

G_BEGIN_DECLS

typedef struct
{
  Stage *stage;
  Xep174SessionManager *romeo;
  Xep174SessionManager *juliet;
  /* What the last connection of the two looks like on the wire. */
  MemoryStream *wire;
  MemoryStream *wire_back;
  GPtrArray *wires; /* a stream that goes closes */
} Pair;

#define ROMEO "romeo@montague"
#define JULIET "juliet@capulet"

void pair_give_identity (Xep174SessionManager *manager);
char *pair_dup_key (Xep174SessionManager *manager);
Xep174SessionManager *pair_manager_new (Stage *stage, const char *name);
void pair_set_up (Pair *pair, gconstpointer data);
void pair_tear_down (Pair *pair, gconstpointer data);
void pair_connect_all (Pair *pair);
void pair_say (Pair *pair, Xep174SessionManager *from, const char *body);
void pair_check_log (Pair *pair, const char *expected);
void pair_end_sessions (Pair *pair);
Xep174Session *pair_session_of (Pair *pair, Xep174SessionManager *manager);
void pair_check_trust (Pair *pair, Xep174SessionManager *manager, gboolean encrypted, Xep174Trust trust);
gboolean pair_was_said_in_the_clear (Pair *pair, const char *text);
void pair_meet (Pair *pair);

G_END_DECLS
