/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-stack-private.h"

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-client/publish.h>
#include <avahi-common/error.h>
#include <avahi-glib/glib-watch.h>
#include <dlfcn.h>

#include "xep174-avahi-common-private.h"
#include "xep174-avahi-permission-private.h"
#include "xep174-discovery.h"

/* The daemon grants a client 1024 objects (objects-per-client-max), so thousands of contacts take
 * several. What it grants in fact shows when it refuses; a few are left for the entry group. */
#define OBJECTS_PER_CLIENT 1000

/* What the daemon remembers (cache-entries-max) if nobody has told it otherwise; it does not say. */
#define CACHE_ENTRIES_MAX 4096

/* How long to wait for a bus that has gone, at first and at most. */
#define RECONNECT_MS     1000
#define RECONNECT_MS_MAX 30000

#define XEP174_TYPE_AVAHI_STACK (xep174_avahi_stack_get_type ())
G_DECLARE_FINAL_TYPE (Xep174AvahiStack, xep174_avahi_stack, XEP174, AVAHI_STACK, Xep174MdnsStack)

typedef struct
{
  Xep174AvahiStack *stack; /* not referenced, owns us */
  AvahiClient      *client;
  guint             n_queries;
  guint             n_queries_max;
} Connection;

struct _Xep174MdnsQuery
{
  Connection          *connection;
  AvahiRecordBrowser  *browser;
  Xep174MdnsQueryFunc  func;
  gpointer             user_data;
};

struct _Xep174AvahiStack
{
  Xep174MdnsStack  parent_instance;
  AvahiGLibPoll   *poll;
  GPtrArray       *connections; /* the first one publishes, all ask */
  AvahiEntryGroup *group;
  gboolean         running;
  gboolean         host_changed;
  gboolean         group_changed;
  GSource         *update;
  GSource         *reconnect;
  guint            reconnect_ms;
};

G_DEFINE_FINAL_TYPE (Xep174AvahiStack, xep174_avahi_stack, XEP174_TYPE_MDNS_STACK)

static gboolean on_update (gpointer user_data);

/* Avahi tells of changes from within its own functions, where nothing may be freed; they are looked
 * at in a turn of our own. */
static void
schedule_update (Xep174AvahiStack *self)
{
  if (self->update == NULL)
    self->update = xep174_mdns_stack_after (XEP174_MDNS_STACK (self), 0, on_update, self);
}

static void
on_client_changed (AvahiClient      *client,
                   AvahiClientState  state,
                   void             *user_data)
{
  Connection *connection = user_data;

  if (state == AVAHI_CLIENT_S_REGISTERING || state == AVAHI_CLIENT_S_COLLISION)
    connection->stack->host_changed = TRUE;
  schedule_update (connection->stack);
}

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  g_clear_pointer (&connection->client, avahi_client_free);
  g_free (connection);
}

/* Both of Avahi's libraries define avahi_entry_group_free(), with different arguments. Core comes
 * first in lib/meson.build and so gets its own; the client library's is asked for by where it is.
 * The client frees no group itself, for there is none left when it goes. */
