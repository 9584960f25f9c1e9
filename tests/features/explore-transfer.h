/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-transfer-fsm-private.h"

G_BEGIN_DECLS

/* Two sides of one transfer over the real tables, and all that can happen between them. */

typedef enum
{
  NO,
  YES,
  MAYBE,
} Reach;

typedef enum
{
  FAULT_LINK    = 1 << 0, /* words on their way are lost */
  FAULT_PATH    = 1 << 1,
  FAULT_CRASH   = 1 << 2, /* and started again */
  FAULT_CANCEL  = 1 << 3,
  FAULT_CORRUPT = 1 << 4, /* an octet on its way */
  FAULT_EXTRA   = 1 << 5, /* an octet behind the last one */
  FAULT_LOCAL   = 1 << 6, /* a disk is full */
  FAULT_EARLY   = 1 << 7, /* a timer fires though something would happen */
  FAULT_HASTY   = 1 << 8, /* but none that waits for a person or a disk */
  FAULT_FORGET  = 1 << 9, /* the sender crashes, and its record is lost */
} Fault;

/* What a program could do wrong that carries out the tables. */
typedef enum
{
  MISTAKE_SAYS_FIRST   = 1 << 0, /* and writes the record then */
  MISTAKE_NAMES_LATE   = 1 << 1, /* the record does not know which name the file has got */
  MISTAKE_GOES_ON_READING = 1 << 2, /* while it says from where it wants the rest */
  MISTAKE_OLD_TIMER    = 1 << 3, /* what was waited for in an earlier state is over now */
  MISTAKE_HEEDS_NOTHING = 1 << 4, /* what has come while the record was written */
} ProgramMistake;

typedef struct
{
  const char *name;
  gboolean    si;
  guint       size;
  guint8      reach[2];    /* Reach: who can connect to the other; 0 is the sender */
  guint8      priority[2];
  guint       kinds;
  guint       faults;
  gboolean    declines;
  gboolean    deaf;        /* who receives reads nothing */
  gboolean    no_timers;   /* and none is needed */
  gboolean    whole;       /* whatever happens, the file arrives */
  guint       mistakes;
} Config;

/* What can be violated. */
#define HASH_FIRST  "nothing is done whose hash was not compared"
#define BOTH_KNOW   "the sender says done only if the receiver does"
#define ASKED_ONCE  "the program is asked once, and nothing is written before it accepts"
#define IN_ORDER    "each octet is written once, in its place"
#define SIZE_HOLDS  "nothing is written behind the declared size"
#define IN_VAIN     "nothing is begun where it is known that nobody hears it"
#define CANCEL_TOLD "a cancel ends both sides at once, where words arrive"
#define NOT_ALONE   "nobody waits for one who has ended, while there is a link"
#define AN_END      "both sides come to an end"
#define ALL_COMES   "the file arrives"

/* Returns what is violated, or %NULL. */
const char *explore_transfer (const Config *config,
                              guint        *n_worlds);

G_END_DECLS
