/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-bus-private.h"

#include "xep174-avahi-mailbox-private.h"
#include "xep174-avahi-refusal-private.h"

/* How many requests wait for their answers at a time. More would not be answered sooner, and the bus
 * allows a connection 128. */
#define IN_FLIGHT_MAX 16

/* How long an answer may take until we say that the daemon does not answer. One that takes in the
 * records of a thousand others needs some hundred milliseconds. */
#define ANSWER_MS 10000
/* After how long a daemon that has said nothing is asked whether it is there. */
#define QUIET_MS  30000

struct _Xep174AvahiCall
{
  GList                  link;
  GDBusMessage          *message;
  guint32                serial;
  char                  *answer;
  Xep174AvahiAnswerFunc  func;   /* NULL once it is forgotten */
  gpointer               user_data;
  gboolean               sent;
  gboolean               patient;
  gboolean               skipped; /* something came, but not this */
};

typedef struct
{
  Xep174AvahiSignalFunc func;
  gpointer user_data;
} Watch;

struct _Xep174AvahiBus
{
  grefcount                     ref_count;
  Xep174MdnsStack              *stack; /* its clock; not referenced */
  GMainContext                 *context;
  const Xep174AvahiBusListener *listener;
  gpointer                      owner;
  GCancellable                 *opening;
  GDBusConnection              *connection;
  gulong                        closed_handler;
  Xep174AvahiMailbox           *mailbox;
  char                         *peer;
  GHashTable                   *watches; /* by path */
  GHashTable                   *calls;   /* in flight, by serial */
  GQueue                        in_flight;
  GQueue                        waiting;
  GSource                      *timer;
  gboolean                      watched;
  gboolean                      heard;   /* since the timer was set */
  gboolean                      silent;
};

static void set_timer (Xep174AvahiBus *self,
                       guint           milliseconds);

static void
call_free (gpointer data)
{
  Xep174AvahiCall *call = data;

  g_object_unref (call->message);
  g_free (call->answer);
  g_free (call);
}

static void
drop_calls (GQueue *queue)
{
  GList *link;

  while ((link = g_queue_pop_head_link (queue)) != NULL)
    call_free (link->data);
}

static gboolean
is_alive (Xep174AvahiBus *self)
{
  return self->listener != NULL;
}

static void
bus_unref (Xep174AvahiBus *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->watches);
  g_hash_table_unref (self->calls);
  g_main_context_unref (self->context);
  g_clear_object (&self->opening);
  g_free (self->peer);
  g_free (self);
}

static void
fail (Xep174AvahiBus *self,
      const char     *refusal,
      const char     *words)
{
  xep174_clear_source (&self->timer);
  self->listener->closed (self, refusal, words, self->owner);
}

/* Asking */

static void
send_waiting (Xep174AvahiBus *self)
{
  while (self->in_flight.length < IN_FLIGHT_MAX && !g_queue_is_empty (&self->waiting))
    {
      Xep174AvahiCall *call = g_queue_peek_head (&self->waiting);

      g_queue_unlink (&self->waiting, &call->link);
      g_queue_push_tail_link (&self->in_flight, &call->link);
      call->sent = TRUE;
      /* Else the connection has gone, and says so in a moment. */
      if (g_dbus_connection_send_message (self->connection, call->message,
                                          G_DBUS_SEND_MESSAGE_FLAGS_NONE, &call->serial, NULL))
        g_hash_table_insert (self->calls, GUINT_TO_POINTER (call->serial), call);
      if (self->in_flight.length == 1)
        set_timer (self, ANSWER_MS);
    }
}

static void
remove_call (Xep174AvahiBus  *self,
             Xep174AvahiCall *call)
{
  g_queue_unlink (call->sent ? &self->in_flight : &self->waiting, &call->link);
  if (call->sent)
    g_hash_table_remove (self->calls, GUINT_TO_POINTER (call->serial));
}

static void
answer (Xep174AvahiCall *call,
        GVariant        *body,
        const char      *refusal,
        const char      *words)
{
  if (call->func == NULL)
    return;

  if (refusal == NULL && !g_variant_is_of_type (body, G_VARIANT_TYPE (call->answer)))
    call->func (NULL, XEP174_AVAHI_NONSENSE, NULL, call->user_data);
  else
    call->func (refusal == NULL ? body : NULL, refusal, words, call->user_data);
}

static GDBusMessage *
make_message (const Xep174AvahiRequest *request)
{
  GDBusMessage *message = g_dbus_message_new_method_call (request->destination, request->path,
                                                          request->interface, request->method);

  if (request->arguments != NULL)
    g_dbus_message_set_body (message, request->arguments);

  return message;
}

Xep174AvahiCall *
xep174_avahi_bus_call (Xep174AvahiBus           *self,
                       const Xep174AvahiRequest *request,
                       Xep174AvahiAnswerFunc     func,
                       gpointer                  user_data)
{
  Xep174AvahiCall *call = g_new0 (Xep174AvahiCall, 1);

  call->link.data = call;
  call->message = make_message (request);
  call->answer = g_strdup (request->answer);
  call->patient = request->patient;
  call->func = func;
  call->user_data = user_data;
  g_queue_push_tail_link (&self->waiting, &call->link);
  send_waiting (self);

  return call;
}

