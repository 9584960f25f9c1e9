/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-identify-private.h"

#include "xep174-address-private.h"
#include "xep174-directory.h"
#include "xep174-gettext-private.h"
#include "xep174-mdns-resolver-private.h"
#include "xep174-name-private.h"

/* How long the search for a caller without a name may take. A few old clients give no name (X4). */
#define SEARCH_MS 3000

/* Addresses come one by one, those of one host close together. The search ends when no new one has
 * come for so long: TOLD_MS if all contacts have told an address, SILENT_MS if some have not and
 * may have left. */
#define TOLD_MS   50
#define SILENT_MS 500

typedef struct
{
  Xep174MdnsIdentify *identify;
  char               *claimed_name; /* NULL in a search among all contacts */
  gboolean            stranger;
  GHashTable         *resolvers;    /* resolvers of the contacts that take part, by name */
  GPtrArray          *callers;
  GSource            *deadline;
  GSource            *pause;        /* in a search among all contacts: it ends then */
} Search;

/* A caller that waits for a search: its task, whose data is the address that the call comes
 * from. */
typedef struct
{
  Search  *search;
  GTask   *task;
  GSource *cancelled;
} Caller;

struct _Xep174MdnsIdentify
{
  Xep174MdnsHub     *hub;
  Xep174MdnsBrowser *browser;
  Xep174Discovery   *owner;    /* not referenced, owns us */
  GHashTable        *searches; /* by claimed name */
  Search            *search_all;
  guint              n_strangers;
};

static void
caller_free (gpointer data)
{
  Caller *caller = data;

  xep174_clear_source (&caller->cancelled);
  g_object_unref (caller->task);
  g_free (caller);
}

static GSocketAddress *
get_source (GTask *task)
{
  return g_task_get_task_data (task);
}

static void
search_free (Search *search)
{
  xep174_clear_source (&search->deadline);
  xep174_clear_source (&search->pause);
  g_hash_table_unref (search->resolvers);
  g_ptr_array_unref (search->callers);
  g_free (search->claimed_name);
  g_free (search);
}

static void
detach_search (Search *search)
{
  Xep174MdnsIdentify *self = search->identify;

  if (search->stranger)
    self->n_strangers--;
  if (search == self->search_all)
    self->search_all = NULL;
  else
    g_hash_table_remove (self->searches, search->claimed_name);
}

static void
return_name (Xep174MdnsIdentify *self,
             GTask              *task,
             const char         *name)
{
  xep174_mdns_browser_trust (self->browser, name);
  xep174_mdns_return_pointer (g_object_ref (task), g_strdup (name), g_free);
}

static void
return_error (GTask                *task,
              Xep174DirectoryError  code,
              const char           *message)
{
  xep174_mdns_return_error (g_object_ref (task),
                            g_error_new_literal (XEP174_DIRECTORY_ERROR, code, message));
}

static void
return_mismatch (GTask      *task,
                 const char *claimed_name,
                 gboolean    known)
{
  g_autofree char *message =
    g_strdup_printf (known ? _("The connection comes from no address of “%s”")
                           : _("Nobody on the network is called “%s”"), claimed_name);

  return_error (task, known ? XEP174_DIRECTORY_ERROR_WRONG_ADDRESS
                            : XEP174_DIRECTORY_ERROR_UNKNOWN_NAME, message);
}

/* X13: a link-local source need not be among the addresses. A contact that was seen on that link
 * may have it. */
static gboolean
comes_from_link_of (Xep174MdnsIdentify *self,
                    GSocketAddress     *source,
                    const char         *name)
{
  guint32 scope_id;

  return xep174_address_is_link_local (source, &scope_id) && scope_id != 0 &&
         xep174_mdns_browser_is_on_link (self->browser, name, scope_id);
}

/* The only contact that has the address, or with @by_link may have it. NULL if there is none, or
 * more than one. */
static const char *
find_only_match (Search         *search,
                 GSocketAddress *source,
                 gboolean        by_link,
                 guint          *n_matches)
{
  GHashTableIter iter;
  gpointer name, resolver;
  const char *match = NULL;

  *n_matches = 0;
  g_hash_table_iter_init (&iter, search->resolvers);
  while (g_hash_table_iter_next (&iter, &name, &resolver))
    {
      if (by_link ? !comes_from_link_of (search->identify, source, name)
                  : !xep174_mdns_resolver_has_address (resolver, source))
        continue;
      match = name;
      ++*n_matches;
    }

  return *n_matches == 1 ? match : NULL;
}

/* X4: the caller is a contact only if no other contact has the address. FALSE if there is no answer
 * yet; with @last there always is one. */
static gboolean
answer_search_all (Search   *search,
                   GTask    *task,
                   gboolean  last)
{
  GSocketAddress *source = get_source (task);
  guint n_matches;
  const char *match = find_only_match (search, source, FALSE, &n_matches);
  gboolean settled = last || n_matches > 0;

  if (n_matches == 0)
    match = find_only_match (search, source, TRUE, &n_matches);

  if (match == NULL && !settled)
    return FALSE;

  if (match != NULL)
    return_name (search->identify, task, match);
  else
    return_error (task, XEP174_DIRECTORY_ERROR_AMBIGUOUS,
                  n_matches == 0 ? _("No contact is known to have the address of the connection")
                                 : _("Several contacts may have the address of the connection"));

  return TRUE;
}

