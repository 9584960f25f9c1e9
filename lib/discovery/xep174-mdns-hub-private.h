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
  XEP174_MDNS_PROBLEM_BROWSE,
  XEP174_MDNS_PROBLEM_REFUSED, /* people whom the stack has no room to watch */
  XEP174_MDNS_PROBLEM_UNREAD,  /* people who are pointed at and say nothing */
  XEP174_MDNS_PROBLEM_FULL,    /* as many people as the stack remembers */
  XEP174_MDNS_N_PROBLEMS,
} Xep174MdnsProblem;

/* What the parts of mDNS discovery share. It is kept alive by an address enumeration that outlives
 * the discovery. */
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
  GSource         *tell;
} Xep174MdnsHub;

/* Takes over @stack. */
Xep174MdnsHub *xep174_mdns_hub_new   (Xep174MdnsStack *stack,
                                      Xep174Discovery *owner);
Xep174MdnsHub *xep174_mdns_hub_ref   (Xep174MdnsHub *hub);
void           xep174_mdns_hub_unref (Xep174MdnsHub *hub);
void           xep174_mdns_hub_disown (Xep174MdnsHub *hub);

/* NULL, and it is no more. The owner hears of it in a turn of its own. */
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
