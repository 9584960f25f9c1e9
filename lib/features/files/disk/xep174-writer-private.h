/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where octets that come are written to: a file, a folder, or a stream of the program's. Calls may wait for
 * the disk; errors are of G_IO_ERROR. One is used by one thread at a time. */
typedef struct _Xep174Writer Xep174Writer;

/* What each kind brings along, and what it is called once it has its name. */
struct _Xep174Writer
{
  gboolean (*expect)   (Xep174Writer   *self,
                        guint64         size,
                        GError        **error);
  guint64  (*get_done) (Xep174Writer   *self);
  gboolean (*write)    (Xep174Writer   *self,
                        gconstpointer   octets,
                        gsize           length,
                        GCancellable   *cancellable,
                        GError        **error);
  gssize   (*read)     (Xep174Writer   *self,
                        guint64         offset,
                        gpointer        buffer,
                        gsize           size,
                        GError        **error);
  char    *(*finish)   (Xep174Writer   *self,
                        const char     *name,
                        GError        **error);
  void     (*discard)  (Xep174Writer   *self);
  void     (*free)     (Xep174Writer   *self);
  void     (*settle)   (Xep174Writer   *self); /* (nullable) */
  int      (*get_fd)   (Xep174Writer   *self); /* (nullable): of the file or folder */
  char      *placed;
};

/* How much will come, if that was not known before. */
gboolean xep174_writer_expect   (Xep174Writer   *self,
                                 guint64         size,
                                 GError        **error);
guint64  xep174_writer_get_done (Xep174Writer   *self);
/* All of @octets, or an error; none of them if they are more than are missing. @cancellable is for what may
 * wait for somebody else than a disk. */
gboolean xep174_writer_write    (Xep174Writer   *self,
                                 gconstpointer   octets,
                                 gsize           length,
                                 GCancellable   *cancellable,
                                 GError        **error);
/* What is there already, from @offset on: how many octets, 0 at the end of what is done, -1 with an error. A
 * stream has none. */
gssize   xep174_writer_read     (Xep174Writer   *self,
                                 guint64         offset,
                                 gpointer        buffer,
                                 gsize           size,
                                 GError        **error);
/* All is there: it is put on the disk, and called @name or, where that is taken, “name (1).ext”. Returns its
 * name; “” for a stream, which is closed. */
char    *xep174_writer_finish   (Xep174Writer   *self,
                                 const char     *name,
                                 GError        **error);
/* The same, %NULL before. */
const char *
         xep174_writer_get_placed (Xep174Writer *self);
/* (nullable): a path that leads to it now, wherever @folder, where it was put, has gone. */
char    *xep174_writer_dup_path (Xep174Writer   *self,
                                 const char     *folder);
/* It is written down that it is finished: nobody has to find out by what is left of the part. */
void     xep174_writer_settle   (Xep174Writer   *self);
/* Removes what was written, also if it is finished. What has gone to a stream is there. */
void     xep174_writer_discard  (Xep174Writer   *self);
/* Leaves what was written, to be resumed. */
void     xep174_writer_free     (Xep174Writer   *self);

/* For those who write: whether @length octets may come behind the first @done of @size. */
gboolean xep174_writer_has_room (guint64         size,
                                 guint64         done,
                                 gsize           length,
                                 GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Writer, xep174_writer_free)

G_END_DECLS
