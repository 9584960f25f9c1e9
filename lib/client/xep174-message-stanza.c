/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A message as a stanza, and a stanza as a message. */

#include "xep174-message-private.h"

#include "xep174-gettext-private.h"
#include "xep174-html-private.h"
#include "xep174-session.h"

#define NS_CLIENT "jabber:client"

static const char *const kind_names[] = {
  [XEP174_MESSAGE_KIND_NORMAL] = "normal",
  [XEP174_MESSAGE_KIND_CHAT] = "chat",
  [XEP174_MESSAGE_KIND_HEADLINE] = "headline",
};

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

/* An error has no text for a person: it may repeat the words of the message that it refuses (X14,
 * RFC 6121 §5.2.3). */
Xep174Message *
xep174_message_new_from_element (Xep174Element *element,
                                 gboolean       outgoing)
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
                       "outgoing", outgoing,
                       "state", outgoing ? XEP174_MESSAGE_STATE_SENT : XEP174_MESSAGE_STATE_RECEIVED,
                       NULL);
}

/* Nobody but the contact speaks on the stream, so that who has delayed it (`from`) makes no difference.
 * XEP-0082 wants a time zone; what cannot be read, or was before there was any of this, says nothing. */
gint64
xep174_message_find_delay (Xep174Element *stanza)
{
  Xep174Element *delay = xep174_element_find_child (stanza, "delay", "urn:xmpp:delay");
  const char *stamp = delay != NULL ? xep174_element_get_attribute (delay, "stamp") : NULL;
  g_autoptr(GDateTime) time = stamp != NULL ? g_date_time_new_from_iso8601 (stamp, NULL) : NULL;
  gint64 second = time != NULL ? g_date_time_to_unix (time) : 0;

  return second > 0 ? second * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
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

/* It never has an `<id/>` in a jabber:x:event: some clients drop such messages. */
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

  xep174_message_ensure_id (self);
  element = xep174_element_new ("message", NS_CLIENT);
  xep174_element_set_attribute (element, "type", kind_names[self->kind]);
  xep174_element_set_attribute (element, "id", self->id);
  xep174_element_append_text (xep174_element_append_new (element, "body", NS_CLIENT), self->body);
  for (guint i = 0; self->payloads != NULL && i < self->payloads->len; i++)
    xep174_element_append_child (element, g_ptr_array_index (self->payloads, i));

  return element;
}
