/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Session:
 *
 * The conversation with one contact.
 *
 * A session uses XML streams, one after another. When one ends, the next one belongs to the same
 * session, no matter who opens it. What could not be done on one stream is done on the next. Only one
 * stream is used at a time. If both sides open one at the same moment, the session rules of XEP-0174
 * decide which one stays; nothing is lost, and the session goes on.
 *
 * What is asked for is done in the order of the calls: stanzas sent before a close go out before
 * the closing tag, later ones on the next stream.
 *
 * The manager keeps a session while it has a stream, something to do or a timer. A program that
 * holds a reference can keep using the session in between.
 *
 * All methods belong to the thread-default main context in which the manager was made; callbacks
 * and signals come from there. A callback never runs inside of the call that started the request.
 *
 * Since: 1.0
 */

#include "xep174-session-private.h"

#include <string.h>

#include "xep174-element-private.h"
#include "xep174-name-private.h"
#include "xep174-session-enums.h"
#include "xep174-session-manager-private.h"
#include "xep174-session-marshal.h"
#include "xep174-stream-writer-private.h"

G_DEFINE_FINAL_TYPE (Xep174Session, xep174_session, G_TYPE_OBJECT)

enum
{
  PROP_NAME = 1,
  PROP_LOCAL_NAME,
  PROP_STATE,
  PROP_ROLE,
  PROP_ENCRYPTED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_STANZA_RECEIVED,
  SIGNAL_STANZA_UNCONFIRMED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- The public state -------------------------------------------------------------------- */

/* Notified of once the others are what they are. */
static void
set_stream (Xep174Session *self)
{
  const char *local_name = xep174_session_get_local_name (self);
  gboolean encrypted = xep174_session_get_encrypted (self);

  if (encrypted != self->encrypted)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENCRYPTED]);
  self->encrypted = encrypted;
  if (g_strcmp0 (local_name, self->local_name) == 0)
    return;

  g_free (self->local_name);
  self->local_name = g_strdup (local_name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCAL_NAME]);
}

