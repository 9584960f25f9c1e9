/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-bytestreams-private.h"
#include "xep174-clock-private.h"
#include "xep174-feature-host.h"
#include "xep174-fetch-private.h"
#include "xep174-file-info-private.h"
#include "xep174-file-sink-private.h"
#include "xep174-file-source-private.h"
#include "xep174-jingle-private.h"
#include "xep174-jobs-private.h"
#include "xep174-network-private.h"
#include "xep174-oob-private.h"
#include "xep174-output-writer-private.h"
#include "xep174-places-private.h"
#include "xep174-pump-private.h"
#include "xep174-rate.h"
#include "xep174-session-manager.h"
#include "xep174-transfer-fsm.h"
#include "xep174-transfer-record-private.h"
#include "xep174-transfer.h"

G_BEGIN_DECLS

/* What the files xep174-transfer*.c share, from the lowest up. What happens is posted below, and one
 * loop above the actions takes it, one thing after the other: it asks the machine (xep174-transfer-fsm)
 * and carries out what that says. Nothing else decides. */

/* What the transfers of a feature need of what is around them. */
typedef struct
{
  Xep174SessionManager *manager; /* not owned, %NULL once the feature is not in use any more */
  Xep174Network        *network;
  GMainContext         *context;
  char                 *folder;  /* of the records; %NULL for none */
  Xep174Bytestreams    *streams; /* %NULL with the manager */
  gpointer              files;
  /* Whether files may be opened for one more that comes. */
  gboolean            (*may_open) (gpointer       files);
  /* The person is to be asked. */
  void                (*offered) (gpointer        files,
                                  Xep174Transfer *transfer);
  /* It has ended a day ago, and nobody asks any more. */
  void                (*forget)  (gpointer        files,
                                  Xep174Transfer *transfer);
} Xep174TransferAround;

/* What has happened, beside the events of the machine. */
enum
{
  XEP174_TRANSFER_NEWS_OCTETS = XEP174_TRANSFER_N_EVENTS, /* @number of them */
  XEP174_TRANSFER_NEWS_ACCEPTED,  /* from octet @number on */
  XEP174_TRANSFER_NEWS_CANDIDATE, /* @ours, @candidate, of priority @number */
};

typedef struct
{
  guint8  what;      /* Xep174TransferEvent, or one of those above */
  guint8  ours;
  guint8  candidate; /* Xep174TransferCandidate */
  guint64 number;
} Xep174TransferNews;

/* The way inside of the conversation (XEP-0261). */
typedef struct
{
  char    *sid;
  guint    block_size;
  gboolean open;
  gboolean reading;    /* a job is */
  guint16  seq;        /* of the next block */
  guint    unanswered; /* blocks */
  gsize    unwritten;  /* octets that have come */
  guint64  asked;      /* the place behind what was read */
  GQueue   blocks;     /* of GBytes, read and not sent */
} Xep174Band;

/* Where the file is fetched from (XEP-0066). */
typedef struct
{
  Xep174OobUrl    url;
  Xep174Places   *places;   /* until it is clear that this is one of the contact's: */
  GSocketAddress *address;
  guint64         max_size; /* of a file whose size is not known before */
  Xep174Fetch    *fetch;    /* until the file comes */
} Xep174TransferOob;

struct _Xep174Transfer
{
  GObject parent_instance;

  Xep174TransferAround *around;
  char *contact;
  char *id;       /* the sender's: the same at both ends */
  char *local_id; /* nobody else has it: names the part and the record */
  guint attempt;  /* which of the offers, each of which is a Jingle session */
  char *sid;      /* that of the last one */
  GDateTime *time; /* when it was offered */
  Xep174FileInfo info;
  Xep174TransferFsm fsm;
  GQueue news;    /* of Xep174TransferNews */
  gboolean running;
  gboolean keeping; /* the record is being written: nothing is taken or said before it is */
  GTask *call;      /* (nullable): ends when it is */
  guint due;        /* what is done then (Xep174TransferDo), */
  guint due_in;     /* if this attempt is the last one still */
  void (*loop) (Xep174Transfer *self); /* takes them */
  Xep174Alarm alarm;
  guint generation; /* what began before the way was dropped last does not count */

