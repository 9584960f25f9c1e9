/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 keys: whose keys are remembered, and what the user says of them. */

#include "cli-commands.h"

#include <string.h>

#include "cli-app.h"
#include "cli-output.h"
#include "cli-records.h"
#include "cli-text.h"
#include "translate.h"

/* What is said of it in the end is (transfer full), and NULL if it was not done. */
typedef char *(*KeysFunc) (Xep174SessionManager  *manager,
                           const char            *name,
                           char                 **words,
                           GError               **error);

static void
show_record (Xep174KeyRecord *record)
{
  const char *const *names = xep174_key_record_get_names (record);
  const char *trust = cli_text_trust (xep174_key_record_get_trust (record));
  g_autofree char *key = cli_text_fingerprint (xep174_key_record_get_fingerprint (record));
  g_autofree char *line = g_strdup_printf ("    %s", key);

  for (guint i = 0; i == 0 || names[i] != NULL; i++)
    {
      g_autofree char *name = names[i] != NULL ? cli_text_name (names[i]) : g_strdup (_("(no name)"));
      g_autofree char *first = g_strdup_printf ("%s: %s", name, trust);

      cli_output_line (first);
      if (names[i] == NULL)
        break;
    }
  cli_output_line (line);
}

static gboolean
has_file (Xep174Client *client,
          const char   *name)
{
  g_autofree char *path = g_build_filename (xep174_client_get_data_dir (client), name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Nothing is made here: who only looks has no key yet. But who knows others may have had one, and lost it. */
static gboolean
show_own (Xep174Client  *client,
          GError       **error)
{
  g_autofree char *path = g_build_filename (xep174_client_get_data_dir (client), "identity.pem", NULL);
  g_autoptr(Xep174Identity) identity = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *key = NULL;
  g_autofree char *line = NULL;

  if (!has_file (client, "identity.pem"))
    {
      if (has_file (client, "keys"))
        cli_output_line (_("You have no key. The next start makes one. If you had another before, all who "
                           "know that are warned then, and have to accept the new one."));
      return TRUE;
    }

  identity = xep174_identity_load_or_create (path, error);
  if (identity == NULL)
    return FALSE;

  fingerprint = xep174_identity_dup_fingerprint (identity);
  key = cli_text_fingerprint (fingerprint);
  line = g_strdup_printf ("    %s", key);
  cli_output_line (_("You:"));
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
    cli_output_line (_("No key of anybody else is known."));
  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      show_record (record);
    }
  return TRUE;
}

/* The key as a warning shows it, which may be in groups. */
static char *
read_key (char   **words,
          GError **error)
{
  g_autofree char *text = g_strjoinv ("", words);
  g_autofree char *digits = cli_records_read_digits (text);

  if (digits != NULL && strlen (digits) == CLI_KEY_LENGTH)
    return g_steal_pointer (&digits);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               *text == '\0'
                 ? _("Write the whole key behind the name, as a warning or “xep174 keys” shows it")
                 : _("A key has 64 of the digits 0 to 9 and a to f; “%s” has not"), text);
  return NULL;
}

/* The only one that is known. */
static char *
find_key (Xep174TrustStore  *store,
          const char        *name,
          GError           **error)
{
  g_autoptr(GPtrArray) keys = cli_records_find_keys (store, name, FALSE);

  if (keys->len == 1)
    return g_strdup (keys->pdata[0]);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               keys->len > 1 ? _("“%s” has several keys; write the one that you mean behind the name")
                             : _("No key of “%s” is known; write it behind the name"), name);
  return NULL;
}

static char *
verify (Xep174SessionManager  *manager,
        const char            *name,
        char                 **words,
        GError               **error)
{
  g_autofree char *key = *words != NULL
                         ? read_key (words, error)
                         : find_key (xep174_session_manager_get_trust_store (manager), name, error);

  if (key == NULL || !xep174_session_manager_verify_key (manager, name, key, error))
    return NULL;

  return g_strdup (_("compared from now on"));
}

