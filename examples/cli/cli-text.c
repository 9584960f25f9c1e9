/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-text.h"

#include "translate.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define RETURN_SYMBOL 0x23ce

typedef struct
{
  gunichar first;
  gunichar last;
} Range;

static gboolean
is_line_end (gunichar c)
{
  return c == '\n' || c == 0x2028 || c == 0x2029;
}

/* They change the direction of what stands beside them, and are nothing to be seen. */
static gboolean
is_direction_mark (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f;
}

/* A terminal obeys control characters, and U+202A–U+202E and U+2066–U+2069 change the direction of
 * the text around them. */
static gboolean
is_dangerous (gunichar c)
{
  return (g_unichar_iscntrl (c) && c != '\n' && c != '\t') ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *
cli_text_printable (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *printable = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if ((c == '\r' && p[1] == '\n') || is_direction_mark (c))
        continue;
      if (is_line_end (c))
        g_string_append_c (printable, '\n');
      else if (is_dangerous (c))
        g_string_append (printable, REPLACEMENT);
      else
        g_string_append_unichar (printable, c);
    }

  return g_string_free (printable, FALSE);
}

char *
cli_text_styled (const char *text,
                 gboolean    is_styled)
{
  static const struct { Xep174TextStyle style; char code; } codes[] = {
    { XEP174_TEXT_STYLE_STRONG, '1' },
    { XEP174_TEXT_STYLE_CODE | XEP174_TEXT_STYLE_BLOCK, '2' },
    { XEP174_TEXT_STYLE_EMPHASIS, '3' },
    { XEP174_TEXT_STYLE_STRUCK, '9' },
  };
  g_autofree char *printable = cli_text_printable (text);
  g_autoptr(GPtrArray) runs = is_styled ? xep174_styled_text_parse (printable) : NULL;
  GString *styled = g_string_new (runs == NULL ? printable : NULL);

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const Xep174StyledRun *run = runs->pdata[i];
      gsize plain = styled->len;

      for (guint j = 0; j < G_N_ELEMENTS (codes); j++)
        if ((run->style & codes[j].style) != 0)
          g_string_append_printf (styled, "\x1b[%cm", codes[j].code);
      if (run->quoted > 0)
        g_string_append (styled, "\x1b[2m");
      plain = styled->len - plain;
      g_string_append_len (styled, printable + run->start, run->length);
      if (plain > 0)
        g_string_append (styled, "\x1b[0m");
    }

  return g_string_free (styled, FALSE);
}

/* Nothing to be seen: what GLib does not call graphic, and, beside that, fillers, selectors of a
 * look, a letter of Braille without dots and a note without a head. */
static gboolean
is_invisible (gunichar c)
{
  static const Range ranges[] = {
    { 0x034f, 0x034f }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
    { 0x2028, 0x2029 }, { 0x2800, 0x2800 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },
    { 0xffa0, 0xffa0 }, { 0x1d159, 0x1d159 }, { 0xe0100, 0xe01ef },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (c >= ranges[i].first && c <= ranges[i].last)
      return TRUE;

  return !g_unichar_isgraph (c);
}

/* Whether there is another way to write the same, which is the usual one (NFC). */
static gboolean
is_unusual (gunichar before,
            gunichar c)
{
  gunichar one;
  gunichar two;

  return g_unichar_compose (before, c, &one) || (g_unichar_decompose (c, &one, &two) && two == 0);
}

static void
append_code (GString  *shown,
             gunichar  c)
{
  g_string_append_printf (shown, "\\u{%X}", c);
}

gboolean
cli_text_has_user (const char *name,
                   const char *user)
{
  gsize length = strlen (user);

  return g_ascii_strncasecmp (name, user, length) == 0 && name[length] == '@';
}

guint
cli_text_hash_name (gconstpointer name)
{
  g_autofree char *folded = g_ascii_strdown (name, -1);

  return g_str_hash (folded);
}

gboolean
cli_text_equal_names (gconstpointer name,
                      gconstpointer other)
{
  return g_ascii_strcasecmp (name, other) == 0;
}

char *
cli_text_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  GString *shown = g_string_new (NULL);
  gunichar before = ' ';

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_plain = c == ' ' ? before != ' ' && p[1] != '\0'
                                   : !is_invisible (c) && !is_unusual (before, c) &&
                                       !g_str_has_prefix (p, "\\u{");

      if (is_plain)
        g_string_append_unichar (shown, c);
      else
        append_code (shown, c);
      before = c;
    }

  return g_string_free (shown, FALSE);
}

/* Of what cannot be seen joiners may stay: there are scripts and emoji that are wrong without. */
char *
cli_text_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\r' && p[1] == '\n')
        continue;
      if (is_line_end (c))
        g_string_append_unichar (line, RETURN_SYMBOL);
      else if (g_unichar_iscntrl (c) || (g_unichar_type (c) == G_UNICODE_FORMAT &&
                                         c != 0x200c && c != 0x200d))
        append_code (line, c);
      else
        g_string_append_unichar (line, c);
    }

  return g_string_free (line, FALSE);
}

char *
cli_text_quote (const char *text,
                glong       most)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  gboolean is_long = g_utf8_strlen (valid, -1) > most;
  g_autofree char *beginning = is_long ? g_utf8_substring (valid, 0, most) : NULL;
  g_autofree char *shortened = is_long ? g_strconcat (beginning, "…", NULL) : NULL;

  return g_strdup_printf (_("“%s”"), is_long ? shortened : valid);
}

guint
cli_text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

