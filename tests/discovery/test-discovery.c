/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>

#include "fake-discovery.h"
#include "../common/log-trap.h"
#include "xep174-contact-private.h"
#include "xep174-directory.h"
#include "xep174-discovery-private.h"

#define ALREADY \
  "You are online already, or on the way. Go offline first and wait for the end of that"

typedef struct
{
  FakeDiscovery *fake;
  Xep174Discovery *discovery;
  Xep174Profile *profile;
  GString *log;
} Fixture;

static void
spin (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
write_log (Fixture    *fixture,
           const char *what)
{
  g_string_append_printf (fixture->log, "%s%s", fixture->log->len > 0 ? " " : "", what);
}

static void
assert_log (Fixture    *fixture,
            const char *expected)
{
  g_assert_cmpstr (fixture->log->str, ==, expected);
  g_string_truncate (fixture->log, 0);
}

static void
on_started (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GError) error = NULL;

  if (xep174_discovery_start_finish (XEP174_DISCOVERY (object), result, &error))
    write_log (fixture, "started");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    write_log (fixture, "start-cancelled");
  else
    write_log (fixture, error->message);
}

static void
on_stopped (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GError) error = NULL;

  if (xep174_discovery_stop_finish (XEP174_DISCOVERY (object), result, &error))
    write_log (fixture, "stopped");
  else
    write_log (fixture, error->message);
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           Fixture    *fixture)
{
  write_log (fixture, pspec->name);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->fake = fake_discovery_new ();
  fixture->discovery = XEP174_DISCOVERY (fixture->fake);
  fixture->profile = xep174_profile_new ("juliet", NULL);
  xep174_profile_set_machine (fixture->profile, "capulet", NULL);
  fixture->log = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->fake);
  g_assert_finalize_object (fixture->profile);
  g_string_free (fixture->log, TRUE);
}

static void
begin_start (Fixture      *fixture,
             GCancellable *cancellable)
{
  xep174_discovery_start_async (fixture->discovery, fixture->profile, 5298, cancellable, on_started,
                                fixture);
}

static void
begin_stop (Fixture *fixture)
{
  xep174_discovery_stop_async (fixture->discovery, NULL, on_stopped, fixture);
}

static void
start (Fixture *fixture)
{
  begin_start (fixture, NULL);
  fake_discovery_end_start (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "started");
}

static void
stop (Fixture *fixture)
{
  begin_stop (fixture);
  fake_discovery_end_stop (fixture->fake, NULL);
  spin ();
  g_string_truncate (fixture->log, 0);
}

static void
assert_stopped (Fixture *fixture)
{
  g_assert_false (xep174_discovery_get_running (fixture->discovery));
  g_assert_null (xep174_discovery_get_profile (fixture->discovery));
  g_assert_null (xep174_discovery_get_local_name (fixture->discovery));
  g_assert_cmpuint (xep174_discovery_get_port (fixture->discovery), ==, 0);
  g_assert_cmpuint (
    g_list_model_get_n_items (xep174_discovery_get_contacts (fixture->discovery)), ==, 0);
}

static void
test_start_and_stop (Fixture       *fixture,
                     gconstpointer  data)
{
  Xep174Discovery *discovery = fixture->discovery;
  GListModel *contacts = xep174_discovery_get_contacts (discovery);

  assert_stopped (fixture);
  g_assert_cmpstr (xep174_discovery_get_domain (discovery), ==, "local");
  g_signal_connect (discovery, "notify", G_CALLBACK (on_notify), fixture);

  begin_start (fixture, NULL);
  assert_log (fixture, "profile port");
  g_assert_false (xep174_discovery_get_running (discovery));
  fake_discovery_end_start (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "local-name running started");
  g_assert_true (xep174_discovery_get_running (discovery));
  g_assert_true (xep174_discovery_get_profile (discovery) == fixture->profile);
  g_assert_cmpuint (xep174_discovery_get_port (discovery), ==, 5298);
  g_assert_cmpstr (xep174_discovery_get_local_name (discovery), ==, "juliet@capulet");

  begin_stop (fixture);
  assert_log (fixture, "running");
  fake_discovery_end_stop (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "profile port local-name stopped");
  assert_stopped (fixture);

  /* Once more, with the same list. */
  g_signal_handlers_disconnect_by_func (discovery, on_notify, fixture);
  start (fixture);
  g_assert_true (contacts == xep174_discovery_get_contacts (discovery));
  stop (fixture);
  g_assert_cmpuint (fixture->fake->n_starts, ==, 2);
  g_assert_cmpuint (fixture->fake->n_stops, ==, 2);
}

