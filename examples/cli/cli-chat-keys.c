/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat: whether a conversation is encrypted, and whose key it is. */

#include "cli-chat-private.h"

#include <string.h>
#include <unistd.h>

#include "cli-records.h"
#include "cli-text.h"
#include "translate.h"

#define SHOWN "xep174-cli-shown"

typedef enum
{
  CALLED_UNENCRYPTED = 1 << 0,
  REFUSES_US = 1 << 1,
  CANNOT_BE_KEPT = 1 << 2,
} CliTrouble;

static Xep174SessionManager *
get_manager (CliChat *self)
{
  return xep174_client_get_session_manager (cli_app_get_client (self->app));
}

static Xep174TrustStore *
get_store (CliChat *self)
{
  return xep174_session_manager_get_trust_store (get_manager (self));
}

/* In brackets, behind the key. T6: one that has other names says who it is. */
static char *
tell_others (CliChat    *self,
             const char *name,
             const char *key)
{
  g_autofree char *others = key != NULL ? cli_records_tell_others (get_store (self), name, key) : NULL;

  return others != NULL ? g_strdup_printf (" (%s)", others) : g_strdup ("");
}

/* --- What is told by itself --------------------------------------------------------------- */

static void
show_trust (CliChat       *self,
            Xep174Session *session)
{
  Xep174Trust trust = xep174_session_get_trust (session);
  gpointer shown = GUINT_TO_POINTER (1 + trust);
  gboolean unkept = trust == XEP174_TRUST_UNKNOWN && xep174_session_get_encrypted (session);
  g_autofree char *painted = NULL;
  g_autofree char *key = NULL;
  g_autofree char *others = NULL;

  if (self->terminal == NULL || g_object_get_data (G_OBJECT (session), SHOWN) == shown)
    return;

  g_object_set_data (G_OBJECT (session), SHOWN, shown);
  painted = cli_chat_paint_name (self, xep174_session_get_name (session));
  key = xep174_session_dup_peer_fingerprint (session);
  others = tell_others (self, xep174_session_get_name (session), key);
  cli_chat_show_note (self, _("The conversation with %s is %s%s"), painted,
                      unkept ? _("encrypted, not remembered: there are too many keys")
                             : cli_text_trust (trust), others);
}

/* At its end it is not encrypted either, which says nothing. */
static void
on_trust (Xep174Session *session,
          GParamSpec    *property,
          CliChat       *self)
{
  if (xep174_session_get_encrypted (session))
    show_trust (self, session);
}

static void
on_opened (Xep174SessionManager *manager,
           Xep174Session        *session,
           CliChat              *self)
{
  g_hash_table_remove (self->troubles, xep174_session_get_name (session));
  /* One session may open again and again. */
  g_signal_handlers_disconnect_by_func (session, on_trust, self);
  g_signal_connect (session, "notify::trust", G_CALLBACK (on_trust), self);
  show_trust (self, session);
}

/* All of a warning comes out in one place. */
static void
warn (CliChat    *self,
      const char *text)
{
  if (isatty (STDOUT_FILENO))
    cli_chat_show_note (self, "%s", text);
  else
    cli_chat_show_error (self, text);
}

/* Once, until something changes for the name: whoever has called may call again and again. */
static void
tell_once (CliChat    *self,
           const char *name,
           CliTrouble  trouble,
           const char *text)
{
  guint told = GPOINTER_TO_UINT (g_hash_table_lookup (self->troubles, name));

  if (self->terminal == NULL || (told & trouble) != 0)
    return;

  g_hash_table_replace (self->troubles, g_strdup (name), GUINT_TO_POINTER (told | trouble));
  cli_chat_show_error (self, text);
}

static void
on_unencrypted_refused (Xep174Client  *client,
                        Xep174Contact *contact,
                        CliChat       *self)
{
  const char *name = xep174_contact_get_name (contact);
  g_autofree char *shown = cli_text_name (name);
  g_autofree char *text =
    g_strdup_printf (_("Somebody has called as %s without encryption, and was not heard"), shown);

  tell_once (self, name, CALLED_UNENCRYPTED, text);
}

