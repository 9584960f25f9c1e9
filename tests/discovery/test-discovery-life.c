/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program drops all that it has of a discovery at any moment of its life: before and after each
 * thing it does, in each handler and in each callback. */

#include "fake-stack.h"
#include "xep174-directory.h"
#include "xep174-manual-discovery.h"

typedef struct
{
  FakeStack *stack; /* NULL: contacts are added by hand */
  Xep174Discovery *discovery;
  Xep174Profile *profile;
  GListModel *contacts;
  Xep174Contact *juliet;
  GSocketAddressEnumerator *addresses;
  /* It is dropped at the moment of that number. */
  guint at;
  guint n;
  guint n_pending; /* calls that have not called back */
  gboolean leaving; /* there is a reason to be told that somebody goes */
} Program;

static void
moment (Program *program)
{
  if (program->n++ == program->at)
    g_clear_object (&program->discovery);
}

static gboolean
is_dropped (Program *program)
{
  return program->discovery == NULL;
}

static void
on_notify (GObject    *object,
           GParamSpec *property,
           Program    *program)
{
  moment (program);
}

static void
on_items_changed (GListModel *contacts,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Program    *program)
{
  moment (program);
}

static void
on_network_changed (Xep174Discovery *discovery,
                    Program         *program)
{
  moment (program);
}

static void
on_added (Xep174Discovery *discovery,
          Xep174Contact   *contact,
          Program         *program)
{
  if (g_set_object (&program->juliet, contact))
    g_signal_connect (contact, "notify", G_CALLBACK (on_notify), program);
  moment (program);
}

static void
on_removed (Xep174Discovery *discovery,
            Xep174Contact   *contact,
            Program         *program)
{
  /* Nobody has left whom the program still hears of: that would be the end of the discovery. */
  g_assert_true (!is_dropped (program) || program->leaving);
  moment (program);
}

static void
on_start_or_stop (GObject      *object,
                  GAsyncResult *result,
                  gpointer      data)
{
  Program *program = data;

  program->n_pending--;
  moment (program);
}

static void
on_caller (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  Program *program = data;
  g_autofree char *name = NULL;

  name = xep174_directory_identify_finish (XEP174_DIRECTORY (object), result, NULL);
  program->n_pending--;
  moment (program);
}

static void
on_address (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  Program *program = data;
  g_autoptr(GSocketAddress) address = NULL;

  address = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (object), result,
                                                     NULL);
  program->n_pending--;
  moment (program);
}

static void
let_happen (Program *program)
{
  moment (program);
  if (program->stack != NULL)
    fake_stack_turn (program->stack);
  else
    while (g_main_context_iteration (NULL, FALSE))
      ;
}

/* --- What the program does, if it still can ---------------------------------------------- */

static void
begin (Program *program)
{
  moment (program);
  if (is_dropped (program))
    return;

  program->n_pending++;
  xep174_discovery_start_async (program->discovery, program->profile, 5298, NULL, on_start_or_stop,
                                program);
  let_happen (program);
}

static void
end (Program *program)
{
  moment (program);
  if (is_dropped (program))
    return;

  program->n_pending++;
  program->leaving = TRUE;
  xep174_discovery_stop_async (program->discovery, NULL, on_start_or_stop, program);
  let_happen (program);
  program->leaving = FALSE;
}

static void
see_juliet (Program *program)
{
  moment (program);
  if (program->stack != NULL)
    {
      fake_stack_add_ptr (program->stack, "juliet@capulet", 2);
      fake_stack_add_txt (program->stack, "juliet@capulet", 2, "nick=Jule");
    }
  else if (!is_dropped (program))
    xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (program->discovery), "juliet@capulet",
                                 "192.0.2.1", 5298, NULL);
}

static void
lose_juliet (Program *program)
{
  moment (program);
  program->leaving = TRUE;
  if (program->stack != NULL)
    fake_stack_remove_ptr (program->stack, "juliet@capulet", 2);
  else if (!is_dropped (program))
    xep174_manual_discovery_remove (XEP174_MANUAL_DISCOVERY (program->discovery), "juliet@capulet");
  program->leaving = FALSE;
}

