/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "transfer-sides.h"

#define MALLORY "mallory@verona"

/* Mallory says of files to juliet, who accepts all, and to romeo what the test wants. */
typedef struct
{
  Sides sides;
  Xep174SessionManager *enemy;
  GString *answers; /* the conditions of what came back, “ok” without one */
  GString *heard;   /* what it was asked: the actions */
  char *sid;        /* of what it was offered, or what was ended */
} Hostile;

void            hostile_set_up    (Hostile       *f,
                                   gconstpointer  data);
void            hostile_tear_down (Hostile       *f,
                                   gconstpointer  data);
/* Says @xml in an iq. */
void            begin_to_say      (const char    *to,
                                   const char    *xml);
/* And waits for the answer. */
void            say               (const char    *to,
                                   const char    *xml);
void            check_answer      (const char    *to,
                                   const char    *xml,
                                   const char    *expected);
Xep174Transfer *offer_to_enemy    (Hostile       *f);

#define HOSTILE_ADD(path, data, function) \
  g_test_add (path, Hostile, data, hostile_set_up, function, hostile_tear_down)

/* --- What is said ---------------------------------------------------------------------------- */

#define JINGLE(action, sid, inside) \
  "<jingle xmlns='urn:xmpp:jingle:1' action='" action "' sid='" sid "'>" inside "</jingle>"
/* As ours call it: a number for each offer follows. */
#define A "6f0a3a6e-3d1c-4c53-9c2b-5d6f6a9b8c7d"
#define CONTENT(inside) "<content creator='initiator' name='f'>" inside "</content>"
#define FILE(inside) \
  "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>" inside "</file></description>"
#define S5B_OF(inside) "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='w'>" inside "</transport>"
#define S5B S5B_OF ("")
#define OFFER(sid, name, size) \
  JINGLE ("session-initiate", sid, CONTENT (FILE ("<name>" name "</name><size>" size "</size>") S5B))
#define OFFER_HASHED(sid, hash) \
  JINGLE ("session-initiate", sid, \
          CONTENT (FILE ("<name>abc</name><size>3</size>" \
                         "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>" hash "</hash>") S5B))
#define BAND "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='band' block-size='4096'/>"
#define OFFER_BAND(sid, name, size) \
  JINGLE ("session-initiate", sid, CONTENT (FILE ("<name>" name "</name><size>" size "</size>") BAND))
#define FOLDER(files, manifest) \
  "<folder xmlns='urn:libxep174:folder' files='" files "' manifest='" manifest "'/>"
#define OFFER_FOLDER(sid, size, files, manifest) \
  JINGLE ("session-initiate", sid, \
          CONTENT (FILE ("<name>abc</name><size>" size "</size>" FOLDER (files, manifest)) S5B))
#define NO_CANDIDATE(sid) JINGLE ("transport-info", sid, CONTENT (S5B_OF ("<candidate-error/>")))
#define REPLACE(sid) \
  JINGLE ("transport-replace", sid, CONTENT (BAND))
#define OPEN "<open xmlns='http://jabber.org/protocol/ibb' sid='band' block-size='4096' stanza='iq'/>"
#define DATA(seq, text) \
  "<data xmlns='http://jabber.org/protocol/ibb' sid='band' seq='" seq "'>" text "</data>"
#define CHECKSUM(sid, hash) \
  JINGLE ("session-info", sid, \
          "<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>" \
          "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>" hash "</hash></file></checksum>")
/* SHA-256 of “abc”, of a folder with that alone, and of nothing. */
#define OF_ABC "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
#define OF_FOLDER "vxL73WgNGOcjlXcqYrWl4T/CjUhGctQ/GdxlliSEAZw="
#define OF_NOTHING "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
