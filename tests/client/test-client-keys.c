/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T5-T7, T14: what a client keeps of keys, and what its contacts show of them. Two whole clients on
 * loopback. */

#include "client-people.h"

#include <glib/gstdio.h>

#define NOWHERE "/dev/null/none"

static Xep174Client *
client_new (const char *user,
            const char *folder)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new (user, NULL);
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());

  return g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", discovery,
                       "data-dir", folder, NULL);
}

static Xep174SessionManager *
manager_of (Person *person)
{
  return xep174_client_get_session_manager (person->client);
}

/* The end of the start of @client. */
static gboolean
start (Xep174Client  *client,
       GError       **error)
{
  Call call = { NULL };
  gboolean started;

  xep174_client_start_async (client, NULL, call_done, &call);
  call_wait (&call);
  started = xep174_client_start_finish (client, call.result, error);
  g_object_unref (call.result);
  return started;
}

static void
stop (Xep174Client *client)
{
  Call call = { NULL };

  xep174_client_stop_async (client, NULL, call_done, &call);
  call_wait (&call);
  g_assert_true (xep174_client_stop_finish (client, call.result, NULL));
  g_object_unref (call.result);
}

static char *
fingerprint_of (Xep174Client *client)
{
  Xep174SessionManager *manager = xep174_client_get_session_manager (client);

  return xep174_identity_dup_fingerprint (xep174_session_manager_get_identity (manager));
}

/* --- The folder -------------------------------------------------------------------------- */

