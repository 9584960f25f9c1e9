/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>

#include "avatars.h"
#include "xep174-directory.h"
#include "xep174-manual-discovery.h"

typedef struct
{
  Xep174ManualDiscovery *manual;
  Xep174Discovery *discovery;
  Xep174Directory *directory;
  Xep174Profile *profile;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
  fixture->manual = XEP174_MANUAL_DISCOVERY (fixture->discovery);
  fixture->directory = XEP174_DIRECTORY (fixture->discovery);
  fixture->profile = xep174_profile_new ("juliet", NULL);
  xep174_profile_set_machine (fixture->profile, "capulet", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->discovery);
  g_assert_finalize_object (fixture->profile);
}

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static void
start (Fixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xep174_discovery_start_async (fixture->discovery, fixture->profile, 5298, NULL, on_done, &result);
  xep174_discovery_start_finish (fixture->discovery, wait_for (&result), &error);
  g_assert_no_error (error);
}

static void
stop (Fixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xep174_discovery_stop_async (fixture->discovery, NULL, on_done, &result);
  xep174_discovery_stop_finish (fixture->discovery, wait_for (&result), &error);
  g_assert_no_error (error);
}

static Xep174Contact *
add (Fixture    *fixture,
     const char *name,
     const char *host)
{
  g_autoptr(GError) error = NULL;
  Xep174Contact *contact = xep174_manual_discovery_add (fixture->manual, name, host, 5298, &error);

  g_assert_no_error (error);
  g_assert_nonnull (contact);
  return contact;
}

/* Who may speak from @address as @claimed; NULL with @error otherwise. */
static char *
identify (Fixture     *fixture,
          const char  *address,
          const char  *claimed,
          GError     **error)
{
  g_autoptr(GSocketAddress) source = g_inet_socket_address_new_from_string (address, 40000);
  g_autoptr(GAsyncResult) result = NULL;

  xep174_directory_identify_async (fixture->directory, source, claimed, NULL, on_done, &result);
  return xep174_directory_identify_finish (fixture->directory, wait_for (&result), error);
}

static void
assert_identified (Fixture    *fixture,
                   const char *address,
                   const char *claimed,
                   const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = identify (fixture, address, claimed, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, expected);
}

static void
assert_refused (Fixture              *fixture,
                const char           *address,
                const char           *claimed,
                Xep174DirectoryError  code)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = identify (fixture, address, claimed, &error);

  g_assert_null (name);
  g_assert_error (error, XEP174_DIRECTORY_ERROR, (int) code);
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (xep174_discovery_get_contacts (fixture->discovery));
}

static void
test_contacts (Fixture       *fixture,
               gconstpointer  data)
{
  Xep174Contact *romeo = add (fixture, "romeo@montague", "192.0.2.1");

  g_assert_true (add (fixture, "romeo@montague", "192.0.2.2") == romeo);
  g_assert_true (add (fixture, "Romeo@montague", "192.0.2.2") == romeo);
  g_assert_cmpstr (xep174_contact_get_name (romeo), ==, "Romeo@montague");
  add (fixture, "tybalt@capulet", "host.example");
  g_assert_cmpuint (count (fixture), ==, 2);

  start (fixture);
  g_assert_true (xep174_discovery_find_contact (fixture->discovery, "romeo@montague") == romeo);
  g_assert_true (xep174_manual_discovery_remove (fixture->manual, "romeo@montague"));
  g_assert_false (xep174_manual_discovery_remove (fixture->manual, "romeo@montague"));
  g_assert_cmpuint (count (fixture), ==, 1);

  /* D13: gone with the stop, there again with the next start. */
  stop (fixture);
  g_assert_cmpuint (count (fixture), ==, 0);
  start (fixture);
  g_assert_cmpuint (count (fixture), ==, 1);
  g_assert_nonnull (xep174_discovery_find_contact (fixture->discovery, "tybalt@capulet"));
  stop (fixture);
}

