/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-stack-private.h"

G_BEGIN_DECLS

/* What the daemon's signals say, and what it is told: values in, values out. Nothing is believed that is
 * not of the type, the kind and the size that it has to be. */

/* What a browser of @type says with the signal @member; FALSE for what nobody needs to know. @record
 * points into @body. */
gboolean  xep174_avahi_parse_event   (const char       *member,
                                      GVariant         *body,
                                      guint16           type,
                                      Xep174MdnsEvent  *event,
                                      Xep174MdnsRecord *record);
/* Whether the browser has failed, and why. */
gboolean  xep174_avahi_parse_failure (const char       *member,
                                      GVariant         *body,
                                      const char      **refusal);
/* (transfer floating): the strings of a TXT record. */
GVariant *xep174_avahi_txt_strings   (GBytes *txt);

G_END_DECLS
