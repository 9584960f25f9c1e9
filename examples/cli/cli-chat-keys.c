/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat: whether a conversation is encrypted, and whose key it is. */

#include "cli-chat-private.h"

#include "cli-keys.h"
#include "cli-text.h"

#define SHOWN "xep174-cli-shown"

static Xep174SessionManager *
get_manager (CliChat *self)
{
  return xep174_client_get_session_manager (cli_app_get_client (self->app));
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

  if (self->terminal == NULL || g_object_get_data (G_OBJECT (session), SHOWN) == shown)
    return;

  g_object_set_data (G_OBJECT (session), SHOWN, shown);
  painted = cli_chat_paint_name (self, xep174_session_get_name (session));
  cli_chat_show_note (self, "The conversation with %s is %s", painted,
                      unkept ? "encrypted, not remembered: there are too many keys" : cli_text_trust (trust));
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
  /* One session may open again and again. */
  g_signal_handlers_disconnect_by_func (session, on_trust, self);
  g_signal_connect (session, "notify::trust", G_CALLBACK (on_trust), self);
  show_trust (self, session);
}

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           const GError         *error,
           CliChat              *self)
{
  g_signal_handlers_disconnect_by_func (session, on_trust, self);
  g_object_set_data (G_OBJECT (session), SHOWN, NULL);
}

static void
on_key_changed (Xep174Client *client,
                const char   *name,
                const char   *old,
                const char   *new,
                CliChat      *self)
{
  g_autofree char *shown = cli_text_name (name);
  g_autofree char *warning = g_strdup_printf ("%s: %s", shown, cli_text_trust (XEP174_TRUST_CHANGED));

  if (self->terminal == NULL)
    return;

  cli_chat_show_error (self, warning);
  cli_chat_show_note (self, "It may be a new machine, or a new installation. Or somebody else uses "
                      "the name, to read what you say.");
  cli_chat_show_note (self, "Ask the person, but not in this chat. /verify %s shows the number of the "
                      "new key;", shown);
  cli_chat_show_note (self, "/accept %s takes it, /distrust %s refuses it for good.", shown, shown);
}

void
cli_chat_watch_keys (CliChat *self)
{
  Xep174SessionManager *manager = get_manager (self);

  g_signal_connect (manager, "session-opened", G_CALLBACK (on_opened), self);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_closed), self);
  g_signal_connect (cli_app_get_client (self->app), "key-changed", G_CALLBACK (on_key_changed), self);
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
}

/* --- What the person asks for ------------------------------------------------------------- */

/* Somebody who is here, or whose key is known; without a name the partner. */
static char *
find_name (CliChat    *self,
           const char *rest)
{
  const char *typed = *rest != '\0' ? rest : self->partner != NULL ? self->partner : "";
  Xep174Contact *contact = *typed != '\0' ? cli_app_find_contact (self->app, typed, TRUE, NULL) : NULL;
  g_autoptr(GError) error = NULL;
  char *name;

  if (contact != NULL)
    return g_strdup (xep174_contact_get_name (contact));
  if (*typed == '\0')
    {
      cli_chat_show_error (self, "Name the person, too");
      return NULL;
    }

  name = cli_keys_find_name (xep174_session_manager_get_trust_store (get_manager (self)), typed, &error);
  if (name == NULL)
    cli_chat_show_error (self, error->message);
  return name;
}

static void
show_number (CliChat       *self,
             Xep174Session *session)
{
  g_autofree char *number = xep174_session_dup_safety_number (session);
  g_autofree char *name = cli_text_name (xep174_session_get_name (session));

  if (number == NULL)
    {
      g_autofree char *text =
        g_strdup_printf ("The conversation with %s is not encrypted, so there is no number to compare",
                         name);

      cli_chat_show_error (self, text);
      return;
    }

  cli_chat_show_note (self, "The number of you and %s:", name);
  for (const char *line = number; *line != '\0'; line += MIN (strlen (line), 36))
    cli_chat_show_note (self, "    %.35s", line);
  cli_chat_show_note (self, "Is it the same over there? Ask the person by telephone, or look together, "
                      "but do not ask in this chat.");
  if (xep174_session_get_trust (session) == XEP174_TRUST_CHANGED)
    cli_chat_show_note (self, "It is that of the new key. If it is the same: /accept %s", name);
  else
    cli_chat_show_note (self, "If it is the same: /compared %s", name);
  cli_chat_show_note (self, "If it is not, somebody else reads what you say: /distrust %s", name);
}

static void
on_verify_opened (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  CliChat *self = user_data;
  Xep174Session *session = XEP174_SESSION (source);
  g_autoptr(GError) error = NULL;

  if (self->terminal == NULL)
    return;
  /* A key that was refused has a number, too. */
  if (xep174_session_open_finish (session, result, &error)
      || xep174_session_get_trust (session) == XEP174_TRUST_CHANGED)
    show_number (self, session);
  else
    cli_chat_show_error (self, error->message);
}

void
cli_chat_verify (CliChat    *self,
                 const char *rest)
{
  g_autofree char *name = find_name (self, rest);
  g_autofree char *number = NULL;
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(GError) error = NULL;

  if (name == NULL)
    return;

  session = xep174_session_manager_ensure_session (get_manager (self), name, &error);
  if (session == NULL)
    {
      cli_chat_show_error (self, error->message);
      return;
    }

  number = xep174_session_dup_safety_number (session);
  if (number != NULL)
    show_number (self, session);
  else
    xep174_session_open_async (session, NULL, on_verify_opened, self);
}

static gboolean
forget (Xep174SessionManager  *manager,
        const char            *name,
        const char            *key,
        GError               **error)
{
  return xep174_session_manager_forget_keys (manager, name, error);
}

/* The key whose number was shown. */
static char *
dup_key (CliChat    *self,
         const char *name)
{
  g_autoptr(Xep174Session) session =
    xep174_session_manager_ensure_session (get_manager (self), name, NULL);

  return session != NULL ? xep174_session_dup_peer_fingerprint (session) : NULL;
}

static void
decide (CliChat    *self,
        const char *rest,
        gboolean  (*func) (Xep174SessionManager *, const char *, const char *, GError **),
        const char *done)
{
  g_autofree char *name = find_name (self, rest);
  g_autofree char *key = name != NULL ? dup_key (self, name) : NULL;
  g_autofree char *painted = NULL;
  g_autoptr(GError) error = NULL;

  if (name == NULL)
    return;

  if (func != xep174_session_manager_distrust_key && func != forget && key == NULL)
    {
      cli_chat_show_error (self, "Type /verify first, and compare the number");
      return;
    }
  if (!func (get_manager (self), name, key, &error))
    {
      cli_chat_show_error (self, error->message);
      return;
    }

  painted = cli_chat_paint_name (self, name);
  cli_chat_show_note (self, "%s: %s", painted, done);
}

void
cli_chat_compared (CliChat    *self,
                   const char *rest)
{
  decide (self, rest, xep174_session_manager_verify_key, "the key is compared");
}

void
cli_chat_accept (CliChat    *self,
                 const char *rest)
{
  decide (self, rest, xep174_session_manager_accept_key, "the new key is accepted");
}

void
cli_chat_distrust (CliChat    *self,
                   const char *rest)
{
  decide (self, rest, xep174_session_manager_distrust_key, "the key is not trusted: nothing is sent");
}

void
cli_chat_forget (CliChat    *self,
                 const char *rest)
{
  decide (self, rest, forget, "the keys are forgotten");
}
