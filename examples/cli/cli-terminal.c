/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-terminal.h"

#include <stdio.h>
#include <unistd.h>

#include "cli-guard.h"
#include "cli-input.h"

#ifdef HAVE_READLINE
#include <glib-unix.h>
#include <readline/history.h>
#include <readline/readline.h>
#endif

struct _CliTerminal
{
  CliTerminalLineFunc on_line;
  CliTerminalCompleteFunc complete;
  CliTerminalTypedFunc typed;
  gpointer data;
  gboolean is_coloured;

  /* One of these two is used. */
  CliInput *input;
  guint watch;
  guint resize;
  gboolean is_screen;

  char *prompt;
  /* A line is being taken, so there is no prompt on the screen. */
  gboolean is_busy;
  /* The line that was typed, when it is no longer on the screen. */
  char *taken;

  gboolean is_paused;
  /* (element-type Line) */
  GQueue waiting;
};

/* A line that waits; its text is NULL for the end. */
typedef struct
{
  char *text;
  gboolean is_hidden;
} Line;

static void
line_free (Line *line)
{
  g_free (line->text);
  g_free (line);
}

static void
pass_line (CliTerminal *self,
           const char  *text)
{
  Line *line;

  if (!self->is_paused)
    {
      self->on_line (text, self->data);
      return;
    }

  line = g_new0 (Line, 1);
  line->text = g_strdup (text);
  line->is_hidden = self->taken != NULL;
  g_queue_push_tail (&self->waiting, line);
}

#ifdef HAVE_READLINE

/* Readline's callbacks have no user data; a process has only one terminal. */
static CliTerminal *the_terminal;

static void
hide_line (gpointer data)
{
  CliTerminal *self = data;

  if (!self->is_busy)
    rl_clear_visible_line ();
  fflush (stdout);
}

static void
show_line (gpointer data)
{
  CliTerminal *self = data;

  if (self->is_busy)
    return;

  rl_on_new_line ();
  rl_redisplay ();
}

/* Removes what was typed from the screen, with all its rows, because it is shown again with the
 * time and the receiver. Readline then ends an empty line, which moves nothing. */
static int
take_line (int count,
           int key)
{
  CliTerminal *self = the_terminal;

  g_free (self->taken);
  self->taken = g_strdup (rl_line_buffer);
#if RL_READLINE_VERSION >= 0x0801
  /* Otherwise the text that was pasted last would be drawn once more. */
  rl_deactivate_mark ();
#endif
  rl_clear_visible_line ();
  rl_delete_text (0, rl_end);
  rl_point = 0;

  return rl_newline (count, key);
}

static void
on_readline_line (char *line)
{
  CliTerminal *self = the_terminal;
  const char *text = line;

  self->is_busy = TRUE;
  if (line == NULL)
    rl_clear_visible_line ();
  else if (*line == '\0' && self->taken != NULL)
    text = self->taken;
  if (text != NULL && *text != '\0')
    add_history (text);

  pass_line (self, text);
  free (line);
  g_clear_pointer (&self->taken, g_free);

  self->is_busy = FALSE;
  if (self->watch != 0 && self->prompt != NULL)
    rl_set_prompt (self->prompt);
}

