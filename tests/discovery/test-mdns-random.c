/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Programs and networks that do anything, in any order: records come, go, lie and come late, queries
 * fail, the stack goes and comes back, and a program calls, cancels, stops, starts and drops, in its
 * handlers and callbacks, too. The seed that is printed first brings the same again (--seed). */

#include "fake-stack.h"
#include "xep174-directory.h"

#define STEPS 100000
#define STEPS_A_LIFE 150
#define DEPTH_MAX 3

static const char *const names[] = {
  "juliet@capulet", "Juliet@Capulet", "nurse@capulet", "romeo@pronto", "romeo-1@pronto", "evil@x",
};
static const char *const hosts[] = { "capulet", "verona", NULL };
static const char *const addresses[] = {
  "192.0.2.1", "192.0.2.2", "fe80::1", "2001:db8::1", "127.0.0.1", "0.0.0.0",
};
static const guint16 types[] = {
  XEP174_DNS_TYPE_A, XEP174_DNS_TYPE_AAAA, XEP174_DNS_TYPE_PTR, XEP174_DNS_TYPE_SRV,
  XEP174_DNS_TYPE_TXT,
};

typedef struct
{
  FakeStack *stack;
  Xep174Discovery *discovery; /* NULL once the program has dropped it */
  Xep174Profile *profile;
  GListModel *contacts;
  GPtrArray *cancellables;
  GSocketAddressEnumerator *enumerator;
  gboolean is_enumerating;
  guint depth;
  guint n_steps;
  guint n_pending; /* calls that have not called back */
} World;

static guint
pick (guint n)
{
  return g_test_rand_int_range (0, n);
}

#define PICK(array) (array[pick (G_N_ELEMENTS (array))])

static int
pick_link (void)
{
  return 2 + pick (2);
}

static void step (World *world);

/* What a program does that is told of something. */
static void
react (World *world)
{
  if (world->depth >= DEPTH_MAX || pick (6) > 0)
    return;

  world->depth++;
  for (guint n = 1 + pick (3); n > 0; n--)
    step (world);
  world->depth--;
}

static void
on_notify (GObject    *object,
           GParamSpec *property,
           World      *world)
{
  react (world);
}

static void
on_contact (Xep174Discovery *discovery,
            Xep174Contact   *contact,
            World           *world)
{
  react (world);
}

static void
on_added (Xep174Discovery *discovery,
          Xep174Contact   *contact,
          World           *world)
{
  g_signal_handlers_disconnect_by_data (contact, world);
  g_signal_connect (contact, "notify", G_CALLBACK (on_notify), world);
  react (world);
}

static void
on_items_changed (GListModel *contacts,
                  guint       position,
                  guint       removed,
                  guint       added,
                  World      *world)
{
  react (world);
}

static void
on_emitted (World *world)
{
  react (world);
}

static void
on_started (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;
  gboolean started = xep174_discovery_start_finish (XEP174_DISCOVERY (object), result, &error);

  g_assert_true (started == (error == NULL));
  world->n_pending--;
  react (world);
}

static void
on_stopped (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  World *world = user_data;

  xep174_discovery_stop_finish (XEP174_DISCOVERY (object), result, NULL);
  world->n_pending--;
  react (world);
}

static void
on_caller (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *name =
    xep174_directory_identify_finish (XEP174_DIRECTORY (object), result, &error);

  g_assert_true ((name != NULL) == (error == NULL));
  world->n_pending--;
  react (world);
}

static void
on_address (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GSocketAddress) address = NULL;

  address = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (object), result,
                                                     NULL);
  world->is_enumerating = FALSE;
  world->n_pending--;
  react (world);
}

/* --- The network ------------------------------------------------------------------------------ */

