/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-si-private.h"

#include <string.h>

#define METHOD "stream-method"

static gboolean
refuse (const char **why,
        const char  *reason)
{
  *why = reason;

  return FALSE;
}

/* --- The offer ------------------------------------------------------------------------------- */

static Xep174Element *
append_method (Xep174Element *si,
               const char    *form)
{
  Xep174Element *feature = xep174_element_append_new (si, "feature", XEP174_NS_FEATURE_NEG);
  Xep174Element *x = xep174_element_append_new (feature, "x", XEP174_NS_DATA_FORM);
  Xep174Element *field = xep174_element_append_new (x, "field", NULL);

  xep174_element_set_attribute (x, "type", form);
  xep174_element_set_attribute (field, "var", METHOD);

  return field;
}

static void
append_bytestreams (Xep174Element *parent)
{
  Xep174Element *value = xep174_element_append_new (parent, "value", NULL);

  xep174_element_append_text (value, XEP174_NS_BYTESTREAMS);
}

Xep174Element *
xep174_si_new_offer (const char           *sid,
                     const Xep174FileInfo *info)
{
  Xep174Element *si = xep174_element_new ("si", XEP174_NS_SI);
  Xep174Element *file = xep174_element_append_new (si, "file", XEP174_NS_SI_FILE);
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, info->size);
  Xep174Element *field;

  xep174_element_set_attribute (si, "id", sid);
  xep174_element_set_attribute (si, "profile", XEP174_NS_SI_FILE);
  if (info->media_type != NULL)
    xep174_element_set_attribute (si, "mime-type", info->media_type);
  xep174_element_set_attribute (file, "name", info->name);
  xep174_element_set_attribute (file, "size", size);

  field = append_method (si, "form");
  xep174_element_set_attribute (field, "type", "list-single");
  append_bytestreams (xep174_element_append_new (field, "option", NULL));

  return si;
}

static gboolean
has_bytestreams (Xep174Element *parent)
{
  g_autofree char *value = xep174_element_dup_child_text (parent, "value", XEP174_NS_DATA_FORM);

  return g_strcmp0 (value, XEP174_NS_BYTESTREAMS) == 0;
}

/* The field of the form that is about the way, or %NULL. */
static Xep174Element *
find_method (Xep174Element *si)
{
  Xep174Element *feature = xep174_element_find_child (si, "feature", XEP174_NS_FEATURE_NEG);
  Xep174Element *x
    = feature != NULL ? xep174_element_find_child (feature, "x", XEP174_NS_DATA_FORM) : NULL;

  for (Xep174Element *field = x != NULL ? xep174_element_get_first_child (x) : NULL; field != NULL;
       field = xep174_element_get_next_sibling (field))
    if (xep174_element_matches (field, "field", XEP174_NS_DATA_FORM)
        && g_strcmp0 (xep174_element_get_attribute (field, "var"), METHOD) == 0)
      return field;

  return NULL;
}

static gboolean
offers_bytestreams (Xep174Element *si)
{
  Xep174Element *field = find_method (si);

  for (Xep174Element *option = field != NULL ? xep174_element_get_first_child (field) : NULL; option != NULL;
       option = xep174_element_get_next_sibling (option))
    if (xep174_element_matches (option, "option", XEP174_NS_DATA_FORM) && has_bytestreams (option))
      return TRUE;

  return FALSE;
}

gboolean
xep174_si_read_offer (Xep174Element   *si,
                      char           **sid,
                      Xep174FileInfo  *info,
                      const char     **why)
{
  Xep174Element *file = xep174_element_find_child (si, "file", XEP174_NS_SI_FILE);
  const char *id = xep174_element_get_attribute (si, "id");
  const char *type = xep174_element_get_attribute (si, "mime-type");
  const char *name;

  *sid = NULL;
  *info = (Xep174FileInfo) { 0 };

  if (!xep174_element_matches (si, "si", XEP174_NS_SI))
    return refuse (why, "it is no stream initiation");
  if (g_strcmp0 (xep174_element_get_attribute (si, "profile"), XEP174_NS_SI_FILE) != 0 || file == NULL)
    return refuse (why, "it is not about a file");
  if (!xep174_file_is_text (id))
    return refuse (why, "it has no id, or a long one");
  name = xep174_element_get_attribute (file, "name");
  if (!xep174_file_is_text (name))
    return refuse (why, "the file has no name, or a long one");
  if (!xep174_file_read_number (xep174_element_get_attribute (file, "size"), G_MAXINT64, &info->size))
    return refuse (why, "the file has no size");
  if (!offers_bytestreams (si))
    return refuse (why, "there is no way for it");

  *sid = g_strdup (id);
  info->name = g_strdup (name);
  info->media_type = xep174_file_is_text (type) ? g_strdup (type) : NULL;
  info->ranged = xep174_element_find_child (file, "range", XEP174_NS_SI_FILE) != NULL;

  return TRUE;
}

