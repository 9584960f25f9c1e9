/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-files-private.h"

void
xep174_files_know (Xep174Files    *self,
                   Xep174Transfer *transfer)
{
  transfer->loop = xep174_transfer_run;
  g_queue_push_tail (&self->known, g_object_ref (transfer));
}

void
xep174_files_list (Xep174Files    *self,
                   Xep174Transfer *transfer)
{
  g_list_store_append (self->transfers, transfer);
}

void
xep174_files_forget (Xep174Files    *self,
                     Xep174Transfer *transfer)
{
  guint position;

  xep174_transfer_forget_record (transfer);
  if (g_list_store_find (self->transfers, transfer, &position))
    g_list_store_remove (self->transfers, position);
  if (g_queue_remove (&self->known, transfer))
    g_object_unref (transfer);
}

Xep174Transfer *
xep174_files_find (Xep174Files *self,
                   const char  *contact,
                   const char  *id,
                   gboolean     sends)
{
  for (GList *link = self->known.head; link != NULL; link = link->next)
    {
      Xep174Transfer *transfer = link->data;

      if (xep174_transfer_sends (transfer) == sends && g_str_equal (transfer->id, id)
          && g_str_equal (transfer->contact, contact))
        return transfer;
    }

  return NULL;
}

gboolean
xep174_files_free_id (Xep174Files *self,
                      const char  *contact,
                      const char  *id)
{
  Xep174Transfer *known = xep174_files_find (self, contact, id, FALSE);

  if (known == NULL)
    return TRUE;
  if (!xep174_transfer_fsm_has_ended (&known->fsm))
    return FALSE;

  g_free (known->id);
  known->id = g_strdup (known->local_id);

  return TRUE;
}

Xep174Transfer *
xep174_files_find_band (Xep174Files *self,
                        const char  *contact,
                        const char  *sid)
{
  for (GList *link = self->known.head; link != NULL; link = link->next)
    {
      Xep174Transfer *transfer = link->data;

      if (g_strcmp0 (transfer->band.sid, sid) == 0 && g_str_equal (transfer->contact, contact))
        return transfer;
    }

  return NULL;
}

gboolean
xep174_files_make_room (Xep174Files *self,
                        const char  *contact)
{
  Xep174Transfer *oldest = NULL;
  guint asked = 0, known = 0;

  for (GList *link = self->known.head; link != NULL; link = link->next)
    {
      Xep174Transfer *transfer = link->data;

      if (xep174_transfer_sends (transfer) || !g_str_equal (transfer->contact, contact))
        continue;
      known++;
      asked += transfer->fsm.state <= XEP174_TRANSFER_ASKED;
      if (oldest == NULL && xep174_transfer_fsm_has_ended (&transfer->fsm))
        oldest = transfer;
    }
  if (asked >= XEP174_FILES_MAX_OFFERS)
    return FALSE;
  if (known >= XEP174_FILES_MAX_KNOWN && oldest == NULL)
    return FALSE;
  if (known >= XEP174_FILES_MAX_KNOWN)
    xep174_files_forget (self, oldest);

  return TRUE;
}

/* What goes to a stream needs no files of ours. */
static gboolean
is_open (Xep174Transfer *transfer)
{
  return !xep174_transfer_sends (transfer)
         && (transfer->accepting
             || (transfer->folder != NULL && !xep174_transfer_fsm_has_ended (&transfer->fsm)));
}

gboolean
xep174_files_may_open (Xep174Files *self)
{
  guint n_open = 0;

  for (GList *link = self->known.head; link != NULL; link = link->next)
    n_open += is_open (link->data);

  return n_open < XEP174_FILES_MAX_OPEN;
}

static guint
count_early (Xep174Files *self,
             const char  *contact)
{
  guint n = 0;

  for (GList *link = self->early.head; link != NULL; link = link->next)
    n += g_str_equal (((Xep174FilesEarly *) link->data)->contact, contact);

  return n;
}

gboolean
xep174_files_defer (Xep174Files   *self,
                    const char    *contact,
                    Xep174Element *stanza,
                    Xep174Element *payload)
{
  Xep174FilesEarly *early;

  if (!self->restoring)
    return FALSE;
  if (count_early (self, contact) >= XEP174_FILES_MAX_EARLY)
    {
      xep174_transfer_around_answer (self->around, contact, stanza, "resource-constraint", NULL);
      return TRUE;
    }

  early = g_new (Xep174FilesEarly, 1);
  early->contact = g_strdup (contact);
  early->stanza = xep174_element_ref (stanza);
  early->payload = payload;
  g_queue_push_tail (&self->early, early);

  return TRUE;
}

void
xep174_files_early_free (Xep174FilesEarly *early)
{
  g_free (early->contact);
  xep174_element_unref (early->stanza);
  g_free (early);
}
