/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The echo of talk-floor.c, encrypted, with sockets that block and GnuTLS alone. */

#include "talk.h"

#include "bare-tls.h"

typedef struct
{
  BareTls *tls;
  char octets[TALK_OCTETS];
} End;

static gpointer
start (int      fd,
       gboolean is_first)
{
  End *end = g_new0 (End, 1);

  end->tls = bare_tls_new (fd, is_first);
  while (!bare_tls_shake (end->tls))
    ;
  return end;
}

static void
hear (End *end)
{
  gsize length = 0;

  while (length < TALK_OCTETS)
    length += bare_tls_hear (end->tls, end->octets + length, TALK_OCTETS - length);
}

static void
ping (gpointer data,
      guint    count)
{
  End *end = data;

  for (; count > 0; count--)
    {
      bare_tls_say (end->tls, end->octets, TALK_OCTETS);
      hear (end);
    }
}

static void
serve (gpointer data)
{
  End *end = data;

  for (;;)
    {
      hear (end);
      bare_tls_say (end->tls, end->octets, TALK_OCTETS);
    }
}

const TalkKind talk_bare_tls = { "a blocking GnuTLS loop", FALSE, start, ping, serve };
