/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"

/* A backend that does what a test tells it to, and remembers what it was asked. */
#define FAKE_TYPE_DISCOVERY (fake_discovery_get_type ())
G_DECLARE_FINAL_TYPE (FakeDiscovery, fake_discovery, FAKE, DISCOVERY, Xep174Discovery)

struct _FakeDiscovery
{
  Xep174Discovery parent_instance;

  GTask *start;             /* what waits for an answer */
  GTask *stop;
  GCancellable *cancellable;
  GAsyncReadyCallback callback; /* the last one that was given, to call it twice */
  gpointer user_data;
  guint n_starts;
  guint n_stops;
  guint n_profile_changes;
  char *asked;              /* the name that was last asked for */
};

FakeDiscovery *fake_discovery_new         (void);
/* Each answers what waits; an error is taken over. */
void           fake_discovery_end_start   (FakeDiscovery *self, GError *error);
void           fake_discovery_end_stop    (FakeDiscovery *self, GError *error);
