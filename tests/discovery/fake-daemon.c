/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-daemon.h"

#include <string.h>

#include "person.h"

#define TYPE_PTR 12
#define TYPE_TXT 16

typedef struct
{
  FakeConduct conduct;
  char *error;
  GVariant *body;
  guint n_calls;
} Method;

typedef struct
{
  char *owner;
  char *name; /* NULL for a group */
  guint16 type;
} Object;

struct _FakeDaemon
{
  GDBusConnection *bus;
  guint filter;
  guint watch;
  GHashTable *methods; /* by name */
  GHashTable *objects; /* by path */
  guint n_made;
};

typedef struct
{
  FakeDaemon *self;
  GDBusMessage *call;
} Arrival;

static void
method_free (gpointer data)
{
  Method *method = data;

  g_free (method->error);
  g_clear_pointer (&method->body, g_variant_unref);
  g_free (method);
}

static void
object_free (gpointer data)
{
  Object *object = data;

  g_free (object->owner);
  g_free (object->name);
  g_free (object);
}

static Method *
get_method (FakeDaemon *self,
            const char *name)
{
  Method *method = g_hash_table_lookup (self->methods, name);

  if (method == NULL)
    {
      method = g_new0 (Method, 1);
      g_hash_table_insert (self->methods, g_strdup (name), method);
    }

  return method;
}

