/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Octets inside of the conversation (XEP-0261, XEP-0047), when there is no other way. A few blocks are
 * on their way at a time: what people say meanwhile has not long to wait, and nobody has more to
 * remember. */

#include "xep174-transfer-private.h"

#include "xep174-ibb-private.h"

/* In base64, and with what is around it, no stanza that somebody might find too long (RFC 6120 §13.12). */
#define BLOCK_SIZE 6144
#define MAX_UNANSWERED 12
#define CHUNK (MAX_UNANSWERED * BLOCK_SIZE)
/* Of who does not wait for answers, when the disk is slower than the conversation. */
#define MAX_UNWRITTEN (1024 * 1024)

typedef struct
{
  Xep174Transfer *transfer;
  guint generation;
  guint length; /* of the block; 0 if it was the opening */
} Saying;

static void send_blocks (Xep174Transfer *self);

static void
lose (Xep174Transfer *self)
{
  self->band.open = FALSE;
  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_PATH_LOST, 0);
}

/* --- Sending --------------------------------------------------------------------------------- */

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autofree Saying *saying = data;
  g_autoptr(Xep174Transfer) self = saying->transfer;
  g_autoptr(Xep174Element) answer = NULL;

  if (source != NULL)
    answer = xep174_feature_host_request_finish (XEP174_FEATURE_HOST (source), result, NULL);
  if (saying->generation != self->generation)
    return;

  if (answer == NULL)
    lose (self);
  else if (saying->length == 0)
    {
      self->band.open = TRUE;
      send_blocks (self);
    }
  else
    {
      self->band.unanswered--;
      xep174_transfer_post (self, XEP174_TRANSFER_NEWS_OCTETS, saying->length);
      if (saying->generation == self->generation)
        send_blocks (self);
    }
}

static void
say (Xep174Transfer *self,
     Xep174Ibb      *ibb,
     guint           length)
{
  g_autoptr(Xep174Element) element = NULL;
  Saying *saying = g_new0 (Saying, 1);

  ibb->sid = self->band.sid;
  element = xep174_ibb_to_element (ibb);
  saying->transfer = g_object_ref (self);
  saying->generation = self->generation;
  saying->length = length;
  xep174_transfer_around_ask (self->around, self->contact, element, on_answered, saying);
}

static void
run_read (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  g_autofree guint8 *octets = g_malloc (CHUNK);
  gssize n = xep174_file_source_read (self->source, job->number, octets, CHUNK, &job->error);

  if (n > 0)
    job->octets = g_bytes_new_take (g_steal_pointer (&octets), n);
}

static void
on_read (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;
  gsize length = job->octets != NULL ? g_bytes_get_size (job->octets) : 0;

  if (job->text == NULL || g_ascii_strtoull (job->text, NULL, 10) != self->generation)
    return;
  self->band.reading = FALSE;
  if (job->octets == NULL)
    {
      xep174_transfer_note_error (self, g_steal_pointer (&job->error));
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LOCAL_FAILED, 0);
      return;
    }

  self->band.asked = job->number + length;
  for (gsize offset = 0; offset < length; offset += self->band.block_size)
    g_queue_push_tail (&self->band.blocks,
                       g_bytes_new_from_bytes (job->octets, offset,
                                               MIN (self->band.block_size, length - offset)));
  send_blocks (self);
}

static void
read_more (Xep174Transfer *self)
{
  Xep174Job *job = xep174_job_new (self, run_read, on_read);

  self->band.reading = TRUE;
  job->number = self->band.asked;
  job->text = g_strdup_printf ("%u", self->generation);
  xep174_jobs_add (self->jobs, job);
}

static void
send_blocks (Xep174Transfer *self)
{
  guint generation = self->generation;

  while (self->band.unanswered < MAX_UNANSWERED && !g_queue_is_empty (&self->band.blocks)
         && generation == self->generation)
    {
      g_autoptr(GBytes) octets = g_queue_pop_head (&self->band.blocks);
      Xep174Ibb ibb = { XEP174_IBB_DATA, .seq = self->band.seq++, .octets = octets };

      self->band.unanswered++;
      say (self, &ibb, g_bytes_get_size (octets));
    }
  if (g_queue_is_empty (&self->band.blocks) && !self->band.reading && self->band.asked < self->info.size)
    read_more (self);
}

