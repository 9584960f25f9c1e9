/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "namespace.h"

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

static void
give_up (const char *what)
{
  printf ("Bail out! %s: %s. Run the tests as root, or allow user namespaces "
          "(sysctl kernel.unprivileged_userns_clone=1, "
          "kernel.apparmor_restrict_unprivileged_userns=0)\n",
          what, g_strerror (errno));
  exit (1);
}

static void
write_file (const char *path,
            const char *text)
{
  FILE *file = fopen (path, "w");

  if (file == NULL || fputs (text, file) < 0 || fclose (file) != 0)
    give_up (path);
}

/* Root inside is whoever runs the test. */
static void
become_root (uid_t uid,
             gid_t gid)
{
  g_autofree char *uid_map = g_strdup_printf ("0 %u 1", uid);
  g_autofree char *gid_map = g_strdup_printf ("0 %u 1", gid);

  write_file ("/proc/self/setgroups", "deny");
  write_file ("/proc/self/uid_map", uid_map);
  write_file ("/proc/self/gid_map", gid_map);
}

static void
set_loopback_up (void)
{
  struct ifreq request = { .ifr_name = "lo" };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  if (fd < 0 || ioctl (fd, SIOCGIFFLAGS, &request) < 0)
    give_up ("The loopback interface is not there");
  request.ifr_flags |= IFF_UP;
  if (ioctl (fd, SIOCSIFFLAGS, &request) < 0)
    give_up ("The loopback interface cannot be set up");
  close (fd);
}

void
namespace_enter (void)
{
  const int flags = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS;
  uid_t uid = getuid ();
  gid_t gid = getgid ();

  if (unshare (flags | (uid == 0 ? 0 : CLONE_NEWUSER)) < 0)
    give_up ("No namespace of its own for this test");
  if (uid != 0)
    become_root (uid, gid);
  if (mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
    give_up ("The mounts cannot be made private");

  namespace_set_host_name ("pronto");
  set_loopback_up ();
}

void
namespace_run (const char *command)
{
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
}

void
namespace_set_host_name (const char *name)
{
  if (sethostname (name, strlen (name)) < 0)
    give_up ("The host name cannot be set");
}
