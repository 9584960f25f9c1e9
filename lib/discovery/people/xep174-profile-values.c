/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-profile-state-private.h"

#include <string.h>

#include "xep174-avatar-private.h"
#include "xep174-discovery.h"
#include "xep174-gettext-private.h"
#include "xep174-name-private.h"

GParamSpec *xep174_profile_properties[XEP174_PROFILE_N_PROPS];
guint xep174_profile_signal_changed;

static void
notify (Xep174Profile *self,
        guint          property)
{
  g_object_notify_by_pspec (G_OBJECT (self), xep174_profile_properties[property]);
}

void
xep174_profile_changed (Xep174Profile *self,
                        guint          property)
{
  /* A handler may drop us. */
  g_object_ref (self);
  if (property != 0)
    notify (self, property);
  g_signal_emit (self, xep174_profile_signal_changed, 0);
  g_object_unref (self);
}

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
               _("%s has a character in it that cannot be shown, such as a line break or a tab. "
                 "Take it out"), label);
  return FALSE;
}

gboolean
xep174_profile_take_text (Xep174Profile *self,
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

/* XEP-0174 §11.2: several addresses are separated by spaces, so no address may contain one. */
gboolean
xep174_profile_take_addresses (Xep174Profile       *self,
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
                     _("%s has an address, number %zu, that is empty or has a space in it. Write "
                       "each address without spaces"), label, i + 1);
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

gboolean
xep174_profile_take_status (Xep174Profile *self,
                            Xep174Status   status,
                            const char    *message,
                            GError       **error)
{
  static const char *const words[] = {
    [XEP174_STATUS_AVAILABLE] = "avail",
    [XEP174_STATUS_AWAY] = "away",
    [XEP174_STATUS_DND] = "dnd",
  };
  g_autoptr(Xep174Txt) txt = NULL;
  g_autoptr(Xep174Profile) held = NULL;
  gboolean new_message;

  txt = xep174_txt_copy (self->txt);
  if (!check_text ("msg", message, error) ||
      !xep174_txt_set (txt, "status", words[status], error) ||
      !xep174_txt_set (txt, "msg", message, error))
    return FALSE;
  if (xep174_txt_equal (txt, self->txt))
    return TRUE;

  /* A handler may drop us. */
  held = g_object_ref (self);
  new_message = g_strcmp0 (xep174_txt_get (self->txt, "msg"), message) != 0;
  xep174_txt_free (self->txt);
  self->txt = g_steal_pointer (&txt);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->status != status)
    {
      self->status = status;
      notify (self, XEP174_PROFILE_PROP_STATUS);
    }
  if (new_message)
    notify (self, XEP174_PROFILE_PROP_STATUS_MESSAGE);
  g_object_thaw_notify (G_OBJECT (self));
  xep174_profile_changed (self, 0);

  return TRUE;
}

static gboolean
check_avatar (GBytes  *avatar,
              GError **error)
{
  gsize size = avatar != NULL ? g_bytes_get_size (avatar) : 1;

  if (size == 0)
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
                         _("The picture is empty. Choose another one, or none"));
  else if (size > XEP174_AVATAR_MAX)
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG,
                 _("The picture is too large: it may have %d octets, and 8,000 are better. Make it "
                   "smaller"),
                 XEP174_AVATAR_MAX);
  else
    return TRUE;

  return FALSE;
}

/* D15: the record says which picture it is. */
gboolean
xep174_profile_take_avatar (Xep174Profile *self,
                            GBytes        *avatar,
                            GError       **error)
{
  g_autofree char *hash = NULL;

  if (!check_avatar (avatar, error))
    return FALSE;

  if (avatar != NULL)
    hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, avatar);
  if (g_strcmp0 (hash, xep174_txt_get (self->txt, "phsh")) == 0)
    return TRUE;
  if (!xep174_txt_set (self->txt, "phsh", hash, error))
    return FALSE;

  g_clear_pointer (&self->avatar, g_bytes_unref);
  self->avatar = avatar != NULL ? g_bytes_ref (avatar) : NULL;
  xep174_profile_changed (self, XEP174_PROFILE_PROP_AVATAR);

  return TRUE;
}

void
xep174_profile_set_capabilities (Xep174Profile *self,
                                 const char    *node,
                                 const char    *ver)
{
  g_autoptr(Xep174Txt) txt = xep174_txt_copy (self->txt);

  if (!xep174_txt_set (txt, "node", node, NULL) || !xep174_txt_set (txt, "hash", "sha-1", NULL)
      || !xep174_txt_set (txt, "ver", ver, NULL) || xep174_txt_equal (txt, self->txt))
    return;

  xep174_txt_free (self->txt);
  self->txt = g_steal_pointer (&txt);
  xep174_profile_changed (self, 0);
}
