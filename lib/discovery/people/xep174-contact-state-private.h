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

/* D7: an unknown word means available. */
Xep174Status xep174_contact_parse_status (const Xep174Txt *txt);
