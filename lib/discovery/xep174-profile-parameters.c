/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-profile-state-private.h"

#include "xep174-discovery.h"

/**
 * xep174_profile_get_machine:
 * @self: a profile
 *
 * The part of the name after the `@`.
 *
 * Returns: (transfer none): what was set, else the first label of the host name
 *
 * Since: 1.0
 */
const char *
xep174_profile_get_machine (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return self->machine;
}

/**
 * xep174_profile_set_machine:
 * @self: a profile
 * @machine: (nullable): US-ASCII without spaces and `@`, %NULL for the host name's first label
 * @error: return location for an error
 *
 * Sets the part of the name after the `@`.
 *
 * A running discovery takes the new name; established sessions keep the one that they opened
 * with.
 *
 * Returns: whether the machine name was taken; `XEP174_DISCOVERY_ERROR_INVALID_NAME` if XEP-0174 §3
 *   or DNS does not allow `user@machine`, which is 63 octets at most
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_machine (Xep174Profile *self,
                            const char    *machine,
                            GError       **error)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return xep174_profile_take_machine (self, machine, error);
}

/**
 * xep174_profile_dup_instance_name:
 * @self: a profile
 * @attempt: how many names were found taken so far
 *
 * The name to publish the profile under, for programs that bring their own DNS-SD.
 *
 * That is `user@machine`, then `user-1@machine`, `user-2@machine` and so on (XEP-0174 §3), each of
 * 63 octets at most.
 *
 * Returns: (transfer full): an instance name
 *
 * Since: 1.0
 */
char *
xep174_profile_dup_instance_name (Xep174Profile *self,
                                  guint          attempt)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return xep174_instance_name_build (self->user, self->machine, attempt);
}

/**
 * xep174_profile_get_status:
 * @self: a profile
 *
 * Whether we would like to talk.
 *
 * Returns: the status; `XEP174_STATUS_AVAILABLE` until one is set, and then none is published
 *
 * Since: 1.0
 */
Xep174Status
xep174_profile_get_status (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), XEP174_STATUS_AVAILABLE);

  return self->status;
}

/**
 * xep174_profile_get_message:
 * @self: a profile
 *
 * The line beside the status.
 *
 * Returns: (transfer none) (nullable): the message, %NULL if there is none
 *
 * Since: 1.0
 */
const char *
xep174_profile_get_message (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return xep174_txt_get (self->txt, "msg");
}

/**
 * xep174_profile_set_status:
 * @self: a profile
 * @status: the new status
 * @message: (nullable): a line beside it, %NULL for none
 * @error: return location for an error
 *
 * Sets and publishes the TXT parameters `status` and `msg` in one go.
 *
 * Returns: whether both were taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG` (a message takes 251
 *   octets at most) or `XEP174_DISCOVERY_ERROR_INVALID_VALUE` (no UTF-8, or a control character in
 *   it, such as a line break), and neither has changed
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_status (Xep174Profile *self,
                           Xep174Status   status,
                           const char    *message,
                           GError       **error)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (status >= XEP174_STATUS_AVAILABLE && status <= XEP174_STATUS_DND, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return xep174_profile_take_status (self, status, message, error);
}

/**
 * xep174_profile_get_nick:
 * @self: a profile
 *
 * What the user would like to be called.
 *
 * Returns: (transfer none) (nullable): the nickname, %NULL if none is published
 *
 * Since: 1.0
 */
const char *
xep174_profile_get_nick (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return xep174_txt_get (self->txt, "nick");
}

/**
 * xep174_profile_set_nick:
 * @self: a profile
 * @nick: (nullable): a nickname, %NULL to publish none
 * @error: return location for an error
 *
 * Sets the TXT parameter `nick`.
 *
 * Returns: whether it was taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG` or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE` (no UTF-8, or a control character in it)
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_nick (Xep174Profile *self,
                         const char    *nick,
                         GError       **error)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return xep174_profile_take_text (self, XEP174_PROFILE_PROP_NICK, "nick", nick, error);
}

/**
 * xep174_profile_get_first_name:
 * @self: a profile
 *
 * The given name.
 *
 * Returns: (transfer none) (nullable): the first name, %NULL if none is published
 *
 * Since: 1.0
 */
const char *
xep174_profile_get_first_name (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return xep174_txt_get (self->txt, "1st");
}

/**
 * xep174_profile_set_first_name:
 * @self: a profile
 * @first_name: (nullable): a given name, %NULL to publish none
 * @error: return location for an error
 *
 * Sets the TXT parameter `1st`.
 *
 * Returns: whether it was taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG` or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE` (no UTF-8, or a control character in it)
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_first_name (Xep174Profile *self,
                               const char    *first_name,
                               GError       **error)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return xep174_profile_take_text (self, XEP174_PROFILE_PROP_FIRST_NAME, "1st", first_name, error);
}

/**
 * xep174_profile_get_last_name:
 * @self: a profile
 *
 * The family name.
 *
 * Returns: (transfer none) (nullable): the last name, %NULL if none is published
 *
 * Since: 1.0
 */
const char *
xep174_profile_get_last_name (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return xep174_txt_get (self->txt, "last");
}

/**
 * xep174_profile_set_last_name:
 * @self: a profile
 * @last_name: (nullable): a family name, %NULL to publish none
 * @error: return location for an error
 *
 * Sets the TXT parameter `last`.
 *
 * Returns: whether it was taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG` or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE` (no UTF-8, or a control character in it)
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_last_name (Xep174Profile *self,
                              const char    *last_name,
                              GError       **error)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return xep174_profile_take_text (self, XEP174_PROFILE_PROP_LAST_NAME, "last", last_name, error);
}

/**
 * xep174_profile_get_emails:
 * @self: a profile
 *
 * Addresses for mail.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the addresses, %NULL if none is
 *   published
 *
 * Since: 1.0
 */
