/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-key-records-private.h"

#include <inttypes.h>
#include <string.h>

#include "xep174-gettext-private.h"
#include "xep174-name-private.h"
#include "xep174-safety-number-private.h"
#include "xep174-trust-error.h"

/* The group that begins a file; the others are named by their keys. */
#define GROUP_FILE "libxep174 keys"
#define VERSION 1

static const struct
{
  Xep174Trust trust;
  const char *word;
} words[] = {
  { XEP174_TRUST_SEEN, "seen" },
  { XEP174_TRUST_VERIFIED, "verified" },
  { XEP174_TRUST_DISTRUSTED, "distrusted" },
};

GListModel *
xep174_key_records_new (void)
{
  return G_LIST_MODEL (g_list_store_new (XEP174_TYPE_KEY_RECORD));
}

static void
append (GListModel         *records,
        const char         *fingerprint,
        Xep174Trust         trust,
        const char * const *names)
{
  g_autoptr(Xep174KeyRecord) record = xep174_key_record_new (fingerprint, trust, names);

  g_list_store_append (G_LIST_STORE (records), record);
}

static char **
add_name (Xep174KeyRecord *record,
          const char      *name)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_addv (builder, (const char **) xep174_key_record_get_names (record));
  if (!xep174_key_record_has_name (record, name))
    g_strv_builder_add (builder, name);
  return g_strv_builder_end (builder);
}

static char **
remove_name (Xep174KeyRecord *record,
             const char      *name)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (const char * const *own = xep174_key_record_get_names (record); *own != NULL; own++)
    if (!xep174_name_equal (*own, name))
      g_strv_builder_add (builder, *own);
  return g_strv_builder_end (builder);
}

/* The record of @fingerprint changed by @name or @trust, if they are given, or a new one. */
static GListModel *
with (GListModel  *records,
      const char  *fingerprint,
      const char  *name,
      Xep174Trust  trust)
{
  const char *names[] = { name, NULL };
  GListModel *changed = xep174_key_records_new ();
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);
      g_auto(GStrv) all = NULL;

      if (strcmp (xep174_key_record_get_fingerprint (record), fingerprint) != 0)
        {
          g_list_store_append (G_LIST_STORE (changed), record);
          continue;
        }

      found = TRUE;
      all = name != NULL ? add_name (record, name)
                         : g_strdupv ((char **) xep174_key_record_get_names (record));
      append (changed, fingerprint,
              trust != XEP174_TRUST_UNKNOWN ? trust : xep174_key_record_get_trust (record),
              (const char * const *) all);
    }
  if (!found)
    append (changed, fingerprint, trust != XEP174_TRUST_UNKNOWN ? trust : XEP174_TRUST_SEEN, names);
  return changed;
}

GListModel *
xep174_key_records_with_name (GListModel *records,
                              const char *fingerprint,
                              const char *name)
{
  return with (records, fingerprint, name, XEP174_TRUST_UNKNOWN);
}

GListModel *
xep174_key_records_with_trust (GListModel  *records,
                               const char  *fingerprint,
                               Xep174Trust  trust)
{
  return with (records, fingerprint, NULL, trust);
}

GListModel *
xep174_key_records_without_name (GListModel *records,
                                 const char *name)
{
  GListModel *changed = xep174_key_records_new ();

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);
      g_auto(GStrv) left = remove_name (record, name);
      Xep174Trust trust = xep174_key_record_get_trust (record);

      if (!xep174_key_record_has_name (record, name))
        g_list_store_append (G_LIST_STORE (changed), record);
      else if (left[0] != NULL || trust == XEP174_TRUST_DISTRUSTED)
        append (changed, xep174_key_record_get_fingerprint (record), trust,
                (const char * const *) left);
    }
  return changed;
}

/* As GKeyFile reads it. It could write it, too, but takes ten times as long. */
static void
print_name (GString    *text,
            const char *name)
{
  static const char special[] = "\\;\n\r\t";
  static const char letters[] = "\\;nrt";

  if (*name == ' ')
    {
      g_string_append (text, "\\s");
      name++;
    }
  while (*name != '\0')
    {
      gsize plain = strcspn (name, special);

      g_string_append_len (text, name, plain);
      name += plain;
      if (*name != '\0')
        {
          g_string_append_c (text, '\\');
          g_string_append_c (text, letters[strchr (special, *name++) - special]);
        }
    }
  g_string_append_c (text, ';');
}

char *
xep174_key_records_print (GListModel *records,
                          gsize      *length)
{
  GString *text = g_string_new (NULL);
  guint n = g_list_model_get_n_items (records);

  /* The number, so that a file that was cut is not taken for a whole one. */
  g_string_printf (text, "[" GROUP_FILE "]\nversion=%d\nkeys=%u\n", VERSION, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      g_string_append (text, "\n[");
      g_string_append (text, xep174_key_record_get_fingerprint (record));
      g_string_append (text, "]\ntrust=");
      for (gsize j = 0; j < G_N_ELEMENTS (words); j++)
        if (words[j].trust == xep174_key_record_get_trust (record))
          g_string_append (text, words[j].word);
      g_string_append (text, "\nnames=");
      for (const char *const *name = xep174_key_record_get_names (record); *name != NULL; name++)
        print_name (text, *name);
      g_string_append_c (text, '\n');
    }

  *length = text->len;
  return g_string_free (text, FALSE);
}

static gboolean
parse_record (GKeyFile    *file,
              const char  *group,
              GListModel  *records,
              GError     **error)
{
  g_autofree char *word = g_key_file_get_string (file, group, "trust", error);
  g_auto(GStrv) names = NULL;

  if (word != NULL)
    names = g_key_file_get_string_list (file, group, "names", NULL, error);
  if (names == NULL)
    return FALSE;

  for (char **name = names; *name != NULL; name++)
    if (!xep174_name_is_valid (*name, error))
      return FALSE;

  if (xep174_fingerprint_is_valid (group))
    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
      if (strcmp (words[i].word, word) == 0)
        {
          append (records, group, words[i].trust, (const char * const *) names);
          return TRUE;
        }

  g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED,
               _("“%s” with the trust “%s” is no key that can be read"), group, word);
  return FALSE;
}

static gboolean
check_version (GKeyFile  *file,
               GError   **error)
{
  g_autoptr(GError) none = NULL;
  int version = g_key_file_get_integer (file, GROUP_FILE, "version", &none);

  if (none == NULL && version == VERSION)
    return TRUE;

  if (none == NULL)
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED,
                 _("It has version %d, and this program reads version %d. Use a newer one"),
                 version, VERSION);
  else
    g_propagate_error (error, g_steal_pointer (&none));
  return FALSE;
}

GListModel *
xep174_key_records_parse (const char  *text,
                          gsize        length,
                          GError     **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GListModel) records = xep174_key_records_new ();
  g_autoptr(GError) none = NULL;
  g_auto(GStrv) groups = NULL;
  guint64 n;

  if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, error)
      || !check_version (file, error))
    return NULL;

  groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (strcmp (*group, GROUP_FILE) != 0 && !parse_record (file, *group, records, error))
      return NULL;

  n = g_key_file_get_uint64 (file, GROUP_FILE, "keys", &none);
  if (none != NULL || n != g_list_model_get_n_items (records))
    {
      g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED,
                   _("It has %u keys and should have %" PRIu64),
                   g_list_model_get_n_items (records), n);
      return NULL;
    }

  return g_steal_pointer (&records);
}
