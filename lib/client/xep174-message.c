/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Message:
 *
 * Something that one person says to another.
 *
 * A message that was received keeps its stanza. If you need more than the text, see
 * [method@Message.get_element].
 *
 * The text is the `<body>` (RFC 6121 §5.2.3). Many clients of the local network also send it as
 * HTML; this is ignored, unless there is only HTML: then the text is taken from it. A `<message/>`
 * without any text, such as the news that somebody is typing, does not count as a message. To send
 * more than a text, see [method@Message.append].
 *
 * What becomes of a message is in [property@Message:state] as long as it stands in a
 * [class@Conversation].
 *
 * Since: 1.0
 */

#include "xep174-message-private.h"

#include "xep174-client-enums.h"

enum
{
  PROP_0,
  PROP_KIND,
  PROP_BODY,
  PROP_ID,
  PROP_ELEMENT,
  PROP_CONTACT,
  PROP_OUTGOING,
  PROP_TIME,
  PROP_STATE,
  PROP_ERROR,
  PROP_EDITED,
  PROP_RETRACTED,
  PROP_REACTIONS,
  PROP_OWN_REACTIONS,
  PROP_REPLY_TO,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (Xep174Message, xep174_message, G_TYPE_OBJECT)

static void
xep174_message_finalize (GObject *object)
{
  Xep174Message *self = XEP174_MESSAGE (object);

  g_free (self->body);
  g_free (self->id);
  g_clear_pointer (&self->element, xep174_element_unref);
  g_clear_pointer (&self->payloads, g_ptr_array_unref);
  g_clear_pointer (&self->time, g_date_time_unref);
  g_clear_object (&self->contact);
  g_clear_error (&self->error);
  g_strfreev (self->reactions);
  g_strfreev (self->own_reactions);
  g_free (self->reply_to);

  G_OBJECT_CLASS (xep174_message_parent_class)->finalize (object);
}

static void
set_time (Xep174Message *self,
          GDateTime     *time)
{
  if (time == NULL)
    return;

  self->time = g_date_time_ref (time);
  self->said = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

GStrv
xep174_message_dup_signs (const char * const *signs)
{
  g_autoptr(GStrvBuilder) each = g_strv_builder_new ();

  if (signs == NULL)
    return NULL;

  for (guint i = 0; signs[i] != NULL; i++)
    {
      guint first = 0;

      while (!g_str_equal (signs[first], signs[i]))
        first++;
      if (first == i)
        g_strv_builder_add (each, signs[i]);
    }
  return g_strv_builder_end (each);
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

/* An empty id names nothing. */
static const char *
or_none (const char *id)
{
  return id != NULL && *id != '\0' ? id : NULL;
}

static void
xep174_message_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  Xep174Message *self = XEP174_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_BODY:
      g_value_set_string (value, self->body);
      break;
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_ELEMENT:
      g_value_set_boxed (value, self->element);
      break;
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_OUTGOING:
      g_value_set_boolean (value, self->outgoing);
      break;
    case PROP_TIME:
      g_value_set_boxed (value, xep174_message_get_time (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_EDITED:
      g_value_set_boolean (value, self->edited);
      break;
    case PROP_RETRACTED:
      g_value_set_boolean (value, self->retracted);
      break;
    case PROP_REACTIONS:
      g_value_set_boxed (value, xep174_message_list_signs (self->reactions));
      break;
    case PROP_OWN_REACTIONS:
      g_value_set_boxed (value, xep174_message_list_signs (self->own_reactions));
      break;
    case PROP_REPLY_TO:
      g_value_set_string (value, self->reply_to);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xep174_message_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  Xep174Message *self = XEP174_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_KIND:
      self->kind = g_value_get_enum (value);
      break;
    case PROP_BODY:
      self->body = g_strdup (or_empty (g_value_get_string (value)));
      break;
    case PROP_ID:
      xep174_message_set_id (self, g_value_get_string (value));
      break;
    case PROP_ELEMENT:
      self->element = g_value_dup_boxed (value);
      break;
    case PROP_CONTACT:
      self->contact = g_value_dup_object (value);
      break;
    case PROP_OUTGOING:
      self->outgoing = g_value_get_boolean (value);
      break;
    case PROP_TIME:
      set_time (self, g_value_get_boxed (value));
      break;
    case PROP_STATE:
      self->state = g_value_get_enum (value);
      break;
    case PROP_ERROR:
      self->error = g_value_dup_boxed (value);
      break;
    case PROP_EDITED:
      self->edited = g_value_get_boolean (value);
      break;
    case PROP_RETRACTED:
      self->retracted = g_value_get_boolean (value);
      break;
    case PROP_REACTIONS:
      self->reactions = xep174_message_dup_signs (g_value_get_boxed (value));
      break;
    case PROP_OWN_REACTIONS:
      self->own_reactions = xep174_message_dup_signs (g_value_get_boxed (value));
      break;
    case PROP_REPLY_TO:
      self->reply_to = g_strdup (or_none (g_value_get_string (value)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_facts (void)
{
  const GParamFlags once =
    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * Xep174Message:contact:
   *
   * Who is at the other end: who has said it, or whom it was sent to. %NULL before it is sent.
   *
   * Since: 1.0
   */
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, XEP174_TYPE_CONTACT, once);

  /**
   * Xep174Message:outgoing:
   *
   * Whether it is ours. What a program makes is, if the program does not say otherwise.
   *
   * Since: 1.0
   */
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, TRUE, once);

  /**
   * Xep174Message:time:
   *
   * When it was said, in the time zone of this machine: when it came, or when it was handed over to be sent.
   * %NULL before that.
   *
   * What could not be sent at once tells when it was said (XEP-0203). That is by the clock of the contact,
   * but never later than now.
   *
   * Since: 1.0
   */
  properties[PROP_TIME] = g_param_spec_boxed ("time", NULL, NULL, G_TYPE_DATE_TIME, once);

  /**
   * Xep174Message:state:
   *
   * What is known of it. It changes as long as the message stands in a [class@Conversation]. A
   * message that has been received is never taken for one that has not, and
   * %XEP174_MESSAGE_STATE_READ stays for good.
   *
   * Since: 1.0
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, XEP174_TYPE_MESSAGE_STATE,
                                              XEP174_MESSAGE_STATE_QUEUED, once);

  /**
   * Xep174Message:error:
   *
   * Why the state is %XEP174_MESSAGE_STATE_FAILED or %XEP174_MESSAGE_STATE_UNCONFIRMED. In all other states,
   * why the contact's program has refused the last correction (`XEP174_SESSION_ERROR_REFUSED`), until there
   * is another one; [property@Message:body] is then what it was before. Else %NULL.
   *
   * A message that the program makes with such a state has the error that the program gives it, and may
   * have none.
   *
   * Since: 1.0
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, once);
}

static void
install_amendments (void)
{
  const GParamFlags once =
    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * Xep174Message:edited:
   *
   * Whether another text has taken the place of the first one (XEP-0308). The new one is
   * [property@Message:body]. If the contact's program refuses it, both go back to what they were, and
   * [property@Message:error] says why.
   *
   * Only who wrote a message can correct it. It happens where the client has [class@Corrections] and the
   * message stands in a [class@Conversation].
   *
   * Since: 1.0
   */
  properties[PROP_EDITED] = g_param_spec_boolean ("edited", NULL, NULL, FALSE, once);

  /**
   * Xep174Message:retracted:
   *
   * Whether it was taken back (XEP-0424). Then [property@Message:body] is empty,
   * [property@Message:element] is %NULL and it has no reactions; nothing of this comes back.
   *
   * Only who wrote a message can take it back. It happens where the client has [class@Retractions] and the
   * message stands in a [class@Conversation].
   *
   * Since: 1.0
   */
  properties[PROP_RETRACTED] = g_param_spec_boolean ("retracted", NULL, NULL, FALSE, once);

  /**
   * Xep174Message:reactions:
   *
   * The signs that the contact has put on it (XEP-0444), where the client has [class@Reactions]. At first
   * there are none.
   *
   * Since: 1.0
   */
  properties[PROP_REACTIONS] = g_param_spec_boxed ("reactions", NULL, NULL, G_TYPE_STRV, once);

  /**
   * Xep174Message:own-reactions:
   *
   * The signs that the user has put on it, with [method@Conversation.react_async].
   *
   * Since: 1.0
   */
  properties[PROP_OWN_REACTIONS] = g_param_spec_boxed ("own-reactions", NULL, NULL, G_TYPE_STRV, once);

  /**
   * Xep174Message:reply-to:
   *
   * The [property@Message:id] of the message that it answers (XEP-0461), or %NULL. Of a received message
   * it is known where the client has [class@Replies]; the text is then without what it quotes for other
   * programs.
   *
   * [method@Message.find_answered] finds that message.
   *
   * Since: 1.0
   */
  properties[PROP_REPLY_TO] = g_param_spec_string ("reply-to", NULL, NULL, NULL, once);
}

static void
xep174_message_class_init (Xep174MessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags once =
    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = xep174_message_finalize;
  object_class->get_property = xep174_message_get_property;
  object_class->set_property = xep174_message_set_property;

  /**
   * Xep174Message:kind:
   *
   * What sort of message it is: the `type` of the stanza.
   *
   * Since: 1.0
   */
  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL, XEP174_TYPE_MESSAGE_KIND, XEP174_MESSAGE_KIND_CHAT,
                       once);

  /**
   * Xep174Message:body:
   *
   * The text, without any markup; never %NULL. It changes if the message is corrected or taken back.
   *
   * Since: 1.0
   */
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, "", once | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * Xep174Message:id:
   *
   * The `id` of the stanza, never empty. [method@Client.send_message_async] gives one to a message without.
   *
   * Since: 1.0
   */
  properties[PROP_ID] =
    g_param_spec_string ("id", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174Message:element:
   *
   * The stanza of a received message; if it was corrected, that of the last correction.
   *
   * Since: 1.0
   */
  properties[PROP_ELEMENT] =
    g_param_spec_boxed ("element", NULL, NULL, XEP174_TYPE_ELEMENT, once | G_PARAM_EXPLICIT_NOTIFY);

  install_facts ();
  install_amendments ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_message_init (Xep174Message *self)
{
}

/**
 * xep174_message_new:
 * @kind: what sort of message, mostly %XEP174_MESSAGE_KIND_CHAT
 * @body: the text
 *
 * Creates a message to be sent with [method@Client.send_message_async].
 *
 * Returns: (transfer full): a new message
 *
 * Since: 1.0
 */
Xep174Message *
xep174_message_new (Xep174MessageKind  kind,
                    const char        *body)
{
  g_return_val_if_fail (body != NULL, NULL);

  return g_object_new (XEP174_TYPE_MESSAGE, "kind", kind, "body", body, NULL);
}

/**
 * xep174_message_get_body:
 * @self: a message
 *
 * Gets the text.
 *
 * Returns: (transfer none): the text, without markup; empty if the message was taken back, or was made
 *   without a text
 *
 * Since: 1.0
 */
const char *
xep174_message_get_body (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  return self->body;
}

/**
 * xep174_message_get_id:
 * @self: a message
 *
 * Gets the `id` of the stanza.
 *
 * Returns: (nullable) (transfer none): the id, or %NULL if there is none (yet)
 *
 * Since: 1.0
 */
const char *
xep174_message_get_id (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  return self->id;
}

/**
 * xep174_message_set_id:
 * @self: a message that stands in no [class@Conversation]
 * @id: (nullable): an id; %NULL or an empty one to have one made up when the message is sent
 *
 * Sets the `id` of the stanza, which [signal@Client::message-refused] will repeat (RFC 6120 §8.1.3).
 *
 * Since: 1.0
 */
void
xep174_message_set_id (Xep174Message *self,
                       const char    *id)
{
  g_return_if_fail (XEP174_IS_MESSAGE (self));
  g_return_if_fail (self->conversation == NULL && self->open == NULL);

  id = or_none (id);
  if (g_strcmp0 (self->id, id) == 0)
    return;

  g_free (self->id);
  self->id = g_strdup (id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ID]);
}

/**
 * xep174_message_get_time:
 * @self: a message
 *
 * Gets when the message was said, see [property@Message:time].
 *
 * Returns: (nullable) (transfer none): the time, or %NULL before the message is sent
 *
 * Since: 1.0
 */
GDateTime *
xep174_message_get_time (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  if (self->time == NULL && self->said != 0)
    {
      g_autoptr(GDateTime) second = g_date_time_new_from_unix_local (self->said / G_USEC_PER_SEC);

      self->time = g_date_time_add (second, self->said % G_USEC_PER_SEC);
    }
  return self->time;
}

/* --- What the client does with it ------------------------------------------------------------ */

Xep174Message *
xep174_message_copy (Xep174Message *self)
{
  Xep174Message *copy = xep174_message_new (self->kind, self->body);

  if (self->outgoing)
    copy->id = g_strdup (self->id);
  if (self->payloads != NULL)
    copy->payloads = g_ptr_array_ref (self->payloads);
  copy->reply_to = g_strdup (self->reply_to);
  return copy;
}

void
xep174_message_ensure_id (Xep174Message *self)
{
  g_autofree char *id = NULL;

  if (self->id != NULL)
    return;

  id = g_uuid_string_random ();
  xep174_message_set_id (self, id);
}

void
xep174_message_stamp (Xep174Message *self,
                      Xep174Contact *contact,
                      gint64         said)
{
  gint64 now = g_get_real_time ();

  g_clear_pointer (&self->time, g_date_time_unref);
  self->said = said != 0 ? MIN (said, now) : now;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIME]);
  if (g_set_object (&self->contact, contact))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTACT]);
}

gboolean
xep174_message_is_open (Xep174Message *self)
{
  return self->state == XEP174_MESSAGE_STATE_QUEUED || self->state == XEP174_MESSAGE_STATE_SENT;
}

void
xep174_message_tell (Xep174Message      *self,
                     Xep174MessageEvent  event,
                     const GError       *error)
{
  G_GNUC_UNUSED g_autoptr(Xep174Message) held = g_object_ref (self);
  Xep174MessageState next = xep174_message_state_next (self->state, event);

  if (next == self->state)
    return;

  /* What is wrong with a correction is not over with that. */
  if (error != NULL || xep174_message_has_gone_wrong (self))
    g_clear_error (&self->error);
  if (error != NULL)
    self->error = g_error_copy (error);
  self->state = next;
  if (self->open != NULL && !xep174_message_is_open (self))
    g_hash_table_remove (g_steal_pointer (&self->open), self->id);
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  g_object_thaw_notify (G_OBJECT (self));
}
