/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-browser-private.h"

#include "xep174-mdns-instance-private.h"
#include "xep174-mdns-rdata-private.h"
#include "xep174-name-private.h"

/* How long we wait after a browse query has failed before we try again. */
#define RETRY_MS 2000

struct _Xep174MdnsBrowser
{
  Xep174MdnsHub   *hub;
  Xep174Discovery *owner; /* not referenced, owns us */
  GHashTable      *instances;
  char            *own_name;
  Xep174MdnsQuery *query;
  GSource         *retry;
  gboolean         has_failed; /* what the new query does not find has gone meanwhile */
};

static Xep174MdnsInstance *
find_instance (Xep174MdnsBrowser *self,
               const char        *name)
{
  return g_hash_table_lookup (self->instances, name);
}

static gboolean
is_own (Xep174MdnsBrowser *self,
        const char        *name)
{
  return self->own_name != NULL && xep174_name_equal (self->own_name, name);
}

static void
add_ptr (Xep174MdnsBrowser      *self,
         const Xep174MdnsRecord *record,
         const char             *name)
{
  Xep174MdnsInstance *instance = find_instance (self, name);

  if (instance == NULL)
    {
      instance = xep174_mdns_instance_new (self->hub, name);
      g_hash_table_insert (self->instances, (gpointer) xep174_mdns_instance_get_name (instance),
                           instance);
      xep174_mdns_hub_check_room (self->hub, g_hash_table_size (self->instances));
    }

  xep174_mdns_instance_add_link (instance, record);
  if (!is_own (self, name))
    xep174_mdns_instance_watch (instance);
}

static void
remove_ptr (Xep174MdnsBrowser      *self,
            const Xep174MdnsRecord *record,
            const char             *name)
{
  Xep174MdnsInstance *instance = find_instance (self, name);

  if (instance == NULL || xep174_mdns_instance_remove_link (instance, record))
    return;

  g_hash_table_remove (self->instances, name);
  xep174_mdns_hub_check_room (self->hub, g_hash_table_size (self->instances));
}

static void
age_links (Xep174MdnsBrowser *self)
{
  GHashTableIter iter;
  gpointer instance;

  self->has_failed = TRUE;
  g_hash_table_iter_init (&iter, self->instances);
  while (g_hash_table_iter_next (&iter, NULL, &instance))
    xep174_mdns_instance_age_links (instance);
}

static void
drop_old_links (Xep174MdnsBrowser *self)
{
  GHashTableIter iter;
  gpointer instance;

  self->has_failed = FALSE;
  g_hash_table_iter_init (&iter, self->instances);
  while (g_hash_table_iter_next (&iter, NULL, &instance))
    if (!xep174_mdns_instance_drop_old_links (instance))
      g_hash_table_iter_remove (&iter);
  xep174_mdns_hub_check_room (self->hub, g_hash_table_size (self->instances));
}

static void retry_later (Xep174MdnsBrowser *self,
                         const GError      *reason);

static gboolean
on_retry (gpointer user_data)
{
  Xep174MdnsBrowser *self = user_data;

  g_autoptr(GError) error = NULL;

  xep174_clear_source (&self->retry);
  if (!xep174_mdns_browser_start (self, &error))
    retry_later (self, error);

  return G_SOURCE_REMOVE;
}

static void
retry_later (Xep174MdnsBrowser *self,
             const GError      *reason)
{
  xep174_mdns_hub_set_problem (self->hub, XEP174_MDNS_PROBLEM_BROWSE, reason);
  xep174_mdns_stack_cancel (self->hub->stack, &self->query);
  age_links (self);
  xep174_clear_source (&self->retry);
  self->retry = xep174_mdns_stack_after (self->hub->stack, RETRY_MS, on_retry, self);
}

static void
on_ptr_record (Xep174MdnsEvent         event,
               const Xep174MdnsRecord *record,
               const GError           *error,
               gpointer                user_data)
{
  Xep174MdnsBrowser *self = user_data;
  g_autofree char *name = NULL;

  if (event == XEP174_MDNS_QUERY_FAILED)
    retry_later (self, error);
  if (event == XEP174_MDNS_QUERY_SETTLED && self->has_failed)
    drop_old_links (self);
  if (event != XEP174_MDNS_RECORD_ADDED && event != XEP174_MDNS_RECORD_REMOVED)
    return;

  name = xep174_mdns_record_dup_instance (record, self->hub->domain);
  if (name == NULL)
    return;

  if (event == XEP174_MDNS_RECORD_ADDED)
    add_ptr (self, record, name);
  else
    remove_ptr (self, record, name);
}

