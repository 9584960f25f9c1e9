/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-stack-private.h"

#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-glib/glib-watch.h>

#include "xep174-embedded-common-private.h"
#include "xep174-discovery.h"
#include "xep174-embedded-addresses-private.h"
#include "xep174-embedded-core-private.h"
#include "xep174-gettext-private.h"

/* Each contact has a PTR, an SRV, a TXT and a few address records. Avahi's default of 4096 is too
 * few for thousands of contacts. But each new PTR record is compared with all others, so there must
 * be a limit for those who invent people. */
#define CACHE_ENTRIES_MAX 16384

/* RFC 1035 §3.2.1: the longest data of a record. */
#define RDATA_MAX 65535

/* How long we wait before we replace a server that has failed. */
#define RESTART_MS 2000

#define XEP174_TYPE_EMBEDDED_STACK (xep174_embedded_stack_get_type ())
G_DECLARE_FINAL_TYPE (Xep174EmbeddedStack, xep174_embedded_stack, XEP174, EMBEDDED_STACK,
                      Xep174MdnsStack)

struct _Xep174MdnsQuery
{
  Xep174EmbeddedStack *stack;
  AvahiSRecordBrowser *browser;
  Xep174MdnsQueryFunc  func;
  gpointer             user_data;
};

struct _Xep174EmbeddedStack
{
  Xep174MdnsStack          parent_instance;
  const Xep174AvahiCore   *core;
  AvahiGLibPoll           *poll;
  AvahiServer             *server;
  AvahiSEntryGroup        *group;
  AvahiSEntryGroup        *offer; /* what only those get who ask for it */
  Xep174EmbeddedAddresses *addresses;
  guint8                  *rdata;
  AvahiServerState         server_state;
  gboolean                 running;
  gboolean                 group_changed;
  gboolean                 offer_changed;
  GSource                 *update;
};

G_DEFINE_FINAL_TYPE (Xep174EmbeddedStack, xep174_embedded_stack, XEP174_TYPE_MDNS_STACK)

static gboolean on_update (gpointer user_data);

/* Avahi tells of changes while it is inside its own functions, where nothing may be freed. So we
 * look at them later, in a turn of our own. */
static void
schedule_update (Xep174EmbeddedStack *self,
                 guint                milliseconds)
{
  if (self->update == NULL)
    self->update = xep174_mdns_stack_after (XEP174_MDNS_STACK (self), milliseconds, on_update,
                                            self);
}

static void
log_quietly (AvahiLogLevel  level,
             const char    *text)
{
  g_log ("avahi", level <= AVAHI_LOG_WARN ? G_LOG_LEVEL_INFO : G_LOG_LEVEL_DEBUG, "%s", text);
}

/* Avahi has one log function for the process, and nobody can ask which it is. Without one every
 * note goes to the standard error. We set it once, so a program that wants its own sets it after
 * the first discovery. */
static void
quiet_log (const Xep174AvahiCore *core)
{
  static gsize done;

  if (!g_once_init_enter (&done))
    return;

  core->set_log_function (log_quietly);
  g_once_init_leave (&done, 1);
}

static void
on_server_changed (AvahiServer      *server,
                   AvahiServerState  state,
                   void             *user_data)
{
  Xep174EmbeddedStack *self = user_data;

  self->server_state = state;
  schedule_update (self, 0);
}

/* Two of us on one machine, or one of us and the daemon, have the same addresses, but each needs a
 * host name of its own. */
static char *
make_host_name (void)
{
  return g_strdup_printf ("xep174-%08x%08x", g_random_int (), g_random_int ());
}

