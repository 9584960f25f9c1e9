/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-spoiled-private.h"

/* Nobody stays there for ever, and a link may just have broken. */
#define SPOILED_MS (2 * 60 * 1000)
/* A try takes T_tls, and a person waits: so few are tried. */
#define MAX_WAYS 3
/* Then it begins anew. */
#define MAX_CONTACTS 64

struct _Xep174Spoiled
{
  guint ref_count;
  Xep174Clock *clock;
  GHashTable *contacts; /* name -> Ways */
};

typedef struct
{
  GPtrArray *ways; /* of char * */
  gint64 until_ms;
} Ways;

static void
ways_free (gpointer data)
{
  Ways *ways = data;

  g_ptr_array_unref (ways->ways);
  g_free (ways);
}

static char *
describe (gboolean    dialled,
          const char *host)
{
  return g_strconcat (dialled ? "to " : "at ", host, NULL);
}

Xep174Spoiled *
xep174_spoiled_new (Xep174Clock *clock)
{
  Xep174Spoiled *self = g_new0 (Xep174Spoiled, 1);

  self->ref_count = 1;
  self->clock = xep174_clock_ref (clock);
  self->contacts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, ways_free);
  return self;
}

Xep174Spoiled *
xep174_spoiled_ref (Xep174Spoiled *self)
{
  self->ref_count++;
  return self;
}

void
xep174_spoiled_unref (Xep174Spoiled *self)
{
  if (--self->ref_count > 0)
    return;

  g_hash_table_unref (self->contacts);
  xep174_clock_unref (self->clock);
  g_free (self);
}

static Ways *
find (Xep174Spoiled *self,
      const char    *contact)
{
  Ways *ways = g_hash_table_lookup (self->contacts, contact);

  if (ways == NULL || xep174_clock_get_now_ms (self->clock) < ways->until_ms)
    return ways;

  g_hash_table_remove (self->contacts, contact);
  return NULL;
}

void
xep174_spoiled_add (Xep174Spoiled *self,
                    const char    *contact,
                    gboolean       dialled,
                    const char    *host)
{
  g_autofree char *way = describe (dialled, host);
  Ways *ways = find (self, contact);

  if (ways == NULL)
    {
      if (g_hash_table_size (self->contacts) >= MAX_CONTACTS)
        g_hash_table_remove_all (self->contacts);
      ways = g_new0 (Ways, 1);
      ways->ways = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (self->contacts, g_strdup (contact), ways);
    }

  ways->until_ms = xep174_clock_get_now_ms (self->clock) + SPOILED_MS;
  if (ways->ways->len < MAX_WAYS
      && !g_ptr_array_find_with_equal_func (ways->ways, way, g_str_equal, NULL))
    g_ptr_array_add (ways->ways, g_steal_pointer (&way));
}

gboolean
xep174_spoiled_has (Xep174Spoiled *self,
                    const char    *contact,
                    gboolean       dialled,
                    const char    *host)
{
  g_autofree char *way = describe (dialled, host);
  Ways *ways = find (self, contact);

  return ways != NULL
         && (ways->ways->len >= MAX_WAYS
             || g_ptr_array_find_with_equal_func (ways->ways, way, g_str_equal, NULL));
}
