/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <net/if.h>

#include "xep174-address-private.h"

static GSocketAddress *
source (const char *address,
        guint32     scope_id)
{
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string (address);

  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", inet, "port", 40000, "scope-id",
                       scope_id, NULL);
}

typedef struct
{
  const char *source;
  guint32 source_scope;
  const char *address;
  guint32 scope;
  gboolean matches;
} MatchCase;

/* X13 */
static void
test_matches (void)
{
  static const MatchCase cases[] = {
    { "192.0.2.1", 0, "192.0.2.1", 0, TRUE },
    { "192.0.2.1", 0, "192.0.2.2", 0, FALSE },
    { "::ffff:192.0.2.1", 0, "192.0.2.1", 0, TRUE },
    { "192.0.2.1", 0, "::ffff:192.0.2.1", 3, TRUE },
    { "::ffff:192.0.2.1", 0, "::ffff:192.0.2.1", 0, TRUE },
    { "::ffff:192.0.2.1", 0, "192.0.2.2", 0, FALSE },
    { "::192.0.2.1", 0, "192.0.2.1", 0, FALSE },
    { "2001:db8::1", 0, "2001:db8::1", 0, TRUE },
    { "2001:db8::1", 0, "2001:db8::1", 3, TRUE },
    { "2001:db8::1", 0, "2001:db8::2", 0, FALSE },
    { "fe80::1", 2, "fe80::1", 2, TRUE },
    { "fe80::1", 2, "fe80::1", 3, FALSE },
    { "fe80::1", 2, "fe80::1", 0, TRUE },
    { "fe80::1", 0, "fe80::1", 3, TRUE },
    { "fe80::1", 2, "fe80::2", 2, FALSE },
    { "169.254.1.1", 0, "169.254.1.1", 3, TRUE },
    { "::1", 0, "::1", 0, TRUE },
    { "::1", 0, "127.0.0.1", 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GSocketAddress) from = source (cases[i].source, cases[i].source_scope);
      g_autoptr(GSocketAddress) other = source (cases[i].address, cases[i].scope);
      g_autoptr(GInetAddress) address = g_inet_address_new_from_string (cases[i].address);
      gboolean matches = xep174_address_matches (from, address, cases[i].scope);

      g_assert_cmpint (matches, ==, cases[i].matches);
      g_assert_cmpint (xep174_address_equal (from, other), ==, cases[i].matches);
      g_assert_cmpint (xep174_address_equal (other, from), ==, cases[i].matches);
    }
}

static void
test_link_local (void)
{
  static const struct { const char *address; guint32 scope; gboolean is; guint32 told; } cases[] = {
    { "fe80::1", 3, TRUE, 3 },
    { "fe80::1", 0, TRUE, 0 },
    { "febf::1", 3, TRUE, 3 },
    { "2001:db8::1", 0, FALSE, 0 },
    { "169.254.7.7", 0, TRUE, 0 },
    { "::ffff:169.254.7.7", 0, TRUE, 0 },
    { "169.253.7.7", 0, FALSE, 0 },
    { "127.0.0.1", 0, FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GSocketAddress) from = source (cases[i].address, cases[i].scope);
      guint32 told;

      g_assert_cmpint (xep174_address_is_link_local (from, &told), ==, cases[i].is);
      g_assert_cmpuint (told, ==, cases[i].told);
    }
}

/* A socket that is not of the network is nobody's. */
static void
test_other_families (void)
{
  g_autoptr(GSocketAddress) native = g_native_socket_address_new ((char[16]){ 1 }, 16);
  g_autoptr(GSocketAddress) inet = source ("::1", 0);
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string ("::1");
  guint32 scope_id;

  g_assert_false (xep174_address_matches (native, address, 0));
  g_assert_false (xep174_address_equal (native, inet));
  g_assert_false (xep174_address_equal (inet, native));
  g_assert_false (xep174_address_is_link_local (native, &scope_id));
}

/* What somebody says that his address is, on a link and on the loopback interface. */
static void
test_plausible (void)
{
  static const struct
  {
    const char *address;
    gboolean on_link, on_loopback;
  } cases[] = {
    { "192.0.2.1", TRUE, TRUE },         { "fe80::1", TRUE, TRUE },
    { "127.0.0.1", FALSE, TRUE },        { "127.1.2.3", FALSE, TRUE },
    { "::1", FALSE, TRUE },              { "::ffff:127.0.0.1", FALSE, TRUE },
    { "0.0.0.0", FALSE, FALSE },         { "::", FALSE, FALSE },
    { "::ffff:0.0.0.0", FALSE, FALSE },  { "255.255.255.255", FALSE, FALSE },
    { "224.0.0.251", FALSE, FALSE },     { "ff02::fb", FALSE, FALSE },
  };
  guint loopback = if_nametoindex ("lo");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GInetAddress) address = g_inet_address_new_from_string (cases[i].address);

      g_test_message ("%s", cases[i].address);
      g_assert_true (xep174_address_is_plausible (address, 0) == cases[i].on_link);
      g_assert_true (xep174_address_is_plausible (address, -1) == cases[i].on_link);
      g_assert_true (xep174_address_is_plausible (address, G_MAXINT) == cases[i].on_link);
      g_assert_true (xep174_address_is_plausible (address, loopback) == cases[i].on_loopback);
    }
}

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
check (const char    *host,
       const char    *from,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autoptr(GSocketConnectable) connectable = g_network_address_new (host, 5298);
  g_autoptr(GSocketAddress) address = source (from, 0);
  g_autoptr(GAsyncResult) result = NULL;
  gboolean matches;

  xep174_address_check_async (connectable, address, cancellable, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  if (!xep174_address_check_finish (result, &matches, error))
    g_assert_false (matches);

  return matches;
}

static void
test_check (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_assert_true (check ("192.0.2.1", "192.0.2.1", NULL, &error));
  g_assert_false (check ("192.0.2.1", "192.0.2.2", NULL, &error));
  g_assert_true (check ("localhost", "127.0.0.1", NULL, &error));
  g_assert_true (check ("localhost", "::1", NULL, &error));
  g_assert_true (check ("localhost", "::ffff:127.0.0.1", NULL, &error));
  g_assert_false (check ("localhost", "127.0.0.2", NULL, &error));
  g_assert_no_error (error);

  /* A name that nobody can look up has no address, and that is no error. */
  g_assert_false (check ("no..name", "127.0.0.1", NULL, &error));
  g_assert_no_error (error);

  g_cancellable_cancel (cancellable);
  g_assert_false (check ("192.0.2.1", "192.0.2.1", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/X13-matches", test_matches);
  g_test_add_func ("/address/X13-link-local", test_link_local);
  g_test_add_func ("/address/D12-plausible", test_plausible);
  g_test_add_func ("/address/other-families", test_other_families);
  g_test_add_func ("/address/check", test_check);
  return g_test_run ();
}
