/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-refusal-private.h"

#include "xep174-discovery.h"
#include "xep174-gettext-private.h"

#define AVAHI "org.freedesktop.Avahi."
#define DBUS  "org.freedesktop.DBus.Error."

#define NO_DAEMON                                                                                \
  N_("No avahi-daemon answers on the system bus; start it, or use the embedded discovery, "      \
     "which works without it. In a sandbox such as Flatpak the program must be allowed to talk " \
     "to org.freedesktop.Avahi on the system bus")
#define NOT_PERMITTED                                                                         \
  N_("avahi-daemon does not let programs publish a name: set disable-publishing=no and "      \
     "disable-user-service-publishing=no in avahi-daemon.conf and start it anew, or use the " \
     "embedded discovery")
#define NOT_ALLOWED                                                                            \
  N_("The rules of the system bus do not let this program use avahi-daemon; allow it to talk " \
     "to org.freedesktop.Avahi (also in the settings of a sandbox), or use the embedded "      \
     "discovery")
#define TOO_OLD                                                                                \
  N_("avahi-daemon does not know what it is asked for; install a newer one, 0.7 at least, or " \
     "use the embedded discovery")

typedef struct
{
  const char *name; /* or, if it ends with a dot, how it begins */
  Xep174DiscoveryError code;
  const char *message;
} Row;

static const Row rows[] = {
  { XEP174_AVAHI_NO_BUS, XEP174_DISCOVERY_ERROR_NO_DAEMON,
    N_("There is no system bus to reach avahi-daemon by; start both, or use the embedded "
       "discovery, which needs neither") },
  { XEP174_AVAHI_SILENT, XEP174_DISCOVERY_ERROR_NO_DAEMON,
    N_("avahi-daemon does not answer, and nobody new can be found; it may hang: start it anew") },
  { XEP174_AVAHI_GONE, XEP174_DISCOVERY_ERROR_NO_DAEMON,
    N_("avahi-daemon is away and nobody can be found; it may have been stopped: start it again") },
  { XEP174_AVAHI_NONSENSE, XEP174_DISCOVERY_ERROR_FAILED,
    N_("avahi-daemon gives answers that make no sense; start it anew, or use the embedded "
       "discovery") },
  { XEP174_AVAHI_FLOOD, XEP174_DISCOVERY_ERROR_LIMIT,
    N_("avahi-daemon says more than can be read, asking it again; if this stays, start it anew") },
  { XEP174_AVAHI_FULL, XEP174_DISCOVERY_ERROR_LIMIT,
    N_("avahi-daemon has no room for all that is asked of it; set a higher objects-per-client-max "
       "in avahi-daemon.conf and start it anew") },

  { DBUS "ServiceUnknown", XEP174_DISCOVERY_ERROR_NO_DAEMON, NO_DAEMON },
  { DBUS "NameHasNoOwner", XEP174_DISCOVERY_ERROR_NO_DAEMON, NO_DAEMON },
  { DBUS "Spawn.", XEP174_DISCOVERY_ERROR_NO_DAEMON, NO_DAEMON },
  { "org.freedesktop.systemd1.", XEP174_DISCOVERY_ERROR_NO_DAEMON, NO_DAEMON },
  { DBUS "NoReply", XEP174_DISCOVERY_ERROR_NO_DAEMON,
    N_("avahi-daemon went away, or does not answer; start it anew") },
  { DBUS "Timeout", XEP174_DISCOVERY_ERROR_NO_DAEMON,
    N_("avahi-daemon could not be started in time; start it by hand") },
  { DBUS "TimedOut", XEP174_DISCOVERY_ERROR_NO_DAEMON,
    N_("avahi-daemon could not be started in time; start it by hand") },
  { DBUS "AccessDenied", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, NOT_ALLOWED },
  { DBUS "AuthFailed", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, NOT_ALLOWED },
  { DBUS "InteractiveAuthorizationRequired", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, NOT_ALLOWED },
  { DBUS "UnknownMethod", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, TOO_OLD },
  { DBUS "UnknownInterface", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, TOO_OLD },
  { DBUS "LimitsExceeded", XEP174_DISCOVERY_ERROR_LIMIT,
    N_("The system bus has no room for more requests or connections of this user; close some "
       "programs") },

  { AVAHI "NotPermittedError", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, NOT_PERMITTED },
  { AVAHI "NotSupportedError", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
    N_("avahi-daemon cannot do this in the domain that was chosen") },
  { AVAHI "TooManyClientsError", XEP174_DISCOVERY_ERROR_LIMIT,
    N_("avahi-daemon has no room for another program: set a higher clients-max in "
       "avahi-daemon.conf and start it anew, close other programs, or use the embedded "
       "discovery") },
  { AVAHI "TooManyObjectsError", XEP174_DISCOVERY_ERROR_LIMIT,
    N_("avahi-daemon grants too little to a program: set a higher objects-per-client-max in "
       "avahi-daemon.conf and start it anew, or use the embedded discovery") },
  { AVAHI "TooManyEntriesError", XEP174_DISCOVERY_ERROR_LIMIT,
    N_("avahi-daemon lets a program publish too little: set a higher entries-per-entry-group-max "
       "in avahi-daemon.conf and start it anew, or use the embedded discovery") },
  { XEP174_AVAHI_COLLISION, XEP174_DISCOVERY_ERROR_COLLISION,
    N_("Somebody else on the network has this name; use another one") },
  { AVAHI "NoNetworkError", XEP174_DISCOVERY_ERROR_NO_NETWORK,
    N_("avahi-daemon has no network to use; connect to one") },
  { AVAHI "InvalidServiceNameError", XEP174_DISCOVERY_ERROR_INVALID_NAME,
    N_("avahi-daemon does not take this name; use another one") },
  { XEP174_AVAHI_INVALID_DOMAIN, XEP174_DISCOVERY_ERROR_INVALID_NAME,
    N_("avahi-daemon does not take this domain; use another one") },
  { AVAHI "InvalidHostNameError", XEP174_DISCOVERY_ERROR_INVALID_NAME,
    N_("avahi-daemon does not take the name of this host; use another one") },
};

static gboolean
fits (const Row  *row,
      const char *name)
{
  return g_str_has_suffix (row->name, ".") ? g_str_has_prefix (name, row->name)
                                           : g_str_equal (name, row->name);
}

GError *
xep174_avahi_refusal_new (const char *name,
                          const char *words,
                          const char *doing)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (fits (&rows[i], name))
      return g_error_new_literal (XEP174_DISCOVERY_ERROR, rows[i].code, _(rows[i].message));

  return g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                      _("%s failed: avahi-daemon says “%s”"), doing,
                      words != NULL && *words != '\0' ? words : name);
}

gboolean
xep174_avahi_is_object_limit (const char *name)
{
  return g_strcmp0 (name, AVAHI "TooManyObjectsError") == 0;
}

gboolean
xep174_avahi_is_unknown (const char *name)
{
  return g_strcmp0 (name, DBUS "UnknownMethod") == 0 ||
         g_strcmp0 (name, DBUS "UnknownInterface") == 0;
}
