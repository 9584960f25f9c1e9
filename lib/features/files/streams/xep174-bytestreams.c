/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-bytestreams-private.h"

#include "xep174-candidates-private.h"
#include "xep174-greeting-private.h"
#include "xep174-guest-private.h"
#include "xep174-identity-private.h"
#include "xep174-places-private.h"
#include "xep174-session-private.h"
#include "xep174-socks.h"

/* XEP-0260 §4: how long to wait for one address before the next one is tried, too, and for all of them. */
#define STAGGER_MS 200
#define DIAL_MS    5000

/* Connections of the contact to one stream: it may try several ways to us at a time. */
#define MAX_CALLERS 4

struct _Xep174Bytestreams
{
  Xep174SessionManager *manager;
  GHashTable *expected; /* DST.ADDR -> Xep174Bytestream, not owned */
  GQueue arrivals;      /* of Arrival */
  Xep174Spoiled *spoiled;
};

struct _Xep174Bytestream
{
  Xep174Bytestreams *all;
  const Xep174BytestreamEvents *events;
  gpointer data;
  char *contact;
  char *expected;    /* DST.ADDR, for who dials us */
  char *dialled;     /* and for whom we dial */
  Xep174Certificate *certificate;
  GBytes *key;       /* %NULL: the conversation is in the clear */
  GPtrArray *candidates;
  GQueue callers;    /* of GSocketConnection */

  Xep174Places *places;
  GQueue unsure;     /* of Attempt: whose address it is becomes known */
  GQueue waiting;    /* of Attempt: what was not tried yet */
  GQueue attempts;   /* of Attempt: what goes on */
  Xep174Alarm next_alarm;
  Xep174Alarm end_alarm;
  GSocketConnection *found;
};

/* Somebody at the port who has not said what he wants. */
typedef struct
{
  Xep174Bytestreams *all;
  Xep174Guest *guest;
  Xep174Greeting *greeting;
} Arrival;

typedef struct
{
  Xep174Bytestream *stream; /* %NULL: given up, waits for its callback */
  char *cid;
  guint32 priority;
  GSocketAddress *address;
  GCancellable *cancellable; /* while TCP is made */
  Xep174Greeting *greeting;  /* afterwards */
} Attempt;

static void try_next (gpointer data);

static Xep174Surroundings *
around (Xep174Bytestreams *self)
{
  return &self->manager->around;
}

/* --- Who comes --------------------------------------------------------------------------- */

static void
arrival_free (Arrival *self)
{
  xep174_greeting_free (self->greeting);
  xep174_guest_free (self->guest);
  g_free (self);
}

static gboolean
on_asks (const char *address,
         gpointer    data)
{
  Arrival *arrival = data;
  Xep174Bytestream *stream = g_hash_table_lookup (arrival->all->expected, address);

  return stream != NULL && stream->callers.length < MAX_CALLERS;
}

static void
on_arrived (GSocketConnection *connection,
            gpointer           data)
{
  Arrival *arrival = data;
  const char *address = xep174_greeting_get_address (arrival->greeting);
  Xep174Bytestream *stream = NULL;

  if (connection != NULL)
    {
      stream = g_hash_table_lookup (arrival->all->expected, address);
      g_queue_push_tail (&stream->callers, g_object_ref (connection));
    }
  g_queue_remove (&arrival->all->arrivals, arrival);
  arrival_free (arrival);
  if (stream != NULL && stream->events->called != NULL)
    stream->events->called (stream->data);
}

static const Xep174GreetingEvents arrival_events = { on_asks, on_arrived };

static void
on_guest (Xep174Guest  *guest,
          const guint8 *octets,
          gsize         length,
          gpointer      data)
{
  Xep174Bytestreams *self = data;
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->all = self;
  arrival->guest = guest;
  arrival->greeting = xep174_greeting_new (guest->connection, self->manager->context, around (self)->network,
                                           around (self)->settings.header_timeout, &arrival_events, arrival);
  g_queue_push_tail (&self->arrivals, arrival);
  xep174_greeting_accept (arrival->greeting, octets, length);
}

Xep174Bytestreams *
xep174_bytestreams_new (Xep174FeatureHost *host)
{
  Xep174Bytestreams *self = g_new0 (Xep174Bytestreams, 1);

  self->manager = XEP174_SESSION_MANAGER (host);
  self->expected = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->arrivals);
  self->spoiled = xep174_spoiled_new (around (self)->network->clock);
  xep174_session_manager_set_guests (self->manager, XEP174_SOCKS_VERSION, on_guest, self);
  return self;
}

