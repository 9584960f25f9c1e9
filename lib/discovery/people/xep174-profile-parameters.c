/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-profile-state-private.h"

#include "xep174-discovery.h"

/**
 * xep174_profile_get_machine:
 * @self: a profile
 *
 * Gets the part of the name after the `@`.
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
 * If a discovery runs with the profile, it takes the new name. Sessions that are open keep the name
 * that they were opened with.
 *
 * Returns: %TRUE if the name was set; else `XEP174_DISCOVERY_ERROR_INVALID_NAME` if XEP-0174 §3 or
 *   DNS does not allow `user@machine`, which may have 63 octets at most
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
 * @attempt: how many names were already taken by others
 *
 * Gets the name under which to publish the profile, for programs that bring their own DNS-SD.
 *
 * It is `user@machine` first. If others have that name, it is `user-1@machine`, then
 * `user-2@machine` and so on (XEP-0174 §3). Each has 63 octets at most.
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
 * Gets whether we are available, away, or do not want to be disturbed.
 *
 * Returns: the status; `XEP174_STATUS_AVAILABLE` until you set one. Until then none is published
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
 * xep174_profile_get_status_message:
 * @self: a profile
 *
 * Gets the words about the status.
 *
 * Returns: (transfer none) (nullable): the words, %NULL if there are none
 *
 * Since: 1.0
 */
const char *
xep174_profile_get_status_message (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return xep174_txt_get (self->txt, "msg");
}

/**
 * xep174_profile_set_status:
 * @self: a profile
 * @status: the new status
 * @status_message: (nullable): words about the status, in one line, or %NULL for none
 * @error: return location for an error
 *
 * Sets the TXT parameters `status` and `msg` together.
 *
 * Returns: %TRUE if both were set; else nothing has changed, and the error is
 *   `XEP174_DISCOVERY_ERROR_TOO_LONG` (the words may have 251 octets at most) or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE` (not UTF-8, or a control character in it, such as a line
 *   break)
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_status (Xep174Profile *self,
                           Xep174Status   status,
                           const char    *status_message,
                           GError       **error)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (status >= XEP174_STATUS_AVAILABLE && status <= XEP174_STATUS_DND, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return xep174_profile_take_status (self, status, status_message, error);
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
 * Returns: %TRUE if it was set; else `XEP174_DISCOVERY_ERROR_TOO_LONG` or
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
 * Returns: %TRUE if it was set; else `XEP174_DISCOVERY_ERROR_TOO_LONG` or
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
 * Returns: %TRUE if it was set; else `XEP174_DISCOVERY_ERROR_TOO_LONG` or
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
 * Returns: %TRUE if they were set; else `XEP174_DISCOVERY_ERROR_TOO_LONG`, or
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
 * Returns: %TRUE if they were set; else `XEP174_DISCOVERY_ERROR_TOO_LONG`, or
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
 * xep174_profile_get_avatar:
 * @self: a profile
 *
 * Gets the picture that others can load.
 *
 * Returns: (transfer none) (nullable): its octets, %NULL if there is none
 *
 * Since: 1.0
 */
GBytes *
xep174_profile_get_avatar (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return self->avatar;
}

/**
 * xep174_profile_set_avatar:
 * @self: a profile
 * @avatar: (nullable): the octets of an image file, 65,535 at most, or %NULL for no picture
 * @error: return location for an error
 *
 * Sets the picture that others can load (XEP-0174 §11.4).
 *
 * It goes into one DNS record, which only those get who ask for it, and its SHA-1 into the TXT
 * parameter `phsh`. Take a PNG or JPEG file of 8,000 octets or less: larger records travel in pieces,
 * which not every network delivers.
 *
 * Returns: %TRUE if it was set; else `XEP174_DISCOVERY_ERROR_TOO_LONG` if it is too large or the TXT
 *   record has no room for `phsh`, or `XEP174_DISCOVERY_ERROR_INVALID_VALUE` if it is empty
 *
 * Since: 1.0
 */
gboolean
xep174_profile_set_avatar (Xep174Profile *self,
                           GBytes        *avatar,
                           GError       **error)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return xep174_profile_take_avatar (self, avatar, error);
}

/**
 * xep174_profile_get_parameter:
 * @self: a profile
 * @key: the name of a TXT parameter, the case of its letters does not matter
 *
 * Gets a parameter as it is published. It may be one of XEP-0174 §11.2 or any other.
 *
 * Returns: (transfer none) (nullable): the value; %NULL if the parameter is not published, and
 *   always %NULL for `port.p2pj`, which the running discovery adds
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
    { "phsh", "is set with xep174_profile_set_avatar()" },
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
 * @value: (nullable): a value, or %NULL to remove the parameter
 * @error: return location for an error
 *
 * Sets a TXT parameter that has no function of its own: `ext` or `vc` of XEP-0174 §11.2, or one
 * that your program invents.
 *
 * Returns: %TRUE if it was set; else `XEP174_DISCOVERY_ERROR_TOO_LONG` (name, `=` and value may
 *   have 255 octets together), or `XEP174_DISCOVERY_ERROR_INVALID_VALUE` if @key is not a valid
 *   name or has a function of its own
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
 * @port: the port that is in the SRV record
 *
 * Gets the data of the TXT record with which this profile is published (RFC 6763 §6.1), for
 * programs that bring their own DNS-SD.
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
