/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-stack-private.h"

G_BEGIN_DECLS

/* A stack that is one of two: each time it is opened it takes @first if that answers at once, else
 * @second. */
#define XEP174_TYPE_DEFAULT_STACK (xep174_default_stack_get_type ())
G_DECLARE_FINAL_TYPE (Xep174DefaultStack, xep174_default_stack, XEP174, DEFAULT_STACK, Xep174MdnsStack)

/* Takes both. */
Xep174MdnsStack *xep174_default_stack_new      (Xep174MdnsStack *first,
                                                Xep174MdnsStack *second);
/* Whether it is open and has decided for the first. */
gboolean         xep174_default_stack_is_first (Xep174DefaultStack *self);

G_END_DECLS
