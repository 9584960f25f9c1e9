/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-conversation.h"
#include "xep174-feature-host.h"
#include "xep174-message-state-private.h"

/* Another text that took the place of what a message said; if that was ours, of what. */
typedef struct
{
  char *id;
  char *before; /* %NULL if it was not ours */
  gboolean edited; /* before it */
} Xep174Correction;

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

  /* What was said of it later. */
  gboolean edited;
  gboolean retracted;
  GStrv reactions; /* NULL if there are none, like ours */
  GStrv own_reactions;
  char *reply_to;
  /* (element-type Xep174Correction): the last ones, the newest first, as long as it stands in a
   * conversation. */
  GQueue corrections;

  /* What holds it until its end is known, though it stands nowhere any more; %NULL if nothing does. */
  GHashTable *open;
  /* Where it stands, and, if it is ours, among those that may be shown; the conversation clears these
   * before it goes. */
  Xep174Conversation *conversation;
  GSequenceIter *place;
  GSequenceIter *awaited;
  /* How much of the memory of the conversation it is. */
  gsize octets;
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
/* It was said to or by @contact: at @said, in microseconds of the real time, or now if that is 0 or to
 * come. */
void           xep174_message_stamp            (Xep174Message *self,
                                                Xep174Contact *contact,
                                                gint64         said);
/* When @stanza was said, if it has come late and says so (XEP-0203); else 0. */
gint64         xep174_message_find_delay       (Xep174Element *stanza);
/* Of signs, also of none. */
static inline const char * const *
xep174_message_list_signs (GStrv signs)
{
  static const char *const none[] = { NULL };

  return signs != NULL ? (const char * const *) signs : none;
}

/* What it takes, as far as anybody but us decides that. */
gsize          xep174_message_count_octets     (Xep174Message *self);
/* (transfer full) (nullable): @signs, each once (XEP-0444 §4). */
GStrv          xep174_message_dup_signs        (const char * const *signs);
/* @better, which has another text, takes its place. */
void           xep174_message_correct          (Xep174Message *self,
                                                Xep174Message *better);
/* The contact has refused the correction @id of @self, which is ours. */
void           xep174_message_refuse_correction (Xep174Message *self,
                                                 const char    *id,
                                                 const GError  *error);
void           xep174_message_retract          (Xep174Message *self);
/* @ours: whether they are the user's. */
void           xep174_message_put_reactions    (Xep174Message      *self,
                                                gboolean            ours,
                                                const char * const *reactions);
/* Of a received one: what it answers, if the client has the feature. */
void           xep174_message_read_reply       (Xep174Message     *self,
                                                Xep174FeatureHost *host);
/* @stanza, which is @self and goes to the contact @name, says what it answers, if that is so. */
gboolean       xep174_message_write_reply      (Xep174Message      *self,
                                                Xep174FeatureHost  *host,
                                                const char         *name,
                                                Xep174Element      *stanza,
                                                GError            **error);
/* Whether its state has an error. */
static inline gboolean
xep174_message_has_gone_wrong (Xep174Message *self)
{
  return self->state == XEP174_MESSAGE_STATE_FAILED || self->state == XEP174_MESSAGE_STATE_UNCONFIRMED;
}

/* Whether it is not known yet what has become of it. */
gboolean       xep174_message_is_open          (Xep174Message *self);
/* What has happened to it. @error is why, if something went wrong. */
void           xep174_message_tell             (Xep174Message      *self,
                                                Xep174MessageEvent  event,
                                                const GError       *error);
