/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-source-private.h"

G_BEGIN_DECLS

/* The few things that discovery needs of an implementation of mDNS, in plain types. There are two
 * subclasses: the daemon on the system bus, and the library in our own process. All calls and
 * callbacks are in one main context. If the stack finds out later that it cannot do what it was
 * asked, it says so through the query's function or the listener. */

#define XEP174_DNS_TYPE_A    1
#define XEP174_DNS_TYPE_NULL 10
#define XEP174_DNS_TYPE_PTR  12
#define XEP174_DNS_TYPE_TXT  16
#define XEP174_DNS_TYPE_AAAA 28
#define XEP174_DNS_TYPE_SRV  33

#define XEP174_PRESENCE_TYPE "_presence._tcp"

typedef struct
{
  int           interface; /* index of the link, -1 where there is none (wide-area DNS) */
  int           protocol;  /* opaque: IPv4 and IPv6 of one link differ in it */
  const char   *owner;     /* the domain name as published, escaped */
  const guint8 *rdata;     /* RFC 1035 §3.3, names not compressed */
  gsize         size;
  gboolean      cached;    /* known before the query; its owner may have gone */
} Xep174MdnsRecord;

typedef enum
{
  XEP174_MDNS_RECORD_ADDED,
  XEP174_MDNS_RECORD_REMOVED,
  XEP174_MDNS_CACHE_DONE,    /* all that the cache has was told; the network was not asked yet */
  XEP174_MDNS_QUERY_SETTLED, /* probably nothing more comes for now; the query goes on */
  XEP174_MDNS_QUERY_FAILED,  /* the query has ended, cancel it */
} Xep174MdnsEvent;

/* Where to ask: on one link, over one protocol of it. */
typedef struct
{
  int interface;
  int protocol;
} Xep174MdnsPlace;

/* @record is set for the first two events only, @error for the last. In this function queries may
 * be cancelled, also this one, and new ones made, but the stack must stay open. */
typedef void (*Xep174MdnsQueryFunc) (Xep174MdnsEvent         event,
                                     const Xep174MdnsRecord *record,
                                     const GError           *error,
                                     gpointer                user_data);

typedef struct _Xep174MdnsQuery Xep174MdnsQuery;

typedef struct
{
  const char *instance;
  const char *domain;
  guint16     port;
  GBytes     *txt;
} Xep174MdnsService;

/* One record under one or two names, for those who ask. */
#define XEP174_MDNS_OFFER_NAMES 2
#define XEP174_MDNS_OFFER_TTL   120
typedef struct
{
  char    **names;
  guint16   type;
  GBytes   *data; /* NULL for nothing */
} Xep174MdnsOffer;

/* What a stack tells its owner, never from within open(), query() or publish(). */
typedef struct
{
  /* The host name is settled. Queries can be made, and the service must be published, also if it
   * was published before. Called again, without down() before it, when the host name has changed;
   * then nothing is published any more. */
  void (*running)        (gpointer owner);
  /* The stack has gone, or was never there. Queries must be cancelled, and nothing is published.
   * The stack tries to come back. */
  void (*down)           (gpointer      owner,
                          const GError *error);
  /* It is there but does not answer. NULL: it answers again. */
  void (*silent)         (gpointer      owner,
                          const GError *error);
  /* The service has been probed: the name is ours. */
  void (*published)      (gpointer owner);
  /* XEP174_DISCOVERY_ERROR_COLLISION: somebody else has the name. This can also happen later on.
   * Nothing is published then. */
  void (*publish_failed) (gpointer      owner,
                          const GError *error);
  /* What was offered is not there, or not any more. */
  void (*offer_failed)   (gpointer      owner,
                          const GError *error);
} Xep174MdnsListener;

#define XEP174_TYPE_MDNS_STACK (xep174_mdns_stack_get_type ())
G_DECLARE_DERIVABLE_TYPE (Xep174MdnsStack, xep174_mdns_stack, XEP174, MDNS_STACK, GObject)

struct _Xep174MdnsStackClass
{
  GObjectClass parent_class;

