/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

G_BEGIN_DECLS

#define XEP174_NS_HASHES     "urn:xmpp:hashes:2"
#define XEP174_SHA256_LENGTH 32
/* Ours: a folder as one stream of octets. No XEP has one. */
#define XEP174_NS_FOLDER     "urn:libxep174:folder"
/* Nobody's name or id is longer; an offer is kept while a person thinks. */
#define XEP174_FILE_MAX_TEXT 1024

/* What is said of a file, in whatever words. */
typedef struct
{
  char    *name;       /* as the contact says it: see xep174_file_name_make_safe() */
  char    *media_type; /* nullable */
  guint64  size;       /* at most G_MAXINT64 */
  gboolean unsized;    /* nobody has said it yet */
  gboolean is_folder;  /* with so many files, */
  guint    n_files;
  guint    n_left_out; /* and what the sender found in it beside them, and does not send */
  guint64  manifest;   /* of which so many octets of @size tell (xep174-manifest.h) */
  gboolean ranged;     /* the other side can begin in the middle, */
  guint64  offset;     /* and wants to, */
  gboolean goes_on;    /* as it says, if only from the first octet on */
  gboolean hashed;
  guint8   sha256[XEP174_SHA256_LENGTH];
} Xep174FileInfo;

void           xep174_file_info_clear   (Xep174FileInfo *self);

/* Decimal digits alone, at most @max. */
gboolean       xep174_file_read_number  (const char     *text,
                                         guint64         max,
                                         guint64        *number);
/* Whether @text is there, and neither empty nor too long. */
gboolean       xep174_file_is_text      (const char     *text);
/* XEP-0300: the SHA-256 among the hashes in @parent. FALSE if one is there that is none; what is
 * there of other kinds does not matter. */
gboolean       xep174_file_read_sha256  (Xep174Element  *parent,
                                         Xep174FileInfo *info);
/* Of @info's size a manifest comes first, if @parent has a <folder/>. FALSE if what it says cannot be. */
gboolean       xep174_file_read_folder  (Xep174Element  *parent,
                                         Xep174FileInfo *info);
void           xep174_file_append_folder (Xep174Element        *parent,
                                         const Xep174FileInfo *info);
Xep174Element *xep174_file_append_hash  (Xep174Element  *parent,
                                         const guint8   *sha256);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Xep174FileInfo, xep174_file_info_clear)

G_END_DECLS
