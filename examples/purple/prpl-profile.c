/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an account publishes about its owner: only what was typed into its options (D18). */

#include "prpl-profile.h"

#include <string.h>

#include "translate.h"

/* In the order of Xep174Status. */
static const struct
{
  PurpleStatusPrimitive primitive;
  const char *id;
  const char *name;
} statuses[] = {
  [XEP174_STATUS_AVAILABLE] = { PURPLE_STATUS_AVAILABLE, "available", NULL },
  [XEP174_STATUS_AWAY] = { PURPLE_STATUS_AWAY, "away", NULL },
  [XEP174_STATUS_DND] = { PURPLE_STATUS_UNAVAILABLE, "dnd", N_("Do not disturb") },
};

const char *
prpl_profile_status_id (Xep174Status status)
{
  return statuses[status].id;
}

GList *
prpl_profile_status_types (PurpleAccount *purple)
{
  GList *types = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    types = g_list_append (types, purple_status_type_new_with_attrs (
      statuses[i].primitive, statuses[i].id, statuses[i].name != NULL ? _(statuses[i].name) : NULL,
      TRUE, TRUE, FALSE,
      "message", _("Message"), purple_value_new (PURPLE_TYPE_STRING), NULL));

  return g_list_append (types, purple_status_type_new (PURPLE_STATUS_OFFLINE, "offline", NULL,
                                                       TRUE));
}

static GList *
append_choice (GList      *choices,
               const char *text,
               const char *value)
{
  PurpleKeyValuePair *pair = g_new0 (PurpleKeyValuePair, 1);

  pair->key = g_strdup (text);
  pair->value = g_strdup (value);
  return g_list_append (choices, pair);
}

GList *
prpl_profile_dup_options (void)
{
  static const char *const texts[][2] = {
    { N_("Nickname"), "nick" }, { N_("First name"), "first" }, { N_("Last name"), "last" },
    { N_("E-mail"), "email" }, { N_("XMPP address"), "jid" },
  };
  GList *choices = append_choice (NULL, _("avahi-daemon if it runs, otherwise without"), "auto");
  GList *policies = append_choice (NULL, _("If the other program can"), "prefer");
  GList *options = NULL;

  choices = append_choice (choices, "avahi-daemon", "avahi");
  choices = append_choice (choices, _("without a daemon"), "embedded");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    options = g_list_append (options, purple_account_option_string_new (_(texts[i][0]), texts[i][1],
                                                                        ""));
  options = g_list_append (options, purple_account_option_int_new (_("Port (0: any free port)"), "port", 0));

  policies = append_choice (policies, _("Always: nothing is sent otherwise"), "require");
  policies = append_choice (policies, _("Off"), "off");
  options = g_list_append (options, purple_account_option_list_new (_("Encrypt"), "encryption", policies));

  return g_list_append (options, purple_account_option_list_new (_("Find people with"), "discovery",
                                                                 choices));
}

static Xep174Discovery *
new_discovery (PurpleAccount *purple)
{
  const char *which = purple_account_get_string (purple, "discovery", "auto");

  if (g_strcmp0 (which, "avahi") == 0)
    return XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL));
  if (g_strcmp0 (which, "embedded") == 0)
    return XEP174_DISCOVERY (xep174_embedded_discovery_new ());

  return XEP174_DISCOVERY (xep174_default_discovery_new ());
}

/* An empty option is not published. */
static const char *
option (PurpleAccount *purple,
        const char    *key)
{
  const char *value = purple_account_get_string (purple, key, NULL);

  return value != NULL && *value != '\0' ? value : NULL;
}

static gboolean
set_addresses (Xep174Profile  *profile,
               const char     *value,
               gboolean      (*set) (Xep174Profile *, const char *const *, GError **),
               GError        **error)
{
  g_auto(GStrv) words = g_strsplit_set (value != NULL ? value : "", " ,;", -1);
  g_autoptr(GPtrArray) addresses = g_ptr_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_ptr_array_add (addresses, words[i]);
  g_ptr_array_add (addresses, NULL);

  return set (profile, (const char *const *) addresses->pdata, error);
}

static gboolean
set_options (Xep174Profile  *profile,
             PurpleAccount  *purple,
             GError        **error)
{
  return xep174_profile_set_nick (profile, option (purple, "nick"), error)
         && xep174_profile_set_first_name (profile, option (purple, "first"), error)
         && xep174_profile_set_last_name (profile, option (purple, "last"), error)
         && set_addresses (profile, option (purple, "email"), xep174_profile_set_emails, error)
         && set_addresses (profile, option (purple, "jid"), xep174_profile_set_jids, error);
}

