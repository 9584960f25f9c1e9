/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature-private.h"

G_BEGIN_DECLS

/* The features of a host, and which of them a stanza is for. Who calls holds the host: whatever a feature
 * does, each of these goes on to its end. */

typedef struct _Xep174FeatureTable Xep174FeatureTable;

/* @host has it, and is told when what we announce is something else. */
Xep174FeatureTable *xep174_feature_table_new      (Xep174FeatureHost   *host,
                                                   void               (*changed) (Xep174FeatureHost *host));
void                xep174_feature_table_free     (Xep174FeatureTable  *self);
/* Detaches them all; nothing is added any more. */
void                xep174_feature_table_close    (Xep174FeatureTable  *self);
gboolean            xep174_feature_table_add      (Xep174FeatureTable  *self,
                                                   Xep174Feature       *feature,
                                                   GError             **error);
void                xep174_feature_table_remove   (Xep174FeatureTable  *self,
                                                   Xep174Feature       *feature);
GListModel         *xep174_feature_table_get_list (Xep174FeatureTable  *self);

/* What we announce, the library's own among it, and its hash (XEP-0115 §5.1). */
const char * const *xep174_feature_table_get_announces (Xep174FeatureTable *self);
const char         *xep174_feature_table_get_ver  (Xep174FeatureTable  *self);

/* Whether it may be for one. */
gboolean            xep174_feature_table_wants    (Xep174FeatureTable  *self,
                                                   Xep174Element       *stanza);
/* Gives @stanza, which is from a contact, to each feature that it is for. TRUE if one has taken it. */
gboolean            xep174_feature_table_dispatch (Xep174FeatureTable  *self,
                                                   const char          *contact,
                                                   Xep174Element       *stanza);
/* Whether one adds to what is sent. */
gboolean            xep174_feature_table_decorates (Xep174FeatureTable *self);
/* @outgoing is to a contact. */
void                xep174_feature_table_decorate (Xep174FeatureTable  *self,
                                                   const char          *contact,
                                                   Xep174Element       *outgoing);

G_END_DECLS
