/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-avahi-bus-private.h"

G_BEGIN_DECLS

/* What the daemon keeps for us: browsers and a group of entries. It grants each of its clients a number
 * of objects, and each connection is a client; where one is full we open another. */
typedef struct _Xep174AvahiObjects Xep174AvahiObjects;
typedef struct _Xep174AvahiObject Xep174AvahiObject;

typedef struct _Xep174AvahiKind Xep174AvahiKind;

struct _Xep174AvahiKind
{
  const char *interface;
  const char *maker;           /* the method that makes one, and its interface */
  const char *maker_interface;
  const Xep174AvahiKind *older; /* what to make where the daemon does not know the method */

  /* Not from within xep174_avahi_objects_make(). The object may be freed in each of them. */
  void (*made)    (Xep174AvahiObject *object,
                   gpointer           user_data);
  void (*refused) (const char *refusal,
                   const char *words,
                   gpointer    user_data);
  void (*signal)  (const char *member,
                   GVariant   *body,
                   gpointer    user_data);
};

/* @primary is the first connection, open, and not ours; @daemon is the unique name to ask. @lost is
 * called where another one breaks: all has to be asked for anew. */
Xep174AvahiObjects *xep174_avahi_objects_new  (Xep174MdnsStack *stack,
                                               GMainContext    *context,
                                               Xep174AvahiBus  *primary,
                                               const char      *daemon,
                                               void           (*lost) (gpointer user_data),
                                               gpointer         user_data);
/* All of them must have been freed. */
void                xep174_avahi_objects_free (Xep174AvahiObjects *self);
Xep174AvahiObject  *xep174_avahi_objects_make (Xep174AvahiObjects    *self,
                                               const Xep174AvahiKind *kind,
                                               GVariant              *arguments,
                                               gpointer               user_data);

/* Of one that is made; the daemon forgets it. */
void                xep174_avahi_object_free (Xep174AvahiObject *self);
gboolean            xep174_avahi_object_is_made (Xep174AvahiObject *self);
/* Which must be forgotten before the object is freed. */
Xep174AvahiCall    *xep174_avahi_object_call (Xep174AvahiObject     *self,
                                              const char            *method,
                                              GVariant              *arguments,
                                              Xep174AvahiAnswerFunc  func,
                                              gpointer               user_data);
void                xep174_avahi_object_forget (Xep174AvahiObject  *self,
                                                Xep174AvahiCall   **call);
void                xep174_avahi_object_tell (Xep174AvahiObject *self,
                                              const char        *method);

G_END_DECLS
