/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-outbox.h"

#include <string.h>

#include "cli-lookup.h"

/* How many sent messages are remembered. That is enough, because a refusal comes soon. */
#define MEMORY 4096

struct _CliOutbox
{
  CliApp *app;
  gboolean may_be_begun;
  int seconds;
  CliOutboxFunc func;
  gpointer data;

  /* (element-type Search) */
  GQueue searches;
  /* (element-type Item): messages that the library has not sent yet. */
  GQueue pending;
  /* (element-type Item): messages that were sent, the last one first. */
  GQueue sent;
};

typedef struct
{
  /* NULL if the outcome has been told. */
  CliOutbox *outbox;
  char *to;
  char *text;
  char *id;
} Item;

/* A look-up for a name, and the messages that wait for it. */
typedef struct
{
  CliOutbox *outbox;
  char *name;
  CliLookup *lookup;
  GQueue items;
} Search;

static void
item_free (Item *item)
{
  g_free (item->to);
  g_free (item->text);
  g_free (item->id);
  g_free (item);
}

static void
tell (CliOutbox  *self,
      Item       *item,
      const char *reason)
{
  if (reason != NULL)
    cli_app_fail (self->app);
  self->func (item->to, item->text, reason, self->data);
  cli_app_release (self->app);
}

static void
remember (CliOutbox *self,
          Item      *item)
{
  g_queue_push_head (&self->sent, item);
  if (self->sent.length > MEMORY)
    item_free (g_queue_pop_tail (&self->sent));
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Item *item = user_data;
  CliOutbox *self = item->outbox;
  g_autoptr(GError) error = NULL;
  gboolean is_sent = xep174_client_send_message_finish (XEP174_CLIENT (source), result, &error);

  if (self == NULL)
    {
      item_free (item);
      return;
    }

  g_queue_remove (&self->pending, item);
  if (is_sent)
    cli_app_note_sent (self->app, item->to);
  tell (self, item, is_sent ? NULL : error->message);
  if (is_sent)
    remember (self, item);
  else
    item_free (item);
}

static void
send_to (CliOutbox     *self,
         Xep174Contact *contact,
         Item          *item)
{
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, item->text);

  xep174_message_set_id (message, item->id);
  g_free (item->to);
  item->to = g_strdup (xep174_contact_get_name (contact));
  g_queue_push_tail (&self->pending, item);
  xep174_client_send_message_async (cli_app_get_client (self->app), contact, message, NULL,
                                    on_sent, item);
}

static void
search_free (Search *search)
{
  g_clear_pointer (&search->lookup, cli_lookup_free);
  g_free (search->name);
  g_free (search);
}

static void put (CliOutbox *self, Item *item);

static void
on_found (Xep174Contact *contact,
          const GError  *error,
          gpointer       data)
{
  Search *search = data;
  CliOutbox *self = search->outbox;
  g_autoptr(Xep174Contact) held = contact != NULL ? g_object_ref (contact) : NULL;
  Item *item;

  g_queue_remove (&self->searches, search);
  while ((item = g_queue_pop_head (&search->items)) != NULL)
    if (g_ascii_strcasecmp (item->to, search->name) != 0)
      put (self, item);
    else if (held != NULL)
      send_to (self, held, item);
    else
      {
        tell (self, item, error->message);
        item_free (item);
      }
  search_free (search);
}

/* After the messages that were typed before and may go to the same person. */
static void
put (CliOutbox *self,
     Item      *item)
{
  Search *search;

  for (GList *l = self->searches.head; l != NULL; l = l->next)
    {
      search = l->data;
      if (g_ascii_strncasecmp (item->to, search->name, strlen (search->name)) == 0)
        {
          g_queue_push_tail (&search->items, item);
          return;
        }
    }

  search = g_new0 (Search, 1);
  search->outbox = self;
  search->name = g_strdup (item->to);
  g_queue_push_tail (&search->items, item);
  g_queue_push_tail (&self->searches, search);
  search->lookup = cli_lookup_new (self->app, search->name, self->may_be_begun, self->seconds,
                                   on_found, search);
}

void
cli_outbox_say (CliOutbox  *self,
                const char *to,
                const char *text)
{
  Item *item = g_new0 (Item, 1);

  item->outbox = self;
  item->to = g_strdup (to);
  item->text = g_strdup (text);
  item->id = g_uuid_string_random ();
  cli_app_hold (self->app);
  put (self, item);
}

const char *
cli_outbox_recall (CliOutbox  *self,
                   const char *to,
                   const char *id)
{
  /* The answer may be faster than the news that it was sent. */
  GQueue *const queues[] = { &self->sent, &self->pending };

  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    for (GList *l = queues[i]->head; l != NULL; l = l->next)
      {
        Item *item = l->data;

        if (g_ascii_strcasecmp (item->to, to) != 0)
          continue;
        if (id == NULL)
          return "…";
        if (g_str_equal (item->id, id))
          return item->text;
      }

  return NULL;
}

CliOutbox *
cli_outbox_new (CliApp        *app,
                gboolean       may_be_begun,
                int            seconds,
                CliOutboxFunc  func,
                gpointer       data)
{
  CliOutbox *self = g_new0 (CliOutbox, 1);

  self->app = app;
  self->may_be_begun = may_be_begun;
  self->seconds = seconds;
  self->func = func;
  self->data = data;

  return self;
}

void
cli_outbox_free (CliOutbox *self)
{
  Search *search;
  Item *item;

  /* Its task may still call back, and frees it then. */
  while ((item = g_queue_pop_head (&self->pending)) != NULL)
    {
      item->outbox = NULL;
      tell (self, item, "the program ended first");
    }
  while ((search = g_queue_pop_head (&self->searches)) != NULL)
    {
      while ((item = g_queue_pop_head (&search->items)) != NULL)
        {
          tell (self, item, "the program ended, and nobody of that name had come");
          item_free (item);
        }
      search_free (search);
    }
  g_queue_clear_full (&self->sent, (GDestroyNotify) item_free);
  g_free (self);
}
