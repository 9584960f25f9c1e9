/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-tell-private.h"

#include "xep174-safety-number-private.h"

guint xep174_tell_signals[XEP174_N_TELLS];

void
xep174_tell_opened (Xep174Surroundings *around,
                    gpointer            session)
{
  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_OPENED], 0, session);
}

void
xep174_tell_failed (Xep174Surroundings *around,
                    gpointer            session,
                    const GError       *error)
{
  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_FAILED], 0, session, error);
}

void
xep174_tell_closing (Xep174Surroundings *around,
                     gpointer            session)
{
  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_CLOSING], 0, session);
}

void
xep174_tell_closed (Xep174Surroundings *around,
                    gpointer            session,
                    const GError       *error)
{
  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_CLOSED], 0, session, error);
}

gboolean
xep174_tell_stanza (Xep174Surroundings *around,
                    gpointer            session,
                    Xep174Element      *stanza)
{
  gboolean handled = FALSE;

  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_STANZA], 0, session, stanza,
                 &handled);
  return handled;
}

gboolean
xep174_tell_is_told_of_confirmed (Xep174Surroundings *around)
{
  return g_signal_has_handler_pending (around->manager, xep174_tell_signals[XEP174_TELL_CONFIRMED], 0,
                                       FALSE);
}

void
xep174_tell_confirmed (Xep174Surroundings *around,
                       gpointer            session,
                       Xep174Element      *stanza)
{
  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_CONFIRMED], 0, session, stanza);
}

void
xep174_tell_unconfirmed (Xep174Surroundings *around,
                         gpointer            session,
                         Xep174Element      *stanza)
{
  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_UNCONFIRMED], 0, session, stanza);
}

void
xep174_tell_key_seen (Xep174Surroundings *around,
                      const char         *name,
                      GBytes             *key)
{
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (key);

  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_KEY_SEEN], 0, name, fingerprint);
}

void
xep174_tell_key_changed (Xep174Surroundings *around,
                         const char         *name,
                         GBytes             *key)
{
  g_autofree char *now = xep174_key_dup_fingerprint (key);
  g_autofree char *before = xep174_keyring_dup_old_key (&around->keyring, name, now);

  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_KEY_CHANGED], 0, name, before, now);
}

void
xep174_tell_unencrypted (Xep174Surroundings *around,
                         const char         *name)
{
  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_UNENCRYPTED], 0, name);
}

void
xep174_tell_trust_changed (Xep174Surroundings *around)
{
  g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_TRUST_CHANGED], 0);
}

gboolean
xep174_tell_is_traced (Xep174Surroundings *around)
{
  return g_signal_has_handler_pending (around->manager, xep174_tell_signals[XEP174_TELL_TRACE], 0,
                                       FALSE);
}

void
xep174_tell_trace (Xep174Surroundings *around,
                   gpointer            session,
                   gboolean            outgoing,
                   const char         *octets,
                   gsize               length)
{
  g_autofree char *xml = g_utf8_make_valid (octets, length);

  if (length > 0)
    g_signal_emit (around->manager, xep174_tell_signals[XEP174_TELL_TRACE], 0, session, outgoing,
                   xml);
}
