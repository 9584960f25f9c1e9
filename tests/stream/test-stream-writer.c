/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "stream-transcript.h"
#include "xep174-element-private.h"
#include "xep174-stream-condition-private.h"
#include "xep174-stream-error-private.h"
#include "xep174-stream-writer-private.h"
#include "xep174-stream-writer.h"

/* X1: with and without what a header may lack. */
static void
test_header (void)
{
  g_autoptr(GString) out = g_string_new (NULL);

  xep174_stream_writer_append_header (out, "juliet@pronto", "romeo@forza", TRUE, NULL);
  g_assert_cmpstr (out->str, ==,
                   "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                   "xmlns:stream='http://etherx.jabber.org/streams' from='juliet@pronto' "
                   "to='romeo@forza' version='1.0'>");

  g_string_truncate (out, 0);
  xep174_stream_writer_append_header (out, "d'Artagnan & <co>", NULL, FALSE, "a'1");
  g_assert_cmpstr (out->str, ==,
                   "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                   "xmlns:stream='http://etherx.jabber.org/streams' "
                   "from='d&apos;Artagnan &amp; &lt;co&gt;' id='a&apos;1'>");
}

/* X2, S2: literal prefix, namespaces where they change. */
static void
test_first_level (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(Xep174Element) features = xep174_element_new ("features",
                                                          "http://etherx.jabber.org/streams");
  g_autoptr(Xep174Element) proceed = xep174_element_new ("proceed", "urn:tls");

  xep174_stream_writer_append_features (out, NULL);
  g_assert_cmpstr (out->str, ==, "<stream:features/>");

  xep174_element_append_new (xep174_element_append_new (features, "starttls", "urn:tls"),
                             "required", NULL);
  xep174_element_append_new (features, "x", "jabber:client");
  g_string_truncate (out, 0);
  xep174_stream_writer_append_features (out, features);
  xep174_stream_writer_append_element (out, proceed);
  xep174_stream_writer_append_footer (out);
  g_assert_cmpstr (out->str, ==,
                   "<stream:features><starttls xmlns='urn:tls'><required/></starttls><x/>"
                   "</stream:features><proceed xmlns='urn:tls'/></stream:stream>");
}

