/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Programs that do in a handler or a callback what one does not expect there. */

#include "mdns-people.h"

static GSocketAddress *
make_address (const char *text)
{
  return g_inet_socket_address_new_from_string (text, 40000);
}

static void
come_and_go (Fixture *fixture)
{
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.3");
  fake_stack_settle (fixture->stack);
  fake_stack_remove_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_remove_ptr (fixture->stack, "nurse@capulet", 2);
  fake_stack_advance (fixture->stack, 6000);
}

/* Callbacks of identify */

typedef struct
{
  Fixture *fixture;
  gboolean drops;
  guint    n_called;
  guint    n_named;
} Asker;

static void
on_caller (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Asker *asker = user_data;
  g_autofree char *name =
    xep174_directory_identify_finish (XEP174_DIRECTORY (object), result, NULL);

  asker->n_called++;
  asker->n_named += name != NULL;
  if (asker->drops)
    g_clear_object (&asker->fixture->discovery);
  else
    come_and_go (asker->fixture);
}

static void
ask (Asker      *asker,
     const char *address,
     const char *claimed_name)
{
  g_autoptr(GSocketAddress) source = make_address (address);

  xep174_directory_identify_async (XEP174_DIRECTORY (asker->fixture->discovery), source, claimed_name,
                                   NULL, on_caller, asker);
}

/* X13, X4: the answer comes with a record; whoever gets it drops the discovery, or runs the main loop
 * in which more of them come and go. Every caller is answered, and once. */
static void
test_callback (Fixture       *fixture,
               gconstpointer  data)
{
  Asker asker = { .fixture = fixture, .drops = data != NULL };

  know_juliet (fixture);
  g_clear_object (&fixture->result); /* which holds the discovery */
  fake_stack_add_ptr (fixture->stack, "nurse@capulet", 2);
  fake_stack_add_txt (fixture->stack, "nurse@capulet", 2, "nick=Nurse");
  ask (&asker, "192.0.2.1", "juliet@capulet");
  if (!asker.drops)
    {
      ask (&asker, "192.0.2.2", "juliet@capulet");
      ask (&asker, "192.0.2.3", "juliet@capulet");
      ask (&asker, "192.0.2.1", NULL);
      ask (&asker, "192.0.2.9", "nurse@capulet");
    }
  fake_stack_turn (fixture->stack);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  g_assert_cmpuint (asker.n_called, >, 0);
  fake_stack_advance (fixture->stack, 10000);
  g_assert_cmpuint (asker.n_called, ==, asker.drops ? 1 : 5);
  g_assert_cmpuint (asker.n_named, >, 0);
}

/* The same from a source of the main loop: the search's deadline, and one's own cancellable. */
static void
test_callback_late (Fixture       *fixture,
                    gconstpointer  data)
{
  Asker asker = { .fixture = fixture, .drops = data != NULL };
  g_autoptr(GSocketAddress) source = make_address ("192.0.2.1");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  know_juliet (fixture);
  g_clear_object (&fixture->result);
  if (!asker.drops)
    {
      ask (&asker, "192.0.2.1", "juliet@capulet");
      ask (&asker, "192.0.2.1", NULL);
      ask (&asker, "192.0.2.1", "nobody@x");
    }
  for (guint i = 0; i < 3; i++)
    xep174_directory_identify_async (XEP174_DIRECTORY (fixture->discovery), source,
                                     i == 0 ? NULL : "nobody@x", cancellable, on_caller, &asker);
  fake_stack_turn (fixture->stack);
  g_cancellable_cancel (cancellable);
  fake_stack_turn (fixture->stack);
  g_assert_cmpuint (asker.n_called, >=, 3);
  fake_stack_advance (fixture->stack, 10000);
  g_assert_cmpuint (asker.n_called, ==, asker.drops ? 3 : 6);
}

/* Handlers of contacts */

static void
on_doubtful (Xep174Contact *contact,
             GParamSpec    *property,
             Fixture       *fixture)
{
  come_and_go (fixture);
}

/* A handler of what is told of a contact runs the main loop, in which that contact goes. */
static void
test_doubtful (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(Xep174Contact) juliet = NULL;

  fixture->stack->cached = TRUE;
  know_juliet (fixture);
  juliet = g_object_ref (find (fixture, "juliet@capulet"));
  xep174_directory_report_failure (XEP174_DIRECTORY (fixture->discovery), "juliet@capulet");
  fake_stack_turn (fixture->stack);
  g_assert_true (xep174_contact_get_doubtful (juliet));

  g_signal_connect (juliet, "notify::doubtful", G_CALLBACK (on_doubtful), fixture);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  assert_log (fixture, "-juliet@capulet ");
  g_assert_false (xep174_contact_get_online (juliet));
  g_assert_cmpuint (fixture->stack->queries->len, ==, 1);
  g_signal_handlers_disconnect_by_data (juliet, fixture);
}

/* A handler that waits for somebody else hears of him. */
static void
on_added (Xep174Discovery *discovery,
          Xep174Contact   *contact,
          Fixture         *fixture)
{
  if (g_str_equal (xep174_contact_get_name (contact), "juliet@capulet"))
    while (xep174_discovery_find_contact (discovery, "nurse@capulet") == NULL)
      g_main_context_iteration (NULL, TRUE);
}

