/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-element.h"
#include "xep174-version.h"

G_BEGIN_DECLS

typedef struct _Xep174FeatureHost Xep174FeatureHost;

#define XEP174_TYPE_FEATURE (xep174_feature_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (Xep174Feature, xep174_feature, XEP174, FEATURE, GObject)

/**
 * Xep174FeatureClass:
 * @attach: the feature is in use from now on
 * @detach: the feature is not in use any more
 * @handle: a contact has sent something that is for this feature
 * @decorate: something is about to be sent
 *
 * What a feature implements; each function may be left out.
 *
 * Since: 1.0
 */
struct _Xep174FeatureClass
{
  GObjectClass parent_class;

  void     (*attach)   (Xep174Feature     *self,
                        Xep174FeatureHost *host);
  void     (*detach)   (Xep174Feature     *self);
  gboolean (*handle)   (Xep174Feature     *self,
                        const char        *contact,
                        Xep174Element     *stanza,
                        Xep174Element     *payload);
  void     (*decorate) (Xep174Feature     *self,
                        const char        *contact,
                        Xep174Element     *outgoing);

  /*< private >*/
  gpointer padding[8];
};

XEP174_AVAILABLE_IN_1_0
const char * const *xep174_feature_get_payloads  (Xep174Feature      *self);
XEP174_AVAILABLE_IN_1_0
const char * const *xep174_feature_get_announces (Xep174Feature      *self);
XEP174_AVAILABLE_IN_1_0
void                xep174_feature_set_announces (Xep174Feature      *self,
                                                  const char * const *announces);
XEP174_AVAILABLE_IN_1_0
Xep174FeatureHost  *xep174_feature_get_host      (Xep174Feature      *self);

G_END_DECLS
