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

#include "xep174-common-enums.h"
#include "xep174-name-private.h"
#include "xep174-session-enums.h"
#include "xep174-session-marshal.h"

G_DEFINE_FINAL_TYPE (Xep174Session, xep174_session, G_TYPE_OBJECT)

Xep174Session *
xep174_session_new (Xep174Surroundings *around,
                    const char         *name)
{
  Xep174Session *self = g_object_new (XEP174_TYPE_SESSION, NULL);

  self->around = around;
  self->network = xep174_network_ref (around->network);
  self->desk.spare = &around->spare;
  self->name = g_strdup (name);
  self->local_name = g_strdup (around->local_name);
  xep174_arbiter_init (&self->arbiter, xep174_name_is_smaller (around->local_name, name),
                       around->settings.max_retries);
  xep174_session_set_policy (self);
  return self;
}

static void
xep174_session_dispose (GObject *object)
{
  Xep174Session *self = XEP174_SESSION (object);

  if (self->around != NULL)
    {
      g_hash_table_remove (self->around->by_name, self->name);
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
  g_clear_pointer (&self->requests, g_hash_table_unref);
  g_clear_pointer (&self->questions, g_hash_table_unref);
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
    case XEP174_SESSION_PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case XEP174_SESSION_PROP_LOCAL_NAME:
      g_value_set_string (value, xep174_session_name_of_ours (self));
      break;
    case XEP174_SESSION_PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case XEP174_SESSION_PROP_ROLE:
      g_value_set_enum (value, self->role);
      break;
    case XEP174_SESSION_PROP_ENCRYPTED:
      g_value_set_boolean (value, xep174_session_is_encrypted (self));
      break;
    case XEP174_SESSION_PROP_TRUST:
      g_value_set_enum (value, xep174_session_find_trust (self));
      break;
    case XEP174_SESSION_PROP_ACKNOWLEDGED:
      g_value_set_boolean (value, xep174_session_is_acknowledged (self));
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
  xep174_session_properties[XEP174_SESSION_PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * Xep174Session:local-name:
   *
   * Our own name: the one that the current stream was opened with, without a stream the one that
   * the next will have.
   *
   * Since: 1.0
   */
  xep174_session_properties[XEP174_SESSION_PROP_LOCAL_NAME] =
    g_param_spec_string ("local-name", NULL, NULL, NULL, flags);

  /**
   * Xep174Session:state:
   *
   * What the current stream is doing.
   *
   * Since: 1.0
   */
  xep174_session_properties[XEP174_SESSION_PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, XEP174_TYPE_SESSION_STATE,
                       XEP174_SESSION_STATE_CLOSED, flags);

  /**
   * Xep174Session:role:
   *
   * Who opened the current stream.
   *
   * Since: 1.0
   */
  xep174_session_properties[XEP174_SESSION_PROP_ROLE] =
    g_param_spec_enum ("role", NULL, NULL, XEP174_TYPE_SESSION_ROLE, XEP174_SESSION_ROLE_NONE,
                       flags);

  /**
   * Xep174Session:encrypted:
   *
   * Whether nobody between the two can read the current stream.
   *
   * Since: 1.0
   */
  xep174_session_properties[XEP174_SESSION_PROP_ENCRYPTED] =
    g_param_spec_boolean ("encrypted", NULL, NULL, FALSE, flags);

  /**
   * Xep174Session:trust:
   *
   * What is known of the contact's key.
   *
   * On an encrypted stream it is %XEP174_TRUST_SEEN or %XEP174_TRUST_VERIFIED, or %XEP174_TRUST_UNKNOWN if
   * the key is new and there is no room to remember it ([iface@TrustStore]). Without one it is
   * %XEP174_TRUST_CHANGED if the last key that the contact has shown was refused because it had changed,
   * %XEP174_TRUST_DISTRUSTED if that is so of all keys that the contact has, else %XEP174_TRUST_UNKNOWN.
   *
   * Since: 1.0
   */
  xep174_session_properties[XEP174_SESSION_PROP_TRUST] =
    g_param_spec_enum ("trust", NULL, NULL, XEP174_TYPE_TRUST, XEP174_TRUST_UNKNOWN, flags);

  /**
   * Xep174Session:acknowledged:
   *
   * Whether the contact acknowledges each stanza on the current stream (XEP-0198). Then a connection that
   * breaks loses nothing: the next one goes on where it ended, for 300 seconds, if both programs still run.
   *
   * It is so on encrypted streams between two programs that can do it. Others are asked by pings.
   *
   * Since: 1.0
   */
  xep174_session_properties[XEP174_SESSION_PROP_ACKNOWLEDGED] =
    g_param_spec_boolean ("acknowledged", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, XEP174_SESSION_N_PROPS, xep174_session_properties);
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
  xep174_session_signals[XEP174_SESSION_STANZA_RECEIVED] =
    g_signal_new ("stanza-received", XEP174_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, xep174_marshal_BOOLEAN__BOXED,
                  G_TYPE_BOOLEAN, 1, XEP174_TYPE_ELEMENT | G_SIGNAL_TYPE_STATIC_SCOPE);
  g_signal_set_va_marshaller (xep174_session_signals[XEP174_SESSION_STANZA_RECEIVED],
                              XEP174_TYPE_SESSION, xep174_marshal_BOOLEAN__BOXEDv);

  /**
   * Xep174Session::stanza-confirmed:
   * @self: the session
   * @stanza: what had been sent
   *
   * There is a sign that the contact has received @stanza: see [signal@Session::stanza-unconfirmed] for
   * which there are. It comes once, in the order of sending, and never for a stanza that was unconfirmed.
   * The call that sent it has succeeded.
   *
   * It does not say that a person has read it.
   *
   * Since: 1.0
   */
  xep174_session_signals[XEP174_SESSION_STANZA_CONFIRMED] =
    g_signal_new ("stanza-confirmed", XEP174_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XEP174_TYPE_ELEMENT);

  /**
   * Xep174Session::stanza-unconfirmed:
   * @self: the session
   * @stanza: what had been sent
   *
   * The stream ended, and there was no sign that the contact has received @stanza. Its send had
   * succeeded. It may have arrived or not; it is not sent again. If [property@Session:acknowledged] it
   * comes only when no stream has gone on with the conversation in 300 seconds, or we go offline.
   *
   * It also comes while the connection lives, if the contact talks but never says what it has
   * received. Then, when more is to be sent than is remembered, it names the oldest stanzas, a
   * minute and a half or more after they were sent.
   *
   * There are four signs of receipt: an acknowledgement (XEP-0198); where there are none the answer to
   * a ping; each is asked for after some time or some stanzas; the closing tag of the contact; and the
   * way in which the contact ends TCP. A contact whose stream has no version does not answer pings.
   * What was sent to it counts as received after a minute and a half, because TCP would have given up
   * by then. At most 1,024 stanzas or 1 MiB are remembered.
   *
   * Since: 1.0
   */
  xep174_session_signals[XEP174_SESSION_STANZA_UNCONFIRMED] =
    g_signal_new ("stanza-unconfirmed", XEP174_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XEP174_TYPE_ELEMENT);
}

static void
xep174_session_init (Xep174Session *self)
{
  self->current = XEP174_NO_SLOT;
  self->loop = xep174_session_run;
  self->desk.owner = self;
  g_queue_init (&self->queue);
  g_queue_init (&self->answers);
  g_queue_init (&self->returned);
  g_queue_init (&self->closing);
  g_queue_init (&self->opened);
  g_queue_init (&self->confirmed);
  g_queue_init (&self->happenings);
  for (guint i = 0; i < G_N_ELEMENTS (self->alarms); i++)
    {
      self->alarms[i].timer = XEP174_N_SLOT_TIMERS + i;
      self->alarms[i].session = self;
    }
}
