/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stage.h"
#include "world.h"

G_BEGIN_DECLS

typedef struct
{
  World *world;
  /* The initiator's end is the first. */
  MemoryStream *ends[2];
  GString *wrote[2];
  GString *reached[2]; /* what has reached the other end */
  gint64 said_footer[2]; /* when, in ms */
  guint initiator;
  gboolean cut;
  gboolean narrow;
} Wire;

struct _World
{
  Stage *stage;
  WorldDie die;
  gpointer die_data;
  gboolean harm;
  Xep174SessionManager *sides[2];
  gconstpointer second; /* the manager of the second side, also while it goes */
  GPtrArray *wires;
  guint still_ms;
  guint closed[2];       /* how often the session was */
  guint asked[2];        /* messages that were sent, numbered from 0 */
  GHashTable *fate[2];   /* number -> 'y' sent, 'n' not sent, '?' half */
  GHashTable *doubtful[2];
  GArray *got[2];        /* what the other side got, in order */
  GPtrArray *requests;   /* cancellables of what was asked for */
  WorldFault (*fault) (gpointer data);
  gpointer fault_data;
  GPtrArray *strangers;  /* the far ends of connections that are none of the two's */
};

extern const char *const world_names[];

/* To cancel what is asked for now, see world_cancel(). */
GCancellable *world_add_request     (World *world);
/* Writes down what the manager of that side gets, and what it cannot vouch for. */
void          world_follow_messages (World *world,
                                     guint  side);
/* A question, which must hear how its session ends first. Whoever begins anew then need not say all again. */
void          world_ask             (World *world,
                                     guint  side);
/* S7: what that side has sent. */
void          world_check_messages  (World *world,
                                     guint  side);

G_END_DECLS