  gboolean         (*open)            (Xep174MdnsStack *self,
                                       GMainContext    *context,
                                       GError         **error);
  /* Says goodbye to what is published (D13). */
  void             (*close)           (Xep174MdnsStack *self);
  guint            (*get_records_max) (Xep174MdnsStack *self);
  char            *(*dup_host_name)   (Xep174MdnsStack *self);
  Xep174MdnsQuery *(*query)           (Xep174MdnsStack        *self,
                                       const char             *name,
                                       guint16                 type,
                                       const Xep174MdnsPlace  *place,
                                       Xep174MdnsQueryFunc     func,
                                       gpointer                user_data,
                                       GError                **error);
  void             (*cancel)          (Xep174MdnsStack *self,
                                       Xep174MdnsQuery *query);
  gboolean         (*publish)         (Xep174MdnsStack         *self,
                                       const Xep174MdnsService *service,
                                       GError                 **error);
  gboolean         (*update)          (Xep174MdnsStack         *self,
                                       const Xep174MdnsService *service,
                                       GError                 **error);
  gboolean         (*offer)           (Xep174MdnsStack       *self,
                                       const Xep174MdnsOffer *offer,
                                       GError               **error);
  void             (*withdraw)        (Xep174MdnsStack *self);
  void             (*network_changed) (Xep174MdnsStack *self);
  /* The clock; a test brings its own. */
  GSource         *(*after)           (Xep174MdnsStack *self,
                                       guint            milliseconds,
                                       GSourceFunc      func,
                                       gpointer         user_data);
};

void             xep174_mdns_stack_set_listener   (Xep174MdnsStack          *self,
                                                   const Xep174MdnsListener *listener,
                                                   gpointer                  owner);
gboolean         xep174_mdns_stack_open           (Xep174MdnsStack *self,
                                                   GMainContext    *context,
                                                   GError         **error);
void             xep174_mdns_stack_close          (Xep174MdnsStack *self);
/* How many records of others it remembers on a link, 0 for no limit. It tells nothing of those that
 * come after that. */
guint            xep174_mdns_stack_get_records_max (Xep174MdnsStack *self);
char            *xep174_mdns_stack_dup_host_name  (Xep174MdnsStack *self);
/* @place is NULL for everywhere. */
Xep174MdnsQuery *xep174_mdns_stack_query          (Xep174MdnsStack        *self,
                                                   const char             *name,
                                                   guint16                 type,
                                                   const Xep174MdnsPlace  *place,
                                                   Xep174MdnsQueryFunc     func,
                                                   gpointer                user_data,
                                                   GError                **error);
/* Takes and clears the query at @query, which may be NULL. */
void             xep174_mdns_stack_cancel         (Xep174MdnsStack  *self,
                                                   Xep174MdnsQuery **query);
/* In the place of what was published and offered until now. */
gboolean         xep174_mdns_stack_publish        (Xep174MdnsStack         *self,
                                                   const Xep174MdnsService *service,
                                                   GError                 **error);
/* Only the TXT record may differ from that of the last call, so that there is no gap (D14). */
gboolean         xep174_mdns_stack_update         (Xep174MdnsStack         *self,
                                                   const Xep174MdnsService *service,
                                                   GError                 **error);
/* In the place of what was offered until now. Nobody hears of it unasked: it is not probed, not
 * announced, and goes without a goodbye. */
gboolean         xep174_mdns_stack_offer          (Xep174MdnsStack       *self,
                                                   const Xep174MdnsOffer *offer,
                                                   GError               **error);
/* What is offered, too. */
void             xep174_mdns_stack_withdraw       (Xep174MdnsStack *self);
/* Interfaces or addresses have changed. */
void             xep174_mdns_stack_network_changed (Xep174MdnsStack *self);

/* For subclasses. Call each in a turn of its own, because the function that it calls may close the
 * stack. */
void             xep174_mdns_stack_emit_running        (Xep174MdnsStack *self);
void             xep174_mdns_stack_emit_down           (Xep174MdnsStack *self,
                                                        const GError    *error);
void             xep174_mdns_stack_emit_silent         (Xep174MdnsStack *self,
                                                        const GError    *error);
void             xep174_mdns_stack_emit_published      (Xep174MdnsStack *self);
void             xep174_mdns_stack_emit_publish_failed (Xep174MdnsStack *self,
                                                        const GError    *error);
void             xep174_mdns_stack_emit_offer_failed   (Xep174MdnsStack *self,
                                                        const GError    *error);

/* The one that uses the daemon, and the one in our own process, which the build may lack. */
Xep174MdnsStack *xep174_avahi_stack_new    (void);
Xep174MdnsStack *xep174_embedded_stack_new (void);

/* A timeout in the main context in which the stack was opened. It fires once if @func returns
 * G_SOURCE_REMOVE. */
GSource         *xep174_mdns_stack_after  (Xep174MdnsStack *self,
                                           guint            milliseconds,
                                           GSourceFunc      func,
                                           gpointer         user_data);

G_END_DECLS
