/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explore-private.h"

G_BEGIN_DECLS

/* Two retries: three dials fail before a queue does, and each costs a fault. */
#define OURS_MAX_RETRIES 2

static inline gboolean
is_ours (const Config *config,
         guint         side)
{
  return config->kinds[side] == KIND_OURS;
}

/* The stream that one of our ends is. */
static inline Xep174Stream *
stream_of (World *world,
           guint  conn,
           guint  side)
{
  return &world->sides[side].arbiter.slots[world->conns[conn].end[side] - END_SLOT];
}

/* T5, whatever the tables make of it. */
gboolean ours_encrypts          (const Config *config,
                                 guint         side);
gboolean ours_is_sealed         (const World  *world,
                                 const Config *config,
                                 guint         side);
gboolean is_sealed_world        (const Config *config);
void     ours_handshake_fails   (World        *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side);
/* A stanza goes out, or is delivered. */
void     tls_check_stanza       (const World  *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side);
void     tls_check_open         (const World  *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side);
void     tls_begin              (World        *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side);
void     tls_trust              (World        *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side);
/* TRUE if it was the engine's, or the key was refused: nothing is left to be read. */
gboolean tls_read               (World        *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side,
                                 Unit         *unit);
/* T8: that no step ends what is authenticated for what is not. */
void     tls_check_step         (const Xep174Arbiter *before,
                                 const Xep174Arbiter *after,
                                 guint                event);
guint    ours_head              (const Side *side);
/* Acknowledgements. */
static inline gboolean
acks_offered (const Config *config)
{
  return config->acks[0] && config->acks[1];
}

gboolean resume_has_begun       (void);
guint    resume_known_id        (const World *world);
gboolean resume_tracks          (const World *world,
                                 guint        sender,
                                 guint        message);
void     resume_report          (World        *world,
                                 const Config *config,
                                 guint         side,
                                 guint8       *messages);
void     resume_end             (World        *world,
                                 const Config *config,
                                 Conn         *conn,
                                 guint         side);
/* XEP174_STREAM_N_EVENTS if it is no word of theirs. */
guint    resume_event           (const World *world,
                                 guint        conn,
                                 guint        side,
                                 Unit         unit);
void     resume_forget          (World        *world,
                                 const Config *config,
                                 guint         side);
void     resume_keep            (World *world,
                                 guint  conn,
                                 guint  side);
void     resume_carry_out       (World        *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side,
                                 guint         action,
                                 Unit          reading);
void     resume_check_probe     (const World *world,
                                 guint        side);
guint    resume_pending         (const World *world,
                                 guint        side);
/* D12: whether there may be an address that was not tried. */
gboolean ours_has_others        (const Side   *side,
                                 const Config *config);
gboolean ours_may_read          (const World *world,
                                 guint        conn,
                                 guint        side);
void     ours_read              (World        *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side,
                                 Unit          unit);
void     ours_step              (World        *world,
                                 const Config *config,
                                 guint         side,
                                 guint         event,
                                 guint         slot,
                                 Unit          reading);
void     ours_settle            (World        *world,
                                 const Config *config,
                                 guint         side);
void     ours_ask               (World        *world,
                                 const Config *config,
                                 guint         side);
/* S9: what was heard counts for the connections that wait beside a session. */
void     ours_forget_since      (World        *world,
                                 const Config *config);
/* A session is given up for another one. */
void     ours_check_replaced    (World        *world,
                                 guint         side,
                                 guint         slot);
void     ours_give_up_anonymous (World        *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side);
void     ours_read_garbage      (World        *world,
                                 const Config *config,
                                 guint         conn,
                                 guint         side);
void     ours_die               (World *world,
                                 guint  side);

G_END_DECLS
