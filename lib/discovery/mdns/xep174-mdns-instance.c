/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-instance-private.h"

#include "xep174-mdns-rdata-private.h"
#include "xep174-mdns-sightings-private.h"

/* How long the first TXT record may take: answers come within 0.12 s (RFC 6762 §6) or not at all.
 * After that the query goes on, but others get their turn. Otherwise somebody who announces a
 * thousand false names would keep everybody waiting. */
#define ANSWER_MS 500
/* Who has not answered by then will not: the query was sent for the fourth time after seven
 * seconds. */
#define UNREAD_MS 10000
/* How long we wait before we make a query again that has failed. */
#define RETRY_MS 3000
/* If no SRV record has come by then, the contact has gone: the query was sent for the fourth time
 * after seven seconds. */
#define GONE_MS 10000
/* After a goodbye all that it names has left the cache by then (RFC 6762 §10.1: a second). */
#define GOODBYE_MS 2000
/* An SRV record lives for 120 seconds (RFC 6762 §10), and is asked for again before it expires. If
 * it is still there after this time, the contact has answered. */
#define ALIVE_MS 130000

struct _Xep174MdnsInstance
{
  Xep174MdnsHub     *hub;
  char              *name;
  GArray            *links; /* Xep174MdnsSighting, where the PTR record is */
  GArray            *txts;  /* Xep174MdnsSighting, the latest last */
  GBytes            *shown; /* the TXT record to show the contact with, NULL: there is no contact */
  Xep174MdnsQuery   *txt_query;
  Xep174MdnsQuery   *srv_query; /* while the contact is doubtful, or gone without a goodbye */
  Xep174MdnsSlot    *txt_slot;
  Xep174MdnsSlot    *srv_slot;
  GSource           *txt_timer;
  GSource           *srv_timer;
  guint              n_srvs;
  Xep174MdnsProblem  problem;
  gboolean           watched;
  gboolean           txts_are_old; /* from a query that has ended */
  gboolean           txt_is_brief; /* the query ends with its answer */
  gboolean           txt_is_everywhere;
  Xep174MdnsPlace    txt_place;    /* where the query is made, if not everywhere */
  gboolean           doubtful;
  gboolean           gone;
};

/* Shows the contact with the newest valid record. When a record is replaced, the new one comes
 * before the old one goes, so there is no gap (D14). */
static void
show (Xep174MdnsInstance *self)
{
  const Xep174MdnsSighting *latest;

  if (!self->watched || self->gone || self->txts->len == 0)
    return;

  latest = &g_array_index (self->txts, Xep174MdnsSighting, self->txts->len - 1);
  g_clear_pointer (&self->shown, g_bytes_unref);
  self->shown = g_bytes_ref (latest->txt);
  xep174_mdns_hub_note_person (self->hub, self->name);
}

static void
hide (Xep174MdnsInstance *self)
{
  g_clear_pointer (&self->shown, g_bytes_unref);
  self->doubtful = FALSE;
  xep174_mdns_hub_note_person (self->hub, self->name);
}

static void
set_problem (Xep174MdnsInstance *self,
             Xep174MdnsProblem   problem)
{
  Xep174MdnsProblem former = self->problem;

  self->problem = problem;
  xep174_mdns_hub_count_person (self->hub, former, problem);
}

static void
stop_txt (Xep174MdnsInstance *self)
{
  set_problem (self, XEP174_MDNS_PROBLEM_NONE);
  xep174_mdns_stack_cancel (self->hub->stack, &self->txt_query);
  xep174_clear_source (&self->txt_timer);
  xep174_mdns_slots_release (self->hub->slots, &self->txt_slot);
  g_array_set_size (self->txts, 0);
  self->txts_are_old = FALSE;
}

static void
stop_srv (Xep174MdnsInstance *self)
{
  xep174_mdns_stack_cancel (self->hub->stack, &self->srv_query);
  xep174_clear_source (&self->srv_timer);
  xep174_mdns_slots_release (self->hub->slots, &self->srv_slot);
  self->n_srvs = 0;
}

static void start_txt (gpointer user_data);

static gboolean
on_unread (gpointer user_data)
{
  Xep174MdnsInstance *self = user_data;

  xep174_clear_source (&self->txt_timer);
  set_problem (self, XEP174_MDNS_PROBLEM_UNREAD);

  return G_SOURCE_REMOVE;
}

/* A query that is kept is sent again after one, three, seven … seconds, with its answers, and each
 * mDNS server on the link compares these with those of all others. So while many contacts are asked
 * for the first time, the query ends with its answer, or when it is clear that none comes. When
 * nobody waits any more, it is made again and stays (D21). So people who are there are found before
 * names that somebody has invented. */
