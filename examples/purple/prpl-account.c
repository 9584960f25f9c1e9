/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How an account goes online and offline. For libpurple it is offline when the close function
 * returns. We need more time, for closing tags and the goodbye. So this file keeps the two
 * apart. */

#include "prpl-account.h"

#include "prpl-buddies.h"
#include "prpl-conversation.h"
#include "prpl-files.h"
#include "prpl-loop.h"
#include "prpl-profile.h"
#include "prpl-trust.h"
#include "translate.h"

/* (element-type PrplAccount) accounts that are on the network, or on the way there or back */
static GList *accounts;

static void start (PrplAccount *self);

PrplAccount *
prpl_account_get (PurpleConnection *connection)
{
  return purple_connection_get_protocol_data (connection);
}

PrplAccount *
prpl_account_find (PurpleAccount *purple)
{
  PurpleConnection *connection = purple_account_get_connection (purple);
  PrplAccount *self = connection != NULL ? prpl_account_get (connection) : NULL;

  return self != NULL && self->phase == PRPL_PHASE_ONLINE ? self : NULL;
}

static gboolean
has_predecessor (PrplAccount *self)
{
  for (GList *item = accounts; item != NULL && item->data != self; item = item->next)
    if (((PrplAccount *) item->data)->purple == self->purple)
      return TRUE;

  return FALSE;
}

/* We are off the network; a connection that waited for the name may have it now. */
static void
end (PrplAccount *self)
{
  PurpleAccount *purple = self->purple;

  accounts = g_list_remove (accounts, self);
  g_clear_object (&self->client);
  g_clear_object (&self->starting);
  g_ptr_array_unref (self->contacts);
  g_clear_object (&self->typing);
  g_hash_table_unref (self->refused);
  g_ptr_array_unref (self->questions);
  g_ptr_array_unref (self->files);
  g_free (self);

  for (GList *item = accounts; item != NULL; item = item->next)
    {
      PrplAccount *other = item->data;

      if (other->purple == purple && other->phase == PRPL_PHASE_WAITING)
        {
          start (other);
          break;
        }
    }
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  PrplAccount *self = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_client_stop_finish (self->client, result, &error))
    purple_debug_warning (PRPL_LOG, "did not leave in good order: %s\n", error->message);
  end (self);
}

static void
leave (PrplAccount *self)
{
  self->phase = PRPL_PHASE_LEAVING;
  xep174_client_stop_async (self->client, NULL, on_stopped, self);
}

/* Tells the user what to do, and libpurple whether to try again by itself. */
static void
report (PrplAccount  *self,
        const GError *error)
{
  PurpleConnectionError reason = PURPLE_CONNECTION_ERROR_OTHER_ERROR;
  const char *advice = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    {
      reason = PURPLE_CONNECTION_ERROR_INVALID_SETTINGS;
      advice = _("Set the port of the account to 0, so that any free port is used.");
    }
  else if (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON))
    {
      reason = PURPLE_CONNECTION_ERROR_NETWORK_ERROR;
      advice = _("Start avahi-daemon, or change the account to find people without a daemon.");
    }
  else if (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_NETWORK))
    reason = PURPLE_CONNECTION_ERROR_NETWORK_ERROR;
  else if (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME))
    reason = PURPLE_CONNECTION_ERROR_INVALID_USERNAME;
  else if (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION))
    reason = PURPLE_CONNECTION_ERROR_NAME_IN_USE;
  else if (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED)
           || g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE)
           || g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG))
    reason = PURPLE_CONNECTION_ERROR_INVALID_SETTINGS;

  if (advice != NULL)
    {
      g_autofree char *text = g_strdup_printf ("%s. %s", error->message, advice);

      purple_connection_error_reason (self->connection, reason, text);
    }
  else
    purple_connection_error_reason (self->connection, reason, error->message);
}

