/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-stack.h"

#include <string.h>

#include "xep174-discovery.h"
#include "xep174-mdns-rdata-private.h"

G_DEFINE_FINAL_TYPE (FakeStack, fake_stack, XEP174_TYPE_MDNS_STACK)

struct _Xep174MdnsQuery
{
  FakeStack *stack;
  char *name;
  guint16 type;
  int interface; /* -1 for all */
  Xep174MdnsQueryFunc func;
  gpointer user_data;
};

typedef struct
{
  char *name;
  guint16 type;
  int interface;
  GBytes *rdata;
} Record;

typedef enum
{
  TELL_RUNNING,
  TELL_DOWN,
  TELL_PUBLISHED,
  TELL_COLLISION,
  TELL_RECORD,
} EventKind;

typedef struct
{
  EventKind kind;
  Xep174MdnsQuery *query;
  Xep174MdnsEvent event;
  Record *record;
  gboolean cached;
} Event;

typedef struct
{
  GSource *source;
  GSourceFunc func;
  gpointer user_data;
  gint64 due;
} Timer;

/* A discovery of the test's own, as the two public ones are. */
typedef Xep174MdnsDiscovery FakeMdnsDiscovery;
typedef Xep174MdnsDiscoveryClass FakeMdnsDiscoveryClass;
GType fake_mdns_discovery_get_type (void);

G_DEFINE_FINAL_TYPE (FakeMdnsDiscovery, fake_mdns_discovery, XEP174_TYPE_MDNS_DISCOVERY)

static void
fake_mdns_discovery_class_init (FakeMdnsDiscoveryClass *klass)
{
}

static void
fake_mdns_discovery_init (FakeMdnsDiscovery *self)
{
}

static Record *
record_new (const char *name,
            guint16     type,
            int         interface,
            GBytes     *rdata)
{
  Record *record = g_new0 (Record, 1);

  record->name = g_strdup (name);
  record->type = type;
  record->interface = interface;
  record->rdata = g_bytes_ref (rdata);

  return record;
}

static void
record_free (gpointer data)
{
  Record *record = data;

  g_free (record->name);
  g_bytes_unref (record->rdata);
  g_free (record);
}

static void
event_free (Event *event)
{
  g_clear_pointer (&event->record, record_free);
  g_free (event);
}

static void
tell (FakeStack *self,
      EventKind  kind)
{
  Event *event = g_new0 (Event, 1);

  event->kind = kind;
  g_queue_push_tail (&self->events, event);
}

static void
tell_record (Xep174MdnsQuery *query,
             Xep174MdnsEvent  kind,
             const Record    *record,
             gboolean         cached)
{
  Event *event = g_new0 (Event, 1);

  event->kind = TELL_RECORD;
  event->query = query;
  event->event = kind;
  event->cached = cached;
  if (record != NULL)
    event->record = record_new (record->name, record->type, record->interface, record->rdata);
  g_queue_push_tail (&query->stack->events, event);
}

static void
run_record (FakeStack *self,
            Event     *event)
{
  Xep174MdnsRecord record = { -1, -1, NULL, NULL, 0, event->cached };
  g_autoptr(GError) error = NULL;

  if (event->record != NULL)
    {
      record.interface = event->record->interface;
      record.owner = event->record->name;
      record.rdata = g_bytes_get_data (event->record->rdata, &record.size);
    }
  if (event->event == XEP174_MDNS_QUERY_FAILED)
    g_set_error_literal (&error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED, "failed");
  event->query->func (event->event, &record, error, event->query->user_data);
}

