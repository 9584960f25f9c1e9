/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#include "crowd.h"
#include "daemon.h"
#include "name-server.h"
#include "namespace.h"
#include "person.h"
#include "xep174-avahi-discovery.h"
#include "xep174-directory.h"
#include "xep174-embedded-discovery.h"

static Person *
somebody (const char *user)
{
  return person_new (XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL)), user);
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

/* D19: the daemon is killed. Contacts go; with the next daemon they are found again, and we are
 * published under the same name, which is not the first choice. */
static void
test_restart (void)
{
  g_autoptr(Person) romeo = NULL;
  g_autoptr(Person) second = NULL;
  g_autoptr(Person) juliet = NULL;

  daemon_start_bus ();
  daemon_start_avahi (NULL);
  romeo = somebody ("romeo");
  second = somebody ("romeo");
  juliet = person_new (XEP174_DISCOVERY (xep174_embedded_discovery_new ()), "juliet");
  person_start (romeo, 5298);
  person_start (second, 5299);
  person_start (juliet, 5300);
  person_wait_for (second, "juliet@pronto");
  person_wait_for (juliet, "romeo-1@montague");

  daemon_kill_avahi ();
  wait_until (person_count (second) == 0 && person_count (romeo) == 0);
  g_assert_true (xep174_discovery_get_running (second->discovery));
  g_assert_cmpstr (person_get_name (second), ==, "romeo-1@montague");

  daemon_start_avahi (NULL);
  person_wait_for (second, "juliet@pronto");
  person_wait_for (second, "romeo@montague");
  person_wait_for (romeo, "romeo-1@montague");
  g_assert_cmpstr (person_get_name (second), ==, "romeo-1@montague");

  /* The bus as well: nobody tells us when it is back. */
  daemon_kill_avahi ();
  daemon_stop_bus ();
  wait_until (person_count (second) == 0);
  daemon_start_bus ();
  daemon_start_avahi (NULL);
  person_wait_for (second, "juliet@pronto");
  person_wait_for (second, "romeo@montague");
  g_assert_cmpstr (person_get_name (second), ==, "romeo-1@montague");

  /* And to stop while it is away is no matter. */
  daemon_kill_avahi ();
  wait_until (person_count (second) == 0);
  person_stop (second);
  daemon_stop_bus ();
  wait_until (person_count (romeo) == 0);
  person_stop (romeo);
}

/* D9, D22: the daemon takes another host name, and we do with it. */
static void
test_host_name (void)
{
  g_autoptr(Person) romeo = NULL;
  g_autoptr(Person) juliet = NULL;
  g_autoptr(GError) error = NULL;

  daemon_start_bus ();
  daemon_start_avahi (NULL);
  romeo = somebody ("romeo");
  juliet = somebody ("juliet");
  xep174_profile_set_machine (juliet->profile, "capulet", &error);
  g_assert_no_error (error);
  person_start (romeo, 5298);
  person_start (juliet, 5299);
  g_assert_cmpstr (person_get_name (juliet), ==, "juliet@capulet");
  person_wait_for (juliet, "romeo@montague");

  namespace_run ("avahi-set-host-name mantua");
  person_wait_for (juliet, "romeo@mantua");
  person_wait_gone (juliet, "romeo@montague");
  wait_until (g_strcmp0 (person_get_name (romeo), "romeo@mantua") == 0);
  person_wait_for (romeo, "juliet@capulet");
  g_assert_cmpstr (person_get_name (juliet), ==, "juliet@capulet");

  person_stop (romeo);
  person_stop (juliet);
  daemon_kill_avahi ();
  daemon_stop_bus ();
}

/* The daemon grants a client 40 objects: we are several clients, and 200 people come and go. */
static void
test_crowd (void)
{
  g_autoptr(Person) romeo = NULL;
  Crowd *crowd;

  daemon_start_bus ();
  daemon_start_avahi ("objects-per-client-max=40\n");
  romeo = somebody ("romeo");
  person_start (romeo, 5298);
  crowd = crowd_new (200);

  wait_until (person_count (romeo) == 200);
  g_assert_cmpstr (xep174_contact_get_nick (person_wait_for (romeo, "name150@crowd")), ==,
                   "Number 150");

  crowd_free (crowd);
  wait_until (person_count (romeo) == 0);
  person_stop (romeo);
  daemon_kill_avahi ();
  daemon_stop_bus ();
}

