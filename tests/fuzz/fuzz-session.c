/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Two whole managers and whatever may happen to them (S1–S11, see tests/session/world.h), while
 * others connect to them and say any octets.
 *
 * The input: whether connections may break; then the throws of the die. A stranger's octets stand
 * among them after their length. */

#include "fuzz.h"

#include "world.h"

#define STEPS 400

static guint
throw_bytes (gpointer data,
             guint    n)
{
  return fuzz_throw (data, n);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzBytes bytes = { data, size };
  gboolean harm = fuzz_throw (&bytes, 2);
  World *world = world_new (throw_bytes, &bytes, harm);

  for (guint i = 0; i < STEPS && bytes.size > 0; i++)
    {
      if (fuzz_throw (&bytes, 16) == 0)
        {
          gsize length;
          const guint8 *octets = fuzz_take (&bytes, 256, &length);

          world_add_stranger (world, octets, length);
        }
      else
        world_happen (world);
    }
  world_end (world);
  return 0;
}
