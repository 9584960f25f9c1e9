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
 * more than a text, use [method@Client.send_stanza_async].
 *
 * Since: 1.0
 */

#include "xep174-message-private.h"

#include "xep174-client-enums.h"
#include "xep174-gettext-private.h"
#include "xep174-html-private.h"
#include "xep174-session.h"

#define NS_CLIENT "jabber:client"

struct _Xep174Message
{
  GObject parent_instance;

  Xep174MessageKind kind;
  char *body;
  char *id;
  Xep174Element *element;
};

enum
{
  PROP_0,
  PROP_KIND,
  PROP_BODY,
  PROP_ID,
  PROP_ELEMENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (Xep174Message, xep174_message, G_TYPE_OBJECT)

static const char *const kind_names[] = {
  [XEP174_MESSAGE_KIND_NORMAL] = "normal",
  [XEP174_MESSAGE_KIND_CHAT] = "chat",
  [XEP174_MESSAGE_KIND_HEADLINE] = "headline",
};

static void
xep174_message_finalize (GObject *object)
{
  Xep174Message *self = XEP174_MESSAGE (object);

  g_free (self->body);
  g_free (self->id);
  g_clear_pointer (&self->element, xep174_element_unref);

  G_OBJECT_CLASS (xep174_message_parent_class)->finalize (object);
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
      self->body = g_value_dup_string (value);
      break;
    case PROP_ID:
      xep174_message_set_id (self, g_value_get_string (value));
      break;
    case PROP_ELEMENT:
      self->element = g_value_dup_boxed (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
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
   * The text, without any markup.
   *
   * Since: 1.0
   */
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, once);

  /**
   * Xep174Message:id:
   *
   * The `id` of the stanza. [method@Client.send_message_async] gives one to a message without.
   *
   * Since: 1.0
   */
  properties[PROP_ID] =
    g_param_spec_string ("id", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174Message:element:
   *
   * The stanza of a received message.
   *
   * Since: 1.0
   */
  properties[PROP_ELEMENT] = g_param_spec_boxed ("element", NULL, NULL, XEP174_TYPE_ELEMENT, once);

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

/* RFC 6121 §5.2.2: no type, or an unknown one, means “normal”. */
static Xep174MessageKind
kind_of (Xep174Element *element)
{
  const char *type = xep174_element_get_attribute (element, "type");

  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_strcmp0 (type, kind_names[i]) == 0)
      return i;

  return XEP174_MESSAGE_KIND_NORMAL;
}

/* Some clients put HTML into a body without escaping it: the markup is dropped, the words stay. */
static char *
dup_words (Xep174Element *body)
{
  return xep174_element_get_first_child (body) != NULL ? xep174_html_dup_words (body)
                                                       : xep174_element_dup_text (body);
}

/* RFC 6121 §5.2.3: if there are several bodies, take the first that is in the language of the message
 * or names none. If the message names no language, the parser has filled in that of the stream. */
static char *
find_body (Xep174Element *element,
           gboolean       any_language)
{
  const char *language = xep174_element_get_attribute (element, "xml:lang");

  for (Xep174Element *child = xep174_element_get_first_child (element); child != NULL;
       child = xep174_element_get_next_sibling (child))
    {
      const char *own = xep174_element_get_attribute (child, "xml:lang");
      g_autofree char *text = NULL;

      if (!xep174_element_matches (child, "body", NS_CLIENT)
          || !(any_language || own == NULL
               || (language != NULL && g_ascii_strcasecmp (own, language) == 0)))
        continue;
      text = dup_words (child);
      if (*text != '\0')
        return g_steal_pointer (&text);
    }

  return NULL;
}

static char *
dup_body (Xep174Element *element)
{
  char *body = find_body (element, FALSE);

  if (body == NULL)
    body = find_body (element, TRUE);
  if (body == NULL)
    body = xep174_html_dup_text (element);
  if (body != NULL && *body == '\0')
    g_clear_pointer (&body, g_free);

  return body;
}

/* NULL if @element has no text for a person. An error has none either: it may repeat the words of
 * the message that it refuses (X14, RFC 6121 §5.2.3). */
Xep174Message *
xep174_message_new_from_element (Xep174Element *element)
{
  g_autofree char *body = NULL;

  if (!xep174_element_matches (element, "message", NS_CLIENT)
      || g_strcmp0 (xep174_element_get_attribute (element, "type"), "error") == 0)
    return NULL;

  body = dup_body (element);
  if (body == NULL)
    return NULL;

  return g_object_new (XEP174_TYPE_MESSAGE,
                       "kind", kind_of (element),
                       "body", body,
                       "id", xep174_element_get_attribute (element, "id"),
                       "element", element,
                       NULL);
}

/* XML 1.0 §2.2: the characters that a document may contain. The others cannot be escaped either. */
static gboolean
is_xml_char (gunichar c)
{
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

static gboolean
check_text (const char  *what,
            const char  *text,
            GError     **error)
{
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
                   "The %s of the message is not valid UTF-8", what);
      return FALSE;
    }

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_xml_char (g_utf8_get_char (p)))
      {
        g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
                     "The %s of the message holds the character U+%04X, which cannot be sent; "
                     "take it out", what, g_utf8_get_char (p));
        return FALSE;
      }

  return TRUE;
}

/* The stanza to send, without addresses, because the session adds them. It never has an `<id/>` in
 * a jabber:x:event: some clients drop such messages. */
Xep174Element *
xep174_message_to_element (Xep174Message *self,
                           GError       **error)
{
  Xep174Element *element;

  if (self->body == NULL || *self->body == '\0')
    {
      g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
                           _("The message has no text; there is nothing to send"));
      return NULL;
    }
  if (!check_text ("text", self->body, error) ||
      (self->id != NULL && !check_text ("id", self->id, error)))
    return NULL;

  if (self->id == NULL)
    {
      g_autofree char *id = g_uuid_string_random ();

      xep174_message_set_id (self, id);
    }

  element = xep174_element_new ("message", NS_CLIENT);
  xep174_element_set_attribute (element, "type", kind_names[self->kind]);
  xep174_element_set_attribute (element, "id", self->id);
  xep174_element_append_text (xep174_element_append_new (element, "body", NS_CLIENT), self->body);

  return element;
}

/**
 * xep174_message_get_kind:
 * @self: a message
 *
 * Gets what sort of message it is.
 *
 * A type that RFC 6121 §5.2.2 does not name is read as %XEP174_MESSAGE_KIND_NORMAL.
 *
 * Returns: the kind
 *
 * Since: 1.0
 */
Xep174MessageKind
xep174_message_get_kind (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), XEP174_MESSAGE_KIND_NORMAL);

  return self->kind;
}

/**
 * xep174_message_get_body:
 * @self: a message
 *
 * Gets the text.
 *
 * Returns: (transfer none): the text, without markup, never empty in a received message
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
 * @self: a message
 * @id: (nullable): an id, or %NULL to have one made up when the message is sent
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

  if (g_strcmp0 (self->id, id) == 0)
    return;

  g_free (self->id);
  self->id = g_strdup (id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ID]);
}

/**
 * xep174_message_get_element:
 * @self: a message
 *
 * Gets the stanza that the message was received in.
 *
 * Returns: (nullable) (transfer none): the `<message/>`, or %NULL for a message of our own
 *
 * Since: 1.0
 */
Xep174Element *
xep174_message_get_element (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  return self->element;
}
