/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Texts with signs that say how they are to be shown (XEP-0393). */

#include "with-features.h"
#include "xep174-feature-host.h"
#include "xep174-styled-text.h"
#include "xep174-styling.h"

#include <string.h>

/* Runs are written as {styles:text}, and plain ones as their text; < is a quotation. */
static const struct
{
  const char *name;
  const char *text;
  const char *expected;
} cases[] = {
  { "empty", "", "" },
  { "plain", "plain span", "plain span" },
  /* The examples of XEP-0393 §5.2. */
  { "strong", "*strong span*", "{*:*strong span*}" },
  { "emphasis", "plain _emphasis_ plain", "plain {_:_emphasis_} plain" },
  { "two", "`pre` plain *strong*", "{`:`pre`} plain {*:*strong*}" },
  { "lazy", "*strong*plain*", "{*:*strong*}plain*" },
  { "not-opening", "* plain *strong*", "* plain {*:*strong*}" },
  { "not-strong", "not strong*", "not strong*" },
  { "not-closed", "*not strong", "*not strong" },
  { "over-lines", "*not \n strong*", "*not \n strong*" },
  { "not-closing", "*not *strong", "*not *strong" },
  { "nothing-2", "**", "**" },
  { "nothing-3", "***", "***" },
  { "nothing-4", "****", "****" },
  { "italic", "The full title is _Twelfth Night, or What You Will_ but\n_most_ people shorten it.",
    "The full title is {_:_Twelfth Night, or What You Will_} but\n{_:_most_} people shorten it." },
  { "struck", "Everyone ~dis~likes cake.", "Everyone {~:~dis~}likes cake." },
  { "code", "This is `*monospace*`", "This is {`:`*monospace*`}" },
  { "code-in-strong", "This is *`monospace and bold`*",
    "This is {*:*}{*`:`monospace and bold`}{*:*}" },
  { "blocks", "one per line,\nno *formatting\nas spans* may not",
    "one per line,\nno *formatting\nas spans* may not" },
  /* Those of §5.1. */
  { "fence", "```ignored\n(println)\n```\n\nThis *should*",
    "{`=:```ignored\n(println)\n```\n}\nThis {*:*should*}" },
  { "fence-in-quote", "> ```\n> (println)\n\nplain", "{<`=:> ```\n> (println)\n}\nplain" },
  { "quote", "> That that is, is.\n\nSaid", "{<:> That that is, is.\n}\nSaid" },
  { "nested-quote", ">> That that is, is.\n> Said\n\nWho?", "{<<:>> That that is, is.\n}{<:> Said\n}\nWho?" },
  { "unstyled", "> _ <", "{<:> _ <}" },
  /* What the text leaves open. */
  { "fence-open", "```\nno end *x*", "{`=:```\nno end *x*}" },
  { "fence-quote-in", "```\n> x\n```", "{`=:```\n> x\n```}" },
  { "fence-deeper", "> ```\n>> x\n> ```\n> *y*", "{<`=:> ```\n>> x\n> ```\n}{<:> }{<*:*y*}" },
  { "fence-not-alone", "```\nx\n``` y\n```\n*z*", "{`=:```\nx\n``` y\n```\n}{*:*z*}" },
  { "in-quote", "> *a* b", "{<:> }{<*:*a*}{<: b}" },
  { "in-each-other", "_*a* b_ c", "{_:_}{_*:*a*}{_: b_} c" },
  { "four", "*_~`a`~_*", "{*:*}{_*:_}{_*~:~}{_*~`:`a`}{_*~:~}{_*:_}{*:*}" },
  { "crossed", "*a _b* c_", "{*:*a _b*} c_" },
  { "word-inside", "a*b*c", "a*b*c" },
  { "space-before-end", "*a *b*", "{*:*a *b*}" },
  { "letters", "_\303\251\360\237\220\242_\303\251", "{_:_\303\251\360\237\220\242_}\303\251" },
  { "wide-space", "*\342\200\203a* \342\200\203*b*", "*\342\200\203a* \342\200\203{*:*b*}" },
};

