/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* Somebody with a client on loopback, for tests. */
typedef struct
{
  Xep174Client *client;
  Xep174Discovery *discovery;
  /* (element-type utf8): what was heard, and what is unconfirmed */
  GPtrArray *heard;
  GPtrArray *unconfirmed;
  /* “id: why” */
  GPtrArray *refused;
  /* Of the last one heard. */
  Xep174Contact *speaker;
  Xep174MessageKind kind;
} Person;

Person        *person_new       (const char      *user,
                                 const char      *machine,
                                 Xep174Discovery *discovery);
void           person_free      (Person *self);
/* Both fail the test if it does not work. */
void           person_start     (Person *self);
void           person_stop      (Person *self);
/* @self knows where @other is. */
Xep174Contact *person_learn     (Person *self,
                                 Person *other);

/* A folder for somebody's keys, and its end with all that a client puts there. */
char          *key_folder_new   (void);
void           key_folder_free  (char *folder);

/* A call that has ended when @result is there; g_object_unref() it. */
typedef struct
{
  GAsyncResult *result;
} Call;

void           call_done        (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      call);
void           call_wait        (Call *call);

/* Runs the main loop until the condition holds; the test fails if it never does. */
#define wait_until(condition)                                       \
  G_STMT_START                                                      \
  {                                                                 \
    guint watchdog = wait_begin (#condition);                       \
    while (!(condition))                                            \
      g_main_context_iteration (NULL, TRUE);                        \
    g_source_remove (watchdog);                                     \
  }                                                                 \
  G_STMT_END

guint          wait_begin       (const char *condition);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Person, person_free)