Xep174Element *
xep174_si_new_answer (void)
{
  Xep174Element *si = xep174_element_new ("si", XEP174_NS_SI);

  append_bytestreams (append_method (si, "submit"));

  return si;
}

gboolean
xep174_si_read_answer (Xep174Element  *si,
                       const char    **why)
{
  Xep174Element *field = find_method (si);

  if (!xep174_element_matches (si, "si", XEP174_NS_SI))
    return refuse (why, "it is no stream initiation");
  if (field == NULL || !has_bytestreams (field))
    return refuse (why, "it chooses another way");

  return TRUE;
}

/* --- The stream ------------------------------------------------------------------------------ */

Xep174StreamHost *
xep174_stream_host_new (const char *jid,
                        const char *host,
                        guint16     port)
{
  Xep174StreamHost *self = g_new0 (Xep174StreamHost, 1);

  self->jid = g_strdup (jid);
  self->host = g_strdup (host);
  self->port = port;

  return self;
}

void
xep174_stream_host_free (Xep174StreamHost *self)
{
  g_free (self->jid);
  g_free (self->host);
  g_free (self);
}

Xep174Element *
xep174_si_new_hosts (const char *sid,
                     GPtrArray  *hosts)
{
  Xep174Element *query = xep174_element_new ("query", XEP174_NS_BYTESTREAMS);

  xep174_element_set_attribute (query, "sid", sid);
  xep174_element_set_attribute (query, "mode", "tcp");
  for (guint i = 0; i < hosts->len; i++)
    {
      const Xep174StreamHost *host = g_ptr_array_index (hosts, i);
      Xep174Element *element = xep174_element_append_new (query, "streamhost", NULL);
      g_autofree char *port = g_strdup_printf ("%u", host->port);

      xep174_element_set_attribute (element, "jid", host->jid);
      xep174_element_set_attribute (element, "host", host->host);
      xep174_element_set_attribute (element, "port", port);
    }

  return query;
}

/* One that nobody could use is left out; the next may be better. What link an address is on we know, and
 * the contact does not. */
static Xep174StreamHost *
read_host (Xep174Element *element)
{
  const char *jid = xep174_element_get_attribute (element, "jid");
  const char *host = xep174_element_get_attribute (element, "host");
  guint64 port;

  if (!xep174_element_matches (element, "streamhost", XEP174_NS_BYTESTREAMS) || !xep174_file_is_text (jid)
      || host == NULL || !g_hostname_is_ip_address (host) || strchr (host, '%') != NULL
      || !xep174_file_read_number (xep174_element_get_attribute (element, "port"), G_MAXUINT16, &port)
      || port == 0)
    return NULL;

  return xep174_stream_host_new (jid, host, port);
}

GPtrArray *
xep174_si_read_hosts (Xep174Element  *query,
                      char          **sid,
                      const char    **why)
{
  g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_stream_host_free);
  const char *id = xep174_element_get_attribute (query, "sid");
  const char *mode = xep174_element_get_attribute (query, "mode");

  *sid = NULL;
  for (Xep174Element *child = xep174_element_get_first_child (query);
       child != NULL && hosts->len < XEP174_SI_MAX_HOSTS; child = xep174_element_get_next_sibling (child))
    {
      Xep174StreamHost *host = read_host (child);

      if (host != NULL)
        g_ptr_array_add (hosts, host);
    }

  if (!xep174_element_matches (query, "query", XEP174_NS_BYTESTREAMS))
    refuse (why, "it is no bytestream");
  else if (!xep174_file_is_text (id))
    refuse (why, "it has no id, or a long one");
  else if (mode != NULL && !g_str_equal (mode, "tcp"))
    refuse (why, "it is not TCP");
  else if (hosts->len == 0)
    refuse (why, "it has no address that can be used");
  else
    {
      *sid = g_strdup (id);
      return g_steal_pointer (&hosts);
    }

  return NULL;
}

Xep174Element *
xep174_si_new_used (const char *sid,
                    const char *jid)
{
  Xep174Element *query = xep174_element_new ("query", XEP174_NS_BYTESTREAMS);
  Xep174Element *used = xep174_element_append_new (query, "streamhost-used", NULL);

  xep174_element_set_attribute (query, "sid", sid);
  xep174_element_set_attribute (used, "jid", jid);

  return query;
}

char *
xep174_si_read_used (Xep174Element  *query,
                     const char    **why)
{
  Xep174Element *used = xep174_element_find_child (query, "streamhost-used", XEP174_NS_BYTESTREAMS);
  const char *jid = used != NULL ? xep174_element_get_attribute (used, "jid") : NULL;

  if (!xep174_element_matches (query, "query", XEP174_NS_BYTESTREAMS) || !xep174_file_is_text (jid))
    {
      refuse (why, "it does not say what was used");
      return NULL;
    }

  return g_strdup (jid);
}
