/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* X13: contacts that name the addresses of others for a file. We never call those. */

#include <string.h>

#include "hostile-sides.h"
#include "stream-ends.h"
#include "xep174-si-private.h"
#include "xep174-socks.h"

/* Where others wait: one of this host alone, and one that is another host. */
typedef struct
{
  GSocket *sockets[2];
  guint16 ports[2];
} Victims;

static void
victims_wait (Victims *victims)
{
  victims->sockets[0] = ends_listen ("127.0.0.7", &victims->ports[0]);
  victims->sockets[1] = ends_listen ("127.0.0.8", &victims->ports[1]);
}

static void
victims_end (Victims *victims)
{
  for (guint i = 0; i < G_N_ELEMENTS (victims->sockets); i++)
    {
      g_assert_false (ends_was_called (victims->sockets[i]));
      g_object_unref (victims->sockets[i]);
    }
}

#define CANDIDATE(cid, host, priority) \
  "<candidate cid='" cid "' host='" host "' jid='x' port='%u' priority='" priority "' type='direct'/>"
/* The ports are to be filled in. */
#define OFFER_AT(more) \
  JINGLE ("session-initiate", A ".1", \
          CONTENT (FILE ("<name>abc</name><size>3</size>") \
                   S5B_OF (CANDIDATE ("x", "127.0.0.7", "9") CANDIDATE ("y", "127.0.0.8", "8") more)))

/* We never call them, and say so; the file comes inside of the conversation. */
static void
test_strangers (Hostile       *f,
                gconstpointer  data)
{
  Victims victims;
  g_autofree char *offer = NULL;
  Xep174Transfer *transfer;

  victims_wait (&victims);
  offer = g_strdup_printf (OFFER_AT (""), victims.ports[0], victims.ports[1]);
  check_answer (JULIET, offer, "ok;");
  wait_until (strstr (f->heard->str, "transport-info error;") != NULL);
  check_answer (JULIET, NO_CANDIDATE (A ".1"), "ok;");
  check_answer (JULIET, REPLACE (A ".1"), "ok;");
  check_answer (JULIET, OPEN, "ok;");
  check_answer (JULIET, DATA ("0", "YWJj"), "ok;");
  check_answer (JULIET, CHECKSUM (A ".1", OF_ABC), "ok;");
  transfer = side_last (&f->sides.juliet);
  wait_until (xep174_transfer_has_ended (transfer));
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
  victims_end (&victims);
}

/* Among them there is one of its own, which is used. */
static void
test_one_honest (Hostile       *f,
                 gconstpointer  data)
{
  g_autoptr(Server) server = server_new (server_grant, "abc");
  Victims victims;
  g_autofree char *offer = NULL;
  Xep174Transfer *transfer;

  victims_wait (&victims);
  offer = g_strdup_printf (OFFER_AT (CANDIDATE ("mine", "127.0.0.1", "7")), victims.ports[0],
                           victims.ports[1], server->port);
  check_answer (JULIET, offer, "ok;");
  wait_until (strstr (f->heard->str, "transport-info mine;") != NULL);
  check_answer (JULIET, NO_CANDIDATE (A ".1"), "ok;");
  check_answer (JULIET, CHECKSUM (A ".1", OF_ABC), "ok;");
  transfer = side_last (&f->sides.juliet);
  wait_until (xep174_transfer_has_ended (transfer));
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
  victims_end (&victims);
}

/* So does who accepts a file. */
static void
test_sender (Hostile       *f,
             gconstpointer  data)
{
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) sent = offer_to_enemy (f);
  Victims victims;
  g_autofree char *accept = NULL;

  victims_wait (&victims);
  accept = g_strdup_printf (JINGLE ("session-accept", "%s",
                                    CONTENT (FILE ("") S5B_OF (CANDIDATE ("x", "127.0.0.7", "9")
                                                               CANDIDATE ("y", "127.0.0.8", "8")))),
                            f->sid, victims.ports[0], victims.ports[1]);
  check_answer (ROMEO, accept, "ok;");
  wait_until (strstr (f->heard->str, "transport-info error;") != NULL);
  victims_end (&victims);
}

