/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-client.h"
#include "xep174-conversations-private.h"
#include "xep174-correspondents-private.h"
#include "xep174-feature-host.h"
#include "xep174-files.h"

typedef enum
{
  XEP174_CLIENT_PHASE_STOPPED,
  XEP174_CLIENT_PHASE_STARTING,
  XEP174_CLIENT_PHASE_RUNNING,
  XEP174_CLIENT_PHASE_STOPPING,
} Xep174ClientPhase;

struct _Xep174Client
{
  GObject parent_instance;

  Xep174Profile *profile;
  Xep174Discovery *discovery;
  Xep174SessionManager *manager;
  Xep174Correspondents *correspondents;
  Xep174Conversations *conversations;

  Xep174Files *files; /* %NULL before somebody asks for transfers */
  char *data_dir;
  /* In the file of the folder; the manager has it unless the program has set another one. */
  Xep174TrustStore *store;
  gboolean remembers_keys;

  Xep174ClientPhase phase;
  /* The port that the program asked for; the manager knows the one in use. */
  guint16 port;
};

void xep174_client_set_phase (Xep174Client      *self,
                              Xep174ClientPhase  phase);
void xep174_client_install_signals (GType type);
/* From now on the client tells what discovery and sessions tell. */
void xep174_client_listen          (Xep174Client *self);

/* Nothing is read or written before the start. */
void     xep174_client_set_up_keys (Xep174Client *self);
/* From now on the contacts show what is known of their keys. */
void     xep174_client_watch_keys  (Xep174Client *self);
gboolean xep174_client_load_keys   (Xep174Client  *self,
                                    GError       **error);

/* --- xep174-client-send.c --------------------------------------------------------------------- */

/* @source is whose call it is, and what its result belongs to. */
void xep174_client_say (Xep174Client        *self,
                        gpointer             source,
                        gpointer             tag,
                        Xep174Contact       *contact,
                        Xep174Message       *message,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data);

/* --- xep174-client-features.c -------------------------------------------------------------- */

void xep174_client_init_host           (Xep174FeatureHostInterface *iface);
/* From now on we publish what we can do, and the manager knows what contacts publish. */
void xep174_client_watch_capabilities  (Xep174Client *self);
void xep174_client_forget_capabilities (Xep174Client *self);

/* --- xep174-client-transfers.c -------------------------------------------------------------- */

void         xep174_client_install_file_signal (GType type);
/* From now on others see that we take files. */
Xep174Files *xep174_client_ensure_files        (Xep174Client *self);
