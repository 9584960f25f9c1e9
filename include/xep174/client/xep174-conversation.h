/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-chat-states.h"
#include "xep174-contact.h"
#include "xep174-message.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_CONVERSATION (xep174_conversation_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Conversation, xep174_conversation, XEP174, CONVERSATION, GObject)

XEP174_AVAILABLE_IN_1_0
Xep174Contact   *xep174_conversation_get_contact       (Xep174Conversation *self);
XEP174_AVAILABLE_IN_1_0
guint            xep174_conversation_get_unread        (Xep174Conversation *self);
XEP174_AVAILABLE_IN_1_0
guint            xep174_conversation_get_limit         (Xep174Conversation *self);
XEP174_AVAILABLE_IN_1_0
void             xep174_conversation_set_limit         (Xep174Conversation *self,
                                                        guint               limit);
XEP174_AVAILABLE_IN_1_0
Xep174ChatState  xep174_conversation_get_contact_state (Xep174Conversation *self);
XEP174_AVAILABLE_IN_1_0
void             xep174_conversation_set_state         (Xep174Conversation *self,
                                                        Xep174ChatState     state);
XEP174_AVAILABLE_IN_1_0
void             xep174_conversation_mark_read         (Xep174Conversation *self);
XEP174_AVAILABLE_IN_1_0
void             xep174_conversation_insert            (Xep174Conversation *self,
                                                        guint               position,
                                                        Xep174Message      *message);
XEP174_AVAILABLE_IN_1_0
Xep174Message   *xep174_conversation_find_message      (Xep174Conversation *self,
                                                        gboolean            outgoing,
                                                        const char         *id);
XEP174_AVAILABLE_IN_1_0
void             xep174_conversation_send_async        (Xep174Conversation  *self,
                                                        Xep174Message       *message,
                                                        GCancellable        *cancellable,
                                                        GAsyncReadyCallback  callback,
                                                        gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean         xep174_conversation_send_finish       (Xep174Conversation *self,
                                                        GAsyncResult       *result,
                                                        GError            **error);
XEP174_AVAILABLE_IN_1_0
void             xep174_conversation_correct_async     (Xep174Conversation  *self,
                                                        Xep174Message       *message,
                                                        const char          *text,
                                                        GCancellable        *cancellable,
                                                        GAsyncReadyCallback  callback,
                                                        gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean         xep174_conversation_correct_finish    (Xep174Conversation *self,
                                                        GAsyncResult       *result,
                                                        GError            **error);
XEP174_AVAILABLE_IN_1_0
void             xep174_conversation_retract_async     (Xep174Conversation  *self,
                                                        Xep174Message       *message,
                                                        GCancellable        *cancellable,
                                                        GAsyncReadyCallback  callback,
                                                        gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean         xep174_conversation_retract_finish    (Xep174Conversation *self,
                                                        GAsyncResult       *result,
                                                        GError            **error);
XEP174_AVAILABLE_IN_1_0
void             xep174_conversation_react_async       (Xep174Conversation  *self,
                                                        Xep174Message       *message,
                                                        const char * const  *reactions,
                                                        GCancellable        *cancellable,
                                                        GAsyncReadyCallback  callback,
                                                        gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean         xep174_conversation_react_finish      (Xep174Conversation *self,
                                                        GAsyncResult       *result,
                                                        GError            **error);

G_END_DECLS
