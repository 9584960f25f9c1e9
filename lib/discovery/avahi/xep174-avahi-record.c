/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-record-private.h"

#include "xep174-avahi-refusal-private.h"

#define CLASS_IN 1

/* RFC 1035 §3.2.1. */
#define RDATA_MAX 65535
/* RFC 1035 §2.3.4, each octet escaped as four. */
#define NAME_MAX_ESCAPED 1024

/* Of its flags: the record was known before it was asked for. */
#define FLAG_CACHED 1

static gboolean
parse_record (GVariant         *body,
              guint16           type,
              Xep174MdnsRecord *record)
{
  g_autoptr(GVariant) rdata = NULL;
  guint16 its_class;
  guint16 its_type;
  guint32 flags;

  if (!g_variant_is_of_type (body, G_VARIANT_TYPE ("(iisqqayu)")))
    return FALSE;

  g_variant_get (body, "(ii&sqq@ayu)", &record->interface, &record->protocol, &record->owner,
                 &its_class, &its_type, &rdata, &flags);
  record->rdata = g_variant_get_fixed_array (rdata, &record->size, 1);
  record->cached = (flags & FLAG_CACHED) != 0;

  return its_class == CLASS_IN && its_type == type && record->size <= RDATA_MAX &&
         strlen (record->owner) <= NAME_MAX_ESCAPED;
}

gboolean
xep174_avahi_parse_event (const char       *member,
                          GVariant         *body,
                          guint16           type,
                          Xep174MdnsEvent  *event,
                          Xep174MdnsRecord *record)
{
  *record = (Xep174MdnsRecord) { 0 };
  if (g_strcmp0 (member, "CacheExhausted") == 0)
    *event = XEP174_MDNS_CACHE_DONE;
  else if (g_strcmp0 (member, "AllForNow") == 0)
    *event = XEP174_MDNS_QUERY_SETTLED;
  else if (g_strcmp0 (member, "ItemNew") == 0 && parse_record (body, type, record))
    *event = XEP174_MDNS_RECORD_ADDED;
  else if (g_strcmp0 (member, "ItemRemove") == 0 && parse_record (body, type, record))
    *event = XEP174_MDNS_RECORD_REMOVED;
  else
    return FALSE;

  return TRUE;
}

gboolean
xep174_avahi_parse_failure (const char  *member,
                            GVariant    *body,
                            const char **refusal)
{
  *refusal = XEP174_AVAHI_NONSENSE;
  if (g_strcmp0 (member, "Failure") != 0)
    return FALSE;

  if (g_variant_is_of_type (body, G_VARIANT_TYPE ("(s)")))
    g_variant_get (body, "(&s)", refusal);

  return TRUE;
}

GVariant *
xep174_avahi_txt_strings (GBytes *txt)
{
  GVariantBuilder builder;
  gsize size;
  const guint8 *data = g_bytes_get_data (txt, &size);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aay"));
  /* An empty string is how a record without any is written (RFC 6763 §6.1). */
  for (gsize at = 0; at < size && data[at] < size - at; at += 1 + data[at])
    if (data[at] > 0)
      g_variant_builder_add_value (&builder,
                                   g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data + at + 1,
                                                              data[at], 1));

  return g_variant_builder_end (&builder);
}
