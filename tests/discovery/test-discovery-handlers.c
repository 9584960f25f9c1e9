/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Handlers that do anything, at random: whatever they do, at each emission the list, the look-up, the
 * properties and the signals say the same. Two who watch and do nothing are called before and after
 * the one that acts. A failure prints the seed; --seed runs it again. */

#include "fake-discovery.h"
#include "xep174-directory.h"
#include "xep174-manual-discovery.h"

#define STEPS 100000
#define DEPTH_MAX 4

static const char *const names[] = {
  "a@x", "b@x", "B@X", "c@x", "d@x", "juliet@capulet", "Juliet@Capulet", "juliet@verona",
};

typedef struct
{
  guint n_inner_loops; /* before it */
  gpointer object;
  GParamSpec *pspec; /* NULL for signals other than notify */
} Emission;

typedef struct
{
  gboolean by_hand;
  Xep174Discovery *discovery; /* NULL once it is dropped */
  gpointer alive;             /* the same, not held */
  Xep174Profile *profile;
  GListModel *model;
  GCancellable *cancellable;

  GPtrArray *mirror;      /* what items-changed told the first watcher */
  GPtrArray *last_mirror; /* and the last one */
  GHashTable *told;       /* who was added and not removed */
  GHashTable *known;      /* contacts that are held and listened to */
  GArray *emissions;      /* of Emission, those that go on */
  guint n_inner_loops;
  guint depth;

  guint n_pending;  /* calls that have not called back */
  guint n_contacts; /* that a backend or a start may have brought */
  guint n_starts;
  guint steps;
  guint n_emissions;
} World;

static void act (World *world);

static guint
below (guint limit)
{
  return g_test_rand_int_range (0, limit);
}

static const char *
any_name (void)
{
  return names[below (G_N_ELEMENTS (names))];
}

/* --- Watching ---------------------------------------------------------------------------- */

static gboolean
is_listed (World         *world,
           Xep174Contact *contact)
{
  for (guint i = 0; i < g_list_model_get_n_items (world->model); i++)
    {
      g_autoptr(Xep174Contact) item = g_list_model_get_item (world->model, i);

      if (item == contact)
        return TRUE;
    }

  return FALSE;
}

static void
assert_mirrors (GListModel *model,
                GPtrArray  *mirror)
{
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, mirror->len);
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autoptr(Xep174Contact) item = g_list_model_get_item (model, i);

      g_assert_true (item == g_ptr_array_index (mirror, i));
    }
}

static void
assert_agrees (World *world)
{
  GHashTableIter iter;
  gpointer contact;

  for (guint i = 0; i < g_list_model_get_n_items (world->model); i++)
    {
      g_autoptr(Xep174Contact) item = g_list_model_get_item (world->model, i);
      const char *name = xep174_contact_get_name (item);

      g_assert_true (xep174_contact_get_online (item));
      if (world->alive == NULL)
        continue;
      /* The only one of that name, and not ourselves. */
      g_assert_true (xep174_discovery_find_contact (world->alive, name) == item);
      if (xep174_discovery_get_local_name (world->alive) != NULL)
        g_assert_cmpint (g_ascii_strcasecmp (xep174_discovery_get_local_name (world->alive), name),
                         !=, 0);
    }

  g_hash_table_iter_init (&iter, world->known);
  while (g_hash_table_iter_next (&iter, &contact, NULL))
    g_assert_cmpint (xep174_contact_get_online (contact), ==, is_listed (world, contact));
}

/* A notification in a notification of the same property is none of its own: it begins again. */
static gboolean
begins_again (World      *world,
              gpointer    object,
              GParamSpec *pspec)
{
  const Emission *latest;

  if (pspec == NULL || world->emissions->len == 0)
    return FALSE;

  latest = &g_array_index (world->emissions, Emission, world->emissions->len - 1);
  return latest->object == object && latest->pspec == pspec;
}