static void
send (FakeDaemon   *self,
      GDBusMessage *message)
{
  g_autoptr(GDBusMessage) sent = message;

  if (self->bus == NULL)
    return;

  g_dbus_connection_send_message (self->bus, sent, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
}

static void
reply (FakeDaemon   *self,
       GDBusMessage *call,
       GVariant     *body)
{
  GDBusMessage *answer = g_dbus_message_new_method_reply (call);

  if (g_dbus_message_get_flags (call) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED)
    {
      g_object_unref (answer);
      return;
    }

  if (body != NULL)
    g_dbus_message_set_body (answer, body);
  send (self, answer);
}

void
fake_daemon_emit (FakeDaemon *self,
                  const char *path,
                  const char *interface,
                  const char *member,
                  GVariant   *body)
{
  const Object *object = g_hash_table_lookup (self->objects, path);
  GDBusMessage *signal = g_dbus_message_new_signal (path, interface, member);

  if (object != NULL)
    g_dbus_message_set_destination (signal, object->owner);
  if (body != NULL)
    g_dbus_message_set_body (signal, body);
  send (self, signal);
}

/* As a daemon would */

static void
make_object (FakeDaemon   *self,
             GDBusMessage *call,
             const char   *name,
             guint16       type)
{
  g_autofree char *path = g_strdup_printf ("/Client0/Object%u", ++self->n_made);
  Object *object = g_new0 (Object, 1);

  object->owner = g_strdup (g_dbus_message_get_sender (call));
  object->name = g_strdup (name);
  object->type = type;
  g_hash_table_insert (self->objects, g_strdup (path), object);
  reply (self, call, g_variant_new ("(o)", path));
}

static void
obey (FakeDaemon   *self,
      GDBusMessage *call,
      const char   *method)
{
  GVariant *body = g_dbus_message_get_body (call);
  const char *path = g_dbus_message_get_path (call);
  const char *name;
  guint16 type;

  if (g_str_equal (method, "GetState"))
    reply (self, call, g_variant_new ("(i)", 2));
  else if (g_str_equal (method, "GetHostName"))
    reply (self, call, g_variant_new ("(s)", "montague"));
  else if (g_str_equal (method, "EntryGroupNew"))
    make_object (self, call, NULL, 0);
  else if (g_str_has_prefix (method, "RecordBrowser"))
    {
      g_variant_get (body, "(ii&sqqu)", NULL, NULL, &name, NULL, &type, NULL);
      make_object (self, call, name, type);
    }
  else
    reply (self, call, NULL);

  if (g_str_equal (method, "Start"))
    {
      fake_daemon_emit (self, path, BROWSER, "CacheExhausted", NULL);
      fake_daemon_emit (self, path, BROWSER, "AllForNow", NULL);
    }
  if (g_str_equal (method, "Commit"))
    fake_daemon_emit (self, path, GROUP, "StateChanged",
                      g_variant_new ("(is)", 2, "org.freedesktop.Avahi.Success"));
  if (g_str_equal (method, "Free"))
    g_hash_table_remove (self->objects, path);
}

/* Coming and going */

static void come (FakeDaemon *self);

static void
leave (FakeDaemon *self)
{
  g_dbus_connection_remove_filter (self->bus, self->filter);
  g_dbus_connection_signal_unsubscribe (self->bus, self->watch);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  g_hash_table_remove_all (self->objects);
}

static gboolean
on_call (gpointer user_data)
{
  Arrival *arrival = user_data;
  FakeDaemon *self = arrival->self;
  const char *name = g_dbus_message_get_member (arrival->call);
  Method *method = get_method (self, name);
  GDBusMessage *call = arrival->call;

  method->n_calls++;
  switch (method->conduct)
    {
    case FAKE_REFUSE:
      send (self, g_dbus_message_new_method_error_literal (call, method->error, "No."));
      break;
    case FAKE_ANSWER:
      reply (self, call, method->body);
      break;
    case FAKE_GO:
      method->conduct = FAKE_OBEY;
      leave (self);
      come (self);
      break;
    case FAKE_IGNORE:
      break;
    case FAKE_OBEY:
    default:
      obey (self, call, name);
      break;
    }

  return G_SOURCE_REMOVE;
}

static void
arrival_free (gpointer data)
{
  Arrival *arrival = data;

  g_object_unref (arrival->call);
  g_free (arrival);
}

/* In the thread of GDBus. */
static GDBusMessage *
on_message (GDBusConnection *connection,
            GDBusMessage    *message,
            gboolean         incoming,
            gpointer         user_data)
{
  Arrival *arrival;

  if (!incoming ||
      g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;

  arrival = g_new (Arrival, 1);
  *arrival = (Arrival) { user_data, message };
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, on_call, arrival, arrival_free);

  return NULL;
}

static gboolean
is_of (gpointer path,
       gpointer object,
       gpointer owner)
{
  return g_str_equal (((Object *) object)->owner, owner);
}

/* The objects of whoever has left go, too. */
static void
on_owner_changed (GDBusConnection *connection,
                  const char      *sender,
                  const char      *path,
                  const char      *interface,
                  const char      *member,
                  GVariant        *body,
                  gpointer         user_data)
{
  FakeDaemon *self = user_data;
  const char *name;

  g_variant_get (body, "(&s&s&s)", &name, NULL, NULL);
  g_hash_table_foreach_remove (self->objects, is_of, (gpointer) name);
}

static void
come (FakeDaemon *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) granted = NULL;

  self->bus =
    g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SYSTEM_BUS_ADDRESS"),
                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                            G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                            NULL, NULL, &error);
  g_assert_no_error (error);
  self->filter = g_dbus_connection_add_filter (self->bus, on_message, self, NULL);
  self->watch = g_dbus_connection_signal_subscribe (self->bus, "org.freedesktop.DBus",
                                                    "org.freedesktop.DBus", "NameOwnerChanged",
                                                    NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                    on_owner_changed, self, NULL);
  granted = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                         "org.freedesktop.DBus", "RequestName",
                                         g_variant_new ("(su)", "org.freedesktop.Avahi", 4), NULL,
                                         G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

FakeDaemon *
fake_daemon_new (void)
{
  FakeDaemon *self = g_new0 (FakeDaemon, 1);

  self->methods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, method_free);
  self->objects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, object_free);
  come (self);

  return self;
}

/* Calls that have come are looked at before that. */
void
fake_daemon_free (FakeDaemon *self)
{
  leave (self);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_hash_table_unref (self->methods);
  g_hash_table_unref (self->objects);
  g_free (self);
}

