/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-client.h"
#include "xep174-correspondents-private.h"

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

  Xep174ClientPhase phase;
  /* The port that the program asked for; the manager knows the one in use. */
  guint16 port;
};

void xep174_client_set_phase (Xep174Client      *self,
                              Xep174ClientPhase  phase);
void xep174_client_install_signals (GType type);
/* From now on the client tells of the messages that the sessions receive. */
void xep174_client_listen          (Xep174Client *self);
