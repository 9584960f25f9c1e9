/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-http.h"

#include <string.h>

#define OK 200

char *
xep174_http_request (const char *host,
                     const char *path)
{
  /* iChat gives the file alone to who does not ask for AppleSingle. */
  return g_strdup_printf ("GET %s HTTP/1.1\r\n"
                          "Host: %s\r\n"
                          "Accept-Encoding: identity\r\n"
                          "Connection: close\r\n\r\n",
                          path, host);
}

void
xep174_http_init (Xep174Http *self)
{
  *self = (Xep174Http) { 0 };
}

gboolean
xep174_http_has_head (const Xep174Http *self)
{
  return self->state >= XEP174_HTTP_BODY && self->state < XEP174_HTTP_REFUSED;
}

/* --- Lines ----------------------------------------------------------------------------------- */

static void
end (Xep174Http *self,
     guint8      state)
{
  self->state = state;
  self->n_line = 0;
}

/* RFC 9112 §4: HTTP/1.x, three digits, and words for people. */
static void
read_status (Xep174Http *self)
{
  const char *line = self->line;

  if (self->n_line < strlen ("HTTP/1.1 200") || strncmp (line, "HTTP/1.", 7) != 0
      || !g_ascii_isdigit (line[7]) || line[8] != ' '
      || !g_ascii_isdigit (line[9]) || !g_ascii_isdigit (line[10]) || !g_ascii_isdigit (line[11])
      || (line[12] != ' ' && line[12] != '\0'))
    {
      end (self, XEP174_HTTP_BROKEN);
      return;
    }

  self->status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  /* What is only for the time being is followed by another one (RFC 9110 §15.2). */
  end (self, self->status == OK || (self->status / 100 == 1 && self->status != 101) ? XEP174_HTTP_HEADER
                                                                                    : XEP174_HTTP_REFUSED);
}

/* FALSE for a second one that says something else (RFC 9112 §6.3). */
static gboolean
read_length (Xep174Http *self,
             const char *value)
{
  guint64 length;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &length, NULL)
      || (self->measured && length != self->length))
    return FALSE;

  self->measured = TRUE;
  self->length = length;

  return TRUE;
}

static gboolean
read_coding (Xep174Http *self,
             const char *value)
{
  gboolean chunked = g_ascii_strcasecmp (value, "chunked") == 0;

  if (self->chunked || (!chunked && g_ascii_strcasecmp (value, "identity") != 0))
    return FALSE;

  self->chunked = chunked;

  return TRUE;
}

static gboolean
read_field (Xep174Http *self)
{
  char *colon = strchr (self->line, ':');
  const char *value;

  if (colon == NULL || colon == self->line || self->line[0] == ' ' || self->line[0] == '\t')
    return FALSE;

  *colon = '\0';
  value = g_strstrip (colon + 1);
  if (g_ascii_strcasecmp (self->line, "Content-Length") == 0)
    return self->n_line < XEP174_HTTP_MAX_LINE && read_length (self, value);
  if (g_ascii_strcasecmp (self->line, "Transfer-Encoding") == 0)
    return self->n_line < XEP174_HTTP_MAX_LINE && read_coding (self, value);
  if (g_ascii_strcasecmp (self->line, "Content-Encoding") == 0)
    return g_ascii_strcasecmp (value, "identity") == 0;

  return strchr (self->line, ' ') == NULL && strchr (self->line, '\t') == NULL;
}

/* The lines are over. What comes in chunks ends where they say, whatever else was said (RFC 9112 §6.3). */
static void
end_header (Xep174Http *self)
{
  if (self->status != OK)
    {
      self->measured = self->chunked = FALSE;
      end (self, XEP174_HTTP_STATUS);
    }
  else
    end (self, self->chunked ? XEP174_HTTP_CHUNK_SIZE : XEP174_HTTP_BODY);
}

/* Hexadecimal digits, and perhaps an extension, which nobody has asked for. */
static void
read_chunk_size (Xep174Http *self)
{
  guint64 size = 0;
  const char *c = self->line;

  for (; g_ascii_isxdigit (*c) && size <= G_MAXINT64 / 16; c++)
    size = size * 16 + g_ascii_xdigit_value (*c);
  if (c == self->line || strchr ("; \t", *c) == NULL)
    {
      end (self, XEP174_HTTP_BROKEN);
      return;
    }

  self->left = size;
  /* Only those before and behind the file are bounded together. */
  self->n_lines = 0;
  end (self, size > 0 ? XEP174_HTTP_CHUNK : XEP174_HTTP_TRAILER);
}

static void
take_line (Xep174Http *self)
{
  gsize kept = MIN (self->n_line, XEP174_HTTP_MAX_LINE - 1);

  if (kept == self->n_line && kept > 0 && self->line[kept - 1] == '\r')
    kept = --self->n_line;
  self->line[kept] = '\0';

  switch (self->state)
    {
    case XEP174_HTTP_STATUS:
      read_status (self);
      break;
    case XEP174_HTTP_HEADER:
      if (self->n_line == 0)
        end_header (self);
      else
        end (self, read_field (self) ? XEP174_HTTP_HEADER : XEP174_HTTP_BROKEN);
      break;
    case XEP174_HTTP_CHUNK_SIZE:
      read_chunk_size (self);
      break;
    case XEP174_HTTP_CHUNK_END:
      end (self, self->n_line == 0 ? XEP174_HTTP_CHUNK_SIZE : XEP174_HTTP_BROKEN);
      break;
    default:
      end (self, self->n_line == 0 ? XEP174_HTTP_DONE : XEP174_HTTP_TRAILER);
    }
}

/* --- Octets ---------------------------------------------------------------------------------- */

/* A line ends with LF, before which there is usually a CR (RFC 9112 §2.2); inside of it is no other one. */
static void
take_octet (Xep174Http *self,
            guint8      octet)
{
  gboolean after_cr = self->n_line > 0 && self->n_line <= XEP174_HTTP_MAX_LINE
                      && self->line[self->n_line - 1] == '\r';

  if (++self->n_lines > XEP174_HTTP_MAX_HEADER || (after_cr && octet != '\n')
      || (octet < ' ' && octet != '\t' && octet != '\r' && octet != '\n') || octet == 0x7f
      || (self->state == XEP174_HTTP_CHUNK_END && octet != '\r' && octet != '\n'))
    {
      end (self, XEP174_HTTP_BROKEN);
      return;
    }
  if (octet == '\n')
    {
      take_line (self);
      return;
    }

  if (self->n_line < XEP174_HTTP_MAX_LINE)
    self->line[self->n_line] = octet;
  self->n_line++;
}

gsize
xep174_http_read (Xep174Http   *self,
                  const guint8 *octets,
                  gsize         length,
                  gsize        *n_body)
{
  gsize taken = 0;

  *n_body = 0;
  if (self->state == XEP174_HTTP_BODY)
    return *n_body = length;
  if (self->state == XEP174_HTTP_CHUNK)
    {
      *n_body = MIN (length, self->left);
      self->left -= *n_body;
      if (self->left == 0)
        end (self, XEP174_HTTP_CHUNK_END);
      return *n_body;
    }
  if (self->state == XEP174_HTTP_DONE)
    {
      end (self, XEP174_HTTP_BROKEN);
      return length;
    }

  while (taken < length && self->state != XEP174_HTTP_BODY && self->state < XEP174_HTTP_DONE
         && self->state != XEP174_HTTP_CHUNK)
    take_octet (self, octets[taken++]);

  return taken;
}
