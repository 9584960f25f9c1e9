/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-profile-state-private.h"

#include <string.h>

#include "xep174-discovery.h"
#include "xep174-name-private.h"

static gboolean
check_text (const char  *key,
            const char  *value,
            GError     **error)
{
  g_autofree char *label = NULL;

  if (value == NULL || !g_utf8_validate (value, -1, NULL) || xep174_text_is_plain (value))
    return TRUE;

  label = xep174_txt_dup_label (key);
  g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
               "%s has a character in it that cannot be shown, such as a line break or a tab. "
               "Take it out", label);
  return FALSE;
}

gboolean
xep174_profile_set_text (Xep174Profile *self,
                         guint          property,
                         const char    *key,
                         const char    *value,
                         GError       **error)
{
  g_autofree char *old = g_strdup (xep174_txt_get (self->txt, key));

  gboolean is_new = g_strcmp0 (old, value) != 0;

  if (!check_text (key, value, error) || !xep174_txt_set (self->txt, key, value, error))
    return FALSE;
  if (is_new)
    xep174_profile_changed (self, property);

  return TRUE;
}

/* XEP-0174 §11.2: several addresses are separated by spaces, so that none may hold one. */
static gboolean
set_addresses (Xep174Profile       *self,
               guint                property,
               const char          *key,
               char              ***field,
               const char * const  *addresses,
               GError             **error)
{
  g_autofree char *joined = NULL;
  g_autofree char *label = xep174_txt_dup_label (key);
  char **copy;

  if (addresses != NULL && addresses[0] != NULL)
    joined = g_strjoinv (" ", (char **) addresses);

  for (gsize i = 0; joined != NULL && addresses[i] != NULL; i++)
    if (addresses[i][0] == '\0' || addresses[i][strcspn (addresses[i], " \t\r\n")] != '\0')
      {
        g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
                     "%s has an address, number %" G_GSIZE_FORMAT ", that is empty or has a space in "
                     "it. Write each address without spaces", label, i + 1);
        return FALSE;
      }

  if (g_strcmp0 (joined, xep174_txt_get (self->txt, key)) == 0)
    return TRUE;
  if (!check_text (key, joined, error) || !xep174_txt_set (self->txt, key, joined, error))
    return FALSE;

  /* @addresses may be a part of the old ones. */
  copy = joined != NULL ? g_strdupv ((char **) addresses) : NULL;
  g_strfreev (*field);
  *field = copy;
  xep174_profile_changed (self, property);

  return TRUE;
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
  static const char *const words[] = { "avail", "away", "dnd" };
  g_autoptr(Xep174Txt) txt = NULL;
  g_autoptr(Xep174Profile) held = NULL;
  gboolean new_message;

  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail ((guint) status < G_N_ELEMENTS (words), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  txt = xep174_txt_copy (self->txt);
  if (!check_text ("msg", message, error) ||
      !xep174_txt_set (txt, "status", words[status], error) ||
      !xep174_txt_set (txt, "msg", message, error))
    return FALSE;
  if (xep174_txt_equal (txt, self->txt))
    return TRUE;

  /* A handler may drop us. */
  held = g_object_ref (self);
  new_message = g_strcmp0 (xep174_profile_get_message (self), message) != 0;
  xep174_txt_free (self->txt);
  self->txt = g_steal_pointer (&txt);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->status != status)
    {
      self->status = status;
      xep174_profile_notify (self, XEP174_PROFILE_PROP_STATUS);
    }
  if (new_message)
    xep174_profile_notify (self, XEP174_PROFILE_PROP_MESSAGE);
  g_object_thaw_notify (G_OBJECT (self));
  xep174_profile_changed (self, 0);

  return TRUE;
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

  return xep174_profile_set_text (self, XEP174_PROFILE_PROP_NICK, "nick", nick, error);
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

  return xep174_profile_set_text (self, XEP174_PROFILE_PROP_FIRST_NAME, "1st", first_name, error);
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

  return xep174_profile_set_text (self, XEP174_PROFILE_PROP_LAST_NAME, "last", last_name, error);
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

  return set_addresses (self, XEP174_PROFILE_PROP_EMAILS, "email", &self->emails, emails, error);
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

  return set_addresses (self, XEP174_PROFILE_PROP_JIDS, "jid", &self->jids, jids, error);
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

  return xep174_profile_set_text (self, 0, key, value, error);
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