/* S4: these very octets. */
static void
test_conflict (void)
{
  g_autoptr(GString) out = g_string_new (NULL);

  xep174_stream_writer_append_error (out, XEP174_STREAM_ERROR_CONFLICT, NULL);
  g_assert_cmpstr (out->str, ==,
                   "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                   "</stream:error>");
}

/* X6: each condition goes out and is understood on arrival. */
static void
test_errors (void)
{
  for (int code = 0; code <= XEP174_STREAM_ERROR_UNSUPPORTED_VERSION; code++)
    {
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(Xep174Element) element = NULL;
      g_autoptr(GError) error = NULL;
      Xep174StreamError again;

      xep174_stream_writer_append_error (out, code, code % 2 == 0 ? "Because <I> say so" : NULL);
      element = xep174_element_parse (out->str, &error);
      g_assert_no_error (error);
      g_assert_true (xep174_element_matches (element, "error", "http://etherx.jabber.org/streams"));

      error = xep174_stream_error_new_from_element (element);
      g_assert_error (error, XEP174_STREAM_ERROR, code);
      g_assert_cmpint (strstr (error->message, "Because <I> say so") != NULL, ==, code % 2 == 0);
      g_assert_true (xep174_stream_error_from_condition (xep174_stream_error_to_condition (code),
                                                         &again));
      g_assert_cmpint (again, ==, code);
      g_clear_error (&error);
    }
}

/* X6: what is unknown, empty or of an older RFC. */
static void
test_foreign_errors (void)
{
  static const struct
  {
    const char        *xml;
    Xep174StreamError  code;
  } cases[] = {
    { "<stream:error/>", XEP174_STREAM_ERROR_UNDEFINED_CONDITION },
    { "<stream:error><no-such-thing xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      XEP174_STREAM_ERROR_UNDEFINED_CONDITION },
    { "<stream:error><x xmlns='urn:x'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>t</text>"
      "<reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      XEP174_STREAM_ERROR_RESET },
    { "<stream:error><xml-not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
      "</stream:error>", XEP174_STREAM_ERROR_NOT_WELL_FORMED },
    { "<stream:error><conflict/></stream:error>", XEP174_STREAM_ERROR_UNDEFINED_CONDITION },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Element) element = xep174_element_parse (cases[i].xml, NULL);
      g_autoptr(GError) error = xep174_stream_error_new_from_element (element);

      g_assert_error (error, XEP174_STREAM_ERROR, (int) cases[i].code);
    }
}

/* X3: addresses are filled in, nothing is declared twice, the stanza itself stays as it is. */
static void
test_stanzas (void)
{
  static const char *const cases[][2] = {
    { "<message type='chat'><body>a &amp; b</body></message>",
      "<message from='j@p' to='r@f' type='chat'><body>a &amp; b</body></message>" },
    { "<message to='x'/>", "<message from='j@p' to='x'/>" },
    { "<message from='' to=''/>", "<message from='j@p' to='r@f'/>" },
    { "<message from='y' to='x' id='1'/>", "<message from='y' to='x' id='1'/>" },
    { "<iq><ping xmlns='urn:xmpp:ping'/></iq>",
      "<iq from='j@p' to='r@f'><ping xmlns='urn:xmpp:ping'/></iq>" },
    { "<message xml:lang='de'><html xmlns='urn:h'><body xmlns='urn:b'><p/></body></html></message>",
      "<message from='j@p' to='r@f' xml:lang='de'><html xmlns='urn:h'><body xmlns='urn:b'><p/>"
      "</body></html></message>" },
    { "<message xmlns=''><body/><x xmlns='jabber:client'/></message>",
      "<message from='j@p' to='r@f'><body/><x xmlns='jabber:client'/></message>" },
    { "<message><x xmlns=''/></message>",
      "<message from='j@p' to='r@f'><x xmlns=''/></message>" },
    { "<message><stream:x><y/></stream:x></message>",
      "<message from='j@p' to='r@f'><stream:x><y/></stream:x></message>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Element) stanza = xep174_element_parse (cases[i][0], NULL);
      g_autofree char *before = xep174_element_to_string (stanza);
      g_autofree char *after = NULL;
      g_autoptr(GString) out = g_string_new (NULL);

      xep174_stream_writer_append_stanza (out, stanza, "j@p", "r@f");
      g_assert_cmpstr (out->str, ==, cases[i][1]);
      after = xep174_element_to_string (stanza);
      g_assert_cmpstr (after, ==, before);
    }
}

/* What the writer writes, the parser reads. */
static void
test_whole_stream (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(Xep174Element) message = xep174_element_new ("message", NULL);
  g_autofree char *transcript = NULL;

  xep174_element_append_text (xep174_element_append_new (message, "body", NULL),
                              "<&>'\"\r\n\xc3\xa9");
  xep174_stream_writer_append_header (out, "juliet@pronto", "romeo@forza", TRUE, "1");
  xep174_stream_writer_append_features (out, NULL);
  xep174_stream_writer_append_stanza (out, message, "juliet@pronto", "romeo@forza");
  xep174_stream_writer_append_error (out, XEP174_STREAM_ERROR_RESET, NULL);
  xep174_stream_writer_append_footer (out);

  transcript = stream_transcript_make (out->str, out->len, out->len, out->len);
  g_assert_cmpstr (transcript, ==,
                   "H from='juliet@pronto' to='romeo@forza' id='1' version='1.0'\n"
                   "E <features xmlns='http://etherx.jabber.org/streams'/>\n"
                   "E <message xmlns='jabber:client' from='juliet@pronto' to='romeo@forza'>"
                   "<body>&lt;&amp;&gt;'\"&#13;\n\xc3\xa9</body></message>\n"
                   "E <error xmlns='http://etherx.jabber.org/streams'>"
                   "<reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>\nF\n");
}

/* X1, X3, X6: the functions for who has a socket of its own write what sessions write. */
static void
test_public (void)
{
  g_autoptr(GString) whole = g_string_new (NULL);
  g_autoptr(GString) ours = g_string_new (NULL);
  g_autoptr(Xep174Element) message = xep174_element_parse ("<message><body>hi</body></message>", NULL);
  g_autoptr(Xep174Element) features = xep174_element_new ("features",
                                                          "http://etherx.jabber.org/streams");
  g_autofree char *header = xep174_stream_write_header ("juliet@pronto", "romeo@forza", "1");
  g_autofree char *first = xep174_stream_write_element (features, "j@p", "r@f", NULL);
  g_autofree char *stanza = xep174_stream_write_element (message, "j@p", "r@f", NULL);
  g_autofree char *conflict = xep174_stream_write_error (XEP174_STREAM_ERROR_CONFLICT, "No");

  g_string_append_printf (whole, "%s%s%s%s%s", header, first, stanza, conflict,
                          XEP174_STREAM_FOOTER);

  xep174_stream_writer_append_header (ours, "juliet@pronto", "romeo@forza", TRUE, "1");
  xep174_stream_writer_append_features (ours, NULL);
  xep174_stream_writer_append_stanza (ours, message, "j@p", "r@f");
  xep174_stream_writer_append_error (ours, XEP174_STREAM_ERROR_CONFLICT, "No");
  xep174_stream_writer_append_footer (ours);

  g_assert_cmpstr (whole->str, ==, ours->str);
  g_assert_cmpstr (stanza, ==, "<message from='j@p' to='r@f'><body>hi</body></message>");
}

/* The stanza written, in which what XML cannot carry is replaced; the verdict is that of the check, and of a
 * draft, which has as many octets. */
static char *
write_and_check (Xep174Element *stanza,
                 gboolean       good)
{
  g_autoptr(GString) draft = g_string_new (NULL);
  g_autoptr(GString) out = g_string_new (NULL);
  gsize left_out;

  g_assert_cmpint (xep174_stream_writer_draft_stanza (draft, stanza, "j\x01", "r\xff", &left_out), ==, good);
  g_assert_cmpint (xep174_stream_writer_append_stanza (out, stanza, "j\x01", "r\xff"), ==, good);
  g_assert_cmpint (xep174_element_check (stanza, NULL), ==, good);
  g_assert_cmpuint (draft->len + left_out, ==, out->len);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
check_value (const char *value,
             gboolean    in_text,
             gboolean    good)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", NULL);
  g_autoptr(Xep174Element) again = NULL;
  g_autofree char *xml = NULL;
  g_autofree char *text = NULL;

  if (in_text)
    xep174_element_append_text (message, value);
  else
    xep174_element_set_attribute (message, "id", value);
  xml = write_and_check (message, good);
  g_assert_true (xep174_text_is_xml (xml));
  if (!good)
    return;

  again = xep174_element_parse (xml, NULL);
  text = xep174_element_dup_text (again);
  g_assert_cmpstr (in_text ? text : xep174_element_get_attribute (again, "id"), ==, value);
}

static const struct
{
  const char *octets;
  gboolean good;
} pieces[] = {
  { "'", TRUE }, { "\"", TRUE }, { "&", TRUE }, { "<", TRUE }, { ">", TRUE }, { "\t", TRUE },
  { "\n", TRUE }, { "\r", TRUE }, { "\x7f", TRUE }, { "\xc3\xa9", TRUE }, { "\x01", FALSE },
  { "\x1f", FALSE }, { "\xff", FALSE }, { "\xef\xbf\xbf", FALSE },
};

/* Octets are looked at many in one go: each kind of them at each place, in strings of any length. */
static void
test_every_place (void)
{
  const char *letters = "abcdefghijklmnopqrstuvwxyzabcdefghijk";

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (int length = 0; length < (int) strlen (letters); length++)
      for (int place = 0; place <= length; place++)
        {
          g_autofree char *value = g_strdup_printf ("%.*s%s%.*s", place, letters, pieces[i].octets,
                                                    length - place, letters);

          check_value (value, TRUE, pieces[i].good);
          check_value (value, FALSE, pieces[i].good);
        }
}

/* More of them in a long text. */
static void
test_every_place_of_long_text (void)
{
  g_autofree char *letters = g_strnfill (3 * 64 + 5, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (int place = 0; place <= (int) strlen (letters); place++)
      {
        g_autofree char *value = g_strdup_printf ("%.*s%s%s", place, letters, pieces[i].octets,
                                                  letters + place);

        check_value (value, TRUE, pieces[i].good);
      }
}

static gsize
check_draft (const char *text,
             gboolean    good)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", NULL);
  g_autoptr(GString) draft = g_string_new (NULL);
  gsize left_out;

  xep174_element_append_text (xep174_element_append_new (message, "body", NULL), text);
  g_free (write_and_check (message, good));
  g_assert_cmpint (xep174_stream_writer_draft_stanza (draft, message, "j@p", "r@f", &left_out), ==, good);
  g_assert_true (g_str_has_suffix (draft->str, "</body></message>"));
  return left_out;
}

/* A long text that needs nothing is left out of a draft; what is in one of its pieces counts for that one. */
static void
test_draft (void)
{
  static const gsize lengths[] = { 4095, 4096, 4097, 70000 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (gsize piece = 0; piece < G_N_ELEMENTS (pieces); piece++)
      {
        gsize rest = lengths[i] - strlen (pieces[piece].octets);
        const gsize places[] = { 0, 1, 63, 64, rest / 2, rest - 1, rest };
        gboolean is_plain = strchr ("'\"\t\n\x7f", *pieces[piece].octets) != NULL;

        for (gsize n = 0; n < G_N_ELEMENTS (places); n++)
          {
            g_autofree char *before = g_strnfill (places[n], 'x');
            g_autofree char *after = g_strnfill (rest - places[n], 'y');
            g_autofree char *text = g_strconcat (before, pieces[piece].octets, after, NULL);
            gsize left_out = check_draft (text, pieces[piece].good);

            if (lengths[i] < 4096)
              g_assert_cmpuint (left_out, ==, 0);
            else if (lengths[i] == 70000 && is_plain)
              g_assert_cmpuint (left_out, >, 60000);
          }
      }
}

/* So too in what has a namespace, and in namespaces themselves, which are written only where they
 * change. */
static void
test_bad_namespaces (void)
{
  static const char *const bad[] = { "urn:\x01", "http://www.w3.org/2000/xmlns/" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(Xep174Element) child = xep174_element_new ("message", NULL);
      g_autoptr(Xep174Element) attribute = xep174_element_new ("message", NULL);
      g_autofree char *name = g_strdup_printf ("{%s}y", bad[i]);

      xep174_element_append_new (child, "x", bad[i]);
      g_free (write_and_check (child, FALSE));
      xep174_element_set_attribute (attribute, "{urn:good}x", "1");
      g_free (write_and_check (attribute, TRUE));
      xep174_element_set_attribute (attribute, "{urn:good}x", "\x01");
      g_free (write_and_check (attribute, FALSE));
      xep174_element_set_attribute (attribute, "{urn:good}x", "2");
      xep174_element_set_attribute (attribute, name, "1");
      g_free (write_and_check (attribute, FALSE));
    }
}

/* What cannot be sent is an error, and never half a stanza or another text. */
static void
test_public_refuses (void)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  g_autoptr(GError) error = NULL;

  xep174_element_append_text (xep174_element_append_new (message, "body", NULL), "\001");
  g_assert_null (xep174_stream_write_element (message, NULL, NULL, &error));
  g_assert_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_XML);
}

static gpointer
write_again_and_again (gpointer data)
{
  Xep174Element *element = data;
  g_autofree char *first = xep174_stream_write_element (element, "j@p", "r@f", NULL);

  for (guint i = 0; i < 300; i++)
    {
      g_autoptr(Xep174Element) own = xep174_element_ref (element);
      g_autoptr(Xep174Element) copy = xep174_element_copy (own);
      g_autofree char *xml = xep174_stream_write_element (own, "j@p", "r@f", NULL);
      g_autofree char *string = xep174_element_to_string (own);
      g_autofree char *copied = xep174_element_to_string (copy);

      g_assert_cmpstr (xml, ==, first);
      g_assert_cmpstr (string, ==, copied);
      xep174_element_seal (own);
    }

  return g_steal_pointer (&first);
}

/* What is sealed, by us or by the parser, every thread may read and write out (C40: the mark that it
 * had been checked was set by whoever wrote it). */
static void
test_threads (void)
{
  static const char octets[] =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
    "<message type='chat' xml:lang='de'><body>a &amp; \xc3\xa9</body>"
    "<x xmlns='urn:x'><y/></x></message>";
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  g_autoptr(Xep174Element) received = NULL;
  g_autoptr(Xep174Element) made = NULL;

  xep174_stream_parser_feed (parser, (const guint8 *) octets, strlen (octets));
  g_assert_cmpint (xep174_stream_parser_next (parser, NULL, NULL), ==, XEP174_STREAM_ITEM_HEADER);
  g_assert_cmpint (xep174_stream_parser_next (parser, &received, NULL), ==,
                   XEP174_STREAM_ITEM_ELEMENT);
  made = xep174_element_copy (received);
  xep174_element_seal (made);
  for (gsize i = 0; i < 2; i++)
    {
      Xep174Element *element = i == 0 ? received : made;
      GThread *threads[2];
      g_autofree char *one = NULL;
      g_autofree char *other = NULL;

      for (gsize t = 0; t < G_N_ELEMENTS (threads); t++)
        threads[t] = g_thread_new ("writer", write_again_and_again, element);
      one = g_thread_join (threads[0]);
      other = g_thread_join (threads[1]);
      g_assert_nonnull (one);
      g_assert_cmpstr (one, ==, other);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream-writer/header", test_header);
  g_test_add_func ("/stream-writer/first-level", test_first_level);
  g_test_add_func ("/stream-writer/conflict", test_conflict);
  g_test_add_func ("/stream-writer/errors", test_errors);
  g_test_add_func ("/stream-writer/foreign-errors", test_foreign_errors);
  g_test_add_func ("/stream-writer/stanzas", test_stanzas);
  g_test_add_func ("/stream-writer/whole-stream", test_whole_stream);
  g_test_add_func ("/stream-writer/every-place", test_every_place);
  g_test_add_func ("/stream-writer/every-place-of-long-text", test_every_place_of_long_text);
  g_test_add_func ("/stream-writer/draft", test_draft);
  g_test_add_func ("/stream-writer/bad-namespaces", test_bad_namespaces);
  g_test_add_func ("/stream-writer/public", test_public);
  g_test_add_func ("/stream-writer/public-refuses", test_public_refuses);
  g_test_add_func ("/stream-writer/threads", test_threads);
  return g_test_run ();
}
