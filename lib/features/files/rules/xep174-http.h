/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One reply of HTTP/1.1 (RFC 9112) to one GET, octets in and octets of the file out, however they are cut.
 * No redirect, no range, no encoding of the content: what does not simply give the file is refused. */

/* Of all lines before the file, and of all behind it. */
#define XEP174_HTTP_MAX_HEADER (16 * 1024)
/* What is longer is no line that we have to understand. */
#define XEP174_HTTP_MAX_LINE   256

typedef enum
{
  XEP174_HTTP_STATUS,
  XEP174_HTTP_HEADER,
  XEP174_HTTP_BODY,       /* as it is, until the file is whole */
  XEP174_HTTP_CHUNK_SIZE, /* RFC 9112 §7.1 */
  XEP174_HTTP_CHUNK,
  XEP174_HTTP_CHUNK_END,
  XEP174_HTTP_TRAILER,
  XEP174_HTTP_DONE,       /* only where the reply says so itself */
  XEP174_HTTP_REFUSED,    /* @status is none that gives the file */
  XEP174_HTTP_BROKEN,     /* it cannot be understood */
} Xep174HttpState;

typedef struct
{
  guint8   state;   /* Xep174HttpState */
  guint    status;
  gboolean chunked;
  gboolean measured;
  guint64  length;  /* of the file, if it is @measured */
  guint64  left;    /* of a chunk */
  guint    n_lines; /* octets of lines so far */
  gsize    n_line;  /* octets of this one, even if they are not all kept */
  char     line[XEP174_HTTP_MAX_LINE];
} Xep174Http;

/* The request. @host and @path have nothing in them that would end a line. */
char    *xep174_http_request  (const char   *host,
                               const char   *path);

void     xep174_http_init     (Xep174Http   *self);
/* Looks at @octets, at least one, and returns how many are taken: all that come before the file, or after
 * it, or else octets of the file alone, which are @n_body then. In REFUSED and BROKEN none are. */
gsize    xep174_http_read     (Xep174Http   *self,
                               const guint8 *octets,
                               gsize         length,
                               gsize        *n_body);
/* Whether the lines before the file are over, and it comes. */
gboolean xep174_http_has_head (const Xep174Http *self);

G_END_DECLS