static void
free_group (AvahiEntryGroup *group)
{
  int (*func) (AvahiEntryGroup *group) = NULL;
  void *library = NULL;
  Dl_info info;

  if (dladdr (avahi_entry_group_new, &info) != 0)
    library = dlopen (info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  if (library != NULL)
    {
      *(void **) &func = dlsym (library, "avahi_entry_group_free");
      dlclose (library);
    }

  if (func != NULL)
    func (group);
  else
    avahi_entry_group_free (group);
}

static Connection *
add_connection (Xep174AvahiStack *self,
                AvahiClientFlags  flags,
                int              *code)
{
  Connection *connection = g_new0 (Connection, 1);

  connection->stack = self;
  connection->n_queries_max = OBJECTS_PER_CLIENT;
  connection->client = avahi_client_new (avahi_glib_poll_get (self->poll), flags,
                                         on_client_changed, connection, code);
  if (connection->client == NULL)
    {
      g_free (connection);
      return NULL;
    }

  g_ptr_array_add (self->connections, connection);

  return connection;
}

static Connection *
get_primary (Xep174AvahiStack *self)
{
  return self->connections->len > 0 ? g_ptr_array_index (self->connections, 0) : NULL;
}

static void
disconnect (Xep174AvahiStack *self)
{
  self->running = FALSE;
  self->host_changed = FALSE;
  self->group_changed = FALSE;
  xep174_clear_source (&self->update);
  xep174_clear_source (&self->reconnect);
  g_clear_pointer (&self->group, free_group);
  g_ptr_array_set_size (self->connections, 0);
}

static gboolean
on_reconnect (gpointer user_data)
{
  Xep174AvahiStack *self = user_data;

  xep174_clear_source (&self->reconnect);
  if (add_connection (self, AVAHI_CLIENT_NO_FAIL, NULL) == NULL)
    {
      self->reconnect = xep174_mdns_stack_after (XEP174_MDNS_STACK (self), self->reconnect_ms,
                                                 on_reconnect, self);
      self->reconnect_ms = MIN (self->reconnect_ms * 2, RECONNECT_MS_MAX);
    }

  return G_SOURCE_REMOVE;
}

/* D19: the daemon, or the bus, has gone. A client that may not fail waits for the daemon by itself,
 * but not for the bus. */
static void
start_over (Xep174AvahiStack *self)
{
  self->running = FALSE;
  xep174_mdns_stack_emit_down (XEP174_MDNS_STACK (self));
  disconnect (self);
  self->reconnect_ms = RECONNECT_MS;
  self->reconnect = xep174_mdns_stack_after (XEP174_MDNS_STACK (self), 0, on_reconnect, self);
}

static gboolean
has_failed (Xep174AvahiStack *self)
{
  for (guint i = 0; i < self->connections->len; i++)
    {
      Connection *connection = g_ptr_array_index (self->connections, i);

      if (avahi_client_get_state (connection->client) == AVAHI_CLIENT_FAILURE)
        return TRUE;
    }

  return FALSE;
}

/* The connections that no contact needs any more, but for the first. */
static void
prune_connections (Xep174AvahiStack *self)
{
  for (guint i = self->connections->len; i > 1; i--)
    {
      Connection *connection = g_ptr_array_index (self->connections, i - 1);

      if (connection->n_queries == 0)
        g_ptr_array_remove_index (self->connections, i - 1);
    }
}

static void
tell_group_state (Xep174AvahiStack *self)
{
  self->group_changed = FALSE;
  if (self->group != NULL)
    xep174_avahi_tell_group (XEP174_MDNS_STACK (self), avahi_entry_group_get_state (self->group),
                             avahi_client_errno (avahi_entry_group_get_client (self->group)));
}

/* While the daemon settles its host name nothing is published: our SRV record names that host. */
static void
set_running (Xep174AvahiStack *self,
             gboolean          running)
{
  if (self->running == running)
    return;

  self->running = running;
  if (running)
    xep174_mdns_stack_emit_running (XEP174_MDNS_STACK (self));
  else if (self->group != NULL)
    avahi_entry_group_reset (self->group);
}

static gboolean
on_update (gpointer user_data)
{
  g_autoptr(Xep174AvahiStack) self = g_object_ref (user_data);
  Connection *primary = get_primary (self);

  xep174_clear_source (&self->update);
  if (primary == NULL)
    return G_SOURCE_REMOVE;

  if (has_failed (self))
    {
      start_over (self);
      return G_SOURCE_REMOVE;
    }

  prune_connections (self);
  if (self->host_changed)
    set_running (self, FALSE);
  self->host_changed = FALSE;
  if (avahi_client_get_state (primary->client) == AVAHI_CLIENT_S_RUNNING)
    set_running (self, TRUE);
  if (self->group_changed)
    tell_group_state (self);

  return G_SOURCE_REMOVE;
}

static gboolean
xep174_avahi_stack_open (Xep174MdnsStack *stack,
                         GMainContext    *context,
                         GError         **error)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);
  int code = AVAHI_OK;

  self->poll = avahi_glib_poll_new (context, G_PRIORITY_DEFAULT);
  if (add_connection (self, 0, &code) != NULL)
    return TRUE;

  /* Avahi does not tell a bus without the daemon from no bus for certain. */
  if (code == AVAHI_ERR_NO_DAEMON || code == AVAHI_ERR_DBUS_ERROR)
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON,
                         "No avahi-daemon answers on the system bus; start it, "
                         "or use the embedded discovery, which needs neither");
  else
    xep174_avahi_set_error (error, code, "Connecting to avahi-daemon");
  xep174_mdns_stack_close (stack);

  return FALSE;
}

