/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-avatar-private.h"
#include "xep174-contact-private.h"
#include "xep174-txt-private.h"

/* What the files xep174-contact*.c share. */

struct _Xep174Contact
{
  GObject parent_instance;

  char *name;
  char *display_name;
  char **emails;
  char **jids;
  Xep174Txt *txt;
  gboolean online;
  gboolean doubtful;
  gboolean encrypted;
  Xep174Trust trust;
  Xep174AvatarLoader *loader; /* NULL until a discovery has the contact */
};

/* --- xep174-contact-record.c --------------------------------------------------------------- */

/* D7: an unknown word means available. */
Xep174Status xep174_contact_parse_status       (const Xep174Txt *txt);
/* 0 if there is none, or none that can be. */
guint        xep174_contact_parse_port         (const Xep174Txt *txt);
char       **xep174_contact_parse_list         (const Xep174Txt *txt,
                                                const char      *key);
/* Safe to show, and never empty. */
char        *xep174_contact_build_display_name (const char      *name,
                                                const Xep174Txt *txt);