/* --- Receiving ------------------------------------------------------------------------------- */

static const char *
take_block (Xep174Transfer *self,
            Xep174Ibb      *ibb,
            Xep174Element  *iq)
{
  gsize length = g_bytes_get_size (ibb->octets);

  if (!self->band.open || self->fsm.state != XEP174_TRANSFER_IN_BAND || xep174_transfer_sends (self))
    return "item-not-found";
  /* XEP-0047 §2.2: whoever leaves a block out, or says one twice, has lost count. */
  if (ibb->seq != self->band.seq || length > self->band.block_size
      || self->band.unwritten + length > MAX_UNWRITTEN)
    {
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LIE_CAME, 0);
      return "unexpected-request";
    }

  self->band.seq++;
  if (length > self->info.size - self->fsm.done)
    {
      xep174_transfer_post (self, XEP174_TRANSFER_NEWS_OCTETS, length);
      return "not-acceptable";
    }
  xep174_transfer_write (self, ibb->octets, iq);
  xep174_transfer_post (self, XEP174_TRANSFER_NEWS_OCTETS, length);

  return NULL;
}

static const char *
take_open (Xep174Transfer *self,
           Xep174Ibb      *ibb)
{
  if (self->fsm.state != XEP174_TRANSFER_IN_BAND || xep174_transfer_sends (self) || self->band.open)
    return "not-acceptable";
  if (ibb->block_size > self->band.block_size)
    return "resource-constraint";

  self->band.open = TRUE;
  self->band.block_size = ibb->block_size;
  self->band.seq = 0;

  return NULL;
}

void
xep174_transfer_hear_band (Xep174Transfer *self,
                           Xep174Element  *iq,
                           Xep174Element  *payload)
{
  g_auto(Xep174Ibb) ibb = { 0 };
  const char *condition = NULL;
  const char *why;

  if (!xep174_ibb_read (&ibb, payload, &why))
    condition = "bad-request";
  else if (ibb.word == XEP174_IBB_OPEN)
    condition = take_open (self, &ibb);
  else if (ibb.word == XEP174_IBB_DATA)
    {
      condition = take_block (self, &ibb, iq);
      if (condition == NULL)
        return; /* It is answered when it is written. */
    }
  else if (self->band.open)
    lose (self);

  xep174_transfer_around_answer (self->around, self->contact, iq, condition, NULL);
}

/* --- Both ------------------------------------------------------------------------------------ */

void
xep174_transfer_propose_band (Xep174Transfer *self,
                              const char     *sid,
                              guint           block_size)
{
  g_autofree char *own = sid == NULL ? g_uuid_string_random () : g_strdup (sid);

  g_free (self->band.sid);
  self->band.sid = g_steal_pointer (&own);
  self->band.block_size = block_size > 0 ? MIN (block_size, BLOCK_SIZE) : BLOCK_SIZE;
}

void
xep174_transfer_begin_band (Xep174Transfer *self)
{
  Xep174Ibb ibb = { XEP174_IBB_OPEN, .block_size = self->band.block_size };

  self->band.seq = 0;
  self->band.asked = self->fsm.done;
  if (xep174_transfer_sends (self))
    say (self, &ibb, 0);
}

void
xep174_transfer_end_band (Xep174Transfer *self)
{
  if (self->band.open && xep174_transfer_around_is_open (self->around, self->contact))
    {
      Xep174Ibb ibb = { XEP174_IBB_CLOSE };

      say (self, &ibb, 0);
    }
  self->band.open = FALSE;
  self->band.reading = FALSE;
  self->band.unanswered = 0;
  g_queue_clear_full (&self->band.blocks, (GDestroyNotify) g_bytes_unref);
}