static void
come (World *world)
{
  const char *name = PICK (names);
  g_autofree char *nick = g_strdup_printf ("nick=%u", pick (4));

  switch (pick (6))
    {
    case 0:
    case 1:
      fake_stack_add_ptr (world->stack, name, pick_link ());
      break;
    case 2:
    case 3:
      fake_stack_add_txt (world->stack, name, pick_link (), nick);
      break;
    case 4:
      fake_stack_add_srv (world->stack, name, pick_link (), PICK (hosts), pick (3) ? 5300 : 0);
      break;
    default:
      fake_stack_add_address (world->stack, hosts[pick (2)], pick_link (), PICK (addresses));
      break;
    }
}

static void
go (World *world)
{
  const char *name = PICK (names);
  g_autofree char *nick = g_strdup_printf ("nick=%u", pick (4));

  switch (pick (4))
    {
    case 0:
    case 1:
      fake_stack_remove_ptr (world->stack, name, pick_link ());
      break;
    case 2:
      fake_stack_remove_txt (world->stack, name, pick_link (), nick);
      break;
    default:
      fake_stack_remove_srv (world->stack, name);
      break;
    }
}

static void
set_error (GError **error)
{
  if (*error != NULL)
    g_clear_error (error);
  else if (pick (3) == 0)
    *error = g_error_new_literal (XEP174_DISCOVERY_ERROR,
                                  pick (2) ? XEP174_DISCOVERY_ERROR_LIMIT
                                           : XEP174_DISCOVERY_ERROR_COLLISION, "at random");
}

static void
disturb (World *world)
{
  FakeStack *stack = world->stack;

  switch (pick (9))
    {
    case 0:
      fake_stack_settle (stack);
      break;
    case 1:
      fake_stack_tell_cache_done (stack);
      break;
    case 2:
      fake_stack_fail_queries (stack, PICK (types));
      break;
    case 3:
      stack->cached = !stack->cached;
      break;
    case 4:
      set_error (&stack->query_error);
      break;
    case 5:
      set_error (&stack->publish_error);
      break;
    case 6:
      if (stack->open)
        fake_stack_set_running (stack, pick (2));
      break;
    case 7:
      if (stack->published != NULL)
        fake_stack_collide (stack);
      break;
    default:
      g_hash_table_remove_all (stack->taken);
      g_hash_table_add (stack->taken, (gpointer) PICK (names));
      break;
    }
}

static void
let_time_pass (World *world)
{
  static const guint times[] = { 0, 20, 500, 1000, 3000, 12000, 140000 };

  fake_stack_advance (world->stack, PICK (times));
}

/* --- The program ------------------------------------------------------------------------------ */

static GCancellable *
pick_cancellable (World *world)
{
  GCancellable *cancellable;

  if (pick (2))
    return NULL;

  cancellable = g_cancellable_new ();
  g_ptr_array_add (world->cancellables, cancellable);

  return cancellable;
}

static void
cancel (World *world)
{
  if (world->cancellables->len > 0)
    g_cancellable_cancel (g_ptr_array_index (world->cancellables, pick (world->cancellables->len)));
}

static void
ask_who (World *world)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (PICK (addresses));
  g_autoptr(GSocketAddress) source =
    g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", address, "port", 40000,
                  "scope-id", pick (2) ? pick_link () : 0, NULL);

  world->n_pending++;
  xep174_directory_identify_async (XEP174_DIRECTORY (world->discovery), source,
                                   pick (3) ? PICK (names) : NULL, pick_cancellable (world),
                                   on_caller, world);
}

static void
ask_where (World *world)
{
  g_autoptr(GSocketConnectable) connectable = NULL;

  if (world->is_enumerating)
    return;

  if (world->enumerator == NULL || pick (2))
    {
      connectable = xep174_directory_dup_connectable (XEP174_DIRECTORY (world->discovery),
                                                      PICK (names), NULL);
      if (connectable == NULL)
        return;
      g_clear_object (&world->enumerator);
      world->enumerator = g_socket_connectable_enumerate (connectable);
    }

  world->is_enumerating = TRUE;
  world->n_pending++;
  g_socket_address_enumerator_next_async (world->enumerator, pick_cancellable (world), on_address,
                                          world);
}

