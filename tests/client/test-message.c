/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "xep174-client-enums.h"
#include "xep174-message-private.h"
#include "xep174-refusal-private.h"
#include "xep174-session.h"
#include "xep174-stream-parser.h"

static Xep174Message *
read_message (const char *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Element) element = xep174_element_parse (xml, &error);

  g_assert_no_error (error);

  return xep174_message_new_from_element (element, FALSE);
}

/* peers.md 4: the body is the text, whatever HTML says beside it. */
static void
test_body (void)
{
  g_autoptr(Xep174Message) message = read_message (
    "<message xmlns='jabber:client' type='chat' id='7' from='romeo@montague'>"
    "<html xmlns='http://www.w3.org/1999/xhtml'><body><b>no &lt;such&gt; thing</b></body></html>"
    "<body>a &lt;b&gt; &amp; c</body></message>");

  g_assert_cmpstr (xep174_message_get_body (message), ==, "a <b> & c");
  g_assert_cmpstr (xep174_message_get_id (message), ==, "7");
  g_assert_cmpint (xep174_message_get_kind (message), ==, XEP174_MESSAGE_KIND_CHAT);
  g_assert_cmpstr (xep174_element_get_attribute (xep174_message_get_element (message), "from"), ==,
                   "romeo@montague");
}

/* X14: which of several bodies counts, and what of it. */
static void
test_bodies (void)
{
  static const struct { const char *xml; const char *body; } cases[] = {
    { "<message><body/><body xml:lang='en'>two</body></message>", "two" },
    { "<message><body xml:lang='fr'>Bonjour</body><body>Hello</body></message>", "Hello" },
    { "<message xml:lang='en'><body xml:lang='fr'>Bonjour</body><body xml:lang='EN'>Hello</body>"
      "</message>", "Hello" },
    { "<message><body xml:lang='fr'>Bonjour</body><body xml:lang='en'>Hello</body></message>",
      "Bonjour" },
    { "<message><body>I <b>really</b> mean it</body></message>", "I really mean it" },
    { "<message><body>one<br/>  two  &amp; <i>three</i></body></message>", "one\n  two  & three" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Message) message = read_message (cases[i].xml);

      g_assert_nonnull (message);
      g_assert_cmpstr (xep174_message_get_body (message), ==, cases[i].body);
    }
}

