/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-ways-private.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include "xep174-enumerator-private.h"
#include "xep174-gettext-private.h"
#include "xep174-session-error.h"

typedef struct
{
  GSocketAddress *address;
  GError *reason;
} Aside;

struct _Xep174Ways
{
  GObject parent_instance;

  char *name;
  guint16 own_port;
  void (*changed) (gpointer data);
  gpointer data;
  GSocketConnectable *told;
  GCancellable *looking; /* the latest look-up */
  GArray *aside;
  gboolean other;
  gboolean met_ourselves;
  gboolean led;
};

static void xep174_ways_connectable_init (GSocketConnectableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Xep174Ways, xep174_ways, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      xep174_ways_connectable_init))

static void
aside_clear (gpointer data)
{
  Aside *aside = data;

  g_clear_object (&aside->address);
  g_clear_error (&aside->reason);
}

/* --- Our own addresses ------------------------------------------------------------------- */

gboolean
xep174_ways_is_of_this_host (GInetAddress *address)
{
  gsize size = g_inet_address_get_native_size (address);
  const guint8 *octets = g_inet_address_to_bytes (address);
  struct ifaddrs *all = NULL;
  gboolean found = FALSE;

  if (g_inet_address_get_is_loopback (address))
    return TRUE;
  if (getifaddrs (&all) != 0)
    return FALSE;

  for (const struct ifaddrs *entry = all; entry != NULL && !found; entry = entry->ifa_next)
    if (entry->ifa_addr != NULL && entry->ifa_addr->sa_family == AF_INET && size == 4)
      found = memcmp (&((struct sockaddr_in *) entry->ifa_addr)->sin_addr, octets, size) == 0;
    else if (entry->ifa_addr != NULL && entry->ifa_addr->sa_family == AF_INET6 && size == 16)
      found = memcmp (&((struct sockaddr_in6 *) entry->ifa_addr)->sin6_addr, octets, size) == 0;
  freeifaddrs (all);

  return found;
}

static gboolean
is_ours (Xep174Ways     *self,
         GSocketAddress *address)
{
  GInetSocketAddress *inet;

  if (self->own_port == 0 || !G_IS_INET_SOCKET_ADDRESS (address))
    return FALSE;

  inet = G_INET_SOCKET_ADDRESS (address);
  return g_inet_socket_address_get_port (inet) == self->own_port
         && xep174_ways_is_of_this_host (g_inet_socket_address_get_address (inet));
}

/* --- What is left ------------------------------------------------------------------------ */

gboolean
xep174_ways_is_same_host (GSocketAddress *a,
                          GSocketAddress *b)
{
  GInetSocketAddress *one = G_INET_SOCKET_ADDRESS (a);
  GInetSocketAddress *two = G_INET_SOCKET_ADDRESS (b);

  if (!g_inet_address_equal (g_inet_socket_address_get_address (one),
                             g_inet_socket_address_get_address (two)))
    return FALSE;

  return g_socket_address_get_family (a) != G_SOCKET_FAMILY_IPV6
         || g_inet_socket_address_get_scope_id (one) == g_inet_socket_address_get_scope_id (two);
}

static gboolean
is_same (GSocketAddress *a,
         GSocketAddress *b)
{
  return xep174_ways_is_same_host (a, b)
         && g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (a))
            == g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (b));
}

static gboolean
may_try (Xep174Ways     *self,
         GSocketAddress *address)
{
  if (is_ours (self, address))
    {
      self->met_ourselves = TRUE;
      return FALSE;
    }

  for (guint i = 0; i < self->aside->len; i++)
    {
      GSocketAddress *aside = g_array_index (self->aside, Aside, i).address;

      if (G_IS_INET_SOCKET_ADDRESS (aside) && G_IS_INET_SOCKET_ADDRESS (address)
          && is_same (aside, address))
        return FALSE;
    }

  return TRUE;
}

gboolean
xep174_ways_has_other (Xep174Ways *self)
{
  return self->other;
}

void
xep174_ways_set_other (Xep174Ways *self,
                       gboolean    other)
{
  if (self->other == other)
    return;

  self->other = other;
  if (self->changed != NULL)
    self->changed (self->data);
}

