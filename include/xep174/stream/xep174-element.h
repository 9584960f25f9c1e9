/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_ELEMENT (xep174_element_get_type ())

typedef struct _Xep174Element Xep174Element;

XEP174_AVAILABLE_IN_1_0
GType          xep174_element_get_type         (void) G_GNUC_CONST;
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_element_new              (const char *name,
                                                const char *xmlns);
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_element_parse            (const char  *xml,
                                                GError     **error);
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_element_copy             (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_element_ref              (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
void           xep174_element_unref            (Xep174Element *self);

XEP174_AVAILABLE_IN_1_0
gboolean       xep174_element_is_sealed        (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
void           xep174_element_seal             (Xep174Element *self);

XEP174_AVAILABLE_IN_1_0
const char    *xep174_element_get_name         (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
const char    *xep174_element_get_xmlns        (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_element_matches          (Xep174Element *self,
                                                const char    *name,
                                                const char    *xmlns);
XEP174_AVAILABLE_IN_1_0
const char    *xep174_element_get_attribute    (Xep174Element *self,
                                                const char    *name);
XEP174_AVAILABLE_IN_1_0
char         **xep174_element_list_attributes  (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
char          *xep174_element_dup_text         (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_element_get_parent       (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_element_get_first_child  (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_element_get_next_sibling (Xep174Element *self);
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_element_find_child       (Xep174Element *self,
                                                const char    *name,
                                                const char    *xmlns);
XEP174_AVAILABLE_IN_1_0
Xep174Element **xep174_element_list_children   (Xep174Element *self,
                                                const char    *name,
                                                const char    *xmlns);
XEP174_AVAILABLE_IN_1_0
char          *xep174_element_dup_child_text   (Xep174Element *self,
                                                const char    *name,
                                                const char    *xmlns);

XEP174_AVAILABLE_IN_1_0
void           xep174_element_set_attribute    (Xep174Element *self,
                                                const char    *name,
                                                const char    *value);
XEP174_AVAILABLE_IN_1_0
void           xep174_element_append_text      (Xep174Element *self,
                                                const char    *text);
XEP174_AVAILABLE_IN_1_0
void           xep174_element_set_text         (Xep174Element *self,
                                                const char    *text);
XEP174_AVAILABLE_IN_1_0
Xep174Element *xep174_element_append_new       (Xep174Element *self,
                                                const char    *name,
                                                const char    *xmlns);
XEP174_AVAILABLE_IN_1_0
void           xep174_element_append_child     (Xep174Element *self,
                                                Xep174Element *child);

XEP174_AVAILABLE_IN_1_0
char          *xep174_element_to_string        (Xep174Element *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Element, xep174_element_unref)

G_END_DECLS
