/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Octets beside the conversation (XEP-0260): how they find their way, and what moves them. */

#include "xep174-transfer-private.h"

/* --- Finding one ----------------------------------------------------------------------------- */

static void
on_dialled (const char *cid,
            guint32     priority,
            gpointer    data)
{
  Xep174Transfer *self = data;

  if (xep174_transfer_is_si (self))
    xep174_transfer_say_used (self, cid);
  else
    xep174_transfer_say_candidate (self, cid);
  xep174_transfer_post_candidate (self, TRUE, cid != NULL ? XEP174_TRANSFER_CANDIDATE_USED
                                                          : XEP174_TRANSFER_CANDIDATE_NONE, priority);
}

static const Xep174BytestreamEvents stream_events = { .dialled = on_dialled };

/* Another program that sends waits by itself, and the name of its stream can be guessed: libpurple counts. */
static gboolean
may_come (Xep174Transfer  *self,
          GError         **error)
{
  return self->fsm.role == XEP174_TRANSFER_SI_RECEIVER || xep174_bytestream_expect (self->stream, error);
}

void
xep174_transfer_expect (Xep174Transfer *self)
{
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->stream, xep174_bytestream_free);
  g_clear_pointer (&self->used, g_free);
  if (self->around->streams != NULL)
    self->stream = xep174_bytestream_new (self->around->streams, self->contact, self->sid, &stream_events,
                                          self, &error);
  if (self->stream != NULL && !may_come (self, &error))
    g_clear_pointer (&self->stream, xep174_bytestream_free);
  if (error != NULL)
    g_debug ("File %s goes inside of the conversation: %s", self->local_id, error->message);
}

void
xep174_transfer_dial (Xep174Transfer *self)
{
  if (self->stream != NULL && self->theirs != NULL && self->theirs->len > 0)
    xep174_bytestream_dial (self->stream, self->theirs);
  else
    on_dialled (NULL, 0, self);
}

gboolean
xep174_transfer_find_candidate (Xep174Transfer *self,
                                const char     *cid,
                                guint32        *priority)
{
  GPtrArray *candidates = self->stream != NULL ? xep174_bytestream_get_candidates (self->stream) : NULL;

  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    {
      const Xep174JingleCandidate *candidate = candidates->pdata[i];

      if (g_strcmp0 (candidate->cid, cid) == 0)
        {
          *priority = candidate->priority;
          return TRUE;
        }
    }

  return FALSE;
}

/* --- Moving octets --------------------------------------------------------------------------- */

static void
lose (Xep174Transfer *self,
      GError         *error)
{
  g_clear_error (&self->way_error);
  self->way_error = error;
  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_PATH_LOST, 0);
}

static void
on_progress (guint64  done,
             gpointer data)
{
  Xep174Transfer *self = data;
  guint64 more = done - self->pumped;

  if (self->paused)
    return;

  self->pumped = done;
  xep174_transfer_post (self, XEP174_TRANSFER_NEWS_OCTETS, more);
}

/* The file is ours again. What was written behind the last news counts, too. */
static void
take_back (Xep174Transfer *self,
           Xep174Pump     *pump)
{
  const guint8 *hash = xep174_pump_get_hash (pump);

  if (xep174_transfer_sends (self))
    {
      if (hash != NULL)
        {
          memcpy (self->info.sha256, hash, XEP174_SHA256_LENGTH);
          self->info.hashed = TRUE;
        }
      return;
    }

  self->sink = xep174_pump_take_sink (pump);
  if (self->fsm.state == XEP174_TRANSFER_RESTING)
    self->fsm.done = xep174_file_sink_get_done (self->sink);
  xep174_jobs_release (self->jobs);
}

static void
tell_end (Xep174Transfer *self,
          gboolean        local,
          const GError   *error)
{
  if (error == NULL)
    {
      /* Towards others the end of the connection is all that is said. */
      if (self->fsm.role == XEP174_TRANSFER_SI_SENDER)
        xep174_transfer_post (self, XEP174_TRANSFER_EVENT_PATH_LOST, 0);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    xep174_transfer_post (self, XEP174_TRANSFER_NEWS_OCTETS, self->info.size + 1);
  else if (local)
    {
      xep174_transfer_note_error (self, g_error_copy (error));
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LOCAL_FAILED, 0);
    }
  else
    lose (self, g_error_copy (error));
}

