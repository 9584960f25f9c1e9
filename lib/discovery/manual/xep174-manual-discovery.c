/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174ManualDiscovery:
 *
 * A discovery whose contacts come from your program, with an address for each.
 *
 * Use it on a network that does not carry multicast, for addresses that a user types in, and in tests.
 * It sends nothing to the network and publishes nothing. Our own name is `user@machine` from the
 * profile. Nobody checks whether somebody else has that name, too.
 *
 * ```c
 * g_autoptr(Xep174ManualDiscovery) discovery = xep174_manual_discovery_new ();
 *
 * xep174_manual_discovery_add (discovery, "romeo@montague", "192.0.2.7", 5298, NULL);
 * ```
 *
 * You can add contacts before the discovery is started, and while it runs. They are in the list at once.
 * When the discovery stops, the list becomes empty, as with every discovery. When it starts again, all
 * contacts that you have added and not removed are back.
 *
 * Since: 1.0
 */

#include "xep174-manual-discovery.h"

#include <string.h>

#include "xep174-directory.h"
#include "xep174-gettext-private.h"
#include "xep174-name-private.h"

/* What a DNS record can hold, so that nobody gets used to more. */
#define AVATAR_MAX 65535

typedef struct
{
  char *name;
  char *host;
  guint16 port;
  GBytes *avatar; /* NULL if nothing was said of it */
} Entry;

struct _Xep174ManualDiscovery
{
  Xep174Discovery parent_instance;

  GPtrArray *entries;
};

G_DEFINE_FINAL_TYPE (Xep174ManualDiscovery, xep174_manual_discovery, XEP174_TYPE_DISCOVERY)

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  g_free (entry->host);
  g_clear_pointer (&entry->avatar, g_bytes_unref);
  g_free (entry);
}

static Entry *
find (Xep174ManualDiscovery *self,
      const char            *name)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      if (xep174_name_equal (entry->name, name))
        return entry;
    }

  return NULL;
}

static void
take_name (Xep174Discovery *discovery,
           Xep174Profile   *profile)
{
  g_autofree char *name = xep174_profile_dup_instance_name (profile, 0);

  xep174_discovery_set_local_name (discovery, name);
}

/* A TXT record with one parameter, or none (RFC 6763 §6.1). */
static GBytes *
make_txt (GBytes *avatar)
{
  GByteArray *txt = g_byte_array_new ();
  g_autofree char *hash = NULL;
  g_autofree char *parameter = NULL;
  guint8 length = 0;

  if (avatar != NULL)
    {
      hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, avatar);
      parameter = g_strconcat ("phsh=", hash, NULL);
      length = strlen (parameter);
    }
  g_byte_array_append (txt, &length, sizeof length);
  if (avatar != NULL)
    g_byte_array_append (txt, (const guint8 *) parameter, length);

  return g_byte_array_free_to_bytes (txt);
}

/* Contacts that are in the list already stay as they are. */
static void
show_all (Xep174ManualDiscovery *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);
      g_autoptr(GBytes) txt = entry->avatar != NULL ? make_txt (entry->avatar) : NULL;

      xep174_discovery_put_contact (XEP174_DISCOVERY (self), entry->name, txt);
    }
}

static void
manual_start_async (Xep174Discovery     *discovery,
                    Xep174Profile       *profile,
                    guint16              port,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  /* Before the contacts, so that we are never among them (D10). */
  if (profile != NULL)
    take_name (discovery, profile);
  show_all (XEP174_MANUAL_DISCOVERY (discovery));

  XEP174_DISCOVERY_CLASS (xep174_manual_discovery_parent_class)->start_async (
    discovery, profile, port, cancellable, callback, user_data);
}

static void
manual_profile_changed (Xep174Discovery *discovery)
{
  take_name (discovery, xep174_discovery_get_profile (discovery));
  /* If our old name is in the table of contacts, that contact appears now. */
  show_all (XEP174_MANUAL_DISCOVERY (discovery));
}

