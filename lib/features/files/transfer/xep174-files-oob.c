/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that other programs offer by their address (XEP-0066). It has to be one of that contact: nobody lets
 * us ask anybody else for something. */

#include "xep174-files-private.h"

#include "xep174-candidates-private.h"
#include "xep174-file-name.h"
#include "xep174-session-manager-private.h"
#include "xep174-session-private.h"
#include "xep174-ways-private.h"

typedef struct
{
  Xep174Files *files;
  Xep174Transfer *transfer;
} Question;

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

static void
finish (Xep174Files    *self,
        Xep174Transfer *transfer,
        gboolean        theirs)
{
  if (theirs)
    {
      xep174_transfer_post (transfer, XEP174_TRANSFER_EVENT_OFFER_CAME, 0);
      return;
    }

  refuse (self, transfer->contact, transfer->question, XEP174_OOB_NOT_WANTED, "it is not at their host");
  xep174_files_forget (self, transfer);
}

static void
on_identified (GObject      *directory,
               GAsyncResult *result,
               gpointer      data)
{
  g_autofree Question *question = data;
  g_autoptr(Xep174Files) self = question->files;
  g_autoptr(Xep174Transfer) transfer = question->transfer;
  g_autofree char *name = xep174_directory_identify_finish (XEP174_DIRECTORY (directory), result, NULL);

  if (self->around != NULL && g_queue_find (&self->known, transfer) != NULL)
    finish (self, transfer, name != NULL);
}

static void
identify (Xep174Files    *self,
          Xep174Transfer *transfer)
{
  Xep174Directory *directory = self->around->manager->around.directory;
  Question *question;
  gboolean entered;

  if (directory == NULL)
    {
      finish (self, transfer, FALSE);
      return;
    }

  question = g_new (Question, 1);
  question->files = g_object_ref (self);
  question->transfer = g_object_ref (transfer);
  entered = xep174_poller_enter (self->around->network->poller);
  xep174_directory_identify_async (directory, transfer->oob->address, transfer->contact, NULL, on_identified,
                                   question);
  xep174_poller_leave (self->around->network->poller, entered);
}

/* Where the file is, %NULL if that is no place for a contact. A name is not looked up: it is that of the host
 * that we talk to. */
static GSocketAddress *
find_address (Xep174Files        *self,
              const char         *contact,
              const Xep174OobUrl *url,
              gboolean           *known)
{
  Xep174Session *session = xep174_session_manager_find_session (self->around->manager, contact);
  Xep174Slot *slot = session != NULL ? xep174_session_current_slot (session) : NULL;
  g_autoptr(GSocketAddress) remote = NULL;
  g_autoptr(GSocketAddress) local = NULL;
  g_autofree char *host = NULL;
  Xep174JingleCandidate candidate = { .host = url->host, .port = url->port };
  GSocketAddress *address;

  if (slot == NULL || slot->transport == NULL)
    return NULL;

  remote = xep174_transport_dup_remote (slot->transport);
  local = xep174_transport_dup_local (slot->transport);
  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return NULL;

  if (url->host == NULL)
    candidate.host = host
      = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
  address = xep174_candidates_resolve (&candidate, local, self->around->manager->around.port);
  *known = address != NULL && xep174_ways_is_same_host (address, remote);

  return address;
}

/* --- The offer ------------------------------------------------------------------------------- */

/* Takes what is in @url and @info. */
static void
take_in (Xep174Files    *self,
         const char     *contact,
         const char     *id,
         Xep174OobUrl   *url,
         Xep174FileInfo *info)
{
  gboolean known = FALSE;
  g_autoptr(GSocketAddress) address = find_address (self, contact, url, &known);
  g_autoptr(Xep174Transfer) transfer = NULL;
  char *name;

  if (address == NULL)
    {
      refuse (self, contact, id, XEP174_OOB_NOT_WANTED, "no contact can be there");
      return;
    }

  name = xep174_file_name_make_safe (info->name);
  g_free (info->name);
  info->name = name;
  transfer = xep174_transfer_new (self->around, contact, NULL, XEP174_TRANSFER_OOB_RECEIVER, info);
  transfer->question = g_strdup (id);
  transfer->oob = g_new0 (Xep174TransferOob, 1);
  transfer->oob->url = *url;
  *url = (Xep174OobUrl) { 0 };
  transfer->oob->address = g_steal_pointer (&address);
  transfer->oob->max_size = self->max_size;
  xep174_files_know (self, transfer);
  if (known)
    finish (self, transfer, TRUE);
  else
    identify (self, transfer);
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