static const char signs[] = "_*~`=";

static char *
describe (const char *text)
{
  g_autoptr(GPtrArray) runs = xep174_styled_text_parse (text);
  GString *out = g_string_new (NULL);
  gsize position = 0;

  for (guint i = 0; i < runs->len; i++)
    {
      const Xep174StyledRun *run = runs->pdata[i];
      gboolean special = run->style != 0 || run->quoted > 0;

      g_assert_cmpuint (run->start, ==, position);
      g_assert_cmpuint (run->length, >, 0);
      position += run->length;
      g_string_append (out, special ? "{" : "");
      for (guint n = 0; n < run->quoted; n++)
        g_string_append_c (out, '<');
      for (guint bit = 0; bit < strlen (signs); bit++)
        if (run->style & 1u << bit)
          g_string_append_c (out, signs[bit]);
      g_string_append (out, special ? ":" : "");
      g_string_append_len (out, text + run->start, run->length);
      g_string_append (out, special ? "}" : "");
    }
  g_assert_cmpuint (position, ==, strlen (text));
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  g_autofree char *got = describe (cases[GPOINTER_TO_SIZE (data)].text);

  g_assert_cmpstr (got, ==, cases[GPOINTER_TO_SIZE (data)].expected);
}

/* The runs cover any text, begin and end with a character, and no span goes over a line. */
static void
test_anything (void)
{
  static const char *const pieces[] = { "*", "_", "~", "`", "```", "\n", ">", " ", "a", "\303\251" };

  for (int round = 0; round < 5000; round++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      g_autoptr(GPtrArray) runs = NULL;
      gsize position = 0;

      for (int n = g_test_rand_int_range (0, 30); n > 0; n--)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      runs = xep174_styled_text_parse (text->str);
      for (guint i = 0; i < runs->len; i++)
        {
          const Xep174StyledRun *run = runs->pdata[i];

          g_assert_cmpuint (run->start, ==, position);
          g_assert_true (g_utf8_validate_len (text->str + run->start, run->length, NULL));
          if (run->style != 0 && !(run->style & XEP174_TEXT_STYLE_BLOCK))
            g_assert_null (memchr (text->str + run->start, '\n', run->length));
          position += run->length;
        }
      g_assert_cmpuint (position, ==, text->len);
    }
}

/* A megabyte each of what a slow reader would look at again and again: with the square of it this would not
 * end today. */
static void
test_long (void)
{
  static const char *const pieces[] = { "*a ", "*_~`", " *_~`a", "> ", ">\n", "```\n", "_a *b", "*a* " };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      g_autoptr(GPtrArray) runs = NULL;

      while (text->len < 1 << 20)
        g_string_append (text, pieces[i]);
      runs = xep174_styled_text_parse (text->str);
      g_assert_cmpuint (runs->len, >, 0);
    }
}

/* It is announced, and a message may say that it has none. */
static void
test_feature (Raw           *raw,
              gconstpointer  data)
{
  g_autoptr(Xep174Element) off = xep174_element_parse (
    "<message xmlns='jabber:client'><body>&gt; _ &lt;</body><unstyled xmlns='urn:xmpp:styling:0'/></message>",
    NULL);
  g_autoptr(Xep174Element) on = xep174_element_new ("message", "jabber:client");
  MemoryStream *end;
  g_autofree char *heard = NULL;

  raw_add_feature (raw, XEP174_FEATURE (xep174_styling_new ()));
  end = raw_come_in (raw);
  raw_say_header (raw, end, FALSE);
  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  g_assert_nonnull (strstr (heard, "<feature var='urn:xmpp:styling:0'/>"));
  g_assert_true (xep174_styling_is_off (off));
  g_assert_false (xep174_styling_is_off (on));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/styled-text/F6/", cases[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/styled-text/F6/anything", test_anything);
  g_test_add_func ("/styled-text/F6/long", test_long);
  g_test_add ("/styled-text/F6/feature", Raw, "juliet@capulet", raw_set_up, test_feature, raw_tear_down);
  return g_test_run ();
}
