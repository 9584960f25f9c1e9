/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-contact.h"
#include "xep174-profile.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_DISCOVERY_ERROR (xep174_discovery_error_quark ())
XEP174_AVAILABLE_IN_1_0
GQuark xep174_discovery_error_quark (void);

/**
 * Xep174DiscoveryError:
 * @XEP174_DISCOVERY_ERROR_FAILED: anything without a code of its own
 * @XEP174_DISCOVERY_ERROR_NO_DAEMON: no bus, or no avahi-daemon on it
 * @XEP174_DISCOVERY_ERROR_NO_NETWORK: no interface that mDNS can use
 * @XEP174_DISCOVERY_ERROR_NOT_SUPPORTED: not in this build, or not what this backend can do
 * @XEP174_DISCOVERY_ERROR_INVALID_NAME: a name that DNS or XEP-0174 §3 does not allow
 * @XEP174_DISCOVERY_ERROR_TOO_LONG: a value that does not fit its TXT string or the record
 * @XEP174_DISCOVERY_ERROR_COLLISION: every name that was tried is taken
 * @XEP174_DISCOVERY_ERROR_LIMIT: a limit of the mDNS stack was reached
 * @XEP174_DISCOVERY_ERROR_INVALID_VALUE: a parameter that a TXT record cannot hold, or that is not
 *   the application's to set
 * @XEP174_DISCOVERY_ERROR_NO_AVATAR: the contact publishes no picture
 * @XEP174_DISCOVERY_ERROR_WRONG_AVATAR: a picture that is not the one that the contact announces, or
 *   that is too large
 *
 * What can go wrong while finding and being found.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_DISCOVERY_ERROR_FAILED,
  XEP174_DISCOVERY_ERROR_NO_DAEMON,
  XEP174_DISCOVERY_ERROR_NO_NETWORK,
  XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
  XEP174_DISCOVERY_ERROR_INVALID_NAME,
  XEP174_DISCOVERY_ERROR_TOO_LONG,
  XEP174_DISCOVERY_ERROR_COLLISION,
  XEP174_DISCOVERY_ERROR_LIMIT,
  XEP174_DISCOVERY_ERROR_INVALID_VALUE,
  XEP174_DISCOVERY_ERROR_NO_AVATAR,
  XEP174_DISCOVERY_ERROR_WRONG_AVATAR,
} Xep174DiscoveryError;

#define XEP174_TYPE_DISCOVERY (xep174_discovery_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (Xep174Discovery, xep174_discovery, XEP174, DISCOVERY, GObject)

/**
 * Xep174DiscoveryClass:
 * @start_async: begins to publish the profile with the given port, if it is not %NULL, and to
 *   browse; its cancellable is also triggered by a stop that comes before it has finished
 * @start_finish: finishes @start_async; if [property@Discovery:local-name] is not set by then, the
 *   base class sets the profile's `user@machine`
 * @stop_async: says goodbye and ends every query
 * @stop_finish: finishes @stop_async
 * @profile_changed: the profile has new values to publish, or another name; called once for all the
 *   changes of one turn of the main loop, and only while running
 * @dup_contact_connectable: does [method@Directory.dup_connectable]'s work, for known contacts only
 * @identify_contact_async: does [method@Directory.identify_async]'s work; the default compares with
 *   the addresses that @dup_contact_connectable's result enumerates
 * @identify_contact_finish: finishes @identify_contact_async
 * @report_contact_failure: does [method@Directory.report_failure]'s work; the default marks the
 *   contact as doubtful
 * @load_avatar_async: looks for the picture of a contact that has the given SHA-1; give its
 *   cancellable to the task. The default says that there are no pictures
 * @load_avatar_finish: finishes @load_avatar_async; the base class looks whether the octets have that
 *   SHA-1
 *
 * What a backend implements: @dup_contact_connectable, and the others as far as there is something
 * to do. Those with `contact` are named after the questions of [iface@Directory]; they have not the
 * same names, because Python cannot tell two virtual functions of one name apart.
 *
 * Every callback is called exactly once. A backend ends all its work in its `dispose` too, as a
 * program may drop a running discovery.
 *
 * Since: 1.0
 */
struct _Xep174DiscoveryClass
{
  GObjectClass parent_class;

