/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-jingle-private.h"

#include <string.h>

/* The sender begins each session: so the content is the initiator's (XEP-0234 §4.1). */
#define CONTENT "file"
#define CREATOR "initiator"

static const char *const action_names[] = {
  "session-initiate", "session-accept", "session-terminate", "session-info", "transport-info",
  "transport-replace", "transport-accept", "transport-reject",
};

G_STATIC_ASSERT (G_N_ELEMENTS (action_names) == XEP174_JINGLE_N_ACTIONS);

/* What each action must bring along. */
static const struct
{
  guint8 content, file, way, about;
} needs[XEP174_JINGLE_N_ACTIONS] = {
  [XEP174_JINGLE_INITIATE]          = { TRUE, TRUE, TRUE, FALSE },
  [XEP174_JINGLE_ACCEPT]            = { TRUE, TRUE, TRUE, FALSE },
  [XEP174_JINGLE_TRANSPORT_INFO]    = { TRUE, FALSE, TRUE, TRUE },
  [XEP174_JINGLE_TRANSPORT_REPLACE] = { TRUE, FALSE, TRUE, FALSE },
  [XEP174_JINGLE_TRANSPORT_ACCEPT]  = { TRUE, FALSE, TRUE, FALSE },
};

Xep174JingleCandidate *
xep174_jingle_candidate_new (const char *cid,
                             const char *jid,
                             const char *host,
                             guint16     port,
                             guint32     priority)
{
  Xep174JingleCandidate *self = g_new0 (Xep174JingleCandidate, 1);

  self->cid = g_strdup (cid);
  self->jid = g_strdup (jid);
  self->host = g_strdup (host);
  self->port = port;
  self->priority = priority;

  return self;
}

void
xep174_jingle_candidate_free (Xep174JingleCandidate *self)
{
  g_free (self->cid);
  g_free (self->jid);
  g_free (self->host);
  g_free (self);
}

void
xep174_jingle_clear (Xep174Jingle *self)
{
  g_free (self->sid);
  xep174_file_info_clear (&self->file);
  g_free (self->cid);
  g_free (self->way_sid);
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
  g_free (self->reason);
  memset (self, 0, sizeof *self);
}

/* --- Writing --------------------------------------------------------------------------------- */

static void
set_number (Xep174Element *element,
            const char    *name,
            guint64        number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  xep174_element_set_attribute (element, name, text);
}

static void
append_text (Xep174Element *parent,
             const char    *name,
             const char    *text)
{
  if (text != NULL)
    xep174_element_append_text (xep174_element_append_new (parent, name, NULL), text);
}

/* Where there is no hash yet its kind is told: it follows when all is sent (XEP-0234 §5, §8.2). */
static void
append_file (Xep174Element        *parent,
             const Xep174FileInfo *info)
{
  Xep174Element *file = xep174_element_append_new (parent, "file", NULL);
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, info->size);

  append_text (file, "name", info->name);
  append_text (file, "media-type", info->media_type);
  append_text (file, "size", size);
  if (info->is_folder)
    xep174_file_append_folder (file, info);
  if (info->ranged)
    {
      Xep174Element *range = xep174_element_append_new (file, "range", NULL);

      if (info->offset > 0 || info->goes_on)
        set_number (range, "offset", info->offset);
    }
  xep174_file_append_hash (file, info->hashed ? info->sha256 : NULL);
}

static void
append_candidates (Xep174Element *transport,
                   GPtrArray     *candidates)
{
  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    {
      const Xep174JingleCandidate *candidate = g_ptr_array_index (candidates, i);
      Xep174Element *element = xep174_element_append_new (transport, "candidate", NULL);

      xep174_element_set_attribute (element, "cid", candidate->cid);
      xep174_element_set_attribute (element, "jid", candidate->jid);
      xep174_element_set_attribute (element, "host", candidate->host);
      set_number (element, "port", candidate->port);
      set_number (element, "priority", candidate->priority);
      xep174_element_set_attribute (element, "type", "direct");
    }
}