static void
ask_again (Xep174MdnsInstance *self,
           Xep174MdnsPriority  priority)
{
  xep174_mdns_stack_cancel (self->hub->stack, &self->txt_query);
  xep174_clear_source (&self->txt_timer);
  xep174_mdns_slots_release (self->hub->slots, &self->txt_slot);
  self->txts_are_old = TRUE;
  xep174_mdns_slots_take (self->hub->slots, priority, start_txt, self, &self->txt_slot);
}

static void ask (Xep174MdnsInstance *self);

static gboolean
on_txt_timer (gpointer user_data)
{
  Xep174MdnsInstance *self = user_data;

  xep174_clear_source (&self->txt_timer);
  if (self->txt_query != NULL && self->txt_is_brief)
    {
      ask_again (self, XEP174_MDNS_LATER);
      return G_SOURCE_REMOVE;
    }
  if (self->txt_query != NULL && !self->txt_is_everywhere)
    {
      xep174_mdns_stack_cancel (self->hub->stack, &self->txt_query);
      self->txt_is_everywhere = TRUE;
      ask (self);
    }
  if (self->txt_query != NULL)
    self->txt_timer = xep174_mdns_stack_after (self->hub->stack, UNREAD_MS, on_unread, self);
  xep174_mdns_slots_release (self->hub->slots, &self->txt_slot);
  if (self->txt_query == NULL)
    xep174_mdns_slots_take (self->hub->slots, XEP174_MDNS_PATIENT, start_txt, self, &self->txt_slot);

  return G_SOURCE_REMOVE;
}

static void
restart_txt_timer (Xep174MdnsInstance *self)
{
  xep174_clear_source (&self->txt_timer);
  self->txt_timer = xep174_mdns_stack_after (self->hub->stack,
                                             self->txt_query != NULL ? ANSWER_MS : RETRY_MS,
                                             on_txt_timer, self);
}

static void
on_txt_record (Xep174MdnsEvent         event,
               const Xep174MdnsRecord *record,
               const GError           *error,
               gpointer                user_data)
{
  Xep174MdnsInstance *self = user_data;
  g_autoptr(GBytes) txt = NULL;

  if (event == XEP174_MDNS_QUERY_FAILED)
    {
      g_debug ("The presence of “%s” cannot be watched, trying again: %s", self->name,
               error->message);
      xep174_mdns_stack_cancel (self->hub->stack, &self->txt_query);
      self->txts_are_old = TRUE;
      set_problem (self, XEP174_MDNS_PROBLEM_REFUSED);
      restart_txt_timer (self);
    }
  if (event == XEP174_MDNS_CACHE_DONE && self->txt_slot != NULL &&
      (self->txt_is_brief || xep174_mdns_slots_are_short (self->hub->slots)))
    ask_again (self, XEP174_MDNS_LATER);
  if (event != XEP174_MDNS_RECORD_ADDED && event != XEP174_MDNS_RECORD_REMOVED)
    return;

  xep174_clear_source (&self->txt_timer);
  if (self->txts_are_old)
    g_array_set_size (self->txts, 0);
  self->txts_are_old = FALSE;
  txt = g_bytes_new (record->rdata, record->size);
  if (event == XEP174_MDNS_RECORD_ADDED)
    xep174_mdns_sightings_add (self->txts, record, txt);
  else
    xep174_mdns_sightings_remove (self->txts, record, txt);
  if (self->txt_slot != NULL)
    {
      xep174_mdns_slots_release (self->hub->slots, &self->txt_slot);
      if (self->txt_is_brief || xep174_mdns_slots_are_crowded (self->hub->slots))
        ask_again (self, XEP174_MDNS_LEISURE);
    }
  /* Gone from there, which is not gone: soon it is asked for everywhere. */
  if (self->txts->len == 0 && self->txt_query != NULL && !self->txt_is_everywhere)
    restart_txt_timer (self);

  set_problem (self, XEP174_MDNS_PROBLEM_NONE);
  if (event == XEP174_MDNS_RECORD_ADDED && !record->cached)
    xep174_mdns_instance_trust (self);
  show (self);
}

static void
ask (Xep174MdnsInstance *self)
{
  g_autofree char *name = xep174_mdns_service_name (self->name, self->hub->domain);
  g_autoptr(GError) error = NULL;

  self->txt_query = xep174_mdns_stack_query (self->hub->stack, name, XEP174_DNS_TYPE_TXT,
                                             self->txt_is_everywhere ? NULL : &self->txt_place,
                                             on_txt_record, self, &error);
  if (self->txt_query == NULL)
    g_debug ("The presence of “%s” cannot be watched, trying again: %s", self->name,
             error->message);
  set_problem (self, self->txt_query != NULL ? XEP174_MDNS_PROBLEM_NONE
                                             : XEP174_MDNS_PROBLEM_REFUSED);
}

