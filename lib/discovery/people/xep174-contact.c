/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Contact:
 *
 * Somebody on the network.
 *
 * A contact is what somebody publishes: a name, and any of the parameters of XEP-0174 §11.2. There may
 * be no parameters; you can talk with such a contact as with any other.
 *
 * The object stays the same while the contact is there, however often it changes what it publishes.
 * So a row of a list or a window can bind to its properties. The changes of one record arrive
 * together: every handler sees all the new values. When the contact goes, [property@Contact:online]
 * becomes %FALSE, and the object keeps its last values as long as somebody holds it. If the contact
 * comes back in that time, the same object is used again, so an open window need not look for
 * another one.
 *
 * What a contact's program can do is known by the name of the contact: see [method@FeatureHost.supports],
 * which a [class@Client] has, too. [property@Contact:caps-ver] alone says nothing: anybody can publish it.
 *
 * Nobody checks what a contact publishes. Text is always valid UTF-8, but may contain anything
 * else. To show a name, use [property@Contact:display-name], which is safe to show.
 *
 * Since: 1.0
 */

#include "xep174-contact-state-private.h"

#include <string.h>

#include "xep174-common-enums.h"
#include "xep174-discovery-enums.h"
#include "xep174-display-private.h"
#include "xep174-name-private.h"

enum
{
  PROP_0,
  PROP_NAME,
  PROP_DISPLAY_NAME,
  PROP_ONLINE,
  PROP_DOUBTFUL,
  PROP_ENCRYPTED,
  PROP_TRUST,
  PROP_STATUS,
  PROP_EMAILS,
  PROP_JIDS,
  PROP_STATUS_MESSAGE,
  PROP_NICK,
  PROP_FIRST_NAME,
  PROP_LAST_NAME,
  PROP_AVATAR_HASH,
  PROP_CAPS_NODE,
  PROP_CAPS_HASH,
  PROP_CAPS_VER,
  PROP_CAPS_EXT,
  PROP_MEDIA,
  PROP_TXT_VERSION,
  PROP_ADVERTISED_PORT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint signal_changed;

/* D7: the key behind each property that a TXT record can change. */
static const char *const keys[N_PROPS] = {
  [PROP_STATUS] = "status",
  [PROP_EMAILS] = "email",
  [PROP_JIDS] = "jid",
  [PROP_STATUS_MESSAGE] = "msg",
  [PROP_NICK] = "nick",
  [PROP_FIRST_NAME] = "1st",
  [PROP_LAST_NAME] = "last",
  [PROP_AVATAR_HASH] = "phsh",
  [PROP_CAPS_NODE] = "node",
  [PROP_CAPS_HASH] = "hash",
  [PROP_CAPS_VER] = "ver",
  [PROP_CAPS_EXT] = "ext",
  [PROP_MEDIA] = "vc",
  [PROP_TXT_VERSION] = "txtvers",
  [PROP_ADVERTISED_PORT] = "port.p2pj",
};

G_DEFINE_FINAL_TYPE (Xep174Contact, xep174_contact, G_TYPE_OBJECT)

static gboolean
property_differs (guint            property,
                  const Xep174Txt *a,
                  const Xep174Txt *b)
{
  if (property == PROP_STATUS)
    return xep174_contact_parse_status (a) != xep174_contact_parse_status (b);
  if (property == PROP_ADVERTISED_PORT)
    return xep174_contact_parse_port (a) != xep174_contact_parse_port (b);

  return g_strcmp0 (xep174_txt_get (a, keys[property]), xep174_txt_get (b, keys[property])) != 0;
}

static void
take_txt (Xep174Contact *self,
          Xep174Txt     *txt)
{
  g_clear_pointer (&self->txt, xep174_txt_free);
  g_clear_pointer (&self->emails, g_strfreev);
  g_clear_pointer (&self->jids, g_strfreev);
  self->txt = txt;
  self->emails = xep174_contact_parse_list (txt, "email");
  self->jids = xep174_contact_parse_list (txt, "jid");
}

static void
update_name (Xep174Contact *self,
             const char    *name)
{
  if (strcmp (self->name, name) == 0)
    return;

  /* The same name in another spelling (RFC 6762 §16). S5 compares the newest. */
  g_free (self->name);
  self->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

static gboolean
update_txt (Xep174Contact *self,
            GBytes        *rdata)
{
  g_autoptr(Xep174Txt) txt = xep174_txt_parse (rdata);
  g_autoptr(Xep174Txt) old = NULL;

  if (xep174_txt_equal (txt, self->txt))
    return FALSE;

  old = xep174_txt_copy (self->txt);
  take_txt (self, g_steal_pointer (&txt));
  for (guint i = 0; i < N_PROPS; i++)
    if (keys[i] != NULL && property_differs (i, old, self->txt))
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);

  return TRUE;
}

static void
update_display_name (Xep174Contact *self)
{
  g_autofree char *shown = xep174_contact_build_display_name (self->name, self->txt);

  if (strcmp (shown, self->display_name) == 0)
    return;

  g_free (self->display_name);
  self->display_name = g_steal_pointer (&shown);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DISPLAY_NAME]);
}