/* D18: who only looks has neither a name nor a port. */
static void
test_no_profile (Fixture       *fixture,
                 gconstpointer  data)
{
  g_signal_connect (fixture->discovery, "notify", G_CALLBACK (on_notify), fixture);
  xep174_discovery_start_async (fixture->discovery, NULL, 5298, NULL, on_started, fixture);
  fake_discovery_end_start (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "running started");
  g_assert_nonnull (xep174_discovery_put_contact (fixture->discovery, "juliet@capulet", NULL));
  stop (fixture);
  assert_stopped (fixture);
}

static void
test_start_twice (Fixture       *fixture,
                  gconstpointer  data)
{
  begin_start (fixture, NULL);
  begin_start (fixture, NULL);
  spin ();
  assert_log (fixture, ALREADY);
  fake_discovery_end_start (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "started");
  begin_start (fixture, NULL);
  spin ();
  assert_log (fixture, ALREADY);
  begin_stop (fixture);
  begin_start (fixture, NULL);
  spin ();
  assert_log (fixture, ALREADY);
  fake_discovery_end_stop (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "stopped");
}

static void
test_start_fails (Fixture       *fixture,
                  gconstpointer  data)
{
  begin_start (fixture, NULL);
  xep174_discovery_put_contact (fixture->discovery, "romeo@montague", NULL);
  fake_discovery_end_start (fixture->fake, g_error_new (XEP174_DISCOVERY_ERROR,
                                                        XEP174_DISCOVERY_ERROR_NO_DAEMON, "none"));
  spin ();
  assert_log (fixture, "none");
  assert_stopped (fixture);
  start (fixture);
  stop (fixture);
}

/* D16: a name that cannot be published is refused before the backend is asked. */
static void
test_bad_name (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(Xep174Profile) nameless = g_object_new (XEP174_TYPE_PROFILE, NULL);

  xep174_discovery_start_async (fixture->discovery, nameless, 5298, NULL, on_started, fixture);
  spin ();
  assert_log (fixture, "The user name is empty. Write one");
  g_assert_cmpuint (fixture->fake->n_starts, ==, 0);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  begin_start (fixture, cancellable);
  g_assert_false (g_cancellable_is_cancelled (fixture->fake->cancellable));
  g_cancellable_cancel (cancellable);
  g_assert_true (g_cancellable_is_cancelled (fixture->fake->cancellable));
  fake_discovery_end_start (fixture->fake, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "c"));
  spin ();
  assert_log (fixture, "start-cancelled");
  assert_stopped (fixture);

  /* Cancelled before it began: the backend is asked, and knows. */
  begin_start (fixture, cancellable);
  g_assert_true (g_cancellable_is_cancelled (fixture->fake->cancellable));
  fake_discovery_end_start (fixture->fake, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "c"));
  spin ();
  assert_log (fixture, "start-cancelled");

  /* Cancelled too late: what is said is what is. */
  g_cancellable_reset (cancellable);
  begin_start (fixture, cancellable);
  fake_discovery_end_start (fixture->fake, NULL);
  g_cancellable_cancel (cancellable);
  spin ();
  assert_log (fixture, "started");
  g_assert_true (xep174_discovery_get_running (fixture->discovery));
  stop (fixture);
}