static int
open_server (Xep174EmbeddedStack *self)
{
  g_autofree char *host_name = make_host_name ();
  AvahiServerConfig config;
  int code = AVAHI_OK;

  self->core->server_config_init (&config);
  config.host_name = avahi_strdup (host_name);
  config.publish_hinfo = 0;
  config.publish_addresses = 0;
  config.publish_workstation = 0;
  config.publish_domain = 0;
  config.enable_wide_area = 0;
  config.n_cache_entries_max = CACHE_ENTRIES_MAX;
  self->server = self->core->server_new (avahi_glib_poll_get (self->poll), &config,
                                         on_server_changed, self, &code);
  self->core->server_config_free (&config);

  return self->server != NULL ? AVAHI_OK : code;
}

/* Freeing the server sends the goodbyes of what was published (D13). */
static void
close_server (Xep174EmbeddedStack *self)
{
  xep174_clear_source (&self->update);
  self->running = FALSE;
  self->group_changed = FALSE;
  self->offer_changed = FALSE;
  g_clear_pointer (&self->group, self->core->s_entry_group_free);
  g_clear_pointer (&self->offer, self->core->s_entry_group_free);
  g_clear_pointer (&self->addresses, xep174_embedded_addresses_free);
  g_clear_pointer (&self->server, self->core->server_free);
}

static void
restart_server (Xep174EmbeddedStack *self)
{
  if (self->server != NULL)
    {
      g_autoptr(GError) error = NULL;

      xep174_embedded_set_error (&error, self->core->server_errno (self->server),
                                 _("mDNS in this program"));
      xep174_mdns_stack_emit_down (XEP174_MDNS_STACK (self), error);
    }

  close_server (self);
  if (open_server (self) != AVAHI_OK)
    schedule_update (self, RESTART_MS);
}

static void
tell_group_state (Xep174EmbeddedStack *self)
{
  self->group_changed = FALSE;
  if (self->group != NULL)
    xep174_embedded_tell_group (XEP174_MDNS_STACK (self),
                             self->core->s_entry_group_get_state (self->group),
                             self->core->server_errno (self->server));
}

static void
tell_offer_state (Xep174EmbeddedStack *self)
{
  g_autoptr(GError) error = NULL;

  self->offer_changed = FALSE;
  if (self->offer == NULL ||
      self->core->s_entry_group_get_state (self->offer) != AVAHI_ENTRY_GROUP_COLLISION)
    return;

  xep174_embedded_set_error (&error, AVAHI_ERR_COLLISION, _("Showing our picture"));
  xep174_mdns_stack_emit_offer_failed (XEP174_MDNS_STACK (self), error);
}

static void
set_running (Xep174EmbeddedStack *self)
{
  if (self->running)
    return;

  self->running = TRUE;
  xep174_mdns_stack_emit_running (XEP174_MDNS_STACK (self));
}

/* D18: a host that publishes no service need not be found. */
static void
publish_addresses (Xep174EmbeddedStack *self)
{
  if (self->addresses != NULL)
    return;

  self->addresses = xep174_embedded_addresses_new (self->core, self->server);
  xep174_embedded_addresses_refresh (self->addresses);
}

static gboolean
on_update (gpointer user_data)
{
  g_autoptr(Xep174EmbeddedStack) self = g_object_ref (user_data);

  xep174_clear_source (&self->update);
  if (self->server == NULL || self->server_state == AVAHI_SERVER_FAILURE ||
      self->server_state == AVAHI_SERVER_COLLISION)
    {
      restart_server (self);
      return G_SOURCE_REMOVE;
    }

  if (self->server_state == AVAHI_SERVER_RUNNING)
    set_running (self);
  if (self->group_changed)
    tell_group_state (self);
  if (self->offer_changed)
    tell_offer_state (self);

  return G_SOURCE_REMOVE;
}