static void
wait_for_limit (Person *romeo)
{
  wait_until (xep174_discovery_get_problem (romeo->discovery) != NULL);
  g_assert_error (xep174_discovery_get_problem (romeo->discovery), XEP174_DISCOVERY_ERROR,
                  XEP174_DISCOVERY_ERROR_LIMIT);
}

/* The people of @crowd go, and others who are not too many come. */
static void
meet_enough (Person *romeo,
             Crowd  *crowd,
             guint   n_enough)
{
  crowd_free (crowd);
  wait_until (person_count (romeo) == 0 &&
              xep174_discovery_get_problem (romeo->discovery) == NULL);

  crowd = crowd_new (n_enough);
  wait_until (person_count (romeo) == n_enough);
  g_assert_no_error (xep174_discovery_get_problem (romeo->discovery));
  crowd_free (crowd);
  person_stop (romeo);
  daemon_kill_avahi ();
  daemon_stop_bus ();
}

/* More people than the daemon grants us objects: we are told, and when they have left all is well. */
static void
test_objects (void)
{
  g_autoptr(Person) romeo = NULL;
  Crowd *crowd;

  daemon_start_bus ();
  daemon_start_avahi ("clients-max=2\nobjects-per-client-max=20\n");
  romeo = somebody ("romeo");
  person_start (romeo, 5298);
  crowd = crowd_new (60);
  wait_for_limit (romeo);
  meet_enough (romeo, crowd, 20);
}

/* The same with more than it remembers. It tells nobody of what it forgets; so that it is not the
 * pointers to people, we have these first, and then as many words as it has room for. */
static void
test_cache (void)
{
  g_autoptr(Person) romeo = NULL;
  Crowd *crowd;

  daemon_start_bus ();
  daemon_start_avahi ("cache-entries-max=150\n");
  romeo = somebody ("romeo");
  person_start (romeo, 5298);
  crowd = crowd_new_mute (120);
  wait_for_limit (romeo);
  crowd_speak (crowd);
  wait_until (crowd_is_there (crowd) && person_count (romeo) > 0);
  g_assert_cmpuint (person_count (romeo), <, 31);
  wait_for_limit (romeo);
  meet_enough (romeo, crowd, 20);
}

/* The daemon has no room for another client. */
static void
test_limit (void)
{
  g_autoptr(Person) romeo = NULL;
  g_autoptr(Person) juliet = NULL;
  g_autoptr(GError) error = NULL;

  daemon_start_bus ();
  daemon_start_avahi ("clients-max=1\n");
  romeo = somebody ("romeo");
  juliet = somebody ("juliet");
  person_start (romeo, 5298);
  g_assert_false (person_try_start (juliet, 5299, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_LIMIT);
  person_stop (romeo);
  daemon_kill_avahi ();
  daemon_stop_bus ();
}

/* A client is granted next to nothing: each thing that is asked for takes another one. */
static void
test_few_objects (void)
{
  static const char *const lines[] = {
    "objects-per-client-max=1\nentries-per-entry-group-max=1\n",
    "objects-per-client-max=5\n",
  };
  static const guint n_people[] = { 5, 40 };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(Person) romeo = somebody ("romeo");
      Crowd *crowd;

      daemon_start_bus ();
      daemon_start_avahi (lines[i]);
      person_start (romeo, 5298);
      crowd = crowd_new (n_people[i]);
      wait_until (person_count (romeo) == n_people[i]);
      crowd_free (crowd);
      wait_until (person_count (romeo) == 0);
      person_stop (romeo);
      daemon_kill_avahi ();
      daemon_stop_bus ();
    }
}

/* D23: a daemon that lets nobody publish, in each way that it has; looking works. */
static void
test_no_publishing (void)
{
  static const char *const lines[] = {
    "[publish]\ndisable-publishing=yes\n", "[publish]\ndisable-user-service-publishing=yes\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(Person) romeo = somebody ("romeo");
      g_autoptr(Person) nobody = person_new (XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL)), NULL);
      g_autoptr(Person) juliet = person_new (XEP174_DISCOVERY (xep174_embedded_discovery_new ()), "juliet");
      g_autoptr(GError) error = NULL;

      daemon_start_bus ();
      daemon_start_avahi (lines[i]);
      g_assert_false (person_try_start (romeo, 5298, &error));
      g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED);
      g_assert_nonnull (strstr (error->message, "disable-publishing=no"));
      person_start (nobody, 0);
      person_start (juliet, 5299);
      person_wait_for (nobody, "juliet@pronto");
      person_stop (juliet);
      person_stop (nobody);
      daemon_kill_avahi ();
      daemon_stop_bus ();
    }
}

