/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was read on a stream: which event it is for the machine, and what becomes of stanzas. */

#include "xep174-session-private.h"

#include <string.h>

#include "xep174-disco-private.h"
#include "xep174-element-private.h"
#include "xep174-name-private.h"
#include "xep174-session-manager-private.h"
#include "xep174-stream-error-private.h"
#include "xep174-stream-writer-private.h"

#define NS_STANZA_ERRORS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

guint
xep174_slot_fault (Xep174Slot        *slot,
                   Xep174StreamError  code,
                   const char        *text)
{
  slot->fault = code;
  xep174_slot_set_error (slot, g_error_new_literal (XEP174_STREAM_ERROR, code, text));
  return XEP174_STREAM_EVENT_FAULT;
}

/* Conditions that another attempt does not mend. */
static gboolean
is_hopeless (int code)
{
  switch (code)
    {
    case XEP174_STREAM_ERROR_CONFLICT:
    case XEP174_STREAM_ERROR_CONNECTION_TIMEOUT:
    case XEP174_STREAM_ERROR_INTERNAL_SERVER_ERROR:
    case XEP174_STREAM_ERROR_REMOTE_CONNECTION_FAILED:
    case XEP174_STREAM_ERROR_RESET:
    case XEP174_STREAM_ERROR_RESOURCE_CONSTRAINT:
    case XEP174_STREAM_ERROR_SYSTEM_SHUTDOWN:
    case XEP174_STREAM_ERROR_UNDEFINED_CONDITION:
      return FALSE;
    default:
      return TRUE;
    }
}

static gboolean
is_given (const char *attribute)
{
  return attribute != NULL && *attribute != '\0';
}

/* X3: nobody but the contact speaks on its stream. Some write `name/resource`, or change the case. */
static gboolean
is_from (Xep174Element *element,
         const char    *name)
{
  const char *from = xep174_element_get_attribute (element, "from");
  gsize length = strlen (name);

  return !is_given (from) || strcmp (from, name) == 0
         || (g_ascii_strncasecmp (from, name, length) == 0
             && (from[length] == '\0' || from[length] == '/'));
}

static gboolean
get_version (Xep174Element *header,
                           gboolean      *legacy)
{
  const char *version = xep174_element_get_attribute (header, "version");
  guint64 major = version != NULL ? g_ascii_strtoull (version, NULL, 10) : 0;

  /* RFC 6120 §4.7.5: no version counts as 0.9, and what comes after the dot does not matter. */
  *legacy = major == 0;
  return major <= 1;
}

static guint
classify_header (Xep174Slot *slot)
{
  gboolean legacy;

  if (!get_version (slot->item, &legacy))
    return xep174_slot_fault (slot, XEP174_STREAM_ERROR_UNSUPPORTED_VERSION,
                  "The program there is too new to talk with; an update of yours may help");

  return legacy ? XEP174_STREAM_EVENT_HEADER_LEGACY : XEP174_STREAM_EVENT_HEADER;
}

static guint
classify_error (Xep174Slot *slot)
{
  GError *error = xep174_stream_error_new_from_element (slot->item);
  int code = error->code;

  slot->heard_error = TRUE;
  xep174_slot_set_error (slot, error);
  if (code == XEP174_STREAM_ERROR_CONFLICT)
    return XEP174_STREAM_EVENT_CONFLICT;

  return is_hopeless (code) ? XEP174_STREAM_EVENT_ERROR_FATAL : XEP174_STREAM_EVENT_ERROR;
}

/* What the parser has left without a namespace says so itself, and is none. */
static gboolean
is_stanza (Xep174Element *element)
{
  return xep174_element_get_xmlns (element) != NULL && xep174_element_is_stanza (element);
}

static guint
classify_element (Xep174Slot *slot)
{
  const char *xmlns = xep174_element_get_xmlns (slot->item);

  if (is_stanza (slot->item))
    return XEP174_STREAM_EVENT_STANZA;
  if (xep174_element_is (slot->item, "features", XEP174_NS_STREAMS))
    return XEP174_STREAM_EVENT_FEATURES;
  if (xep174_element_is (slot->item, "error", XEP174_NS_STREAMS))
    return classify_error (slot);
  if (xep174_element_is (slot->item, "starttls", NS_TLS))
    return XEP174_STREAM_EVENT_STARTTLS;
  if (g_strcmp0 (xmlns, NS_TLS) == 0 || g_strcmp0 (xmlns, NS_SASL) == 0)
    return XEP174_STREAM_EVENT_NEGOTIATION;

  return xep174_slot_fault (slot, XEP174_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE,
                "The program there said something that cannot be understood");
}

guint
xep174_slot_classify (Xep174Slot *slot,
                      const char *name)
{
  slot->heard = xep174_clock_get_now_ms (slot->network->clock);
  if (slot->unheard)
    slot->listening = slot->heard;
  slot->unheard = FALSE;

  if (slot->item != NULL && name != NULL && !is_from (slot->item, name)
      && (slot->item_kind == XEP174_STREAM_ITEM_HEADER || is_stanza (slot->item)))
    return xep174_slot_fault (slot, XEP174_STREAM_ERROR_INVALID_FROM,
                              "Somebody else answered in the place of the contact");

  switch (slot->item_kind)
    {
    case XEP174_STREAM_ITEM_HEADER:
      return classify_header (slot);
    case XEP174_STREAM_ITEM_ELEMENT:
      return classify_element (slot);
    case XEP174_STREAM_ITEM_FOOTER:
      slot->heard_footer = TRUE;
      return XEP174_STREAM_EVENT_FOOTER;
    case XEP174_STREAM_ITEM_ERROR:
      return xep174_slot_fault (slot, slot->item_error->code, slot->item_error->message);
    default:
      g_return_val_if_reached (XEP174_STREAM_EVENT_FAULT);
    }
}

