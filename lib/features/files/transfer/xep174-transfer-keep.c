/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a transfer leaves for the next run of the program, and what that makes of it. */

#include "xep174-transfer-private.h"

#include <unistd.h>

#include "xep174-gettext-private.h"
#include "xep174-part-private.h"

/* Those that were begun and could not be written down. */
#define MORE_ATTEMPTS 100
/* How often in a transfer it is noted how much is over. */
#define NOTES 8

/* --- Keeping --------------------------------------------------------------------------------- */

static void
run_keep (Xep174Job *job)
{
  xep174_transfer_write_record (job->owner, job->data);
}

static void
end_call (Xep174Transfer *self,
          GTask          *call)
{
  if (xep174_transfer_sends (self))
    g_task_return_pointer (call, g_object_ref (self), g_object_unref);
  else
    g_task_return_boolean (call, TRUE);
}

void
xep174_transfer_end_call (Xep174Transfer *self,
                          GTask          *call)
{
  if (self->keeping)
    self->call = g_object_ref (call);
  else
    end_call (self, call);
}

static void
on_kept (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;
  g_autoptr(GTask) call = g_steal_pointer (&self->call);

  self->keeping = FALSE;
  self->loop (self);
  if (call != NULL)
    end_call (self, call);
}

/* A stream of the program's is not there any more after a restart. */
static char *
dup_place (Xep174Transfer *self,
           GFile          *folder)
{
  if (self->fsm.role == XEP174_TRANSFER_SENDER)
    return g_file_get_uri (self->file);

  return folder != NULL ? g_file_get_path (folder) : NULL;
}

Xep174TransferRecord *
xep174_transfer_make_record (Xep174Transfer *self,
                             GFile          *folder)
{
  char *place = self->around->folder != NULL ? dup_place (self, folder) : NULL;
  Xep174TransferRecord *record;

  if (place == NULL)
    return NULL;

  self->kept = TRUE;
  record = g_new0 (Xep174TransferRecord, 1);
  record->local_id = g_strdup (self->local_id);
  record->contact = g_strdup (self->contact);
  record->id = g_strdup (self->id);
  record->attempt = self->attempt;
  record->time = g_date_time_to_unix (self->time) * G_USEC_PER_SEC + g_date_time_get_microsecond (self->time);
  record->role = self->fsm.role;
  record->phase = self->fsm.state;
  record->info.name = g_strdup (self->info.name);
  record->info.media_type = g_strdup (self->info.media_type);
  record->info.size = self->info.size;
  record->info.is_folder = self->info.is_folder;
  record->info.n_files = self->info.n_files;
  record->info.manifest = self->info.manifest;
  record->info.hashed = self->info.hashed;
  memcpy (record->info.sha256, self->info.sha256, XEP174_SHA256_LENGTH);
  record->done = self->noted = self->fsm.done;
  record->place = place;
  record->changed = self->changed;
  record->lock = -1;

  return record;
}

void
xep174_transfer_write_record (Xep174Transfer       *self,
                              Xep174TransferRecord *record)
{
  g_autoptr(GError) error = NULL;

  record->lock = self->lock;
  if (xep174_transfer_record_write (record, self->around->folder, &error))
    self->pending = record->phase != XEP174_TRANSFER_DONE;
  else
    g_debug ("File %s will not go on after a restart: %s", self->local_id, error->message);
  self->lock = record->lock;
  self->recorded |= self->lock >= 0;
  record->lock = -1;
  xep174_transfer_record_free (record);
}

static gboolean
write_later (Xep174Transfer *self,
             void          (*done) (Xep174Job *job))
{
  Xep174TransferRecord *record = xep174_transfer_make_record (self, self->folder);
  Xep174Job *job;

  if (record == NULL)
    return FALSE;

  job = xep174_job_new (self, run_keep, done);
  job->data = record;
  xep174_jobs_add (self->jobs, job);

  return TRUE;
}

gboolean
xep174_transfer_keep (Xep174Transfer *self)
{
  if (!write_later (self, on_kept))
    return FALSE;

  self->keeping = TRUE;

  return TRUE;
}

/* Nothing waits for it. What was cut off at once was noted not long ago; who receives has the part. When the
 * feature is not in use any more the record is the next one's. */
void
xep174_transfer_note_done (Xep174Transfer *self,
                           gboolean        now)
{
  gboolean rests = self->fsm.state == XEP174_TRANSFER_RESTING || self->fsm.state == XEP174_TRANSFER_AWAY;
  gboolean is_time = self->state == XEP174_TRANSFER_STATE_MOVING && xep174_transfer_sends (self)
                     && (self->noted == 0 || self->fsm.done - self->noted >= self->info.size / NOTES);

  if (self->kept && xep174_transfer_is_in_use (self) && self->fsm.done != self->noted
      && (now ? rests : is_time))
    write_later (self, NULL);
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

/* What is done is found by its part as long as the record does not say so. */
static void
run_close (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (self->sink != NULL && !self->pending)
    xep174_file_sink_settle (self->sink);
  g_clear_pointer (&self->sink, xep174_file_sink_free);
  g_clear_pointer (&self->source, xep174_file_source_free);
  run_unlock (job);
}

void
xep174_transfer_close (Xep174Transfer *self)
{
  xep174_jobs_add (self->jobs, xep174_job_new (self, run_close, NULL));
}

static void
run_forget (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  xep174_transfer_record_remove (self->around->folder, self->local_id);
  self->recorded = FALSE;
  run_unlock (job);
}

void
xep174_transfer_end_record (Xep174Transfer *self)
{
  if (self->kept)
    xep174_transfer_record_end (self->around->folder, self->local_id);
}

void
xep174_transfer_forget_record (Xep174Transfer *self)
{
  if (!self->kept)
    return;

  xep174_transfer_end_record (self);
  xep174_jobs_add (self->jobs, xep174_job_new (self, run_forget, NULL));
}

/* --- Going on -------------------------------------------------------------------------------- */

static void
open_source (Xep174Transfer  *self,
             guint64         *n_left_out,
             GError         **error)
{
  g_auto(Xep174FileInfo) info = { 0 };

  self->source = xep174_file_source_open (self->file, &info, error);
  *n_left_out = info.n_left_out;
  if (self->source == NULL
      || (info.size == self->info.size && info.is_folder == self->info.is_folder
          && xep174_file_source_get_changed (self->source) == self->changed))
    return;

  g_clear_pointer (&self->source, xep174_file_source_free);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       self->info.is_folder ? _("The folder was changed after it was offered. Send it again")
                                            : _("The file was changed after it was offered. Send it again"));
}