static void
run_event (FakeStack *self,
           Event     *event)
{
  Xep174MdnsStack *stack = XEP174_MDNS_STACK (self);
  g_autoptr(GError) error = NULL;

  switch (event->kind)
    {
    case TELL_RUNNING:
      xep174_mdns_stack_emit_running (stack);
      break;
    case TELL_DOWN:
      g_set_error_literal (&error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON,
                           "away");
      xep174_mdns_stack_emit_down (stack, error);
      break;
    case TELL_PUBLISHED:
      xep174_mdns_stack_emit_published (stack);
      break;
    case TELL_COLLISION:
      g_set_error_literal (&error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION,
                           "taken");
      xep174_mdns_stack_emit_publish_failed (stack, error);
      break;
    case TELL_RECORD:
    default:
      run_record (self, event);
      break;
    }
  event_free (event);
}

/* As a real stack does: in a source of the main loop, where the result of a task is not put off to
 * the next turn. */
static void
run_in_loop (GSourceFunc func,
             gpointer    user_data)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, func, user_data, NULL);
  g_source_attach (source, NULL);
  g_main_context_iteration (NULL, FALSE);
}

static gboolean
on_event (gpointer user_data)
{
  FakeStack *self = user_data;
  Event *event = g_queue_pop_head (&self->events);

  if (event != NULL)
    run_event (self, event);

  return G_SOURCE_REMOVE;
}

void
fake_stack_turn (FakeStack *self)
{
  gboolean busy;

  do
    {
      busy = !g_queue_is_empty (&self->events);
      if (busy)
        run_in_loop (on_event, self);
      if (self->holds_back && !g_queue_is_empty (&self->events))
        continue;
      while (g_main_context_iteration (NULL, FALSE))
        busy = TRUE;
    }
  while (busy);
}

/* The clock */

static gboolean
never (GSource *source)
{
  return FALSE;
}

static GSourceFuncs timer_funcs = { .check = never };

static GSource *
fake_stack_after (Xep174MdnsStack *stack,
                  guint            milliseconds,
                  GSourceFunc      func,
                  gpointer         user_data)
{
  FakeStack *self = FAKE_STACK (stack);
  Timer *timer = g_new0 (Timer, 1);

  timer->source = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_attach (timer->source, NULL);
  timer->func = func;
  timer->user_data = user_data;
  timer->due = self->now + milliseconds;
  g_ptr_array_add (self->timers, timer);

  return g_source_ref (timer->source);
}

static void
timer_free (gpointer data)
{
  Timer *timer = data;

  g_source_destroy (timer->source);
  g_source_unref (timer->source);
  g_free (timer);
}

/* The next one that is due, taken out of the list, and the ones that were destroyed as well. */
static Timer *
take_due (FakeStack *self,
          gint64     until)
{
  guint best = G_MAXUINT;

  for (guint i = 0; i < self->timers->len; i++)
    {
      Timer *timer = g_ptr_array_index (self->timers, i);

      if (g_source_is_destroyed (timer->source))
        g_ptr_array_remove_index (self->timers, i--);
      else if (timer->due <= until &&
               (best == G_MAXUINT ||
                timer->due < ((Timer *) g_ptr_array_index (self->timers, best))->due))
        best = i;
    }

  return best != G_MAXUINT ? g_ptr_array_steal_index (self->timers, best) : NULL;
}

static gboolean
on_timer (gpointer user_data)
{
  Timer *timer = user_data;

  if (!g_source_is_destroyed (timer->source))
    timer->func (timer->user_data);
  timer_free (timer);

  return G_SOURCE_REMOVE;
}

void
fake_stack_advance (FakeStack *self,
                    guint      milliseconds)
{
  gint64 until = self->now + milliseconds;
  Timer *timer;

  while ((timer = take_due (self, until)) != NULL)
    {
      self->now = MAX (self->now, timer->due);
      run_in_loop (on_timer, timer);
      fake_stack_turn (self);
    }
  /* A handler may have let more time pass. */
  self->now = MAX (self->now, until);
  fake_stack_turn (self);
}

/* What a stack does */

