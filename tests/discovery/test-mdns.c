/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <string.h>

#include "../common/log-trap.h"
#include "mdns-people.h"
#include "xep174-mdns-rdata-private.h"

/* D1, D13, D21: what is asked while there is one contact, and that nothing is afterwards. */
static void
test_queries (Fixture       *fixture,
              gconstpointer  data)
{
  go_online (fixture);
  g_assert_cmpstr (fixture->stack->published, ==, "romeo@pronto");
  g_assert_cmpuint (fixture->stack->queries->len, ==, 1);

  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  assert_log (fixture, "");
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  assert_log (fixture, "+juliet@capulet ");
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_PTR), ==, 1);
  g_assert_true (fake_stack_is_asked (fixture->stack, XEP174_DNS_TYPE_TXT, "juliet@capulet"));
  g_assert_cmpuint (fixture->stack->queries->len, ==, 2);

  fake_stack_remove_ptr (fixture->stack, "juliet@capulet", 2);
  assert_log (fixture, "-juliet@capulet ");
  g_assert_cmpuint (fixture->stack->queries->len, ==, 1);

  xep174_discovery_stop_async (fixture->discovery, NULL, on_result, fixture);
  fake_stack_turn (fixture->stack);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 0);
  g_assert_null (fixture->stack->published);
  g_assert_false (fixture->stack->open);
}

/* D11 */
static void
test_links (Fixture       *fixture,
            gconstpointer  data)
{
  Xep174Contact *contact;

  go_online (fixture);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_add_ptr (fixture->stack, "Juliet@Capulet", 3);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "status=away");
  contact = find (fixture, "juliet@capulet");
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 3, "status=away");
  assert_log (fixture, "+juliet@capulet ");

  fake_stack_remove_ptr (fixture->stack, "juliet@capulet", 2);
  g_assert_true (find (fixture, "juliet@capulet") == contact);
  assert_log (fixture, "");
  fake_stack_remove_ptr (fixture->stack, "Juliet@Capulet", 3);
  assert_log (fixture, "-juliet@capulet ");
}

/* D14: however the old record and the new one overlap, the contact shows the new one. */
static void
test_presence (Fixture       *fixture,
               gconstpointer  data)
{
  Xep174Contact *contact;

  go_online (fixture);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "status=avail");
  contact = find (fixture, "juliet@capulet");

  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "status=dnd");
  g_assert_cmpint (xep174_contact_get_status (contact), ==, XEP174_STATUS_DND);
  fake_stack_remove_txt (fixture->stack, "juliet@capulet", 2, "status=avail");
  g_assert_cmpint (xep174_contact_get_status (contact), ==, XEP174_STATUS_DND);

  /* Changed and changed back before the old record was gone: the stack does not tell of it again. */
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "status=away");
  g_assert_cmpint (xep174_contact_get_status (contact), ==, XEP174_STATUS_AWAY);
  fake_stack_remove_txt (fixture->stack, "juliet@capulet", 2, "status=away");
  g_assert_cmpint (xep174_contact_get_status (contact), ==, XEP174_STATUS_DND);

  fake_stack_remove_txt (fixture->stack, "juliet@capulet", 2, "status=dnd");
  assert_log (fixture, "+juliet@capulet ");
  g_assert_true (find (fixture, "juliet@capulet") == contact);
}

/* A query that the stack cannot or can no longer make is made again later. */
static void
test_retry (Fixture       *fixture,
            gconstpointer  data)
{
  go_online (fixture);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_fail_queries (fixture->stack, XEP174_DNS_TYPE_TXT);
  fake_stack_fail_queries (fixture->stack, XEP174_DNS_TYPE_PTR);
  log_trap_expect ("trying again");
  g_assert_cmpuint (fixture->stack->queries->len, ==, 0);

  fake_stack_advance (fixture->stack, 3000);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_add_ptr (fixture->stack, "nurse@capulet", 2);
  fake_stack_add_txt (fixture->stack, "nurse@capulet", 2, "nick=Nurse");
  assert_log (fixture, "+juliet@capulet +nurse@capulet ");
}