static void
first (World      *world,
       gpointer    object,
       GParamSpec *pspec)
{
  Emission emission = { world->n_inner_loops, object, pspec };

  world->n_emissions++;
  if (!begins_again (world, object, pspec))
    g_array_append_val (world->emissions, emission);
  assert_mirrors (world->model, world->mirror);
  assert_agrees (world);
}

/* A main loop that a handler runs lets news in before those behind the handler hear of this one. */
static gboolean
last (World *world)
{
  guint before = g_array_index (world->emissions, Emission, 0).n_inner_loops;

  g_array_set_size (world->emissions, world->emissions->len - 1);
  assert_agrees (world);
  return before == world->n_inner_loops;
}

static void
copy (GListModel *model,
      guint       position,
      guint       removed,
      guint       added,
      GPtrArray  *mirror)
{
  g_assert_cmpuint (position + removed, <=, mirror->len);
  if (removed > 0)
    g_ptr_array_remove_range (mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror, position + i, g_list_model_get_item (model, position + i));
}

static void
on_items_changed_first (GListModel *model,
                        guint       position,
                        guint       removed,
                        guint       added,
                        World      *world)
{
  copy (model, position, removed, added, world->mirror);
  first (world, model, NULL);
}

static void
on_items_changed_last (GListModel *model,
                       guint       position,
                       guint       removed,
                       guint       added,
                       World      *world)
{
  if (last (world))
    {
      copy (model, position, removed, added, world->last_mirror);
      assert_mirrors (model, world->last_mirror);
      return;
    }

  g_ptr_array_set_size (world->last_mirror, 0);
  copy (model, 0, 0, g_list_model_get_n_items (model), world->last_mirror);
}

static void
on_property_first (GObject    *object,
                   GParamSpec *pspec,
                   World      *world)
{
  first (world, object, pspec);
}

static void
on_property_last (GObject    *object,
                  GParamSpec *pspec,
                  World      *world)
{
  last (world);
}

static void
on_plain_first (gpointer  object,
                World    *world)
{
  first (world, object, NULL);
}

static void
on_plain_last (gpointer  object,
               World    *world)
{
  last (world);
}

static void
on_items_changed_act (GListModel *model,
                      guint       position,
                      guint       removed,
                      guint       added,
                      World      *world)
{
  act (world);
}

static void
on_argument_act (gpointer  object,
                 gpointer  argument,
                 World    *world)
{
  act (world);
}

static void
on_plain_act (gpointer  object,
              World    *world)
{
  act (world);
}

static void
watch_contact (World         *world,
               Xep174Contact *contact)
{
  if (!g_hash_table_add (world->known, g_object_ref (contact)))
    return;

  g_signal_connect (contact, "notify", G_CALLBACK (on_property_first), world);
  g_signal_connect (contact, "notify", G_CALLBACK (on_argument_act), world);
  g_signal_connect (contact, "notify", G_CALLBACK (on_property_last), world);
  g_signal_connect (contact, "changed", G_CALLBACK (on_plain_first), world);
  g_signal_connect (contact, "changed", G_CALLBACK (on_plain_act), world);
  g_signal_connect (contact, "changed", G_CALLBACK (on_plain_last), world);
}

static void
forget_contact (World *world)
{
  GHashTableIter iter;
  gpointer contact;
  guint skip = g_hash_table_size (world->known) > 0 ? below (g_hash_table_size (world->known)) : 0;

  /* In an emission of its own the one would miss its last watcher. */
  if (world->emissions->len > 0)
    return;

  g_hash_table_iter_init (&iter, world->known);
  while (g_hash_table_iter_next (&iter, &contact, NULL))
    if (skip-- == 0)
      {
        g_signal_handlers_disconnect_by_data (contact, world);
        g_hash_table_iter_remove (&iter);
        return;
      }
}

static void
on_added_first (Xep174Discovery *discovery,
                Xep174Contact   *contact,
                World           *world)
{
  first (world, discovery, NULL);
  g_assert_true (is_listed (world, contact));
  g_assert_true (g_hash_table_add (world->told, contact));
  watch_contact (world, contact);
}