static gboolean
fake_stack_open (Xep174MdnsStack *stack,
                 GMainContext    *context,
                 GError         **error)
{
  FakeStack *self = FAKE_STACK (stack);

  if (self->open_error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->open_error));
      return FALSE;
    }

  g_assert_false (self->open);
  self->open = TRUE;
  if (!self->is_slow)
    tell (self, TELL_RUNNING);

  return TRUE;
}

static void
forget_offer (FakeStack *self)
{
  g_clear_pointer (&self->offered, g_bytes_unref);
  g_clear_pointer (&self->offered_names, g_free);
}

static void
fake_stack_close (Xep174MdnsStack *stack)
{
  FakeStack *self = FAKE_STACK (stack);

  g_assert_true (self->open);
  g_assert_cmpuint (self->queries->len, ==, 0);
  self->open = FALSE;
  g_queue_clear_full (&self->events, (GDestroyNotify) event_free);
  g_clear_pointer (&self->published, g_free);
  forget_offer (self);
}

static char *
fake_stack_dup_host_name (Xep174MdnsStack *stack)
{
  return g_strdup (FAKE_STACK (stack)->host_name);
}

static gboolean
is_answer (const Xep174MdnsQuery *query,
           const Record          *record)
{
  return query->type == record->type && g_ascii_strcasecmp (query->name, record->name) == 0
         && (query->interface == -1 || query->interface == record->interface);
}

static Xep174MdnsQuery *
fake_stack_query (Xep174MdnsStack        *stack,
                  const char             *name,
                  guint16                 type,
                  const Xep174MdnsPlace  *place,
                  Xep174MdnsQueryFunc     func,
                  gpointer                user_data,
                  GError                **error)
{
  FakeStack *self = FAKE_STACK (stack);
  Xep174MdnsQuery *query;

  if (self->query_error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->query_error));
      return NULL;
    }

  query = g_new0 (Xep174MdnsQuery, 1);
  query->stack = self;
  query->name = g_strdup (name);
  query->type = type;
  query->interface = place != NULL ? place->interface : -1;
  query->func = func;
  query->user_data = user_data;
  g_ptr_array_add (self->queries, query);
  for (guint i = 0; i < self->records->len; i++)
    if (is_answer (query, g_ptr_array_index (self->records, i)))
      tell_record (query, XEP174_MDNS_RECORD_ADDED, g_ptr_array_index (self->records, i),
                   self->cached);

  return query;
}

static void
fake_stack_cancel (Xep174MdnsStack *stack,
                   Xep174MdnsQuery *query)
{
  FakeStack *self = FAKE_STACK (stack);
  GList *next;

  for (GList *l = self->events.head; l != NULL; l = next)
    {
      Event *event = l->data;

      next = l->next;
      if (event->query == query)
        {
          g_queue_delete_link (&self->events, l);
          event_free (event);
        }
    }
  g_assert_true (g_ptr_array_remove (self->queries, query));
  g_free (query->name);
  g_free (query);
}

static gboolean
fake_stack_publish (Xep174MdnsStack         *stack,
                    const Xep174MdnsService *service,
                    GError                 **error)
{
  FakeStack *self = FAKE_STACK (stack);
  gboolean taken = g_hash_table_contains (self->taken, service->instance);

  self->n_publishes++;
  g_clear_pointer (&self->published, g_free);
  forget_offer (self);
  if (self->publish_error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->publish_error));
      return FALSE;
    }
  if (taken && self->collide_at_once)
    {
      g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION, "taken");
      return FALSE;
    }

  self->published = taken ? NULL : g_strdup (service->instance);
  g_clear_pointer (&self->txt, g_bytes_unref);
  self->txt = g_bytes_ref (service->txt);
  if (taken || !self->is_silent)
    tell (self, taken ? TELL_COLLISION : TELL_PUBLISHED);

  return TRUE;
}

