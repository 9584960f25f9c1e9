/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Messages that answer a certain one. */

#include "parsed.h"
#include "with-features.h"
#include "xep174-replies.h"

#define NS "urn:xmpp:reply:0"
#define QUOTE "&gt; Anna wrote:\n&gt; We should bake a cake\n"
#define FALLBACK(end) \
  "<fallback xmlns='urn:xmpp:fallback:0' for='" NS "'><body start='0' end='" end "'/></fallback>"

/* The second example of XEP-0461 §3.1, and what the other side makes of it. */
static void
test_mark (Raw           *raw,
           gconstpointer  data)
{
  static const struct
  {
    const char *features;
    const char *expected;
  } cases[] = {
    { "<feature var='" NS "'/>", "<body>Great idea!</body><reply xmlns='" NS "' id='1'/>" },
    { "", "<body>" QUOTE "Great idea!</body><reply xmlns='" NS "' id='1'/>" FALLBACK ("38") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Element) message = parse_own ("<message xmlns='jabber:client'><body>Great idea!</body>"
                                                    "</message>");
      g_autofree char *expected = g_strdup_printf ("<message xmlns='jabber:client'>%s</message>",
                                                   cases[i].expected);
      g_autofree char *xml = NULL;
      g_autofree char *body = NULL;
      g_autofree char *text = NULL;
      g_autofree char *id = NULL;
      Xep174Replies *self = xep174_replies_new ();
      Raw own;

      raw_set_up (&own, raw->local);
      raw_add_feature (&own, XEP174_FEATURE (self));
      raw_open_to (&own, cases[i].features);
      g_assert_cmpint (xep174_replies_mark (self, own.peer, message, "1",
                                            "Anna wrote:\nWe should bake a cake"), ==, i == 0);
      raw_tear_down (&own, raw->local);

      xml = xep174_element_to_string (message);
      g_assert_cmpstr (xml, ==, expected);
      id = xep174_replies_dup_id (message);
      g_assert_cmpstr (id, ==, "1");
      body = xep174_element_dup_child_text (message, "body", NULL);
      text = xep174_replies_dup_text (message, body);
      g_assert_cmpstr (text, ==, "Great idea!");
    }
}

/* One range fits the text in each language; without a text there is nothing to quote before. */
static void
test_bodies (Raw           *raw,
             gconstpointer  data)
{
  g_autoptr(Xep174Element) two = parse_own ("<message xmlns='jabber:client'><body>yes &amp; no</body>"
                                            "<body xml:lang='de'>ja</body></message>");
  g_autoptr(Xep174Element) none = xep174_element_new ("message", "jabber:client");
  g_autoptr(Xep174Replies) self = xep174_replies_new ();
  g_autofree char *xml = NULL;
  g_autofree char *bare = NULL;

  xep174_replies_mark (self, raw->peer, two, "1", "\303\251");
  xml = xep174_element_to_string (two);
  g_assert_cmpstr (xml, ==, "<message xmlns='jabber:client'><body>&gt; \303\251\nyes &amp; no</body>"
                            "<body xml:lang='de'>&gt; \303\251\nja</body><reply xmlns='" NS "' id='1'/>"
                            FALLBACK ("4") "</message>");
  xep174_replies_mark (self, raw->peer, none, "1", "x");
  bare = xep174_element_to_string (none);
  g_assert_cmpstr (bare, ==, "<message xmlns='jabber:client'><reply xmlns='" NS "' id='1'/></message>");
}

/* A long one leaves room for the answer. */
static void
test_long (Raw           *raw,
           gconstpointer  data)
{
  g_autofree char *most = g_strnfill (256, 'x');
  g_autofree char *more = g_strconcat (most, "x", NULL);
  g_autofree char *wide = g_strconcat (most + 1, "\303\251", NULL);
  g_autofree char *wider = g_strconcat (wide, "\303\251", NULL);
  g_autofree char *all = g_strdup_printf ("> %s\nyes", most);
  g_autofree char *cut = g_strdup_printf ("> %s…\nyes", most);
  g_autofree char *wide_cut = g_strdup_printf ("> %s…\nyes", wide);
  const struct
  {
    const char *quoted;
    const char *expected;
  } cases[] = {
    { most, all },
    { more, cut },
    { wider, wide_cut },
    { "a\nb\nc\nd", "> a\n> b\n> c\n> d\nyes" },
    { "a\nb\nc\nd\ne\nf", "> a\n> b\n> c\n> d…\nyes" },
  };
  g_autoptr(Xep174Replies) self = xep174_replies_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Element) message = parse_own ("<message xmlns='jabber:client'><body>yes</body>"
                                                    "</message>");
      g_autofree char *body = NULL;
      g_autofree char *text = NULL;

      xep174_replies_mark (self, raw->peer, message, "1", cases[i].quoted);
      body = xep174_element_dup_child_text (message, "body", NULL);
      g_assert_cmpstr (body, ==, cases[i].expected);
      text = xep174_replies_dup_text (message, body);
      g_assert_cmpstr (text, ==, "yes");
    }
}

/* It stays a message; what is no reply keeps its text. */
static void
test_read (Raw           *raw,
           gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(Xep174Element) no_id = parse_own ("<message xmlns='jabber:client'><reply xmlns='" NS "'/>"
                                              FALLBACK ("2") "</message>");
  g_autofree char *text = xep174_replies_dup_text (no_id, "> x");

  raw_add_feature (raw, XEP174_FEATURE (xep174_replies_new ()));
  raw_say (raw, end, "<message><body>" QUOTE "Great idea!</body><reply id='1' xmlns='" NS "'/>"
                     FALLBACK ("38") "</message>");
  raw_log (raw, "got > Anna wrote:\n> We should bake a cake\nGreat idea!\n");
  g_assert_cmpstr (text, ==, "> x");
  g_assert_null (xep174_replies_dup_id (no_id));
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/replies/F5/mark", test_mark);
  ADD ("/replies/F5/bodies", test_bodies);
  ADD ("/replies/F5/long", test_long);
  ADD ("/replies/F5/read", test_read);
  return g_test_run ();
}