/* A backend has published when it is cancelled, and only its task says that it was cancelled. */
static void
test_cancelled_between (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  begin_start (fixture, cancellable);
  {
    g_autoptr(GTask) task = g_steal_pointer (&fixture->fake->start);

    g_task_return_boolean (task, TRUE);
  }
  g_cancellable_cancel (cancellable);
  spin ();
  assert_log (fixture, "started");
  g_assert_true (xep174_discovery_get_running (fixture->discovery));
  stop (fixture);

  begin_start (fixture, NULL);
  {
    g_autoptr(GTask) task = g_steal_pointer (&fixture->fake->start);

    g_task_return_boolean (task, TRUE);
  }
  begin_stop (fixture);
  spin ();
  assert_log (fixture, "start-cancelled");
  fake_discovery_end_stop (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "stopped");
  assert_stopped (fixture);
}

static void
on_running_cancel (Xep174Discovery *discovery,
                   GParamSpec      *pspec,
                   GCancellable    *cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancelled_when_running (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_signal_connect (fixture->discovery, "notify::running", G_CALLBACK (on_running_cancel),
                    cancellable);
  begin_start (fixture, cancellable);
  fake_discovery_end_start (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "started");
  g_assert_true (xep174_discovery_get_running (fixture->discovery));
  stop (fixture);
}

/* A stop ends a start, whether the backend gives up or comes through all the same. */
static void
test_stop_while_starting (Fixture       *fixture,
                          gconstpointer  data)
{
  begin_start (fixture, NULL);
  begin_stop (fixture);
  begin_stop (fixture);
  g_assert_true (g_cancellable_is_cancelled (fixture->fake->cancellable));
  fake_discovery_end_start (fixture->fake, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "c"));
  spin ();
  assert_log (fixture, "start-cancelled stopped stopped");
  g_assert_cmpuint (fixture->fake->n_stops, ==, 0);
  assert_stopped (fixture);

  begin_start (fixture, NULL);
  begin_stop (fixture);
  fake_discovery_end_start (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "start-cancelled");
  g_assert_false (xep174_discovery_get_running (fixture->discovery));
  fake_discovery_end_stop (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "stopped");
  assert_stopped (fixture);
}

static void
test_stop_twice (Fixture       *fixture,
                 gconstpointer  data)
{
  begin_stop (fixture);
  spin ();
  assert_log (fixture, "stopped");

  start (fixture);
  begin_stop (fixture);
  begin_stop (fixture);
  fake_discovery_end_stop (fixture->fake, g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "stuck"));
  spin ();
  assert_log (fixture, "stuck stuck");
  assert_stopped (fixture);
  g_assert_cmpuint (fixture->fake->n_stops, ==, 1);
}

/* A backend that calls back twice is told so, and no harm is done. */
static void
test_twice_called_back (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GTask) extra = g_task_new (fixture->fake, NULL, NULL, NULL);

  start (fixture);
  fixture->fake->callback (G_OBJECT (fixture->fake), G_ASYNC_RESULT (extra),
                           fixture->fake->user_data);
  log_trap_expect ("called back twice from start_async");
  g_assert_true (xep174_discovery_get_running (fixture->discovery));

  stop (fixture);
  fixture->fake->callback (G_OBJECT (fixture->fake), G_ASYNC_RESULT (extra),
                           fixture->fake->user_data);
  log_trap_expect ("called back twice from stop_async");
}

static void
test_dispose_while_running (void)
{
  FakeDiscovery *fake = fake_discovery_new ();
  Xep174Profile *profile = xep174_profile_new ("juliet", NULL);
  Xep174Contact *contact;
  Fixture fixture = { fake, XEP174_DISCOVERY (fake), profile, g_string_new (NULL) };

  start (&fixture);
  contact = g_object_ref (xep174_discovery_put_contact (fixture.discovery, "romeo@montague", NULL));
  xep174_profile_set_nick (profile, "J", NULL);
  g_assert_finalize_object (fake);
  spin ();
  g_assert_false (xep174_contact_get_online (contact));
  g_assert_finalize_object (contact);
  xep174_profile_set_nick (profile, "K", NULL);
  g_assert_finalize_object (profile);
  g_string_free (fixture.log, TRUE);
}

