/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-reader-private.h"

gssize
xep174_reader_read (Xep174Reader  *self,
                    guint64        offset,
                    gpointer       buffer,
                    gsize          size,
                    GError       **error)
{
  return self->read (self, offset, buffer, size, error);
}

Xep174Reader *
xep174_reader_dup (Xep174Reader  *self,
                   GError       **error)
{
  return self->dup (self, error);
}

void
xep174_reader_free (Xep174Reader *self)
{
  self->free (self);
}
