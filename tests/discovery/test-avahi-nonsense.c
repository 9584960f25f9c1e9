/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/log-trap.h"
#include "avatars.h"
#include "daemon.h"
#include "fake-daemon.h"
#include "namespace.h"
#include "person.h"
#include "xep174-avahi-discovery.h"
#include "xep174-avahi-ledger-private.h"
#include "xep174-avahi-mailbox-private.h"
#include "xep174-mdns-stack-private.h"

/* Bad input from a daemon, or from somebody who plays one: nothing crashes, blocks, grows without a
 * bound, or is believed (D23, X13). */

typedef struct
{
  FakeDaemon *daemon;
  Person *romeo;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  daemon_start_bus ();
  fixture->daemon = fake_daemon_new ();
  fixture->romeo = person_new (XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL)), "romeo");
  person_start (fixture->romeo, 5298);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  person_free (fixture->romeo);
  fake_daemon_free (fixture->daemon);
  daemon_stop_bus ();
}

/* What has been sent until now has been seen by then. */
static void
know (Fixture    *fixture,
      const char *name)
{
  fake_daemon_tell_ptr (fixture->daemon, "ItemNew", name);
  fake_daemon_tell_txt (fixture->daemon, name, "nick=Somebody");
  person_wait_for (fixture->romeo, name);
}

static const char *
browser (Fixture *fixture)
{
  return fake_daemon_browser (fixture->daemon, PRESENCE, XEP174_DNS_TYPE_PTR);
}

/* Answers of every wrong type, to every method. */
static void
test_answers (void)
{
  static const char *const methods[] = {
    "GetState", "GetHostName", "RecordBrowserPrepare", "Start", "EntryGroupNew", "AddService",
    "Commit", NULL,
  };
  static const char *const bodies[] = {
    "('x',)", "(1,)", "(2, 'x')", "(true,)", "([byte 1],)", "(@as [],)", "(<2>,)",
    "(objectpath '/',)", "(objectpath '/org/freedesktop/DBus',)", "()", NULL,
  };
  g_autoptr(FakeDaemon) daemon = NULL;

  daemon_start_bus ();
  daemon = fake_daemon_new ();
  for (guint i = 0; methods[i] != NULL; i++)
    for (guint j = 0; bodies[j] != NULL; j++)
      {
        g_autoptr(Person) romeo = person_new (XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL)), "romeo");
        g_autoptr(GError) error = NULL;

        /* What is right. */
        if ((i == 0 && j == 1) || (i == 1 && j == 0) || (i == 3 && bodies[j][1] == ')') ||
            (i > 4 && bodies[j][1] == ')'))
          continue;

        fake_daemon_obey (daemon);
        fake_daemon_answer (daemon, methods[i], g_variant_new_parsed (bodies[j]));
        if (person_try_start (romeo, 5298, &error))
          g_assert_cmpstr (methods[i], ==, "GetHostName");
        else
          g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED);
      }
  g_clear_pointer (&daemon, fake_daemon_free);
  daemon_stop_bus ();
}

