/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-private.h"
#include "xep174-discovery-state-private.h"
#include "xep174-source-private.h"

Xep174DiscoveryStep *
xep174_discovery_step_new (Xep174DiscoveryTake take)
{
  Xep174DiscoveryStep *step = g_new0 (Xep174DiscoveryStep, 1);

  step->take = take;

  return step;
}

void
xep174_discovery_step_free (Xep174DiscoveryStep *step)
{
  g_clear_object (&step->contact);
  g_clear_object (&step->task);
  g_clear_error (&step->error);
  g_clear_pointer (&step->txt, g_bytes_unref);
  g_free (step->name);
  g_free (step);
}

void
xep174_discovery_do_next (Xep174Discovery     *self,
                          Xep174DiscoveryStep *step)
{
  g_queue_push_head (&xep174_discovery_get_private (self)->agenda, step);
}

void
xep174_discovery_do_last (Xep174Discovery     *self,
                          Xep174DiscoveryStep *step)
{
  g_queue_push_tail (&xep174_discovery_get_private (self)->agenda, step);
}

/* If a handler runs a main loop, that loop is deeper than the one that takes the steps. Then we are
 * not busy. */
static gboolean
is_busy (Xep174DiscoveryPrivate *priv)
{
  return priv->busy && g_main_depth () <= priv->busy_depth;
}

static void
begin (Xep174Discovery     *self,
       Xep174DiscoveryHold *hold)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  hold->busy = priv->busy;
  hold->busy_depth = priv->busy_depth;
  priv->busy = TRUE;
  priv->busy_depth = g_main_depth ();
}

static void
end (Xep174Discovery     *self,
     Xep174DiscoveryHold *hold)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  priv->busy = hold->busy;
  priv->busy_depth = hold->busy_depth;
}

void
xep174_discovery_return (Xep174Discovery     *self,
                         Xep174DiscoveryStep *step)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174DiscoveryHold hold;

  begin (self, &hold);
  priv->busy = FALSE;
  if (step->error != NULL)
    g_task_return_error (step->task, g_steal_pointer (&step->error));
  else
    g_task_return_boolean (step->task, TRUE);
  end (self, &hold);
}

static void
work (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174DiscoveryHold hold;
  Xep174DiscoveryStep *step;

  begin (self, &hold);
  while ((step = g_queue_pop_head (&priv->agenda)) != NULL)
    {
      step->take (self, step);
      xep174_discovery_step_free (step);
    }
  xep174_clear_source (&priv->inner_loop);
  end (self, &hold);
}

static gboolean
on_inner_loop (gpointer data)
{
  Xep174Discovery *self = data;
  G_GNUC_UNUSED g_autoptr(Xep174Discovery) alive = g_object_ref (self);

  xep174_clear_source (&xep174_discovery_get_private (self)->inner_loop);
  work (self);

  return G_SOURCE_REMOVE;
}

/* A main loop that a handler runs must take these steps first of all, above all before it ends a
 * stop. */
static void
expect_inner_loop (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  if (priv->inner_loop != NULL || g_queue_is_empty (&priv->agenda))
    return;

  priv->inner_loop = g_idle_source_new ();
  g_source_set_name (priv->inner_loop, "[xep174] what was done in a handler");
  g_source_set_priority (priv->inner_loop, G_PRIORITY_HIGH);
  g_source_set_callback (priv->inner_loop, on_inner_loop, self, NULL);
  g_source_attach (priv->inner_loop, priv->context);
}

void
xep174_discovery_hold (Xep174Discovery     *self,
                       Xep174DiscoveryHold *hold)
{
  begin (g_object_ref (self), hold);
}

gboolean
xep174_discovery_release (Xep174Discovery     *self,
                          Xep174DiscoveryHold *hold)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  gboolean can_work;

  end (self, hold);
  can_work = !is_busy (priv);
  if (can_work)
    work (self);
  else
    expect_inner_loop (self);
  g_object_unref (self);

  return can_work;
}

void
xep174_discovery_clear_agenda (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  xep174_clear_source (&priv->inner_loop);
  g_queue_clear_full (&priv->agenda, (GDestroyNotify) xep174_discovery_step_free);
}

static void
tell_property (Xep174Discovery     *self,
               Xep174DiscoveryStep *step)
{
  if (!xep174_discovery_get_private (self)->disposed)
    g_object_notify_by_pspec (G_OBJECT (self), xep174_discovery_properties[step->number]);
}

static Xep174DiscoveryStep *
property_step (guint property)
{
  Xep174DiscoveryStep *step = xep174_discovery_step_new (tell_property);

  step->number = property;

  return step;
}

void
xep174_discovery_notify (Xep174Discovery *self,
                         guint            property)
{
  xep174_discovery_do_last (self, property_step (property));
}

void
xep174_discovery_notify_next (Xep174Discovery *self,
                              guint            property)
{
  xep174_discovery_do_next (self, property_step (property));
}
