/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* libpurple leaves the event loop to the user interface, which need not be GLib's. The library
 * wants a main context; it gets one of its own, and the user interface is asked to watch the file
 * descriptors and the time that this context waits for.
 *
 * A context of our own has a second use. When the program is about to end, nobody turns its loop
 * any more, and closing tags and goodbyes are still to be said: this context can be turned until
 * they are, without anything else of the program running in between.
 */

#include "prpl-loop.h"

#include <purple.h>

/* Then the program gets its turn again. */
#define ROUNDS 32
/* What leaving may take of a user's time: a little more than what the library waits for an answer to
 * its closing tags (T_close), behind which the goodbye is said. */
#define DRAIN_MILLISECONDS 4000

static GMainContext *context;
static gboolean running;
static guint depth;
static GArray *inputs;
static guint timer;

static void arm (void);

static void
disarm (void)
{
  for (guint i = 0; i < inputs->len; i++)
    purple_input_remove (g_array_index (inputs, guint, i));
  g_array_set_size (inputs, 0);
  if (timer != 0)
    purple_timeout_remove (timer);
  timer = 0;
}

static void
turn (void)
{
  prpl_loop_enter ();
  for (guint i = 0; i < ROUNDS && g_main_context_iteration (context, FALSE); i++)
    ;
  prpl_loop_leave ();
}

static void
on_input (gpointer             data,
          gint                 fd,
          PurpleInputCondition condition)
{
  turn ();
}

static gboolean
on_time (gpointer data)
{
  timer = 0;
  turn ();
  return FALSE;
}

/* libpurple knows no G_IO_PRI, and a file of /proc that is watched for that can always be read: that
 * the host has another name is seen when the context turns for something else. */
static void
watch (const GPollFD *fd)
{
  int condition = 0;
  guint id;

  if (fd->events & G_IO_IN)
    condition |= PURPLE_INPUT_READ;
  if (fd->events & G_IO_OUT)
    condition |= PURPLE_INPUT_WRITE;
  if (condition == 0)
    return;

  id = purple_input_add (fd->fd, (PurpleInputCondition) condition, on_input, NULL);
  g_array_append_val (inputs, id);
}

/* Asks the user interface for what the context waits for now. They are asked for anew each time: a
 * loop on epoll forgets a descriptor that was closed, and would not notice that its number is in
 * use again. */
static void
arm (void)
{
  g_autofree GPollFD *fds = NULL;
  int priority, timeout, size = 0, n = 0;

  disarm ();
  if (!running || !g_main_context_acquire (context))
    return;

  g_main_context_prepare (context, &priority);
  do
    {
      size = MAX (n, 8);
      fds = g_renew (GPollFD, fds, size);
      n = g_main_context_query (context, priority, &timeout, fds, size);
    }
  while (n > size);
  g_main_context_release (context);

  for (int i = 0; i < n; i++)
    watch (&fds[i]);
  if (timeout >= 0)
    timer = purple_timeout_add (timeout, on_time, NULL);
}

void
prpl_loop_enter (void)
{
  depth++;
  g_main_context_push_thread_default (context);
}

void
prpl_loop_leave (void)
{
  g_main_context_pop_thread_default (context);
  if (--depth == 0)
    arm ();
}

static gboolean
on_patience_over (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

void
prpl_loop_drain (gboolean (*is_done) (void))
{
  g_autoptr(GSource) patience = g_timeout_source_new (DRAIN_MILLISECONDS);
  gboolean over = FALSE;

  g_source_set_callback (patience, on_patience_over, &over, NULL);
  g_source_attach (patience, context);
  prpl_loop_enter ();
  while (!over && !is_done ())
    g_main_context_iteration (context, TRUE);
  prpl_loop_leave ();
  g_source_destroy (patience);
}

void
prpl_loop_start (void)
{
  /* Kept for good: what is still under way when we are stopped stays attached to it. */
  if (context == NULL)
    {
      /* Nobody sits in its poll, so whoever gives it work has to say so. */
      context = g_main_context_new_with_flags (G_MAIN_CONTEXT_FLAGS_OWNERLESS_POLLING);
      inputs = g_array_new (FALSE, FALSE, sizeof (guint));
    }
  running = TRUE;
  arm ();
}

void
prpl_loop_stop (void)
{
  running = FALSE;
  disarm ();
}
