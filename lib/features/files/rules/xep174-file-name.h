/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a file system takes as one name, in octets. */
#define XEP174_FILE_NAME_MAX 255

/* A name that a contact gives to a file (XEP-0234 §12, XEP-0096 §3.1), as one that may be used: a single
 * component that people can read, of XEP174_FILE_NAME_MAX octets at most, neither hidden nor special to a
 * shell or to another system. It is never empty, and made safe again it stays the same. */
char *xep174_file_name_make_safe (const char *name);
/* “name (2).ext”, for when “name.ext” is taken; @name itself for 0. No longer than allowed either. */
char *xep174_file_name_number    (const char *name,
                                  guint       number);

G_END_DECLS
