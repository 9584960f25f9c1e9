/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-conversation.h"
#include "xep174-message-state-private.h"

struct _Xep174Message
{
  GObject parent_instance;

  Xep174MessageKind kind;
  char *body;
  char *id;
  Xep174Element *element;
  Xep174Contact *contact;
  /* What the program adds to the stanza; NULL if nothing. */
  GPtrArray *payloads;

  gboolean outgoing;
  Xep174MessageState state;
  GError *error;
  /* When it was said, in microseconds of the real time; and the same as an object, once it was asked for. */
  gint64 said;
  GDateTime *time;

  /* Where it stands; the conversation clears both before it goes. */
  Xep174Conversation *conversation;
  GSequenceIter *place;
  /* How many were sent before it there. */
  guint64 turn;
};

/* @outgoing: whether we have sent it. NULL if there is no text for a person. */
Xep174Message *xep174_message_new_from_element (Xep174Element *element,
                                                gboolean       outgoing);
/* The stanza to send, without addresses, because the session adds them. */
Xep174Element *xep174_message_to_element       (Xep174Message  *self,
                                                GError        **error);
/* Another message that says the same. */
Xep174Message *xep174_message_copy             (Xep174Message *self);
void           xep174_message_ensure_id        (Xep174Message *self);
/* It was said now, to or by @contact. */
void           xep174_message_stamp            (Xep174Message *self,
                                                Xep174Contact *contact);
/* What has happened to it. @error is why, if something went wrong. */
void           xep174_message_tell             (Xep174Message      *self,
                                                Xep174MessageEvent  event,
                                                const GError       *error);