  Xep174Jobs *jobs;
  Xep174FileSource *source; /* of who sends */
  gint64 changed;           /* when the file was, as it was offered */
  int lock;                 /* of the record; -1 if it is not held */
  gboolean kept;            /* a record was asked for, */
  gboolean recorded;        /* there is one, */
  gboolean pending;         /* which does not say that it is done */
  Xep174FileSink *sink;     /* of who receives, once it was accepted */
  gboolean accepting;       /* a job is */
  GFile *file;
  GFile *folder;
  Xep174Band band;
  Xep174Bytestream *stream;  /* while a way is looked for */
  GPtrArray *theirs;         /* of Xep174JingleCandidate, where the contact can be reached */
  char *used;                /* the one of ours that the contact uses */
  Xep174Pump *pump;
  char *question;            /* the id of what another program waits for: a decision, or which address */
  Xep174TransferOob *oob;    /* of who fetches */
  guint64 pumped;            /* octets that it has told of */
  guint64 mended;            /* and how many the contact had when the conversation was lost last */
  gboolean paused;           /* until the pump has ended: it has the file */
  gboolean owes_checksum;    /* until the pump has found it */
  GError *way_error;         /* why the last way was lost */
  GInetAddress *own_end;     /* ours, of the last way; %NULL if it has none */
  guint64 noted;             /* octets, in the record */

  /* What the program sees. */
  Xep174TransferState state;
  guint64 done;
  Xep174Rate speed;
  guint64 rate;
  gint64 shown_ms;   /* when it was told last */
  Xep174Alarm pace;  /* while octets move: that none come tells nobody */
  GError *error;
  char *sha256;
  gboolean listed;
};

/* --- xep174-transfer-around.c: what is around them ------------------------------------------- */

Xep174TransferAround *xep174_transfer_around_new   (Xep174SessionManager *manager,
                                                    const char           *folder);
Xep174TransferAround *xep174_transfer_around_ref   (Xep174TransferAround *around);
void                  xep174_transfer_around_unref (Xep174TransferAround *around);
/* Whether something can be said now, without dialling. */
gboolean              xep174_transfer_around_is_open (Xep174TransferAround *around,
                                                    const char           *contact);
/* Answers @iq: a result without anything in it, or, with a @condition of RFC 6120 §8.3.3, an error, perhaps
 * with @more of Jingle's (XEP-0166 §10). */
void                  xep174_transfer_around_answer (Xep174TransferAround *around,
                                                    const char           *contact,
                                                    Xep174Element        *iq,
                                                    const char           *condition,
                                                    const char           *more);
/* The same, to @id, perhaps with a @payload. */
void                  xep174_transfer_around_reply (Xep174TransferAround *around,
                                                    const char           *contact,
                                                    const char           *id,
                                                    Xep174Element        *payload,
                                                    const char           *condition,
                                                    const char           *more);
/* Asks the contact; the callback is called in any case, with the manager or %NULL. */
void                  xep174_transfer_around_ask   (Xep174TransferAround *around,
                                                    const char           *contact,
                                                    Xep174Element        *payload,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              data);
GTask                *xep174_transfer_around_task  (Xep174TransferAround *around,
                                                    gpointer              source,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              data);

static inline gboolean
xep174_transfer_sends (Xep174Transfer *self)
{
  return self->fsm.role == XEP174_TRANSFER_SENDER || self->fsm.role == XEP174_TRANSFER_SI_SENDER;
}

/* What is not any more rests: the next run of the program goes on with it. */
static inline gboolean
xep174_transfer_is_in_use (Xep174Transfer *self)
{
  return self->around->manager != NULL;
}

/* --- xep174-transfer-reasons.c: why it did not come to a good end ----------------------------- */

/* (nullable): why it has failed, as the machine was told @what. */
GError         *xep174_transfer_explain      (Xep174Transfer       *self,
                                              guint                 what);
/* The sender's end of what it offers is wrong: its word for that, and what it means to who receives. */
#define XEP174_TRANSFER_REASON_SOURCE "media-error"
GError         *xep174_transfer_explain_source (Xep174Transfer     *self);
/* Of who did not say why it has ended. */
GError         *xep174_transfer_explain_end  (Xep174Transfer       *self);

