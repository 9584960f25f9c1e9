/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prints the tables of the session layer for doc/:
 *
 *   session-tables markdown > doc/session-tables.md
 *   session-tables dot > doc/stream-fsm.dot
 *   session-tables check doc      (a test: is what is committed what the tables are?)
 */

#include "xep174-acks.h"
#include "xep174-arbiter-private.h"

#include <string.h>

#define WRAP 3 /* events on a line of an edge */

/* --- The stream machine ------------------------------------------------------------------- */

static void
append_todo (GString *text,
             guint    bits)
{
  const char *separator = "";

  for (guint bit = 1; bit <= XEP174_STREAM_DO_DIAL_ASIDE; bit <<= 1)
    if (bits & bit)
      {
        g_string_append_printf (text, "%s%s", separator, xep174_stream_do_name (bit));
        separator = ", ";
      }
}

static void
append_state (GString           *text,
              Xep174StreamState  state)
{
  g_string_append_printf (text, "\n### %s\n\n| event | next | to do |\n| --- | --- | --- |\n",
                          xep174_stream_state_name (state));

  for (guint event = 0; event < XEP174_STREAM_N_EVENTS; event++)
    {
      const Xep174StreamCell *cell = xep174_stream_cell (state, event);

      if (cell->kind == XEP174_CELL_IMPOSSIBLE)
        continue;
      g_string_append_printf (text, "| %s | %s | ", xep174_stream_event_name (event),
                              cell->kind == XEP174_CELL_MOVE
                                ? xep174_stream_state_name (cell->next)
                                : cell->kind == XEP174_CELL_STAY ? "stays" : "ignored");
      append_todo (text, cell->bits);
      g_string_append (text, cell->bits != 0 ? " |\n" : "|\n");
    }
}

/* All events that lead from one state to another: one edge. */
static void
append_edge (GString           *text,
             Xep174StreamState  from,
             Xep174StreamState  to)
{
  guint n = 0;

  for (guint event = 0; event < XEP174_STREAM_N_EVENTS; event++)
    {
      const Xep174StreamCell *cell = xep174_stream_cell (from, event);

      if (cell->kind != XEP174_CELL_MOVE || cell->next != to)
        continue;
      if (n == 0)
        g_string_append_printf (text, "  %s -> %s [label=\"", xep174_stream_state_name (from),
                                to == XEP174_STREAM_CLOSED ? "END"
                                                           : xep174_stream_state_name (to));
      else
        g_string_append (text, n % WRAP == 0 ? ",\\n" : ", ");
      g_string_append (text, xep174_stream_event_name (event));
      n++;
    }

  if (n > 0)
    g_string_append (text, "\"];\n");
}

static char *
print_dot (void)
{
  GString *text = g_string_new ("// SPDX-License-Identifier: LGPL-2.1-or-later\n"
                                "// Generated from lib/session/rules/xep174-stream-table*.c by "
                                "tests/session/session-tables.c\n"
                                "digraph stream {\n"
                                "  rankdir=LR;\n"
                                "  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
                                "  edge [fontname=\"sans-serif\", fontsize=9];\n"
                                "  CLOSED [shape=circle, label=\"\", width=0.2];\n"
                                "  END [shape=doublecircle, label=\"\", width=0.15];\n");

  for (guint from = 0; from < XEP174_STREAM_N_STATES; from++)
    for (guint to = 0; to < XEP174_STREAM_N_STATES; to++)
      append_edge (text, from, to);
  g_string_append (text, "}\n");

  return g_string_free (text, FALSE);
}

/* --- The arbiter --------------------------------------------------------------------------- */

static void
append_rules (GString      *text,
              Xep174Chapter chapter)
{
  g_string_append (text, "\n| # | situation | action |\n| --- | --- | --- |\n");
  for (guint id = 0; id < XEP174_N_RULES; id++)
    if (xep174_arbiter_rules[id].chapter == chapter)
      g_string_append_printf (text, "| %s | %s | %s |\n", xep174_arbiter_rules[id].name,
                              xep174_arbiter_rules[id].situation,
                              xep174_arbiter_rules[id].action);
}

static void
append_guards (GString *text)
{
  for (guint guard = 0; guard < XEP174_N_GUARDS; guard++)
    g_string_append_printf (text, "\nA stream **%s**: %s.\n", xep174_arbiter_guards[guard].name,
                            xep174_arbiter_guards[guard].text);
}

static void
append_policy (GString *text)
{
  g_string_append (text, "\n| event | in | if the stream | is taken for |\n"
                         "| --- | --- | --- | --- |\n");
  for (guint i = 0; i < XEP174_N_POLICIES; i++)
    {
      const Xep174PolicyRow *row = &xep174_arbiter_policy[i];

      g_string_append_printf (text, "| %s | %s | %s | %s |\n",
                              xep174_arbiter_event_name (row->event), row->situation,
                              xep174_arbiter_guards[row->guard].name,
                              xep174_arbiter_event_name (row->becomes));
    }
}

static void
append_events (GString *text)
{
  g_string_append (text, "\n| event | what it does beyond its stream |\n| --- | --- |\n");
  for (guint event = 0; event < XEP174_ARBITER_N_EVENTS; event++)
    if (xep174_arbiter_rows[event].act != NULL)
      g_string_append_printf (text, "| %s | %s |\n", xep174_arbiter_rows[event].name,
                              xep174_arbiter_rows[event].action);
}

