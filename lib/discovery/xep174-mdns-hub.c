/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-hub-private.h"

/* One who is pointed at and says nothing may have left; so many have not. */
#define UNREAD_MAX 16

/* Of one person on a link: PTR, SRV and TXT. */
#define RECORDS_A_PERSON 3
/* Their hosts' and other services' records take room as well. */
#define RECORDS_OF_OTHERS 96

Xep174MdnsHub *
xep174_mdns_hub_new (Xep174MdnsStack *stack,
                     Xep174Discovery *owner)
{
  Xep174MdnsHub *hub = g_new0 (Xep174MdnsHub, 1);

  g_atomic_ref_count_init (&hub->ref_count);
  hub->context = g_main_context_ref_thread_default ();
  hub->stack = stack;
  hub->slots = xep174_mdns_slots_new (stack);
  hub->domain = g_strdup (xep174_discovery_get_domain (owner));
  hub->owner = owner;
  g_queue_init (&hub->resolvers);
  xep174_mdns_slots_set_paused (hub->slots, TRUE);

  return hub;
}

Xep174MdnsHub *
xep174_mdns_hub_ref (Xep174MdnsHub *hub)
{
  g_atomic_ref_count_inc (&hub->ref_count);

  return hub;
}

void
xep174_mdns_hub_unref (Xep174MdnsHub *hub)
{
  if (!g_atomic_ref_count_dec (&hub->ref_count))
    return;

  xep174_mdns_hub_disown (hub);
  for (guint i = 0; i < XEP174_MDNS_N_PROBLEMS; i++)
    g_clear_error (&hub->problems[i]);
  xep174_mdns_slots_free (hub->slots);
  g_object_unref (hub->stack);
  g_main_context_unref (hub->context);
  g_free (hub->domain);
  g_free (hub);
}

void
xep174_mdns_hub_disown (Xep174MdnsHub *hub)
{
  hub->owner = NULL;
  xep174_clear_source (&hub->tell);
}

static gboolean
on_tell (gpointer user_data)
{
  Xep174MdnsHub *hub = user_data;
  G_GNUC_UNUSED g_autoptr(Xep174Discovery) owner = g_object_ref (hub->owner);
  const GError *first = NULL;

  xep174_clear_source (&hub->tell);
  for (guint i = 0; i < XEP174_MDNS_N_PROBLEMS && first == NULL; i++)
    first = hub->problems[i];
  xep174_discovery_set_problem (owner, first);

  return G_SOURCE_REMOVE;
}

void
xep174_mdns_hub_set_problem (Xep174MdnsHub     *hub,
                             Xep174MdnsProblem  problem,
                             const GError      *error)
{
  if (error == NULL && hub->problems[problem] == NULL)
    return;

  g_clear_error (&hub->problems[problem]);
  hub->problems[problem] = error != NULL ? g_error_copy (error) : NULL;
  if (hub->owner != NULL && hub->tell == NULL)
    hub->tell = xep174_mdns_stack_after (hub->stack, 0, on_tell, hub);
}

static void
set_limit (Xep174MdnsHub     *hub,
           Xep174MdnsProblem  problem,
           gboolean           is_reached,
           const char        *message)
{
  g_autoptr(GError) error = NULL;

  if (is_reached == (hub->problems[problem] != NULL))
    return;

  if (is_reached)
    error = g_error_new_literal (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_LIMIT, message);
  xep174_mdns_hub_set_problem (hub, problem, error);
}

void
xep174_mdns_hub_count_person (Xep174MdnsHub     *hub,
                              Xep174MdnsProblem  from,
                              Xep174MdnsProblem  to)
{
  hub->n_people[from]--;
  hub->n_people[to]++;

  set_limit (hub, XEP174_MDNS_PROBLEM_REFUSED, hub->n_people[XEP174_MDNS_PROBLEM_REFUSED] > 0,
             "The mDNS stack has no room to watch all who are here, trying again; "
             "for avahi-daemon see clients-max and objects-per-client-max in avahi-daemon.conf");
  set_limit (hub, XEP174_MDNS_PROBLEM_UNREAD,
             hub->n_people[XEP174_MDNS_PROBLEM_UNREAD] > UNREAD_MAX,
             "Many are announced and say nothing, and are missing: the mDNS cache is full, or "
             "nobody is there; for avahi-daemon see cache-entries-max in avahi-daemon.conf");
}

void
xep174_mdns_hub_check_room (Xep174MdnsHub *hub,
                            guint          n_people)
{
  guint max = XEP174_MDNS_STACK_GET_CLASS (hub->stack)->records_max;

  set_limit (hub, XEP174_MDNS_PROBLEM_FULL,
             max > 0 && n_people * RECORDS_A_PERSON + RECORDS_OF_OTHERS > max,
             "There are as many people here as the mDNS cache has room for, others may be missing; "
             "for avahi-daemon see cache-entries-max in avahi-daemon.conf");
}
