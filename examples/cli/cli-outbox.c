/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-outbox.h"

#include <string.h>

#include "cli-lookup.h"
#include "cli-receipts.h"
#include "translate.h"

/* A conversation keeps so many messages. That is enough, because a refusal comes soon. */
#define MEMORY 4096

struct _CliOutbox
{
  GObject parent_instance;
  CliApp *app;
  gboolean may_be_begun;
  int seconds;
  CliOutboxFunc func;
  gpointer data;

  /* (element-type Search) */
  GQueue searches;
  /* (element-type Xep174Message): of which nothing has been told. */
  GQueue pending;
  /* (element-type Amending) */
  GQueue amending;
};

/* A message, and whom it is for as it was typed. */
typedef struct
{
  char *to;
  Xep174Message *message;
} Item;

G_DEFINE_FINAL_TYPE (CliOutbox, cli_outbox, G_TYPE_OBJECT)

/* Something that is said of a message. */
typedef struct
{
  /* NULL if the end has been told. */
  CliOutbox *outbox;
  CliDeed deed;
  CliOutboxAmendFunc func;
  gpointer data;
  char *to;
} Amending;

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
  g_object_unref (item->message);
  g_free (item);
}

/* --- What becomes of a message -------------------------------------------------------------- */

static void
tell (CliOutbox     *self,
      const char    *to,
      Xep174Message *message,
      CliOutcome     outcome,
      const char    *reason)
{
  if (outcome >= CLI_NOT_SENT)
    cli_app_fail (self->app);
  self->func (to, message, outcome, reason, self->data);
}

/* The first outcome: it does not hold the program any more. */
static void
tell_first (CliOutbox     *self,
            const char    *to,
            Xep174Message *message,
            CliOutcome     outcome,
            const char    *reason)
{
  if (outcome == CLI_SENT)
    cli_app_note_sent (self->app, to, NULL);
  tell (self, to, message, outcome, reason);
  cli_app_release (self->app);
}

static void
on_state (Xep174Message *message,
          GParamSpec    *property,
          CliOutbox     *self)
{
  static const CliOutcome outcomes[] = {
    [XEP174_MESSAGE_STATE_SENT] = CLI_SENT,
    [XEP174_MESSAGE_STATE_RECEIVED] = CLI_RECEIVED,
    [XEP174_MESSAGE_STATE_READ] = CLI_READ,
    [XEP174_MESSAGE_STATE_FAILED] = CLI_REFUSED,
    [XEP174_MESSAGE_STATE_UNCONFIRMED] = CLI_UNCONFIRMED,
  };
  Xep174MessageState state = xep174_message_get_state (message);
  const char *to = xep174_contact_get_name (xep174_message_get_contact (message));
  const GError *error = xep174_message_get_error (message);
  gboolean is_first = g_queue_remove (&self->pending, message);

  if (is_first && state == XEP174_MESSAGE_STATE_FAILED)
    {
      tell_first (self, to, message, CLI_NOT_SENT, error->message);
      return;
    }

  /* The answer may be faster than the news that it was sent. */
  if (is_first)
    tell_first (self, to, message, CLI_SENT, NULL);
  if (outcomes[state] != CLI_SENT)
    tell (self, to, message, outcomes[state], error != NULL ? error->message : NULL);
}

/* One that does not say which: anybody can send a refusal of what nobody said. */
static void
on_refused (Xep174Client  *client,
            Xep174Contact *contact,
            const char    *id,
            const GError  *error,
            CliOutbox     *self)
{
  GListModel *messages = G_LIST_MODEL (xep174_client_get_conversation (client, contact));

  for (guint i = 0; id == NULL && i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);

      if (!xep174_message_get_outgoing (message))
        continue;

      tell (self, xep174_contact_get_name (contact), NULL, CLI_REFUSED, error->message);
      return;
    }
}

char *
cli_outbox_describe (const char *to,
                     CliOutcome  outcome,
                     const char *reason,
                     const char *text)
{
  switch (outcome)
    {
    case CLI_NOT_SENT:
      return *to != '\0' ? g_strdup_printf (_("not sent to %s: %s: %s"), to, reason, text)
                         : g_strdup_printf (_("not sent: %s: %s"), reason, text);
    case CLI_REFUSED:
      return g_strdup_printf (_("not taken by %s: %s: %s"), to, reason, text);
    case CLI_UNCONFIRMED:
      return g_strdup_printf (_("sent to %s, but may not have arrived: the other program did not confirm "
                                "it: %s"), to, text);
    default:
      return NULL;
    }
}

/* --- To whom it goes ------------------------------------------------------------------------ */

static void
watch (CliOutbox     *self,
       Xep174Message *message)
{
  g_queue_push_tail (&self->pending, message);
  g_signal_connect_object (message, "notify::state", G_CALLBACK (on_state), self, 0);
}

static void
hand_over (CliOutbox     *self,
           Xep174Contact *contact,
           Xep174Message *message)
{
  Xep174Conversation *conversation =
    xep174_client_get_conversation (cli_app_get_client (self->app), contact);

  xep174_conversation_set_limit (conversation, MEMORY);
  watch (self, message);
  xep174_conversation_send_async (conversation, message, NULL, NULL, NULL);
}

void
cli_outbox_send (CliOutbox     *self,
                 Xep174Contact *contact,
                 Xep174Message *message)
{
  cli_app_hold (self->app);
  hand_over (self, contact, message);
}

/* --- What is said of a message -------------------------------------------------------------- */

