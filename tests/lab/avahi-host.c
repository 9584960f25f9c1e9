/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program that uses libavahi-client itself, and embedded discovery beside it.
 *
 * avahi-host USER
 *
 * Both libraries of Avahi have functions of the same names, and each must come out at its own. What
 * happens is said on the standard output, one line a step; the last is "done". Built three times:
 * linked with libavahi-client before our library, behind it, and not at all (it is loaded later).
 */

#include <avahi-client/client.h>
#include <avahi-client/publish.h>
#include <avahi-common/error.h>
#include <avahi-common/simple-watch.h>
#include <dlfcn.h>
#include <stdio.h>
#include <xep174/xep174.h>

/* How the program itself reaches libavahi-client, wherever it came from. */
static struct
{
  __typeof__ (avahi_client_new) *client_new;
  __typeof__ (avahi_client_free) *client_free;
  __typeof__ (avahi_client_errno) *client_errno;
  __typeof__ (avahi_entry_group_new) *group_new;
  __typeof__ (avahi_entry_group_free) *group_free;
} avahi;

static void
say (const char *what,
     const char *result)
{
  printf ("%s: %s\n", what, result);
  fflush (stdout);
}

/* For all to see, as a plugin of the host's may ask for it. */
static void
load_client (void)
{
  void *library = dlopen ("libavahi-client.so.3", RTLD_NOW | RTLD_GLOBAL);

  g_assert_nonnull (library);
  avahi.client_new = dlsym (library, "avahi_client_new");
  avahi.client_free = dlsym (library, "avahi_client_free");
  avahi.client_errno = dlsym (library, "avahi_client_errno");
  avahi.group_new = dlsym (library, "avahi_entry_group_new");
  avahi.group_free = dlsym (library, "avahi_entry_group_free");
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GAsyncResult **done = user_data;

  *done = g_object_ref (result);
}

static GAsyncResult *
await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (result);
}

static void
start (Xep174Discovery *discovery,
       Xep174Profile   *profile,
       const char      *which)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *done = NULL;

  xep174_discovery_start_async (discovery, profile, 5298, NULL, on_done, &done);
  result = await (&done);
  say (which, xep174_discovery_start_finish (discovery, result, &error)
                ? xep174_discovery_get_local_name (discovery)
                : error->message);
}

static void
stop (Xep174Discovery *discovery)
{
  g_autoptr(GAsyncResult) result = NULL;
  GAsyncResult *done = NULL;

  xep174_discovery_stop_async (discovery, NULL, on_done, &done);
  result = await (&done);
  say ("stopped", xep174_discovery_stop_finish (discovery, result, NULL) ? "yes" : "no");
}

static void
on_client (AvahiClient      *client,
           AvahiClientState  state,
           void             *user_data)
{
}

static void
on_group (AvahiEntryGroup      *group,
          AvahiEntryGroupState  state,
          void                 *user_data)
{
}

/* The host's own publishing, which the daemon may refuse. */
static void
publish_oneself (AvahiSimplePoll *poll)
{
  AvahiEntryGroup *group;
  AvahiClient *client;
  int code = AVAHI_OK;

  client = avahi.client_new (avahi_simple_poll_get (poll), 0, on_client, NULL, &code);
  if (client == NULL)
    {
      say ("client", avahi_strerror (code));
      return;
    }
  group = avahi.group_new (client, on_group, NULL);
  say ("group", group != NULL ? "made" : avahi_strerror (avahi.client_errno (client)));
  if (group != NULL)
    avahi.group_free (group);
  avahi.client_free (client);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new (argv[1], NULL);
  g_autoptr(Xep174Discovery) embedded = XEP174_DISCOVERY (xep174_embedded_discovery_new ());
  g_autoptr(Xep174Discovery) daemon = XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL));
  AvahiSimplePoll *poll = avahi_simple_poll_new ();

  g_assert_cmpint (argc, ==, 2);
#ifndef LATER
  load_client ();
  publish_oneself (poll);
#endif
  start (embedded, profile, "embedded");
#ifdef LATER
  load_client ();
#endif
  publish_oneself (poll);
  start (daemon, NULL, "daemon");
  stop (embedded);
  publish_oneself (poll);
  start (embedded, profile, "embedded");
  stop (embedded);
  stop (daemon);
  avahi_simple_poll_free (poll);
  say ("done", argv[1]);

  return 0;
}