void
xep174_bytestreams_free (Xep174Bytestreams *self)
{
  g_return_if_fail (g_hash_table_size (self->expected) == 0);

  xep174_session_manager_set_guests (self->manager, 0, NULL, NULL);
  g_queue_clear_full (&self->arrivals, (GDestroyNotify) arrival_free);
  g_hash_table_unref (self->expected);
  xep174_spoiled_unref (self->spoiled);
  g_free (self);
}

/* --- Whom we dial ------------------------------------------------------------------------ */

static void
attempt_free (Attempt *self)
{
  g_clear_pointer (&self->greeting, xep174_greeting_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->address);
  g_free (self->cid);
  g_free (self);
}

/* One that waits for its callback is freed there. */
static void
attempt_give_up (Attempt *self)
{
  self->stream = NULL;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  else
    attempt_free (self);
}

static void
stop_dialling (Xep174Bytestream *self)
{
  Xep174Clock *clock = around (self->all)->network->clock;

  xep174_alarm_clear (&self->next_alarm, clock);
  xep174_alarm_clear (&self->end_alarm, clock);
  g_clear_pointer (&self->places, xep174_places_free);
  g_queue_clear_full (&self->unsure, (GDestroyNotify) attempt_free);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) attempt_free);
  g_queue_clear_full (&self->attempts, (GDestroyNotify) attempt_give_up);
}

static void
finish_dialling (Xep174Bytestream *self,
                 const char       *cid,
                 guint32           priority)
{
  g_autofree char *held = g_strdup (cid);

  stop_dialling (self);
  self->events->dialled (held, priority, self->data);
}

static void
on_dial_timeout (gpointer data)
{
  finish_dialling (data, NULL, 0);
}

static void
attempt_fail (Attempt *self)
{
  Xep174Bytestream *stream = self->stream;

  g_queue_remove (&stream->attempts, self);
  attempt_free (self);
  try_next (stream);
}

static void
on_greeted (GSocketConnection *connection,
            gpointer           data)
{
  Attempt *self = data;

  if (connection == NULL)
    {
      attempt_fail (self);
      return;
    }

  self->stream->found = g_object_ref (connection);
  finish_dialling (self->stream, self->cid, self->priority);
}

static const Xep174GreetingEvents attempt_events = { NULL, on_greeted };

static void
on_connected (GObject      *client,
              GAsyncResult *result,
              gpointer      data)
{
  Attempt *self = data;
  g_autoptr(GSocketConnection) connection = NULL;
  Xep174Bytestreams *all;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (client), result, NULL);
  g_clear_object (&self->cancellable);
  if (self->stream == NULL)
    {
      attempt_free (self);
      return;
    }
  if (connection == NULL)
    {
      attempt_fail (self);
      return;
    }

  all = self->stream->all;
  self->greeting = xep174_greeting_new (connection, all->manager->context, around (all)->network, DIAL_MS,
                                        &attempt_events, self);
  xep174_greeting_dial (self->greeting, self->stream->dialled);
}

static void
attempt_begin (Attempt *self)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  Xep174Poller *poller = around (self->stream->all)->network->poller;
  gboolean entered;

  /* Between two hosts of one network. */
  g_socket_client_set_enable_proxy (client, FALSE);
  self->cancellable = g_cancellable_new ();
  entered = xep174_poller_enter (poller);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (self->address), self->cancellable,
                                 on_connected, self);
  xep174_poller_leave (poller, entered);
}

static void
try_next (gpointer data)
{
  Xep174Bytestream *self = data;
  Attempt *attempt = g_queue_pop_head (&self->waiting);

  if (attempt == NULL)
    {
      if (g_queue_is_empty (&self->attempts) && g_queue_is_empty (&self->unsure))
        finish_dialling (self, NULL, 0);
      return;
    }

  g_queue_push_tail (&self->attempts, attempt);
  xep174_alarm_set (&self->next_alarm, around (self->all)->network->clock, STAGGER_MS, try_next, self);
  attempt_begin (attempt);
}

static gboolean
is_spoiled (Xep174Bytestream *self,
            GSocketAddress   *address)
{
  GInetAddress *inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  g_autofree char *host = g_inet_address_to_string (inet);

  return xep174_spoiled_has (self->all->spoiled, self->contact, TRUE, host);
}

