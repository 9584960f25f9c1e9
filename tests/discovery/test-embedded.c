/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <net/if.h>
#include <string.h>
#include <sys/mount.h>

#include "namespace.h"
#include "person.h"
#include "xep174-directory.h"
#include "xep174-embedded-discovery.h"

static Person *
somebody (const char *user)
{
  return person_new (XEP174_DISCOVERY (xep174_embedded_discovery_new ()), user);
}

/* D10, D1: two clients in one process see each other and not themselves, on loopback alone. */
static void
test_meet (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = somebody ("juliet");

  person_start (romeo, 5298);
  g_assert_cmpstr (person_get_name (romeo), ==, "romeo@pronto");
  person_start (juliet, 5299);

  person_wait_for (romeo, "juliet@pronto");
  person_wait_for (juliet, "romeo@pronto");
  g_assert_cmpuint (person_count (romeo), ==, 1);
  g_assert_cmpuint (person_count (juliet), ==, 1);
}

/* D18: who only looks is seen by nobody, and needs no name. */
static void
test_browse_only (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = somebody ("juliet");
  g_autoptr(Person) nobody = somebody (NULL);

  person_start (nobody, 0);
  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_wait_for (nobody, "romeo@pronto");
  person_wait_for (nobody, "juliet@pronto");
  person_wait_for (romeo, "juliet@pronto");
  person_wait_for (juliet, "romeo@pronto");
  g_assert_null (person_get_name (nobody));
  g_assert_cmpuint (person_count (romeo), ==, 1);
  g_assert_cmpuint (person_count (juliet), ==, 1);
}

/* D9: a taken name gets a number, and everybody knows everybody by the name in force. */
static void
test_collision (void)
{
  g_autoptr(Person) first = somebody ("romeo");
  g_autoptr(Person) second = somebody ("romeo");
  g_autoptr(Person) third = somebody ("romeo");

  person_start (first, 5298);
  person_start (second, 5299);
  person_start (third, 5300);

  g_assert_cmpstr (person_get_name (first), ==, "romeo@pronto");
  g_assert_cmpstr (person_get_name (second), ==, "romeo-1@pronto");
  g_assert_cmpstr (person_get_name (third), ==, "romeo-2@pronto");
  person_wait_for (first, "romeo-1@pronto");
  person_wait_for (first, "romeo-2@pronto");
  person_wait_for (second, "romeo@pronto");
  person_wait_for (third, "romeo@pronto");
  g_assert_null (xep174_discovery_find_contact (first->discovery, "romeo@pronto"));
  g_assert_null (xep174_discovery_find_contact (second->discovery, "romeo-1@pronto"));
}

/* D9: two that ask for the same name at the same moment get one each. */
static void
test_tie (void)
{
  g_autoptr(Person) first = somebody ("romeo");
  g_autoptr(Person) second = somebody ("romeo");

  xep174_discovery_start_async (first->discovery, first->profile, 5298, NULL, NULL, NULL);
  xep174_discovery_start_async (second->discovery, second->profile, 5299, NULL, NULL, NULL);
  wait_until (xep174_discovery_get_running (first->discovery) &&
              xep174_discovery_get_running (second->discovery));
  wait_until (person_count (first) == 1 && person_count (second) == 1);
  g_assert_cmpstr (person_get_name (first), !=, person_get_name (second));
  person_wait_for (first, person_get_name (second));
  person_wait_for (second, person_get_name (first));
}

static void
on_status (Xep174Contact *contact,
           GParamSpec    *pspec,
           guint         *n_notifications)
{
  ++*n_notifications;
}

/* D14: a change of presence is one of the same contact, which is never away meanwhile. */
static void
test_presence (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = somebody ("juliet");
  g_autoptr(GError) error = NULL;
  Xep174Contact *contact;
  guint n_notifications = 0;

  person_start (romeo, 5298);
  person_start (juliet, 5299);
  contact = person_wait_for (romeo, "juliet@pronto");
  g_assert_cmpint (xep174_contact_get_status (contact), ==, XEP174_STATUS_AVAILABLE);
  g_assert_cmpstr (xep174_contact_get_parameter (contact, "port.p2pj"), ==, "5299");
  g_signal_connect (contact, "notify::status", G_CALLBACK (on_status), &n_notifications);

  xep174_profile_set_status (juliet->profile, XEP174_STATUS_AWAY, "On the balcony", &error);
  g_assert_no_error (error);
  wait_until (xep174_contact_get_status (contact) == XEP174_STATUS_AWAY);
  g_assert_cmpstr (xep174_contact_get_status_message (contact), ==, "On the balcony");

  xep174_profile_set_status (juliet->profile, XEP174_STATUS_DND, NULL, &error);
  wait_until (xep174_contact_get_status (contact) == XEP174_STATUS_DND);
  xep174_profile_set_status (juliet->profile, XEP174_STATUS_AVAILABLE, NULL, &error);
  wait_until (xep174_contact_get_status (contact) == XEP174_STATUS_AVAILABLE);

  g_assert_cmpstr (romeo->log->str, ==, "+juliet@pronto ");
  g_assert_true (person_wait_for (romeo, "juliet@pronto") == contact);
  g_assert_cmpuint (n_notifications, >=, 3);
}