/* D13: a goodbye that comes while nobody listens, between a failure and the next query. Who is still
 * there stays, without a gap. */
static void
test_retry_gone (Fixture       *fixture,
                 gconstpointer  data)
{
  know_juliet (fixture);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 3);
  fake_stack_add_ptr (fixture->stack, "nurse@capulet", 2);
  fake_stack_add_txt (fixture->stack, "nurse@capulet", 2, "nick=Nurse");
  assert_log (fixture, "+nurse@capulet ");

  fake_stack_fail_queries (fixture->stack, XEP174_DNS_TYPE_PTR);
  log_trap_expect ("trying again");
  fake_stack_remove_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_remove_ptr (fixture->stack, "juliet@capulet", 3);
  fake_stack_advance (fixture->stack, 2000);
  assert_log (fixture, "");
  fake_stack_settle (fixture->stack);
  assert_log (fixture, "-juliet@capulet ");
  fake_stack_remove_ptr (fixture->stack, "nurse@capulet", 2);
  assert_log (fixture, "-nurse@capulet ");
  g_assert_cmpuint (fixture->stack->queries->len, ==, 1);
}

/* What a record said whose query has failed is forgotten with the first answer to the next one. */
static void
test_retry_presence (Fixture       *fixture,
                     gconstpointer  data)
{
  know_juliet (fixture);
  fake_stack_fail_queries (fixture->stack, XEP174_DNS_TYPE_TXT);
  fake_stack_remove_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "status=away");
  fake_stack_advance (fixture->stack, 3000);
  g_assert_cmpint (xep174_contact_get_status (find (fixture, "juliet@capulet")), ==,
                   XEP174_STATUS_AWAY);
  fake_stack_remove_txt (fixture->stack, "juliet@capulet", 2, "status=away");
  g_assert_cmpint (xep174_contact_get_status (find (fixture, "juliet@capulet")), ==,
                   XEP174_STATUS_AWAY);
  assert_log (fixture, "");
}

/* D9 */
static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  const gboolean *at_once = data;
  g_autoptr(GError) error = NULL;

  fixture->stack->collide_at_once = *at_once;
  g_hash_table_add (fixture->stack->taken, "romeo@pronto");
  g_hash_table_add (fixture->stack->taken, "romeo-1@pronto");
  fake_stack_add_ptr (fixture->stack, "romeo@pronto", 2);
  fake_stack_add_txt (fixture->stack, "romeo@pronto", 2, "nick=another");
  go_online (fixture);
  g_assert_cmpstr (get_local_name (fixture), ==, "romeo-2@pronto");
  assert_log (fixture, "+romeo@pronto ");

  /* Later on as well, and then who has it now is a contact (D10). */
  fake_stack_add_ptr (fixture->stack, "romeo-2@pronto", 3);
  fake_stack_add_txt (fixture->stack, "romeo-2@pronto", 3, "nick=yet another");
  assert_log (fixture, "");
  fake_stack_collide (fixture->stack);
  g_assert_cmpstr (get_local_name (fixture), ==, "romeo-3@pronto");
  assert_log (fixture, "+romeo-2@pronto ");

  /* D9, D22: another machine name, and the numbers begin anew. */
  xep174_profile_set_machine (fixture->profile, "mantua", &error);
  g_assert_no_error (error);
  fake_stack_turn (fixture->stack);
  g_assert_cmpstr (get_local_name (fixture), ==, "romeo@mantua");
}

