/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 keys: whose keys are remembered, and what the user says of them. */

#include "cli-keys.h"

#include <string.h>

#include "cli-app.h"
#include "cli-commands.h"
#include "cli-output.h"
#include "cli-text.h"

#define FINGERPRINT_LENGTH 64

typedef gboolean (*KeysFunc) (Xep174SessionManager  *manager,
                              const char            *name,
                              char                 **words,
                              GError               **error);

static gboolean
has_user (const char *name,
          const char *user)
{
  gsize length = strlen (user);

  return g_ascii_strncasecmp (name, user, length) == 0 && name[length] == '@';
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
      gboolean fits = whole ? g_ascii_strcasecmp (shown, typed) == 0 : has_user (shown, typed);
      gboolean is_new = TRUE;

      for (guint j = 0; fits && j < found->len; j++)
        is_new = is_new && g_ascii_strcasecmp (found->pdata[j], names[i]) != 0;
      if (fits && is_new)
        g_ptr_array_add (found, g_strdup (names[i]));
    }
}

char *
cli_keys_find_name (Xep174TrustStore  *store,
                    const char        *typed,
                    GError           **error)
{
  g_autoptr(GListModel) records = xep174_trust_store_list (store, error);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func (g_free);

  if (records == NULL)
    return NULL;

  for (int whole = TRUE; whole >= FALSE && found->len == 0; whole--)
    for (guint i = 0; i < g_list_model_get_n_items (records); i++)
      {
        g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

        add_fitting (found, xep174_key_record_get_names (record), typed, whole);
      }

  if (found->len == 1)
    return g_strdup (found->pdata[0]);
  if (found->len == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No key of “%s” is known", typed);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "“%s” can be %s or %s; give the whole name", typed,
                 (char *) found->pdata[0], (char *) found->pdata[1]);
  return NULL;
}

static void
show_record (Xep174KeyRecord *record)
{
  const char *const *names = xep174_key_record_get_names (record);
  const char *trust = cli_text_trust (xep174_key_record_get_trust (record));
  g_autofree char *key = cli_text_fingerprint (xep174_key_record_get_fingerprint (record));
  g_autofree char *line = g_strdup_printf ("    %s", key);

  for (guint i = 0; i == 0 || names[i] != NULL; i++)
    {
      g_autofree char *name = names[i] != NULL ? cli_text_name (names[i]) : g_strdup ("(no name)");
      g_autofree char *first = g_strdup_printf ("%s: %s", name, trust);

      cli_output_line (first);
      if (names[i] == NULL)
        break;
    }
  cli_output_line (line);
}

/* Nothing is made here: who only looks has no key yet. */
static gboolean
show_own (Xep174Client  *client,
          GError       **error)
{
  g_autofree char *path = g_build_filename (xep174_client_get_data_dir (client), "identity.pem", NULL);
  g_autoptr(Xep174Identity) identity = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *key = NULL;
  g_autofree char *line = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  identity = xep174_identity_load_or_create (path, error);
  if (identity == NULL)
    return FALSE;

  fingerprint = xep174_identity_dup_fingerprint (identity);
  key = cli_text_fingerprint (fingerprint);
  line = g_strdup_printf ("    %s", key);
  cli_output_line ("You:");
  cli_output_line (line);
  return TRUE;
}

static gboolean
show_all (Xep174Client  *client,
          GError       **error)
{
  Xep174SessionManager *manager = xep174_client_get_session_manager (client);
  g_autoptr(GListModel) records = NULL;

  records = xep174_trust_store_list (xep174_session_manager_get_trust_store (manager), error);
  if (records == NULL || !show_own (client, error))
    return FALSE;

  if (g_list_model_get_n_items (records) == 0)
    cli_output_line ("No key of anybody else is known.");
  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      show_record (record);
    }
  return TRUE;
}