#define SI_OFFER \
  "<si xmlns='" XEP174_NS_SI "' id='0' profile='" XEP174_NS_SI_FILE "'>" \
  "<file xmlns='" XEP174_NS_SI_FILE "' name='abc' size='3'/>" \
  "<feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='form'>" \
  "<field var='stream-method' type='list-single'><option><value>" XEP174_NS_BYTESTREAMS \
  "</value></option></field></x></feature></si>"
#define SI_HOST(host) "<streamhost jid='0' host='" host "' port='%u'/>"
#define SI_HOSTS(hosts) "<query xmlns='" XEP174_NS_BYTESTREAMS "' sid='0' mode='tcp'>" hosts "</query>"

/* The same with other programs, where nothing else is left then. */
static void
test_si_strangers (Hostile       *f,
                   gconstpointer  data)
{
  Victims victims;
  g_autofree char *hosts = NULL;

  victims_wait (&victims);
  hosts = g_strdup_printf (SI_HOSTS (SI_HOST ("127.0.0.7") SI_HOST ("127.0.0.8")), victims.ports[0],
                           victims.ports[1]);
  check_answer (JULIET, SI_OFFER, "ok;");
  check_answer (JULIET, hosts, "refused;");
  wait_until (xep174_transfer_has_ended (side_last (&f->sides.juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&f->sides.juliet)), ==, STATE (FAILED));
  wait_until (sides_count (&f->sides) == 0);
  victims_end (&victims);
}

static void
test_si_one_honest (Hostile       *f,
                    gconstpointer  data)
{
  g_autoptr(Server) server = server_new (server_grant, "abc");
  Victims victims;
  g_autofree char *hosts = NULL;

  victims_wait (&victims);
  hosts = g_strdup_printf (SI_HOSTS (SI_HOST ("127.0.0.7") SI_HOST ("127.0.0.8") SI_HOST ("127.0.0.1")),
                           victims.ports[0], victims.ports[1], server->port);
  check_answer (JULIET, SI_OFFER, "ok;");
  check_answer (JULIET, hosts, "ok;");
  wait_until (xep174_transfer_has_ended (side_last (&f->sides.juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&f->sides.juliet)), ==, STATE (DONE));
  victims_end (&victims);
}

static void
say_nothing (GSocket  *socket,
             gpointer  data)
{
  server_read (socket, G_MAXINT16);
}

/* The name of the stream is the sender's, and libpurple counts: who guesses it has nothing to call us for. */
static void
test_si_guessed (Hostile       *f,
                 gconstpointer  data)
{
  g_autoptr(Server) server = server_new (say_nothing, NULL);
  g_autofree char *query = g_strdup_printf (SI_HOSTS (SI_HOST ("127.0.0.1")), server->port);

  check_answer (JULIET, SI_OFFER, "ok;");
  begin_to_say (JULIET, query);
  wait_until (side_last (&f->sides.juliet)->theirs != NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *address = i == 0 ? xep174_socks_address ("0", JULIET, MALLORY)
                                        : xep174_socks_address ("0", MALLORY, JULIET);
      g_autoptr(GBytes) request = ends_make_request (address);
      g_autoptr(GSocket) stranger = ends_come_to (f->sides.juliet.port);

      ends_say (stranger, g_bytes_get_data (request, NULL), g_bytes_get_size (request));
      g_assert_cmpint (ends_hear_answer (stranger), ==, 2);
    }
  g_assert_cmpuint (f->answers->len, ==, 0);
  xep174_transfer_cancel (side_last (&f->sides.juliet));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) HOSTILE_ADD ("/transfer-strangers/" name, NULL, function)
  ADD ("strangers", test_strangers);
  ADD ("one-honest", test_one_honest);
  ADD ("sender", test_sender);
  ADD ("si-strangers", test_si_strangers);
  ADD ("si-one-honest", test_si_one_honest);
  ADD ("si-guessed", test_si_guessed);

  return g_test_run ();
}