static void
test_no_name_left (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      g_ptr_array_add (names, xep174_profile_dup_instance_name (fixture->profile, i));
      g_hash_table_add (fixture->stack->taken, g_ptr_array_index (names, i));
    }
  xep174_profile_set_machine (fixture->profile, "pronto", NULL);
  for (guint i = 0; i < 1000; i++)
    {
      g_ptr_array_add (names, xep174_profile_dup_instance_name (fixture->profile, i));
      g_hash_table_add (fixture->stack->taken, g_ptr_array_index (names, names->len - 1));
    }
  g_assert_false (start (fixture, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION);
  g_assert_nonnull (strstr (error->message, "romeo-99@pronto"));
  g_assert_false (fixture->stack->open);
}

static char *
dup_try (Fixture *fixture,
         guint    attempt)
{
  return xep174_profile_dup_instance_name (fixture->profile, attempt);
}

/* D9: cloned machines. Who can be seen need not be asked, so that all of them find a name in the time
 * that a start may take. */
static void
test_names_seen (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  xep174_profile_set_machine (fixture->profile, "pronto", NULL);
  for (guint i = 0; i < 32; i++)
    {
      g_ptr_array_add (names, dup_try (fixture, i));
      g_hash_table_add (fixture->stack->taken, g_ptr_array_index (names, i));
      fake_stack_add_ptr (fixture->stack, g_ptr_array_index (names, i), 2);
    }
  go_online (fixture);
  g_assert_cmpstr (get_local_name (fixture), ==, "romeo-32@pronto");
  g_assert_cmpuint (fixture->stack->n_publishes, ==, 2);
}

/* D9: where the stack takes longer than a start may, it is said who is to blame. */
static void
test_names_slow (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_hash_table_add (fixture->stack->taken, "romeo@pronto");
  g_hash_table_add (fixture->stack->taken, "romeo-1@pronto");
  fixture->stack->is_silent = TRUE;
  go_online_later (fixture);
  fake_stack_advance (fixture->stack, 30000);
  g_assert_nonnull (fixture->result);
  g_assert_false (xep174_discovery_start_finish (fixture->discovery, fixture->result, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION);
  g_assert_nonnull (strstr (error->message, "romeo-1@pronto"));
  g_assert_false (fixture->stack->open);
}

/* Whatever the stack says goes to who started, and another start works. */
static void
test_start_errors (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->stack->open_error = g_error_new (XEP174_DISCOVERY_ERROR,
                                            XEP174_DISCOVERY_ERROR_NO_DAEMON, "none");
  g_assert_false (start (fixture, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON);
  g_clear_error (&error);
  g_clear_error (&fixture->stack->open_error);

  fixture->stack->publish_error = g_error_new (XEP174_DISCOVERY_ERROR,
                                               XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, "not here");
  g_assert_false (start (fixture, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_clear_error (&fixture->stack->publish_error);

  fixture->stack->query_error = g_error_new (XEP174_DISCOVERY_ERROR,
                                             XEP174_DISCOVERY_ERROR_LIMIT, "full");
  g_assert_false (start (fixture, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_LIMIT);
  g_clear_error (&fixture->stack->query_error);

  go_online (fixture);
}

/* D19, D22 */
static void
test_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_hash_table_add (fixture->stack->taken, "romeo@pronto");
  go_online (fixture);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  assert_log (fixture, "+juliet@capulet ");

  fake_stack_set_running (fixture->stack, FALSE);
  assert_log (fixture, "-juliet@capulet ");
  assert_problem (fixture, XEP174_DISCOVERY_ERROR_NO_DAEMON);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 0);
  g_assert_cmpstr (get_local_name (fixture), ==, "romeo-1@pronto");
  g_assert_true (xep174_discovery_get_running (fixture->discovery));

  fake_stack_set_running (fixture->stack, TRUE);
  assert_log (fixture, "+juliet@capulet ");
  assert_problem (fixture, -1);
  g_assert_cmpstr (fixture->stack->published, ==, "romeo-1@pronto");

  /* The daemon's host name has changed. */
  g_free (fixture->stack->host_name);
  fixture->stack->host_name = g_strdup ("mantua");
  fake_stack_set_running (fixture->stack, TRUE);
  g_assert_cmpstr (get_local_name (fixture), ==, "romeo@mantua");
  g_assert_cmpstr (fixture->stack->published, ==, "romeo@mantua");
}

static void
report_failure (Fixture *fixture)
{
  xep174_directory_report_failure (XEP174_DIRECTORY (fixture->discovery), "juliet@capulet");
  fake_stack_turn (fixture->stack);
}

/* A machine whose link drops says no goodbye. */
static void
test_failure_gone (Fixture       *fixture,
                   gconstpointer  data)
{
  know_juliet (fixture);
  report_failure (fixture);
  g_assert_true (xep174_contact_get_doubtful (find (fixture, "juliet@capulet")));
  g_assert_true (fake_stack_is_asked (fixture->stack, XEP174_DNS_TYPE_SRV, "juliet@capulet"));

  fake_stack_advance (fixture->stack, 10000);
  assert_log (fixture, "-juliet@capulet ");

  /* Its PTR record has not expired, so nobody else tells us when it is back. */
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5298);
  assert_log (fixture, "+juliet@capulet ");
  g_assert_false (xep174_contact_get_doubtful (find (fixture, "juliet@capulet")));
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 0);
}

static void
lose_juliet (Fixture *fixture)
{
  report_failure (fixture);
  fake_stack_advance (fixture->stack, 10000);
  assert_log (fixture, "-juliet@capulet ");
}

/* Whoever would tell that she is back fails, or cannot be asked at all. */
static void
test_failure_of_failure (Fixture       *fixture,
                         gconstpointer  data)
{
  know_juliet (fixture);
  lose_juliet (fixture);
  fixture->stack->query_error = g_error_new (XEP174_DISCOVERY_ERROR,
                                             XEP174_DISCOVERY_ERROR_LIMIT, "full");
  fake_stack_fail_queries (fixture->stack, XEP174_DNS_TYPE_SRV);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 0);
  fake_stack_advance (fixture->stack, 10000);
  g_clear_error (&fixture->stack->query_error);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5298);
  fake_stack_advance (fixture->stack, 3000);
  assert_log (fixture, "+juliet@capulet ");
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 0);
}

