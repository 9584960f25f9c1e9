/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-conversation.h"

G_BEGIN_DECLS

typedef enum
{
  CHAT_ROSTER_STATE_OFFLINE,
  CHAT_ROSTER_STATE_STARTING,
  CHAT_ROSTER_STATE_ONLINE,
  CHAT_ROSTER_STATE_STOPPING,
} ChatRosterState;

#define CHAT_TYPE_ROSTER (chat_roster_get_type ())
G_DECLARE_FINAL_TYPE (ChatRoster, chat_roster, CHAT, ROSTER, GObject)

typedef void (*ChatUntoldFunc) (ChatConversation *conversation,
                                Xep174Message    *message,
                                gpointer          data);

ChatRoster       *chat_roster_new                 (Xep174Client *client);
Xep174Client     *chat_roster_get_client          (ChatRoster *self);
/* The conversations whose contact has gone; the others belong to the list of contacts. */
GListModel       *chat_roster_get_absent          (ChatRoster *self);
ChatRosterState   chat_roster_get_state           (ChatRoster *self);
/* (nullable): why it could not go online */
const char       *chat_roster_get_problem         (ChatRoster *self);

void              chat_roster_start               (ChatRoster *self);
/* Waits until what was sent is confirmed, and files are offered or accepted, and says goodbye; the roster is
 * offline when it is done.
 * Asked again, it does not wait any longer. */
void              chat_roster_stop                (ChatRoster *self);

/* (transfer full): the one conversation with @contact */
ChatConversation *chat_roster_dup_conversation    (ChatRoster    *self,
                                                   Xep174Contact *contact);
/* (transfer full) (nullable): the conversation with the contact of that name, if there is one */
ChatConversation *chat_roster_find_conversation   (ChatRoster *self,
                                                   const char *name);

gboolean          chat_roster_has_spoken          (ChatRoster *self);
/* The end would interrupt a file: it moves, is read before it is offered, or gets room on the disk.
 * “files-changed” tells that this may have changed. */
gboolean          chat_roster_is_busy             (ChatRoster *self);
/* See chat_leaving_await_files(). */
void              chat_roster_await_files         (ChatRoster *self,
                                                   gboolean    awaits);
gboolean          chat_roster_awaits_interrupted  (ChatRoster *self);
/* For each message or file that may not have arrived, and the user has not seen that. */
void              chat_roster_foreach_untold      (ChatRoster     *self,
                                                   ChatUntoldFunc  func,
                                                   gpointer        data);

G_END_DECLS
