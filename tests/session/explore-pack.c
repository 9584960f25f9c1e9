/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A world as few octets as possible: what follows from the rest is left out.  Whole words are written, for
 * this is half of what an exploration does. */

#include "explore-ours.h"

#include <string.h>

typedef struct
{
  guint8 *bytes;
  guint   n;
  guint64 pending;
  guint   n_pending; /* bits */
} Writer;

typedef struct
{
  const guint8 *bytes;
  guint64       pending;
  guint         n_pending;
} Reader;

static void
put_word (Writer *writer)
{
  guint32 word = writer->pending;

  memcpy (writer->bytes + writer->n, &word, sizeof word);
  writer->n += sizeof word;
}

static inline void
put (Writer  *writer,
     guint    n_bits,
     guint    value)
{
  g_assert (value >> n_bits == 0);

  writer->pending |= (guint64) value << writer->n_pending;
  writer->n_pending += n_bits;
  if (writer->n_pending >= 32)
    {
      put_word (writer);
      writer->pending >>= 32;
      writer->n_pending -= 32;
    }
}

static inline guint
get (Reader *reader,
     guint   n_bits)
{
  guint value;

  if (reader->n_pending < n_bits)
    {
      guint32 word;

      memcpy (&word, reader->bytes, sizeof word);
      reader->bytes += sizeof word;
      reader->pending |= (guint64) word << reader->n_pending;
      reader->n_pending += 32;
    }

  value = reader->pending & ((1u << n_bits) - 1);
  reader->pending >>= n_bits;
  reader->n_pending -= n_bits;

  return value;
}

static guint
length (guint64 nibbles)
{
  guint n = 0;

  for (; nibbles != 0; nibbles >>= 4)
    n++;

  return n;
}

static void
put_nibbles (Writer  *writer,
             guint64  nibbles)
{
  guint n = length (nibbles);

  put (writer, 5, n);
  for (guint i = 0; i < n; i++)
    put (writer, 4, (nibbles >> (4 * i)) & 0xf);
}

static guint64
get_nibbles (Reader *reader)
{
  guint n = get (reader, 5);
  guint64 nibbles = 0;

  for (guint i = 0; i < n; i++)
    nibbles |= (guint64) get (reader, 4) << (4 * i);

  return nibbles;
}

static void
put_units (Writer       *writer,
           const guint8 *units)
{
  guint n = 0;

  while (n < MAX_UNITS && units[n] != UNIT_NONE)
    n++;

  put (writer, 5, n);
  for (guint i = 0; i < n; i++)
    put (writer, 6, units[i]);
}

static void
get_units (Reader *reader,
           guint8 *units)
{
  guint n = get (reader, 5);

  for (guint i = 0; i < n; i++)
    units[i] = get (reader, 6);
}

static void
put_arbiter (Writer              *writer,
             const Xep174Arbiter *arbiter)
{
  put (writer, 1, arbiter->backoff);
  put (writer, 3, arbiter->retries);
  put (writer, 2, MIN (arbiter->crossings, 2));
  put (writer, 1, arbiter->courtesy_over);
  put (writer, 1, arbiter->hopeless);
  put (writer, 1, arbiter->stopping);
  put (writer, XEP174_ARBITER_N_SLOTS, arbiter->heard);
  put (writer, XEP174_ARBITER_N_SLOTS, arbiter->resumable);
  put (writer, 2, arbiter->kept);
  put (writer, 1, arbiter->aside);
  put (writer, XEP174_N_TIMERS - XEP174_TIMER_HOLD, arbiter->timers >> XEP174_TIMER_HOLD);

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    {
      const Xep174Stream *stream = &arbiter->slots[i];

      put (writer, 1, stream->state != XEP174_STREAM_CLOSED);
      if (stream->state == XEP174_STREAM_CLOSED)
        continue;
      put (writer, 5, stream->state);
      put (writer, 1, stream->blocked);
      put (writer, 14, stream->flags);
      put (writer, 2, stream->key);
      put (writer, XEP174_TIMER_HOLD, arbiter->stream_timers[i]);
    }
}

static void
get_arbiter (Reader        *reader,
             Xep174Arbiter *arbiter)
{
  arbiter->backoff = get (reader, 1);
  arbiter->retries = get (reader, 3);
  arbiter->crossings = get (reader, 2);
  arbiter->courtesy_over = get (reader, 1);
  arbiter->hopeless = get (reader, 1);
  arbiter->stopping = get (reader, 1);
  arbiter->heard = get (reader, XEP174_ARBITER_N_SLOTS);
  arbiter->resumable = get (reader, XEP174_ARBITER_N_SLOTS);
  arbiter->kept = get (reader, 2);
  arbiter->aside = get (reader, 1);
  arbiter->timers = get (reader, XEP174_N_TIMERS - XEP174_TIMER_HOLD) << XEP174_TIMER_HOLD;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (get (reader, 1))
      {
        arbiter->slots[i].state = get (reader, 5);
        arbiter->slots[i].blocked = get (reader, 1);
        arbiter->slots[i].flags = get (reader, 14);
        arbiter->slots[i].key = get (reader, 2);
        arbiter->stream_timers[i] = get (reader, XEP174_TIMER_HOLD);
      }
}

