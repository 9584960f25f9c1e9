/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-acks.h"

#include <string.h>

G_BEGIN_DECLS

/* Two sides, the streams between them, and what each remembers. How a stream comes about is
 * test-explore's matter: here it is there when somebody dials, inside TLS and with its key accepted. */

#define N_CONNS    3
#define MAX_UNITS  10
#define MAX_ITEMS  6
#define PING       0xf /* among the items; the others are messages, by their number */
#define NO_H       0xff

typedef enum
{
  UNIT_ENABLE = 1,
  UNIT_ENABLED,
  UNIT_RESUME,
  UNIT_RESUMED,
  UNIT_FAILED,
  UNIT_REQUEST,
  UNIT_ANSWER,
  UNIT_HALF,   /* the beginning of a stanza, */
  UNIT_STANZA, /* and its end: `h` is the item */
  UNIT_FOOTER,
  UNIT_ERROR,
  UNIT_FIN,
} UnitKind;

typedef struct
{
  guint8 kind;
  guint8 h;
  guint8 id;
  guint8 lie;
} Unit;

typedef struct
{
  Xep174Acks acks;
  guint8     there;
  guint8     open;    /* we may write */
  guint8     half;    /* an item + 1 that is begun */
  guint8     closing; /* our footer is sent */
  guint8     fin;     /* and that of TCP */
  guint8     id;
  Unit       queue[MAX_UNITS]; /* to be read */
} End;

typedef struct
{
  End    ends[2];
  guint8 dialler;
  guint8 cut;
  guint8 stranger; /* the dialler is one, and has another key */
} Conn;

typedef struct
{
  Xep174Acks kept;
  guint8     kept_id;          /* 0: nothing is kept */
  guint8     late_id, late_h;  /* what had been kept too long */
  guint8     asked;            /* messages so far */
  guint8     waiting[MAX_ITEMS], sent[MAX_ITEMS]; /* items + 1, in their order */
  guint8     hands[MAX_ITEMS]; /* items + 1 of the other side that handlers are at work on */
  guint8     last;             /* of the other side's that was delivered, + 1 */
  /* Own messages, a bit each; @returned: the other side's handlers have. */
  guint8     delivered, returned, confirmed, reported, excused;
} Side;

typedef struct
{
  Conn   conns[N_CONNS];
  Side   sides[2];
  guint8 faults; /* left */
  guint8 ids;
  guint8 closes; /* left */
  guint8 hurt;   /* more than a cut: something may be told as unconfirmed */
} World;

enum
{
  FAULT_CUT      = 1 << 0,
  FAULT_CRASH    = 1 << 1,
  FAULT_EXPIRE   = 1 << 2,
  FAULT_LIE      = 1 << 3,
  FAULT_STRANGER = 1 << 4,
};

typedef struct
{
  const char *name;
  guint8      messages[2];
  guint8      faults;
  guint       kinds;
  guint8      closes;
  gboolean    pipelines; /* the initiator writes before <enabled/> has come */
  gboolean    refuses;   /* <enable/> is answered by <failed/> */
  gboolean    pings;     /* the first stanza of an initiator is one */
} Config;

typedef enum
{
  MISTAKE_NONE,
  MISTAKE_ID_ALONE,
  MISTAKE_ALL_AGAIN,
  MISTAKE_HALF,
  MISTAKE_EARLY,
  MISTAKE_TWICE,
  N_MISTAKES
} Mistake;

void  acks_append            (guint8 *items,
                              guint   item);
void  acks_prepend           (guint8 *items,
                              guint   item);
void  acks_world_say         (World *world,
                              guint  conn,
                              guint  to,
                              guint  kind,
                              guint  h,
                              guint  id);
void  acks_world_leave       (World *world,
                              guint  conn,
                              guint  side);
void  acks_world_confirm     (World   *world,
                              guint    side,
                              guint    n,
                              gboolean answered);
void  acks_world_report_sent (World *world,
                              guint  side);
void  acks_world_write_again (World *world,
                              guint  side);
void  acks_world_end         (World   *world,
                              guint    conn,
                              guint    side,
                              gboolean closed);
guint acks_world_tell_all    (World      *world,
                              guint       side,
                              Xep174Acks *acks);
void  acks_world_open        (World *world,
                              guint  conn,
                              guint  side);
void  acks_world_enable      (World *world,
                              guint  conn,
                              guint  side);
void  acks_world_dial        (World *world,
                              guint  conn,
                              guint  side);
void  acks_world_call        (World *world,
                              guint  conn,
                              guint  side,
                              guint  id);
void  acks_world_begin       (World *world,
                              guint  conn,
                              guint  side);
void  acks_world_finish      (World *world,
                              guint  conn,
                              guint  side);
void  acks_world_return      (World *world,
                              guint  side);
void  acks_world_crash       (World *world,
                              guint  side);
void  acks_world_expire      (World *world,
                              guint  side);
void  acks_world_say_footer  (World *world,
                              guint  conn,
                              guint  side);
void  acks_world_read        (World *world,
                              guint  conn,
                              guint  side);

extern const Config *acks_config;
extern Mistake       acks_mistake;
extern const char   *acks_violation;

void acks_violate (const char *rule);

static inline guint
acks_length (const guint8 *items)
{
  guint n = 0;

  while (n < MAX_ITEMS && items[n] != 0)
    n++;

  return n;
}

G_END_DECLS