static gboolean
fake_stack_update (Xep174MdnsStack         *stack,
                   const Xep174MdnsService *service,
                   GError                 **error)
{
  FakeStack *self = FAKE_STACK (stack);

  if (self->published == NULL)
    {
      g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                           "not published");
      return FALSE;
    }
  g_assert_cmpstr (self->published, ==, service->instance);
  g_clear_pointer (&self->txt, g_bytes_unref);
  self->txt = g_bytes_ref (service->txt);
  self->n_updates++;

  return TRUE;
}

static gboolean
fake_stack_offer (Xep174MdnsStack       *stack,
                  const Xep174MdnsOffer *offer,
                  GError               **error)
{
  FakeStack *self = FAKE_STACK (stack);

  g_assert_nonnull (self->published);
  forget_offer (self);
  self->n_offers++;
  if (self->offer_error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->offer_error));
      return FALSE;
    }
  if (offer->data == NULL)
    return TRUE;

  g_assert_cmpuint (offer->type, ==, XEP174_DNS_TYPE_NULL);
  self->offered = g_bytes_ref (offer->data);
  self->offered_names = g_strjoinv (" ", offer->names);

  return TRUE;
}

static void
fake_stack_withdraw (Xep174MdnsStack *stack)
{
  g_clear_pointer (&FAKE_STACK (stack)->published, g_free);
  forget_offer (FAKE_STACK (stack));
}

static void
fake_stack_finalize (GObject *object)
{
  FakeStack *self = FAKE_STACK (object);

  g_assert_false (self->open);
  g_ptr_array_unref (self->queries);
  g_ptr_array_unref (self->records);
  g_ptr_array_unref (self->timers);
  g_hash_table_unref (self->taken);
  g_clear_error (&self->publish_error);
  g_clear_error (&self->offer_error);
  forget_offer (self);
  g_clear_error (&self->open_error);
  g_clear_error (&self->query_error);
  g_clear_pointer (&self->txt, g_bytes_unref);
  g_free (self->host_name);

  G_OBJECT_CLASS (fake_stack_parent_class)->finalize (object);
}

static guint
fake_stack_get_records_max (Xep174MdnsStack *stack)
{
  return FAKE_STACK (stack)->records_max;
}

static void
fake_stack_class_init (FakeStackClass *klass)
{
  Xep174MdnsStackClass *stack_class = XEP174_MDNS_STACK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fake_stack_finalize;
  stack_class->open = fake_stack_open;
  stack_class->close = fake_stack_close;
  stack_class->get_records_max = fake_stack_get_records_max;
  stack_class->dup_host_name = fake_stack_dup_host_name;
  stack_class->query = fake_stack_query;
  stack_class->cancel = fake_stack_cancel;
  stack_class->publish = fake_stack_publish;
  stack_class->update = fake_stack_update;
  stack_class->offer = fake_stack_offer;
  stack_class->withdraw = fake_stack_withdraw;
  stack_class->after = fake_stack_after;
}

static void
fake_stack_init (FakeStack *self)
{
  self->queries = g_ptr_array_new ();
  self->records = g_ptr_array_new_with_free_func (record_free);
  self->timers = g_ptr_array_new_with_free_func (timer_free);
  self->taken = g_hash_table_new (g_str_hash, g_str_equal);
  self->host_name = g_strdup ("pronto");
  g_queue_init (&self->events);
}

Xep174Discovery *
fake_stack_make_discovery (FakeStack *stack)
{
  Xep174MdnsDiscovery *discovery = g_object_new (fake_mdns_discovery_get_type (), NULL);

  xep174_mdns_discovery_take_stack (discovery, g_object_ref (XEP174_MDNS_STACK (stack)));

  return XEP174_DISCOVERY (discovery);
}

void
fake_stack_set_running (FakeStack *self,
                        gboolean   running)
{
  if (!running)
    fake_stack_withdraw (XEP174_MDNS_STACK (self));
  tell (self, running ? TELL_RUNNING : TELL_DOWN);
  fake_stack_turn (self);
}

void
fake_stack_tell_published (FakeStack *self)
{
  tell (self, TELL_PUBLISHED);
}

