/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program says of a file. */

#include "xep174-transfer-private.h"

#include "xep174-gettext-private.h"

/* --- Accepting ------------------------------------------------------------------------------- */

static gboolean
check_offered (Xep174Transfer  *self,
               GError         **error)
{
  if (xep174_transfer_is_in_use (self) && !xep174_transfer_sends (self)
      && self->fsm.state == XEP174_TRANSFER_ASKED && !self->accepting)
    return TRUE;

  g_set_error_literal (error, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_INVALID_STATE,
                       _("Only what is offered, and was not answered yet, can be accepted"));
  return FALSE;
}

/* Contacts that break off what was accepted must not take all descriptors of the program. */
static gboolean
check_open (Xep174Transfer  *self,
            GError         **error)
{
  if (self->around->files == NULL || self->around->may_open (self->around->files))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES,
                       _("Too many files are on their way. Accept it when one of them has ended, or cancel "
                         "one"));
  return FALSE;
}

static void
accept (Xep174Transfer *self,
        Xep174FileSink *sink)
{
  self->sink = sink;
  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_ACCEPT, 0);
}

typedef struct
{
  Xep174TransferRecord *record; /* (nullable) */
  Xep174FileSink *sink;
} Opened;

/* Whenever the program ends from now on, the next one knows where there is a part of it. */
static void
run_open (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;
  Opened *opened = g_task_get_task_data (job->task);

  if (opened->record != NULL)
    xep174_transfer_write_record (self, g_steal_pointer (&opened->record));
  opened->sink = xep174_file_sink_create (g_file_peek_path (job->file), self->local_id, &self->info,
                                          &job->error);
}

static void
on_opened (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;
  Opened *opened = g_task_get_task_data (job->task);
  Xep174FileSink *sink = g_steal_pointer (&opened->sink);

  self->accepting = FALSE;
  if (sink != NULL
      && !g_cancellable_set_error_if_cancelled (g_task_get_cancellable (job->task), &job->error)
      && check_offered (self, &job->error))
    {
      g_task_set_check_cancellable (job->task, FALSE);
      xep174_transfer_set_folder (self, job->file);
      accept (self, sink);
      xep174_transfer_end_call (self, job->task);
      return;
    }

  if (sink != NULL)
    {
      xep174_file_sink_discard (sink);
      xep174_file_sink_free (sink);
    }
  xep174_transfer_forget_record (self);
  g_task_return_error (job->task, g_steal_pointer (&job->error));
}

static void
opened_free (gpointer data)
{
  Opened *opened = data;

  g_clear_pointer (&opened->record, xep174_transfer_record_free);
  g_clear_pointer (&opened->sink, xep174_file_sink_free);
  g_free (opened);
}

/**
 * xep174_transfer_accept_async:
 * @self: a transfer
 * @folder: a folder on this machine
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when the contact is told, or there is no room
 * @user_data: data for @callback
 *
 * Accepts a file or folder that a contact offers. It is written to @folder under a hidden name that ends
 * in `.part`. When it is whole, and right, it is called [property@Transfer:name], or that with a number if
 * there is something of that name already; see [property@Transfer:file].
 *
 * Room for it is asked for first. If there is none the offer stays, so that a person can choose another
 * folder. It stays, too, if so many files are on their way to this program that it cannot open more: 160.
 *
 * What is accepted when @callback is called goes on after a restart of the program, if
 * [property@Files:folder] is set.
 *
 * Since: 1.0
 */
void
xep174_transfer_accept_async (Xep174Transfer      *self,
                              GFile               *folder,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;
  Opened *opened;
  Xep174Job *job;

  g_return_if_fail (XEP174_IS_TRANSFER (self));
  g_return_if_fail (G_IS_FILE (folder));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = xep174_transfer_around_task (self->around, self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_transfer_accept_async);
  if (g_file_peek_path (folder) == NULL)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _("What comes can only be kept in a folder of this machine"));
  if (error != NULL || !check_offered (self, &error) || !check_open (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  self->accepting = TRUE;
  opened = g_new0 (Opened, 1);
  opened->record = xep174_transfer_make_record (self, folder);
  g_task_set_task_data (task, opened, opened_free);
  job = xep174_job_new (self, run_open, on_opened);
  job->task = g_steal_pointer (&task);
  job->file = g_object_ref (folder);
  xep174_jobs_add (self->jobs, job);
}

/**
 * xep174_transfer_accept_finish:
 * @self: a transfer
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Transfer.accept_async].
 *
 * Returns: %TRUE if it is accepted; else %FALSE with an error of `G_IO_ERROR` if it cannot be
 *   written (%G_IO_ERROR_TOO_MANY_OPEN_FILES if too many are on their way), or with
 *   %XEP174_TRANSFER_ERROR_INVALID_STATE if it is not offered (any more)
 *
 * Since: 1.0
 */
gboolean
xep174_transfer_accept_finish (Xep174Transfer  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, xep174_transfer_accept_async), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xep174_transfer_accept_into:
 * @self: a transfer
 * @stream: where the octets go to
 * @error: return location for an error
 *
 * Accepts a file that a contact offers, and writes its octets to a stream as they come, in a thread. The
 * stream is closed when all are there.
 *
 * Before [property@Transfer:state] is %XEP174_TRANSFER_STATE_DONE it is not known whether they are
 * right. Such a transfer does not go on after a restart of the program.
 *
 * Returns: %TRUE, or %FALSE with %XEP174_TRANSFER_ERROR_INVALID_STATE if it is not offered (any more), or
 *   with %XEP174_TRANSFER_ERROR_NOT_SUPPORTED if it is a folder
 *
 * Since: 1.0
 */
gboolean
xep174_transfer_accept_into (Xep174Transfer  *self,
                             GOutputStream   *stream,
                             GError         **error)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!check_offered (self, error))
    return FALSE;
  if (self->info.is_folder)
    {
      g_set_error_literal (error, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_NOT_SUPPORTED,
                           _("A folder cannot go to a stream. Accept it into a folder"));
      return FALSE;
    }

  accept (self, xep174_file_sink_new (xep174_output_writer_new (stream, self->info.size)));

  return TRUE;
}

/* --- Not wanting ----------------------------------------------------------------------------- */

/**
 * xep174_transfer_decline:
 * @self: a transfer
 *
 * Tells the contact that the file or folder is not wanted. It does nothing if it is not offered (any
 * more).
 *
 * Since: 1.0
 */
void
xep174_transfer_decline (Xep174Transfer *self)
{
  g_return_if_fail (XEP174_IS_TRANSFER (self));

  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_DECLINE, 0);
}

/**
 * xep174_transfer_cancel:
 * @self: a transfer
 *
 * Ends the transfer, and removes what has come. The contact is told. It does nothing if the
 * transfer has ended.
 *
 * Since: 1.0
 */
void
xep174_transfer_cancel (Xep174Transfer *self)
{
  g_return_if_fail (XEP174_IS_TRANSFER (self));

  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_CANCEL, 0);
}