const char * const *
xep174_profile_get_emails (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return (const char * const *) self->emails;
}

/**
 * xep174_profile_set_emails:
 * @self: a profile
 * @emails: (nullable) (array zero-terminated=1): addresses for mail, %NULL or none to publish none
 * @error: return location for an error
 *
 * Sets the TXT parameter `email`, in which the addresses stand one after another.
 *
 * Returns: whether they were taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG`, or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE` for an empty address or one with white space or
 *   control characters
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_emails (Xep174Profile       *self,
                           const char * const  *emails,
                           GError             **error)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return xep174_profile_take_addresses (self, XEP174_PROFILE_PROP_EMAILS, "email", &self->emails,
                                        emails, error);
}

/**
 * xep174_profile_get_jids:
 * @self: a profile
 *
 * Addresses on XMPP servers.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the addresses, %NULL if none is
 *   published
 *
 * Since: 1.0
 */
const char * const *
xep174_profile_get_jids (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return (const char * const *) self->jids;
}

/**
 * xep174_profile_set_jids:
 * @self: a profile
 * @jids: (nullable) (array zero-terminated=1): addresses on XMPP servers, %NULL or none to publish
 *   none
 * @error: return location for an error
 *
 * Sets the TXT parameter `jid`, in which the addresses stand one after another.
 *
 * Returns: whether they were taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG`, or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE` for an empty address or one with white space or
 *   control characters
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_jids (Xep174Profile       *self,
                         const char * const  *jids,
                         GError             **error)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return xep174_profile_take_addresses (self, XEP174_PROFILE_PROP_JIDS, "jid", &self->jids, jids,
                                        error);
}

/**
 * xep174_profile_get_parameter:
 * @self: a profile
 * @key: the name of a TXT parameter, the case of its letters does not matter
 *
 * A parameter as it is published, any of XEP-0174 §11.2 or another.
 *
 * Returns: (transfer none) (nullable): the value, %NULL if the parameter is not published, and for
 *   `port.p2pj`, which is the running discovery's
 *
 * Since: 1.0
 */
const char *
xep174_profile_get_parameter (Xep174Profile *self,
                              const char    *key)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  if (g_ascii_strcasecmp (key, "port.p2pj") == 0)
    return NULL;

  return xep174_txt_get (self->txt, key);
}

/* What to say about each parameter that set_parameter() leaves to another. */
static const char *
get_owner (const char *key)
{
  static const struct
  {
    const char *key;
    const char *owner;
  } owners[] = {
    { "txtvers", "is written by the library" },
    { "port.p2pj", "is written by the library" },
    { "phsh", "belongs to the avatar" },
    { "node", "belongs to the capabilities" },
    { "hash", "belongs to the capabilities" },
    { "ver", "belongs to the capabilities" },
    { "status", "is set with xep174_profile_set_status()" },
    { "msg", "is set with xep174_profile_set_status()" },
    { "nick", "is set with xep174_profile_set_nick()" },
    { "1st", "is set with xep174_profile_set_first_name()" },
    { "last", "is set with xep174_profile_set_last_name()" },
    { "email", "is set with xep174_profile_set_emails()" },
    { "jid", "is set with xep174_profile_set_jids()" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (owners); i++)
    if (g_ascii_strcasecmp (key, owners[i].key) == 0)
      return owners[i].owner;

  return NULL;
}

/**
 * xep174_profile_set_parameter:
 * @self: a profile
 * @key: printable US-ASCII without `=`, the case of its letters does not matter
 * @value: (nullable): a value, %NULL to take the parameter away
 * @error: return location for an error
 *
 * Publishes a TXT parameter that has no function of its own: `ext` and `vc` of XEP-0174 §11.2, or
 * one that the program invents.
 *
 * Returns: whether it was taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG` (name, `=` and value
 *   take 255 octets at most), or `XEP174_DISCOVERY_ERROR_INVALID_VALUE` for a @key that has another
 *   owner or cannot be one
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_parameter (Xep174Profile *self,
                              const char    *key,
                              const char    *value,
                              GError       **error)
{
  const char *owner;

  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  owner = get_owner (key);
  if (owner != NULL)
    {
      g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
                   "“%s” cannot be set in this way: it %s", key, owner);
      return FALSE;
    }

  return xep174_profile_take_text (self, 0, key, value, error);
}

/**
 * xep174_profile_dup_txt:
 * @self: a profile
 * @port: the port that the SRV record names
 *
 * The data of the TXT record that this profile is published with (RFC 6763 §6.1), for programs that
 * bring their own DNS-SD.
 *
 * `txtvers` stands first, then `port.p2pj` with @port, then what was set (XEP-0174 §11.2).
 *
 * Returns: (transfer full): the record's data
 *
 * Since: 1.0
 */
GBytes *
xep174_profile_dup_txt (Xep174Profile *self,
                        guint16        port)
{
  g_autoptr(Xep174Txt) txt = NULL;
  char text[sizeof "65535"];

  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  txt = xep174_txt_copy (self->txt);
  g_snprintf (text, sizeof text, "%u", port);
  xep174_txt_set (txt, "port.p2pj", text, NULL);

  return xep174_txt_to_bytes (txt);
}
