/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-pictures-private.h"

#include "xep174-avatar-private.h"
#include "xep174-gettext-private.h"
#include "xep174-mdns-rdata-private.h"
#include "xep174-name-private.h"

/* The name as DNS-SD spells it, and as libpurple does. */
#define SPELLINGS 2

struct _Xep174MdnsPictures
{
  Xep174MdnsHub     *hub;
  Xep174MdnsBrowser *browser;
  GQueue             waiting; /* of Search */
  GQueue             running; /* the same */
  GHashTable        *resting; /* Rest by its name */
};

typedef struct
{
  Xep174MdnsPictures *pictures;
  GList               link;
  GQueue             *queue;
  char               *name;
  char               *hash;
  GTask              *task;
  GSource            *cancelled;
  GSource            *timer;
  Xep174MdnsQuery    *queries[SPELLINGS];
  gboolean            is_everywhere;
  GError             *error; /* what to say if nothing right comes */
} Search;

/* A name that was asked about less than a second ago. */
typedef struct
{
  Xep174MdnsPictures *pictures;
  char               *name;
  GSource            *timer;
} Rest;

static void start_waiting (Xep174MdnsPictures *self);

static void
rest_free (gpointer data)
{
  Rest *rest = data;

  xep174_clear_source (&rest->timer);
  g_free (rest->name);
  g_free (rest);
}

static gboolean
on_rested (gpointer user_data)
{
  Rest *rest = user_data;
  Xep174MdnsPictures *self = rest->pictures;

  g_hash_table_remove (self->resting, rest->name);
  start_waiting (self);

  return G_SOURCE_REMOVE;
}

static void
let_rest (Xep174MdnsPictures *self,
          const char         *name)
{
  Rest *rest = g_new0 (Rest, 1);

  rest->pictures = self;
  rest->name = g_strdup (name);
  rest->timer = xep174_mdns_stack_after (self->hub->stack, XEP174_MDNS_PICTURE_REST_MS, on_rested,
                                         rest);
  g_hash_table_replace (self->resting, rest->name, rest);
}

static void
stop_asking (Search *search)
{
  for (guint i = 0; i < SPELLINGS; i++)
    xep174_mdns_stack_cancel (search->pictures->hub->stack, &search->queries[i]);
  xep174_clear_source (&search->timer);
}

/* One of @picture and @error is set, and is taken. */
static void
finish (Search *search,
        GBytes *picture,
        GError *error)
{
  stop_asking (search);
  xep174_clear_source (&search->cancelled);
  g_queue_unlink (search->queue, &search->link);
  if (picture != NULL)
    xep174_mdns_return_pointer (search->task, picture, (GDestroyNotify) g_bytes_unref);
  else
    xep174_mdns_return_error (search->task, error);

  g_clear_error (&search->error);
  g_free (search->name);
  g_free (search->hash);
  g_free (search);
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  Search *search = user_data;
  Xep174MdnsPictures *self = search->pictures;

  finish (search, NULL, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                             _("Loading the picture was cancelled")));
  start_waiting (self);

  return G_SOURCE_REMOVE;
}

static void
fail (Search *search)
{
  Xep174MdnsPictures *self = search->pictures;
  GError *error = g_steal_pointer (&search->error);

  if (error == NULL)
    error = g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                         _("The picture of “%s” did not come within %d seconds. Try again later"),
                         search->name, XEP174_MDNS_PICTURE_MS / 1000);
  finish (search, NULL, error);
  start_waiting (self);
}

/* D15: anybody may answer. What is wrong may also be the former picture, which a cache still has, and
 * then the right one comes behind it. */
static void
on_record (Xep174MdnsEvent         event,
           const Xep174MdnsRecord *record,
           const GError           *error,
           gpointer                user_data)
{
  Search *search = user_data;
  Xep174MdnsPictures *self = search->pictures;
  g_autoptr(GBytes) picture = NULL;

  if (event == XEP174_MDNS_QUERY_FAILED && search->error == NULL)
    search->error = g_error_copy (error);
  if (event != XEP174_MDNS_RECORD_ADDED)
    return;

  picture = g_bytes_new (record->rdata, record->size);
  if (xep174_avatar_matches (picture, search->hash))
    {
      finish (search, g_steal_pointer (&picture), NULL);
      start_waiting (self);
      return;
    }

  g_clear_error (&search->error);
  search->error = g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_WRONG_AVATAR,
                               _("What came as the picture of “%s” is not the one that was "
                                 "announced, and is not shown"), search->name);
}