/* However many changes, one publication; none while stopped, none lost while starting. */
static void
test_profile_changed (Fixture       *fixture,
                      gconstpointer  data)
{
  begin_start (fixture, NULL);
  xep174_profile_set_nick (fixture->profile, "A", NULL);
  spin ();
  g_assert_cmpuint (fixture->fake->n_profile_changes, ==, 0);
  fake_discovery_end_start (fixture->fake, NULL);
  spin ();
  g_assert_cmpuint (fixture->fake->n_profile_changes, ==, 1);

  xep174_profile_set_nick (fixture->profile, "B", NULL);
  xep174_profile_set_status (fixture->profile, XEP174_STATUS_AWAY, "Out", NULL);
  xep174_profile_set_parameter (fixture->profile, "ext", "x", NULL);
  g_assert_cmpuint (fixture->fake->n_profile_changes, ==, 1);
  spin ();
  g_assert_cmpuint (fixture->fake->n_profile_changes, ==, 2);

  xep174_profile_set_nick (fixture->profile, "B", NULL);
  spin ();
  g_assert_cmpuint (fixture->fake->n_profile_changes, ==, 2);

  xep174_profile_set_nick (fixture->profile, "C", NULL);
  stop (fixture);
  xep174_profile_set_nick (fixture->profile, "D", NULL);
  spin ();
  g_assert_cmpuint (fixture->fake->n_profile_changes, ==, 2);
}

static void
on_contact_added (Xep174Discovery *discovery,
                  Xep174Contact   *contact,
                  Fixture         *fixture)
{
  g_assert_true (xep174_contact_get_online (contact));
  g_assert_true (xep174_discovery_find_contact (discovery, xep174_contact_get_name (contact)) ==
                 contact);
  write_log (fixture, "+");
  write_log (fixture, xep174_contact_get_name (contact));
}

static void
on_contact_removed (Xep174Discovery *discovery,
                    Xep174Contact   *contact,
                    Fixture         *fixture)
{
  g_assert_false (xep174_contact_get_online (contact));
  g_assert_null (xep174_discovery_find_contact (discovery, xep174_contact_get_name (contact)));
  write_log (fixture, "-");
  write_log (fixture, xep174_contact_get_name (contact));
}

static void
watch_contacts (Fixture *fixture)
{
  g_signal_connect (fixture->discovery, "contact-added", G_CALLBACK (on_contact_added), fixture);
  g_signal_connect (fixture->discovery, "contact-removed", G_CALLBACK (on_contact_removed),
                    fixture);
}

/* D6, D14: one object from the first sight to the last, and for who holds it longer. */
static void
test_contacts (Fixture       *fixture,
               gconstpointer  data)
{
  Xep174Discovery *discovery = fixture->discovery;
  g_autoptr(GBytes) away = g_bytes_new_static ("\13status=away", 12);
  Xep174Contact *romeo;

  watch_contacts (fixture);
  start (fixture);
  romeo = xep174_discovery_put_contact (discovery, "romeo@montague", NULL);
  assert_log (fixture, "+ romeo@montague");
  g_assert_true (xep174_discovery_put_contact (discovery, "romeo@montague", away) == romeo);
  g_assert_true (xep174_discovery_put_contact (discovery, "romeo@montague", NULL) == romeo);
  g_assert_cmpint (xep174_contact_get_status (romeo), ==, XEP174_STATUS_AWAY);
  g_assert_true (xep174_discovery_put_contact (discovery, "Romeo@Montague", NULL) == romeo);
  g_assert_true (xep174_discovery_find_contact (discovery, "ROMEO@montague") == romeo);
  g_assert_cmpstr (xep174_contact_get_name (romeo), ==, "Romeo@Montague");
  assert_log (fixture, "");

  g_object_ref (romeo);
  xep174_discovery_remove_contact (discovery, "romeo@montague");
  xep174_discovery_remove_contact (discovery, "romeo@montague");
  assert_log (fixture, "- Romeo@Montague");
  g_assert_cmpint (xep174_contact_get_status (romeo), ==, XEP174_STATUS_AWAY);
  g_assert_finalize_object (romeo);
  stop (fixture);
}