/* Only contacts that show a picture are asked for it. */
static void
manual_load_avatar_async (Xep174Discovery     *discovery,
                          const char          *name,
                          const char          *hash,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (discovery, cancellable, callback, user_data);
  const Entry *entry = find (XEP174_MANUAL_DISCOVERY (discovery), name);

  g_task_set_source_tag (task, manual_load_avatar_async);
  if (entry != NULL && entry->avatar != NULL)
    g_task_return_pointer (task, g_bytes_ref (entry->avatar), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_new_error (task, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_AVATAR,
                             _("“%s” shows no picture"), name);
}

static GSocketConnectable *
manual_dup_contact_connectable (Xep174Discovery *discovery,
                                const char      *name,
                                GError         **error)
{
  const Entry *entry = find (XEP174_MANUAL_DISCOVERY (discovery), name);

  if (entry == NULL)
    {
      g_set_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                   _("No address of “%s” is known. Add one"), name);
      return NULL;
    }

  /* A new one each time, because it remembers the addresses that it has found once (D12). */
  return g_network_address_new (entry->host, entry->port);
}

static void
xep174_manual_discovery_finalize (GObject *object)
{
  Xep174ManualDiscovery *self = XEP174_MANUAL_DISCOVERY (object);

  g_ptr_array_unref (self->entries);

  G_OBJECT_CLASS (xep174_manual_discovery_parent_class)->finalize (object);
}

static void
xep174_manual_discovery_class_init (Xep174ManualDiscoveryClass *klass)
{
  Xep174DiscoveryClass *discovery_class = XEP174_DISCOVERY_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xep174_manual_discovery_finalize;

  discovery_class->start_async = manual_start_async;
  discovery_class->profile_changed = manual_profile_changed;
  discovery_class->dup_contact_connectable = manual_dup_contact_connectable;
  discovery_class->load_avatar_async = manual_load_avatar_async;
}

static void
xep174_manual_discovery_init (Xep174ManualDiscovery *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_free);
}

/**
 * xep174_manual_discovery_new:
 *
 * Creates a discovery that knows nobody yet.
 *
 * Returns: (transfer full): a discovery
 *
 * Since: 1.0
 */
Xep174ManualDiscovery *
xep174_manual_discovery_new (void)
{
  return g_object_new (XEP174_TYPE_MANUAL_DISCOVERY, NULL);
}

static gboolean
check (const char  *name,
       const char  *host,
       guint16      port,
       GError     **error)
{
  g_autoptr(GError) invalid = NULL;

  if (!xep174_name_is_valid (name, &invalid))
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                         invalid->message);
  else if (!xep174_text_is_plain (name))
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                         _("The name has a character in it that cannot be shown, such as a line "
                           "break or a tab. Take it out"));
  else if (!g_utf8_validate (host, -1, NULL) || !xep174_text_is_plain (host))
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
                 _("The address of “%s” has a character in it that no address has. Write it again"),
                 name);
  else if (*host == '\0')
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
                 _("“%s” has no address. Write the name or the address of its machine"), name);
  else if (port == 0)
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
                 _("“%s” has no port. Write a number between 1 and 65535"), name);
  else
    return TRUE;

  return FALSE;
}

static void
put_entry (Xep174ManualDiscovery *self,
           const char            *name,
           const char            *host,
           guint16                port)
{
  Entry *entry = find (self, name);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      g_ptr_array_add (self->entries, entry);
    }

  g_free (entry->name);
  entry->name = g_strdup (name);
  g_free (entry->host);
  entry->host = g_strdup (host);
  entry->port = port;
}

/**
 * xep174_manual_discovery_add:
 * @self: a discovery
 * @name: the name that the contact uses for itself, `user@machine`
 * @host: the name of its machine, or its IPv4 or IPv6 address; a link-local address with its
 *   interface, `fe80::1%eth0`. A name is looked up each time it is needed
 * @port: the port on which the contact waits for connections
 * @error: return location for an error
 *
 * Adds a contact. If there is one with that name, it gets the new address.
 *
 * Who connects to us under this name is believed if the connection comes from an address of @host.
 *
 * If you call this in a handler of the discovery, of its list or of its contacts, the contact appears
 * when all the handlers have returned. See [class@Discovery].
 *
 * Returns: (transfer none): the contact; the same object as before if it was there already. On an
 *   error %NULL: `XEP174_DISCOVERY_ERROR_INVALID_NAME` (also for our own name),
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE` for a bad @host or @port, or
 *   `XEP174_DISCOVERY_ERROR_FAILED` while the discovery stops
 *
 * Since: 1.0
 */
