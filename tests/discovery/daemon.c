/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>

#include "namespace.h"
#include "person.h"

#define RUN_DIR     "/run"
#define BUS_ADDRESS "unix:path=" RUN_DIR "/xep174-bus"
#define AVAHI_LOG   RUN_DIR "/xep174-avahi.log"
#define AVAHI_COMMAND                                                      \
  "avahi-daemon -f " RUN_DIR "/xep174-avahi.conf --no-drop-root --no-chroot " \
  "--no-rlimits --no-proc-title"

static GSubprocess *bus;
static GSubprocess *avahi;

static void
write_config (const char *name,
              const char *text)
{
  g_autofree char *path = g_build_filename (RUN_DIR, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
replace_file (const char *path,
              const char *text)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *own = g_build_filename (RUN_DIR, name, NULL);

  write_config (name, text);
  g_assert_no_errno (mount (own, path, NULL, MS_BIND, NULL));
}

void
daemon_prepare (void)
{
  /* Debian keeps the daemons where not everybody looks. */
  g_autofree char *path = g_strdup_printf ("%s:/usr/sbin:/sbin", g_getenv ("PATH"));

  g_setenv ("PATH", path, TRUE);
  g_assert_no_errno (mount ("xep174", RUN_DIR, "tmpfs", 0, NULL));
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", BUS_ADDRESS, TRUE);
  /* avahi-daemon insists that its directory belongs to a certain user. Where the test is not run by
   * root there is one user only. */
  replace_file ("/etc/passwd", "root:x:0:0::/:/bin/sh\navahi:x:0:0::/:/bin/false\n");
  replace_file ("/etc/group", "root:x:0:\navahi:x:0:\n");
  daemon_set_rules ("");
}

void
daemon_set_rules (const char *rules)
{
  /* Answers must be allowed as well, or clients wait for 25 seconds. */
  g_autofree char *config =
    g_strconcat ("<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN'"
                 " 'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'>"
                 "<busconfig><type>system</type><listen>" BUS_ADDRESS "</listen>"
                 "<auth>EXTERNAL</auth>"
                 "<policy context='default'><allow user='*'/><allow own='*'/>"
                 "<allow send_type='method_call'/><allow send_type='signal'/>"
                 "<allow send_type='method_return'/><allow send_type='error'/>"
                 "<allow receive_type='method_call'/><allow receive_type='signal'/>"
                 "<allow receive_type='method_return'/><allow receive_type='error'/>"
                 "</policy>", rules, "</busconfig>", NULL);

  write_config ("xep174-bus.conf", config);
}

/* A test that fails leaves nobody behind. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* A name server that nobody is, in the place of the system's. */
void
daemon_set_name_server (void)
{
  g_autofree char *target = g_file_read_link ("/etc/resolv.conf", NULL);

  /* What a link points at may have been in the directory that we have hidden. */
  if (target != NULL && !g_file_test ("/etc/resolv.conf", G_FILE_TEST_EXISTS))
    {
      g_autofree char *real = g_canonicalize_filename (target, "/etc");
      g_autofree char *directory = g_path_get_dirname (real);

      g_assert_no_errno (g_mkdir_with_parents (directory, 0755));
      g_file_set_contents (real, "", 0, NULL);
    }
  replace_file ("/etc/resolv.conf", "nameserver 127.0.0.1\n");
}

static GSubprocess *
launch (GSubprocessLauncher *launcher,
        const char          *command)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) arguments = NULL;
  GSubprocess *process;

  g_shell_parse_argv (command, NULL, &arguments, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments, &error);
  g_assert_no_error (error);

  return process;
}

static void
stop (GSubprocess **process)
{
  if (*process == NULL)
    return;

  g_subprocess_force_exit (*process);
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

void
daemon_start_bus (void)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  char ready[1];

  g_assert_null (bus);
  bus = launch (launcher, "dbus-daemon --nofork --nopidfile --print-address "
                          "--config-file=" RUN_DIR "/xep174-bus.conf");
  /* It says its address once it listens. */
  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (bus), ready, sizeof ready,
                                        NULL, NULL), ==, 1);
}

void
daemon_stop_bus (void)
{
  stop (&bus);
}

static gboolean
is_up (void)
{
  g_autofree char *log = NULL;

  return g_file_get_contents (AVAHI_LOG, &log, NULL, NULL) &&
         strstr (log, "Server startup complete") != NULL;
}

static void
configure_avahi (const char *lines)
{
  g_autofree char *config =
    g_strdup_printf ("[server]\nhost-name=montague\nuse-ipv4=yes\nuse-ipv6=yes\n"
                     "enable-dbus=yes\nratelimit-interval-usec=0\n%s\n"
                     "[publish]\npublish-hinfo=no\npublish-workstation=no\n",
                     lines != NULL ? lines : "");

  write_config ("xep174-avahi.conf", config);
  write_config ("xep174-avahi.log", "");
}

void
daemon_start_avahi (const char *lines)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);

  g_assert_null (avahi);
  configure_avahi (lines);
  g_subprocess_launcher_set_stderr_file_path (launcher, AVAHI_LOG);
  avahi = launch (launcher, AVAHI_COMMAND);
  wait_until (is_up ());
}

void
daemon_kill_avahi (void)
{
  stop (&avahi);
}

void
daemon_signal_avahi (int signal)
{
  g_subprocess_send_signal (avahi, signal);
}

void
daemon_make_startable (void)
{
  g_autofree char *program = g_find_program_in_path ("avahi-daemon");
  g_autofree char *folder = g_path_get_dirname (program);
  g_autofree char *service = g_strdup_printf ("[D-BUS Service]\nName=org.freedesktop.Avahi\n"
                                              "Exec=%s/" AVAHI_COMMAND "\nUser=root\n", folder);

  configure_avahi (NULL);
  write_config ("org.freedesktop.Avahi.service", service);
  daemon_set_rules ("<servicedir>" RUN_DIR "</servicedir>");
}

void
daemon_end_started (void)
{
  namespace_run ("avahi-daemon --kill");
  daemon_set_rules ("");
}