void
xep174_ways_put_aside (Xep174Ways     *self,
                       GSocketAddress *address,
                       GError         *reason)
{
  Aside aside = { address != NULL ? g_object_ref (address) : NULL, reason };

  g_array_append_val (self->aside, aside);
}

guint
xep174_ways_get_n_aside (Xep174Ways *self)
{
  return self->aside->len;
}

GError *
xep174_ways_explain (Xep174Ways   *self,
                     const GError *last)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const GError *first;

  if (self->aside->len == 0 && self->met_ourselves)
    return g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNREACHABLE,
                                _("the only address is our own"));
  if (self->aside->len == 0 && last != NULL)
    return g_error_copy (last);
  if (self->aside->len == 0)
    return g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNREACHABLE,
                                _("no address is known"));

  for (guint i = 0; i < self->aside->len; i++)
    {
      const Aside *aside = &g_array_index (self->aside, Aside, i);
      g_autofree char *where = NULL;

      if (aside->address != NULL)
        where = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (aside->address));
      if (i > 0)
        g_string_append (text, "; ");
      if (where != NULL)
        g_string_append_printf (text, _("at %s "), where);
      g_string_append (text, aside->reason->message);
    }
  if (last != NULL)
    g_string_append_printf (text, _("; else: %s"), last->message);

  first = g_array_index (self->aside, Aside, 0).reason;
  return g_error_new_literal (first->domain, first->code, text->str);
}

/* --- The addresses that may be tried ----------------------------------------------------- */

/* In the order in which the directory tells them. It is one ahead of who asks, so that it is known
 * whether there is another when the first has taken TCP. */
#define XEP174_TYPE_WAYS_ENUMERATOR (xep174_ways_enumerator_get_type ())
G_DECLARE_FINAL_TYPE (Xep174WaysEnumerator, xep174_ways_enumerator, XEP174, WAYS_ENUMERATOR,
                      Xep174Enumerator)

struct _Xep174WaysEnumerator
{
  Xep174Enumerator parent_instance;

  Xep174Ways *ways;
  GSocketAddressEnumerator *told;
  GCancellable *looking;
  gboolean asking;
  gboolean ended;
  GError *error;
  GSocketAddress *next;
  guint n_given;
};

G_DEFINE_FINAL_TYPE (Xep174WaysEnumerator, xep174_ways_enumerator, XEP174_TYPE_ENUMERATOR)

/* Given were those that TCP is being made to; it is one of them that is taken. */
static void
tell_others (Xep174WaysEnumerator *self)
{
  if (!g_cancellable_is_cancelled (self->looking))
    xep174_ways_set_other (self->ways, !self->ended || self->next != NULL || self->n_given > 1);
}

static void ask_ahead (Xep174WaysEnumerator *self);

static gboolean
answer_first (Xep174Enumerator *enumerator)
{
  Xep174WaysEnumerator *self = XEP174_WAYS_ENUMERATOR (enumerator);
  g_autoptr(GTask) task = NULL;

  if (self->next == NULL && !self->ended)
    return FALSE;

  task = xep174_enumerator_steal_task (enumerator);
  if (self->next != NULL)
    {
      self->n_given++;
      g_task_return_pointer (task, g_steal_pointer (&self->next), g_object_unref);
      ask_ahead (self);
    }
  else if (self->n_given == 0) /* without an address GSocketClient must have an error */
    g_task_return_error (task, xep174_ways_explain (self->ways, self->error));
  else
    g_task_return_pointer (task, NULL, NULL);
  return TRUE;
}

static void
on_told (GObject      *told,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Xep174WaysEnumerator) self = data;
  g_autoptr(GSocketAddress) address = NULL;

  self->asking = FALSE;
  address = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (told), result,
                                                     self->error == NULL ? &self->error : NULL);
  if (address == NULL || g_cancellable_is_cancelled (self->looking))
    self->ended = TRUE;
  else if (may_try (self->ways, address))
    self->next = g_steal_pointer (&address);
  else
    ask_ahead (self);

  xep174_enumerator_answer_all (XEP174_ENUMERATOR (self), answer_first);
  tell_others (self);
}

static void
ask_ahead (Xep174WaysEnumerator *self)
{
  if (self->asking || self->ended || self->next != NULL)
    return;

  self->asking = TRUE;
  g_socket_address_enumerator_next_async (self->told, self->looking, on_told,
                                          g_object_ref (self));
}