static void
tell_refused (CliChat    *self,
              const char *name)
{
  g_autofree char *shown = cli_text_name (name);
  g_autofree char *text =
    g_strdup_printf (_("Your key is not accepted by %s. /verify %s shows a number: if it is the same over "
                       "there, the other person can accept the key."), shown, shown);

  tell_once (self, name, REFUSES_US, text);
}

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           const GError         *error,
           CliChat              *self)
{
  g_autofree char *shown = cli_text_name (xep174_session_get_name (session));
  const char *refusal = cli_text_refusal (error);
  g_autofree char *text = NULL;

  g_signal_handlers_disconnect_by_func (session, on_trust, self);
  g_object_set_data (G_OBJECT (session), SHOWN, NULL);
  if (refusal == NULL || self->terminal == NULL)
    return;

  text = g_strdup_printf (_("The conversation with %s has ended: %s"), shown, refusal);
  cli_chat_show_error (self, text);
  if (g_error_matches (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_NOT_AUTHORIZED))
    tell_refused (self, xep174_session_get_name (session));
}

/* What was not sent is told by itself. */
static void
on_failed (Xep174SessionManager *manager,
           Xep174Session        *session,
           const GError         *error,
           CliChat              *self)
{
  const char *name = xep174_session_get_name (session);

  if (g_error_matches (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_NOT_AUTHORIZED))
    tell_refused (self, name);
  else if (error->domain != XEP174_STREAM_ERROR && error->domain != XEP174_SESSION_ERROR
           && error->domain != XEP174_DIRECTORY_ERROR)
    tell_once (self, name, CANNOT_BE_KEPT, error->message);
}

static void
on_key_changed (Xep174Client  *client,
                Xep174Contact *contact,
                const char    *old,
                const char    *new,
                CliChat       *self)
{
  const char *name = xep174_contact_get_name (contact);
  g_autofree char *shown = cli_text_name (name);
  g_autofree char *key = cli_text_key (new);
  g_autofree char *spelled = NULL;
  g_autofree char *what = g_strdup_printf ("%s: %s", shown, cli_text_trust (XEP174_TRUST_CHANGED));
  g_autofree char *others = tell_others (self, name, new);
  g_autofree char *why =
    g_strdup_printf (_("The new key begins with %s%s. It may be a new machine, or a new installation. Or "
                       "somebody else uses the name, to read what you say."), key, others);
  Xep174Session *session = xep174_session_manager_find_session (get_manager (self), name);
  gboolean is_open = session != NULL && xep174_session_get_encrypted (session);
  g_autofree char *number = NULL;
  g_autofree char *how = NULL;

  if (self->terminal == NULL)
    return;

  cli_told_add (self->told, name, new);
  spelled = cli_told_spell (self->told, name, new);
  number = is_open ? g_strdup (_("The conversation goes on with the key that you know."))
                   : g_strdup_printf (_("/verify %s shows a number to compare."), shown);
  how = g_strdup_printf (_("Ask the person, but not in this chat. %s /accept %s accepts the new key, "
                           "/distrust %s never does."), number, spelled, spelled);
  cli_chat_show_error (self, what);
  warn (self, why);
  warn (self, how);
}

void
cli_chat_watch_keys (CliChat *self)
{
  Xep174Client *client = cli_app_get_client (self->app);
  Xep174SessionManager *manager = get_manager (self);

  self->told = cli_told_new (manager, _("Type /verify first, and compare the number"),
                             _("Write the beginning of the one that you mean behind the name"),
                             _("/verify shows those of the last one"));
  self->troubles = g_hash_table_new_full (cli_text_hash_name, cli_text_equal_names, g_free, NULL);
  g_signal_connect (manager, "session-opened", G_CALLBACK (on_opened), self);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_closed), self);
  g_signal_connect (manager, "session-failed", G_CALLBACK (on_failed), self);
  g_signal_connect (client, "unencrypted-refused", G_CALLBACK (on_unencrypted_refused), self);
  g_signal_connect (client, "key-changed", G_CALLBACK (on_key_changed), self);
}