static void
on_online (Xep174Contact *contact,
           GParamSpec    *pspec,
           Fixture       *fixture)
{
  write_log (fixture, xep174_contact_get_online (contact) ? "online" : "offline");
}

/* D14, D19: who comes back is the same object to whoever kept it, and only to those. */
static void
test_return (Fixture       *fixture,
             gconstpointer  data)
{
  Xep174Discovery *discovery = fixture->discovery;
  g_autoptr(GBytes) away = g_bytes_new_static ("\13status=away", 12);
  Xep174Contact *romeo;

  watch_contacts (fixture);
  start (fixture);
  romeo = g_object_ref (xep174_discovery_put_contact (discovery, "romeo@montague", away));
  g_signal_connect (romeo, "notify::online", G_CALLBACK (on_online), fixture);
  xep174_discovery_set_doubtful (discovery, "romeo@montague", TRUE);
  xep174_discovery_remove_contact (discovery, "romeo@montague");
  assert_log (fixture, "+ romeo@montague offline - romeo@montague");

  {
    g_autoptr(Xep174Contact) absent = xep174_discovery_dup_contact (discovery, "Romeo@montague");

    g_assert_true (absent == romeo);
    g_assert_false (xep174_contact_get_online (absent));
    g_assert_null (xep174_discovery_find_contact (discovery, "romeo@montague"));
  }

  g_assert_true (xep174_discovery_put_contact (discovery, "Romeo@montague", NULL) == romeo);
  assert_log (fixture, "online + Romeo@montague");
  g_assert_false (xep174_contact_get_doubtful (romeo));
  g_assert_cmpint (xep174_contact_get_status (romeo), ==, XEP174_STATUS_AWAY);

  stop (fixture);
  start (fixture);
  g_assert_true (xep174_discovery_put_contact (discovery, "romeo@montague", NULL) == romeo);
  xep174_discovery_remove_contact (discovery, "romeo@montague");
  g_assert_finalize_object (romeo);

  romeo = xep174_discovery_put_contact (discovery, "romeo@montague", NULL);
  g_assert_cmpint (xep174_contact_get_status (romeo), ==, XEP174_STATUS_AVAILABLE);
  stop (fixture);
}

/* A conversation may begin before the record is seen: the contact is there, offline. */
static void
test_never_seen (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(Xep174Contact) romeo = xep174_discovery_dup_contact (fixture->discovery, "romeo@x");
  g_autoptr(Xep174Contact) again = xep174_discovery_dup_contact (fixture->discovery, "romeo@x");

  g_assert_true (romeo == again);
  g_assert_false (xep174_contact_get_online (romeo));
  g_assert_cmpuint (
    g_list_model_get_n_items (xep174_discovery_get_contacts (fixture->discovery)), ==, 0);
  g_assert_true (xep174_discovery_put_contact (fixture->discovery, "romeo@x", NULL) == romeo);
  g_assert_true (xep174_contact_get_online (romeo));

  {
    g_autoptr(Xep174Contact) here = xep174_discovery_dup_contact (fixture->discovery, "romeo@x");

    g_assert_true (here == romeo);
  }
}

/* A contact may outlive its discovery. */
static void
test_outlive (void)
{
  FakeDiscovery *fake = fake_discovery_new ();
  Xep174Contact *gone, *here;

  gone = xep174_discovery_dup_contact (XEP174_DISCOVERY (fake), "a@x");
  here = g_object_ref (xep174_discovery_put_contact (XEP174_DISCOVERY (fake), "b@x", NULL));
  g_assert_finalize_object (fake);
  g_assert_false (xep174_contact_get_online (here));
  g_assert_finalize_object (gone);
  g_assert_finalize_object (here);
}

