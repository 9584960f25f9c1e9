/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Two connected streams without a socket. What one end writes is in flight until the test delivers
 * it (or at once, if it flows), so that a test decides every interleaving and every split. */

#define MEMORY_TYPE_STREAM (memory_stream_get_type ())
G_DECLARE_FINAL_TYPE (MemoryStream, memory_stream, MEMORY, STREAM, GIOStream)

void         memory_stream_new_pair      (MemoryStream **one,
                                          MemoryStream **other);
/* Of what this end writes. */
void         memory_stream_set_flowing   (MemoryStream *self,
                                          gboolean      flowing);
/* How many octets this end can write until the next delivery; G_MAXUINT at first. */
void         memory_stream_set_room      (MemoryStream *self,
                                          guint         room);
/* Octets that this end has written and the other cannot read yet; its FIN counts as one. */
gsize        memory_stream_get_in_flight (MemoryStream *self);
void         memory_stream_deliver       (MemoryStream *self,
                                          gsize         octets);
/* The connection breaks: what is in flight is lost, both ends see a reset after what they can
 * read. */
void         memory_stream_break         (MemoryStream *self);
/* Somebody on the way ends what this end says: what is in flight is lost, and the other sees a FIN. */
void         memory_stream_cut_off       (MemoryStream *self);
/* As memory_stream_break(), and the kernel has given up. */
void         memory_stream_time_out      (MemoryStream *self);
/* Called for each read and each write of either end, before it is done. */
typedef enum
{
  MEMORY_FAULT_NONE,
  MEMORY_FAULT_AGAIN, /* it cannot be done now */
  MEMORY_FAULT_SHORT, /* it is done for one octet */
} MemoryFault;
typedef MemoryFault (*MemoryFaultFunc) (gpointer data);
void         memory_stream_set_fault     (MemoryStream    *self,
                                          MemoryFaultFunc  fault,
                                          gpointer         data);
/* The peer is silent: what either writes goes nowhere. */
void         memory_stream_cut           (MemoryStream *self);
gboolean     memory_stream_is_closed     (MemoryStream *self);

/* All that this end has ever written, and all of it that has ever reached the other. */
void         memory_stream_copy_written   (MemoryStream *self,
                                           GString      *text);
void         memory_stream_copy_delivered (MemoryStream *self,
                                           GString      *text);
/* The other end, once more. */
MemoryStream *memory_stream_dup_other     (MemoryStream *self);

/* For a scripted end, without a main loop. */
void         memory_stream_say           (MemoryStream *self,
                                          const char   *text);
void         memory_stream_say_octets    (MemoryStream  *self,
                                          gconstpointer  octets,
                                          gsize          length);
/* What has arrived since the last call. */
char        *memory_stream_hear          (MemoryStream *self);
guint8      *memory_stream_hear_octets   (MemoryStream *self,
                                          gsize        *length);
/* Whether the other end's FIN or a reset has arrived. */
gboolean     memory_stream_has_ended     (MemoryStream *self);

G_END_DECLS
