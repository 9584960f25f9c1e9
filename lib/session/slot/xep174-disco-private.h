/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

#define XEP174_NS_DISCO_INFO "http://jabber.org/protocol/disco#info"
#define XEP174_NS_PING "urn:xmpp:ping"

/* Appends what we are and can do (XEP-0030 §3.1): the answer to the question, and the stream
 * feature that saves it (XEP-0174 §10). */
void xep174_disco_append_info (Xep174Element *parent);