/* What came is in a folder that somebody may have moved meanwhile. */
GFile *
xep174_transfer_find_file (Xep174Transfer *self)
{
  g_autofree char *path = self->folder != NULL && self->sink != NULL
                          ? xep174_file_sink_dup_path (self->sink, g_file_peek_path (self->folder)) : NULL;

  return path != NULL ? g_file_new_for_path (path) : NULL;
}

/* Whoever has moved the folder learns what is left in it: nobody looks for it elsewhere. */
static void
explain_missing (const char  *folder,
                 const char  *id,
                 GError     **error)
{
  g_autofree char *shown = g_filename_display_name (folder);
  g_autofree char *part = xep174_part_dup_name (id);

  g_clear_error (error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               /* Translators: a folder, and the hidden file or folder in it that was on its way */
               _("“%s”, where it should go, is not there any more. Let it be sent again. If you "
                 "have moved that folder, remove “%s” from it"), shown, part);
}

/* What was compared may have got its name, and nobody was told; or all were told, and something is left. */
static void
open_sink (Xep174Transfer  *self,
           GError         **error)
{
  const char *folder = g_file_peek_path (self->folder);

  if (self->fsm.state == XEP174_TRANSFER_DONE)
    xep174_file_sink_remove (folder, self->local_id, &self->info);
  else
    self->sink = xep174_file_sink_resume (folder, self->local_id, &self->info, error);
  if (*error != NULL && !g_file_test (folder, G_FILE_TEST_EXISTS))
    explain_missing (folder, self->local_id, error);
}

static void
run_open (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (xep174_transfer_sends (self) && !xep174_transfer_fsm_has_ended (&self->fsm))
    open_source (self, &job->number, &job->error);
  else if (!xep174_transfer_sends (self))
    open_sink (self, &job->error);
  job->file = xep174_transfer_sends (self) ? NULL : xep174_transfer_find_file (self);
}

static void
take_placed (Xep174Transfer *self,
             GFile          *file)
{
  xep174_transfer_set_file (self, file);
  xep174_transfer_set_sha256 (self, self->info.sha256);
  xep174_transfer_fsm_restore (&self->fsm, XEP174_TRANSFER_DONE, self->info.size);
  xep174_transfer_keep (self);
  xep174_transfer_show (self);
}

static void
on_opened (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  /* The next one finds it as well. */
  if (!xep174_transfer_is_in_use (self))
    return;
  if (self->sink != NULL)
    self->fsm.done = xep174_file_sink_get_done (self->sink);
  self->shown_ms = 0;
  xep174_transfer_show (self);
  xep174_transfer_set_left_out (self, job->number);
  if (self->sink != NULL && xep174_file_sink_get_placed (self->sink) != NULL)
    take_placed (self, job->file);
  self->paused = FALSE;
  if (job->error != NULL)
    {
      xep174_transfer_note_error (self, g_steal_pointer (&job->error));
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LOCAL_FAILED, 0);
    }
  if (xep174_transfer_fsm_has_ended (&self->fsm))
    xep174_transfer_close (self);
  self->loop (self);
}

/* 0 if the record has none. */
static void
restore_time (Xep174Transfer *self,
              gint64          time)
{
  g_autoptr(GDateTime) second = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  if (time == 0 || second == NULL)
    return;

  g_date_time_unref (self->time);
  self->time = g_date_time_add (second, time % G_USEC_PER_SEC);
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
  self->kept = self->recorded = self->pending = TRUE;
  record->lock = -1;
  self->changed = record->changed;
  restore_time (self, record->time);
  xep174_transfer_begin_attempt (self, record->attempt);
  if (xep174_transfer_sends (self))
    {
      self->attempt += MORE_ATTEMPTS;
      self->file = g_file_new_for_uri (record->place);
    }
  else
    self->folder = g_file_new_for_path (record->place);
  xep174_transfer_fsm_restore (&self->fsm, record->phase,
                               record->phase == XEP174_TRANSFER_DONE ? self->info.size : record->done);
  xep174_transfer_show (self);

  return self;
}

void
xep174_transfer_reopen (Xep174Transfer *self)
{
  self->paused = TRUE;
  xep174_jobs_add (self->jobs, xep174_job_new (self, run_open, on_opened));
}