/* Who calls us is there, whatever her records said. */
static void
test_failure_calls (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string ("fe80::1");
  g_autoptr(GSocketAddress) source = g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", address,
                                                   "port", 40000, "scope-id", 2, NULL);

  know_juliet (fixture);
  lose_juliet (fixture);
  xep174_directory_identify_async (XEP174_DIRECTORY (fixture->discovery), source, "juliet@capulet",
                                   NULL, on_result, fixture);
  fake_stack_turn (fixture->stack);
  assert_log (fixture, "+juliet@capulet ");
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 0);
}

/* An answer that is not out of a cache is a sign of life. */
static void
test_failure_alive (Fixture       *fixture,
                    gconstpointer  data)
{
  know_juliet (fixture);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5298);
  report_failure (fixture);
  g_assert_false (xep174_contact_get_doubtful (find (fixture, "juliet@capulet")));
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 0);
  assert_log (fixture, "");
}

/* One out of the cache is not, but it shows whether the record is renewed. */
static void
test_failure_cached (Fixture       *fixture,
                     gconstpointer  data)
{
  fixture->stack->cached = TRUE;
  know_juliet (fixture);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5298);
  report_failure (fixture);
  fake_stack_advance (fixture->stack, 60000);
  g_assert_true (xep174_contact_get_doubtful (find (fixture, "juliet@capulet")));
  fake_stack_advance (fixture->stack, 70000);
  g_assert_false (xep174_contact_get_doubtful (find (fixture, "juliet@capulet")));

  report_failure (fixture);
  fake_stack_advance (fixture->stack, 60000);
  fake_stack_remove_srv (fixture->stack, "juliet@capulet");
  assert_log (fixture, "-juliet@capulet ");
  fake_stack_remove_ptr (fixture->stack, "juliet@capulet", 2);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 1);
}

