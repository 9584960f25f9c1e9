/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where our key and those of others are kept, and what the contacts show of it. */

#include "xep174-client-private.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "xep174-discovery-private.h"
#include "xep174-file-trust-store.h"
#include "xep174-gettext-private.h"
#include "xep174-memory-trust-store.h"
#include "xep174-session-manager-private.h"
#include "xep174-trust-error.h"

/* --- The folder -------------------------------------------------------------------------- */

static char *
find_data_dir (void)
{
  const char *named = g_getenv ("XEP174_DATA_DIR");

  if (named != NULL && *named != '\0')
    return g_strdup (named);

  return g_build_filename (g_get_user_data_dir (), "libxep174", NULL);
}

void
xep174_client_set_up_keys (Xep174Client *self)
{
  g_autofree char *path = NULL;
  g_autoptr(Xep174FileTrustStore) store = NULL;

  if (self->data_dir == NULL)
    self->data_dir = find_data_dir ();
  path = g_build_filename (self->data_dir, "keys", NULL);
  store = xep174_file_trust_store_new (path);
  xep174_session_manager_set_trust_store (self->manager, XEP174_TRUST_STORE (store));
  self->store = XEP174_TRUST_STORE (g_steal_pointer (&store));
  self->remembers_keys = TRUE;
}

static gboolean
is_writable (const char *folder)
{
  return g_mkdir_with_parents (folder, 0700) == 0 && access (folder, W_OK | X_OK) == 0;
}

/* T7: a file of which we only cannot see whether it is there may be there. */
static gboolean
is_missing (const char *path)
{
  GStatBuf status;

  return g_lstat (path, &status) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

static gboolean
explain (const Xep174Client *self,
         GError             *reason,
         GError            **error)
{
  if (reason->domain == G_FILE_ERROR)
    g_set_error (error, reason->domain, reason->code,
                 _("%s. Your key and those of others are kept in “%s”: see that you may read and "
                   "write what is in it, or choose another folder"),
                 reason->message, self->data_dir);
  else
    g_propagate_error (error, g_error_copy (reason));

  g_error_free (reason);
  return FALSE;
}

/* --- What is there at the start ----------------------------------------------------------- */

static gboolean
load_identity (Xep174Client  *self,
               gboolean       in_memory,
               GError       **error)
{
  g_autofree char *path = g_build_filename (self->data_dir, "identity.pem", NULL);
  gboolean optional = xep174_session_manager_get_encryption (self->manager)
                      != XEP174_ENCRYPTION_POLICY_REQUIRE;
  g_autoptr(Xep174Identity) identity = NULL;
  GError *reason = NULL;

  if (xep174_session_manager_is_chosen (self->manager))
    return TRUE;

  if (in_memory && is_missing (path))
    {
      self->remembers_keys = FALSE;
      identity = xep174_identity_generate (&reason);
    }
  else
    identity = xep174_identity_load_or_create (path, &reason);

  if (identity != NULL)
    xep174_session_manager_set_identity (self->manager, identity);
  else if (optional && g_error_matches (reason, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_NOT_SUPPORTED))
    {
      g_clear_error (&reason);
      xep174_session_manager_set_encryption (self->manager, XEP174_ENCRYPTION_POLICY_OFF);
    }

  return reason == NULL || explain (self, reason, error);
}

static gboolean
check_store (Xep174Client  *self,
             gboolean       in_memory,
             GError       **error)
{
  g_autofree char *path = g_build_filename (self->data_dir, "keys", NULL);
  g_autoptr(GListModel) records = NULL;
  GError *reason = NULL;

  if (xep174_session_manager_get_trust_store (self->manager) != self->store)
    return TRUE;

  if (in_memory && is_missing (path))
    {
      g_autoptr(Xep174MemoryTrustStore) store = xep174_memory_trust_store_new ();

      self->remembers_keys = FALSE;
      xep174_session_manager_set_trust_store (self->manager, XEP174_TRUST_STORE (store));
      return TRUE;
    }

  records = xep174_trust_store_list (self->store, &reason);
  return reason == NULL || explain (self, reason, error);
}

/* Pictures of others, for the next time. */
static void
keep_pictures (Xep174Client *self,
               gboolean      in_memory)
{
  g_autofree char *folder = g_build_filename (self->data_dir, "pictures", NULL);

  xep174_discovery_set_avatar_folder (self->discovery, in_memory ? NULL : folder);
}

gboolean
xep174_client_load_keys (Xep174Client  *self,
                         GError       **error)
{
  gboolean in_memory = !is_writable (self->data_dir);
  gboolean remembered = self->remembers_keys;
  gboolean loaded = check_store (self, in_memory, error) && load_identity (self, in_memory, error);

  keep_pictures (self, in_memory);
  if (self->remembers_keys != remembered)
    {
      g_debug ("There is no place to write in “%s”: keys are in memory only", self->data_dir);
      g_object_notify (G_OBJECT (self), "remembers-keys");
    }
  return loaded;
}

/* --- What the contacts show --------------------------------------------------------------- */

static void
update (Xep174Client *self,
        const char   *name)
{
  Xep174Session *session = xep174_session_manager_find_session (self->manager, name);

  xep174_discovery_set_security (self->discovery, name,
                                 session != NULL && xep174_session_get_encrypted (session),
                                 xep174_session_manager_find_trust (self->manager, name));
}

static void
on_contact_added (Xep174Client  *self,
                  Xep174Contact *contact)
{
  update (self, xep174_contact_get_name (contact));
}

static void
on_trust_changed (Xep174Client *self)
{
  g_autoptr(GPtrArray) contacts = xep174_discovery_dup_contacts (self->discovery);

  for (guint i = 0; i < contacts->len; i++)
    update (self, xep174_contact_get_name (contacts->pdata[i]));
}

static void
on_session_notify (Xep174Client  *self,
                   GParamSpec    *property,
                   Xep174Session *session)
{
  update (self, xep174_session_get_name (session));
}

static void
on_session (Xep174Client  *self,
            Xep174Session *session)
{
  update (self, xep174_session_get_name (session));
}

static void
on_session_opened (Xep174Client  *self,
                   Xep174Session *session)
{
  /* One session may open again and again. */
  g_signal_handlers_disconnect_by_func (session, on_session_notify, self);
  g_signal_connect_object (session, "notify::encrypted", G_CALLBACK (on_session_notify), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::trust", G_CALLBACK (on_session_notify), self,
                           G_CONNECT_SWAPPED);
  on_session (self, session);
}

static void
on_key (Xep174Client *self,
        const char   *name)
{
  update (self, name);
}

/* What is the manager's property is ours, too. */
static void
on_notify (Xep174Client *self,
           GParamSpec   *property)
{
  g_object_notify (G_OBJECT (self), property->name);
}

void
xep174_client_watch_keys (Xep174Client *self)
{
  const struct
  {
    const char *signal;
    GCallback handler;
  } watched[] = {
    { "session-opened", G_CALLBACK (on_session_opened) },
    { "session-failed", G_CALLBACK (on_session) },
    { "session-closed", G_CALLBACK (on_session) },
    { "key-seen", G_CALLBACK (on_key) },
    { "key-changed", G_CALLBACK (on_key) },
    { "trust-changed", G_CALLBACK (on_trust_changed) },
    { "notify::encryption", G_CALLBACK (on_notify) },
    { "notify::completion", G_CALLBACK (on_notify) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (self->manager, watched[i].signal, watched[i].handler, self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (self->discovery, "contact-added", G_CALLBACK (on_contact_added), self,
                           G_CONNECT_SWAPPED);
}
