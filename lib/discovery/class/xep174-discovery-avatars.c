/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avatar-private.h"
#include "xep174-discovery-state-private.h"
#include "xep174-gettext-private.h"
#include "xep174-name-private.h"
#include "xep174-source-private.h"

/* Pictures (D15). A backend is asked once for those who ask for the same picture while it is on its
 * way. Its answer is checked, whatever the backend has checked itself. */

typedef struct
{
  Xep174Discovery *discovery; /* not referenced, NULL once it has gone: a backend may still answer */
  char            *name;
  char            *hash;
  GCancellable    *cancellable;
  GQueue           waiting; /* of Waiter; empty once the end has been told */
} Errand;

typedef struct
{
  Errand  *errand;
  GTask   *task;
  GSource *cancelled; /* NULL without a cancellable */
} Waiter;

static void
waiter_free (Waiter *waiter)
{
  xep174_clear_source (&waiter->cancelled);
  g_object_unref (waiter->task);
  g_free (waiter);
}

static void
errand_free (Errand *errand)
{
  g_free (errand->name);
  g_free (errand->hash);
  g_object_unref (errand->cancellable);
  g_free (errand);
}

static void
return_picture (Xep174Discovery     *self,
                Xep174DiscoveryStep *step)
{
  if (step->error != NULL)
    g_task_return_error (step->task, g_steal_pointer (&step->error));
  else
    g_task_return_pointer (step->task, g_steal_pointer (&step->txt), (GDestroyNotify) g_bytes_unref);
}

/* Tells all who wait; the backend may still be at work. */
static void
end (Errand       *errand,
     GBytes       *picture,
     const GError *error)
{
  Waiter *waiter;

  while ((waiter = g_queue_pop_head (&errand->waiting)) != NULL)
    {
      Xep174DiscoveryStep *step = xep174_discovery_step_new (return_picture);

      step->task = g_object_ref (waiter->task);
      step->txt = picture != NULL ? g_bytes_ref (picture) : NULL;
      step->error = error != NULL ? g_error_copy (error) : NULL;
      xep174_discovery_do_last (errand->discovery, step);
      waiter_free (waiter);
    }
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  Waiter *waiter = user_data;
  Errand *errand = waiter->errand;
  g_autoptr(GTask) task = g_object_ref (waiter->task);

  g_queue_remove (&errand->waiting, waiter);
  waiter_free (waiter);
  if (g_queue_is_empty (&errand->waiting))
    g_cancellable_cancel (errand->cancellable);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
wait_for (Errand *errand,
          GTask  *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->errand = errand;
  waiter->task = task;
  g_queue_push_tail (&errand->waiting, waiter);
  if (cancellable == NULL)
    return;

  waiter->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (waiter->cancelled, G_SOURCE_FUNC (on_cancelled), waiter, NULL);
  g_source_attach (waiter->cancelled, g_task_get_context (task));
}

/* One about @name for which somebody waits: about the picture @hash, or about another one. */
static Errand *
find (Xep174DiscoveryPrivate *priv,
      const char             *name,
      const char             *hash,
      gboolean                same)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, priv->errands);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      Errand *errand = key;

      if (!g_queue_is_empty (&errand->waiting) && xep174_name_equal (errand->name, name) &&
          (hash != NULL && g_ascii_strcasecmp (errand->hash, hash) == 0) == same)
        return errand;
    }

  return NULL;
}

static void
check_picture (const Errand  *errand,
               GBytes       **picture,
               GError       **error)
{
  gboolean is_large;

  if (*picture == NULL)
    {
      if (*error == NULL)
        g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                     _("The picture of “%s” did not come, and no reason was given. Try again "
                       "later"),
                     errand->name);
      return;
    }

  is_large = g_bytes_get_size (*picture) > XEP174_AVATAR_MAX;
  if (!is_large && xep174_avatar_matches (*picture, errand->hash))
    return;

  g_clear_pointer (picture, g_bytes_unref);
  *error = g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_WRONG_AVATAR,
                        is_large ? _("The picture of “%s” is too large and is not shown")
                                 : _("What came as the picture of “%s” is not the one that was "
                                     "announced, and is not shown"),
                        errand->name);
}

static void
finish (Xep174Discovery *self,
        Errand          *errand,
        GAsyncResult    *result)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) picture = NULL;
  Xep174DiscoveryHold hold;

  xep174_discovery_hold (self, &hold);
  picture = XEP174_DISCOVERY_GET_CLASS (self)->load_avatar_finish (self, result, &error);
  check_picture (errand, &picture, &error);
  if (picture != NULL)
    xep174_avatar_cache_put (priv->avatars, errand->hash, picture);
  end (errand, picture, error);
  g_hash_table_remove (priv->errands, errand);
  errand_free (errand);
  xep174_discovery_release (self, &hold);
}

