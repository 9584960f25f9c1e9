/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was on its way when the program ended. */

#include "xep174-files-private.h"

static void
hear_early (Xep174Files *self)
{
  Xep174FilesEarly *early;

  self->restoring = FALSE;
  while ((early = g_queue_pop_head (&self->early)) != NULL)
    {
      if (self->around != NULL)
        xep174_files_handle (self, early->contact, early->stanza, early->payload);
      xep174_files_early_free (early);
    }
}

/* What has ended is remembered as far as it would be if we had run all the time. */
static gboolean
is_useless (Xep174Files          *self,
            Xep174Transfer       *transfer,
            Xep174TransferRecord *record)
{
  return record->over || transfer->fsm.state == XEP174_TRANSFER_NEW
         || (!xep174_transfer_sends (transfer) && xep174_transfer_fsm_has_ended (&transfer->fsm)
             && !xep174_files_make_room (self, transfer->contact));
}

static void
go_on (Xep174Files          *self,
       Xep174TransferRecord *record)
{
  g_autoptr(Xep174Transfer) transfer = xep174_transfer_restore (self->around, record);

  if (is_useless (self, transfer, record))
    {
      transfer->loop = xep174_transfer_run;
      xep174_transfer_discard (transfer);
      xep174_transfer_forget_record (transfer);
      return;
    }

  xep174_files_know (self, transfer);
  /* Of what is done nobody has to be told but the sender, if it asks. */
  if (!xep174_transfer_fsm_has_ended (&transfer->fsm))
    xep174_files_list (self, transfer);
  /* Whoever was told may have ended the use of us. */
  if (!xep174_transfer_is_in_use (transfer))
    return;

  xep174_transfer_reopen (transfer);
  if (record->old)
    xep174_transfer_post (transfer, XEP174_TRANSFER_EVENT_TIMEOUT,
                          xep174_transfer_fsm_timer (&transfer->fsm));
  else if (xep174_transfer_around_is_open (self->around, transfer->contact))
    xep174_transfer_post (transfer, XEP174_TRANSFER_EVENT_LINK_BACK, 0);
  else if (xep174_transfer_sends (transfer))
    xep174_links_mend (self->links, transfer->contact, FALSE);
}

typedef struct
{
  char *folder;
  gboolean missed;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *self = data;

  g_free (self->folder);
  g_free (self);
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Xep174Files *self = (Xep174Files *) source;
  Xep174TransferAround *around = data;
  g_autoptr(GPtrArray) records = g_task_propagate_pointer (G_TASK (result), NULL);
  Listing *listing = g_task_get_task_data (G_TASK (result));

  self->missed = listing->missed;
  for (guint i = 0; i < records->len && self->around == around; i++)
    go_on (self, records->pdata[i]);
  hear_early (self);
  xep174_transfer_around_unref (around);
}

/* Of who receives, the part tells better than the record. */
static void
measure (gpointer data,
         gpointer nothing)
{
  Xep174TransferRecord *record = data;

  if (record->role == XEP174_TRANSFER_RECEIVER && !record->info.is_folder)
    record->done = xep174_file_sink_measure (record->place, record->local_id);
}

static void
run_list (GTask        *task,
          gpointer      source,
          gpointer      data,
          GCancellable *cancellable)
{
  Listing *listing = data;
  GPtrArray *records = xep174_transfer_record_list (listing->folder, &listing->missed);

  g_ptr_array_foreach (records, measure, NULL);
  g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
}

void
xep174_files_restore (Xep174Files *self)
{
  g_autoptr(GTask) task = NULL;
  Listing *listing;

  if (self->folder == NULL)
    return;

  self->restoring = TRUE;
  listing = g_new0 (Listing, 1);
  listing->folder = g_strdup (self->folder);
  task = xep174_transfer_around_task (self->around, self, NULL, on_listed,
                                      xep174_transfer_around_ref (self->around));
  g_task_set_task_data (task, listing, listing_free);
  g_task_run_in_thread (task, run_list);
}
