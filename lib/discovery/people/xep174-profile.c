/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Profile:
 *
 * What we tell the network about ourselves.
 *
 * A profile becomes the name `user@machine` and the TXT record beside it (XEP-0174 §3 and §11.2).
 * A new profile tells only the user name, the name of the machine and the port. Everything else is
 * published only if you set it here (XEP-0174 §12).
 *
 * You can change values at any time. While a [class@Discovery] or a [class@Client] runs with the
 * profile, the new values are published, once for all the changes of one turn of the main loop.
 *
 * ```c
 * g_autoptr(GError) error = NULL;
 * g_autoptr(Xep174Profile) me = xep174_profile_new ("juliet", &error);
 *
 * if (me == NULL || !xep174_profile_set_status (me, XEP174_STATUS_AWAY, "On the balcony", &error))
 *   g_printerr ("%s\n", error->message);
 * ```
 *
 * If a value does not fit, the function that sets it fails, and the old value stays. Properties cannot
 * fail, so they are only for reading and for watching.
 *
 * Since: 1.0
 */

#include "xep174-discovery-enums.h"
#include "xep174-profile-state-private.h"

G_DEFINE_FINAL_TYPE (Xep174Profile, xep174_profile, G_TYPE_OBJECT)

static void
xep174_profile_get_property (GObject    *object,
                             guint       property,
                             GValue     *value,
                             GParamSpec *pspec)
{
  Xep174Profile *self = XEP174_PROFILE (object);

  switch (property)
    {
    case XEP174_PROFILE_PROP_USER:
      g_value_set_string (value, self->user);
      break;
    case XEP174_PROFILE_PROP_MACHINE:
      g_value_set_string (value, self->machine);
      break;
    case XEP174_PROFILE_PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    case XEP174_PROFILE_PROP_STATUS_MESSAGE:
      g_value_set_string (value, xep174_txt_get (self->txt, "msg"));
      break;
    case XEP174_PROFILE_PROP_NICK:
      g_value_set_string (value, xep174_txt_get (self->txt, "nick"));
      break;
    case XEP174_PROFILE_PROP_FIRST_NAME:
      g_value_set_string (value, xep174_txt_get (self->txt, "1st"));
      break;
    case XEP174_PROFILE_PROP_LAST_NAME:
      g_value_set_string (value, xep174_txt_get (self->txt, "last"));
      break;
    case XEP174_PROFILE_PROP_EMAILS:
      g_value_set_boxed (value, self->emails);
      break;
    case XEP174_PROFILE_PROP_JIDS:
      g_value_set_boxed (value, self->jids);
      break;
    case XEP174_PROFILE_PROP_AVATAR:
      g_value_set_boxed (value, self->avatar);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
xep174_profile_constructed (GObject *object)
{
  Xep174Profile *self = XEP174_PROFILE (object);

  G_OBJECT_CLASS (xep174_profile_parent_class)->constructed (object);

  xep174_profile_set_default_machine (self, NULL);
}

static void
xep174_profile_finalize (GObject *object)
{
  Xep174Profile *self = XEP174_PROFILE (object);

  g_free (self->user);
  g_free (self->machine);
  g_strfreev (self->emails);
  g_strfreev (self->jids);
  g_clear_pointer (&self->avatar, g_bytes_unref);
  xep174_txt_free (self->txt);

  G_OBJECT_CLASS (xep174_profile_parent_class)->finalize (object);
}

static GParamSpec *
text_property (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
list_property (const char *name)
{
  return g_param_spec_boxed (name, NULL, NULL, G_TYPE_STRV,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
xep174_profile_class_init (Xep174ProfileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xep174_profile_get_property;
  object_class->constructed = xep174_profile_constructed;
  object_class->finalize = xep174_profile_finalize;

  /**
   * Xep174Profile:user:
   *
   * The part of the name before the `@`, any UTF-8 without control characters.
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_USER] = text_property ("user");

  /**
   * Xep174Profile:machine:
   *
   * The part of the name after the `@`, the first label of the host name unless it is set.
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_MACHINE] = text_property ("machine");

  /**
   * Xep174Profile:status:
   *
   * Whether we are available, away, or do not want to be disturbed: the TXT parameter `status`.
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_STATUS] =
    g_param_spec_enum ("status", NULL, NULL, XEP174_TYPE_STATUS, XEP174_STATUS_AVAILABLE,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174Profile:status-message:
   *
   * A line about the status in the user's words: the TXT parameter `msg`.
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_STATUS_MESSAGE] = text_property ("status-message");

  /**
   * Xep174Profile:nick:
   *
   * What the user would like to be called: the TXT parameter `nick`.
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_NICK] = text_property ("nick");

  /**
   * Xep174Profile:first-name:
   *
   * The given name: the TXT parameter `1st`.
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_FIRST_NAME] = text_property ("first-name");

  /**
   * Xep174Profile:last-name:
   *
   * The family name: the TXT parameter `last`.
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_LAST_NAME] = text_property ("last-name");

  /**
   * Xep174Profile:emails:
   *
   * Addresses for mail: the TXT parameter `email`.
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_EMAILS] = list_property ("emails");

  /**
   * Xep174Profile:jids:
   *
   * Addresses on XMPP servers: the TXT parameter `jid`.
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_JIDS] = list_property ("jids");

  /**
   * Xep174Profile:avatar:
   *
   * The picture of us that others can load, usually the octets of a small PNG or JPEG file; %NULL for
   * none. See [method@Profile.set_avatar].
   *
   * Since: 1.0
   */
  xep174_profile_properties[XEP174_PROFILE_PROP_AVATAR] =
    g_param_spec_boxed ("avatar", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, XEP174_PROFILE_N_PROPS,
                                     xep174_profile_properties);

  /**
   * Xep174Profile::changed:
   * @self: the profile
   *
   * Something that is published has changed. The notifications of the properties come before this
   * signal.
   *
   * Since: 1.0
   */
  xep174_profile_signal_changed =
    g_signal_new ("changed", XEP174_TYPE_PROFILE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
xep174_profile_init (Xep174Profile *self)
{
  self->user = g_strdup ("");
  /* D4, D8: in this order, before all the others. */
  self->txt = xep174_txt_new ();
  xep174_txt_set (self->txt, "txtvers", "1", NULL);
  xep174_txt_set (self->txt, "port.p2pj", "65535", NULL);
}

/**
 * xep174_profile_new:
 * @user: the part of the name before the `@`: any UTF-8 without control characters; usually the
 *   name of the account, [func@GLib.get_user_name]
 * @error: return location for an error
 *
 * Creates a profile that tells nothing but the name.
 *
 * What follows the `@` in the name that is published, `juliet@capulet`, is
 * [property@Profile:machine], by default the name of this host.
 *
 * Returns: (transfer full): a profile, or %NULL with `XEP174_DISCOVERY_ERROR_INVALID_NAME` if the name
 *   is empty, too long for DNS, not UTF-8, or has a control character in it
 *
 * Since: 1.0
 */
Xep174Profile *
xep174_profile_new (const char  *user,
                    GError     **error)
{
  g_autoptr(Xep174Profile) self = NULL;

  g_return_val_if_fail (user != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (XEP174_TYPE_PROFILE, NULL);
  g_free (self->user);
  self->user = g_strdup (user);

  return xep174_profile_check_name (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * xep174_profile_get_user:
 * @self: a profile
 *
 * The part of the name before the `@`.
 *
 * Returns: (transfer none): the user name as it was given
 *
 * Since: 1.0
 */
const char *
xep174_profile_get_user (Xep174Profile *self)
{
  g_return_val_if_fail (XEP174_IS_PROFILE (self), NULL);

  return self->user;
}
