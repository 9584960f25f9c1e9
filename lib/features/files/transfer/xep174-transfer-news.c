/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What has happened to a transfer, until its loop takes it. */

#include "xep174-transfer-private.h"

gboolean
xep174_transfer_is_cancelled_next (Xep174Transfer *self)
{
  const Xep174TransferNews *first = g_queue_peek_head (&self->news);

  return first != NULL && first->what == XEP174_TRANSFER_EVENT_CANCEL;
}

/* A person does not wait for what waits for a disk; and nobody is answered out of a file that is not
 * there. */
static GList *
find_place (Xep174Transfer *self,
            guint           what)
{
  if (what == XEP174_TRANSFER_EVENT_CANCEL)
    return self->news.head;
  if (what != XEP174_TRANSFER_EVENT_LOCAL_FAILED)
    return NULL;

  return xep174_transfer_is_cancelled_next (self) ? self->news.head->next : self->news.head;
}

gboolean
xep174_transfer_is_busy (Xep174Transfer *self)
{
  return self->news.length >= XEP174_TRANSFER_MAX_NEWS;
}

/* Octets that nothing stands between are told at once: they come faster than a disk writes a record, and what
 * the contact says has the room. */
static gboolean
add_to_last (Xep174Transfer           *self,
             const Xep174TransferNews *news)
{
  Xep174TransferNews *last = g_queue_peek_tail (&self->news);

  if (last == NULL || last->what != XEP174_TRANSFER_NEWS_OCTETS || news->what != XEP174_TRANSFER_NEWS_OCTETS)
    return FALSE;

  last->number += news->number;
  return TRUE;
}

static void
post (Xep174Transfer     *self,
      Xep174TransferNews  news)
{
  if (!add_to_last (self, &news))
    g_queue_insert_before (&self->news, find_place (self, news.what), g_memdup2 (&news, sizeof news));
  self->loop (self);
}

void
xep174_transfer_post (Xep174Transfer *self,
                      guint           what,
                      guint64         number)
{
  post (self, (Xep174TransferNews) { .what = what, .number = number });
}

void
xep174_transfer_post_candidate (Xep174Transfer          *self,
                                gboolean                 ours,
                                Xep174TransferCandidate  candidate,
                                guint32                  priority)
{
  post (self, (Xep174TransferNews) { XEP174_TRANSFER_NEWS_CANDIDATE, ours, candidate, priority });
}

void
xep174_transfer_note_error (Xep174Transfer *self,
                            GError         *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}
