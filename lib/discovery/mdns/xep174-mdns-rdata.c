/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-rdata-private.h"

#include <string.h>

#include "xep174-name-private.h"

/* RFC 2782: priority, weight and port come before the target. */
#define SRV_HEAD 6

static void
append_label (GString      *name,
              const guint8 *label,
              gsize         length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (g_ascii_isalnum (label[i]) || label[i] == '-' || label[i] == '_')
        g_string_append_c (name, label[i]);
      else
        g_string_append_printf (name, "\\%03u", label[i]);
    }
}

char *
xep174_mdns_service_name (const char *instance,
                          const char *domain)
{
  GString *name = g_string_new (NULL);

  if (instance != NULL)
    {
      append_label (name, (const guint8 *) instance, strlen (instance));
      g_string_append_c (name, '.');
    }
  g_string_append_printf (name, XEP174_PRESENCE_TYPE ".%s", domain);

  return g_string_free (name, FALSE);
}

static char *
split_name (const char *instance,
            const char *domain)
{
  g_auto(GStrv) labels = g_strsplit (instance, ".", -1);
  g_autofree char *type = xep174_mdns_service_name (NULL, domain);
  GString *name = g_string_new (NULL);

  for (gsize i = 0; labels[i] != NULL; i++)
    {
      append_label (name, (const guint8 *) labels[i], strlen (labels[i]));
      g_string_append_c (name, '.');
    }
  g_string_append (name, type);

  return g_string_free (name, FALSE);
}

/* An empty label is none, and what a backslash does to libpurple's name cannot be undone. */
static gboolean
can_be_split (const char *instance)
{
  return strchr (instance, '.') != NULL && strchr (instance, '\\') == NULL &&
         *instance != '.' && strstr (instance, "..") == NULL && !g_str_has_suffix (instance, ".");
}

char **
xep174_mdns_picture_names (const char *instance,
                           const char *domain)
{
  char **names = g_new0 (char *, 3);

  names[0] = xep174_mdns_service_name (instance, domain);
  if (can_be_split (instance))
    names[1] = split_name (instance, domain);

  return names;
}

static char *
instance_of_label (const char *label,
                   gsize       length)
{
  g_autofree char *instance = g_strndup (label, length);

  if (strlen (instance) != length || !xep174_name_is_valid (instance, NULL))
    return NULL;

  return g_steal_pointer (&instance);
}

char *
xep174_mdns_instance_of_name (const char *name)
{
  g_autoptr(GString) label = g_string_new (NULL);

  for (const char *p = name; *p != '\0' && *p != '.'; p++)
    {
      if (p[0] != '\\')
        {
          g_string_append_c (label, *p);
        }
      else if (g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2]) && g_ascii_isdigit (p[3]))
        {
          g_string_append_c (label, (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0'));
          p += 3;
        }
      else if (p[1] != '\0')
        {
          g_string_append_c (label, *++p);
        }
    }

  return instance_of_label (label->str, label->len);
}

/* The name in text form, empty for the root; NULL if it is longer than its record. */
static char *
dup_name (const guint8 *rdata,
          gsize         size)
{
  g_autoptr(GString) name = g_string_new (NULL);
  gsize at = 0;

  while (at < size && rdata[at] != 0)
    {
      gsize length = rdata[at++];

      if (length > size - at)
        return NULL;
      if (name->len > 0)
        g_string_append_c (name, '.');
      append_label (name, rdata + at, length);
      at += length;
    }

  return g_string_free (g_steal_pointer (&name), FALSE);
}

char *
xep174_mdns_record_dup_instance (const Xep174MdnsRecord *ptr,
                                 const char             *domain)
{
  g_autofree char *browsed = xep174_mdns_service_name (NULL, domain);
  g_autofree char *type = NULL;
  gsize length = ptr->size > 0 ? ptr->rdata[0] : 0;

  if (length == 0 || length > ptr->size - 1)
    return NULL;

  /* Anybody may answer, and with a pointer to anything (RFC 6763 §4.1). */
  type = dup_name (ptr->rdata + 1 + length, ptr->size - 1 - length);
  if (type == NULL || g_ascii_strcasecmp (type, browsed) != 0)
    return NULL;

  return instance_of_label ((const char *) ptr->rdata + 1, length);
}

char *
xep174_mdns_record_dup_target (const Xep174MdnsRecord *srv,
                               guint16                *port)
{
  g_autofree char *name = NULL;

  if (srv->size <= SRV_HEAD)
    return NULL;

  name = dup_name (srv->rdata + SRV_HEAD, srv->size - SRV_HEAD);
  *port = srv->rdata[4] << 8 | srv->rdata[5];
  /* RFC 2782: if the target is the root, there is no such service. */
  if (name == NULL || *name == '\0' || *port == 0)
    return NULL;

  return g_steal_pointer (&name);
}

GInetAddress *
xep174_mdns_record_dup_address (const Xep174MdnsRecord *a_or_aaaa)
{
  if (a_or_aaaa->size == 4)
    return g_inet_address_new_from_bytes (a_or_aaaa->rdata, G_SOCKET_FAMILY_IPV4);
  if (a_or_aaaa->size == 16)
    return g_inet_address_new_from_bytes (a_or_aaaa->rdata, G_SOCKET_FAMILY_IPV6);

  return NULL;
}
