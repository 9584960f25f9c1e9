/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-profile-private.h"
#include "xep174-txt-private.h"

/* What the files xep174-profile*.c share. */

struct _Xep174Profile
{
  GObject parent_instance;

  char *user;
  char *machine;
  gboolean machine_is_set;
  Xep174Status status;
  char **emails;
  char **jids;

  /* The record as it is published, so that each call that sets a value sees whether all fits
   * (D5). The port is the widest there is until a discovery fills in the real one. */
  Xep174Txt *txt;
};

enum
{
  XEP174_PROFILE_PROP_0,
  XEP174_PROFILE_PROP_USER,
  XEP174_PROFILE_PROP_MACHINE,
  XEP174_PROFILE_PROP_STATUS,
  XEP174_PROFILE_PROP_MESSAGE,
  XEP174_PROFILE_PROP_NICK,
  XEP174_PROFILE_PROP_FIRST_NAME,
  XEP174_PROFILE_PROP_LAST_NAME,
  XEP174_PROFILE_PROP_EMAILS,
  XEP174_PROFILE_PROP_JIDS,
  XEP174_PROFILE_N_PROPS
};

/* Tells of a property, 0 for none, and that there is something to publish. */
void     xep174_profile_changed  (Xep174Profile *self, guint property);
void     xep174_profile_notify   (Xep174Profile *self, guint property);
/* Sets the TXT parameter @key that @property stands for. */
gboolean xep174_profile_set_text (Xep174Profile  *self,
                                  guint           property,
                                  const char     *key,
                                  const char     *value,
                                  GError        **error);