static gboolean
xep174_embedded_stack_open (Xep174MdnsStack *stack,
                            GMainContext    *context,
                            GError         **error)
{
  Xep174EmbeddedStack *self = XEP174_EMBEDDED_STACK (stack);
  int code;

  if (!xep174_embedded_addresses_any ())
    {
      g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_NETWORK,
                           _("This computer is connected to no network. Connect it and try again"));
      return FALSE;
    }

  self->core = xep174_avahi_core_open (error);
  if (self->core == NULL)
    return FALSE;
  quiet_log (self->core);
  self->poll = avahi_glib_poll_new (context, G_PRIORITY_DEFAULT);
  code = open_server (self);
  if (code != AVAHI_OK)
    xep174_mdns_stack_close (stack);

  return xep174_embedded_check (code, _("Starting mDNS"), error);
}

static void
xep174_embedded_stack_close (Xep174MdnsStack *stack)
{
  Xep174EmbeddedStack *self = XEP174_EMBEDDED_STACK (stack);

  close_server (self);
  g_clear_pointer (&self->poll, avahi_glib_poll_free);
}

static guint
xep174_embedded_stack_get_records_max (Xep174MdnsStack *stack)
{
  return CACHE_ENTRIES_MAX;
}

static char *
xep174_embedded_stack_dup_host_name (Xep174MdnsStack *stack)
{
  return NULL;
}

static void
on_record (AvahiSRecordBrowser    *browser,
           AvahiIfIndex            interface,
           AvahiProtocol           protocol,
           AvahiBrowserEvent       event,
           AvahiRecord            *avahi_record,
           AvahiLookupResultFlags  flags,
           void                   *user_data)
{
  Xep174MdnsQuery *query = user_data;
  const Xep174AvahiCore *core = query->stack->core;
  Xep174MdnsRecord record = {
    .interface = interface,
    .protocol = protocol,
    .rdata = query->stack->rdata,
    .cached = (flags & AVAHI_LOOKUP_RESULT_CACHED) != 0,
  };
  g_autoptr(GError) error = NULL;
  Xep174MdnsEvent mapped;

  if (!xep174_embedded_map_event (event, &mapped))
    return;

  if (avahi_record != NULL)
    {
      record.owner = avahi_record->key->name;
      record.size = core->rdata_serialize (avahi_record, query->stack->rdata, RDATA_MAX);
      if (record.size == (gsize) -1)
        return;
    }
  if (mapped == XEP174_MDNS_QUERY_FAILED)
    xep174_embedded_set_error (&error, core->server_errno (query->stack->server),
                               _("Asking the network"));
  query->func (mapped, &record, error, query->user_data);
}

static Xep174MdnsQuery *
xep174_embedded_stack_query (Xep174MdnsStack        *stack,
                             const char             *name,
                             guint16                 type,
                             const Xep174MdnsPlace  *place,
                             Xep174MdnsQueryFunc     func,
                             gpointer                user_data,
                             GError                **error)
{
  Xep174EmbeddedStack *self = XEP174_EMBEDDED_STACK (stack);
  g_autofree Xep174MdnsQuery *query = g_new0 (Xep174MdnsQuery, 1);
  AvahiKey *key;

  query->stack = self;
  query->func = func;
  query->user_data = user_data;

  key = self->core->key_new (name, AVAHI_DNS_CLASS_IN, type);
  if (key != NULL && self->server != NULL)
    query->browser =
      self->core->s_record_browser_new (self->server,
                                        place != NULL ? place->interface : AVAHI_IF_UNSPEC,
                                        place != NULL ? place->protocol : AVAHI_PROTO_UNSPEC,
                                        key, AVAHI_LOOKUP_USE_MULTICAST, on_record, query);
  g_clear_pointer (&key, self->core->key_unref);
  if (query->browser != NULL)
    return g_steal_pointer (&query);

  xep174_embedded_set_error (error,
                          self->server != NULL ? self->core->server_errno (self->server)
                                               : AVAHI_ERR_DISCONNECTED,
                          _("Asking the network"));
  return NULL;
}

static void
xep174_embedded_stack_cancel (Xep174MdnsStack *stack,
                              Xep174MdnsQuery *query)
{
  query->stack->core->s_record_browser_free (query->browser);
  g_free (query);
}

