/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-contact-private.h"
#include "xep174-discovery-private.h"
#include "xep174-discovery-state-private.h"
#include "xep174-name-private.h"

/* How a change of a contact is told. Before the first of these steps the list and the contact have
 * changed already. The list's items-changed is part of the change, and comes first of all. */

static void
tell_added (Xep174Discovery     *self,
            Xep174DiscoveryStep *step)
{
  if (!xep174_discovery_get_private (self)->disposed)
    g_signal_emit (self, xep174_discovery_signals[XEP174_DISCOVERY_CONTACT_ADDED], 0,
                   step->contact);
}

static void
tell_removed (Xep174Discovery     *self,
              Xep174DiscoveryStep *step)
{
  if (!xep174_discovery_get_private (self)->disposed)
    g_signal_emit (self, xep174_discovery_signals[XEP174_DISCOVERY_CONTACT_REMOVED], 0,
                   step->contact);
}

static void
tell_record (Xep174Discovery     *self,
             Xep174DiscoveryStep *step)
{
  xep174_contact_changed (step->contact);
}

static void
tell_properties (Xep174Discovery     *self,
                 Xep174DiscoveryStep *step)
{
  g_object_thaw_notify (G_OBJECT (step->contact));
}

static void
tell_next (Xep174Discovery     *self,
           Xep174DiscoveryTake  take,
           Xep174Contact       *contact)
{
  Xep174DiscoveryStep *step = xep174_discovery_step_new (take);

  step->contact = g_object_ref (contact);
  xep174_discovery_do_next (self, step);
}

static void
say_goodbye (Xep174Discovery *self,
             Xep174Contact   *contact)
{
  g_debug ("“%s” has gone", xep174_contact_get_name (contact));
  g_object_freeze_notify (G_OBJECT (contact));
  xep174_contact_set_online (contact, FALSE);
  xep174_discovery_review_avatars (self, contact);
  tell_next (self, tell_removed, contact);
  tell_next (self, tell_properties, contact);
}

/* The changes */

static void
clear (Xep174Discovery     *self,
       Xep174DiscoveryStep *step)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  GListModel *model = G_LIST_MODEL (priv->contacts);
  g_autoptr(GPtrArray) contacts = NULL;

  for (guint i = g_list_model_get_n_items (model); i > 0; i--)
    {
      g_autoptr(Xep174Contact) contact = g_list_model_get_item (model, i - 1);

      say_goodbye (self, contact);
    }
  contacts = xep174_contact_list_take_all (priv->contacts);
}

void
xep174_discovery_clear_contacts (Xep174Discovery *self)
{
  xep174_discovery_do_last (self, xep174_discovery_step_new (clear));
}

static void
take_away (Xep174Discovery *self,
           const char      *name)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174Contact *contact = xep174_contact_list_find (priv->contacts, name);
  g_autoptr(Xep174Contact) taken = NULL;

  if (contact == NULL)
    return;

  say_goodbye (self, contact);
  taken = xep174_contact_list_take (priv->contacts, name);
}

static void
remove_contact (Xep174Discovery     *self,
                Xep174DiscoveryStep *step)
{
  take_away (self, step->name);
}

static void
greet (Xep174Discovery *self,
       Xep174Contact   *contact)
{
  g_debug ("“%s” is there", xep174_contact_get_name (contact));
  xep174_contact_set_doubtful (contact, FALSE);
  xep174_contact_set_online (contact, TRUE);
  tell_next (self, tell_added, contact);
}

static void
put_contact (Xep174Discovery     *self,
             Xep174DiscoveryStep *step)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  gboolean is_known = xep174_contact_list_find (priv->contacts, step->name) != NULL;
  g_autoptr(Xep174Contact) contact = NULL;
  gboolean has_changed;

  /* D10: we are not our own contact. D13: while we stop, nobody is added any more. */
  if (priv->disposed || priv->state == XEP174_DISCOVERY_STOPPING ||
      (priv->local_name != NULL && xep174_name_equal (step->name, priv->local_name)))
    return;

  contact = xep174_discovery_dup_contact (self, step->name);
  g_object_freeze_notify (G_OBJECT (contact));
  has_changed = xep174_contact_update (contact, step->name, step->txt);
  if (!is_known)
    greet (self, contact);
  if (has_changed)
    {
      xep174_discovery_review_avatars (self, contact);
      tell_next (self, tell_record, contact);
    }
  tell_next (self, tell_properties, contact);

  if (!is_known)
    xep174_contact_list_append (priv->contacts, contact);
}

static void
set_doubtful (Xep174Discovery     *self,
              Xep174DiscoveryStep *step)
{
  Xep174Contact *contact;

  contact = xep174_contact_list_find (xep174_discovery_get_private (self)->contacts, step->name);
  if (contact == NULL)
    return;

  g_debug (step->number ? "“%s” may have gone" : "“%s” is there after all", step->name);
  xep174_contact_set_doubtful (contact, step->number);
}

static void
set_local_name (Xep174Discovery     *self,
                Xep174DiscoveryStep *step)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  if (g_strcmp0 (step->name, priv->local_name) == 0)
    return;

  if (step->name != NULL)
    g_debug ("We are published as “%s”", step->name);
  g_free (priv->local_name);
  priv->local_name = g_steal_pointer (&step->name);
  xep174_discovery_notify_next (self, XEP174_DISCOVERY_PROP_LOCAL_NAME);
  if (priv->local_name != NULL)
    take_away (self, priv->local_name);
}

