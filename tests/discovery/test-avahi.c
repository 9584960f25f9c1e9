/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>

#include "daemon.h"
#include "namespace.h"
#include "person.h"
#include "xep174-avahi-discovery.h"
#include "xep174-directory.h"
#include "xep174-embedded-discovery.h"

static Person *
somebody (const char *user)
{
  return person_new (xep174_avahi_discovery_new (NULL), user);
}

/* Bad input: neither a bus, nor a bus without the daemon, is a crash or a hang. */
static void
test_no_daemon (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(GError) no_bus = NULL;
  g_autoptr(GError) no_avahi = NULL;

  g_assert_false (person_try_start (romeo, 5298, &no_bus));
  g_assert_error (no_bus, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON);

  daemon_start_bus ();
  g_assert_false (person_try_start (romeo, 5298, &no_avahi));
  g_assert_error (no_avahi, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON);
  daemon_stop_bus ();
}

/* D1, D9, D10: two clients of one daemon see each other and not themselves; the machine's part of
 * the name is the daemon's. */
static void
test_meet (void)
{
  g_autoptr(Person) romeo = NULL;
  g_autoptr(Person) juliet = NULL;
  g_autoptr(Person) second = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) addresses = NULL;
  g_autofree char *name = NULL;

  daemon_start_bus ();
  daemon_start_avahi (NULL);
  romeo = somebody ("romeo");
  juliet = somebody ("juliet");
  second = somebody ("romeo");

  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_start (second, 5300);
  g_assert_cmpstr (person_get_name (romeo), ==, "romeo@montague");
  g_assert_cmpstr (person_get_name (second), ==, "romeo-1@montague");
  person_wait_for (romeo, "juliet@montague");
  person_wait_for (romeo, "romeo-1@montague");
  person_wait_for (juliet, "romeo@montague");
  g_assert_cmpuint (person_count (romeo), ==, 2);

  addresses = person_look_up (romeo, "juliet@montague", &error);
  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *) addresses, "127.0.0.1:5299"));
  name = person_identify (romeo, "127.0.0.1", 0, "juliet@montague", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "juliet@montague");

  xep174_profile_set_status (juliet->profile, XEP174_STATUS_DND, "Asleep", &error);
  wait_until (xep174_contact_get_status (person_wait_for (romeo, "juliet@montague")) ==
              XEP174_STATUS_DND);
  person_stop (juliet);
  person_wait_gone (romeo, "juliet@montague");
  person_stop (romeo);
  person_stop (second);
  daemon_kill_avahi ();
  daemon_stop_bus ();
}

int
main (int   argc,
      char *argv[])
{
  namespace_enter ();
  daemon_prepare ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/avahi/no-daemon", test_no_daemon);
  g_test_add_func ("/avahi/D10-meet", test_meet);

  return g_test_run ();
}