/* The same key at each start, and of each program that has the folder. */
static void
test_folder (void)
{
  char *folder = key_folder_new ();
  g_autoptr(Xep174Client) one = client_new ("romeo", folder);
  g_autoptr(Xep174Client) other = client_new ("romeo", folder);
  g_autofree char *path = g_build_filename (folder, "identity.pem", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  Call calls[2] = { { NULL }, { NULL } };

  g_assert_cmpstr (xep174_client_get_data_dir (one), ==, folder);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  xep174_client_start_async (one, NULL, call_done, &calls[0]);
  xep174_client_start_async (other, NULL, call_done, &calls[1]);
  call_wait (&calls[0]);
  call_wait (&calls[1]);
  g_assert_true (xep174_client_start_finish (one, calls[0].result, NULL));
  g_assert_true (xep174_client_start_finish (other, calls[1].result, NULL));
  g_object_unref (calls[0].result);
  g_object_unref (calls[1].result);
  g_assert_true (xep174_client_get_remembers_keys (one));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  first = fingerprint_of (one);
  second = fingerprint_of (other);
  g_assert_cmpstr (first, ==, second);
  stop (one);
  stop (other);

  g_clear_object (&other);
  other = client_new ("mercutio", folder);
  g_assert_true (start (other, NULL));
  g_free (second);
  second = fingerprint_of (other);
  g_assert_cmpstr (first, ==, second);
  stop (other);
  key_folder_free (folder);
}

static void
test_default_folder (void)
{
  g_autofree char *before = g_strdup (g_getenv ("XEP174_DATA_DIR"));
  g_autofree char *usual = g_build_filename (g_get_user_data_dir (), "libxep174", NULL);
  g_autoptr(Xep174Client) named = NULL;
  g_autoptr(Xep174Client) unnamed = NULL;

  g_setenv ("XEP174_DATA_DIR", "/dev/null/here", TRUE);
  named = client_new ("romeo", NULL);
  g_setenv ("XEP174_DATA_DIR", "", TRUE);
  unnamed = client_new ("romeo", NULL);
  g_setenv ("XEP174_DATA_DIR", before != NULL ? before : NOWHERE, TRUE);
  g_assert_cmpstr (xep174_client_get_data_dir (named), ==, "/dev/null/here");
  g_assert_cmpstr (xep174_client_get_data_dir (unnamed), ==, usual);
}

static void
on_notify (GObject    *object,
           GParamSpec *property,
           guint      *n)
{
  ++*n;
}

/* Encrypted, but not remembered; and the program is told. */
static void
test_memory (void)
{
  g_autoptr(Xep174Client) client = client_new ("romeo", NOWHERE);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  guint n = 0;

  g_signal_connect (client, "notify::remembers-keys", G_CALLBACK (on_notify), &n);
  g_assert_true (start (client, NULL));
  g_assert_false (xep174_client_get_remembers_keys (client));
  g_assert_cmpuint (n, ==, 1);
  first = fingerprint_of (client);
  stop (client);
  /* As long as the client lives it is the same person. */
  g_assert_true (start (client, NULL));
  second = fingerprint_of (client);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpuint (n, ==, 1);
  stop (client);
}

/* T7: no new first use, no word of it lost; and once it is whole again, the client starts. */
static void
test_damaged (gconstpointer name)
{
  char *folder = key_folder_new ();
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *contents = NULL;
  g_autoptr(Xep174Client) client = client_new ("romeo", folder);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents_full (path, "nonsense\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_assert_false (start (client, &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_false (xep174_client_get_running (client));
  g_clear_error (&error);

  g_chmod (path, 0644);
  g_assert_false (start (client, &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE);
  g_clear_error (&error);

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "nonsense\n");
  g_unlink (path);
  g_assert_true (start (client, &error));
  g_assert_no_error (error);
  stop (client);
  key_folder_free (folder);
}

/* What the program has chosen stays so. */
static void
test_own_identity (void)
{
  char *folder = key_folder_new ();
  g_autofree char *path = g_build_filename (folder, "identity.pem", NULL);
  g_autoptr(Xep174Client) own = client_new ("romeo", folder);
  g_autoptr(Xep174Client) none = client_new ("romeo", folder);
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (NULL);
  Xep174SessionManager *manager = xep174_client_get_session_manager (own);

  xep174_session_manager_set_identity (manager, identity);
  xep174_session_manager_set_identity (xep174_client_get_session_manager (none), NULL);
  g_assert_true (start (own, NULL));
  g_assert_true (start (none, NULL));
  g_assert_true (xep174_session_manager_get_identity (manager) == identity);
  g_assert_true (XEP174_IS_FILE_TRUST_STORE (xep174_session_manager_get_trust_store (manager)));
  g_assert_null (xep174_session_manager_get_identity (xep174_client_get_session_manager (none)));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  stop (own);
  stop (none);
  key_folder_free (folder);
}

static void
test_policy (void)
{
  g_autoptr(Xep174Client) client = client_new ("romeo", NOWHERE);
  Xep174SessionManager *manager = xep174_client_get_session_manager (client);
  guint n = 0;

  g_assert_cmpint (xep174_client_get_encryption (client), ==, XEP174_ENCRYPTION_POLICY_PREFER);
  g_signal_connect (client, "notify::encryption", G_CALLBACK (on_notify), &n);
  xep174_client_set_encryption (client, XEP174_ENCRYPTION_POLICY_REQUIRE);
  g_assert_cmpint (xep174_session_manager_get_encryption (manager), ==, XEP174_ENCRYPTION_POLICY_REQUIRE);
  xep174_session_manager_set_encryption (manager, XEP174_ENCRYPTION_POLICY_OFF);
  g_assert_cmpint (xep174_client_get_encryption (client), ==, XEP174_ENCRYPTION_POLICY_OFF);
  g_assert_cmpuint (n, ==, 2);
}

/* --- The contacts ------------------------------------------------------------------------ */

static void
on_key_seen (Xep174Client  *client,
             Xep174Contact *contact,
             const char    *fingerprint,
             GString       *log)
{
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_SEEN);
  g_string_append_printf (log, "seen %s ", xep174_contact_get_name (contact));
}

static void
on_key_changed (Xep174Client  *client,
                Xep174Contact *contact,
                const char    *old,
                const char    *new,
                GString       *log)
{
  g_assert_cmpstr (old, !=, new);
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_CHANGED);
  g_string_append_printf (log, "changed %s ", xep174_contact_get_name (contact));
}

static void
on_items (GListModel *contacts,
          guint       position,
          guint       removed,
          guint       added,
          GString    *log)
{
  g_string_append_printf (log, "-%u+%u ", removed, added);
}