static void
set_state (Xep174Session *self,
           guint          current)
{
  Xep174SessionState state = (Xep174SessionState) xep174_arbiter_phase (&self->arbiter, current);
  Xep174SessionRole role = XEP174_SESSION_ROLE_NONE;
  gboolean new_state = state != self->state;
  gboolean new_role;

  if (state != XEP174_SESSION_STATE_CLOSED)
    role = self->arbiter.slots[current].flags & XEP174_STREAM_INCOMING
           ? XEP174_SESSION_ROLE_RECIPIENT : XEP174_SESSION_ROLE_INITIATOR;
  new_role = role != self->role;
  self->state = state;
  self->role = role;
  g_object_freeze_notify (G_OBJECT (self));
  set_stream (self);
  if (new_state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (new_role)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROLE]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
announce_closed (Xep174Session *self)
{
  Xep174Slot *slot = xep174_session_find_slot (self, self->announced);
  g_autoptr(GError) error = g_steal_pointer (&self->closed_error);

  if (slot != NULL && slot->error != NULL)
    error = g_error_copy (slot->error);

  self->announced = 0;
  self->announced_closing = FALSE;
  if (self->manager != NULL)
    xep174_session_manager_closed (self->manager, self, error);
}

static gboolean
is_session (Xep174Session *self,
            Xep174Slot    *slot)
{
  return slot != NULL && xep174_stream_is_session (&self->arbiter.slots[slot->index]);
}

/* While two streams are settled, the one that stays goes on with what the other began. */
static void
join_sessions (Xep174Session *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    if (is_session (self, self->slots[i]))
      self->slots[i]->joined = TRUE;
}

static void
announce_opened (Xep174Session *self,
                 Xep174Slot    *slot)
{
  if (self->announced != 0)
    announce_closed (self);
  self->announced = slot->serial;
  if (self->manager != NULL)
    xep174_session_manager_opened (self->manager, self);
}

static void
announce_end (Xep174Session *self)
{
  if (xep174_session_find_slot (self, self->announced) == NULL)
    announce_closed (self);
  else if (!self->announced_closing)
    {
      self->announced_closing = TRUE;
      if (self->manager != NULL)
        xep174_session_manager_closing (self->manager, self);
    }
}

void
xep174_session_sync_public (Xep174Session *self,
                            gboolean       done)
{
  guint current = self->current;
  Xep174Slot *slot = current != XEP174_NO_SLOT ? self->slots[current] : NULL;

  set_state (self, current);
  if (is_session (self, xep174_session_find_slot (self, self->announced)))
    join_sessions (self);
  else if (self->announced != 0 && !done)
    return;
  else if (!is_session (self, slot))
    {
      if (self->announced != 0)
        announce_end (self);
    }
  else if (self->announced != 0 && !self->announced_closing && slot->joined)
    self->announced = slot->serial;
  else
    announce_opened (self, slot);

  if (done)
    xep174_session_finish_closes (self);
}

gboolean
xep174_session_emit_stanza (Xep174Session *self,
                            Xep174Element *stanza)
{
  gboolean handled = FALSE;

  if (g_signal_has_handler_pending (self, signals[SIGNAL_STANZA_RECEIVED], 0, FALSE))
    g_signal_emit (self, signals[SIGNAL_STANZA_RECEIVED], 0, stanza, &handled);
  if (!handled && self->manager != NULL)
    handled = xep174_session_manager_stanza (self->manager, self, stanza);

  return handled;
}

/* S7: what may or may not have arrived is said so, and never written again. @manager is given
 * because the session may be given up already. */
void
xep174_session_report_unconfirmed (Xep174Session        *self,
                                   GQueue               *written,
                                   Xep174SessionManager *manager,
                                   const char           *half_written)
{
  Xep174Item *item;

  while ((item = xep174_item_pop (written)) != NULL)
    {
      if (item->task != NULL)
        {
          g_autoptr(GError) error = g_error_new_literal (
            XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNCONFIRMED, half_written);

          xep174_item_fail (item, error);
        }
      else if (item->stanza != NULL)
        {
          g_signal_emit (self, signals[SIGNAL_STANZA_UNCONFIRMED], 0, item->stanza);
          if (manager != NULL)
            xep174_session_manager_unconfirmed (manager, self, item->stanza);
        }
      xep174_item_free (item);
    }
}

/* --- Its life ---------------------------------------------------------------------------- */

/* S5: each side compares its own name with that of the other as the other writes it. */
static void
compare_names (Xep174Session *self)
{
  const char *local_name = xep174_session_manager_get_local_name (self->manager);

  if (local_name != NULL)
    self->arbiter.local_is_smaller =
      xep174_name_is_smaller (local_name, self->spelling != NULL ? self->spelling : self->name);
}

/* S5, D22: streams that exist are settled by the arbiter with the name that is ours now. */
void
xep174_session_rename (Xep174Session *self)
{
  if (self->manager == NULL)
    return;

  compare_names (self);
  set_stream (self);
}

/* The directory may know it in other letters, which are the same name (RFC 6762 §16). */
void
xep174_session_learn_spelling (Xep174Session *self,
                               const char    *from)
{
  gsize length = strlen (self->name);

  if (self->manager == NULL || from == NULL
      || g_ascii_strncasecmp (from, self->name, length) != 0)
    return;

  g_free (self->spelling);
  self->spelling = g_strndup (from, length);
  compare_names (self);
}

void
xep174_session_stop (Xep174Session *self)
{
  xep174_session_happen (self, XEP174_ARBITER_EVENT_STOP, NULL);
}

Xep174Session *
xep174_session_new (Xep174SessionManager *manager,
                    Xep174Network        *network,
                    const char           *name)
{
  Xep174Session *self = g_object_new (XEP174_TYPE_SESSION, NULL);

  self->manager = manager;
  self->network = xep174_network_ref (network);
  self->name = g_strdup (name);
  self->local_name = g_strdup (xep174_session_manager_get_local_name (manager));
  xep174_arbiter_init (&self->arbiter,
                       xep174_name_is_smaller (xep174_session_manager_get_local_name (manager),
                                               name),
                       xep174_session_manager_get_settings (manager)->max_retries);
  return self;
}

static void
free_happening (Xep174Happening *happening)
{
  g_clear_pointer (&happening->arriving, xep174_slot_free);
  g_free (happening);
}

/* Takes what was written on @slot, and frees it. */
static void
give_up_slot (Xep174Session *self,
              Xep174Slot    *slot,
              GQueue        *written)
{
  GList *link;

  xep174_session_requeue (self, slot);
  slot->unsent = NULL;
  while ((link = g_queue_pop_head_link (&slot->written)) != NULL)
    g_queue_push_tail_link (written, link);
  xep174_slot_free (slot);
}

void
xep174_session_abandon (Xep174Session *self)
{
  g_autoptr(Xep174SessionManager) manager = self->manager != NULL ? g_object_ref (self->manager)
                                                                  : NULL;
  g_autoptr(GError) error = NULL;
  GQueue written = G_QUEUE_INIT;

  self->manager = NULL;
  /* The loop that runs comes here itself once the handler that it is in has returned. */
  if (self->running)
    return;

  error = g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED,
                       "The session with “%s” has been given up", self->name);
  for (guint i = 0; i < G_N_ELEMENTS (self->alarms); i++)
    xep174_alarm_clear (&self->alarms[i].alarm, self->network->clock);
  xep174_alarm_clear (&self->idle, self->network->clock);
  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i] != NULL)
      give_up_slot (self, g_steal_pointer (&self->slots[i]), &written);
  g_clear_pointer (&self->arriving, xep174_slot_free);
  g_queue_clear_full (&self->happenings, (GDestroyNotify) free_happening);
  xep174_session_take_returned (self);
  while (xep174_session_tell_opened (self))
    ;
  xep174_session_fail_queue (self, error);
  xep174_session_finish_closes (self);
  memset (&self->arbiter, 0, sizeof self->arbiter);
  self->current = XEP174_NO_SLOT;
  xep174_session_end_dial (self);
  self->announced = 0;
  xep174_session_report_unconfirmed (self, &written, manager,
                                     "Given up while the stanza was being written");
  set_state (self, XEP174_NO_SLOT);
}