/* In libpurple the message of a status is HTML. */
static gboolean
take_status (Xep174Profile *profile,
             PurpleStatus  *status,
             GError       **error)
{
  const char *html = purple_status_get_attr_string (status, "message");
  g_autofree char *message = html != NULL ? purple_markup_strip_html (html) : NULL;
  Xep174Status which = XEP174_STATUS_AVAILABLE;

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_strcmp0 (purple_status_get_id (status), statuses[i].id) == 0)
      which = i;

  /* A status is one line. */
  if (message != NULL)
    g_strdelimit (message, "\t\n\r", ' ');
  if (xep174_profile_set_status (profile, which,
                                 message != NULL && *message != '\0' ? message : NULL, error))
    return TRUE;

  /* If the words cannot be published, the status still can. */
  xep174_profile_set_status (profile, which, NULL, NULL);
  return FALSE;
}

void
prpl_profile_set_status (PurpleAccount *purple,
                         PurpleStatus  *status)
{
  PurpleConnection *connection = purple_account_get_connection (purple);
  PrplAccount *self = connection != NULL ? prpl_account_get (connection) : NULL;
  g_autoptr(GError) error = NULL;

  if (self == NULL || self->client == NULL || !purple_status_is_active (status))
    return;

  if (!take_status (xep174_client_get_profile (self->client), status, &error))
    purple_notify_warning (connection, _("Status message"),
                           _("Others do not see your status message"), error->message);
}

static Xep174EncryptionPolicy
get_policy (PurpleAccount *purple)
{
  const char *which = purple_account_get_string (purple, "encryption", "prefer");

  if (g_strcmp0 (which, "require") == 0)
    return XEP174_ENCRYPTION_POLICY_REQUIRE;

  return g_strcmp0 (which, "off") == 0 ? XEP174_ENCRYPTION_POLICY_OFF : XEP174_ENCRYPTION_POLICY_PREFER;
}

/* D15. A picture that is too large is not published; Pidgin makes it smaller before. */
static void
take_picture (Xep174Profile     *profile,
              PurpleStoredImage *picture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) octets = NULL;

  if (picture != NULL)
    octets = g_bytes_new (purple_imgstore_get_data (picture), purple_imgstore_get_size (picture));
  if (xep174_profile_set_avatar (profile, octets, &error))
    return;

  purple_debug_warning (PRPL_LOG, "no picture: %s\n", error->message);
  xep174_profile_set_avatar (profile, NULL, NULL);
}

void
prpl_profile_set_picture (PurpleAccount     *purple,
                          PurpleStoredImage *picture)
{
  PrplAccount *self = prpl_account_find (purple);

  if (self != NULL)
    take_picture (xep174_client_get_profile (self->client), picture);
}

Xep174Client *
prpl_profile_new_client (PurpleAccount *purple,
                         GError       **error)
{
  const char *name = purple_account_get_username (purple);
  const char *at = strrchr (name, '@');
  g_autofree char *user = at != NULL ? g_strndup (name, at - name) : g_strdup (name);
  g_autoptr(Xep174Profile) profile = xep174_profile_new (user, error);
  g_autoptr(Xep174Discovery) discovery = NULL;
  /* Each profile of Pidgin is a person with a key of their own. */
  g_autofree char *folder = g_build_filename (purple_user_dir (), "xep174", NULL);
  PurpleStoredImage *picture;
  Xep174Client *client;

  if (profile == NULL)
    return NULL;
  if (at != NULL && !xep174_profile_set_machine (profile, at + 1, error))
    return NULL;
  if (!set_options (profile, purple, error))
    return NULL;
  take_status (profile, purple_account_get_active_status (purple), NULL);
  picture = purple_buddy_icons_find_account_icon (purple);
  take_picture (profile, picture);
  purple_imgstore_unref (picture);

  discovery = new_discovery (purple);
  client = g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", discovery,
                         "data-dir", folder, NULL);
  xep174_client_set_encryption (client, get_policy (purple));
  xep174_client_set_port (client, CLAMP (purple_account_get_int (purple, "port", 0), 0,
                                         G_MAXUINT16));
  return client;
}