static void
on_added_last (Xep174Discovery *discovery,
               Xep174Contact   *contact,
               World           *world)
{
  if (last (world))
    g_assert_true (is_listed (world, contact));
}

static void
on_removed_first (Xep174Discovery *discovery,
                  Xep174Contact   *contact,
                  World           *world)
{
  first (world, discovery, NULL);
  g_assert_false (is_listed (world, contact));
  g_assert_false (xep174_contact_get_online (contact));
  g_assert_null (xep174_discovery_find_contact (discovery, xep174_contact_get_name (contact)));
  g_assert_true (g_hash_table_remove (world->told, contact));
}

static void
on_removed_last (Xep174Discovery *discovery,
                 Xep174Contact   *contact,
                 World           *world)
{
  if (last (world))
    g_assert_false (is_listed (world, contact));
}

/* Who is in the list has been announced, and nobody else. */
static void
assert_told (World *world)
{
  if (world->discovery == NULL)
    return;

  g_assert_cmpuint (g_hash_table_size (world->told), ==, g_list_model_get_n_items (world->model));
  for (guint i = 0; i < world->mirror->len; i++)
    g_assert_true (g_hash_table_contains (world->told, g_ptr_array_index (world->mirror, i)));
}

/* --- Acting ------------------------------------------------------------------------------ */

typedef struct
{
  World *world;
  guint n_contacts;
  guint n_starts;
} Call;

static Call *
call_new (World *world)
{
  Call *call = g_new (Call, 1);

  *call = (Call) { world, world->n_contacts, world->n_starts };
  world->n_pending++;
  return call;
}

static void
on_started (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  g_autofree Call *call = data;
  g_autoptr(GError) error = NULL;

  call->world->n_pending--;
  if (!xep174_discovery_start_finish (XEP174_DISCOVERY (object), result, &error))
    {
      g_assert_nonnull (error);
      if (call->n_starts == call->world->n_starts && strstr (error->message, "already") == NULL)
        g_assert_false (xep174_discovery_get_running (XEP174_DISCOVERY (object)));
    }
  act (call->world);
}

static void
on_stopped (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  g_autofree Call *call = data;
  World *world = call->world;

  world->n_pending--;
  xep174_discovery_stop_finish (XEP174_DISCOVERY (object), result, NULL);
  if (call->n_starts == world->n_starts)
    {
      g_assert_false (xep174_discovery_get_running (XEP174_DISCOVERY (object)));
      g_assert_null (xep174_discovery_get_local_name (XEP174_DISCOVERY (object)));
      g_assert_null (xep174_discovery_get_profile (XEP174_DISCOVERY (object)));
      if (call->n_contacts == world->n_contacts)
        g_assert_cmpuint (g_list_model_get_n_items (world->model), ==, 0);
    }
  act (world);
}

static void
stop (World *world)
{
  Call *call = call_new (world);

  /* A stop of what is stopped leaves those who were added meanwhile. */
  if (!xep174_discovery_get_running (world->discovery))
    call->n_contacts = G_MAXUINT;
  xep174_discovery_stop_async (world->discovery, NULL, on_stopped, call);
}

static void
start (World *world)
{
  world->n_starts++;
  if (below (4) == 0)
    g_cancellable_cancel (world->cancellable);
  if (g_cancellable_is_cancelled (world->cancellable) && below (2))
    {
      g_object_unref (world->cancellable);
      world->cancellable = g_cancellable_new ();
    }
  xep174_discovery_start_async (world->discovery, below (4) ? world->profile : NULL, 5298,
                                world->cancellable, on_started, call_new (world));
}

static void
change_profile (World *world)
{
  static const char *const machines[] = { "capulet", "verona" };

  switch (below (3))
    {
    case 0:
      xep174_profile_set_machine (world->profile, machines[below (2)], NULL);
      break;
    case 1:
      xep174_profile_set_status (world->profile, below (3), below (2) ? "Here" : NULL, NULL);
      break;
    default:
      xep174_profile_set_nick (world->profile, below (2) ? "J" : NULL, NULL);
    }
}