static void
append_way (Xep174Element      *content,
            const Xep174Jingle *self)
{
  gboolean in_band = self->way == XEP174_JINGLE_WAY_IBB;
  Xep174Element *transport
    = xep174_element_append_new (content, "transport",
                                 in_band ? XEP174_NS_JINGLE_IBB : XEP174_NS_JINGLE_S5B);
  Xep174Element *used;

  xep174_element_set_attribute (transport, "sid", self->way_sid);
  if (in_band)
    set_number (transport, "block-size", self->block_size);
  else
    append_candidates (transport, self->candidates);

  if (self->about == XEP174_JINGLE_ABOUT_USED)
    {
      used = xep174_element_append_new (transport, "candidate-used", NULL);
      xep174_element_set_attribute (used, "cid", self->cid);
    }
  else if (self->about == XEP174_JINGLE_ABOUT_ERROR)
    xep174_element_append_new (transport, "candidate-error", NULL);
}

static void
append_info (Xep174Element      *jingle,
             const Xep174Jingle *self)
{
  gboolean received = self->about == XEP174_JINGLE_ABOUT_RECEIVED;
  Xep174Element *info
    = xep174_element_append_new (jingle, received ? "received" : "checksum", XEP174_NS_JINGLE_FILE);

  xep174_element_set_attribute (info, "creator", CREATOR);
  xep174_element_set_attribute (info, "name", CONTENT);
  if (!received)
    xep174_file_append_hash (xep174_element_append_new (info, "file", NULL), self->file.sha256);
}

static void
append_content (Xep174Element      *jingle,
                const Xep174Jingle *self)
{
  Xep174Element *content = xep174_element_append_new (jingle, "content", NULL);

  xep174_element_set_attribute (content, "creator", CREATOR);
  xep174_element_set_attribute (content, "name", CONTENT);
  xep174_element_set_attribute (content, "senders", CREATOR);
  if (needs[self->action].file)
    append_file (xep174_element_append_new (content, "description", XEP174_NS_JINGLE_FILE), &self->file);
  if (self->way != XEP174_JINGLE_WAY_NONE)
    append_way (content, self);
}

Xep174Element *
xep174_jingle_to_element (const Xep174Jingle *self)
{
  Xep174Element *jingle = xep174_element_new ("jingle", XEP174_NS_JINGLE);

  xep174_element_set_attribute (jingle, "action", action_names[self->action]);
  xep174_element_set_attribute (jingle, "sid", self->sid);
  if (needs[self->action].content || self->way != XEP174_JINGLE_WAY_NONE)
    append_content (jingle, self);
  else if (self->about != XEP174_JINGLE_ABOUT_NOTHING)
    append_info (jingle, self);
  if (self->reason != NULL)
    xep174_element_append_new (xep174_element_append_new (jingle, "reason", NULL), self->reason, NULL);

  return jingle;
}

/* --- Reading --------------------------------------------------------------------------------- */

static gboolean
refuse (const char **why,
        const char  *reason)
{
  *why = reason;

  return FALSE;
}

static gboolean
is (Xep174Element *element,
    const char    *attribute,
    const char    *value)
{
  return g_strcmp0 (xep174_element_get_attribute (element, attribute), value) == 0;
}

/* An offset that is given must be one; a length is not asked for by anybody here. */
static gboolean
read_range (Xep174Element  *file,
            Xep174FileInfo *info)
{
  Xep174Element *range = xep174_element_find_child (file, "range", XEP174_NS_JINGLE_FILE);
  const char *offset = range != NULL ? xep174_element_get_attribute (range, "offset") : NULL;

  info->ranged = range != NULL;
  info->goes_on = offset != NULL;

  return offset == NULL || xep174_file_read_number (offset, info->size, &info->offset);
}

