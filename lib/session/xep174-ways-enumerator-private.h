/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-enumerator-private.h"
#include "xep174-ways-private.h"

G_BEGIN_DECLS

/* The addresses that may be tried, in the order in which the directory tells them. It is one ahead
 * of who asks, so that it is known whether there is another when the first has taken TCP. */

#define XEP174_TYPE_WAYS_ENUMERATOR (xep174_ways_enumerator_get_type ())
G_DECLARE_FINAL_TYPE (Xep174WaysEnumerator, xep174_ways_enumerator, XEP174, WAYS_ENUMERATOR,
                      Xep174Enumerator)

/* @looking: what ends the look-up, also when nobody asks for more. */
GSocketAddressEnumerator *xep174_ways_enumerator_new (Xep174Ways         *ways,
                                                      GSocketConnectable *told,
                                                      GCancellable       *looking);

G_END_DECLS
