/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "avatars.h"
#include "daemon.h"
#include "namespace.h"
#include "person.h"
#include "xep174-avahi-discovery.h"
#include "xep174-default-discovery.h"
#include "xep174-embedded-discovery.h"

/* Pictures (D15) between the two backends over real mDNS, and what that costs on the wire. */

/* What may be sent beside a picture: presence, questions, addresses. */
#define SMALL_TALK 8000

/* All that this host sends. */
static int
tap_open (void)
{
  int tap = socket (AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, htons (ETH_P_ALL));
  const int room = 4 * 1024 * 1024;

  g_assert_no_errno (tap);
  g_assert_no_errno (setsockopt (tap, SOL_SOCKET, SO_RCVBUF, &room, sizeof room));

  return tap;
}

/* The octets since the last time. */
static gsize
tap_read (int tap)
{
  g_autofree char *packet = g_malloc (128 * 1024);
  struct sockaddr_ll from;
  socklen_t size = sizeof from;
  gsize sum = 0;
  gssize length;

  while ((length = recvfrom (tap, packet, 128 * 1024, 0, (struct sockaddr *) &from, &size)) > 0)
    if (from.sll_pkttype == PACKET_OUTGOING)
      sum += length;

  return sum;
}

static void
show (Person *person,
      GBytes *picture)
{
  g_autoptr(GError) error = NULL;

  xep174_profile_set_avatar (person->profile, picture, &error);
  g_assert_no_error (error);
}

static gboolean
announces (Xep174Contact *contact,
           GBytes        *picture)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, picture);

  return g_strcmp0 (xep174_contact_get_parameter (contact, "phsh"), hash) == 0;
}

static void
assert_loads (Person     *person,
              const char *name,
              GBytes     *picture)
{
  Xep174Contact *contact = person_wait_for (person, name);
  g_auto(Load) load = { 0 };

  wait_until (announces (contact, picture));
  xep174_contact_load_avatar_async (contact, NULL, on_avatar, &load);
  wait_until (load.n_calls == 1);
  g_assert_no_error (load.error);
  g_assert_true (g_bytes_equal (load.picture, picture));
}

static void
assert_cleared (Person     *person,
                const char *name)
{
  Xep174Contact *contact = person_wait_for (person, name);
  g_auto(Load) load = { 0 };

  wait_until (!xep174_contact_has_parameter (contact, "phsh"));
  xep174_contact_load_avatar_async (contact, NULL, on_avatar, &load);
  wait_until (load.n_calls == 1);
  g_assert_error (load.error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_AVATAR);
}

/* The picture is sent once for each question, and neither at the start nor at a change or at the end.
 * (Who still has a former one says so with the question, RFC 6762 §7.1, and so the second question is
 * not measured.) */
static void
exchange (Person     *owner,
          Person     *looker,
          const char *name,
          gsize       size)
{
  g_autoptr(GBytes) first = make_picture (size, 1);
  g_autoptr(GBytes) second = make_picture (size, 2);
  int tap = tap_open ();

  show (owner, first);
  person_start (owner, 5299);
  wait_until (announces (person_wait_for (looker, name), first));
  g_assert_cmpuint (tap_read (tap), <, SMALL_TALK);
  assert_loads (looker, name, first);
  g_assert_cmpuint (tap_read (tap), <, size + SMALL_TALK);

  show (owner, second);
  wait_until (announces (person_wait_for (looker, name), second));
  g_assert_cmpuint (tap_read (tap), <, SMALL_TALK);
  assert_loads (looker, name, second);
  tap_read (tap);

  show (owner, NULL);
  assert_cleared (looker, name);
  show (owner, first);
  wait_until (announces (person_wait_for (looker, name), first));
  person_stop (owner);
  person_wait_gone (looker, name);
  g_assert_cmpuint (tap_read (tap), <, SMALL_TALK);
  close (tap);
}

static void
exchange_sizes (Xep174Discovery *(*make_owner) (void),
                const char        *machine,
                Person            *looker)
{
  static const gsize sizes[] = { 500, 8000, 60000 };

  person_start (looker, 5298);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *user = g_strdup_printf ("juliet%u", i);
      g_autofree char *name = g_strconcat (user, "@", machine, NULL);
      g_autoptr(Person) owner = person_new (make_owner (), user);

      exchange (owner, looker, name, sizes[i]);
    }
  person_stop (looker);
}

static Xep174Discovery *
make_avahi (void)
{
  return XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL));
}

static Xep174Discovery *
make_embedded (void)
{
  return XEP174_DISCOVERY (xep174_embedded_discovery_new ());
}

static void
test_embedded (void)
{
  g_autoptr(Person) romeo = person_new (make_embedded (), "romeo");

  exchange_sizes (make_embedded, "pronto", romeo);
}

static void
test_daemon (void)
{
  g_autoptr(Person) romeo = NULL;
  g_autoptr(Person) nurse = NULL;

  daemon_start_bus ();
  daemon_start_avahi (NULL);
  romeo = person_new (make_avahi (), "romeo");
  nurse = person_new (make_embedded (), "nurse");
  exchange_sizes (make_embedded, "pronto", romeo);
  exchange_sizes (make_avahi, "montague", nurse);
  daemon_kill_avahi ();
  daemon_stop_bus ();
}

/* D16: dots, a space and letters of other alphabets, which libpurple spells in its own way. */
static void
test_names (void)
{
  g_autoptr(GBytes) picture = make_picture (8000, 1);
  g_autoptr(Person) romeo = NULL;
  g_autoptr(Person) juliet = NULL;

  daemon_start_bus ();
  daemon_start_avahi (NULL);
  romeo = person_new (XEP174_DISCOVERY (xep174_default_discovery_new ()), "Roméo M. (2)");
  juliet = person_new (make_embedded (), "Джульетта v. Capulet");
  show (romeo, picture);
  show (juliet, picture);
  person_start (romeo, 5298);
  person_start (juliet, 5299);
  assert_loads (romeo, "Джульетта v. Capulet@pronto", picture);
  assert_loads (juliet, "Roméo M. (2)@montague", picture);
  person_stop (romeo);
  person_stop (juliet);
  daemon_kill_avahi ();
  daemon_stop_bus ();
}

/* D19: the daemon comes back, and our picture with it. */
static void
test_restart (void)
{
  g_autoptr(GBytes) picture = make_picture (8000, 1);
  g_autoptr(Person) romeo = NULL;
  g_autoptr(Person) juliet = NULL;

  daemon_start_bus ();
  daemon_start_avahi (NULL);
  romeo = person_new (make_avahi (), "romeo");
  juliet = person_new (make_embedded (), "juliet");
  show (romeo, picture);
  person_start (romeo, 5298);
  person_start (juliet, 5299);
  person_wait_for (juliet, "romeo@montague");
  daemon_kill_avahi ();
  wait_until (xep174_discovery_get_problem (romeo->discovery) != NULL);
  daemon_start_avahi (NULL);
  wait_until (xep174_discovery_get_problem (romeo->discovery) == NULL);
  assert_loads (juliet, "romeo@montague", picture);
  person_stop (romeo);
  person_stop (juliet);
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

  g_test_add_func ("/pictures/D15-embedded", test_embedded);
  g_test_add_func ("/pictures/D15-daemon", test_daemon);
  g_test_add_func ("/pictures/D15-D16-names", test_names);
  g_test_add_func ("/pictures/D15-D19-restart", test_restart);

  return g_test_run ();
}
