/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-oob-url.h"

#include <string.h>

#define SCHEME "http://"
#define PORT   80
/* RFC 1035 §2.3.4, and what a scope is at most called (IFNAMSIZ), encoded. */
#define MAX_HOST  255
#define MAX_SCOPE 48

static gboolean
refuse (const char **why,
        const char  *reason)
{
  *why = reason;

  return FALSE;
}

/* RFC 3986 §3.3 and §3.4, and nothing else: no space, no control, no octet above 0x7e. */
static gboolean
is_path (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (*c == '%' ? !g_ascii_isxdigit (c[1]) || !g_ascii_isxdigit (c[2])
                  : !g_ascii_isalnum (*c) && strchr ("-._~!$&'()*+,;=:@/?", *c) == NULL)
      return FALSE;

  return TRUE;
}

/* One that only the link knows; which address it has we know ourselves. */
static gboolean
is_local_name (const char *host)
{
  gsize length = strlen (host);

  if (length > 0 && host[length - 1] == '.')
    length--;
  if (length <= strlen (".local") || length > MAX_HOST
      || g_ascii_strncasecmp (host + length - strlen (".local"), ".local", strlen (".local")) != 0)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (host[i]) && strchr ("-_.", host[i]) == NULL)
      return FALSE;

  return host[0] != '.';
}

/* [ADDRESS], or [ADDRESS%25SCOPE] (RFC 6874), or the same with a bare %. What link it is on we know, and the
 * contact does not. */
static char *
dup_bracketed (const char *inside,
               gsize       length)
{
  const char *percent = memchr (inside, '%', length);
  gsize end = percent != NULL ? (gsize) (percent - inside) : length;
  g_autofree char *address = g_strndup (inside, end);

  if (length - end > MAX_SCOPE || strchr (address, ':') == NULL || !g_hostname_is_ip_address (address))
    return NULL;
  for (gsize i = end + 1; i < length; i++)
    if (!g_ascii_isalnum (inside[i]) && strchr ("-._%", inside[i]) == NULL)
      return NULL;

  return g_steal_pointer (&address);
}

static gboolean
read_port (Xep174OobUrl *self,
           const char   *rest)
{
  guint64 port = PORT;

  if (*rest == ':' && !g_ascii_string_to_unsigned (rest + 1, 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  if (*rest != ':' && *rest != '\0')
    return FALSE;

  self->port = port;

  return TRUE;
}

/* @authority is what is written between the scheme and the path (RFC 3986 §3.2). */
static gboolean
read_host (Xep174OobUrl  *self,
           const char    *authority,
           const char   **why)
{
  gboolean bracketed = authority[0] == '[';
  const char *end = authority + strcspn (authority, bracketed ? "]" : ":");
  g_autofree char *host = bracketed ? dup_bracketed (authority + 1, end - authority - 1)
                                    : g_strndup (authority, end - authority);

  if (bracketed && (host == NULL || *end == '\0'))
    return refuse (why, "it has no address");
  if (!bracketed && !g_hostname_is_ip_address (host) && !is_local_name (host))
    return refuse (why, "its host is none of the link");
  if (!read_port (self, end + bracketed))
    return refuse (why, "it has no port");

  self->label = g_strdup_printf (bracketed ? "[%s]:%u" : "%s:%u", host, self->port);
  if (g_hostname_is_ip_address (host))
    self->host = g_steal_pointer (&host);

  return TRUE;
}

/* What stands last is cut off first, so that an encoded / belongs to it. A query is none of it. */
static gboolean
read_name (Xep174OobUrl  *self,
           const char   **why)
{
  g_autofree char *path = g_strndup (self->path, strcspn (self->path, "?"));
  const char *last = strrchr (path, '/') + 1;

  self->name = *last != '\0' ? g_uri_unescape_string (last, NULL) : NULL;

  return self->name != NULL || refuse (why, "the file has no name");
}

gboolean
xep174_oob_url_read (Xep174OobUrl  *self,
                     const char    *text,
                     const char   **why)
{
  g_autofree char *url = NULL;
  g_autofree char *authority = NULL;
  const char *rest, *path;

  *self = (Xep174OobUrl) { 0 };
  if (text == NULL || strlen (text) > XEP174_OOB_MAX_URL)
    return refuse (why, "there is no address, or a long one");

  url = g_strstrip (g_strdup (text));
  rest = url + strlen (SCHEME);
  if (g_ascii_strncasecmp (url, SCHEME, strlen (SCHEME)) != 0)
    return refuse (why, "it is not http");
  path = strchr (rest, '/');
  if (path == NULL || !is_path (path))
    return refuse (why, "it has no path, or a wrong one");

  authority = g_strndup (rest, path - rest);
  self->path = g_strdup (path);
  if (read_host (self, authority, why) && read_name (self, why))
    return TRUE;

  xep174_oob_url_clear (self);

  return FALSE;
}

void
xep174_oob_url_clear (Xep174OobUrl *self)
{
  g_free (self->host);
  g_free (self->path);
  g_free (self->name);
  g_free (self->label);
  *self = (Xep174OobUrl) { 0 };
}
