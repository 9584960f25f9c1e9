/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element-private.h"

/* What sessions answer and read themselves, beside what is the stream layer's. */
#define XEP174_NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define XEP174_NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define XEP174_NS_SM "urn:xmpp:sm:3"
#define XEP174_NS_STANZA_ERRORS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define XEP174_NS_DISCO_INFO "http://jabber.org/protocol/disco#info"
#define XEP174_NS_PING "urn:xmpp:ping"
