/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-roster.h"

/* A chat for the desktop, without its windows. */
typedef struct
{
  Xep174Discovery *discovery;
  Xep174Client *client;
  ChatRoster *roster;
  ChatConversation *conversation; /* with the other */
  guint n_received;
  Xep174Message *failed; /* the last one */
  guint n_failed;
} Person;

#define await(condition) \
  while (!(condition)) \
    g_main_context_iteration (NULL, TRUE)

void person_begin (Person     *self,
                   const char *user,
                   const char *data_dir);
void person_learn (Person     *self,
                   Person     *other);
void person_end   (Person     *self);
