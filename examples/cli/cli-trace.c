/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-trace.h"

#include <stdio.h>

#include "cli-guard.h"
#include "cli-text.h"

static void
on_trace (Xep174SessionManager *manager,
          Xep174Session        *session,
          gboolean              is_outgoing,
          const char           *octets,
          gpointer              user_data)
{
  g_autofree char *printable = cli_text_printable (octets);
  g_autofree char *name =
    cli_text_name (session != NULL ? xep174_session_get_name (session) : "?");

  cli_guard_begin ();
  fprintf (stderr, "%s %s: %s\n", is_outgoing ? ">>>" : "<<<", name, printable);
  cli_guard_end ();
}

void
cli_trace_enable (Xep174SessionManager *manager)
{
  g_signal_connect (manager, "trace", G_CALLBACK (on_trace), NULL);
}
