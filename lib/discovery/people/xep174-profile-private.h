/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-profile.h"

/* Checks that `user@machine` can be published (D16). */
gboolean xep174_profile_check_name          (Xep174Profile *self, GError **error);
/* If the program has set no machine name, takes the first label of @host_name; NULL asks the
 * system. For backends whose host name changes (D9, D22): if our name changes by this, the profile
 * says so. */
void     xep174_profile_set_default_machine (Xep174Profile *self, const char *host_name);

/* D20: what our program can do, as XEP-0115 hashes it. If the record has no room for it, it is left out. */
void     xep174_profile_set_capabilities    (Xep174Profile *self, const char *node, const char *ver);

/* The name for the n-th try, if those before are taken (D9): `user@machine`, `user-1@machine`,
 * `user-2@machine` … The user part is cut after a whole character, so that 63 octets are enough. */
char    *xep174_instance_name_build         (const char *user, const char *machine, guint attempt);
/* US-ASCII for the machine part of a name (D16), from the first label of a host name. */
char    *xep174_machine_from_host_name      (const char *host_name);