static void
test_waiting (Fixture       *fixture,
              gconstpointer  data)
{
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_add_ptr (fixture->stack, "nurse@capulet", 2);
  fake_stack_add_txt (fixture->stack, "nurse@capulet", 2, "nick=Nurse");
  go_online (fixture);
  fake_stack_set_running (fixture->stack, FALSE);
  g_string_truncate (fixture->log, 0);
  g_signal_connect (fixture->discovery, "contact-added", G_CALLBACK (on_added), fixture);
  fixture->stack->holds_back = TRUE; /* so that both are news in one turn */
  fake_stack_set_running (fixture->stack, TRUE);
  assert_log (fixture, "+juliet@capulet +nurse@capulet ");
}

/* Starting that ends otherwise */

static void
assert_stopped (Fixture *fixture)
{
  g_assert_false (xep174_discovery_get_running (fixture->discovery));
  g_assert_null (get_local_name (fixture));
  g_assert_null (fixture->stack->published);
  g_assert_false (fixture->stack->open);
  g_string_truncate (fixture->log, 0);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  assert_log (fixture, "");

  go_online (fixture);
  assert_log (fixture, "+juliet@capulet ");
  g_assert_cmpstr (fixture->stack->published, ==, "romeo@pronto");
}

static void
on_local_name (Fixture *fixture)
{
  g_signal_handlers_disconnect_by_func (fixture->discovery, on_local_name, fixture);
  xep174_discovery_stop_async (fixture->discovery, NULL, NULL, NULL);
}

/* D13: stopped in the handler of the name, which is known before the start has ended. */
static void
test_stop_at_name (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_signal_connect_swapped (fixture->discovery, "notify::local-name", G_CALLBACK (on_local_name),
                            fixture);
  go_online_later (fixture);
  g_assert_false (xep174_discovery_start_finish (fixture->discovery, fixture->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_stopped (fixture);
}

static void
on_local_name_cancel (GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* D13: cancelled so late that it is published: the result says what is, one or the other. */
static void
test_cancel_at_name (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  gboolean started;

  if (data == NULL)
    g_signal_connect_swapped (fixture->discovery, "notify::local-name",
                              G_CALLBACK (on_local_name_cancel), cancellable);
  g_clear_object (&fixture->result);
  fixture->stack->is_silent = TRUE;
  xep174_discovery_start_async (fixture->discovery, fixture->profile, 5298, cancellable, on_result,
                                fixture);
  fake_stack_turn (fixture->stack);
  fake_stack_tell_published (fixture->stack);
  if (data != NULL)
    g_cancellable_cancel (cancellable);
  fake_stack_turn (fixture->stack);
  started = xep174_discovery_start_finish (fixture->discovery, fixture->result, &error);
  g_assert_cmpint (xep174_discovery_get_running (fixture->discovery), ==, started);
  g_signal_handlers_disconnect_by_data (fixture->discovery, cancellable);
  fixture->stack->is_silent = FALSE;
  if (started)
    {
      xep174_discovery_stop_async (fixture->discovery, NULL, NULL, NULL);
      fake_stack_turn (fixture->stack);
    }
  assert_stopped (fixture);
}

/* D22: the machine's name is another one, and so is what the program does then. */
static void
on_machine (Fixture *fixture)
{
  xep174_discovery_stop_async (fixture->discovery, NULL, NULL, NULL);
  g_clear_object (&fixture->profile);
  fake_stack_advance (fixture->stack, 6000);
}

static void
test_machine (Fixture       *fixture,
              gconstpointer  data)
{
  know_juliet (fixture);
  g_free (fixture->stack->host_name);
  fixture->stack->host_name = g_strdup ("mantua");
  g_signal_connect_swapped (fixture->profile, "changed", G_CALLBACK (on_machine), fixture);
  fake_stack_set_running (fixture->stack, TRUE);
  g_assert_null (fixture->profile);
  fixture->profile = xep174_profile_new ("romeo", NULL);
  g_free (fixture->stack->host_name);
  fixture->stack->host_name = g_strdup ("pronto");
  fake_stack_remove_ptr (fixture->stack, "juliet@capulet", 2);
  assert_stopped (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, func)                                                                     \
  g_test_add ("/mdns-handlers/" name, Fixture, data, set_up, func, tear_down)
  ADD ("X13-callback-drops", "", test_callback);
  ADD ("X13-callback-iterates", NULL, test_callback);
  ADD ("X13-late-callback-drops", "", test_callback_late);
  ADD ("X13-late-callback-iterates", NULL, test_callback_late);
  ADD ("doubtful-iterates", NULL, test_doubtful);
  ADD ("waiting", NULL, test_waiting);
  ADD ("D13-stop-at-name", NULL, test_stop_at_name);
  ADD ("D13-cancel-at-name", NULL, test_cancel_at_name);
  ADD ("D13-cancel-published", "", test_cancel_at_name);
  ADD ("D22-machine", NULL, test_machine);
#undef ADD

  return g_test_run ();
}
