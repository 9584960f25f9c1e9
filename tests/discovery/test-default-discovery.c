/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "xep174-avahi-discovery.h"
#include "xep174-embedded-discovery.h"
#include "xep174-manual-discovery.h"

/* Without a bus there is no daemon: the next best is taken, without a wait and without a word. */
static void
test_no_bus (void)
{
  g_autoptr(Xep174Discovery) discovery = xep174_discovery_new_default ();

#ifdef HAVE_EMBEDDED
  g_assert_true (XEP174_IS_EMBEDDED_DISCOVERY (discovery));
#else
  g_assert_true (XEP174_IS_MANUAL_DISCOVERY (discovery));
#endif
  g_assert_finalize_object (g_steal_pointer (&discovery));
}

/* D23: a bus that takes connections and says nothing is waited for no longer than a daemon is. */
static void
test_silent_bus (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(Xep174Discovery) discovery = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (folder, "bus", NULL);
  g_autofree char *where = g_strconcat ("unix:path=", path, NULL);

  address = g_unix_socket_address_new (path);
  g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                 NULL, NULL, &error);
  g_assert_no_error (error);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", where, TRUE);
  discovery = xep174_discovery_new_default ();
  g_assert_false (XEP174_IS_AVAHI_DISCOVERY (discovery));
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rmdir (folder));
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
  g_autoptr(Xep174Discovery) discovery = xep174_avahi_discovery_new (NULL);
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet");
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
  g_test_add_func ("/default-discovery/no-bus", test_no_bus);
  g_test_add_func ("/default-discovery/D23-silent-bus", test_silent_bus);
  g_test_add_func ("/default-discovery/insisting", test_insisting);
  return g_test_run ();
}
