/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-person.h"

/* Two chats for the desktop, without their windows, and a file from one to the other. */

typedef struct
{
  Person romeo;
  Person juliet;
  char *folder;
  char *path;
  Xep174Message *sent;
  Xep174Message *offer;
} Pair;

#define PAIR_ADD(path, function) g_test_add (path, Pair, NULL, pair_set_up, function, pair_tear_down)

void  pair_set_up       (Pair          *pair,
                         gconstpointer  data);
void  pair_tear_down    (Pair          *pair,
                         gconstpointer  data);
/* Romeo, or juliet. */
void  pair_begin        (Pair          *pair,
                         Person        *self);
/* What a row says last. */
void  assert_note       (Xep174Message *message,
                         const char    *state);
/* A disk that does not answer before the test says so, or that is full. */
void  set_disk          (gboolean       is_closed,
                         gboolean       is_full);
void  pair_begin_saving (Pair          *pair,
                         gboolean       is_closed,
                         gboolean       is_full);
/* What has come, or is to come. */
guint pair_count_saved  (Pair          *pair);
char *pair_dup_record   (Pair          *pair);