void
cli_chat_unwatch_keys (CliChat *self)
{
  Xep174SessionManager *manager = get_manager (self);
  GListModel *sessions = xep174_session_manager_get_sessions (manager);

  for (guint i = 0; i < g_list_model_get_n_items (sessions); i++)
    {
      g_autoptr(Xep174Session) session = g_list_model_get_item (sessions, i);

      g_signal_handlers_disconnect_by_data (session, self);
    }
  g_signal_handlers_disconnect_by_data (manager, self);
  g_clear_pointer (&self->told, cli_told_free);
  g_clear_pointer (&self->troubles, g_hash_table_unref);
}

/* --- What the person asks for ------------------------------------------------------------- */

/* Somebody who is here, or whose key is known or was told; without a name the partner. */
static char *
find_name (CliChat     *self,
           const char  *typed,
           GError     **error)
{
  g_autofree const char **told = cli_told_list_names (self->told);
  Xep174Contact *contact;

  if (*typed == '\0')
    typed = self->partner != NULL ? self->partner : "";
  contact = *typed != '\0' ? cli_app_find_contact (self->app, typed, TRUE, NULL) : NULL;
  if (contact != NULL)
    return g_strdup (xep174_contact_get_name (contact));
  if (*typed != '\0')
    return cli_records_find_name (get_store (self), told, typed, error);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("Name the person, too"));
  return NULL;
}

/* The longest name that @rest begins with, if the beginning of a key is behind it, in groups or not. Before a
 * whole key it is no matter whether there are longer names. */
static char *
find_name_before_key (CliChat     *self,
                      const char  *rest,
                      char       **typed)
{
  g_autofree char *words = g_strdup (rest);
  g_autofree char *longest = NULL;
  gsize end = strlen (words);

  while (end > 0)
    {
      g_autofree char *digits = NULL;
      g_autofree char *name = NULL;

      while (end > 0 && words[end - 1] != ' ')
        end--;
      digits = cli_records_read_digits (rest + end);
      if (digits == NULL || end == 0)
        break;

      words[end] = '\0';
      g_strchomp (words);
      name = find_name (self, words, NULL);
      if (name != NULL && (longest == NULL || strlen (digits) == CLI_KEY_LENGTH))
        {
          g_free (*typed);
          *typed = g_strdup (rest + end);
          g_free (longest);
          longest = g_steal_pointer (&name);
        }
      end = strlen (words);
    }
  return g_steal_pointer (&longest);
}

/* A name may have gaps, and look like another one with a key behind it. */
static char *
split (CliChat    *self,
       const char *rest,
       char      **typed)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *key = NULL;
  g_autofree char *name = find_name (self, rest, &error);
  g_autofree char *before = find_name_before_key (self, rest, &key);

  *typed = NULL;
  if (name != NULL && before != NULL)
    {
      g_autofree char *keys = cli_told_spell_all (self->told, before, key);
      g_autofree char *text =
        g_strdup_printf (_("“%s” is a name, and could be a key of %s; write all digits of the key%s%s"), rest,
                         before, *keys != '\0' ? ": " : "", keys);

      cli_chat_show_error (self, text);
      return NULL;
    }
  if (before != NULL)
    {
      *typed = g_steal_pointer (&key);
      return g_steal_pointer (&before);
    }
  if (name == NULL && error != NULL)
    cli_chat_show_error (self, error->message);
  return g_steal_pointer (&name);
}

/* Four groups in a line, as other programs show it. */
static void
show_groups (CliChat    *self,
             const char *number)
{
  for (const char *line = number; *line != '\0'; line += MIN (strlen (line), 24))
    cli_chat_show_note (self, "    %.23s", line);
}

