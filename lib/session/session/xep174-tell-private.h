/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"
#include "xep174-surroundings-private.h"

G_BEGIN_DECLS

/* What sessions, and streams that are nobody's yet, tell the program by the signals of the manager. */

enum
{
  XEP174_TELL_OPENED,
  XEP174_TELL_FAILED,
  XEP174_TELL_CLOSING,
  XEP174_TELL_CLOSED,
  XEP174_TELL_STANZA,
  XEP174_TELL_CONFIRMED,
  XEP174_TELL_UNCONFIRMED,
  XEP174_TELL_TRACE,
  XEP174_TELL_KEY_SEEN,
  XEP174_TELL_KEY_CHANGED,
  XEP174_TELL_TRUST_CHANGED,
  XEP174_TELL_UNENCRYPTED,
  XEP174_N_TELLS
};

/* The class of the manager fills them in. */
extern guint xep174_tell_signals[XEP174_N_TELLS];

void     xep174_tell_opened      (Xep174Surroundings *around,
                                  gpointer            session);
void     xep174_tell_failed      (Xep174Surroundings *around,
                                  gpointer            session,
                                  const GError       *error);
void     xep174_tell_closing     (Xep174Surroundings *around,
                                  gpointer            session);
void     xep174_tell_closed      (Xep174Surroundings *around,
                                  gpointer            session,
                                  const GError       *error);
/* TRUE if it has been taken care of. */
gboolean xep174_tell_stanza      (Xep174Surroundings *around,
                                  gpointer            session,
                                  Xep174Element      *stanza);
gboolean xep174_tell_is_told_of_confirmed (Xep174Surroundings *around);
void     xep174_tell_confirmed   (Xep174Surroundings *around,
                                  gpointer            session,
                                  Xep174Element      *stanza);
void     xep174_tell_unconfirmed (Xep174Surroundings *around,
                                  gpointer            session,
                                  Xep174Element      *stanza);
void     xep174_tell_key_seen    (Xep174Surroundings *around,
                                  const char         *name,
                                  GBytes             *key);
/* @key is what the name shows now. */
void     xep174_tell_key_changed (Xep174Surroundings *around,
                                  const char         *name,
                                  GBytes             *key);
void     xep174_tell_unencrypted (Xep174Surroundings *around,
                                  const char         *name);
void     xep174_tell_trust_changed (Xep174Surroundings *around);
gboolean xep174_tell_is_traced   (Xep174Surroundings *around);
/* @session is %NULL for a stream that is nobody's yet. */
void     xep174_tell_trace       (Xep174Surroundings *around,
                                  gpointer            session,
                                  gboolean            outgoing,
                                  const char         *octets,
                                  gsize               length);

G_END_DECLS
