/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client-people.h"

/* Two people who talk, and what stands in their conversations. */
typedef struct
{
  Person *romeo;
  Person *juliet;
  /* Each with the other one. */
  Xep174Conversation *his;
  Xep174Conversation *hers;
} Pair;

/* @data: whether both have all features of conversations: NULL for none. */
void           pair_set_up    (Pair          *pair,
                               gconstpointer  data);
void           pair_tear_down (Pair          *pair,
                               gconstpointer  data);

/* The conversation holds it. */
Xep174Message *get            (Xep174Conversation *conversation,
                               guint               position);
guint          count          (Xep174Conversation *conversation);
/* What stands in the conversation now. */
Xep174Message *say            (Xep174Conversation *conversation,
                               const char         *text);
/* Anything that XML can say, from @person to the other one of @conversation. */
void           say_xml        (Person             *person,
                               Xep174Conversation *conversation,
                               const char         *xml);
gboolean       knows          (Person             *person,
                               Xep174Conversation *conversation,
                               const char         *xmlns);