static void
tell_network_changed (Xep174Discovery     *self,
                      Xep174DiscoveryStep *step)
{
  if (!xep174_discovery_get_private (self)->disposed)
    g_signal_emit (self, xep174_discovery_signals[XEP174_DISCOVERY_NETWORK_CHANGED], 0);
}

static gboolean
is_about (const Xep174DiscoveryStep *step,
          Xep174DiscoveryTake        take,
          const char                *name)
{
  return step->take == take && xep174_name_equal (step->name, name);
}

/* A contact of whom nobody has been told yet is dropped without a word. */
static void
forget_puts (Xep174DiscoveryPrivate *priv,
             const char             *name)
{
  GList *next;

  for (GList *l = priv->agenda.head; l != NULL; l = next)
    {
      next = l->next;
      if (is_about (l->data, put_contact, name))
        {
          xep174_discovery_step_free (l->data);
          g_queue_delete_link (&priv->agenda, l);
        }
    }
}

/* Takes the step now, or after those that are under way. */
static gboolean
change (Xep174Discovery     *self,
        Xep174DiscoveryStep *step)
{
  Xep174DiscoveryHold hold;

  xep174_discovery_hold (self, &hold);
  xep174_discovery_do_last (self, step);
  return xep174_discovery_release (self, &hold);
}

static Xep174DiscoveryStep *
step_about (Xep174DiscoveryTake  take,
            const char          *name)
{
  Xep174DiscoveryStep *step = xep174_discovery_step_new (take);

  step->name = g_strdup (name);

  return step;
}

gboolean
xep174_discovery_expects (Xep174Discovery *self,
                          const char      *name)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);

  for (GList *l = priv->agenda.tail; l != NULL; l = l->prev)
    {
      const Xep174DiscoveryStep *step = l->data;

      if (step->take == clear || is_about (step, remove_contact, name))
        return FALSE;
      if (is_about (step, put_contact, name))
        return TRUE;
    }

  return xep174_contact_list_find (priv->contacts, name) != NULL;
}

Xep174Contact *
xep174_discovery_note_contact (Xep174Discovery *self,
                               const char      *name,
                               GBytes          *txt)
{
  g_autoptr(Xep174Discovery) held = NULL;
  g_autofree char *own_copy = NULL;
  Xep174DiscoveryPrivate *priv;
  Xep174DiscoveryStep *step;
  Xep174Contact *contact;

  priv = xep174_discovery_get_private (self);
  if (priv->disposed || priv->state == XEP174_DISCOVERY_STOPPING ||
      !xep174_name_is_valid (name, NULL))
    return NULL;

  /* A handler may drop us, or may free the text of @name. */
  held = g_object_ref (self);
  own_copy = g_strdup (name);
  step = step_about (put_contact, name);
  step->contact = contact = xep174_discovery_dup_contact (self, name);
  step->txt = txt != NULL ? g_bytes_ref (txt) : NULL;
  if (!change (self, step))
    return contact;

  return xep174_contact_list_find (priv->contacts, own_copy);
}

Xep174Contact *
xep174_discovery_dup_contact (Xep174Discovery *self,
                              const char      *name)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174Contact *contact = xep174_contact_list_find (priv->contacts, name);

  if (contact != NULL)
    return g_object_ref (contact);

  contact = xep174_contact_list_recall (priv->contacts, name);
  xep174_contact_set_loader (contact, priv->loader);

  return contact;
}

void
xep174_discovery_set_security (Xep174Discovery *self,
                               const char      *name,
                               gboolean         encrypted,
                               Xep174Trust      trust)
{
  g_autoptr(Xep174Contact) contact = xep174_discovery_dup_contact (self, name);

  xep174_contact_set_security (contact, encrypted, trust);
}

GPtrArray *
xep174_discovery_dup_contacts (Xep174Discovery *self)
{
  return xep174_contact_list_dup_all (xep174_discovery_get_private (self)->contacts);
}

void
xep174_discovery_note_gone (Xep174Discovery *self,
                            const char      *name)
{
  forget_puts (xep174_discovery_get_private (self), name);
  change (self, step_about (remove_contact, name));
}

void
xep174_discovery_note_doubtful (Xep174Discovery *self,
                                const char      *name,
                                gboolean         doubtful)
{
  Xep174DiscoveryStep *step;

  step = step_about (set_doubtful, name);
  step->number = doubtful;
  change (self, step);
}

void
xep174_discovery_note_local_name (Xep174Discovery *self,
                                  const char      *name)
{
  change (self, step_about (set_local_name, name));
}

static gboolean
is_same_problem (const GError *a,
                 const GError *b)
{
  return a == b || (a != NULL && b != NULL && g_error_matches (a, b->domain, b->code) &&
                    g_strcmp0 (a->message, b->message) == 0);
}

void
xep174_discovery_note_problem (Xep174Discovery *self,
                               const GError    *problem)
{
  Xep174DiscoveryPrivate *priv;
  Xep174DiscoveryHold hold;
  GError *copy;

  priv = xep174_discovery_get_private (self);
  if (is_same_problem (problem, priv->problem))
    return;

  xep174_discovery_hold (self, &hold);
  copy = problem != NULL ? g_error_copy (problem) : NULL;
  g_clear_error (&priv->problem);
  priv->problem = copy;
  xep174_discovery_notify (self, XEP174_DISCOVERY_PROP_PROBLEM);
  xep174_discovery_release (self, &hold);
}

void
xep174_discovery_note_network (Xep174Discovery *self)
{
  g_debug ("The network is another one");
  change (self, xep174_discovery_step_new (tell_network_changed));
}
