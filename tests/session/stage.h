/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "memory-stream.h"
#include "xep174-session-manager-private.h"

G_BEGIN_DECLS

/* Session managers without a network and without time: a test accepts or refuses each connection
 * that they ask for, and the clock stands still until the test turns it. */

typedef struct
{
  Xep174Clock *clock;
  Xep174Poller *poller;
  GRand *random;
  GQueue dials; /* of StageDial */
  GString *log;
  /* Of the managers that are made, %NULL at first. It is not asked when they dial. */
  Xep174Directory *directory;
  /* How many addresses everybody has: 1 at first. */
  guint n_addresses;
  /* Called when a manager begins to dial. */
  void (*on_dial) (const char *from,
                   gpointer    data);
  gpointer on_dial_data;
  /* Called after each step of the main loop, if not %NULL. */
  void (*on_step) (gpointer data);
  gpointer on_step_data;
} Stage;

typedef struct
{
  char *from;
  char *to;
  char *at; /* the address that is called alone, if there is one */
  GTask *task;
} StageDial;

Stage                *stage_new          (void);
void                  stage_free         (Stage *stage);
/* The address of that number that everybody has. */
GSocketAddress       *stage_address_new  (guint number);
/* A manager that believes what a header claims, and whose signals are logged. */
Xep174SessionManager *stage_manager_new  (Stage      *stage,
                                          const char *name);
/* Lets everything happen that can happen without time. */
void                  stage_settle       (Stage *stage);
void                  stage_advance      (Stage *stage,
                                          guint  ms);
/* What was logged since the last call. */
char                 *stage_take_log     (Stage *stage);

/* The first dial that waits and is not cancelled, %NULL without one. */
StageDial            *stage_next_dial    (Stage *stage);
/* The other end. */
MemoryStream         *stage_accept       (Stage     *stage,
                                          StageDial *dial);
void                  stage_refuse       (Stage     *stage,
                                          StageDial *dial);

/* Log what becomes of a request. */
void                  stage_send         (Stage                *stage,
                                          Xep174SessionManager *manager,
                                          const char           *to,
                                          const char           *body);
void                  stage_send_xml     (Stage                *stage,
                                          Xep174SessionManager *manager,
                                          const char           *to,
                                          const char           *xml,
                                          GCancellable         *cancellable);
void                  stage_open         (Stage                *stage,
                                          Xep174SessionManager *manager,
                                          const char           *to);
void                  stage_close        (Stage                *stage,
                                          Xep174SessionManager *manager,
                                          const char           *to);

G_END_DECLS