/* D10 */
static void
test_own_name (Fixture       *fixture,
               gconstpointer  data)
{
  Xep174Discovery *discovery = fixture->discovery;

  watch_contacts (fixture);
  begin_start (fixture, NULL);
  xep174_discovery_put_contact (discovery, "juliet-1@capulet", NULL);
  xep174_discovery_set_local_name (discovery, "juliet-1@capulet");
  assert_log (fixture, "+ juliet-1@capulet - juliet-1@capulet");
  g_assert_null (xep174_discovery_put_contact (discovery, "juliet-1@capulet", NULL));
  g_assert_null (xep174_discovery_put_contact (discovery, "Juliet-1@Capulet", NULL));
  g_assert_nonnull (xep174_discovery_put_contact (discovery, "juliet@capulet", NULL));
  assert_log (fixture, "+ juliet@capulet");
  fake_discovery_end_start (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "started");
  g_assert_cmpstr (xep174_discovery_get_local_name (discovery), ==, "juliet-1@capulet");

  /* D10: two of us in one process see each other. */
  {
    g_autoptr(FakeDiscovery) other = fake_discovery_new ();

    g_assert_nonnull (xep174_discovery_put_contact (XEP174_DISCOVERY (other), "juliet-1@capulet",
                                                    NULL));
  }

  /* D9: a name that is lost later on may be somebody else's then. */
  xep174_discovery_set_local_name (discovery, "juliet-2@capulet");
  g_assert_nonnull (xep174_discovery_put_contact (discovery, "juliet-1@capulet", NULL));
  stop (fixture);
}

/* What no instance can be called comes from a broken or hostile network: no warning. */
static void
test_bad_contacts (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *too_long = g_strnfill (64, 'x');

  g_assert_null (xep174_discovery_put_contact (fixture->discovery, "", NULL));
  g_assert_null (xep174_discovery_put_contact (fixture->discovery, too_long, NULL));
  g_assert_null (xep174_discovery_put_contact (fixture->discovery, "\xff@x", NULL));
  g_assert_nonnull (xep174_discovery_put_contact (fixture->discovery, "foo", NULL));
  xep174_discovery_remove_contact (fixture->discovery, "");
  xep174_discovery_set_doubtful (fixture->discovery, "nobody", TRUE);
}

/* D13: at once when the stop begins, and nothing comes after. */
static void
test_stop_clears (Fixture       *fixture,
                  gconstpointer  data)
{
  watch_contacts (fixture);
  start (fixture);
  xep174_discovery_put_contact (fixture->discovery, "a@x", NULL);
  xep174_discovery_put_contact (fixture->discovery, "b@x", NULL);
  assert_log (fixture, "+ a@x + b@x");
  begin_stop (fixture);
  assert_log (fixture, "- a@x - b@x");
  g_assert_null (xep174_discovery_put_contact (fixture->discovery, "c@x", NULL));
  fake_discovery_end_stop (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "stopped");
}

static void
on_added_remove (Xep174Discovery *discovery,
                 Xep174Contact   *contact,
                 gpointer         user_data)
{
  xep174_discovery_remove_contact (discovery, xep174_contact_get_name (contact));
}

static void
test_removed_when_added (Fixture       *fixture,
                         gconstpointer  data)
{
  g_signal_connect (fixture->discovery, "contact-added", G_CALLBACK (on_added_remove), NULL);
  g_assert_null (xep174_discovery_put_contact (fixture->discovery, "a@x", NULL));
}

