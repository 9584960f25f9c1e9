/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whom a contact can make us connect to: its own hosts, and nobody else's. All of it is over the loopback,
 * where 127.0.0.1 is the contact, and the other addresses are other hosts. */

#include "stream-ends.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include "book.h"
#include "xep174-candidates-private.h"
#include "xep174-places-private.h"

#define SOMEBODY "127.0.0.7"
#define ELSEWHERE "127.0.0.8"

/* Who waits at @host, and must not be called. */
typedef struct
{
  GSocket *socket;
  char *host;
  guint16 port;
} Trap;

typedef struct
{
  Ends ends;
  GPtrArray *candidates;
  GPtrArray *traps;
} Fixture;

static void
trap_free (Trap *trap)
{
  g_assert_false (ends_was_called (trap->socket));
  g_object_unref (trap->socket);
  g_free (trap->host);
  g_free (trap);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  ends_set_up (&f->ends, data);
  f->candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_jingle_candidate_free);
  f->traps = g_ptr_array_new_with_free_func ((GDestroyNotify) trap_free);
}

/* After the last of us has gone: nothing is on its way any more. */
static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  test_book_set_slow (TEST_BOOK (f->ends.book), FALSE);
  test_book_answer (TEST_BOOK (f->ends.book));
  g_ptr_array_unref (f->candidates);
  ends_tear_down (&f->ends, data);
  g_ptr_array_unref (f->traps);
}

static TestBook *
book (Fixture *f)
{
  return TEST_BOOK (f->ends.book);
}

/* Says that @host is the contact's, and better than what was said before. */
static void
claim (Fixture    *f,
       const char *host,
       guint16     port)
{
  g_autofree char *cid = g_strdup_printf ("c%u", f->candidates->len);

  g_ptr_array_add (f->candidates,
                   xep174_jingle_candidate_new (cid, "somebody", host, port, 100 + f->candidates->len));
}

static void
set_trap (Fixture    *f,
          const char *host)
{
  Trap *trap = g_new0 (Trap, 1);

  trap->host = g_strdup (host);
  trap->socket = ends_listen (host, &trap->port);
  g_ptr_array_add (f->traps, trap);
  claim (f, host, trap->port);
}

static void
claim_server (Fixture *f,
              Server  *server)
{
  claim (f, server->host, server->port);
}

static void
dial (Fixture *f)
{
  xep174_bytestream_dial (f->ends.romeo.stream, f->candidates);
  g_assert_cmpstr (f->ends.romeo.log->str, ==, "");
}

static void
check_dialled (Fixture    *f,
               const char *cid)
{
  WAIT_FOR (f->ends.romeo.log->len > 0);
  g_assert_cmpstr (f->ends.romeo.cid, ==, cid);
  g_clear_pointer (&f->ends.romeo.stream, xep174_bytestream_free);
}

/* However well they are praised, they are never called; and they do not keep us from the contact. */
static void
test_strangers (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(Server) good = server_new (server_grant, NULL);

  claim_server (f, good);
  set_trap (f, SOMEBODY);
  set_trap (f, ELSEWHERE);
  set_trap (f, SOMEBODY);
  dial (f);
  check_dialled (f, "c0");
}

/* The contact is told at once. */
static void
test_nobody (Fixture       *f,
             gconstpointer  data)
{
  set_trap (f, SOMEBODY);
  set_trap (f, ELSEWHERE);
  dial (f);
  check_dialled (f, NULL);
}

/* The host may have several addresses, and the conversation only one. */
static void
test_record (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(Server) good = server_new_at (ELSEWHERE, server_grant, NULL);

  test_book_add (book (f), JULIET, ELSEWHERE, 1);
  claim_server (f, good);
  set_trap (f, SOMEBODY);
  dial (f);
  check_dialled (f, "c0");
}

/* An IPv4 address is the same in IPv6, whoever writes it so. */
static void
test_mapped (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(Server) good = server_new_at (ELSEWHERE, server_grant, NULL);

  test_book_add (book (f), JULIET, "::ffff:" ELSEWHERE, 1);
  claim (f, ELSEWHERE, good->port);
  dial (f);
  check_dialled (f, "c0");
}