static void
change_network (Fixture  *fixture,
                gboolean  can_ask)
{
  xep174_mdns_discovery_network_changed ((Xep174MdnsDiscovery *) fixture->discovery, can_ask);
}

/* D22: everybody is asked again, and who is not there any more goes. Where nobody can be asked the
 * sessions are not probed. */
static void
test_network (Fixture       *fixture,
              gconstpointer  data)
{
  guint n_probes = 0;

  g_signal_connect_swapped (fixture->discovery, "network-changed",
                            G_CALLBACK (g_atomic_int_inc), &n_probes);
  fixture->stack->cached = TRUE;
  know_juliet (fixture);
  fake_stack_add_ptr (fixture->stack, "nurse@capulet", 2);
  fake_stack_add_txt (fixture->stack, "nurse@capulet", 2, "nick=Nurse");
  fake_stack_add_srv (fixture->stack, "nurse@capulet", 2, "capulet", 5299);
  assert_log (fixture, "+nurse@capulet ");

  change_network (fixture, FALSE);
  g_assert_cmpuint (n_probes, ==, 0);
  fake_stack_turn (fixture->stack);
  g_assert_false (xep174_contact_get_doubtful (find (fixture, "juliet@capulet")));
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 1);
  fake_stack_advance (fixture->stack, 10000);
  assert_log (fixture, "-juliet@capulet ");

  change_network (fixture, TRUE);
  g_assert_cmpuint (n_probes, ==, 1);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 2);
  g_signal_handlers_disconnect_by_data (fixture->discovery, &n_probes);
}

static GSocketAddressEnumerator *
enumerate (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnectable) connectable = NULL;

  connectable = xep174_directory_dup_connectable (XEP174_DIRECTORY (fixture->discovery),
                                                  "juliet@capulet", &error);
  g_assert_no_error (error);

  return g_socket_connectable_enumerate (connectable);
}

static void
ask_next (Fixture                  *fixture,
          GSocketAddressEnumerator *enumerator,
          GCancellable             *cancellable)
{
  g_clear_object (&fixture->result);
  g_socket_address_enumerator_next_async (enumerator, cancellable, on_result, fixture);
  fake_stack_turn (fixture->stack);
}

static void
assert_next (Fixture                  *fixture,
             GSocketAddressEnumerator *enumerator,
             const char               *expected,
             guint32                   scope_id)
{
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  GInetSocketAddress *inet;

  g_assert_nonnull (fixture->result);
  address = g_socket_address_enumerator_next_finish (enumerator, fixture->result, &error);
  g_assert_no_error (error);
  if (expected == NULL)
    {
      g_assert_null (address);
      return;
    }

  inet = G_INET_SOCKET_ADDRESS (address);
  text = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (g_inet_socket_address_get_port (inet), ==, 5300);
  if (g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    g_assert_cmpuint (g_inet_socket_address_get_scope_id (inet), ==, scope_id);
}

/* D12, D8: asked for when dialling, handed out as they come, the families in turn, with scope. */
static void
test_enumerate (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GSocketAddressEnumerator) enumerator = NULL;

  know_juliet (fixture);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 2);
  enumerator = enumerate (fixture);
  ask_next (fixture, enumerator, NULL);
  g_assert_null (fixture->result);
  g_assert_true (fake_stack_is_asked (fixture->stack, XEP174_DNS_TYPE_SRV, "juliet@capulet"));

  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 0);
  g_assert_true (fake_stack_is_asked (fixture->stack, XEP174_DNS_TYPE_A, "capulet"));
  g_assert_true (fake_stack_is_asked (fixture->stack, XEP174_DNS_TYPE_AAAA, "capulet"));
  g_assert_null (fixture->result);

  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  assert_next (fixture, enumerator, "192.0.2.1", 0);
  fake_stack_add_address (fixture->stack, "capulet", 3, "192.0.2.1");
  fake_stack_add_address (fixture->stack, "capulet", 3, "198.51.100.1");
  fake_stack_add_address (fixture->stack, "capulet", 3, "fe80::1");
  fake_stack_add_address (fixture->stack, "capulet", 2, "fe80::1");
  fake_stack_add_address (fixture->stack, "capulet", 2, "2001:db8::1");
  fake_stack_settle (fixture->stack);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 2);

  ask_next (fixture, enumerator, NULL);
  assert_next (fixture, enumerator, "2001:db8::1", 0);
  ask_next (fixture, enumerator, NULL);
  assert_next (fixture, enumerator, "198.51.100.1", 0);
  ask_next (fixture, enumerator, NULL);
  assert_next (fixture, enumerator, "fe80::1", 3);
  ask_next (fixture, enumerator, NULL);
  assert_next (fixture, enumerator, "fe80::1", 2);
  ask_next (fixture, enumerator, NULL);
  assert_next (fixture, enumerator, NULL, 0);
}

