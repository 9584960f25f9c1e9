/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Profile:
 *
 * What we tell the network about ourselves.
 *
 * A profile becomes the name `user@machine` and the TXT record beside it (XEP-0174 §3 and §11.2).
 * Nothing personal is published that was not set here: a fresh profile tells the user name, the
 * machine and the port, and no more (XEP-0174 §12).
 *
 * Values may be changed at any time. While a [class@Discovery] or a [class@Client] runs with the
 * profile, the record on the network follows, once for all the changes of one turn of the main
 * loop.
 *
 * ```c
 * g_autoptr(Xep174Profile) me = xep174_profile_new ("juliet");
 * g_autoptr(GError) error = NULL;
 *
 * if (!xep174_profile_set_status (me, XEP174_STATUS_AWAY, "On the balcony", &error))
 *   g_printerr ("%s\n", error->message);
 * ```
 *
 * A value that does not fit is refused by the function that sets it and leaves the old one. A
 * property that is set to such a value warns and keeps the old one too; use the functions for
 * what a user typed in.
 *
 * Since: 1.0
 */

#include "xep174-profile-private.h"

#include <string.h>
#include <unistd.h>

#include "xep174-discovery-enums.h"
#include "xep174-discovery.h"
#include "xep174-name-private.h"
#include "xep174-txt-private.h"

struct _Xep174Profile
{
  GObject parent_instance;

  char *user;
  char *machine;
  gboolean machine_is_set;
  Xep174Status status;
  char **emails;
  char **jids;

  /* The record as it is published, so that each call that sets a value sees whether all fits
   * (D5). The port is the widest there is until a discovery fills in the real one. */
  Xep174Txt *txt;
};

