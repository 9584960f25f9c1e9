/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* D24: a host may lose an address, or a cable, while only we talk. Nothing comes back that could tell; TCP
 * gives up after more than a minute only; and mDNS names an address on for two minutes if its host could
 * say no goodbye there. So where what we say is not acknowledged, the other addresses that the directory
 * names are tried, without a word: if one takes TCP and the one in use does not, the stream is probed. A
 * network that is down for a while changes nothing, and nothing is tried while everything is acknowledged
 * (D21). */

#include "xep174-session-private.h"

#include "xep174-gettext-private.h"

/* Until the first look. Each pause that follows is twice as long as the one before, up to a bound. */
#define FIRST_MS 2000
#define MAX_DOUBLINGS 3
/* A lost packet or a slow link is no reason: TCP has repeated itself in vain this often by FIRST_MS. */
#define MIN_REPEATS 3
/* How long the address in use may take once another one has answered: TCP calls a second time after a
 * second (RFC 6298 §2). On slow links it is that much longer. */
#define SECOND_CALL_MS 1000
#define ANSWER_MS 500
/* Nobody has more ways than this. */
#define MAX_TRIED 8
/* An alarm that rings while a handler of the program runs a main loop of its own rings again. */
#define BUSY_MS 20

typedef struct
{
  Xep174Session *session;
  guint serial;
  GCancellable *cancellable;
  GSocketAddress *used;
  gboolean from_nowhere; /* our end's address has left this host: even the one in use is called anew */
  guint n_tried;
} Look;

static void on_way_alarm (gpointer data);

static void
look_clear (gpointer data)
{
  Look *look = data;

  g_object_unref (look->session);
  g_object_unref (look->cancellable);
  g_object_unref (look->used);
}

static void
look_release (Look *look)
{
  g_rc_box_release_full (look, look_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_release)

static void
set_alarm (Xep174Slot *slot,
           guint       ms)
{
  xep174_alarm_set (&slot->way, slot->network->clock, ms, on_way_alarm, slot);
}

static void
stop_looking (Xep174Slot *slot)
{
  if (slot->looking != NULL)
    g_cancellable_cancel (slot->looking);
  g_clear_object (&slot->looking);
  slot->outdone = 0;
  slot->uprooted = 0;
}

/* Nothing more is written meanwhile: it would only be more of which nobody knows whether it has come (S7). */
static void
begin_doubt (Xep174Slot *slot,
             gint64     *since)
{
  *since = xep174_clock_get_now_ms (slot->network->clock);
}

static Look *
look_new (Xep174Session  *self,
          Xep174Slot     *slot,
          GSocketAddress *used)
{
  Look *look = g_rc_box_new0 (Look);

  stop_looking (slot);
  slot->looking = g_cancellable_new ();
  look->session = g_object_ref (self);
  look->serial = slot->serial;
  look->cancellable = g_object_ref (slot->looking);
  look->used = g_object_ref (used);
  return look;
}

/* The slot that @look is about, NULL if nobody waits for it any more. */
static Xep174Slot *
look_find_slot (Look *look)
{
  if (g_cancellable_is_cancelled (look->cancellable) || look->session->around == NULL)
    return NULL;

  return xep174_session_find_slot (look->session, look->serial);
}

/* The address at the contact's end. */
static GSocketAddress *
dup_used (Xep174Slot *slot)
{
  g_autoptr(GSocketAddress) address = NULL;

  address = slot->address != NULL ? g_object_ref (slot->address)
                                  : xep174_transport_dup_remote (slot->transport);
  return G_IS_INET_SOCKET_ADDRESS (address) ? g_steal_pointer (&address) : NULL;
}

/* The port that a contact has dialled from is not one to call at. */
static void
take_port (Look           *look,
           GSocketAddress *named)
{
  GInetSocketAddress *used = G_INET_SOCKET_ADDRESS (look->used);
  gboolean is_ipv6 = g_socket_address_get_family (look->used) == G_SOCKET_FAMILY_IPV6;

  look->used = g_object_new (G_TYPE_INET_SOCKET_ADDRESS,
                             "address", g_inet_socket_address_get_address (used),
                             "port", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (named)),
                             "scope-id", is_ipv6 ? g_inet_socket_address_get_scope_id (used) : 0,
                             NULL);
  g_object_unref (used);
}