static int
compare_priorities (gconstpointer one,
                    gconstpointer other,
                    gpointer      data)
{
  guint32 first = ((const Attempt *) one)->priority, second = ((const Attempt *) other)->priority;

  return first < second ? 1 : first > second ? -1 : 0;
}

/* Nobody is dialled who is not known to be the contact. Takes @attempt. */
static void
sort_in (Xep174Bytestream *self,
         Attempt          *attempt)
{
  switch (xep174_places_judge (self->places, attempt->address))
    {
    case XEP174_PLACE_THEIRS:
      g_queue_insert_sorted (&self->waiting, attempt, compare_priorities, NULL);
      break;
    case XEP174_PLACE_UNSURE:
      g_queue_push_tail (&self->unsure, attempt);
      break;
    case XEP174_PLACE_STRANGE:
    default:
      g_debug ("“%s” says that it is at an address that is not its own", self->contact);
      attempt_free (attempt);
    }
}

static void
on_places_changed (gpointer data)
{
  Xep174Bytestream *self = data;

  for (guint n = self->unsure.length; n > 0; n--)
    sort_in (self, g_queue_pop_head (&self->unsure));
  /* Otherwise it has its turn soon. */
  if (g_queue_is_empty (&self->attempts) || !xep174_alarm_is_set (&self->next_alarm))
    try_next (self);
}

static void
add_attempt (Xep174Bytestream            *self,
             const Xep174JingleCandidate *candidate)
{
  g_autoptr(GSocketAddress) address = xep174_places_resolve (self->places, candidate->host, candidate->port);
  Attempt *attempt;

  if (address == NULL || is_spoiled (self, address))
    return;

  attempt = g_new0 (Attempt, 1);
  attempt->stream = self;
  attempt->cid = g_strdup (candidate->cid);
  attempt->priority = candidate->priority;
  attempt->address = g_steal_pointer (&address);
  sort_in (self, attempt);
}

void
xep174_bytestream_dial (Xep174Bytestream *self,
                        GPtrArray        *candidates)
{
  Xep174Clock *clock = around (self->all)->network->clock;

  stop_dialling (self);
  g_clear_object (&self->found);
  /* The conversation may go elsewhere than when the stream was made. */
  self->places = xep174_places_new (self->all->manager, self->contact, on_places_changed, self);
  for (guint i = 0; i < MIN (candidates->len, XEP174_JINGLE_MAX_CANDIDATES); i++)
    add_attempt (self, candidates->pdata[i]);

  xep174_alarm_set (&self->end_alarm, clock, DIAL_MS, on_dial_timeout, self);
  xep174_alarm_set (&self->next_alarm, clock, 0, try_next, self);
}

/* --- One stream -------------------------------------------------------------------------- */

static void
leave_out_spoiled (Xep174Bytestream *self)
{
  for (guint i = self->candidates->len; i > 0; i--)
    {
      const Xep174JingleCandidate *candidate = self->candidates->pdata[i - 1];

      if (xep174_spoiled_has (self->all->spoiled, self->contact, FALSE, candidate->host))
        g_ptr_array_remove_index (self->candidates, i - 1);
    }
}

/* Whether there is a conversation, and what it says of the other side (T5). */
static gboolean
read_session (Xep174Bytestream  *self,
              Xep174Session     *session,
              const char        *sid,
              GError           **error)
{
  Xep174Surroundings *us = around (self->all);
  Xep174Slot *slot = session != NULL ? xep174_session_current_slot (session) : NULL;
  g_autoptr(GSocketAddress) local = NULL;
  const char *ours, *contact;

  if (slot == NULL || slot->transport == NULL)
    {
      g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED,
                           "There is no conversation that a file could belong to");
      return FALSE;
    }
  if (xep174_session_is_encrypted (session))
    {
      slot = xep174_session_get_secure_slot (session);
      if (slot == NULL || slot->key == NULL || us->keyring.identity == NULL)
        {
          g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_TLS,
                               "The conversation is encrypted by the program, which a file cannot be");
          return FALSE;
        }
      self->key = g_bytes_ref (slot->key);
      self->certificate = xep174_certificate_ref (xep174_identity_get_certificate (us->keyring.identity));
    }

  ours = xep174_session_name_of_ours (session);
  contact = xep174_session_get_name (session);
  local = xep174_transport_dup_local (slot->transport);
  self->candidates = xep174_candidates_list (local, ours, us->port, us->network->random);
  leave_out_spoiled (self);
  self->expected = xep174_socks_address (sid, ours, contact);
  self->dialled = xep174_socks_address (sid, contact, ours);
  return TRUE;
}