Xep174MdnsBrowser *
xep174_mdns_browser_new (Xep174MdnsHub   *hub,
                         Xep174Discovery *owner)
{
  Xep174MdnsBrowser *self = g_new0 (Xep174MdnsBrowser, 1);

  self->hub = xep174_mdns_hub_ref (hub);
  self->owner = owner;
  self->instances = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, NULL,
                                           (GDestroyNotify) xep174_mdns_instance_free);

  return self;
}

void
xep174_mdns_browser_free (Xep174MdnsBrowser *self)
{
  xep174_mdns_browser_stop (self);
  g_hash_table_unref (self->instances);
  g_free (self->own_name);
  xep174_mdns_hub_unref (self->hub);
  g_free (self);
}

gboolean
xep174_mdns_browser_start (Xep174MdnsBrowser  *self,
                           GError            **error)
{
  g_autofree char *name = xep174_mdns_service_name (NULL, self->hub->domain);

  if (self->query == NULL)
    self->query = xep174_mdns_stack_query (self->hub->stack, name, XEP174_DNS_TYPE_PTR,
                                           NULL, on_ptr_record, self, error);
  if (self->query != NULL)
    xep174_mdns_hub_set_problem (self->hub, XEP174_MDNS_PROBLEM_BROWSE, NULL);

  return self->query != NULL;
}

void
xep174_mdns_browser_stop (Xep174MdnsBrowser *self)
{
  xep174_mdns_stack_cancel (self->hub->stack, &self->query);
  xep174_clear_source (&self->retry);
  self->has_failed = FALSE;
  g_hash_table_remove_all (self->instances);
  xep174_mdns_hub_check_room (self->hub, 0);
  xep174_mdns_hub_set_problem (self->hub, XEP174_MDNS_PROBLEM_BROWSE, NULL);
}

void
xep174_mdns_browser_set_own_name (Xep174MdnsBrowser *self,
                                  const char        *name)
{
  g_autofree char *former = g_steal_pointer (&self->own_name);
  Xep174MdnsInstance *instance;

  self->own_name = g_strdup (name);

  instance = name != NULL ? find_instance (self, name) : NULL;
  if (instance != NULL)
    xep174_mdns_instance_ignore (instance);

  instance = former != NULL && !is_own (self, former) ? find_instance (self, former) : NULL;
  if (instance != NULL)
    xep174_mdns_instance_watch (instance);
}

void
xep174_mdns_browser_tell (Xep174MdnsBrowser *self,
                          const char        *name)
{
  Xep174MdnsInstance *instance = find_instance (self, name);
  g_autoptr(GBytes) txt = instance != NULL ? xep174_mdns_instance_dup_txt (instance) : NULL;
  g_autofree char *published = NULL;

  if (txt == NULL)
    {
      xep174_discovery_remove_contact (self->owner, name);
      return;
    }

  published = g_strdup (xep174_mdns_instance_get_name (instance));
  xep174_discovery_put_contact (self->owner, published, txt);
  /* A handler may have run the main loop, so much may have happened. */
  instance = find_instance (self, name);
  if (instance != NULL)
    xep174_discovery_set_doubtful (self->owner, name, xep174_mdns_instance_is_doubtful (instance));
}

void
xep174_mdns_browser_verify_all (Xep174MdnsBrowser *self)
{
  GHashTableIter iter;
  gpointer instance;

  g_hash_table_iter_init (&iter, self->instances);
  while (g_hash_table_iter_next (&iter, NULL, &instance))
    xep174_mdns_instance_verify (instance, FALSE);
}

void
xep174_mdns_browser_doubt (Xep174MdnsBrowser *self,
                           const char        *name)
{
  Xep174MdnsInstance *instance = find_instance (self, name);

  if (instance != NULL)
    xep174_mdns_instance_verify (instance, TRUE);
}

void
xep174_mdns_browser_trust (Xep174MdnsBrowser *self,
                           const char        *name)
{
  Xep174MdnsInstance *instance = find_instance (self, name);

  if (instance != NULL)
    xep174_mdns_instance_trust (instance);
}

const char *
xep174_mdns_browser_find (Xep174MdnsBrowser *self,
                          const char        *name)
{
  Xep174MdnsInstance *instance = find_instance (self, name);

  return instance != NULL ? xep174_mdns_instance_get_name (instance) : NULL;
}

gboolean
xep174_mdns_browser_is_on_link (Xep174MdnsBrowser *self,
                                const char        *name,
                                guint              interface)
{
  Xep174MdnsInstance *instance = find_instance (self, name);

  return instance != NULL && xep174_mdns_instance_is_on_link (instance, interface);
}

gboolean
xep174_mdns_browser_get_place (Xep174MdnsBrowser *self,
                               const char        *name,
                               Xep174MdnsPlace   *place)
{
  Xep174MdnsInstance *instance = find_instance (self, name);

  return instance != NULL && xep174_mdns_instance_get_place (instance, place);
}
