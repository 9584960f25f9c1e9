/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* (transfer full): the name in @store that @typed means: the whole name, or the part before the @ if only
 * one name has it. */
char *cli_keys_find_name (Xep174TrustStore  *store,
                          const char        *typed,
                          GError           **error);