/* What the directory says last of others is not said of the contact. */
static void
test_of_others (Fixture       *f,
                gconstpointer  data)
{
  test_book_add (book (f), ROMEO, SOMEBODY, 1);
  test_book_add (book (f), "mercutio@verona", ELSEWHERE, 1);
  set_trap (f, SOMEBODY);
  set_trap (f, ELSEWHERE);
  dial (f);
  check_dialled (f, NULL);
}

/* The contact is where we talk to it, whatever is said of it since. */
static void
test_moved (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(Server) good = server_new (server_grant, NULL);

  test_book_move (book (f), SOMEBODY);
  claim_server (f, good);
  dial (f);
  check_dialled (f, "c0");
}

/* It is gone: nobody knows another address of it. */
static void
test_gone (Fixture       *f,
           gconstpointer  data)
{
  test_book_move (book (f), NULL);
  set_trap (f, SOMEBODY);
  dial (f);
  check_dialled (f, NULL);
}

/* Nobody is waited for where it is clear whose the address is. */
static void
test_not_asked (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(Server) good = server_new (server_grant, NULL);

  test_book_add (book (f), JULIET, ELSEWHERE, 1);
  test_book_set_slow (book (f), TRUE);
  claim_server (f, good);
  set_trap (f, ELSEWHERE);
  dial (f);
  g_assert_cmpuint (test_book_count_questions (book (f)), ==, 1);
  check_dialled (f, "c0");
}

static void
test_late (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(Server) good = server_new_at (ELSEWHERE, server_grant, NULL);

  test_book_add (book (f), JULIET, ELSEWHERE, 1);
  test_book_set_slow (book (f), TRUE);
  claim_server (f, good);
  set_trap (f, SOMEBODY);
  dial (f);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (f->ends.romeo.log->str, ==, "");
  test_book_set_slow (book (f), FALSE);
  test_book_answer (book (f));
  check_dialled (f, "c0");
}

static gboolean
on_answer (gpointer data)
{
  test_book_set_slow (data, FALSE);
  test_book_answer (data);
  return G_SOURCE_REMOVE;
}

static void
say_nothing (GSocket  *socket,
             gpointer  data)
{
  server_read (socket, G_MAXINT16);
}

/* The directory takes longer than one address has before the next one is tried, and that one is silent. */
static void
test_later (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(Server) silent = server_new (say_nothing, NULL);
  g_autoptr(Server) good = server_new_at (ELSEWHERE, server_grant, NULL);

  test_book_add (book (f), JULIET, ELSEWHERE, 1);
  test_book_set_slow (book (f), TRUE);
  claim_server (f, good);
  claim_server (f, silent);
  dial (f);
  g_timeout_add (500, on_answer, book (f));
  check_dialled (f, "c0");
}

/* A directory that does not answer holds up nothing for longer than one that does. */
static void
test_never (Fixture       *f,
            gconstpointer  data)
{
  test_book_add (book (f), JULIET, ELSEWHERE, 1);
  test_book_set_slow (book (f), TRUE);
  set_trap (f, ELSEWHERE);
  dial (f);
  check_dialled (f, NULL);
  g_assert_cmpuint (test_book_count_questions (book (f)), ==, 1);
}

/* Its answer comes when nobody wants it any more. */
static void
test_too_late (Fixture       *f,
               gconstpointer  data)
{
  test_book_add (book (f), JULIET, ELSEWHERE, 1);
  test_book_set_slow (book (f), TRUE);
  set_trap (f, ELSEWHERE);
  dial (f);
  dial (f);
  g_clear_pointer (&f->ends.romeo.stream, xep174_bytestream_free);
  test_book_answer (book (f));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (f->ends.romeo.log->str, ==, "");
}

/* A program without a directory knows nothing but the other end of its connections. */
static void
test_no_directory (Fixture       *f,
                   gconstpointer  data)
{
  Xep174Directory **directory = &f->ends.romeo.manager->around.directory;
  Xep174Directory *held = g_steal_pointer (directory);
  g_autoptr(Server) good = server_new (server_grant, NULL);

  claim_server (f, good);
  set_trap (f, ELSEWHERE);
  dial (f);
  check_dialled (f, "c0");
  *directory = held;
}

