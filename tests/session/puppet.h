/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "raw-peer.h"

#include "xep174-feature-host.h"
#include "xep174-feature.h"

G_BEGIN_DECLS

/* A feature that does as it is told, and logs what is done with it. */

typedef struct _Puppet Puppet;
typedef enum
{
  PUPPET_ATTACH,
  PUPPET_DETACH,
  PUPPET_HANDLE,
  PUPPET_DECORATE,
  N_PUPPET_STRINGS
} PuppetString;

struct _Puppet
{
  Xep174Feature parent_instance;

  Raw *raw;
  const char *label;
  gboolean takes;
  const char *adds; /* to what is sent */
  /* Called in the function of that number. */
  PuppetString when;
  void (*deed) (Puppet *self);
  Puppet *other;
};

GType              puppet_get_type (void);
Puppet            *puppet_new      (Raw        *raw,
                                    const char *label,
                                    const char *payload,
                                    const char *payload2);
void               puppet_add      (Raw        *raw,
                                    Puppet     *puppet);
/* One that is in use; the host has it. */
Puppet            *puppet_added    (Raw        *raw,
                                    const char *label,
                                    const char *payload);

Xep174FeatureHost *puppet_host_of  (Raw        *raw);
/* The manager is gone, and with it what it has. */
void               puppet_drop     (Raw        *raw);

G_END_DECLS