Xep174Contact *
xep174_manual_discovery_add (Xep174ManualDiscovery *self,
                             const char            *name,
                             const char            *host,
                             guint16                port,
                             GError               **error)
{
  Xep174Discovery *discovery = XEP174_DISCOVERY (self);
  g_autofree char *added = NULL;
  const char *local_name;
  Xep174Contact *contact;

  g_return_val_if_fail (XEP174_IS_MANUAL_DISCOVERY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check (name, host, port, error))
    return NULL;

  local_name = xep174_discovery_get_local_name (discovery);
  if (local_name != NULL && xep174_name_equal (local_name, name))
    {
      g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                   _("“%s” is your own name. Write the name of somebody else"), name);
      return NULL;
    }

  /* Before the contact appears, because somebody may call it at once. */
  put_entry (self, name, host, port);
  added = g_strdup (name);
  contact = xep174_discovery_put_contact (discovery, name, NULL);
  if (contact == NULL)
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                 _("“%s” cannot be shown now: you are going offline, or it was taken away at once. "
                   "If it was not taken away, it will be there when you are online again"), added);

  return contact;
}

/**
 * xep174_manual_discovery_remove:
 * @self: a discovery
 * @name: the name of a contact
 *
 * Removes a contact that [method@ManualDiscovery.add] has added.
 *
 * If you call this in a handler of the discovery, of its list or of its contacts, the contact goes when
 * all the handlers have returned. See [class@Discovery].
 *
 * Returns: %TRUE if there was such a contact
 *
 * Since: 1.0
 */
gboolean
xep174_manual_discovery_remove (Xep174ManualDiscovery *self,
                                const char            *name)
{
  Entry *entry;

  g_return_val_if_fail (XEP174_IS_MANUAL_DISCOVERY (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  entry = find (self, name);
  if (entry == NULL)
    return FALSE;

  g_ptr_array_remove (self->entries, entry);
  xep174_discovery_remove_contact (XEP174_DISCOVERY (self), name);
  return TRUE;
}

/**
 * xep174_manual_discovery_set_avatar:
 * @self: a discovery
 * @name: the name of a contact
 * @avatar: (nullable): the octets of an image file, 65,535 at most, or %NULL for no picture
 * @error: return location for an error
 *
 * Sets the picture that [method@Contact.load_avatar_async] gives for a contact that
 * [method@ManualDiscovery.add] has added.
 *
 * Returns: %TRUE if it was set; else `XEP174_DISCOVERY_ERROR_INVALID_NAME` if there is no such contact,
 *   or `XEP174_DISCOVERY_ERROR_TOO_LONG` if the picture is too large
 *
 * Since: 1.0
 */
gboolean
xep174_manual_discovery_set_avatar (Xep174ManualDiscovery  *self,
                                    const char             *name,
                                    GBytes                 *avatar,
                                    GError                **error)
{
  g_autoptr(GBytes) txt = NULL;
  Entry *entry;

  g_return_val_if_fail (XEP174_IS_MANUAL_DISCOVERY (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  entry = find (self, name);
  if (entry == NULL)
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                 _("There is nobody called “%s”. Add the contact first"), name);
  else if (avatar != NULL && g_bytes_get_size (avatar) > AVATAR_MAX)
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG,
                 _("The picture of “%s” is larger than %d octets. Make it "
                   "smaller"), name, AVATAR_MAX);
  else
    {
      g_clear_pointer (&entry->avatar, g_bytes_unref);
      entry->avatar = avatar != NULL ? g_bytes_ref (avatar) : NULL;
      txt = make_txt (avatar);
      xep174_discovery_put_contact (XEP174_DISCOVERY (self), entry->name, txt);
      return TRUE;
    }

  return FALSE;
}