/* The key as a warning shows it, which may be in groups. */
static char *
read_fingerprint (char   **words,
                  GError **error)
{
  g_autofree char *text = g_strjoinv ("", words);
  GString *digits = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    if (*p != ' ' && *p != ':')
      g_string_append_c (digits, g_ascii_tolower (*p));
  if (digits->len == FINGERPRINT_LENGTH
      && strspn (digits->str, "0123456789abcdef") == FINGERPRINT_LENGTH)
    return g_string_free (digits, FALSE);

  g_string_free (digits, TRUE);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               *text == '\0'
                 ? "In the chat that refused a key, type /accept NAME. Here, write the key behind the "
                   "name, as the warning shows it"
                 : "A key has 64 of the digits 0 to 9 and a to f; “%s” has not", text);
  return NULL;
}

/* The only one that is known. */
static char *
find_key (Xep174TrustStore  *store,
          const char        *name,
          GError           **error)
{
  g_autoptr(GListModel) records = xep174_trust_store_list (store, error);
  g_autofree char *found = NULL;

  for (guint i = 0; records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      if (!xep174_key_record_has_name (record, name))
        continue;
      if (found != NULL)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "“%s” has several keys; write the one that you mean behind the name", name);
          return NULL;
        }
      found = g_strdup (xep174_key_record_get_fingerprint (record));
    }
  return g_steal_pointer (&found);
}

static gboolean
verify (Xep174SessionManager  *manager,
        const char            *name,
        char                 **words,
        GError               **error)
{
  g_autofree char *key = *words != NULL
                         ? read_fingerprint (words, error)
                         : find_key (xep174_session_manager_get_trust_store (manager), name, error);

  return key != NULL && xep174_session_manager_verify_key (manager, name, key, error);
}

static gboolean
accept (Xep174SessionManager  *manager,
        const char            *name,
        char                 **words,
        GError               **error)
{
  g_autofree char *key = read_fingerprint (words, error);

  return key != NULL && xep174_session_manager_accept_key (manager, name, key, error);
}

static gboolean
distrust (Xep174SessionManager  *manager,
          const char            *name,
          char                 **words,
          GError               **error)
{
  g_autofree char *key = NULL;

  if (*words == NULL)
    return xep174_session_manager_distrust_key (manager, name, NULL, error);

  key = read_fingerprint (words, error);
  return key != NULL && xep174_session_manager_distrust_key (manager, name, key, error);
}

static gboolean
forget (Xep174SessionManager  *manager,
        const char            *name,
        char                 **words,
        GError               **error)
{
  if (*words == NULL)
    return xep174_session_manager_forget_keys (manager, name, error);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "All keys of a name are forgotten together; write nothing behind the name");
  return FALSE;
}

static const struct
{
  const char *name;
  KeysFunc func;
  const char *done;
} actions[] = {
  { "verify", verify, "compared from now on" },
  { "accept", accept, "the key is accepted" },
  { "distrust", distrust, "not trusted from now on" },
  { "forget", forget, "forgotten" },
};

static gboolean
act (Xep174Client  *client,
     char         **words,
     GError       **error)
{
  Xep174SessionManager *manager = xep174_client_get_session_manager (client);
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *line = NULL;
  gsize i = 0;

  while (i < G_N_ELEMENTS (actions) && !g_str_equal (words[0], actions[i].name))
    i++;
  if (i == G_N_ELEMENTS (actions) || words[1] == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "call it as: xep174 keys [OPTION…] [verify|accept|distrust|forget NAME [KEY]]");
      return FALSE;
    }

  name = cli_keys_find_name (xep174_session_manager_get_trust_store (manager), words[1], error);
  if (name == NULL || !actions[i].func (manager, name, words + 2, error))
    return FALSE;

  shown = cli_text_name (name);
  line = g_strdup_printf ("%s: %s", shown, actions[i].done);
  cli_output_line (line);
  return TRUE;
}

int
cli_keys (CliOptions *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("keys");
  g_autoptr(Xep174Discovery) discovery = xep174_manual_discovery_new ();
  /* It is never started: it only knows where the keys are. */
  g_autoptr(Xep174Client) client =
    g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", discovery,
                  "data-dir", options->data_dir, NULL);

  if (options->arguments[0] == NULL ? show_all (client, &error)
                                    : act (client, options->arguments, &error))
    return CLI_SUCCESS;

  cli_complain ("%s", error->message);
  return error->domain == G_OPTION_ERROR ? CLI_USAGE : CLI_FAILURE;
}
