/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which of two stacks is taken, and that what comes after that is its own affair. */

#include "xep174-default-stack-private.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "fake-stack.h"

typedef struct
{
  FakeStack       *first;
  FakeStack       *second;
  Xep174MdnsStack *stack;
  guint            running;
  guint            down;
  guint            silent;
} Fixture;

static void
on_running (gpointer owner)
{
  ((Fixture *) owner)->running++;
}

static void
on_down (gpointer      owner,
         const GError *error)
{
  ((Fixture *) owner)->down++;
}

static void
on_silent (gpointer      owner,
           const GError *error)
{
  ((Fixture *) owner)->silent++;
}

static const Xep174MdnsListener listener = {
  .running = on_running,
  .down = on_down,
  .silent = on_silent,
};

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->first = g_object_new (FAKE_TYPE_STACK, NULL);
  fixture->second = g_object_new (FAKE_TYPE_STACK, NULL);
  fixture->first->is_slow = fixture->second->is_slow = TRUE;
  fixture->stack = xep174_default_stack_new (g_object_ref (XEP174_MDNS_STACK (fixture->first)),
                                             g_object_ref (XEP174_MDNS_STACK (fixture->second)));
  xep174_mdns_stack_set_listener (fixture->stack, &listener, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  xep174_mdns_stack_close (fixture->stack);
  g_assert_false (fixture->first->open);
  g_assert_false (fixture->second->open);
  g_assert_finalize_object (fixture->stack);
  g_assert_finalize_object (fixture->first);
  g_assert_finalize_object (fixture->second);
}

static void
open_it (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (xep174_mdns_stack_open (fixture->stack, g_main_context_default (), &error));
  g_assert_no_error (error);
}

static void
assert_open (Fixture  *fixture,
             gboolean  first)
{
  g_assert_cmpint (fixture->first->open, ==, first);
  g_assert_cmpint (fixture->second->open, ==, !first);
  g_assert_cmpint (xep174_default_stack_is_first (XEP174_DEFAULT_STACK (fixture->stack)), ==, first);
}

static void
test_first (Fixture       *fixture,
            gconstpointer  data)
{
  open_it (fixture);
  fake_stack_set_running (fixture->first, TRUE);
  fake_stack_turn (fixture->first);
  assert_open (fixture, TRUE);
  g_assert_cmpuint (fixture->running, ==, 1);

  /* D19: it stays with the daemon, which may come back. */
  fake_stack_advance (fixture->first, 5000);
  fake_stack_set_running (fixture->first, FALSE);
  fake_stack_turn (fixture->first);
  g_assert_cmpuint (fixture->down, ==, 1);
  assert_open (fixture, TRUE);
}

static void
expect_second (Fixture *fixture)
{
  assert_open (fixture, FALSE);
  g_assert_cmpuint (fixture->running + fixture->down + fixture->silent, ==, 0);
  fake_stack_set_running (fixture->second, TRUE);
  fake_stack_turn (fixture->second);
  g_assert_cmpuint (fixture->running, ==, 1);
}

static void
test_away (Fixture       *fixture,
           gconstpointer  data)
{
  open_it (fixture);
  fake_stack_set_running (fixture->first, FALSE);
  fake_stack_turn (fixture->first);
  expect_second (fixture);

  /* The next start looks again. */
  xep174_mdns_stack_close (fixture->stack);
  open_it (fixture);
  g_assert_true (fixture->first->open);
  fake_stack_set_running (fixture->first, TRUE);
  fake_stack_turn (fixture->first);
  assert_open (fixture, TRUE);
}

static void
test_refuses (Fixture       *fixture,
              gconstpointer  data)
{
  fixture->first->open_error = g_error_new_literal (XEP174_DISCOVERY_ERROR,
                                                    XEP174_DISCOVERY_ERROR_NO_DAEMON, "no bus");
  open_it (fixture);
  expect_second (fixture);
}

static void
test_late (Fixture       *fixture,
           gconstpointer  data)
{
  fixture->first->query_error = g_error_new_literal (XEP174_DISCOVERY_ERROR,
                                                     XEP174_DISCOVERY_ERROR_NO_DAEMON, "not yet");
  open_it (fixture);
  fake_stack_advance (fixture->first, 999);
  g_assert_true (fixture->first->open);
  fake_stack_advance (fixture->first, 1);
  expect_second (fixture);
}

/* A daemon that is still looking for a host name is there. */
static void
test_busy (Fixture       *fixture,
           gconstpointer  data)
{
  open_it (fixture);
  fake_stack_advance (fixture->first, 3000);
  assert_open (fixture, TRUE);
  g_assert_cmpuint (fixture->running, ==, 0);
  fake_stack_set_running (fixture->first, TRUE);
  fake_stack_turn (fixture->first);
  g_assert_cmpuint (fixture->running, ==, 1);
}

static void
test_neither (Fixture       *fixture,
              gconstpointer  data)
{
  fixture->second->open_error = g_error_new_literal (XEP174_DISCOVERY_ERROR,
                                                     XEP174_DISCOVERY_ERROR_NO_NETWORK, "none");
  open_it (fixture);
  fake_stack_set_running (fixture->first, FALSE);
  fake_stack_turn (fixture->first);
  g_assert_cmpuint (fixture->down, ==, 1);
}

/* D23: a bus that takes connections and says nothing. Nothing waits for it. */
static void
test_silent_bus (void)
{
  g_autoptr(GSocketListener) bus = g_socket_listener_new ();
  g_autoptr(FakeStack) second = g_object_new (FAKE_TYPE_STACK, NULL);
  g_autoptr(Xep174MdnsStack) stack = NULL;
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (folder, "bus", NULL);
  g_autofree char *where = g_strconcat ("unix:path=", path, NULL);

  address = g_unix_socket_address_new (path);
  g_socket_listener_add_address (bus, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL,
                                 NULL, &error);
  g_assert_no_error (error);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", where, TRUE);
  stack = xep174_default_stack_new (xep174_avahi_stack_new (),
                                    g_object_ref (XEP174_MDNS_STACK (second)));
  g_assert_true (xep174_mdns_stack_open (stack, g_main_context_default (), &error));
  g_assert_false (second->open);
  while (!second->open)
    g_main_context_iteration (NULL, TRUE);
  xep174_mdns_stack_close (stack);
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rmdir (folder));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/default-stack/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("first", test_first);
  ADD ("away", test_away);
  ADD ("refuses", test_refuses);
  ADD ("late", test_late);
  ADD ("busy", test_busy);
  ADD ("neither", test_neither);
  g_test_add_func ("/default-stack/D23-silent-bus", test_silent_bus);

  return g_test_run ();
}