/* Freeing the group says goodbye; the daemon sends it even if it is the last thing we do (D13). */
static void
xep174_avahi_stack_close (Xep174MdnsStack *stack)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  disconnect (self);
  g_clear_pointer (&self->poll, avahi_glib_poll_free);
}

static char *
xep174_avahi_stack_dup_host_name (Xep174MdnsStack *stack)
{
  Connection *primary = get_primary (XEP174_AVAHI_STACK (stack));

  return primary != NULL ? g_strdup (avahi_client_get_host_name (primary->client)) : NULL;
}

static void
on_record (AvahiRecordBrowser     *browser,
           AvahiIfIndex            interface,
           AvahiProtocol           protocol,
           AvahiBrowserEvent       event,
           const char             *name,
           uint16_t                class,
           uint16_t                type,
           const void             *rdata,
           size_t                  size,
           AvahiLookupResultFlags  flags,
           void                   *user_data)
{
  Xep174MdnsQuery *query = user_data;
  const Xep174MdnsRecord record = {
    interface, protocol, name, rdata, size, (flags & AVAHI_LOOKUP_RESULT_CACHED) != 0,
  };
  Xep174MdnsEvent mapped;

  if (xep174_avahi_map_event (event, &mapped))
    query->func (mapped, &record, query->user_data);
}

static gboolean
ask (Xep174MdnsQuery       *query,
     Connection            *connection,
     const char            *name,
     guint16                type,
     const Xep174MdnsPlace *place)
{
  query->connection = connection;
  query->browser = avahi_record_browser_new (connection->client,
                                             place != NULL ? place->interface : AVAHI_IF_UNSPEC,
                                             place != NULL ? place->protocol : AVAHI_PROTO_UNSPEC,
                                             name, AVAHI_DNS_CLASS_IN, type, 0,
                                             on_record, query);
  if (query->browser != NULL)
    connection->n_queries++;
  else if (avahi_client_errno (connection->client) == AVAHI_ERR_TOO_MANY_OBJECTS)
    connection->n_queries_max = connection->n_queries;

  return query->browser != NULL;
}

static Connection *
find_room (Xep174AvahiStack *self)
{
  for (guint i = 0; i < self->connections->len; i++)
    {
      Connection *connection = g_ptr_array_index (self->connections, i);

      if (connection->n_queries < connection->n_queries_max)
        return connection;
    }

  return NULL;
}

/* The connection that @name is asked for on, NULL with @code saying why there is none. Each time the
 * daemon says that one is full there is one less to try. */
static Connection *
ask_anyone (Xep174AvahiStack      *self,
            Xep174MdnsQuery       *query,
            const char            *name,
            guint16                type,
            const Xep174MdnsPlace *place,
            int                   *code)
{
  Connection *connection;

  while ((connection = find_room (self)) != NULL)
    {
      if (ask (query, connection, name, type, place))
        return connection;
      *code = avahi_client_errno (connection->client);
      if (*code != AVAHI_ERR_TOO_MANY_OBJECTS)
        return NULL;
    }

  connection = add_connection (self, 0, code);
  if (connection == NULL || ask (query, connection, name, type, place))
    return connection;

  *code = avahi_client_errno (connection->client);
  return NULL;
}

static Xep174MdnsQuery *
xep174_avahi_stack_query (Xep174MdnsStack        *stack,
                          const char             *name,
                          guint16                 type,
                          const Xep174MdnsPlace  *place,
                          Xep174MdnsQueryFunc     func,
                          gpointer                user_data,
                          GError                **error)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);
  g_autofree Xep174MdnsQuery *query = g_new0 (Xep174MdnsQuery, 1);
  int code = AVAHI_ERR_DISCONNECTED;

  query->func = func;
  query->user_data = user_data;
  if (self->connections->len > 0 && ask_anyone (self, query, name, type, place, &code) != NULL)
    return g_steal_pointer (&query);

  xep174_avahi_set_error (error, code, "Asking avahi-daemon");
  return NULL;
}

static void
xep174_avahi_stack_cancel (Xep174MdnsStack *stack,
                           Xep174MdnsQuery *query)
{
  avahi_record_browser_free (query->browser);
  if (--query->connection->n_queries == 0)
    schedule_update (query->connection->stack);
  g_free (query);
}

