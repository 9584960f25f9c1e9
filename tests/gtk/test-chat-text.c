/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What others wrote, as the desktop chat shows it. */

#include "chat-text.h"

static void
test_markup (void)
{
  static const struct
  {
    const char *text;
    const char *markup;
  } rows[] = {
    { "", "" },
    { "a < b & c", "a &lt; b &amp; c" },
    { "https://x.example", "<a href=\"https://x.example\">https://x.example</a>" },
    { "(see http://x.example/?a=1&b=2).",
      "(see <a href=\"http://x.example/?a=1&amp;b=2\">http://x.example/?a=1&amp;b=2</a>)." },
    { "HTTP://X.example/a_(b), \"http://y.example/\"!",
      "<a href=\"HTTP://X.example/a_(b)\">HTTP://X.example/a_(b)</a>, "
      "&quot;<a href=\"http://y.example/\">http://y.example/</a>&quot;!" },
    { "http://ü.example/ß ", "<a href=\"http://ü.example/ß\">http://ü.example/ß</a> " },
    { "javascript:alert(1) file:///x xhttp://x", "javascript:alert(1) file:///x xhttp://x" },
    { "<a href=\"x:y\">go</a>", "&lt;a href=&quot;x:y&quot;&gt;go&lt;/a&gt;" },
    { "http://...", "http://..." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *markup = chat_text_to_markup (rows[i].text);

      g_assert_cmpstr (markup, ==, rows[i].markup);
    }
}

static void
test_fold (void)
{
  g_autofree char *one = chat_text_fold ("JO\xcc\x88RG");
  g_autofree char *other = chat_text_fold ("jörg");

  g_assert_cmpstr (one, ==, other);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chat-text/markup", test_markup);
  g_test_add_func ("/chat-text/fold", test_fold);
  return g_test_run ();
}