char *
cli_text_column (const char *text,
                 guint       width)
{
  guint taken = cli_text_width (text);

  return g_strdup_printf ("%s%*s", text, (int) (taken < width ? width - taken : 0), "");
}

char *
cli_text_shorten (const char *text,
                  guint       width)
{
  const char *end = text;
  guint taken = 1; /* for the “…” */

  if (cli_text_width (text) <= width)
    return g_strdup (text);

  while (taken <= width)
    {
      const char *next = g_utf8_next_char (end);
      g_autofree char *letter = g_strndup (end, next - end);

      taken += cli_text_width (letter);
      if (taken <= width)
        end = next;
    }

  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

/* What a terminal reads before and behind a text. */
static const char *const codes[] = {
  [CLI_COLOUR_NONE] = "\x1b[0m",
  [CLI_COLOUR_DIM] = "\x1b[2m",
  [CLI_COLOUR_BOLD] = "\x1b[1m",
  [CLI_COLOUR_RED] = "\x1b[31m",
  [CLI_COLOUR_GREEN] = "\x1b[32m",
  [CLI_COLOUR_YELLOW] = "\x1b[33m",
};

char *
cli_text_paint (const char *text,
                CliColour   colour,
                gboolean    is_coloured)
{
  g_autofree char *printable = cli_text_line (text);

  if (!is_coloured || colour == CLI_COLOUR_NONE)
    return g_steal_pointer (&printable);

  return g_strconcat (codes[colour], printable, codes[CLI_COLOUR_NONE], NULL);
}

static gsize
measure_code (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_has_prefix (text, codes[i]))
      return strlen (codes[i]);

  return 0;
}

char *
cli_text_painted (const char *text)
{
  GString *painted = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize code = measure_code (text);
      gsize first = code == 0 ? 1 : 0;
      gsize length = first + strcspn (text + code + first, "\x1b");
      g_autofree char *words = g_strndup (text + code, length);
      g_autofree char *line = cli_text_line (words);

      g_string_append_len (painted, text, code);
      g_string_append (painted, line);
      text += code + length;
    }

  return g_string_free (painted, FALSE);
}

CliColour
cli_text_status (Xep174Status status)
{
  static const CliColour colours[] = {
    [XEP174_STATUS_AVAILABLE] = CLI_COLOUR_GREEN,
    [XEP174_STATUS_AWAY] = CLI_COLOUR_YELLOW,
    [XEP174_STATUS_DND] = CLI_COLOUR_RED,
  };

  return colours[status];
}

char *
cli_text_presence (Xep174Contact *contact)
{
  static const char *const words[] = {
    [XEP174_STATUS_AVAILABLE] = N_("available"),
    [XEP174_STATUS_AWAY] = N_("away"),
    [XEP174_STATUS_DND] = N_("do not disturb"),
  };
  const char *word = _(words[xep174_contact_get_status (contact)]);
  const char *message = xep174_contact_get_status_message (contact);
  g_autofree char *line = cli_text_line (message != NULL ? message : "");

  /* Translators: how somebody is, such as “away”, and what this person writes about it */
  return *line != '\0' ? g_strdup_printf (_("%s, “%s”"), word, line) : g_strdup (word);
}

const char *
cli_text_trust (Xep174Trust trust)
{
  static const char *const texts[] = {
    [XEP174_TRUST_UNKNOWN] = N_("not encrypted"),
    [XEP174_TRUST_SEEN] = N_("encrypted, not compared"),
    [XEP174_TRUST_VERIFIED] = N_("encrypted and compared"),
    [XEP174_TRUST_CHANGED] = N_("the key has changed: nothing is sent"),
    [XEP174_TRUST_DISTRUSTED] = N_("the key is not trusted: nothing is sent"),
  };

  return _(texts[trust]);
}

const char *
cli_text_trust_word (Xep174Trust trust)
{
  static const char *const words[] = {
    [XEP174_TRUST_UNKNOWN] = "unknown",
    [XEP174_TRUST_SEEN] = "seen",
    [XEP174_TRUST_VERIFIED] = "verified",
    [XEP174_TRUST_CHANGED] = "changed",
    [XEP174_TRUST_DISTRUSTED] = "distrusted",
  };

  return words[trust];
}

const char *
cli_text_trust_short (Xep174Trust trust)
{
  static const char *const words[] = {
    [XEP174_TRUST_SEEN] = N_("not compared"),
    [XEP174_TRUST_VERIFIED] = N_("compared"),
    [XEP174_TRUST_CHANGED] = N_("the key has changed"),
    [XEP174_TRUST_DISTRUSTED] = N_("not trusted"),
  };

  return words[trust] != NULL ? _(words[trust]) : NULL;
}

const char *
cli_text_refusal (const GError *error)
{
  return g_error_matches (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_NOT_AUTHORIZED)
         || g_error_matches (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_POLICY_VIOLATION)
         || g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_ENCRYPTED)
         || g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_KEY_CHANGED)
         || g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_DISTRUSTED)
         ? error->message : NULL;
}

char *
cli_text_join (GPtrArray *texts)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < texts->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", (char *) texts->pdata[i]);

  return g_string_free (list, FALSE);
}

char *
cli_text_fingerprint (const char *fingerprint)
{
  GString *groups = g_string_new (NULL);

  for (gsize i = 0; fingerprint[i] != '\0'; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (groups, ' ');
      g_string_append_c (groups, fingerprint[i]);
    }

  return g_string_free (groups, FALSE);
}

char *
cli_text_key (const char *fingerprint)
{
  g_autofree char *beginning = g_strndup (fingerprint, 8);

  return cli_text_fingerprint (beginning);
}