static Xep174Element *
answer_new (Xep174Element *iq,
            const char    *type)
{
  Xep174Element *answer = xep174_element_new ("iq", XEP174_NS_CLIENT);
  const char *id = xep174_element_get_attribute (iq, "id");
  const char *from = xep174_element_get_attribute (iq, "from");

  xep174_element_set_attribute (answer, "type", type);
  if (id != NULL)
    xep174_element_set_attribute (answer, "id", id);
  if (is_given (from))
    xep174_element_set_attribute (answer, "to", from);
  return answer;
}

static Xep174Element *
disco_answer_new (Xep174Element *iq)
{
  Xep174Element *answer = answer_new (iq, "result");

  xep174_disco_append_info (answer);
  return answer;
}

/* RFC 6120 §8.3: with what was asked for nobody here can help. */
static Xep174Element *
refusal_new (Xep174Element *iq,
             const char    *condition)
{
  Xep174Element *answer = answer_new (iq, "error");
  Xep174Element *error = xep174_element_append_new (answer, "error", XEP174_NS_CLIENT);

  xep174_element_set_attribute (error, "type", "cancel");
  xep174_element_append_new (error, condition, NS_STANZA_ERRORS);
  return answer;
}

static Xep174Element *
answer_to (Xep174Element *iq)
{
  const char *type = xep174_element_get_attribute (iq, "type");
  Xep174Element *disco;

  if (!xep174_element_is (iq, "iq", XEP174_NS_CLIENT) && !xep174_element_is (iq, "iq", NULL))
    return NULL;
  if (g_strcmp0 (type, "get") != 0 && g_strcmp0 (type, "set") != 0)
    return NULL;

  if (*type == 'g')
    {
      if (xep174_element_find_child (iq, "ping", XEP174_NS_PING) != NULL)
        return answer_new (iq, "result");

      disco = xep174_element_find_child (iq, "query", XEP174_NS_DISCO_INFO);
      if (disco != NULL && !is_given (xep174_element_get_attribute (disco, "node")))
        return disco_answer_new (iq);
      if (disco != NULL)
        return refusal_new (iq, "item-not-found");
    }
  return refusal_new (iq, "service-unavailable");
}

/* An answer goes out on the stream of its question or not at all: it is no reason to dial. */
static void
answer (Xep174Session *self,
        Xep174Slot    *slot,
        Xep174Element *iq)
{
  g_autoptr(Xep174Element) stanza = answer_to (iq);
  Xep174Item *item;

  if (stanza == NULL || !xep174_stream_is_session (&self->arbiter.slots[slot->index]))
    return;

  item = xep174_item_new (self, XEP174_HEAD_ANSWER, stanza, NULL, NULL);
  item->serial = slot->serial;
  xep174_session_enqueue (self, item);
}

/* X3: what is missing is filled in, so that a program always finds both. */
static Xep174Element *
complete (Xep174Session *self,
          Xep174Slot    *slot,
          Xep174Element *stanza)
{
  gboolean from = is_given (xep174_element_get_attribute (stanza, "from"));
  gboolean to = is_given (xep174_element_get_attribute (stanza, "to"));
  Xep174Element *copy;

  if (from && to)
    return xep174_element_ref (stanza);

  copy = xep174_element_copy (stanza);
  if (!from)
    xep174_element_set_attribute (copy, "from", self->name);
  if (!to)
    xep174_element_set_attribute (copy, "to", slot->local_name);
  xep174_element_seal (copy);
  return copy;
}

/* The answer to a ping of ours, a refusal of it too. */
/* RFC 6120 §8.3.1 */
static void
note_refusal (Xep174Slot    *slot,
              Xep174Element *stanza)
{
  const char *id = xep174_element_get_attribute (stanza, "id");

  if (id != NULL && g_strcmp0 (xep174_element_get_attribute (stanza, "type"), "error") == 0)
    xep174_slot_confirm_refused (slot, id);
}

static gboolean
is_pong (Xep174Slot    *slot,
         Xep174Element *stanza)
{
  const char *type;

  if (strcmp (xep174_element_get_name (stanza), "iq") != 0)
    return FALSE;

  type = xep174_element_get_attribute (stanza, "type");
  return (g_strcmp0 (type, "result") == 0 || g_strcmp0 (type, "error") == 0)
         && xep174_slot_confirm_ping (slot, xep174_element_get_attribute (stanza, "id"));
}

void
xep174_session_deliver (Xep174Session *self,
                        Xep174Slot    *slot)
{
  g_autoptr(Xep174Element) stanza = NULL;
  gboolean taken;

  if (is_pong (slot, slot->item))
    {
      /* What was written behind that ping awaits one of its own. */
      xep174_session_watch_receipts (self, slot);
      return;
    }

  note_refusal (slot, slot->item);
  stanza = complete (self, slot, slot->item);
  self->delivering = TRUE;
  taken = xep174_session_emit_stanza (self, stanza);
  self->delivering = FALSE;
  if (!taken)
    answer (self, slot, stanza);
}