static void
on_group_changed (AvahiEntryGroup      *group,
                  AvahiEntryGroupState  state,
                  void                 *user_data)
{
  Xep174AvahiStack *self = user_data;

  self->group_changed = TRUE;
  schedule_update (self);
}

static int
fill_group (Xep174AvahiStack        *self,
            AvahiClient             *client,
            const Xep174MdnsService *service)
{
  AvahiStringList *txt;
  int code;

  if (self->group == NULL)
    self->group = avahi_entry_group_new (client, on_group_changed, self);
  if (self->group == NULL)
    return avahi_client_errno (client);

  code = avahi_entry_group_reset (self->group);
  if (code != AVAHI_OK)
    return code;

  txt = xep174_avahi_txt_to_list (service->txt);
  code = avahi_entry_group_add_service_strlst (self->group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
                                               AVAHI_PUBLISH_NO_COOKIE, service->instance,
                                               XEP174_PRESENCE_TYPE, service->domain, NULL,
                                               service->port, txt);
  avahi_string_list_free (txt);

  return code == AVAHI_OK ? avahi_entry_group_commit (self->group) : code;
}

static gboolean
xep174_avahi_stack_publish (Xep174MdnsStack         *stack,
                            const Xep174MdnsService *service,
                            GError                 **error)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);
  Connection *primary = get_primary (self);
  int code = AVAHI_ERR_DISCONNECTED;

  if (self->group == NULL && !xep174_avahi_may_publish (error))
    return FALSE;

  if (primary != NULL)
    code = fill_group (self, primary->client, service);
  /* Whatever was reported until now was about another name. */
  self->group_changed = code == AVAHI_OK &&
                        avahi_entry_group_get_state (self->group) != AVAHI_ENTRY_GROUP_REGISTERING;

  return xep174_avahi_check (code, "Publishing our name", error);
}

static gboolean
xep174_avahi_stack_update (Xep174MdnsStack         *stack,
                           const Xep174MdnsService *service,
                           GError                 **error)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);
  AvahiStringList *txt = xep174_avahi_txt_to_list (service->txt);
  int code = AVAHI_ERR_DISCONNECTED;

  if (self->group != NULL)
    code = avahi_entry_group_update_service_txt_strlst (self->group, AVAHI_IF_UNSPEC,
                                                        AVAHI_PROTO_UNSPEC,
                                                        AVAHI_PUBLISH_NO_COOKIE,
                                                        service->instance, XEP174_PRESENCE_TYPE,
                                                        service->domain, txt);
  avahi_string_list_free (txt);

  return xep174_avahi_check (code, "Publishing our presence", error);
}

static void
xep174_avahi_stack_withdraw (Xep174MdnsStack *stack)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (stack);

  if (self->group != NULL)
    avahi_entry_group_reset (self->group);
}

static void
xep174_avahi_stack_dispose (GObject *object)
{
  Xep174AvahiStack *self = XEP174_AVAHI_STACK (object);

  xep174_avahi_stack_close (XEP174_MDNS_STACK (self));
  g_clear_pointer (&self->connections, g_ptr_array_unref);

  G_OBJECT_CLASS (xep174_avahi_stack_parent_class)->dispose (object);
}

static void
xep174_avahi_stack_class_init (Xep174AvahiStackClass *klass)
{
  Xep174MdnsStackClass *stack_class = XEP174_MDNS_STACK_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xep174_avahi_stack_dispose;
  stack_class->records_max = CACHE_ENTRIES_MAX;
  stack_class->open = xep174_avahi_stack_open;
  stack_class->close = xep174_avahi_stack_close;
  stack_class->dup_host_name = xep174_avahi_stack_dup_host_name;
  stack_class->query = xep174_avahi_stack_query;
  stack_class->cancel = xep174_avahi_stack_cancel;
  stack_class->publish = xep174_avahi_stack_publish;
  stack_class->update = xep174_avahi_stack_update;
  stack_class->withdraw = xep174_avahi_stack_withdraw;
}

static void
xep174_avahi_stack_init (Xep174AvahiStack *self)
{
  self->connections = g_ptr_array_new_with_free_func (connection_free);
}

Xep174MdnsStack *
xep174_avahi_stack_new (void)
{
  return g_object_new (XEP174_TYPE_AVAHI_STACK, NULL);
}
