/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-contact-list-private.h"
#include "xep174-directory.h"
#include "xep174-discovery.h"
#include "xep174-discovery-private.h"

/* What the files xep174-discovery*.c share; backends have no business here. From the lowest up: -error,
 * -state, -agenda, -contacts, -run, xep174-identify.c, -directory, the class, and with the functions that
 * others call -start and -backend. What lies below the class does not ask whether it is one. */

typedef enum
{
  XEP174_DISCOVERY_STOPPED,
  XEP174_DISCOVERY_STARTING,
  XEP174_DISCOVERY_RUNNING,
  XEP174_DISCOVERY_STOPPING,
} Xep174DiscoveryState;

typedef struct _Xep174DiscoveryStep Xep174DiscoveryStep;
typedef void (*Xep174DiscoveryTake) (Xep174Discovery *self, Xep174DiscoveryStep *step);

/* A change of what is known, or something to tell. Steps are taken one after another, whatever a
 * handler does meanwhile: so nobody is told of a change before all have been told of the former. */
struct _Xep174DiscoveryStep
{
  Xep174DiscoveryTake take;
  /* What @take needs of these; NULL otherwise. */
  Xep174Contact *contact;
  char *name;
  GBytes *txt;
  GTask *task;
  GError *error;
  guint number;
};

typedef struct
{
  GMainContext *context;
  char *domain;
  Xep174ContactList *contacts;

  GQueue agenda; /* of Xep174DiscoveryStep */
  gboolean busy; /* somebody will take the steps, or is at it, as deep in main loops as … */
  int busy_depth;
  GSource *inner_loop;
  gboolean disposed; /* nobody comes any more, and there is nobody to tell */

  Xep174DiscoveryState state;
  Xep174Profile *profile;
  guint16 port;
  char *local_name;
  GError *problem;

  GTask *start;              /* while starting */
  GCancellable *cancellable; /* what the backend was given to start with, until it answers */
  GCancellable *outer;       /* what the application gave */
  gulong outer_handler;
  GList *stops;              /* whoever waits for the end */
  gboolean backend_stops;    /* it was asked to, and has not answered */

  gulong profile_handler;
  gboolean unpublished;
  GSource *publish;
} Xep174DiscoveryPrivate;

enum
{
  XEP174_DISCOVERY_PROP_0,
  XEP174_DISCOVERY_PROP_PROFILE,
  XEP174_DISCOVERY_PROP_PORT,
  XEP174_DISCOVERY_PROP_RUNNING,
  XEP174_DISCOVERY_PROP_LOCAL_NAME,
  XEP174_DISCOVERY_PROP_DOMAIN,
  XEP174_DISCOVERY_PROP_CONTACTS,
  XEP174_DISCOVERY_PROP_PROBLEM,
  XEP174_DISCOVERY_N_PROPS
};

enum
{
  XEP174_DISCOVERY_CONTACT_ADDED,
  XEP174_DISCOVERY_CONTACT_REMOVED,
  XEP174_DISCOVERY_NETWORK_CHANGED,
  XEP174_DISCOVERY_N_SIGNALS
};

/* The class fills them in. */
extern GParamSpec *xep174_discovery_properties[XEP174_DISCOVERY_N_PROPS];
extern guint       xep174_discovery_signals[XEP174_DISCOVERY_N_SIGNALS];

void                    xep174_discovery_add_private    (GType type);
void                    xep174_discovery_adjust_private (Xep174DiscoveryClass *klass);
Xep174DiscoveryPrivate *xep174_discovery_get_private    (Xep174Discovery *self);

/* Each of these is for who holds the discovery (xep174_discovery_hold()), or takes a step. */
Xep174DiscoveryStep    *xep174_discovery_step_new       (Xep174DiscoveryTake take);
void                    xep174_discovery_step_free      (Xep174DiscoveryStep *step);
void                    xep174_discovery_do_next        (Xep174Discovery     *self,
                                                         Xep174DiscoveryStep *step);
void                    xep174_discovery_do_last        (Xep174Discovery     *self,
                                                         Xep174DiscoveryStep *step);
void                    xep174_discovery_clear_agenda   (Xep174Discovery     *self);
/* A step that ends a call. Its callback may run at once, and is no handler: nothing is half told
 * then, so that what it changes takes effect while it runs. */
void                    xep174_discovery_return         (Xep174Discovery     *self,
                                                         Xep174DiscoveryStep *step);
/* Each in a step of its own. */
void                    xep174_discovery_notify         (Xep174Discovery *self,
                                                         guint            property);
void                    xep174_discovery_notify_next    (Xep174Discovery *self,
                                                         guint            property);
void                    xep174_discovery_clear_contacts (Xep174Discovery *self);

/* What is seen: xep174_discovery_put_contact() and so on. */
Xep174Contact          *xep174_discovery_note_contact    (Xep174Discovery *self,
                                                          const char      *name,
                                                          GBytes          *txt);
void                    xep174_discovery_note_gone       (Xep174Discovery *self,
                                                          const char      *name);
void                    xep174_discovery_note_doubtful   (Xep174Discovery *self,
                                                          const char      *name,
                                                          gboolean         doubtful);
void                    xep174_discovery_note_local_name (Xep174Discovery *self,
                                                          const char      *name);
void                    xep174_discovery_note_problem    (Xep174Discovery *self,
                                                          const GError    *problem);
void                    xep174_discovery_note_network    (Xep174Discovery *self);

/* For a discovery that is stopped, and for one that is not; @task is returned in the end. */
void                    xep174_discovery_begin_start    (Xep174Discovery *self,
                                                         Xep174Profile   *profile,
                                                         guint16          port,
                                                         GTask           *task);
void                    xep174_discovery_request_stop   (Xep174Discovery *self,
                                                         GTask           *task);
/* In the end of @self, who has nobody left to tell of it: everything that a start set, set back. */
void                    xep174_discovery_end            (Xep174Discovery *self);

/* Whether a connection to @name may be asked for: it is there, or will be once the handlers that
 * run now have returned. */
gboolean                xep174_discovery_expects        (Xep174Discovery *self,
                                                         const char      *name);
/* Fills in the interface, and the class's own functions for a backend that leaves one out. */
void                    xep174_discovery_directory_init (Xep174DirectoryInterface *iface);
void                    xep174_discovery_set_defaults   (Xep174DiscoveryClass *klass);
