/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-sightings-private.h"

static void
sighting_clear (gpointer data)
{
  Xep174MdnsSighting *sighting = data;

  g_clear_pointer (&sighting->txt, g_bytes_unref);
}

GArray *
xep174_mdns_sightings_new (void)
{
  GArray *sightings = g_array_new (FALSE, FALSE, sizeof (Xep174MdnsSighting));

  g_array_set_clear_func (sightings, sighting_clear);

  return sightings;
}

void
xep174_mdns_sightings_remove (GArray                 *sightings,
                              const Xep174MdnsRecord *record,
                              GBytes                 *txt)
{
  for (guint i = 0; i < sightings->len; i++)
    {
      Xep174MdnsSighting *sighting = &g_array_index (sightings, Xep174MdnsSighting, i);

      if (sighting->place.interface == record->interface &&
          sighting->place.protocol == record->protocol &&
          (txt == NULL || g_bytes_equal (txt, sighting->txt)))
        {
          g_array_remove_index (sightings, i);
          return;
        }
    }
}

void
xep174_mdns_sightings_add (GArray                 *sightings,
                           const Xep174MdnsRecord *record,
                           GBytes                 *txt)
{
  Xep174MdnsSighting sighting = { { record->interface, record->protocol }, txt, FALSE };

  xep174_mdns_sightings_remove (sightings, record, txt);
  if (txt != NULL)
    g_bytes_ref (txt);
  g_array_append_val (sightings, sighting);
}
