/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "contacts-floor.h"

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-glib/glib-watch.h>
#include <glib.h>

#define WINDOW 16

typedef struct
{
  AvahiIfIndex interface;
  AvahiProtocol protocol;
  char *name;
  char *domain;
} Sighting;

static AvahiClient *client;
static GQueue waiting = G_QUEUE_INIT;
static GHashTable *names;
static guint in_flight;
static void (*known) (void);

static void
sighting_free (Sighting *sighting)
{
  g_free (sighting->name);
  g_free (sighting->domain);
  g_free (sighting);
}

static void resolve_next (void);

static void
push (AvahiIfIndex   interface,
      AvahiProtocol  protocol,
      const char    *name,
      const char    *domain)
{
  Sighting *sighting = g_new (Sighting, 1);

  *sighting = (Sighting) { interface, protocol, g_strdup (name), g_strdup (domain) };
  g_queue_push_tail (&waiting, sighting);
}

static void
on_resolved (AvahiServiceResolver  *resolver,
             AvahiIfIndex           interface,
             AvahiProtocol          protocol,
             AvahiResolverEvent     event,
             const char            *name,
             const char            *type,
             const char            *domain,
             const char            *host_name,
             const AvahiAddress    *address,
             uint16_t               port,
             AvahiStringList       *txt,
             AvahiLookupResultFlags flags,
             void                  *user_data)
{
  avahi_service_resolver_free (resolver);
  in_flight--;
  if (event == AVAHI_RESOLVER_FOUND && avahi_string_list_find (txt, "nick") != NULL)
    known ();
  else
    push (interface, protocol, name, domain); /* a busy daemon gives up after five seconds */
  resolve_next ();
}

/* The address is not asked for: the status is in the TXT record. */
static void
resolve_next (void)
{
  Sighting *sighting;

  while (in_flight < WINDOW && (sighting = g_queue_pop_head (&waiting)) != NULL)
    {
      if (avahi_service_resolver_new (client, sighting->interface, sighting->protocol,
                                      sighting->name, "_presence._tcp", sighting->domain,
                                      AVAHI_PROTO_UNSPEC, AVAHI_LOOKUP_NO_ADDRESS, on_resolved,
                                      NULL) == NULL)
        g_error ("No resolver for %s", sighting->name);
      in_flight++;
      sighting_free (sighting);
    }
}

static void
on_browsed (AvahiServiceBrowser    *browser,
            AvahiIfIndex            interface,
            AvahiProtocol           protocol,
            AvahiBrowserEvent       event,
            const char             *name,
            const char             *type,
            const char             *domain,
            AvahiLookupResultFlags  flags,
            void                   *user_data)
{
  if (event != AVAHI_BROWSER_NEW || !g_hash_table_add (names, g_strdup (name)))
    return;

  push (interface, protocol, name, domain);
  resolve_next ();
}

static void
ignore_state (AvahiClient      *changed,
              AvahiClientState  state,
              void             *user_data)
{
}

void
floor_start (void (*on_known) (void))
{
  AvahiGLibPoll *poll = avahi_glib_poll_new (NULL, G_PRIORITY_DEFAULT);

  known = on_known;
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  client = avahi_client_new (avahi_glib_poll_get (poll), 0, ignore_state, NULL, NULL);
  if (client == NULL ||
      avahi_service_browser_new (client, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, "_presence._tcp",
                                 NULL, 0, on_browsed, NULL) == NULL)
    g_error ("No avahi-daemon");
}