/* D9: somebody else may have the name, at the start or later on another network. */
static void
on_local_name (PrplAccount *self)
{
  const char *name = xep174_client_get_local_name (self->client);
  Xep174Profile *profile = xep174_client_get_profile (self->client);
  g_autofree char *wanted = xep174_profile_dup_instance_name (profile, 0);
  g_autofree char *text = NULL;

  if (name == NULL
      || g_strcmp0 (name, purple_connection_get_display_name (self->connection)) == 0)
    return;

  purple_debug_info (PRPL_LOG, "we are %s\n", name);
  purple_connection_set_display_name (self->connection, name);
  if (g_ascii_strcasecmp (name, wanted) == 0)
    return;

  text = g_strdup_printf (_("Others see you as %s."), name);
  purple_notify_warning (self->connection, _("Name taken"),
                         _("Somebody on this network has your name already"), text);
}

static void
online (PrplAccount *self)
{
  self->phase = PRPL_PHASE_ONLINE;
  g_clear_object (&self->starting);
  purple_connection_set_state (self->connection, PURPLE_CONNECTED);
  on_local_name (self);
  /* libpurple does not report a status that was chosen while we were going online. */
  prpl_profile_set_status (self->purple, purple_account_get_active_status (self->purple));
  g_signal_connect_swapped (self->client, "notify::local-name", G_CALLBACK (on_local_name), self);
  prpl_conversation_watch (self);
  prpl_trust_watch (self);
  prpl_buddies_watch (self);
}

static void
on_started (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  PrplAccount *self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_on = xep174_client_start_finish (self->client, result, &error);

  if (self->connection == NULL)
    {
      if (is_on)
        leave (self);
      else
        end (self);
    }
  else if (is_on)
    online (self);
  else
    {
      self->phase = PRPL_PHASE_OFF;
      report (self, error);
    }
}

static void
start (PrplAccount *self)
{
  self->phase = PRPL_PHASE_STARTING;
  self->starting = g_cancellable_new ();
  xep174_client_start_async (self->client, self->starting, on_started, self);
}

void
prpl_account_login (PurpleAccount *purple)
{
  PurpleConnection *connection = purple_account_get_connection (purple);
  PrplAccount *self = g_new0 (PrplAccount, 1);
  g_autoptr(GError) error = NULL;

  connection->flags |= PURPLE_CONNECTION_HTML | PURPLE_CONNECTION_NO_IMAGES;
  purple_connection_set_protocol_data (connection, self);
  self->connection = connection;
  self->purple = purple;
  self->phase = PRPL_PHASE_OFF;
  self->contacts = g_ptr_array_new_with_free_func (g_object_unref);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->questions = prpl_trust_new_questions ();
  self->files = prpl_files_new ();
  accounts = g_list_append (accounts, self);

  self->client = prpl_profile_new_client (purple, &error);
  if (self->client == NULL)
    {
      report (self, error);
      return;
    }
  self->typing = xep174_chat_states_new ();
  xep174_feature_host_add_feature (XEP174_FEATURE_HOST (self->client), XEP174_FEATURE (self->typing), NULL);
  prpl_files_watch (self);

  purple_connection_update_progress (connection, _("Looking for people"), 0, 2);
  if (has_predecessor (self))
    self->phase = PRPL_PHASE_WAITING;
  else
    start (self);
}

void
prpl_account_close (PurpleConnection *connection)
{
  PrplAccount *self = prpl_account_get (connection);

  if (self == NULL)
    return;

  prpl_files_forget (self);
  prpl_buddies_forget (self);
  purple_connection_set_protocol_data (connection, NULL);
  self->connection = NULL;
  if (self->phase == PRPL_PHASE_ONLINE)
    {
      g_signal_handlers_disconnect_by_data (self->client, self);
      prpl_conversation_watch_end (self);
      prpl_trust_forget (self);
      leave (self);
    }
  else if (self->phase == PRPL_PHASE_STARTING)
    g_cancellable_cancel (self->starting);
  else
    end (self);
}

static gboolean
is_everybody_off (void)
{
  return accounts == NULL;
}

void
prpl_account_close_all (void)
{
  g_autoptr(GList) now = g_list_copy (accounts);

  for (GList *item = now; item != NULL; item = item->next)
    {
      PrplAccount *self = item->data;

      if (self->connection != NULL)
        purple_account_disconnect (self->purple);
    }
  prpl_loop_drain (is_everybody_off);
}
