/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows between ours (XEP-0234): a transfer outlives the connections, the conversation and both
 * programs. Each time it is offered is a Jingle session of its own. The sender alone begins one: so two
 * beginnings never cross. CANCEL, FAILED, DECLINE and RECEIVED are about the transfer, whenever they were
 * said; all other words only about the session that they belong to. */

#include "xep174-transfer-table-private.h"

#define GIVEN_UP GO (FAILED, DROP | FAIL | DISCARD)

/* Who receives waits for us: it has to hear the end, whenever that is. */
#define MAY_END_TOLD  MAY_END_AND (REMEMBER)
#define GIVEN_UP_TOLD GO (FAILED, DROP | FAIL | REMEMBER)

/* What was accepted is accepted again, from where it was broken off. */
#define GOES_ON \
  FROM (OFFER_CAME, RESUME_CAME)   = GO (CONNECTING, DROP | ACCEPT | DIAL), \
  FROM (OFFER_WHOLE, RESUME_WHOLE) = GO (CHECKING, DROP | ACCEPT)

/* Who did not hear how it ended asks again, or goes on, and is told again. */
#define TOLD_AGAIN(state, word) \
  ON (CHECKSUM_CAME)               = GO (state, word), \
  FROM (OFFER_CAME, RESUME_CAME)   = GO (state, word), \
  FROM (OFFER_WHOLE, RESUME_WHOLE) = GO (state, word)
#define NOT_WANTED(state) \
  ON (ACCEPT_CAME) = GO (state, CANCEL), \
  ON (WHOLE_CAME)  = GO (state, CANCEL)
#define TOLD(state, word) \
  ON (HEARD)       = GO (state, DISCARD), \
  ON (TELL_AGAIN)  = GO (state, word)