static void
on_contact_added (Xep174Client  *client,
                  Xep174Contact *contact,
                  GString       *log)
{
  g_string_append_printf (log, "added with trust %d, ", xep174_contact_get_trust (contact));
}

static void
on_contact_removed (Xep174Client  *client,
                    Xep174Contact *contact,
                    GString       *log)
{
  g_assert_false (xep174_contact_get_online (contact));
  g_string_append (log, "removed ");
}

static void
on_unencrypted_refused (Xep174Client   *client,
                        Xep174Contact  *contact,
                        Xep174Contact **unheard)
{
  g_set_object (unheard, contact);
}

static gboolean
send (Person        *speaker,
      Xep174Contact *contact)
{
  Call call = { NULL };
  gboolean sent;

  xep174_client_send_text_async (speaker->client, contact, "hist!", NULL, call_done, &call);
  call_wait (&call);
  sent = xep174_client_send_text_finish (speaker->client, call.result, NULL);
  g_object_unref (call.result);
  return sent;
}

static void
say (Person        *speaker,
     Xep174Contact *contact,
     gboolean       arrives)
{
  g_assert_true (send (speaker, contact) == arrives);
}

/* Whoever opens a window for a contact sees at each moment what is known, before anything is said. */
static void
test_contact (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  g_autoptr(Xep174Identity) another = xep174_identity_generate (NULL);
  g_autofree char *another_fingerprint = xep174_identity_dup_fingerprint (another);
  g_autofree char *fingerprint = NULL;
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(Xep174Contact) contact = NULL;
  Xep174SessionManager *manager = manager_of (romeo);
  guint n = 0, n_encrypted = 0;

  g_signal_connect (romeo->client, "key-seen", G_CALLBACK (on_key_seen), log);
  g_signal_connect (romeo->client, "key-changed", G_CALLBACK (on_key_changed), log);
  person_start (romeo);
  person_start (juliet);
  person_learn (juliet, romeo);
  contact = g_object_ref (person_learn (romeo, juliet));
  g_signal_connect (contact, "notify::trust", G_CALLBACK (on_notify), &n);
  g_signal_connect (contact, "notify::encrypted", G_CALLBACK (on_notify), &n_encrypted);
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_UNKNOWN);
  g_assert_false (xep174_contact_get_encrypted (contact));
  g_assert_null (xep174_client_find_session (romeo->client, contact));

  say (romeo, contact, TRUE);
  wait_until (juliet->heard->len == 1);
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_SEEN);
  fingerprint = xep174_identity_dup_fingerprint (xep174_session_manager_get_identity (manager_of (juliet)));
  g_assert_cmpint (xep174_contact_get_trust (juliet->speaker), ==, XEP174_TRUST_SEEN);
  g_assert_true (xep174_session_get_encrypted (xep174_client_find_session (romeo->client, contact)));
  g_assert_true (xep174_contact_get_encrypted (contact));
  g_assert_true (xep174_contact_get_encrypted (juliet->speaker));
  g_assert_true (xep174_client_verify_key (romeo->client, contact, fingerprint, NULL));
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_VERIFIED);
  g_assert_cmpuint (n, ==, 2);

  /* T6: her new key is refused, though she is not there any more when it is accepted. */
  person_stop (juliet);
  xep174_session_manager_set_identity (manager_of (juliet), another);
  person_start (juliet);
  person_learn (romeo, juliet);
  person_learn (juliet, romeo);
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_VERIFIED);
  g_assert_false (xep174_contact_get_encrypted (contact));
  g_assert_cmpuint (n_encrypted, ==, 2);
  say (romeo, contact, FALSE);
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_CHANGED);
  g_assert_cmpstr (log->str, ==, "seen juliet@capulet changed juliet@capulet ");
  xep174_manual_discovery_remove (XEP174_MANUAL_DISCOVERY (romeo->discovery), "juliet@capulet");
  g_assert_true (xep174_client_accept_key (romeo->client, contact, another_fingerprint, NULL));
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_SEEN);

  /* Who comes later is known before anything is said, and before anybody is told of it. */
  g_clear_object (&contact);
  g_string_truncate (log, 0);
  g_signal_connect (xep174_client_get_contacts (romeo->client), "items-changed", G_CALLBACK (on_items), log);
  g_signal_connect (romeo->client, "contact-added", G_CALLBACK (on_contact_added), log);
  g_signal_connect (romeo->client, "contact-removed", G_CALLBACK (on_contact_removed), log);
  contact = g_object_ref (person_learn (romeo, juliet));
  g_assert_cmpstr (log->str, ==, "-0+1 added with trust 1, ");
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_SEEN);
  g_assert_true (xep174_client_distrust_key (romeo->client, contact, NULL, NULL));
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_DISTRUSTED);
  g_assert_true (xep174_session_manager_forget_keys (manager, "juliet@capulet", NULL));
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_UNKNOWN);
  person_stop (juliet);
  person_stop (romeo);
  g_assert_cmpstr (log->str, ==, "-0+1 added with trust 1, -1+0 removed ");
}