/* Signals of every wrong type, with every odd record in them. */
static void
test_signals (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const members[] = {
    "ItemNew", "ItemRemove", "CacheExhausted", "AllForNow", "StateChanged", "Nonsense", NULL,
  };
  static const char *const bodies[] = {
    "()", "('x',)", "(1, 2)", "(1, 'x')", "(99, 'org.example.Error')", "(-1, '')",
    "(1, 0, '_presence._tcp.local', uint16 1, uint16 12, 'x', uint32 0)",
    "(1, 0, '_presence._tcp.local', uint16 1, uint16 12, @ay [], uint32 0, 'more')",
    "(1, 0, '_presence._tcp.local', uint16 1, uint16 12, @ay [], uint32 0)",
    "(1, 0, '_presence._tcp.local', uint16 1, uint16 12, [byte 255, 1], uint32 0)",
    "(1, 0, '_presence._tcp.local', uint16 1, uint16 12, [byte 3, 255, 254, 253, 0], uint32 0)",
    "(1, 0, '_presence._tcp.local', uint16 7, uint16 12, [byte 1, 65, 0], uint32 0)",
    "(1, 0, '_presence._tcp.local', uint16 1, uint16 16, [byte 1, 65, 0], uint32 0)",
    "(-9, 77, '', uint16 1, uint16 12, [byte 0], uint32 4294967295)",
    NULL,
  };
  static const char *const interfaces[] = {
    BROWSER, GROUP, "org.freedesktop.Avahi.Server", "org.example.Whatever", NULL,
  };
  const char *paths[] = {
    browser (fixture), fake_daemon_browser (fixture->daemon, NULL, 0), "/", "/Client0/Nothing",
    "/org/freedesktop/DBus", NULL,
  };

  for (guint i = 0; paths[i] != NULL; i++)
    for (guint j = 0; interfaces[j] != NULL; j++)
      for (guint k = 0; members[k] != NULL; k++)
        for (guint l = 0; bodies[l] != NULL; l++)
          fake_daemon_emit (fixture->daemon, paths[i], interfaces[j], members[k],
                            g_variant_new_parsed (bodies[l]));
  know (fixture, "juliet@capulet");
  g_assert_cmpuint (person_count (fixture->romeo), ==, 1);
  g_assert_cmpstr (person_get_name (fixture->romeo), ==, "romeo@montague");
  g_assert_no_error (xep174_discovery_get_problem (fixture->romeo->discovery));
}

/* A record that is larger than any, a name that is longer than any. */
static void
test_huge (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree guint8 *rdata = g_malloc0 (1 << 20);
  g_autofree char *name = g_strnfill (1 << 20, 'x');

  memcpy (rdata, "\x1" "A\x9_presence\x4_tcp\x5local", 23);
  fake_daemon_emit (fixture->daemon, browser (fixture), BROWSER, "ItemNew",
                    fake_record (PRESENCE, XEP174_DNS_TYPE_PTR, rdata, 1 << 20));
  fake_daemon_emit (fixture->daemon, browser (fixture), BROWSER, "ItemNew",
                    fake_record (name, XEP174_DNS_TYPE_PTR, rdata, 23));
  fake_daemon_emit (fixture->daemon, browser (fixture), BROWSER, "ItemNew",
                    fake_record (PRESENCE, XEP174_DNS_TYPE_PTR, rdata, 0));
  know (fixture, "juliet@capulet");
  g_assert_cmpuint (person_count (fixture->romeo), ==, 1);
  g_assert_null (fake_daemon_browser (fixture->daemon, "A." PRESENCE, XEP174_DNS_TYPE_TXT));
}

/* Of a browser that we have freed. */
static void
test_long_gone (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = NULL;

  know (fixture, "juliet@capulet");
  path = g_strdup (fake_daemon_browser (fixture->daemon, "juliet\\064capulet." PRESENCE,
                                        XEP174_DNS_TYPE_TXT));
  fake_daemon_tell_ptr (fixture->daemon, "ItemRemove", "juliet@capulet");
  person_wait_gone (fixture->romeo, "juliet@capulet");
  for (guint i = 0; i < 1000; i++)
    fake_daemon_emit (fixture->daemon, path, BROWSER, "ItemNew",
                      fake_record ("juliet\\064capulet." PRESENCE, XEP174_DNS_TYPE_TXT, "\x1x", 2));
  know (fixture, "nurse@capulet");
  g_assert_cmpuint (person_count (fixture->romeo), ==, 1);
}

/* X13: anybody can send a signal that looks like the daemon's; the bus says who it was. */
static void
test_somebody_else (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusConnection) tybalt =
    g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SYSTEM_BUS_ADDRESS"),
                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                            G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                            NULL, NULL, &error);
  g_auto(GStrv) names = NULL;
  g_autoptr(GVariant) list = NULL;

  g_assert_no_error (error);
  list = g_dbus_connection_call_sync (tybalt, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                      "org.freedesktop.DBus", "ListNames", NULL, NULL,
                                      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_variant_get (list, "(^as)", &names);
  for (guint i = 0; names[i] != NULL; i++)
    if (names[i][0] == ':')
      {
        g_dbus_connection_emit_signal (tybalt, names[i], browser (fixture), BROWSER, "ItemNew",
                                       fake_record (PRESENCE, XEP174_DNS_TYPE_PTR,
                                                    "\x1" "A\x9_presence\x4_tcp\x5local", 24),
                                       NULL);
        g_dbus_connection_emit_signal (tybalt, names[i], "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "NameOwnerChanged",
                                       g_variant_new ("(sss)", "org.freedesktop.Avahi", ":1.0", ""),
                                       NULL);
        g_dbus_connection_emit_signal (tybalt, names[i], "/", "org.freedesktop.Avahi.Server",
                                       "StateChanged", g_variant_new ("(is)", 1, ""), NULL);
      }
  g_dbus_connection_flush_sync (tybalt, NULL, NULL);
  know (fixture, "juliet@capulet");
  g_assert_null (fake_daemon_browser (fixture->daemon, "A." PRESENCE, XEP174_DNS_TYPE_TXT));
  g_assert_cmpstr (fixture->romeo->log->str, ==, "+juliet@capulet ");
  g_dbus_connection_close_sync (tybalt, NULL, NULL);
}

