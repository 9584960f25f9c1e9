/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files, each in a thread: the main loop never waits for a disk. */

#include "xep174-transfer-private.h"

#include "xep174-gettext-private.h"

static void
fail (Xep174Transfer *self,
      GError        **error)
{
  xep174_transfer_note_error (self, g_steal_pointer (error));
  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LOCAL_FAILED, 0);
}

/* --- Of who sends ---------------------------------------------------------------------------- */

static void
run_hash (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;
  guint8 sha256[XEP174_SHA256_LENGTH];

  job->right = xep174_file_source_hash (self->source, sha256, &job->error);
  if (job->right)
    job->octets = g_bytes_new (sha256, sizeof sha256);
}

static void
say_hash (Xep174Transfer *self,
          const guint8   *sha256)
{
  memcpy (self->info.sha256, sha256, XEP174_SHA256_LENGTH);
  self->info.hashed = TRUE;
  xep174_transfer_say (self, XEP174_TRANSFER_DO_SEND_CHECKSUM);
}

static void
on_hashed (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (job->number != self->attempt || self->fsm.state != XEP174_TRANSFER_CHECKING)
    return;
  if (!job->right)
    {
      fail (self, &job->error);
      return;
    }

  say_hash (self, g_bytes_get_data (job->octets, NULL));
}

/* Of a file that was sent in one go the pump finds it; it may be about to. */
void
xep174_transfer_say_checksum (Xep174Transfer *self)
{
  Xep174Job *job;

  self->owes_checksum = self->pump != NULL;
  if (self->owes_checksum)
    return;
  if (self->info.hashed)
    {
      say_hash (self, self->info.sha256);
      return;
    }

  job = xep174_job_new (self, run_hash, on_hashed);
  job->number = self->attempt;
  xep174_jobs_add (self->jobs, job);
}

/* --- Of who receives ------------------------------------------------------------------------- */

static void
run_write (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;
  gsize length;
  gconstpointer octets = g_bytes_get_data (job->octets, &length);

  job->right = xep174_file_sink_write (self->sink, octets, length, NULL, &job->error);
}

static void
on_written (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  self->band.unwritten -= g_bytes_get_size (job->octets);
  xep174_transfer_around_answer (self->around, self->contact, job->stanza,
                                 job->right ? NULL : "internal-server-error", NULL);
  if (!job->right)
    fail (self, &job->error);
}

void
xep174_transfer_write (Xep174Transfer *self,
                       GBytes         *octets,
                       Xep174Element  *iq)
{
  Xep174Job *job = xep174_job_new (self, run_write, on_written);

  self->band.unwritten += g_bytes_get_size (octets);
  job->octets = g_bytes_ref (octets);
  job->stanza = xep174_element_ref (iq);
  xep174_jobs_add (self->jobs, job);
}

/* The name is given only to what is right. The record has the hash before: so it is found under its name,
 * whenever the program ends. */
static void
run_verify (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;
  guint8 found[XEP174_SHA256_LENGTH];

  job->right = !xep174_file_sink_hash (self->sink, found, &job->error) || job->octets == NULL
               || memcmp (g_bytes_get_data (job->octets, NULL), found, sizeof found) == 0;
  if (job->right && job->error == NULL && job->data != NULL)
    xep174_transfer_write_record (self, g_steal_pointer (&job->data));
  if (job->right && job->error == NULL)
    job->text = xep174_file_sink_finish (self->sink, self->info.name, &job->error);
  if (job->text != NULL)
    job->file = xep174_transfer_find_file (self);
}

static void
on_verified (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  g_clear_pointer ((Xep174TransferRecord **) &job->data, xep174_transfer_record_free);
  /* Somebody has cancelled meanwhile, and then it is discarded. */
  if (self->fsm.state != XEP174_TRANSFER_VERIFYING)
    return;
  if (!job->right)
    {
      xep174_transfer_note_error (self, g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_CORRUPTED,
                                                     _("What has come is not what “%s” has sent. "
                                                       "Ask for it once more"), self->contact));
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_HASH_WRONG, 0);
    }
  else if (job->text == NULL)
    fail (self, &job->error);
  else
    {
      if (self->info.hashed)
        xep174_transfer_set_sha256 (self, self->info.sha256);
      xep174_transfer_set_file (self, job->file);
      xep174_transfer_post (self, self->info.hashed ? XEP174_TRANSFER_EVENT_HASH_RIGHT
                                                      : XEP174_TRANSFER_EVENT_HASH_NONE, 0);
    }
}

void
xep174_transfer_verify (Xep174Transfer *self)
{
  Xep174Job *job = xep174_job_new (self, run_verify, on_verified);

  if (self->info.hashed)
    {
      job->octets = g_bytes_new (self->info.sha256, XEP174_SHA256_LENGTH);
      job->data = xep174_transfer_make_record (self, self->folder);
    }
  xep174_jobs_add (self->jobs, job);
}

static void
run_discard (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (self->sink != NULL)
    xep174_file_sink_discard (self->sink);
  else if (!xep174_transfer_sends (self) && self->folder != NULL)
    xep174_file_sink_remove (g_file_peek_path (self->folder), self->local_id, &self->info);
  g_clear_pointer (&self->sink, xep174_file_sink_free);
  g_clear_pointer (&self->source, xep174_file_source_free);
}

void
xep174_transfer_discard (Xep174Transfer *self)
{
  if (!xep174_transfer_sends (self))
    xep174_transfer_set_file (self, NULL);
  xep174_jobs_add (self->jobs, xep174_job_new (self, run_discard, NULL));
}
