/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who calls: which name may speak from an address. */

#include "mdns-people.h"
#include "xep174-mdns-identify-private.h"
#include "xep174-mdns-rdata-private.h"

static void
count_result (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  guint *counts = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;

  name = xep174_directory_identify_finish (XEP174_DIRECTORY (object), result, &error);
  if (name != NULL)
    counts[0]++;
  else if (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_LIMIT))
    counts[1]++;
  else
    counts[2]++;
}

static void
call_from (Fixture    *fixture,
           const char *address,
           const char *claimed_name,
           guint      *counts)
{
  g_autoptr(GSocketAddress) source = g_inet_socket_address_new_from_string (address, 40000);

  xep174_directory_identify_async (XEP174_DIRECTORY (fixture->discovery), source, claimed_name, NULL,
                                   count_result, counts);
}

/* X13: whoever connects cannot make us ask for more than a few names at once, nor for one name more
 * than once. */
static void
test_strangers (Fixture       *fixture,
                gconstpointer  data)
{
  guint counts[3] = { 0, 0, 0 };

  know_juliet (fixture);
  for (guint i = 0; i < 100; i++)
    call_from (fixture, "192.0.2.1", "tybalt@capulet", counts);
  fake_stack_turn (fixture->stack);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 1);

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("stranger%u@capulet", i);

      call_from (fixture, "192.0.2.1", name, counts);
    }
  fake_stack_turn (fixture->stack);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==,
                    XEP174_MDNS_STRANGERS);
  g_assert_cmpuint (counts[1], ==, 100 - XEP174_MDNS_STRANGERS + 1);

  /* Somebody known is looked up all the same. */
  call_from (fixture, "192.0.2.1", "juliet@capulet", counts);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  g_assert_cmpuint (counts[0], ==, 1);

  /* Somebody not known yet is found by asking. */
  fake_stack_add_srv (fixture->stack, "tybalt@capulet", 2, "capulet", 5301);
  g_assert_cmpuint (counts[0], ==, 101);

  fake_stack_advance (fixture->stack, 5000);
  g_assert_cmpuint (counts[2], ==, XEP174_MDNS_STRANGERS - 1);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_SRV), ==, 0);
}

/* Who gives up is told at once, and nobody is asked for him any more. */
static void
test_identify_cancelled (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GSocketAddress) source = g_inet_socket_address_new_from_string ("192.0.2.1", 40000);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  know_juliet (fixture);
  g_clear_object (&fixture->result);
  xep174_directory_identify_async (XEP174_DIRECTORY (fixture->discovery), source, "juliet@capulet",
                                   cancellable, on_result, fixture);
  fake_stack_turn (fixture->stack);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 3);
  g_assert_null (fixture->result);

  g_cancellable_cancel (cancellable);
  fake_stack_turn (fixture->stack);
  g_assert_null (xep174_directory_identify_finish (XEP174_DIRECTORY (fixture->discovery),
                                                   fixture->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 2);
}

/* X13: the name that is given back is the one that is published. */
static void
test_published_name (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GSocketAddress) source = g_inet_socket_address_new_from_string ("192.0.2.1", 40000);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  go_online (fixture);
  fake_stack_add_srv (fixture->stack, "Juliet@Capulet", 2, "capulet", 5300);
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  g_clear_object (&fixture->result);
  xep174_directory_identify_async (XEP174_DIRECTORY (fixture->discovery), source, "juliet@capulet",
                                   NULL, on_result, fixture);
  fake_stack_turn (fixture->stack);
  g_assert_nonnull (fixture->result);
  name = xep174_directory_identify_finish (XEP174_DIRECTORY (fixture->discovery), fixture->result,
                                           &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "Juliet@Capulet");
}

/* X4: one search serves all who call without a name meanwhile. */
static void
test_nameless (Fixture       *fixture,
               gconstpointer  data)
{
  guint counts[3] = { 0, 0, 0 };

  know_juliet (fixture);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  for (guint i = 0; i < 10; i++)
    call_from (fixture, i % 2 == 0 ? "192.0.2.1" : "192.0.2.2", NULL, counts);
  fake_stack_turn (fixture->stack);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_A), ==, 1);
  fake_stack_settle (fixture->stack);
  g_assert_cmpuint (counts[0], ==, 5);
  g_assert_cmpuint (counts[2], ==, 5);
  g_assert_cmpuint (fixture->stack->queries->len, ==, 2);
}

static void
add_tybalt (Fixture *fixture)
{
  fake_stack_add_ptr (fixture->stack, "tybalt@verona", 2);
  fake_stack_add_txt (fixture->stack, "tybalt@verona", 2, "nick=Tybalt");
  fake_stack_turn (fixture->stack);
}