gboolean
xep174_mdns_instance_get_place (Xep174MdnsInstance *self,
                                Xep174MdnsPlace    *place)
{
  if (self->links->len > 0)
    *place = g_array_index (self->links, Xep174MdnsSighting, 0).place;

  return self->links->len > 0;
}

/* A change is announced everywhere where the name is. So it is enough to ask in one of these places:
 * each more would be one more question to everybody. If nobody answers there, we ask everywhere. */
static void
start_txt (gpointer user_data)
{
  Xep174MdnsInstance *self = user_data;

  self->txt_is_brief = xep174_mdns_slots_are_crowded (self->hub->slots);
  self->txt_is_everywhere = !xep174_mdns_instance_get_place (self, &self->txt_place);
  ask (self);
  restart_txt_timer (self);
}

/* We still remember it, because its PTR record may live for more than an hour after it has gone. It
 * comes back with its next SRV record. */
static void
set_gone (Xep174MdnsInstance *self)
{
  self->gone = TRUE;
  hide (self);
}

static gboolean
on_srv_timer (gpointer user_data)
{
  Xep174MdnsInstance *self = user_data;

  xep174_clear_source (&self->srv_timer);
  xep174_mdns_slots_release (self->hub->slots, &self->srv_slot);
  if (self->n_srvs == 0)
    set_gone (self);
  else
    xep174_mdns_instance_trust (self);

  return G_SOURCE_REMOVE;
}

static void
restart_srv_timer (Xep174MdnsInstance *self,
                   guint               milliseconds)
{
  xep174_clear_source (&self->srv_timer);
  self->srv_timer = xep174_mdns_stack_after (self->hub->stack, milliseconds, on_srv_timer, self);
}

static void
on_srv_added (Xep174MdnsInstance *self,
              gboolean            cached)
{
  self->n_srvs++;
  xep174_mdns_slots_release (self->hub->slots, &self->srv_slot);

  if (!cached || !self->doubtful)
    xep174_mdns_instance_trust (self);
  else
    restart_srv_timer (self, ALIVE_MS);
  show (self);
}

static void start_srv (gpointer user_data);

static gboolean
on_srv_retry (gpointer user_data)
{
  Xep174MdnsInstance *self = user_data;

  xep174_clear_source (&self->srv_timer);
  xep174_mdns_slots_take (self->hub->slots, XEP174_MDNS_PATIENT, start_srv, self, &self->srv_slot);

  return G_SOURCE_REMOVE;
}

/* Without this query nobody would tell us that it has come back. */
static void
retry_srv (Xep174MdnsInstance *self)
{
  stop_srv (self);
  self->srv_timer = xep174_mdns_stack_after (self->hub->stack, RETRY_MS, on_srv_retry, self);
}

static void
on_srv_record (Xep174MdnsEvent         event,
               const Xep174MdnsRecord *record,
               const GError           *error,
               gpointer                user_data)
{
  Xep174MdnsInstance *self = user_data;

  switch (event)
    {
    case XEP174_MDNS_RECORD_ADDED:
      on_srv_added (self, record->cached);
      break;
    case XEP174_MDNS_RECORD_REMOVED:
      if (self->n_srvs > 0 && --self->n_srvs == 0)
        set_gone (self);
      break;
    case XEP174_MDNS_QUERY_FAILED:
      retry_srv (self);
      break;
    case XEP174_MDNS_CACHE_DONE:
    case XEP174_MDNS_QUERY_SETTLED:
    default:
      break;
    }
}

static void
start_srv (gpointer user_data)
{
  Xep174MdnsInstance *self = user_data;
  g_autofree char *name = xep174_mdns_service_name (self->name, self->hub->domain);
  g_autoptr(GError) error = NULL;

  self->srv_query = xep174_mdns_stack_query (self->hub->stack, name, XEP174_DNS_TYPE_SRV,
                                             NULL, on_srv_record, self, &error);
  if (self->srv_query != NULL)
    {
      restart_srv_timer (self, GONE_MS);
      return;
    }

  g_debug ("Whether “%s” is still there cannot be asked, trying again: %s", self->name,
           error->message);
  retry_srv (self);
}

Xep174MdnsInstance *
xep174_mdns_instance_new (Xep174MdnsHub *hub,
                          const char    *name)
{
  Xep174MdnsInstance *self = g_new0 (Xep174MdnsInstance, 1);

  self->hub = xep174_mdns_hub_ref (hub);
  self->name = g_strdup (name);
  self->links = xep174_mdns_sightings_new ();
  self->txts = xep174_mdns_sightings_new ();

  return self;
}