static gboolean
is_own_end_gone (Xep174Slot *slot)
{
  g_autoptr(GSocketAddress) own = xep174_transport_dup_local (slot->transport);

  return G_IS_INET_SOCKET_ADDRESS (own)
         && !xep174_ways_is_of_this_host (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (own)));
}

static gboolean
is_to_be_watched (Xep174Session *self,
                  Xep174Slot    *slot)
{
  return self->around != NULL && self->around->directory != NULL
         && slot->transport != NULL && !g_queue_is_empty (&slot->written)
         && self->current == slot->index
         && xep174_stream_is_session (&self->arbiter.slots[slot->index]);
}

/* --- The calls --------------------------------------------------------------------------- */

static void
call (Look                *look,
      GSocketAddress      *address,
      GAsyncReadyCallback  callback)
{
  Xep174Session *self = look->session;
  g_autoptr(Xep174Ways) ways = NULL;

  ways = xep174_ways_new (self->name, self->around->port, NULL, NULL);
  xep174_ways_lead_to (ways, address);
  look->n_tried++;
  xep174_network_dial_async (self->network, ways, look->cancellable, callback,
                             g_rc_box_acquire (look));
}

static gboolean
finish_call (Look         *look,
             GAsyncResult *result,
             GError      **error)
{
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GIOStream) stream = NULL;

  stream = xep174_network_dial_finish (look->session->network, result, &address, error);
  return stream != NULL;
}

/* A host that refuses is there. If even the call fails, there is no way from here. */
static void
on_used_called (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  g_autoptr(Look) look = data;
  g_autoptr(GError) error = NULL;
  gboolean answers = finish_call (look, result, &error)
                     || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  Xep174Slot *slot = look_find_slot (look);

  if (slot == NULL)
    return;

  if (answers)
    stop_looking (slot);
  set_alarm (slot, answers ? FIRST_MS << slot->looks : 0);
  xep174_session_wake (look->session);
}

static void
on_other_called (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  g_autoptr(Look) look = data;
  gboolean answers = finish_call (look, result, NULL);
  Xep174Slot *slot = look_find_slot (look);
  g_autoptr(Look) doubt = NULL;

  if (!answers || slot == NULL)
    return;

  if (look->from_nowhere)
    {
      /* The address may be back, and the stream with it. */
      stop_looking (slot);
      if (is_own_end_gone (slot))
        begin_doubt (slot, &slot->uprooted);
      set_alarm (slot, slot->uprooted != 0 ? 0 : FIRST_MS);
      return;
    }

  /* It is called now, not before, lest what was down for both of them comes back between the calls. */
  doubt = look_new (look->session, slot, look->used);
  begin_doubt (slot, &slot->outdone);
  set_alarm (slot, SECOND_CALL_MS
                   + MAX (ANSWER_MS, xep174_transport_get_round_trip (slot->transport)));
  call (doubt, doubt->used, on_used_called);
  xep174_session_wake (look->session);
}

/* --- The question ------------------------------------------------------------------------ */

static void ask_next (GSocketAddressEnumerator *told,
                      Look                     *look);

static void
on_told (GObject      *told,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Look) look = data;
  g_autoptr(GSocketAddress) address = NULL;
  Xep174Slot *slot;

  address = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (told), result,
                                                     NULL);
  slot = look_find_slot (look);
  if (slot == NULL || !G_IS_INET_SOCKET_ADDRESS (address))
    return;

  if (slot->address == NULL)
    take_port (look, address);
  if (look->from_nowhere || !xep174_ways_is_same_host (address, look->used))
    call (look, address, on_other_called);
  if (look->n_tried < MAX_TRIED)
    ask_next (G_SOCKET_ADDRESS_ENUMERATOR (told), g_steal_pointer (&look));
}

