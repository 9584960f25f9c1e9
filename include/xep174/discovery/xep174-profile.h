/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-status.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_PROFILE (xep174_profile_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Profile, xep174_profile, XEP174, PROFILE, GObject)

XEP174_AVAILABLE_IN_1_0
Xep174Profile *xep174_profile_new            (const char  *user,
                                              GError     **error);
XEP174_AVAILABLE_IN_1_0
const char    *xep174_profile_get_user       (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
const char    *xep174_profile_get_machine    (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_profile_set_machine    (Xep174Profile *self,
                                              const char    *machine,
                                              GError       **error);
XEP174_AVAILABLE_IN_1_0
Xep174Status   xep174_profile_get_status     (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
const char    *xep174_profile_get_status_message (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_profile_set_status     (Xep174Profile *self,
                                              Xep174Status   status,
                                              const char    *status_message,
                                              GError       **error);
XEP174_AVAILABLE_IN_1_0
const char    *xep174_profile_get_nick       (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_profile_set_nick       (Xep174Profile *self,
                                              const char    *nick,
                                              GError       **error);
XEP174_AVAILABLE_IN_1_0
const char    *xep174_profile_get_first_name (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_profile_set_first_name (Xep174Profile *self,
                                              const char    *first_name,
                                              GError       **error);
XEP174_AVAILABLE_IN_1_0
const char    *xep174_profile_get_last_name  (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_profile_set_last_name  (Xep174Profile *self,
                                              const char    *last_name,
                                              GError       **error);
XEP174_AVAILABLE_IN_1_0
const char * const *xep174_profile_get_emails (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_profile_set_emails     (Xep174Profile       *self,
                                              const char * const  *emails,
                                              GError             **error);
XEP174_AVAILABLE_IN_1_0
const char * const *xep174_profile_get_jids  (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_profile_set_jids       (Xep174Profile       *self,
                                              const char * const  *jids,
                                              GError             **error);
XEP174_AVAILABLE_IN_1_0
GBytes        *xep174_profile_get_avatar     (Xep174Profile *self);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_profile_set_avatar     (Xep174Profile *self,
                                              GBytes        *avatar,
                                              GError       **error);
XEP174_AVAILABLE_IN_1_0
const char    *xep174_profile_get_parameter  (Xep174Profile *self,
                                              const char    *key);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_profile_set_parameter  (Xep174Profile *self,
                                              const char    *key,
                                              const char    *value,
                                              GError       **error);
XEP174_AVAILABLE_IN_1_0
GBytes        *xep174_profile_dup_txt        (Xep174Profile *self,
                                              guint16        port);
XEP174_AVAILABLE_IN_1_0
char          *xep174_profile_dup_instance_name (Xep174Profile *self,
                                                 guint          attempt);

G_END_DECLS
