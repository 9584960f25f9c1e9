/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-disco-private.h"

void
xep174_disco_append_info (Xep174Element *parent)
{
  static const char *const features[] = { XEP174_NS_DISCO_INFO, XEP174_NS_PING };
  Xep174Element *query = xep174_element_append_new (parent, "query", XEP174_NS_DISCO_INFO);
  Xep174Element *identity = xep174_element_append_new (query, "identity", XEP174_NS_DISCO_INFO);

  xep174_element_set_attribute (identity, "category", "client");
  xep174_element_set_attribute (identity, "type", "pc");
  for (gsize i = 0; i < G_N_ELEMENTS (features); i++)
    xep174_element_set_attribute (xep174_element_append_new (query, "feature",
                                                             XEP174_NS_DISCO_INFO),
                                  "var", features[i]);
}
