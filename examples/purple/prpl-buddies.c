/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Shows the library's contacts as buddies of libpurple. Buddies are not saved, because the network
 * says who is there. */

#include "prpl-buddies.h"

#include "prpl-conversation.h"
#include "prpl-profile.h"
#include "translate.h"

#define GROUP _("Local people")

static PurpleGroup *
ensure_group (void)
{
  PurpleGroup *group = purple_find_group (GROUP);

  if (group == NULL)
    {
      group = purple_group_new (GROUP);
      purple_blist_node_set_flags ((PurpleBlistNode *) group, PURPLE_BLIST_NODE_FLAG_NO_SAVE);
      purple_blist_add_group (group, NULL);
    }

  return group;
}

/* Makes one line of a text from the network. */
static char *
dup_line (const char *text)
{
  char *line;

  if (text == NULL || *text == '\0')
    return NULL;

  line = purple_utf8_strip_unprintables (text);
  return g_strdelimit (line, "\r\n\t", ' ');
}

/* A contact that publishes no name is shown with its whole instance name, which nobody else has. */
static const char *
get_alias (Xep174Contact *contact)
{
  gboolean is_named = xep174_contact_get_nick (contact) != NULL
                      || xep174_contact_get_first_name (contact) != NULL
                      || xep174_contact_get_last_name (contact) != NULL;

  return is_named ? xep174_contact_get_display_name (contact) : NULL;
}

static void
add_buddy (PrplAccount *self,
           const char  *name,
           const char  *alias)
{
  PurpleBuddy *buddy = purple_buddy_new (self->purple, name, NULL);

  purple_blist_node_set_flags ((PurpleBlistNode *) buddy, PURPLE_BLIST_NODE_FLAG_NO_SAVE);
  purple_blist_add_buddy (buddy, NULL, ensure_group (), NULL);
  purple_blist_server_alias_buddy (buddy, alias);
}

/* NULL if the account has gone meanwhile, or is not online. */
static PrplAccount *
find_account (PurpleAccount *purple)
{
  return g_list_find (purple_accounts_get_all (), purple) != NULL ? prpl_account_find (purple) : NULL;
}

static void
on_picture (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Xep174Contact *contact = XEP174_CONTACT (source);
  PrplAccount *self = find_account (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) picture = xep174_contact_load_avatar_finish (contact, result, &error);
  gconstpointer octets;
  gsize size;

  if (error != NULL)
    purple_debug_info (PRPL_LOG, "no picture: %s\n", error->message);
  if (picture == NULL || self == NULL)
    return;

  octets = g_bytes_get_data (picture, &size);
  purple_buddy_icons_set_for_user (self->purple, xep174_contact_get_name (contact),
                                   g_memdup2 (octets, size), size,
                                   xep174_contact_get_parameter (contact, "phsh"));
}

/* D15 */
static void
follow_picture (PrplAccount   *self,
                Xep174Contact *contact)
{
  const char *name = xep174_contact_get_name (contact);
  const char *hash = xep174_contact_get_parameter (contact, "phsh");
  PurpleBuddy *buddy = purple_find_buddy (self->purple, name);
  const char *shown = buddy != NULL ? purple_buddy_icons_get_checksum_for_user (buddy) : NULL;

  if (g_strcmp0 (hash, shown) == 0)
    return;

  if (hash != NULL)
    xep174_contact_load_avatar_async (contact, NULL, on_picture, self->purple);
  else
    purple_buddy_icons_set_for_user (self->purple, name, NULL, 0, NULL);
}

static void
on_changed (Xep174Contact *contact,
            PrplAccount   *self)
{
  const char *name = xep174_contact_get_name (contact);
  const char *status = prpl_profile_status_id (xep174_contact_get_status (contact));
  g_autofree char *message = dup_line (xep174_contact_get_status_message (contact));

  /* A buddy that the user has removed may still be there. “Now known as” is only said of a buddy
   * that is in the list. */
  if (purple_find_buddy (self->purple, name) == NULL)
    add_buddy (self, name, get_alias (contact));
  else
    serv_got_alias (self->connection, name, get_alias (contact));

  if (message != NULL)
    purple_prpl_got_user_status (self->purple, name, status, "message", message, NULL);
  else
    purple_prpl_got_user_status (self->purple, name, status, NULL);
  follow_picture (self, contact);
}

static void
add (PrplAccount   *self,
     Xep174Contact *contact)
{
  purple_debug_info (PRPL_LOG, "%s has come\n", xep174_contact_get_name (contact));
  g_signal_connect (contact, "changed", G_CALLBACK (on_changed), self);
  on_changed (contact, self);
}