/* Somebody may have shown others that begin like it; so it can be named by all its digits. */
static void
show_refusal (CliChat       *self,
              Xep174Session *session,
              const char    *key)
{
  g_autoptr(Xep174KeyRecord) record = cli_records_find_key (get_store (self), key);
  gboolean is_distrusted = record != NULL && xep174_key_record_get_trust (record) == XEP174_TRUST_DISTRUSTED;
  g_autofree char *digits = cli_text_fingerprint (key);

  if (is_distrusted)
    cli_chat_show_note (self, _("You have said that this key is not to be trusted."));
  else if (xep174_session_get_trust (session) == XEP174_TRUST_CHANGED)
    cli_chat_show_note (self, _("It is the number of the new key, which is not accepted yet."));
  else
    return;

  cli_chat_show_note (self, _("All digits of the key:"));
  cli_chat_show_note (self, "    %s", digits);
}

static gboolean
show_number (CliChat       *self,
             Xep174Session *session)
{
  g_autofree char *key = NULL;
  g_autofree char *number = cli_told_add_number (self->told, session, &key);
  const char *name = xep174_session_get_name (session);
  g_autofree char *shown = cli_text_name (name);
  g_autofree char *spelled = number != NULL ? cli_told_spell (self->told, name, key) : NULL;
  g_autofree char *beginning = number != NULL ? cli_text_key (key) : NULL;
  g_autofree char *others = tell_others (self, name, key);

  if (number == NULL)
    return FALSE;

  cli_chat_show_note (self, _("The number of you and %s, whose key begins with %s%s:"), shown, beginning,
                      others);
  show_groups (self, number);
  show_refusal (self, session, key);
  cli_chat_show_note (self, _("Is it the same over there? Ask the person by telephone, or look together, "
                              "but do not ask in this chat."));
  cli_chat_show_note (self, _("If it is the same: /compared %s"), spelled);
  cli_chat_show_note (self, _("If it is not, somebody else reads what you say: /distrust %s"), spelled);
  return TRUE;
}

static void
on_verify_opened (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  CliChat *self = user_data;
  Xep174Session *session = XEP174_SESSION (source);
  Xep174Trust trust = xep174_session_get_trust (session);
  gboolean is_refused = trust == XEP174_TRUST_CHANGED || trust == XEP174_TRUST_DISTRUSTED;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean is_open = xep174_session_open_finish (session, result, &error);

  if (self->terminal == NULL)
    return;

  /* That the other side refuses our key is news; that we refuse its key, a warning has told. */
  if (!is_open && !is_refused)
    cli_chat_show_error (self, error->message);
  if (show_number (self, session))
    return;

  text = is_open ? g_strdup_printf (_("The conversation with %s is not encrypted, so there is no number to "
                                      "compare"), xep174_session_get_name (session))
                 : g_strdup (error->message);
  if (is_open || is_refused)
    cli_chat_show_error (self, text);
}

void
cli_chat_verify (CliChat    *self,
                 const char *rest)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = find_name (self, rest, &error);
  g_autoptr(Xep174Session) session =
    name != NULL ? xep174_session_manager_ensure_session (get_manager (self), name, &error) : NULL;

  if (session == NULL)
    cli_chat_show_error (self, error->message);
  else if (show_number (self, session))
    return;
  else if (xep174_client_find_contact (cli_app_get_client (self->app), name) != NULL)
    xep174_session_open_async (session, NULL, on_verify_opened, self);
  else
    {
      g_autofree char *shown = cli_text_name (name);
      g_autofree char *text = g_strdup_printf (_("%s is not here"), shown);

      cli_chat_show_error (self, text);
    }
}

/* --- What the person decides -------------------------------------------------------------- */

