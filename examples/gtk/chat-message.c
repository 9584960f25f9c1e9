/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is shown of one message, and of what happened to it. */

#include "chat-message.h"

#include <string.h>

#include "chat-saving.h"
#include "cli-text.h"
#include "cli-transfer-words.h"
#include "translate.h"

/* A stanza may have 256 KiB. To lay out so much text would stop the window for seconds. */
#define SHOWN_CHARACTERS 8000

#define EXCERPT_CHARACTERS 80

static G_DEFINE_QUARK (chat-message-told, told)
static G_DEFINE_QUARK (chat-message-transfer, transfer)
static G_DEFINE_QUARK (chat-message-left, left)

/* Nobody has said it, so it has no contact. */
Xep174Message *
chat_message_new_notice (const char *text)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();

  return g_object_new (XEP174_TYPE_MESSAGE, "body", text, "outgoing", FALSE, "time", now,
                       "state", XEP174_MESSAGE_STATE_READ, NULL);
}

gboolean
chat_message_is_notice (Xep174Message *message)
{
  return !xep174_message_get_outgoing (message) && xep174_message_get_contact (message) == NULL
         && chat_message_get_transfer (message) == NULL;
}

/* Of some files the size is known only when they come. */
static char *
tell_file (Xep174Transfer *transfer)
{
  g_autofree char *name = cli_transfer_name (transfer);
  g_autofree char *size = cli_transfer_size (transfer);

  /* Translators: name and size of a file that is sent; of a folder it is told with the size */
  return g_strdup_printf (xep174_transfer_get_is_folder (transfer) ? "%s: %s" : _("File %s, %s"), name, size);
}

/* What was under way when the program ended last is nothing new. */
Xep174Message *
chat_message_new_file (Xep174Transfer *transfer)
{
  gboolean is_ours = xep174_transfer_get_outgoing (transfer);
  gboolean is_new = xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_OFFERED;
  g_autofree char *text = tell_file (transfer);
  Xep174Message *message =
    g_object_new (XEP174_TYPE_MESSAGE, "body", text, "outgoing", is_ours, "time",
                  xep174_transfer_get_time (transfer), "state",
                  is_ours || !is_new ? XEP174_MESSAGE_STATE_READ : XEP174_MESSAGE_STATE_RECEIVED, NULL);

  g_object_set_qdata_full (G_OBJECT (message), transfer_quark (), g_object_ref (transfer), g_object_unref);
  if (!is_new)
    {
      g_object_set_qdata (G_OBJECT (message), left_quark (), GINT_TO_POINTER (TRUE));
      chat_message_set_told (message);
    }

  return message;
}

Xep174Message *
chat_message_new_unsent (GFile              *file,
                         Xep174MessageState  state)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (base);
  g_autofree char *text = g_strdup_printf (_("“%s”"), shown);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();

  return g_object_new (XEP174_TYPE_MESSAGE, "body", text, "outgoing", TRUE, "time", now, "state",
                       state, NULL);
}

Xep174Transfer *
chat_message_get_transfer (Xep174Message *message)
{
  return g_object_get_qdata (G_OBJECT (message), transfer_quark ());
}

gboolean
chat_message_is_offer (Xep174Message *message)
{
  Xep174Transfer *transfer = chat_message_get_transfer (message);

  return transfer != NULL && chat_saving_is_asked (transfer);
}

char *
chat_message_dup_text (Xep174Message *message)
{
  Xep174Transfer *transfer = chat_message_get_transfer (message);
  g_autofree char *file = transfer != NULL ? tell_file (transfer) : NULL;
  g_autofree char *printable = cli_text_printable (file != NULL ? file : xep174_message_get_body (message));
  g_autofree char *begin = NULL;

  if (xep174_message_get_retracted (message))
    return g_strdup (_("This message was taken back"));
  if (g_utf8_strlen (printable, -1) <= SHOWN_CHARACTERS)
    return g_steal_pointer (&printable);

  begin = g_utf8_substring (printable, 0, SHOWN_CHARACTERS);

  return g_strconcat (begin, " ", _("… (too long to be shown)"), NULL);
}