static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  CliTerminal *self = user_data;

  if ((condition & (G_IO_HUP | G_IO_ERR)) == 0)
    {
      rl_callback_read_char ();
      if (self->typed != NULL && self->watch != 0)
        self->typed (rl_end > 0 && *rl_line_buffer != '/', self->data);
      return G_SOURCE_CONTINUE;
    }

  /* The terminal has gone. Readline would otherwise take a line that was only half typed. */
  self->watch = 0;
  rl_callback_handler_remove ();
  pass_line (self, NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
on_resized (gpointer user_data)
{
  rl_resize_terminal ();

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

/* Names may contain any character, so readline must complete the whole line and not a word. */
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

/* Binds every key that ends a line in the user's ~/.inputrc. */
static void
bind_take_line (const char *map_name)
{
  Keymap map = rl_get_keymap_by_name (map_name);
  char **keys = rl_invoking_keyseqs_in_map (rl_newline, map);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      rl_bind_keyseq_in_map (keys[i], take_line, map);
      free (keys[i]);
    }
  free (keys);
}

static void
start_readline (CliTerminal *self)
{
  the_terminal = self;
  rl_readline_name = "xep174";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_basic_word_break_characters = "";
  rl_completer_word_break_characters = "";
  rl_completer_quote_characters = "";
  rl_attempted_completion_function = complete_line;
  /* Without this, readline would ask questions, and the main loop would have to wait. */
  rl_completion_query_items = -1;
  rl_erase_empty_line = 1;
  rl_initialize ();
  rl_variable_bind ("page-completions", "off");
  bind_take_line ("emacs");
  bind_take_line ("vi-insert");
  bind_take_line ("vi-command");
  rl_callback_handler_install ("", on_readline_line);
  /* The terminal keeps readline's settings between two lines; otherwise it would show what is typed
   * just then. */
  rl_deprep_term_function = NULL;
  self->watch = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);
  self->resize = g_unix_signal_add (SIGWINCH, on_resized, self);
  cli_guard_set (hide_line, show_line, self);
}

static void
stop_readline (CliTerminal *self)
{
  cli_guard_set (NULL, NULL, NULL);
  g_source_remove (self->resize);
  g_clear_handle_id (&self->watch, g_source_remove);
  if (!self->is_busy)
    rl_clear_visible_line ();
  rl_callback_handler_remove ();
  rl_deprep_terminal ();
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
      pass_line (self, NULL);
      return;
    }

  /* A NUL would hide what follows it. A line from Windows ends in a CR. */
  if (length > 0 && line[length - 1] == '\r')
    length--;
  text = g_strndup (line, length);
  for (gsize i = 0; i < length; i++)
    text[i] = line[i] != '\0' ? line[i] : '\x01';
  pass_line (self, text);
}

CliTerminal *
cli_terminal_new (CliApp                  *app,
                  CliTerminalLineFunc      on_line,
                  CliTerminalCompleteFunc  complete,
                  gpointer                 data)
{
  CliTerminal *self = g_new0 (CliTerminal, 1);

  self->is_screen = isatty (STDOUT_FILENO);
  self->on_line = on_line;
  self->complete = complete;
  self->data = data;
  self->is_coloured = self->is_screen && g_getenv ("NO_COLOR") == NULL;

#ifdef HAVE_READLINE
  if (self->is_screen && isatty (STDIN_FILENO))
    {
      start_readline (self);
      return self;
    }
#endif

  self->input = cli_input_new (app, on_input_line, self);

  return self;
}

void
cli_terminal_set_typed (CliTerminal          *self,
                        CliTerminalTypedFunc  typed)
{
  self->typed = typed;
}

void
cli_terminal_close (CliTerminal *self)
{
#ifdef HAVE_READLINE
  if (the_terminal == self)
    stop_readline (self);
#endif
  g_clear_pointer (&self->input, cli_input_free);
}

void
cli_terminal_free (CliTerminal *self)
{
  cli_terminal_close (self);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) line_free);
  g_free (self->prompt);
  g_free (self);
}

gboolean
cli_terminal_has_hidden (CliTerminal *self)
{
  return self->is_screen && (self->taken != NULL || !isatty (STDIN_FILENO));
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
cli_terminal_set_paused (CliTerminal *self,
                         gboolean     is_paused)
{
  Line *line;

  self->is_paused = is_paused;
  while (!self->is_paused && (line = g_queue_pop_head (&self->waiting)) != NULL)
    {
      g_free (self->taken);
      self->taken = line->is_hidden ? g_strdup (line->text) : NULL;
      self->on_line (line->text, self->data);
      g_clear_pointer (&self->taken, g_free);
      line_free (line);
    }
}

gboolean
cli_terminal_discard (CliTerminal *self)
{
#ifdef HAVE_READLINE
  if (self->watch != 0 && rl_end > 0)
    {
      /* The cursor may not be in the last row. */
      rl_point = rl_end;
      rl_redisplay ();
      puts ("^C");
      rl_free_line_state ();
      rl_callback_sigcleanup ();
      rl_callback_handler_remove ();
      rl_callback_handler_install (self->prompt, on_readline_line);
      return TRUE;
    }
#endif

  return FALSE;
}