/* RFC 6120 §8.1.5, RFC 6121 §5.2.3: the language of the message may be said in the header. */
static void
test_language_of_stream (void)
{
  static const struct { const char *language; const char *body; } cases[] = {
    { "", "Bonjour" },
    { " xml:lang='en'", "Hello" },
    { " xml:lang='FR'", "Bonjour" },
    { " xml:lang='de'", "Bonjour" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *octets = g_strdup_printf (
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'%s>"
        "<message><body xml:lang='fr'>Bonjour</body><body xml:lang='en'>Hello</body></message>",
        cases[i].language);
      g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
      g_autoptr(Xep174Element) stanza = NULL;
      g_autoptr(Xep174Message) message = NULL;

      xep174_stream_parser_feed (parser, (const guint8 *) octets, strlen (octets));
      g_assert_cmpint (xep174_stream_parser_next (parser, NULL, NULL), ==,
                       XEP174_STREAM_ITEM_HEADER);
      g_assert_cmpint (xep174_stream_parser_next (parser, &stanza, NULL), ==,
                       XEP174_STREAM_ITEM_ELEMENT);
      message = xep174_message_new_from_element (stanza, FALSE);
      g_assert_cmpstr (xep174_message_get_body (message), ==, cases[i].body);
    }
}

static void
test_html (void)
{
  static const struct { const char *html; const char *text; } cases[] = {
    { "<html xmlns='http://www.w3.org/1999/xhtml'><body>hello <i>there</i>&amp;&lt;</body></html>",
      "hello there&<" },
    { "<html xmlns='http://jabber.org/protocol/xhtml-im'>"
      "<body xmlns='http://www.w3.org/1999/xhtml'><p>one</p><p>two<br/>three</p></body></html>",
      "one\ntwo\nthree" },
    { "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>no</title></head>"
      "<body><style>b { }</style><a href='x&gt;y'>link</a></body></html>", "link" },
    { "<html xmlns='http://www.w3.org/1999/xhtml'>  spread \n over\t lines </html>",
      "spread over lines" },
    { "<html xmlns='http://www.w3.org/1999/xhtml'><style/>é<script>x</script>&#65;</html>", "éA" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml =
        g_strdup_printf ("<message xmlns='jabber:client' type='chat'>%s</message>", cases[i].html);
      g_autoptr(Xep174Message) message = read_message (xml);

      g_assert_nonnull (message);
      g_assert_cmpstr (xep174_message_get_body (message), ==, cases[i].text);
    }
}

/* peers.md 5: somebody typing says nothing yet. */
static void
test_no_message (void)
{
  static const char *const cases[] = {
    "<message xmlns='jabber:client'><x xmlns='jabber:x:event'><composing/><id>1</id></x></message>",
    "<message xmlns='jabber:client' type='chat'><body/></message>",
    "<message xmlns='jabber:client' type='chat'><body xmlns='urn:other'>no</body></message>",
    "<message xmlns='jabber:client'><html xmlns='http://www.w3.org/1999/xhtml'> </html></message>",
    "<iq xmlns='jabber:client' type='get' id='1'><body>no</body></iq>",
    "<message xmlns='urn:other'><body>no</body></message>",
    "<message xmlns='jabber:client' type='error'/>",
    "<message xmlns='jabber:client' type='error'><body>mine</body></message>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_null (read_message (cases[i]));
}

static void
test_kinds (void)
{
  static const struct { const char *type; Xep174MessageKind kind; } cases[] = {
    { "", XEP174_MESSAGE_KIND_NORMAL },
    { "type='normal'", XEP174_MESSAGE_KIND_NORMAL },
    { "type='chat'", XEP174_MESSAGE_KIND_CHAT },
    { "type='headline'", XEP174_MESSAGE_KIND_HEADLINE },
    { "type='groupchat'", XEP174_MESSAGE_KIND_NORMAL },
    { "type='CHAT'", XEP174_MESSAGE_KIND_NORMAL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (
        "<message xmlns='jabber:client' %s><body>x</body></message>", cases[i].type);
      g_autoptr(Xep174Message) message = read_message (xml);

      g_assert_cmpint (xep174_message_get_kind (message), ==, cases[i].kind);
      g_assert_null (xep174_message_get_id (message));
    }
}

/* X14, RFC 6120 §8.3: a refusal in plain words, with those of the other side. */
static void
test_refusals (void)
{
#define STANZAS "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
  static const struct { const char *xml; const char *message; } cases[] = {
    { "<message type='error'/>", "Their program could not take it" },
    { "<message type='error'><body>mine</body><error/></message>",
      "Their program could not take it" },
    { "<message type='error'><error type='cancel'><service-unavailable " STANZAS "/></error></message>",
      "Their program does not take such messages" },
    { "<message type='error'><error type='cancel'><gone " STANZAS "/>"
      "<text " STANZAS ">moved</text></error></message>",
      "They cannot be reached there any more: moved" },
    { "<message type='error'><error type='x'><other " STANZAS "/><text " STANZAS "/></error></message>",
      "Their program could not take it" },
    { "<message type='chat'><error/></message>", NULL },
    { "<iq type='error'/>", "Their program could not take it" },
  };
#undef STANZAS

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Element) element = xep174_element_parse (cases[i].xml, NULL);
      g_autoptr(GError) error = xep174_refusal_new_from_element (element);

      g_assert_cmpint (error != NULL, ==, cases[i].message != NULL);
      if (error == NULL)
        continue;
      g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_REFUSED);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_null (xep174_message_new_from_element (element, FALSE));
    }
}

/* peers.md 1 and 5: type, id and body, and nothing that anybody trips over. */
static void
test_writing (void)
{
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, "<&> \t\né 😀");
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Element) element = xep174_message_to_element (message, &error);
  g_autofree char *body = NULL;

  g_assert_no_error (error);
  g_assert_true (xep174_element_matches (element, "message", "jabber:client"));
  g_assert_cmpstr (xep174_element_get_attribute (element, "type"), ==, "chat");
  g_assert_nonnull (xep174_message_get_id (message));
  g_assert_cmpstr (xep174_element_get_attribute (element, "id"), ==,
                   xep174_message_get_id (message));
  body = xep174_element_dup_child_text (element, "body", "jabber:client");
  g_assert_cmpstr (body, ==, "<&> \t\né 😀");
  g_assert_null (xep174_element_get_next_sibling (xep174_element_get_first_child (element)));
}

