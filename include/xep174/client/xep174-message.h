/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-contact.h"
#include "xep174-element.h"
#include "xep174-version.h"

G_BEGIN_DECLS

/**
 * Xep174MessageKind:
 * @XEP174_MESSAGE_KIND_NORMAL: a message outside of a conversation
 * @XEP174_MESSAGE_KIND_CHAT: a message of a conversation between two
 * @XEP174_MESSAGE_KIND_HEADLINE: something that expects no answer
 *
 * The `type` of a message (RFC 6121 §5.2.2). An error is no message, see
 * [signal@Client::message-refused].
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_MESSAGE_KIND_NORMAL,
  XEP174_MESSAGE_KIND_CHAT,
  XEP174_MESSAGE_KIND_HEADLINE,
} Xep174MessageKind;

/**
 * Xep174MessageState:
 * @XEP174_MESSAGE_STATE_QUEUED: ours, and not sent yet
 * @XEP174_MESSAGE_STATE_SENT: written to the connection
 * @XEP174_MESSAGE_STATE_RECEIVED: it has arrived: ours at the contact's program, theirs here
 * @XEP174_MESSAGE_STATE_READ: shown to the person who it is for
 * @XEP174_MESSAGE_STATE_FAILED: ours; it was not sent, or the contact's program did not take it
 * @XEP174_MESSAGE_STATE_UNCONFIRMED: ours; it was sent, and whether it has arrived is not known
 *
 * What is known of a message.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_MESSAGE_STATE_QUEUED,
  XEP174_MESSAGE_STATE_SENT,
  XEP174_MESSAGE_STATE_RECEIVED,
  XEP174_MESSAGE_STATE_READ,
  XEP174_MESSAGE_STATE_FAILED,
  XEP174_MESSAGE_STATE_UNCONFIRMED,
} Xep174MessageState;

#define XEP174_TYPE_MESSAGE (xep174_message_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Message, xep174_message, XEP174, MESSAGE, GObject)

XEP174_AVAILABLE_IN_1_0
Xep174Message     *xep174_message_new         (Xep174MessageKind  kind,
                                               const char        *body);
XEP174_AVAILABLE_IN_1_0
Xep174Message     *xep174_message_new_reply   (Xep174Message     *self,
                                               const char        *body);
XEP174_AVAILABLE_IN_1_0
Xep174MessageKind  xep174_message_get_kind    (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
const char        *xep174_message_get_body    (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
const char        *xep174_message_get_id      (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
void               xep174_message_set_id      (Xep174Message *self,
                                               const char    *id);
XEP174_AVAILABLE_IN_1_0
Xep174Element     *xep174_message_get_element (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
void               xep174_message_append      (Xep174Message *self,
                                               Xep174Element *payload);
XEP174_AVAILABLE_IN_1_0
Xep174Contact     *xep174_message_get_contact  (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
gboolean           xep174_message_get_outgoing (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
GDateTime         *xep174_message_get_time     (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
Xep174MessageState xep174_message_get_state    (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
const GError      *xep174_message_get_error    (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
gboolean           xep174_message_get_edited   (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
gboolean           xep174_message_get_retracted (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
const char * const *xep174_message_get_reactions (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
const char * const *xep174_message_get_own_reactions (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
const char        *xep174_message_get_reply_to (Xep174Message *self);
XEP174_AVAILABLE_IN_1_0
Xep174Message     *xep174_message_find_answered (Xep174Message *self);

G_END_DECLS
