/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is there, and whom we talk with. */

#include "xep174-client-private.h"

/**
 * xep174_client_get_contacts:
 * @self: a client
 *
 * Gets the list of the contacts that are there.
 *
 * A contact keeps the same object as long as it is there. If its status or its nickname changes,
 * the properties of the object change.
 *
 * Returns: (transfer none): a list model of [class@Contact]
 *
 * Since: 1.0
 */
GListModel *
xep174_client_get_contacts (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);

  return xep174_discovery_get_contacts (self->discovery);
}

/**
 * xep174_client_find_contact:
 * @self: a client
 * @name: a name, `user@machine`; the case of ASCII letters does not matter
 *
 * Looks for a contact among those that are there, and among those with whom a stream is open: a
 * conversation can go on although the contact is not in the list any more, for example when the mDNS
 * daemon has stopped.
 *
 * Returns: (nullable) (transfer none): the contact, or %NULL if nobody there has that name
 *
 * Since: 1.0
 */
Xep174Contact *
xep174_client_find_contact (Xep174Client *self,
                            const char   *name)
{
  Xep174Contact *contact;

  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  contact = xep174_discovery_find_contact (self->discovery, name);

  return contact != NULL ? contact : xep174_correspondents_find (self->correspondents, name);
}

/**
 * xep174_client_dup_contact:
 * @self: a client
 * @name: a name, `user@machine`
 *
 * Gets the contact of that name, also while nobody there has it: for what is kept of somebody who is not
 * there, such as a file that goes on when both are there again. It is the same object when the contact
 * comes, if somebody has kept it, and [property@Contact:online] changes then.
 *
 * Returns: (transfer full): the contact
 *
 * Since: 1.0
 */
Xep174Contact *
xep174_client_dup_contact (Xep174Client *self,
                           const char   *name)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return xep174_correspondents_dup (self->correspondents, name);
}

/**
 * xep174_client_find_session:
 * @self: a client
 * @contact: a contact
 *
 * Looks for the session with a contact: to compare the numbers of both sides
 * ([method@Session.dup_safety_number]), and to take the fingerprint that belongs to them
 * ([method@Session.dup_peer_fingerprint]).
 *
 * Returns: (transfer none) (nullable): the session, or %NULL if there is none; it is there from the first
 *   message on
 *
 * Since: 1.0
 */
Xep174Session *
xep174_client_find_session (Xep174Client  *self,
                            Xep174Contact *contact)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);
  g_return_val_if_fail (XEP174_IS_CONTACT (contact), NULL);

  return xep174_session_manager_find_session (self->manager, xep174_contact_get_name (contact));
}
