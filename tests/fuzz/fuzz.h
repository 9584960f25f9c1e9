/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The one function of a fuzz target: reads any octets, and aborts when something that must hold
 * does not. It is libFuzzer's name and interface; without libFuzzer fuzz-driver.c calls it. */
int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* What decides in a target takes its decisions from the input. */
typedef struct
{
  const guint8 *data;
  gsize size;
} FuzzBytes;

/* A number below @n, which is at most 256; 0 when all is used up. */
static inline guint
fuzz_throw (FuzzBytes *bytes,
            guint      n)
{
  if (bytes->size == 0)
    return 0;

  bytes->size--;
  return *bytes->data++ % n;
}

/* A string of less than @n octets, which stands after its length. */
static inline const guint8 *
fuzz_take (FuzzBytes *bytes,
           guint      n,
           gsize     *length)
{
  gsize wanted = fuzz_throw (bytes, n);
  const guint8 *string = bytes->data;

  *length = MIN (wanted, bytes->size);
  bytes->data += *length;
  bytes->size -= *length;
  return string;
}
