/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was read on a stream: which event it is for the machine. */

#include "xep174-slot-private.h"

#include <string.h>

#include "xep174-caps-private.h"
#include "xep174-element-private.h"
#include "xep174-gettext-private.h"
#include "xep174-session-error.h"
#include "xep174-stream-error-private.h"

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

/* X3: nobody but the contact speaks on its stream. Some write `name/resource`, or change the case. */
static gboolean
is_from (Xep174Element *element,
         const char    *name)
{
  const char *from = xep174_element_get_attribute (element, "from");
  gsize length = strlen (name);

  return !xep174_is_given (from) || strcmp (from, name) == 0
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

  if (slot->header == NULL)
    slot->header = xep174_element_ref (slot->item);
  if (!get_version (slot->item, &legacy))
    return xep174_slot_fault (slot, XEP174_STREAM_ERROR_UNSUPPORTED_VERSION,
                              _("The program there is too new to talk with; an update of yours "
                                "may help"));

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

/* D20; XEP-0174 §10: the last word counts, and inside TLS it is the contact's. */
static void
note_capabilities (Xep174Slot *slot)
{
  Xep174Element *query = xep174_element_find_child (slot->item, "query", XEP174_NS_DISCO_INFO);

  g_clear_pointer (&slot->caps, g_hash_table_unref);
  g_clear_pointer (&slot->caps_proof, g_free);
  if (query == NULL || xep174_element_get_first_child (query) == NULL)
    return;

  slot->caps = xep174_caps_read (query);
  slot->caps_proof = xep174_caps_dup_proof (query);
}

static gboolean
offers_tls (Xep174Element *features)
{
  return xep174_element_find_child (features, "starttls", XEP174_NS_TLS) != NULL;
}

/* What the parser has left without a namespace says so itself, and is none. */
static gboolean
is_stanza (Xep174Element *element)
{
  return *xep174_element_get_xmlns (element) != '\0' && xep174_element_is_stanza (element);
}

/* T13; RFC 6120 §5.4.2.2. */
static guint
classify_failure (Xep174Slot *slot)
{
  xep174_slot_set_error (slot, g_error_new_literal (
    XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_TLS,
    _("The program there has offered to encrypt, and cannot do it now")));
  return XEP174_STREAM_EVENT_FAILURE;
}

gboolean
xep174_slot_knows_acks (Xep174Slot *self)
{
  return self->tls != NULL && self->item_kind == XEP174_STREAM_ITEM_ELEMENT
         && strcmp (xep174_element_get_xmlns (self->item), XEP174_NS_SM) == 0;
}

static guint
classify_element (Xep174Slot *slot)
{
  const char *xmlns = xep174_element_get_xmlns (slot->item);

  if (is_stanza (slot->item))
    return XEP174_STREAM_EVENT_STANZA;
  if (xep174_element_matches (slot->item, "features", XEP174_NS_STREAMS))
    {
      note_capabilities (slot);
      return offers_tls (slot->item) ? XEP174_STREAM_EVENT_FEATURES_TLS : XEP174_STREAM_EVENT_FEATURES;
    }
  if (xep174_element_matches (slot->item, "error", XEP174_NS_STREAMS))
    return classify_error (slot);
  if (xep174_element_matches (slot->item, "starttls", XEP174_NS_TLS))
    return XEP174_STREAM_EVENT_STARTTLS;
  if (slot->asked && xep174_element_matches (slot->item, "proceed", XEP174_NS_TLS))
    return XEP174_STREAM_EVENT_PROCEED;
  if (slot->asked && xep174_element_matches (slot->item, "failure", XEP174_NS_TLS))
    return classify_failure (slot);
  if (xep174_slot_knows_acks (slot))
    return XEP174_STREAM_EVENT_ACKS;
  if (strcmp (xmlns, XEP174_NS_TLS) == 0 || strcmp (xmlns, XEP174_NS_SASL) == 0)
    return XEP174_STREAM_EVENT_NEGOTIATION;

  return xep174_slot_fault (slot, XEP174_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE,
                            _("The program there said something that cannot be understood"));
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
                              _("Somebody else answered in the place of the contact"));

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

/* The user part of a name may have slashes of its own (D16). */
char *
xep174_slot_dup_claim (Xep174Slot *slot)
{
  const char *from = xep174_element_get_attribute (slot->item, "from");
  gsize user;

  if (from == NULL || *from == '\0')
    return NULL;

  user = strchr (from, '@') != NULL ? strcspn (from, "@") : 0;
  return g_strndup (from, user + strcspn (from + user, "/"));
}