/* The name that is decided about, and the key if it is about one. */
static char *
choose (CliChat      *self,
        CliDecision   decision,
        const char   *rest,
        char        **key)
{
  g_autofree char *typed = NULL;
  g_autofree char *name = split (self, rest, &typed);
  g_autoptr(GError) error = NULL;

  if (name == NULL || cli_told_choose (self->told, decision, name, typed, key, &error))
    return g_steal_pointer (&name);

  cli_chat_show_error (self, error->message);
  return NULL;
}

static gboolean
carry_out (CliChat     *self,
           CliDecision  decision,
           const char  *name,
           const char  *key)
{
  g_autoptr(GError) error = NULL;

  if (name == NULL)
    return FALSE;
  if (cli_told_decide (self->told, decision, name, key, &error))
    {
      g_hash_table_remove (self->troubles, name);
      return TRUE;
    }

  cli_chat_show_error (self, error->message);
  return FALSE;
}

static void
tell (CliChat    *self,
      const char *name,
      const char *done)
{
  g_autofree char *painted = cli_chat_paint_name (self, name);

  cli_chat_show_note (self, "%s: %s", painted, done);
}

void
cli_chat_compared (CliChat    *self,
                   const char *rest)
{
  g_autofree char *key = NULL;
  g_autofree char *name = choose (self, CLI_COMPARED, rest, &key);

  if (carry_out (self, CLI_COMPARED, name, key))
    tell (self, name, _("the key is compared"));
}

void
cli_chat_accept (CliChat    *self,
                 const char *rest)
{
  g_autofree char *key = NULL;
  g_autofree char *name =
    !cli_chat_hint_at_save (self, rest) ? choose (self, CLI_ACCEPTED, rest, &key) : NULL;
  const char *done = name != NULL ? cli_records_tell_accepting (get_store (self), name, key) : NULL;

  if (carry_out (self, CLI_ACCEPTED, name, key))
    tell (self, name, done);
}

void
cli_chat_distrust (CliChat    *self,
                   const char *rest)
{
  g_autofree char *key = NULL;
  g_autofree char *name = choose (self, CLI_DISTRUSTED, rest, &key);
  g_autofree char *shown = NULL;
  g_autofree char *done = NULL;
  g_autoptr(GPtrArray) distrusted = NULL;

  if (!carry_out (self, CLI_DISTRUSTED, name, key))
    return;

  distrusted = cli_records_find_keys (get_store (self), name, TRUE);
  done = key != NULL ? g_strdup (cli_text_trust (XEP174_TRUST_DISTRUSTED))
                     : cli_records_tell_distrusted (get_store (self), name);
  shown = cli_text_name (name);
  tell (self, name, done);
  for (guint i = 0; i < distrusted->len; i++)
    {
      g_autofree char *beginning = cli_text_key (distrusted->pdata[i]);

      if (key == NULL || g_str_equal (distrusted->pdata[i], key))
        cli_chat_show_note (self, _("/accept %s %s takes that back."), shown, beginning);
    }
}

/* What stays is told, so that it can be taken back. */
void
cli_chat_forget (CliChat    *self,
                 const char *rest)
{
  g_autofree char *key = NULL;
  g_autofree char *name = choose (self, CLI_FORGOTTEN, rest, &key);
  g_autoptr(GPtrArray) kept = name != NULL ? cli_records_find_keys (get_store (self), name, TRUE) : NULL;

  if (!carry_out (self, CLI_FORGOTTEN, name, NULL))
    return;

  tell (self, name, _("the keys are forgotten"));
  for (guint i = 0; i < kept->len; i++)
    cli_told_add (self->told, name, kept->pdata[i]);
  for (guint i = 0; i < kept->len; i++)
    {
      g_autofree char *beginning = cli_text_key (kept->pdata[i]);
      g_autofree char *spelled = cli_told_spell (self->told, name, kept->pdata[i]);

      cli_chat_show_note (self, _("The key that begins with %s stays distrusted. /accept %s takes that "
                                  "back."), beginning, spelled);
    }
}
