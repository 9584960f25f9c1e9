/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows towards other programs (XEP-0096, XEP-0065): one offer, one connection, which the receiver
 * makes, and no hash. What is broken off begins anew, if the person wants that. libpurple says nothing
 * when it cancels and closes the connection when it has all. */

#include "xep174-transfer-table-private.h"

#define GIVEN_UP GO (FAILED, DROP | FAIL | DISCARD)

XEP174_TABLE Xep174TransferTable xep174_transfer_tables_si[2] = {
  [XEP174_TRANSFER_SENDER] = {
    ROW (NEW) = {
      ON (SEND)         = GO (OFFERED, OFFER),
    },
    ROW (OFFERED) = {
      MAY_END,
      ON (ACCEPT_CAME)  = GO (CONNECTING, DIAL),
      ON (DECLINE_CAME) = GO (DECLINED, 0),
      ON (LINK_LOST)    = GO (FAILED, 0),
      ON (TIMEOUT)      = GO (FAILED, 0),
    },
    ROW (CONNECTING) = {
      MAY_END,
      ON (DECLINE_CAME) = GO (DECLINED, DROP),
      ON (PATH_FOUND)   = GO (MOVING, MOVE),
      ON (NO_PATH)      = GIVEN_UP,
      ON (LINK_LOST)    = GO (FAILED, DROP),
      ON (TIMEOUT)      = GIVEN_UP,
    },
    ROW (MOVING) = {
      MAY_END,
      ON (ALL)          = GO (CHECKING, 0),
      ON (PATH_LOST)    = GIVEN_UP,
      ON (TIMEOUT)      = GIVEN_UP,
    },
    ROW (CHECKING) = {
      MAY_END,
      ON (PATH_LOST)    = GO (TAKEN, DROP),
      ON (TIMEOUT)      = GO (UNCONFIRMED, DROP),
    },
  },

  [XEP174_TRANSFER_RECEIVER] = {
    ROW (NEW) = {
      ON (OFFER_CAME)   = GO (ASKED, ASK),
    },
    ROW (ASKED) = {
      MAY_END,
      ON (ACCEPT)       = GO (CONNECTING, ACCEPT | DIAL),
      ON (DECLINE)      = GO (DECLINED, DECLINE),
      ON (LINK_LOST)    = GO (FAILED, 0),
      ON (TIMEOUT)      = GO (FAILED, DECLINE),
    },
    ROW (CONNECTING) = {
      MAY_END,
      ON (PATH_FOUND)   = GO (MOVING, MOVE),
      ON (NO_PATH)      = GIVEN_UP,
      ON (LINK_LOST)    = GO (FAILED, DROP | DISCARD),
      ON (TIMEOUT)      = GIVEN_UP,
    },
    ROW (MOVING) = {
      MAY_END,
      ON (ALL)          = GO (VERIFYING, VERIFY),
      ON (TOO_MUCH)     = GIVEN_UP,
      ON (PATH_LOST)    = GIVEN_UP,
      ON (TIMEOUT)      = GIVEN_UP,
    },
    /* Closed when the file is in its place: until then it may still go wrong. */
    ROW (VERIFYING) = {
      MAY_END,
      ON (HASH_NONE)    = GO (TAKEN, DROP),
      ON (HASH_RIGHT)   = GO (DONE, DROP), /* XEP-0096 §3.1 has room for an MD5 */
      ON (HASH_WRONG)   = GIVEN_UP,
      ON (TOO_MUCH)     = GIVEN_UP,
      ON (TIMEOUT)      = GIVEN_UP,
    },
  },
};
