/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-message.h"

G_BEGIN_DECLS

/* What can happen to a message. */
typedef enum
{
  XEP174_MESSAGE_EVENT_HANDED_OVER, /* the program sends it, for the first time or again */
  XEP174_MESSAGE_EVENT_WRITTEN,
  XEP174_MESSAGE_EVENT_CONFIRMED,   /* by the stream, or by a receipt (XEP-0184) */
  XEP174_MESSAGE_EVENT_DISPLAYED,   /* XEP-0333, or our own user has read theirs */
  XEP174_MESSAGE_EVENT_PASSED,      /* one that was sent after it was displayed */
  XEP174_MESSAGE_EVENT_FAILED,      /* it was never written */
  XEP174_MESSAGE_EVENT_REFUSED,     /* it came back as an error */
  XEP174_MESSAGE_EVENT_UNCONFIRMED,
  XEP174_N_MESSAGE_EVENTS
} Xep174MessageEvent;

#define XEP174_N_MESSAGE_STATES (XEP174_MESSAGE_STATE_UNCONFIRMED + 1)

Xep174MessageState xep174_message_state_next (Xep174MessageState state,
                                              Xep174MessageEvent event);

G_END_DECLS
