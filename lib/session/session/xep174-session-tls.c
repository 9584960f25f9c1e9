/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* TLS on the streams of a session: what the arbiter is told of it, and what it lets us do. Whose key is
 * accepted is decided by the table of xep174-trust-judge.c, on what the keyring has. */

#include "xep174-session-private.h"

#include "xep174-element-private.h"
#include "xep174-gettext-private.h"
#include "xep174-identity-private.h"
#include "xep174-tell-private.h"
#include "xep174-trust-error.h"

/* RFC 6120 §13.12: whoever limits the length of a stanza, takes so many octets. */
#define LEAST_LIMIT 10000

/* --- What the arbiter is to know ---------------------------------------------------------- */

void
xep174_session_set_policy (Xep174Session *self)
{
  const Xep174Keyring *keyring = &self->around->keyring;
  g_autoptr(GError) seal = NULL;

  self->distrusted = xep174_keyring_look (keyring, self->name, &seal) == XEP174_TRUST_DISTRUSTED;
  self->arbiter.encrypts = xep174_keyring_encrypts (keyring);
  self->arbiter.sealed = seal != NULL;
}

void
xep174_session_sync_policy (Xep174Session *self)
{
  guint8 encrypts = self->arbiter.encrypts;
  guint8 sealed = self->arbiter.sealed;

  if (self->around == NULL)
    return;

  xep174_session_set_policy (self);
  if (self->arbiter.encrypts != encrypts || self->arbiter.sealed != sealed)
    xep174_session_post (self, XEP174_ARBITER_EVENT_POLICY, NULL);
}

/* --- Whose key it is ---------------------------------------------------------------------- */

/* T6. Asked in the handshake, before our own certificate leaves. A store may be of the program's making:
 * nothing else happens meanwhile. */
static gboolean
look (GBytes   *key,
      gpointer  data,
      GError  **error)
{
  Xep174Slot *slot = data;
  Xep174Session *self = slot->session;
  gboolean running = self->running;
  Xep174Verdict verdict;

  if (self->around == NULL)
    {
      g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED,
                           _("the session has ended"));
      return FALSE;
    }

  self->running = TRUE;
  slot->refused = !xep174_keyring_judge (&self->around->keyring, self->name, key, &verdict,
                                         &slot->key_error);
  self->running = running;
  if (slot->refused)
    {
      slot->key = g_bytes_ref (key);
      g_propagate_error (error, g_error_copy (slot->key_error));
    }
  else
    xep174_keyring_note_shown (&self->around->keyring, self->name, key, verdict.trust);
  return !slot->refused;
}

/* A store that fails is our trouble, and another time may be better (T7). Of a key that was forgotten nothing
 * counts any more, and both begin anew (RFC 6120 §4.9.3.16). */
static void
refuse (Xep174Slot *slot,
        GError     *error)
{
  if (error->domain != XEP174_SESSION_ERROR)
    slot->fault = XEP174_STREAM_ERROR_INTERNAL_SERVER_ERROR;
  else if (error->code == XEP174_SESSION_ERROR_CLOSED)
    slot->fault = XEP174_STREAM_ERROR_RESET;
  else
    slot->fault = XEP174_STREAM_ERROR_NOT_AUTHORIZED;
  xep174_slot_set_error (slot, error);
}

void
xep174_session_refuse_key (Xep174Surroundings *around,
                           const char         *name,
                           Xep174Slot         *slot,
                           GError             *error)
{
  gboolean changed = g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_KEY_CHANGED);
  gboolean distrusted = g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_DISTRUSTED);
  gboolean is_new = FALSE;

  refuse (slot, error);
  /* A name that a caller has invented is not kept. */
  if ((changed || distrusted) && (slot->refused || xep174_keyring_knows_name (&around->keyring, name)))
    is_new = xep174_keyring_note_shown (&around->keyring, name, slot->key,
                                        changed ? XEP174_TRUST_CHANGED : XEP174_TRUST_DISTRUSTED);
  if (is_new && changed)
    xep174_tell_key_changed (around, name, slot->key);
}

