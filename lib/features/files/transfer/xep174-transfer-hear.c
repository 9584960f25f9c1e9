/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the contact's words of Jingle are to the machine. Some are only about the session that they
 * belong to: those of an earlier one come too late. */

#include "xep174-transfer-private.h"

#include <string.h>

#include "xep174-file-name.h"

static void
keep_candidates (Xep174Transfer *self,
                 Xep174Jingle   *jingle)
{
  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  self->theirs = g_steal_pointer (&jingle->candidates);
}

/* The name of @known is safe already. */
static gboolean
is_another (const Xep174FileInfo *known,
            const Xep174FileInfo *offered)
{
  g_autofree char *name = xep174_file_name_make_safe (offered->name);

  return !g_str_equal (known->name, name) || known->size != offered->size
         || known->is_folder != offered->is_folder
         || (known->is_folder && (known->n_files != offered->n_files || known->manifest != offered->manifest))
         || (known->hashed && offered->hashed
             && memcmp (known->sha256, offered->sha256, XEP174_SHA256_LENGTH) != 0);
}

gboolean
xep174_transfer_is_taken (Xep174Transfer *self,
                          Xep174Jingle   *jingle,
                          guint           attempt)
{
  return attempt == 0 || jingle->way == XEP174_JINGLE_WAY_IBB || is_another (&self->info, &jingle->file)
         || (xep174_transfer_fsm_has_ended (&self->fsm) && attempt <= self->attempt);
}

static void
hear_offer (Xep174Transfer *self,
            Xep174Jingle   *jingle,
            guint           attempt)
{
  /* Which session is the last has to be clear. */
  if (self->fsm.state != XEP174_TRANSFER_NEW && attempt <= self->attempt)
    return;

  /* The connection may have ended at that side alone; how much has come is known behind its end here. */
  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_PATH_LOST, 0);
  xep174_transfer_begin_attempt (self, attempt);
  keep_candidates (self, jingle);
  g_free (self->sid);
  self->sid = g_strdup (jingle->sid);
  self->fsm.in_band = jingle->way == XEP174_JINGLE_WAY_IBB;
  if (self->fsm.in_band)
    xep174_transfer_propose_band (self, jingle->way_sid, jingle->block_size);
  xep174_transfer_post (self, jingle->file.goes_on ? XEP174_TRANSFER_EVENT_RESUME_CAME
                                                   : XEP174_TRANSFER_EVENT_OFFER_CAME, attempt);
  if (self->info.hashed && !self->fsm.told)
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_CHECKSUM_CAME, 0);
}

/* What is heard first counts. */
static void
hear_checksum (Xep174Transfer *self,
               Xep174Jingle   *jingle)
{
  if (!self->info.hashed)
    {
      memcpy (self->info.sha256, jingle->file.sha256, XEP174_SHA256_LENGTH);
      self->info.hashed = TRUE;
    }
  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_CHECKSUM_CAME, 0);
}

static void
hear_info (Xep174Transfer *self,
           Xep174Jingle   *jingle)
{
  gboolean sends = xep174_transfer_sends (self);

  if (jingle->about == XEP174_JINGLE_ABOUT_CHECKSUM && !sends)
    hear_checksum (self, jingle);
  else if (jingle->about == XEP174_JINGLE_ABOUT_RECEIVED && sends)
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_RECEIVED_CAME, 0);
  else if (jingle->about == XEP174_JINGLE_ABOUT_NOTHING && sends
           && xep174_transfer_fsm_has_ended (&self->fsm))
    {
      /* Who asks whether we know it has not heard how it ended. */
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_UNHEARD, 0);
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LINK_BACK, 0);
    }
}

