/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Headers, stanzas, limits and ends (X1–X13), with a contact that is played octet by octet. */

#include "raw-peer.h"

/* X3: nobody but the contact speaks on its stream. */
static void
test_invalid_from (Raw           *raw,
                   gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  raw_say (raw, end, "<message from='tybalt@capulet'><body>lies</body></message>");
  raw_hear (raw, end, STREAM_ERROR ("invalid-from") FOOTER);
  raw_log (raw, "closing romeo@montague\n");
}

/* X3: a missing name is filled in, both ways; a `to` of whatever kind is borne. */
static void
test_fill_in (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  raw_say (raw, end, "<presence/>");
  raw_say (raw, end, "<presence from='ROMEO@montague/home' to='10_0_0_1'/>");
  raw_log (raw, "got <presence xmlns='jabber:client' from='romeo@montague' to='juliet@capulet'/>\n"
                "got <presence xmlns='jabber:client' from='ROMEO@montague/home' to='10_0_0_1'/>\n");
  stage_send_xml (raw->stage, raw->manager, raw->peer,
                  "<presence xmlns='jabber:client' from='me' to='you'/>", NULL);
  raw_hear (raw, end, "<presence from='me' to='you'/>");
}

/* RFC 6120 §4.9.3.24: a message in no namespace is none, whatever its stream declares. */
static void
test_no_namespace (Raw           *raw,
                   gconstpointer  data)
{
  const char *const headers[] = { NS_ATTRIBUTES, "xmlns:stream='http://etherx.jabber.org/streams'" };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *header = g_strdup_printf ("<stream:stream %s from='%s'>", headers[i],
                                                 raw->peer);
      MemoryStream *end = raw_come_in (raw);

      raw_say (raw, end, header);
      raw_say (raw, end, "<message><body>in one</body></message>");
      raw_hear_header (raw, end, TRUE, "");
      raw_log (raw, "opened romeo@montague recipient\ngot in one\n");
      raw_say (raw, end, "<message xmlns=''><body>in none</body></message>");
      raw_hear (raw, end, STREAM_ERROR ("unsupported-stanza-type") FOOTER);
      raw_log (raw, "closing romeo@montague\n");
      g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
      stage_settle (raw->stage);
      g_free (stage_take_log (raw->stage));
    }
}

/* RFC 6120 §8.1.5: a stanza has the language of its stream, unless it has one. */
static void
test_language (Raw           *raw,
               gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' xml:lang='de'>");
  raw_say (raw, end, "<presence/><presence xml:lang='it'/>");
  raw_log (raw, "opened romeo@montague recipient\n"
                "got <presence xmlns='jabber:client' xml:lang='de' from='romeo@montague'"
                " to='juliet@capulet'/>\n"
                "got <presence xmlns='jabber:client' xml:lang='it' from='romeo@montague'"
                " to='juliet@capulet'/>\n");
}

/* X4: without a name the answer has no `to`, and the first stanza tells. */
static void
test_nameless (Raw           *raw,
               gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES ">");
  raw_hear (raw, end, "<?xml version='1.0'?><stream:stream " NS_ATTRIBUTES
                      " from='juliet@capulet' id='ID' version='1.0'>");
  raw_say_message (raw, end, "it is me");
  stage_send (raw->stage, raw->manager, raw->peer, "hello");
  stage_advance (raw->stage, 1000);
  raw_hear (raw, end, "<message from='juliet@capulet' to='romeo@montague'><body>hello</body></message>");
  raw_log (raw, "opened romeo@montague recipient\ngot it is me\nsent hello\n");
}

static void
test_nameless_stanza (Raw           *raw,
                      gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say (raw, end, "<stream:stream from='' " NS_ATTRIBUTES ">");
  g_free (memory_stream_hear (end));
  raw_say (raw, end, "<message><body>who am I</body></message>");
  raw_hear (raw, end, STREAM_ERROR ("improper-addressing") FOOTER);
  raw_log (raw, "");
}

