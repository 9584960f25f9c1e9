/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The loop: what has happened goes to the machine, and what that says is carried out, in the order of its
 * bits. */

#include "xep174-transfer-private.h"

#include "xep174-gettext-private.h"

#define OFFERS (XEP174_TRANSFER_DO_SEND_OFFER | XEP174_TRANSFER_DO_SEND_RESUME)

/* An offer behind which another has come is not answered. */
static gboolean
is_stale (Xep174Transfer           *self,
          const Xep174TransferNews *news)
{
  return (news->what == XEP174_TRANSFER_EVENT_OFFER_CAME || news->what == XEP174_TRANSFER_EVENT_RESUME_CAME)
         && news->number != self->attempt;
}

static guint
ask_machine (Xep174Transfer           *self,
             const Xep174TransferNews *news)
{
  if (is_stale (self, news))
    return 0;

  switch (news->what)
    {
    case XEP174_TRANSFER_NEWS_OCTETS:
      return xep174_transfer_fsm_step_octets (&self->fsm, news->number);
    case XEP174_TRANSFER_NEWS_ACCEPTED:
      return xep174_transfer_fsm_step_accepted (&self->fsm, news->number);
    case XEP174_TRANSFER_NEWS_CANDIDATE:
      return xep174_transfer_fsm_step_candidate (&self->fsm, news->ours, news->candidate, news->number);
    case XEP174_TRANSFER_EVENT_TIMEOUT:
      return xep174_transfer_fsm_step_timeout (&self->fsm, news->number);
    default:
      return xep174_transfer_fsm_step (&self->fsm, news->what);
    }
}

/* --- Timers ---------------------------------------------------------------------------------- */

static void
on_alarm (gpointer data)
{
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) held = g_object_ref (data);
  Xep174Transfer *self = data;

  if (xep174_transfer_fsm_has_ended (&self->fsm))
    {
      if (self->around->files != NULL)
        self->around->forget (self->around->files, self);
      return;
    }
  xep174_transfer_post (self, XEP174_TRANSFER_EVENT_TIMEOUT, xep174_transfer_fsm_timer (&self->fsm));
}

/* How it ended is remembered for as long as the contact may ask. */
static void
set_alarm (Xep174Transfer *self)
{
  guint ms = xep174_transfer_fsm_has_ended (&self->fsm) ? XEP174_TRANSFER_KEEP_MS
                                                        : xep174_transfer_fsm_timer_ms (&self->fsm);

  xep174_alarm_clear (&self->alarm, self->around->network->clock);
  if (ms > 0)
    xep174_alarm_set (&self->alarm, self->around->network->clock, ms, on_alarm, self);
}

/* --- Actions --------------------------------------------------------------------------------- */

static void
say_all (Xep174Transfer *self,
         guint           bits)
{
  for (guint bit = XEP174_TRANSFER_DO_SEND_OFFER; bit <= XEP174_TRANSFER_DO_SEND_FAILED; bit <<= 1)
    {
      if (!(bits & bit))
        continue;
      if (xep174_transfer_is_oob (self))
        {
          xep174_transfer_say_oob (self, bit);
          continue;
        }
      if (bit & OFFERS
          || (bit == XEP174_TRANSFER_DO_SEND_ACCEPT && bits & XEP174_TRANSFER_DO_DIAL))
        xep174_transfer_expect (self);
      if (xep174_transfer_is_si (self))
        {
          xep174_transfer_say_si (self, bit);
          continue;
        }
      if (bit == XEP174_TRANSFER_DO_SEND_REPLACE)
        xep174_transfer_propose_band (self, NULL, 0);
      if (bit == XEP174_TRANSFER_DO_SEND_CHECKSUM)
        xep174_transfer_say_checksum (self);
      else
        xep174_transfer_say (self, bit);
    }
}

static void
drop (Xep174Transfer *self)
{
  xep174_transfer_end_way (self);
  xep174_transfer_end_band (self);
  xep174_transfer_note_done (self, TRUE);
  self->generation++;
}

/* Another program says where it can be reached when it has heard that its file is wanted. */
static void
dial (Xep174Transfer *self)
{
  if (xep174_transfer_is_oob (self))
    xep174_transfer_fetch (self);
  else if (!xep174_transfer_is_si (self))
    xep174_transfer_dial (self);
  else if (xep174_transfer_sends (self))
    xep174_transfer_say_hosts (self);
}

static void
move (Xep174Transfer *self)
{
  if (self->fsm.state == XEP174_TRANSFER_IN_BAND)
    xep174_transfer_begin_band (self);
  else
    xep174_transfer_begin_pump (self);
}

