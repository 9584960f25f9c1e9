/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explore-transfer.h"
#include "world-search.h"

G_BEGIN_DECLS

#define SENDER     0
#define RECEIVER   1
#define MAX_WORDS  16
#define MAX_UNITS  3
#define MAX_NEWS   8

/* Words that are no event by themselves. */
enum { WORD_USED = XEP174_TRANSFER_N_EVENTS, WORD_NONE, WORD_DATA, WORD_ANSWER, WORD_CLOSE, WORD_KNOWN };

/* That a timer is over; its number is added. */
#define NEWS_TIMEOUT XEP174_TRANSFER_N_EVENTS

#define EVENT(name) XEP174_TRANSFER_EVENT_##name
#define IS(side, name) ((side)->fsm.state == XEP174_TRANSFER_##name)

typedef enum
{
  LINK_UP,
  LINK_BROKEN, /* and this side does not know */
  LINK_DOWN,
} Link;

typedef enum
{
  PATH_NONE,
  PATH_OWN,    /* 1 + the side that has dialled */
  PATH_OTHER,
  PATH_BAND,
} Path;

typedef enum
{
  VERIFY_NOTHING,
  VERIFY_COMPARE,
  VERIFY_PLACE,
  VERIFY_TELL,
} Verification;

typedef struct
{
  guint8 kind, attempt, number;
} Word;

/* What became of the word of the end of who sends. */
typedef enum
{
  END_UNSAID,
  END_SAID,
  END_HEARD,
  END_DOUBTED, /* it was heard; whether that was answered in time is not known */
  END_LOST,
} End;

typedef struct
{
  guint8 open[2];
  guint8 attempt;
  guint8 n;
  guint8 units[MAX_UNITS]; /* their places in the file */
} Conn;

typedef struct
{
  Xep174TransferFsm fsm;
  Word   words[MAX_WORDS]; /* on their way to this side */
  guint32 due;             /* what is done once the record is written (Xep174TransferDo) */
  guint8 keeps;            /* the state in the record that is being written, if one is */
  guint8 news[MAX_NEWS];   /* that wait for it */
  guint8 n_news;
  guint8 n_words;
  guint8 n_late;           /* of them, the last ones were said when it was known that the link is broken */
  guint8 attempt;
  guint8 link;
  guint8 listens, dials, path;
  guint8 verifies;         /* Verification */
  guint8 record;           /* the state in it, if there is one */
  guint8 named;            /* and so is the name that the file gets */
  guint8 accepted, asks, restarts;
  guint8 cancelled;
  guint8 untold;           /* octets that are over, and of which the machine does not know yet */
  guint8 end;              /* End */
  guint8 over;             /* and it had ended before a restart, */
  guint8 forgot;           /* or its record was lost in one */
  guint8 pad[2];
} Side;

typedef struct
{
  Side   sides[2];
  Conn   conns[2]; /* by who has dialled */
  guint8 faults;
  guint8 disk;     /* octets that the receiver has written */
  guint8 corrupt, compared, lost_words;
  guint8 placed;   /* the file has its name */
  guint8 pad[2];
} World;

typedef enum
{
  MOVE_SEND, MOVE_ACCEPT, MOVE_DECLINE, MOVE_HEAR, MOVE_CONNECT, MOVE_NO_CONNECT, MOVE_WRITE, MOVE_READ,
  MOVE_TELL, MOVE_EOF, MOVE_COMPARE, MOVE_KEPT, MOVE_NOTICE, MOVE_BACK, MOVE_BACK_ANEW,
  MOVE_BACK_LATE, MOVE_ANSWERED, MOVE_UNHEARD, MOVE_TIMEOUT,
  /* Faults. */
  MOVE_CUT_LINK, MOVE_CUT_PATH, MOVE_CRASH, MOVE_FORGET, MOVE_CANCEL, MOVE_CORRUPT, MOVE_EXTRA, MOVE_LOCAL,
  MOVE_EARLY,
} MoveKind;

extern const Config *transfer_config;
extern const char   *transfer_violation;

/* The first one counts. */
void     transfer_violate         (const char  *what);

/* --- explore-transfer-carry.c: carrying out -------------------------------------------------- */

void     transfer_say              (World    *world,
                                    guint     from,
                                    guint     kind,
                                    guint     number);
/* To a block of octets. */
void     transfer_answer           (World    *world,
                                    guint     from,
                                    guint     attempt,
                                    gboolean  well);
/* Of a transfer that is not known. */
void     transfer_refuse           (World    *world,
                                    guint     from,
                                    Word      word);
void     transfer_drop             (World    *world,
                                    guint     side);
void     transfer_carry_out        (World    *world,
                                    guint     side,
                                    guint     bits);
/* An event, or a timeout. */
void     transfer_step             (World    *world,
                                    guint     side,
                                    guint     news);
/* Whatever waits. */
void     transfer_cancel           (World    *world,
                                    guint     side);
/* The record is written. Nothing else has been taken meanwhile. */
void     transfer_kept             (World    *world,
                                    guint     side);

/* --- explore-transfer-octets.c: octets on their way ------------------------------------------ */

/* That @side has chosen, or %NULL. */
Conn    *transfer_world_conn       (World    *world,
                                    guint     side);
gboolean transfer_world_may_write  (World    *world);
/* Than was declared. */
gboolean transfer_world_may_exceed (World    *world);
gboolean transfer_world_may_read   (World    *world);
gboolean transfer_world_may_tell   (World    *world,
                                    guint     side);
gboolean transfer_world_is_eof     (World    *world,
                                    guint     side);
void     transfer_write            (World    *world);
void     transfer_read             (World    *world);
/* The machine of what has gone, or come, since it was told last. */
void     transfer_tell             (World    *world,
                                    guint     side);
void     transfer_lose_path        (World    *world,
                                    guint     side);
void     transfer_hear_unit        (World    *world,
                                    Word      word);
void     transfer_hear_answer      (World    *world,
                                    gboolean  well);

/* --- explore-transfer-story.c: a world told as a story --------------------------------------- */

/* How a world came about, and how @next did by @last, unless that is %NULL. */
char    *transfer_dup_story        (WorldSearch *search,
                                    guint        number,
                                    const Move  *last,
                                    const World *next);

/* --- explore-transfer-world.c: what happens -------------------------------------------------- */

void     transfer_world_make       (World    *world,
                                    Move      move);

G_END_DECLS