/* X5: our closing tag, then what the contact still says, then its closing tag, then the end. */
static void
test_close (Raw           *raw,
            gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  stage_close (raw->stage, raw->manager, raw->peer);
  raw_hear (raw, end, FOOTER);
  raw_say_message (raw, end, "wait");
  raw_log (raw, "closing romeo@montague\ngot wait\n");
  g_assert_false (memory_stream_has_ended (end));
  raw_say (raw, end, FOOTER);
  raw_log (raw, "closed romeo@montague\nclose\n");
  g_assert_true (memory_stream_has_ended (end));
}

/* X5: the contact closes, we answer, and it is the contact that closes TCP. */
static void
test_closed_by_peer (Raw           *raw,
                     gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  raw_say (raw, end, FOOTER);
  raw_hear (raw, end, FOOTER);
  g_assert_false (memory_stream_has_ended (end));
  raw_log (raw, "closing romeo@montague\n");
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  raw_log (raw, "closed romeo@montague\n");
  g_assert_true (memory_stream_has_ended (end));
}

/* X5: nobody waits for ever. */
static void
test_close_unanswered (Raw           *raw,
                       gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  stage_close (raw->stage, raw->manager, raw->peer);
  stage_advance (raw->stage, 3500);
  raw_hear (raw, end, FOOTER);
  g_assert_true (memory_stream_has_ended (end));
  raw_log (raw, "closing romeo@montague\nclosed romeo@montague\nclose\n");
}

/* X8: a header that does not come. */
static void
test_header_timeout (Raw           *raw,
                     gconstpointer  data)
{
  MemoryStream *silent = raw_come_in (raw);
  MemoryStream *slow = raw_come_in (raw);

  raw_say (raw, slow, "<stream:stream ");
  stage_advance (raw->stage, 5500);
  raw_hear_refusal (raw, silent, NULL, "connection-timeout");
  raw_hear_refusal (raw, slow, NULL, "connection-timeout");
  stage_advance (raw->stage, 5000);
  g_assert_true (memory_stream_has_ended (silent) && memory_stream_has_ended (slow));
  raw_log (raw, "");
}

