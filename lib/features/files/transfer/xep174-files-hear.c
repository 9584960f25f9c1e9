/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What contacts say of files, and which transfer they mean. */

#include "xep174-files-private.h"

#include <string.h>

#include "xep174-file-name.h"
#include "xep174-ibb-private.h"
#include "xep174-manifest.h"
#include "xep174-oob-private.h"
#include "xep174-si-private.h"

/* Ours are TRANSFER.ATTEMPT, with a UUID and a number from 1 on. Any other name is a whole one, and has the
 * attempt 0. */
static char *
split_sid (const char *sid,
           guint      *attempt)
{
  const char *dot = strrchr (sid, '.');
  g_autofree char *id = dot != NULL ? g_strndup (sid, dot - sid) : NULL;
  guint64 number = 0;

  if (id != NULL && g_uuid_string_is_valid (id))
    xep174_file_read_number (dot + 1, G_MAXUINT32, &number);
  *attempt = number;

  return number > 0 ? g_steal_pointer (&id) : g_strdup (sid);
}

/* What may not be offered, as a condition of RFC 6120 §8.3.3. */
static const char *
judge_offer (Xep174Files  *self,
             const char   *contact,
             Xep174Jingle *jingle)
{
  if (jingle->way == XEP174_JINGLE_WAY_NONE)
    return "feature-not-implemented";
  if (jingle->file.size > self->max_size)
    return "not-acceptable";
  if (jingle->file.is_folder && (jingle->file.n_files > XEP174_MANIFEST_MAX_ENTRIES
                                 || jingle->file.manifest > XEP174_MANIFEST_MAX_LENGTH))
    return "not-acceptable";
  if (!xep174_files_make_room (self, contact))
    return "resource-constraint";

  return NULL;
}

static const char *
judge_again (Xep174Transfer *known,
             Xep174Jingle   *jingle,
             guint           attempt)
{
  if (xep174_transfer_is_taken (known, jingle, attempt))
    return "conflict"; /* XEP-0166 has that for a name that is taken. */

  return xep174_transfer_is_busy (known) ? "resource-constraint" : NULL;
}

static Xep174Transfer *
take_in (Xep174Files  *self,
         const char   *contact,
         const char   *id,
         Xep174Jingle *jingle)
{
  Xep174FileInfo info = jingle->file;
  g_autoptr(Xep174Transfer) transfer = NULL;
  char *name = xep174_file_name_make_safe (info.name);

  g_free (info.name);
  info.name = name;
  jingle->file.name = jingle->file.media_type = NULL;
  transfer = xep174_transfer_new (self->around, contact, id, XEP174_TRANSFER_RECEIVER, &info);
  transfer->loop = xep174_transfer_run;
  /* Of what we do not know nobody can go on with; there is nothing to remember. */
  if (!jingle->file.goes_on)
    xep174_files_know (self, transfer);

  return g_steal_pointer (&transfer);
}

static void
handle_offer (Xep174Files   *self,
              const char    *contact,
              Xep174Element *iq,
              const char    *id,
              guint          attempt,
              Xep174Jingle  *jingle)
{
  gboolean is_new = attempt == 0 && xep174_files_free_id (self, contact, id);
  Xep174Transfer *known = is_new ? NULL : xep174_files_find (self, contact, id, FALSE);
  const char *condition = known == NULL ? judge_offer (self, contact, jingle)
                                        : judge_again (known, jingle, attempt);
  g_autoptr(Xep174Transfer) transfer = NULL;

  xep174_transfer_around_answer (self->around, contact, iq, condition, NULL);
  /* Whoever has what we could not have may go on with it later; until then the contact tries again. */
  if (condition != NULL || (known == NULL && jingle->file.goes_on && self->missed))
    return;

  transfer = known != NULL ? g_object_ref (known) : take_in (self, contact, id, jingle);
  xep174_transfer_hear (transfer, jingle, attempt);
}

/* That the session is not known says the answer, too (XEP-0166 §10), and that of another program may be. But
 * somebody who does not take files yet refuses all the same: what was not lost must not end by that. */
static void
tell_unknown (Xep174Files   *self,
              const char    *contact,
              Xep174Element *asked,
              const char    *sid)
{
  Xep174Jingle jingle = { .action = XEP174_JINGLE_TERMINATE, .sid = (char *) sid,
                          .reason = (char *) "expired" };
  g_autoptr(Xep174Element) element = xep174_jingle_to_element (&jingle);
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", "jabber:client");

  /* Nobody waits for its answer: so whoever asks much has nothing that we remember. */
  xep174_element_set_attribute (iq, "type", "set");
  xep174_element_set_attribute (iq, "id", xep174_element_get_attribute (asked, "id"));
  xep174_element_append_child (iq, element);
  xep174_feature_host_send_async (XEP174_FEATURE_HOST (self->around->manager), contact, iq, NULL, NULL, NULL);
}