static void
put (World *world)
{
  Xep174Contact *contact;

  if (world->by_hand)
    contact = xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (world->discovery), any_name (),
                                           "192.0.2.1", 5298, NULL);
  else
    {
      static const char *const records[] = { "\010status=x", "\013status=away\005msg=1", "\005msg=2" };
      const char *record = records[below (G_N_ELEMENTS (records))];
      g_autoptr(GBytes) txt = g_bytes_new_static (record, strlen (record));

      contact = xep174_discovery_put_contact (world->discovery, any_name (),
                                              below (4) ? txt : NULL);
    }

  world->n_contacts++;
  if (contact != NULL && below (2))
    watch_contact (world, contact);
}

static void
take (World *world)
{
  if (world->by_hand)
    xep174_manual_discovery_remove (XEP174_MANUAL_DISCOVERY (world->discovery), any_name ());
  else
    xep174_discovery_remove_contact (world->discovery, any_name ());
}

static void
answer (World *world)
{
  FakeDiscovery *fake = world->alive;
  gboolean well = below (4) != 0;

  if (world->by_hand || fake == NULL)
    return;

  if (fake->start != NULL)
    fake_discovery_end_start (fake, well ? NULL
                                         : g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "failed"));
  else if (fake->stop != NULL)
    fake_discovery_end_stop (fake, well ? NULL
                                        : g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "stuck"));
}

static void
report (World *world)
{
  g_autoptr(GError) problem = g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_LIMIT,
                                           "%u", below (2));

  switch (below (6))
    {
    case 0:
      xep174_discovery_set_problem (world->discovery, below (2) ? problem : NULL);
      break;
    case 1:
      xep174_discovery_network_changed (world->discovery);
      break;
    case 2:
      xep174_directory_report_failure (XEP174_DIRECTORY (world->discovery), any_name ());
      break;
    case 3:
      xep174_discovery_set_doubtful (world->discovery, any_name (), below (2));
      break;
    case 4:
      if (!world->by_hand && xep174_discovery_get_profile (world->discovery) != NULL)
        xep174_discovery_set_local_name (world->discovery, any_name ());
      break;
    default:
      {
        g_autoptr(GSocketConnectable) way = NULL;

        way = xep174_directory_dup_connectable (XEP174_DIRECTORY (world->discovery), any_name (),
                                                NULL);
      }
    }
}

static void
run_main_loop (World *world)
{
  guint turns = 1 + below (4);

  world->n_inner_loops++;
  while (turns-- > 0)
    g_main_context_iteration (NULL, FALSE);
}

static void
act_once (World *world)
{
  world->steps++;
  if (world->discovery == NULL)
    {
      if (below (2))
        answer (world);
      else
        run_main_loop (world);
      return;
    }

  switch (below (24))
    {
    case 0 ... 6:
      put (world);
      break;
    case 7 ... 10:
      take (world);
      break;
    case 11 ... 12:
      start (world);
      break;
    case 13 ... 14:
      stop (world);
      break;
    case 15 ... 16:
      answer (world);
      break;
    case 17:
      change_profile (world);
      break;
    case 18 ... 19:
      report (world);
      break;
    case 20 ... 21:
      run_main_loop (world);
      break;
    case 22:
      forget_contact (world);
      break;
    default:
      if (below (8) == 0)
        g_clear_object (&world->discovery);
      else if (below (2))
        g_cancellable_cancel (world->cancellable);
    }
}

static void
act (World *world)
{
  if (world->depth >= DEPTH_MAX || below (3) != 0)
    return;

  world->depth++;
  for (guint i = below (3) + 1; i > 0; i--)
    act_once (world);
  world->depth--;
}

/* --- A life ------------------------------------------------------------------------------ */

