/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What other programs say of files (XEP-0096, XEP-0065). */

#include "xep174-files-private.h"

#include "xep174-file-name.h"
#include "xep174-si-private.h"

static void
refuse (Xep174Files   *self,
        const char    *contact,
        Xep174Element *iq,
        const char    *condition)
{
  xep174_transfer_around_answer (self->around, contact, iq, condition, NULL);
}

static const char *
judge_offer (Xep174Files    *self,
             const char     *contact,
             const char     *sid,
             Xep174FileInfo *info)
{
  if (info->size > self->max_size)
    return "not-acceptable";
  if (!xep174_files_free_id (self, contact, sid))
    return "conflict";
  if (!xep174_files_make_room (self, contact))
    return "resource-constraint";

  return NULL;
}

void
xep174_files_handle_si (Xep174Files   *self,
                        const char    *contact,
                        Xep174Element *iq,
                        Xep174Element *si)
{
  g_auto(Xep174FileInfo) info = { 0 };
  g_autofree char *sid = NULL;
  g_autoptr(Xep174Transfer) transfer = NULL;
  const char *condition, *why;
  char *name;

  if (!xep174_si_read_offer (si, &sid, &info, &why))
    {
      g_debug ("“%s” offers what cannot be understood: %s", contact, why);
      refuse (self, contact, iq, "bad-request");
      return;
    }
  condition = judge_offer (self, contact, sid, &info);
  if (condition != NULL)
    {
      refuse (self, contact, iq, condition);
      return;
    }

  name = xep174_file_name_make_safe (info.name);
  g_free (info.name);
  info.name = name;
  transfer = xep174_transfer_new (self->around, contact, sid, XEP174_TRANSFER_SI_RECEIVER, &info);
  transfer->sid = g_strdup (sid);
  transfer->question = g_strdup (xep174_element_get_attribute (iq, "id"));
  xep174_files_know (self, transfer);
  xep174_transfer_post (transfer, XEP174_TRANSFER_EVENT_OFFER_CAME, 0);
}

/* The first is the best. */
static GPtrArray *
to_candidates (GPtrArray *hosts)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_jingle_candidate_free);

  for (guint i = 0; i < hosts->len; i++)
    {
      const Xep174StreamHost *host = hosts->pdata[i];
      g_autofree char *cid = g_strdup_printf ("%u", i);

      g_ptr_array_add (candidates,
                       xep174_jingle_candidate_new (cid, host->jid, host->host, host->port, hosts->len - i));
    }

  return candidates;
}

void
xep174_files_handle_hosts (Xep174Files   *self,
                           const char    *contact,
                           Xep174Element *iq,
                           Xep174Element *query)
{
  g_autofree char *sid = NULL;
  const char *why;
  g_autoptr(GPtrArray) hosts = xep174_si_read_hosts (query, &sid, &why);
  Xep174Transfer *transfer = hosts != NULL ? xep174_files_find (self, contact, sid, FALSE) : NULL;

  if (hosts == NULL)
    refuse (self, contact, iq, "bad-request");
  else if (transfer == NULL || transfer->fsm.role != XEP174_TRANSFER_SI_RECEIVER
           || transfer->fsm.state != XEP174_TRANSFER_CONNECTING || transfer->theirs != NULL)
    refuse (self, contact, iq, "not-acceptable");
  else
    {
      transfer->theirs = to_candidates (hosts);
      transfer->question = g_strdup (xep174_element_get_attribute (iq, "id"));
      xep174_transfer_expect (transfer);
      xep174_transfer_dial (transfer);
    }
}

gboolean
xep174_files_take_answer (Xep174Files   *self,
                          const char    *contact,
                          Xep174Element *stanza)
{
  const char *type = xep174_element_get_attribute (stanza, "type");

  if (!xep174_element_matches (stanza, "iq", NULL)
      || (g_strcmp0 (type, "result") != 0 && g_strcmp0 (type, "error") != 0))
    return FALSE;

  for (GList *link = self->known.head; link != NULL; link = link->next)
    {
      g_autoptr(Xep174Transfer) transfer = g_object_ref (link->data);

      if (g_str_equal (transfer->contact, contact) && xep174_transfer_take_si_answer (transfer, stanza))
        return TRUE;
    }

  return FALSE;
}