/* D13: who leaves says goodbye. */
static void
test_goodbye (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = somebody ("juliet");

  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_wait_for (romeo, "juliet@pronto");

  person_stop (juliet);
  g_assert_cmpuint (person_count (juliet), ==, 0);
  person_wait_gone (romeo, "juliet@pronto");
  g_assert_cmpstr (romeo->log->str, ==, "+juliet@pronto -juliet@pronto ");

  person_start (juliet, 5299);
  person_wait_for (romeo, "juliet@pronto");
  person_wait_for (juliet, "romeo@pronto");
}

/* D12, D8: addresses are asked for when dialling, with the port of the SRV record and the families
 * in turn. */
static void
test_look_up (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = somebody ("juliet");
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) addresses = NULL;

  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_wait_for (romeo, "juliet@pronto");

  addresses = person_look_up (romeo, "juliet@pronto", &error);
  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *) addresses, "127.0.0.1:5299"));
  g_assert_true (g_strv_contains ((const char *const *) addresses, "::1:5299"));
  g_assert_cmpuint (g_strv_length (addresses), ==, 2);
}

/* X13, X4 */
static void
test_identify (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = somebody ("Juliet");
  g_autofree char *named = NULL;
  g_autofree char *mapped = NULL;
  g_autofree char *nameless = NULL;
  g_autofree char *nobody = NULL;
  g_autoptr(GError) error = NULL;

  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_wait_for (romeo, "Juliet@pronto");

  named = person_identify (romeo, "127.0.0.1", 0, "juliet@pronto", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (named, ==, "Juliet@pronto");
  mapped = person_identify (romeo, "::ffff:127.0.0.1", 0, "Juliet@pronto", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mapped, ==, "Juliet@pronto");
  nameless = person_identify (romeo, "127.0.0.1", 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (nameless, ==, "Juliet@pronto");

  nobody = person_identify (romeo, "10.1.2.3", 0, "juliet@pronto", &error);
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_WRONG_ADDRESS);
  g_clear_error (&error);
  nobody = person_identify (romeo, "10.1.2.3", 0, NULL, &error);
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_AMBIGUOUS);
  g_clear_error (&error);
  nobody = person_identify (romeo, "127.0.0.1", 0, "tybalt@pronto", &error);
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME);
  g_clear_error (&error);
  nobody = person_identify (romeo, "127.0.0.1", 0, "romeo@pronto", &error);
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME);
}

/* X4: an address that two have is nobody's. */
static void
test_ambiguous (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = somebody ("juliet");
  g_autoptr(Person) nurse = somebody ("nurse");
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_start (nurse, 5300);
  wait_until (person_count (romeo) == 2);

  name = person_identify (romeo, "127.0.0.1", 0, NULL, &error);
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_AMBIGUOUS);
}

/* D9, D22: the application changes the machine's part, then the system does. */
static void
test_rename (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = somebody ("juliet");
  g_autoptr(GError) error = NULL;

  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_wait_for (romeo, "juliet@pronto");

  xep174_profile_set_machine (juliet->profile, "capulet", &error);
  g_assert_no_error (error);
  person_wait_for (romeo, "juliet@capulet");
  person_wait_gone (romeo, "juliet@pronto");
  wait_until (g_strcmp0 (person_get_name (juliet), "juliet@capulet") == 0);

  namespace_set_host_name ("mantua");
  person_wait_for (juliet, "romeo@mantua");
  person_wait_gone (juliet, "romeo@pronto");
  wait_until (g_strcmp0 (person_get_name (romeo), "romeo@mantua") == 0);
  g_assert_cmpstr (person_get_name (juliet), ==, "juliet@capulet");
  namespace_set_host_name ("pronto");
}

/* X13: a link-local caller need not have published that address, but must be on the link. */
static void
check_link_local_caller (Person *person)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;

  name = person_identify (person, "fe80::1", if_nametoindex ("street"), "juliet@pronto", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "juliet@pronto");

  g_clear_pointer (&name, g_free);
  name = person_identify (person, "fe80::1", 4711, "juliet@pronto", &error);
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_WRONG_ADDRESS);
}

/* D11, D12, D22: a link comes, the contact is the same one with more addresses, among them a
 * link-local one with its scope; it goes, and the contact stays. */
