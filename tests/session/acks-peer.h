/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tls-peer.h"

G_BEGIN_DECLS

/* A contact that encrypts and acknowledges (XEP-0198), and is played by the test. */

#define SM_NS " xmlns='urn:xmpp:sm:3'"
#define ENABLE "<enable" SM_NS " resume='true'/>"
#define FAILED "<failed" SM_NS "><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
#define REQUEST "<r" SM_NS "/>"
#define PING "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>"

/* It enables them on its stream; the id that we give. */
char    *acks_enable_in   (TlsPeer *peer);
/* It has called, they are on, and it has said “first”. */
TlsPeer *acks_open_in     (TlsStage  *fixture,
                           char     **id);
/* It is called, up to its header inside. */
TlsPeer *acks_answer_dial (TlsStage *fixture);
/* We call, with “hail”; it has our <enable/>, */
TlsPeer *acks_ask_out     (TlsStage *fixture);
/* and has answered. */
TlsPeer *acks_open_out    (TlsStage *fixture);
/* The connection breaks. */
void     acks_break_off   (TlsPeer *peer);

G_END_DECLS
