/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-contact-state-private.h"

#include "xep174-name-private.h"

/**
 * xep174_contact_get_name:
 * @self: a contact
 *
 * Gets the instance name, under which you open a session.
 *
 * It is usually `user@machine`, but any UTF-8 text of up to 63 octets can be a name. Two names that
 * differ only in the case of ASCII letters are the same.
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
 * Gets the name as a JID, for code that needs one: characters that a JID cannot have before its `@`
 * are escaped (XEP-0106).
 *
 * On the network the plain name is used, not this one.
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
 * Gets the name to show to a user: the nickname; if there is none, the first and the last name; if
 * there are none, the user part of the name.
 *
 * Control characters, marks that turn the direction of writing, and invisible characters are left
 * out. White space of any kind becomes one space. A nickname in which nothing is visible is
 * ignored, and so is such a first or last name.
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
 * Gets whether nobody answered when the contact was last tried, although it is still published: a
 * machine that loses its link says no goodbye.
 *
 * Returns: %TRUE if the contact may have gone
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
 * xep174_contact_get_encrypted:
 * @self: a contact
 *
 * Gets whether what is said to the contact now, and what it says, is encrypted.
 *
 * Returns: whether there is an encrypted session; always %FALSE if the discovery is not that of a
 *   [class@Client]
 *
 * Since: 1.0
 */
gboolean
xep174_contact_get_encrypted (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), FALSE);

  return self->encrypted;
}

/**
 * xep174_contact_get_trust:
 * @self: a contact
 *
 * Gets what is known of the contact's key, to show it beside the name before anything is said.
 *
 * If several keys are remembered for the name, it is the least that holds for one of them. What another
 * program changes in the store of keys is seen at the next session with the contact. With
 * %XEP174_TRUST_CHANGED nothing is sent until a person accepts the new key: see
 * [method@Client.accept_key].
 *
 * Returns: the trust; always %XEP174_TRUST_UNKNOWN if the discovery is not that of a [class@Client]
 *
 * Since: 1.0
 */
Xep174Trust
xep174_contact_get_trust (Xep174Contact *self)
{
  g_return_val_if_fail (XEP174_IS_CONTACT (self), XEP174_TRUST_UNKNOWN);

  return self->trust;
}

/**
 * xep174_contact_get_status:
 * @self: a contact
 *
 * Gets whether the contact is available, away, or does not want to be disturbed.
 *
 * Returns: the status; `XEP174_STATUS_AVAILABLE` if none is published, or an unknown word
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
 * xep174_contact_get_status_message:
 * @self: a contact
 *
 * Gets the contact's own words about its status.
 *
 * Returns: (transfer none) (nullable): the words, %NULL if none are published
 *
 * Since: 1.0
 */
const char *
xep174_contact_get_status_message (Xep174Contact *self)
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
 * Gets whether a parameter is published, with or without a value.
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
 * Gets the value of a parameter. It may be one of XEP-0174 §11.2 or any other.
 *
 * A TXT record may contain octets that are not UTF-8. Each of them becomes U+FFFD.
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