/* PyGObject 3.50 loses the user data if the class is written in Python. */
static Errand *
find_errand (GObject      *object,
             GAsyncResult *result)
{
  GCancellable *cancellable = G_IS_TASK (result) ? g_task_get_cancellable (G_TASK (result)) : NULL;
  GHashTableIter iter;
  gpointer errand;

  g_hash_table_iter_init (&iter, xep174_discovery_get_private ((Xep174Discovery *) object)->errands);
  while (g_hash_table_iter_next (&iter, &errand, NULL))
    if (((Errand *) errand)->cancellable == cancellable)
      return errand;

  return NULL;
}

static void
on_loaded (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Errand *errand = user_data != NULL ? user_data : find_errand (object, result);

  if (errand == NULL)
    g_critical ("%s called back twice from load_avatar_async, or without its cancellable",
                G_OBJECT_TYPE_NAME (object));
  else if (errand->discovery == NULL)
    errand_free (errand);
  else
    finish (errand->discovery, errand, result);
}

static void
begin (Xep174Discovery *self,
       const char      *name,
       const char      *hash,
       GTask           *task)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->discovery = self;
  errand->name = g_strdup (name);
  errand->hash = g_strdup (hash);
  errand->cancellable = g_cancellable_new ();
  wait_for (errand, task);
  g_hash_table_add (xep174_discovery_get_private (self)->errands, errand);
  XEP174_DISCOVERY_GET_CLASS (self)->load_avatar_async (self, errand->name, errand->hash,
                                                        errand->cancellable, on_loaded, errand);
}

/* What can be said without a backend. */
static GError *
refuse (Xep174Contact *contact,
        const char    *hash)
{
  const char *name = xep174_contact_get_name (contact);

  if (hash == NULL || *hash == '\0')
    return g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_AVATAR,
                        _("“%s” shows no picture"), name);
  if (!xep174_avatar_is_hash (hash))
    return g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_WRONG_AVATAR,
                        _("Which picture “%s” shows cannot be read"), name);

  return NULL;
}

static GError *
left (const char *name)
{
  return g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                      _("The picture of “%s” cannot be loaded: “%s” is not here any "
                        "more"), name, name);
}

static void
load (gpointer       owner,
      Xep174Contact *contact,
      GTask         *task)
{
  Xep174Discovery *self = owner;
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  const char *name = xep174_contact_get_name (contact);
  const char *hash = xep174_contact_get_parameter (contact, "phsh");
  GError *error = refuse (contact, hash);
  GBytes *picture = error == NULL ? xep174_avatar_cache_dup (priv->avatars, hash) : NULL;
  Xep174DiscoveryHold hold;
  Errand *errand;

  if (error == NULL && picture == NULL && !xep174_contact_get_online (contact))
    error = left (name);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (picture != NULL)
    g_task_return_pointer (task, picture, (GDestroyNotify) g_bytes_unref);
  if (error != NULL || picture != NULL)
    {
      g_object_unref (task);
      return;
    }

  xep174_discovery_hold (self, &hold);
  errand = find (priv, name, hash, TRUE);
  if (errand != NULL)
    wait_for (errand, task);
  else
    begin (self, name, hash, task);
  xep174_discovery_release (self, &hold);
}

void
xep174_discovery_review_avatars (Xep174Discovery *self,
                                 Xep174Contact   *contact)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  const char *name = xep174_contact_get_name (contact);
  const char *hash = xep174_contact_get_parameter (contact, "phsh");
  const char *wanted = xep174_contact_get_online (contact) ? hash : NULL;
  g_autoptr(GError) error = NULL;
  Errand *errand;

  while ((errand = find (priv, name, wanted, FALSE)) != NULL)
    {
      if (error == NULL)
        error = xep174_contact_get_online (contact)
                  ? g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                                 _("“%s” has taken another picture meanwhile"), name)
                  : left (name);
      end (errand, NULL, error);
      /* The last word: the backend may answer at once. */
      g_cancellable_cancel (errand->cancellable);
    }
}

void
xep174_discovery_init_avatars (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  priv->avatars = xep174_avatar_cache_new ();
  priv->errands = g_hash_table_new (NULL, NULL);
  priv->loader = g_rc_box_new0 (Xep174AvatarLoader);
  *priv->loader = (Xep174AvatarLoader) { self, load };
}

static void
drop (Errand *errand)
{
  Waiter *waiter;

  errand->discovery = NULL;
  while ((waiter = g_queue_pop_head (&errand->waiting)) != NULL)
    {
      g_task_return_error (waiter->task, left (errand->name));
      waiter_free (waiter);
    }
}

void
xep174_discovery_finalize_avatars (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  GHashTableIter iter;
  gpointer errand;

  g_hash_table_iter_init (&iter, priv->errands);
  while (g_hash_table_iter_next (&iter, &errand, NULL))
    drop (errand);
  g_hash_table_unref (priv->errands);
  priv->loader->owner = NULL;
  g_rc_box_release (priv->loader);
  xep174_avatar_cache_free (priv->avatars);
}

void
xep174_discovery_set_avatar_folder (Xep174Discovery *self,
                                    const char      *folder)
{
  xep174_avatar_cache_set_folder (xep174_discovery_get_private (self)->avatars, folder);
}
