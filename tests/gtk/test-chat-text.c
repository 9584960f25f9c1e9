/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What others wrote, as the desktop chat shows it. */

#include "chat-text.h"
#include "cli-text.h"

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
      g_autofree char *markup = chat_text_to_markup (rows[i].text, FALSE);

      g_assert_cmpstr (markup, ==, rows[i].markup);
    }
}

/* XEP-0393: the signs stay, and a link may begin or end inside of what is styled. */
static void
test_styles (void)
{
  static const struct
  {
    const char *text;
    const char *markup;
  } rows[] = {
    { "", "" },
    { "a *b* c", "a <b>*b*</b> c" },
    { "_a < ~b~_", "<i>_a &lt; </i><i><s>~b~</s></i><i>_</i>" },
    { "`*x*`", "<tt>`*x*`</tt>" },
    { "> so\nno", "<span alpha=\"75%\">&gt; so\n</span>no" },
    { "*see http://x.example/ now*",
      "<b>*see </b><a href=\"http://x.example/\"><b>http://x.example/</b></a><b> now*</b>" },
    { "http://x.example/?_a ~b~",
      "<a href=\"http://x.example/?_a\">http://x.example/?_a</a> <s>~b~</s>" },
    { "2 * 3 * 4", "2 * 3 * 4" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *markup = chat_text_to_markup (rows[i].text, TRUE);

      g_assert_cmpstr (markup, ==, rows[i].markup);
    }
}

/* A long word has as many characters as before, in pieces that differ; no mark is cut off. */
static void
test_long_word (void)
{
  g_autofree char *piece = g_strnfill (100, 'x');
  g_autofree char *words = g_strdup_printf ("%s a %.99s&", piece, piece);
  g_autofree char *word = g_strdup_printf ("a %s%sx\xcc\x88%s b", piece, piece, piece);
  g_autofree char *address = g_strdup_printf ("http://%s%s", piece, piece);
  g_autofree char *plain = chat_text_to_markup (words, FALSE);
  g_autofree char *pieces = chat_text_to_markup (word, FALSE);
  g_autofree char *link = chat_text_to_markup (address, FALSE);
  g_autofree char *wanted_plain = g_strdup_printf ("%s a %.99s&amp;", piece, piece);
  g_autofree char *wanted =
    g_strdup_printf ("a %s<span letter_spacing=\"1\">%s</span>x\xcc\x88%.98s"
                     "<span letter_spacing=\"1\">xx</span> b", piece, piece, piece);
  g_autofree char *wanted_link =
    g_strdup_printf ("<a href=\"%s\">http://%.93s<span letter_spacing=\"1\">%s</span>%.7s</a>",
                     address, piece, piece, piece);

  g_assert_cmpstr (plain, ==, wanted_plain);
  g_assert_cmpstr (pieces, ==, wanted);
  g_assert_cmpstr (link, ==, wanted_link);
}

static void
test_fold (void)
{
  g_autofree char *one = chat_text_fold ("JO\xcc\x88RG");
  g_autofree char *other = chat_text_fold ("jörg");

  g_assert_cmpstr (one, ==, other);
}

/* Names that differ look different, whatever they differ in; others look as they are. */
static void
test_name (void)
{
  static const char *const rows[][2] = {
    { "juliet@capulet", "juliet@capulet" },
    { "Jürgen Groß@büro 2 \\u", "Jürgen Groß@büro 2 \\u" },
    { "שלום@日本", "שלום@日本" },
    { "ju\u200bliet", "ju\\u{200B}liet" },
    { "ju\\u{200B}liet", "ju\\u{5C}u{200B}liet" },
    { "\ufeffj\u00adu\u200e\u202el\u2066i\u2060e\u200dt\U000e0041",
      "\\u{FEFF}j\\u{AD}u\\u{200E}\\u{202E}l\\u{2066}i\\u{2060}e\\u{200D}t\\u{E0041}" },
    { "a\u034f\u3164\uffa0\u115f\u2800\ufe0f\U000e0100",
      "a\\u{34F}\\u{3164}\\u{FFA0}\\u{115F}\\u{2800}\\u{FE0F}\\u{E0100}" },
    { "a\nb\tc\x1b\xc2\x85\u2028", "a\\u{A}b\\u{9}c\\u{1B}\\u{85}\\u{2028}" },
    { " a  b\u00a0c ", "\\u{20}a \\u{20}b\\u{A0}c\\u{20}" },
    /* What is a character of its own as well; that is how a name is written, RFC 6762 §16. */
    { "Ju\u0308rgen@J\u00fcrg q\u0308", "Ju\\u{308}rgen@J\u00fcrg q\u0308" },
    { "\u212aelvin", "\\u{212A}elvin" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *shown = cli_text_name (rows[i][0]);
      g_autofree char *again = cli_text_line (shown);

      g_assert_cmpstr (shown, ==, rows[i][1]);
      g_assert_cmpstr (again, ==, shown);
    }
}

/* T14: the number to compare, for the eye and for a voice. */
static void
test_number (void)
{
  g_autofree char *lines = chat_text_break_number ("12345 67890 11111 22222 33333", 2);
  g_autofree char *whole = chat_text_break_number ("12345 67890", 4);
  g_autofree char *spoken = chat_text_spell_number ("12345 67890");

  g_assert_cmpstr (lines, ==, "12345 67890\n11111 22222\n33333");
  g_assert_cmpstr (whole, ==, "12345 67890");
  g_assert_cmpstr (spoken, ==, "1 2 3 4 5, 6 7 8 9 0");
}

/* T6: the names of a key, all of them or the first ones and how many there are more. */
static void
test_names (void)
{
  static const char *const names[] = { "a@x", "b@x", "c@x", "d@x", "e@x", NULL };
  static const struct
  {
    guint first, n_named;
    const char *list;
  } rows[] = {
    { 4, 3, "e@x" },
    { 3, 3, "d@x and e@x" },
    { 2, 3, "c@x, d@x and e@x" },
    { 1, 3, "b@x, c@x, d@x and 1 other" },
    { 0, 3, "a@x, b@x, c@x and 2 others" },
    { 0, 1, "a@x and 4 others" },
    { 5, 3, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *list = chat_text_list_names (names + rows[i].first, rows[i].n_named);

      g_assert_cmpstr (list, ==, rows[i].list);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chat-text/markup", test_markup);
  g_test_add_func ("/chat-text/styles", test_styles);
  g_test_add_func ("/chat-text/long-word", test_long_word);
  g_test_add_func ("/chat-text/fold", test_fold);
  g_test_add_func ("/chat-text/name", test_name);
  g_test_add_func ("/chat-text/T14/number", test_number);
  g_test_add_func ("/chat-text/T6/names", test_names);
  return g_test_run ();
}
