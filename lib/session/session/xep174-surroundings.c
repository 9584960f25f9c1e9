/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-surroundings-private.h"

#include "xep174-gettext-private.h"
#include "xep174-name-private.h"
#include "xep174-session-error.h"

void
xep174_surroundings_init (Xep174Surroundings *self,
                          GObject            *manager,
                          GType               session)
{
  self->manager = manager;
  self->by_name = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free, NULL);
  self->sessions = g_list_store_new (session);
  g_queue_init (&self->stopping);
  xep174_keyring_init (&self->keyring, manager);
}

void
xep174_surroundings_clear (Xep174Surroundings *self)
{
  g_hash_table_unref (self->by_name);
  g_object_unref (self->sessions);
  xep174_network_unref (self->network);
  xep174_keyring_clear (&self->keyring);
  xep174_feature_table_free (self->features);
  g_free (self->local_name);
  if (self->spare != NULL)
    g_string_free (self->spare, TRUE);
}

void
xep174_surroundings_set_network (Xep174Surroundings *self,
                                 Xep174Network      *network)
{
  if (self->network != NULL)
    {
      self->network->drained = NULL;
      xep174_network_unref (self->network);
    }
  self->network = network;
  network->drained = xep174_surroundings_check_stopped;
  network->drained_data = self;
}

Xep174Surroundings *
xep174_surroundings_hold (Xep174Surroundings *self)
{
  if (self != NULL)
    g_object_ref (self->manager);

  return self;
}

void
xep174_surroundings_release (Xep174Surroundings *self)
{
  if (self != NULL)
    g_object_unref (self->manager);
}

Xep174StreamParser *
xep174_surroundings_make_parser (Xep174Surroundings *self)
{
  return g_object_new (XEP174_TYPE_STREAM_PARSER,
                       "max-stanza-octets", self->settings.max_stanza_octets,
                       "max-header-octets", self->settings.max_header_octets,
                       "max-depth", self->settings.max_depth,
                       "max-attributes", self->settings.max_attributes,
                       "max-namespaces", self->settings.max_namespaces,
                       NULL);
}

gboolean
xep174_surroundings_check_name (Xep174Surroundings  *self,
                                const char          *name,
                                GError             **error)
{
  if (self->local_name != NULL && !xep174_name_equal (self->local_name, name))
    return TRUE;

  g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
               self->local_name == NULL ? _("You have no name on the network yet to talk to “%s” "
                                            "with; wait until you are online")
                                        : _("“%s” is your own name; choose somebody else"), name);
  return FALSE;
}

/* --- Those with something to do ---------------------------------------------------------- */

void
xep174_surroundings_finish_stopping (Xep174Surroundings *self)
{
  GTask *task;

  xep174_surroundings_hold (self);
  xep174_alarm_clear (&self->stop_alarm, self->network->clock);
  while ((task = g_queue_pop_head (&self->stopping)) != NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
  xep174_surroundings_release (self);
}

void
xep174_surroundings_check_stopped (gpointer data)
{
  Xep174Surroundings *self = data;

  if (!g_queue_is_empty (&self->stopping)
      && g_list_model_get_n_items (G_LIST_MODEL (self->sessions)) == 0
      && g_queue_is_empty (&self->network->lingering))
    xep174_surroundings_finish_stopping (self);
}

void
xep174_surroundings_keep (Xep174Surroundings *self,
                          gpointer            session,
                          gboolean            keep)
{
  guint position;

  xep174_surroundings_hold (self);
  if (keep)
    g_list_store_append (self->sessions, session);
  else if (g_list_store_find (self->sessions, session, &position))
    g_list_store_remove (self->sessions, position);
  xep174_surroundings_check_stopped (self);
  xep174_surroundings_release (self);
}