/* Nobody answers; the caller gives up; the stack goes: each ends the queries, and says why. */
static void
test_enumerate_errors (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GSocketAddressEnumerator) slow = NULL;
  g_autoptr(GSocketAddressEnumerator) cancelled = NULL;
  g_autoptr(GSocketAddressEnumerator) stopped = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  know_juliet (fixture);
  slow = enumerate (fixture);
  ask_next (fixture, slow, NULL);
  fake_stack_settle (fixture->stack);
  g_assert_null (fixture->result);
  fake_stack_advance (fixture->stack, 5000);
  g_assert_null (g_socket_address_enumerator_next_finish (slow, fixture->result, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 2);

  cancelled = enumerate (fixture);
  ask_next (fixture, cancelled, cancellable);
  g_cancellable_cancel (cancellable);
  fake_stack_turn (fixture->stack);
  g_assert_null (g_socket_address_enumerator_next_finish (cancelled, fixture->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_clear_object (&fixture->result);
  g_clear_object (&cancelled);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 2);

  stopped = enumerate (fixture);
  ask_next (fixture, stopped, NULL);
  fake_stack_set_running (fixture->stack, FALSE);
  g_assert_null (g_socket_address_enumerator_next_finish (stopped, fixture->result, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON);
}

/* D17, D18: without a profile contacts are found, and nobody finds us. Who has taken our former name
 * is one of them. */
static void
test_browse_only (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(Xep174Profile) profile = g_steal_pointer (&fixture->profile);
  g_autoptr(GError) error = NULL;

  fixture->profile = g_object_ref (profile);
  go_online (fixture);
  xep174_discovery_stop_async (fixture->discovery, NULL, on_result, fixture);
  fake_stack_turn (fixture->stack);

  g_clear_object (&fixture->profile);
  g_set_error_literal (&fixture->stack->publish_error, XEP174_DISCOVERY_ERROR,
                       XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, "Not here");
  go_online (fixture);
  g_assert_true (xep174_discovery_get_running (fixture->discovery));
  g_assert_null (xep174_discovery_get_profile (fixture->discovery));
  g_assert_cmpuint (xep174_discovery_get_port (fixture->discovery), ==, 0);
  g_assert_null (get_local_name (fixture));
  g_assert_null (fixture->stack->published);

  fake_stack_add_ptr (fixture->stack, "romeo@pronto", 2);
  fake_stack_add_txt (fixture->stack, "romeo@pronto", 2, "nick=Romy");
  change_network (fixture, TRUE);
  fake_stack_set_running (fixture->stack, FALSE);
  fake_stack_set_running (fixture->stack, TRUE);
  assert_log (fixture, "+romeo@pronto -romeo@pronto +romeo@pronto ");
  xep174_discovery_stop_async (fixture->discovery, NULL, on_result, fixture);
  fake_stack_turn (fixture->stack);

  g_set_object (&fixture->profile, profile);
  g_assert_false (start (fixture, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED);
  /* Only where another domain is the reason there would be a way without a profile. */
  g_assert_cmpstr (error->message, ==, "Not here");
}

static void
assert_published (Fixture    *fixture,
                  guint       n_updates,
                  const char *parameter)
{
  gsize size;
  gconstpointer txt = g_bytes_get_data (fixture->stack->txt, &size);

  g_assert_cmpuint (fixture->stack->n_updates, ==, n_updates);
  g_assert_nonnull (g_strstr_len (txt, size, parameter));
}

static void
set_message (Fixture    *fixture,
             const char *message)
{
  g_autoptr(GError) error = NULL;

  xep174_profile_set_status (fixture->profile, XEP174_STATUS_DND, message, &error);
  g_assert_no_error (error);
  fake_stack_turn (fixture->stack);
}

/* D14: changes go out as one update of what is published. D23: and that once a second, the last of
 * them (RFC 6762 §8.4). */
static void
test_update (Fixture       *fixture,
             gconstpointer  data)
{
  go_online (fixture);
  fake_stack_advance (fixture->stack, 1000);
  xep174_profile_set_nick (fixture->profile, "Romy", NULL);
  set_message (fixture, "one");
  assert_published (fixture, 1, "nick=Romy");
  assert_published (fixture, 1, "msg=one");

  for (guint i = 0; i < 9; i++)
    {
      set_message (fixture, i % 2 ? "two" : "three");
      fake_stack_advance (fixture->stack, 100);
    }
  assert_published (fixture, 1, "msg=one");
  fake_stack_advance (fixture->stack, 100);
  assert_published (fixture, 2, "msg=three");

  /* There and back again is no change. */
  set_message (fixture, "four");
  set_message (fixture, "three");
  fake_stack_advance (fixture->stack, 5000);
  assert_published (fixture, 2, "msg=three");
  set_message (fixture, "five");
  assert_published (fixture, 3, "msg=five");
}

/* D23: what changes while the name is probed, or right after, waits as well; and no change outlives
 * the end. */
static void
test_update_early (Fixture       *fixture,
                   gconstpointer  data)
{
  fixture->stack->is_silent = TRUE;
  go_online_later (fixture);
  set_message (fixture, "one");
  fake_stack_advance (fixture->stack, 2000);
  assert_published (fixture, 0, "txtvers");
  fake_stack_end_silence (fixture->stack);
  set_message (fixture, "two");
  assert_published (fixture, 0, "txtvers");
  fake_stack_advance (fixture->stack, 1000);
  assert_published (fixture, 1, "msg=two");

  set_message (fixture, "three");
  xep174_discovery_stop_async (fixture->discovery, NULL, on_result, fixture);
  fake_stack_turn (fixture->stack);
  fake_stack_advance (fixture->stack, 5000);
  assert_published (fixture, 1, "msg=two");
}

/* D16: names on the wire, and what a hostile one can do. */
static void
test_rdata (void)
{
#define IN(domain) "\11_presence\4_tcp" domain
  static const char whole[] = "\6juliet" "\11_PREsence\4_tcp\5local";
  static const char too_long[] = "\56ab" IN ("\5local");
  static const char with_nul[] = "\3a\0b" IN ("\5local");
  static const char not_utf8[] = "\2\xff\xfe" IN ("\5local");
  static const char elsewhere[] = "\6juliet" IN ("\7example\3com");
  static const char deeper[] = "\6juliet\2at" IN ("\5local");
  static const char no_type[] = "\6juliet\5local";
  static const char cut_type[] = "\6juliet" IN ("\6local");
#undef IN
  static const guint8 cut[] = { 0, 0, 0, 0, 20, 178, 5, 'h', 'o' };
  static const guint8 root[] = { 0, 0, 0, 0, 20, 178, 0 };
  g_autofree char *name = xep174_mdns_service_name ("a.b\\ (2)@é", "local");
  g_autofree char *instance = xep174_mdns_instance_of_name (name);
  g_autofree char *juliet = NULL;
  Xep174MdnsRecord record = { 2, 0, name, NULL, 0, FALSE };
  guint16 port;

  g_assert_cmpstr (name, ==, "a\\046b\\092\\032\\0402\\041\\064\\195\\169._presence._tcp.local");
  g_assert_cmpstr (instance, ==, "a.b\\ (2)@é");
  g_assert_null (xep174_mdns_record_dup_instance (&record, "local"));

#define SET(data) (record.rdata = (const guint8 *) (data), record.size = sizeof (data))
#define ASSERT_NOBODY(data)                                                   \
  G_STMT_START                                                                \
    {                                                                         \
      SET (data);                                                             \
      g_assert_null (xep174_mdns_record_dup_instance (&record, "local"));     \
    }                                                                         \
  G_STMT_END
  SET (whole);
  juliet = xep174_mdns_record_dup_instance (&record, "local");
  g_assert_cmpstr (juliet, ==, "juliet");
  ASSERT_NOBODY (too_long);
  ASSERT_NOBODY (with_nul);
  ASSERT_NOBODY (not_utf8);
  ASSERT_NOBODY (elsewhere);
  ASSERT_NOBODY (deeper);
  ASSERT_NOBODY (no_type);
  ASSERT_NOBODY (cut_type);
  SET (cut);
  g_assert_null (xep174_mdns_record_dup_address (&record));
  g_assert_null (xep174_mdns_record_dup_target (&record, &port));
  SET (root);
  g_assert_null (xep174_mdns_record_dup_target (&record, &port));
#undef ASSERT_NOBODY
#undef SET
}

int
main (int   argc,
      char *argv[])
{
  static const gboolean at_once[] = { FALSE, TRUE };

  g_test_init (&argc, &argv, NULL);
  log_trap_init ();

#define ADD(name, data, func) g_test_add ("/mdns/" name, Fixture, data, set_up, func, tear_down)
  ADD ("D21-queries", NULL, test_queries);
  ADD ("D11-links", NULL, test_links);
  ADD ("D14-presence", NULL, test_presence);
  ADD ("D14-D23-update", NULL, test_update);
  ADD ("D14-D23-update-early", NULL, test_update_early);
  ADD ("retry", NULL, test_retry);
  ADD ("D13-retry-gone", NULL, test_retry_gone);
  ADD ("D14-retry-presence", NULL, test_retry_presence);
  ADD ("D17-D18-browse-only", NULL, test_browse_only);
  ADD ("D9-names", &at_once[0], test_names);
  ADD ("D9-names-at-once", &at_once[1], test_names);
  ADD ("D9-names-seen", NULL, test_names_seen);
  ADD ("D9-names-slow", NULL, test_names_slow);
  ADD ("D9-no-name-left", NULL, test_no_name_left);
  ADD ("start-errors", NULL, test_start_errors);
  ADD ("D19-down", NULL, test_down);
  ADD ("failure/gone", NULL, test_failure_gone);
  ADD ("failure/of-failure", NULL, test_failure_of_failure);
  ADD ("failure/calls", NULL, test_failure_calls);
  ADD ("failure/alive", NULL, test_failure_alive);
  ADD ("failure/cached", NULL, test_failure_cached);
  ADD ("D22-network", NULL, test_network);
  ADD ("D12-enumerate", NULL, test_enumerate);
  ADD ("D12-enumerate-errors", NULL, test_enumerate_errors);
  g_test_add_func ("/mdns/D16-rdata", test_rdata);
#undef ADD

  return g_test_run ();
}
