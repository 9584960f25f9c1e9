/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-mdns-stack-private.h"

G_BEGIN_DECLS

/* A private connection to the system bus, and what was asked over it. Nothing waits: requests are sent
 * sixteen at a time, and answers and signals come in the order in which the peers have sent them. */
typedef struct _Xep174AvahiBus Xep174AvahiBus;
typedef struct _Xep174AvahiCall Xep174AvahiCall;

#define XEP174_AVAHI_NAME    "org.freedesktop.Avahi"
#define XEP174_AVAHI_DBUS    "org.freedesktop.DBus"
#define XEP174_AVAHI_DBUS_AT "/org/freedesktop/DBus"

typedef struct
{
  const char *destination;
  const char *path;
  const char *interface;
  const char *method;
  GVariant   *arguments; /* floating, or NULL for none */
  const char *answer;    /* the type of a good answer */
  gboolean    patient;   /* the answer may take long */
} Xep174AvahiRequest;

/* @body is the answer, or NULL and @refusal is the name of an error, with the peer's @words. */
typedef void (*Xep174AvahiAnswerFunc) (GVariant   *body,
                                       const char *refusal,
                                       const char *words,
                                       gpointer    user_data);
typedef void (*Xep174AvahiSignalFunc) (const char *interface,
                                       const char *member,
                                       GVariant   *body,
                                       gpointer    user_data);

/* The connection may be freed in each of them. */
typedef struct
{
  void (*opened) (Xep174AvahiBus *bus,
                  gpointer        owner);
  /* It has gone, or could not be made: @refusal says why. No answer comes any more. */
  void (*closed) (Xep174AvahiBus *bus,
                  const char     *refusal,
                  const char     *words,
                  gpointer        owner);
  /* For ten seconds nothing has come, though something was asked; or something has come again. */
  void (*silent) (Xep174AvahiBus *bus,
                  gboolean        silent,
                  gpointer        owner);
} Xep174AvahiBusListener;

Xep174AvahiBus  *xep174_avahi_bus_new      (Xep174MdnsStack              *stack,
                                            GMainContext                 *context,
                                            const Xep174AvahiBusListener *listener,
                                            gpointer                      owner);
void             xep174_avahi_bus_free     (Xep174AvahiBus *self);
gboolean         xep174_avahi_bus_is_open  (Xep174AvahiBus *self);
/* The daemon's unique name: whose signals count, and who is asked from time to time whether it is
 * still there. */
void             xep174_avahi_bus_set_peer (Xep174AvahiBus *self,
                                            const char     *unique_name,
                                            gboolean        watched);
Xep174AvahiCall *xep174_avahi_bus_call     (Xep174AvahiBus           *self,
                                            const Xep174AvahiRequest *request,
                                            Xep174AvahiAnswerFunc     func,
                                            gpointer                  user_data);
/* Without an answer. */
void             xep174_avahi_bus_tell     (Xep174AvahiBus           *self,
                                            const Xep174AvahiRequest *request);
/* The answer is not wanted any more. */
void             xep174_avahi_bus_forget   (Xep174AvahiBus  *self,
                                            Xep174AvahiCall *call);
/* The same, if it was not even asked; else FALSE, and it will come. */
gboolean         xep174_avahi_bus_withdraw (Xep174AvahiBus  *self,
                                            Xep174AvahiCall *call);
/* One for each path: FALSE if there is one already. */
gboolean         xep174_avahi_bus_watch    (Xep174AvahiBus        *self,
                                            const char            *path,
                                            Xep174AvahiSignalFunc  func,
                                            gpointer               user_data);
void             xep174_avahi_bus_unwatch  (Xep174AvahiBus *self,
                                            const char     *path);

G_END_DECLS