static void
test_own_id (void)
{
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_HEADLINE, "x");
  g_autoptr(Xep174Element) element = NULL;

  xep174_message_set_id (message, "mine");
  element = xep174_message_to_element (message, NULL);
  g_assert_cmpstr (xep174_element_get_attribute (element, "id"), ==, "mine");
  g_assert_cmpstr (xep174_element_get_attribute (element, "type"), ==, "headline");
}

static void
test_unsendable (void)
{
  static const char *const cases[] = {
    "", "bell \a", "\xff", "esc \x1b[0m", "\xef\xbf\xbf", "\x7\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, cases[i]);
      g_autoptr(GError) error = NULL;

      g_assert_null (xep174_message_to_element (message, &error));
      g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_properties (void)
{
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, "x");
  g_autofree char *body = NULL;
  g_autoptr(Xep174Element) element = NULL;
  Xep174MessageKind kind;

  g_object_get (message, "body", &body, "kind", &kind, "element", &element, NULL);
  g_assert_cmpstr (body, ==, "x");
  g_assert_cmpint (kind, ==, XEP174_MESSAGE_KIND_CHAT);
  g_assert_null (element);
}

/* Every cell: what has arrived stays so, what was read stays so whatever comes, only its sender
 * brings back what has failed, and nothing that happens makes it less. */
static void
test_states (void)
{
  static const char *const expected[XEP174_N_MESSAGE_STATES] = {
    [XEP174_MESSAGE_STATE_QUEUED] = "qsrddffu",
    [XEP174_MESSAGE_STATE_SENT] = "ssrddsfu",
    [XEP174_MESSAGE_STATE_RECEIVED] = "rrrddrfr",
    [XEP174_MESSAGE_STATE_READ] = "dddddddd",
    [XEP174_MESSAGE_STATE_FAILED] = "qfffffff",
    [XEP174_MESSAGE_STATE_UNCONFIRMED] = "qurduufu",
  };

  for (guint state = 0; state < XEP174_N_MESSAGE_STATES; state++)
    for (guint event = 0; event < XEP174_N_MESSAGE_EVENTS; event++)
      g_assert_cmpint ("qsrdfu"[xep174_message_state_next (state, event)], ==, expected[state][event]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/body", test_body);
  g_test_add_func ("/message/X14/bodies", test_bodies);
  g_test_add_func ("/message/X14/language-of-stream", test_language_of_stream);
  g_test_add_func ("/message/html", test_html);
  g_test_add_func ("/message/no-message", test_no_message);
  g_test_add_func ("/message/kinds", test_kinds);
  g_test_add_func ("/message/X14/refusals", test_refusals);
  g_test_add_func ("/message/writing", test_writing);
  g_test_add_func ("/message/own-id", test_own_id);
  g_test_add_func ("/message/unsendable", test_unsendable);
  g_test_add_func ("/message/properties", test_properties);
  g_test_add_func ("/message/states", test_states);

  return g_test_run ();
}
