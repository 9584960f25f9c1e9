/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* In libpurple the user interface has the event loop, and it may be another one than GLib's. The
 * library needs a main context, so it gets one of its own. The user interface watches the file
 * descriptors and the time for which this context waits.
 *
 * A context of our own has a second use. When the program is about to end, its loop does not run
 * any more, but we still must send closing tags and goodbyes. We run this context until that is
 * done, and nothing else of the program runs in between. */

#include "prpl-loop.h"

#include <purple.h>

/* After so many rounds the program gets its turn again. */
#define ROUNDS 32
/* How long the user may have to wait while we leave: a little longer than the library waits for an
 * answer to its closing tags (T_close). The goodbye comes after that. */
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

/* libpurple does not know G_IO_PRI, and a file of /proc that is watched for it can always be read.
 * So a new host name is noticed only when the context runs for another reason. */
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

/* Asks the user interface to watch what the context waits for now. We ask for everything again each
 * time: a loop on epoll forgets a descriptor that was closed, and would not notice that its number
 * is in use again. */
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
  /* It is never freed, because what is still under way when we are stopped belongs to it. */
  if (context == NULL)
    {
      /* Nobody waits in this context's poll, so it must tell us when there is new work. */
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
