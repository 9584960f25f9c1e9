/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was asked and is not answered yet (RFC 6120 §8.2.3): by us, and by the contact of a feature. */

#include "xep174-session-private.h"

#include <string.h>

#include "xep174-element-private.h"
#include "xep174-gettext-private.h"
#include "xep174-refusal-private.h"

/* How long we wait for an answer once the question has gone out. */
#define ANSWER_MS 30000

/* X8: what the contact can make us remember. */
#define MAX_QUESTIONS 1024
#define MAX_ID_OCTETS 1023

struct _Xep174Request
{
  Xep174Session *session;
  char *id;
  GTask *task;          /* NULL once it is done */
  gboolean sent;        /* or it cannot be sent */
  guint serial;         /* of the stream that it was written to last; 0 before */
  Xep174Cancel *cancel;
  Xep174Alarm alarm;
};

/* --- By us --------------------------------------------------------------------------------- */

static void
request_free (Xep174Request *request)
{
  g_object_unref (request->session);
  g_free (request->id);
  g_free (request);
}

/* Nothing is heard of it any more; the task is to be told. Who sends it may still do so. */
static GTask *
request_end (Xep174Request *request)
{
  GTask *task = g_steal_pointer (&request->task);

  xep174_alarm_clear (&request->alarm, request->session->network->clock);
  g_clear_pointer (&request->cancel, xep174_cancel_free);
  g_hash_table_remove (request->session->requests, request->id);
  if (request->sent)
    request_free (request);
  return task;
}

static void
request_fail (Xep174Request *request,
              GError        *error)
{
  g_autoptr(GTask) task = request_end (request);

  g_task_return_error (task, error);
}

/* No answer can come any more. With what is kept of a stream another may go on (A2). */
static gboolean
is_lost (Xep174Request *request)
{
  Xep174Session *self = request->session;
  gboolean kept = self->kept_state != NULL && self->kept_state->serial == request->serial;

  return self->around == NULL
         || (request->serial != 0 && !kept && xep174_session_find_slot (self, request->serial) == NULL);
}

static GError *
closed_error (Xep174Session *self)
{
  return g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED,
                      _("The conversation with “%s” ended before there was an answer"), self->name);
}

static void
on_late (gpointer data)
{
  Xep174Request *request = data;

  request_fail (request, g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_TIMED_OUT,
                                      _("The program of “%s” does not answer; try again later"),
                                      request->session->name));
}

static void
on_request_cancelled (gpointer data)
{
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (
    xep174_cancel_get_cancellable (((Xep174Request *) data)->cancel), &error);
  request_fail (data, error);
}

Xep174Request *
xep174_session_note_request (Xep174Session *self,
                             const char    *id,
                             GTask         *task)
{
  Xep174Request *request;

  if (self->requests == NULL)
    self->requests = g_hash_table_new (g_str_hash, g_str_equal);
  if (g_hash_table_contains (self->requests, id))
    return NULL;

  request = g_new0 (Xep174Request, 1);
  request->session = g_object_ref (self);
  request->id = g_strdup (id);
  request->task = g_object_ref (task);
  g_hash_table_insert (self->requests, request->id, request);
  return request;
}

void
xep174_request_note_sent (Xep174Request *request,
                          GCancellable  *cancellable,
                          GError        *error)
{
  Xep174Network *network = request->session->network;

  request->sent = TRUE;
  /* The answer may be quicker than the news that the question is with the socket. */
  if (request->task == NULL)
    {
      request_free (request);
      g_clear_error (&error);
      return;
    }
  /* Nobody will answer on a stream that has ended before this was told. */
  if (error == NULL && is_lost (request))
    error = closed_error (request->session);
  if (error != NULL)
    {
      request_fail (request, error);
      return;
    }
  xep174_alarm_set (&request->alarm, network->clock, ANSWER_MS, on_late, request);
  if (cancellable != NULL)
    request->cancel = xep174_cancel_new (xep174_poller_get_canceller (network->poller), cancellable,
                                         on_request_cancelled, request);
}

void
xep174_session_note_asked (Xep174Session *self,
                           Xep174Element *stanza,
                           guint          serial)
{
  const char *id = xep174_element_get_attribute (stanza, "id");
  Xep174Request *request;

  if (self->requests == NULL || id == NULL || !xep174_element_matches (stanza, "iq", NULL))
    return;

  request = g_hash_table_lookup (self->requests, id);
  if (request != NULL)
    request->serial = serial;
}

gboolean
xep174_session_wants_answer (Xep174Session *self,
                             Xep174Element *stanza)
{
  const char *id;

  if (self->requests == NULL || !xep174_element_is_answer (stanza))
    return FALSE;

  id = xep174_element_get_attribute (stanza, "id");
  return id != NULL && g_hash_table_contains (self->requests, id);
}

void
xep174_session_take_answer (Xep174Session *self,
                            Xep174Element *stanza)
{
  Xep174Request *request = g_hash_table_lookup (self->requests,
                                                xep174_element_get_attribute (stanza, "id"));
  g_autoptr(GTask) task = request_end (request);
  GError *refusal = xep174_refusal_new_from_element (stanza);

  if (refusal != NULL)
    g_task_return_error (task, refusal);
  else
    g_task_return_pointer (task, xep174_element_ref (stanza), (GDestroyNotify) xep174_element_unref);
}

/* --- By the contact ------------------------------------------------------------------------ */

gboolean
xep174_session_is_swamped (Xep174Session *self)
{
  return self->questions != NULL && g_hash_table_size (self->questions) >= MAX_QUESTIONS;
}

gboolean
xep174_session_note_question (Xep174Session *self,
                              const char    *id)
{
  if (id == NULL || strlen (id) > MAX_ID_OCTETS || xep174_session_is_swamped (self))
    return FALSE;
  if (self->questions == NULL)
    self->questions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return g_hash_table_add (self->questions, g_strdup (id));
}

gboolean
xep174_session_take_question (Xep174Session *self,
                              const char    *id)
{
  return id != NULL && self->questions != NULL && g_hash_table_remove (self->questions, id);
}

/* --- The end ------------------------------------------------------------------------------- */

/* What has not gone out yet fails as what it is, a stanza in the queue. */
static Xep174Request *
find_sent (Xep174Session *self,
           gboolean       lost)
{
  GHashTableIter iter;
  gpointer request;

  if (self->requests == NULL)
    return NULL;

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, NULL, &request))
    if (((Xep174Request *) request)->sent && (!lost || is_lost (request)))
      return request;

  return NULL;
}

void
xep174_session_end_questions (Xep174Session *self)
{
  Xep174Request *request;

  g_clear_pointer (&self->questions, g_hash_table_unref);
  while ((request = find_sent (self, FALSE)) != NULL)
    request_fail (request, closed_error (self));
}

void
xep174_session_end_lost (Xep174Session *self)
{
  Xep174Request *request;

  while ((request = find_sent (self, TRUE)) != NULL)
    request_fail (request, closed_error (self));
}

void
xep174_session_move_asked (Xep174Session *self,
                           guint          from,
                           guint          to)
{
  GHashTableIter iter;
  gpointer request;

  if (self->requests == NULL)
    return;

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, NULL, &request))
    if (((Xep174Request *) request)->serial == from)
      ((Xep174Request *) request)->serial = to;
}
