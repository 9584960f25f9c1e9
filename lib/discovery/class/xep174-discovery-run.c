/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-state-private.h"
#include "xep174-gettext-private.h"
#include "xep174-profile-private.h"
#include "xep174-source-private.h"

static gboolean
on_publish (gpointer data)
{
  Xep174Discovery *self = data;
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174DiscoveryHold hold;

  g_clear_pointer (&priv->publish, g_source_unref);
  if (priv->state != XEP174_DISCOVERY_RUNNING)
    return G_SOURCE_REMOVE;

  priv->unpublished = FALSE;
  xep174_discovery_hold (self, &hold);
  XEP174_DISCOVERY_GET_CLASS (self)->profile_changed (self);
  xep174_discovery_release (self, &hold);

  return G_SOURCE_REMOVE;
}

/* If several properties change in one turn of the main loop, the network is told once. */
static void
schedule_publish (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  if (!priv->unpublished || priv->state != XEP174_DISCOVERY_RUNNING || priv->publish != NULL)
    return;

  priv->publish = g_idle_source_new ();
  g_source_set_name (priv->publish, "[xep174] publish the profile");
  g_source_set_callback (priv->publish, on_publish, self, NULL);
  g_source_attach (priv->publish, priv->context);
}

static void
on_profile_changed (Xep174Discovery *self)
{
  xep174_discovery_get_private (self)->unpublished = TRUE;
  schedule_publish (self);
}

static void
watch_profile (Xep174Discovery *self,
               Xep174Profile   *profile)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  xep174_clear_source (&priv->publish);
  priv->unpublished = FALSE;

  if (priv->profile != NULL)
    g_clear_signal_handler (&priv->profile_handler, priv->profile);
  if (!g_set_object (&priv->profile, profile))
    return;
  if (profile != NULL)
    priv->profile_handler = g_signal_connect_swapped (profile, "changed",
                                                      G_CALLBACK (on_profile_changed), self);
  xep174_discovery_notify (self, XEP174_DISCOVERY_PROP_PROFILE);
}

static void
set_state (Xep174Discovery      *self,
           Xep174DiscoveryState  state)
{
  static const char *const names[] = {
    [XEP174_DISCOVERY_STOPPED] = "stopped",
    [XEP174_DISCOVERY_STARTING] = "starting",
    [XEP174_DISCOVERY_RUNNING] = "running",
    [XEP174_DISCOVERY_STOPPING] = "stopping",
  };
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  gboolean was_running = priv->state == XEP174_DISCOVERY_RUNNING;

  if (state != priv->state)
    g_debug ("%s is %s", G_OBJECT_TYPE_NAME (self), names[state]);
  priv->state = state;
  if (was_running != (state == XEP174_DISCOVERY_RUNNING))
    xep174_discovery_notify (self, XEP174_DISCOVERY_PROP_RUNNING);
}

static void
set_port (Xep174Discovery *self,
          guint16          port)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  if (priv->port == port)
    return;

  priv->port = port;
  xep174_discovery_notify (self, XEP174_DISCOVERY_PROP_PORT);
}

/* Sets back everything that a start has set. */
static void
settle (Xep174Discovery *self)
{
  xep174_discovery_clear_contacts (self);
  watch_profile (self, NULL);
  set_port (self, 0);
  xep174_discovery_note_local_name (self, NULL);
  xep174_discovery_note_problem (self, NULL);
}

void
xep174_discovery_end (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174DiscoveryHold hold;

  priv->disposed = TRUE;
  xep174_discovery_hold (self, &hold);
  settle (self);
  set_state (self, XEP174_DISCOVERY_STOPPED);
  xep174_discovery_release (self, &hold);
}

/* In a step of its own, because the callback may be called at once and may do anything. */
static Xep174DiscoveryStep *
return_step (GTask        *task,
             const GError *error)
{
  Xep174DiscoveryStep *step = xep174_discovery_step_new (xep174_discovery_return);

  step->task = g_object_ref (task);
  step->error = error != NULL ? g_error_copy (error) : NULL;

  return step;
}

static void
return_stops (Xep174Discovery *self,
              const GError    *error)
{
  g_autolist(GTask) stops = g_steal_pointer (&xep174_discovery_get_private (self)->stops);

  for (GList *l = g_list_last (stops); l != NULL; l = l->prev)
    xep174_discovery_do_next (self, return_step (l->data, error));
}

static void
finish_stop (Xep174Discovery     *self,
             Xep174DiscoveryStep *step)
{
  set_state (self, XEP174_DISCOVERY_STOPPED);
  return_stops (self, step->error);
}

/* PyGObject 3.50 loses the user data if the class is written in Python. */
static Xep174Discovery *
caller (GObject  *object,
        gpointer  user_data)
{
  return user_data != NULL ? user_data : (Xep174Discovery *) object;
}