/* D23: the daemon hangs. We do not, the problem tells, contacts stay, and all is well when it goes on. */
static void
test_hanging (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = person_new (XEP174_DISCOVERY (xep174_embedded_discovery_new ()), "juliet");
  g_autoptr(GError) error = NULL;

  daemon_start_bus ();
  daemon_start_avahi (NULL);
  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_wait_for (romeo, "juliet@pronto");
  person_wait_for (juliet, "romeo@montague");

  daemon_signal_avahi (SIGSTOP);
  xep174_profile_set_status (romeo->profile, XEP174_STATUS_DND, "Asleep", &error);
  g_assert_no_error (error);
  wait_until (xep174_discovery_get_problem (romeo->discovery) != NULL);
  g_assert_error (xep174_discovery_get_problem (romeo->discovery), XEP174_DISCOVERY_ERROR,
                  XEP174_DISCOVERY_ERROR_NO_DAEMON);
  g_assert_nonnull (xep174_discovery_find_contact (romeo->discovery, "juliet@pronto"));

  daemon_signal_avahi (SIGCONT);
  wait_until (xep174_discovery_get_problem (romeo->discovery) == NULL);
  wait_until (xep174_contact_get_status (person_wait_for (juliet, "romeo@montague")) ==
              XEP174_STATUS_DND);
  g_assert_nonnull (xep174_discovery_find_contact (romeo->discovery, "juliet@pronto"));
  g_assert_cmpstr (romeo->log->str, ==, "+juliet@pronto ");

  /* And to stop meanwhile is no wait. */
  daemon_signal_avahi (SIGSTOP);
  person_stop (romeo);
  daemon_signal_avahi (SIGCONT);
  person_wait_gone (juliet, "romeo@montague");
  person_stop (juliet);
  daemon_kill_avahi ();
  daemon_stop_bus ();
}

/* The bus starts the daemon for whoever asks for it. */
static void
test_started_by_bus (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");

  daemon_make_startable ();
  daemon_start_bus ();
  person_start (romeo, 5298);
  g_assert_cmpstr (person_get_name (romeo), ==, "romeo@montague");
  person_stop (romeo);
  daemon_end_started ();
  daemon_stop_bus ();
}

/* D17: where the daemon cannot publish, the error says so; without a profile contacts are found. */
static void
test_domain (void)
{
  G_GNUC_UNUSED g_autoptr(NameServer) server = name_server_new ();
  g_autoptr(Person) romeo = NULL;
  g_autoptr(Person) nobody = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) addresses = NULL;

  daemon_start_bus ();
  daemon_set_name_server ();
  daemon_start_avahi ("[wide-area]\nenable-wide-area=yes\n");
  romeo = person_new (XEP174_DISCOVERY (xep174_avahi_discovery_new ("verona.example")), "romeo");
  g_assert_cmpstr (xep174_discovery_get_domain (romeo->discovery), ==, "verona.example");
  g_assert_false (person_try_start (romeo, 5298, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "without a profile"));
  g_clear_error (&error);

  nobody = person_new (XEP174_DISCOVERY (xep174_avahi_discovery_new ("verona.example")), NULL);
  person_start (nobody, 0);
  g_assert_null (person_get_name (nobody));
  g_assert_cmpstr (xep174_contact_get_nick (person_wait_for (nobody, "juliet@capulet")), ==, "Jule");
  addresses = person_look_up (nobody, "juliet@capulet", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (addresses[0], ==, "192.0.2.9:5298");
  person_stop (nobody);
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
  g_test_add_func ("/avahi/D19-restart", test_restart);
  g_test_add_func ("/avahi/D22-host-name", test_host_name);
  g_test_add_func ("/avahi/crowd", test_crowd);
  g_test_add_func ("/avahi/D23-no-publishing", test_no_publishing);
  g_test_add_func ("/avahi/D23-hanging", test_hanging);
  g_test_add_func ("/avahi/started-by-bus", test_started_by_bus);
  g_test_add_func ("/avahi/limit", test_limit);
  g_test_add_func ("/avahi/limit/few-objects", test_few_objects);
  g_test_add_func ("/avahi/limit/objects", test_objects);
  g_test_add_func ("/avahi/limit/cache", test_cache);
  g_test_add_func ("/avahi/D17-domain", test_domain);

  return g_test_run ();
}
