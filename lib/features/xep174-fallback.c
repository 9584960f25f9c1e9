/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-fallback-private.h"

#define NS_FALLBACK "urn:xmpp:fallback:0"

/* In characters (XEP-0426 §4), the end not included. */
typedef struct
{
  glong start;
  glong end;
} Range;

static gboolean
read_number (Xep174Element *region,
             const char    *name,
             glong          most,
             glong         *number)
{
  const char *text = xep174_element_get_attribute (region, name);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, most, &value, NULL))
    return FALSE;

  *number = value;
  return TRUE;
}

/* XEP-0428 §2.2: without both numbers it is the whole text. */
static gboolean
read_range (Xep174Element *region,
            glong          length,
            Range         *range)
{
  *range = (Range) { 0, length };
  if (xep174_element_get_attribute (region, "start") == NULL
      && xep174_element_get_attribute (region, "end") == NULL)
    return TRUE;

  return read_number (region, "start", length, &range->start)
         && read_number (region, "end", length, &range->end) && range->start < range->end;
}

static void
add_ranges (GArray        *ranges,
            Xep174Element *fallback,
            glong          length)
{
  Xep174Element *region = xep174_element_get_first_child (fallback);
  Range range = { 0, length };

  if (region == NULL)
    g_array_append_val (ranges, range);
  for (; region != NULL; region = xep174_element_get_next_sibling (region))
    if (xep174_element_matches (region, "body", NS_FALLBACK) && read_range (region, length, &range))
      g_array_append_val (ranges, range);
}

static int
compare (gconstpointer one,
         gconstpointer other)
{
  glong a = ((const Range *) one)->start;
  glong b = ((const Range *) other)->start;

  return (a > b) - (a < b);
}

static GArray *
collect (Xep174Element *message,
         const char    *xmlns,
         glong          length)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (Range));

  for (Xep174Element *child = xep174_element_get_first_child (message); child != NULL;
       child = xep174_element_get_next_sibling (child))
    if (xep174_element_matches (child, "fallback", NS_FALLBACK)
        && g_strcmp0 (xep174_element_get_attribute (child, "for"), xmlns) == 0)
      add_ranges (ranges, child, length);
  g_array_sort (ranges, compare);
  return ranges;
}

char *
xep174_fallback_strip (Xep174Element *message,
                       const char    *xmlns,
                       const char    *text)
{
  g_autoptr(GArray) ranges = collect (message, xmlns, g_utf8_strlen (text, -1));
  GString *rest = g_string_new (NULL);
  const char *cursor = text;
  glong position = 0;

  for (guint i = 0; i < ranges->len; i++)
    {
      const Range *range = &g_array_index (ranges, Range, i);
      const char *start;

      if (range->start < position)
        continue;

      start = g_utf8_offset_to_pointer (cursor, range->start - position);
      g_string_append_len (rest, cursor, start - cursor);
      cursor = g_utf8_offset_to_pointer (start, range->end - range->start);
      position = range->end;
    }
  g_string_append (rest, cursor);
  return g_string_free (rest, FALSE);
}

gboolean
xep174_fallback_leaves (Xep174Element *message,
                        const char    *xmlns)
{
  g_autofree char *text = xep174_element_dup_child_text (message, "body", NULL);
  g_autofree char *rest = text != NULL ? xep174_fallback_strip (message, xmlns, text) : NULL;

  return rest != NULL && *rest != '\0';
}

void
xep174_fallback_append (Xep174Element *message,
                        const char    *xmlns,
                        glong          length)
{
  Xep174Element *fallback = xep174_element_append_new (message, "fallback", NS_FALLBACK);
  Xep174Element *region = xep174_element_append_new (fallback, "body", NS_FALLBACK);
  g_autofree char *end = g_strdup_printf ("%ld", length);

  xep174_element_set_attribute (fallback, "for", xmlns);
  xep174_element_set_attribute (region, "start", "0");
  xep174_element_set_attribute (region, "end", end);
}
