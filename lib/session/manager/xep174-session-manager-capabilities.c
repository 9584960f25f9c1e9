/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What contacts can do (D20, XEP-0115): from their stream, from what others with the same hash have said, or
 * from the answer to a question. */

#include "xep174-session-manager-private.h"

#include "xep174-caps-private.h"
#include "xep174-feature-host-private.h"
#include "xep174-session-private.h"

/* How many hashes are known at most. Then it begins anew. */
#define MAX_PROVEN 64
/* Of how many contacts it is remembered that their record was believed. Then it begins anew. */
#define MAX_BELIEVED 1024

typedef struct
{
  GWeakRef manager;
  Xep174Session *session;
  char *ver; /* that the contact shows, %NULL if none */
} Question;

/* What @name shows in its record, %NULL without a client who could tell. */
static char *
find_ver (Xep174SessionManager *self,
          const char           *name)
{
  gboolean silent;

  return self->find_ver != NULL ? self->find_ver (self->find_ver_data, name, &silent) : NULL;
}

/* Whether that is the record of a program which answers nothing. None of these encrypts: where @session is
 * encrypted, somebody else has written it. */
static gboolean
is_silent (Xep174SessionManager *self,
           Xep174Session        *session,
           const char           *name)
{
  gboolean silent = FALSE;

  if (self->find_ver != NULL && (session == NULL || !xep174_session_is_encrypted (session)))
    g_free (self->find_ver (self->find_ver_data, name, &silent));

  return silent;
}

static GHashTable *
find_proven (Xep174SessionManager *self,
             const char           *ver)
{
  return ver != NULL && self->proven != NULL ? g_hash_table_lookup (self->proven, ver) : NULL;
}

static void
keep_proven (Xep174SessionManager *self,
             const char           *ver,
             GHashTable           *caps)
{
  if (self->proven == NULL)
    self->proven = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_hash_table_unref);
  if (g_hash_table_size (self->proven) >= MAX_PROVEN)
    g_hash_table_remove_all (self->proven);
  g_hash_table_insert (self->proven, g_strdup (ver), g_hash_table_ref (caps));
}

/* What the record of @name was last taken for, so that a change of it can be told; %NULL for nothing. */
static void
note_believed (Xep174SessionManager *self,
               const char           *name,
               GHashTable           *caps)
{
  if (g_hash_table_lookup (self->believed, name) == caps)
    return;

  g_hash_table_remove (self->believed, name);
  if (caps == NULL)
    return;
  if (g_hash_table_size (self->believed) >= MAX_BELIEVED)
    g_hash_table_remove_all (self->believed);
  g_hash_table_insert (self->believed, g_strdup (name), g_hash_table_ref (caps));
}

/* (transfer full) (nullable): what is known of somebody whose record is taken for @believed. */
static GHashTable *
dup_known (Xep174Session *session,
           GHashTable    *believed)
{
  GHashTable *said = session != NULL ? xep174_session_dup_caps (session) : NULL;

  return said == NULL && believed != NULL ? g_hash_table_ref (believed) : said;
}

static GHashTable *
dup_known_before (Xep174SessionManager *self,
                  Xep174Session        *session,
                  const char           *name)
{
  return dup_known (session, g_hash_table_lookup (self->believed, name));
}

/* Looks at the record of @name again, which may say something else now, or be believed. */
static void
tell_change (Xep174SessionManager *self,
             Xep174Session        *session,
             const char           *name,
             GHashTable           *before)
{
  g_autofree char *ver = find_ver (self, name);
  GHashTable *proven = find_proven (self, ver);
  g_autoptr(GHashTable) now = dup_known (session, proven);

  note_believed (self, name, proven);
  if (!xep174_caps_are_equal (before, now))
    xep174_feature_host_tell_capabilities ((Xep174FeatureHost *) self, name);
}

/* --- Asking -------------------------------------------------------------------------------- */

static void
take_info (Xep174SessionManager *self,
           Question             *question,
           Xep174Element        *query)
{
  const char *name = xep174_session_get_name (question->session);
  g_autoptr(GHashTable) caps = xep174_caps_read (query);
  g_autoptr(GHashTable) before = dup_known_before (self, question->session, name);

  if (question->ver != NULL && xep174_caps_is_proven (query, question->ver))
    keep_proven (self, question->ver, caps);
  xep174_session_put_caps (question->session, caps);
  tell_change (self, question->session, name, before);
}