/* X4: whoever calls without a name (C21: gloox, loudmouth, slixmpp and others do) is known as soon as
 * all have told their addresses, long before the mDNS stack says that this was all. */
static void
test_nameless_at_once (Fixture       *fixture,
                       gconstpointer  data)
{
  guint counts[3] = { 0, 0, 0 };

  know_juliet (fixture);
  add_tybalt (fixture);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  call_from (fixture, "192.0.2.1", NULL, counts);
  call_from (fixture, "192.0.2.3", NULL, counts);
  fake_stack_advance (fixture->stack, 100);
  g_assert_cmpuint (counts[0], ==, 0);

  fake_stack_add_srv (fixture->stack, "tybalt@verona", 2, "verona", 5300);
  fake_stack_add_address (fixture->stack, "verona", 2, "192.0.2.2");
  fake_stack_advance (fixture->stack, 100);
  g_assert_cmpuint (counts[0], ==, 1);
  g_assert_cmpuint (counts[2], ==, 0);

  /* Who has no contact's address so far may have one that is still to come. */
  fake_stack_add_address (fixture->stack, "verona", 2, "192.0.2.3");
  fake_stack_advance (fixture->stack, 100);
  g_assert_cmpuint (counts[0], ==, 2);
}

/* X4: somebody who says nothing, and may have left, does not hold the others up for long. */
static void
test_nameless_silent (Fixture       *fixture,
                      gconstpointer  data)
{
  guint counts[3] = { 0, 0, 0 };

  know_juliet (fixture);
  add_tybalt (fixture);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  call_from (fixture, "192.0.2.1", NULL, counts);
  fake_stack_turn (fixture->stack);
  fake_stack_advance (fixture->stack, 300);
  g_assert_cmpuint (counts[0], ==, 0);
  fake_stack_advance (fixture->stack, 300);
  g_assert_cmpuint (counts[0], ==, 1);
}

/* X4: two who have the address are nobody, also if one of them tells it later, with his second
 * address, or comes while it is looked for. */
static void
test_nameless_several (Fixture       *fixture,
                       gconstpointer  data)
{
  guint counts[3] = { 0, 0, 0 };

  know_juliet (fixture);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  call_from (fixture, "192.0.2.1", NULL, counts);
  fake_stack_turn (fixture->stack);
  add_tybalt (fixture);
  call_from (fixture, "192.0.2.1", NULL, counts);
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  fake_stack_add_srv (fixture->stack, "tybalt@verona", 2, "verona", 5300);
  fake_stack_add_address (fixture->stack, "verona", 2, "192.0.2.2");
  fake_stack_advance (fixture->stack, 20);
  fake_stack_add_address (fixture->stack, "verona", 2, "192.0.2.1");
  fake_stack_advance (fixture->stack, 100);
  g_assert_cmpuint (counts[0], ==, 0);
  g_assert_cmpuint (counts[2], ==, 2);
}

static char *
dup_servant (guint i)
{
  return g_strdup_printf ("servant%02u@capulet", i);
}

/* X4: nobody is left out because it was not his turn to be asked (D21). */
static void
test_nameless_crowd (Fixture       *fixture,
                     gconstpointer  data)
{
  guint counts[3] = { 0, 0, 0 };
  g_autofree char *last = dup_servant (XEP174_MDNS_SLOTS);

  know_juliet (fixture);
  for (guint i = 0; i <= XEP174_MDNS_SLOTS; i++)
    {
      g_autofree char *name = dup_servant (i);

      fake_stack_add_ptr (fixture->stack, name, 2);
      fake_stack_add_txt (fixture->stack, name, 2, "nick=Servant");
      fake_stack_settle (fixture->stack);
    }
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  fake_stack_add_srv (fixture->stack, last, 2, "capulet", 5301);
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  call_from (fixture, "192.0.2.1", NULL, counts);
  fake_stack_turn (fixture->stack);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_A), ==, 1);
  fake_stack_advance (fixture->stack, 1000);
  g_assert_cmpuint (counts[0], ==, 0);

  fake_stack_add_address (fixture->stack, "verona", 2, "192.0.2.2");
  for (guint i = 0; i < XEP174_MDNS_SLOTS; i++)
    {
      g_autofree char *name = dup_servant (i);

      fake_stack_add_srv (fixture->stack, name, 2, "verona", 5302 + i);
    }
  fake_stack_settle (fixture->stack);
  fake_stack_advance (fixture->stack, 100);
  g_assert_cmpuint (counts[0], ==, 0);
  g_assert_cmpuint (counts[2], ==, 1);
}