/* X6, X7, X8: what is no stream is refused with the fitting error. */
static void
test_bad_header (Raw           *raw,
                 gconstpointer  data)
{
  static const struct
  {
    const char *text;
    const char *to;
    const char *condition;
  } cases[] = {
    { "GET / HTTP/1.1\r\n\r\n", NULL, "not-well-formed" },
    { "<!DOCTYPE x><x/>", NULL, "restricted-xml" },
    { "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' version='2.0'>", NULL,
      "unsupported-version" },
    { "<stream:stream " NS_ATTRIBUTES " from='Juliet@capulet' version='1.0'>", "Juliet@capulet",
      "invalid-from" },
    { "\xff\xfe<", NULL, "unsupported-encoding" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MemoryStream *end = raw_come_in (raw);

      raw_say (raw, end, cases[i].text);
      raw_hear_refusal (raw, end, cases[i].to, cases[i].condition);
      g_assert_true (memory_stream_has_ended (end));
      stage_advance (raw->stage, 10000);
    }
}

/* X13: a claim that nobody can confirm. */
static void
test_unverified (Raw           *raw,
                 gconstpointer  data)
{
  MemoryStream *end;

  g_object_set (raw->manager, "address-policy", XEP174_ADDRESS_POLICY_VERIFY, NULL);
  end = raw_come_in (raw);
  raw_say_header (raw, end, FALSE);
  raw_hear_refusal (raw, end, "romeo@montague", "host-unknown");
}

/* X8: one too many. */
static void
test_too_many (Raw           *raw,
               gconstpointer  data)
{
  MemoryStream *ends[3];

  g_object_set (raw->manager, "max-unidentified", 2, NULL);
  for (guint i = 0; i < 3; i++)
    ends[i] = raw_come_in (raw);
  raw_hear (raw, ends[0], "");
  raw_hear_refusal (raw, ends[2], NULL, "resource-constraint");

  /* Who is known does not count. */
  raw_say_header (raw, ends[0], FALSE);
  ends[2] = raw_come_in (raw);
  raw_hear (raw, ends[2], "");
}

/* X8: a stanza of the limit passes, of one octet more does not; received or sent. */
static void
test_stanza_limit (Raw           *raw,
                   gconstpointer  data)
{
  const guint limit = 10000;
  MemoryStream *end;
  g_autofree char *empty = raw_message (raw, "");
  g_autofree char *fits = g_strnfill (limit - strlen (empty), 'x');
  g_autofree char *too_long = g_strconcat (fits, "y", NULL);
  g_autofree char *expected = g_strdup_printf ("got %s\n", fits);

  g_object_set (raw->manager, "max-stanza-octets", limit, NULL);
  end = raw_open_recipient (raw);
  raw_say_message (raw, end, fits);
  raw_log (raw, expected);

  stage_send (raw->stage, raw->manager, raw->peer, too_long);
  stage_send (raw->stage, raw->manager, raw->peer, fits);
  g_clear_pointer (&expected, g_free);
  expected = g_strdup_printf ("not sent %s: xep174-session-error-quark 5\nsent %s\n", too_long, fits);
  raw_log (raw, expected);
  g_free (memory_stream_hear (end));

  raw_say_message (raw, end, too_long);
  raw_hear (raw, end, STREAM_ERROR ("policy-violation") FOOTER);
}

/* X9: white space costs nothing; silence is noticed and asked about. */
static void
test_idle (Raw           *raw,
           gconstpointer  data)
{
  MemoryStream *end;

  g_object_set (raw->manager, "idle-interval", 30000, NULL);
  end = raw_open_recipient (raw);
  raw_say (raw, end, " \n ");
  stage_advance (raw->stage, 31000);
  raw_hear (raw, end, "<iq from='juliet@capulet' to='romeo@montague' type='get'"
                      " id='xep174-ping-1'><ping xmlns='urn:xmpp:ping'/></iq>");
  raw_say (raw, end, "<iq from='romeo@montague' type='error' id='xep174-ping-1'/>");
  raw_log (raw, "");
  stage_advance (raw->stage, 31000);
  g_free (memory_stream_hear (end));
  stage_advance (raw->stage, 4000);
  raw_log (raw, "closed romeo@montague: no sign of life any more\n");
}

/* X10: what nobody takes is answered. */
static void
test_answers (Raw           *raw,
              gconstpointer  data)
{
  static const char *const cases[][2] = {
    { "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
      "<iq from='juliet@capulet' type='result' id='1' to='romeo@montague'/>" },
    { "<iq type='get' id='2'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
      "<iq from='juliet@capulet' type='result' id='2' to='romeo@montague'>"
      "<query xmlns='http://jabber.org/protocol/disco#info'>"
      "<identity category='client' type='pc'/>"
      "<feature var='http://jabber.org/protocol/disco#info'/><feature var='urn:xmpp:ping'/>"
      "</query></iq>" },
    { "<iq type='set' id='3'><x xmlns='y'/></iq>",
      "<iq from='juliet@capulet' type='error' id='3' to='romeo@montague'><error type='cancel'>"
      "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    { "<iq type='get' id='4'><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>",
      "<iq from='juliet@capulet' type='error' id='4' to='romeo@montague'><error type='cancel'>"
      "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    { "<iq type='result' id='5'/>", "" },
    { "<iq type='error' id='6'><error type='cancel'/></iq>", "" },
    { "<presence/>", "" },
  };
  MemoryStream *end = raw_open_recipient (raw);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      raw_say (raw, end, cases[i][0]);
      raw_hear (raw, end, cases[i][1]);
    }
}

static gboolean
take_it (Xep174Session *session,
         Xep174Element *stanza,
         gpointer       data)
{
  return TRUE;
}

/* X10: a handler that takes it answers itself, and nobody after it is asked. */
static void
test_taken (Raw           *raw,
            gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Xep174Session *session = xep174_session_manager_find_session (raw->manager, "romeo@montague");

  g_signal_connect (session, "stanza-received", G_CALLBACK (take_it), NULL);
  raw_say (raw, end, "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>");
  raw_hear (raw, end, "");
  raw_log (raw, "");
}

/* Pipelined input behind a header (Kopete, Adium) is input like any other. */
static void
test_pipelined (Raw           *raw,
                gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' to=''>"
                     "<message><body>one</body></message><message><body>two</body></message>"
                     FOOTER);
  raw_log (raw, "opened romeo@montague recipient\ngot one\ngot two\nclosing romeo@montague\n");
}