/* What it is to do */

static void
set_conduct (FakeDaemon  *self,
             const char  *name,
             FakeConduct  conduct,
             const char  *error,
             GVariant    *body)
{
  Method *method = get_method (self, name);

  g_free (method->error);
  g_clear_pointer (&method->body, g_variant_unref);
  method->conduct = conduct;
  method->error = g_strdup (error);
  method->body = body != NULL ? g_variant_ref_sink (body) : NULL;
}

void
fake_daemon_refuse (FakeDaemon *self,
                    const char *method,
                    const char *error)
{
  set_conduct (self, method, FAKE_REFUSE, error, NULL);
}

void
fake_daemon_ignore (FakeDaemon *self,
                    const char *method)
{
  set_conduct (self, method, FAKE_IGNORE, NULL, NULL);
}

void
fake_daemon_answer (FakeDaemon *self,
                    const char *method,
                    GVariant   *body)
{
  set_conduct (self, method, FAKE_ANSWER, NULL, body);
}

void
fake_daemon_go_at (FakeDaemon *self,
                   const char *method)
{
  set_conduct (self, method, FAKE_GO, NULL, NULL);
}

void
fake_daemon_obey (FakeDaemon *self)
{
  GHashTableIter iter;
  gpointer method;

  g_hash_table_iter_init (&iter, self->methods);
  while (g_hash_table_iter_next (&iter, NULL, &method))
    ((Method *) method)->conduct = FAKE_OBEY;
}

guint
fake_daemon_count (FakeDaemon *self,
                   const char *name)
{
  Method *method = get_method (self, name);
  guint n_calls = method->n_calls;

  method->n_calls = 0;

  return n_calls;
}

guint
fake_daemon_count_objects (FakeDaemon *self)
{
  return g_hash_table_size (self->objects);
}

const char *
fake_daemon_browser (FakeDaemon *self,
                     const char *name,
                     guint16     type)
{
  GHashTableIter iter;
  gpointer path;
  gpointer data;

  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, &path, &data))
    {
      const Object *object = data;

      if (object->type == type && g_strcmp0 (object->name, name) == 0)
        return path;
    }

  return NULL;
}

/* What it says */

GVariant *
fake_record (const char *name,
             guint16     type,
             const void *rdata,
             gsize       size)
{
  return g_variant_new ("(iisqq@ayu)", 1, 0, name, 1, type,
                        g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, rdata, size, 1), 0);
}

static void
append_label (GString    *name,
              const char *label)
{
  g_string_append_c (name, strlen (label));
  g_string_append (name, label);
}

void
fake_daemon_tell_ptr (FakeDaemon *self,
                      const char *member,
                      const char *instance)
{
  g_autoptr(GString) name = g_string_new (NULL);
  const char *path = fake_daemon_browser (self, PRESENCE, TYPE_PTR);

  append_label (name, instance);
  append_label (name, "_presence");
  append_label (name, "_tcp");
  append_label (name, "local");
  fake_daemon_emit (self, path, BROWSER, member,
                    fake_record (PRESENCE, TYPE_PTR, name->str, name->len + 1));
}

/* The name is escaped as the library does it. */
void
fake_daemon_tell_txt (FakeDaemon *self,
                      const char *instance,
                      const char *txt)
{
  g_autoptr(GString) name = g_string_new (instance);
  g_autoptr(GString) rdata = g_string_new (NULL);

  g_string_replace (name, "@", "\\064", 0);
  g_string_append (name, "." PRESENCE);
  append_label (rdata, txt);
  wait_until (fake_daemon_browser (self, name->str, TYPE_TXT) != NULL);
  fake_daemon_emit (self, fake_daemon_browser (self, name->str, TYPE_TXT), BROWSER, "ItemNew",
                    fake_record (name->str, TYPE_TXT, rdata->str, rdata->len));
}
