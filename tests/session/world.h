/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two whole managers joined in memory, and a die that decides what happens next: octets arrive
 * one, some or all at a time, connections are taken, refused, broken or cut, buffers fill, time
 * passes, both sides send and close. Then everything is let go to its end. In every run:
 *
 *  S1: no stanza of a recipient before one of the initiator has reached it;
 *  S3: one stream at most at rest;
 *  S6: none is opened while an old one is closing;
 *  S7: every stanza arrives once and in order, or its sender is told;
 *
 * and who waits for an answer that will not come is told before that its session has ended. */

typedef struct _World World;

/* A number below @n. */
typedef guint (*WorldDie) (gpointer data,
                           guint    n);

/* @harm: connections may break. */
World *world_new          (WorldDie  die,
                           gpointer  die_data,
                           gboolean  harm);
/* One thing happens. */
void   world_happen       (World    *world);
/* Somebody else connects to one of the two and says these octets. */
void   world_add_stranger (World         *world,
                           gconstpointer  octets,
                           gsize          length);

/* What a story is told with: @side is 0 or 1. */
void     world_send      (World *world,
                          guint  side);
void     world_close     (World *world,
                          guint  side);
/* Connections are taken, and what is under way arrives. */
void     world_let_go    (World *world);
/* The same, but so many octets arrive at a time. */
void     world_trickle   (World *world,
                          guint  quantum);
void     world_wait      (World *world,
                          guint  ms);
/* The request of that number, in the order in which they were made; FALSE if there is none. */
gboolean world_cancel    (World *world,
                          guint  number);
/* The manager of that side is no more. */
void     world_drop      (World *world,
                          guint  side);

/* What may happen at any read or write of either side. */
typedef enum
{
  WORLD_FAULT_NONE,
  WORLD_FAULT_AGAIN,
  WORLD_FAULT_SHORT,
  WORLD_FAULT_RESET,
  WORLD_FAULT_TIME_OUT,
  WORLD_FAULT_SILENCE,
  N_WORLD_FAULTS
} WorldFault;

/* Asked before each. */
void     world_set_fault (World       *world,
                          WorldFault (*fault) (gpointer data),
                          gpointer     data);
/* Called after each step of the main loop. */
void     world_set_step  (World    *world,
                          void    (*step) (gpointer data),
                          gpointer  data);

/* How many messages were lost in all worlds so far in the one way that nobody can tell: both sides
 * have closed, the closing tags have crossed, and so has the message. */
extern guint world_crossed;

/* Lets everything go to its end, asserts what must hold, and frees the world. */
void   world_end          (World    *world);

G_END_DECLS
