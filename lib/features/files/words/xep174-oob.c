/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-oob-private.h"

#include <string.h>

#define NS_CLIENT  "jabber:client"
#define NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"

static Xep174OobAnswer
refuse (Xep174OobAnswer   answer,
        const char      **why,
        const char       *reason)
{
  *why = reason;

  return answer;
}

/* The attributes are Apple's, and in no XEP. telepathy-salut says no size of an empty file. */
Xep174OobAnswer
xep174_oob_read_offer (Xep174Element    *query,
                       Xep174OobUrl     *url,
                       Xep174FileInfo   *info,
                       const char      **why)
{
  Xep174Element *element = xep174_element_find_child (query, "url", XEP174_NS_OOB);
  g_autofree char *text = element != NULL ? xep174_element_dup_text (element) : NULL;
  const char *type, *size, *media_type;

  *url = (Xep174OobUrl) { 0 };
  *info = (Xep174FileInfo) { 0 };
  if (!xep174_element_matches (query, "query", XEP174_NS_OOB) || !xep174_oob_url_read (url, text, why))
    return element == NULL ? refuse (XEP174_OOB_BAD, why, "it has no address") : XEP174_OOB_BAD;

  type = xep174_element_get_attribute (element, "type");
  size = xep174_element_get_attribute (element, "size");
  media_type = xep174_element_get_attribute (element, "mimeType");
  if (type != NULL && !g_str_equal (type, "file"))
    return refuse (XEP174_OOB_NOT_WANTED, why, "it is no file");
  if (size != NULL && !xep174_file_read_number (size, G_MAXINT64, &info->size))
    return refuse (XEP174_OOB_BAD, why, "its size is no number");
  if (!xep174_file_is_text (url->name))
    return refuse (XEP174_OOB_BAD, why, "its name is a long one");

  info->unsized = size == NULL;
  info->name = g_strdup (url->name);
  info->media_type = xep174_file_is_text (media_type) ? g_strdup (media_type) : NULL;

  return XEP174_OOB_TAKEN;
}

static const char *
condition_for (Xep174OobAnswer answer)
{
  switch (answer)
    {
    case XEP174_OOB_BAD:        return "bad-request";
    case XEP174_OOB_NOT_WANTED: return "not-acceptable";
    case XEP174_OOB_TOO_MANY:   return "resource-constraint";
    default:                    return "item-not-found";
    }
}

static const char *
type_for (Xep174OobAnswer answer)
{
  switch (answer)
    {
    case XEP174_OOB_MISSING:  return "cancel";
    case XEP174_OOB_TOO_MANY: return "wait";
    default:                  return "modify";
    }
}

Xep174Element *
xep174_oob_new_answer (const char      *id,
                       Xep174OobAnswer  answer)
{
  Xep174Element *iq = xep174_element_new ("iq", NS_CLIENT);
  g_autofree char *code = g_strdup_printf ("%d", answer);
  Xep174Element *error;

  xep174_element_set_attribute (iq, "type", answer == XEP174_OOB_TAKEN ? "result" : "error");
  xep174_element_set_attribute (iq, "id", id);
  if (answer == XEP174_OOB_TAKEN)
    return iq;

  error = xep174_element_append_new (iq, "error", NULL);
  xep174_element_set_attribute (error, "code", code);
  xep174_element_set_attribute (error, "type", type_for (answer));
  xep174_element_append_new (error, condition_for (answer), NS_STANZAS);

  return iq;
}
