/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The address that a contact gives for a file (XEP-0066 §2). Nobody's is longer. */
#define XEP174_OOB_MAX_URL 4096

typedef struct
{
  char   *host;  /* an IP address without a scope; %NULL: the contact's host has a name */
  guint16 port;
  char   *path;  /* as it goes into the request, and so without anything that would end it */
  char   *name;  /* what stands last in it, decoded: as the contact says it */
  char   *label; /* host and port, for the request */
} Xep174OobUrl;

/* What we would fetch: http, from an address or a host of the link (RFC 6762 §3), without a user, a password
 * or a fragment. White space around it does not count, iChat begins with a line break. FALSE for all
 * else, and @why is for the log. That the address is the contact's is not known here. */
gboolean xep174_oob_url_read  (Xep174OobUrl  *self,
                               const char    *text,
                               const char   **why);
void     xep174_oob_url_clear (Xep174OobUrl  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Xep174OobUrl, xep174_oob_url_clear)

G_END_DECLS
