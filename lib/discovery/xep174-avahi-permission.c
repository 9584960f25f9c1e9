/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-permission-private.h"

#include "xep174-discovery.h"

static GDBusConnection *
connect_to_bus (GError **error)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, error);

  if (address == NULL)
    return NULL;

  /* Not the one that is shared in the process, which ends with the bus. */
  return g_dbus_connection_new_for_address_sync (address,
                                                 G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                 G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                 NULL, NULL, error);
}

static void
set_error (GError       **error,
           const GError  *reason)
{
  static const char *const refusals[] = {
    "org.freedesktop.Avahi.NotPermittedError",
    "org.freedesktop.Avahi.NotSupportedError",
    "org.freedesktop.DBus.Error.AccessDenied",
    NULL,
  };
  static const char *const limits[] = {
    "org.freedesktop.Avahi.TooManyEntriesError",
    "org.freedesktop.Avahi.TooManyObjectsError",
    "org.freedesktop.DBus.Error.LimitsExceeded",
    NULL,
  };
  g_autofree char *name = g_dbus_error_get_remote_error (reason);

  if (name != NULL && g_strv_contains (refusals, name))
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
                         "avahi-daemon does not let programs publish a name: set "
                         "disable-user-service-publishing=no in avahi-daemon.conf and start it "
                         "anew, or use the embedded discovery");
  else if (name != NULL && g_strv_contains (limits, name))
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_LIMIT,
                         "avahi-daemon has no room for another name: see clients-max and "
                         "objects-per-client-max in avahi-daemon.conf, "
                         "or use the embedded discovery");
  else
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON,
                 "avahi-daemon does not say whether we may publish a name: %s", reason->message);
}

static gboolean
is_remote_error (const GError *error,
                 const char   *name)
{
  g_autofree char *remote = g_dbus_error_get_remote_error (error);

  return g_strcmp0 (remote, name) == 0;
}

/* The group goes with the connection. */
gboolean
xep174_avahi_may_publish (GError **error)
{
  g_autoptr(GError) reason = NULL;
  g_autoptr(GDBusConnection) connection = connect_to_bus (&reason);
  g_autoptr(GVariant) group = NULL;

  if (connection != NULL)
    {
      group = g_dbus_connection_call_sync (connection, "org.freedesktop.Avahi", "/",
                                           "org.freedesktop.Avahi.Server", "EntryGroupNew", NULL,
                                           G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                           -1, NULL, &reason);
      g_dbus_connection_close_sync (connection, NULL, NULL);
    }
  /* Who asks is one client more for a moment; that says nothing of the one that will publish. */
  if (group != NULL || is_remote_error (reason, "org.freedesktop.Avahi.TooManyClientsError"))
    return TRUE;

  set_error (error, reason);
  return FALSE;
}
