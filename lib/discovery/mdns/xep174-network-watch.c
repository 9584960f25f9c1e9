/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-network-watch-private.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "xep174-source-private.h"

#ifdef __linux__
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#endif

/* A link that comes up gets an address of each family, and IPv6 is tentative at first. */
#define SETTLE_MS 500

/* A shorter sleep cannot be told from the time between two readings of a clock. */
#define NAP_MS 1000

enum
{
  INTERFACES,
  CLOCK,
  HOST_NAME,
  N_WATCHED,
};

struct _Xep174NetworkWatch
{
  GMainContext           *context;
  Xep174NetworkWatchFunc  func;
  gpointer                user_data;
  int                     fds[N_WATCHED];
  GSource                *sources[N_WATCHED];
  GSource                *settle;
  gint64                  asleep_ms; /* how long, since the machine was started */
  char                   *host_name;
  GHashTable             *interfaces; /* as they were at the last look */
};

#ifdef __linux__
static int
open_interfaces (void)
{
  struct sockaddr_nl groups = {
    .nl_family = AF_NETLINK,
    .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
  };
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

  if (fd >= 0 && bind (fd, (struct sockaddr *) &groups, sizeof groups) < 0)
    {
      close (fd);
      return -1;
    }

  return fd;
}

/* A timer that never expires, but is cancelled when the wall clock jumps: when the machine wakes
 * up, or when somebody sets the clock. So we need no polling and no session manager on a bus. */
