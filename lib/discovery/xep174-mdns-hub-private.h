/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"
#include "xep174-mdns-slots-private.h"
#include "xep174-mdns-stack-private.h"

/* What can stand in the way; the first of them that does is told. */
typedef enum
{
  XEP174_MDNS_PROBLEM_NONE,
  XEP174_MDNS_PROBLEM_OFFLINE, /* no stack, or not published */
  XEP174_MDNS_PROBLEM_SILENT,  /* a stack that does not answer */
  XEP174_MDNS_PROBLEM_BROWSE,
  XEP174_MDNS_PROBLEM_REFUSED, /* people whom the stack has no room to watch */
  XEP174_MDNS_PROBLEM_UNREAD,  /* people who are pointed at and say nothing */
  XEP174_MDNS_PROBLEM_FULL,    /* as many people as the stack remembers */
  XEP174_MDNS_N_PROBLEMS,
} Xep174MdnsProblem;

/* Tells the program, which does whatever it likes then, of one thing that is news. */
typedef void (*Xep174MdnsTellFunc) (Xep174Discovery *owner);

/* What the parts of mDNS discovery share. It is kept alive by an address enumeration that outlives
 * the discovery.
 *
 * A program may do anything in its handlers and callbacks: drop everything, stop and start, run the
 * main loop. So none of them is called while a part is at work. What has happened is noted here, and
 * told in turns of the main loop of their own, a thing a turn, as it is by then. */
typedef struct
{
  gatomicrefcount  ref_count;
  GMainContext    *context; /* that everything happens in */
  Xep174MdnsStack *stack;
  Xep174MdnsSlots *slots;
  char            *domain;
  gboolean         running;
  GQueue           resolvers; /* all that are not done */
  Xep174Discovery *owner;     /* not referenced, NULL once it has gone */
  GError          *problems[XEP174_MDNS_N_PROBLEMS];
  guint            n_people[XEP174_MDNS_N_PROBLEMS];
  gboolean         problem_is_news;
  GQueue           people_news; /* char *: who came, went, or is not as before */
  GHashTable      *people_noted; /* the same, not owned */
  Xep174MdnsTellFunc tell;
  GSource         *turn;
} Xep174MdnsHub;

/* Takes over @stack. */
Xep174MdnsHub *xep174_mdns_hub_new    (Xep174MdnsStack    *stack,
                                       Xep174Discovery    *owner,
                                       Xep174MdnsTellFunc  tell);
Xep174MdnsHub *xep174_mdns_hub_ref    (Xep174MdnsHub *hub);
void           xep174_mdns_hub_unref  (Xep174MdnsHub *hub);
void           xep174_mdns_hub_disown (Xep174MdnsHub *hub);

/* There is news: the owner's function is called in a turn of its own. */
void           xep174_mdns_hub_note        (Xep174MdnsHub *hub);
/* The same, of somebody. */
void           xep174_mdns_hub_note_person (Xep174MdnsHub *hub,
                                            const char    *name);
/* There is none, although it was noted. */
void           xep174_mdns_hub_rest        (Xep174MdnsHub *hub);
/* (transfer full): the first of whom there is news, which there is no longer; NULL for nobody. */
char          *xep174_mdns_hub_take_person (Xep174MdnsHub *hub);
/* Whether there was news of the problem; @problem is what stands in the way now, or NULL. */
gboolean       xep174_mdns_hub_take_problem (Xep174MdnsHub  *hub,
                                             const GError  **problem);
/* Nothing is news any more. */
void           xep174_mdns_hub_forget_news (Xep174MdnsHub *hub);

/* Take @task, which calls back in a turn of its own. */
void           xep174_mdns_return_pointer (GTask          *task,
                                           gpointer        result,
                                           GDestroyNotify  destroy);
void           xep174_mdns_return_error   (GTask  *task,
                                           GError *error);

/* NULL, and it is no more. */
void           xep174_mdns_hub_set_problem  (Xep174MdnsHub     *hub,
                                             Xep174MdnsProblem  problem,
                                             const GError      *error);
/* Somebody has come into, or out of, REFUSED or UNREAD. */
void           xep174_mdns_hub_count_person (Xep174MdnsHub     *hub,
                                             Xep174MdnsProblem  from,
                                             Xep174MdnsProblem  to);
/* How many there are now. */
void           xep174_mdns_hub_check_room   (Xep174MdnsHub *hub,
                                             guint          n_people);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174MdnsHub, xep174_mdns_hub_unref)
