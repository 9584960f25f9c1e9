/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The words of XEP-0198: what the peer says with them, and how ours are written. What they mean is in the
 * table of xep174-acks.c. */

#include "xep174-slot-private.h"

#include "xep174-element-private.h"
#include "xep174-gettext-private.h"
#include "xep174-session-error.h"
#include "xep174-stream-writer-private.h"

static const struct
{
  const char *name;
  Xep174AcksEvent event;
  gboolean needs_h;
} words[] = {
  { "enable", XEP174_ACKS_EVENT_ENABLE_CAME, FALSE },
  { "enabled", XEP174_ACKS_EVENT_ENABLED_CAME, FALSE },
  { "resume", XEP174_ACKS_EVENT_RESUME_CAME, TRUE },
  { "resumed", XEP174_ACKS_EVENT_RESUMED_CAME, TRUE },
  { "failed", XEP174_ACKS_EVENT_FAILED_CAME, FALSE },
  { "r", XEP174_ACKS_EVENT_REQUEST_CAME, FALSE },
  { "a", XEP174_ACKS_EVENT_ANSWER_CAME, TRUE },
};

/* --- What was read ------------------------------------------------------------------------ */

/* §4: 32 bits, from 0 on again behind the last. */
static gboolean
parse_h (Xep174Element *word,
         guint32       *h)
{
  const char *text = xep174_element_get_attribute (word, "h");
  guint64 number;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &number, NULL))
    return FALSE;

  *h = number;
  return TRUE;
}

static gboolean
is_true (const char *attribute)
{
  return g_strcmp0 (attribute, "true") == 0 || g_strcmp0 (attribute, "1") == 0;
}

static guint
unasked (Xep174Slot *self)
{
  return xep174_slot_fault (self, XEP174_STREAM_ERROR_POLICY_VIOLATION,
                            _("The program there confirms or asks what it may not"));
}

/* §5. */
static guint
too_high (Xep174Slot       *self,
          const Xep174Acks *acks)
{
  self->h_too_high = TRUE;
  self->send_count = acks->sent;
  return xep174_slot_fault (self, XEP174_STREAM_ERROR_UNDEFINED_CONDITION,
                            _("The program there confirms more than it was sent"));
}

/* A2: both have to want it, and the recipient gives the id. */
static void
note_resumption (Xep174Slot      *self,
                 Xep174AcksEvent  event)
{
  const char *resume = xep174_element_get_attribute (self->item, "resume");
  const char *id = xep174_element_get_attribute (self->item, "id");

  if (event == XEP174_ACKS_EVENT_ENABLE_CAME)
    {
      self->acks.resumable = is_true (resume);
      g_free (self->resume_id);
      self->resume_id = g_uuid_string_random ();
    }
  else if (event == XEP174_ACKS_EVENT_ENABLED_CAME)
    {
      self->acks.resumable = is_true (resume) && xep174_is_given (id);
      g_free (self->resume_id);
      self->resume_id = g_strdup (id);
    }
}

static guint
event_of (Xep174AcksEvent event)
{
  switch ((int) event)
    {
    case XEP174_ACKS_EVENT_ENABLED_CAME:
    case XEP174_ACKS_EVENT_RESUMED_CAME:
      return XEP174_STREAM_EVENT_SM_AGREED;
    case XEP174_ACKS_EVENT_FAILED_CAME:
      return XEP174_STREAM_EVENT_SM_FAILED;
    default:
      return XEP174_STREAM_EVENT_ACKS;
    }
}

static guint
step (Xep174Slot      *self,
      Xep174AcksEvent  event)
{
  guint bits = xep174_acks_step (&self->acks, event, self->h, &self->n_confirmed);

  if (bits & XEP174_ACKS_DO_FAULT)
    return unasked (self);
  if (bits & XEP174_ACKS_DO_TOO_HIGH)
    return too_high (self, &self->acks);

  note_resumption (self, event);
  self->acks_do = bits;
  return event_of (event);
}

guint
xep174_slot_read_acks (Xep174Slot       *self,
                       const Xep174Acks *kept)
{
  Xep174Acks tried = { 0 };
  guint confirmed;
  gsize i = 0;

  while (i < G_N_ELEMENTS (words)
         && strcmp (words[i].name, xep174_element_get_name (self->item)) != 0)
    i++;
  if (i == G_N_ELEMENTS (words))
    return xep174_slot_fault (self, XEP174_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE,
                              _("The program there said something that cannot be understood"));
  /* §5: without a number <failed/> says nothing new. */
  if (!parse_h (self->item, &self->h))
    {
      if (words[i].needs_h)
        return xep174_slot_fault (self, XEP174_STREAM_ERROR_BAD_FORMAT,
                                  _("The program there confirms without a number"));
      self->h = self->acks.confirmed;
    }
  if (words[i].event == XEP174_ACKS_EVENT_RESUMED_CAME
      && g_strcmp0 (xep174_element_get_attribute (self->item, "previd"), self->resume_id) != 0)
    return unasked (self);
  if (words[i].event != XEP174_ACKS_EVENT_RESUME_CAME)
    return step (self, words[i].event);
  if (kept == NULL)
    return step (self, XEP174_ACKS_EVENT_UNKNOWN_CAME);

  /* What is kept is carried over when the stream that had it has ended; its numbers are judged now. */
  tried.state = self->acks.state;
  xep174_acks_carry (&tried, kept);
  if (xep174_acks_step (&tried, XEP174_ACKS_EVENT_RESUME_CAME, self->h, &confirmed)
      & XEP174_ACKS_DO_TOO_HIGH)
    return too_high (self, kept);
  return XEP174_STREAM_EVENT_RESUME;
}