/* Who accepts knows that the offer is known: of what it says only the range counts. */
static gboolean
read_file (Xep174Element   *parent,
           gboolean         offered,
           Xep174FileInfo  *info,
           const char     **why)
{
  Xep174Element *file
    = parent != NULL ? xep174_element_find_child (parent, "file", XEP174_NS_JINGLE_FILE) : NULL;
  g_autofree char *size = NULL;
  g_autofree char *name = NULL;
  g_autofree char *type = NULL;

  if (file == NULL)
    return refuse (why, "it is not about a file");

  size = xep174_element_dup_child_text (file, "size", XEP174_NS_JINGLE_FILE);
  name = xep174_element_dup_child_text (file, "name", XEP174_NS_JINGLE_FILE);
  type = xep174_element_dup_child_text (file, "media-type", XEP174_NS_JINGLE_FILE);
  if (size == NULL && !offered)
    info->size = G_MAXINT64;
  else if (!xep174_file_read_number (size, G_MAXINT64, &info->size))
    return refuse (why, "the file has no size");
  if (!xep174_file_is_text (name) && (name != NULL || offered))
    return refuse (why, "the file has no name, or a long one");
  if (!read_range (file, info))
    return refuse (why, "the range is not in the file");
  if (!xep174_file_read_sha256 (file, info))
    return refuse (why, "the hash is none");
  if (!xep174_file_read_folder (file, info))
    return refuse (why, "the folder is none");

  info->name = g_steal_pointer (&name);
  info->media_type = xep174_file_is_text (type) ? g_steal_pointer (&type) : NULL;

  return TRUE;
}

/* One that nobody could use is left out: what would have to be looked up, and proxies, which no local
 * network has. */
static Xep174JingleCandidate *
read_candidate (Xep174Element *element)
{
  const char *cid = xep174_element_get_attribute (element, "cid");
  const char *host = xep174_element_get_attribute (element, "host");
  const char *type = xep174_element_get_attribute (element, "type");
  const char *rank = xep174_element_get_attribute (element, "priority");
  guint64 port, priority;

  if (!xep174_element_matches (element, "candidate", XEP174_NS_JINGLE_S5B) || !xep174_file_is_text (cid)
      || host == NULL || !g_hostname_is_ip_address (host) || strchr (host, '%') != NULL
      || (type != NULL && !g_str_equal (type, "direct") && !g_str_equal (type, "assisted"))
      || !xep174_file_read_number (xep174_element_get_attribute (element, "port"), G_MAXUINT16, &port)
      || port == 0 || !xep174_file_read_number (rank, G_MAXUINT32, &priority))
    return NULL;

  return xep174_jingle_candidate_new (cid, xep174_element_get_attribute (element, "jid"), host, port,
                                      priority);
}

static void
read_s5b (Xep174Jingle  *self,
          Xep174Element *transport)
{
  Xep174Element *used = xep174_element_find_child (transport, "candidate-used", XEP174_NS_JINGLE_S5B);

  self->way = XEP174_JINGLE_WAY_S5B;
  self->candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_jingle_candidate_free);
  for (Xep174Element *child = xep174_element_get_first_child (transport);
       child != NULL && self->candidates->len < XEP174_JINGLE_MAX_CANDIDATES;
       child = xep174_element_get_next_sibling (child))
    {
      Xep174JingleCandidate *candidate = read_candidate (child);

      if (candidate != NULL)
        g_ptr_array_add (self->candidates, candidate);
    }

  if (used != NULL && xep174_file_is_text (xep174_element_get_attribute (used, "cid")))
    {
      self->about = XEP174_JINGLE_ABOUT_USED;
      self->cid = g_strdup (xep174_element_get_attribute (used, "cid"));
    }
  else if (xep174_element_find_child (transport, "candidate-error", XEP174_NS_JINGLE_S5B) != NULL)
    self->about = XEP174_JINGLE_ABOUT_ERROR;
}

static gboolean
read_way (Xep174Jingle   *self,
          Xep174Element  *content,
          const char    **why)
{
  Xep174Element *transport = xep174_element_find_child (content, "transport", NULL);
  const char *sid = transport != NULL ? xep174_element_get_attribute (transport, "sid") : NULL;
  guint64 block;

  if (transport == NULL)
    return !needs[self->action].way || refuse (why, "there is no way for it");
  if (!xep174_file_is_text (sid))
    return refuse (why, "the way has no id, or a long one");

  self->way_sid = g_strdup (sid);
  if (xep174_element_matches (transport, NULL, XEP174_NS_JINGLE_S5B))
    {
      if (xep174_element_get_attribute (transport, "mode") != NULL && !is (transport, "mode", "tcp"))
        return refuse (why, "it is not TCP");
      read_s5b (self, transport);
    }
  else if (xep174_element_matches (transport, NULL, XEP174_NS_JINGLE_IBB))
    {
      if (!xep174_file_read_number (xep174_element_get_attribute (transport, "block-size"),
                                    XEP174_JINGLE_MAX_BLOCK, &block) || block == 0)
        return refuse (why, "a block has no size");
      self->way = XEP174_JINGLE_WAY_IBB;
      self->block_size = block;
    }
  else
    return refuse (why, "it knows another way only");

  return !needs[self->action].about || self->about != XEP174_JINGLE_ABOUT_NOTHING
         || refuse (why, "it says nothing of the way");
}

