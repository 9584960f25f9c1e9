/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-places-private.h"

#include "xep174-candidates-private.h"
#include "xep174-session-manager-private.h"
#include "xep174-session-private.h"

/* Nobody has more addresses. */
#define MAX_PLACES 64

/* Who is called back by the directory holds it, too. */
struct _Xep174Places
{
  Xep174SessionManager *manager;
  char *contact;
  void (*changed) (gpointer data); /* %NULL: freed */
  gpointer data;
  GSocketAddress *local;  /* both %NULL without a conversation */
  GSocketAddress *remote;
  GPtrArray *told;      /* of GSocketAddress, by the directory */
  GCancellable *asking; /* %NULL before and afterwards */
  gboolean asked;
  gboolean within;
};

static void ask_next (Xep174Places             *self,
                      GSocketAddressEnumerator *addresses);

/* --- What is an address of the contact ------------------------------------------------------- */

static gboolean
has_scope (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
         && g_inet_address_get_is_link_local (address);
}

gboolean
xep174_places_is_same (GSocketAddress *one,
                       GSocketAddress *other)
{
  g_autoptr(GInetAddress) first = xep174_candidates_dup_address (one);
  g_autoptr(GInetAddress) second = xep174_candidates_dup_address (other);

  if (first == NULL || second == NULL || !g_inet_address_equal (first, second))
    return FALSE;

  return !has_scope (first)
         || g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (one))
            == g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (other));
}

static gboolean
is_known (Xep174Places   *self,
          GSocketAddress *address)
{
  if (self->remote != NULL && xep174_places_is_same (address, self->remote))
    return TRUE;

  for (guint i = 0; i < self->told->len; i++)
    if (xep174_places_is_same (address, self->told->pdata[i]))
      return TRUE;

  return FALSE;
}

/* --- The directory --------------------------------------------------------------------------- */

static void
places_clear (gpointer data)
{
  Xep174Places *self = data;

  g_free (self->contact);
  g_clear_object (&self->local);
  g_clear_object (&self->remote);
  g_ptr_array_unref (self->told);
  g_clear_object (&self->asking);
}

static void
on_told (GObject      *addresses,
         GAsyncResult *result,
         gpointer      data)
{
  Xep174Places *self = data;
  GSocketAddress *address
    = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (addresses), result, NULL);

  if (address != NULL)
    g_ptr_array_add (self->told, address);
  if (self->changed != NULL && address != NULL && self->told->len < MAX_PLACES)
    ask_next (self, G_SOCKET_ADDRESS_ENUMERATOR (addresses));
  else
    g_clear_object (&self->asking);
  if (self->changed != NULL && !self->within)
    self->changed (self->data);
  g_rc_box_release_full (self, places_clear);
}

static void
ask_next (Xep174Places             *self,
          GSocketAddressEnumerator *addresses)
{
  g_socket_address_enumerator_next_async (addresses, self->asking, on_told, g_rc_box_acquire (self));
}

/* Not whose the address is: a caller on a link may have any of that link (X13). What is dialled has to be in
 * the contact's record. */
static void
ask (Xep174Places *self)
{
  Xep174Surroundings *us = &self->manager->around;
  g_autoptr(GSocketConnectable) contact = NULL;
  g_autoptr(GSocketAddressEnumerator) addresses = NULL;
  gboolean entered;

  self->asked = TRUE;
  if (us->directory == NULL)
    return;

  self->within = TRUE;
  entered = xep174_poller_enter (us->network->poller);
  contact = xep174_directory_dup_connectable (us->directory, self->contact, NULL);
  if (contact != NULL)
    {
      self->asking = g_cancellable_new ();
      addresses = g_socket_connectable_enumerate (contact);
      ask_next (self, addresses);
    }
  xep174_poller_leave (us->network->poller, entered);
  self->within = FALSE;
}

Xep174Place
xep174_places_judge (Xep174Places   *self,
                     GSocketAddress *address)
{
  if (is_known (self, address))
    return XEP174_PLACE_THEIRS;

  if (!self->asked)
    {
      ask (self);
      return xep174_places_judge (self, address);
    }

  return self->asking != NULL ? XEP174_PLACE_UNSURE : XEP174_PLACE_STRANGE;
}

/* --- The conversation ------------------------------------------------------------------------ */

GSocketAddress *
xep174_places_resolve (Xep174Places *self,
                       const char   *host,
                       guint16       port)
{
  g_autofree char *theirs = NULL;

  if (self->remote == NULL)
    return NULL;

  if (host == NULL)
    host = theirs
      = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (self->remote)));

  return xep174_candidates_resolve (host, port, self->local, self->remote, self->manager->around.port);
}

Xep174Places *
xep174_places_new (Xep174SessionManager *manager,
                   const char           *contact,
                   void                (*changed) (gpointer data),
                   gpointer              data)
{
  Xep174Session *session = xep174_session_manager_find_session (manager, contact);
  Xep174Slot *slot = session != NULL ? xep174_session_current_slot (session) : NULL;
  g_autoptr(GSocketAddress) local = NULL;
  g_autoptr(GSocketAddress) remote = NULL;
  Xep174Places *self = g_rc_box_new0 (Xep174Places);

  self->manager = manager;
  self->contact = g_strdup (contact);
  self->changed = changed;
  self->data = data;
  self->told = g_ptr_array_new_with_free_func (g_object_unref);
  /* What leads through a proxy ends at that. */
  if (slot == NULL || slot->transport == NULL || !xep174_transport_is_tcp (slot->transport))
    return self;

  local = xep174_transport_dup_local (slot->transport);
  remote = xep174_transport_dup_remote (slot->transport);
  if (G_IS_INET_SOCKET_ADDRESS (local) && G_IS_INET_SOCKET_ADDRESS (remote))
    {
      self->local = g_steal_pointer (&local);
      self->remote = g_steal_pointer (&remote);
    }

  return self;
}

void
xep174_places_free (Xep174Places *self)
{
  self->changed = NULL;
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_rc_box_release_full (self, places_clear);
}