static void
ask_next (GSocketAddressEnumerator *told,
          Look                     *look)
{
  g_socket_address_enumerator_next_async (told, look->cancellable, on_told, look);
}

static void
ask (Xep174Session *self,
     Xep174Slot    *slot,
     gboolean       from_nowhere)
{
  Xep174Directory *directory = self->around->directory;
  g_autoptr(GSocketAddress) used = dup_used (slot);
  g_autoptr(GSocketConnectable) connectable = NULL;
  g_autoptr(GSocketAddressEnumerator) told = NULL;
  Look *look;

  if (used != NULL)
    connectable = xep174_directory_dup_connectable (directory, self->name, NULL);
  if (connectable == NULL)
    return;

  told = g_socket_connectable_enumerate (connectable);
  look = look_new (self, slot, used);
  look->from_nowhere = from_nowhere;
  ask_next (told, look);
}

/* --- When it is asked -------------------------------------------------------------------- */

/* Who answers no ping is replaced at once: nobody acknowledges, and it is known why. */
static void
doubt (Xep174Session *self,
       Xep174Slot    *slot,
       gint64        *since)
{
  gboolean legacy = (self->arbiter.slots[slot->index].flags & XEP174_STREAM_LEGACY) != 0;

  g_debug ("%s: is not where the stream goes any more", self->name);
  begin_doubt (slot, since);
  if (!legacy)
    {
      xep174_session_post (self, XEP174_ARBITER_EVENT_PROBE, NULL);
      return;
    }

  xep174_slot_set_error (slot, g_error_new_literal (XEP174_SESSION_ERROR,
                                                    XEP174_SESSION_ERROR_TIMED_OUT,
                                                    _("no sign of life any more")));
  xep174_session_post (self, XEP174_ARBITER_EVENT_T_PROBE, slot);
}

static gboolean
is_stuck (Xep174Slot *slot,
          int         repeats)
{
  return repeats >= MIN_REPEATS || (repeats < 0 && slot->ping_pending);
}

static void
look_around (Xep174Session *self,
             Xep174Slot    *slot,
             gboolean       outdone,
             gboolean       uprooted)
{
  int repeats = xep174_transport_get_repeats (slot->transport);
  /* Without its own address TCP cannot even repeat itself. */
  gboolean from_nowhere = is_own_end_gone (slot);

  if (!from_nowhere && !is_stuck (slot, repeats))
    {
      if (repeats >= 0 || slot->answers_pings)
        set_alarm (slot, FIRST_MS);
      return;
    }

  slot->looks = MIN (slot->looks + 1, MAX_DOUBLINGS);
  set_alarm (slot, FIRST_MS << slot->looks);
  if (outdone || uprooted)
    doubt (self, slot, uprooted ? &slot->uprooted : &slot->outdone);
  else
    ask (self, slot, from_nowhere);
}

static void
on_way_alarm (gpointer data)
{
  Xep174Slot *slot = data;
  g_autoptr(Xep174Session) self = g_object_ref (slot->session);
  gboolean outdone = slot->outdone != 0;
  gboolean uprooted = slot->uprooted != 0;

  if (self->running)
    {
      set_alarm (slot, BUSY_MS);
      return;
    }

  stop_looking (slot);
  if (!is_to_be_watched (self, slot) || xep174_transport_is_taken_in (slot->transport))
    slot->looks = 0;
  else
    look_around (self, slot, outdone, uprooted);
  xep174_session_wake (self);
}

void
xep174_session_watch_way (Xep174Session *self,
                          Xep174Slot    *slot)
{
  if (!xep174_alarm_is_set (&slot->way) && is_to_be_watched (self, slot))
    set_alarm (slot, FIRST_MS);
}
