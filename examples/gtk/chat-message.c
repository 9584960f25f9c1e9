/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One message of a conversation, and what happened to it. */

#include "chat-message.h"

#include "chat-enums.h"
#include "cli-text.h"

/* A stanza may have 256 KiB. To lay out so much text would stop the window for seconds. */
#define SHOWN_CHARACTERS 8000

struct _ChatMessage
{
  GObject parent_instance;

  Xep174Message *stanza;
  GDateTime *time;
  char *text;
  ChatMessageState state;
  char *reason;
  gboolean is_told;
};

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_STATE,
  PROP_NOTE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ChatMessage, chat_message, G_TYPE_OBJECT)

static void
chat_message_finalize (GObject *object)
{
  ChatMessage *self = CHAT_MESSAGE (object);

  g_clear_object (&self->stanza);
  g_date_time_unref (self->time);
  g_free (self->text);
  g_free (self->reason);

  G_OBJECT_CLASS (chat_message_parent_class)->finalize (object);
}

static void
chat_message_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ChatMessage *self = CHAT_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_NOTE:
      g_value_take_string (value, chat_message_dup_note (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
chat_message_class_init (ChatMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = chat_message_finalize;
  object_class->get_property = chat_message_get_property;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, read);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, CHAT_TYPE_MESSAGE_STATE, CHAT_MESSAGE_STATE_THEIRS,
                       read);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, read);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
chat_message_init (ChatMessage *self)
{
  self->time = g_date_time_new_now_local ();
}

static char *
shorten (const char *body)
{
  g_autofree char *printable = cli_text_printable (body);
  g_autofree char *begin = NULL;

  if (g_utf8_strlen (printable, -1) <= SHOWN_CHARACTERS)
    return g_steal_pointer (&printable);

  begin = g_utf8_substring (printable, 0, SHOWN_CHARACTERS);

  return g_strconcat (begin, " … (too long to be shown)", NULL);
}

ChatMessage *
chat_message_new (Xep174Message    *stanza,
                  ChatMessageState  state)
{
  ChatMessage *self = g_object_new (CHAT_TYPE_MESSAGE, NULL);

  self->stanza = g_object_ref (stanza);
  self->text = shorten (xep174_message_get_body (stanza));
  self->state = state;

  return self;
}

Xep174Message *
chat_message_get_stanza (ChatMessage *self)
{
  return self->stanza;
}

const char *
chat_message_get_text (ChatMessage *self)
{
  return self->text;
}

gboolean
chat_message_is_own (ChatMessage *self)
{
  return self->state != CHAT_MESSAGE_STATE_THEIRS && self->state != CHAT_MESSAGE_STATE_NOTE;
}

ChatMessageState
chat_message_get_state (ChatMessage *self)
{
  return self->state;
}

void
chat_message_set_state (ChatMessage      *self,
                        ChatMessageState  state,
                        const char       *reason)
{
  self->state = state;
  self->is_told = FALSE;
  g_free (self->reason);
  self->reason = g_strdup (reason);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTE]);
}

void
chat_message_set_told (ChatMessage *self)
{
  self->is_told = self->state != CHAT_MESSAGE_STATE_SENDING;
}

gboolean
chat_message_is_untold (ChatMessage *self)
{
  return chat_message_is_own (self) && chat_message_get_tick (self) == NULL && !self->is_told;
}

const char *
chat_message_get_tick (ChatMessage *self)
{
  switch (self->state)
    {
    case CHAT_MESSAGE_STATE_SENT:
      return "sent";
    case CHAT_MESSAGE_STATE_RECEIVED:
      return "received";
    default:
      return NULL;
    }
}

char *
chat_message_dup_note (ChatMessage *self)
{
  static const char *const words[] = {
    [CHAT_MESSAGE_STATE_SENDING] = "sending…",
    [CHAT_MESSAGE_STATE_UNCONFIRMED] = "may not have arrived",
    [CHAT_MESSAGE_STATE_FAILED] = "not sent",
  };
  g_autofree char *clock = g_date_time_format (self->time, "%R");

  if (words[self->state] == NULL)
    return g_steal_pointer (&clock);

  return g_strconcat (clock, " · ", words[self->state],
                      self->reason != NULL ? ": " : NULL, self->reason, NULL);
}
