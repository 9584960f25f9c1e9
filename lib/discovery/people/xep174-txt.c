/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-txt-private.h"

#include <string.h>

#include "xep174-discovery.h"
#include "xep174-gettext-private.h"
#include "xep174-name-private.h"

/* RFC 1035 §3.3: the length of a string takes one octet. */
#define STRING_MAX 255

typedef struct
{
  char *key;
  char *value; /* NULL if the string had no '=' */
} Entry;

struct _Xep174Txt
{
  GPtrArray *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->key);
  g_free (entry->value);
  g_free (entry);
}

static void
append (Xep174Txt *self,
        char      *key,
        char      *value)
{
  Entry *entry = g_new (Entry, 1);

  entry->key = key;
  entry->value = value;
  g_ptr_array_add (self->entries, entry);
}

static gboolean
find (const Xep174Txt *self,
      const char      *key,
      guint           *position)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (g_ascii_strcasecmp (entry->key, key) == 0)
        {
          *position = i;
          return TRUE;
        }
    }

  return FALSE;
}

static gsize
string_size (const Entry *entry)
{
  return strlen (entry->key) + (entry->value != NULL ? 1 + strlen (entry->value) : 0);
}

Xep174Txt *
xep174_txt_new (void)
{
  Xep174Txt *self = g_new (Xep174Txt, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);

  return self;
}

void
xep174_txt_free (Xep174Txt *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

Xep174Txt *
xep174_txt_copy (const Xep174Txt *self)
{
  Xep174Txt *copy = xep174_txt_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      append (copy, g_strdup (entry->key), g_strdup (entry->value));
    }

  return copy;
}

/* D3 (RFC 6763 §6.4): printable US-ASCII without '='. */
static gboolean
key_is_valid (const char *key,
              gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (key[i] < 0x20 || key[i] > 0x7e || key[i] == '=')
      return FALSE;

  return length > 0;
}

/* @seen has the keys so far. Without it a record of thousands of keys would take quadratic time. */
static void
parse_string (Xep174Txt  *self,
              GHashTable *seen,
              const char *string,
              gsize       length)
{
  const char *equals = memchr (string, '=', length);
  gsize key_length = equals != NULL ? (gsize) (equals - string) : length;
  char *key;

  if (!key_is_valid (string, key_length))
    return;

  key = g_strndup (string, key_length);
  if (g_hash_table_contains (seen, key))
    {
      g_free (key);
      return;
    }

  append (self, key,
          equals != NULL ? g_utf8_make_valid (equals + 1, length - key_length - 1) : NULL);
  g_hash_table_add (seen, key);
}

Xep174Txt *
xep174_txt_parse (GBytes *rdata)
{
  Xep174Txt *self = xep174_txt_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (xep174_name_hash, xep174_name_equal);
  gsize size;
  const guint8 *data = g_bytes_get_data (rdata, &size);

  for (gsize at = 0; at < size && data[at] < size - at; at += 1 + data[at])
    parse_string (self, seen, (const char *) data + at + 1, data[at]);

  return self;
}

GBytes *
xep174_txt_to_bytes (const Xep174Txt *self)
{
  GByteArray *rdata = g_byte_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);
      guint8 length = string_size (entry);

      g_byte_array_append (rdata, &length, 1);
      g_byte_array_append (rdata, (const guint8 *) entry->key, strlen (entry->key));
      if (entry->value != NULL)
        {
          g_byte_array_append (rdata, (const guint8 *) "=", 1);
          g_byte_array_append (rdata, (const guint8 *) entry->value, strlen (entry->value));
        }
    }

  /* D2: a record without parameters is one empty string, never zero octets. */
  if (rdata->len == 0)
    g_byte_array_append (rdata, (const guint8 *) "", 1);

  return g_byte_array_free_to_bytes (rdata);
}

gboolean
xep174_txt_has (const Xep174Txt *self,
                const char      *key)
{
  guint position;

  return find (self, key, &position);
}

const char *
xep174_txt_get (const Xep174Txt *self,
                const char      *key)
{
  guint position;

  if (!find (self, key, &position))
    return NULL;

  return ((const Entry *) g_ptr_array_index (self->entries, position))->value;
}

