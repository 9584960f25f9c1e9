/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a transfer leaves for the next run of the program, and what that makes of it. */

#include "xep174-transfer-private.h"

#include <unistd.h>

#include "xep174-gettext-private.h"

/* Those that were begun after the record was written, and before the program ended. */
#define MORE_ATTEMPTS 100

/* --- Keeping --------------------------------------------------------------------------------- */

static void
run_keep (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;
  Xep174TransferRecord *record = job->data;

  record->lock = self->lock;
  xep174_transfer_record_write (record, self->around->folder, &job->error);
  self->lock = record->lock;
  record->lock = -1;
}

static void
on_kept (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (job->error != NULL)
    g_debug ("File %s will not go on after a restart: %s", self->local_id, job->error->message);
  xep174_transfer_record_free (job->data);
}

/* A stream of the program's is not there any more after a restart. */
static char *
dup_place (Xep174Transfer *self)
{
  if (xep174_transfer_sends (self))
    return g_file_get_uri (self->file);

  return self->folder != NULL ? g_file_get_path (self->folder) : NULL;
}

void
xep174_transfer_keep (Xep174Transfer *self)
{
  gboolean goes_on = self->around->folder != NULL && !xep174_transfer_is_si (self);
  char *place = goes_on ? dup_place (self) : NULL;
  Xep174TransferRecord *record;
  Xep174Job *job;

  if (place == NULL)
    return;

  record = g_new0 (Xep174TransferRecord, 1);
  record->local_id = g_strdup (self->local_id);
  record->contact = g_strdup (self->contact);
  record->id = g_strdup (self->id);
  record->attempt = self->attempt;
  record->role = self->fsm.role;
  record->phase = self->fsm.state;
  record->info.name = g_strdup (self->info.name);
  record->info.media_type = g_strdup (self->info.media_type);
  record->info.size = self->info.size;
  record->place = place;
  record->changed = self->changed;
  record->lock = -1;

  job = xep174_job_new (self, run_keep, on_kept);
  job->data = record;
  xep174_jobs_add (self->jobs, job);
}

static void
run_unlock (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

void
xep174_transfer_unlock (Xep174Transfer *self)
{
  xep174_jobs_add (self->jobs, xep174_job_new (self, run_unlock, NULL));
}

static void
run_forget (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (self->lock < 0)
    return;

  xep174_transfer_record_remove (self->around->folder, self->local_id);
  run_unlock (job);
}

void
xep174_transfer_forget_record (Xep174Transfer *self)
{
  if (self->around->folder != NULL)
    xep174_jobs_add (self->jobs, xep174_job_new (self, run_forget, NULL));
}

/* --- Going on -------------------------------------------------------------------------------- */

static void
open_source (Xep174Transfer  *self,
             GError         **error)
{
  g_auto(Xep174FileInfo) info = { 0 };

  self->source = xep174_file_source_open (self->file, &info, error);
  if (self->source == NULL
      || (info.size == self->info.size && xep174_file_source_get_changed (self->source) == self->changed))
    return;

  g_clear_pointer (&self->source, xep174_file_source_free);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _("The file was changed after it was offered. Send it again"));
}

static void
run_open (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (xep174_transfer_sends (self))
    open_source (self, &job->error);
  else if (self->fsm.state != XEP174_TRANSFER_DONE)
    self->sink = xep174_file_sink_resume (g_file_peek_path (self->folder), self->local_id, self->info.size,
                                          &job->error);
}

static void
on_opened (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (self->sink != NULL)
    self->fsm.done = xep174_file_sink_get_done (self->sink);
  self->paused = FALSE;
  if (job->error != NULL)
    {
      xep174_transfer_note_error (self, g_steal_pointer (&job->error));
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LOCAL_FAILED, 0);
    }
  self->loop (self);
}

Xep174Transfer *
xep174_transfer_restore (Xep174TransferAround *around,
                         Xep174TransferRecord *record)
{
  Xep174Transfer *self = xep174_transfer_new (around, record->contact, record->id, record->role,
                                              &record->info);

  g_free (self->local_id);
  self->local_id = g_strdup (record->local_id);
  self->lock = record->lock;
  record->lock = -1;
  self->changed = record->changed;
  xep174_transfer_begin_attempt (self, record->attempt);
  if (xep174_transfer_sends (self))
    {
      self->attempt += MORE_ATTEMPTS;
      self->file = g_file_new_for_uri (record->place);
    }
  else
    self->folder = g_file_new_for_path (record->place);
  xep174_transfer_fsm_restore (&self->fsm, record->phase,
                               record->phase == XEP174_TRANSFER_DONE ? self->info.size : 0);
  xep174_transfer_show (self);

  return self;
}

void
xep174_transfer_reopen (Xep174Transfer *self)
{
  self->paused = TRUE;
  xep174_jobs_add (self->jobs, xep174_job_new (self, run_open, on_opened));
}
