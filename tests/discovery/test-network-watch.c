/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>

#include "namespace.h"
#include "xep174-network-watch-private.h"

static void
on_changed (gpointer user_data)
{
  ++*(guint *) user_data;
}

static gboolean
on_pause_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Longer than a burst takes to settle. */
static void
pause_for (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, on_pause_over, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for (guint *n_changes,
          guint  expected)
{
  while (*n_changes < expected)
    g_main_context_iteration (NULL, TRUE);
}

/* D22: an address that comes or goes is told, once; one that is only prolonged, as each router
 * advertisement does, is not. */
static void
test_addresses (void)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  guint n_changes = 0;
  Xep174NetworkWatch *watch = xep174_network_watch_new (context, on_changed, &n_changes);

  namespace_run ("ip addr add 10.98.1.1/24 dev lo valid_lft 1000 preferred_lft 1000");
  wait_for (&n_changes, 1);

  for (guint i = 0; i < 3; i++)
    {
      namespace_run ("ip addr change 10.98.1.1/24 dev lo valid_lft 2000 preferred_lft 2000");
      namespace_run ("ip addr change 10.98.1.1/24 dev lo valid_lft 1000 preferred_lft 1000");
      pause_for (600);
    }
  g_assert_cmpuint (n_changes, ==, 1);

  namespace_run ("ip addr del 10.98.1.1/24 dev lo");
  wait_for (&n_changes, 2);
  xep174_network_watch_free (watch);
}

static gboolean
on_flap (gpointer user_data)
{
  guint *n_flaps = user_data;

  namespace_run (++*n_flaps % 2 == 1 ? "ip addr add 10.98.1.2/24 dev lo"
                                     : "ip addr del 10.98.1.2/24 dev lo");
  return G_SOURCE_CONTINUE;
}

/* Without a moment of rest there is news all the same. */
static void
test_flapping (void)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  guint n_changes = 0, n_flaps = 0;
  Xep174NetworkWatch *watch = xep174_network_watch_new (context, on_changed, &n_changes);
  guint source = g_timeout_add (170, on_flap, &n_flaps);

  wait_for (&n_changes, 2);
  g_source_remove (source);
  g_assert_cmpuint (n_flaps, >, n_changes);
  xep174_network_watch_free (watch);
}

static void
test_host_name (void)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  guint n_changes = 0;
  Xep174NetworkWatch *watch = xep174_network_watch_new (context, on_changed, &n_changes);

  namespace_set_host_name ("verona");
  wait_for (&n_changes, 1);
  xep174_network_watch_free (watch);
}

int
main (int argc, char *argv[])
{
  namespace_enter ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network-watch/D22-addresses", test_addresses);
  g_test_add_func ("/network-watch/D22-flapping", test_flapping);
  g_test_add_func ("/network-watch/D22-host-name", test_host_name);
  return g_test_run ();
}
