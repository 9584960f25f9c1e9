/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature-host.h"

G_BEGIN_DECLS

/* Emits the signal. */
void xep174_feature_host_tell_capabilities (Xep174FeatureHost *self,
                                            const char        *contact);

G_END_DECLS
