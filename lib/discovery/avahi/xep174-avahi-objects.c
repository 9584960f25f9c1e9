/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-objects-private.h"

#include "xep174-avahi-refusal-private.h"

/* The daemon grants a client 1024 objects (objects-per-client-max). What it grants in fact shows when it
 * refuses. */
#define OBJECTS_PER_CLIENT 1024

/* The bus allows a user 256 connections, and other programs want some. */
#define CONNECTIONS_MAX 32

typedef struct
{
  Xep174AvahiObjects *objects;
  Xep174AvahiBus     *bus;
  guint               n_objects; /* made, or asked for */
  guint               n_max;
  gboolean            is_ours;
} Connection;

typedef enum
{
  WAITING, /* for a connection with room */
  ASKED,
  MADE,
  REFUSED, /* by us; told in a turn */
  DEAD,    /* refused, and told */
  LEFT,    /* asked for, and not wanted any more */
  N_STATES,
} State;

struct _Xep174AvahiObject
{
  GList                  link; /* in the queue of its state */
  Xep174AvahiObjects    *objects;
  const Xep174AvahiKind *kind;
  GVariant              *arguments;
  gpointer               user_data;
  State                  state;
  Connection            *connection;
  guint                  n_before; /* how many the connection had when it was asked for */
  Xep174AvahiCall       *call;
  char                  *path;
  const char            *refusal;
};

struct _Xep174AvahiObjects
{
  Xep174MdnsStack *stack;
  GMainContext    *context;
  char            *daemon;
  void           (*lost) (gpointer user_data);
  gpointer         user_data;
  GPtrArray       *connections; /* the primary first */
  GQueue           queues[N_STATES];
  GSource         *turn;
  guint            n_max;  /* what a connection has turned out to be granted */
  gboolean         is_old; /* the daemon is older than the newest methods */
};

static void place_waiting (Xep174AvahiObjects *self);

/* Where an object is */

static void
set_state (Xep174AvahiObject *object,
           State              state)
{
  GQueue *queues = object->objects->queues;

  g_queue_unlink (&queues[object->state], &object->link);
  object->state = state;
  g_queue_push_tail_link (&queues[state], &object->link);
}

static void
free_now (Xep174AvahiObject *object)
{
  g_queue_unlink (&object->objects->queues[object->state], &object->link);
  g_variant_unref (object->arguments);
  g_free (object->path);
  g_free (object);
}

/* Connections with nothing on them are closed, but not at once: who goes may be followed by who comes. */
static gboolean
on_turn (gpointer user_data)
{
  Xep174AvahiObjects *self = user_data;
  Xep174AvahiObject *object;

  xep174_clear_source (&self->turn);
  while ((object = g_queue_peek_head (&self->queues[REFUSED])) != NULL)
    {
      set_state (object, DEAD);
      object->kind->refused (object->refusal, NULL, object->user_data);
    }
  for (guint i = self->connections->len; i > 1; i--)
    {
      Connection *connection = g_ptr_array_index (self->connections, i - 1);

      if (connection->n_objects == 0 && xep174_avahi_bus_is_open (connection->bus))
        g_ptr_array_remove_index (self->connections, i - 1);
    }
  place_waiting (self);

  return G_SOURCE_REMOVE;
}

static void
schedule_turn (Xep174AvahiObjects *self)
{
  if (self->turn == NULL)
    self->turn = xep174_mdns_stack_after (self->stack, 0, on_turn, self);
}

static void
refuse_later (Xep174AvahiObject *object,
              const char        *refusal)
{
  object->refusal = refusal;
  set_state (object, REFUSED);
  schedule_turn (object->objects);
}

static void
refuse_waiting (Xep174AvahiObjects *self,
                const char         *refusal)
{
  Xep174AvahiObject *object;

  while ((object = g_queue_peek_head (&self->queues[WAITING])) != NULL)
    refuse_later (object, g_intern_string (refusal));
}

/* Making one */

static void
on_object_signal (const char *interface,
                  const char *member,
                  GVariant   *body,
                  gpointer    user_data)
{
  Xep174AvahiObject *object = user_data;

  if (g_strcmp0 (interface, object->kind->interface) == 0)
    object->kind->signal (member, body, object->user_data);
}

static void
leave_connection (Xep174AvahiObject *object)
{
  Connection *connection = object->connection;

  object->connection = NULL;
  if (--connection->n_objects == 0)
    schedule_turn (object->objects);
}

