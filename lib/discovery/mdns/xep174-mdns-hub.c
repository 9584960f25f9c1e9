/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-hub-private.h"

#include "xep174-gettext-private.h"
#include "xep174-name-private.h"

/* If a few people have a PTR record and nothing else, they may have left. If there are more than
 * this, that is not the reason. */
#define UNREAD_MAX 16

/* How many records one person has on a link: PTR, SRV and TXT. */
#define RECORDS_A_PERSON 3
/* The records of hosts and of other services need room, too. */
#define RECORDS_OF_OTHERS 96

/* One turn may run inside another: a program that is told one thing may run the main loop until it
 * hears of the next. */
static gboolean
on_turn (GSource     *source,
         GSourceFunc  callback,
         gpointer     user_data)
{
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

static GSourceFuncs turn_funcs = { .dispatch = on_turn };

static gboolean
tell (gpointer user_data)
{
  Xep174MdnsHub *hub = user_data;
  g_autoptr(Xep174Discovery) owner = g_object_ref (hub->owner);

  hub->tell (owner);

  return G_SOURCE_CONTINUE;
}

static GSource *
make_turn (Xep174MdnsHub *hub)
{
  GSource *turn = g_source_new (&turn_funcs, sizeof (GSource));

  g_source_set_static_name (turn, "xep174-mdns-tell");
  g_source_set_can_recurse (turn, TRUE);
  g_source_set_callback (turn, tell, hub, NULL);
  g_source_attach (turn, hub->context);

  return turn;
}

Xep174MdnsHub *
xep174_mdns_hub_new (Xep174MdnsStack    *stack,
                     Xep174Discovery    *owner,
                     Xep174MdnsTellFunc  tell_owner)
{
  Xep174MdnsHub *hub = g_new0 (Xep174MdnsHub, 1);

  g_atomic_ref_count_init (&hub->ref_count);
  hub->context = g_main_context_ref_thread_default ();
  hub->stack = stack;
  hub->slots = xep174_mdns_slots_new (stack);
  hub->domain = g_strdup (xep174_discovery_get_domain (owner));
  hub->owner = owner;
  hub->tell = tell_owner;
  hub->turn = make_turn (hub);
  hub->people_noted = g_hash_table_new (xep174_name_hash, xep174_name_equal);
  g_queue_init (&hub->people_news);
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
  g_hash_table_unref (hub->people_noted);
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
  xep174_mdns_hub_forget_news (hub);
  xep174_clear_source (&hub->turn);
}

/* What is news */

void
xep174_mdns_hub_note (Xep174MdnsHub *hub)
{
  if (hub->turn != NULL)
    g_source_set_ready_time (hub->turn, 0);
}

void
xep174_mdns_hub_rest (Xep174MdnsHub *hub)
{
  g_source_set_ready_time (hub->turn, -1);
}

void
xep174_mdns_hub_note_person (Xep174MdnsHub *hub,
                             const char    *name)
{
  char *noted;

  if (hub->owner == NULL || g_hash_table_contains (hub->people_noted, name))
    return;

  noted = g_strdup (name);
  g_hash_table_add (hub->people_noted, noted);
  g_queue_push_tail (&hub->people_news, noted);
  xep174_mdns_hub_note (hub);
}

char *
xep174_mdns_hub_take_person (Xep174MdnsHub *hub)
{
  char *name = g_queue_pop_head (&hub->people_news);

  if (name != NULL)
    g_hash_table_remove (hub->people_noted, name);

  return name;
}

gboolean
xep174_mdns_hub_take_problem (Xep174MdnsHub  *hub,
                              const GError  **problem)
{
  gboolean is_news = hub->problem_is_news;

  hub->problem_is_news = FALSE;
  *problem = NULL;
  for (guint i = 0; i < XEP174_MDNS_N_PROBLEMS && *problem == NULL; i++)
    *problem = hub->problems[i];

  return is_news;
}

void
xep174_mdns_hub_forget_news (Xep174MdnsHub *hub)
{
  hub->problem_is_news = FALSE;
  g_hash_table_remove_all (hub->people_noted);
  g_queue_clear_full (&hub->people_news, g_free);
}

typedef struct
{
  GTask          *task;
  gpointer        result;
  GDestroyNotify  destroy;
  GError         *error;
} Answer;

static gboolean
on_answer (gpointer user_data)
{
  Answer *answer = user_data;

  if (answer->error != NULL)
    g_task_return_error (answer->task, g_steal_pointer (&answer->error));
  else
    g_task_return_pointer (answer->task, g_steal_pointer (&answer->result), answer->destroy);

  return G_SOURCE_REMOVE;
}

/* Also called if the main loop ends before the turn comes. */
static void
answer_free (gpointer user_data)
{
  Answer *answer = user_data;

  if (answer->result != NULL && answer->destroy != NULL)
    answer->destroy (answer->result);
  g_clear_error (&answer->error);
  g_object_unref (answer->task);
  g_free (answer);
}

static void
return_later (GTask          *task,
              gpointer        result,
              GDestroyNotify  destroy,
              GError         *error)
{
  g_autoptr(GSource) source = g_idle_source_new ();
  Answer *answer = g_new (Answer, 1);

  *answer = (Answer) { task, result, destroy, error };
  g_source_set_static_name (source, "xep174-mdns-answer");
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, on_answer, answer, answer_free);
  g_source_attach (source, g_task_get_context (task));
}

void
xep174_mdns_return_pointer (GTask          *task,
                            gpointer        result,
                            GDestroyNotify  destroy)
{
  return_later (task, result, destroy, NULL);
}

void
xep174_mdns_return_error (GTask  *task,
                          GError *error)
{
  return_later (task, NULL, NULL, error);
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
  hub->problem_is_news = TRUE;
  xep174_mdns_hub_note (hub);
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
             _("The mDNS stack has no room to watch all who are here, trying again; for "
               "avahi-daemon see clients-max and objects-per-client-max in avahi-daemon.conf"));
  set_limit (hub, XEP174_MDNS_PROBLEM_UNREAD,
             hub->n_people[XEP174_MDNS_PROBLEM_UNREAD] > UNREAD_MAX,
             _("Many are announced and say nothing, and are missing: the mDNS cache is full, or "
               "nobody is there; for avahi-daemon see cache-entries-max in avahi-daemon.conf"));
}

void
xep174_mdns_hub_check_room (Xep174MdnsHub *hub,
                            guint          n_people)
{
  guint max = xep174_mdns_stack_get_records_max (hub->stack);

  set_limit (hub, XEP174_MDNS_PROBLEM_FULL,
             max > 0 && n_people * RECORDS_A_PERSON + RECORDS_OF_OTHERS > max,
             _("There are as many people here as the mDNS cache has room for, others may be "
               "missing; for avahi-daemon see cache-entries-max in avahi-daemon.conf"));
}