static void
call_from_link (Fixture    *fixture,
                const char *address,
                guint32     scope_id,
                const char *claimed_name,
                guint      *counts)
{
  g_autoptr(GInetAddress) host = g_inet_address_new_from_string (address);
  g_autoptr(GSocketAddress) source =
    g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", host, "port", 40000,
                  "scope-id", scope_id, NULL);

  xep174_directory_identify_async (XEP174_DIRECTORY (fixture->discovery), source, claimed_name,
                                   NULL, count_result, counts);
  fake_stack_turn (fixture->stack);
  fake_stack_settle (fixture->stack);
}

/* X4, X13: a link-local address that nobody publishes is that of the only contact on the link; one
 * that somebody does is his, however many are there. */
static void
test_nameless_link (Fixture       *fixture,
                    gconstpointer  data)
{
  guint counts[3] = { 0, 0, 0 };

  know_juliet (fixture);
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5300);
  fake_stack_add_address (fixture->stack, "capulet", 2, "192.0.2.1");
  call_from_link (fixture, "fe80::1", 2, NULL, counts);
  g_assert_cmpuint (counts[0], ==, 1);
  call_from_link (fixture, "fe80::1", 3, NULL, counts);
  call_from_link (fixture, "fe80::1", 0, NULL, counts);
  call_from_link (fixture, "2001:db8::1", 2, NULL, counts);
  g_assert_cmpuint (counts[2], ==, 3);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 3);
  call_from_link (fixture, "fe80::1", 3, NULL, counts);
  g_assert_cmpuint (counts[0], ==, 2);

  fake_stack_add_ptr (fixture->stack, "tybalt@verona", 2);
  fake_stack_add_txt (fixture->stack, "tybalt@verona", 2, "nick=Tybalt");
  fake_stack_add_srv (fixture->stack, "tybalt@verona", 2, "verona", 5300);
  fake_stack_add_address (fixture->stack, "verona", 2, "fe80::2");
  call_from_link (fixture, "fe80::2", 2, NULL, counts);
  g_assert_cmpuint (counts[0], ==, 3);
  call_from_link (fixture, "fe80::1", 2, NULL, counts);
  g_assert_cmpuint (counts[2], ==, 4);
}

/* X13: an SRV record that leads nowhere says that there is no such service (RFC 2782), and so names
 * nobody, on whichever link it was heard and however many ask. */
static void
test_leads_nowhere (Fixture       *fixture,
                    gconstpointer  data)
{
  static const struct { const char *host; guint16 port; } nowhere[] = {
    { "evil", 0 },
    { NULL, 5298 },
    { NULL, 0 },
  };
  guint counts[3] = { 0, 0, 0 };

  know_juliet (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (nowhere); i++)
    {
      fake_stack_add_srv (fixture->stack, "evil@x", 2, nowhere[i].host, nowhere[i].port);
      call_from_link (fixture, "fe80::bad", 2, "evil@x", counts);
      fake_stack_advance (fixture->stack, 500);
      call_from_link (fixture, "fe80::bad", 2, "evil@x", counts);
      call_from_link (fixture, "fe80::bad", 3, "evil@x", counts);
      fake_stack_advance (fixture->stack, 5000);
      g_assert_cmpuint (counts[0], ==, 0);
      g_assert_cmpuint (counts[2], ==, 3 * (i + 1));
      fake_stack_remove_srv (fixture->stack, "evil@x");
    }

  /* One that leads somewhere is of the link that it was heard on, and no other one. */
  fake_stack_add_srv (fixture->stack, "evil@x", 3, "evil", 0);
  fake_stack_add_srv (fixture->stack, "evil@x", 2, "evil", 5298);
  call_from_link (fixture, "fe80::bad", 3, "evil@x", counts);
  fake_stack_advance (fixture->stack, 5000);
  g_assert_cmpuint (counts[0], ==, 0);
  call_from_link (fixture, "fe80::bad", 2, "evil@x", counts);
  fake_stack_advance (fixture->stack, 5000);
  g_assert_cmpuint (counts[0], ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/mdns-callers/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("X13-strangers", test_strangers);
  ADD ("X13-published-name", test_published_name);
  ADD ("X13-cancelled", test_identify_cancelled);
  ADD ("X13-leads-nowhere", test_leads_nowhere);
  ADD ("X4-nameless", test_nameless);
  ADD ("X4-nameless-at-once", test_nameless_at_once);
  ADD ("X4-nameless-silent", test_nameless_silent);
  ADD ("X4-nameless-several", test_nameless_several);
  ADD ("X4-nameless-crowd", test_nameless_crowd);
  ADD ("X4-nameless-link", test_nameless_link);
#undef ADD

  return g_test_run ();
}
