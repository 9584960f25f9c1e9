/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-discovery.h"

/* Somebody on the network: a discovery with the profile that it publishes. */
typedef struct
{
  Xep174Discovery *discovery;
  Xep174Profile   *profile;
  GString         *log; /* what has happened to its contacts: "+name", "-name" */
} Person;

/* Takes over @discovery. */
Person        *person_new       (Xep174Discovery *discovery,
                                 const char      *user);
/* Stops first if it runs. */
void           person_free      (Person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Person, person_free)

/* Each runs the main loop until it is done. */
gboolean       person_try_start (Person   *person,
                                 guint16   port,
                                 GError  **error);
void           person_start     (Person  *person,
                                 guint16  port);
void           person_stop      (Person *person);
Xep174Contact *person_wait_for  (Person     *person,
                                 const char *name);
void           person_wait_gone (Person     *person,
                                 const char *name);
/* The addresses that dialling would try, as "address:port" with the scope id behind a '%'. */
GStrv          person_look_up   (Person      *person,
                                 const char  *name,
                                 GError     **error);
/* NULL on error */
char          *person_identify  (Person      *person,
                                 const char  *address,
                                 guint32      scope_id,
                                 const char  *claimed_name,
                                 GError     **error);
const char    *person_get_name  (Person *person);
guint          person_count     (Person *person);

/* Runs the main loop until the condition holds; fails if it takes unreasonably long. */
#define wait_until(condition)                                         \
  G_STMT_START                                                        \
  {                                                                   \
    gint64 wait_end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;  \
    while (!(condition))                                              \
      {                                                               \
        wait_a_moment ();                                             \
        g_assert_cmpint (g_get_monotonic_time (), <, wait_end);       \
      }                                                               \
  }                                                                   \
  G_STMT_END

void           wait_a_moment    (void);