static void
on_group_changed (AvahiServer          *server,
                  AvahiSEntryGroup     *group,
                  AvahiEntryGroupState  state,
                  void                 *user_data)
{
  Xep174EmbeddedStack *self = user_data;

  self->group_changed = TRUE;
  schedule_update (self, 0);
}

static void
withdraw_offer (Xep174EmbeddedStack *self)
{
  if (self->offer != NULL)
    self->core->s_entry_group_reset (self->offer);
}

static int
fill_group (Xep174EmbeddedStack     *self,
            const Xep174MdnsService *service)
{
  AvahiStringList *txt;
  int code;

  publish_addresses (self);
  if (self->group == NULL)
    self->group = self->core->s_entry_group_new (self->server, on_group_changed, self);
  if (self->group == NULL)
    return self->core->server_errno (self->server);

  self->core->s_entry_group_reset (self->group);
  withdraw_offer (self);
  txt = xep174_embedded_txt_to_list (service->txt);
  code = self->core->server_add_service_strlst (self->server, self->group, AVAHI_IF_UNSPEC,
                                                AVAHI_PROTO_UNSPEC, AVAHI_PUBLISH_NO_COOKIE,
                                                service->instance, XEP174_PRESENCE_TYPE,
                                                service->domain, NULL, service->port, txt);
  avahi_string_list_free (txt);

  return code == AVAHI_OK ? self->core->s_entry_group_commit (self->group) : code;
}

static gboolean
xep174_embedded_stack_publish (Xep174MdnsStack         *stack,
                               const Xep174MdnsService *service,
                               GError                 **error)
{
  Xep174EmbeddedStack *self = XEP174_EMBEDDED_STACK (stack);
  int code = self->server != NULL ? fill_group (self, service) : AVAHI_ERR_DISCONNECTED;

  /* Reports that wait since before are about another name. */
  self->group_changed = code == AVAHI_OK &&
                        self->core->s_entry_group_get_state (self->group) !=
                          AVAHI_ENTRY_GROUP_REGISTERING;

  return xep174_embedded_check (code, _("Publishing our name"), error);
}

static gboolean
xep174_embedded_stack_update (Xep174MdnsStack         *stack,
                              const Xep174MdnsService *service,
                              GError                 **error)
{
  Xep174EmbeddedStack *self = XEP174_EMBEDDED_STACK (stack);
  AvahiStringList *txt = xep174_embedded_txt_to_list (service->txt);
  int code = AVAHI_ERR_DISCONNECTED;

  if (self->group != NULL)
    code = self->core->server_update_service_txt_strlst (self->server, self->group,
                                                         AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
                                                         AVAHI_PUBLISH_NO_COOKIE,
                                                         service->instance, XEP174_PRESENCE_TYPE,
                                                         service->domain, txt);
  avahi_string_list_free (txt);

  return xep174_embedded_check (code, _("Publishing our presence"), error);
}

static void
on_offer_changed (AvahiServer          *server,
                  AvahiSEntryGroup     *group,
                  AvahiEntryGroupState  state,
                  void                 *user_data)
{
  Xep174EmbeddedStack *self = user_data;

  self->offer_changed = TRUE;
  schedule_update (self, 0);
}

/* Unique, so that caches drop what was offered before. */
static int
add_offer (Xep174EmbeddedStack   *self,
           const Xep174MdnsOffer *offer,
           const char            *name)
{
  const AvahiPublishFlags quietly =
    AVAHI_PUBLISH_UNIQUE | AVAHI_PUBLISH_NO_PROBE | AVAHI_PUBLISH_NO_ANNOUNCE;
  AvahiRecord *record = self->core->record_new_full (name, AVAHI_DNS_CLASS_IN, offer->type,
                                                     XEP174_MDNS_OFFER_TTL);
  gsize size;
  gconstpointer data = g_bytes_get_data (offer->data, &size);
  int code = AVAHI_ERR_NO_MEMORY;

  if (record == NULL)
    return code;

  if (self->core->rdata_parse (record, data, size) == AVAHI_OK)
    code = self->core->server_add (self->server, self->offer, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
                                   quietly, record);
  self->core->record_unref (record);

  return code;
}