static gboolean
read_content (Xep174Jingle   *self,
              Xep174Element  *jingle,
              const char    **why)
{
  g_autofree Xep174Element **contents = xep174_element_list_children (jingle, "content", XEP174_NS_JINGLE);
  const char *senders;

  if (contents[0] == NULL)
    return !needs[self->action].content || refuse (why, "it has no content");
  if (contents[1] != NULL)
    return refuse (why, "it has several contents");
  senders = xep174_element_get_attribute (contents[0], "senders");
  if (!is (contents[0], "creator", CREATOR) || (senders != NULL && !g_str_equal (senders, CREATOR)))
    return refuse (why, "it asks for a file"); /* XEP-0234 §6.2 */
  if (needs[self->action].file
      && !read_file (xep174_element_find_child (contents[0], "description", XEP174_NS_JINGLE_FILE),
                     self->action == XEP174_JINGLE_INITIATE, &self->file, why))
    return FALSE;

  return read_way (self, contents[0], why);
}

/* An information that we do not know is none; a checksum without a hash that we know neither. */
static gboolean
read_info (Xep174Jingle   *self,
           Xep174Element  *jingle,
           const char    **why)
{
  Xep174Element *checksum = xep174_element_find_child (jingle, "checksum", XEP174_NS_JINGLE_FILE);
  Xep174Element *file
    = checksum != NULL ? xep174_element_find_child (checksum, "file", XEP174_NS_JINGLE_FILE) : NULL;

  if (xep174_element_find_child (jingle, "received", XEP174_NS_JINGLE_FILE) != NULL)
    self->about = XEP174_JINGLE_ABOUT_RECEIVED;
  else if (checksum != NULL && (file == NULL || !xep174_file_read_sha256 (file, &self->file)))
    return refuse (why, "the hash is none");
  else if (self->file.hashed)
    self->about = XEP174_JINGLE_ABOUT_CHECKSUM;

  return TRUE;
}

/* The condition; words of the other side may stand beside it (XEP-0166 §7.4). */
static char *
dup_reason (Xep174Element *reason)
{
  Xep174Element *what = reason != NULL ? xep174_element_get_first_child (reason) : NULL;

  while (what != NULL && xep174_element_matches (what, "text", NULL))
    what = xep174_element_get_next_sibling (what);

  return what != NULL ? g_strdup (xep174_element_get_name (what)) : NULL;
}

static gboolean
read_all (Xep174Jingle   *self,
          Xep174Element  *jingle,
          const char    **why)
{
  const char *action = xep174_element_get_attribute (jingle, "action");
  const char *sid = xep174_element_get_attribute (jingle, "sid");

  if (!xep174_element_matches (jingle, "jingle", XEP174_NS_JINGLE))
    return refuse (why, "it is no Jingle");
  while (self->action < XEP174_JINGLE_N_ACTIONS && g_strcmp0 (action, action_names[self->action]) != 0)
    self->action++;
  if (self->action == XEP174_JINGLE_N_ACTIONS)
    return refuse (why, "the action is unknown");
  if (!xep174_file_is_text (sid))
    return refuse (why, "it has no id, or a long one");

  self->sid = g_strdup (sid);
  self->reason = dup_reason (xep174_element_find_child (jingle, "reason", XEP174_NS_JINGLE));
  if (self->action == XEP174_JINGLE_TERMINATE)
    return TRUE;
  if (self->action == XEP174_JINGLE_INFO)
    return read_info (self, jingle, why);

  return read_content (self, jingle, why);
}

gboolean
xep174_jingle_read (Xep174Jingle   *self,
                    Xep174Element  *jingle,
                    const char    **why)
{
  *self = (Xep174Jingle) { 0 };
  if (read_all (self, jingle, why))
    return TRUE;

  xep174_jingle_clear (self);

  return FALSE;
}
