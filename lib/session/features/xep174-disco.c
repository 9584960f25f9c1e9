/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-disco-private.h"

const char *const xep174_disco_own[] = { XEP174_NS_DISCO_INFO, XEP174_NS_PING, NULL };

Xep174Element *
xep174_disco_append_info (Xep174Element      *parent,
                          const char * const *announces)
{
  Xep174Element *query = xep174_element_append_new (parent, "query", XEP174_NS_DISCO_INFO);
  Xep174Element *identity = xep174_element_append_new (query, "identity", XEP174_NS_DISCO_INFO);

  xep174_element_set_attribute (identity, "category", "client");
  xep174_element_set_attribute (identity, "type", "pc");
  for (; *announces != NULL; announces++)
    xep174_element_set_attribute (xep174_element_append_new (query, "feature", XEP174_NS_DISCO_INFO), "var",
                                  *announces);
  return query;
}