static void
xep174_ways_enumerator_asked (Xep174Enumerator *enumerator)
{
  Xep174WaysEnumerator *self = XEP174_WAYS_ENUMERATOR (enumerator);

  ask_ahead (self);
  xep174_enumerator_answer_all (enumerator, answer_first);
}

static void
xep174_ways_enumerator_finalize (GObject *object)
{
  Xep174WaysEnumerator *self = XEP174_WAYS_ENUMERATOR (object);

  g_clear_object (&self->ways);
  g_clear_object (&self->told);
  g_clear_object (&self->looking);
  g_clear_object (&self->next);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (xep174_ways_enumerator_parent_class)->finalize (object);
}

static void
xep174_ways_enumerator_class_init (Xep174WaysEnumeratorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xep174_ways_enumerator_finalize;
  XEP174_ENUMERATOR_CLASS (klass)->asked = xep174_ways_enumerator_asked;
}

static void
xep174_ways_enumerator_init (Xep174WaysEnumerator *self)
{
}

/* @looking: what ends the look-up, also when nobody asks for more. */
static GSocketAddressEnumerator *
enumerator_new (Xep174Ways         *ways,
                GSocketConnectable *told,
                GCancellable       *looking)
{
  Xep174WaysEnumerator *self = g_object_new (XEP174_TYPE_WAYS_ENUMERATOR, NULL);

  self->ways = g_object_ref (ways);
  self->told = g_socket_connectable_enumerate (told);
  self->looking = g_object_ref (looking);
  tell_others (self);
  return G_SOCKET_ADDRESS_ENUMERATOR (self);
}

/* --- What GSocketClient asks ------------------------------------------------------------- */

static void
stop_looking (Xep174Ways *self)
{
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
}

static GSocketAddressEnumerator *
xep174_ways_enumerate (GSocketConnectable *connectable)
{
  Xep174Ways *self = XEP174_WAYS (connectable);

  stop_looking (self);
  self->looking = g_cancellable_new ();
  return enumerator_new (self, self->told, self->looking);
}

static char *
xep174_ways_to_string (GSocketConnectable *connectable)
{
  return g_strdup (XEP174_WAYS (connectable)->name);
}

static void
xep174_ways_connectable_init (GSocketConnectableIface *iface)
{
  iface->enumerate = xep174_ways_enumerate;
  iface->proxy_enumerate = xep174_ways_enumerate;
  iface->to_string = xep174_ways_to_string;
}

/* --- Its life ---------------------------------------------------------------------------- */

void
xep174_ways_rest (Xep174Ways *self)
{
  self->changed = NULL;
  stop_looking (self);
}

static void
xep174_ways_finalize (GObject *object)
{
  Xep174Ways *self = XEP174_WAYS (object);

  g_clear_object (&self->looking);
  g_clear_object (&self->told);
  g_array_unref (self->aside);
  g_free (self->name);

  G_OBJECT_CLASS (xep174_ways_parent_class)->finalize (object);
}

static void
xep174_ways_class_init (Xep174WaysClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xep174_ways_finalize;
}

static void
xep174_ways_init (Xep174Ways *self)
{
  self->aside = g_array_new (FALSE, FALSE, sizeof (Aside));
  g_array_set_clear_func (self->aside, aside_clear);
}

Xep174Ways *
xep174_ways_new (const char *name,
                 guint16     own_port,
                 void      (*changed) (gpointer data),
                 gpointer    data)
{
  Xep174Ways *self = g_object_new (XEP174_TYPE_WAYS, NULL);

  self->name = g_strdup (name);
  self->own_port = own_port;
  self->changed = changed;
  self->data = data;
  return self;
}

const char *
xep174_ways_get_name (Xep174Ways *self)
{
  return self->name;
}

void
xep174_ways_follow (Xep174Ways         *self,
                    GSocketConnectable *told)
{
  g_set_object (&self->told, told);
}

void
xep174_ways_lead_to (Xep174Ways     *self,
                     GSocketAddress *address)
{
  xep174_ways_follow (self, G_SOCKET_CONNECTABLE (address));
  self->led = TRUE;
}

GSocketAddress *
xep174_ways_get_led (Xep174Ways *self)
{
  return self->led ? G_SOCKET_ADDRESS (self->told) : NULL;
}
