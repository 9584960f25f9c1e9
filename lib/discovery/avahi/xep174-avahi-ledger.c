/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-ledger-private.h"

struct _Xep174AvahiPage
{
  Xep174AvahiLedger *ledger;  /* not owned */
  GHashTable        *records; /* gint64, made of what tells a record from another; GSIZE: its cost */
};

Xep174AvahiPage *
xep174_avahi_page_new (Xep174AvahiLedger *ledger)
{
  Xep174AvahiPage *self = g_new (Xep174AvahiPage, 1);

  self->ledger = ledger;
  self->records = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  return self;
}

void
xep174_avahi_page_free (Xep174AvahiPage *self)
{
  GHashTableIter iter;
  gpointer cost;

  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, &cost))
    self->ledger->octets -= GPOINTER_TO_SIZE (cost);
  g_hash_table_unref (self->records);
  g_free (self);
}

/* FNV-1a. */
static guint64
mix (guint64       hash,
     const guint8 *octets,
     gsize         size)
{
  for (gsize i = 0; i < size; i++)
    hash = (hash ^ octets[i]) * G_GUINT64_CONSTANT (0x100000001b3);

  return hash;
}

static gint64
fingerprint (const Xep174MdnsRecord *record)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  hash = mix (hash, (const guint8 *) &record->interface, sizeof record->interface);
  hash = mix (hash, (const guint8 *) &record->protocol, sizeof record->protocol);
  hash = mix (hash, (const guint8 *) record->owner, strlen (record->owner) + 1);

  return mix (hash, record->rdata, record->size);
}

gboolean
xep174_avahi_page_add (Xep174AvahiPage        *self,
                       const Xep174MdnsRecord *record)
{
  gint64 key = fingerprint (record);
  gsize cost = XEP174_AVAHI_RECORD_COST + strlen (record->owner) + record->size;

  if (g_hash_table_contains (self->records, &key))
    return TRUE;
  if (self->ledger->octets + cost > XEP174_AVAHI_LEDGER_MAX)
    return FALSE;

  self->ledger->octets += cost;
  g_hash_table_insert (self->records, g_memdup2 (&key, sizeof key), GSIZE_TO_POINTER (cost));

  return TRUE;
}

gboolean
xep174_avahi_page_remove (Xep174AvahiPage        *self,
                          const Xep174MdnsRecord *record)
{
  gint64 key = fingerprint (record);

  self->ledger->octets -= GPOINTER_TO_SIZE (g_hash_table_lookup (self->records, &key));

  return g_hash_table_remove (self->records, &key);
}
