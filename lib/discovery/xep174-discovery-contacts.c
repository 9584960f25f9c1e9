/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-contact-private.h"
#include "xep174-discovery-private.h"
#include "xep174-discovery-state-private.h"
#include "xep174-name-private.h"

static void
say_goodbye (Xep174Discovery *self,
             Xep174Contact   *contact)
{
  g_debug ("“%s” has gone", xep174_contact_get_name (contact));
  xep174_contact_set_online (contact, FALSE);
  g_signal_emit (self, xep174_discovery_signals[XEP174_DISCOVERY_CONTACT_REMOVED], 0, contact);
}

void
xep174_discovery_forget_contacts (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  g_autoptr(GPtrArray) contacts = xep174_contact_list_take_all (priv->contacts);

  for (guint i = 0; i < contacts->len; i++)
    xep174_contact_set_online (g_ptr_array_index (contacts, i), FALSE);
}

void
xep174_discovery_clear_contacts (Xep174Discovery *self)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  g_autoptr(GPtrArray) contacts = xep174_contact_list_take_all (priv->contacts);

  for (guint i = 0; i < contacts->len; i++)
    say_goodbye (self, g_ptr_array_index (contacts, i));
}

/**
 * xep174_discovery_put_contact:
 * @self: a discovery
 * @name: an instance name
 * @txt: (nullable): the data of its TXT record, %NULL if that is not known or has not changed
 *
 * For backends: says that a contact is there, or that its record is another one.
 *
 * However many interfaces and protocols a backend sees a name on, it is one contact. Our own name
 * is passed over, as are names that cannot be instance names; a backend whose local name changes
 * puts the former one again if somebody else has it.
 *
 * Returns: (transfer none) (nullable): the contact, %NULL if @name was passed over
 *
 * Since: 1.0
 */
Xep174Contact *
xep174_discovery_put_contact (Xep174Discovery *self,
                              const char      *name,
                              GBytes          *txt)
{
  g_autoptr(Xep174Discovery) held = NULL;
  Xep174DiscoveryPrivate *priv;
  Xep174Contact *known;

  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  /* A handler of the list's or the contact's may drop us. */
  held = g_object_ref (self);
  priv = xep174_discovery_get_private (self);
  /* D10; and D13: what comes in while we leave is no news any more. */
  if (priv->state == XEP174_DISCOVERY_STOPPING || !xep174_name_is_valid (name, NULL) ||
      (priv->local_name != NULL && xep174_name_equal (name, priv->local_name)))
    return NULL;

  known = xep174_contact_list_find (priv->contacts, name);
  if (known != NULL)
    xep174_contact_update (known, name, txt);
  else
    {
      g_autoptr(Xep174Contact) contact = xep174_contact_list_recall (priv->contacts, name);

      g_debug ("“%s” is there", name);
      xep174_contact_update (contact, name, txt);
      xep174_contact_set_doubtful (contact, FALSE);
      xep174_contact_set_online (contact, TRUE);
      xep174_contact_list_append (priv->contacts, contact);
      g_signal_emit (self, xep174_discovery_signals[XEP174_DISCOVERY_CONTACT_ADDED], 0, contact);
    }

  /* A handler may have taken it away again. */
  return xep174_contact_list_find (priv->contacts, name);
}

Xep174Contact *
xep174_discovery_dup_contact (Xep174Discovery *self,
                              const char      *name)
{
  Xep174DiscoveryPrivate *priv = xep174_discovery_get_private (self);
  Xep174Contact *contact = xep174_contact_list_find (priv->contacts, name);

  return contact != NULL ? g_object_ref (contact)
                         : xep174_contact_list_recall (priv->contacts, name);
}

/**
 * xep174_discovery_remove_contact:
 * @self: a discovery
 * @name: an instance name
 *
 * For backends: says that a contact has gone, from the last interface that it was seen on. A name
 * that is not known is no error.
 *
 * Since: 1.0
 */
void
xep174_discovery_remove_contact (Xep174Discovery *self,
                                 const char      *name)
{
  g_autoptr(Xep174Discovery) held = NULL;
  g_autoptr(Xep174Contact) contact = NULL;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (name != NULL);

  held = g_object_ref (self);
  contact = xep174_contact_list_take (xep174_discovery_get_private (self)->contacts, name);
  if (contact != NULL)
    say_goodbye (self, contact);
}

/**
 * xep174_discovery_set_doubtful:
 * @self: a discovery
 * @name: an instance name
 * @doubtful: whether there is reason to doubt
 *
 * For backends: says that a contact may have gone without a goodbye, or that it has been heard of
 * again. A name that is not known is no error.
 *
 * Since: 1.0
 */
void
xep174_discovery_set_doubtful (Xep174Discovery *self,
                               const char      *name,
                               gboolean         doubtful)
{
  Xep174Contact *contact;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (name != NULL);

  contact = xep174_contact_list_find (xep174_discovery_get_private (self)->contacts, name);
  if (contact == NULL)
    return;

  g_debug (doubtful ? "“%s” may have gone" : "“%s” is there after all", name);
  xep174_contact_set_doubtful (contact, doubtful);
}

/**
 * xep174_discovery_set_local_name:
 * @self: a discovery
 * @name: (nullable): the name that we are published under, %NULL for none
 *
 * For backends: says which name is in force, once it is known and each time another one had to be
 * taken (XEP-0174 §3).
 *
 * A contact of that name leaves the list: it was ourselves.
 *
 * Since: 1.0
 */
void
xep174_discovery_set_local_name (Xep174Discovery *self,
                                 const char      *name)
{
  Xep174DiscoveryPrivate *priv;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));

  priv = xep174_discovery_get_private (self);
  if (g_strcmp0 (name, priv->local_name) == 0)
    return;

  if (name != NULL)
    g_debug ("We are published as “%s”", name);
  g_free (priv->local_name);
  priv->local_name = g_strdup (name);
  if (name != NULL)
    xep174_discovery_remove_contact (self, priv->local_name);
  xep174_discovery_notify (self, XEP174_DISCOVERY_PROP_LOCAL_NAME);
}

static gboolean
is_same_problem (const GError *a,
                 const GError *b)
{
  return a == b || (a != NULL && b != NULL && g_error_matches (a, b->domain, b->code) &&
                    g_strcmp0 (a->message, b->message) == 0);
}

/**
 * xep174_discovery_set_problem:
 * @self: a discovery
 * @problem: (nullable): an error of [error@DiscoveryError], which is copied; %NULL if all is well
 *
 * For backends: says what stands in the way while the discovery runs. Stopping it takes the problem
 * away.
 *
 * Since: 1.0
 */
void
xep174_discovery_set_problem (Xep174Discovery *self,
                              const GError    *problem)
{
  Xep174DiscoveryPrivate *priv;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));

  priv = xep174_discovery_get_private (self);
  if (is_same_problem (problem, priv->problem))
    return;

  g_clear_error (&priv->problem);
  priv->problem = problem != NULL ? g_error_copy (problem) : NULL;
  xep174_discovery_notify (self, XEP174_DISCOVERY_PROP_PROBLEM);
}

/**
 * xep174_discovery_network_changed:
 * @self: a discovery
 *
 * For backends: says that the network is another one or that the machine woke up; emits
 * [signal@Discovery::network-changed].
 *
 * Since: 1.0
 */
void
xep174_discovery_network_changed (Xep174Discovery *self)
{
  g_return_if_fail (XEP174_IS_DISCOVERY (self));

  g_debug ("The network is another one");
  g_signal_emit (self, xep174_discovery_signals[XEP174_DISCOVERY_NETWORK_CHANGED], 0);
}
