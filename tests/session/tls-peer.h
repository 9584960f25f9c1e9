/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "raw-peer.h"

#include "xep174-tls-private.h"
#include "xep174-trust-store.h"

G_BEGIN_DECLS

/* We encrypt, and there is a contact, and somebody else. What is told of keys is logged, too. */
typedef struct
{
  Raw raw;
  Xep174TrustStore *store; /* the manager's, at first */
  Xep174Certificate *certificate; /* of the contact */
  Xep174Certificate *other;       /* of somebody else */
} TlsStage;

#define JULIET "juliet@capulet"
#define ROMEO "romeo@montague"

void  tls_stage_set_up    (TlsStage      *self,
                           gconstpointer  data);
void  tls_stage_tear_down (TlsStage      *self,
                           gconstpointer  data);
void  tls_stage_know      (TlsStage          *self,
                           Xep174Certificate *certificate,
                           const char        *name);
void  tls_stage_distrust  (TlsStage          *self,
                           Xep174Certificate *certificate);
/* How many records there are. */
guint tls_stage_count     (TlsStage *self);
/* Refuses every dial, until no more comes. */
void  tls_stage_give_up   (TlsStage *self);

/* A contact that encrypts and is played by the test: the end of a connection with TLS on it. */

typedef struct
{
  Raw *raw;
  MemoryStream *end;
  Xep174Tls *tls;
  GString *text;
  gboolean open;
  gboolean closed;
  GError *error;
} TlsPeer;

#define TLS_ELEMENT(name) "<" name " xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define STARTTLS TLS_ELEMENT ("starttls")
#define REQUIRED "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
#define PROCEED TLS_ELEMENT ("proceed")
/* What is offered inside (A2). */
#define FEATURES_INSIDE \
  "<stream:features><query xmlns='http://jabber.org/protocol/disco#info'>" \
  "<identity category='client' type='pc'/>" \
  "<feature var='http://jabber.org/protocol/disco#info'/><feature var='urn:xmpp:ping'/>" \
  "</query><sm xmlns='urn:xmpp:sm:3'/></stream:features>"
#define FEATURES_TLS "<stream:features>" STARTTLS "</stream:features>"

/* Takes @tls, and lets the handshake go on as far as it goes. */
TlsPeer *tls_peer_new       (Raw          *raw,
                             MemoryStream *end,
                             Xep174Tls    *tls);
void     tls_peer_free      (TlsPeer *self);
/* Everything that can happen on both sides without time. */
void     tls_peer_settle    (TlsPeer *self);
void     tls_peer_say       (TlsPeer    *self,
                             const char *text);
void     tls_peer_say_message (TlsPeer    *self,
                               const char *body);
/* Header inside, with these names; NULL leaves one out. */
void     tls_peer_say_header (TlsPeer    *self,
                              const char *from,
                              const char *to,
                              const char *version);
/* close_notify, and FIN. */
void     tls_peer_bye       (TlsPeer *self);
/* What has come inside since the last time. */
char    *tls_peer_take      (TlsPeer *self);
void     tls_peer_hear      (TlsPeer    *self,
                             const char *part);

/* The contact calls, with a header that names @from and @to; up to the end of the handshake. */
TlsPeer *tls_peer_call      (Raw               *raw,
                             Xep174Certificate *certificate,
                             const char        *from);
/* It is called, by a message “hail”; up to the end of the handshake. */
TlsPeer *tls_peer_answer    (Raw               *raw,
                             Xep174Certificate *certificate);
/* The same, and the header inside, and features. */
TlsPeer *tls_peer_open_in   (Raw               *raw,
                             Xep174Certificate *certificate);
TlsPeer *tls_peer_open_out  (Raw               *raw,
                             Xep174Certificate *certificate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsPeer, tls_peer_free)

G_END_DECLS