/* T5: in the clear, where both permit it. */
static void
test_clear (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  g_autoptr(Xep174Contact) unheard = NULL;
  Xep174Session *session;
  Xep174Contact *contact;
  Xep174Contact *hers;

  g_signal_connect (romeo->client, "unencrypted-refused", G_CALLBACK (on_unencrypted_refused), &unheard);
  xep174_client_set_encryption (juliet->client, XEP174_ENCRYPTION_POLICY_OFF);
  person_start (romeo);
  person_start (juliet);
  hers = person_learn (juliet, romeo);
  contact = person_learn (romeo, juliet);
  say (romeo, contact, TRUE);
  wait_until (juliet->heard->len == 1);
  session = xep174_session_manager_find_session (manager_of (romeo), "juliet@capulet");
  g_assert_false (xep174_session_get_encrypted (session));
  g_assert_false (xep174_contact_get_encrypted (contact));
  g_assert_cmpint (xep174_contact_get_trust (contact), ==, XEP174_TRUST_UNKNOWN);

  xep174_client_set_encryption (romeo->client, XEP174_ENCRYPTION_POLICY_REQUIRE);
  say (romeo, contact, FALSE);
  g_assert_cmpuint (juliet->heard->len, ==, 1);
  /* Until she tries to open a stream: what was in the clear may take one line more. */
  while (unheard == NULL)
    send (juliet, hers);
  g_assert_true (unheard == contact);
  person_stop (juliet);
  person_stop (romeo);
}

/* Without TLS the client says that it does not encrypt, and REQUIRE is no start. */
static void
test_no_tls (void)
{
  g_autoptr(Xep174Client) client = client_new ("romeo", NOWHERE);
  g_autoptr(GError) error = NULL;

  g_assert_true (start (client, &error));
  g_assert_no_error (error);
  g_assert_cmpint (xep174_client_get_encryption (client), ==, XEP174_ENCRYPTION_POLICY_OFF);
  stop (client);

  xep174_client_set_encryption (client, XEP174_ENCRYPTION_POLICY_REQUIRE);
  g_assert_false (start (client, &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_NOT_SUPPORTED);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (NULL);

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/client-keys/T5-policy", test_policy);
  g_test_add_func ("/client-keys/T7-default-folder", test_default_folder);
  if (identity == NULL)
    {
      g_test_add_func ("/client-keys/T5-no-tls", test_no_tls);
      return g_test_run ();
    }

  g_test_add_func ("/client-keys/T7-folder", test_folder);
  g_test_add_func ("/client-keys/T7-memory", test_memory);
  g_test_add_data_func ("/client-keys/T7-damaged-identity", "identity.pem", test_damaged);
  g_test_add_data_func ("/client-keys/T7-damaged-keys", "keys", test_damaged);
  g_test_add_func ("/client-keys/T2-own-identity", test_own_identity);
  g_test_add_func ("/client-keys/T6-T14-contact", test_contact);
  g_test_add_func ("/client-keys/T5-clear", test_clear);

  return g_test_run ();
}