static void
begin (World *world)
{
  world->n_pending++;
  xep174_discovery_start_async (world->discovery, pick (6) ? world->profile : NULL, 5298,
                                pick_cancellable (world), on_started, world);
}

static void
end (World *world)
{
  world->n_pending++;
  xep174_discovery_stop_async (world->discovery, pick_cancellable (world), on_stopped, world);
}

static void
be_another (World *world)
{
  static const char *const words[] = { "a", "b", NULL };

  switch (pick (4))
    {
    case 0:
      xep174_profile_set_nick (world->profile, PICK (words), NULL);
      break;
    case 1:
      xep174_profile_set_status (world->profile, pick (3), PICK (words), NULL);
      break;
    case 2:
      xep174_profile_set_machine (world->profile, pick (2) ? "mantua" : NULL, NULL);
      break;
    default:
      g_free (world->stack->host_name);
      world->stack->host_name = g_strdup (pick (3) ? "pronto" : "padua");
      break;
    }
}

static void
act (World *world)
{
  Xep174MdnsDiscovery *mdns = (Xep174MdnsDiscovery *) world->discovery;

  switch (pick (16))
    {
    case 0:
    case 1:
    case 2:
      ask_who (world);
      break;
    case 3:
    case 4:
      ask_where (world);
      break;
    case 5:
    case 6:
      xep174_directory_report_failure (XEP174_DIRECTORY (world->discovery), PICK (names));
      break;
    case 7:
    case 8:
      be_another (world);
      break;
    case 9:
      xep174_mdns_discovery_network_changed (mdns, pick (2));
      break;
    case 10:
    case 11:
      cancel (world);
      break;
    case 12:
    case 13:
      begin (world);
      break;
    case 14:
      end (world);
      break;
    default:
      if (pick (8) == 0)
        g_clear_object (&world->discovery);
      break;
    }
}

static void
step (World *world)
{
  world->n_steps++;
  switch (pick (8))
    {
    case 0:
    case 1:
      come (world);
      break;
    case 2:
      go (world);
      break;
    case 3:
      disturb (world);
      break;
    case 4:
      let_time_pass (world);
      break;
    case 5:
      fake_stack_turn (world->stack);
      break;
    default:
      if (world->discovery != NULL)
        act (world);
      break;
    }
}

/* --- What must hold --------------------------------------------------------------------------- */

static void
check_contacts (World *world)
{
  guint n_contacts = g_list_model_get_n_items (world->contacts);
  const char *own = xep174_discovery_get_local_name (world->discovery);

  for (guint i = 0; i < n_contacts; i++)
    {
      g_autoptr(Xep174Contact) contact = g_list_model_get_item (world->contacts, i);
      const char *name = xep174_contact_get_name (contact);

      g_assert_true (xep174_contact_get_online (contact));
      g_assert_true (xep174_discovery_find_contact (world->discovery, name) == contact);
      g_assert_true (own == NULL || g_ascii_strcasecmp (own, name) != 0);
    }
}

static void
add_answers (World *world)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      fake_stack_add_ptr (world->stack, names[i], 2);
      fake_stack_add_txt (world->stack, names[i], 2, "nick=last");
      fake_stack_add_srv (world->stack, names[i], 2, "capulet", 5300);
    }
}

/* Once the network behaves, and whatever happened before: who is there is known, who is not is not,
 * nobody is in doubt, and what is published is what the profile says. */