static void
test_links (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(Person) juliet = somebody ("juliet");
  Xep174Contact *contact;
  guint n_changes = 0;
  gboolean complete = FALSE;

  person_start (romeo, 5298);
  person_start (juliet, 5299);
  contact = person_wait_for (romeo, "juliet@pronto");
  g_signal_connect_swapped (romeo->discovery, "network-changed",
                            G_CALLBACK (g_atomic_int_inc), &n_changes);

  namespace_run ("ip link add street type veth peer name alley");
  namespace_run ("ip addr add 10.98.1.1/24 dev street");
  namespace_run ("ip link set alley up");
  namespace_run ("ip link set street up");
  wait_until (g_atomic_int_get (&n_changes) > 0);

  while (!complete)
    {
      g_autoptr(GError) error = NULL;
      g_auto(GStrv) addresses = person_look_up (romeo, "juliet@pronto", &error);
      gboolean has_link_local = FALSE;

      g_assert_no_error (error);
      for (char **address = addresses; *address != NULL; address++)
        has_link_local |= g_str_has_prefix (*address, "fe80:") && strchr (*address, '%') != NULL;
      complete = has_link_local &&
                 g_strv_contains ((const char *const *) addresses, "10.98.1.1:5299");
    }

  check_link_local_caller (romeo);

  namespace_run ("ip link del street");
  while (complete)
    {
      g_autoptr(GError) error = NULL;
      g_auto(GStrv) addresses = person_look_up (romeo, "juliet@pronto", &error);

      g_assert_no_error (error);
      complete = g_strv_contains ((const char *const *) addresses, "10.98.1.1:5299");
    }
  g_assert_true (person_wait_for (romeo, "juliet@pronto") == contact);
  g_assert_cmpstr (romeo->log->str, ==, "+juliet@pronto ");
}

/* No network at all: a clear error, and a start that works once there is one. */
static void
test_no_network (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(GError) error = NULL;

  namespace_run ("ip link set lo down");
  g_assert_false (person_try_start (romeo, 5298, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_NETWORK);
  namespace_run ("ip link set lo up");
  person_start (romeo, 5298);
}

/* A program may drop what runs, even in a handler that the discovery itself calls. */
static void
on_added_drop (Xep174Discovery  *discovery,
               Xep174Contact    *contact,
               Xep174Discovery **dropped)
{
  g_clear_object (dropped);
}

static void
test_drop (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  Xep174Discovery *discovery = XEP174_DISCOVERY (xep174_embedded_discovery_new ());
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);

  person_start (romeo, 5298);
  g_signal_connect (discovery, "contact-added", G_CALLBACK (on_added_drop), &discovery);
  xep174_discovery_start_async (discovery, profile, 5299, NULL, NULL, NULL);
  wait_until (discovery == NULL);
  wait_until (person_count (romeo) == 0);
}

static void
on_cancelled (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  gboolean *done = user_data;
  g_autoptr(GError) error = NULL;

  xep174_discovery_start_finish (XEP174_DISCOVERY (object), result, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *done = TRUE;
}

static void
test_cancel (void)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  xep174_discovery_start_async (romeo->discovery, romeo->profile, 5298, cancellable, on_cancelled,
                                &done);
  wait_a_moment ();
  g_cancellable_cancel (cancellable);
  wait_until (done);
  g_assert_null (person_get_name (romeo));
  person_start (romeo, 5298);
}

/* D16: any UTF-8, dots and escapes survive the way through DNS names. */
static void
test_names (void)
{
  g_autoptr(Person) romeo = somebody ("Roméo \\ (2) a.b");
  g_autoptr(Person) juliet = somebody ("ジュリエット");

  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_wait_for (romeo, "ジュリエット@pronto");
  person_wait_for (juliet, "Roméo \\ (2) a.b@pronto");
}

/* Bad input: a machine without the library, which is opened when it is needed. */
static void
test_no_library (void)
{
  g_autoptr(Person) romeo = NULL;
  g_autoptr(GError) error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }

  g_assert_no_errno (mount ("/dev/null", AVAHI_CORE_PATH, NULL, MS_BIND, NULL));
  romeo = somebody ("romeo");
  g_assert_false (person_try_start (romeo, 5298, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "Install it"));
}

int
main (int   argc,
      char *argv[])
{
  namespace_enter ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/embedded/D10-meet", test_meet);
  g_test_add_func ("/embedded/D18-browse-only", test_browse_only);
  g_test_add_func ("/embedded/D9-collision", test_collision);
  g_test_add_func ("/embedded/D9-tie", test_tie);
  g_test_add_func ("/embedded/D14-presence", test_presence);
  g_test_add_func ("/embedded/D13-goodbye", test_goodbye);
  g_test_add_func ("/embedded/D12-look-up", test_look_up);
  g_test_add_func ("/embedded/X13-identify", test_identify);
  g_test_add_func ("/embedded/X4-ambiguous", test_ambiguous);
  g_test_add_func ("/embedded/D22-rename", test_rename);
  g_test_add_func ("/embedded/D11-links", test_links);
  g_test_add_func ("/embedded/D16-names", test_names);
  g_test_add_func ("/embedded/no-network", test_no_network);
  g_test_add_func ("/embedded/no-library", test_no_library);
  g_test_add_func ("/embedded/drop", test_drop);
  g_test_add_func ("/embedded/cancel", test_cancel);

  return g_test_run ();
}