static void
xep174_session_dispose (GObject *object)
{
  Xep174Session *self = XEP174_SESSION (object);

  if (self->manager != NULL)
    {
      xep174_session_manager_forget (self->manager, self);
      xep174_session_abandon (self);
    }

  G_OBJECT_CLASS (xep174_session_parent_class)->dispose (object);
}

static void
xep174_session_finalize (GObject *object)
{
  Xep174Session *self = XEP174_SESSION (object);

  g_clear_pointer (&self->network, xep174_network_unref);
  g_clear_error (&self->last_error);
  g_clear_error (&self->closed_error);
  g_clear_object (&self->stolen);
  g_free (self->name);
  g_free (self->spelling);
  g_free (self->local_name);

  G_OBJECT_CLASS (xep174_session_parent_class)->finalize (object);
}

static void
xep174_session_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  Xep174Session *self = XEP174_SESSION (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_LOCAL_NAME:
      g_value_set_string (value, xep174_session_get_local_name (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ROLE:
      g_value_set_enum (value, self->role);
      break;
    case PROP_ENCRYPTED:
      g_value_set_boolean (value, xep174_session_get_encrypted (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * Xep174Session:name:
   *
   * The name of the contact, as it is published.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * Xep174Session:local-name:
   *
   * Our own name: the one that the current stream was opened with, without a stream the one that
   * the next will have.
   *
   * Since: 1.0
   */
  properties[PROP_LOCAL_NAME] = g_param_spec_string ("local-name", NULL, NULL, NULL, flags);

  /**
   * Xep174Session:state:
   *
   * What the current stream is doing.
   *
   * Since: 1.0
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, XEP174_TYPE_SESSION_STATE,
                       XEP174_SESSION_STATE_CLOSED, flags);

  /**
   * Xep174Session:role:
   *
   * Who opened the current stream.
   *
   * Since: 1.0
   */
  properties[PROP_ROLE] =
    g_param_spec_enum ("role", NULL, NULL, XEP174_TYPE_SESSION_ROLE, XEP174_SESSION_ROLE_NONE,
                       flags);

  /**
   * Xep174Session:encrypted:
   *
   * Whether nobody between the two can read the current stream.
   *
   * Since: 1.0
   */
  properties[PROP_ENCRYPTED] = g_param_spec_boolean ("encrypted", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_session_class_init (Xep174SessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xep174_session_dispose;
  object_class->finalize = xep174_session_finalize;
  object_class->get_property = xep174_session_get_property;
  install_properties (object_class);

  /**
   * Xep174Session::stanza-received:
   * @self: the session
   * @stanza: what the contact has sent, with `from` and `to`; sealed
   *
   * A stanza has arrived.
   *
   * A handler that returns %TRUE has handled it, and no other handler is asked. If no handler of this
   * signal has handled it, it goes to [signal@SessionManager::stanza-received].
   *
   * Returns: whether the stanza has been taken care of
   *
   * Since: 1.0
   */
  signals[SIGNAL_STANZA_RECEIVED] =
    g_signal_new ("stanza-received", XEP174_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, xep174_marshal_BOOLEAN__BOXED,
                  G_TYPE_BOOLEAN, 1, XEP174_TYPE_ELEMENT | G_SIGNAL_TYPE_STATIC_SCOPE);
  g_signal_set_va_marshaller (signals[SIGNAL_STANZA_RECEIVED], XEP174_TYPE_SESSION,
                              xep174_marshal_BOOLEAN__BOXEDv);

  /**
   * Xep174Session::stanza-unconfirmed:
   * @self: the session
   * @stanza: what had been sent
   *
   * The stream ended, and there was no sign that the contact has received @stanza. Its send had
   * succeeded. It may have arrived or not; it is not sent again.
   *
   * It also comes while the connection lives, if the contact talks but never says what it has
   * received. Then, when more is to be sent than is remembered, it names the oldest stanzas, a
   * minute and a half or more after they were sent.
   *
   * There are three signs of receipt: the answer to a ping, which is sent after some time or some
   * stanzas; the closing tag of the contact; and the way in which the contact ends TCP. A contact whose
   * stream has no version does not answer pings. What was sent to it counts as received after a minute
   * and a half, because TCP would have given up by then. At most 1,024 stanzas or 1 MiB are remembered.
   *
   * Since: 1.0
   */
  signals[SIGNAL_STANZA_UNCONFIRMED] =
    g_signal_new ("stanza-unconfirmed", XEP174_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XEP174_TYPE_ELEMENT);
}

static void
xep174_session_init (Xep174Session *self)
{
  self->current = XEP174_NO_SLOT;
  g_queue_init (&self->queue);
  g_queue_init (&self->answers);
  g_queue_init (&self->returned);
  g_queue_init (&self->closing);
  g_queue_init (&self->opened);
  g_queue_init (&self->happenings);
  for (guint i = 0; i < G_N_ELEMENTS (self->alarms); i++)
    {
      self->alarms[i].timer = XEP174_N_SLOT_TIMERS + i;
      self->alarms[i].session = self;
    }
}