static void
test_connectable (Fixture       *fixture,
                  gconstpointer  data)
{
  Xep174Directory *directory = XEP174_DIRECTORY (fixture->discovery);
  g_autoptr(GSocketConnectable) connectable = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (xep174_directory_dup_connectable (directory, "romeo@montague", &error));
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME);
  g_assert_null (fixture->fake->asked);

  xep174_discovery_put_contact (fixture->discovery, "romeo@montague", NULL);
  connectable = xep174_directory_dup_connectable (directory, "Romeo@Montague", NULL);
  g_assert_nonnull (connectable);
  g_assert_cmpstr (fixture->fake->asked, ==, "Romeo@Montague");
}

/* D12: a contact that fails is doubtful until it is heard of. */
static void
test_doubt (Fixture       *fixture,
            gconstpointer  data)
{
  Xep174Contact *romeo = xep174_discovery_put_contact (fixture->discovery, "romeo@montague", NULL);

  xep174_directory_report_failure (XEP174_DIRECTORY (fixture->discovery), "nobody");
  xep174_directory_report_failure (XEP174_DIRECTORY (fixture->discovery), "Romeo@montague");
  g_assert_true (xep174_contact_get_doubtful (romeo));
  xep174_discovery_set_doubtful (fixture->discovery, "romeo@montague", FALSE);
  g_assert_false (xep174_contact_get_doubtful (romeo));
}

static void
on_network_changed (Xep174Discovery *discovery,
                    Fixture         *fixture)
{
  write_log (fixture, "network");
}

/* D22 */
static void
test_network_changed (Fixture       *fixture,
                      gconstpointer  data)
{
  g_signal_connect (fixture->discovery, "network-changed", G_CALLBACK (on_network_changed),
                    fixture);
  xep174_discovery_network_changed (fixture->discovery);
  assert_log (fixture, "network");
}

static void
on_running_stop (Xep174Discovery *discovery,
                 GParamSpec      *pspec,
                 Fixture         *fixture)
{
  if (xep174_discovery_get_running (discovery))
    begin_stop (fixture);
}

/* A handler may stop what has just started. */
static void
test_stopped_when_running (Fixture       *fixture,
                           gconstpointer  data)
{
  g_signal_connect (fixture->discovery, "notify::running", G_CALLBACK (on_running_stop), fixture);
  begin_start (fixture, NULL);
  xep174_profile_set_nick (fixture->profile, "A", NULL);
  fake_discovery_end_start (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "started");
  g_assert_false (xep174_discovery_get_running (fixture->discovery));
  fake_discovery_end_stop (fixture->fake, NULL);
  spin ();
  assert_log (fixture, "stopped");
  g_assert_cmpuint (fixture->fake->n_profile_changes, ==, 0);
}

#define ADD(path, function) \
  g_test_add ("/discovery/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  log_trap_init ();
  ADD ("start-and-stop", test_start_and_stop);
  ADD ("D18-no-profile", test_no_profile);
  ADD ("start-twice", test_start_twice);
  ADD ("start-fails", test_start_fails);
  ADD ("D16-bad-name", test_bad_name);
  ADD ("cancel", test_cancel);
  ADD ("cancelled-between", test_cancelled_between);
  ADD ("cancelled-when-running", test_cancelled_when_running);
  ADD ("stop-while-starting", test_stop_while_starting);
  ADD ("stop-twice", test_stop_twice);
  ADD ("twice-called-back", test_twice_called_back);
  g_test_add_func ("/discovery/dispose-while-running", test_dispose_while_running);
  ADD ("D14-profile-changed", test_profile_changed);
  ADD ("D6-D14-contacts", test_contacts);
  ADD ("D14-D19-return", test_return);
  ADD ("never-seen", test_never_seen);
  g_test_add_func ("/discovery/outlive", test_outlive);
  ADD ("D9-D10-own-name", test_own_name);
  ADD ("bad-contacts", test_bad_contacts);
  ADD ("D13-stop-clears", test_stop_clears);
  ADD ("removed-when-added", test_removed_when_added);
  ADD ("connectable", test_connectable);
  ADD ("D12-doubt", test_doubt);
  ADD ("D22-network-changed", test_network_changed);
  ADD ("stopped-when-running", test_stopped_when_running);
  return g_test_run ();
}