static int
fill_offer (Xep174EmbeddedStack   *self,
            const Xep174MdnsOffer *offer)
{
  int code = AVAHI_OK;

  if (self->offer == NULL)
    self->offer = self->core->s_entry_group_new (self->server, on_offer_changed, self);
  if (self->offer == NULL)
    return self->core->server_errno (self->server);

  withdraw_offer (self);
  if (offer->data == NULL)
    return AVAHI_OK;

  for (gsize i = 0; code == AVAHI_OK && offer->names[i] != NULL; i++)
    code = add_offer (self, offer, offer->names[i]);

  return code == AVAHI_OK ? self->core->s_entry_group_commit (self->offer) : code;
}

static gboolean
xep174_embedded_stack_offer (Xep174MdnsStack       *stack,
                             const Xep174MdnsOffer *offer,
                             GError               **error)
{
  Xep174EmbeddedStack *self = XEP174_EMBEDDED_STACK (stack);
  int code = self->server != NULL ? fill_offer (self, offer) : AVAHI_ERR_DISCONNECTED;

  return xep174_embedded_check (code, _("Showing our picture"), error);
}

static void
xep174_embedded_stack_withdraw (Xep174MdnsStack *stack)
{
  Xep174EmbeddedStack *self = XEP174_EMBEDDED_STACK (stack);

  withdraw_offer (self);
  if (self->group != NULL)
    self->core->s_entry_group_reset (self->group);
}

static void
xep174_embedded_stack_network_changed (Xep174MdnsStack *stack)
{
  Xep174EmbeddedStack *self = XEP174_EMBEDDED_STACK (stack);

  if (self->addresses != NULL)
    xep174_embedded_addresses_refresh (self->addresses);
}

static void
xep174_embedded_stack_dispose (GObject *object)
{
  xep174_embedded_stack_close (XEP174_MDNS_STACK (object));

  G_OBJECT_CLASS (xep174_embedded_stack_parent_class)->dispose (object);
}

static void
xep174_embedded_stack_finalize (GObject *object)
{
  g_free (XEP174_EMBEDDED_STACK (object)->rdata);

  G_OBJECT_CLASS (xep174_embedded_stack_parent_class)->finalize (object);
}

static void
xep174_embedded_stack_class_init (Xep174EmbeddedStackClass *klass)
{
  Xep174MdnsStackClass *stack_class = XEP174_MDNS_STACK_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xep174_embedded_stack_dispose;
  G_OBJECT_CLASS (klass)->finalize = xep174_embedded_stack_finalize;
  stack_class->get_records_max = xep174_embedded_stack_get_records_max;
  stack_class->open = xep174_embedded_stack_open;
  stack_class->close = xep174_embedded_stack_close;
  stack_class->dup_host_name = xep174_embedded_stack_dup_host_name;
  stack_class->query = xep174_embedded_stack_query;
  stack_class->cancel = xep174_embedded_stack_cancel;
  stack_class->publish = xep174_embedded_stack_publish;
  stack_class->update = xep174_embedded_stack_update;
  stack_class->offer = xep174_embedded_stack_offer;
  stack_class->withdraw = xep174_embedded_stack_withdraw;
  stack_class->network_changed = xep174_embedded_stack_network_changed;
}

static void
xep174_embedded_stack_init (Xep174EmbeddedStack *self)
{
  self->rdata = g_malloc (RDATA_MAX);
}

Xep174MdnsStack *
xep174_embedded_stack_new (void)
{
  return g_object_new (XEP174_TYPE_EMBEDDED_STACK, NULL);
}