static void
check_rest (World *world)
{
  FakeStack *stack = world->stack;
  g_autoptr(GBytes) txt = NULL;

  g_clear_error (&stack->query_error);
  g_clear_error (&stack->publish_error);
  g_hash_table_remove_all (stack->taken);
  stack->cached = FALSE;
  fake_stack_advance (stack, 20000);
  if (stack->open)
    fake_stack_set_running (stack, TRUE);
  add_answers (world);
  for (guint i = 0; i < 20; i++)
    {
      fake_stack_advance (stack, 10000);
      fake_stack_settle (stack);
    }
  if (world->discovery == NULL || !xep174_discovery_get_running (world->discovery))
    {
      g_assert_cmpuint (g_list_model_get_n_items (world->contacts), ==, 0);
      g_assert_false (stack->open);
      return;
    }

  g_assert_no_error (xep174_discovery_get_problem (world->discovery));
  check_contacts (world);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *own = xep174_discovery_get_local_name (world->discovery);
      Xep174Contact *contact = xep174_discovery_find_contact (world->discovery, names[i]);

      g_assert_cmpint (contact != NULL, ==, own == NULL || !g_str_equal (own, names[i]));
      g_assert_false (contact != NULL && xep174_contact_get_doubtful (contact));
    }
  g_assert_cmpstr (stack->published, ==, xep174_discovery_get_local_name (world->discovery));
  if (xep174_discovery_get_profile (world->discovery) != NULL)
    {
      txt = xep174_profile_dup_txt (world->profile, 5298);
      g_assert_true (g_bytes_equal (txt, stack->txt));
    }

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (int link = 2; link < 4; link++)
      for (guint n = 0; n < STEPS_A_LIFE; n++)
        fake_stack_remove_ptr (stack, names[i], link);
  g_assert_cmpuint (g_list_model_get_n_items (world->contacts), ==, 0);
}

static void
live (World *world)
{
  gpointer alive = world->discovery;
  guint until = world->n_steps + STEPS_A_LIFE;

  g_object_add_weak_pointer (alive, &alive);
  g_signal_connect (alive, "notify", G_CALLBACK (on_notify), world);
  g_signal_connect (alive, "contact-added", G_CALLBACK (on_added), world);
  g_signal_connect (alive, "contact-removed", G_CALLBACK (on_contact), world);
  g_signal_connect_swapped (alive, "network-changed", G_CALLBACK (on_emitted), world);
  g_signal_connect (world->contacts, "items-changed", G_CALLBACK (on_items_changed), world);
  g_signal_connect_swapped (world->profile, "changed", G_CALLBACK (on_emitted), world);

  begin (world);
  while (world->n_steps < until)
    {
      step (world);
      fake_stack_turn (world->stack);
      if (world->discovery != NULL)
        check_contacts (world);
    }

  world->depth = DEPTH_MAX; /* from now on its handlers do nothing */
  check_rest (world);
  g_clear_object (&world->discovery);
  fake_stack_turn (world->stack);
  g_assert_cmpuint (world->n_pending, ==, 0);
  g_clear_object (&world->enumerator);
  g_assert_null (alive);
  g_assert_false (world->stack->open);
  world->depth = 0;
}

static void
test_anything (void)
{
  World world = { 0 };
  guint n_lives;

  for (n_lives = 0; world.n_steps < STEPS; n_lives++)
    {
      world.stack = g_object_new (FAKE_TYPE_STACK, NULL);
      world.discovery = fake_stack_make_discovery (world.stack);
      world.profile = xep174_profile_new ("romeo", NULL);
      world.contacts = g_object_ref (xep174_discovery_get_contacts (world.discovery));
      world.cancellables = g_ptr_array_new_with_free_func (g_object_unref);
      live (&world);
      g_ptr_array_unref (world.cancellables);
      g_assert_finalize_object (world.contacts);
      g_assert_finalize_object (world.profile);
      g_assert_finalize_object (world.stack);
    }
  g_test_message ("%u steps in %u lives", world.n_steps, n_lives);
}

/* That something is tried again is told often here. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  return (level & G_LOG_LEVEL_MASK) >= G_LOG_LEVEL_WARNING
           ? G_LOG_WRITER_HANDLED : g_log_writer_default (level, fields, n_fields, user_data);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_add_func ("/mdns-random/X13-D13-D19-D23-anything", test_anything);

  return g_test_run ();
}