gboolean
xep174_session_judge_key (Xep174Surroundings  *around,
                          const char          *name,
                          Xep174Slot          *slot,
                          GError             **error)
{
  Xep174Verdict verdict;

  if (slot->key == NULL)
    {
      g_propagate_error (error, g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_TLS,
                                             _("the other side has not shown who it is: %s"),
                                             slot->key_error->message));
      return FALSE;
    }
  if (!xep174_keyring_judge (&around->keyring, name, slot->key, &verdict, error))
    return FALSE;
  if (verdict.add && slot->kept && around->keyring.store != NULL)
    {
      g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED,
                           _("the key of this name was forgotten; the next one counts as the "
                             "first"));
      return FALSE;
    }

  slot->trust = verdict.trust;
  return TRUE;
}

/* A record is added here and nowhere else (T7, T10). What a store fails to remember would be somebody new
 * each time; so is the one for whom it has no room, but then the trust says so. */
static gboolean
keep_key (Xep174Session  *self,
          Xep174Slot     *slot,
          GError        **error)
{
  Xep174Verdict verdict;

  if (!xep174_keyring_judge (&self->around->keyring, self->name, slot->key, &verdict, error))
    return FALSE;

  slot->trust = verdict.trust;
  slot->is_new = verdict.add;
  if (verdict.add && !xep174_keyring_add (&self->around->keyring, self->name, slot->key, error))
    return FALSE;

  slot->kept = verdict.trust != XEP174_TRUST_UNKNOWN;
  return TRUE;
}

void
xep174_session_trust_key (Xep174Session *self,
                          Xep174Slot    *slot)
{
  GError *error = NULL;

  if (!slot->kept && !keep_key (self, slot, &error))
    {
      refuse (slot, error);
      xep174_session_post (self, XEP174_STREAM_EVENT_KEY_REFUSED, slot);
      return;
    }

  /* The store may have run a main loop, and whoever was called there may have dropped it. */
  if (self->around == NULL)
    return;
  xep174_keyring_note_shown (&self->around->keyring, self->name, slot->key, slot->trust);
  xep174_session_sync_policy (self);
}

/* --- The handshake ------------------------------------------------------------------------ */

/* As if TCP had broken there. */
static void
fail (Xep174Slot *slot,
      GError     *error)
{
  g_clear_error (&slot->end_error);
  slot->end_error = error;
  slot->ended = TRUE;
}

void
xep174_session_start_tls (Xep174Session *self,
                          Xep174Slot    *slot)
{
  gboolean incoming = (self->arbiter.slots[slot->index].flags & XEP174_STREAM_INCOMING) != 0;
  g_autoptr(Xep174Identity) identity = NULL;
  GError *error = NULL;

  xep174_session_flush (self, slot);
  if (self->around == NULL)
    return;

  g_set_object (&identity, self->around->keyring.identity);
  if (identity == NULL)
    fail (slot, g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_TLS,
                                     _("there is no key of our own any more")));
  else if (!xep174_slot_start_tls (slot, xep174_surroundings_make_parser (self->around),
                                   xep174_identity_get_certificate (identity),
                                   incoming ? NULL : look, &error))
    fail (slot, error);
}

/* --- What is read ------------------------------------------------------------------------- */

static gboolean
is_beside_session (Xep174Session *self,
                   Xep174Slot    *slot)
{
  for (guint i = 0; i < self->n_slots; i++)
    if (i != slot->index && xep174_stream_is_session (&self->arbiter.slots[i]))
      return TRUE;

  return FALSE;
}

/* T7: it is our trouble, and nobody else tells the program of a call that has come to nothing. */
static void
tell_unheard (Xep174Session *self,
              gboolean       is_kept,
              const GError  *error)
{
  g_autoptr(GError) told = g_error_copy (error);

  g_prefix_error (&told,
                  is_kept ? _("“%s” has called and was not heard: ")
                          : _("“%s” has called and was not heard, because the key cannot be kept: "),
                  self->name);
  xep174_tell_failed (self->around, self, told);
}

