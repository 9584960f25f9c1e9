/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-records.h"

#include <string.h>

#include "cli-text.h"
#include "translate.h"

static gboolean
has_name (GPtrArray  *names,
          const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_ascii_strcasecmp (names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

static void
add_fitting (GPtrArray          *found,
             const char * const *names,
             const char         *typed,
             gboolean            whole)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      /* A name may be typed as it is shown. */
      g_autofree char *shown = cli_text_name (names[i]);
      gboolean fits = whole ? g_ascii_strcasecmp (shown, typed) == 0 : cli_text_has_user (shown, typed);

      if (fits && !has_name (found, names[i]))
        g_ptr_array_add (found, g_strdup (names[i]));
    }
}

char *
cli_records_find_name (Xep174TrustStore   *store,
                       const char * const *more,
                       const char         *typed,
                       GError            **error)
{
  g_autoptr(GListModel) records = xep174_trust_store_list (store, error);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func (g_free);

  if (records == NULL)
    return NULL;

  for (int whole = TRUE; whole >= FALSE && found->len == 0; whole--)
    {
      for (guint i = 0; i < g_list_model_get_n_items (records); i++)
        {
          g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

          add_fitting (found, xep174_key_record_get_names (record), typed, whole);
        }
      if (more != NULL)
        add_fitting (found, more, typed, whole);
    }

  if (found->len == 1)
    return g_strdup (found->pdata[0]);
  if (found->len == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("No key of “%s” is known"), typed);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("“%s” can be %s or %s; give the whole name"), typed,
                 (char *) found->pdata[0], (char *) found->pdata[1]);
  return NULL;
}

Xep174KeyRecord *
cli_records_find_key (Xep174TrustStore *store,
                      const char       *key)
{
  g_autoptr(GListModel) records = xep174_trust_store_list (store, NULL);

  for (guint i = 0; records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      if (g_str_equal (xep174_key_record_get_fingerprint (record), key))
        return g_steal_pointer (&record);
    }
  return NULL;
}

GPtrArray *
cli_records_find_keys (Xep174TrustStore *store,
                       const char       *name,
                       gboolean          only_distrusted)
{
  g_autoptr(GListModel) records = xep174_trust_store_list (store, NULL);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      if (xep174_key_record_has_name (record, name)
          && (!only_distrusted || xep174_key_record_get_trust (record) == XEP174_TRUST_DISTRUSTED))
        g_ptr_array_add (found, g_strdup (xep174_key_record_get_fingerprint (record)));
    }
  return found;
}

GPtrArray *
cli_records_find_others (Xep174TrustStore *store,
                         const char       *name,
                         const char       *key)
{
  g_autoptr(GListModel) records = store != NULL ? xep174_trust_store_list (store, NULL) : NULL;
  GPtrArray *others = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);
      const char *const *names = xep174_key_record_get_names (record);
      gboolean is_meant = key != NULL ? g_str_equal (xep174_key_record_get_fingerprint (record), key)
                                      : xep174_key_record_has_name (record, name);

      for (guint j = 0; is_meant && names[j] != NULL; j++)
        if (g_ascii_strcasecmp (names[j], name) != 0 && !has_name (others, names[j]))
          g_ptr_array_add (others, g_strdup (names[j]));
    }
  return others;
}

char *
cli_records_tell_others (Xep174TrustStore *store,
                         const char       *name,
                         const char       *key)
{
  g_autoptr(GPtrArray) others = cli_records_find_others (store, name, key);
  g_autoptr(GPtrArray) shown = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *names = NULL;

  for (guint i = 0; i < others->len; i++)
    g_ptr_array_add (shown, cli_text_name (others->pdata[i]));
  names = cli_text_join (shown);
  return others->len > 0 ? g_strdup_printf (_("the key of %s"), names) : NULL;
}

const char *
cli_records_tell_accepting (Xep174TrustStore *store,
                            const char       *name,
                            const char       *key)
{
  g_autoptr(Xep174KeyRecord) record = cli_records_find_key (store, key);

  if (record != NULL && xep174_key_record_get_trust (record) == XEP174_TRUST_DISTRUSTED)
    return _("the key is trusted again, not compared");
  if (record != NULL && xep174_key_record_has_name (record, name))
    return _("the key was accepted before");

  return _("the new key is accepted, not compared");
}

char *
cli_records_tell_distrusted (Xep174TrustStore *store,
                             const char       *name)
{
  g_autoptr(GPtrArray) keys = cli_records_find_keys (store, name, TRUE);

  return g_strdup_printf (ngettext ("the key is not trusted from now on: nothing is sent",
                                    "%u keys are not trusted from now on: nothing is sent", keys->len),
                          keys->len);
}

char *
cli_records_read_digits (const char *typed)
{
  GString *digits = g_string_new (NULL);

  for (const char *p = typed; *p != '\0'; p++)
    if (*p != ' ' && *p != ':')
      g_string_append_c (digits, g_ascii_tolower (*p));
  if (strspn (digits->str, "0123456789abcdef") == digits->len)
    return g_string_free (digits, FALSE);

  g_string_free (digits, TRUE);
  return NULL;
}
