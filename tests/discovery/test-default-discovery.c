/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "xep174-avahi-discovery.h"
#include "xep174-default-discovery.h"

/* Nothing is chosen before the start. */
static void
test_no_start (void)
{
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_default_discovery_new ());

#ifdef HAVE_EMBEDDED
  g_assert_false (xep174_default_discovery_asks_daemon (XEP174_DEFAULT_DISCOVERY (discovery)));
#else
  g_assert_true (xep174_default_discovery_asks_daemon (XEP174_DEFAULT_DISCOVERY (discovery)));
#endif
  g_assert_finalize_object (g_steal_pointer (&discovery));
}

static void
on_started (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (xep174_discovery_start_finish (XEP174_DISCOVERY (object), result, &error));
  *(int *) user_data = error->code;
  g_assert_cmpuint (error->domain, ==, XEP174_DISCOVERY_ERROR);
  g_assert_nonnull (strstr (error->message, "discovery"));
}

/* Who insists on the daemon is told that there is none. */
static void
test_insisting (void)
{
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL));
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  int code = -1;

  xep174_discovery_start_async (discovery, profile, 5298, NULL, on_started, &code);
  while (code == -1)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (code, ==, XEP174_DISCOVERY_ERROR_NO_DAEMON);
  g_assert_false (xep174_discovery_get_running (discovery));
}

int
main (int argc, char *argv[])
{
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/default-discovery/no-start", test_no_start);
  g_test_add_func ("/default-discovery/insisting", test_insisting);
  return g_test_run ();
}
