/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file that is fetched from where it is offered (XEP-0066). It goes in the clear, so only what may go so
 * does. */

#include "xep174-transfer-private.h"

#include "xep174-gettext-private.h"
#include "xep174-session-manager-private.h"
#include "xep174-session-private.h"

gboolean
xep174_transfer_is_oob (Xep174Transfer *self)
{
  return self->fsm.role == XEP174_TRANSFER_OOB_RECEIVER;
}

/* T5: a contact whose key is known, or whose conversation is encrypted, gives nothing in the clear. */
gboolean
xep174_transfer_around_may_be_clear (Xep174TransferAround  *around,
                                     const char            *contact,
                                     GError               **error)
{
  Xep174Session *session = xep174_session_manager_find_session (around->manager, contact);
  g_autoptr(GError) seal = NULL;

  xep174_keyring_look (&around->manager->around.keyring, contact, &seal);
  if (seal == NULL && (session == NULL || !xep174_session_is_encrypted (session)))
    return TRUE;

  g_set_error (error, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_NOT_SUPPORTED,
               _("What you say to “%s” is encrypted, and the file would not be. It was not fetched"),
               contact);

  return FALSE;
}

/* --- What is said ---------------------------------------------------------------------------- */

static Xep174OobAnswer
answer_for (guint word)
{
  switch (word)
    {
    case XEP174_TRANSFER_DO_SEND_RECEIVED: return XEP174_OOB_TAKEN;
    case XEP174_TRANSFER_DO_SEND_FAILED:   return XEP174_OOB_MISSING;
    default:                               return XEP174_OOB_NOT_WANTED;
    }
}

void
xep174_transfer_around_answer_oob (Xep174TransferAround *around,
                                   const char           *contact,
                                   const char           *id,
                                   Xep174OobAnswer       answer)
{
  g_autoptr(Xep174Element) iq = NULL;

  if (around->manager == NULL || id == NULL)
    return;

  iq = xep174_oob_new_answer (id, answer);
  xep174_feature_host_send_async (XEP174_FEATURE_HOST (around->manager), contact, iq, NULL, NULL, NULL);
}

/* The answer to an iq belongs to the stream of the question (RFC 6120 §8.2.3). In a conversation that has
 * begun since then the id would mean something else, and XEP-0066 §2 has no other word: nothing is said. */
void
xep174_transfer_say_oob (Xep174Transfer   *self,
                         Xep174TransferDo  word)
{
  xep174_transfer_around_answer_oob (self->around, self->contact, self->question, answer_for (word));
  g_clear_pointer (&self->question, g_free);
}

/* --- Fetching -------------------------------------------------------------------------------- */

/* Takes @error. */
static void
give_up (Xep174Transfer *self,
         GError         *error)
{
  xep174_transfer_note_error (self, error);
  xep174_transfer_post_candidate (self, TRUE, XEP174_TRANSFER_CANDIDATE_NONE, 0);
}

static void
run_expect (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  xep174_file_sink_expect (self->sink, self->info.size, &job->error);
}

static void
on_expected (Xep174Job *job)
{
  Xep174Transfer *self = job->owner;

  if (job->number != self->generation)
    return;
  if (job->error != NULL)
    give_up (self, g_steal_pointer (&job->error));
  else
    xep174_transfer_post_candidate (self, TRUE, XEP174_TRANSFER_CANDIDATE_USED, 0);
}

/* Nobody knew how much it is. There must be room for it. */
static void
learn_size (Xep174Transfer   *self,
            const Xep174Http *reply)
{
  Xep174Job *job;

  if (!reply->measured)
    give_up (self, g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_NOT_SUPPORTED,
                                _("The program of “%s” does not say how large the file is"), self->contact));
  else if (reply->length > self->oob->max_size)
    give_up (self, g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_TOO_LARGE,
                                _("The file of “%s” is larger than what is taken here"), self->contact));
  else
    {
      xep174_transfer_learn_size (self, reply->length);
      job = xep174_job_new (self, run_expect, on_expected);
      job->number = self->generation;
      xep174_jobs_add (self->jobs, job);
    }
}

static void
on_fetched (const Xep174Http *reply,
            const GError     *error,
            gpointer          data)
{
  Xep174Transfer *self = data;

  if (error != NULL)
    give_up (self, g_error_copy (error));
  else if (self->info.unsized)
    learn_size (self, reply);
  else if (reply->measured && reply->length != self->info.size)
    give_up (self, g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_VIOLATION,
                                _("The file has another size than “%s” has said"), self->contact));
  else
    xep174_transfer_post_candidate (self, TRUE, XEP174_TRANSFER_CANDIDATE_USED, 0);
}

/* Whose the address was when the file was offered does not count: hours may have gone by. */
static void
judge (gpointer data)
{
  Xep174Transfer *self = data;
  Xep174TransferOob *oob = self->oob;
  g_autofree char *request = xep174_http_request (oob->url.label, oob->url.path);
  Xep174Place place = xep174_places_judge (oob->places, oob->address);

  if (place == XEP174_PLACE_UNSURE)
    return;

  g_clear_pointer (&oob->places, xep174_places_free);
  if (place == XEP174_PLACE_THEIRS)
    oob->fetch = xep174_fetch_new (self->around->network, self->around->context, oob->address, request,
                                   on_fetched, self);
  else
    give_up (self, g_error_new (XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_NOT_SUPPORTED,
                                _("The file is not at the computer of “%s” any more. Let it be sent again"),
                                self->contact));
}

void
xep174_transfer_fetch (Xep174Transfer *self)
{
  g_autoptr(GError) error = NULL;

  if (!xep174_transfer_around_may_be_clear (self->around, self->contact, &error))
    {
      give_up (self, g_steal_pointer (&error));
      return;
    }

  self->oob->places = xep174_places_new (self->around->manager, self->contact, judge, self);
  judge (self);
}

Xep174Pipe *
xep174_transfer_take_fetched (Xep174Transfer *self)
{
  Xep174Pipe *pipe = xep174_fetch_take (self->oob->fetch);

  g_clear_pointer (&self->oob->fetch, xep174_fetch_free);

  return pipe;
}