static void
go_on (Xep174Transfer *self,
       guint           bits)
{
  say_all (self, bits);
  if (bits & XEP174_TRANSFER_DO_INQUIRE && xep174_transfer_around_is_open (self->around, self->contact))
    xep174_transfer_say (self, XEP174_TRANSFER_DO_INQUIRE);
  if (bits & XEP174_TRANSFER_DO_DIAL)
    dial (self);
  if (bits & XEP174_TRANSFER_DO_MOVE)
    move (self);
  if (bits & XEP174_TRANSFER_DO_VERIFY)
    xep174_transfer_verify (self);
  if (bits & XEP174_TRANSFER_DO_DISCARD)
    {
      xep174_transfer_discard (self);
      xep174_transfer_forget_record (self);
    }
  if (bits & XEP174_TRANSFER_DO_REMEMBER)
    xep174_transfer_end_record (self);
  /* Who was never answered has nothing to drop. */
  if (xep174_transfer_fsm_has_ended (&self->fsm))
    xep174_transfer_end_way (self);
}

/* What is said to the contact holds after a restart, too: the record is written before. Each attempt is, so
 * that none has the number of an earlier one. */
static void
carry_out (Xep174Transfer *self,
           guint           bits)
{
  if (bits & XEP174_TRANSFER_DO_ASK && self->around->files != NULL)
    self->around->offered (self->around->files, self);
  if (bits & XEP174_TRANSFER_DO_DROP)
    drop (self);
  if (bits & OFFERS)
    xep174_transfer_begin_attempt (self, self->attempt + 1);
  if (!(bits & (XEP174_TRANSFER_DO_KEEP | OFFERS)) || !xep174_transfer_keep (self))
    {
      go_on (self, bits);
      return;
    }

  self->due = bits;
  self->due_in = self->attempt;
}

/* If the contact has begun anew meanwhile it has its answer when its offer is taken. */
static gboolean
is_overtaken (Xep174Transfer *self)
{
  for (GList *link = self->news.head; link != NULL; link = link->next)
    {
      const Xep174TransferNews *news = link->data;

      if (news->what < XEP174_TRANSFER_N_EVENTS && xep174_transfer_fsm_overtakes (&self->fsm, news->what))
        return TRUE;
    }

  return self->due_in != self->attempt;
}

static void
carry_out_due (Xep174Transfer *self)
{
  guint bits = self->due;

  self->due = 0;
  if (!is_overtaken (self))
    go_on (self, bits);
}

/* --- The loop -------------------------------------------------------------------------------- */

/* A person does not wait for a record. What is told may end the use. */
static gboolean
may_take (Xep174Transfer *self)
{
  return xep174_transfer_is_in_use (self) && !self->paused
         && (!self->keeping || xep174_transfer_is_cancelled_next (self));
}

/* What is kept for a day is kept no longer for a question. */
static gboolean
is_new_wait (Xep174Transfer *self,
             guint           before,
             guint           bits)
{
  return self->fsm.state != before
         || (bits != 0 && xep174_transfer_fsm_timer (&self->fsm) != XEP174_TRANSFER_TIMER_KEEP);
}

static void
take (Xep174Transfer           *self,
      const Xep174TransferNews *news)
{
  guint before = self->fsm.state;
  gboolean was_over = xep174_transfer_fsm_has_ended (&self->fsm);
  guint bits = ask_machine (self, news);

  /* What changes nothing, as a cancel of what has come, does not stand for what is due. */
  if (self->fsm.state != before || bits != 0)
    self->due = 0;

  if (self->fsm.state != before || bits != 0)
    g_debug ("File %s of “%s”: %s, now %s", self->local_id, self->contact,
             news->what < XEP174_TRANSFER_N_EVENTS ? xep174_transfer_event_name (news->what) : "news",
             xep174_transfer_phase_name (self->fsm.state));
  if (self->fsm.state == XEP174_TRANSFER_FAILED && before != XEP174_TRANSFER_FAILED && self->error == NULL)
    self->error = xep174_transfer_explain (self, news->what);
  if (self->fsm.state == XEP174_TRANSFER_DONE && xep174_transfer_sends (self) && self->info.hashed
      && self->sha256 == NULL)
    xep174_transfer_set_sha256 (self, self->info.sha256);
  if (is_new_wait (self, before, bits) || news->what == XEP174_TRANSFER_NEWS_OCTETS)
    set_alarm (self);
  if (news->what == XEP174_TRANSFER_NEWS_OCTETS)
    xep174_transfer_note_done (self, FALSE);
  carry_out (self, bits);
  if (was_over || !xep174_transfer_fsm_has_ended (&self->fsm))
    return;

  xep174_transfer_close (self);
  /* Its record is only there for what a crash would leave. */
  if (xep174_transfer_is_si (self))
    xep174_transfer_forget_record (self);
}

void
xep174_transfer_run (Xep174Transfer *self)
{
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) held = g_object_ref (self);

  if (self->running || !xep174_transfer_is_in_use (self))
    return;

  self->running = TRUE;
  while ((self->due != 0 || !g_queue_is_empty (&self->news)) && may_take (self))
    {
      gboolean waited = self->due != 0 && !self->keeping;
      g_autofree Xep174TransferNews *news = waited ? NULL : g_queue_pop_head (&self->news);

      if (news != NULL)
        take (self, news);
      else
        carry_out_due (self);
      xep174_transfer_show (self);
    }
  self->running = FALSE;
  /* What goes on after a restart waits, too. */
  if (xep174_transfer_is_in_use (self) && !self->paused && !xep174_alarm_is_set (&self->alarm))
    set_alarm (self);
}