static void
put_conn (Writer     *writer,
          const Conn *conn)
{
  gboolean used = conn->end[0] != END_NONE || conn->end[1] != END_NONE;

  put (writer, 1, used);
  if (!used)
    return;

  put (writer, 1, conn->dialler);
  put (writer, 1, conn->syn);
  put (writer, 1, conn->hole);
  put (writer, 1, conn->broken);
  put (writer, 1, conn->heard);
  put (writer, 1, conn->soft);
  put (writer, 2, conn->said);
  put (writer, 1, conn->mute[0]);
  put (writer, 1, conn->mute[1]);
  put (writer, 1, conn->fin[0]);
  put (writer, 1, conn->fin[1]);
  put (writer, XEP174_ARBITER_N_SLOTS, conn->since);
  put (writer, 3, conn->id);
  for (guint side = 0; side < 2; side++)
    {
      put (writer, 1, conn->acks[side]);
      put (writer, MAX_MESSAGES, conn->sent[side]);
      put (writer, 4, conn->end[side]);
      put (writer, 2, conn->tls[side]);
      put_units (writer, conn->queue[side]);
    }
}

static void
get_conn (Reader *reader,
          Conn   *conn)
{
  if (!get (reader, 1))
    return;

  conn->dialler = get (reader, 1);
  conn->syn = get (reader, 1);
  conn->hole = get (reader, 1);
  conn->broken = get (reader, 1);
  conn->heard = get (reader, 1);
  conn->soft = get (reader, 1);
  conn->said = get (reader, 2);
  conn->mute[0] = get (reader, 1);
  conn->mute[1] = get (reader, 1);
  conn->fin[0] = get (reader, 1);
  conn->fin[1] = get (reader, 1);
  conn->since = get (reader, XEP174_ARBITER_N_SLOTS);
  conn->id = get (reader, 3);
  for (guint side = 0; side < 2; side++)
    {
      conn->acks[side] = get (reader, 1);
      conn->sent[side] = get (reader, MAX_MESSAGES);
      conn->end[side] = get (reader, 4);
      conn->tls[side] = get (reader, 2);
      get_units (reader, conn->queue[side]);
    }
}

guint
world_pack (const World  *world,
            const Config *config,
            guint8        bytes[WORLD_PACKED_MAX])
{
  Writer writer = { bytes, 0 };

  put (&writer, 3, world->faults);
  put (&writer, 3, world->early);
  put (&writer, 1, world->spoiled);
  put (&writer, 1, world->crossed);
  put (&writer, 1, world->due[0]);
  put (&writer, 1, world->due[1]);

  for (guint i = 0; i < 2; i++)
    {
      const Side *side = &world->sides[i];

      put_nibbles (&writer, side->queue);
      put (&writer, 4, side->issued);
      put (&writer, 3, side->numbered);
      put (&writer, 3, side->heard);
      put (&writer, MAX_MESSAGES, side->delivered);
      put (&writer, MAX_MESSAGES, side->excused);
      put (&writer, MAX_MESSAGES, side->failed);
      put (&writer, 3, side->conv);
      put (&writer, 4, side->record);
      put (&writer, 3, side->kept_id);
      put (&writer, MAX_MESSAGES, side->kept);
      put (&writer, MAX_MESSAGES, side->again);
      if (config->kinds[i] == KIND_OURS)
        put_arbiter (&writer, &side->arbiter);
    }

  for (guint i = 0; i < N_CONNS; i++)
    put_conn (&writer, &world->conns[i]);

  put_word (&writer);

  return writer.n;
}

/* The inputs of the arbiter follow from the world. */
static void
bring_up_to_date (World        *world,
                  const Config *config,
                  guint         index)
{
  Side *side = &world->sides[index];

  side->arbiter.head = ours_head (side);
  side->arbiter.others = ours_has_others (side, config);
  side->arbiter.encrypts = ours_encrypts (config, index);
  side->arbiter.sealed = ours_is_sealed (world, config, index);
  for (guint i = 0; i < N_CONNS && !config->no_courtesy; i++)
    if (world->conns[i].end[index] == END_ANON || world->conns[i].end[index] == END_ANSWERED)
      side->arbiter.anon++;
}

void
world_unpack (World        *world,
              const Config *config,
              const guint8 *bytes)
{
  Reader reader = { bytes, 0 };

  world_init (world, config);
  world->faults = get (&reader, 3);
  world->early = get (&reader, 3);
  world->spoiled = get (&reader, 1);
  world->crossed = get (&reader, 1);
  world->due[0] = get (&reader, 1);
  world->due[1] = get (&reader, 1);

  for (guint i = 0; i < 2; i++)
    {
      Side *side = &world->sides[i];

      side->queue = get_nibbles (&reader);
      side->issued = get (&reader, 4);
      side->numbered = get (&reader, 3);
      side->heard = get (&reader, 3);
      side->delivered = get (&reader, MAX_MESSAGES);
      side->excused = get (&reader, MAX_MESSAGES);
      side->failed = get (&reader, MAX_MESSAGES);
      side->conv = get (&reader, 3);
      side->record = get (&reader, 4);
      side->kept_id = get (&reader, 3);
      side->kept = get (&reader, MAX_MESSAGES);
      side->again = get (&reader, MAX_MESSAGES);
      if (config->kinds[i] == KIND_OURS)
        get_arbiter (&reader, &side->arbiter);
    }

  for (guint i = 0; i < N_CONNS; i++)
    get_conn (&reader, &world->conns[i]);

  for (guint i = 0; i < 2; i++)
    if (config->kinds[i] == KIND_OURS)
      bring_up_to_date (world, config, i);
}
