/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-state-private.h"

/* What a backend reports. */

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
 * Returns: (transfer none) (nullable): the contact, %NULL if @name was passed over or a handler has
 *   removed it again; within a handler (see [class@Discovery]) the contact that will be there
 *
 * Since: 1.0
 */
Xep174Contact *
xep174_discovery_put_contact (Xep174Discovery *self,
                              const char      *name,
                              GBytes          *txt)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return xep174_discovery_note_contact (self, name, txt);
}

/**
 * xep174_discovery_remove_contact:
 * @self: a discovery
 * @name: an instance name
 *
 * For backends: says that a contact has gone, from the last interface that it was seen on. A name
 * that is not known is no error.
 *
 * Within a handler (see [class@Discovery]) the contact goes after the handler has returned.
 *
 * Since: 1.0
 */
void
xep174_discovery_remove_contact (Xep174Discovery *self,
                                 const char      *name)
{
  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (name != NULL);

  xep174_discovery_note_gone (self, name);
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
  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (name != NULL);

  xep174_discovery_note_doubtful (self, name, doubtful);
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
  g_return_if_fail (XEP174_IS_DISCOVERY (self));

  xep174_discovery_note_local_name (self, name);
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
  g_return_if_fail (XEP174_IS_DISCOVERY (self));

  xep174_discovery_note_problem (self, problem);
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

  xep174_discovery_note_network (self);
}
