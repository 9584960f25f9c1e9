/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-status.h"
#include "xep174-trust.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_CONTACT (xep174_contact_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Contact, xep174_contact, XEP174, CONTACT, GObject)

XEP174_AVAILABLE_IN_1_0
const char         *xep174_contact_get_name         (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
char               *xep174_contact_dup_jid          (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_contact_get_display_name (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_contact_get_online       (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_contact_get_doubtful     (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_contact_get_encrypted    (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
Xep174Trust         xep174_contact_get_trust        (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
Xep174Status        xep174_contact_get_status       (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_contact_get_status_message (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_contact_get_nick         (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_contact_get_first_name   (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_contact_get_last_name    (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
const char * const *xep174_contact_get_emails       (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
const char * const *xep174_contact_get_jids         (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_contact_has_parameter    (Xep174Contact *self,
                                                     const char    *key);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_contact_get_parameter    (Xep174Contact *self,
                                                     const char    *key);
XEP174_AVAILABLE_IN_1_0
char              **xep174_contact_list_parameters  (Xep174Contact *self);
XEP174_AVAILABLE_IN_1_0
void                xep174_contact_load_avatar_async  (Xep174Contact       *self,
                                                       GCancellable        *cancellable,
                                                       GAsyncReadyCallback  callback,
                                                       gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
GBytes             *xep174_contact_load_avatar_finish (Xep174Contact  *self,
                                                       GAsyncResult   *result,
                                                       GError        **error);

G_END_DECLS