static void
ask (Search *search)
{
  Xep174MdnsHub *hub = search->pictures->hub;
  g_auto(GStrv) names = xep174_mdns_picture_names (search->name, hub->domain);
  Xep174MdnsPlace place;

  if (!xep174_mdns_browser_get_place (search->pictures->browser, search->name, &place))
    search->is_everywhere = TRUE;
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr(GError) error = NULL;

      search->queries[i] =
        xep174_mdns_stack_query (hub->stack, names[i], XEP174_DNS_TYPE_NULL,
                                 search->is_everywhere ? NULL : &place, on_record, search, &error);
      if (error != NULL && search->error == NULL)
        search->error = g_steal_pointer (&error);
    }
}

/* On each link, and over each protocol, the whole picture is sent. So one of them is asked first. */
static gboolean
on_timer (gpointer user_data)
{
  Search *search = user_data;
  guint left_ms = XEP174_MDNS_PICTURE_MS - XEP174_MDNS_PICTURE_THERE_MS;

  if (search->is_everywhere)
    {
      fail (search);
      return G_SOURCE_REMOVE;
    }

  stop_asking (search);
  search->is_everywhere = TRUE;
  ask (search);
  search->timer = xep174_mdns_stack_after (search->pictures->hub->stack, left_ms, on_timer, search);

  return G_SOURCE_REMOVE;
}

static void
start (Search *search)
{
  Xep174MdnsPictures *self = search->pictures;

  g_queue_unlink (search->queue, &search->link);
  search->queue = &self->running;
  g_queue_push_tail_link (search->queue, &search->link);
  let_rest (self, search->name);
  ask (search);
  search->timer = xep174_mdns_stack_after (self->hub->stack,
                                           search->is_everywhere ? XEP174_MDNS_PICTURE_MS
                                                                 : XEP174_MDNS_PICTURE_THERE_MS,
                                           on_timer, search);
}

static void
start_waiting (Xep174MdnsPictures *self)
{
  GList *next;

  for (GList *l = self->waiting.head; l != NULL && self->running.length < XEP174_MDNS_PICTURES; l = next)
    {
      Search *search = l->data;

      next = l->next;
      if (!g_hash_table_contains (self->resting, search->name))
        start (search);
    }
}

Xep174MdnsPictures *
xep174_mdns_pictures_new (Xep174MdnsHub     *hub,
                          Xep174MdnsBrowser *browser)
{
  Xep174MdnsPictures *self = g_new0 (Xep174MdnsPictures, 1);

  self->hub = xep174_mdns_hub_ref (hub);
  self->browser = browser;
  self->resting = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, NULL, rest_free);

  return self;
}

void
xep174_mdns_pictures_free (Xep174MdnsPictures *self)
{
  xep174_mdns_pictures_stop (self);
  g_hash_table_unref (self->resting);
  xep174_mdns_hub_unref (self->hub);
  g_free (self);
}

void
xep174_mdns_pictures_run (Xep174MdnsPictures *self,
                          const char         *name,
                          const char         *hash,
                          GTask              *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Search *search = g_new0 (Search, 1);

  search->pictures = self;
  search->link.data = search;
  search->queue = &self->waiting;
  search->name = g_strdup (name);
  search->hash = g_strdup (hash);
  search->task = task;
  g_queue_push_tail_link (search->queue, &search->link);
  if (cancellable != NULL)
    {
      search->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (search->cancelled, G_SOURCE_FUNC (on_cancelled), search, NULL);
      g_source_attach (search->cancelled, self->hub->context);
    }

  start_waiting (self);
}

static void
stop_all (GQueue *queue)
{
  GList *link;

  while ((link = g_queue_peek_head_link (queue)) != NULL)
    {
      Search *search = link->data;

      finish (search, NULL, g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON,
                                         _("The picture of “%s” cannot be loaded: you are not "
                                           "online any more"), search->name));
    }
}

void
xep174_mdns_pictures_stop (Xep174MdnsPictures *self)
{
  stop_all (&self->waiting);
  stop_all (&self->running);
  g_hash_table_remove_all (self->resting);
}