void
xep174_slot_carry_acks (Xep174Slot       *self,
                        const Xep174Acks *kept,
                        char             *id)
{
  xep174_acks_carry (&self->acks, kept);
  g_free (self->resume_id);
  self->resume_id = id;
}

void
xep174_slot_resume_acks (Xep174Slot *self)
{
  step (self, XEP174_ACKS_EVENT_RESUME_CAME);
}

/* --- What is written ---------------------------------------------------------------------- */

static Xep174Element *
word_new (const char *name)
{
  return xep174_element_new (name, XEP174_NS_SM);
}

static void
say (Xep174Slot    *self,
     Xep174Element *word)
{
  xep174_stream_writer_append_element (xep174_transport_get_buffer (self->transport), word);
}

/* What is written behind it is counted (§4). */
static void
say_and_count (Xep174Slot    *self,
               Xep174Element *word)
{
  say (self, word);
  self->counted_from = xep174_transport_get_appended (self->transport);
}

static void
set_number (Xep174Element *word,
            const char    *attribute,
            guint32        number)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", number);
  xep174_element_set_attribute (word, attribute, text);
}

void
xep174_slot_send_enable (Xep174Slot *self)
{
  g_autoptr(Xep174Element) word = word_new ("enable");
  guint confirmed;

  xep174_acks_step (&self->acks, XEP174_ACKS_EVENT_ENABLE, 0, &confirmed);
  xep174_element_set_attribute (word, "resume", "true");
  say_and_count (self, word);
}

static void
send_numbered (Xep174Slot *self,
               const char *name)
{
  g_autoptr(Xep174Element) word = word_new (name);

  xep174_element_set_attribute (word, "previd", self->resume_id);
  set_number (word, "h", xep174_acks_tell_all (&self->acks));
  say_and_count (self, word);
}

void
xep174_slot_send_resume (Xep174Slot *self)
{
  guint confirmed;

  xep174_acks_step (&self->acks, XEP174_ACKS_EVENT_RESUME, 0, &confirmed);
  send_numbered (self, "resume");
}

static void
send_enabled (Xep174Slot *self)
{
  g_autoptr(Xep174Element) word = word_new ("enabled");

  if (self->acks.resumable)
    {
      xep174_element_set_attribute (word, "id", self->resume_id);
      xep174_element_set_attribute (word, "resume", "true");
      set_number (word, "max", XEP174_ACKS_KEPT_MS / 1000);
    }
  say_and_count (self, word);
}

static void
send_failed (Xep174Slot *self)
{
  g_autoptr(Xep174Element) word = word_new ("failed");

  xep174_element_append_new (word, "item-not-found", XEP174_NS_STANZA_ERRORS);
  say (self, word);
}

guint
xep174_slot_answer_acks (Xep174Slot *self)
{
  guint bits = self->acks_do;

  self->acks_do = 0;
  if (bits & XEP174_ACKS_DO_CONFIRM)
    xep174_slot_confirm_counted (self, self->n_confirmed);
  if (bits & XEP174_ACKS_DO_SEND_ENABLED)
    send_enabled (self);
  if (bits & XEP174_ACKS_DO_SEND_RESUMED)
    send_numbered (self, "resumed");
  if (bits & XEP174_ACKS_DO_SEND_FAILED)
    send_failed (self);
  return bits;
}

static void
send_request (Xep174Slot *self)
{
  g_string_append (xep174_transport_get_buffer (self->transport), "<r xmlns='" XEP174_NS_SM "'/>");
  xep174_acks_note_asked (&self->acks);
  self->asked_when = xep174_clock_get_now_ms (self->network->clock);
}

void
xep174_slot_ask_receipt (Xep174Slot *self,
                         const char *to)
{
  if (xep174_slot_is_counted (self))
    send_request (self);
  else
    xep174_slot_ping (self, to);
}

static void
send_answer (Xep174Slot *self)
{
  g_string_append_printf (xep174_transport_get_buffer (self->transport),
                          "<a xmlns='" XEP174_NS_SM "' h='%u'/>", xep174_acks_tell (&self->acks));
}

void
xep174_slot_pay_answer (Xep174Slot *self,
                        gsize       room)
{
  if (xep174_acks_owes_answer (&self->acks)
      && xep174_transport_get_buffer (self->transport)->len < room)
    send_answer (self);
}

void
xep174_slot_send_farewell (Xep174Slot *self)
{
  if (xep174_acks_owes_farewell (&self->acks))
    send_answer (self);
}

/* §5: the condition is one of its own. */
void
xep174_slot_send_too_high (Xep174Slot *self)
{
  g_autoptr(Xep174Element) error = xep174_element_new ("error", XEP174_NS_STREAMS);
  Xep174Element *word;

  xep174_element_append_new (error, "undefined-condition", XEP174_NS_STREAM_ERRORS);
  word = xep174_element_append_new (error, "handled-count-too-high", XEP174_NS_SM);
  set_number (word, "h", self->h);
  set_number (word, "send-count", self->send_count);
  say (self, error);
}