static void
append_timers (GString *text)
{
  g_string_append (text, "\n| timer | seconds | of | runs while |\n| --- | --- | --- | --- |\n");
  for (guint timer = 0; timer < XEP174_N_TIMERS; timer++)
    {
      const Xep174TimerInfo *info = xep174_timer_info (timer);
      guint tenths = info->milliseconds / 100;

      g_string_append_printf (text, "| %s | %u", info->name, tenths / 10);
      if (tenths % 10 != 0)
        g_string_append_printf (text, ".%u", tenths % 10);
      g_string_append_printf (text, "%s%s | %s | %s |\n", info->grows ? ", at least" : "",
                              timer == XEP174_TIMER_RETRY ? ", doubling" : "",
                              info->per_stream ? "a stream" : "the contact",
                              xep174_arbiter_waits[timer].situation);
    }
}

/* --- Acknowledgements ----------------------------------------------------------------------- */

static void
append_acks (GString *text)
{
  g_string_append (text, "\n| in | event | next | to do |\n| --- | --- | --- | --- |\n");
  for (guint state = 0; state < XEP174_ACKS_N_STATES; state++)
    for (guint event = 0; event < XEP174_ACKS_N_EVENTS; event++)
      {
        const Xep174AcksCell *cell = xep174_acks_cell (state, event);
        const char *separator = "";

        if (cell->why != NULL)
          continue;
        g_string_append_printf (text, "| %s | %s | %s | ", xep174_acks_state_name (state),
                                xep174_acks_event_name (event),
                                cell->next == state ? "stays" : xep174_acks_state_name (cell->next));
        if (cell->takes_h)
          {
            g_string_append (text, "take `h`");
            separator = ", ";
          }
        for (guint bits = cell->bits; bits != 0; bits &= bits - 1)
          {
            g_string_append_printf (text, "%s%s", separator,
                                    xep174_acks_do_name (bits & -bits));
            separator = ", ";
          }
        g_string_append (text, *separator != '\0' ? " |\n" : "|\n");
      }
}

static char *
print_markdown (void)
{
  GString *text = g_string_new ("Title: The session rules as tables\n"
                                "Slug: session-tables\n"
                                "SPDX-License-Identifier: LGPL-2.1-or-later\n\n"
                                "# The session rules as tables\n\n"
                                "Generated from the tables in `lib/session/rules` by "
                                "`tests/session/session-tables.c`; a test compares the two.\n"
                                "*Session* means a stream that is AWAIT_FIRST or OPEN, *own dial* "
                                "one that is CONNECTING, OPENING or GREETED,\n"
                                "*TLS phase* the states from OFFERED to ENABLING. A session is "
                                "*authenticated* if it is inside TLS\nand its key is accepted.\n\n"
                                "## The rules of one contact\n\n"
                                "After every event the first rule of each half that matches is "
                                "taken, until none acts.\n\n"
                                "What becomes of a stream that is held:\n");

  append_rules (text, XEP174_CHAPTER_STREAMS);
  g_string_append (text, "\nWhat becomes of the queue:\n");
  append_rules (text, XEP174_CHAPTER_QUEUE);
  append_guards (text);
  g_string_append (text, "\n## Encryption\n\nBefore an event reaches its stream, these rows are "
                         "asked in their order (T2, T5, T6, A2).\n");
  append_policy (text);
  g_string_append (text, "\n## Events\n");
  append_events (text);
  g_string_append (text, "\n## Timers\n\nWhich timers run follows from the state alone.\n");
  append_timers (text);
  g_string_append (text, "\n## The stream machine\n\nOne TCP connection. Events that are not "
                         "listed cannot happen in that state;\n`xep174-stream-table.c` and "
                         "`xep174-stream-table-tls.c` say why.\n");
  for (guint state = 0; state < XEP174_STREAM_N_STATES; state++)
    append_state (text, state);
  g_string_append (text, "\n## Acknowledgements\n\nOne stream (A1-A3; XEP-0198). To take `h` confirms "
                         "what it says, or ends the stream if it is not between what\nwas confirmed "
                         "and what was sent.\n");
  append_acks (text);

  return g_string_free (text, FALSE);
}

/* --- The test ------------------------------------------------------------------------------- */

static gboolean
check (const char *folder,
       const char *name,
       guint       number,
       const char *expected)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *found = NULL;
  gboolean same = g_file_get_contents (path, &found, NULL, NULL)
                  && strcmp (found, expected) == 0;

  g_print ("%s %u - %s is what the tables are\n", same ? "ok" : "not ok", number, name);
  if (!same)
    g_print ("# write it anew, as the head of tests/session/session-tables.c says\n");

  return same;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *markdown = print_markdown ();
  g_autofree char *dot = print_dot ();

  if (argc == 2 && strcmp (argv[1], "markdown") == 0)
    g_print ("%s", markdown);
  else if (argc == 2 && strcmp (argv[1], "dot") == 0)
    g_print ("%s", dot);
  else if (argc == 3 && strcmp (argv[1], "check") == 0)
    {
      gboolean same;

      g_print ("1..2\n");
      same = check (argv[2], "session-tables.md", 1, markdown);
      same &= check (argv[2], "stream-fsm.dot", 2, dot);
      return same ? 0 : 1;
    }
  else
    {
      g_printerr ("usage: session-tables markdown|dot|check FOLDER\n");
      return 2;
    }

  return 0;
}
