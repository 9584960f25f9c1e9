/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-stack.h"
#include "xep174-directory.h"

G_BEGIN_DECLS

/* Romeo's discovery on a stack and a clock of the test's own. */
typedef struct
{
  FakeStack *stack;
  Xep174Discovery *discovery;
  Xep174Profile *profile;
  GString *log;
  GAsyncResult *result;
} Fixture;

/* Keeps the result. */
void           on_result      (GObject      *object,
                               GAsyncResult *result,
                               gpointer      user_data);
void           set_up         (Fixture       *fixture,
                               gconstpointer  data);
void           tear_down      (Fixture       *fixture,
                               gconstpointer  data);
/* Starts, and does not wait for the end of it. */
void           go_online_later (Fixture *fixture);
/* Starts, and waits for the end of it. */
gboolean       start          (Fixture  *fixture,
                               GError  **error);
void           go_online      (Fixture *fixture);
/* Online, and juliet@capulet is there. */
void           know_juliet    (Fixture *fixture);

const char    *get_local_name (Fixture *fixture);
Xep174Contact *find           (Fixture    *fixture,
                               const char *name);
/* Who came and who went since the last time. */
void           assert_log     (Fixture    *fixture,
                               const char *expected);
/* The program has been told of that problem; of none if it is negative. */
void           assert_problem (Fixture *fixture,
                               int      code);

G_END_DECLS
