/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-element.h"

G_BEGIN_DECLS

/* What waits for a disk: one job after the other, each in a thread, and then what follows from it where the
 * queue was made. */

typedef struct _Xep174Jobs Xep174Jobs;
typedef struct _Xep174Job Xep174Job;

struct _Xep174Job
{
  /* In a thread; it sets @error, or what comes of it. %NULL if it is enough that those before are done. */
  void   (*run)  (Xep174Job *job);
  void   (*done) (Xep174Job *job); /* %NULL if nobody asks; the job is freed behind it */
  gpointer owner;                  /* (owned): a #GObject */
  GTask   *task;                   /* (owned) (nullable): whose call it is */
  GBytes  *octets;                 /* (owned) (nullable) */
  GFile   *file;                   /* (owned) (nullable) */
  Xep174Element *stanza;           /* (owned) (nullable) */
  char    *text;                   /* (owned) (nullable) */
  gpointer data;                   /* whoever is called last frees it */
  guint64  number;
  gboolean right;
  GError  *error;
};

Xep174Jobs *xep174_jobs_new   (GMainContext *context);
/* What was added is still done. */
void        xep174_jobs_free  (Xep174Jobs *self);

Xep174Job  *xep174_job_new    (gpointer     owner,
                               void       (*run)  (Xep174Job *job),
                               void       (*done) (Xep174Job *job));
/* Nothing is begun until it is released: somebody else has the file. */
void        xep174_jobs_hold  (Xep174Jobs *self);
void        xep174_jobs_release (Xep174Jobs *self);
/* Takes @job. */
void        xep174_jobs_add   (Xep174Jobs *self,
                               Xep174Job  *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Jobs, xep174_jobs_free)

G_END_DECLS
