/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-display-private.h"

/* No language puts so many marks on one letter. More of them would cover the lines above and
 * below. */
#define MARKS_MAX 8

typedef enum
{
  VISIBLE,
  SPACE,
  MARK,     /* is part of the character before it */
  SELECTOR, /* chooses the look of the character before it */
  JOINER,   /* joins its neighbours or keeps them apart */
  NOTHING,
} Kind;

typedef struct
{
  gunichar first;
  gunichar last;
} Range;

static gboolean
is_in (const Range *ranges,
       gsize        n_ranges,
       gunichar     c)
{
  for (gsize i = 0; i < n_ranges; i++)
    if (c >= ranges[i].first && c <= ranges[i].last)
      return TRUE;

  return FALSE;
}

/* Characters that take up no space. They are those with Unicode's property
 * Default_Ignorable_Code_Point (among them the marks that turn the direction of writing, UAX #9 §2,
 * and the fillers of Hangul), the format controls of annotations and of Egyptian, a note without a
 * head, and codes that are not characters. */
static gboolean
is_nothing (gunichar c)
{
  static const Range ranges[] = {
    { 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },
    { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x202a, 0x202e },
    { 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f },
    { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0x13430, 0x1343f },
    { 0x1bca0, 0x1bca3 }, { 0x1d159, 0x1d159 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
  };

  return (c & 0xfffe) == 0xfffe || g_unichar_iscntrl (c) ||
         is_in (ranges, G_N_ELEMENTS (ranges), c);
}

static gboolean
is_selector (gunichar c)
{
  static const Range ranges[] = {
    { 0x180b, 0x180d }, { 0x180f, 0x180f }, { 0xfe00, 0xfe0f }, { 0xe0100, 0xe01ef },
  };

  return is_in (ranges, G_N_ELEMENTS (ranges), c);
}

/* White space of any kind, and the Braille letter without dots. */
static gboolean
is_space (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x0085 || c == 0x2800;
}

static Kind
get_kind (gunichar c)
{
  if (is_space (c))
    return SPACE;
  if (is_selector (c))
    return SELECTOR;
  if (c == 0x200c || c == 0x200d)
    return JOINER;
  if (is_nothing (c))
    return NOTHING;

  return g_unichar_ismark (c) ? MARK : VISIBLE;
}

/* Persian, the scripts of India and emoji need joiners. Elsewhere joiners only make two different
 * names look the same. */
static gboolean
is_joined (gunichar base)
{
  switch (g_unichar_get_script (base))
    {
    case G_UNICODE_SCRIPT_LATIN:
    case G_UNICODE_SCRIPT_GREEK:
    case G_UNICODE_SCRIPT_CYRILLIC:
      return FALSE;
    default:
      return base >= 0x0600;
    }
}

/* The emoji of keys, such as that of the key “1”, begin with plain digits. */
static gboolean
is_selected (gunichar base)
{
  return is_joined (base) || g_ascii_isdigit (base < 0x80 ? base : 0) || base == '#' ||
         base == '*' || base == 0x00a9 || base == 0x00ae;
}

typedef struct
{
  GString *text;
  gboolean space;  /* a space comes before the next character */
  gunichar joiner; /* a joiner comes before it; 0 for none */
  gunichar base;   /* the character that a mark would belong to; 0 for none */
  guint n_marks;
} Shown;

static void
append (Shown    *shown,
        gunichar  c)
{
  if (shown->joiner != 0)
    g_string_append_unichar (shown->text, shown->joiner);
  shown->joiner = 0;
  g_string_append_unichar (shown->text, c);
}

static void
append_visible (Shown    *shown,
                gunichar  c)
{
  /* With a line break the sender could write a line of its own in a list or a terminal. */
  if (shown->space && shown->text->len > 0)
    g_string_append_c (shown->text, ' ');
  append (shown, c);
  shown->space = FALSE;
  shown->base = c;
  shown->n_marks = 0;
}

static void
take (Shown    *shown,
      gunichar  c)
{
  switch (get_kind (c))
    {
    case VISIBLE:
      append_visible (shown, c);
      break;
    case SPACE:
      shown->space = TRUE;
      shown->joiner = shown->base = 0;
      break;
    case MARK:
      if (shown->base != 0 && shown->n_marks++ < MARKS_MAX)
        append (shown, c);
      break;
    case SELECTOR:
      if (shown->base != 0 && is_selected (shown->base) && shown->n_marks++ == 0)
        append (shown, c);
      break;
    case JOINER:
      if (shown->base != 0 && is_joined (shown->base))
        shown->joiner = c;
      break;
    case NOTHING:
      break;
    }
}

char *
xep174_display_text (const char *text)
{
  Shown shown = { g_string_new (NULL) };

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    take (&shown, g_utf8_get_char (p));

  if (shown.text->len > 0)
    return g_string_free (shown.text, FALSE);

  g_string_free (shown.text, TRUE);
  return NULL;
}
