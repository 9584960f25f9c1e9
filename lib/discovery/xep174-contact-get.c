/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-contact-state-private.h"

#include "xep174-name-private.h"

/**
 * xep174_contact_get_name:
 * @self: a contact
 *
 * The instance name, which sessions are opened with.
 *
 * Usually `user@machine`, but any UTF-8 of up to 63 octets is a name. Two names that differ in the
 * case of ASCII letters alone are the same.
 *
 * Returns: (transfer none): the name as its owner publishes it
 *
 * Since: 1.0
 */
const char *
xep174_contact_get_name (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return self->name;
}

/**
 * xep174_contact_dup_jid:
 * @self: a contact
 *
 * The name as a JID for code that insists on one: what a JID cannot hold before its `@` is escaped
 * (XEP-0106).
 *
 * On the wire the plain name is used, not this.
 *
 * Returns: (transfer full): a JID
 *
 * Since: 1.0
 */
char *
xep174_contact_dup_jid (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return xep174_name_to_jid (self->name);
}

/**
 * xep174_contact_get_display_name:
 * @self: a contact
 *
 * What to call the contact in front of a user: the nickname, else first and last name, else the
 * user part of the name.
 *
 * Control characters, marks that turn the direction of writing and invisible characters are left
 * out, white space of any kind is one space, and what has nothing visible in it is passed over.
 * Letters that look like others are not: two contacts may still look the same, and only
 * [property@Contact:name] tells them apart.
 *
 * Returns: (transfer none): a text that is never empty
 *
 * Since: 1.0
 */
const char *
xep174_contact_get_display_name (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return self->display_name;
}

/**
 * xep174_contact_get_online:
 * @self: a contact
 *
 * Whether the contact is on the network.
 *
 * Returns: %FALSE once it has gone
 *
 * Since: 1.0
 */
gboolean
xep174_contact_get_online (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), FALSE);

  return self->online;
}

/**
 * xep174_contact_get_doubtful:
 * @self: a contact
 *
 * Whether the contact is published still, yet nobody answered when it was last tried: a machine
 * that loses its link says no goodbye.
 *
 * Returns: whether there is reason to doubt
 *
 * Since: 1.0
 */
gboolean
xep174_contact_get_doubtful (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), FALSE);

  return self->doubtful;
}

/**
 * xep174_contact_get_status:
 * @self: a contact
 *
 * Whether the contact would like to talk.
 *
 * Returns: the status; available if none is published or its word is not known
 *
 * Since: 1.0
 */
Xep174Status
xep174_contact_get_status (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), XEP174_STATUS_AVAILABLE);

  return xep174_contact_parse_status (self->txt);
}

/**
 * xep174_contact_get_message:
 * @self: a contact
 *
 * The line beside the status.
 *
 * Returns: (transfer none) (nullable): the message, %NULL if none is published
 *
 * Since: 1.0
 */
const char *
xep174_contact_get_message (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return xep174_txt_get (self->txt, "msg");
}

/**
 * xep174_contact_get_nick:
 * @self: a contact
 *
 * What the contact would like to be called.
 *
 * Returns: (transfer none) (nullable): the nickname, %NULL if none is published
 *
 * Since: 1.0
 */
const char *
xep174_contact_get_nick (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return xep174_txt_get (self->txt, "nick");
}

/**
 * xep174_contact_get_first_name:
 * @self: a contact
 *
 * The given name.
 *
 * Returns: (transfer none) (nullable): the first name, %NULL if none is published
 *
 * Since: 1.0
 */
const char *
xep174_contact_get_first_name (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return xep174_txt_get (self->txt, "1st");
}

/**
 * xep174_contact_get_last_name:
 * @self: a contact
 *
 * The family name.
 *
 * Returns: (transfer none) (nullable): the last name, %NULL if none is published
 *
 * Since: 1.0
 */
const char *
xep174_contact_get_last_name (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return xep174_txt_get (self->txt, "last");
}

/**
 * xep174_contact_get_emails:
 * @self: a contact
 *
 * Addresses for mail.
 *
 * Returns: (transfer none) (array zero-terminated=1): the addresses, often none
 *
 * Since: 1.0
 */
const char * const *
xep174_contact_get_emails (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return (const char * const *) self->emails;
}

/**
 * xep174_contact_get_jids:
 * @self: a contact
 *
 * Addresses on XMPP servers.
 *
 * Returns: (transfer none) (array zero-terminated=1): the addresses, often none
 *
 * Since: 1.0
 */
const char * const *
xep174_contact_get_jids (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return (const char * const *) self->jids;
}

/**
 * xep174_contact_has_parameter:
 * @self: a contact
 * @key: the name of a TXT parameter, the case of its letters does not matter
 *
 * Whether a parameter is published, be it without a value.
 *
 * Returns: whether the record has it
 *
 * Since: 1.0
 */
gboolean
xep174_contact_has_parameter (Xep174Contact *self,
                              const char    *key)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return xep174_txt_has (self->txt, key);
}

/**
 * xep174_contact_get_parameter:
 * @self: a contact
 * @key: the name of a TXT parameter, the case of its letters does not matter
 *
 * A parameter, any of XEP-0174 §11.2 or another.
 *
 * Octets that are no UTF-8, which a TXT record may hold, read as U+FFFD.
 *
 * Returns: (transfer none) (nullable): the value, which may be empty; %NULL if the parameter is not
 *   published or has no value, see [method@Contact.has_parameter]
 *
 * Since: 1.0
 */
const char *
xep174_contact_get_parameter (Xep174Contact *self,
                              const char    *key)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return xep174_txt_get (self->txt, key);
}

/**
 * xep174_contact_list_parameters:
 * @self: a contact
 *
 * The names of all the parameters, unknown ones too, in the order and spelling of the record.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names
 *
 * Since: 1.0
 */
char **
xep174_contact_list_parameters (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), NULL);

  return xep174_txt_dup_keys (self->txt);
}
