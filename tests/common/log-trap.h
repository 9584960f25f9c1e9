/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <string.h>

/* Catches warnings that a test provokes: g_test_expect_message() knows nothing of structured logs.
 * Each must be asked for right after what provoked it. */

static GPtrArray *log_trap_messages;

static GLogWriterOutput
log_trap_write (GLogLevelFlags   level,
                const GLogField *fields,
                gsize            n_fields,
                gpointer         user_data)
{
  if ((level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL)) == 0)
    return g_log_writer_default (level, fields, n_fields, user_data);

  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0)
      g_ptr_array_add (log_trap_messages, g_strdup (fields[i].value));

  return G_LOG_WRITER_HANDLED;
}

static void
log_trap_check (void)
{
  if (log_trap_messages->len > 0)
    g_error ("Nobody expected: %s", (char *) g_ptr_array_index (log_trap_messages, 0));
  g_ptr_array_unref (log_trap_messages);
}

static inline void
log_trap_init (void)
{
  log_trap_messages = g_ptr_array_new_with_free_func (g_free);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_writer_func (log_trap_write, NULL, NULL);
  atexit (log_trap_check);
}

static inline void
log_trap_expect (const char *part)
{
  g_assert_cmpuint (log_trap_messages->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (log_trap_messages, 0), part));
  g_ptr_array_set_size (log_trap_messages, 0);
}