XEP174_TABLE Xep174TransferTable xep174_transfer_tables[2] = {
  [XEP174_TRANSFER_SENDER] = {
    ROW (NEW) = {
      ON (SEND)           = GO (OFFERED, OFFER | KEEP),
    },
    ROW (OFFERED) = {
      MAY_END_TOLD,
      ON (ACCEPT_CAME)    = GO (CONNECTING, DIAL | KEEP),
      ON (WHOLE_CAME)     = GO (CHECKING, CHECKSUM | KEEP),
      ON (DECLINE_CAME)   = GO (DECLINED, DISCARD),
      ON (UNKNOWN_CAME)   = GO (FAILED, DISCARD),
      ON (UNKNOWN_WHOLE)  = GO (FAILED, DISCARD),
      ON (RECEIVED_CAME)  = GIVEN_UP_TOLD, /* of what was never sent */
      ON (LINK_LOST)      = GO (WAITING, 0),
      ON (LINK_BACK)      = GO (OFFERED, OFFER), /* it was said into a dead link */
      ON (TIMEOUT)        = GO (FAILED, CANCEL | REMEMBER),
    },
    ROW (WAITING) = {
      MAY_END_TOLD,
      ON (DECLINE_CAME)   = GO (DECLINED, DISCARD),
      ON (LINK_BACK)      = GO (OFFERED, OFFER),
      ON (TIMEOUT)        = GO (FAILED, CANCEL | REMEMBER),
    },
    ROW (CONNECTING) = {
      MAY_END_TOLD,
      ON (DECLINE_CAME)   = GO (DECLINED, DROP | DISCARD),
      ON (RECEIVED_CAME)  = GIVEN_UP_TOLD,
      ON (PATH_FOUND)     = GO (MOVING, MOVE),
      ON (NO_PATH)        = GO (REPLACING, DROP | REPLACE),
      ON (LINK_LOST)      = GO (AWAY, DROP),
      ON (TIMEOUT)        = GO (RESTING, DROP),
    },
    ROW (REPLACING) = {
      MAY_END_TOLD,
      ON (DECLINE_CAME)   = GO (DECLINED, DISCARD),
      ON (REPLACED_CAME)  = GO (IN_BAND, MOVE),
      ON (RECEIVED_CAME)  = GIVEN_UP_TOLD,
      ON (LINK_LOST)      = GO (AWAY, 0),
      ON (TIMEOUT)        = GO (RESTING, 0),
    },
    /* The connection lives on while the conversation is renewed. */
    ROW (MOVING) = {
      MAY_END_TOLD,
      ON (DECLINE_CAME)   = GO (DECLINED, DROP | DISCARD),
      ON (RECEIVED_CAME)  = GIVEN_UP_TOLD,
      ON (RECEIVED_SOON)  = GO (DONE, DROP | DISCARD),
      ON (ALL)            = GO (CHECKING, CHECKSUM),
      ON (PATH_LOST)      = GO (RESTING, DROP),
      ON (TIMEOUT)        = GO (RESTING, DROP),
    },
    ROW (IN_BAND) = {
      MAY_END_TOLD,
      ON (DECLINE_CAME)   = GO (DECLINED, DROP | DISCARD),
      ON (RECEIVED_CAME)  = GIVEN_UP_TOLD,
      ON (RECEIVED_SOON)  = GO (DONE, DROP | DISCARD),
      ON (ALL)            = GO (CHECKING, CHECKSUM),
      ON (PATH_LOST)      = GO (RESTING, DROP),
      ON (LINK_LOST)      = GO (AWAY, DROP),
      ON (TIMEOUT)        = GO (RESTING, DROP),
    },
    /* The connection stays until the contact has read all of it. */
    ROW (CHECKING) = {
      MAY_END_TOLD,
      ON (DECLINE_CAME)   = GO (DECLINED, DROP | DISCARD),
      ON (RECEIVED_CAME)  = GO (DONE, DROP | DISCARD),
      ON (LINK_LOST)      = GO (AWAY, DROP),
      ON (LINK_BACK)      = GO (REOFFERED, DROP | RESUME), /* the contact may have begun anew */
      ON (TIMEOUT)        = GO (RESTING, DROP),
    },
    ROW (RESTING) = {
      MAY_END_TOLD,
      ON (DECLINE_CAME)   = GO (DECLINED, DISCARD),
      ON (RECEIVED_CAME)  = GO (DONE, DISCARD),
      ON (LINK_LOST)      = GO (AWAY, 0),
      ON (LINK_BACK)      = GO (REOFFERED, RESUME),
      ON (TIMEOUT)        = GO (REOFFERED, RESUME),
      ON (TIRED)          = GIVEN_UP_TOLD,
    },
    ROW (AWAY) = {
      MAY_END_TOLD,
      ON (DECLINE_CAME)   = GO (DECLINED, DISCARD),
      ON (RECEIVED_CAME)  = GO (DONE, DISCARD),
      ON (LINK_BACK)      = GO (REOFFERED, RESUME),
      ON (TIMEOUT)        = GIVEN_UP_TOLD,
    },
    ROW (REOFFERED) = {
      MAY_END_TOLD,
      ON (ACCEPT_CAME)    = GO (CONNECTING, DIAL),
      ON (WHOLE_CAME)     = GO (CHECKING, CHECKSUM),
      ON (DECLINE_CAME)   = GO (DECLINED, DISCARD),
      ON (UNKNOWN_CAME)   = GO (FAILED, DISCARD),
      ON (UNKNOWN_WHOLE)  = GO (UNCONFIRMED, DISCARD),
      ON (RECEIVED_CAME)  = GO (DONE, DISCARD),
      ON (LINK_LOST)      = GO (AWAY, 0),
      ON (LINK_BACK)      = GO (REOFFERED, RESUME),
      ON (TIMEOUT)        = GO (RESTING, 0),
    },
    /* Who receives does not ask: it waits for us. */
    ROW (DECLINED)        = { NOT_WANTED (DECLINED) },
    ROW (CANCELLED)       = { NOT_WANTED (CANCELLED), TOLD (CANCELLED, CANCEL) },
    ROW (ENDED)           = { NOT_WANTED (ENDED) },
    ROW (FAILED)          = { NOT_WANTED (FAILED), TOLD (FAILED, FAIL) },
  },

  [XEP174_TRANSFER_RECEIVER] = {
    ROW (NEW) = {
      ON (OFFER_CAME)     = GO (ASKED, ASK),
      ON (OFFER_WHOLE)    = GO (ASKED, ASK), /* an empty file */
      ON (RESUME_CAME)    = GO (NEW, UNKNOWN),
      ON (RESUME_WHOLE)   = GO (NEW, UNKNOWN),
    },
    /* An offer that comes again, since the sender has lost the answer or has not heard one, asks nobody
     * twice. An answer that is lost on a broken link is given to the next offer. */
    ROW (ASKED) = {
      MAY_END,
      ON (ACCEPT)         = GO (CONNECTING, ACCEPT | DIAL | KEEP),
      ON (ACCEPT_WHOLE)   = GO (CHECKING, ACCEPT | KEEP),
      ON (ACCEPT_BAND)    = GO (IN_BAND, ACCEPT | MOVE | KEEP), /* other programs begin so */
      ON (DECLINE)        = GO (DECLINED, DECLINE),
      ON (RESUME_CAME)    = GO (ASKED, UNKNOWN),
      ON (RESUME_WHOLE)   = GO (ASKED, UNKNOWN),
      ON (TIMEOUT)        = GO (FAILED, FAIL),
    },
    ROW (CONNECTING) = {
      MAY_END,
      GOES_ON,
      ON (REPLACE_CAME)   = GO (IN_BAND, DROP | REPLACED | MOVE),
      ON (PATH_FOUND)     = GO (MOVING, MOVE),
      ON (NO_PATH)        = GO (REPLACING, DROP),
      ON (LINK_LOST)      = GO (RESTING, DROP),
      ON (TIMEOUT)        = GO (RESTING, DROP | INQUIRE),
    },
    ROW (REPLACING) = {
      MAY_END,
      GOES_ON,
      ON (REPLACE_CAME)   = GO (IN_BAND, REPLACED | MOVE),
      ON (LINK_LOST)      = GO (RESTING, 0),
      ON (TIMEOUT)        = GO (RESTING, INQUIRE),
    },
    ROW (MOVING) = {
      MAY_END,
      GOES_ON,
      ON (ALL)            = GO (CHECKING, 0),
      ON (TOO_MUCH)       = GIVEN_UP,
      ON (PATH_LOST)      = GO (RESTING, DROP | INQUIRE),
      ON (TIMEOUT)        = GO (RESTING, DROP | INQUIRE),
    },
    ROW (IN_BAND) = {
      MAY_END,
      GOES_ON,
      ON (ALL)            = GO (CHECKING, 0),
      ON (TOO_MUCH)       = GIVEN_UP,
      ON (PATH_LOST)      = GO (RESTING, DROP | INQUIRE),
      ON (LINK_LOST)      = GO (RESTING, DROP),
      ON (TIMEOUT)        = GO (RESTING, DROP | INQUIRE),
    },
    ROW (CHECKING) = {
      MAY_END,
      FROM (OFFER_WHOLE, RESUME_WHOLE) = GO (CHECKING, DROP | ACCEPT),
      ON (CHECKSUM_CAME)  = GO (VERIFYING, DROP | VERIFY),
      ON (TOO_MUCH)       = GIVEN_UP,
      ON (LINK_LOST)      = GO (RESTING, DROP),
      ON (TIMEOUT)        = GO (RESTING, DROP | INQUIRE),
    },
    /* Whoever asks meanwhile hears the answer when there is one. */
    ROW (VERIFYING) = {
      MAY_END,
      ON (HASH_RIGHT)     = GO (DONE, RECEIVED | KEEP),
      ON (HASH_WRONG)     = GIVEN_UP,
      ON (TIMEOUT)        = GIVEN_UP,
    },
    /* The sender begins anew, unless it has lost what it knew: so it is asked. */
    ROW (RESTING) = {
      MAY_END,
      GOES_ON,
      ON (UNKNOWN_CAME)   = GO (FAILED, DISCARD),
      ON (UNKNOWN_WHOLE)  = GO (FAILED, DISCARD),
      ON (LINK_BACK)      = GO (RESTING, INQUIRE),
      ON (TIMEOUT)        = GIVEN_UP,
    },
    ROW (DONE)            = { TOLD_AGAIN (DONE, RECEIVED) },
    ROW (DECLINED)        = { TOLD_AGAIN (DECLINED, DECLINE) },
    ROW (CANCELLED)       = { TOLD_AGAIN (CANCELLED, CANCEL) },
    ROW (ENDED)           = { TOLD_AGAIN (ENDED, CANCEL) },
    ROW (FAILED)          = { TOLD_AGAIN (FAILED, FAIL) },
  },
};