void
fake_stack_end_silence (FakeStack *self)
{
  self->is_silent = FALSE;
  fake_stack_tell_published (self);
  fake_stack_turn (self);
}

void
fake_stack_collide (FakeStack *self)
{
  g_clear_pointer (&self->published, g_free);
  tell (self, TELL_COLLISION);
  fake_stack_turn (self);
}

/* Records */

static void
add_record (FakeStack  *self,
            const char *name,
            guint16     type,
            int         interface,
            GByteArray *rdata)
{
  g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes (rdata);
  Record *record = record_new (name, type, interface, bytes);

  g_ptr_array_add (self->records, record);
  for (guint i = 0; i < self->queries->len; i++)
    {
      Xep174MdnsQuery *query = g_ptr_array_index (self->queries, i);

      if (is_answer (query, record))
        tell_record (query, XEP174_MDNS_RECORD_ADDED, record, FALSE);
    }
  fake_stack_turn (self);
}

/* Those with that data; with any if @rdata is NULL. */
static void
remove_records (FakeStack  *self,
                const char *name,
                guint16     type,
                int         interface,
                GByteArray *rdata)
{
  g_autoptr(GBytes) bytes = rdata != NULL ? g_byte_array_free_to_bytes (rdata) : NULL;

  for (guint i = self->records->len; i > 0; i--)
    {
      Record *record = g_ptr_array_index (self->records, i - 1);

      if (record->type != type || (interface >= 0 && record->interface != interface) ||
          g_ascii_strcasecmp (record->name, name) != 0 ||
          (bytes != NULL && !g_bytes_equal (bytes, record->rdata)))
        continue;
      for (guint j = 0; j < self->queries->len; j++)
        if (is_answer (g_ptr_array_index (self->queries, j), record))
          tell_record (g_ptr_array_index (self->queries, j), XEP174_MDNS_RECORD_REMOVED, record,
                       FALSE);
      g_ptr_array_remove_index (self->records, i - 1);
    }
  fake_stack_turn (self);
}

static void
append_label (GByteArray *rdata,
              const char *label)
{
  guint8 length = strlen (label);

  g_byte_array_append (rdata, &length, 1);
  g_byte_array_append (rdata, (const guint8 *) label, length);
}

static GByteArray *
make_ptr (const char *instance)
{
  GByteArray *rdata = g_byte_array_new ();

  append_label (rdata, instance);
  append_label (rdata, "_presence");
  append_label (rdata, "_tcp");
  append_label (rdata, "local");
  append_label (rdata, "");

  return rdata;
}

static GByteArray *
make_txt (const char *parameter)
{
  GByteArray *rdata = g_byte_array_new ();

  append_label (rdata, parameter);

  return rdata;
}

void
fake_stack_add_ptr (FakeStack  *self,
                    const char *instance,
                    int         interface)
{
  g_autofree char *name = xep174_mdns_service_name (NULL, "local");

  add_record (self, name, XEP174_DNS_TYPE_PTR, interface, make_ptr (instance));
}

void
fake_stack_remove_ptr (FakeStack  *self,
                       const char *instance,
                       int         interface)
{
  g_autofree char *name = xep174_mdns_service_name (NULL, "local");

  remove_records (self, name, XEP174_DNS_TYPE_PTR, interface, make_ptr (instance));
}

void
fake_stack_add_txt (FakeStack  *self,
                    const char *instance,
                    int         interface,
                    const char *parameter)
{
  g_autofree char *name = xep174_mdns_service_name (instance, "local");

  add_record (self, name, XEP174_DNS_TYPE_TXT, interface, make_txt (parameter));
}

void
fake_stack_remove_txt (FakeStack  *self,
                       const char *instance,
                       int         interface,
                       const char *parameter)
{
  g_autofree char *name = xep174_mdns_service_name (instance, "local");

  remove_records (self, name, XEP174_DNS_TYPE_TXT, interface, make_txt (parameter));
}