/* The key is kept before the stream counts as a session, for that may fail; but nothing is kept of who may
 * be sent away with a conflict. */
static guint
refuse_shown (Xep174Session *self,
              Xep174Slot    *slot,
              guint          event)
{
  g_autoptr(Xep174Surroundings) around = xep174_surroundings_hold (self->around);
  GError *error = NULL;

  if (xep174_session_judge_key (around, self->name, slot, &error)
      && (is_beside_session (self, slot) || keep_key (self, slot, &error)))
    return event;

  if (event == XEP174_STREAM_EVENT_HEADER && error->domain != XEP174_SESSION_ERROR)
    tell_unheard (self, FALSE, error);
  xep174_session_refuse_key (around, self->name, slot, error);
  return XEP174_STREAM_EVENT_KEY_REFUSED;
}

/* What has come is not read, and nothing behind it. */
static guint
check_rest (Xep174Session *self,
            Xep174Slot    *slot,
            guint          event)
{
  guint checked = xep174_slot_check_rest (slot, event);

  if (checked != event)
    xep174_slot_set_parser (slot, xep174_surroundings_make_parser (self->around));
  return checked;
}

/* What an error of the peer's means in the place where it comes. Inside TLS it is about our key, or that
 * there was none (RFC 6120 §4.9.3.12), and in the restart about what is to be remembered; in the clear
 * nobody refuses so few octets for their number (§13.12), so it is T5. A full disk is not mended while we try
 * again and somebody waits. */
static guint
explain_error (Xep174Session *self,
               Xep174Slot    *slot,
               guint          state,
               guint          event)
{
  gboolean restart = state == XEP174_STREAM_RESTART_R || state == XEP174_STREAM_RESTART_I;
  Xep174StreamError code = XEP174_STREAM_ERROR_UNDEFINED_CONDITION;
  const char *why = NULL;

  if (slot->error != NULL && slot->error->domain == XEP174_STREAM_ERROR)
    code = slot->error->code;
  if (slot->tls != NULL && code == XEP174_STREAM_ERROR_NOT_AUTHORIZED)
    why = _("your key is not accepted there; compare numbers with the other person, who has to "
            "accept it");
  else if (restart && code == XEP174_STREAM_ERROR_INTERNAL_SERVER_ERROR)
    {
      why = _("the program there cannot remember your key now; its disk may be full");
      event = XEP174_STREAM_EVENT_ERROR_FATAL;
    }
  else if (slot->tls == NULL && code == XEP174_STREAM_ERROR_POLICY_VIOLATION
           && slot->written_octets < LEAST_LIMIT)
    why = self->around != NULL && xep174_keyring_encrypts (&self->around->keyring)
          ? _("the other side accepts only encrypted messages, and its encryption is switched off")
          : _("the other side accepts only encrypted messages");

  if (why != NULL)
    {
      g_clear_error (&slot->error);
      xep174_slot_set_error (slot, g_error_new_literal (XEP174_STREAM_ERROR, code, why));
    }
  return event;
}

guint
xep174_session_check_tls (Xep174Session *self,
                          Xep174Slot    *slot,
                          guint          event)
{
  guint state = self->arbiter.slots[slot->index].state;

  if (event == XEP174_STREAM_EVENT_ERROR || event == XEP174_STREAM_EVENT_ERROR_FATAL)
    return explain_error (self, slot, state, event);
  if (state == XEP174_STREAM_OFFERED && event == XEP174_STREAM_EVENT_STARTTLS)
    return check_rest (self, slot, event);
  if (state == XEP174_STREAM_ASKED && event == XEP174_STREAM_EVENT_PROCEED)
    return check_rest (self, slot, event);
  if (event == XEP174_STREAM_EVENT_PROCEED || event == XEP174_STREAM_EVENT_FAILURE)
    return state == XEP174_STREAM_ASKED
           ? event : xep174_slot_fault (slot, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                                        _("The program there answers what was not asked"));
  if (state != XEP174_STREAM_RESTART_R && state != XEP174_STREAM_RESTART_I)
    return event;

  if (event == XEP174_STREAM_EVENT_HEADER || event == XEP174_STREAM_EVENT_HEADER_LEGACY)
    event = xep174_slot_check_header (slot, event);
  if (state == XEP174_STREAM_RESTART_R && event == XEP174_STREAM_EVENT_HEADER)
    return refuse_shown (self, slot, event);
  if (event == XEP174_STREAM_EVENT_FEATURES || event == XEP174_STREAM_EVENT_FEATURES_TLS)
    return refuse_shown (self, slot, event);

  return event;
}