/* A browser that fails is made again, with what the daemon says. */
static void
test_failure (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = g_strdup (browser (fixture));

  fake_daemon_emit (fixture->daemon, path, BROWSER, "Failure",
                    g_variant_new ("(s)", "org.freedesktop.Avahi.NoNetworkError"));
  wait_until (xep174_discovery_get_problem (fixture->romeo->discovery) != NULL);
  log_trap_expect ("has no network");
  g_assert_error (xep174_discovery_get_problem (fixture->romeo->discovery), XEP174_DISCOVERY_ERROR,
                  XEP174_DISCOVERY_ERROR_NO_NETWORK);
  wait_until (browser (fixture) != NULL && g_strcmp0 (browser (fixture), path) != 0);
  know (fixture, "juliet@capulet");
  g_assert_no_error (xep174_discovery_get_problem (fixture->romeo->discovery));
}

/* Ours are 16 MiB of records and what waits in the mailbox; the rest is the fake daemon's, which sends
 * from this process faster than anybody reads. AddressSanitizer keeps what was freed for a while, 256
 * MiB of it. */
#ifdef __SANITIZE_ADDRESS__
#define MORE_MAX (1024 << 20)
#else
#define MORE_MAX (160 << 20)
#endif

static gsize
get_resident_octets (void)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) words = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  words = g_strsplit (text, " ", -1);

  return g_ascii_strtoull (words[1], NULL, 10) * sysconf (_SC_PAGESIZE);
}

static void
tell_of_many (Fixture    *fixture,
              const char *member,
              guint       n_names)
{
  for (guint i = 0; i < n_names; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u@nowhere", i);

      fake_daemon_tell_ptr (fixture->daemon, member, name);
      if (i % 100 == 0)
        wait_a_moment ();
    }
}

/* Forty thousand names that nobody has, as fast as they can be sent: those above the bound are not even
 * looked up. When they have gone there is room again. */
static void
test_flood (Fixture       *fixture,
            gconstpointer  data)
{
  gsize before;

  know (fixture, "juliet@capulet");
  before = get_resident_octets ();
  tell_of_many (fixture, "ItemNew", 40000);
  g_test_message ("%" G_GSIZE_FORMAT " KiB more", (get_resident_octets () - before) / 1024);
  g_assert_cmpuint (get_resident_octets () - before, <, MORE_MAX);
  g_assert_error (xep174_discovery_get_problem (fixture->romeo->discovery), XEP174_DISCOVERY_ERROR,
                  XEP174_DISCOVERY_ERROR_LIMIT);
  tell_of_many (fixture, "ItemRemove", 40000);
  know (fixture, "nurse@capulet");
  g_assert_cmpuint (person_count (fixture->romeo), ==, 2);
  g_assert_cmpuint (fake_daemon_count (fixture->daemon, "RecordBrowserPrepare"), <,
                    XEP174_AVAHI_LEDGER_MAX / XEP174_AVAHI_RECORD_COST * 2);
}

/* The same record, ten thousand times a second, while the main loop has a timeout to see to. */
static gboolean
on_beat (gpointer user_data)
{
  ++*(guint *) user_data;

  return G_SOURCE_CONTINUE;
}

