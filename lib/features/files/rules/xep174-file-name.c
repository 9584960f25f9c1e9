/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-name.h"

#include <string.h>

#define NAMELESS "file"
/* What is longer is no extension that somebody would miss. */
#define MAX_EXTENSION 32

/* Joiners are part of how some scripts are written; whatever else cannot be seen goes: it may turn the text
 * around, or make two names look the same. */
static gboolean
is_readable (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return c == 0x200c || c == 0x200d
         || (g_unichar_isprint (c) && type != G_UNICODE_FORMAT && type != G_UNICODE_PRIVATE_USE);
}

/* Some file systems take no others, a USB stick's for example. */
static gboolean
is_reserved (gunichar c)
{
  return c < 0x80 && strchr ("<>:\"|?*", c) != NULL;
}

static const char *
last_component (const char *name)
{
  const char *last = name;

  for (const char *c = name; *c != '\0'; c++)
    if (*c == '/' || *c == '\\')
      last = c + 1;

  return last;
}

static char *
copy_readable (const char *name)
{
  GString *copy = g_string_new (NULL);

  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (g_unichar_isspace (character))
        character = ' ';
      if (character == ' ' && (copy->len == 0 || copy->str[copy->len - 1] == ' '))
        continue; /* Nobody sees what stands behind many. */
      if (is_readable (character))
        g_string_append_unichar (copy, is_reserved (character) ? '_' : character);
    }

  return g_string_free (copy, FALSE);
}

/* CON, also as con.txt, is a device wherever it lies. */
static gboolean
is_device (const char *name)
{
  static const char *const devices[] = { "con", "prn", "aux", "nul", "com", "lpt" };
  gsize length = strcspn (name, ". ");

  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    if (g_ascii_strncasecmp (name, devices[i], 3) == 0)
      return i < 4 ? length == 3 : length == 4 && g_ascii_isdigit (name[3]);

  return FALSE;
}

/* Where the extension begins, which stays when a name is cut; both of “.tar.gz” do. */
static gsize
stem_length (const char *name)
{
  gsize length = strlen (name);
  const char *dot = strrchr (name, '.');

  if (dot == NULL || dot == name || length - (dot - name) > MAX_EXTENSION)
    return length;
  if (dot - name > 4 && strncmp (dot - 4, ".tar", 4) == 0)
    dot -= 4;

  return dot - name;
}

/* Its first octets, as many as are whole characters. */
static gsize
cut (const char *name,
     gsize       length)
{
  while (length > 0 && ((guint8) name[length] & 0xc0) == 0x80)
    length--;

  return length;
}

static char *
shorten (const char *name,
         const char *in_between)
{
  gsize stem = stem_length (name);
  const char *extension = name + stem;
  gsize others = strlen (extension) + strlen (in_between);

  if (stem + others > XEP174_FILE_NAME_MAX)
    {
      stem = cut (name, XEP174_FILE_NAME_MAX - others);
      while (stem > 1 && (name[stem - 1] == ' ' || name[stem - 1] == '.'))
        stem--;
    }

  return g_strdup_printf ("%.*s%s%s", (int) stem, name, in_between, extension);
}

char *
xep174_file_name_make_safe (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *normal = g_utf8_normalize (valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  g_autofree char *readable = copy_readable (last_component (normal));
  /* Once more: what went may have stood between a letter and its accent. */
  g_autofree char *composed = g_utf8_normalize (readable, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  g_autofree char *guarded = NULL;
  char *start = composed + strspn (composed, ". ");
  gsize end = strlen (start);

  while (end > 0 && strchr (". ", start[end - 1]) != NULL)
    start[--end] = '\0';

  if (*start == '\0')
    return g_strdup (NAMELESS);
  if (*start == '-' || *start == '~' || is_device (start))
    guarded = g_strconcat ("_", start, NULL);

  return shorten (guarded != NULL ? guarded : start, "");
}

char *
xep174_file_name_number (const char *name,
                         guint       number)
{
  g_autofree char *in_between = g_strdup_printf (" (%u)", number);

  return number == 0 ? g_strdup (name) : shorten (name, in_between);
}
