/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-files.h"
#include "xep174-links-private.h"
#include "xep174-transfer-private.h"

G_BEGIN_DECLS

/* What the files xep174-files*.c share, from the lowest up. */

/* X8: what is open of a contact, and what is remembered. */
#define XEP174_FILES_MAX_OFFERS 16
#define XEP174_FILES_MAX_KNOWN  80
/* What it may say before we know what is meant: of all that we know of it, and of all that it knows of us. */
#define XEP174_FILES_MAX_EARLY  (2 * XEP174_FILES_MAX_KNOWN)
/* What comes of all of them at a time: each keeps three descriptors, and may need one for its connection, of
 * the 1024 that a program has. */
#define XEP174_FILES_MAX_OPEN   160

struct _Xep174Files
{
  Xep174Feature parent_instance;

  char *folder;
  guint64 max_size;
  Xep174TransferAround *around; /* %NULL while it is not in use */
  Xep174Links *links;
  GListStore *transfers;        /* what a program sees */
  gboolean missed;              /* something is kept that we could not have: it may be what is asked for */
  gboolean restoring;           /* what was on its way before is looked for, */
  GQueue early;                 /* of Xep174FilesEarly: what contacts say of it meanwhile */
  GQueue known;                 /* of Xep174Transfer, owned: all whose words are answered */
};

/* What a contact says before we know what is meant. */
typedef struct
{
  char *contact;
  Xep174Element *stanza;
  Xep174Element *payload; /* the stanza's */
} Xep174FilesEarly;

/* --- xep174-files-table.c: which transfer is meant ------------------------------------------- */

void            xep174_files_know          (Xep174Files    *self,
                                            Xep174Transfer *transfer);
/* So does the next run of the program. */
void            xep174_files_forget        (Xep174Files    *self,
                                            Xep174Transfer *transfer);
void            xep174_files_list          (Xep174Files    *self,
                                            Xep174Transfer *transfer);
/* @id is the sender's, with whom only @contact can mean it; %NULL if there is none. */
Xep174Transfer *xep174_files_find          (Xep174Files    *self,
                                            const char     *contact,
                                            const char     *id,
                                            gboolean        sends);
/* Whether nothing that comes from @contact is called so. Other programs count from 0 each time that they are
 * started: what has ended makes room. */
gboolean        xep174_files_free_id       (Xep174Files    *self,
                                            const char     *contact,
                                            const char     *id);
/* That has a way inside of the conversation with that name. */
Xep174Transfer *xep174_files_find_band     (Xep174Files    *self,
                                            const char     *contact,
                                            const char     *sid);
/* Whether @contact may offer one more; what is known of it is bounded then. */
gboolean        xep174_files_make_room     (Xep174Files    *self,
                                            const char     *contact);

/* Whether one more may be kept open. */
gboolean        xep174_files_may_open      (Xep174Files    *self);

/* Whether it has to wait until what was on its way before is known, or is refused because too much does. */
gboolean        xep174_files_defer         (Xep174Files    *self,
                                            const char     *contact,
                                            Xep174Element  *stanza,
                                            Xep174Element  *payload);
void            xep174_files_early_free    (Xep174FilesEarly *early);

/* --- xep174-files-si.c: what other programs say --------------------------------------------------- */

void            xep174_files_handle_si     (Xep174Files    *self,
                                            const char     *contact,
                                            Xep174Element  *iq,
                                            Xep174Element  *si);
void            xep174_files_handle_hosts  (Xep174Files    *self,
                                            const char     *contact,
                                            Xep174Element  *iq,
                                            Xep174Element  *query);
/* Whether @stanza is an answer that a transfer waits for. */
gboolean        xep174_files_take_answer   (Xep174Files    *self,
                                            const char     *contact,
                                            Xep174Element  *stanza);

/* --- xep174-files-oob.c: what is offered by its address ------------------------------------------ */

void            xep174_files_handle_oob    (Xep174Files    *self,
                                            const char     *contact,
                                            Xep174Element  *iq,
                                            Xep174Element  *query);

/* --- xep174-files-hear.c: what contacts say ---------------------------------------------------- */

gboolean        xep174_files_handle        (Xep174Files    *self,
                                            const char     *contact,
                                            Xep174Element  *stanza,
                                            Xep174Element  *payload);

/* --- xep174-files-restore.c --------------------------------------------------------------------- */

void            xep174_files_restore       (Xep174Files    *self);

/* --- xep174-files-send.c ----------------------------------------------------------------------- */

void            xep174_files_begin_sending (Xep174Files    *self,
                                            const char     *contact,
                                            GFile          *file,
                                            GTask          *task);

G_END_DECLS
