/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-tls-private.h"

/* Of a caller or a callee: an engine, and what came of it. */
typedef struct
{
  Xep174Tls *tls;
  GString *wire;
  GString *text;
  gboolean open;
  gboolean closed;
  GError *error;
} End;

void     end_init    (End               *end,
                      Xep174Certificate *certificate,
                      gboolean           initiator,
                      Xep174TlsLook      look,
                      gpointer           data);
void     end_clear   (End *end);
void     end_feed    (End          *end,
                      const guint8 *octets,
                      gsize         length);
void     end_say     (End        *end,
                      const char *text,
                      gsize       length);
/* Carries what waits in @wire to @to, in pieces of @size octets, or of any if it is 0. */
gboolean end_carry   (GString *wire,
                      End     *to,
                      gsize    size);
/* Counts how often it was asked, if @data is a guint. */
gboolean look_accept (GBytes   *key,
                      gpointer  data,
                      GError  **error);
