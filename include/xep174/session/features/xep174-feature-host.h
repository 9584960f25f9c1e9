/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-element.h"
#include "xep174-feature.h"
#include "xep174-version.h"

G_BEGIN_DECLS

/**
 * Xep174Support:
 * @XEP174_SUPPORT_UNKNOWN: it is not known, or not yet
 * @XEP174_SUPPORT_NO: it cannot
 * @XEP174_SUPPORT_YES: it can
 *
 * Whether a contact's program can do something.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_SUPPORT_UNKNOWN,
  XEP174_SUPPORT_NO,
  XEP174_SUPPORT_YES,
} Xep174Support;

#define XEP174_TYPE_FEATURE_HOST (xep174_feature_host_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (Xep174FeatureHost, xep174_feature_host, XEP174, FEATURE_HOST, GObject)

/**
 * Xep174FeatureHostInterface:
 * @add_feature: see xep174_feature_host_add_feature()
 * @remove_feature: see xep174_feature_host_remove_feature()
 * @get_features: see xep174_feature_host_get_features()
 * @supports: see xep174_feature_host_supports()
 * @send_async: see xep174_feature_host_send_async()
 * @send_finish: see xep174_feature_host_send_finish()
 * @request_async: see xep174_feature_host_request_async()
 * @request_finish: see xep174_feature_host_request_finish()
 *
 * What the library's own hosts implement.
 *
 * Since: 1.0
 */
struct _Xep174FeatureHostInterface
{
  GTypeInterface parent_iface;

  gboolean       (*add_feature)    (Xep174FeatureHost    *self,
                                    Xep174Feature        *feature,
                                    GError              **error);
  void           (*remove_feature) (Xep174FeatureHost    *self,
                                    Xep174Feature        *feature);
  GListModel    *(*get_features)   (Xep174FeatureHost    *self);
  Xep174Support  (*supports)       (Xep174FeatureHost    *self,
                                    const char           *contact,
                                    const char           *xmlns);
  void           (*send_async)     (Xep174FeatureHost    *self,
                                    const char           *contact,
                                    Xep174Element        *stanza,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
  gboolean       (*send_finish)    (Xep174FeatureHost    *self,
                                    GAsyncResult         *result,
                                    GError              **error);
  void           (*request_async)  (Xep174FeatureHost    *self,
                                    const char           *contact,
                                    Xep174Element        *iq,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
  Xep174Element *(*request_finish) (Xep174FeatureHost    *self,
                                    GAsyncResult         *result,
                                    GError              **error);

  /*< private >*/
  gpointer padding[8];
};

XEP174_AVAILABLE_IN_1_0
gboolean       xep174_feature_host_add_feature    (Xep174FeatureHost    *self,
                                                   Xep174Feature        *feature,
                                                   GError              **error);
XEP174_AVAILABLE_IN_1_0
void           xep174_feature_host_remove_feature (Xep174FeatureHost    *self,
                                                   Xep174Feature        *feature);
XEP174_AVAILABLE_IN_1_0
GListModel    *xep174_feature_host_get_features   (Xep174FeatureHost    *self);
XEP174_AVAILABLE_IN_1_0
Xep174Feature *xep174_feature_host_get_feature    (Xep174FeatureHost    *self,
                                                   GType                 type);
XEP174_AVAILABLE_IN_1_0
Xep174Support  xep174_feature_host_supports       (Xep174FeatureHost    *self,
                                                   const char           *contact,
                                                   const char           *xmlns);
XEP174_AVAILABLE_IN_1_0
void           xep174_feature_host_send_async     (Xep174FeatureHost    *self,
                                                   const char           *contact,
                                                   Xep174Element        *stanza,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_feature_host_send_finish    (Xep174FeatureHost    *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);
XEP174_AVAILABLE_IN_1_0
void           xep174_feature_host_request_async  (Xep174FeatureHost    *self,
                                                   const char           *contact,
                                                   Xep174Element        *iq,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_feature_host_request_finish (Xep174FeatureHost    *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

G_END_DECLS
