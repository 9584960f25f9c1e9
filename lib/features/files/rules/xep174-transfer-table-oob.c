/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows for who fetches a file (XEP-0066): one offer, which is answered only when the file is here or will
 * not be, and one connection. Nothing of that needs the conversation, which telepathy-salut ends after some
 * seconds: so it may be lost. */

#include "xep174-transfer-table-private.h"

#define GIVEN_UP GO (FAILED, DROP | FAIL | DISCARD)

/* However it ends, the offer is answered. */
#define MAY_STOP \
  ON (CANCEL)       = GO (CANCELLED, DROP | CANCEL | DISCARD), \
  ON (CANCEL_CAME)  = GO (ENDED, DROP | FAIL | DISCARD), \
  ON (FAILED_CAME)  = GIVEN_UP, \
  ON (LIE_CAME)     = GIVEN_UP, \
  ON (LOCAL_FAILED) = GIVEN_UP

XEP174_TABLE Xep174TransferTable xep174_transfer_table_oob = {
  ROW (NEW) = {
    ON (OFFER_CAME)   = GO (ASKED, ASK),
  },
  ROW (ASKED) = {
    MAY_STOP,
    ON (ACCEPT)       = GO (CONNECTING, DIAL),
    ON (DECLINE)      = GO (DECLINED, DECLINE),
    ON (TIMEOUT)      = GO (FAILED, DECLINE),
  },
  /* Until the other side has said that it gives the file. */
  ROW (CONNECTING) = {
    MAY_STOP,
    ON (PATH_FOUND)   = GO (MOVING, MOVE),
    ON (NO_PATH)      = GIVEN_UP,
    ON (TIMEOUT)      = GIVEN_UP,
  },
  ROW (MOVING) = {
    MAY_STOP,
    ON (ALL)          = GO (VERIFYING, VERIFY),
    ON (TOO_MUCH)     = GIVEN_UP,
    ON (PATH_LOST)    = GIVEN_UP,
    ON (TIMEOUT)      = GIVEN_UP,
  },
  ROW (VERIFYING) = {
    MAY_STOP,
    ON (HASH_NONE)    = GO (TAKEN, DROP | RECEIVED),
    ON (TOO_MUCH)     = GIVEN_UP,
    ON (TIMEOUT)      = GIVEN_UP,
  },
};