static void
remove_buddy (PurpleBuddy *buddy)
{
  PurpleGroup *group = purple_buddy_get_group (buddy);

  if (!(purple_blist_node_get_flags ((PurpleBlistNode *) buddy) & PURPLE_BLIST_NODE_FLAG_NO_SAVE))
    return;

  purple_blist_remove_buddy (buddy);
  if ((purple_blist_node_get_flags ((PurpleBlistNode *) group) & PURPLE_BLIST_NODE_FLAG_NO_SAVE)
      && purple_blist_get_group_size (group, TRUE) == 0)
    purple_blist_remove_group (group);
}

static void
drop (PrplAccount   *self,
      Xep174Contact *contact)
{
  const char *name = xep174_contact_get_name (contact);
  PurpleBuddy *buddy = purple_find_buddy (self->purple, name);

  g_signal_handlers_disconnect_by_data (contact, self);
  if (buddy == NULL)
    return;

  /* So an open conversation says that the contact has gone. */
  if (self->connection != NULL)
    purple_prpl_got_user_status (self->purple, name, "offline", NULL);
  remove_buddy (buddy);
}

static void
on_items_changed (GListModel  *model,
                  guint        position,
                  guint        removed,
                  guint        added,
                  PrplAccount *self)
{
  for (guint i = 0; i < removed; i++)
    {
      Xep174Contact *contact = g_ptr_array_index (self->contacts, position);

      purple_debug_info (PRPL_LOG, "%s has gone\n", xep174_contact_get_name (contact));
      drop (self, contact);
      g_ptr_array_remove_index (self->contacts, position);
    }
  for (guint i = 0; i < added; i++)
    {
      Xep174Contact *contact = g_list_model_get_item (model, position + i);

      g_ptr_array_insert (self->contacts, position + i, contact);
      add (self, contact);
    }
}

void
prpl_buddies_watch (PrplAccount *self)
{
  GListModel *model = xep174_client_get_contacts (self->client);

  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), self);
  on_items_changed (model, 0, 0, g_list_model_get_n_items (model), self);
}

void
prpl_buddies_forget (PrplAccount *self)
{
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_func (xep174_client_get_contacts (self->client),
                                          on_items_changed, self);
  for (guint i = 0; i < self->contacts->len; i++)
    drop (self, g_ptr_array_index (self->contacts, i));
  g_ptr_array_set_size (self->contacts, 0);
}

char *
prpl_buddies_dup_status (PurpleBuddy *buddy)
{
  PurpleStatus *status = purple_presence_get_active_status (purple_buddy_get_presence (buddy));
  const char *message = purple_status_get_attr_string (status, "message");

  return message != NULL ? g_markup_escape_text (message, -1) : NULL;
}

/* The account's contact of that name, if it is on the network. */
static Xep174Contact *
find_contact (PurpleAccount *purple,
              const char    *name)
{
  PrplAccount *self = prpl_account_find (purple);

  return self != NULL ? xep174_client_find_contact (self->client, name) : NULL;
}

static void
append_parameters (PurpleNotifyUserInfo *info,
                   Xep174Contact        *contact)
{
  static const char *const shown[][2] = {
    { "nick", N_("Nickname") }, { "1st", N_("First name") }, { "last", N_("Last name") },
    { "email", N_("E-mail") }, { "jid", N_("XMPP address") }, { "msg", N_("Message") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autofree char *value = dup_line (xep174_contact_get_parameter (contact, shown[i][0]));

      if (value != NULL)
        purple_notify_user_info_add_pair_plaintext (info, _(shown[i][1]), value);
    }
}

void
prpl_buddies_tooltip (PurpleBuddy          *buddy,
                      PurpleNotifyUserInfo *info,
                      gboolean              full)
{
  PurpleStatus *status = purple_presence_get_active_status (purple_buddy_get_presence (buddy));
  Xep174Contact *contact = find_contact (purple_buddy_get_account (buddy),
                                         purple_buddy_get_name (buddy));
  const char *last;

  purple_notify_user_info_add_pair_plaintext (info, _("Status"), purple_status_get_name (status));
  if (contact == NULL)
    return;

  append_parameters (info, contact);
  last = prpl_conversation_describe_last (contact);
  if (last != NULL)
    purple_notify_user_info_add_pair_plaintext (info, _("Your last message"), last);
  if (xep174_contact_get_doubtful (contact))
    purple_notify_user_info_add_pair_plaintext (info, _("Reachable"), _("did not answer lately"));
}

void
prpl_buddies_show_info (PurpleConnection *connection,
                        const char       *name)
{
  Xep174Contact *contact = find_contact (purple_connection_get_account (connection), name);
  PurpleNotifyUserInfo *info = purple_notify_user_info_new ();

  purple_notify_user_info_add_pair_plaintext (info, _("Name"), name);
  if (contact != NULL)
    append_parameters (info, contact);
  else
    purple_notify_user_info_add_pair_plaintext (info, _("Status"), _("not on the network"));
  purple_notify_userinfo (connection, name, info, NULL, NULL);
  purple_notify_user_info_destroy (info);
}
