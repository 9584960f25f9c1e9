/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that other programs offer by their address (XEP-0066). It has to be one of that contact: nobody lets
 * us ask anybody else for something. */

#include "xep174-files-private.h"

#include "xep174-file-name.h"

static void
refuse (Xep174Files     *self,
        const char      *contact,
        const char      *id,
        Xep174OobAnswer  answer,
        const char      *why)
{
  g_debug ("“%s” offers a file that is not fetched: %s", contact, why);
  xep174_transfer_around_answer_oob (self->around, contact, id, answer);
}

/* --- Whose address it is --------------------------------------------------------------------- */

/* Asks a person when that is clear; a stranger's is refused. */
static void
judge (Xep174Files    *self,
       Xep174Transfer *transfer)
{
  Xep174TransferOob *oob = transfer->oob;
  Xep174Place place = xep174_places_judge (oob->places, oob->address);

  if (place == XEP174_PLACE_UNSURE)
    return;

  g_clear_pointer (&oob->places, xep174_places_free);
  if (place == XEP174_PLACE_THEIRS)
    {
      xep174_transfer_post (transfer, XEP174_TRANSFER_EVENT_OFFER_CAME, 0);
      return;
    }

  refuse (self, transfer->contact, transfer->question, XEP174_OOB_NOT_WANTED, "it is not at their host");
  xep174_files_forget (self, transfer);
}

static void
on_places_changed (gpointer data)
{
  Xep174Transfer *transfer = data;

  judge (transfer->around->files, transfer);
}

/* --- The offer ------------------------------------------------------------------------------- */

/* Takes what is in @url and @info. A name is not looked up: it is that of the host that we talk to. */
static void
take_in (Xep174Files    *self,
         const char     *contact,
         const char     *id,
         Xep174OobUrl   *url,
         Xep174FileInfo *info)
{
  g_autoptr(Xep174Transfer) transfer = NULL;
  Xep174TransferOob *oob;
  char *name = xep174_file_name_make_safe (info->name);

  g_free (info->name);
  info->name = name;
  transfer = xep174_transfer_new (self->around, contact, NULL, XEP174_TRANSFER_OOB_RECEIVER, info);
  transfer->question = g_strdup (id);
  transfer->oob = oob = g_new0 (Xep174TransferOob, 1);
  oob->places = xep174_places_new (self->around->manager, contact, on_places_changed, transfer);
  oob->address = xep174_places_resolve (oob->places, url->host, url->port);
  if (oob->address == NULL)
    {
      refuse (self, contact, id, XEP174_OOB_NOT_WANTED, "no contact can be there");
      return;
    }

  oob->url = *url;
  *url = (Xep174OobUrl) { 0 };
  oob->max_size = self->max_size;
  xep174_files_know (self, transfer);
  judge (self, transfer);
}

void
xep174_files_handle_oob (Xep174Files   *self,
                         const char    *contact,
                         Xep174Element *iq,
                         Xep174Element *query)
{
  const char *id = xep174_element_get_attribute (iq, "id");
  g_auto(Xep174OobUrl) url = { 0 };
  g_auto(Xep174FileInfo) info = { 0 };
  const char *why = NULL;
  Xep174OobAnswer answer = xep174_oob_read_offer (query, &url, &info, &why);

  if (answer != XEP174_OOB_TAKEN)
    refuse (self, contact, id, answer, why);
  else if (!xep174_transfer_around_may_be_clear (self->around, contact, NULL))
    refuse (self, contact, id, XEP174_OOB_NOT_WANTED, "it would come in the clear");
  else if (info.size > self->max_size)
    refuse (self, contact, id, XEP174_OOB_NOT_WANTED, "it is too large");
  else if (!xep174_files_make_room (self, contact))
    refuse (self, contact, id, XEP174_OOB_TOO_MANY, "too many are");
  else
    take_in (self, contact, id, &url, &info);
}
