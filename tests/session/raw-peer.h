/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stage.h"

G_BEGIN_DECLS

/* A session manager and a contact that is played by the test, octet by octet. */

typedef struct
{
  Stage *stage;
  Xep174SessionManager *manager;
  const char *local;
  const char *peer;
  GPtrArray *ends;
} Raw;

#define NS_ATTRIBUTES "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
#define FOOTER "</stream:stream>"
#define FEATURES \
  "<stream:features><query xmlns='http://jabber.org/protocol/disco#info'>" \
  "<identity category='client' type='pc'/>" \
  "<feature var='http://jabber.org/protocol/disco#info'/><feature var='urn:xmpp:ping'/>" \
  "</query></stream:features>"
#define STREAM_ERROR(condition) \
  "<stream:error><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"

/* @data is our own name, "juliet@capulet" or "romeo@montague"; the contact has the other. */
void          raw_set_up    (Raw           *raw,
                             gconstpointer  data);
void          raw_tear_down (Raw           *raw,
                             gconstpointer  data);
/* The contact connects to us. */
MemoryStream *raw_come_in   (Raw *raw);
/* We are dialling; the contact takes it, or not. */
MemoryStream *raw_answer    (Raw *raw);
void          raw_refuse    (Raw *raw);
gboolean      raw_is_dialled (Raw *raw);

void          raw_say       (Raw          *raw,
                             MemoryStream *end,
                             const char   *text);
/* The contact's header, as 1.0 or without a version, and a message. */
void          raw_say_header (Raw          *raw,
                              MemoryStream *end,
                              gboolean      legacy);
void          raw_say_message (Raw          *raw,
                               MemoryStream *end,
                               const char   *body);
/* Asserts what has come since the last time; ids are written ID. */
void          raw_hear      (Raw          *raw,
                             MemoryStream *end,
                             const char   *expected);
void          raw_hear_header (Raw          *raw,
                               MemoryStream *end,
                               gboolean      answer,
                               const char   *after);
/* A header in answer, a stream error and the closing tag; @to is NULL where we know of no name. */
void          raw_hear_refusal (Raw          *raw,
                                MemoryStream *end,
                                const char   *to,
                                const char   *condition);
char         *raw_message   (Raw        *raw,
                             const char *body);
void          raw_log       (Raw        *raw,
                             const char *expected);

/* What a program does to its session, wherever it is. */
typedef enum
{
  RAW_CLOSE,
  RAW_STEAL,
  RAW_SEND,
} RawDeed;

void          raw_do        (Raw     *raw,
                             RawDeed  deed);

/* An open session, opened by the contact or by us; what was exchanged for it is forgotten. */
MemoryStream *raw_open_recipient (Raw *raw);
MemoryStream *raw_open_initiator (Raw *raw);

G_END_DECLS
