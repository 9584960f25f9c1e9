/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-publisher-private.h"

#include "xep174-gettext-private.h"
#include "xep174-mdns-rdata-private.h"
#include "xep174-profile-private.h"

/* D9: user, user-1 … user-99. */
#define ATTEMPTS 100
/* RFC 6762 §8.4: the least time between two changes of a record. */
#define TXT_MS 1000

struct _Xep174MdnsPublisher
{
  Xep174MdnsHub           *hub;
  Xep174MdnsBrowser       *browser;
  Xep174MdnsPublisherFunc  on_failed;
  gpointer                 user_data;

  Xep174Profile *profile;
  guint16        port;
  char          *base_name; /* `user@machine`, of which @attempts were taken */
  guint          attempts;
  char          *name;      /* published, or being probed; else NULL */
  GBytes        *txt;       /* the record for that name */
  GBytes        *offered;   /* the picture that goes with it, or NULL */
  gboolean       published;
  GSource       *txt_hold;  /* as long as it runs, no other record goes out */
};

static void
fail (Xep174MdnsPublisher *self,
      const GError        *error)
{
  xep174_mdns_publisher_lose (self);
  /* All names were taken; next time we start again with the first. */
  if (self->attempts >= ATTEMPTS)
    g_clear_pointer (&self->base_name, g_free);
  self->on_failed (error, self->user_data);
}

/* The machine's part of the name may have changed since the last time. As long as it has not, we do
 * not try again a name that was taken. So when a daemon comes back, we get the same name again
 * (D19). */
static void
choose_name (Xep174MdnsPublisher *self)
{
  g_autofree char *base_name = xep174_profile_dup_instance_name (self->profile, 0);

  if (g_strcmp0 (base_name, self->base_name) != 0)
    {
      g_free (self->base_name);
      self->base_name = g_steal_pointer (&base_name);
      self->attempts = 0;
    }

  g_free (self->name);
  self->name = xep174_profile_dup_instance_name (self->profile, self->attempts);
  xep174_mdns_browser_set_own_name (self->browser, self->name);
}

/* We do not probe names of contacts that we see. If many machines are copies of one, each of them
 * probes one or two names so, and not all. After fifteen conflicts a prober has to slow down, and
 * Avahi waits for twenty seconds before each probe then (RFC 6762 §8.1). */
static gboolean
take_next_name (Xep174MdnsPublisher *self)
{
  while (++self->attempts < ATTEMPTS)
    {
      g_autofree char *name = xep174_profile_dup_instance_name (self->profile, self->attempts);

      if (xep174_mdns_browser_find (self->browser, name) == NULL)
        return TRUE;
    }

  return FALSE;
}

GError *
xep174_mdns_publisher_dup_reason (Xep174MdnsPublisher *self)
{
  g_autofree char *last = NULL;

  if (self->attempts == 0)
    return NULL;

  last = xep174_profile_dup_instance_name (self->profile, self->attempts - 1);
  return g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION,
                      _("Others on the network have the names “%s” to “%s” already; use another "
                        "user name"), self->base_name, last);
}

/* D17: the daemon publishes on the local network only; what it does not do there has another reason. */
static GError *
explain (Xep174MdnsPublisher *self,
         const GError        *error)
{
  if (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION))
    return xep174_mdns_publisher_dup_reason (self);
  if (!g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED) ||
      g_ascii_strcasecmp (self->hub->domain, "local") == 0)
    return g_error_copy (error);

  return g_error_new (error->domain, error->code,
                      _("%s; to look for contacts in “%s” start without a profile"),
                      error->message, self->hub->domain);
}

static void
forget_offer (Xep174MdnsPublisher *self)
{
  g_clear_pointer (&self->offered, g_bytes_unref);
  xep174_mdns_hub_set_problem (self->hub, XEP174_MDNS_PROBLEM_AVATAR, NULL);
}

void
xep174_mdns_publisher_offer_failed (Xep174MdnsPublisher *self,
                                    const GError        *error)
{
  g_warning ("Others cannot see our picture: %s", error->message);
  xep174_mdns_hub_set_problem (self->hub, XEP174_MDNS_PROBLEM_AVATAR, error);
}

/* D15: before the TXT record that says which picture it is. */
static void
offer (Xep174MdnsPublisher *self)
{
  GBytes *avatar = xep174_profile_get_avatar (self->profile);
  g_auto(GStrv) names = NULL;
  g_autoptr(GError) error = NULL;
  Xep174MdnsOffer picture;

  if (avatar == self->offered)
    return;

  forget_offer (self);
  self->offered = avatar != NULL ? g_bytes_ref (avatar) : NULL;
  names = xep174_mdns_picture_names (self->name, self->hub->domain);
  picture = (Xep174MdnsOffer) { names, XEP174_DNS_TYPE_NULL, avatar };
  if (!xep174_mdns_stack_offer (self->hub->stack, &picture, &error))
    xep174_mdns_publisher_offer_failed (self, error);
}