gboolean
xep174_contact_update (Xep174Contact *self,
                       const char    *name,
                       GBytes        *txt)
{
  gboolean is_new;

  /* D14: handlers run only when all values are new. */
  g_object_freeze_notify (G_OBJECT (self));
  update_name (self, name);
  is_new = txt != NULL && update_txt (self, txt);
  update_display_name (self);
  g_object_thaw_notify (G_OBJECT (self));

  return is_new;
}

void
xep174_contact_changed (Xep174Contact *self)
{
  g_signal_emit (self, signal_changed, 0);
}

Xep174Contact *
xep174_contact_new (const char *name,
                    GBytes     *txt)
{
  Xep174Contact *self = g_object_new (XEP174_TYPE_CONTACT, NULL);

  xep174_contact_update (self, name, txt);

  return self;
}

void
xep174_contact_set_online (Xep174Contact *self,
                           gboolean       online)
{
  if (self->online == online)
    return;

  self->online = online;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ONLINE]);
}

void
xep174_contact_set_doubtful (Xep174Contact *self,
                             gboolean       doubtful)
{
  if (self->doubtful == doubtful)
    return;

  self->doubtful = doubtful;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOUBTFUL]);
}

void
xep174_contact_set_security (Xep174Contact *self,
                             gboolean       encrypted,
                             Xep174Trust    trust)
{
  gboolean was_encrypted = self->encrypted;
  Xep174Trust old = self->trust;

  /* Nobody sees one without the other. */
  g_object_freeze_notify (G_OBJECT (self));
  self->encrypted = encrypted;
  self->trust = trust;
  if (encrypted != was_encrypted)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENCRYPTED]);
  if (trust != old)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRUST]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
xep174_contact_get_property (GObject    *object,
                             guint       property,
                             GValue     *value,
                             GParamSpec *pspec)
{
  Xep174Contact *self = XEP174_CONTACT (object);

  switch (property)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_DISPLAY_NAME:
      g_value_set_string (value, self->display_name);
      break;
    case PROP_ONLINE:
      g_value_set_boolean (value, self->online);
      break;
    case PROP_DOUBTFUL:
      g_value_set_boolean (value, self->doubtful);
      break;
    case PROP_ENCRYPTED:
      g_value_set_boolean (value, self->encrypted);
      break;
    case PROP_TRUST:
      g_value_set_enum (value, self->trust);
      break;
    case PROP_STATUS:
      g_value_set_enum (value, xep174_contact_parse_status (self->txt));
      break;
    case PROP_EMAILS:
      g_value_set_boxed (value, self->emails);
      break;
    case PROP_JIDS:
      g_value_set_boxed (value, self->jids);
      break;
    case PROP_ADVERTISED_PORT:
      g_value_set_uint (value, xep174_contact_parse_port (self->txt));
      break;
    case PROP_STATUS_MESSAGE:
    case PROP_NICK:
    case PROP_FIRST_NAME:
    case PROP_LAST_NAME:
    case PROP_AVATAR_HASH:
    case PROP_CAPS_NODE:
    case PROP_CAPS_HASH:
    case PROP_CAPS_VER:
    case PROP_CAPS_EXT:
    case PROP_MEDIA:
    case PROP_TXT_VERSION:
      g_value_set_string (value, xep174_txt_get (self->txt, keys[property]));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
xep174_contact_finalize (GObject *object)
{
  Xep174Contact *self = XEP174_CONTACT (object);

  g_free (self->name);
  g_free (self->display_name);
  g_strfreev (self->emails);
  g_strfreev (self->jids);
  xep174_txt_free (self->txt);
  g_clear_pointer (&self->loader, g_rc_box_release);

  G_OBJECT_CLASS (xep174_contact_parent_class)->finalize (object);
}

#define READABLE (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static GParamSpec *
text_property (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL, READABLE);
}

static GParamSpec *
list_property (const char *name)
{
  return g_param_spec_boxed (name, NULL, NULL, G_TYPE_STRV, READABLE);
}

static void
install_state_properties (void)
{
  /**
   * Xep174Contact:name:
   *
   * The instance name as its owner publishes it, usually `user@machine`.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = text_property ("name");

  /**
   * Xep174Contact:display-name:
   *
   * The name to show to people.
   *
   * Since: 1.0
   */
  properties[PROP_DISPLAY_NAME] = text_property ("display-name");

  /**
   * Xep174Contact:online:
   *
   * Whether the contact is on the network.
   *
   * Since: 1.0
   */
  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, TRUE, READABLE);

  /**
   * Xep174Contact:doubtful:
   *
   * Whether the contact did not answer the last time, although it is still published.
   *
   * Since: 1.0
   */
  properties[PROP_DOUBTFUL] = g_param_spec_boolean ("doubtful", NULL, NULL, FALSE, READABLE);

  /**
   * Xep174Contact:encrypted:
   *
   * Whether there is an encrypted session with the contact. A [class@Client] keeps it up to date.
   *
   * Since: 1.0
   */
  properties[PROP_ENCRYPTED] = g_param_spec_boolean ("encrypted", NULL, NULL, FALSE, READABLE);

  /**
   * Xep174Contact:trust:
   *
   * What is known of the contact's key: of the one in use while a session is encrypted, else of those
   * that are remembered for the name. A [class@Client] keeps it up to date.
   *
   * Since: 1.0
   */
  properties[PROP_TRUST] = g_param_spec_enum ("trust", NULL, NULL, XEP174_TYPE_TRUST,
                                              XEP174_TRUST_UNKNOWN, READABLE);

  /**
   * Xep174Contact:status:
   *
   * Whether the contact is available, away, or does not want to be disturbed: the TXT parameter `status`.
   *
   * Since: 1.0
   */
  properties[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, XEP174_TYPE_STATUS,
                                               XEP174_STATUS_AVAILABLE, READABLE);

  /**
   * Xep174Contact:status-message:
   *
   * A line about the status in the contact's words: the TXT parameter `msg`.
   *
   * Since: 1.0
   */
  properties[PROP_STATUS_MESSAGE] = text_property ("status-message");
}