static void
test_own_name (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  add (fixture, "Juliet@Capulet", "192.0.2.1");
  start (fixture);
  g_assert_cmpstr (xep174_discovery_get_local_name (fixture->discovery), ==, "juliet@capulet");
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_null (xep174_manual_discovery_add (fixture->manual, "juliet@CAPULET", "192.0.2.1", 5298,
                                              &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME);

  /* D22: the name follows the profile. */
  xep174_profile_set_machine (fixture->profile, "verona", NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (xep174_discovery_get_local_name (fixture->discovery), ==, "juliet@verona");
  stop (fixture);
}

/* D18: without a profile the name is anybody's. */
static void
test_no_profile (Fixture       *fixture,
                 gconstpointer  data)
{
  g_clear_object (&fixture->profile);
  add (fixture, "juliet@capulet", "192.0.2.1");
  start (fixture);
  g_assert_null (xep174_discovery_get_local_name (fixture->discovery));
  g_assert_cmpuint (count (fixture), ==, 1);
  stop (fixture);
  fixture->profile = xep174_profile_new ("juliet", NULL);
}

static void
test_bad_entries (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *too_long = g_strnfill (64, 'x');
  const struct { const char *name; const char *host; guint16 port; int code; } cases[] = {
    { "", "192.0.2.1", 5298, XEP174_DISCOVERY_ERROR_INVALID_NAME },
    { too_long, "192.0.2.1", 5298, XEP174_DISCOVERY_ERROR_INVALID_NAME },
    { "\xff", "192.0.2.1", 5298, XEP174_DISCOVERY_ERROR_INVALID_NAME },
    { "a\n@b", "192.0.2.1", 5298, XEP174_DISCOVERY_ERROR_INVALID_NAME },
    { "a@b", "\xff", 5298, XEP174_DISCOVERY_ERROR_INVALID_VALUE },
    { "a@b", "192.0.2.1\n", 5298, XEP174_DISCOVERY_ERROR_INVALID_VALUE },
    { "a@b", "", 5298, XEP174_DISCOVERY_ERROR_INVALID_VALUE },
    { "a@b", "192.0.2.1", 0, XEP174_DISCOVERY_ERROR_INVALID_VALUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (xep174_manual_discovery_add (fixture->manual, cases[i].name, cases[i].host,
                                                  cases[i].port, &error));
      g_assert_error (error, XEP174_DISCOVERY_ERROR, cases[i].code);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  g_assert_cmpuint (count (fixture), ==, 0);
}

static void
on_removed_add (Xep174Discovery *discovery,
                Xep174Contact   *contact,
                gpointer         user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (discovery), "late@x",
                                              "192.0.2.9", 5298, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED);
}

static void
test_added_while_stopping (Fixture       *fixture,
                           gconstpointer  data)
{
  gulong handler;

  add (fixture, "romeo@montague", "192.0.2.1");
  start (fixture);
  handler = g_signal_connect (fixture->discovery, "contact-removed", G_CALLBACK (on_removed_add),
                              NULL);
  stop (fixture);
  g_signal_handler_disconnect (fixture->discovery, handler);
  start (fixture);
  g_assert_nonnull (xep174_discovery_find_contact (fixture->discovery, "late@x"));
  stop (fixture);
}

/* D9, D10: a name that was ours is its owner's when we are called something else. */
static void
test_former_name (Fixture       *fixture,
                  gconstpointer  data)
{
  add (fixture, "juliet@capulet", "192.0.2.1");
  start (fixture);
  g_assert_cmpuint (count (fixture), ==, 0);
  xep174_profile_set_machine (fixture->profile, "verona", NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_nonnull (xep174_discovery_find_contact (fixture->discovery, "juliet@capulet"));
  stop (fixture);
}

static void
on_added_remove_all (Xep174ManualDiscovery *manual,
                     Xep174Contact         *contact,
                     guint                 *calls)
{
  xep174_manual_discovery_remove (manual, "a@x");
  xep174_manual_discovery_remove (manual, "b@x");
  xep174_manual_discovery_remove (manual, "c@x");
  (*calls)++;
}

/* Whom nobody has been told of yet is not told of at all. */
static void
test_removed_while_starting (Fixture       *fixture,
                             gconstpointer  data)
{
  guint calls = 0;

  add (fixture, "a@x", "192.0.2.1");
  add (fixture, "b@x", "192.0.2.1");
  add (fixture, "c@x", "192.0.2.1");
  start (fixture);
  stop (fixture);
  g_signal_connect (fixture->manual, "contact-added", G_CALLBACK (on_added_remove_all), &calls);
  start (fixture);
  g_assert_cmpuint (calls, ==, 1);
  g_assert_cmpuint (count (fixture), ==, 0);
  stop (fixture);
}

static void
on_added_call (Xep174Discovery *discovery,
               Xep174Contact   *contact,
               Fixture         *fixture)
{
  g_autoptr(GSocketConnectable) way = NULL;
  g_autoptr(GError) error = NULL;

  if (!g_str_equal (xep174_contact_get_name (contact), "a@x"))
    return;

  add (fixture, "b@x", "192.0.2.1");
  way = xep174_directory_dup_connectable (fixture->directory, "b@x", &error);
  g_assert_no_error (error);
  xep174_manual_discovery_remove (fixture->manual, "b@x");
  g_assert_null (xep174_directory_dup_connectable (fixture->directory, "b@x", NULL));
  add (fixture, "c@x", "192.0.2.1");
}

/* Whom a handler adds can be called there and then. */
static void
test_called_when_added (Fixture       *fixture,
                        gconstpointer  data)
{
  g_signal_connect (fixture->discovery, "contact-added", G_CALLBACK (on_added_call), fixture);
  add (fixture, "a@x", "192.0.2.1");
  g_assert_cmpuint (count (fixture), ==, 2);
  g_assert_nonnull (xep174_discovery_find_contact (fixture->discovery, "c@x"));
}

static void
on_removed_now (Xep174ManualDiscovery *manual,
                Xep174Contact         *contact,
                gpointer               user_data)
{
  xep174_manual_discovery_remove (manual, xep174_contact_get_name (contact));
}

static void
test_removed_when_added (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_signal_connect (fixture->discovery, "contact-added", G_CALLBACK (on_removed_now), NULL);
  g_assert_null (xep174_manual_discovery_add (fixture->manual, "a@x", "192.0.2.1", 5298, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED);
  g_assert_cmpuint (count (fixture), ==, 0);
}

static void
on_done_add (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Xep174Contact *contact = xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (object), "a@x",
                                                        "192.0.2.1", 5298, NULL);

  g_assert_true (xep174_contact_get_online (contact));
  g_assert_true (xep174_discovery_find_contact (XEP174_DISCOVERY (object), "a@x") == contact);
  g_assert_true (xep174_manual_discovery_remove (XEP174_MANUAL_DISCOVERY (object), "a@x"));
  g_assert_null (xep174_discovery_find_contact (XEP174_DISCOVERY (object), "a@x"));
  on_done (object, result, user_data);
}

/* A callback is no handler: what it changes is so at once. */
static void
test_changed_by_callback (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GAsyncResult) started = NULL;
  g_autoptr(GAsyncResult) stopped = NULL;

  xep174_discovery_start_async (fixture->discovery, fixture->profile, 5298, NULL, on_done_add,
                                &started);
  wait_for (&started);
  xep174_discovery_stop_async (fixture->discovery, NULL, on_done_add, &stopped);
  wait_for (&stopped);
}

/* Cancelled in time it has not started, and can. */
static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  add (fixture, "romeo@montague", "192.0.2.1");
  xep174_discovery_start_async (fixture->discovery, fixture->profile, 5298, cancellable, on_done,
                                &result);
  g_cancellable_cancel (cancellable);
  g_assert_false (xep174_discovery_start_finish (fixture->discovery, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (xep174_discovery_get_running (fixture->discovery));
  g_assert_null (xep174_discovery_get_local_name (fixture->discovery));
  g_assert_cmpuint (count (fixture), ==, 0);
  start (fixture);
  g_assert_cmpuint (count (fixture), ==, 1);
  stop (fixture);
}

static void
on_name_stop (Xep174Discovery *discovery,
              GParamSpec      *pspec,
              Fixture         *fixture)
{
  if (xep174_discovery_get_local_name (discovery) == NULL)
    return;

  /* This waits for the end of it. */
  stop (fixture);
  g_assert_false (xep174_discovery_get_running (discovery));
  g_assert_null (xep174_discovery_get_local_name (discovery));
  g_assert_null (xep174_discovery_get_profile (discovery));
  g_assert_cmpuint (count (fixture), ==, 0);
}

/* D13: whoever stops it while it starts, and waits for that, finds it stopped, and can start it. */
static void
test_stopped_by_handler (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gulong handler;

  add (fixture, "romeo@montague", "192.0.2.1");
  handler = g_signal_connect (fixture->discovery, "notify::local-name", G_CALLBACK (on_name_stop),
                              fixture);
  xep174_discovery_start_async (fixture->discovery, fixture->profile, 5298, NULL, on_done, &result);
  g_assert_false (xep174_discovery_start_finish (fixture->discovery, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (xep174_discovery_get_running (fixture->discovery));
  g_assert_cmpuint (count (fixture), ==, 0);

  g_signal_handler_disconnect (fixture->discovery, handler);
  start (fixture);
  g_assert_true (xep174_discovery_get_running (fixture->discovery));
  g_assert_cmpuint (count (fixture), ==, 1);
  stop (fixture);
}

/* X13: a claimed name and its addresses, literal or looked up. */
static void
test_claimed (Fixture       *fixture,
              gconstpointer  data)
{
  Xep174Contact *romeo = add (fixture, "Romeo@montague", "192.0.2.1");

  add (fixture, "tybalt@capulet", "localhost");
  add (fixture, "benvolio@montague", "2001:db8::1");
  add (fixture, "mercutio@verona", "fe80::1");

  assert_identified (fixture, "192.0.2.1", "romeo@montague", "Romeo@montague");
  assert_identified (fixture, "::ffff:192.0.2.1", "romeo@montague", "Romeo@montague");
  assert_identified (fixture, "127.0.0.1", "tybalt@capulet", "tybalt@capulet");
  assert_identified (fixture, "::1", "tybalt@capulet", "tybalt@capulet");
  assert_identified (fixture, "2001:db8::1", "benvolio@montague", "benvolio@montague");
  assert_identified (fixture, "fe80::1%lo", "mercutio@verona", "mercutio@verona");

  assert_refused (fixture, "192.0.2.2", "romeo@montague", XEP174_DIRECTORY_ERROR_WRONG_ADDRESS);
  assert_refused (fixture, "127.0.0.2", "tybalt@capulet", XEP174_DIRECTORY_ERROR_WRONG_ADDRESS);
  assert_refused (fixture, "192.0.2.1", "nobody@x", XEP174_DIRECTORY_ERROR_UNKNOWN_NAME);
  assert_refused (fixture, "192.0.2.1", "", XEP174_DIRECTORY_ERROR_UNKNOWN_NAME);

  /* Who speaks is there. */
  xep174_directory_report_failure (fixture->directory, "romeo@montague");
  g_assert_true (xep174_contact_get_doubtful (romeo));
  assert_identified (fixture, "192.0.2.1", "romeo@montague", "Romeo@montague");
  g_assert_false (xep174_contact_get_doubtful (romeo));
}

/* X4: without a name, the only one at that address. */
static void
test_unclaimed (Fixture       *fixture,
                gconstpointer  data)
{
  assert_refused (fixture, "192.0.2.1", NULL, XEP174_DIRECTORY_ERROR_AMBIGUOUS);

  add (fixture, "romeo@montague", "192.0.2.1");
  add (fixture, "tybalt@capulet", "localhost");
  add (fixture, "lost@nowhere", "no..name");
  assert_identified (fixture, "192.0.2.1", NULL, "romeo@montague");
  assert_identified (fixture, "::ffff:127.0.0.1", NULL, "tybalt@capulet");
  assert_refused (fixture, "192.0.2.2", NULL, XEP174_DIRECTORY_ERROR_AMBIGUOUS);

  add (fixture, "benvolio@montague", "::ffff:192.0.2.1");
  assert_refused (fixture, "192.0.2.1", NULL, XEP174_DIRECTORY_ERROR_AMBIGUOUS);
  assert_identified (fixture, "192.0.2.1", "benvolio@montague", "benvolio@montague");

  /* Another address for the one, and the other is alone again. */
  add (fixture, "benvolio@montague", "192.0.2.3");
  assert_identified (fixture, "192.0.2.1", NULL, "romeo@montague");
  assert_identified (fixture, "192.0.2.3", NULL, "benvolio@montague");
}

static void
test_identify_cancelled (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GSocketAddress) source = g_inet_socket_address_new_from_string ("127.0.0.1", 40000);

  add (fixture, "tybalt@capulet", "localhost");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      if (i == 0)
        g_cancellable_cancel (cancellable);
      xep174_directory_identify_async (fixture->directory, source, NULL, cancellable, on_done,
                                       &result);
      g_cancellable_cancel (cancellable);
      g_assert_null (xep174_directory_identify_finish (fixture->directory, wait_for (&result),
                                                       &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

/* D12: the way leads to a real listener, over either family that it has. */
static void
test_connect (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  for (const char *const *host = (const char *const[]){ "127.0.0.1", "localhost", NULL };
       *host != NULL; host++)
    {
      g_autoptr(GSocketClient) client = g_object_new (G_TYPE_SOCKET_CLIENT, "enable-proxy", FALSE,
                                                      NULL);
      g_autoptr(GSocketConnectable) connectable = NULL;
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GSocketConnection) connection = NULL;
      g_autoptr(GError) error = NULL;

      xep174_manual_discovery_add (fixture->manual, "romeo@montague", *host, port, &error);
      g_assert_no_error (error);
      connectable = xep174_directory_dup_connectable (fixture->directory, "romeo@montague", &error);
      g_assert_no_error (error);
      g_socket_client_connect_async (client, connectable, NULL, on_done, &result);
      connection = g_socket_client_connect_finish (client, wait_for (&result), &error);
      g_assert_no_error (error);
      g_assert_nonnull (connection);
    }
}

/* D15: a picture that the program gives for a contact; it stays when we go offline and come back. */
static void
test_avatar (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GBytes) picture = make_picture (8000, 1);
  g_autoptr(GBytes) larger = make_picture (65536, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Contact) romeo = NULL;
  g_auto(Load) load = { 0 };

  start (fixture);
  romeo = g_object_ref (add (fixture, "romeo@montague", "127.0.0.1"));
  g_assert_true (xep174_manual_discovery_set_avatar (fixture->manual, "Romeo@montague", picture, &error));
  g_assert_no_error (error);
  stop (fixture);
  start (fixture);
  xep174_contact_load_avatar_async (romeo, NULL, on_avatar, &load);
  while (load.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (load.error);
  g_assert_true (g_bytes_equal (load.picture, picture));

  g_assert_true (xep174_manual_discovery_set_avatar (fixture->manual, "romeo@montague", NULL, &error));
  g_assert_false (xep174_contact_has_parameter (romeo, "phsh"));
  g_assert_false (xep174_manual_discovery_set_avatar (fixture->manual, "romeo@montague", larger, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG);
  g_clear_error (&error);
  g_assert_false (xep174_manual_discovery_set_avatar (fixture->manual, "tybalt", picture, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME);
  stop (fixture);
}

#define ADD(path, function) \
  g_test_add ("/manual-discovery/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("D13-contacts", test_contacts);
  ADD ("D10-D22-own-name", test_own_name);
  ADD ("D18-no-profile", test_no_profile);
  ADD ("bad-entries", test_bad_entries);
  ADD ("D13-added-while-stopping", test_added_while_stopping);
  ADD ("D9-D10-former-name", test_former_name);
  ADD ("removed-while-starting", test_removed_while_starting);
  ADD ("called-when-added", test_called_when_added);
  ADD ("removed-when-added", test_removed_when_added);
  ADD ("changed-by-callback", test_changed_by_callback);
  ADD ("cancelled", test_cancelled);
  ADD ("D13-stopped-by-handler", test_stopped_by_handler);
  ADD ("X13-claimed", test_claimed);
  ADD ("X4-unclaimed", test_unclaimed);
  ADD ("identify-cancelled", test_identify_cancelled);
  ADD ("D12-connect", test_connect);
  ADD ("D15-avatar", test_avatar);
  return g_test_run ();
}
