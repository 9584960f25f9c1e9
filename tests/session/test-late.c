/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* F9: what was said when nobody was there says when that was (XEP-0203). */

#include "raw-peer.h"

#define SAID(body) "<message from='juliet@capulet' to='romeo@montague'><body>" body "</body></message>"
#define LATE(body, time) \
  "<message from='juliet@capulet' to='romeo@montague'><body>" body "</body>" \
  "<delay xmlns='urn:xmpp:delay' from='juliet@capulet' stamp='2001-09-09T01:" time "Z'/></message>"

/* What has come behind the header, octet for octet. */
static void
expect (Raw          *raw,
        MemoryStream *end,
        const char   *expected)
{
  g_autofree char *heard = NULL;
  const char *stanza;

  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  stanza = strstr (heard, "<message");
  g_assert_cmpstr (stanza != NULL ? stanza : "", ==, expected);
}

static MemoryStream *
open_out (Raw *raw)
{
  MemoryStream *end = raw_answer (raw);

  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/>");
  return end;
}

static void
send_xml (Raw        *raw,
          const char *xml)
{
  stage_send_xml (raw->stage, raw->manager, raw->peer, xml, NULL);
}

/* Each has its own time, and only what is a message and does not say one already. */
static void
test_away (Raw           *raw,
           gconstpointer  data)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  raw_refuse (raw);
  stage_advance (raw->stage, 500);
  stage_send (raw->stage, raw->manager, raw->peer, "two");
  send_xml (raw, "<presence xmlns='jabber:client'/>");
  send_xml (raw, "<message xmlns='jabber:client'><body>old</body>"
                 "<delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/></message>");
  stage_advance (raw->stage, 3000);
  stage_send (raw->stage, raw->manager, raw->peer, "three");
  stage_advance (raw->stage, 1999);
  end = open_out (raw);
  expect (raw, end, LATE ("one", "46:40.000") LATE ("two", "46:40.500")
                    "<presence from='juliet@capulet' to='romeo@montague'/>"
                    "<message from='juliet@capulet' to='romeo@montague'><body>old</body>"
                    "<delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/></message>" SAID ("three"));
  stage_send (raw->stage, raw->manager, raw->peer, "four");
  expect (raw, end, SAID ("four"));
}

/* Who takes a moment was there. */
static void
test_moment (Raw           *raw,
             gconstpointer  data)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  end = raw_answer (raw);
  stage_advance (raw->stage, 1999);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/>");
  expect (raw, end, SAID ("one"));
}

/* Who only reads slowly is there; what had not begun when the connection broke was said before it did. */
static void
test_broken (Raw           *raw,
             gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) near_end = memory_stream_dup_other (end);

  memory_stream_set_room (near_end, 0);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_advance (raw->stage, 3000);
  memory_stream_set_room (near_end, G_MAXUINT);
  expect (raw, end, SAID ("one"));

  memory_stream_set_room (near_end, 0);
  stage_send (raw->stage, raw->manager, raw->peer, "two");
  stage_advance (raw->stage, 3000);
  memory_stream_break (near_end);
  end = open_out (raw);
  expect (raw, end, LATE ("two", "46:43.000"));
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/late/F9/away", test_away);
  ADD ("/late/F9/moment", test_moment);
  ADD ("/late/F9/broken", test_broken);
  return g_test_run ();
}
