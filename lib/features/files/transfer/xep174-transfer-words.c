/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is said to the contact, in Jingle (XEP-0234): each word is an iq that is answered. */

#include "xep174-transfer-private.h"

#include "xep174-gettext-private.h"

/* A word on its way. */
typedef struct
{
  Xep174Transfer *transfer;
  guint word;
  guint attempt;
} Saying;

/* Of those that end a session, in the order of their bits (XEP-0166 §7.4). */
static const char *
reason_for (guint word)
{
  switch (word)
    {
    case XEP174_TRANSFER_DO_SEND_DECLINE:  return "decline";
    case XEP174_TRANSFER_DO_SEND_UNKNOWN:  return "expired";
    case XEP174_TRANSFER_DO_SEND_RECEIVED: return "success";
    case XEP174_TRANSFER_DO_SEND_CANCEL:   return "cancel";
    default:                               return "failed-application";
    }
}

/* --- How it was taken ------------------------------------------------------------------------ */

static gboolean
begins (guint word)
{
  return word == XEP174_TRANSFER_DO_SEND_OFFER || word == XEP174_TRANSFER_DO_SEND_RESUME;
}

static gboolean
ends (guint word)
{
  return word == XEP174_TRANSFER_DO_SEND_DECLINE || word == XEP174_TRANSFER_DO_SEND_UNKNOWN
         || word == XEP174_TRANSFER_DO_SEND_RECEIVED || word == XEP174_TRANSFER_DO_SEND_CANCEL
         || word == XEP174_TRANSFER_DO_SEND_FAILED;
}

/* What no waiting can mend. */
static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_ENCRYPTED)
         || g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_KEY_CHANGED)
         || g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_DISTRUSTED);
}

/* We have no name just now; so nobody was called, and nobody tells of a call in vain. */
static gboolean
is_lost (Xep174Transfer *self,
         const GError   *error)
{
  return g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE)
         && !xep174_transfer_around_is_open (self->around, self->contact);
}

static void
note_heard (Xep174Transfer *self,
            Saying         *saying)
{
  if (ends (saying->word))
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_HEARD, 0);
}

static void
take_refusal (Xep174Transfer *self,
              Saying         *saying,
              GError         *error)
{
  /* Of an earlier offer, or of what is over: then it does not matter any more. Ours say more to who asks. */
  if (saying->attempt != self->attempt || ends (saying->word) || saying->word == XEP174_TRANSFER_DO_INQUIRE)
    {
      g_error_free (error);
      note_heard (self, saying);
      return;
    }

  xep174_transfer_note_error (self, error);
  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_FAILED_CAME, 0);
}

/* A word is written only where there is one stream (S5). The end of that is told as a lost link before, and
 * the machine begins anew; where an answer is late its timers tell. Only an end has nothing after it. */
static void
note_unheard (Xep174Transfer *self,
              const GError   *error)
{
  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_UNHEARD, 0);
  /* There may be another stream by now. */
  if (g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED)
      && xep174_transfer_around_is_open (self->around, self->contact))
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LINK_BACK, 0);
}

static void
on_said (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autofree Saying *saying = data;
  g_autoptr(Xep174Transfer) self = saying->transfer;
  GError *error = NULL;
  g_autoptr(Xep174Element) answer = NULL;

  if (source != NULL)
    answer = xep174_feature_host_request_finish (XEP174_FEATURE_HOST (source), result, &error);
  if (error == NULL)
    note_heard (self, saying);
  else if (g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_REFUSED))
    take_refusal (self, saying, error);
  else if (ends (saying->word) && xep174_transfer_fsm_has_ended (&self->fsm))
    {
      note_unheard (self, error);
      g_error_free (error);
    }
  else if (is_final (error))
    {
      xep174_transfer_note_error (self, error);
      xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LOCAL_FAILED, 0);
    }
  else
    {
      if (is_lost (self, error))
        xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LINK_LOST, 0);
      g_error_free (error);
    }
}

static void
say (Xep174Transfer     *self,
     guint               word,
     const Xep174Jingle *jingle)
{
  g_autoptr(Xep174Element) element = xep174_jingle_to_element (jingle);
  Saying *saying = g_new0 (Saying, 1);

  saying->transfer = g_object_ref (self);
  saying->word = word;
  saying->attempt = self->attempt;
  xep174_transfer_around_ask (self->around, self->contact, element, on_said, saying);
}

/* --- What is said ---------------------------------------------------------------------------- */