void
fake_stack_add_picture (FakeStack  *self,
                        const char *instance,
                        int         interface,
                        gboolean    plain,
                        GBytes     *picture)
{
  g_auto(GStrv) names = xep174_mdns_picture_names (instance, "local");
  GByteArray *rdata = g_byte_array_new ();

  g_byte_array_append (rdata, g_bytes_get_data (picture, NULL), g_bytes_get_size (picture));
  add_record (self, names[plain], XEP174_DNS_TYPE_NULL, interface, rdata);
}

void
fake_stack_add_srv (FakeStack  *self,
                    const char *instance,
                    int         interface,
                    const char *host,
                    guint16     port)
{
  g_autofree char *name = xep174_mdns_service_name (instance, "local");
  const guint8 head[] = { 0, 0, 0, 0, port >> 8, port & 0xff };
  GByteArray *rdata = g_byte_array_new ();

  g_byte_array_append (rdata, head, sizeof head);
  if (host != NULL)
    {
      append_label (rdata, host);
      append_label (rdata, "local");
    }
  append_label (rdata, "");
  add_record (self, name, XEP174_DNS_TYPE_SRV, interface, rdata);
}

void
fake_stack_remove_srv (FakeStack  *self,
                       const char *instance)
{
  g_autofree char *name = xep174_mdns_service_name (instance, "local");

  remove_records (self, name, XEP174_DNS_TYPE_SRV, -1, NULL);
}

void
fake_stack_add_address (FakeStack  *self,
                        const char *host,
                        int         interface,
                        const char *address)
{
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string (address);
  g_autofree char *name = g_strdup_printf ("%s.local", host);
  GByteArray *rdata = g_byte_array_new ();
  gsize size = g_inet_address_get_native_size (inet);

  g_byte_array_append (rdata, g_inet_address_to_bytes (inet), size);
  add_record (self, name, size == 4 ? XEP174_DNS_TYPE_A : XEP174_DNS_TYPE_AAAA, interface, rdata);
}

void
fake_stack_settle (FakeStack *self)
{
  for (guint i = 0; i < self->queries->len; i++)
    tell_record (g_ptr_array_index (self->queries, i), XEP174_MDNS_QUERY_SETTLED, NULL, FALSE);
  fake_stack_turn (self);
}

void
fake_stack_tell_cache_done (FakeStack *self)
{
  for (guint i = 0; i < self->queries->len; i++)
    tell_record (g_ptr_array_index (self->queries, i), XEP174_MDNS_CACHE_DONE, NULL, FALSE);
  fake_stack_turn (self);
}

void
fake_stack_fail_queries (FakeStack *self,
                         guint16    type)
{
  for (guint i = 0; i < self->queries->len; i++)
    {
      Xep174MdnsQuery *query = g_ptr_array_index (self->queries, i);

      if (query->type == type)
        tell_record (query, XEP174_MDNS_QUERY_FAILED, NULL, FALSE);
    }
  fake_stack_turn (self);
}

guint
fake_stack_count_queries (FakeStack *self,
                          guint16    type)
{
  guint n_queries = 0;

  for (guint i = 0; i < self->queries->len; i++)
    n_queries += ((Xep174MdnsQuery *) g_ptr_array_index (self->queries, i))->type == type;

  return n_queries;
}

gboolean
fake_stack_is_asked (FakeStack  *self,
                     guint16     type,
                     const char *instance)
{
  gboolean is_host = type == XEP174_DNS_TYPE_A || type == XEP174_DNS_TYPE_AAAA;
  g_autofree char *name = is_host ? g_strdup_printf ("%s.local", instance)
                                  : xep174_mdns_service_name (instance, "local");

  for (guint i = 0; i < self->queries->len; i++)
    {
      Xep174MdnsQuery *query = g_ptr_array_index (self->queries, i);

      if (query->type == type && g_str_equal (query->name, name))
        return TRUE;
    }

  return FALSE;
}
