/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-transfer-fsm.h"

G_BEGIN_DECLS

/* What is kept of a transfer for the next run of the program: a file each, which only its owner can
 * read. The program that has a transfer locks it. Calls wait for the disk. */
typedef struct
{
  char               *local_id; /* names it */
  char               *contact;
  char               *id;
  guint               attempt;
  gint64              time;     /* when it was offered, in microseconds since 1970 */
  Xep174TransferRole  role;
  Xep174TransferPhase phase;
  Xep174FileInfo      info;
  guint64             done;     /* octets, as far as was noted */
  char               *place;    /* of who sends the file's address; of who receives the folder's path */
  gint64              changed;  /* when the file was, as it was offered */
  int                 lock;     /* -1: none */
  gboolean            over;     /* it was told that it has ended: only what is left is to be removed */
  gboolean            old;      /* nobody goes on with it any more */
} Xep174TransferRecord;

void       xep174_transfer_record_free   (Xep174TransferRecord *self);
/* It is locked then, if it was not. */
gboolean   xep174_transfer_record_write  (Xep174TransferRecord  *self,
                                          const char            *folder,
                                          GError               **error);
/* It has ended, whatever is written to the record still. At once: the program may end before it can be
 * removed. */
void       xep174_transfer_record_end    (const char *folder,
                                          const char *local_id);
/* It is nobody's any more. */
void       xep174_transfer_record_remove (const char *folder,
                                          const char *local_id);
/* (element-type Xep174TransferRecord) (transfer full): those that no other program has, in the order of
 * their times. What has not ended is locked. What cannot be understood, or is half written, is removed.
 * @missed: whether there are others that cannot be had now. */
GPtrArray *xep174_transfer_record_list   (const char *folder,
                                          gboolean   *missed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174TransferRecord, xep174_transfer_record_free)

G_END_DECLS