static void
end_amending (Amending      *amending,
              Xep174Message *message,
              const char    *reason)
{
  CliOutbox *self = amending->outbox;

  if (reason != NULL)
    cli_app_fail (self->app);
  amending->func (amending->to, message, reason, amending->data);
  g_queue_remove (&self->amending, amending);
  amending->outbox = NULL;
  cli_app_release (self->app);
}

static void
on_amended (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  static gboolean (*const finish[]) (Xep174Conversation *, GAsyncResult *, GError **) = {
    [CLI_CORRECT] = xep174_conversation_correct_finish,
    [CLI_RETRACT] = xep174_conversation_retract_finish,
    [CLI_REACT] = xep174_conversation_react_finish,
  };
  Amending *amending = user_data;
  CliOutbox *self = amending->outbox;
  g_autoptr(GError) error = NULL;
  gboolean is_sent = finish[amending->deed] (XEP174_CONVERSATION (source), result, &error);

  if (self != NULL && is_sent)
    cli_app_note_sent (self->app, amending->to, NULL);
  if (self != NULL)
    end_amending (amending, NULL, is_sent ? NULL : error->message);
  g_free (amending->to);
  g_free (amending);
}

/* (transfer full) (nullable) */
static Xep174Message *
dup_last (Xep174Conversation *conversation)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (conversation));

  return n > 0 ? g_list_model_get_item (G_LIST_MODEL (conversation), n - 1) : NULL;
}

static void
correct (Amending           *amending,
         Xep174Conversation *conversation,
         Xep174Message      *message,
         const char         *text)
{
  CliOutbox *self = amending->outbox;
  g_autoptr(Xep174Message) before = dup_last (conversation);
  g_autoptr(Xep174Message) last = NULL;

  xep174_conversation_correct_async (conversation, message, text, NULL, on_amended, amending);
  last = dup_last (conversation);
  if (last == before)
    return;

  /* It is a message like others now. */
  watch (self, last);
  cli_app_hold (self->app);
  end_amending (amending, last, NULL);
  if (xep174_message_get_state (last) != XEP174_MESSAGE_STATE_QUEUED)
    on_state (last, NULL, self);
}

void
cli_outbox_amend (CliOutbox          *self,
                  Xep174Message      *message,
                  CliDeed             deed,
                  const char * const *words,
                  CliOutboxAmendFunc  func,
                  gpointer            data)
{
  Xep174Contact *contact = xep174_message_get_contact (message);
  Xep174Conversation *conversation =
    xep174_client_get_conversation (cli_app_get_client (self->app), contact);
  Amending *amending = g_new (Amending, 1);

  *amending = (Amending) { self, deed, func, data, g_strdup (xep174_contact_get_name (contact)) };
  g_queue_push_tail (&self->amending, amending);
  cli_app_hold (self->app);
  if (deed == CLI_CORRECT)
    correct (amending, conversation, message, words[0]);
  else if (deed == CLI_RETRACT)
    xep174_conversation_retract_async (conversation, message, NULL, on_amended, amending);
  else
    xep174_conversation_react_async (conversation, message, words, NULL, on_amended, amending);
}

/* Of messages it is told by their state. */
static void
on_unconfirmed (Xep174SessionManager *manager,
                Xep174Session        *session,
                Xep174Element        *stanza,
                CliOutbox            *self)
{
  if (cli_receipts_is_amendment (stanza))
    tell (self, xep174_session_get_name (session), NULL, CLI_UNCONFIRMED, NULL);
}

/* --- Whom a name means ---------------------------------------------------------------------- */

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
      {
        hand_over (self, held, item->message);
        item_free (item);
      }
    else
      {
        tell_first (self, item->to, item->message, CLI_NOT_SENT, error->message);
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
  Item *item = g_new (Item, 1);

  *item = (Item) { g_strdup (to), xep174_message_new (XEP174_MESSAGE_KIND_CHAT, text) };
  cli_app_hold (self->app);
  put (self, item);
}

static void
cli_outbox_class_init (CliOutboxClass *klass)
{
}

static void
cli_outbox_init (CliOutbox *self)
{
}

CliOutbox *
cli_outbox_new (CliApp        *app,
                gboolean       may_be_begun,
                int            seconds,
                CliOutboxFunc  func,
                gpointer       data)
{
  CliOutbox *self = g_object_new (CLI_TYPE_OUTBOX, NULL);

  self->app = app;
  self->may_be_begun = may_be_begun;
  self->seconds = seconds;
  self->func = func;
  self->data = data;
  g_signal_connect_object (cli_app_get_client (app), "message-refused", G_CALLBACK (on_refused), self, 0);
  g_signal_connect_object (xep174_client_get_session_manager (cli_app_get_client (app)),
                           "stanza-unconfirmed", G_CALLBACK (on_unconfirmed), self, 0);

  return self;
}

void
cli_outbox_free (CliOutbox *self)
{
  Xep174Message *message;
  Amending *amending;
  Search *search;
  Item *item;

  while ((message = g_queue_pop_head (&self->pending)) != NULL)
    {
      tell_first (self, xep174_contact_get_name (xep174_message_get_contact (message)), message, CLI_NOT_SENT,
                  _("the program ended first"));
    }
  /* Its task may still call back, and frees it then. */
  while ((amending = g_queue_pop_head (&self->amending)) != NULL)
    end_amending (amending, NULL, _("the program ended first"));
  while ((search = g_queue_pop_head (&self->searches)) != NULL)
    {
      while ((item = g_queue_pop_head (&search->items)) != NULL)
        {
          tell_first (self, item->to, item->message, CLI_NOT_SENT,
                      _("the program ended, and nobody of that name had come"));
          item_free (item);
        }
      search_free (search);
    }
  /* With it the watches go. */
  g_object_unref (self);
}
