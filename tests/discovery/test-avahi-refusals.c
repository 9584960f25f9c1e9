/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <string.h>

#include "daemon.h"
#include "fake-daemon.h"
#include "namespace.h"
#include "person.h"
#include "xep174-avahi-discovery.h"
#include "xep174-mdns-stack-private.h"

/* What the daemon, or the bus, refuses, and does not do at all, is an error that says what and what to
 * do, or something that we recover from (D23). */

/* How much faster than the real one the clock of the stack runs here. */
#define HASTE 20

static GSource *(*real_after) (Xep174MdnsStack *self,
                               guint            milliseconds,
                               GSourceFunc      func,
                               gpointer         user_data);

static GSource *
after_in_haste (Xep174MdnsStack *self,
                guint            milliseconds,
                GSourceFunc      func,
                gpointer         user_data)
{
  return real_after (self, milliseconds / HASTE, func, user_data);
}

static void
make_haste (void)
{
  g_autoptr(Xep174MdnsStack) stack = xep174_avahi_stack_new ();
  Xep174MdnsStackClass *klass = XEP174_MDNS_STACK_GET_CLASS (stack);

  real_after = klass->after;
  klass->after = after_in_haste;
}

static Person *
somebody (const char *user)
{
  return person_new (XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL)), user);
}