static void
free_in_daemon (Xep174AvahiObject *object)
{
  const Xep174AvahiRequest request = {
    object->objects->daemon, object->path, object->kind->interface, "Free", NULL, "()",
  };

  xep174_avahi_bus_tell (object->connection->bus, &request);
}

static void
refuse (Xep174AvahiObject *object,
        const char        *refusal,
        const char        *words)
{
  leave_connection (object);
  if (object->state == LEFT)
    {
      free_now (object);
      return;
    }

  set_state (object, DEAD);
  object->kind->refused (refusal, words, object->user_data);
}

static void
on_made (Xep174AvahiObject *object,
         GVariant          *body)
{
  g_variant_get (body, "(o)", &object->path);
  if (object->state == LEFT)
    {
      free_in_daemon (object);
      leave_connection (object);
      free_now (object);
    }
  else if (xep174_avahi_bus_watch (object->connection->bus, object->path, on_object_signal, object))
    {
      set_state (object, MADE);
      object->kind->made (object, object->user_data);
    }
  else
    refuse (object, XEP174_AVAHI_NONSENSE, NULL);
}

/* Where a client has been granted nothing at all, no other one will be granted more. */
static gboolean
may_try_again (Xep174AvahiObject *object,
               const char        *refusal)
{
  Xep174AvahiObjects *self = object->objects;
  Connection *connection = object->connection;

  if (xep174_avahi_is_unknown (refusal) && object->kind->older != NULL)
    {
      self->is_old = TRUE;
      return TRUE;
    }
  if (!xep174_avahi_is_object_limit (refusal))
    return FALSE;

  connection->n_max = MIN (connection->n_max, object->n_before);
  self->n_max = MIN (self->n_max, MAX (connection->n_max, 1));
  return object->n_before > 0 || connection == g_ptr_array_index (self->connections, 0);
}

static void
on_maker_answered (GVariant   *body,
                   const char *refusal,
                   const char *words,
                   gpointer    user_data)
{
  Xep174AvahiObject *object = user_data;

  object->call = NULL;
  if (body != NULL)
    {
      on_made (object, body);
    }
  else if (may_try_again (object, refusal) && object->state == ASKED)
    {
      leave_connection (object);
      set_state (object, WAITING);
      place_waiting (object->objects);
    }
  else
    refuse (object, refusal, words);
}

static void
ask_on (Xep174AvahiObject *object,
        Connection        *connection)
{
  Xep174AvahiRequest request = {
    object->objects->daemon, "/", NULL, NULL, object->arguments, "(o)",
  };

  if (object->objects->is_old && object->kind->older != NULL)
    object->kind = object->kind->older;
  request.interface = object->kind->maker_interface;
  request.method = object->kind->maker;
  set_state (object, ASKED);
  object->connection = connection;
  object->n_before = connection->n_objects++;
  object->call = xep174_avahi_bus_call (connection->bus, &request, on_maker_answered, object);
}

/* Connections */

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  if (connection->is_ours)
    xep174_avahi_bus_free (connection->bus);
  g_free (connection);
}

static Connection *
add_connection (Xep174AvahiObjects *self)
{
  Connection *connection = g_new0 (Connection, 1);

  connection->objects = self;
  connection->n_max = self->n_max;
  g_ptr_array_add (self->connections, connection);

  return connection;
}

static void
on_bus_opened (Xep174AvahiBus *bus,
               gpointer        owner)
{
  Connection *connection = owner;

  xep174_avahi_bus_set_peer (bus, connection->objects->daemon, FALSE);
  place_waiting (connection->objects);
}

static void
on_bus_closed (Xep174AvahiBus *bus,
               const char     *refusal,
               const char     *words,
               gpointer        owner)
{
  Connection *connection = owner;
  Xep174AvahiObjects *self = connection->objects;

  if (xep174_avahi_bus_is_open (bus))
    {
      self->lost (self->user_data);
      return;
    }

  g_ptr_array_remove (self->connections, connection);
  refuse_waiting (self, refusal);
}

/* The first connection asks the daemon whether it is there, and so speaks for all. */
static void
on_bus_silent (Xep174AvahiBus *bus,
               gboolean        silent,
               gpointer        owner)
{
}

static const Xep174AvahiBusListener bus_listener = {
  .opened = on_bus_opened,
  .closed = on_bus_closed,
  .silent = on_bus_silent,
};

static void
open_another (Xep174AvahiObjects *self)
{
  Connection *connection;

  if (self->connections->len >= CONNECTIONS_MAX)
    {
      refuse_waiting (self, XEP174_AVAHI_FULL);
      return;
    }

  connection = add_connection (self);
  connection->is_ours = TRUE;
  connection->bus = xep174_avahi_bus_new (self->stack, self->context, &bus_listener, connection);
}

