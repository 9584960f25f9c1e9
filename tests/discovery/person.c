/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "person.h"

#include "xep174-directory.h"

static gboolean
on_moment (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* One turn of the main loop; the timeout sees to it that there is one soon. */
void
wait_a_moment (void)
{
  guint id = g_timeout_add (20, on_moment, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **there = user_data;

  *there = g_object_ref (result);
}

static void
on_contact_added (Xep174Discovery *discovery,
                  Xep174Contact   *contact,
                  Person          *person)
{
  g_string_append_printf (person->log, "+%s ", xep174_contact_get_name (contact));
}

static void
on_contact_removed (Xep174Discovery *discovery,
                    Xep174Contact   *contact,
                    Person          *person)
{
  g_string_append_printf (person->log, "-%s ", xep174_contact_get_name (contact));
}

Person *
person_new (Xep174Discovery *discovery,
            const char      *user)
{
  Person *person = g_new0 (Person, 1);

  person->discovery = discovery;
  if (user != NULL)
    person->profile = xep174_profile_new (user, NULL);
  person->log = g_string_new (NULL);
  g_signal_connect (discovery, "contact-added", G_CALLBACK (on_contact_added), person);
  g_signal_connect (discovery, "contact-removed", G_CALLBACK (on_contact_removed), person);

  return person;
}

void
person_free (Person *person)
{
  if (xep174_discovery_get_running (person->discovery))
    person_stop (person);
  g_signal_handlers_disconnect_by_data (person->discovery, person);
  g_assert_finalize_object (person->discovery);
  g_clear_object (&person->profile);
  g_string_free (person->log, TRUE);
  g_free (person);
}

gboolean
person_try_start (Person   *person,
                  guint16   port,
                  GError  **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  xep174_discovery_start_async (person->discovery, person->profile, port, NULL, on_result, &result);
  wait_until (result != NULL);

  return xep174_discovery_start_finish (person->discovery, result, error);
}

void
person_start (Person  *person,
              guint16  port)
{
  g_autoptr(GError) error = NULL;

  person_try_start (person, port, &error);
  g_assert_no_error (error);
}

void
person_stop (Person *person)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  xep174_discovery_stop_async (person->discovery, NULL, on_result, &result);
  wait_until (result != NULL);
  xep174_discovery_stop_finish (person->discovery, result, &error);
  g_assert_no_error (error);
}

Xep174Contact *
person_wait_for (Person     *person,
                 const char *name)
{
  wait_until (xep174_discovery_find_contact (person->discovery, name) != NULL);

  return xep174_discovery_find_contact (person->discovery, name);
}

void
person_wait_gone (Person     *person,
                  const char *name)
{
  wait_until (xep174_discovery_find_contact (person->discovery, name) == NULL);
}

static char *
describe_address (GSocketAddress *address)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *text = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  guint32 scope_id = 0;

  if (g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    scope_id = g_inet_socket_address_get_scope_id (inet);
  if (scope_id != 0)
    return g_strdup_printf ("%s:%u%%%u", text, g_inet_socket_address_get_port (inet), scope_id);

  return g_strdup_printf ("%s:%u", text, g_inet_socket_address_get_port (inet));
}

GStrv
person_look_up (Person      *person,
                const char  *name,
                GError     **error)
{
  g_autoptr(GSocketConnectable) connectable = NULL;
  g_autoptr(GSocketAddressEnumerator) enumerator = NULL;
  g_autoptr(GStrvBuilder) addresses = g_strv_builder_new ();

  connectable = xep174_directory_dup_connectable (XEP174_DIRECTORY (person->discovery), name, error);
  if (connectable == NULL)
    return NULL;

  enumerator = g_socket_connectable_enumerate (connectable);
  for (;;)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GSocketAddress) address = NULL;
      g_autoptr(GError) failure = NULL;
      g_autofree char *text = NULL;

      g_socket_address_enumerator_next_async (enumerator, NULL, on_result, &result);
      wait_until (result != NULL);
      address = g_socket_address_enumerator_next_finish (enumerator, result, &failure);
      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      if (address == NULL)
        return g_strv_builder_end (addresses);
      text = describe_address (address);
      g_strv_builder_add (addresses, text);
    }
}

char *
person_identify (Person      *person,
                 const char  *address,
                 guint32      scope_id,
                 const char  *claimed_name,
                 GError     **error)
{
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string (address);
  g_autoptr(GSocketAddress) source = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  source = g_object_new (G_TYPE_INET_SOCKET_ADDRESS,
                         "address", inet,
                         "port", 40000,
                         "scope-id", scope_id,
                         NULL);
  xep174_directory_identify_async (XEP174_DIRECTORY (person->discovery), source, claimed_name, NULL,
                                   on_result, &result);
  wait_until (result != NULL);

  return xep174_directory_identify_finish (XEP174_DIRECTORY (person->discovery), result, error);
}

const char *
person_get_name (Person *person)
{
  return xep174_discovery_get_local_name (person->discovery);
}

guint
person_count (Person *person)
{
  return g_list_model_get_n_items (xep174_discovery_get_contacts (person->discovery));
}