static void
answer_claim (Search *search,
              GTask  *task)
{
  Xep174MdnsResolver *resolver = g_hash_table_lookup (search->resolvers, search->claimed_name);
  const char *published = xep174_mdns_resolver_get_published (resolver);
  const char *known = xep174_mdns_browser_find (search->identify->browser, search->claimed_name);
  const char *name = known != NULL ? known : published;

  if (name != NULL && xep174_mdns_resolver_has_source (resolver, get_source (task)))
    return_name (search->identify, task, name);
  else
    return_mismatch (task, search->claimed_name, name != NULL);
}

static void
end_search (Search *search)
{
  detach_search (search);
  for (guint i = 0; i < search->callers->len; i++)
    {
      Caller *caller = g_ptr_array_index (search->callers, i);

      if (search->claimed_name != NULL)
        answer_claim (search, caller->task);
      else
        answer_search_all (search, caller->task, TRUE);
    }
  search_free (search);
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  Caller *caller = user_data;
  Search *search = caller->search;

  xep174_mdns_return_error (g_object_ref (caller->task),
                            g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                 _("Nobody wants to know who calls any more")));
  g_ptr_array_remove (search->callers, caller);
  if (search->callers->len == 0)
    end_search (search);

  return G_SOURCE_REMOVE;
}

static void
add_caller (Search *search,
            GTask  *task)
{
  Caller *caller = g_new0 (Caller, 1);

  caller->search = search;
  caller->task = g_object_ref (task);
  if (g_task_get_cancellable (task) != NULL)
    {
      caller->cancelled = g_cancellable_source_new (g_task_get_cancellable (task));
      g_source_set_callback (caller->cancelled, G_SOURCE_FUNC (on_cancelled), caller, NULL);
      g_source_attach (caller->cancelled, search->identify->hub->context);
    }
  g_ptr_array_add (search->callers, caller);
}

static gboolean
on_deadline (gpointer user_data)
{
  end_search (user_data);

  return G_SOURCE_REMOVE;
}

/* A caller has its answer as soon as an address fits; the others have it when no more addresses
 * come. */
static void
on_claim_changed (Xep174MdnsResolver *resolver,
                  gpointer            user_data)
{
  Search *search = user_data;

  for (guint i = search->callers->len; i > 0; i--)
    {
      Caller *caller = g_ptr_array_index (search->callers, i - 1);

      if (xep174_mdns_resolver_has_source (resolver, get_source (caller->task)))
        {
          answer_claim (search, caller->task);
          g_ptr_array_remove_index_fast (search->callers, i - 1);
        }
    }

  if (search->callers->len == 0 || xep174_mdns_resolver_is_done (resolver))
    end_search (search);
}

/* How many contacts have told no address: all of them, or with @wait those that still wait to be
 * asked. */
static guint
count_silent (Search   *search,
              gboolean  waiting)
{
  GHashTableIter iter;
  gpointer resolver;
  guint n = 0;

  g_hash_table_iter_init (&iter, search->resolvers);
  while (g_hash_table_iter_next (&iter, NULL, &resolver))
    n += !xep174_mdns_resolver_is_done (resolver) &&
         xep174_mdns_resolver_get_addresses (resolver)->len == 0 &&
         !(waiting && xep174_mdns_resolver_is_asked (resolver));

  return n;
}

static gboolean on_pause (gpointer user_data);

static void
wait_for_pause (Search *search)
{
  xep174_clear_source (&search->pause);
  search->pause = xep174_mdns_stack_after (search->identify->hub->stack,
                                           count_silent (search, FALSE) > 0 ? SILENT_MS : TOLD_MS,
                                           on_pause, search);
}

/* Callers whose contact is found need not wait for the end. But a contact that was not asked yet
 * may have the same address. */
static gboolean
on_pause (gpointer user_data)
{
  Search *search = user_data;

  xep174_clear_source (&search->pause);
  if (count_silent (search, TRUE) > 0)
    {
      wait_for_pause (search);
      return G_SOURCE_REMOVE;
    }

  for (guint i = search->callers->len; i > 0; i--)
    {
      Caller *caller = g_ptr_array_index (search->callers, i - 1);

      if (answer_search_all (search, caller->task, FALSE))
        g_ptr_array_remove_index_fast (search->callers, i - 1);
    }
  if (search->callers->len == 0)
    end_search (search);

  return G_SOURCE_REMOVE;
}

static void
on_search_all_changed (Xep174MdnsResolver *resolver,
                       gpointer            user_data)
{
  Search *search = user_data;
  GHashTableIter iter;
  gpointer each;

  wait_for_pause (search);
  g_hash_table_iter_init (&iter, search->resolvers);
  while (g_hash_table_iter_next (&iter, NULL, &each))
    if (!xep174_mdns_resolver_is_done (each))
      return;

  end_search (search);
}