static char *
accept (Xep174SessionManager  *manager,
        const char            *name,
        char                 **words,
        GError               **error)
{
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (manager);
  g_autofree char *key = read_key (words, error);
  const char *done = key != NULL ? cli_records_tell_accepting (store, name, key) : NULL;

  if (key == NULL || !xep174_session_manager_accept_key (manager, name, key, error))
    return NULL;

  return g_strdup (done);
}

static char *
distrust (Xep174SessionManager  *manager,
          const char            *name,
          char                 **words,
          GError               **error)
{
  g_autofree char *key = *words != NULL ? read_key (words, error) : NULL;

  if ((*words != NULL && key == NULL)
      || !xep174_session_manager_distrust_key (manager, name, key, error))
    return NULL;

  return key != NULL
         ? g_strdup (_("the key is not trusted from now on: nothing is sent. “xep174 keys accept” with the "
                       "key takes that back"))
         : cli_records_tell_distrusted (xep174_session_manager_get_trust_store (manager), name);
}

static char *
forget (Xep174SessionManager  *manager,
        const char            *name,
        char                 **words,
        GError               **error)
{
  g_autoptr(GPtrArray) kept =
    cli_records_find_keys (xep174_session_manager_get_trust_store (manager), name, TRUE);
  g_autofree char *keys = NULL;

  if (!xep174_session_manager_forget_keys (manager, name, error))
    return NULL;
  if (kept->len == 0)
    return g_strdup (_("forgotten"));

  keys = cli_text_join (kept);
  return g_strdup_printf (ngettext ("forgotten. Not trusted until it is accepted: %s",
                                    "forgotten. Not trusted until they are accepted: %s", kept->len), keys);
}

static const struct
{
  const char *name;
  KeysFunc func;
} actions[] = {
  { "verify", verify },
  { "accept", accept },
  { "distrust", distrust },
  { "forget", forget },
};

/* A whole name may get a key that is not known yet, or has no name any more. */
static gboolean
find_name (Xep174TrustStore  *store,
           char             **words,
           char             **name,
           GError           **error)
{
  GError *reason = NULL;

  *name = cli_records_find_name (store, NULL, words[1], &reason);
  if (reason == NULL)
    return TRUE;
  if (words[2] == NULL || strchr (words[1], '@') == NULL
      || !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, reason);
      return FALSE;
    }

  g_error_free (reason);
  *name = g_strdup (words[1]);
  return TRUE;
}

static gboolean
act (Xep174Client  *client,
     char         **words,
     GError       **error)
{
  Xep174SessionManager *manager = xep174_client_get_session_manager (client);
  g_autofree char *name = NULL;
  g_autofree char *done = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *line = NULL;
  gsize i = 0;

  while (i < G_N_ELEMENTS (actions) && !g_str_equal (words[0], actions[i].name))
    i++;
  /* Behind it a name may begin with a dash. */
  if (words[1] != NULL && g_str_equal (words[1], "--"))
    words++;
  if (i == G_N_ELEMENTS (actions) || words[1] == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("call it as: xep174 %s [OPTION…] %s"),
                   "keys", _("[verify|accept|distrust|forget NAME [KEY]]"));
      return FALSE;
    }

  if (actions[i].func == forget && words[2] != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("All keys of a name are forgotten together; write nothing behind the name"));
      return FALSE;
    }

  if (!find_name (xep174_session_manager_get_trust_store (manager), words, &name, error))
    return FALSE;

  done = actions[i].func (manager, name, words + 2, error);
  if (done == NULL)
    return FALSE;

  shown = cli_text_name (name);
  line = g_strdup_printf ("%s: %s", shown, done);
  cli_output_line (line);
  return TRUE;
}

int
cli_keys (CliOptions *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("keys", NULL);
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
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
