/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* D24: a host may change its address while only we talk. Nothing comes back that could tell, and TCP gives
 * up after more than a minute only. So where what we say is not acknowledged, the directory is asked
 * whether the contact still has the address that the stream goes to; if it has another one instead, the
 * stream is probed. Nothing is asked while everything is acknowledged (D21). */

#include "xep174-session-private.h"

#include "xep174-session-manager-private.h"

/* Until the first look. Each pause that follows is twice as long as the one before, up to a bound. */
#define FIRST_MS 2000
#define MAX_DOUBLINGS 5
/* A lost packet or a slow link is no reason: TCP has repeated itself in vain this often by FIRST_MS. */
#define MIN_REPEATS 3
/* An alarm that rings while a handler of the program runs a main loop of its own rings again. */
#define BUSY_MS 20

typedef struct
{
  Xep174Session *session;
  guint serial;
  GCancellable *cancellable;
  GInetAddress *used;
  gboolean other; /* another address of its kind is named */
} Look;

static void on_way_alarm (gpointer data);

static void
look_free (Look *look)
{
  g_object_unref (look->session);
  g_object_unref (look->cancellable);
  g_object_unref (look->used);
  g_free (look);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

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
}

/* The address at the contact's end, if the directory should name it: one that we have dialled, or the
 * source of the contact's own dial. That is not for IPv6, where hosts call from temporary addresses that
 * nobody names (RFC 8981). */
static GInetAddress *
dup_used (Xep174Session *self,
          Xep174Slot    *slot)
{
  g_autoptr(GSocketAddress) source = NULL;
  GSocketAddress *address = slot->address;

  if (address == NULL && (self->arbiter.slots[slot->index].flags & XEP174_STREAM_INCOMING) != 0)
    {
      source = xep174_transport_dup_remote (slot->transport);
      if (source != NULL && g_socket_address_get_family (source) == G_SOCKET_FAMILY_IPV4)
        address = source;
    }
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return NULL;

  return g_object_ref (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static gboolean
is_to_be_watched (Xep174Session *self,
                  Xep174Slot    *slot)
{
  return self->manager != NULL && xep174_session_manager_get_directory (self->manager) != NULL
         && slot->transport != NULL && !g_queue_is_empty (&slot->written)
         && self->current == slot->index
         && xep174_stream_is_session (&self->arbiter.slots[slot->index]);
}

/* --- The question ------------------------------------------------------------------------ */

static void ask_next (GSocketAddressEnumerator *told,
                      Look                     *look);

/* A look-up that fails or tells nothing changes nothing. */
static void
on_told (GObject      *told,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Look) look = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = NULL;
  Xep174Slot *slot;
  GInetAddress *named;

  address = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (told), result,
                                                     &error);
  slot = xep174_session_find_slot (look->session, look->serial);
  if (g_cancellable_is_cancelled (look->cancellable) || slot == NULL)
    return;

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    {
      stop_looking (slot);
      slot->way_gone = address == NULL && error == NULL && look->other;
      if (slot->way_gone)
        set_alarm (slot, 0);
      return;
    }

  named = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  if (g_inet_address_equal (named, look->used))
    {
      stop_looking (slot);
      return;
    }

  if (g_inet_address_get_family (named) == g_inet_address_get_family (look->used))
    look->other = TRUE;
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
     Xep174Slot    *slot)
{
  Xep174Directory *directory = xep174_session_manager_get_directory (self->manager);
  g_autoptr(GInetAddress) used = dup_used (self, slot);
  g_autoptr(GSocketConnectable) connectable = NULL;
  g_autoptr(GSocketAddressEnumerator) told = NULL;
  Look *look;

  if (used != NULL)
    connectable = xep174_directory_dup_connectable (directory, self->name, NULL);
  if (connectable == NULL)
    return;

  told = g_socket_connectable_enumerate (connectable);
  slot->looking = g_cancellable_new ();
  look = g_new0 (Look, 1);
  look->session = g_object_ref (self);
  look->serial = slot->serial;
  look->cancellable = g_object_ref (slot->looking);
  look->used = g_steal_pointer (&used);
  ask_next (told, look);
}

/* --- When it is asked -------------------------------------------------------------------- */

/* Who answers no ping is replaced at once: nobody acknowledges, and the directory says why. */
static void
doubt (Xep174Session *self,
       Xep174Slot    *slot)
{
  gboolean legacy = (self->arbiter.slots[slot->index].flags & XEP174_STREAM_LEGACY) != 0;

  g_debug ("%s: is not where the stream goes any more", self->name);
  if (!legacy)
    {
      xep174_session_happen (self, XEP174_ARBITER_EVENT_PROBE, NULL);
      return;
    }

  xep174_slot_set_error (slot, g_error_new_literal (XEP174_SESSION_ERROR,
                                                    XEP174_SESSION_ERROR_TIMED_OUT,
                                                    "no sign of life any more"));
  xep174_session_happen (self, XEP174_ARBITER_EVENT_T_PROBE, slot);
}

static void
on_way_alarm (gpointer data)
{
  Xep174Slot *slot = data;
  Xep174Session *self = slot->session;
  gboolean gone = slot->way_gone;
  int repeats;

  if (self->running)
    {
      set_alarm (slot, BUSY_MS);
      return;
    }

  stop_looking (slot);
  slot->way_gone = FALSE;
  if (!is_to_be_watched (self, slot) || xep174_transport_is_taken_in (slot->transport))
    {
      slot->looks = 0;
      return;
    }

  repeats = xep174_transport_get_repeats (slot->transport);
  if (repeats >= MIN_REPEATS || (repeats < 0 && slot->ping_pending))
    {
      slot->looks = MIN (slot->looks + 1, MAX_DOUBLINGS);
      set_alarm (slot, FIRST_MS << slot->looks);
      if (gone)
        doubt (self, slot);
      else
        ask (self, slot);
    }
  else if (repeats >= 0 || slot->answers_pings)
    set_alarm (slot, FIRST_MS);
}

void
xep174_session_watch_way (Xep174Session *self,
                          Xep174Slot    *slot)
{
  if (!xep174_alarm_is_set (&slot->way) && is_to_be_watched (self, slot))
    set_alarm (slot, FIRST_MS);
}