static void
ask_where (Program *program)
{
  g_autoptr(GSocketConnectable) connectable = NULL;

  moment (program);
  if (is_dropped (program))
    return;

  connectable = xep174_directory_dup_connectable (XEP174_DIRECTORY (program->discovery), "juliet@capulet",
                                         NULL);
  if (connectable == NULL)
    return;

  g_clear_object (&program->addresses);
  program->addresses = g_socket_connectable_enumerate (connectable);
  program->n_pending++;
  g_socket_address_enumerator_next_async (program->addresses, NULL, on_address, program);
  let_happen (program);
}

static void
ask_who (Program *program)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("192.0.2.1", 1024);

  moment (program);
  if (is_dropped (program))
    return;

  program->n_pending++;
  xep174_directory_identify_async (XEP174_DIRECTORY (program->discovery), address,
                                      "juliet@capulet", NULL, on_caller, program);
  let_happen (program);
}

static void
be_another (Program *program)
{
  moment (program);
  xep174_profile_set_nick (program->profile, program->n % 2 ? "R" : "Ro", NULL);
  if (program->stack != NULL)
    fake_stack_collide (program->stack);
  let_happen (program);
}

static void
live (Program *program)
{
  begin (program);
  see_juliet (program);
  ask_where (program);
  ask_who (program);
  be_another (program);
  lose_juliet (program);
  see_juliet (program);
  end (program);
  begin (program);
  /* What was begun is still under way. */
  see_juliet (program);
  end (program);
  moment (program);
}

/* --- The moments ------------------------------------------------------------------------- */

static void
let_time_pass (Program *program)
{
  for (guint i = 0; i < 8; i++)
    {
      let_happen (program);
      if (program->stack != NULL)
        fake_stack_advance (program->stack, 10000);
    }
}

/* FALSE if the life was over before. */
static gboolean
drop_at (guint    at,
         gboolean by_hand)
{
  Program program = { .at = at };
  gpointer alive;
  gboolean dropped;

  program.stack = by_hand ? NULL : g_object_new (FAKE_TYPE_STACK, NULL);
  program.discovery = by_hand ? XEP174_DISCOVERY (xep174_manual_discovery_new ())
                              : fake_stack_make_discovery (program.stack);
  program.profile = xep174_profile_new ("romeo", NULL);
  program.contacts = g_object_ref (xep174_discovery_get_contacts (program.discovery));
  alive = program.discovery;
  g_object_add_weak_pointer (alive, &alive);
  g_signal_connect (alive, "notify", G_CALLBACK (on_notify), &program);
  g_signal_connect (alive, "contact-added", G_CALLBACK (on_added), &program);
  g_signal_connect (alive, "contact-removed", G_CALLBACK (on_removed), &program);
  g_signal_connect (alive, "network-changed", G_CALLBACK (on_network_changed), &program);
  g_signal_connect (program.contacts, "items-changed", G_CALLBACK (on_items_changed), &program);

  live (&program);
  dropped = is_dropped (&program);
  g_clear_object (&program.discovery);
  let_time_pass (&program);
  g_assert_cmpuint (program.n_pending, ==, 0);
  g_clear_object (&program.addresses);
  g_assert_null (alive);
  g_assert_cmpuint (g_list_model_get_n_items (program.contacts), ==, 0);

  if (program.juliet != NULL)
    {
      g_assert_false (xep174_contact_get_online (program.juliet));
      g_signal_handlers_disconnect_by_data (program.juliet, &program);
      g_assert_finalize_object (program.juliet);
    }
  g_assert_finalize_object (program.contacts);
  g_assert_finalize_object (program.profile);
  if (program.stack != NULL)
    g_assert_finalize_object (program.stack);
  return dropped;
}

static void
test_drop (gconstpointer by_hand)
{
  guint at = 0;

  while (drop_at (at, by_hand != NULL))
    at++;
  g_test_message ("dropped at %u moments", at);
  g_assert_cmpuint (at, >, 30);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/discovery-life/manual", GINT_TO_POINTER (TRUE), test_drop);
  g_test_add_data_func ("/discovery-life/mdns", NULL, test_drop);
  return g_test_run ();
}