char *
chat_message_dup_excerpt (Xep174Message *message)
{
  g_autofree char *text = chat_message_dup_text (message);
  g_autofree char *line = cli_text_line (text);
  g_autofree char *begin = g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), EXCERPT_CHARACTERS));

  return g_strconcat (begin, strlen (begin) < strlen (line) ? "…" : NULL, NULL);
}

char *
chat_message_dup_answered (Xep174Message *message)
{
  Xep174Message *answered = xep174_message_find_answered (message);

  if (xep174_message_get_reply_to (message) == NULL || xep174_message_get_retracted (message))
    return NULL;

  return answered != NULL ? chat_message_dup_excerpt (answered) : g_strdup (_("An earlier message"));
}

/* They come from the other side, too, and may be anything. Ours are first, where nothing cuts them off. */
char *
chat_message_dup_reactions (Xep174Message *message)
{
  g_autofree char *theirs = g_strjoinv (" ", (GStrv) xep174_message_get_reactions (message));
  g_autofree char *ours = g_strjoinv (" ", (GStrv) xep174_message_get_own_reactions (message));
  g_autofree char *both = g_strstrip (g_strconcat (ours, " ", theirs, NULL));

  return *both != '\0' ? cli_text_line (both) : NULL;
}

gboolean
chat_message_is_open (Xep174Message *message)
{
  Xep174MessageState state = xep174_message_get_state (message);
  gboolean is_there = !xep174_message_get_outgoing (message) ||
                      (state != XEP174_MESSAGE_STATE_QUEUED && state != XEP174_MESSAGE_STATE_FAILED);

  return is_there && xep174_message_get_id (message) != NULL && !xep174_message_get_retracted (message);
}

gboolean
chat_message_is_changeable (Xep174Message *message)
{
  return xep174_message_get_outgoing (message) && chat_message_is_open (message);
}

gboolean
chat_message_is_styled (Xep174Message *message)
{
  Xep174Element *stanza = xep174_message_get_element (message);

  return !xep174_message_get_retracted (message) && chat_message_get_transfer (message) == NULL
         && (stanza == NULL || !xep174_styling_is_off (stanza));
}

const char *
chat_message_get_tick (Xep174Message *message)
{
  static const char *const ticks[] = {
    /* Translators: three states of a message */
    [XEP174_MESSAGE_STATE_SENT] = N_("sent"),
    [XEP174_MESSAGE_STATE_RECEIVED] = N_("received"),
    [XEP174_MESSAGE_STATE_READ] = N_("read"),
    [XEP174_MESSAGE_STATE_UNCONFIRMED] = NULL,
  };

  if (chat_message_get_transfer (message) != NULL)
    return NULL;

  return xep174_message_get_outgoing (message) ? ticks[xep174_message_get_state (message)] : NULL;
}

static char *
dup_reason (Xep174Message *message)
{
  const GError *error = xep174_message_get_error (message);

  if (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_UNCONFIRMED)
    return g_strdup (_("the other program did not confirm it"));

  return error != NULL ? cli_text_line (error->message) : NULL;
}

/* The time, and the day if it is another one than today. */
static char *
dup_clock (Xep174Message *message)
{
  GDateTime *time = xep174_message_get_time (message);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  gboolean is_today = g_date_time_get_year (time) == g_date_time_get_year (now) &&
                      g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (now);

  return g_date_time_format (time, is_today ? "%R" : "%x %R");
}

