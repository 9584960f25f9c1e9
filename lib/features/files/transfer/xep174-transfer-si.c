/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is said to other programs (XEP-0096, XEP-0065). An offer is answered when a person has decided,
 * which no request would wait for: so what we ask is sent, and its answer is looked out for. */

#include "xep174-transfer-private.h"

#include "xep174-si-private.h"

#define NS_CLIENT "jabber:client"
/* Behind the id of an offer: where we can be reached. */
#define HOSTS "-hosts"
/* libpurple tries one after another, and waits for each: the best of each family, and one more. */
#define MAX_HOSTS 3

gboolean
xep174_transfer_is_si (Xep174Transfer *self)
{
  return self->fsm.role >= XEP174_TRANSFER_SI_SENDER;
}

/* libpurple finds the answer to an offer by the id of its iq: so that is the stream's, too. */
static void
ask (Xep174Transfer *self,
     const char     *suffix,
     Xep174Element  *payload)
{
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", NS_CLIENT);
  g_autofree char *id = g_strconcat (self->sid, suffix, NULL);

  if (!xep174_transfer_is_in_use (self))
    return;

  xep174_element_set_attribute (iq, "type", "set");
  xep174_element_set_attribute (iq, "id", id);
  xep174_element_append_child (iq, payload);
  xep174_feature_host_send_async (XEP174_FEATURE_HOST (self->around->manager), self->contact, iq, NULL, NULL,
                                  NULL);
}

static void
reply (Xep174Transfer *self,
       Xep174Element  *payload,
       const char     *condition)
{
  g_autofree char *id = g_steal_pointer (&self->question);

  if (id != NULL)
    xep174_transfer_around_reply (self->around, self->contact, id, payload, condition, NULL);
}

/* There is no word for a cancel: who waits is told no, and the others lose the connection. */
void
xep174_transfer_say_si (Xep174Transfer   *self,
                        Xep174TransferDo  word)
{
  g_autoptr(Xep174Element) payload = NULL;

  if (word == XEP174_TRANSFER_DO_SEND_OFFER)
    {
      payload = xep174_si_new_offer (self->sid, &self->info);
      ask (self, "", payload);
    }
  else if (word == XEP174_TRANSFER_DO_SEND_ACCEPT)
    {
      payload = xep174_si_new_answer ();
      reply (self, payload, NULL);
    }
  else
    reply (self, NULL, "forbidden");
}

void
xep174_transfer_say_hosts (Xep174Transfer *self)
{
  GPtrArray *candidates = self->stream != NULL ? xep174_bytestream_get_candidates (self->stream) : NULL;
  g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_stream_host_free);
  g_autoptr(Xep174Element) query = NULL;

  for (guint i = 0; candidates != NULL && i < MIN (candidates->len, MAX_HOSTS); i++)
    {
      const Xep174JingleCandidate *candidate = candidates->pdata[i];

      g_ptr_array_add (hosts, xep174_stream_host_new (candidate->jid, candidate->host, candidate->port));
    }
  if (hosts->len == 0)
    {
      xep174_transfer_post_candidate (self, FALSE, XEP174_TRANSFER_CANDIDATE_NONE, 0);
      return;
    }

  query = xep174_si_new_hosts (self->sid, hosts);
  ask (self, HOSTS, query);
}

void
xep174_transfer_say_used (Xep174Transfer *self,
                          const char     *cid)
{
  g_autoptr(Xep174Element) query = NULL;

  for (guint i = 0; cid != NULL && self->theirs != NULL && i < self->theirs->len; i++)
    {
      const Xep174JingleCandidate *candidate = self->theirs->pdata[i];

      if (g_str_equal (candidate->cid, cid))
        query = xep174_si_new_used (self->id, candidate->jid);
    }

  reply (self, query, query != NULL ? NULL : "item-not-found");
}

/* --- What comes back ------------------------------------------------------------------------- */

static void
take_used (Xep174Transfer *self,
           Xep174Element  *iq,
           gboolean        refused)
{
  Xep174Element *query = xep174_element_find_child (iq, "query", XEP174_NS_BYTESTREAMS);
  const char *why;
  g_autofree char *jid = !refused && query != NULL ? xep174_si_read_used (query, &why) : NULL;

  xep174_transfer_post_candidate (self, FALSE, jid != NULL ? XEP174_TRANSFER_CANDIDATE_USED
                                                           : XEP174_TRANSFER_CANDIDATE_NONE, 0);
}

static void
take_decision (Xep174Transfer *self,
               Xep174Element  *iq,
               gboolean        refused)
{
  Xep174Element *si = xep174_element_find_child (iq, "si", XEP174_NS_SI);
  const char *why;

  if (refused)
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_DECLINE_CAME, 0);
  else if (si != NULL && xep174_si_read_answer (si, &why))
    xep174_transfer_post (self, XEP174_TRANSFER_NEWS_ACCEPTED, 0);
  else
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_LIE_CAME, 0);
}

gboolean
xep174_transfer_take_si_answer (Xep174Transfer *self,
                                Xep174Element  *iq)
{
  const char *id = xep174_element_get_attribute (iq, "id");
  gboolean refused = g_strcmp0 (xep174_element_get_attribute (iq, "type"), "error") == 0;

  if (self->fsm.role != XEP174_TRANSFER_SI_SENDER || id == NULL || !g_str_has_prefix (id, self->sid))
    return FALSE;
  if (g_str_equal (id + strlen (self->sid), HOSTS))
    take_used (self, iq, refused);
  else if (g_str_equal (id, self->sid) && self->fsm.state == XEP174_TRANSFER_OFFERED)
    take_decision (self, iq, refused);
  else
    return FALSE;

  return TRUE;
}