/* --- xep174-transfer-news.c: what has happened ----------------------------------------------- */

/* What waits for a disk; more of what a contact says is refused. */
#define XEP174_TRANSFER_MAX_NEWS 160

gboolean        xep174_transfer_is_busy      (Xep174Transfer       *self);
/* A person has cancelled it, and that is not taken yet. */
gboolean        xep174_transfer_is_cancelled_next (Xep174Transfer  *self);
void            xep174_transfer_post         (Xep174Transfer       *self,
                                              guint                 what,
                                              guint64               number);
void            xep174_transfer_post_candidate (Xep174Transfer          *self,
                                              gboolean                 ours,
                                              Xep174TransferCandidate  candidate,
                                              guint32                  priority);
/* Why it will fail; the first reason counts. Takes @error. */
void            xep174_transfer_note_error   (Xep174Transfer       *self,
                                              GError               *error);

/* --- xep174-transfer.c: the object, and what a program sees of it ---------------------------- */

/* Takes what is in @info. */
Xep174Transfer *xep174_transfer_new          (Xep174TransferAround *around,
                                              const char           *contact,
                                              const char           *id,
                                              Xep174TransferRole    role,
                                              Xep174FileInfo       *info);
/* Tells the program what is new. */
void            xep174_transfer_show         (Xep174Transfer       *self);
/* Nobody knew it before. */
void            xep174_transfer_learn_size   (Xep174Transfer       *self,
                                              guint64               size);
void            xep174_transfer_set_file     (Xep174Transfer       *self,
                                              GFile                *file);
void            xep174_transfer_set_folder   (Xep174Transfer       *self,
                                              GFile                *folder);
void            xep174_transfer_set_left_out (Xep174Transfer       *self,
                                              guint                 n_left_out);
void            xep174_transfer_set_sha256   (Xep174Transfer       *self,
                                              const guint8         *sha256);

/* --- xep174-transfer-words.c: what is said to the contact ----------------------------------- */

void            xep174_transfer_say          (Xep174Transfer       *self,
                                              Xep174TransferDo      word);
/* What we have found out of the contact's addresses; @cid is %NULL if none works. */
void            xep174_transfer_say_candidate (Xep174Transfer      *self,
                                              const char           *cid);
/* Each offer is one; 0 is the only one of who does not count them. */
void            xep174_transfer_begin_attempt (Xep174Transfer      *self,
                                              guint                 attempt);

/* --- xep174-transfer-si.c: what is said to other programs --------------------------------------- */

gboolean        xep174_transfer_is_si        (Xep174Transfer       *self);
void            xep174_transfer_say_si       (Xep174Transfer       *self,
                                              Xep174TransferDo      word);
/* Where it can reach us. */
void            xep174_transfer_say_hosts    (Xep174Transfer       *self);
/* Which of its addresses we have reached, %NULL for none. */
void            xep174_transfer_say_used     (Xep174Transfer       *self,
                                              const char           *cid);
/* Whether @iq, a result or an error, is an answer to one of these. */
gboolean        xep174_transfer_take_si_answer (Xep174Transfer     *self,
                                              Xep174Element        *iq);

/* --- xep174-transfer-oob.c: where the file is fetched from -------------------------------------- */

gboolean        xep174_transfer_is_oob       (Xep174Transfer       *self);
gboolean        xep174_transfer_around_may_be_clear (Xep174TransferAround  *around,
                                              const char            *contact,
                                              GError               **error);
/* Answers the iq with @id. */
void            xep174_transfer_around_answer_oob (Xep174TransferAround *around,
                                              const char           *contact,
                                              const char           *id,
                                              Xep174OobAnswer       answer);
void            xep174_transfer_say_oob      (Xep174Transfer       *self,
                                              Xep174TransferDo      word);
/* Ends in what is found out of our candidates: there is one, the address of the file. */
void            xep174_transfer_fetch        (Xep174Transfer       *self);
Xep174Pipe     *xep174_transfer_take_fetched (Xep174Transfer       *self);

/* --- xep174-transfer-way.c: octets beside the conversation ------------------------------------ */