static void
hear_end (Xep174Transfer *self,
          Xep174Jingle   *jingle,
          gboolean        last)
{
  gboolean sends = xep174_transfer_sends (self);

  if (g_strcmp0 (jingle->reason, "success") == 0)
    {
      if (sends)
        xep174_transfer_post (self, XEP174_TRANSFER_EVENT_RECEIVED_CAME, 0);
    }
  else if (g_strcmp0 (jingle->reason, "decline") == 0 && sends)
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_DECLINE_CAME, 0);
  else if (g_strcmp0 (jingle->reason, "expired") == 0)
    {
      if (last)
        xep174_transfer_post (self, XEP174_TRANSFER_EVENT_UNKNOWN_CAME, 0);
    }
  else if (g_strcmp0 (jingle->reason, "cancel") == 0)
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_CANCEL_CAME, 0);
  else
    {
      if (g_strcmp0 (jingle->reason, XEP174_TRANSFER_REASON_SOURCE) == 0 && !sends
          && !xep174_transfer_fsm_has_ended (&self->fsm))
        xep174_transfer_note_error (self, xep174_transfer_explain_source (self));
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_FAILED_CAME, 0);
    }
}

/* What was named by nobody cannot have been used. */
static void
hear_candidate (Xep174Transfer *self,
                Xep174Jingle   *jingle)
{
  guint32 priority = 0;

  if (jingle->about == XEP174_JINGLE_ABOUT_ERROR)
    xep174_transfer_post_candidate (self, FALSE, XEP174_TRANSFER_CANDIDATE_NONE, 0);
  else if (jingle->about != XEP174_JINGLE_ABOUT_USED || self->fsm.state != XEP174_TRANSFER_CONNECTING)
    return;
  else if (!xep174_transfer_find_candidate (self, jingle->cid, &priority))
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LIE_CAME, 0);
  else
    {
      g_free (self->used);
      self->used = g_strdup (jingle->cid);
      xep174_transfer_post_candidate (self, FALSE, XEP174_TRANSFER_CANDIDATE_USED, priority);
    }
}

static void
hear_way (Xep174Transfer *self,
          Xep174Jingle   *jingle)
{
  gboolean sends = xep174_transfer_sends (self);

  if (jingle->action == XEP174_JINGLE_TRANSPORT_INFO)
    hear_candidate (self, jingle);
  else if (jingle->way != XEP174_JINGLE_WAY_IBB)
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LIE_CAME, 0);
  else if (jingle->action == XEP174_JINGLE_TRANSPORT_REPLACE && !sends)
    {
      xep174_transfer_propose_band (self, jingle->way_sid, jingle->block_size);
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_REPLACE_CAME, 0);
    }
  else if (jingle->action == XEP174_JINGLE_TRANSPORT_ACCEPT && sends
           && g_strcmp0 (jingle->way_sid, self->band.sid) == 0)
    {
      xep174_transfer_propose_band (self, jingle->way_sid, jingle->block_size);
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_REPLACED_CAME, 0);
    }
}

void
xep174_transfer_hear (Xep174Transfer *self,
                      Xep174Jingle   *jingle,
                      guint           attempt)
{
  gboolean last = attempt == self->attempt;
  gboolean sends = xep174_transfer_sends (self);

  switch (jingle->action)
    {
    case XEP174_JINGLE_INITIATE:
      if (!sends)
        hear_offer (self, jingle, attempt);
      break;
    case XEP174_JINGLE_ACCEPT:
      if (sends && last)
        {
          keep_candidates (self, jingle);
          xep174_transfer_post (self, XEP174_TRANSFER_NEWS_ACCEPTED, jingle->file.offset);
        }
      break;
    case XEP174_JINGLE_INFO:
      hear_info (self, jingle);
      break;
    case XEP174_JINGLE_TERMINATE:
      hear_end (self, jingle, last);
      break;
    case XEP174_JINGLE_TRANSPORT_REJECT:
      if (last)
        xep174_transfer_post (self, XEP174_TRANSFER_EVENT_FAILED_CAME, 0);
      break;
    default:
      if (last)
        hear_way (self, jingle);
    }
}
