/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-mailbox-private.h"

#include "xep174-source-private.h"

#define BUS_NAME "org.freedesktop.DBus"

/* How long they are looked at before the rest of the main loop has its turn, in microseconds. By time,
 * because one may cost a hundred times what another does. */
#define TURN 500

/* What the two threads share; each has a reference. */
typedef struct
{
  gatomicrefcount ref_count;
  GMutex          lock;
  GQueue          messages;
  gsize           octets;
  gboolean        overrun;
  char           *sender;
  GSource        *source;
} Shared;

struct _Xep174AvahiMailbox
{
  Shared              *shared;
  GDBusConnection     *connection;
  guint                filter;
  Xep174AvahiMailFunc  func;
  gpointer             user_data;
};

static void
drop_all (Shared *shared)
{
  g_queue_clear_full (&shared->messages, g_object_unref);
  shared->octets = 0;
}

static void
shared_unref (gpointer data)
{
  Shared *shared = data;

  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;

  drop_all (shared);
  g_mutex_clear (&shared->lock);
  g_source_unref (shared->source);
  g_free (shared->sender);
  g_free (shared);
}

static gsize
count_octets (GDBusMessage *message)
{
  GVariant *body = g_dbus_message_get_body (message);

  return body != NULL ? g_variant_get_size (body) : 0;
}

/* The bus says who has sent it: a signal that looks like the daemon's can come from anybody. */
static gboolean
is_for_us (Shared       *shared,
           GDBusMessage *message)
{
  const char *sender = g_dbus_message_get_sender (message);

  return g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_SIGNAL ||
         g_strcmp0 (sender, BUS_NAME) == 0 ||
         (shared->sender != NULL && g_strcmp0 (sender, shared->sender) == 0);
}

/* In the thread of GDBus, which serves every connection of the process: it is never made to wait. */
static GDBusMessage *
on_message (GDBusConnection *connection,
            GDBusMessage    *message,
            gboolean         incoming,
            gpointer         user_data)
{
  Shared *shared = user_data;
  gboolean wake = FALSE;
  gsize octets;

  if (!incoming ||
      g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;

  octets = count_octets (message);
  g_mutex_lock (&shared->lock);
  if (!shared->overrun && is_for_us (shared, message))
    {
      wake = g_queue_is_empty (&shared->messages);
      g_queue_push_tail (&shared->messages, g_steal_pointer (&message));
      shared->octets += octets;
      if (shared->messages.length > XEP174_AVAHI_MAIL_MAX ||
          shared->octets > XEP174_AVAHI_MAIL_OCTETS_MAX)
        {
          wake = shared->overrun = TRUE;
          drop_all (shared);
        }
    }
  g_mutex_unlock (&shared->lock);
  /* Without the lock: whom it wakes may have our processor at once, and would wait for us. */
  if (wake)
    g_source_set_ready_time (shared->source, 0);
  g_clear_object (&message);

  return NULL;
}

/* In the main context. @overrun: there is no next one. */
static GDBusMessage *
take_next (Shared   *shared,
           gboolean *overrun)
{
  GDBusMessage *message;

  g_mutex_lock (&shared->lock);
  message = g_queue_pop_head (&shared->messages);
  if (message != NULL)
    shared->octets -= count_octets (message);
  else
    shared->octets = 0;
  *overrun = shared->overrun;
  g_mutex_unlock (&shared->lock);

  return message;
}

/* In the main context, when others have their turn. */
static void
go_on_if_any (Shared *shared)
{
  gboolean any;

  g_mutex_lock (&shared->lock);
  any = !g_queue_is_empty (&shared->messages);
  g_mutex_unlock (&shared->lock);
  if (any)
    g_source_set_ready_time (shared->source, 0);
}

static gboolean
on_mail (gpointer user_data)
{
  Xep174AvahiMailbox *self = user_data;
  Shared *shared = self->shared;
  gint64 end = g_get_monotonic_time () + TURN;
  gboolean overrun = FALSE;

  g_atomic_ref_count_inc (&shared->ref_count);
  do
    {
      g_autoptr(GDBusMessage) message = take_next (shared, &overrun);

      if (message == NULL && !overrun)
        break;
      self->func (message, self->user_data);
    }
  while (!overrun && !g_source_is_destroyed (shared->source) && g_get_monotonic_time () < end);
  go_on_if_any (shared);
  shared_unref (shared);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_ready (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

static GSourceFuncs mail_funcs = { .dispatch = on_ready };

Xep174AvahiMailbox *
xep174_avahi_mailbox_new (GDBusConnection     *connection,
                          GMainContext        *context,
                          Xep174AvahiMailFunc  func,
                          gpointer             user_data)
{
  Xep174AvahiMailbox *self = g_new0 (Xep174AvahiMailbox, 1);
  Shared *shared = g_new0 (Shared, 1);

  g_atomic_ref_count_init (&shared->ref_count);
  g_mutex_init (&shared->lock);
  g_queue_init (&shared->messages);
  shared->source = g_source_new (&mail_funcs, sizeof (GSource));
  g_source_set_static_name (shared->source, "xep174-avahi-mail");
  g_source_set_callback (shared->source, on_mail, self, NULL);
  g_source_attach (shared->source, context);

  self->shared = shared;
  self->func = func;
  self->user_data = user_data;
  self->connection = g_object_ref (connection);
  g_atomic_ref_count_inc (&shared->ref_count);
  self->filter = g_dbus_connection_add_filter (connection, on_message, shared, shared_unref);

  return self;
}

void
xep174_avahi_mailbox_free (Xep174AvahiMailbox *self)
{
  g_source_destroy (self->shared->source);
  g_dbus_connection_remove_filter (self->connection, self->filter);
  g_object_unref (self->connection);
  shared_unref (self->shared);
  g_free (self);
}

void
xep174_avahi_mailbox_set_sender (Xep174AvahiMailbox *self,
                                 const char         *unique_name)
{
  g_mutex_lock (&self->shared->lock);
  g_free (self->shared->sender);
  self->shared->sender = g_strdup (unique_name);
  g_mutex_unlock (&self->shared->lock);
}