/* Where the contact can reach us for this attempt is known then. */
void            xep174_transfer_expect       (Xep174Transfer       *self);
void            xep174_transfer_dial         (Xep174Transfer       *self);
/* Our candidate of that name; FALSE if there is none. */
gboolean        xep174_transfer_find_candidate (Xep174Transfer     *self,
                                              const char           *cid,
                                              guint32              *priority);
void            xep174_transfer_begin_pump   (Xep174Transfer       *self);
void            xep174_transfer_end_way      (Xep174Transfer       *self);

/* --- xep174-transfer-keep.c: for the next run of the program ----------------------------------- */

/* FALSE if there is nothing to write; else the loop goes on when it is written, or cannot be. */
gboolean        xep174_transfer_keep         (Xep174Transfer       *self);
/* The call that has brought the transfer so far ends when a restart would go on with it. */
void            xep174_transfer_end_call     (Xep174Transfer       *self,
                                              GTask                *call);
/* How much is over, for who shows it after a restart; @now or every now and then. */
void            xep174_transfer_note_done    (Xep174Transfer       *self,
                                              gboolean              now);
/* (nullable): what there is to keep now, in @folder if it is received. Where the next run of the program does
 * not go on, it removes what is left there. */
Xep174TransferRecord *
                xep174_transfer_make_record  (Xep174Transfer       *self,
                                              GFile                *folder);
/* In a job: how it went does not matter. Takes @record. */
void            xep174_transfer_write_record (Xep174Transfer       *self,
                                              Xep174TransferRecord *record);
void            xep174_transfer_forget_record (Xep174Transfer      *self);
/* The next run of the program has only the end of it to tell. */
void            xep174_transfer_end_record   (Xep174Transfer       *self);
/* Others may have the record. */
void            xep174_transfer_unlock       (Xep174Transfer       *self);
/* It is over: nothing is held open for what is only remembered. */
void            xep174_transfer_close        (Xep174Transfer       *self);
/* Takes what is in @record. In phase NEW there is nothing to go on with. */
Xep174Transfer *xep174_transfer_restore      (Xep174TransferAround *around,
                                              Xep174TransferRecord *record);
/* (nullable) (transfer full): what got its name, where it is now. In a job. */
GFile          *xep174_transfer_find_file    (Xep174Transfer       *self);
/* The files; nothing happens before they are there. */
void            xep174_transfer_reopen       (Xep174Transfer       *self);

/* --- xep174-transfer-disk.c: files, in a thread -------------------------------------------- */

void            xep174_transfer_say_checksum (Xep174Transfer       *self);
/* Answers @iq when @octets are written. */
void            xep174_transfer_write        (Xep174Transfer       *self,
                                              GBytes               *octets,
                                              Xep174Element        *iq);
void            xep174_transfer_verify       (Xep174Transfer       *self);
void            xep174_transfer_discard      (Xep174Transfer       *self);

/* --- xep174-transfer-band.c: octets inside of the conversation ------------------------------ */

/* What a way of this kind will be called; @sid is %NULL and @block_size is 0 if we are the first. */
void            xep174_transfer_propose_band (Xep174Transfer       *self,
                                              const char           *sid,
                                              guint                 block_size);
void            xep174_transfer_begin_band   (Xep174Transfer       *self);
void            xep174_transfer_end_band     (Xep174Transfer       *self);
/* What the contact says, in @iq, which is answered. */
void            xep174_transfer_hear_band    (Xep174Transfer       *self,
                                              Xep174Element        *iq,
                                              Xep174Element        *payload);

/* --- xep174-transfer-actions.c: the loop ---------------------------------------------------- */

void            xep174_transfer_run          (Xep174Transfer       *self);

/* --- xep174-transfer-hear.c: what the contact says ------------------------------------------- */

/* Whether what @jingle offers under its name cannot be this once more: only ours go on, with the same file,
 * and never begin inside of the conversation. */
gboolean        xep174_transfer_is_taken     (Xep174Transfer       *self,
                                              Xep174Jingle         *jingle,
                                              guint                 attempt);
/* What @jingle says of @self. */
void            xep174_transfer_hear         (Xep174Transfer       *self,
                                              Xep174Jingle         *jingle,
                                              guint                 attempt);

G_END_DECLS
