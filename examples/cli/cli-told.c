/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-told.h"

#include <string.h>

#include "cli-records.h"
#include "cli-text.h"
#include "translate.h"

/* So many digits of a key are shown, and must be typed at least. */
#define BEGINNING 8
/* Of a name; somebody may show a new key each second, and keys can be made that begin like another. Beyond it
 * only a whole key counts. */
#define MOST_KEYS 32

typedef struct
{
  char *key;
  gboolean has_number;
  gboolean is_passed_over; /* another one was decided about since: it must be named */
} Told;

struct _CliTold
{
  Xep174SessionManager *manager;
  const char *ask;
  const char *which;
  const char *whole;
  /* (element-type utf8 GPtrArray(Told)) */
  GHashTable *names;
};

static void
told_free (gpointer data)
{
  Told *told = data;

  g_free (told->key);
  g_free (told);
}

CliTold *
cli_told_new (Xep174SessionManager *manager,
              const char           *ask,
              const char           *which,
              const char           *whole)
{
  CliTold *self = g_new (CliTold, 1);

  *self = (CliTold) { .manager = manager, .ask = ask, .which = which, .whole = whole };
  self->names = g_hash_table_new_full (cli_text_hash_name, cli_text_equal_names, g_free,
                                       (GDestroyNotify) g_ptr_array_unref);
  return self;
}

void
cli_told_free (CliTold *self)
{
  g_hash_table_unref (self->names);
  g_free (self);
}

static GPtrArray *
find_told (CliTold    *self,
           const char *name)
{
  return g_hash_table_lookup (self->names, name);
}

static void
append (GPtrArray  *keys,
        const char *key,
        gboolean    has_number)
{
  Told *told = g_new (Told, 1);

  *told = (Told) { g_strdup (key), has_number };
  g_ptr_array_add (keys, told);
}

static void
add (CliTold    *self,
     const char *name,
     const char *key,
     gboolean    has_number)
{
  GPtrArray *keys = find_told (self, name);

  if (keys == NULL)
    {
      keys = g_ptr_array_new_with_free_func (told_free);
      g_hash_table_insert (self->names, g_strdup (name), keys);
    }
  for (guint i = 0; i < keys->len; i++)
    {
      Told *told = keys->pdata[i];

      if (!g_str_equal (told->key, key))
        continue;
      told->has_number = told->has_number || has_number;
      told->is_passed_over = FALSE;
      return;
    }

  if (keys->len <= MOST_KEYS)
    append (keys, key, has_number);
}

static gboolean
is_flooded (GPtrArray *keys)
{
  return keys != NULL && keys->len > MOST_KEYS;
}

void
cli_told_add (CliTold    *self,
              const char *name,
              const char *key)
{
  add (self, name, key, FALSE);
}

char *
cli_told_add_number (CliTold        *self,
                     Xep174Session  *session,
                     char          **key)
{
  char *number = xep174_session_dup_safety_number (session);

  *key = number != NULL ? xep174_session_dup_peer_fingerprint (session) : NULL;
  if (number != NULL)
    add (self, xep174_session_get_name (session), *key, TRUE);
  return number;
}

const char **
cli_told_list_names (CliTold *self)
{
  return (const char **) g_hash_table_get_keys_as_array (self->names, NULL);
}

/* --- Which keys there are ----------------------------------------------------------------- */

static gboolean
has_key (GPtrArray  *keys,
         const char *key)
{
  for (guint i = 0; i < keys->len; i++)
    if (g_str_equal (((Told *) keys->pdata[i])->key, key))
      return TRUE;
  return FALSE;
}

/* (element-type Told): what was told; and of what is known, what is typed. */
static GPtrArray *
find_candidates (CliTold    *self,
                 const char *name,
                 const char *digits)
{
  GPtrArray *told = find_told (self, name);
  GPtrArray *found = g_ptr_array_new_with_free_func (told_free);
  g_autoptr(GPtrArray) known = NULL;

  for (guint i = 0; told != NULL && i < told->len; i++)
    {
      const Told *each = told->pdata[i];

      append (found, each->key, each->has_number);
      ((Told *) found->pdata[i])->is_passed_over = each->is_passed_over;
    }
  if (digits != NULL)
    known = cli_records_find_keys (xep174_session_manager_get_trust_store (self->manager), name, FALSE);
  for (guint i = 0; known != NULL && i < known->len; i++)
    if (!has_key (found, known->pdata[i]))
      append (found, known->pdata[i], FALSE);

  for (guint i = found->len; digits != NULL && i-- > 0;)
    if (!g_str_has_prefix (((Told *) found->pdata[i])->key, digits))
      g_ptr_array_remove_index (found, i);
  return found;
}

char *
cli_told_spell (CliTold    *self,
                const char *name,
                const char *key)
{
  g_autofree char *shown = cli_text_name (name);
  g_autofree char *beginning = g_strndup (key, BEGINNING);
  g_autoptr(GPtrArray) alike = find_candidates (self, name, beginning);
  g_autofree char *digits = alike->len > 1 || is_flooded (find_told (self, name))
                            ? cli_text_fingerprint (key) : cli_text_key (key);

  return g_strdup_printf ("%s %s", shown, digits);
}

static char *
join (GPtrArray *found,
      gboolean   whole)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < found->len; i++)
    {
      const char *key = ((Told *) found->pdata[i])->key;

      g_ptr_array_add (keys, whole ? cli_text_fingerprint (key) : cli_text_key (key));
    }
  return cli_text_join (keys);
}