static Search *
search_new (Xep174MdnsIdentify *self,
            const char         *claimed_name)
{
  Search *search = g_new0 (Search, 1);

  search->identify = self;
  search->claimed_name = g_strdup (claimed_name);
  search->resolvers =
    g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free,
                           (GDestroyNotify) xep174_mdns_resolver_free);
  search->callers = g_ptr_array_new_with_free_func (caller_free);

  return search;
}

static void
add_resolver (Search                 *search,
              const char             *name,
              gboolean                urgent,
              Xep174MdnsResolverFunc  func)
{
  g_hash_table_insert (search->resolvers, g_strdup (name),
                       xep174_mdns_resolver_new (search->identify->hub, name, urgent, func,
                                                 search));
}

static Search *
begin_claim (Xep174MdnsIdentify *self,
             const char         *claimed_name)
{
  gboolean stranger = xep174_mdns_browser_find (self->browser, claimed_name) == NULL;
  Search *search;

  if (stranger && self->n_strangers >= XEP174_MDNS_STRANGERS)
    return NULL;

  search = search_new (self, claimed_name);
  search->stranger = stranger;
  self->n_strangers += stranger;
  g_hash_table_insert (self->searches, search->claimed_name, search);
  add_resolver (search, claimed_name, !stranger, on_claim_changed);

  return search;
}

/* A caller waits for this search, but others may wait to dial. If there are more contacts than
 * slots, the others go first. */
static void
ask_contacts (Search *search)
{
  GListModel *contacts = xep174_discovery_get_contacts (search->identify->owner);
  guint n_contacts = g_list_model_get_n_items (contacts);

  for (guint i = 0; i < n_contacts; i++)
    {
      g_autoptr(Xep174Contact) contact = g_list_model_get_item (contacts, i);
      const char *name = xep174_contact_get_name (contact);

      if (g_hash_table_contains (search->resolvers, name))
        continue;
      add_resolver (search, name, n_contacts <= XEP174_MDNS_SLOTS, on_search_all_changed);
      wait_for_pause (search);
    }
}

/* A contact that appears during a search takes part in it. */
static Search *
join_search_all (Xep174MdnsIdentify *self)
{
  guint n_contacts = g_list_model_get_n_items (xep174_discovery_get_contacts (self->owner));

  if (self->search_all == NULL)
    {
      self->search_all = search_new (self, NULL);
      self->search_all->deadline = xep174_mdns_stack_after (self->hub->stack,
                                                            n_contacts > 0 ? SEARCH_MS : 0,
                                                            on_deadline, self->search_all);
    }
  ask_contacts (self->search_all);
  if (self->search_all->pause == NULL)
    wait_for_pause (self->search_all);

  return self->search_all;
}

static Search *
join_search (Xep174MdnsIdentify *self,
             const char         *claimed_name)
{
  Search *search;

  if (claimed_name == NULL)
    return join_search_all (self);

  search = g_hash_table_lookup (self->searches, claimed_name);
  return search != NULL ? search : begin_claim (self, claimed_name);
}

Xep174MdnsIdentify *
xep174_mdns_identify_new (Xep174MdnsHub     *hub,
                          Xep174MdnsBrowser *browser,
                          Xep174Discovery   *owner)
{
  Xep174MdnsIdentify *self = g_new0 (Xep174MdnsIdentify, 1);

  self->hub = xep174_mdns_hub_ref (hub);
  self->browser = browser;
  self->owner = owner;
  self->searches = g_hash_table_new (xep174_name_hash, xep174_name_equal);

  return self;
}

/* The tasks of callers hold the discovery. So when we get here, none of them waits. */
void
xep174_mdns_identify_free (Xep174MdnsIdentify *self)
{
  g_assert (g_hash_table_size (self->searches) == 0 && self->search_all == NULL);

  g_hash_table_unref (self->searches);
  xep174_mdns_hub_unref (self->hub);
  g_free (self);
}

void
xep174_mdns_identify_run (Xep174MdnsIdentify *self,
                          GSocketAddress     *address,
                          const char         *claimed_name,
                          GTask              *task)
{
  g_autoptr(GTask) taken = task;
  const char *local_name = xep174_discovery_get_local_name (self->owner);
  Search *search;

  g_task_set_task_data (taken, g_object_ref (address), g_object_unref);

  if (claimed_name != NULL &&
      (!xep174_name_is_valid (claimed_name, NULL) ||
       (local_name != NULL && xep174_name_equal (claimed_name, local_name))))
    {
      return_mismatch (taken, claimed_name, FALSE);
      return;
    }

  /* This case needs no look-up. */
  if (claimed_name != NULL && comes_from_link_of (self, address, claimed_name))
    {
      return_name (self, taken, xep174_mdns_browser_find (self->browser, claimed_name));
      return;
    }

  search = join_search (self, claimed_name);
  if (search == NULL)
    xep174_mdns_return_error (g_steal_pointer (&taken),
                              g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_LIMIT,
                                           _("Too many callers with unknown names; “%s” was not "
                                             "looked up"), claimed_name));
  else
    add_caller (search, taken);
}
