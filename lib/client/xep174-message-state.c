/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What becomes of a message: a table. What is known to have arrived stays so, whatever is told later; only
 * its refusal is told by its reader. What waits for its receipt is queued, and so may be read. Nothing
 * brings back what has failed but its sender. */

#include "xep174-message-state-private.h"

#define QUEUED XEP174_MESSAGE_STATE_QUEUED
#define SENT XEP174_MESSAGE_STATE_SENT
#define RECEIVED XEP174_MESSAGE_STATE_RECEIVED
#define READ XEP174_MESSAGE_STATE_READ
#define FAILED XEP174_MESSAGE_STATE_FAILED
#define UNCONF XEP174_MESSAGE_STATE_UNCONFIRMED

static const guint8 table[XEP174_N_MESSAGE_STATES][XEP174_N_MESSAGE_EVENTS] = {
  /*             handed over, written,  confirmed, displayed, passed,   failed,   refused,  unconfirmed */
  [QUEUED] =   { QUEUED,      SENT,     RECEIVED,  READ,      READ,     FAILED,   FAILED,   UNCONF },
  [SENT] =     { SENT,        SENT,     RECEIVED,  READ,      READ,     SENT,     FAILED,   UNCONF },
  [RECEIVED] = { RECEIVED,    RECEIVED, RECEIVED,  READ,      READ,     RECEIVED, FAILED,   RECEIVED },
  [READ] =     { READ,        READ,     READ,      READ,      READ,     READ,     READ,     READ },
  [FAILED] =   { QUEUED,      FAILED,   FAILED,    FAILED,    FAILED,   FAILED,   FAILED,   FAILED },
  [UNCONF] =   { QUEUED,      UNCONF,   RECEIVED,  READ,      UNCONF,   UNCONF,   FAILED,   UNCONF },
};

Xep174MessageState
xep174_message_state_next (Xep174MessageState state,
                           Xep174MessageEvent event)
{
  return table[state][event];
}
