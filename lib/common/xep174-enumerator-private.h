/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Addresses that become known one after another. Each caller who asks for the next one waits,
 * without blocking, until there is one, until it is sure that there is none, or until the call is
 * cancelled. */

#define XEP174_TYPE_ENUMERATOR (xep174_enumerator_get_type ())
G_DECLARE_DERIVABLE_TYPE (Xep174Enumerator, xep174_enumerator, XEP174, ENUMERATOR,
                          GSocketAddressEnumerator)

struct _Xep174EnumeratorClass
{
  GSocketAddressEnumeratorClass parent_class;

  /* Somebody has begun to wait. */
  void (*asked) (Xep174Enumerator *self);
};

gboolean xep174_enumerator_is_awaited (Xep174Enumerator *self);
/* (transfer full): the task of who has waited longest, which must be answered now. */
GTask   *xep174_enumerator_steal_task (Xep174Enumerator *self);
/* Answers one after the other, as long as there is an answer: @answer_first steals a task, or returns
 * FALSE. Whoever is answered may ask again, or drop the last reference. */
void     xep174_enumerator_answer_all (Xep174Enumerator  *self,
                                       gboolean         (*answer_first) (Xep174Enumerator *self));

G_END_DECLS
