/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program with an event loop of its own drives the library: poll() waits for its descriptors and
 * ours together, and no GMainLoop runs. */

#include <poll.h>
#include <stdio.h>
#include <unistd.h>
#include <xep174/xep174.h>

#define OWN_FDS 1
#define MAX_FDS 64

typedef struct
{
  GMainContext *context;
  struct pollfd fds[MAX_FDS];
  int           n_own;
  int           n_ours;
  int           priority;
} Loop;

/* Before poll(): which descriptors the library waits for, and for how long at most. */
static int
loop_prepare (Loop *loop,
              int   timeout)
{
  GPollFD fds[MAX_FDS];
  int ours = -1;

  g_main_context_prepare (loop->context, &loop->priority);
  loop->n_ours = g_main_context_query (loop->context, loop->priority, &ours, fds,
                                       MAX_FDS - loop->n_own);
  loop->n_ours = MIN (loop->n_ours, MAX_FDS - loop->n_own);
  for (int i = 0; i < loop->n_ours; i++)
    loop->fds[loop->n_own + i] = (struct pollfd) { fds[i].fd, fds[i].events, 0 };

  return ours < 0 ? timeout : timeout < 0 ? ours : MIN (ours, timeout);
}

/* After poll(): the library does what there is to do, which is where its callbacks run. */
static void
loop_dispatch (Loop *loop)
{
  GPollFD fds[MAX_FDS];

  for (int i = 0; i < loop->n_ours; i++)
    {
      const struct pollfd *fd = &loop->fds[loop->n_own + i];

      fds[i] = (GPollFD) { fd->fd, fd->events, fd->revents };
    }
  if (g_main_context_check (loop->context, loop->priority, fds, loop->n_ours))
    g_main_context_dispatch (loop->context);
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           gpointer              user_data)
{
  int *wake = user_data;
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);

  if (body == NULL)
    return FALSE;

  printf ("%s says: %s\n", xep174_session_get_name (session), body);
  /* What the program's own descriptors are for is its own affair: here, to end. */
  return write (*wake, "!", 1) == 1;
}

static void
run (Loop                    *loop,
     Xep174ManualDiscovery   *discovery,
     Xep174SessionManager    *juliet,
     Xep174SessionManager    *romeo)
{
  g_autoptr(Xep174Session) session = NULL;

  /* Romeo knows where Juliet is, and who calls from there; see directory.c for a book of your own. */
  xep174_manual_discovery_add (discovery, "juliet@capulet", "127.0.0.1",
                               xep174_session_manager_get_port (juliet), NULL);
  xep174_manual_discovery_add (discovery, "romeo@montague", "127.0.0.1",
                               xep174_session_manager_get_port (romeo), NULL);
  session = xep174_session_manager_ensure_session (romeo, "juliet@capulet", NULL);
  xep174_session_send_xml_async (session, "<message><body>Tybalt, wilt thou?</body></message>",
                                 NULL, NULL, NULL);

  while (loop->fds[0].revents == 0)
    {
      int timeout = loop_prepare (loop, -1);

      poll (loop->fds, loop->n_own + loop->n_ours, timeout);
      loop_dispatch (loop);
    }
}

int
main (void)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  Loop loop = { .context = context, .n_own = OWN_FDS };
  int wake[2];

  if (pipe (wake) < 0)
    return 1;
  loop.fds[0] = (struct pollfd) { wake[0], POLLIN, 0 };

  /* What is made between push and pop belongs to this context for life. The calls below belong to
   * the thread that has acquired it. */
  g_main_context_push_thread_default (context);
  if (g_main_context_acquire (context))
    {
      g_autoptr(Xep174Discovery) discovery = xep174_manual_discovery_new ();
      g_autoptr(Xep174SessionManager) juliet =
        xep174_session_manager_new ("juliet@capulet", XEP174_DIRECTORY (discovery));
      g_autoptr(Xep174SessionManager) romeo =
        xep174_session_manager_new ("romeo@montague", XEP174_DIRECTORY (discovery));

      g_signal_connect (juliet, "stanza-received", G_CALLBACK (on_stanza), &wake[1]);
      if (xep174_session_manager_listen (juliet, 0, NULL)
          && xep174_session_manager_listen (romeo, 0, NULL))
        run (&loop, XEP174_MANUAL_DISCOVERY (discovery), juliet, romeo);
      g_main_context_release (context);
    }
  g_main_context_pop_thread_default (context);

  close (wake[0]);
  close (wake[1]);
  return 0;
}