static void
install_person_properties (void)
{
  /**
   * Xep174Contact:nick:
   *
   * What the contact would like to be called: the TXT parameter `nick`.
   *
   * Since: 1.0
   */
  properties[PROP_NICK] = text_property ("nick");

  /**
   * Xep174Contact:first-name:
   *
   * The given name: the TXT parameter `1st`.
   *
   * Since: 1.0
   */
  properties[PROP_FIRST_NAME] = text_property ("first-name");

  /**
   * Xep174Contact:last-name:
   *
   * The family name: the TXT parameter `last`.
   *
   * Since: 1.0
   */
  properties[PROP_LAST_NAME] = text_property ("last-name");

  /**
   * Xep174Contact:emails:
   *
   * Addresses for mail: the TXT parameter `email`.
   *
   * Since: 1.0
   */
  properties[PROP_EMAILS] = list_property ("emails");

  /**
   * Xep174Contact:jids:
   *
   * Addresses on XMPP servers: the TXT parameter `jid`.
   *
   * Since: 1.0
   */
  properties[PROP_JIDS] = list_property ("jids");

  /**
   * Xep174Contact:avatar-hash:
   *
   * The SHA-1 of the picture that [method@Contact.load_avatar_async] loads: the TXT parameter `phsh`.
   *
   * Since: 1.0
   */
  properties[PROP_AVATAR_HASH] = text_property ("avatar-hash");
}

static void
install_client_properties (void)
{
  /**
   * Xep174Contact:caps-node:
   *
   * The program that the contact uses, as XEP-0115 names it: the TXT parameter `node`.
   *
   * Since: 1.0
   */
  properties[PROP_CAPS_NODE] = text_property ("caps-node");

  /**
   * Xep174Contact:caps-hash:
   *
   * The algorithm behind [property@Contact:caps-ver]: the TXT parameter `hash`.
   *
   * Since: 1.0
   */
  properties[PROP_CAPS_HASH] = text_property ("caps-hash");

  /**
   * Xep174Contact:caps-ver:
   *
   * The hash of what the contact's program can do (XEP-0115 §5): the TXT parameter `ver`.
   *
   * Since: 1.0
   */
  properties[PROP_CAPS_VER] = text_property ("caps-ver");

  /**
   * Xep174Contact:caps-ext:
   *
   * Names of extensions in the manner of older versions of XEP-0115: the TXT parameter `ext`.
   *
   * Since: 1.0
   */
  properties[PROP_CAPS_EXT] = text_property ("caps-ext");

  /**
   * Xep174Contact:media:
   *
   * Flags for audio and video conferencing: the TXT parameter `vc`.
   *
   * Since: 1.0
   */
  properties[PROP_MEDIA] = text_property ("media");

  /**
   * Xep174Contact:txt-version:
   *
   * The version of the record's format: the TXT parameter `txtvers`.
   *
   * Since: 1.0
   */
  properties[PROP_TXT_VERSION] = text_property ("txt-version");

  /**
   * Xep174Contact:advertised-port:
   *
   * The TXT parameter `port.p2pj`, 0 if it is missing or not a port. It is for information only:
   * connections go to the port of the SRV record (XEP-0174 §3).
   *
   * Since: 1.0
   */
  properties[PROP_ADVERTISED_PORT] =
    g_param_spec_uint ("advertised-port", NULL, NULL, 0, G_MAXUINT16, 0, READABLE);
}

static void
xep174_contact_class_init (Xep174ContactClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xep174_contact_get_property;
  object_class->finalize = xep174_contact_finalize;

  install_state_properties ();
  install_person_properties ();
  install_client_properties ();
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * Xep174Contact::changed:
   * @self: the contact
   *
   * The contact publishes other parameters than before, known ones or unknown ones.
   *
   * Emitted once for each new record, after the notifications of the properties that have changed.
   *
   * Since: 1.0
   */
  signal_changed = g_signal_new ("changed", XEP174_TYPE_CONTACT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
xep174_contact_init (Xep174Contact *self)
{
  self->online = TRUE;
  self->name = g_strdup ("");
  self->display_name = g_strdup ("");
  take_txt (self, xep174_txt_new ());
}
