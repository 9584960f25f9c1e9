/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-terminal.h"

#include <stdio.h>
#include <unistd.h>

#include "cli-input.h"
#include "cli-output.h"

#ifdef HAVE_READLINE
#include <glib-unix.h>
#include <readline/history.h>
#include <readline/readline.h>
#endif

struct _CliTerminal
{
  CliTerminalLineFunc on_line;
  CliTerminalCompleteFunc complete;
  gpointer data;
  gboolean is_coloured;

  /* One of the two. */
  CliInput *input;
  guint watch;

  char *prompt;
  /* Between two lines, where there is no prompt on the screen. */
  gboolean is_busy;
};

#ifdef HAVE_READLINE

/* Its callbacks carry no data, and a process has one terminal. */
static CliTerminal *the_terminal;

static void
on_readline_line (char *line)
{
  CliTerminal *self = the_terminal;

  self->is_busy = TRUE;
  if (line == NULL)
    puts ("");
  else if (*line != '\0')
    add_history (line);

  self->on_line (line, self->data);
  free (line);

  self->is_busy = FALSE;
  if (self->prompt != NULL)
    rl_set_prompt (self->prompt);
}

static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  rl_callback_read_char ();

  return G_SOURCE_CONTINUE;
}

static char *
next_candidate (const char *text,
                int         state)
{
  static char **candidates;
  static guint next;

  if (state == 0)
    {
      g_strfreev (candidates);
      candidates = the_terminal->complete (text, the_terminal->data);
      next = 0;
    }
  if (candidates != NULL && candidates[next] != NULL)
    return strdup (candidates[next++]);

  g_clear_pointer (&candidates, g_strfreev);

  return NULL;
}

/* Names may hold any character, so that the whole line is what is completed. */
static char **
complete_line (const char *text,
               int         start,
               int         end)
{
  rl_attempted_completion_over = 1;
  rl_completion_suppress_append = 1;
  rl_completion_suppress_quote = 1;

  return rl_completion_matches (text, next_candidate);
}

static void
start_readline (CliTerminal *self)
{
  the_terminal = self;
  rl_readline_name = "xep174";
  rl_catch_signals = 0;
  rl_basic_word_break_characters = "";
  rl_completer_word_break_characters = "";
  rl_completer_quote_characters = "";
  rl_attempted_completion_function = complete_line;
  rl_callback_handler_install ("", on_readline_line);
  self->watch = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_readable, NULL);
}

static void
stop_readline (CliTerminal *self)
{
  g_source_remove (self->watch);
  if (!self->is_busy)
    rl_clear_visible_line ();
  rl_callback_handler_remove ();
  rl_clear_history ();
  the_terminal = NULL;
}

#endif

static void
on_input_line (const char *line,
               gsize       length,
               gpointer    data)
{
  CliTerminal *self = data;
  g_autofree char *text = NULL;

  if (line == NULL)
    {
      self->on_line (NULL, self->data);
      return;
    }

  /* A NUL would hide what follows it. A line from Windows ends in a CR. */
  if (length > 0 && line[length - 1] == '\r')
    length--;
  text = g_strndup (line, length);
  for (gsize i = 0; i < length; i++)
    text[i] = line[i] != '\0' ? line[i] : '\x01';
  self->on_line (text, self->data);
}

CliTerminal *
cli_terminal_new (CliTerminalLineFunc      on_line,
                  CliTerminalCompleteFunc  complete,
                  gpointer                 data)
{
  CliTerminal *self = g_new0 (CliTerminal, 1);
  gboolean is_screen = isatty (STDOUT_FILENO);

  self->on_line = on_line;
  self->complete = complete;
  self->data = data;
  self->is_coloured = is_screen && g_getenv ("NO_COLOR") == NULL;

#ifdef HAVE_READLINE
  if (is_screen && isatty (STDIN_FILENO))
    {
      start_readline (self);
      return self;
    }
#endif

  self->input = cli_input_new (on_input_line, self);

  return self;
}

void
cli_terminal_free (CliTerminal *self)
{
#ifdef HAVE_READLINE
  if (self->watch != 0)
    stop_readline (self);
#endif
  g_clear_pointer (&self->input, cli_input_free);
  g_free (self->prompt);
  g_free (self);
}

gboolean
cli_terminal_is_coloured (CliTerminal *self)
{
  return self->is_coloured;
}

void
cli_terminal_set_prompt (CliTerminal *self,
                         const char  *prompt)
{
  if (g_strcmp0 (self->prompt, prompt) == 0)
    return;

  g_free (self->prompt);
  self->prompt = g_strdup (prompt);

#ifdef HAVE_READLINE
  if (self->watch != 0 && !self->is_busy)
    {
      rl_clear_visible_line ();
      rl_set_prompt (prompt);
      rl_on_new_line ();
      rl_redisplay ();
    }
#endif
}

void
cli_terminal_print (CliTerminal *self,
                    const char  *text)
{
#ifdef HAVE_READLINE
  if (self->watch != 0 && !self->is_busy)
    rl_clear_visible_line ();
#endif

  cli_output_line (text);

#ifdef HAVE_READLINE
  if (self->watch != 0 && !self->is_busy)
    {
      rl_on_new_line ();
      rl_redisplay ();
    }
#endif
}

gboolean
cli_terminal_discard (CliTerminal *self)
{
#ifdef HAVE_READLINE
  if (self->watch != 0 && rl_end > 0)
    {
      puts ("^C");
      rl_replace_line ("", 0);
      rl_on_new_line ();
      rl_redisplay ();
      return TRUE;
    }
#endif

  return FALSE;
}
