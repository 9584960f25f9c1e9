/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "book.h"
#include "xep174-files-private.h"

G_BEGIN_DECLS

/* Two managers on loopback that send files to each other, and can be killed and started again. */

#define ROMEO "romeo@montague"
#define JULIET "juliet@capulet"
#define STATE(name) XEP174_TRANSFER_STATE_##name

typedef struct
{
  const char *name;
  TestBook *book;
  char *records;
  GSocket *kept; /* has its port while it is away */
  guint16 port;
  Xep174SessionManager *manager;
  Xep174Files *files;
} Side;

typedef struct
{
  TestBook *book;
  char *folder;  /* of all that is below */
  char *path;    /* what romeo sends */
  char *keep;    /* where juliet keeps files */
  Side romeo;
  Side juliet;
  gboolean in_band; /* there is no other way */
  gboolean declines; /* juliet does not want it */
  gboolean accepts_nothing; /* juliet does not, by herself */
  guint n_offered;
} Sides;

void            sides_set_up    (Sides         *sides,
                                 gconstpointer  data);
void            sides_tear_down (Sides         *sides,
                                 gconstpointer  data);

void            side_start      (Sides         *sides,
                                 Side          *side);
/* At once, without a word. */
void            side_kill       (Side          *side);
/* The last one in its list, %NULL if it is empty. */
Xep174Transfer *side_last       (Side          *side);
guint64         side_get_done   (Side          *side);
/* A conversation. */
void            side_open       (Side          *side,
                                 const char    *with);
gboolean        side_is_closed  (Side          *side,
                                 const char    *with);
/* The path of its record, and the phase in it; %NULL if there is none. */
char           *side_dup_record (Side          *side);
char           *side_dup_phase  (Side          *side);

/* Octets that do not repeat. */
char           *sides_make_file (Sides         *sides,
                                 gsize          size);
Xep174Transfer *sides_send      (Sides         *sides);
Xep174Transfer *sides_send_to   (Sides         *sides,
                                 const char    *contact);
/* Juliet has it, under its name. */
gboolean        sides_have_it   (Sides         *sides);
/* How many files juliet has. */
guint           sides_count     (Sides         *sides);
void            sides_check     (Sides         *sides,
                                 const char    *octets,
                                 gsize          size);

#define wait_until(condition)                                       \
  G_STMT_START                                                      \
  {                                                                 \
    guint watchdog = wait_begin (#condition);                       \
    while (!(condition))                                            \
      g_main_context_iteration (NULL, TRUE);                        \
    g_source_remove (watchdog);                                     \
  }                                                                 \
  G_STMT_END

guint           wait_begin      (const char *condition);

G_END_DECLS
