/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-query-private.h"

#include "xep174-avahi-record-private.h"
#include "xep174-avahi-refusal-private.h"
#include "xep174-gettext-private.h"

#define CLASS_IN 1
#define ANYWHERE (-1)

#define BROWSER "org.freedesktop.Avahi.RecordBrowser"

struct _Xep174MdnsQuery
{
  Xep174AvahiObject   *object;
  Xep174AvahiCall     *start;
  Xep174AvahiPage     *page;
  guint16              type;
  Xep174MdnsQueryFunc  func;
  gpointer             user_data;
};

/* The query may be gone after it. */
static void
fail (Xep174MdnsQuery *self,
      const char      *refusal,
      const char      *words)
{
  g_autoptr(GError) error = xep174_avahi_refusal_new (refusal, words, _("Asking the network"));

  self->func (XEP174_MDNS_QUERY_FAILED, NULL, error, self->user_data);
}

static void
on_refused (const char *refusal,
            const char *words,
            gpointer    user_data)
{
  fail (user_data, refusal, words);
}

static void
on_started (GVariant   *body,
            const char *refusal,
            const char *words,
            gpointer    user_data)
{
  Xep174MdnsQuery *self = user_data;

  self->start = NULL;
  if (body == NULL)
    fail (self, refusal, words);
}

static void
on_made (Xep174AvahiObject *object,
         gpointer           user_data)
{
  Xep174MdnsQuery *self = user_data;

  self->start = xep174_avahi_object_call (object, "Start", NULL, on_started, self);
}

static void
on_made_and_started (Xep174AvahiObject *object,
                     gpointer           user_data)
{
}

static gboolean
is_news (Xep174MdnsQuery        *self,
         Xep174MdnsEvent         event,
         const Xep174MdnsRecord *record)
{
  if (event == XEP174_MDNS_RECORD_ADDED)
    return xep174_avahi_page_add (self->page, record);
  if (event == XEP174_MDNS_RECORD_REMOVED)
    return xep174_avahi_page_remove (self->page, record);

  return TRUE;
}

static void
on_signal (const char *member,
           GVariant   *body,
           gpointer    user_data)
{
  Xep174MdnsQuery *self = user_data;
  Xep174MdnsEvent event;
  Xep174MdnsRecord record;
  const char *refusal;

  if (xep174_avahi_parse_failure (member, body, &refusal))
    fail (self, refusal, NULL);
  else if (xep174_avahi_parse_event (member, body, self->type, &event, &record) &&
           is_news (self, event, &record))
    self->func (event, &record, NULL, self->user_data);
}

/* Avahi 0.7 has no other; it starts by itself, and what it says comes after its path. */
static const Xep174AvahiKind older_kind = {
  .interface = BROWSER,
  .maker = "RecordBrowserNew",
  .maker_interface = "org.freedesktop.Avahi.Server",
  .made = on_made_and_started,
  .refused = on_refused,
  .signal = on_signal,
};

static const Xep174AvahiKind kind = {
  .interface = BROWSER,
  .maker = "RecordBrowserPrepare",
  .maker_interface = "org.freedesktop.Avahi.Server2",
  .older = &older_kind,
  .made = on_made,
  .refused = on_refused,
  .signal = on_signal,
};

Xep174MdnsQuery *
xep174_avahi_query_new (Xep174AvahiObjects    *objects,
                        Xep174AvahiLedger     *ledger,
                        const char            *name,
                        guint16                type,
                        const Xep174MdnsPlace *place,
                        Xep174MdnsQueryFunc    func,
                        gpointer               user_data)
{
  Xep174MdnsQuery *self = g_new0 (Xep174MdnsQuery, 1);
  GVariant *arguments = g_variant_new ("(iisqqu)",
                                       place != NULL ? place->interface : ANYWHERE,
                                       place != NULL ? place->protocol : ANYWHERE,
                                       name, CLASS_IN, type, 0);

  self->page = xep174_avahi_page_new (ledger);
  self->type = type;
  self->func = func;
  self->user_data = user_data;
  self->object = xep174_avahi_objects_make (objects, &kind, arguments, self);

  return self;
}

void
xep174_avahi_query_free (Xep174MdnsQuery *self)
{
  xep174_avahi_object_forget (self->object, &self->start);
  xep174_avahi_object_free (self->object);
  xep174_avahi_page_free (self->page);
  g_free (self);
}