char *
cli_told_spell_all (CliTold    *self,
                    const char *name,
                    const char *typed)
{
  g_autofree char *digits = cli_records_read_digits (typed);
  g_autoptr(GPtrArray) found = find_candidates (self, name, digits);

  return join (found, TRUE);
}

/* --- What is decided ---------------------------------------------------------------------- */

static gboolean
is_distrusted (CliTold    *self,
               const char *key)
{
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (self->manager);
  g_autoptr(Xep174KeyRecord) record = cli_records_find_key (store, key);

  return record != NULL && xep174_key_record_get_trust (record) == XEP174_TRUST_DISTRUSTED;
}

static void
set_several (CliTold     *self,
             const char  *name,
             GPtrArray   *found,
             gboolean     whole,
             GError     **error)
{
  g_autofree char *text = join (found, whole);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               found->len > 1 ? _("“%s” has several keys: %s. %s")
                              : _("If you mean the key of “%s” that begins with %s: %s"),
               name, text, self->which);
}

static void
set_none (CliTold      *self,
          CliDecision   decision,
          const char   *name,
          const char   *digits,
          GError      **error)
{
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (self->manager);
  g_autoptr(GPtrArray) distrusted = cli_records_find_keys (store, name, TRUE);
  g_autofree char *shown = distrusted->len > 0 ? cli_text_key (distrusted->pdata[0]) : NULL;

  if (digits != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("No key of “%s” that begins like this was shown; write all its digits"), name);
  else if (decision == CLI_COMPARED)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, self->ask);
  else if (shown != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("You do not trust the key of “%s” that begins with %s. If you trust it again: %s"),
                 name, shown, self->which);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("No key of “%s” was refused; there is nothing to accept"), name);
}

gboolean
cli_told_choose (CliTold      *self,
                 CliDecision   decision,
                 const char   *name,
                 const char   *typed,
                 char        **key,
                 GError      **error)
{
  g_autofree char *digits = typed != NULL ? cli_records_read_digits (typed) : NULL;
  gsize length = digits != NULL ? strlen (digits) : 0;
  g_autoptr(GPtrArray) found = NULL;
  Told *only;

  *key = NULL;
  if (decision == CLI_FORGOTTEN)
    {
      if (typed == NULL)
        return TRUE;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("All keys of a name are forgotten together; name no key"));
      return FALSE;
    }
  if (typed != NULL && (length < BEGINNING || length > CLI_KEY_LENGTH))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("“%s” is no key; write at least the first %d of its digits 0 to 9 and a to f"), typed,
                   BEGINNING);
      return FALSE;
    }
  if (length == CLI_KEY_LENGTH)
    {
      *key = g_steal_pointer (&digits);
      return TRUE;
    }

  if (is_flooded (find_told (self, name)))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                   _("Somebody shows ever new keys of “%s”; write all %d digits of the one that you "
                     "mean. %s"), name, CLI_KEY_LENGTH, self->whole);
      return FALSE;
    }

  found = find_candidates (self, name, digits);
  only = found->len == 1 ? found->pdata[0] : NULL;
  if (found->len > 1 || (only != NULL && only->is_passed_over && digits == NULL))
    set_several (self, name, found, digits != NULL, error);
  else if (only != NULL && decision == CLI_COMPARED && !only->has_number)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, self->ask);
  else if (only != NULL && digits == NULL && decision != CLI_DISTRUSTED
           && is_distrusted (self, only->key))
    set_several (self, name, found, FALSE, error);
  else if (only != NULL)
    *key = g_strdup (only->key);
  else if (digits == NULL && decision == CLI_DISTRUSTED && find_told (self, name) != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 _("You have just distrusted a key of “%s”; write the beginning of the one that you "
                   "mean now"), name);
  else if (digits != NULL || decision != CLI_DISTRUSTED)
    set_none (self, decision, name, digits, error);
  else
    return TRUE;

  return *key != NULL;
}

static gboolean
carry_out (Xep174SessionManager  *manager,
           CliDecision            decision,
           const char            *name,
           const char            *key,
           GError               **error)
{
  switch (decision)
    {
    case CLI_COMPARED:
      return xep174_session_manager_verify_key (manager, name, key, error);
    case CLI_ACCEPTED:
      return xep174_session_manager_accept_key (manager, name, key, error);
    case CLI_DISTRUSTED:
      return xep174_session_manager_distrust_key (manager, name, key, error);
    case CLI_FORGOTTEN:
      return xep174_session_manager_forget_keys (manager, name, error);
    default:
      g_assert_not_reached ();
    }
}

gboolean
cli_told_decide (CliTold      *self,
                 CliDecision   decision,
                 const char   *name,
                 const char   *key,
                 GError      **error)
{
  GPtrArray *told = find_told (self, name);

  if (!carry_out (self->manager, decision, name, key, error))
    {
      if (!g_error_matches (*error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE))
        g_prefix_error (error, _("This could not be kept, and all is as before: "));
      return FALSE;
    }

  for (guint i = told != NULL ? told->len : 0; key != NULL && i-- > 0;)
    {
      Told *each = told->pdata[i];

      each->is_passed_over = TRUE;
      if (g_str_equal (each->key, key) && !is_flooded (told))
        g_ptr_array_remove_index (told, i);
    }
  /* An empty one says that a key was distrusted last: the same word again is not for all the others. */
  if (key == NULL || (decision != CLI_DISTRUSTED && told != NULL && told->len == 0))
    g_hash_table_remove (self->names, name);
  else if (decision == CLI_DISTRUSTED && told == NULL)
    g_hash_table_insert (self->names, g_strdup (name),
                         g_ptr_array_new_with_free_func (told_free));
  return TRUE;
}
