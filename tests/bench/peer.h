/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whoever reads and writes XML streams; each in a program of its own. What it reads it makes into
 * what its users get, and frees that at once. */
typedef struct
{
  void  *(*start) (void);
  /* @octets may be changed, and there is a NUL after them. */
  void   (*feed)  (void *reader, char *octets, size_t length);
  void   (*stop)  (void *reader);
  /* Makes a chat message as its users do, prints it, and gives back how many octets that are. May be
   * NULL. */
  size_t (*write) (void);
} Peer;

extern const Peer peer;

/* The message that is written. */
#define PEER_FROM "juliet@pronto"
#define PEER_TO "romeo@forza"
#define PEER_ID "4f1c"
#define PEER_BODY "Wherefore art thou, Romeo? Deny thy father and refuse thy name."

#ifdef __cplusplus
}
#endif
