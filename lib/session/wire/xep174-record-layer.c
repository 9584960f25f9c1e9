/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-record-layer-private.h"

/* So much is sealed at a time: what is, can no longer be taken back. */
#define TEXT_MAX (64 * 1024)

/* A buffer that a burst has blown up is given back, for the next one of any stream. */
#define RECORDS_KEEP 4096

Xep174RecordLayer *
xep174_record_layer_new (Xep174Tls     *tls,
                         Xep174Network *network,
                         const char    *clear,
                         gsize          length)
{
  Xep174RecordLayer *self = g_new0 (Xep174RecordLayer, 1);

  self->tls = tls;
  self->network = network;
  self->records = g_string_new_len (clear, length);
  self->text = length;
  return self;
}

void
xep174_record_layer_free (Xep174RecordLayer *self)
{
  xep174_tls_free (self->tls);
  g_string_free (self->records, TRUE);
  g_free (self);
}

/* The records are empty. */
static void
give_room (Xep174RecordLayer *self)
{
  xep174_network_give_scratch (self->network, self->records);
  self->records = g_string_new (NULL);
}

static void
make_room (Xep174RecordLayer *self,
           gsize              room)
{
  g_string_free (self->records, TRUE);
  self->records = xep174_network_take_scratch (self->network, room);
}

gboolean
xep174_record_layer_fill (Xep174RecordLayer  *self,
                          const char         *text,
                          gsize               length,
                          GError            **error)
{
  if (self->records->len > 0)
    return TRUE;
  if (!self->open || length == 0)
    {
      if (self->records->allocated_len > RECORDS_KEEP)
        give_room (self);
      return FALSE;
    }

  self->text = MIN (length, TEXT_MAX);
  if (self->text > RECORDS_KEEP && self->records->allocated_len < self->text)
    make_room (self, self->text + self->text / 64);
  return xep174_tls_send (self->tls, text, self->text, self->records, error);
}

gsize
xep174_record_layer_sent (Xep174RecordLayer *self,
                          gsize              n)
{
  gsize text;

  g_string_erase (self->records, 0, n);
  if (self->records->len > 0)
    return 0;

  text = self->text;
  self->text = 0;
  return text;
}
