/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avatar-private.h"
#include "xep174-contact-state-private.h"
#include "xep174-discovery.h"
#include "xep174-gettext-private.h"

#define HASH_LENGTH 40

gboolean
xep174_avatar_is_hash (const char *hash)
{
  gsize i = 0;

  while (g_ascii_isxdigit (hash[i]))
    i++;

  return hash[i] == '\0' && i == HASH_LENGTH;
}

gboolean
xep174_avatar_matches (GBytes     *picture,
                       const char *hash)
{
  g_autofree char *real = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, picture);

  return g_ascii_strcasecmp (real, hash) == 0;
}

void
xep174_contact_set_loader (Xep174Contact      *self,
                           Xep174AvatarLoader *loader)
{
  if (self->loader == NULL)
    self->loader = g_rc_box_acquire (loader);
}

/**
 * xep174_contact_load_avatar_async:
 * @self: a contact
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called exactly once
 * @user_data: data for @callback
 *
 * Loads the picture of the contact (XEP-0174 §11.4).
 *
 * Nothing is loaded until you ask, so ask only for pictures that you show, and ask again when
 * [property@Contact:avatar-hash] changes. Pictures are remembered by their hash: one that is known
 * already is there at once, and nothing goes to the network. Who asks for a picture that is on its way
 * gets the same answer; one question a second at most is sent about a contact.
 *
 * Since: 1.0
 */
void
xep174_contact_load_avatar_async (Xep174Contact       *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (XEP174_IS_CONTACT (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_contact_load_avatar_async);
  if (self->loader != NULL && self->loader->owner != NULL)
    self->loader->load (self->loader->owner, self, g_steal_pointer (&task));
  else
    g_task_return_new_error (task, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                             _("The picture of “%s” cannot be loaded: you are not online any more"),
                             self->name);
}

/**
 * xep174_contact_load_avatar_finish:
 * @self: a contact
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Contact.load_avatar_async].
 *
 * The octets are those whose SHA-1 the contact publishes. What they are nobody has checked: usually a
 * PNG or JPEG file, so give them to a decoder that bears anything.
 *
 * Returns: (transfer full): the octets of the picture, 65,535 at most; on an error %NULL:
 *   `XEP174_DISCOVERY_ERROR_NO_AVATAR` if the contact publishes none,
 *   `XEP174_DISCOVERY_ERROR_WRONG_AVATAR` if what came is not the picture that the contact announces,
 *   `XEP174_DISCOVERY_ERROR_NOT_SUPPORTED` if this kind of discovery has no pictures,
 *   `XEP174_DISCOVERY_ERROR_FAILED` if nothing came, if the contact has left, or if it has changed its
 *   picture meanwhile, or `G_IO_ERROR_CANCELLED`
 *
 * Since: 1.0
 */
GBytes *
xep174_contact_load_avatar_finish (Xep174Contact  *self,
                                   GAsyncResult   *result,
                                   GError        **error)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