/* One octet at a time, in and out. */
static void
test_octet_by_octet (Raw           *raw,
                     gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);
  MemoryStream *near_end = memory_stream_dup_other (end);
  g_autofree char *message = raw_message (raw, "slow");
  const char *text = "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' version='1.0'>"
                     "<message><body>\xc3\xa9 &amp; co</body></message>";

  for (const char *at = text; *at != '\0'; at++)
    {
      const char octet[] = { *at, '\0' };

      raw_say (raw, end, octet);
    }
  raw_hear_header (raw, end, TRUE, FEATURES);
  memory_stream_set_room (near_end, 1);
  stage_send (raw->stage, raw->manager, raw->peer, "slow");
  for (guint i = 0; i < strlen (message) - 1; i++)
    {
      raw_log (raw, i == 0 ? "opened romeo@montague recipient\ngot \xc3\xa9 & co\n" : "");
      memory_stream_set_room (near_end, 1);
      stage_settle (raw->stage);
    }
  raw_log (raw, "sent slow\n");
  raw_hear (raw, end, message);
  g_ptr_array_add (raw->ends, near_end);
}

/* The end comes at every octet of a conversation; nothing hangs, nothing is left. */
static void
test_end_everywhere (Raw           *raw,
                     gconstpointer  data)
{
  const char *text = "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' version='1.0'>"
                     "<message><body>one</body></message>" FOOTER;

  for (gsize length = 0; length <= strlen (text); length++)
    for (guint broken = 0; broken < 2; broken++)
      {
        MemoryStream *end = raw_come_in (raw);
        g_autofree char *part = g_strndup (text, length);
        g_autofree char *heard = NULL;

        raw_say (raw, end, part);
        if (broken)
          memory_stream_break (end);
        else
          g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
        stage_advance (raw->stage, 10000);
        heard = memory_stream_hear (end);
        g_assert_true (memory_stream_has_ended (end));
        g_assert_cmpuint (g_list_model_get_n_items (
          xep174_session_manager_get_sessions (raw->manager)), ==, 0);
      }
}

/* D22: streams keep the name that they were opened with, new ones have the new. */
static void
test_rename (Raw           *raw,
             gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  xep174_session_manager_set_local_name (raw->manager, "juliet-1@capulet");
  stage_send (raw->stage, raw->manager, raw->peer, "still me");
  raw_hear (raw, end, "<message from='juliet@capulet' to='romeo@montague'><body>still me</body></message>");
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
  raw->local = "juliet-1@capulet";
  stage_send (raw->stage, raw->manager, raw->peer, "new me");
  end = raw_answer (raw);
  raw_hear_header (raw, end, FALSE, "");
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/streams/X3/invalid-from", test_invalid_from);
  ADD ("/streams/X3/fill-in", test_fill_in);
  ADD ("/streams/X6/no-namespace", test_no_namespace);
  ADD ("/streams/X14/language", test_language);
  ADD ("/streams/X4/nameless", test_nameless);
  ADD ("/streams/X4/nameless-stanza", test_nameless_stanza);
  ADD ("/streams/X5/close", test_close);
  ADD ("/streams/X5/closed-by-peer", test_closed_by_peer);
  ADD ("/streams/X5/close-unanswered", test_close_unanswered);
  ADD ("/streams/X6-X7-X8/bad-header", test_bad_header);
  ADD ("/streams/X8/header-timeout", test_header_timeout);
  ADD ("/streams/X8/too-many", test_too_many);
  ADD ("/streams/X8/stanza-limit", test_stanza_limit);
  ADD ("/streams/X9/idle", test_idle);
  ADD ("/streams/X10/answers", test_answers);
  ADD ("/streams/X10/taken", test_taken);
  ADD ("/streams/X13/unverified", test_unverified);
  ADD ("/streams/pipelined", test_pipelined);
  ADD ("/streams/octet-by-octet", test_octet_by_octet);
  ADD ("/streams/end-everywhere", test_end_everywhere);
  ADD ("/streams/D22/rename", test_rename);
  return g_test_run ();
}
