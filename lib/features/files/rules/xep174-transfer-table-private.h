/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-transfer-fsm-private.h"

/* The words in which the rows are written. */

#define ON(event)      [XEP174_TRANSFER_EVENT_##event]
#define FROM(a, b)     [XEP174_TRANSFER_EVENT_##a ... XEP174_TRANSFER_EVENT_##b]
#define ROW(state)     [XEP174_TRANSFER_##state]
#define GO(to, bits)   { TRUE, XEP174_TRANSFER_##to, bits }

#define ASK            XEP174_TRANSFER_DO_ASK
#define DROP           XEP174_TRANSFER_DO_DROP
#define OFFER          XEP174_TRANSFER_DO_SEND_OFFER
#define RESUME         XEP174_TRANSFER_DO_SEND_RESUME
#define ACCEPT         XEP174_TRANSFER_DO_SEND_ACCEPT
#define DECLINE        XEP174_TRANSFER_DO_SEND_DECLINE
#define UNKNOWN        XEP174_TRANSFER_DO_SEND_UNKNOWN
#define REPLACE        XEP174_TRANSFER_DO_SEND_REPLACE
#define REPLACED       XEP174_TRANSFER_DO_SEND_REPLACED
#define CHECKSUM       XEP174_TRANSFER_DO_SEND_CHECKSUM
#define RECEIVED       XEP174_TRANSFER_DO_SEND_RECEIVED
#define CANCEL         XEP174_TRANSFER_DO_SEND_CANCEL
#define FAIL           XEP174_TRANSFER_DO_SEND_FAILED
#define DIAL           XEP174_TRANSFER_DO_DIAL
#define MOVE           XEP174_TRANSFER_DO_MOVE
#define VERIFY         XEP174_TRANSFER_DO_VERIFY
#define KEEP           XEP174_TRANSFER_DO_KEEP
#define DISCARD        XEP174_TRANSFER_DO_DISCARD
#define REMEMBER       XEP174_TRANSFER_DO_REMEMBER
#define INQUIRE        XEP174_TRANSFER_DO_INQUIRE

/* How each state that is no end can end at any time; @then is done behind our own word. */
#define MAY_END_AND(then) \
  ON (CANCEL)       = GO (CANCELLED, DROP | CANCEL | then), \
  ON (CANCEL_CAME)  = GO (ENDED, DROP | DISCARD), \
  ON (FAILED_CAME)  = GO (FAILED, DROP | DISCARD), \
  ON (LIE_CAME)     = GO (FAILED, DROP | FAIL | then), \
  ON (LOCAL_FAILED) = GO (FAILED, DROP | FAIL | then)
#define MAY_END     MAY_END_AND (DISCARD)