void
xep174_mdns_publisher_publish (Xep174MdnsPublisher *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) explained = NULL;

  self->published = FALSE;
  forget_offer (self);
  xep174_clear_source (&self->txt_hold);
  g_clear_pointer (&self->txt, g_bytes_unref);
  self->txt = xep174_profile_dup_txt (self->profile, self->port);
  do
    {
      Xep174MdnsService service = { NULL, self->hub->domain, self->port, self->txt };

      g_clear_error (&error);
      choose_name (self);
      service.instance = self->name;
      if (xep174_mdns_stack_publish (self->hub->stack, &service, &error))
        return;
    }
  while (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION) &&
         take_next_name (self));

  explained = explain (self, error);
  fail (self, explained);
}

void
xep174_mdns_publisher_lose (Xep174MdnsPublisher *self)
{
  self->published = FALSE;
  forget_offer (self);
  xep174_clear_source (&self->txt_hold);
  g_clear_pointer (&self->name, g_free);
}

static void update_txt (Xep174MdnsPublisher *self);

static gboolean
on_txt_hold (gpointer user_data)
{
  Xep174MdnsPublisher *self = user_data;

  xep174_clear_source (&self->txt_hold);
  update_txt (self);

  return G_SOURCE_REMOVE;
}

static void
hold_txt (Xep174MdnsPublisher *self)
{
  xep174_clear_source (&self->txt_hold);
  self->txt_hold = xep174_mdns_stack_after (self->hub->stack, TXT_MS, on_txt_hold, self);
}

/* D23: once a second at most, and with the newest values. Changes also wait while the name is
 * probed. */
static void
update_txt (Xep174MdnsPublisher *self)
{
  g_autoptr(GBytes) txt = NULL;
  g_autoptr(GError) error = NULL;
  Xep174MdnsService service;

  if (!self->published || self->txt_hold != NULL)
    return;

  txt = xep174_profile_dup_txt (self->profile, self->port);
  if (g_bytes_equal (txt, self->txt))
    return;

  g_bytes_unref (self->txt);
  self->txt = g_steal_pointer (&txt);
  offer (self);
  service = (Xep174MdnsService) { self->name, self->hub->domain, self->port, self->txt };
  if (xep174_mdns_stack_update (self->hub->stack, &service, &error))
    hold_txt (self);
  else
    fail (self, error);
}

void
xep174_mdns_publisher_update (Xep174MdnsPublisher *self)
{
  g_autofree char *base_name = NULL;

  if (self->name == NULL)
    return;

  base_name = xep174_profile_dup_instance_name (self->profile, 0);
  if (g_strcmp0 (base_name, self->base_name) == 0)
    {
      update_txt (self);
      return;
    }

  xep174_mdns_stack_withdraw (self->hub->stack);
  xep174_mdns_publisher_publish (self);
}

void
xep174_mdns_publisher_succeeded (Xep174MdnsPublisher *self)
{
  self->published = self->name != NULL;
  if (!self->published)
    return;

  offer (self);
  hold_txt (self);
}

void
xep174_mdns_publisher_failed (Xep174MdnsPublisher *self,
                              const GError        *error)
{
  g_autoptr(GError) explained = NULL;

  if (self->name == NULL)
    return;

  if (g_error_matches (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_COLLISION) &&
      take_next_name (self))
    {
      xep174_mdns_publisher_publish (self);
      return;
    }

  explained = explain (self, error);
  fail (self, explained);
}

const char *
xep174_mdns_publisher_get_name (Xep174MdnsPublisher *self)
{
  return self->published ? self->name : NULL;
}

void
xep174_mdns_publisher_set_profile (Xep174MdnsPublisher *self,
                                   Xep174Profile       *profile,
                                   guint16              port)
{
  xep174_mdns_publisher_lose (self);
  g_clear_pointer (&self->base_name, g_free);
  g_clear_pointer (&self->txt, g_bytes_unref);
  self->attempts = 0;
  self->port = port;
  g_set_object (&self->profile, profile);
  xep174_mdns_browser_set_own_name (self->browser, NULL);
}

Xep174Profile *
xep174_mdns_publisher_get_profile (Xep174MdnsPublisher *self)
{
  return self->profile;
}

Xep174MdnsPublisher *
xep174_mdns_publisher_new (Xep174MdnsHub           *hub,
                           Xep174MdnsBrowser       *browser,
                           Xep174MdnsPublisherFunc  on_failed,
                           gpointer                 user_data)
{
  Xep174MdnsPublisher *self = g_new0 (Xep174MdnsPublisher, 1);

  self->hub = xep174_mdns_hub_ref (hub);
  self->browser = browser;
  self->on_failed = on_failed;
  self->user_data = user_data;

  return self;
}

void
xep174_mdns_publisher_free (Xep174MdnsPublisher *self)
{
  xep174_mdns_publisher_set_profile (self, NULL, 0);
  xep174_mdns_hub_unref (self->hub);
  g_free (self);
}