  void                (*start_async)             (Xep174Discovery     *self,
                                                  Xep174Profile       *profile,
                                                  guint16              port,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
  gboolean            (*start_finish)            (Xep174Discovery *self,
                                                  GAsyncResult    *result,
                                                  GError         **error);
  void                (*stop_async)              (Xep174Discovery     *self,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
  gboolean            (*stop_finish)             (Xep174Discovery *self,
                                                  GAsyncResult    *result,
                                                  GError         **error);
  void                (*profile_changed)         (Xep174Discovery *self);
  GSocketConnectable *(*dup_contact_connectable) (Xep174Discovery *self,
                                                  const char      *name,
                                                  GError         **error);
  void                (*identify_contact_async)  (Xep174Discovery     *self,
                                                  GSocketAddress      *address,
                                                  const char          *claimed_name,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
  char               *(*identify_contact_finish) (Xep174Discovery *self,
                                                  GAsyncResult    *result,
                                                  GError         **error);
  void                (*report_contact_failure)  (Xep174Discovery *self,
                                                  const char      *name);
  void                (*load_avatar_async)       (Xep174Discovery     *self,
                                                  const char          *name,
                                                  const char          *hash,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
  GBytes             *(*load_avatar_finish)      (Xep174Discovery *self,
                                                  GAsyncResult    *result,
                                                  GError         **error);

  /*< private >*/
  gpointer padding[6];
};

XEP174_AVAILABLE_IN_1_0
void             xep174_discovery_start_async       (Xep174Discovery     *self,
                                                     Xep174Profile       *profile,
                                                     guint16              port,
                                                     GCancellable        *cancellable,
                                                     GAsyncReadyCallback  callback,
                                                     gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean         xep174_discovery_start_finish      (Xep174Discovery *self,
                                                     GAsyncResult    *result,
                                                     GError         **error);
XEP174_AVAILABLE_IN_1_0
void             xep174_discovery_stop_async        (Xep174Discovery     *self,
                                                     GCancellable        *cancellable,
                                                     GAsyncReadyCallback  callback,
                                                     gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean         xep174_discovery_stop_finish       (Xep174Discovery *self,
                                                     GAsyncResult    *result,
                                                     GError         **error);
XEP174_AVAILABLE_IN_1_0
Xep174Profile   *xep174_discovery_get_profile       (Xep174Discovery *self);
XEP174_AVAILABLE_IN_1_0
guint16          xep174_discovery_get_port          (Xep174Discovery *self);
XEP174_AVAILABLE_IN_1_0
gboolean         xep174_discovery_get_running       (Xep174Discovery *self);
XEP174_AVAILABLE_IN_1_0
const char      *xep174_discovery_get_local_name    (Xep174Discovery *self);
XEP174_AVAILABLE_IN_1_0
const char      *xep174_discovery_get_domain        (Xep174Discovery *self);
XEP174_AVAILABLE_IN_1_0
GListModel      *xep174_discovery_get_contacts      (Xep174Discovery *self);
XEP174_AVAILABLE_IN_1_0
Xep174Contact   *xep174_discovery_find_contact      (Xep174Discovery *self,
                                                     const char      *name);
XEP174_AVAILABLE_IN_1_0
const GError    *xep174_discovery_get_problem       (Xep174Discovery *self);

/* For backends, also those in other languages. */
XEP174_AVAILABLE_IN_1_0
void             xep174_discovery_set_local_name    (Xep174Discovery *self,
                                                     const char      *name);
XEP174_AVAILABLE_IN_1_0
Xep174Contact   *xep174_discovery_put_contact       (Xep174Discovery *self,
                                                     const char      *name,
                                                     GBytes          *txt);
XEP174_AVAILABLE_IN_1_0
void             xep174_discovery_remove_contact    (Xep174Discovery *self,
                                                     const char      *name);
XEP174_AVAILABLE_IN_1_0
void             xep174_discovery_set_doubtful      (Xep174Discovery *self,
                                                     const char      *name,
                                                     gboolean         doubtful);
XEP174_AVAILABLE_IN_1_0
void             xep174_discovery_set_problem       (Xep174Discovery *self,
                                                     const GError    *problem);
XEP174_AVAILABLE_IN_1_0
void             xep174_discovery_network_changed   (Xep174Discovery *self);

G_END_DECLS
