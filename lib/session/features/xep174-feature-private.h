/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature-host.h"

G_BEGIN_DECLS

/* A feature as its host sees it. Each of these may run the program's code, which may do anything. */

/* The host is not held: it detaches the feature before it goes. */
void     xep174_feature_attach    (Xep174Feature     *self,
                                   Xep174FeatureHost *host);
void     xep174_feature_detach    (Xep174Feature     *self);
gboolean xep174_feature_handle    (Xep174Feature     *self,
                                   const char        *contact,
                                   Xep174Element     *stanza,
                                   Xep174Element     *payload);
gboolean xep174_feature_decorates (Xep174Feature     *self);
void     xep174_feature_decorate  (Xep174Feature     *self,
                                   const char        *contact,
                                   Xep174Element     *outgoing);

G_END_DECLS
