/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prints the tables of files on their way for doc/:
 *
 *   transfer-tables markdown > doc/transfer-tables.md
 *   transfer-tables check doc      (a test: is what is committed what the tables are?)
 */

#include "xep174-transfer-fsm-private.h"

#include <stdio.h>

static const char *const deeds[] = {
  "ask the program", "close the connections", "say “offer”", "say “offer to go on”", "say “accepted”",
  "say “declined”", "say “unknown”", "say “replace”", "say “replaced”", "say the checksum", "say “received”",
  "say “cancelled”", "say “failed”", "dial", "move octets", "compare", "write the record",
  "remove the record", "remember the end", "ask whether it is known",
};

static const char *const timers[] = {
  "none", "a person", "a program", "a connection", "the next octet", "a disk", "the next try", "the contact",
};

static const char *const roles[] = {
  "Who sends, to one of ours", "Who receives, from one of ours", "Who sends, to another program",
  "Who receives, from another program", "Who fetches, from another program",
};

G_STATIC_ASSERT (G_N_ELEMENTS (roles) == XEP174_TRANSFER_N_ROLES);

static void
append_deeds (GString *text,
              guint    bits)
{
  const char *separator = "";

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (bits & (1u << i))
      {
        g_string_append_printf (text, "%s%s", separator, deeds[i]);
        separator = ", ";
      }
}

static void
append_timer (GString            *text,
              Xep174TransferRole  role,
              Xep174TransferPhase phase)
{
  Xep174TransferFsm fsm = { .role = role, .state = phase };
  guint ms = xep174_transfer_fsm_timer_ms (&fsm);

  if (ms > 0)
    g_string_append_printf (text, "Waits for %s, %u s at most.\n\n", timers[xep174_transfer_fsm_timer (&fsm)],
                            ms / 1000);
}

static void
append_phase (GString            *text,
              Xep174TransferRole  role,
              Xep174TransferPhase phase)
{
  gboolean any = FALSE;

  for (guint event = 0; event < XEP174_TRANSFER_N_EVENTS; event++)
    {
      const Xep174TransferCell *cell = xep174_transfer_cell (role, phase, event);

      if (!cell->goes)
        continue;
      if (!any)
        {
          g_string_append_printf (text, "\n### %s\n\n", xep174_transfer_phase_name (phase));
          append_timer (text, role, phase);
          g_string_append (text, "| event | next | to do |\n| --- | --- | --- |\n");
          any = TRUE;
        }
      g_string_append_printf (text, "| %s | %s | ", xep174_transfer_event_name (event),
                              cell->next == phase ? "stays" : xep174_transfer_phase_name (cell->next));
      append_deeds (text, cell->bits);
      g_string_append (text, cell->bits != 0 ? " |\n" : "|\n");
    }
}

static char *
print_markdown (void)
{
  GString *text = g_string_new (
    "Title: Transfer tables\nSlug: transfer-tables\nSPDX-License-Identifier: LGPL-2.1-or-later\n\n"
    "# Transfer tables\n\n"
    "This page is generated from `lib/features/files/rules/` by `tests/features/transfer-tables.c`. It\n"
    "is for developers who work on the transfer of files. [architecture.md](architecture.md) says what the\n"
    "machine is. Events that are not in a state's table change nothing there. What is to be done is carried\n"
    "out in the order in which it stands.\n");

  for (guint role = 0; role < XEP174_TRANSFER_N_ROLES; role++)
    {
      g_string_append_printf (text, "\n## %s\n", roles[role]);
      for (guint phase = 0; phase < XEP174_TRANSFER_N_STATES; phase++)
        append_phase (text, role, phase);
    }

  return g_string_free (text, FALSE);
}

static int
check (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "transfer-tables.md", NULL);
  g_autofree char *expected = print_markdown ();
  g_autofree char *found = NULL;

  if (g_file_get_contents (path, &found, NULL, NULL) && g_str_equal (found, expected))
    return 0;

  g_printerr ("%s is not what the tables are: make it anew with transfer-tables markdown\n", path);

  return 1;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *text = NULL;

  if (argc == 3 && g_str_equal (argv[1], "check"))
    return check (argv[2]);
  if (argc != 2 || !g_str_equal (argv[1], "markdown"))
    {
      g_printerr ("transfer-tables markdown, or transfer-tables check FOLDER\n");
      return 2;
    }

  text = print_markdown ();
  fputs (text, stdout);

  return 0;
}
