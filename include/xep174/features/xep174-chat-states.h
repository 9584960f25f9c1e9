/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature.h"
#include "xep174-version.h"

G_BEGIN_DECLS

/**
 * Xep174ChatState:
 * @XEP174_CHAT_STATE_ACTIVE: takes part, and is not typing
 * @XEP174_CHAT_STATE_COMPOSING: is typing
 * @XEP174_CHAT_STATE_PAUSED: was typing, and has stopped for a while
 * @XEP174_CHAT_STATE_INACTIVE: does something else
 * @XEP174_CHAT_STATE_GONE: has left the conversation
 *
 * What somebody does in a conversation (XEP-0085 §2).
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_CHAT_STATE_ACTIVE,
  XEP174_CHAT_STATE_COMPOSING,
  XEP174_CHAT_STATE_PAUSED,
  XEP174_CHAT_STATE_INACTIVE,
  XEP174_CHAT_STATE_GONE,
} Xep174ChatState;

#define XEP174_TYPE_CHAT_STATES (xep174_chat_states_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174ChatStates, xep174_chat_states, XEP174, CHAT_STATES, Xep174Feature)

XEP174_AVAILABLE_IN_1_0
Xep174ChatStates *xep174_chat_states_new       (void);
XEP174_AVAILABLE_IN_1_0
Xep174ChatState   xep174_chat_states_get_state (Xep174ChatStates *self,
                                                const char       *contact);
XEP174_AVAILABLE_IN_1_0
void              xep174_chat_states_set_own   (Xep174ChatStates *self,
                                                const char       *contact,
                                                Xep174ChatState   state);

G_END_DECLS
