/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-socks.h"

#include <string.h>

/* RFC 1928 §3 to §6. */
#define NO_AUTHENTICATION 0x00
#define NONE_ACCEPTABLE   0xff
#define CONNECT           1
#define IPV4              1
#define DOMAIN_NAME       3
#define IPV6              4
#define SUCCEEDED         0
#define NOT_ALLOWED       2
#define NOT_SUPPORTED     7

/* Behind the version: a command or reply, a reserved octet, the type of the address and its first octet. */
#define HEAD 5
#define PORT 2

char *
xep174_socks_address (const char *sid,
                      const char *requester,
                      const char *target)
{
  g_autofree char *text = g_strconcat (sid, requester, target, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA1, text, -1);
}

static void
append_command (GByteArray *octets,
                guint8      command,
                const char *address)
{
  guint8 head[HEAD] = { XEP174_SOCKS_VERSION, command, 0, DOMAIN_NAME, strlen (address) };

  g_byte_array_append (octets, head, HEAD);
  g_byte_array_append (octets, (const guint8 *) address, strlen (address));
  g_byte_array_append (octets, (const guint8[PORT]) { 0, 0 }, PORT);
}

void
xep174_socks_dial (Xep174Socks *self,
                   const char  *address,
                   GByteArray  *answer)
{
  g_return_if_fail (strlen (address) == XEP174_SOCKS_ADDRESS);

  *self = (Xep174Socks) { .dials = TRUE };
  memcpy (self->address, address, XEP174_SOCKS_ADDRESS);
  g_byte_array_append (answer, (const guint8[]) { XEP174_SOCKS_VERSION, 1, NO_AUTHENTICATION }, 3);
}

void
xep174_socks_accept (Xep174Socks *self)
{
  *self = (Xep174Socks) { 0 };
}

/* --- Who has connected ----------------------------------------------------------------------- */

static gsize
read_method (Xep174Socks  *self,
             const guint8 *octets,
             gsize         length,
             GByteArray   *answer)
{
  if (length < 2)
    return 0;

  if (octets[1] != NO_AUTHENTICATION)
    self->state = XEP174_SOCKS_REFUSED;
  else
    {
      append_command (answer, CONNECT, self->address);
      self->state = XEP174_SOCKS_REQUEST;
    }

  return 2;
}

/* 0 for an address of no known type. */
static gsize
length_of_reply (const guint8 *octets)
{
  switch (octets[3])
    {
    case IPV4:        return HEAD - 1 + 4 + PORT;
    case IPV6:        return HEAD - 1 + 16 + PORT;
    case DOMAIN_NAME: return HEAD + octets[4] + PORT;
    default:          return 0;
    }
}

/* libpurple answers with an address of its own, others with what was asked for; XEP-0065 §5.3.3 wants the
 * latter. It is of no use, so whatever stands there is skipped. */
static gsize
read_reply (Xep174Socks  *self,
            const guint8 *octets,
            gsize         length)
{
  gsize whole;

  if (length >= 2 && octets[1] != SUCCEEDED)
    {
      self->state = XEP174_SOCKS_REFUSED;
      return length;
    }
  if (length < HEAD)
    return 0;

  whole = length_of_reply (octets);
  if (whole == 0)
    {
      self->state = XEP174_SOCKS_REFUSED;
      return length;
    }
  if (length < whole)
    return 0;

  self->state = XEP174_SOCKS_DONE;

  return whole;
}

/* --- Who was connected to -------------------------------------------------------------------- */

static gsize
read_greeting (Xep174Socks  *self,
               const guint8 *octets,
               gsize         length,
               GByteArray   *answer)
{
  guint8 method = NONE_ACCEPTABLE;

  if (length < 2 || length < 2u + octets[1])
    return 0;

  if (memchr (octets + 2, NO_AUTHENTICATION, octets[1]) != NULL)
    {
      method = NO_AUTHENTICATION;
      self->state = XEP174_SOCKS_REQUEST;
    }
  else
    self->state = XEP174_SOCKS_REFUSED;
  g_byte_array_append (answer, (const guint8[]) { XEP174_SOCKS_VERSION, method }, 2);

  return 2u + octets[1];
}

static gboolean
is_address (const guint8 *octets)
{
  for (guint i = 0; i < XEP174_SOCKS_ADDRESS; i++)
    if (!g_ascii_isxdigit (octets[i]))
      return FALSE;

  return TRUE;
}

/* Nothing but a bytestream can be asked for: we are no proxy. The digits are compared in lower case, which
 * not everybody sends. */
static gsize
read_request (Xep174Socks  *self,
              const guint8 *octets,
              gsize         length,
              GByteArray   *answer)
{
  gsize whole = HEAD + XEP174_SOCKS_ADDRESS + PORT;

  if (length < HEAD)
    return 0;

  if (octets[1] != CONNECT || octets[3] != DOMAIN_NAME || octets[4] != XEP174_SOCKS_ADDRESS)
    {
      append_command (answer, NOT_SUPPORTED, "");
      self->state = XEP174_SOCKS_REFUSED;
      return length;
    }
  if (length < whole)
    return 0;

  if (is_address (octets + HEAD))
    for (guint i = 0; i < XEP174_SOCKS_ADDRESS; i++)
      self->address[i] = g_ascii_tolower (octets[HEAD + i]);
  else
    {
      append_command (answer, NOT_ALLOWED, "");
      self->state = XEP174_SOCKS_REFUSED;
    }

  return whole;
}

gboolean
xep174_socks_asks (const Xep174Socks *self)
{
  return self->state == XEP174_SOCKS_REQUEST && !self->dials && self->address[0] != '\0';
}

void
xep174_socks_grant (Xep174Socks *self,
                    gboolean     expected,
                    GByteArray  *answer)
{
  g_return_if_fail (xep174_socks_asks (self));

  append_command (answer, expected ? SUCCEEDED : NOT_ALLOWED, self->address);
  self->state = expected ? XEP174_SOCKS_DONE : XEP174_SOCKS_REFUSED;
}

/* --- Both ------------------------------------------------------------------------------------ */

gsize
xep174_socks_read (Xep174Socks  *self,
                   const guint8 *octets,
                   gsize         length,
                   GByteArray   *answer)
{
  if (length == 0 || self->state >= XEP174_SOCKS_DONE || xep174_socks_asks (self))
    return 0;
  if (octets[0] != XEP174_SOCKS_VERSION)
    {
      self->state = XEP174_SOCKS_REFUSED;
      return length;
    }

  if (self->state == XEP174_SOCKS_GREETING)
    return self->dials ? read_method (self, octets, length, answer)
                       : read_greeting (self, octets, length, answer);

  return self->dials ? read_reply (self, octets, length) : read_request (self, octets, length, answer);
}
