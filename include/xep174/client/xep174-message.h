/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

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

#define XEP174_TYPE_MESSAGE (xep174_message_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Message, xep174_message, XEP174, MESSAGE, GObject)

XEP174_AVAILABLE_IN_1_0
Xep174Message     *xep174_message_new         (Xep174MessageKind  kind,
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

G_END_DECLS
