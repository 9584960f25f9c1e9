/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-stack-private.h"

/* Where records were seen: on each link, over each protocol. */

typedef struct
{
  Xep174MdnsPlace  place;
  GBytes          *txt;    /* NULL for a link */
  gboolean         is_old; /* from a query that has ended */
} Xep174MdnsSighting;

/* (element-type Xep174MdnsSighting): the latest last. */
GArray *xep174_mdns_sightings_new    (void);
/* Instead of the one at the same place, with the same @txt if there is any. */
void    xep174_mdns_sightings_add    (GArray                 *sightings,
                                      const Xep174MdnsRecord *record,
                                      GBytes                 *txt);
void    xep174_mdns_sightings_remove (GArray                 *sightings,
                                      const Xep174MdnsRecord *record,
                                      GBytes                 *txt);
