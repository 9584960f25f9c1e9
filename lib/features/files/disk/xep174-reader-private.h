/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Octets that are sent, from anywhere on: a file's, or all of a folder's. Calls wait for the disk; errors are
 * of G_IO_ERROR. One is used by one thread at a time. */
typedef struct _Xep174Reader Xep174Reader;

/* What each kind brings along. */
struct _Xep174Reader
{
  gssize        (*read) (Xep174Reader  *self,
                         guint64        offset,
                         gpointer       buffer,
                         gsize          size,
                         GError       **error);
  Xep174Reader *(*dup)  (Xep174Reader  *self,
                         GError       **error);
  void          (*free) (Xep174Reader *self);
};

/* How many octets; never none, for that there are fewer than there were; or -1. */
gssize        xep174_reader_read (Xep174Reader  *self,
                                  guint64        offset,
                                  gpointer       buffer,
                                  gsize          size,
                                  GError       **error);
/* Another one of the same, for another thread. */
Xep174Reader *xep174_reader_dup  (Xep174Reader  *self,
                                  GError       **error);
void          xep174_reader_free (Xep174Reader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Reader, xep174_reader_free)

G_END_DECLS
