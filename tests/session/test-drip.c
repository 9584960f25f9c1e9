/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* X8: somebody says one octet a second and never comes to an end. It is not waited for longer than
 * for somebody who says nothing, it keeps no more than its stanza may have, and it keeps nobody out.
 * Nor is it given up sooner than it can answer. */

#include <string.h>

#include "tcp-peer.h"

#define PING \
  "<iq from='juliet@capulet' to='romeo@montague' type='get' id='xep174-ping-1'>" \
  "<ping xmlns='urn:xmpp:ping'/></iq>"

/* One octet a second. */
static void
drip (Raw          *raw,
      MemoryStream *end,
      const char   *octets,
      guint         n)
{
  for (guint i = 0; i < n; i++)
    {
      memory_stream_say_octets (end, octets + i % strlen (octets), 1);
      stage_advance (raw->stage, 1000);
    }
}

/* The header, at any pace, has its five seconds. */
static void
test_header (Raw           *raw,
             gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  drip (raw, end, "<stream:stream ", 4);
  raw_hear (raw, end, "");
  drip (raw, end, "eam:stream ", 1);
  raw_hear_refusal (raw, end, NULL, "connection-timeout");
  raw_log (raw, "");
}

/* X4: so has the first stanza, if only that can tell who it is. */
static void
test_nameless (Raw           *raw,
               gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES ">");
  g_free (memory_stream_hear (end));
  drip (raw, end, "<message a='", 4);
  raw_hear (raw, end, "");
  drip (raw, end, "sage a='", 1);
  raw_hear (raw, end, STREAM_ERROR ("connection-timeout") FOOTER);
  raw_log (raw, "");
}

/* X9: octets are no sign of life, what they make is. */
static void
test_stanza (Raw           *raw,
             gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  raw_say (raw, end, "<message><body>");
  drip (raw, end, "x", 299);
  raw_hear (raw, end, "");
  drip (raw, end, "x", 1);
  raw_hear (raw, end, PING);
  drip (raw, end, "x", 2);
  raw_log (raw, "");
  drip (raw, end, "x", 1);
  raw_hear (raw, end, FOOTER);
  drip (raw, end, "x", 3);
  raw_log (raw, "closed romeo@montague: no sign of life any more\n");
  g_assert_true (memory_stream_has_ended (end));
}

/* A program that asks for no sign of life keeps what a stanza may have. */
static void
test_bound (Raw           *raw,
            gconstpointer  data)
{
  MemoryStream *end;

  g_object_set (raw->manager, "idle-interval", 0, "max-stanza-octets", 10000, NULL);
  end = raw_open_recipient (raw);
  raw_say (raw, end, "<message><body>");
  drip (raw, end, "x", 10000 - strlen ("<message><body>"));
  raw_hear (raw, end, "");
  drip (raw, end, "x", 1);
  raw_hear (raw, end, STREAM_ERROR ("policy-violation") FOOTER);
  raw_log (raw, "closing romeo@montague\n");
}

/* What we say to it goes out all the same, and is reported if the connection breaks before a sign that
 * it was read; octets are none. */
static void
test_sending (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autofree char *message = raw_message (raw, "speak up");

  raw_say (raw, end, "<message><body>");
  stage_send (raw->stage, raw->manager, raw->peer, "speak up");
  raw_log (raw, "sent speak up\n");
  raw_hear (raw, end, message);
  drip (raw, end, "x", 5);
  raw_hear (raw, end, PING);
  drip (raw, end, "x", 60);
  memory_stream_break (end);
  raw_log (raw, "unconfirmed speak up\nclosed romeo@montague: Connection reset\n");
}

/* S9: the contact itself comes in by another stream; the dripping one does not answer for it. */
static void
test_second (Raw           *raw,
             gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  MemoryStream *other;

  raw_say (raw, end, "<message><body>");
  other = raw_come_in (raw);
  raw_say_header (raw, other, FALSE);
  raw_hear (raw, end, PING);
  drip (raw, end, "x", 3);
  raw_hear (raw, end, FOOTER);
  drip (raw, end, "x", 3);
  raw_hear_header (raw, other, TRUE, FEATURES);
  raw_say_message (raw, other, "here I am");
  raw_log (raw, "closed romeo@montague: no sign of life any more\n"
                "opened romeo@montague recipient\n"
                "got here I am\n");
}