/* TRUE if too much waits for its disk. */
static gboolean
refuse_busy (Xep174Transfer *transfer,
             Xep174Element  *iq)
{
  if (transfer == NULL || !xep174_transfer_is_busy (transfer))
    return FALSE;

  xep174_transfer_around_answer (transfer->around, transfer->contact, iq, "resource-constraint", NULL);

  return TRUE;
}

static void
handle_jingle (Xep174Files   *self,
               const char    *contact,
               Xep174Element *iq,
               Xep174Element *payload)
{
  g_auto(Xep174Jingle) jingle = { 0 };
  g_autofree char *id = NULL;
  g_autoptr(Xep174Transfer) held = NULL;
  Xep174Transfer *transfer;
  const char *why;
  guint attempt;

  if (!xep174_jingle_read (&jingle, payload, &why))
    {
      g_debug ("“%s” says of a file what cannot be understood: %s", contact, why);
      xep174_transfer_around_answer (self->around, contact, iq, "bad-request", NULL);
      return;
    }

  id = split_sid (jingle.sid, &attempt);
  if (jingle.action == XEP174_JINGLE_INITIATE)
    {
      handle_offer (self, contact, iq, id, attempt, &jingle);
      return;
    }

  /* Either side may have called it so: what is said fits one of them. */
  transfer = xep174_files_find (self, contact, id, TRUE);
  if (transfer == NULL)
    transfer = xep174_files_find (self, contact, id, FALSE);
  if (refuse_busy (transfer, iq))
    return;
  xep174_transfer_around_answer (self->around, contact, iq, transfer == NULL ? "item-not-found" : NULL,
                                 transfer == NULL ? "unknown-session" : NULL);
  if (transfer == NULL)
    {
      if (jingle.action == XEP174_JINGLE_INFO && jingle.about == XEP174_JINGLE_ABOUT_NOTHING
          && !self->missed)
        tell_unknown (self, contact, iq, jingle.sid);
      return;
    }

  held = g_object_ref (transfer);
  xep174_transfer_hear (transfer, &jingle, attempt);
}

static void
handle_band (Xep174Files   *self,
             const char    *contact,
             Xep174Element *iq,
             Xep174Element *payload)
{
  const char *sid = xep174_element_get_attribute (payload, "sid");
  Xep174Transfer *transfer = sid != NULL ? xep174_files_find_band (self, contact, sid) : NULL;

  if (refuse_busy (transfer, iq))
    return;
  if (transfer != NULL)
    {
      G_GNUC_UNUSED g_autoptr(Xep174Transfer) held = g_object_ref (transfer);

      xep174_transfer_hear_band (transfer, iq, payload);
      return;
    }

  xep174_transfer_around_answer (self->around, contact, iq, sid != NULL ? "item-not-found" : "bad-request",
                                 NULL);
}

gboolean
xep174_files_handle (Xep174Files   *self,
                     const char    *contact,
                     Xep174Element *stanza,
                     Xep174Element *payload)
{
  const char *xmlns = xep174_element_get_xmlns (payload);

  if (self->around == NULL || !xep174_element_matches (stanza, "iq", NULL)
      || g_strcmp0 (xep174_element_get_attribute (stanza, "type"), "set") != 0)
    return FALSE;

  if (xep174_files_defer (self, contact, stanza, payload))
    return TRUE;
  if (g_strcmp0 (xmlns, XEP174_NS_JINGLE) == 0)
    handle_jingle (self, contact, stanza, payload);
  else if (g_strcmp0 (xmlns, XEP174_NS_IBB) == 0)
    handle_band (self, contact, stanza, payload);
  else if (g_strcmp0 (xmlns, XEP174_NS_SI) == 0)
    xep174_files_handle_si (self, contact, stanza, payload);
  else if (g_strcmp0 (xmlns, XEP174_NS_BYTESTREAMS) == 0)
    xep174_files_handle_hosts (self, contact, stanza, payload);
  else if (g_strcmp0 (xmlns, XEP174_NS_OOB) == 0)
    xep174_files_handle_oob (self, contact, stanza, payload);
  else
    return FALSE;

  return TRUE;
}