guint
xep174_session_get_end_event (Xep174Session *self,
                              Xep174Slot    *slot)
{
  guint state = self->arbiter.slots[slot->index].state;

  if (state != XEP174_STREAM_TLS_I && state != XEP174_STREAM_TLS_R)
    return XEP174_STREAM_EVENT_EOF;
  if (slot->refused)
    {
      xep174_session_refuse_key (self->around, self->name, slot, g_steal_pointer (&slot->key_error));
      return XEP174_STREAM_EVENT_KEY_REFUSED;
    }

  return slot->end_error != NULL || slot->error != NULL ? XEP174_STREAM_EVENT_TLS_FAILED
                                                        : XEP174_STREAM_EVENT_EOF;
}

void
xep174_session_refuse_clear (Xep174Session *self,
                             Xep174Slot    *slot)
{
  GError *error = NULL;

  xep174_keyring_look (&self->around->keyring, self->name, &error);
  slot->fault = XEP174_STREAM_ERROR_POLICY_VIOLATION;
  if (error == NULL)
    error = g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_ENCRYPTED,
                                 _("somebody has spoken unencrypted in the place of the contact"));
  xep174_slot_set_error (slot, error);
  /* Of a dial of ours its failure tells. Who could encrypt if we did has not called without it. */
  if ((self->arbiter.slots[slot->index].flags & XEP174_STREAM_INCOMING) == 0)
    return;
  if (xep174_keyring_encrypts (&self->around->keyring))
    xep174_tell_unencrypted (self->around, self->name);
  else
    tell_unheard (self, TRUE, slot->error);
}

/* --- What a person decides ---------------------------------------------------------------- */

/* The trust of what is still trusted is known at once; the rest, before anything else happens. */
void
xep174_session_review_keys (Xep174Session *self)
{
  for (guint i = 0; i < self->n_slots && self->around != NULL; i++)
    {
      Xep174Slot *slot = self->slots[i];

      if (slot != NULL && (self->arbiter.slots[i].flags & XEP174_STREAM_SECURE) != 0)
        xep174_session_judge_key (self->around, self->name, slot, NULL);
    }
  if (self->around != NULL)
    self->judged_changes = self->around->keyring.changes;
  self->unjudged = TRUE;
  xep174_session_sync_policy (self);
  xep174_session_sync_state (self);
  xep174_session_wake (self);
}

void
xep174_session_refresh_keys (Xep174Session *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i] != NULL && self->around != NULL && xep174_stream_is_secure (&self->arbiter.slots[i]))
      {
        xep174_keyring_refresh (&self->around->keyring);
        return;
      }
}

gboolean
xep174_session_must_judge (Xep174Session *self)
{
  gboolean must;

  if (self->judged_changes != self->around->keyring.changes)
    xep174_session_review_keys (self);

  must = self->unjudged;
  self->unjudged = FALSE;
  return must;
}

gboolean
xep174_session_distrusts_slot (Xep174Session *self,
                               Xep174Slot    *slot)
{
  GError *error = NULL;

  if (slot == NULL || (self->arbiter.slots[slot->index].flags & XEP174_STREAM_SECURE) == 0
      || (xep174_session_judge_key (self->around, self->name, slot, &error)
          /* There may be room for it now. */
          && (slot->kept || keep_key (self, slot, &error))))
    return FALSE;

  refuse (slot, error);
  return TRUE;
}
