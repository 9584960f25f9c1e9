/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What becomes of the stanzas that were read. */

#include "xep174-session-private.h"

#include <string.h>

#include "xep174-disco-private.h"
#include "xep174-element-private.h"
#include "xep174-gettext-private.h"

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
  if (xep174_is_given (from))
    xep174_element_set_attribute (answer, "to", from);
  return answer;
}

/* XEP-0115 §6.2: with the node of the question. */
static Xep174Element *
disco_answer_new (Xep174Session *self,
                  Xep174Element *iq,
                  const char    *node)
{
  Xep174Element *answer = answer_new (iq, "result");
  const char * const *announces = xep174_feature_table_get_announces (self->around->features);
  Xep174Element *query = xep174_disco_append_info (answer, announces);

  if (node != NULL)
    xep174_element_set_attribute (query, "node", node);
  return answer;
}

/* D20: the one node that we have is named by what we announce now. */
static gboolean
is_our_node (Xep174Session *self,
             const char    *node)
{
  g_autofree char *ours = g_strconcat (XEP174_CAPS_NODE "#", xep174_feature_table_get_ver (
                                         self->around->features), NULL);

  return strcmp (node, ours) == 0;
}

/* RFC 6120 §8.3: with what was asked for nobody here can help. */
static Xep174Element *
refusal_new (Xep174Element *iq,
             const char    *type,
             const char    *condition)
{
  Xep174Element *answer = answer_new (iq, "error");
  Xep174Element *error = xep174_element_append_new (answer, "error", XEP174_NS_CLIENT);

  xep174_element_set_attribute (error, "type", type);
  xep174_element_append_new (error, condition, XEP174_NS_STANZA_ERRORS);
  return answer;
}

static Xep174Element *
answer_to (Xep174Session *self,
           Xep174Element *iq)
{
  const char *type = xep174_element_get_attribute (iq, "type");
  const char *node;
  Xep174Element *disco;

  if (!xep174_element_matches (iq, "iq", XEP174_NS_CLIENT))
    return NULL;
  if (g_strcmp0 (type, "get") != 0 && g_strcmp0 (type, "set") != 0)
    return NULL;

  if (*type == 'g')
    {
      if (xep174_element_find_child (iq, "ping", XEP174_NS_PING) != NULL)
        return answer_new (iq, "result");

      disco = xep174_element_find_child (iq, "query", XEP174_NS_DISCO_INFO);
      node = disco != NULL ? xep174_element_get_attribute (disco, "node") : NULL;
      if (disco != NULL && xep174_is_given (node) && !is_our_node (self, node))
        return refusal_new (iq, "cancel", "item-not-found");
      if (disco != NULL)
        return disco_answer_new (self, iq, node);
    }
  /* A feature could answer it, but has too much to do. */
  if (xep174_session_is_swamped (self))
    return refusal_new (iq, "wait", "resource-constraint");

  return refusal_new (iq, "cancel", "service-unavailable");
}

/* What is counted is remembered, so that who only asks and never confirms would fill our memory. */
static gboolean
may_answer (Xep174Session *self,
            Xep174Slot    *slot)
{
  if (!xep174_stream_is_session (&self->arbiter.slots[slot->index]))
    return FALSE;
  if (!xep174_slot_is_counted (slot) || slot->written.length < 2 * XEP174_ACKS_MAX_STANZAS)
    return TRUE;

  xep174_session_post (self, xep174_slot_fault (slot, XEP174_STREAM_ERROR_RESOURCE_CONSTRAINT,
                                                _("The program there asks much and confirms "
                                                  "nothing")),
                       slot);
  return FALSE;
}

/* An answer goes out on the stream of its question or not at all: it is no reason to dial. */
static void
answer (Xep174Session *self,
        Xep174Slot    *slot,
        Xep174Element *iq)
{
  g_autoptr(Xep174Element) stanza = answer_to (self, iq);
  Xep174Item *item;

  if (stanza == NULL || !may_answer (self, slot))
    return;

  item = xep174_item_new (&self->desk, XEP174_HEAD_ANSWER, stanza, NULL);
  item->serial = slot->serial;
  item->silent = TRUE;
  xep174_session_enqueue (self, item);
}

/* X3: what is missing is filled in, so that a program always finds both. */
static Xep174Element *
complete (Xep174Session *self,
          Xep174Slot    *slot,
          Xep174Element *stanza)
{
  gboolean from = xep174_is_given (xep174_element_get_attribute (stanza, "from"));
  gboolean to = xep174_is_given (xep174_element_get_attribute (stanza, "to"));
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
static gboolean
is_pong (Xep174Slot    *slot,
         Xep174Element *stanza)
{
  return xep174_element_is_answer (stanza)
         && xep174_slot_confirm_ping (slot, xep174_element_get_attribute (stanza, "id"));
}

static void
deliver (Xep174Session *self,
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

  xep174_slot_note_refusal (slot, slot->item);
  stanza = complete (self, slot, slot->item);
  if (xep174_session_wants_answer (self, stanza))
    {
      xep174_session_take_answer (self, stanza);
      return;
    }
  self->delivering = TRUE;
  taken = xep174_session_emit_stanza (self, stanza);
  self->delivering = FALSE;
  /* A handler may have dropped the manager. */
  if (!taken && self->around != NULL)
    answer (self, slot, stanza);
}

/* A1: it counts once its handlers have returned. */
void
xep174_session_deliver (Xep174Session *self,
                        Xep174Slot    *slot)
{
  xep174_acks_note_given (&slot->acks);
  deliver (self, slot);
  xep174_acks_note_returned (&slot->acks);
}
