/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-json-reader.h"

#include <string.h>

/* Our commands are flat. Members that we do not know may be nested, but each level needs room on
 * the stack. */
#define MAX_DEPTH 32

typedef struct
{
  const char *line;
  const char *at;
  guint depth;
  GError **error;
} Reader;

static void
value_free (gpointer data)
{
  CliJsonValue *value = data;

  g_string_free (value->text, TRUE);
  g_free (value);
}

/* Says what is wrong, and where. Always returns FALSE. */
static gboolean
complain (Reader     *self,
          const char *what)
{
  if (*self->at == '\0')
    g_set_error (self->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "The line is not JSON: at its end, %s", what);
  else
    g_set_error (self->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "The line is not JSON: at character %ld, %s",
                 g_utf8_pointer_to_offset (self->line, self->at) + 1, what);

  return FALSE;
}

static void
skip_blanks (Reader *self)
{
  self->at += strspn (self->at, " \t\r\n");
}

static gboolean
take (Reader     *self,
      char        c,
      const char *what)
{
  skip_blanks (self);
  if (*self->at != c)
    return complain (self, what);

  self->at++;
  return TRUE;
}

/* The four digits after “\u”. */
static gboolean
read_unit (Reader   *self,
           gunichar *unit)
{
  *unit = 0;
  for (int i = 0; i < 4; i++, self->at++)
    {
      if (!g_ascii_isxdigit (*self->at))
        return complain (self, "four hexadecimal digits are missing behind “\\u”");
      *unit = *unit << 4 | g_ascii_xdigit_value (*self->at);
    }

  return TRUE;
}

/* What comes after a backslash. A character above U+FFFF is written in two halves (RFC 8259 §7). */
static gboolean
read_escape (Reader  *self,
             GString *text)
{
  static const char written[] = "\"\\/bfnrt";
  static const char meant[] = "\"\\/\b\f\n\r\t";
  const char *found = *self->at != '\0' ? strchr (written, *self->at) : NULL;
  gunichar c;
  gunichar low = 0;

  if (found != NULL)
    {
      g_string_append_c (text, meant[found - written]);
      self->at++;
      return TRUE;
    }
  if (*self->at != 'u')
    return complain (self, "“\\” stands before what it cannot stand before");

  self->at++;
  if (!read_unit (self, &c))
    return FALSE;
  if (c < 0xd800 || c > 0xdfff)
    {
      g_string_append_unichar (text, c);
      return TRUE;
    }
  if (c < 0xdc00 && g_str_has_prefix (self->at, "\\u"))
    {
      self->at += 2;
      if (!read_unit (self, &low))
        return FALSE;
    }
  if (low < 0xdc00 || low > 0xdfff)
    return complain (self, "the other half of a character is missing (\\ud800 to \\udfff)");

  g_string_append_unichar (text, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
  return TRUE;
}

static gboolean
read_string (Reader  *self,
             GString *text)
{
  if (*self->at != '"')
    return complain (self, "a string in quotation marks (\") is missing");

  for (self->at++; *self->at != '"';)
    if (*self->at == '\0')
      return complain (self, "a quotation mark (\") is missing");
    else if ((guchar) *self->at < 0x20)
      return complain (self, "a control character stands as it is; write it with “\\”");
    else if (*self->at != '\\')
      g_string_append_c (text, *self->at++);
    else
      {
        self->at++;
        if (!read_escape (self, text))
          return FALSE;
      }
  self->at++;

  return TRUE;
}

static gboolean
read_digits (Reader *self)
{
  gsize length = strspn (self->at, "0123456789");

  self->at += length;
  return length > 0 || complain (self, "a digit is missing");
}

static gboolean
read_number (Reader  *self,
             GString *text)
{
  const char *start = self->at;

  if (*self->at == '-')
    self->at++;
  if (*self->at == '0' && g_ascii_isdigit (self->at[1]))
    return complain (self, "a number begins with 0");
  else if (!read_digits (self))
    return FALSE;
  if (*self->at == '.')
    {
      self->at++;
      if (!read_digits (self))
        return FALSE;
    }
  if (*self->at == 'e' || *self->at == 'E')
    {
      self->at++;
      if (*self->at == '+' || *self->at == '-')
        self->at++;
      if (!read_digits (self))
        return FALSE;
    }
  g_string_append_len (text, start, self->at - start);

  return TRUE;
}

static gboolean
read_word (Reader       *self,
           CliJsonValue *value)
{
  static const char *const words[] = { "null", "true", "false" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (self->at, words[i]))
      {
        self->at += strlen (words[i]);
        value->type = i == 0 ? CLI_JSON_NULL : CLI_JSON_OTHER;
        return TRUE;
      }

  return complain (self, "a value is missing: a string, a number, an object, an array, true, false "
                         "or null");
}

static gboolean read_value (Reader       *self,
                            CliJsonValue *value);

/* Reads from a bracket to the one that closes it. @members is NULL if nobody needs them. */
static gboolean
read_container (Reader     *self,
                char        closing,
                GHashTable *members)
{
  gboolean is_object = closing == '}';

  if (++self->depth > MAX_DEPTH)
    return complain (self, "too many brackets stand inside each other");

  self->at++;
  skip_blanks (self);
  for (gboolean is_first = TRUE; *self->at != closing; is_first = FALSE)
    {
      g_autoptr(GString) name = g_string_new (NULL);
      CliJsonValue *value;
      gboolean is_read;

      if (!is_first &&
          !take (self, ',', is_object ? "“,” or “}” is missing" : "“,” or “]” is missing"))
        return FALSE;
      skip_blanks (self);
      if (is_object && (!read_string (self, name) || !take (self, ':', "“:” is missing")))
        return FALSE;

      value = g_new0 (CliJsonValue, 1);
      value->text = g_string_new (NULL);
      is_read = read_value (self, value);
      if (is_read && members != NULL && strlen (name->str) == name->len)
        g_hash_table_replace (members, g_strdup (name->str), value);
      else
        value_free (value);
      if (!is_read)
        return FALSE;
      skip_blanks (self);
    }
  self->at++;
  self->depth--;

  return TRUE;
}

static gboolean
read_value (Reader       *self,
            CliJsonValue *value)
{
  skip_blanks (self);
  value->type = CLI_JSON_OTHER;

  switch (*self->at)
    {
    case '{':
      return read_container (self, '}', NULL);
    case '[':
      return read_container (self, ']', NULL);
    case '"':
      value->type = CLI_JSON_STRING;
      return read_string (self, value->text);
    case '-':
    case '0' ... '9':
      value->type = CLI_JSON_NUMBER;
      return read_number (self, value->text);
    default:
      return read_word (self, value);
    }
}

GHashTable *
cli_json_read (const char  *line,
               gsize        length,
               GError     **error)
{
  GHashTable *members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, value_free);
  Reader self = { .line = line, .at = line, .error = error };

  if (!g_utf8_validate_len (line, length, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The line is not valid UTF-8 text");
      return members;
    }

  skip_blanks (&self);
  if (*self.at != '{')
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "A command is a JSON object, such as {\"command\":\"quit\"}");
  else if (read_container (&self, '}', members))
    {
      skip_blanks (&self);
      if (*self.at != '\0')
        complain (&self, "something stands behind the object");
    }

  return members;
}
