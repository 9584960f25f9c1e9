/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-output.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli-app.h"
#include "cli-guard.h"
#include "translate.h"

/* One that is not told, or cannot be true. */
#define LEAST_WIDTH 10
#define USUAL_WIDTH 80

/* One for the process. */
static struct
{
  CliOutputFunc broken;
  gpointer data;
  guint watch;
  guint idle;
  int error;
} output;

static gboolean
tell_broken (gpointer user_data)
{
  output.idle = 0;
  output.broken (g_strerror (output.error), output.data);

  return G_SOURCE_REMOVE;
}

static void
note_broken (int error)
{
  if (output.error != 0)
    return;

  output.error = error;
  g_clear_handle_id (&output.watch, g_source_remove);
  if (output.broken != NULL)
    output.idle = g_idle_add (tell_broken, NULL);
}

void
cli_output_line (const char *line)
{
  if (output.error != 0)
    return;

  cli_guard_begin ();
  if (fputs (line, stdout) == EOF || fputc ('\n', stdout) == EOF || fflush (stdout) == EOF)
    note_broken (errno);
  cli_guard_end ();
}

guint
cli_output_get_width (void)
{
  struct winsize size;

  return ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= LEAST_WIDTH ? size.ws_col
                                                                                     : USUAL_WIDTH;
}

static gboolean
on_reader_gone (int          fd,
                GIOCondition condition,
                gpointer     user_data)
{
  output.watch = 0;
  note_broken (EPIPE);

  return G_SOURCE_REMOVE;
}

void
cli_output_watch (CliOutputFunc broken,
                  gpointer      data)
{
  output.broken = broken;
  output.data = data;
  if (output.error == 0)
    output.watch = g_unix_fd_add (STDOUT_FILENO, G_IO_ERR, on_reader_gone, NULL);
  else
    output.idle = g_idle_add (tell_broken, NULL);
}

void
cli_output_unwatch (void)
{
  g_clear_handle_id (&output.watch, g_source_remove);
  if (output.idle != 0)
    {
      g_source_remove (output.idle);
      tell_broken (NULL);
    }
  output.broken = NULL;
}

static void
close_output (void)
{
  if ((fflush (stdout) == EOF || ferror (stdout)) && output.error == 0)
    {
      cli_complain (_("nothing can be written to standard output: %s"), g_strerror (errno));
      _exit (CLI_FAILURE);
    }
}

void
cli_output_close_at_exit (void)
{
  atexit (close_output);
}
