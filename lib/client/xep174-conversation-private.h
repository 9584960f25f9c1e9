/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature-host.h"
#include "xep174-message-private.h"

struct _Xep174Conversation
{
  GObject parent_instance;

  Xep174FeatureHost *host; /* weak */
  Xep174Contact *contact;
  GSequence *messages;
  /* Ours that the contact may still say to have shown, in the order in which they were sent. */
  GSequence *awaited;
  /* Their id, or that of a correction -> the last message that has it, of each side. */
  GHashTable *ours;
  GHashTable *theirs;
  /* Their id -> ours that had to go before it was known what becomes of them. */
  GHashTable *open;
  guint limit;
  gsize octets; /* of all messages */
  guint unread;
  guint64 turns;
  Xep174ChatState contact_state;
};

/* @host is the client; it is not held. */
Xep174Conversation *xep174_conversation_new          (Xep174FeatureHost  *host,
                                                      Xep174Contact      *contact);
/* (transfer none) (nullable): the client, as long as it lives and has not dropped us. */
Xep174FeatureHost  *xep174_conversation_get_host     (Xep174Conversation *self);
/* The client has dropped it: nothing comes any more. */
void                xep174_conversation_end          (Xep174Conversation *self);
/* The same name, found as another object. */
void                xep174_conversation_set_contact  (Xep174Conversation *self,
                                                      Xep174Contact      *contact);
void                xep174_conversation_set_contact_state (Xep174Conversation *self,
                                                           Xep174ChatState     state);
void                xep174_conversation_append       (Xep174Conversation *self,
                                                      Xep174Message      *message);
/* (transfer full): what stands for @message here, from now on queued. */
Xep174Message      *xep174_conversation_hand_over    (Xep174Conversation *self,
                                                      Xep174Message      *message);
/* (transfer none) (nullable): one with that @id, or with a correction that has it. */
Xep174Message      *xep174_conversation_find_named   (Xep174Conversation *self,
                                                      gboolean            outgoing,
                                                      const char         *id);
/* (transfer none) (nullable): ours with that @id, also one that had to go and whose end is not known yet. */
Xep174Message      *xep174_conversation_find_sent    (Xep174Conversation *self,
                                                      const char         *id);
/* Ours with that @id was shown, and so were those that were sent before it (XEP-0333 §4.2). */
void                xep174_conversation_tell_displayed (Xep174Conversation *self,
                                                        const char         *id);
/* Which of two of ours was sent first; of those that were sent before there was a conversation, which stands
 * first. */
int                 xep174_conversation_compare_turns (gconstpointer one,
                                                       gconstpointer other,
                                                       gpointer      data);
/* @message, which stands in it, is about to be corrected by the stanza @id (nullable). */
void                xep174_conversation_note_correction (Xep174Conversation *self,
                                                         Xep174Message      *message,
                                                         const char         *id);
/* @link is one of its corrections. */
void                xep174_conversation_forget_correction (Xep174Conversation *self,
                                                           Xep174Message      *message,
                                                           GList              *link);
/* @message comes in, and goes; who goes is told of by the caller. */
void                xep174_conversation_put          (Xep174Conversation *self,
                                                      guint               position,
                                                      Xep174Message      *message);
void                xep174_conversation_let_go       (Xep174Conversation *self,
                                                      Xep174Message      *message);
/* What is too much goes. */
void                xep174_conversation_trim         (Xep174Conversation *self);
/* @message, which stands in it, may take more or less now; it is gone afterwards if that is too much. */
void                xep174_conversation_weigh        (Xep174Conversation *self,
                                                      Xep174Message      *message);
void                xep174_conversation_await        (Xep174Conversation *self,
                                                      Xep174Message      *message);
void                xep174_conversation_await_no_more (Xep174Message     *message);
gboolean            xep174_conversation_is_unread    (Xep174Message      *message);
/* There were so many before. */
void                xep174_conversation_tell_unread  (Xep174Conversation *self,
                                                      guint               before);
