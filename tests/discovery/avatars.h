/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-contact.h"

/* Octets that look like no text, different for each @seed. */
static inline GBytes *
make_picture (gsize   size,
              guint32 seed)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (seed);
  guint8 *octets = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    octets[i] = g_rand_int (random);

  return g_bytes_new_take (octets, size);
}

/* What was loaded, or why nothing was; zeroed at first. */
typedef struct
{
  guint n_calls;
  GBytes *picture;
  GError *error;
} Load;

static inline void
load_clear (Load *load)
{
  g_clear_pointer (&load->picture, g_bytes_unref);
  g_clear_error (&load->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Load, load_clear)

static inline void
on_avatar (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Load *load = user_data;

  load_clear (load);
  load->n_calls++;
  load->picture = xep174_contact_load_avatar_finish (XEP174_CONTACT (object), result, &load->error);
  g_assert_true ((load->picture == NULL) == (load->error != NULL));
}