static void
connect_handlers (World *world)
{
  g_signal_connect (world->model, "items-changed", G_CALLBACK (on_items_changed_first), world);
  g_signal_connect (world->model, "items-changed", G_CALLBACK (on_items_changed_act), world);
  g_signal_connect (world->model, "items-changed", G_CALLBACK (on_items_changed_last), world);
  g_signal_connect (world->alive, "contact-added", G_CALLBACK (on_added_first), world);
  g_signal_connect (world->alive, "contact-added", G_CALLBACK (on_argument_act), world);
  g_signal_connect (world->alive, "contact-added", G_CALLBACK (on_added_last), world);
  g_signal_connect (world->alive, "contact-removed", G_CALLBACK (on_removed_first), world);
  g_signal_connect (world->alive, "contact-removed", G_CALLBACK (on_argument_act), world);
  g_signal_connect (world->alive, "contact-removed", G_CALLBACK (on_removed_last), world);
  g_signal_connect (world->alive, "notify", G_CALLBACK (on_property_first), world);
  g_signal_connect (world->alive, "notify", G_CALLBACK (on_argument_act), world);
  g_signal_connect (world->alive, "notify", G_CALLBACK (on_property_last), world);
  g_signal_connect (world->alive, "network-changed", G_CALLBACK (on_plain_first), world);
  g_signal_connect (world->alive, "network-changed", G_CALLBACK (on_plain_act), world);
  g_signal_connect (world->alive, "network-changed", G_CALLBACK (on_plain_last), world);
}

static void
begin (World *world)
{
  world->discovery = world->by_hand ? XEP174_DISCOVERY (xep174_manual_discovery_new ())
                                    : XEP174_DISCOVERY (fake_discovery_new ());
  world->alive = world->discovery;
  g_object_add_weak_pointer (world->alive, &world->alive);
  world->profile = xep174_profile_new ("juliet", NULL);
  xep174_profile_set_machine (world->profile, "capulet", NULL);
  world->model = g_object_ref (xep174_discovery_get_contacts (world->discovery));
  world->cancellable = g_cancellable_new ();
  world->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  world->last_mirror = g_ptr_array_new_with_free_func (g_object_unref);
  world->told = g_hash_table_new (NULL, NULL);
  world->known = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  world->emissions = g_array_new (FALSE, FALSE, sizeof (Emission));
  connect_handlers (world);
}

static void
end (World *world)
{
  GHashTableIter iter;
  gpointer contact;

  /* Nobody acts any more, and all are still watched. */
  world->depth = DEPTH_MAX;
  g_clear_object (&world->discovery);
  while (world->alive != NULL || world->n_pending > 0)
    {
      answer (world);
      g_main_context_iteration (NULL, FALSE);
    }

  g_assert_cmpuint (g_list_model_get_n_items (world->model), ==, 0);
  assert_mirrors (world->model, world->mirror);
  g_hash_table_iter_init (&iter, world->known);
  while (g_hash_table_iter_next (&iter, &contact, NULL))
    {
      g_assert_false (xep174_contact_get_online (contact));
      g_signal_handlers_disconnect_by_data (contact, world);
    }
  g_hash_table_unref (world->known);
  g_hash_table_unref (world->told);
  g_ptr_array_unref (world->mirror);
  g_ptr_array_unref (world->last_mirror);
  g_assert_cmpuint (world->emissions->len, ==, 0);
  g_array_unref (world->emissions);
  g_assert_finalize_object (world->model);
  g_assert_finalize_object (world->profile);
  g_clear_object (&world->cancellable);
}

static void
test_anything (gconstpointer by_hand)
{
  guint steps = 0, n_lives = 0, n_emissions = 0;

  while (steps < STEPS)
    {
      World world = { .by_hand = by_hand != NULL };

      begin (&world);
      while (world.discovery != NULL && steps + world.steps < STEPS)
        {
          act_once (&world);
          g_assert_cmpuint (world.emissions->len, ==, 0);
          assert_agrees (&world);
          assert_told (&world);
        }
      end (&world);
      steps += world.steps;
      n_emissions += world.n_emissions;
      n_lives++;
    }

  g_test_message ("%u steps in %u lives, %u emissions", steps, n_lives, n_emissions);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/discovery-handlers/D14-manual", GINT_TO_POINTER (TRUE), test_anything);
  g_test_add_data_func ("/discovery-handlers/D14-backend", NULL, test_anything);
  return g_test_run ();
}