/* The start fails, or where it was quicker than what is refused the problem tells. */
static void
assert_refused (int         code,
                const char *words)
{
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(GError) error = NULL;

  if (person_try_start (romeo, 5298, &error))
    {
      wait_until (xep174_discovery_get_problem (romeo->discovery) != NULL);
      error = g_error_copy (xep174_discovery_get_problem (romeo->discovery));
    }
  else
    g_assert_false (xep174_discovery_get_running (romeo->discovery));
  g_test_message ("%s", error->message);
  g_assert_error (error, XEP174_DISCOVERY_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
}

static GLogWriterOutput
drop_warnings (GLogLevelFlags   level,
               const GLogField *fields,
               gsize            n_fields,
               gpointer         user_data)
{
  return G_LOG_WRITER_HANDLED;
}

static void
assert_online (FakeDaemon *daemon)
{
  g_autoptr(Person) romeo = somebody ("romeo");

  person_start (romeo, 5298);
  g_assert_cmpstr (person_get_name (romeo), ==, "romeo@montague");
  fake_daemon_tell_ptr (daemon, "ItemNew", "juliet@capulet");
  fake_daemon_tell_txt (daemon, "juliet@capulet", "nick=Jule");
  person_wait_for (romeo, "juliet@capulet");
}

/* The methods that each way online takes. */
static const char *const methods[] = {
  "GetState", "RecordBrowserPrepare", "Start", "EntryGroupNew", "AddService", "Commit", NULL,
};
static const char *const interfaces[] = {
  "Server", "Server2", "RecordBrowser", "Server", "EntryGroup", "EntryGroup",
};

static void
forbid (const char *interface,
        const char *method)
{
  g_autofree char *rule =
    g_strdup_printf ("<policy context='mandatory'><deny send_interface='org.freedesktop.Avahi.%s' "
                     "send_member='%s'/></policy>", interface, method);

  daemon_set_rules (rule);
}

static void
test_table (void)
{
  static const struct
  {
    const char *name;
    int code;
    const char *words;
  } refusals[] = {
    { "org.freedesktop.DBus.Error.AccessDenied", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, "allow it" },
    { "org.freedesktop.DBus.Error.LimitsExceeded", XEP174_DISCOVERY_ERROR_LIMIT, "close some" },
    { "org.freedesktop.DBus.Error.UnknownMethod", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, "newer" },
    { "org.freedesktop.DBus.Error.NoReply", XEP174_DISCOVERY_ERROR_NO_DAEMON, "start it anew" },
    { "org.freedesktop.Avahi.NotPermittedError", XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
      "disable-user-service-publishing=no" },
    { "org.freedesktop.Avahi.TooManyClientsError", XEP174_DISCOVERY_ERROR_LIMIT, "clients-max" },
    { "org.freedesktop.Avahi.TooManyObjectsError", XEP174_DISCOVERY_ERROR_LIMIT,
      "objects-per-client-max" },
    { "org.freedesktop.Avahi.TooManyEntriesError", XEP174_DISCOVERY_ERROR_LIMIT,
      "entries-per-entry-group-max" },
    { "org.freedesktop.Avahi.NoNetworkError", XEP174_DISCOVERY_ERROR_NO_NETWORK, "connect to one" },
    { "org.freedesktop.Avahi.InvalidServiceNameError", XEP174_DISCOVERY_ERROR_INVALID_NAME,
      "another one" },
    { "org.example.Whatever", XEP174_DISCOVERY_ERROR_FAILED, "No." },
  };
  g_autoptr(FakeDaemon) daemon = NULL;

  daemon_start_bus ();
  daemon = fake_daemon_new ();
  for (guint i = 0; methods[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (refusals); j++)
      {
        fake_daemon_obey (daemon);
        fake_daemon_refuse (daemon, methods[i], refusals[j].name);
        /* Of what an older daemon has instead. */
        fake_daemon_refuse (daemon, "RecordBrowserNew", refusals[j].name);
        g_test_message ("%s: %s", methods[i], refusals[j].name);
        assert_refused (refusals[j].code, refusals[j].words);
      }
  fake_daemon_obey (daemon);
  assert_online (daemon);
  g_clear_pointer (&daemon, fake_daemon_free);
  daemon_stop_bus ();
}

/* Each method that a rule of the bus forbids, in turn; without the name of the host we do. */
static void
test_policy (void)
{
  g_autoptr(FakeDaemon) daemon = NULL;

  for (guint i = 0; methods[i] != NULL; i++)
    {
      forbid (interfaces[i], methods[i]);
      daemon_start_bus ();
      daemon = fake_daemon_new ();
      assert_refused (XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, "rules of the system bus");
      g_clear_pointer (&daemon, fake_daemon_free);
      daemon_stop_bus ();
    }

  forbid ("Server", "GetHostName");
  daemon_start_bus ();
  daemon = fake_daemon_new ();
  {
    g_autoptr(Person) romeo = somebody ("romeo");

    person_start (romeo, 5298);
    g_assert_cmpstr (person_get_name (romeo), ==, "romeo@pronto");
  }
  g_clear_pointer (&daemon, fake_daemon_free);
  daemon_stop_bus ();

  /* And all of it, as a sandbox does. */
  daemon_set_rules ("<policy context='mandatory'>"
                    "<deny send_destination='org.freedesktop.Avahi'/></policy>");
  daemon_start_bus ();
  daemon = fake_daemon_new ();
  assert_refused (XEP174_DISCOVERY_ERROR_NOT_SUPPORTED, "sandbox");
  g_clear_pointer (&daemon, fake_daemon_free);
  daemon_stop_bus ();
  daemon_set_rules ("");
}

/* A sandbox hides the daemon: it is not there, and cannot be started. */
static void
test_hidden (void)
{
  daemon_start_bus ();
  assert_refused (XEP174_DISCOVERY_ERROR_NO_DAEMON, "sandbox");
  daemon_stop_bus ();
}

/* An older daemon knows RecordBrowserNew only. */
static void
test_older (void)
{
  g_autoptr(FakeDaemon) daemon = NULL;
  g_autoptr(Person) romeo = somebody ("romeo");

  daemon_start_bus ();
  daemon = fake_daemon_new ();
  fake_daemon_refuse (daemon, "RecordBrowserPrepare", "org.freedesktop.DBus.Error.UnknownMethod");
  person_start (romeo, 5298);
  wait_until (fake_daemon_browser (daemon, PRESENCE, XEP174_DNS_TYPE_PTR) != NULL);
  fake_daemon_tell_ptr (daemon, "ItemNew", "juliet@capulet");
  fake_daemon_tell_txt (daemon, "juliet@capulet", "nick=Jule");
  person_wait_for (romeo, "juliet@capulet");
  g_assert_cmpuint (fake_daemon_count (daemon, "RecordBrowserPrepare"), ==, 1);
  g_assert_cmpuint (fake_daemon_count (daemon, "Start"), ==, 0);
  person_stop (romeo);
  g_clear_pointer (&daemon, fake_daemon_free);
  daemon_stop_bus ();
}

/* It goes in the middle of each call, and comes back. */
static void
test_gone (void)
{
  g_autoptr(FakeDaemon) daemon = NULL;

  daemon_start_bus ();
  daemon = fake_daemon_new ();
  for (guint i = 0; methods[i] != NULL; i++)
    {
      g_autoptr(Person) romeo = somebody ("romeo");
      g_autoptr(GError) error = NULL;

      fake_daemon_obey (daemon);
      fake_daemon_go_at (daemon, methods[i]);
      /* Before there was anything to lose the start fails, and can be made again. */
      if (!person_try_start (romeo, 5298, &error))
        {
          g_test_message ("%s: %s", methods[i], error->message);
          g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON);
          person_start (romeo, 5298);
        }
      g_assert_cmpstr (person_get_name (romeo), ==, "romeo@montague");
      wait_until (fake_daemon_browser (daemon, PRESENCE, XEP174_DNS_TYPE_PTR) != NULL);
      fake_daemon_tell_ptr (daemon, "ItemNew", "juliet@capulet");
      fake_daemon_tell_txt (daemon, "juliet@capulet", "nick=Jule");
      person_wait_for (romeo, "juliet@capulet");
      wait_until (xep174_discovery_get_problem (romeo->discovery) == NULL);
      person_stop (romeo);
    }
  g_clear_pointer (&daemon, fake_daemon_free);
  daemon_stop_bus ();
}

/* The start fails within a bound where a call is never answered, and works when they are again. */
static void
test_silent_start (void)
{
  g_autoptr(FakeDaemon) daemon = NULL;

  daemon_start_bus ();
  daemon = fake_daemon_new ();
  for (guint i = 0; methods[i] != NULL; i++)
    {
      fake_daemon_obey (daemon);
      fake_daemon_ignore (daemon, methods[i]);
      g_test_message ("%s", methods[i]);
      assert_refused (XEP174_DISCOVERY_ERROR_NO_DAEMON, "does not answer");
    }
  fake_daemon_obey (daemon);
  assert_online (daemon);
  g_clear_pointer (&daemon, fake_daemon_free);
  daemon_stop_bus ();
}

/* The problem tells of a daemon that falls silent, though we had nothing to ask; contacts stay, and
 * when it speaks again all is well. */
static void
test_silent_later (void)
{
  static const char *const all[] = {
    "Ping", "Start", "RecordBrowserPrepare", "UpdateServiceTxt", "Free", NULL,
  };
  g_autoptr(FakeDaemon) daemon = NULL;
  g_autoptr(Person) romeo = somebody ("romeo");

  daemon_start_bus ();
  daemon = fake_daemon_new ();
  person_start (romeo, 5298);
  fake_daemon_tell_ptr (daemon, "ItemNew", "juliet@capulet");
  fake_daemon_tell_txt (daemon, "juliet@capulet", "nick=Jule");
  person_wait_for (romeo, "juliet@capulet");

  for (guint i = 0; all[i] != NULL; i++)
    fake_daemon_ignore (daemon, all[i]);
  wait_until (xep174_discovery_get_problem (romeo->discovery) != NULL);
  g_assert_error (xep174_discovery_get_problem (romeo->discovery), XEP174_DISCOVERY_ERROR,
                  XEP174_DISCOVERY_ERROR_NO_DAEMON);
  g_assert_nonnull (strstr (xep174_discovery_get_problem (romeo->discovery)->message,
                            "does not answer"));
  g_assert_cmpuint (person_count (romeo), ==, 1);

  fake_daemon_obey (daemon);
  fake_daemon_tell_ptr (daemon, "ItemNew", "nurse@capulet");
  fake_daemon_tell_txt (daemon, "nurse@capulet", "nick=Nurse");
  person_wait_for (romeo, "nurse@capulet");
  wait_until (xep174_discovery_get_problem (romeo->discovery) == NULL);
  g_assert_cmpuint (person_count (romeo), ==, 2);
  person_stop (romeo);
  g_clear_pointer (&daemon, fake_daemon_free);
  daemon_stop_bus ();
}

/* D9: the name is taken in the daemon already, or turns out to be on the network, at once or later. */
static void
test_collision (void)
{
  g_autoptr(FakeDaemon) daemon = NULL;
  g_autoptr(Person) romeo = somebody ("romeo");
  g_autoptr(GError) error = NULL;

  daemon_start_bus ();
  daemon = fake_daemon_new ();
  fake_daemon_refuse (daemon, "AddService", "org.freedesktop.Avahi.CollisionError");
  g_assert_false (person_try_start (romeo, 5298, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION);
  g_assert_cmpuint (fake_daemon_count (daemon, "AddService"), ==, 100);
  /* In one group, whose conflicts the daemon counts. */
  g_assert_cmpuint (fake_daemon_count (daemon, "EntryGroupNew"), ==, 1);

  fake_daemon_obey (daemon);
  person_start (romeo, 5298);
  g_assert_cmpstr (person_get_name (romeo), ==, "romeo@montague");
  fake_daemon_emit (daemon, fake_daemon_browser (daemon, NULL, 0), GROUP, "StateChanged",
                    g_variant_new ("(is)", 3, "org.freedesktop.Avahi.CollisionError"));
  wait_until (g_strcmp0 (person_get_name (romeo), "romeo-1@montague") == 0);
  person_stop (romeo);
  g_clear_pointer (&daemon, fake_daemon_free);
  daemon_stop_bus ();
}

/* D15: a picture that the daemon does not take is a problem that is told, and we are online all the
 * same. */
static void
test_picture (void)
{
  static const char *const refused[] = { "AddRecord", "Commit", NULL };
  g_autoptr(GBytes) picture = g_bytes_new_static ("picture", strlen ("picture"));

  for (guint i = 0; refused[i] != NULL; i++)
    {
      g_autoptr(FakeDaemon) daemon = NULL;
      g_autoptr(Person) romeo = somebody ("romeo");

      daemon_start_bus ();
      daemon = fake_daemon_new ();
      person_start (romeo, 5298);
      fake_daemon_refuse (daemon, refused[i], "org.freedesktop.Avahi.TooManyEntriesError");
      g_assert_true (xep174_profile_set_avatar (romeo->profile, picture, NULL));
      wait_until (xep174_discovery_get_problem (romeo->discovery) != NULL);
      g_assert_error (xep174_discovery_get_problem (romeo->discovery), XEP174_DISCOVERY_ERROR,
                      XEP174_DISCOVERY_ERROR_LIMIT);
      g_assert_cmpstr (person_get_name (romeo), ==, "romeo@montague");
      g_assert_true (xep174_profile_set_avatar (romeo->profile, NULL, NULL));
      wait_until (xep174_discovery_get_problem (romeo->discovery) == NULL);
      g_assert_cmpuint (fake_daemon_count (daemon, "AddService"), ==, 1);
      person_stop (romeo);
      g_clear_pointer (&daemon, fake_daemon_free);
      daemon_stop_bus ();
    }
}

int
main (int   argc,
      char *argv[])
{
  namespace_enter ();
  daemon_prepare ();
  g_test_init (&argc, &argv, NULL);
  make_haste ();
  /* That it is tried again is a warning. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  g_log_set_writer_func (drop_warnings, NULL, NULL);

  g_test_add_func ("/avahi-refusals/D23-table", test_table);
  g_test_add_func ("/avahi-refusals/D23-policy", test_policy);
  g_test_add_func ("/avahi-refusals/D23-hidden", test_hidden);
  g_test_add_func ("/avahi-refusals/D23-older", test_older);
  g_test_add_func ("/avahi-refusals/D19-D23-gone", test_gone);
  g_test_add_func ("/avahi-refusals/D23-silent-start", test_silent_start);
  g_test_add_func ("/avahi-refusals/D23-silent-later", test_silent_later);
  g_test_add_func ("/avahi-refusals/D9-collision", test_collision);
  g_test_add_func ("/avahi-refusals/D15-D23-picture", test_picture);

  return g_test_run ();
}