/* @opening: one that is not open yet may have some. */
static Connection *
find_room (Xep174AvahiObjects *self,
           gboolean           *opening)
{
  *opening = FALSE;
  for (guint i = 0; i < self->connections->len; i++)
    {
      Connection *connection = g_ptr_array_index (self->connections, i);

      if (!xep174_avahi_bus_is_open (connection->bus))
        *opening = TRUE;
      else if (connection->n_objects < connection->n_max)
        return connection;
    }

  return NULL;
}

static void
place_waiting (Xep174AvahiObjects *self)
{
  while (!g_queue_is_empty (&self->queues[WAITING]))
    {
      gboolean opening;
      Connection *connection = find_room (self, &opening);

      if (connection != NULL)
        ask_on (g_queue_peek_head (&self->queues[WAITING]), connection);
      else if (opening)
        return;
      else
        open_another (self);
    }
}

Xep174AvahiObjects *
xep174_avahi_objects_new (Xep174MdnsStack *stack,
                          GMainContext    *context,
                          Xep174AvahiBus  *primary,
                          const char      *daemon,
                          void           (*lost) (gpointer user_data),
                          gpointer         user_data)
{
  Xep174AvahiObjects *self = g_new0 (Xep174AvahiObjects, 1);

  self->stack = stack;
  self->context = g_main_context_ref (context);
  self->daemon = g_strdup (daemon);
  self->lost = lost;
  self->user_data = user_data;
  self->n_max = OBJECTS_PER_CLIENT;
  self->connections = g_ptr_array_new_with_free_func (connection_free);
  for (State i = WAITING; i < N_STATES; i++)
    g_queue_init (&self->queues[i]);
  add_connection (self)->bus = primary;

  return self;
}

void
xep174_avahi_objects_free (Xep174AvahiObjects *self)
{
  Xep174AvahiObject *object;

  while ((object = g_queue_peek_head (&self->queues[LEFT])) != NULL)
    {
      if (object->call != NULL)
        xep174_avahi_bus_forget (object->connection->bus, object->call);
      free_now (object);
    }
  xep174_clear_source (&self->turn);
  g_ptr_array_unref (self->connections);
  g_main_context_unref (self->context);
  g_free (self->daemon);
  g_free (self);
}

Xep174AvahiObject *
xep174_avahi_objects_make (Xep174AvahiObjects    *self,
                           const Xep174AvahiKind *kind,
                           GVariant              *arguments,
                           gpointer               user_data)
{
  Xep174AvahiObject *object = g_new0 (Xep174AvahiObject, 1);

  object->link.data = object;
  object->objects = self;
  object->kind = kind;
  object->arguments = g_variant_ref_sink (arguments);
  object->user_data = user_data;
  g_queue_push_tail_link (&self->queues[WAITING], &object->link);
  place_waiting (self);

  return object;
}

void
xep174_avahi_object_free (Xep174AvahiObject *self)
{
  if (self->state == ASKED && !xep174_avahi_bus_withdraw (self->connection->bus, self->call))
    {
      set_state (self, LEFT);
      return;
    }

  if (self->state == MADE)
    {
      xep174_avahi_bus_unwatch (self->connection->bus, self->path);
      free_in_daemon (self);
    }

  if (self->connection != NULL)
    leave_connection (self);
  free_now (self);
}

gboolean
xep174_avahi_object_is_made (Xep174AvahiObject *self)
{
  return self->state == MADE;
}

Xep174AvahiCall *
xep174_avahi_object_call (Xep174AvahiObject     *self,
                          const char            *method,
                          GVariant              *arguments,
                          Xep174AvahiAnswerFunc  func,
                          gpointer               user_data)
{
  const Xep174AvahiRequest request = {
    self->objects->daemon, self->path, self->kind->interface, method, arguments, "()",
  };

  return xep174_avahi_bus_call (self->connection->bus, &request, func, user_data);
}

void
xep174_avahi_object_forget (Xep174AvahiObject  *self,
                            Xep174AvahiCall   **call)
{
  if (*call != NULL)
    xep174_avahi_bus_forget (self->connection->bus, *call);
  *call = NULL;
}

void
xep174_avahi_object_tell (Xep174AvahiObject *self,
                          const char        *method)
{
  const Xep174AvahiRequest request = {
    self->objects->daemon, self->path, self->kind->interface, method, NULL, "()",
  };

  xep174_avahi_bus_tell (self->connection->bus, &request);
}

