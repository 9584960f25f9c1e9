/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-state-private.h"

/* The functions by which a backend reports what it sees. */

/**
 * xep174_discovery_put_contact:
 * @self: a discovery
 * @name: an instance name
 * @txt: (nullable): the data of its TXT record, %NULL if that is not known or has not changed
 *
 * For backends: says that a contact is there, or that its record has changed.
 *
 * A name is one contact, even if a backend sees it on several interfaces or over IPv4 and IPv6. Our
 * own name is ignored, and so are names that cannot be instance names. When the local name changes,
 * the backend must put the old one again if somebody else has it.
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
 * @name: (nullable): the name that we are published under, or %NULL for none
 *
 * For backends: says under which name we are published, as soon as it is known, and again each time
 * when another one had to be taken (XEP-0174 §3).
 *
 * If there is a contact with that name, it leaves the list: we were that contact.
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
 * For backends: says what does not work while the discovery runs. When the discovery stops, the
 * problem becomes %NULL.
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
 * For backends: says that the network has changed or that the machine has woken up. Emits
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
