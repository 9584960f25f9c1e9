/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature-table-private.h"
#include "xep174-keyring-private.h"
#include "xep174-network-private.h"
#include "xep174-stream-parser.h"

G_BEGIN_DECLS

/* What the sessions of a manager, and the streams that are nobody's yet, need of what is around them: it
 * lies below them all, and the manager fills it in. */

/* What can be set, for all sessions of a manager. */
typedef struct
{
  guint max_stanza_octets;
  guint max_header_octets;
  guint max_depth;
  guint max_attributes;
  guint max_namespaces;
  guint max_queue_octets;
  guint max_unidentified;
  guint max_unidentified_per_address;
  guint header_timeout;
  guint open_timeout;
  guint release_delay;
  guint idle_interval;
  guint receipt_delay;
  guint max_retries;
  guint address_policy; /* Xep174AddressPolicy */
  guint completion;     /* Xep174Completion */
} Xep174Settings;

typedef struct
{
  GObject *manager; /* who has it, and whose signals tell the program; not owned */
  Xep174Network *network;
  Xep174Directory *directory; /* %NULL if there is none */
  char *local_name;           /* %NULL while it is not known */
  guint16 port;               /* that streams are accepted on, 0 while none are */
  Xep174Settings settings;
  Xep174Keyring keyring;
  Xep174FeatureTable *features;

  /* Callers that may be anybody, because who has their address is still being looked up. */
  guint n_unknown;

  GHashTable *by_name;  /* name -> Xep174Session, not owned */
  GListStore *sessions; /* those with something to do, owned */
  GQueue stopping;      /* of GTask: each waits for the end of them all */
  Xep174Alarm stop_alarm;

  GString *spare;       /* room for the next stanza that is printed */
} Xep174Surroundings;

/* The network is set by the manager. */
void     xep174_surroundings_init          (Xep174Surroundings *self,
                                            GObject            *manager,
                                            GType               session);
void     xep174_surroundings_clear         (Xep174Surroundings *self);
void     xep174_surroundings_set_network   (Xep174Surroundings *self,
                                            Xep174Network      *network);

/* So that it stays while handlers run, which may drop the manager. Either may be %NULL. */
Xep174Surroundings *
         xep174_surroundings_hold          (Xep174Surroundings *self);
void     xep174_surroundings_release       (Xep174Surroundings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Surroundings, xep174_surroundings_release)

Xep174StreamParser *
         xep174_surroundings_make_parser   (Xep174Surroundings *self);
/* Whether streams to @name can be opened: we have a name, and another one. */
gboolean xep174_surroundings_check_name    (Xep174Surroundings  *self,
                                            const char          *name,
                                            GError             **error);

/* Whether a session has something to do. */
void     xep174_surroundings_keep          (Xep174Surroundings *self,
                                            gpointer            session,
                                            gboolean            keep);
/* Completes the requests to stop when everything has ended; or at once. */
void     xep174_surroundings_check_stopped (gpointer self);
void     xep174_surroundings_finish_stopping (Xep174Surroundings *self);

G_END_DECLS