/* --- Addresses by themselves --------------------------------------------------------------------- */

static GSocketAddress *
make_address (const char *host,
              guint       scope)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", address, "port", g_random_int_range (1, 65536),
                       "scope-id", scope, NULL);
}

static void
test_same (void)
{
  static const struct
  {
    const char *one;
    guint scope_of_one;
    const char *other;
    guint scope_of_other;
    gboolean same;
  } rows[] = {
    { "192.0.2.7", 0, "192.0.2.7", 0, TRUE },
    { "192.0.2.7", 0, "192.0.2.8", 0, FALSE },
    { "192.0.2.7", 0, "::ffff:192.0.2.7", 0, TRUE },
    { "192.0.2.7", 0, "::192.0.2.7", 0, FALSE },
    { "2001:db8::7", 0, "2001:db8::7", 2, TRUE },
    { "2001:db8::7", 0, "2001:db8::8", 0, FALSE },
    { "fe80::7", 2, "fe80::7", 2, TRUE },
    { "fe80::7", 2, "fe80::7", 3, FALSE },
    { "fe80::7", 2, "fe80::8", 2, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GSocketAddress) one = make_address (rows[i].one, rows[i].scope_of_one);
      g_autoptr(GSocketAddress) other = make_address (rows[i].other, rows[i].scope_of_other);

      g_test_message ("%s, %s", rows[i].one, rows[i].other);
      g_assert_cmpint (xep174_places_is_same (one, other), ==, rows[i].same);
      g_assert_cmpint (xep174_places_is_same (other, one), ==, rows[i].same);
    }
}

/* The first address of IPv4 of this host that others can reach. */
static GSocketAddress *
find_own (void)
{
  struct ifaddrs *all = NULL;
  GSocketAddress *own = NULL;

  g_assert_cmpint (getifaddrs (&all), ==, 0);
  for (const struct ifaddrs *entry = all; entry != NULL && own == NULL; entry = entry->ifa_next)
    if (entry->ifa_addr != NULL && entry->ifa_addr->sa_family == AF_INET)
      {
        g_autoptr(GSocketAddress) address
          = g_socket_address_new_from_native (entry->ifa_addr, sizeof (struct sockaddr_in));
        g_autoptr(GInetAddress) host = xep174_candidates_dup_address (address);

        if (!g_inet_address_get_is_loopback (host))
          own = g_steal_pointer (&address);
      }
  freeifaddrs (all);
  return own;
}

/* What a firewall keeps from others is open for us: so nobody but who is here may name this host. */
static void
test_own_host (void)
{
  g_autoptr(GSocketAddress) own = find_own ();
  g_autoptr(GSocketAddress) other = make_address ("198.51.100.9", 0);
  g_autoptr(GInetAddress) host = own != NULL ? xep174_candidates_dup_address (own) : NULL;
  g_autofree char *text = NULL;
  g_autoptr(GSocketAddress) from_here = NULL;

  if (own == NULL)
    {
      g_test_skip ("this host has no address but that of the loopback");
      return;
    }

  text = g_inet_address_to_string (host);
  g_assert_null (xep174_candidates_resolve (text, 80, own, other, 5298));
  g_assert_null (xep174_candidates_resolve (text, 5298, own, own, 5298));
  from_here = xep174_candidates_resolve (text, 80, own, own, 5298);
  g_assert_true (xep174_places_is_same (from_here, own));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/places/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("strangers", test_strangers);
  ADD ("nobody", test_nobody);
  ADD ("record", test_record);
  ADD ("mapped", test_mapped);
  ADD ("of-others", test_of_others);
  ADD ("moved", test_moved);
  ADD ("gone", test_gone);
  ADD ("not-asked", test_not_asked);
  ADD ("late", test_late);
  ADD ("later", test_later);
  ADD ("never", test_never);
  ADD ("too-late", test_too_late);
  ADD ("no-directory", test_no_directory);

  g_test_add_func ("/places/same", test_same);
  g_test_add_func ("/places/own-host", test_own_host);

  return g_test_run ();
}