static void
on_info (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  Question *question = data;
  g_autoptr(Xep174SessionManager) self = g_weak_ref_get (&question->manager);
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Element) iq = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr(Xep174Element) nothing = xep174_element_new ("query", XEP174_NS_DISCO_INFO);
  Xep174Element *query = iq != NULL ? xep174_element_find_child (iq, "query", XEP174_NS_DISCO_INFO) : nothing;

  /* Who refuses to say what it can do can do nothing that needs to be known. */
  if (self != NULL && query != NULL
      && (iq != NULL || g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_REFUSED)))
    take_info (self, question, query);
  g_weak_ref_clear (&question->manager);
  g_object_unref (question->session);
  g_free (question->ver);
  g_free (question);
}

/* Without a node all is meant, which is what the hash is of. It holds the session, not the manager. */
static void
ask (Xep174SessionManager *self,
     Xep174Session        *session,
     const char           *ver)
{
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", XEP174_NS_CLIENT);
  gboolean entered = xep174_poller_enter (self->around.network->poller);
  Question *question = g_new0 (Question, 1);
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_info, question);

  xep174_poller_leave (self->around.network->poller, entered);
  g_weak_ref_init (&question->manager, self);
  question->session = g_object_ref (session);
  question->ver = g_strdup (ver);
  xep174_element_set_attribute (iq, "type", "get");
  xep174_element_append_new (iq, "query", XEP174_NS_DISCO_INFO);
  xep174_session_manager_request (self, session, iq, NULL, task);
}

/* What is said in the stream features is as good as an answer (XEP-0174 §10). */
static void
note_said (Xep174SessionManager *self,
           Xep174Session        *session,
           const char           *name)
{
  GHashTable *caps;
  g_autofree char *said = xep174_session_take_caps (session, &caps);
  g_autofree char *ver = said != NULL ? find_ver (self, name) : NULL;

  if (ver != NULL && strcmp (said, ver) == 0)
    keep_proven (self, ver, caps);
}

Xep174Support
xep174_session_manager_find_support (Xep174SessionManager *self,
                                     const char           *name,
                                     const char           *xmlns)
{
  Xep174Session *session = g_hash_table_lookup (self->around.by_name, name);
  Xep174Support support = session != NULL ? xep174_session_get_support (session, xmlns)
                                          : XEP174_SUPPORT_UNKNOWN;
  g_autofree char *ver = NULL;
  GHashTable *proven;

  if (support != XEP174_SUPPORT_UNKNOWN)
    {
      note_said (self, session, name);
      return support;
    }

  if (is_silent (self, session, name))
    return XEP174_SUPPORT_NO;

  ver = find_ver (self, name);
  proven = find_proven (self, ver);
  note_believed (self, name, proven);
  if (proven != NULL)
    return g_hash_table_contains (proven, xmlns) ? XEP174_SUPPORT_YES : XEP174_SUPPORT_NO;
  if (session != NULL && xep174_session_may_ask_caps (session))
    ask (self, session, ver);

  return XEP174_SUPPORT_UNKNOWN;
}

/* --- What the record of a contact tells ---------------------------------------------------- */

void
xep174_session_manager_set_find_ver (Xep174SessionManager *self,
                                     Xep174FindVer         find_ver_of,
                                     gpointer              data)
{
  self->find_ver = find_ver_of;
  self->find_ver_data = data;
}

void
xep174_session_manager_note_ver (Xep174SessionManager *self,
                                 const char           *name)
{
  Xep174Session *session = g_hash_table_lookup (self->around.by_name, name);
  g_autofree char *ver = find_ver (self, name);
  GHashTable *proven = find_proven (self, ver);
  gboolean renews = session != NULL && xep174_session_renew_caps (session);
  g_autoptr(GHashTable) before = dup_known_before (self, session, name);

  if (proven != NULL && session != NULL)
    xep174_session_put_caps (session, proven);
  else if (renews && xep174_session_may_ask_caps (session))
    ask (self, session, ver);
  tell_change (self, session, name, before);
}
