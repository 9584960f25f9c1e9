/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client-people.h"

#include <glib/gstdio.h>

#define PATIENCE_SECONDS 30

static gboolean
on_watchdog (gpointer condition)
{
  g_error ("this never came true: %s", (const char *) condition);

  return G_SOURCE_REMOVE;
}

guint
wait_begin (const char *condition)
{
  return g_timeout_add_seconds (PATIENCE_SECONDS, on_watchdog, (gpointer) condition);
}

void
call_done (GObject      *source,
           GAsyncResult *result,
           gpointer      call)
{
  ((Call *) call)->result = g_object_ref (result);
}

void
call_wait (Call *call)
{
  wait_until (call->result != NULL);
}

static void
on_message (Xep174Client  *client,
            Xep174Contact *contact,
            Xep174Message *message,
            Person        *self)
{
  g_set_object (&self->speaker, contact);
  self->kind = xep174_message_get_kind (message);
  g_ptr_array_add (self->heard, g_strdup (xep174_message_get_body (message)));
}

static void
on_unconfirmed (Xep174Client  *client,
                Xep174Contact *contact,
                Xep174Message *message,
                Person        *self)
{
  g_ptr_array_add (self->unconfirmed, g_strdup (xep174_message_get_body (message)));
}

static void
on_refused (Xep174Client  *client,
            Xep174Contact *contact,
            const char    *id,
            const GError  *error,
            Person        *self)
{
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_REFUSED);
  g_set_object (&self->speaker, contact);
  g_ptr_array_add (self->refused, g_strdup_printf ("%s: %s", id, error->message));
}

Person *
person_new (const char      *user,
            const char      *machine,
            Xep174Discovery *discovery)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new (user, NULL);
  Person *self = g_new0 (Person, 1);

  g_assert_true (xep174_profile_set_machine (profile, machine, NULL));
  self->discovery = discovery != NULL ? g_object_ref (discovery)
                                      : XEP174_DISCOVERY (xep174_manual_discovery_new ());
  /* Nothing can be there: keys are in memory. */
  self->client = g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", self->discovery,
                               "data-dir", "/dev/null/none", NULL);
  self->heard = g_ptr_array_new_with_free_func (g_free);
  self->unconfirmed = g_ptr_array_new_with_free_func (g_free);
  self->refused = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (self->client, "message-received", G_CALLBACK (on_message), self);
  g_signal_connect (self->client, "message-unconfirmed", G_CALLBACK (on_unconfirmed), self);
  g_signal_connect (self->client, "message-refused", G_CALLBACK (on_refused), self);

  return self;
}

void
person_free (Person *self)
{
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->speaker);
  g_assert_finalize_object (self->client);
  g_object_unref (self->discovery);
  g_ptr_array_unref (self->heard);
  g_ptr_array_unref (self->unconfirmed);
  g_ptr_array_unref (self->refused);
  g_free (self);
}

void
person_start (Person *self)
{
  Call call = { NULL };
  g_autoptr(GError) error = NULL;

  xep174_client_start_async (self->client, NULL, call_done, &call);
  call_wait (&call);
  xep174_client_start_finish (self->client, call.result, &error);
  g_assert_no_error (error);
  g_object_unref (call.result);
}

void
person_stop (Person *self)
{
  Call call = { NULL };
  g_autoptr(GError) error = NULL;

  xep174_client_stop_async (self->client, NULL, call_done, &call);
  call_wait (&call);
  xep174_client_stop_finish (self->client, call.result, &error);
  g_assert_no_error (error);
  g_object_unref (call.result);
}

Xep174Contact *
person_learn (Person *self,
              Person *other)
{
  g_autoptr(GError) error = NULL;
  Xep174Contact *contact =
    xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (self->discovery),
                                 xep174_client_get_local_name (other->client), "127.0.0.1",
                                 xep174_client_get_port (other->client), &error);

  g_assert_no_error (error);

  return contact;
}

char *
key_folder_new (void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp (NULL, &error);

  g_assert_no_error (error);
  return folder;
}

void
key_folder_free (char *folder)
{
  const char *const names[] = { "identity.pem", "identity.pem.lock", "keys", "keys.lock" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}