Xep174Bytestream *
xep174_bytestream_new (Xep174Bytestreams             *all,
                       const char                    *contact,
                       const char                    *sid,
                       const Xep174BytestreamEvents  *events,
                       gpointer                       data,
                       GError                       **error)
{
  g_autoptr(Xep174Bytestream) self = g_new0 (Xep174Bytestream, 1);
  Xep174Session *session = xep174_session_manager_find_session (all->manager, contact);

  self->all = all;
  self->events = events;
  self->data = data;
  self->contact = g_strdup (contact);
  if (!read_session (self, session, sid, error))
    return NULL;

  return g_steal_pointer (&self);
}

gboolean
xep174_bytestream_expect (Xep174Bytestream  *self,
                          GError           **error)
{
  if (g_hash_table_contains (self->all->expected, self->expected))
    {
      g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                           "The contact uses the name of a stream that goes on for another one");
      return FALSE;
    }

  g_hash_table_insert (self->all->expected, self->expected, self);
  return TRUE;
}

static void
close_callers (Xep174Bytestream *self)
{
  g_queue_clear_full (&self->callers, g_object_unref);
}

void
xep174_bytestream_free (Xep174Bytestream *self)
{
  stop_dialling (self);
  close_callers (self);
  g_clear_object (&self->found);
  if (self->expected != NULL && g_hash_table_lookup (self->all->expected, self->expected) == self)
    g_hash_table_remove (self->all->expected, self->expected);
  g_free (self->contact);
  g_free (self->expected);
  g_free (self->dialled);
  g_clear_pointer (&self->certificate, xep174_certificate_unref);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
  g_free (self);
}

GPtrArray *
xep174_bytestream_get_candidates (Xep174Bytestream *self)
{
  return self->candidates;
}

/* --- What it leads to -------------------------------------------------------------------- */

static const char *
find_host (Xep174Bytestream *self,
           const char       *cid)
{
  for (guint i = 0; cid != NULL && i < self->candidates->len; i++)
    {
      const Xep174JingleCandidate *candidate = self->candidates->pdata[i];

      if (g_strcmp0 (candidate->cid, cid) == 0)
        return candidate->host;
    }

  return NULL;
}

static gboolean
came_to (GSocketConnection *connection,
         const char        *host)
{
  g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autofree char *own = NULL;

  if (!G_IS_INET_SOCKET_ADDRESS (local))
    return FALSE;

  own = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local)));
  return g_strcmp0 (own, host) == 0;
}

/* The contact closes those that it does not use. */
static gboolean
is_alive (GSocketConnection *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  GIOCondition ready = g_socket_condition_check (socket, G_IO_IN | G_IO_HUP | G_IO_ERR);

  if (ready & (G_IO_HUP | G_IO_ERR))
    return FALSE;

  return (ready & G_IO_IN) == 0 || g_socket_get_available_bytes (socket) > 0;
}

static GSocketConnection *
find_caller (Xep174Bytestream *self,
             const char       *cid)
{
  const char *host = find_host (self, cid);
  GSocketConnection *last = NULL;

  for (GList *l = self->callers.tail; l != NULL; l = l->prev)
    if (is_alive (l->data))
      {
        if (host == NULL || came_to (l->data, host))
          return l->data;
        if (last == NULL)
          last = l->data;
      }

  return last;
}

Xep174Pipe *
xep174_bytestream_take (Xep174Bytestream  *self,
                        gboolean           ours,
                        const char        *cid,
                        GError           **error)
{
  GSocketConnection *chosen = ours ? self->found : find_caller (self, cid);
  Xep174Pipe *pipe = NULL;

  if (chosen != NULL)
    pipe = xep174_pipe_new (chosen, ours, self->certificate, self->key, around (self->all)->network->clock,
                            error);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                         "The connection for the file has ended before it was used");
  if (pipe != NULL)
    xep174_pipe_set_spoiled (pipe, self->all->spoiled, self->contact);
  stop_dialling (self);
  close_callers (self);
  g_clear_object (&self->found);
  return pipe;
}