/* S11: a first stanza that never ends is none; who has something to say opens a stream itself. */
static void
test_first (Raw           *raw,
            gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<message><body>");
  stage_send (raw->stage, raw->manager, raw->peer, "speak up");
  drip (raw, end, "x", 4);
  g_assert_false (raw_is_dialled (raw));
  drip (raw, end, "x", 4);
  g_assert_true (raw_is_dialled (raw));
  raw_log (raw, "opened romeo@montague recipient\n"
                "closing romeo@montague\n"
                "closed romeo@montague\n");
}

/* Nobody else notices: as many as there is room for drip, and others are identified. */
static void
test_others (Raw           *raw,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) drips = g_ptr_array_new ();
  MemoryStream *end;

  for (guint i = 0; i < 127; i++)
    g_ptr_array_add (drips, raw_come_in (raw));
  for (guint second = 0; second < 4; second++)
    {
      for (guint i = 0; i < drips->len; i++)
        memory_stream_say (drips->pdata[i], second == 0 ? "<" : "s");
      stage_advance (raw->stage, 1000);
    }
  end = raw_open_recipient (raw);
  raw_say_message (raw, end, "hail");
  raw_log (raw, "got hail\n");
}

/* --- Over TCP, whose acknowledgements tell that a host is there --------------------------- */

/* D22, X9, S9: the answer may lag behind the acknowledgement of its host, as after an outage; it is
 * waited for, with a bound, unless somebody else waits for the place. */
static void
test_acknowledged (Raw           *raw,
                   gconstpointer  data)
{
  static const char header[] = "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' "
                               "version='1.0'>";
  g_autoptr(GSocketConnection) near_end = NULL;
  g_autoptr(GSocketConnection) far_end = tcp_peer_come_in (raw, &near_end);
  g_autoptr(GSocketConnection) near_other = NULL;
  g_autoptr(GSocketConnection) far_other = NULL;

  if (!tcp_peer_is_told_about (near_end))
    return;

  tcp_peer_say (far_end, header);
  tcp_peer_say (far_end, "<message><body>hail</body></message>");
  tcp_peer_hear (raw, far_end, "</stream:features>");
  g_free (stage_take_log (raw->stage));

  xep174_session_manager_probe (raw->manager);
  tcp_peer_hear (raw, far_end, "xep174-ping-1");
  tcp_peer_await_acknowledgement (near_end);
  stage_advance (raw->stage, 25000);
  raw_log (raw, "");
  tcp_peer_say (far_end, "<iq type='result' id='xep174-ping-1'/>");
  stage_advance (raw->stage, 60000);
  raw_log (raw, "");

  xep174_session_manager_probe (raw->manager);
  tcp_peer_hear (raw, far_end, "xep174-ping-2");
  tcp_peer_await_acknowledgement (near_end);
  stage_advance (raw->stage, 25000);
  far_other = tcp_peer_come_in (raw, &near_other);
  tcp_peer_say (far_other, header);
  stage_advance (raw->stage, 4000);
  tcp_peer_hear (raw, far_end, FOOTER);
  tcp_peer_hear (raw, far_other, "</stream:features>");
  raw_log (raw, "closed romeo@montague: no sign of life any more\n"
                "opened romeo@montague recipient\n");

  tcp_peer_say (far_other, "<message><body>hail</body></message>");
  raw_log (raw, "got hail\n");
  xep174_session_manager_probe (raw->manager);
  tcp_peer_hear (raw, far_other, "xep174-ping");
  tcp_peer_await_acknowledgement (near_other);
  stage_advance (raw->stage, 35000);
  raw_log (raw, "closed romeo@montague: no sign of life any more\n");
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/drip/X8/header", test_header);
  ADD ("/drip/X8/nameless", test_nameless);
  ADD ("/drip/X8/stanza", test_stanza);
  ADD ("/drip/X8/bound", test_bound);
  ADD ("/drip/X8/sending", test_sending);
  ADD ("/drip/X8/second", test_second);
  ADD ("/drip/X8/first", test_first);
  ADD ("/drip/X8/others", test_others);
  ADD ("/drip/D22/acknowledged", test_acknowledged);
  return g_test_run ();
}