void
xep174_mdns_instance_free (Xep174MdnsInstance *self)
{
  xep174_mdns_instance_ignore (self);
  g_array_unref (self->links);
  g_array_unref (self->txts);
  g_free (self->name);
  xep174_mdns_hub_unref (self->hub);
  g_free (self);
}

const char *
xep174_mdns_instance_get_name (Xep174MdnsInstance *self)
{
  return self->name;
}

GBytes *
xep174_mdns_instance_dup_txt (Xep174MdnsInstance *self)
{
  return self->shown != NULL ? g_bytes_ref (self->shown) : NULL;
}

gboolean
xep174_mdns_instance_is_doubtful (Xep174MdnsInstance *self)
{
  return self->doubtful;
}

void
xep174_mdns_instance_add_link (Xep174MdnsInstance     *self,
                               const Xep174MdnsRecord *ptr)
{
  xep174_mdns_sightings_add (self->links, ptr, NULL);
}

static gboolean
is_on_place (Xep174MdnsInstance    *self,
             const Xep174MdnsPlace *place)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      const Xep174MdnsPlace *link = &g_array_index (self->links, Xep174MdnsSighting, i).place;

      if (link->interface == place->interface && link->protocol == place->protocol)
        return TRUE;
    }

  return FALSE;
}

/* The name may have gone from the place where its TXT record is watched. FALSE if no link is left. */
static gboolean
follow_links (Xep174MdnsInstance *self)
{
  if (self->links->len > 0 && self->txt_query != NULL && !self->txt_is_everywhere &&
      !is_on_place (self, &self->txt_place))
    ask_again (self, XEP174_MDNS_PATIENT);

  return self->links->len > 0;
}

/* It has gone from one place, and may have gone altogether: a PTR record stays where its owner says no
 * goodbye, as that of a name which we wanted to have ourselves does on the loopback interface. */
static void
look_if_it_is_left (Xep174MdnsInstance *self)
{
  if (self->links->len > 0 && self->watched && !self->gone && self->srv_query == NULL &&
      self->srv_slot == NULL && self->srv_timer == NULL)
    self->srv_timer = xep174_mdns_stack_after (self->hub->stack, GOODBYE_MS, on_srv_retry, self);
}

gboolean
xep174_mdns_instance_remove_link (Xep174MdnsInstance     *self,
                                  const Xep174MdnsRecord *ptr)
{
  xep174_mdns_sightings_remove (self->links, ptr, NULL);
  look_if_it_is_left (self);

  return follow_links (self);
}

void
xep174_mdns_instance_age_links (Xep174MdnsInstance *self)
{
  for (guint i = 0; i < self->links->len; i++)
    g_array_index (self->links, Xep174MdnsSighting, i).is_old = TRUE;
}

gboolean
xep174_mdns_instance_drop_old_links (Xep174MdnsInstance *self)
{
  for (guint i = self->links->len; i > 0; i--)
    if (g_array_index (self->links, Xep174MdnsSighting, i - 1).is_old)
      g_array_remove_index (self->links, i - 1);

  return follow_links (self);
}

gboolean
xep174_mdns_instance_is_on_link (Xep174MdnsInstance *self,
                                 guint               interface)
{
  for (guint i = 0; i < self->links->len; i++)
    if (g_array_index (self->links, Xep174MdnsSighting, i).place.interface == (int) interface)
      return TRUE;

  return FALSE;
}

void
xep174_mdns_instance_watch (Xep174MdnsInstance *self)
{
  if (self->watched)
    return;

  self->watched = TRUE;
  xep174_mdns_slots_take (self->hub->slots, XEP174_MDNS_PATIENT, start_txt, self, &self->txt_slot);
}

void
xep174_mdns_instance_ignore (Xep174MdnsInstance *self)
{
  if (!self->watched)
    return;

  self->watched = FALSE;
  self->gone = FALSE;
  stop_txt (self);
  stop_srv (self);
  hide (self);
}

void
xep174_mdns_instance_verify (Xep174MdnsInstance *self,
                             gboolean            doubtful)
{
  if (!self->watched || self->gone)
    return;

  if (doubtful)
    {
      self->doubtful = TRUE;
      xep174_mdns_hub_note_person (self->hub, self->name);
    }
  if (self->srv_query != NULL || self->srv_slot != NULL)
    return;

  xep174_clear_source (&self->srv_timer);
  xep174_mdns_slots_take (self->hub->slots,
                          doubtful ? XEP174_MDNS_URGENT : XEP174_MDNS_PATIENT, start_srv, self,
                          &self->srv_slot);
}

void
xep174_mdns_instance_trust (Xep174MdnsInstance *self)
{
  gboolean was_gone = self->gone;

  stop_srv (self);
  self->gone = FALSE;
  self->doubtful = FALSE;
  if (was_gone)
    show (self);
  else
    xep174_mdns_hub_note_person (self->hub, self->name);
}