/* What went wrong, or not yet well; an error besides is that of a change. */
static const char *
find_word (Xep174Message *message)
{
  static const char *const words[] = {
    [XEP174_MESSAGE_STATE_QUEUED] = N_("sending…"),
    [XEP174_MESSAGE_STATE_FAILED] = N_("not sent"),
    [XEP174_MESSAGE_STATE_READ] = NULL,
    [XEP174_MESSAGE_STATE_UNCONFIRMED] = N_("may not have arrived"),
  };
  const char *word = words[xep174_message_get_state (message)];

  return word == NULL && xep174_message_get_error (message) != NULL ? N_("change not taken") : word;
}

static char *
describe_file (Xep174Transfer *transfer)
{
  const GError *error = chat_saving_get_error (transfer);
  gboolean is_prepared = chat_saving_is_pending (transfer) && !xep174_transfer_has_ended (transfer);
  g_autofree char *state = is_prepared ? g_strdup (_("preparing…")) : cli_transfer_describe (transfer);
  g_autofree char *text =
    error != NULL ? g_strconcat (state, ": ", error->message, NULL) : g_steal_pointer (&state);

  return cli_text_line (text);
}

char *
chat_message_dup_note (Xep174Message *message)
{
  Xep174Transfer *transfer = chat_message_get_transfer (message);
  const char *state = find_word (message);
  g_autofree char *clock = dup_clock (message);
  gboolean is_edited = xep174_message_get_edited (message) && !xep174_message_get_retracted (message);
  g_autofree char *edited = is_edited ? g_strconcat (" · ", _("edited"), NULL) : g_strdup ("");
  g_autofree char *reason = NULL;

  if (transfer != NULL)
    {
      g_autofree char *described = describe_file (transfer);

      return g_strconcat (clock, " · ", described, NULL);
    }
  if (state == NULL || !xep174_message_get_outgoing (message))
    return g_strconcat (clock, edited, NULL);

  reason = dup_reason (message);

  return g_strconcat (clock, edited, " · ", _(state), reason != NULL ? ": " : NULL, reason, NULL);
}

static int
get_state (Xep174Message *message)
{
  Xep174Transfer *transfer = chat_message_get_transfer (message);

  return transfer != NULL ? (int) xep174_transfer_get_state (transfer)
                          : (int) xep174_message_get_state (message);
}

gboolean
chat_message_is_moving (Xep174Message *message)
{
  Xep174Transfer *transfer = chat_message_get_transfer (message);

  return transfer != NULL && chat_saving_moves (transfer);
}

/* What the user has seen is the state of that moment, and counts no more when there is another one. */
void
chat_message_set_told (Xep174Message *message)
{
  g_object_set_qdata (G_OBJECT (message), told_quark (),
                      GINT_TO_POINTER (get_state (message) + 1));
}

void
chat_message_unset_told (Xep174Message *message)
{
  g_object_set_qdata (G_OBJECT (message), told_quark (), NULL);
}

/* What was begun in this run is told also if the user has seen it wait; what an earlier one has left
 * may wait on. */
static gboolean
is_file_untold (Xep174Message  *message,
                Xep174Transfer *transfer,
                int             told)
{
  gboolean is_left = g_object_get_qdata (G_OBJECT (message), left_quark ()) != NULL;

  if (xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_DONE || chat_message_is_offer (message))
    return FALSE;
  if (chat_saving_is_awaited (transfer))
    return TRUE;
  if (xep174_transfer_has_ended (transfer))
    return xep174_transfer_get_outgoing (transfer) && told != get_state (message) + 1;

  return !is_left || chat_message_is_moving (message);
}

gboolean
chat_message_is_untold (Xep174Message *message)
{
  Xep174MessageState state = xep174_message_get_state (message);
  int told = GPOINTER_TO_INT (g_object_get_qdata (G_OBJECT (message), told_quark ()));
  Xep174Transfer *transfer = chat_message_get_transfer (message);

  if (transfer != NULL)
    return is_file_untold (message, transfer, told);

  return xep174_message_get_outgoing (message) && chat_message_get_tick (message) == NULL
         && (state == XEP174_MESSAGE_STATE_QUEUED || told != (int) state + 1);
}
