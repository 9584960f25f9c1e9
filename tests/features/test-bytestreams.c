/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bytestreams over the loopback (XEP-0065, XEP-0260), and who else comes to the port. */

#include "stream-ends.h"

#include <string.h>

#include "xep174-socks.h"

#define ENCRYPTED GINT_TO_POINTER (TRUE)

/* --- Both of ours -------------------------------------------------------------------------------- */

static void
dial (End *end,
      End *other)
{
  xep174_bytestream_dial (end->stream, xep174_bytestream_get_candidates (other->stream));
}

static void
check_joined (Xep174Pipe *one,
              Xep174Pipe *other)
{
  g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address (one->connection, NULL);
  g_autoptr(GSocketAddress) remote = g_socket_connection_get_remote_address (other->connection, NULL);

  g_assert_cmpint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)), ==,
                   g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (remote)));
}

/* XEP-0260 §2.2: each side offers, each side dials. */
static void
test_meet (Ends          *ends,
           gconstpointer  data)
{
  g_autoptr(Xep174Pipe) dialled = NULL;
  g_autoptr(Xep174Pipe) called = NULL;
  g_autoptr(Xep174Pipe) back = NULL;
  g_autoptr(GError) error = NULL;

  dial (&ends->romeo, &ends->juliet);
  dial (&ends->juliet, &ends->romeo);
  WAIT_FOR (strlen (ends->romeo.log->str) + strlen (ends->juliet.log->str) == 2 * strlen ("dialled called "));

  dialled = xep174_bytestream_take (ends->romeo.stream, TRUE, NULL, &error);
  g_assert_no_error (error);
  called = xep174_bytestream_take (ends->juliet.stream, FALSE, ends->romeo.cid, &error);
  g_assert_no_error (error);
  check_joined (dialled, called);
  g_assert_true (dialled->dials && !called->dials);
  g_assert_true ((dialled->tls != NULL) == (data != NULL) && (called->tls != NULL) == (data != NULL));

  /* What was not chosen is closed. */
  back = xep174_bytestream_take (ends->romeo.stream, FALSE, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_assert_null (back);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func) g_test_add (path, Ends, data, ends_set_up, func, ends_tear_down)
  ADD ("/bytestreams/meet", NULL, test_meet);
#ifdef HAVE_GNUTLS
  ADD ("/bytestreams/meet/encrypted", ENCRYPTED, test_meet);
#endif

  return g_test_run ();
}