static gboolean
arm_clock (int fd)
{
  struct itimerspec never = { .it_value.tv_sec = G_MAXINT32 };

  return timerfd_settime (fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0;
}

/* One of these clocks goes on while the machine sleeps, the other does not. */
static gint64
get_asleep_ms (void)
{
  struct timespec all, awake;

  clock_gettime (CLOCK_MONOTONIC, &awake);
  clock_gettime (CLOCK_BOOTTIME, &all);

  return (all.tv_sec - awake.tv_sec) * 1000 + (all.tv_nsec - awake.tv_nsec) / 1000000;
}

static int
open_clock (void)
{
  int fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

  if (fd >= 0 && !arm_clock (fd))
    {
      close (fd);
      return -1;
    }

  return fd;
}

/* When the host name is set, the kernel wakes up everybody who polls this file for exceptions. */
static int
open_host_name (void)
{
  return open ("/proc/sys/kernel/hostname", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* What the messages say does not matter, nor whether some were lost (ENOBUFS): we look
 * ourselves. */
static void
drain (int fd)
{
  char buffer[8192];

  while (read (fd, buffer, sizeof buffer) > 0)
    ;
}
#else
static gint64
get_asleep_ms (void)
{
  return 0;
}

static int
open_interfaces (void)
{
  return -1;
}

static int
open_clock (void)
{
  return -1;
}

static int
open_host_name (void)
{
  return -1;
}

static void
drain (int fd)
{
}

static gboolean
arm_clock (int fd)
{
  return FALSE;
}
#endif

static char *
describe (const struct ifaddrs *entry)
{
  const int family = entry->ifa_addr != NULL ? entry->ifa_addr->sa_family : AF_UNSPEC;
  const gsize size = family == AF_INET6 ? sizeof (struct sockaddr_in6)
                                        : sizeof (struct sockaddr_in);
  g_autoptr(GSocketAddress) address = NULL;
  g_autofree char *text = NULL;

  if (family == AF_INET || family == AF_INET6)
    address = g_socket_address_new_from_native (entry->ifa_addr, size);
  if (address != NULL)
    text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));

  return g_strdup_printf ("%s %u %s", entry->ifa_name, if_nametoindex (entry->ifa_name),
                          text != NULL ? text : "");
}

/* The interfaces that work, and their addresses, as a set of lines. @is_linked says whether one of
 * them leads to other machines. */
static GHashTable *
describe_interfaces (gboolean *is_linked)
{
  GHashTable *lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  struct ifaddrs *entries = NULL;

  *is_linked = FALSE;
  if (getifaddrs (&entries) != 0)
    return lines;

  for (const struct ifaddrs *entry = entries; entry != NULL; entry = entry->ifa_next)
    if ((entry->ifa_flags & IFF_UP) && (entry->ifa_flags & IFF_RUNNING))
      {
        g_hash_table_add (lines, describe (entry));
        *is_linked |= !(entry->ifa_flags & IFF_LOOPBACK);
      }
  freeifaddrs (entries);

  return lines;
}

static gboolean
has_more (GHashTable *lines,
          GHashTable *former)
{
  GHashTableIter iter;
  gpointer line;

  g_hash_table_iter_init (&iter, lines);
  while (g_hash_table_iter_next (&iter, &line, NULL))
    if (!g_hash_table_contains (former, line))
      return TRUE;

  return FALSE;
}

static char *
dup_host_name (void)
{
  char name[HOST_NAME_MAX + 1] = "";

  gethostname (name, HOST_NAME_MAX);

  return g_strdup (name);
}

/* The kernel also reports each router advertisement that extends the life of an address, each scan
 * for wireless networks, and each host name that any container sets. If we asked for all contacts
 * again each time, this would flood the network (D22). So we compare with the last look. */
static gboolean
on_settled (gpointer user_data)
{
  Xep174NetworkWatch *watch = user_data;
  g_autoptr(GHashTable) former = g_steal_pointer (&watch->interfaces);
  g_autofree char *former_name = g_steal_pointer (&watch->host_name);
  const gint64 asleep_ms = get_asleep_ms ();
  gboolean is_linked, has_come, has_gone, is_renamed;

  watch->interfaces = describe_interfaces (&is_linked);
  watch->host_name = dup_host_name ();
  has_come = asleep_ms > watch->asleep_ms + NAP_MS || has_more (watch->interfaces, former);
  has_gone = has_more (former, watch->interfaces);
  is_renamed = strcmp (former_name, watch->host_name) != 0;

  xep174_clear_source (&watch->settle);
  watch->asleep_ms = asleep_ms;
  if (has_come || has_gone || is_renamed)
    watch->func (has_come || (has_gone && is_linked), watch->user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  Xep174NetworkWatch *watch = user_data;

  if (fd != watch->fds[HOST_NAME])
    drain (fd);
  /* More changes do not put it off; otherwise a link that comes and goes all the time would never
   * be reported. */
  if (watch->settle == NULL)
    {
      watch->settle = g_timeout_source_new (SETTLE_MS);
      g_source_set_static_name (watch->settle, "xep174-network-settle");
      g_source_set_callback (watch->settle, on_settled, watch, NULL);
      g_source_attach (watch->settle, watch->context);
    }

  return fd != watch->fds[CLOCK] || arm_clock (fd) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

Xep174NetworkWatch *
xep174_network_watch_new (GMainContext           *context,
                          Xep174NetworkWatchFunc  func,
                          gpointer                user_data)
{
  Xep174NetworkWatch *watch = g_new0 (Xep174NetworkWatch, 1);
  gboolean is_linked;

  watch->context = g_main_context_ref (context);
  watch->func = func;
  watch->user_data = user_data;
  watch->fds[INTERFACES] = open_interfaces ();
  watch->fds[CLOCK] = open_clock ();
  watch->fds[HOST_NAME] = open_host_name ();
  /* After the watch has begun, so that no change is missed in between. */
  watch->interfaces = describe_interfaces (&is_linked);
  watch->host_name = dup_host_name ();
  watch->asleep_ms = get_asleep_ms ();

  for (guint i = 0; i < N_WATCHED; i++)
    {
      if (watch->fds[i] < 0)
        continue;
      watch->sources[i] = g_unix_fd_source_new (watch->fds[i],
                                                i == HOST_NAME ? G_IO_PRI : G_IO_IN);
      g_source_set_static_name (watch->sources[i], "xep174-network");
      g_source_set_callback (watch->sources[i], G_SOURCE_FUNC (on_readable), watch, NULL);
      g_source_attach (watch->sources[i], context);
    }

  return watch;
}

void
xep174_network_watch_free (Xep174NetworkWatch *watch)
{
  xep174_clear_source (&watch->settle);
  for (guint i = 0; i < N_WATCHED; i++)
    {
      xep174_clear_source (&watch->sources[i]);
      if (watch->fds[i] >= 0)
        close (watch->fds[i]);
    }
  g_main_context_unref (watch->context);
  g_hash_table_unref (watch->interfaces);
  g_free (watch->host_name);
  g_free (watch);
}