static void
test_again_and_again (Fixture       *fixture,
                      gconstpointer  data)
{
  guint n_beats = 0;
  guint id = g_timeout_add (10, on_beat, &n_beats);

  know (fixture, "juliet@capulet");
  for (guint i = 0; i < 100; i++)
    {
      for (guint j = 0; j < 100; j++)
        fake_daemon_tell_ptr (fixture->daemon, "ItemNew", "juliet@capulet");
      g_usleep (10000);
      g_main_context_iteration (NULL, FALSE);
    }
  know (fixture, "nurse@capulet");
  g_source_remove (id);
  g_assert_cmpuint (n_beats, >=, 100);
  g_assert_cmpuint (person_count (fixture->romeo), ==, 2);
}

/* More than may wait while the main loop does something else: what came is lost, so all is asked for
 * anew, and the end is the same. */
static void
test_overrun (Fixture       *fixture,
              gconstpointer  data)
{
  const gsize size = 60000;
  g_autofree guint8 *rdata = g_malloc0 (size);
  g_autofree char *path = g_strdup (browser (fixture));

  know (fixture, "juliet@capulet");
  /* How fast it comes is not ours to say. */
  for (guint i = 0; i < 20 && g_strcmp0 (browser (fixture), path) == 0; i++)
    {
      for (gsize sent = 0; sent < 2 * XEP174_AVAHI_MAIL_OCTETS_MAX; sent += size)
        fake_daemon_emit (fixture->daemon, path, BROWSER, "ItemNew",
                          fake_record (PRESENCE, XEP174_DNS_TYPE_PTR, rdata, size));
      g_usleep (G_USEC_PER_SEC);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
  wait_until (browser (fixture) != NULL && g_strcmp0 (browser (fixture), path) != 0 &&
              g_strcmp0 (person_get_name (fixture->romeo), "romeo@montague") == 0);
  know (fixture, "nurse@capulet");
  wait_until (xep174_discovery_get_problem (fixture->romeo->discovery) == NULL);
}

/* D15: a record of a size that no record has is passed over, and the right one behind it is seen. */
static void
test_picture (Fixture       *fixture,
              gconstpointer  data)
{
  static const char name[] = "juliet\\064capulet." PRESENCE;
  g_autoptr(GBytes) picture = make_picture (8000, 1);
  g_autoptr(GBytes) huge = make_picture (1024 * 1024, 2);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, picture);
  g_autofree char *txt = g_strconcat ("phsh=", hash, NULL);
  GBytes *const answers[] = { huge, picture };
  g_auto(Load) load = { 0 };
  const char *path;

  fake_daemon_tell_ptr (fixture->daemon, "ItemNew", "juliet@capulet");
  fake_daemon_tell_txt (fixture->daemon, "juliet@capulet", txt);
  xep174_contact_load_avatar_async (person_wait_for (fixture->romeo, "juliet@capulet"), NULL,
                                    on_avatar, &load);
  wait_until ((path = fake_daemon_browser (fixture->daemon, name, XEP174_DNS_TYPE_NULL)) != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    fake_daemon_emit (fixture->daemon, path, BROWSER, "ItemNew",
                      fake_record (name, XEP174_DNS_TYPE_NULL, g_bytes_get_data (answers[i], NULL),
                                   g_bytes_get_size (answers[i])));
  wait_until (load.n_calls == 1);
  g_assert_no_error (load.error);
  g_assert_true (g_bytes_equal (load.picture, picture));
}

int
main (int   argc,
      char *argv[])
{
  namespace_enter ();
  daemon_prepare ();
  g_test_init (&argc, &argv, NULL);
  log_trap_init ();

#define ADD(name, test) \
  g_test_add ("/avahi-nonsense/" name, Fixture, NULL, set_up, test, tear_down)
  g_test_add_func ("/avahi-nonsense/D23-answers", test_answers);
  ADD ("D23-signals", test_signals);
  ADD ("D23-huge", test_huge);
  ADD ("D15-picture", test_picture);
  ADD ("D23-long-gone", test_long_gone);
  ADD ("X13-somebody-else", test_somebody_else);
  ADD ("D23-failure", test_failure);
  ADD ("D23-flood", test_flood);
  ADD ("D23-again-and-again", test_again_and_again);
  ADD ("D23-overrun", test_overrun);
#undef ADD

  return g_test_run ();
}
