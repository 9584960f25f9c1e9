/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"
#include "xep174-mdns-slots-private.h"
#include "xep174-mdns-stack-private.h"

/* What may not work. If there are several problems, the first of this list is told. */
typedef enum
{
  XEP174_MDNS_PROBLEM_NONE,
  XEP174_MDNS_PROBLEM_OFFLINE, /* no stack, or not published */
  XEP174_MDNS_PROBLEM_SILENT,  /* a stack that does not answer */
  XEP174_MDNS_PROBLEM_BROWSE,
  XEP174_MDNS_PROBLEM_REFUSED, /* the stack has no room to watch some people */
  XEP174_MDNS_PROBLEM_UNREAD,  /* some people have a PTR record and nothing else */
  XEP174_MDNS_PROBLEM_FULL,    /* there are as many people as the stack can remember */
  XEP174_MDNS_PROBLEM_AVATAR,  /* our picture is not there for others */
  XEP174_MDNS_N_PROBLEMS,
} Xep174MdnsProblem;

/* Tells the program one piece of news. The program may then do anything. */
typedef void (*Xep174MdnsTellFunc) (Xep174Discovery *owner);

/* What the parts of mDNS discovery share. An enumeration of addresses that lives longer than the
 * discovery keeps it alive.
 *
 * A program may do anything in its handlers and callbacks: drop everything, stop and start, run the
 * main loop. So none of them is called while a part is at work. What has happened is noted here. It
 * is told later, one thing in each turn of the main loop, as it is true by then. */
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
  GQueue           people_news; /* char *: those who came, went, or have changed */
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

/* There is news: calls the owner's function in a turn of its own. */
void           xep174_mdns_hub_note        (Xep174MdnsHub *hub);
/* The same for news about a person. */
void           xep174_mdns_hub_note_person (Xep174MdnsHub *hub,
                                            const char    *name);
/* Takes a note back: there is no news. */
void           xep174_mdns_hub_rest        (Xep174MdnsHub *hub);
/* (transfer full): the first person about whom there is news, or NULL; that news is then done. */
char          *xep174_mdns_hub_take_person (Xep174MdnsHub *hub);
/* Whether there was news about the problem. @problem is what does not work now, or NULL. */
gboolean       xep174_mdns_hub_take_problem (Xep174MdnsHub  *hub,
                                             const GError  **problem);
/* Forgets all news. */
void           xep174_mdns_hub_forget_news (Xep174MdnsHub *hub);

/* These take over @task. It calls back in a turn of its own. */
void           xep174_mdns_return_pointer (GTask          *task,
                                           gpointer        result,
                                           GDestroyNotify  destroy);
void           xep174_mdns_return_error   (GTask  *task,
                                           GError *error);

/* With NULL the problem is over. */
void           xep174_mdns_hub_set_problem  (Xep174MdnsHub     *hub,
                                             Xep174MdnsProblem  problem,
                                             const GError      *error);
/* A person has moved from @from to @to; only REFUSED and UNREAD are counted. */
void           xep174_mdns_hub_count_person (Xep174MdnsHub     *hub,
                                             Xep174MdnsProblem  from,
                                             Xep174MdnsProblem  to);
/* Compares how many people there are now with what the stack can remember. */
void           xep174_mdns_hub_check_room   (Xep174MdnsHub *hub,
                                             guint          n_people);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174MdnsHub, xep174_mdns_hub_unref)
