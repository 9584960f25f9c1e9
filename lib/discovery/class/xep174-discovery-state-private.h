/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-avatar-cache-private.h"
#include "xep174-avatar-private.h"
#include "xep174-contact-list-private.h"
#include "xep174-directory.h"
#include "xep174-discovery.h"
#include "xep174-discovery-private.h"

/* What the files xep174-discovery*.c share; backends do not use it. The files from the lowest up:
 * -error, -state, -agenda, -avatars, -contacts, -run, xep174-identify.c, -directory, the class, and -start
 * and -backend with the functions that others call. The files below the class do not check the type
 * of their arguments. */

typedef enum
{
  XEP174_DISCOVERY_STOPPED,
  XEP174_DISCOVERY_STARTING,
  XEP174_DISCOVERY_RUNNING,
  XEP174_DISCOVERY_STOPPING,
} Xep174DiscoveryState;

typedef struct _Xep174DiscoveryStep Xep174DiscoveryStep;
typedef void (*Xep174DiscoveryTake) (Xep174Discovery *self, Xep174DiscoveryStep *step);

/* A change, or something to tell. Steps are taken one after another, even if a handler causes new
 * ones. So all are told of one change before the next change is made. */
struct _Xep174DiscoveryStep
{
  Xep174DiscoveryTake take;
  /* Those of these fields that @take needs; the others are NULL. */
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
  gboolean busy; /* somebody takes the steps, in a main loop as deep as busy_depth */
  int busy_depth;
  GSource *inner_loop;
  gboolean disposed; /* nobody is added any more, and nobody is told */

  Xep174DiscoveryState state;
  Xep174Profile *profile;
  guint16 port;
  char *local_name;
  GError *problem;

  GTask *start;              /* while starting */
  GCancellable *cancellable; /* the one that the backend got for its start, until it answers */
  GCancellable *outer;       /* the one that the program gave us */
  gulong outer_handler;
  GList *stops;              /* the tasks that wait for the end */
  gboolean backend_stops;    /* the backend was asked to stop, and has not answered */

  Xep174AvatarCache *avatars;
  Xep174AvatarLoader *loader; /* the contacts share it */
  GHashTable *errands;        /* pictures that are on their way */

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

/* Call these only while you hold the discovery (xep174_discovery_hold()), or in a step. */
Xep174DiscoveryStep    *xep174_discovery_step_new       (Xep174DiscoveryTake take);
void                    xep174_discovery_step_free      (Xep174DiscoveryStep *step);
void                    xep174_discovery_do_next        (Xep174Discovery     *self,
                                                         Xep174DiscoveryStep *step);
void                    xep174_discovery_do_last        (Xep174Discovery     *self,
                                                         Xep174DiscoveryStep *step);
void                    xep174_discovery_clear_agenda   (Xep174Discovery     *self);
/* A step that ends a call. The callback of the call may run at once. Unlike a handler it does not
 * run in the middle of a change, so what it changes takes effect at once. */
void                    xep174_discovery_return         (Xep174Discovery     *self,
                                                         Xep174DiscoveryStep *step);
/* These make a step of their own. */
void                    xep174_discovery_notify         (Xep174Discovery *self,
                                                         guint            property);
void                    xep174_discovery_notify_next    (Xep174Discovery *self,
                                                         guint            property);
void                    xep174_discovery_clear_contacts (Xep174Discovery *self);

/* The contact has gone, or has another record: nobody waits any more for a picture that it does not
 * show now. In a step. */
void                    xep174_discovery_review_avatars   (Xep174Discovery *self,
                                                           Xep174Contact   *contact);
void                    xep174_discovery_init_avatars     (Xep174Discovery *self);
void                    xep174_discovery_finalize_avatars (Xep174Discovery *self);

/* What a backend reports: xep174_discovery_put_contact() and so on. */
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

/* One for a discovery that is stopped, one for a discovery that is not. @task is returned in the
 * end. */
void                    xep174_discovery_begin_start    (Xep174Discovery *self,
                                                         Xep174Profile   *profile,
                                                         guint16          port,
                                                         GTask           *task);
void                    xep174_discovery_request_stop   (Xep174Discovery *self,
                                                         GTask           *task);
/* For the dispose of @self: sets back everything that a start has set. There is nobody left to
 * tell. */
void                    xep174_discovery_end            (Xep174Discovery *self);

/* Whether a connection to @name may be asked for: the contact is there, or will be there when the
 * handlers that run now have returned. */
gboolean                xep174_discovery_expects        (Xep174Discovery *self,
                                                         const char      *name);
/* Fills in the interface, and the functions that a class uses if its backend leaves them out. */
void                    xep174_discovery_directory_init (Xep174DirectoryInterface *iface);
void                    xep174_discovery_set_defaults   (Xep174DiscoveryClass *klass);
