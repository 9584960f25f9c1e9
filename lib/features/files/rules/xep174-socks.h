/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The greeting of a bytestream (RFC 1928, as XEP-0065 §5.3.2 uses it), octets in and octets out, for who has
 * connected and for who was connected to. Not an octet behind it is taken: those are of the file. */

/* The first octet of a greeting; XMPP begins with another one. */
#define XEP174_SOCKS_VERSION 5
/* DST.ADDR: the SHA-1 of the stream id and both names, in hexadecimal digits. */
#define XEP174_SOCKS_ADDRESS 40
/* What is asked for or answered at once is at most this long. */
#define XEP174_SOCKS_MAX     262

typedef enum
{
  XEP174_SOCKS_GREETING, /* waits for the first words of the other side */
  XEP174_SOCKS_REQUEST,  /* for the second ones */
  XEP174_SOCKS_DONE,     /* what follows is the file */
  XEP174_SOCKS_REFUSED,  /* the connection is to be closed when what was said is written */
  XEP174_SOCKS_N_STATES,
} Xep174SocksState;

typedef struct
{
  guint8   state;                              /* Xep174SocksState */
  gboolean dials;
  char     address[XEP174_SOCKS_ADDRESS + 1];  /* what we ask for, or were asked for */
} Xep174Socks;

/* Returns the address for the stream @sid of the requester and the target (XEP-0065 §5.3.2). */
char    *xep174_socks_address (const char  *sid,
                               const char  *requester,
                               const char  *target);

/* Appends the first words to @answer. */
void     xep174_socks_dial    (Xep174Socks *self,
                               const char  *address,
                               GByteArray  *answer);
void     xep174_socks_accept  (Xep174Socks *self);
/* Looks at @octets, which have not been taken, and returns how many are taken now; 0 asks for more. Appends
 * what is to be said to @answer. Who was connected to has then to ask xep174_socks_grant(), in REQUEST
 * with an address. */
gsize    xep174_socks_read    (Xep174Socks  *self,
                               const guint8 *octets,
                               gsize         length,
                               GByteArray   *answer);
gboolean xep174_socks_asks    (const Xep174Socks *self);
/* Whether a stream of this address is expected. */
void     xep174_socks_grant   (Xep174Socks *self,
                               gboolean     expected,
                               GByteArray  *answer);

G_END_DECLS