static void
on_stopped (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Xep174Discovery *self = caller (object, user_data);
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174DiscoveryStep *step;
  Xep174DiscoveryHold hold;

  if (!priv->backend_stops)
    {
      g_critical ("%s called back twice from stop_async", G_OBJECT_TYPE_NAME (self));
      return;
    }

  priv->backend_stops = FALSE;
  xep174_discovery_hold (self, &hold);
  step = xep174_discovery_step_new (finish_stop);
  if (!XEP174_DISCOVERY_GET_CLASS (self)->stop_finish (self, result, &step->error) &&
      step->error == NULL)
    g_set_error_literal (&step->error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                         _("Going offline went wrong, and no reason was given. You are offline all "
                           "the same"));

  /* The discovery is stopped, even if the backend reports an error. */
  settle (self);
  xep174_discovery_do_last (self, step);
  xep174_discovery_release (self, &hold);
}

static void
begin_stop (Xep174Discovery *self)
{
  Xep174DiscoveryHold hold;

  xep174_discovery_hold (self, &hold);
  set_state (self, XEP174_DISCOVERY_STOPPING);
  xep174_discovery_clear_contacts (self);
  xep174_discovery_get_private (self)->backend_stops = TRUE;
  XEP174_DISCOVERY_GET_CLASS (self)->stop_async (self, NULL, on_stopped, self);
  xep174_discovery_release (self, &hold);
}

static void
take_default_name (Xep174Discovery     *self,
                   Xep174DiscoveryStep *step)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  g_autofree char *name = NULL;

  if (priv->local_name != NULL || priv->profile == NULL)
    return;

  name = xep174_profile_dup_instance_name (priv->profile, 0);
  xep174_discovery_note_local_name (self, name);
}

/* Handlers are told first of everything that the start has brought. */
static void
finish_start (Xep174Discovery     *self,
              Xep174DiscoveryStep *step)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  g_autoptr(GTask) task = g_steal_pointer (&priv->start);
  g_autoptr(GError) stopped = NULL;

  if (step->error != NULL)
    {
      set_state (self, XEP174_DISCOVERY_STOPPED);
      return_stops (self, NULL);
      xep174_discovery_do_next (self, return_step (task, step->error));
    }
  else if (priv->stops != NULL)
    {
      stopped = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                     _("Going online was stopped before it was done"));
      xep174_discovery_do_next (self, return_step (task, stopped));
      begin_stop (self);
    }
  else
    {
      set_state (self, XEP174_DISCOVERY_RUNNING);
      schedule_publish (self);
      xep174_discovery_do_last (self, return_step (task, NULL));
    }
}

static void
on_started (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Xep174Discovery *self = caller (object, user_data);
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174DiscoveryStep *step;
  Xep174DiscoveryHold hold;

  if (priv->cancellable == NULL)
    {
      g_critical ("%s called back twice from start_async", G_OBJECT_TYPE_NAME (self));
      return;
    }

  /* Not g_cancellable_disconnect(): it waits for the handler, and we may be in that handler. */
  if (priv->outer != NULL)
    g_clear_signal_handler (&priv->outer_handler, priv->outer);
  g_clear_object (&priv->outer);
  g_clear_object (&priv->cancellable);

  /* If it was cancelled after the backend had started and before it could report that, we still
   * need its result: what it has started must be stopped, too. */
  if (G_IS_TASK (result))
    g_task_set_check_cancellable (G_TASK (result), FALSE);

  xep174_discovery_hold (self, &hold);
  step = xep174_discovery_step_new (finish_start);
  if (XEP174_DISCOVERY_GET_CLASS (self)->start_finish (self, result, &step->error))
    xep174_discovery_do_last (self, xep174_discovery_step_new (take_default_name));
  else
    {
      if (step->error == NULL)
        g_set_error_literal (&step->error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                             _("Going online failed, and no reason was given. Try again"));
      settle (self);
    }
  xep174_discovery_do_last (self, step);
  xep174_discovery_release (self, &hold);
}

static void
on_outer_cancelled (GCancellable *outer,
                    GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

void
xep174_discovery_begin_start (Xep174Discovery *self,
                              Xep174Profile   *profile,
                              guint16          port,
                              GTask           *task)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  GCancellable *outer = g_task_get_cancellable (task);
  Xep174DiscoveryHold hold;

  xep174_discovery_hold (self, &hold);
  priv->start = g_object_ref (task);
  priv->cancellable = g_cancellable_new ();
  if (outer != NULL)
    {
      priv->outer = g_object_ref (outer);
      priv->outer_handler = g_cancellable_connect (outer, G_CALLBACK (on_outer_cancelled),
                                                   g_object_ref (priv->cancellable),
                                                   g_object_unref);
    }

  set_state (self, XEP174_DISCOVERY_STARTING);
  watch_profile (self, profile);
  set_port (self, profile != NULL ? port : 0);
  XEP174_DISCOVERY_GET_CLASS (self)->start_async (self, profile, priv->port, priv->cancellable,
                                                  on_started, self);
  xep174_discovery_release (self, &hold);
}

void
xep174_discovery_request_stop (Xep174Discovery *self,
                               GTask           *task)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174DiscoveryHold hold;

  xep174_discovery_hold (self, &hold);
  priv->stops = g_list_append (priv->stops, g_object_ref (task));
  if (priv->cancellable != NULL)
    g_cancellable_cancel (priv->cancellable);
  else if (priv->state == XEP174_DISCOVERY_RUNNING)
    begin_stop (self);
  xep174_discovery_release (self, &hold);
}
