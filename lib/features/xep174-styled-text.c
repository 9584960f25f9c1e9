/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* XEP-0393: first the blocks, which are lines here, then the spans in each. Nothing is looked at more often
 * than there are kinds of spans, whatever the text is. */

#include "xep174-styled-text.h"

#include <string.h>

#define FENCE "```"

typedef struct
{
  const char *text;
  GPtrArray *runs;
  guint quoted;          /* of the line */
  gboolean preformatted; /* in a block of code… */
  guint depth;           /* …that began in so many quotations */
} Parser;

static const struct
{
  char directive;
  Xep174TextStyle style;
} spans[] = {
  { '_', XEP174_TEXT_STYLE_EMPHASIS },
  { '*', XEP174_TEXT_STYLE_STRONG },
  { '~', XEP174_TEXT_STYLE_STRUCK },
  { '`', XEP174_TEXT_STYLE_CODE },
};

G_DEFINE_BOXED_TYPE (Xep174StyledRun, xep174_styled_run, xep174_styled_run_copy, xep174_styled_run_free)

/**
 * xep174_styled_run_copy:
 * @self: a run
 *
 * Copies a run.
 *
 * Returns: (transfer full): a copy
 *
 * Since: 1.0
 */
Xep174StyledRun *
xep174_styled_run_copy (const Xep174StyledRun *self)
{
  return g_memdup2 (self, sizeof *self);
}

/**
 * xep174_styled_run_free:
 * @self: (transfer full): a run
 *
 * Frees a run.
 *
 * Since: 1.0
 */
void
xep174_styled_run_free (Xep174StyledRun *self)
{
  g_free (self);
}

static void
add (Parser          *self,
     const char      *start,
     const char      *end,
     Xep174TextStyle  style)
{
  Xep174StyledRun *last = self->runs->len > 0 ? self->runs->pdata[self->runs->len - 1] : NULL;
  Xep174StyledRun run = { start - self->text, end - start, style, self->quoted };

  if (last != NULL && last->style == style && last->quoted == self->quoted)
    last->length += run.length;
  else if (run.length > 0)
    g_ptr_array_add (self->runs, xep174_styled_run_copy (&run));
}

/* --- Spans (§5.2) ---------------------------------------------------------------------------- */

/* What is White_Space in Unicode. */
static gboolean
is_space (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x0b || c == 0x85;
}

static gboolean
is_space_before (const char *start,
                 const char *at)
{
  return at > start && is_space (g_utf8_get_char (g_utf8_prev_char (at)));
}

static int
find_kind (char c)
{
  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    if (spans[i].directive == c)
      return i;
  return -1;
}

/* The line, and how far it was searched for the end of each kind. */
typedef struct
{
  const char *start;
  const char *end;
  const char *searched[G_N_ELEMENTS (spans)];
} Line;

/* The first directive behind @at that can close what @at opens, wherever the one around it ends. */
static const char *
find_close (Line       *line,
            const char *at,
            int         kind)
{
  const char *cursor = MAX (line->searched[kind], at + 2);

  while (cursor < line->end && (*cursor != spans[kind].directive || is_space_before (line->start, cursor)))
    cursor++;
  line->searched[kind] = MIN (cursor, line->end);
  return line->searched[kind];
}

/* Whether @at opens a span: @may says whether it stands where one may begin. */
static const char *
match (Line       *line,
       const char *at,
       const char *end,
       int         kind,
       gboolean    may)
{
  const char *close;

  if (!may || at + 2 >= end || at[1] == *at || is_space (g_utf8_get_char (at + 1)))
    return NULL;

  close = find_close (line, at, kind);
  return close < end ? close : NULL;
}

/* Not deeper than there are kinds: a span cannot stand in one of its own kind. */
static void
read_spans (Parser          *self,
            Line            *line,
            const char      *start,
            const char      *end,
            Xep174TextStyle  style)
{
  const char *plain = start;
  const char *at = start;

  while (at < end)
    {
      int kind = find_kind (*at);
      const char *close = kind >= 0 ? match (line, at, end, kind, at == start || is_space_before (start, at))
                                    : NULL;
      Xep174TextStyle inner;

      if (close == NULL)
        {
          /* Two with nothing between them are no directives. */
          at += kind >= 0 && at + 1 < end && at[1] == *at ? 2 : 1;
          continue;
        }

      inner = style | spans[kind].style;
      add (self, plain, at, style);
      add (self, at, at + 1, inner);
      if (inner & XEP174_TEXT_STYLE_CODE)
        add (self, at + 1, close, inner);
      else
        read_spans (self, line, at + 1, close, inner);
      add (self, close, close + 1, inner);
      at = plain = close + 1;
    }
  add (self, plain, end, style);
}

/* --- Blocks (§5.1) --------------------------------------------------------------------------- */

/* Behind the marks of quotations, @most of them. */
static const char *
skip_quotes (Parser     *self,
             const char *start,
             const char *end,
             guint       most)
{
  for (self->quoted = 0; self->quoted < most && start < end && *start == '>'; self->quoted++)
    {
      start++;
      if (start < end && is_space (g_utf8_get_char (start)))
        start = g_utf8_next_char (start);
    }
  return start;
}

static void
read_line (Parser     *self,
           const char *start,
           const char *end,
           const char *next)
{
  const char *inner = skip_quotes (self, start, end, self->preformatted ? self->depth : G_MAXUINT);
  Line line = { inner, end, { inner, inner, inner, inner } };
  gboolean fence = g_str_has_prefix (inner, FENCE);
  Xep174TextStyle style = XEP174_TEXT_STYLE_CODE | XEP174_TEXT_STYLE_BLOCK;

  if (self->quoted < self->depth)
    self->preformatted = FALSE;
  if (self->preformatted)
    self->preformatted = !(fence && end - inner == strlen (FENCE));
  else if (fence)
    {
      self->preformatted = TRUE;
      self->depth = self->quoted;
    }
  else
    {
      add (self, start, inner, XEP174_TEXT_STYLE_PLAIN);
      read_spans (self, &line, inner, end, XEP174_TEXT_STYLE_PLAIN);
      add (self, end, next, XEP174_TEXT_STYLE_PLAIN);
      return;
    }
  add (self, start, next, style);
}

/**
 * xep174_styled_text_parse:
 * @text: the text of a message
 *
 * Finds out how the parts of a text are to be shown: `*strong*`, `_emphasis_`, `~struck~`, `` `code` ``,
 * lines that begin with `>`, and blocks of code between lines of three grave accents (XEP-0393).
 *
 * The runs follow each other without a gap and cover all of @text. The signs belong to what they style, and
 * are best shown with it. If a message says that it has no styles, see [func@Styling.is_off].
 *
 * Returns: (transfer container) (element-type Xep174StyledRun): the runs, which go with the array; none
 *   for an empty text
 *
 * Since: 1.0
 */
GPtrArray *
xep174_styled_text_parse (const char *text)
{
  Parser self = { .text = text };
  const char *end;

  g_return_val_if_fail (text != NULL, NULL);

  self.runs = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_styled_run_free);
  for (const char *start = text; *start != '\0'; start = *end != '\0' ? end + 1 : end)
    {
      end = start + strcspn (start, "\n");
      read_line (&self, start, end, *end != '\0' ? end + 1 : end);
    }
  return self.runs;
}
