/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "namespace.h"
#include "xep174-network-watch-private.h"

typedef struct
{
  guint n_changes;
  guint n_askable; /* of those: where others can be asked */
} News;

static void
on_changed (gboolean can_ask,
            gpointer user_data)
{
  News *news = user_data;

  news->n_changes++;
  news->n_askable += can_ask;
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
wait_for (News  *news,
          guint  expected)
{
  while (news->n_changes < expected)
    g_main_context_iteration (NULL, TRUE);
}

/* D22: an address that comes or goes is told, and which of the two, once; one that is only prolonged,
 * as each router advertisement does, is not. */
static void
test_addresses (void)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  News news = { 0 };
  Xep174NetworkWatch *watch = xep174_network_watch_new (context, on_changed, &news);

  namespace_run ("ip addr add 10.98.1.1/24 dev lo valid_lft 1000 preferred_lft 1000");
  wait_for (&news, 1);

  for (guint i = 0; i < 3; i++)
    {
      namespace_run ("ip addr change 10.98.1.1/24 dev lo valid_lft 2000 preferred_lft 2000");
      namespace_run ("ip addr change 10.98.1.1/24 dev lo valid_lft 1000 preferred_lft 1000");
      pause_for (600);
    }
  g_assert_cmpuint (news.n_changes, ==, 1);
  g_assert_cmpuint (news.n_askable, ==, 1);

  namespace_run ("ip addr del 10.98.1.1/24 dev lo");
  wait_for (&news, 2);
  g_assert_cmpuint (news.n_askable, ==, 1);
  xep174_network_watch_free (watch);
}

static gboolean
is_running (const char *name)
{
  struct ifreq request = { 0 };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_strlcpy (request.ifr_name, name, sizeof request.ifr_name);
  g_assert_no_errno (ioctl (fd, SIOCGIFFLAGS, &request));
  close (fd);

  return (request.ifr_flags & IFF_RUNNING) != 0;
}

/* D22: a cable that is pulled takes nothing but what went over it; plugged in again it may lead to
 * another network, with the same addresses. */
static void
test_carrier (void)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  News news = { 0 };
  Xep174NetworkWatch *watch;

  namespace_run ("ip link add street type veth peer name alley");
  namespace_run ("ip addr add 10.98.1.3/24 dev street");
  /* Addresses that the kernel gives by itself come in their own time. */
  namespace_run ("ip link set street addrgenmode none");
  namespace_run ("ip link set alley addrgenmode none");
  namespace_run ("ip link set alley up");
  namespace_run ("ip link set street up");
  while (!is_running ("street") || !is_running ("alley"))
    pause_for (20);

  watch = xep174_network_watch_new (context, on_changed, &news);
  namespace_run ("ip link set alley down");
  wait_for (&news, 1);
  g_assert_cmpuint (news.n_askable, ==, 0);
  namespace_run ("ip link set alley up");
  wait_for (&news, 2);
  g_assert_cmpuint (news.n_askable, ==, 1);

  xep174_network_watch_free (watch);
  namespace_run ("ip link del street");
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
  News news = { 0 };
  guint n_flaps = 0;
  Xep174NetworkWatch *watch = xep174_network_watch_new (context, on_changed, &news);
  guint source = g_timeout_add (170, on_flap, &n_flaps);

  wait_for (&news, 2);
  g_source_remove (source);
  g_assert_cmpuint (n_flaps, >, news.n_changes);
  xep174_network_watch_free (watch);
}

/* D22: the kernel tells of every container's name; only ours matters. */
static void
test_host_name (void)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  News news = { 0 };
  Xep174NetworkWatch *watch = xep174_network_watch_new (context, on_changed, &news);

  namespace_run ("unshare --uts sh -c 'echo mantua >/proc/sys/kernel/hostname'");
  pause_for (600);
  g_assert_cmpuint (news.n_changes, ==, 0);

  namespace_set_host_name ("verona");
  wait_for (&news, 1);
  g_assert_cmpuint (news.n_askable, ==, 0);
  xep174_network_watch_free (watch);
}

int
main (int argc, char *argv[])
{
  namespace_enter ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network-watch/D22-addresses", test_addresses);
  g_test_add_func ("/network-watch/D22-carrier", test_carrier);
  g_test_add_func ("/network-watch/D22-flapping", test_flapping);
  g_test_add_func ("/network-watch/D22-host-name", test_host_name);
  return g_test_run ();
}