void
xep174_transfer_begin_attempt (Xep174Transfer *self,
                               guint           attempt)
{
  self->attempt = attempt;
  g_free (self->sid);
  self->sid = attempt > 0 ? g_strdup_printf ("%s.%u", self->id, attempt) : g_strdup (self->id);
}

/* The range is what is wanted, or, of a file that was accepted, what will come (XEP-0234 §6.3). */
static void
say_begin (Xep174Transfer     *self,
           guint               word,
           Xep174JingleAction  action)
{
  Xep174Jingle jingle = { .action = action, .sid = self->sid, .file = self->info };

  jingle.file.ranged = TRUE;
  jingle.file.goes_on = word != XEP174_TRANSFER_DO_SEND_OFFER;
  jingle.file.offset = word != XEP174_TRANSFER_DO_SEND_OFFER ? self->fsm.done : 0;
  jingle.file.hashed = FALSE;
  jingle.way = self->fsm.in_band ? XEP174_JINGLE_WAY_IBB : XEP174_JINGLE_WAY_S5B;
  jingle.way_sid = self->fsm.in_band ? self->band.sid : self->sid;
  jingle.block_size = self->fsm.in_band ? self->band.block_size : 0;
  if (self->stream != NULL)
    jingle.candidates = xep174_bytestream_get_candidates (self->stream);
  say (self, word, &jingle);
}

static void
say_in_band (Xep174Transfer *self,
             guint           word)
{
  Xep174Jingle jingle = { .sid = self->sid, .way = XEP174_JINGLE_WAY_IBB, .way_sid = self->band.sid };

  jingle.action = word == XEP174_TRANSFER_DO_SEND_REPLACE ? XEP174_JINGLE_TRANSPORT_REPLACE
                                                          : XEP174_JINGLE_TRANSPORT_ACCEPT;
  jingle.block_size = self->band.block_size;
  say (self, word, &jingle);
}

static void
say_info (Xep174Transfer    *self,
          guint              word,
          Xep174JingleAbout  about)
{
  Xep174Jingle jingle = { .action = XEP174_JINGLE_INFO, .sid = self->sid, .about = about,
                          .file = self->info };

  say (self, word, &jingle);
}

static void
say_end (Xep174Transfer *self,
         guint           word)
{
  Xep174Jingle jingle = { .action = XEP174_JINGLE_TERMINATE, .sid = self->sid };

  jingle.reason = (char *) reason_for (word);
  /* XEP-0166 §7.4 has it for what cannot be had as it was offered. */
  if (word == XEP174_TRANSFER_DO_SEND_FAILED && xep174_transfer_sends (self) && self->error != NULL
      && self->error->domain == G_IO_ERROR)
    jingle.reason = (char *) XEP174_TRANSFER_REASON_SOURCE;
  say (self, word, &jingle);
}

void
xep174_transfer_say_candidate (Xep174Transfer *self,
                               const char     *cid)
{
  Xep174Jingle jingle = { .action = XEP174_JINGLE_TRANSPORT_INFO, .sid = self->sid,
                          .way = XEP174_JINGLE_WAY_S5B, .way_sid = self->sid, .cid = (char *) cid };

  jingle.about = cid != NULL ? XEP174_JINGLE_ABOUT_USED : XEP174_JINGLE_ABOUT_ERROR;
  say (self, 0, &jingle);
}

void
xep174_transfer_say (Xep174Transfer   *self,
                     Xep174TransferDo  word)
{
  if (begins (word))
    say_begin (self, word, XEP174_JINGLE_INITIATE);
  else if (word == XEP174_TRANSFER_DO_SEND_ACCEPT)
    say_begin (self, word, XEP174_JINGLE_ACCEPT);
  else if (word == XEP174_TRANSFER_DO_SEND_REPLACE || word == XEP174_TRANSFER_DO_SEND_REPLACED)
    say_in_band (self, word);
  else if (word == XEP174_TRANSFER_DO_SEND_CHECKSUM)
    say_info (self, word, XEP174_JINGLE_ABOUT_CHECKSUM);
  else if (word == XEP174_TRANSFER_DO_INQUIRE)
    say_info (self, word, XEP174_JINGLE_ABOUT_NOTHING); /* a ping (XEP-0166 §6.8) */
  else
    {
      /* XEP-0234 §8.1 tells who knows only the one or the other. */
      if (word == XEP174_TRANSFER_DO_SEND_RECEIVED)
        say_info (self, word, XEP174_JINGLE_ABOUT_RECEIVED);
      say_end (self, word);
    }
}
