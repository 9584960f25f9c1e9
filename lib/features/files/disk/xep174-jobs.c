/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-jobs-private.h"

struct _Xep174Jobs
{
  GMainContext *context;
  GQueue waiting; /* of Xep174Job */
  gboolean busy;
  gboolean held;
  gboolean freed;
};

static void begin_next (Xep174Jobs *self);

Xep174Jobs *
xep174_jobs_new (GMainContext *context)
{
  Xep174Jobs *self = g_new0 (Xep174Jobs, 1);

  self->context = g_main_context_ref (context);
  g_queue_init (&self->waiting);

  return self;
}

void
xep174_jobs_free (Xep174Jobs *self)
{
  self->freed = TRUE;
  if (self->busy)
    return;

  g_main_context_unref (self->context);
  g_free (self);
}

Xep174Job *
xep174_job_new (gpointer   owner,
                void     (*run)  (Xep174Job *job),
                void     (*done) (Xep174Job *job))
{
  Xep174Job *job = g_new0 (Xep174Job, 1);

  job->run = run;
  job->done = done;
  job->owner = g_object_ref (owner);

  return job;
}

static void
job_free (Xep174Job *job)
{
  g_clear_object (&job->task);
  g_clear_object (&job->file);
  g_clear_pointer (&job->stanza, xep174_element_unref);
  g_clear_pointer (&job->octets, g_bytes_unref);
  g_clear_error (&job->error);
  g_free (job->text);
  /* It may have the queue, and then frees it. */
  g_object_unref (job->owner);
  g_free (job);
}

static void
run (GTask        *task,
     gpointer      source,
     gpointer      data,
     GCancellable *cancellable)
{
  Xep174Job *job = data;

  if (job->run != NULL)
    job->run (job);
  g_task_return_boolean (task, TRUE);
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  Xep174Jobs *self = data;
  Xep174Job *job = g_task_get_task_data (G_TASK (result));

  if (job->done != NULL)
    job->done (job);
  job_free (job);

  self->busy = FALSE;
  begin_next (self);
}

static void
begin_next (Xep174Jobs *self)
{
  Xep174Job *job = self->busy || self->held ? NULL : g_queue_pop_head (&self->waiting);

  if (job != NULL)
    {
      g_autoptr(GTask) task = NULL;
      gboolean own = g_main_context_get_thread_default () != self->context;

      self->busy = TRUE;
      if (own)
        g_main_context_push_thread_default (self->context);
      task = g_task_new (NULL, NULL, on_done, self);
      if (own)
        g_main_context_pop_thread_default (self->context);
      g_task_set_task_data (task, job, NULL);
      g_task_run_in_thread (task, run);
    }
  else if (!self->busy && self->freed)
    xep174_jobs_free (self);
}

void
xep174_jobs_hold (Xep174Jobs *self)
{
  self->held = TRUE;
}

void
xep174_jobs_release (Xep174Jobs *self)
{
  self->held = FALSE;
  begin_next (self);
}

void
xep174_jobs_add (Xep174Jobs *self,
                 Xep174Job  *job)
{
  g_queue_push_tail (&self->waiting, job);
  begin_next (self);
}
