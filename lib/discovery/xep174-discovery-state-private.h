/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-contact-list-private.h"
#include "xep174-directory.h"
#include "xep174-discovery.h"

/* What the files xep174-discovery*.c share; backends have no business here. */

typedef enum
{
  XEP174_DISCOVERY_STOPPED,
  XEP174_DISCOVERY_STARTING,
  XEP174_DISCOVERY_RUNNING,
  XEP174_DISCOVERY_STOPPING,
} Xep174DiscoveryState;

typedef struct
{
  GMainContext *context;
  char *domain;
  Xep174ContactList *contacts;

  Xep174DiscoveryState state;
  Xep174Profile *profile;
  guint16 port;
  char *local_name;
  GError *problem;

  GTask *start;              /* while starting */
  GCancellable *cancellable; /* what the backend was given to start with */
  GCancellable *outer;       /* what the application gave */
  gulong outer_handler;
  GList *stops;              /* whoever waits for the end */

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

extern guint xep174_discovery_signals[XEP174_DISCOVERY_N_SIGNALS];

Xep174DiscoveryPrivate *xep174_discovery_get_private     (Xep174Discovery *self);
void                    xep174_discovery_notify          (Xep174Discovery *self,
                                                          guint            property);
/* All at once (D13). */
void                    xep174_discovery_clear_contacts  (Xep174Discovery *self);
/* The same in the end of @self, who has nobody left to tell of it. */
void                    xep174_discovery_forget_contacts (Xep174Discovery *self);
/* Everything that a start set, set back. */
void                    xep174_discovery_settle          (Xep174Discovery *self);
/* Fills in the interface, and the class's own functions for a backend that leaves one out. */
void                    xep174_discovery_directory_init  (Xep174DirectoryInterface *iface);
void                    xep174_discovery_set_defaults    (Xep174DiscoveryClass *klass);
