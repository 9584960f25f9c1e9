/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whoever has many connections and answers on each what was said on it, in the main context of the
 * thread. */
typedef struct
{
  const char *who;
  /* Whether it speaks XMPP. */
  gboolean    has_sessions;
  /* Whether the idle ones of them are encrypted. */
  gboolean    encrypts;
  gpointer  (*start) (guint16 *port);
  /* Of connections that are ready for use. */
  guint     (*count) (gpointer server);
} IdleServer;

extern const IdleServer idle_sessions;
extern const IdleServer idle_encrypted;
extern const IdleServer idle_sources;

G_END_DECLS
