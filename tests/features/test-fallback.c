/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Text for programs that do not understand something (XEP-0428): what remains for those that do. */

#include "parsed.h"
#include "xep174-fallback-private.h"

#define NS "urn:xmpp:reply:0"
#define FALLBACK(regions) "<fallback xmlns='urn:xmpp:fallback:0' for='" NS "'>" regions "</fallback>"
#define BODY(start, end) "<body start='" start "' end='" end "'/>"

static const struct
{
  const char *name;
  const char *text;
  const char *fallback;
  const char *rest;
} cases[] = {
  /* The example of XEP-0428 §2.2. */
  { "example", "> Anna wrote:\n> Hi, how are you?\nGreat", FALLBACK (BODY ("0", "33")), "Great" },
  { "none", "Great idea!", "", "Great idea!" },
  { "no-children", "/me retracted", FALLBACK (""), "" },
  { "no-numbers", "all", FALLBACK ("<body/>"), "" },
  { "subject", "all", FALLBACK ("<subject/>"), "all" },
  { "other", "all", "<fallback xmlns='urn:xmpp:fallback:0' for='urn:other'/>", "all" },
  { "no-for", "all", "<fallback xmlns='urn:xmpp:fallback:0'/>", "all" },
  { "characters", "\303\251\360\237\220\242abc", FALLBACK (BODY ("1", "3")), "\303\251bc" },
  { "two", "0123456789", FALLBACK (BODY ("7", "9") BODY ("1", "3")), "034569" },
  { "two-elements", "0123456789", FALLBACK (BODY ("0", "1")) FALLBACK (BODY ("9", "10")), "12345678" },
  { "adjoining", "0123456789", FALLBACK (BODY ("1", "3") BODY ("3", "5")), "056789" },
  { "whole", "0123456789", FALLBACK (BODY ("0", "10")), "" },
  { "too-long", "0123456789", FALLBACK (BODY ("0", "11")), "0123456789" },
  { "beyond", "0123456789", FALLBACK (BODY ("11", "12")), "0123456789" },
  { "reversed", "0123456789", FALLBACK (BODY ("5", "2")), "0123456789" },
  { "empty", "0123456789", FALLBACK (BODY ("5", "5")), "0123456789" },
  { "overlapping", "0123456789", FALLBACK (BODY ("0", "5") BODY ("3", "8")), "56789" },
  { "negative", "0123456789", FALLBACK (BODY ("-1", "5")), "0123456789" },
  { "no-number", "0123456789", FALLBACK (BODY ("x", "5")), "0123456789" },
  { "one-number", "0123456789", FALLBACK ("<body end='5'/>"), "0123456789" },
  { "huge", "0123456789", FALLBACK (BODY ("0", "18446744073709551617")), "0123456789" },
};

static void
test_case (gconstpointer data)
{
  const char *text = cases[GPOINTER_TO_SIZE (data)].text;
  const char *wanted = cases[GPOINTER_TO_SIZE (data)].rest;
  g_autofree char *xml = g_strdup_printf ("<message xmlns='jabber:client'>%s</message>",
                                          cases[GPOINTER_TO_SIZE (data)].fallback);
  g_autoptr(Xep174Element) message = parse_own (xml);
  g_autofree char *rest = xep174_fallback_strip (message, NS, text);

  g_assert_cmpstr (rest, ==, wanted);

  g_assert_false (xep174_fallback_leaves (message, NS));
  xep174_element_append_text (xep174_element_append_new (message, "body", NULL), text);
  g_assert_cmpint (xep174_fallback_leaves (message, NS), ==, *wanted != '\0');
}

/* What we write, we read. */
static void
test_append (void)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  g_autofree char *rest = NULL;

  xep174_fallback_append (message, NS, 3);
  rest = xep174_fallback_strip (message, NS, "abcdef");
  g_assert_cmpstr (rest, ==, "def");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/fallback/F5/", cases[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/fallback/F5/append", test_append);
  return g_test_run ();
}