static gsize
record_size (const Xep174Txt *self)
{
  gsize size = 0;

  for (guint i = 0; i < self->entries->len; i++)
    size += 1 + string_size (g_ptr_array_index (self->entries, i));

  return size;
}

char *
xep174_txt_dup_label (const char *key)
{
  static const char *const labels[][2] = {
    { "nick", N_("The nickname") },
    { "1st", N_("The first name") },
    { "last", N_("The last name") },
    { "msg", N_("The status message") },
    { "email", N_("The list of mail addresses") },
    { "jid", N_("The list of chat addresses") },
  };
  g_autofree char *valid = g_utf8_make_valid (key, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_ascii_strcasecmp (key, labels[i][0]) == 0)
      return g_strdup (_(labels[i][1]));

  return g_strdup_printf (_("The value of “%s”"), valid);
}

static gboolean
check (const Xep174Txt  *self,
       const Entry      *replaced,
       const Entry      *entry,
       GError          **error)
{
  g_autofree char *label = xep174_txt_dup_label (entry->key);
  gsize size = string_size (entry);
  gsize total = record_size (self) + 1 + size - (replaced ? 1 + string_size (replaced) : 0);

  if (!key_is_valid (entry->key, strlen (entry->key)))
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
                         _("The name of a parameter may have English letters, digits and signs, "
                           "and no “=”. Write another one"));
  else if (!g_utf8_validate (entry->value, -1, NULL))
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE,
                 _("%s cannot be read as text: it must be UTF-8"), label);
  else if (size > STRING_MAX)
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG,
                 xep174_ngettext ("%s is too long by %zu byte. Make it shorter (a letter such as “é” or "
                                  "“中” takes 2 to 4 bytes)",
                                  "%s is too long by %zu bytes. Make it shorter (a letter such as “é” "
                                  "or “中” takes 2 to 4 bytes)", size - STRING_MAX),
                 label, size - STRING_MAX);
  else if (total > XEP174_TXT_MAX)
    g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG,
                 xep174_ngettext ("%s is too long by %zu byte, because all that you tell about yourself "
                                  "may have %d bytes together. Make this or something else shorter",
                                  "%s is too long by %zu bytes, because all that you tell about "
                                  "yourself may have %d bytes together. Make this or something else "
                                  "shorter", total - XEP174_TXT_MAX),
                 label, total - XEP174_TXT_MAX, XEP174_TXT_MAX);
  else
    return TRUE;

  return FALSE;
}

gboolean
xep174_txt_set (Xep174Txt   *self,
                const char  *key,
                const char  *value,
                GError     **error)
{
  const Entry entry = { (char *) key, (char *) value };
  Entry *old = NULL;
  guint position;

  if (find (self, key, &position))
    old = g_ptr_array_index (self->entries, position);

  if (value == NULL)
    {
      if (old != NULL)
        g_ptr_array_remove_index (self->entries, position);
      return TRUE;
    }

  if (!check (self, old, &entry, error))
    return FALSE;

  if (old == NULL)
    append (self, g_strdup (key), g_strdup (value));
  else if (g_strcmp0 (old->value, value) != 0)
    {
      /* @value may be a part of the old one. */
      char *copy = g_strdup (value);

      g_free (old->value);
      old->value = copy;
    }

  return TRUE;
}

char **
xep174_txt_dup_keys (const Xep174Txt *self)
{
  char **keys = g_new (char *, self->entries->len + 1);

  for (guint i = 0; i < self->entries->len; i++)
    keys[i] = g_strdup (((const Entry *) g_ptr_array_index (self->entries, i))->key);
  keys[self->entries->len] = NULL;

  return keys;
}

gboolean
xep174_txt_equal (const Xep174Txt *a,
                  const Xep174Txt *b)
{
  if (a->entries->len != b->entries->len)
    return FALSE;

  for (guint i = 0; i < a->entries->len; i++)
    {
      const Entry *ours = g_ptr_array_index (a->entries, i);
      const Entry *theirs = g_ptr_array_index (b->entries, i);

      if (strcmp (ours->key, theirs->key) != 0 || g_strcmp0 (ours->value, theirs->value) != 0)
        return FALSE;
    }

  return TRUE;
}
