/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

G_BEGIN_DECLS

#define XEP174_NS_CLIENT "jabber:client"
#define XEP174_NS_STREAMS "http://etherx.jabber.org/streams"
#define XEP174_NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"
#define XEP174_NS_XML "http://www.w3.org/XML/1998/namespace"

/* Whether @text is UTF-8 with nothing in it but the characters of XML 1.0 §2.2. What is not can
 * never be sent: no escape exists for it. */
gboolean xep174_text_is_xml       (const char     *text);

/* Whether @self is a message, presence or iq in jabber:client, or in no namespace at all, as a program
 * may make it: it is written as one of jabber:client. Not so for features, errors and negotiation
 * (S2). */
gboolean xep174_element_is_stanza (Xep174Element  *self);
/* Whether @self is an iq that answers another one, also with an error (RFC 6120 §8.2.3). */
gboolean xep174_element_is_answer (Xep174Element  *self);
/* The octets of memory that the whole tree takes. */
gsize    xep174_element_get_memory (Xep174Element *self);

/* Whether the whole tree can be sent: fails with XEP174_STREAM_ERROR_INVALID_XML and says where
 * the text is that is not xep174_text_is_xml(). Free for what was received. Changes nothing, so that
 * a sealed tree is every thread's to read. */
gboolean xep174_element_check     (Xep174Element  *self,
                                   GError        **error);

G_END_DECLS
