/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-discovery.h"

G_DEFINE_FINAL_TYPE (FakeDiscovery, fake_discovery, XEP174_TYPE_DISCOVERY)

static void
fake_start_async (Xep174Discovery     *discovery,
                  Xep174Profile       *profile,
                  guint16              port,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  FakeDiscovery *self = FAKE_DISCOVERY (discovery);

  g_assert_null (self->start);
  g_assert_true (profile == xep174_discovery_get_profile (discovery));
  g_assert_cmpuint (port, ==, xep174_discovery_get_port (discovery));
  /* A class in another language may lose the user data. */
  self->start = g_task_new (self, cancellable, callback, NULL);
  g_set_object (&self->cancellable, cancellable);
  self->callback = callback;
  self->user_data = user_data;
  self->n_starts++;
}

static void
fake_stop_async (Xep174Discovery     *discovery,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  FakeDiscovery *self = FAKE_DISCOVERY (discovery);

  g_assert_null (self->stop);
  self->stop = g_task_new (self, NULL, callback, NULL);
  self->callback = callback;
  self->user_data = user_data;
  self->n_stops++;
}

static gboolean
fake_finish (Xep174Discovery *discovery,
             GAsyncResult    *result,
             GError         **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_profile_changed (Xep174Discovery *discovery)
{
  FAKE_DISCOVERY (discovery)->n_profile_changes++;
}

static GSocketConnectable *
fake_dup_contact_connectable (Xep174Discovery *discovery,
                              const char      *name,
                              GError         **error)
{
  FakeDiscovery *self = FAKE_DISCOVERY (discovery);

  g_free (self->asked);
  self->asked = g_strdup (name);
  return g_network_address_new ("192.0.2.1", 5298);
}

static void
fake_discovery_dispose (GObject *object)
{
  FakeDiscovery *self = FAKE_DISCOVERY (object);

  g_assert_null (self->start);
  g_assert_null (self->stop);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->asked, g_free);

  G_OBJECT_CLASS (fake_discovery_parent_class)->dispose (object);
}

static void
fake_discovery_class_init (FakeDiscoveryClass *klass)
{
  Xep174DiscoveryClass *discovery_class = XEP174_DISCOVERY_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fake_discovery_dispose;
  discovery_class->start_async = fake_start_async;
  discovery_class->start_finish = fake_finish;
  discovery_class->stop_async = fake_stop_async;
  discovery_class->stop_finish = fake_finish;
  discovery_class->profile_changed = fake_profile_changed;
  discovery_class->dup_contact_connectable = fake_dup_contact_connectable;
}

static void
fake_discovery_init (FakeDiscovery *self)
{
}

FakeDiscovery *
fake_discovery_new (void)
{
  return g_object_new (FAKE_TYPE_DISCOVERY, NULL);
}

static void
end (GTask  **task,
     GError  *error)
{
  g_autoptr(GTask) answered = g_steal_pointer (task);

  g_assert_nonnull (answered);
  g_task_set_check_cancellable (answered, FALSE);
  if (error != NULL)
    g_task_return_error (answered, error);
  else
    g_task_return_boolean (answered, TRUE);
}

void
fake_discovery_end_start (FakeDiscovery *self,
                          GError        *error)
{
  end (&self->start, error);
}

void
fake_discovery_end_stop (FakeDiscovery *self,
                         GError        *error)
{
  end (&self->stop, error);
}
