/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* json-glib does the reading. But it calls itself at each bracket that opens, so that a deep line
 * would use up the stack; it stays silent about what follows the object; and it turns some numbers
 * and characters into others. So we look through the line first, and refuse these. */

#include "cli-json-parse.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

/* Our commands are flat. Members that we do not know may be nested. */
#define MAX_DEPTH 32

/* The code in “\u” and four digits; -1 if that is not what stands there. */
static int
get_code (const char *at)
{
  int code = 0;

  if (at[0] != '\\' || at[1] != 'u')
    return -1;

  for (const char *digit = at + 2; digit < at + 6; digit++)
    {
      if (!g_ascii_isxdigit (*digit))
        return -1;
      code = code * 16 + g_ascii_xdigit_value (*digit);
    }

  return code;
}

/* The length of a backslash and what belongs to it (RFC 8259 §7); 0 if that is wrong. json-glib 1.6
 * takes a wrong one too, and may take the end of the string for a part of it. */
static gsize
measure_escape (const char *at)
{
  int code = get_code (at);

  if (code < 0)
    return at[1] != '\0' && strchr ("\"\\/bfnrt", at[1]) != NULL ? 2 : 0;
  if ((code & 0xf800) != 0xd800)
    return 6;

  /* A character of two halves. */
  return code < 0xdc00 && (get_code (at + 6) & ~0x3ff) == 0xdc00 ? 12 : 0;
}

/* From after the first quotation mark to after the last; replaces each U+0000. */
static char *
pass_string (char        *at,
             const char **wrong)
{
  while (*at != '\0' && *at != '"')
    {
      gsize length = *at == '\\' ? measure_escape (at) : 1;

      if (length == 0)
        {
          *wrong = "“\\” and what follows it stand for no character";
          return at;
        }
      if (length == 6 && get_code (at) == 0)
        memcpy (at, "\\uffff", 6);
      at += length;
    }

  return *at == '"' ? at + 1 : at;
}

/* json-glib keeps 64 bits of a whole number, and a zero at its front means another base. */
static char *
pass_number (char        *at,
             const char **wrong)
{
  const char *digits = *at == '-' ? at + 1 : at;

  errno = 0;
  g_ascii_strtoll (at, NULL, 10);
  if (errno == ERANGE || (digits[0] == '0' && g_ascii_isdigit (digits[1])))
    {
      *wrong = "the number is too big or begins with 0; an “id” may stand in quotation marks";
      return at;
    }

  return at + strspn (at, "+-.0123456789Ee");
}

/* Looks for what json-glib must not see. Returns the place where the line is wrong, with @wrong. */
static const char *
look_through (char        *line,
              const char **wrong)
{
  gboolean begun = FALSE;
  guint depth = 0;
  char *at = line;

  while (*at != '\0' && *wrong == NULL)
    if (g_ascii_isspace (*at))
      at++;
    else if (depth == 0 && begun)
      *wrong = "the command has ended, and nothing may follow in this line";
    else if (depth == 0 && *at != '{')
      break;
    else if (strchr ("'/#", *at) != NULL)
      *wrong = "a text stands between “\"”, and there are no comments";
    else if (*at == '"')
      at = pass_string (at + 1, wrong);
    else if (*at == '-' || g_ascii_isdigit (*at))
      at = pass_number (at, wrong);
    else if ((*at == '[' || *at == '{') && depth == MAX_DEPTH)
      *wrong = "there are too many brackets inside each other";
    else
      {
        begun = TRUE;
        if (*at == '[' || *at == '{')
          depth++;
        else if (*at == ']' || *at == '}')
          depth--;
        at++;
      }

  if (!begun)
    *wrong = "a command is a JSON object, which begins with “{”";

  return at;
}

/* The parser knows the position only as long as it reads. */
static void
on_error (JsonParser   *parser,
          const GError *error,
          guint        *position)
{
  *position = json_parser_get_current_pos (parser);
}

JsonNode *
cli_json_parse (const char  *line,
                gsize        length,
                GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autofree char *text = g_strndup (line, length);
  const char *wrong = NULL;
  const char *at;
  guint position = 0;

  if (!g_utf8_validate_len (line, length, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The line is not valid UTF-8 text");
      return NULL;
    }

  at = look_through (text, &wrong);
  if (wrong != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "The line cannot be read: at character %ld, %s",
                   g_utf8_pointer_to_offset (text, at) + 1, wrong);
      return NULL;
    }

  g_signal_connect (parser, "error", G_CALLBACK (on_error), &position);
  if (!json_parser_load_from_data (parser, text, -1, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "The line is not JSON: something is wrong or missing near character %ld",
                   g_utf8_strlen (text, position));
      return NULL;
    }

  return json_parser_steal_root (parser);
}