enum
{
  PROP_0,
  PROP_USER,
  PROP_MACHINE,
  PROP_STATUS,
  PROP_MESSAGE,
  PROP_NICK,
  PROP_FIRST_NAME,
  PROP_LAST_NAME,
  PROP_EMAILS,
  PROP_JIDS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint signal_changed;

G_DEFINE_FINAL_TYPE (Xep174Profile, xep174_profile, G_TYPE_OBJECT)

static void
changed (Xep174Profile *self,
         guint          property)
{
  if (property != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  g_signal_emit (self, signal_changed, 0);
}

static gboolean
set_text (Xep174Profile *self,
          guint          property,
          const char    *key,
          const char    *value,
          GError       **error)
{
  g_autofree char *old = g_strdup (xep174_txt_get (self->txt, key));

  if (!xep174_txt_set (self->txt, key, value, error))
    return FALSE;
  if (g_strcmp0 (old, value) != 0)
    changed (self, property);

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

  if (addresses != NULL && addresses[0] != NULL)
    joined = g_strjoinv (" ", (char **) addresses);

  for (gsize i = 0; joined != NULL && addresses[i] != NULL; i++)
    if (addresses[i][0] == '\0' || addresses[i][strcspn (addresses[i], " \t\r\n")] != '\0')
      {
        g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
                     "Address %" G_GSIZE_FORMAT " of “%s” is empty or has white space in it",
                     i + 1, key);
        return FALSE;
      }

  if (g_strcmp0 (joined, xep174_txt_get (self->txt, key)) == 0)
    return TRUE;
  if (!xep174_txt_set (self->txt, key, joined, error))
    return FALSE;

  g_strfreev (*field);
  *field = joined != NULL ? g_strdupv ((char **) addresses) : NULL;
  changed (self, property);

  return TRUE;
}

static void
xep174_profile_get_property (GObject    *object,
                             guint       property,
                             GValue     *value,
                             GParamSpec *pspec)
{
  Xep174Profile *self = XEP174_PROFILE (object);

  switch (property)
    {
    case PROP_USER:
      g_value_set_string (value, self->user);
      break;
    case PROP_MACHINE:
      g_value_set_string (value, self->machine);
      break;
    case PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, xep174_profile_get_message (self));
      break;
    case PROP_NICK:
      g_value_set_string (value, xep174_profile_get_nick (self));
      break;
    case PROP_FIRST_NAME:
      g_value_set_string (value, xep174_profile_get_first_name (self));
      break;
    case PROP_LAST_NAME:
      g_value_set_string (value, xep174_profile_get_last_name (self));
      break;
    case PROP_EMAILS:
      g_value_set_boxed (value, self->emails);
      break;
    case PROP_JIDS:
      g_value_set_boxed (value, self->jids);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
xep174_profile_set_property (GObject      *object,
                             guint         property,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  Xep174Profile *self = XEP174_PROFILE (object);
  g_autoptr(GError) error = NULL;

  switch (property)
    {
    case PROP_USER:
      self->user = g_value_dup_string (value);
      break;
    case PROP_MACHINE:
      xep174_profile_set_machine (self, g_value_get_string (value), &error);
      break;
    case PROP_STATUS:
      xep174_profile_set_status (self, g_value_get_enum (value),
                                 xep174_profile_get_message (self), &error);
      break;
    case PROP_MESSAGE:
      set_text (self, property, "msg", g_value_get_string (value), &error);
      break;
    case PROP_NICK:
      xep174_profile_set_nick (self, g_value_get_string (value), &error);
      break;
    case PROP_FIRST_NAME:
      xep174_profile_set_first_name (self, g_value_get_string (value), &error);
      break;
    case PROP_LAST_NAME:
      xep174_profile_set_last_name (self, g_value_get_string (value), &error);
      break;
    case PROP_EMAILS:
      xep174_profile_set_emails (self, g_value_get_boxed (value), &error);
      break;
    case PROP_JIDS:
      xep174_profile_set_jids (self, g_value_get_boxed (value), &error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }

  if (error != NULL)
    g_warning ("The property “%s” keeps its value: %s", pspec->name, error->message);
}

static void
xep174_profile_constructed (GObject *object)
{
  Xep174Profile *self = XEP174_PROFILE (object);

  G_OBJECT_CLASS (xep174_profile_parent_class)->constructed (object);

  if (self->user == NULL)
    self->user = g_strdup ("");
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
  xep174_txt_free (self->txt);

  G_OBJECT_CLASS (xep174_profile_parent_class)->finalize (object);
}

static GParamSpec *
text_property (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                              G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
list_property (const char *name)
{
  return g_param_spec_boxed (name, NULL, NULL, G_TYPE_STRV,
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                             G_PARAM_STATIC_STRINGS);
}

static void
xep174_profile_class_init (Xep174ProfileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xep174_profile_get_property;
  object_class->set_property = xep174_profile_set_property;
  object_class->constructed = xep174_profile_constructed;
  object_class->finalize = xep174_profile_finalize;

  /**
   * Xep174Profile:user: (attributes org.gtk.Property.get=xep174_profile_get_user)
   *
   * The part of the name before the `@`, any UTF-8 without control characters.
   *
   * Since: 1.0
   */
  properties[PROP_USER] =
    g_param_spec_string ("user", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174Profile:machine: (attributes org.gtk.Property.get=xep174_profile_get_machine org.gtk.Property.set=xep174_profile_set_machine)
   *
   * The part of the name after the `@`, the first label of the host name unless it is set.
   *
   * Since: 1.0
   */
  properties[PROP_MACHINE] = text_property ("machine");

  /**
   * Xep174Profile:status: (attributes org.gtk.Property.get=xep174_profile_get_status)
   *
   * Whether we would like to talk: the TXT parameter `status`.
   *
   * Since: 1.0
   */
  properties[PROP_STATUS] =
    g_param_spec_enum ("status", NULL, NULL, XEP174_TYPE_STATUS, XEP174_STATUS_AVAILABLE,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174Profile:message: (attributes org.gtk.Property.get=xep174_profile_get_message)
   *
   * A line about the status in the user's words: the TXT parameter `msg`.
   *
   * Since: 1.0
   */
  properties[PROP_MESSAGE] = text_property ("message");

  /**
   * Xep174Profile:nick: (attributes org.gtk.Property.get=xep174_profile_get_nick org.gtk.Property.set=xep174_profile_set_nick)
   *
   * What the user would like to be called: the TXT parameter `nick`.
   *
   * Since: 1.0
   */
  properties[PROP_NICK] = text_property ("nick");

  /**
   * Xep174Profile:first-name: (attributes org.gtk.Property.get=xep174_profile_get_first_name org.gtk.Property.set=xep174_profile_set_first_name)
   *
   * The given name: the TXT parameter `1st`.
   *
   * Since: 1.0
   */
  properties[PROP_FIRST_NAME] = text_property ("first-name");

  /**
   * Xep174Profile:last-name: (attributes org.gtk.Property.get=xep174_profile_get_last_name org.gtk.Property.set=xep174_profile_set_last_name)
   *
   * The family name: the TXT parameter `last`.
   *
   * Since: 1.0
   */
  properties[PROP_LAST_NAME] = text_property ("last-name");

  /**
   * Xep174Profile:emails: (attributes org.gtk.Property.get=xep174_profile_get_emails org.gtk.Property.set=xep174_profile_set_emails)
   *
   * Addresses for mail: the TXT parameter `email`.
   *
   * Since: 1.0
   */
  properties[PROP_EMAILS] = list_property ("emails");

  /**
   * Xep174Profile:jids: (attributes org.gtk.Property.get=xep174_profile_get_jids org.gtk.Property.set=xep174_profile_set_jids)
   *
   * Addresses on XMPP servers: the TXT parameter `jid`.
   *
   * Since: 1.0
   */
  properties[PROP_JIDS] = list_property ("jids");

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * Xep174Profile::changed:
   * @self: the profile
   *
   * Something that is published has changed; properties have notified before.
   *
   * Since: 1.0
   */
  signal_changed = g_signal_new ("changed", XEP174_TYPE_PROFILE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
xep174_profile_init (Xep174Profile *self)
{
  /* D4, D8: in this order, before all the others. */
  self->txt = xep174_txt_new ();
  xep174_txt_set (self->txt, "txtvers", "1", NULL);
  xep174_txt_set (self->txt, "port.p2pj", "65535", NULL);
}

/**
 * xep174_profile_new:
 * @user: the part of the name before the `@`: any UTF-8 without control characters; usually the
 *   name of the account, [func@GLib.get_user_name]
 *
 * Creates a profile that tells nothing but the name.
 *
 * Whether the name can be published is checked when it is: a start with a name that is empty or
 * too long for DNS fails with `XEP174_DISCOVERY_ERROR_INVALID_NAME`.
 *
 * Returns: (transfer full): a profile
 *
 * Since: 1.0
 */
Xep174Profile *
xep174_profile_new (const char *user)
{
  g_return_val_if_fail (user != NULL, NULL);

  return g_object_new (XEP174_TYPE_PROFILE, "user", user, NULL);
}

/**
 * xep174_profile_get_user: (attributes org.gtk.Method.get_property=user)
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

/**
 * xep174_profile_get_machine: (attributes org.gtk.Method.get_property=machine)
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

static gboolean
check_machine (const char  *machine,
               GError     **error)
{
  for (const char *p = machine; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p) || *p == '@')
      {
        g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                             "The machine part of a name is US-ASCII without spaces and “@”");
        return FALSE;
      }

  if (*machine == '\0')
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                         "The machine part of a name cannot be empty");

  return *machine != '\0';
}

static gboolean
check_name (const char *user,
            const char *machine,
            GError    **error)
{
  g_autofree char *name = g_strconcat (user, "@", machine, NULL);
  g_autoptr(GError) invalid = NULL;

  if (xep174_name_is_valid (name, &invalid))
    return TRUE;

  g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                       invalid->message);
  return FALSE;
}

static void
take_machine (Xep174Profile *self,
              char          *machine)
{
  gboolean same = g_strcmp0 (self->machine, machine) == 0;

  g_free (self->machine);
  self->machine = machine;
  if (!same)
    changed (self, PROP_MACHINE);
}

/**
 * xep174_profile_set_machine: (attributes org.gtk.Method.set_property=machine)
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

  if (machine == NULL)
    {
      self->machine_is_set = FALSE;
      xep174_profile_set_default_machine (self, NULL);
      return TRUE;
    }

  if (!check_machine (machine, error) || !check_name (self->user, machine, error))
    return FALSE;

  self->machine_is_set = TRUE;
  take_machine (self, g_strdup (machine));
  return TRUE;
}

void
xep174_profile_set_default_machine (Xep174Profile *self,
                                    const char    *host_name)
{
  char system_name[256] = "";

  if (self->machine_is_set)
    return;

  /* Not g_get_host_name(), which remembers the first answer: the name may have changed (D22). */
  if (host_name == NULL && gethostname (system_name, sizeof system_name - 1) == 0)
    host_name = system_name;

  take_machine (self, xep174_machine_from_host_name (host_name != NULL ? host_name : ""));
}

gboolean
xep174_profile_check_name (Xep174Profile *self,
                           GError       **error)
{
  g_autoptr(GError) invalid = NULL;

  if (*self->user == '\0')
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                         "The profile has no user name");
  else if (!g_utf8_validate (self->user, -1, NULL))
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                         "The user name is not valid UTF-8");
  else
    {
      for (const char *p = self->user; *p != '\0'; p = g_utf8_next_char (p))
        if (g_unichar_iscntrl (g_utf8_get_char (p)))
          {
            g_set_error_literal (error, XEP174_DISCOVERY_ERROR,
                                 XEP174_DISCOVERY_ERROR_INVALID_NAME,
                                 "The user name has a control character in it");
            return FALSE;
          }

      /* A host name as long as DNS allows is no fault of the user: it is cut. */
      return check_name (self->user, self->machine_is_set ? self->machine : "h", error);
    }

  return FALSE;
}

/**
 * xep174_profile_get_status: (attributes org.gtk.Method.get_property=status)
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
 * xep174_profile_get_message: (attributes org.gtk.Method.get_property=message)
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
 *   octets at most) or `XEP174_DISCOVERY_ERROR_INVALID_VALUE`, and neither has changed
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
  gboolean new_message;

  g_return_val_if_fail (XEP174_IS_PROFILE (self), FALSE);
  g_return_val_if_fail ((guint) status < G_N_ELEMENTS (words), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  txt = xep174_txt_copy (self->txt);
  if (!xep174_txt_set (txt, "status", words[status], error) ||
      !xep174_txt_set (txt, "msg", message, error))
    return FALSE;
  if (xep174_txt_equal (txt, self->txt))
    return TRUE;

  new_message = g_strcmp0 (xep174_profile_get_message (self), message) != 0;
  xep174_txt_free (self->txt);
  self->txt = g_steal_pointer (&txt);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->status != status)
    {
      self->status = status;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
    }
  if (new_message)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
  g_object_thaw_notify (G_OBJECT (self));
  changed (self, 0);

  return TRUE;
}

/**
 * xep174_profile_get_nick: (attributes org.gtk.Method.get_property=nick)
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
 * xep174_profile_set_nick: (attributes org.gtk.Method.set_property=nick)
 * @self: a profile
 * @nick: (nullable): a nickname, %NULL to publish none
 * @error: return location for an error
 *
 * Sets the TXT parameter `nick`.
 *
 * Returns: whether it was taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG` or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE`
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

  return set_text (self, PROP_NICK, "nick", nick, error);
}

/**
 * xep174_profile_get_first_name: (attributes org.gtk.Method.get_property=first-name)
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
 * xep174_profile_set_first_name: (attributes org.gtk.Method.set_property=first-name)
 * @self: a profile
 * @first_name: (nullable): a given name, %NULL to publish none
 * @error: return location for an error
 *
 * Sets the TXT parameter `1st`.
 *
 * Returns: whether it was taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG` or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE`
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

  return set_text (self, PROP_FIRST_NAME, "1st", first_name, error);
}

/**
 * xep174_profile_get_last_name: (attributes org.gtk.Method.get_property=last-name)
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
 * xep174_profile_set_last_name: (attributes org.gtk.Method.set_property=last-name)
 * @self: a profile
 * @last_name: (nullable): a family name, %NULL to publish none
 * @error: return location for an error
 *
 * Sets the TXT parameter `last`.
 *
 * Returns: whether it was taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG` or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE`
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

  return set_text (self, PROP_LAST_NAME, "last", last_name, error);
}

/**
 * xep174_profile_get_emails: (attributes org.gtk.Method.get_property=emails)
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
 * xep174_profile_set_emails: (attributes org.gtk.Method.set_property=emails)
 * @self: a profile
 * @emails: (nullable) (array zero-terminated=1): addresses for mail, %NULL or none to publish none
 * @error: return location for an error
 *
 * Sets the TXT parameter `email`, in which the addresses stand one after another.
 *
 * Returns: whether they were taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG`, or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE` for an empty address or one with white space
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

  return set_addresses (self, PROP_EMAILS, "email", &self->emails, emails, error);
}

/**
 * xep174_profile_get_jids: (attributes org.gtk.Method.get_property=jids)
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
 * xep174_profile_set_jids: (attributes org.gtk.Method.set_property=jids)
 * @self: a profile
 * @jids: (nullable) (array zero-terminated=1): addresses on XMPP servers, %NULL or none to publish
 *   none
 * @error: return location for an error
 *
 * Sets the TXT parameter `jid`, in which the addresses stand one after another.
 *
 * Returns: whether they were taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG`, or
 *   `XEP174_DISCOVERY_ERROR_INVALID_VALUE` for an empty address or one with white space
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

  return set_addresses (self, PROP_JIDS, "jid", &self->jids, jids, error);
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
 * Returns: whether it was taken; if not, `XEP174_DISCOVERY_ERROR_TOO_LONG` (name, `=` and value take
 *   255 octets at most), or `XEP174_DISCOVERY_ERROR_INVALID_VALUE` for a @key that has another owner
 *   or cannot be one
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
                   "The parameter “%s” %s", key, owner);
      return FALSE;
    }

  return set_text (self, 0, key, value, error);
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

/**
 * xep174_profile_dup_instance_name:
 * @self: a profile
 * @attempt: how many names were found taken so far
 *
 * The name to publish the profile under, for programs that bring their own DNS-SD.
 *
 * That is `user@machine`, then `user-1@machine`, `user-2@machine` and so on (XEP-0174 §3), each of 63
 * octets at most.
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