void
xep174_avahi_bus_tell (Xep174AvahiBus           *self,
                       const Xep174AvahiRequest *request)
{
  g_autoptr(GDBusMessage) message = make_message (request);

  g_dbus_message_set_flags (message, G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED);
  g_dbus_connection_send_message (self->connection, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL,
                                  NULL);
}

gboolean
xep174_avahi_bus_withdraw (Xep174AvahiBus  *self,
                           Xep174AvahiCall *call)
{
  if (call->sent)
    return FALSE;

  remove_call (self, call);
  call_free (call);
  return TRUE;
}

void
xep174_avahi_bus_forget (Xep174AvahiBus  *self,
                         Xep174AvahiCall *call)
{
  if (!xep174_avahi_bus_withdraw (self, call))
    call->func = NULL;
}

/* Hearing */

gboolean
xep174_avahi_bus_watch (Xep174AvahiBus        *self,
                        const char            *path,
                        Xep174AvahiSignalFunc  func,
                        gpointer               user_data)
{
  Watch *watch;

  if (g_hash_table_contains (self->watches, path))
    return FALSE;

  watch = g_new (Watch, 1);
  *watch = (Watch) { func, user_data };
  g_hash_table_insert (self->watches, g_strdup (path), watch);

  return TRUE;
}

void
xep174_avahi_bus_unwatch (Xep174AvahiBus *self,
                          const char     *path)
{
  g_hash_table_remove (self->watches, path);
}

static void
on_signal (Xep174AvahiBus *self,
           GDBusMessage   *message)
{
  const char *path = g_dbus_message_get_path (message);
  const Watch *watch = g_hash_table_lookup (self->watches, path);
  g_autoptr(GVariant) none = NULL;
  GVariant *body = g_dbus_message_get_body (message);

  /* Of an object that we have freed. */
  if (watch == NULL)
    return;

  if (body == NULL)
    body = none = g_variant_ref_sink (g_variant_new_tuple (NULL, 0));
  watch->func (g_dbus_message_get_interface (message), g_dbus_message_get_member (message), body,
               watch->user_data);
}

/* Only the one who was asked answers, or the bus if he cannot. The bus writes the sender into all that it
 * passes on: what has none is from the other end of the socket, such as the filter of a sandbox. */
static gboolean
may_answer (Xep174AvahiCall *call,
            GDBusMessage    *message)
{
  const char *sender = g_dbus_message_get_sender (message);

  return sender == NULL || g_strcmp0 (sender, XEP174_AVAHI_DBUS) == 0 ||
         g_strcmp0 (sender, g_dbus_message_get_destination (call->message)) == 0;
}

static void
on_answer (Xep174AvahiBus *self,
           GDBusMessage   *message)
{
  guint32 serial = g_dbus_message_get_reply_serial (message);
  Xep174AvahiCall *call = g_hash_table_lookup (self->calls, GUINT_TO_POINTER (serial));
  g_autoptr(GVariant) none = NULL;
  GVariant *body = g_dbus_message_get_body (message);
  const char *words = NULL;

  if (call == NULL || !may_answer (call, message))
    return;

  remove_call (self, call);
  send_waiting (self);
  if (body == NULL)
    body = none = g_variant_ref_sink (g_variant_new_tuple (NULL, 0));
  if (g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_ERROR)
    {
      const char *name = g_dbus_message_get_error_name (message);

      if (g_variant_n_children (body) > 0 &&
          g_str_has_prefix (g_variant_get_type_string (body), "(s"))
        g_variant_get_child (body, 0, "&s", &words);
      answer (call, NULL, name != NULL ? name : XEP174_AVAHI_NONSENSE, words);
    }
  else
    answer (call, body, NULL, NULL);
  call_free (call);
}

static void
set_silent (Xep174AvahiBus *self,
            gboolean        silent)
{
  if (self->silent == silent)
    return;

  self->silent = silent;
  self->listener->silent (self, silent, self->owner);
}

static void
on_mail (GDBusMessage *message,
         gpointer      user_data)
{
  Xep174AvahiBus *self = user_data;

  if (message == NULL)
    {
      fail (self, XEP174_AVAHI_FLOOD, NULL);
      return;
    }

  g_ref_count_inc (&self->ref_count);
  self->heard = TRUE;
  set_silent (self, FALSE);
  if (is_alive (self))
    {
      if (g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_SIGNAL)
        on_signal (self, message);
      else
        on_answer (self, message);
    }
  bus_unref (self);
}

/* Being there */

static void
ask_whether_there (Xep174AvahiBus *self)
{
  const Xep174AvahiRequest ping = {
    self->peer, "/", "org.freedesktop.DBus.Peer", "Ping", NULL, "()",
  };

  xep174_avahi_bus_call (self, &ping, NULL, NULL);
}

/* The one at the head is the oldest. Who answers others, and not this one, never will. */
static void
skip_unanswered (Xep174AvahiBus *self)
{
  Xep174AvahiCall *call = g_queue_peek_head (&self->in_flight);

  if (!call->skipped)
    {
      call->skipped = TRUE;
      return;
    }

  remove_call (self, call);
  answer (call, NULL, XEP174_AVAHI_SILENT, NULL);
  call_free (call);
}

