/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-profile-private.h"
#include "xep174-txt-private.h"

/* What the files xep174-profile*.c share. The files from the lowest up: -values and -name, the
 * class, and -parameters with the functions that a program calls. */

struct _Xep174Profile
{
  GObject parent_instance;

  char *user;
  char *machine;
  gboolean machine_is_set;
  Xep174Status status;
  char **emails;
  char **jids;
  GBytes *avatar; /* NULL for none */

  /* The record that is published. It is kept up to date, so that each call that sets a value can
   * see whether all of it fits (D5). Until a discovery fills in the real port, it has the longest
   * one. */
  Xep174Txt *txt;
};

enum
{
  XEP174_PROFILE_PROP_0,
  XEP174_PROFILE_PROP_USER,
  XEP174_PROFILE_PROP_MACHINE,
  XEP174_PROFILE_PROP_STATUS,
  XEP174_PROFILE_PROP_STATUS_MESSAGE,
  XEP174_PROFILE_PROP_NICK,
  XEP174_PROFILE_PROP_FIRST_NAME,
  XEP174_PROFILE_PROP_LAST_NAME,
  XEP174_PROFILE_PROP_EMAILS,
  XEP174_PROFILE_PROP_JIDS,
  XEP174_PROFILE_PROP_AVATAR,
  XEP174_PROFILE_N_PROPS
};

/* The class fills them in. */
extern GParamSpec *xep174_profile_properties[XEP174_PROFILE_N_PROPS];
extern guint       xep174_profile_signal_changed;

/* Notifies @property, if it is not 0, and says that there is something to publish. */
void     xep174_profile_changed        (Xep174Profile *self, guint property);

/* Each checks the value, sets it and notifies. If one returns FALSE, nothing has changed. */
gboolean xep174_profile_take_machine   (Xep174Profile *self,
                                        const char    *machine,
                                        GError       **error);
gboolean xep174_profile_take_status    (Xep174Profile *self,
                                        Xep174Status   status,
                                        const char    *message,
                                        GError       **error);
/* @key: the TXT parameter that @property stands for, which may be 0 */
gboolean xep174_profile_take_text      (Xep174Profile *self,
                                        guint          property,
                                        const char    *key,
                                        const char    *value,
                                        GError       **error);
gboolean xep174_profile_take_addresses (Xep174Profile       *self,
                                        guint                property,
                                        const char          *key,
                                        char              ***field,
                                        const char * const  *addresses,
                                        GError             **error);
gboolean xep174_profile_take_avatar    (Xep174Profile *self,
                                        GBytes        *avatar,
                                        GError       **error);