static void
on_ended (const GError *error,
          gpointer      data)
{
  Xep174Transfer *self = data;
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) held = g_object_ref (self);
  g_autoptr(Xep174Pump) pump = g_steal_pointer (&self->pump);
  gboolean stopped = self->paused;

  take_back (self, pump);
  xep174_transfer_note_done (self, TRUE);
  self->paused = FALSE;
  if (!stopped)
    tell_end (self, xep174_pump_is_local (pump), error);
  else
    self->loop (self);
  if (self->owes_checksum && self->fsm.state == XEP174_TRANSFER_CHECKING)
    xep174_transfer_say_checksum (self);
}

static const Xep174PumpEvents pump_events = { on_progress, on_ended };

static void
begin_sending (Xep174Transfer *self,
               Xep174Pipe     *pipe)
{
  g_autoptr(GError) error = NULL;
  Xep174FileSource *source = xep174_file_source_dup (self->source, &error);

  if (source == NULL)
    {
      xep174_pipe_free (pipe);
      xep174_transfer_note_error (self, g_steal_pointer (&error));
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LOCAL_FAILED, 0);
      return;
    }

  self->pump = xep174_pump_send (pipe, source, self->fsm.done, self->info.size, &pump_events, self);
}

/* What was written before is on the disk. */
static void
begin_receiving (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;
  Xep174Pipe *pipe = job->data;

  if (job->number != self->generation)
    {
      xep174_pipe_free (pipe);
      return;
    }

  xep174_jobs_hold (self->jobs);
  self->pump = xep174_pump_receive (pipe, g_steal_pointer (&self->sink), self->info.size, &pump_events, self);
}

static Xep174Pipe *
take_pipe (Xep174Transfer  *self,
           GError         **error)
{
  gboolean ours = xep174_transfer_fsm_path (&self->fsm) == XEP174_TRANSFER_PATH_OURS;

  if (xep174_transfer_is_oob (self))
    return xep174_transfer_take_fetched (self);

  return self->stream != NULL ? xep174_bytestream_take (self->stream, ours, self->used, error) : NULL;
}

static void
note_own_end (Xep174Transfer *self,
              Xep174Pipe     *pipe)
{
  g_autoptr(GSocketAddress) own = g_socket_connection_get_local_address (pipe->connection, NULL);

  g_clear_object (&self->own_end);
  if (G_IS_INET_SOCKET_ADDRESS (own))
    self->own_end = g_object_ref (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (own)));
}

void
xep174_transfer_begin_pump (Xep174Transfer *self)
{
  GError *error = NULL;
  Xep174Pipe *pipe = take_pipe (self, &error);
  Xep174Job *job;

  g_clear_pointer (&self->stream, xep174_bytestream_free);
  if (pipe == NULL)
    {
      lose (self, error);
      return;
    }

  self->pumped = self->fsm.done;
  note_own_end (self, pipe);
  if (xep174_transfer_sends (self))
    {
      begin_sending (self, pipe);
      return;
    }

  job = xep174_job_new (self, NULL, begin_receiving);
  job->data = pipe;
  job->number = self->generation;
  xep174_jobs_add (self->jobs, job);
}

/* Who receives gets the file back first. */
void
xep174_transfer_end_way (Xep174Transfer *self)
{
  g_clear_pointer (&self->stream, xep174_bytestream_free);
  if (self->oob != NULL)
    {
      g_clear_pointer (&self->oob->places, xep174_places_free);
      g_clear_pointer (&self->oob->fetch, xep174_fetch_free);
    }
  if (self->pump == NULL)
    return;

  if (xep174_transfer_sends (self))
    {
      self->owes_checksum = FALSE;
      g_clear_pointer (&self->pump, xep174_pump_free);
    }
  else
    {
      self->paused = TRUE;
      xep174_pump_stop (self->pump);
    }
}