static gboolean
on_timer (gpointer user_data)
{
  Xep174AvahiBus *self = user_data;
  const Xep174AvahiCall *oldest = g_queue_peek_head (&self->in_flight);

  xep174_clear_source (&self->timer);
  g_ref_count_inc (&self->ref_count);
  if (oldest == NULL && self->watched && !self->heard)
    ask_whether_there (self);
  else if (oldest != NULL && !oldest->patient && !self->heard)
    set_silent (self, TRUE);
  else if (oldest != NULL && !oldest->patient)
    skip_unanswered (self);

  if (is_alive (self))
    {
      send_waiting (self);
      if (self->timer == NULL && (self->in_flight.length > 0 || self->watched))
        set_timer (self, self->in_flight.length > 0 ? ANSWER_MS : QUIET_MS);
    }
  bus_unref (self);

  return G_SOURCE_REMOVE;
}

static void
set_timer (Xep174AvahiBus *self,
           guint           milliseconds)
{
  xep174_clear_source (&self->timer);
  self->heard = FALSE;
  self->timer = xep174_mdns_stack_after (self->stack, milliseconds, on_timer, self);
}

void
xep174_avahi_bus_set_peer (Xep174AvahiBus *self,
                           const char     *unique_name,
                           gboolean        watched)
{
  g_free (self->peer);
  self->peer = g_strdup (unique_name);
  self->watched = watched && unique_name != NULL;
  xep174_avahi_mailbox_set_sender (self->mailbox, unique_name);
  if (self->watched && self->timer == NULL)
    set_timer (self, QUIET_MS);
}

/* Opening and closing */

static void
on_closed (GDBusConnection *connection,
           gboolean         vanished,
           const GError    *error,
           gpointer         user_data)
{
  fail (user_data, XEP174_AVAHI_GONE, NULL);
}

static const char *
explain (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return XEP174_AVAHI_SILENT;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return "org.freedesktop.DBus.Error.AccessDenied";
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED))
    return "org.freedesktop.DBus.Error.LimitsExceeded";

  return XEP174_AVAHI_NO_BUS;
}

static void
on_opened (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Xep174AvahiBus *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusConnection) connection =
    g_dbus_connection_new_for_address_finish (result, &error);

  if (!is_alive (self))
    {
      if (connection != NULL)
        g_dbus_connection_close (connection, NULL, NULL, NULL);
    }
  else if (connection == NULL)
    {
      fail (self, explain (error), error->message);
    }
  else
    {
      xep174_clear_source (&self->timer);
      self->connection = g_steal_pointer (&connection);
      self->closed_handler = g_signal_connect (self->connection, "closed",
                                               G_CALLBACK (on_closed), self);
      self->mailbox = xep174_avahi_mailbox_new (self->connection, self->context, on_mail, self);
      self->listener->opened (self, self->owner);
    }
  bus_unref (self);
}

static gboolean
on_open_timer (gpointer user_data)
{
  Xep174AvahiBus *self = user_data;

  xep174_clear_source (&self->timer);
  g_cancellable_cancel (self->opening);

  return G_SOURCE_REMOVE;
}

Xep174AvahiBus *
xep174_avahi_bus_new (Xep174MdnsStack              *stack,
                      GMainContext                 *context,
                      const Xep174AvahiBusListener *listener,
                      gpointer                      owner)
{
  Xep174AvahiBus *self = g_new0 (Xep174AvahiBus, 1);
  /* Of the system bus this asks the environment only. */
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  g_ref_count_init (&self->ref_count);
  self->stack = stack;
  self->context = g_main_context_ref (context);
  self->listener = listener;
  self->owner = owner;
  self->opening = g_cancellable_new ();
  self->watches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->calls = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->in_flight);
  g_queue_init (&self->waiting);
  self->timer = xep174_mdns_stack_after (stack, ANSWER_MS, on_open_timer, self);

  /* A connection says that it has closed in the context that it was made in. */
  g_ref_count_inc (&self->ref_count);
  g_main_context_push_thread_default (context);
  g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                              G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, self->opening, on_opened, self);
  g_main_context_pop_thread_default (context);

  return self;
}

void
xep174_avahi_bus_free (Xep174AvahiBus *self)
{
  self->listener = NULL;
  xep174_clear_source (&self->timer);
  g_cancellable_cancel (self->opening);
  g_clear_pointer (&self->mailbox, xep174_avahi_mailbox_free);
  g_hash_table_remove_all (self->calls);
  drop_calls (&self->in_flight);
  drop_calls (&self->waiting);
  if (self->connection != NULL)
    {
      g_signal_handler_disconnect (self->connection, self->closed_handler);
      g_dbus_connection_close (self->connection, NULL, NULL, NULL);
      g_clear_object (&self->connection);
    }
  bus_unref (self);
}

gboolean
xep174_avahi_bus_is_open (Xep174AvahiBus *self)
{
  return self->mailbox != NULL;
}
