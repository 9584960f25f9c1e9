/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program with an event loop of its own drives the library: poll() waits for its descriptors and
 * ours together, and no GMainLoop runs. */

#include <poll.h>
#include <stdio.h>
#include <unistd.h>
#include <xep174/xep174.h>

#define OWN_FDS 1

typedef struct
{
  GMainContext  *context;
  struct pollfd *fds;  /* the program's, then the library's */
  GPollFD       *ours; /* the library's, as GLib has them */
  int            n_ours;
  int            n_room;
  int            priority;
} Loop;

/* Before poll(): which descriptors the library waits for, and for how long at most. */
static int
loop_prepare (Loop *loop,
              int   timeout)
{
  int patience = -1;

  g_main_context_prepare (loop->context, &loop->priority);
  while ((loop->n_ours = g_main_context_query (loop->context, loop->priority, &patience,
                                               loop->ours, loop->n_room)) > loop->n_room)
    {
      loop->n_room = loop->n_ours;
      loop->ours = g_renew (GPollFD, loop->ours, loop->n_room);
      loop->fds = g_renew (struct pollfd, loop->fds, OWN_FDS + loop->n_room);
    }
  for (int i = 0; i < loop->n_ours; i++)
    loop->fds[OWN_FDS + i] = (struct pollfd) { loop->ours[i].fd, loop->ours[i].events, 0 };

  return patience < 0 ? timeout : timeout < 0 ? patience : MIN (patience, timeout);
}

/* After poll(): the library does what there is to do, which is where its callbacks run. */
static void
loop_dispatch (Loop *loop)
{
  for (int i = 0; i < loop->n_ours; i++)
    loop->ours[i].revents = loop->fds[OWN_FDS + i].revents;
  if (g_main_context_check (loop->context, loop->priority, loop->ours, loop->n_ours))
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

static gboolean
run (Loop                  *loop,
     Xep174ManualDiscovery *discovery,
     Xep174SessionManager  *juliet,
     Xep174SessionManager  *romeo)
{
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(GError) error = NULL;

  /* Romeo knows where Juliet is, and who calls from there; see directory.c for a book of your own. */
  xep174_manual_discovery_add (discovery, "juliet@capulet", "127.0.0.1",
                               xep174_session_manager_get_port (juliet), NULL);
  xep174_manual_discovery_add (discovery, "romeo@montague", "127.0.0.1",
                               xep174_session_manager_get_port (romeo), NULL);
  session = xep174_session_manager_ensure_session (romeo, "juliet@capulet", &error);
  if (session == NULL)
    {
      fprintf (stderr, "No session: %s\n", error->message);
      return FALSE;
    }

  xep174_session_send_xml_async (session, "<message><body>Tybalt, wilt thou?</body></message>",
                                 NULL, NULL, NULL);

  while (loop->fds[0].revents == 0)
    {
      int timeout = loop_prepare (loop, -1);

      poll (loop->fds, OWN_FDS + loop->n_ours, timeout);
      loop_dispatch (loop);
    }
  return TRUE;
}

int
main (void)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  Loop loop = { .context = context, .fds = g_new (struct pollfd, OWN_FDS) };
  gboolean done = FALSE;
  int wake[2];

  if (pipe (wake) < 0)
    return 1;

  loop.fds[0] = (struct pollfd) { wake[0], POLLIN, 0 };

  /* What is made between push and pop belongs to this context for life. The calls below belong to
   * the thread that has acquired it. */
  g_main_context_push_thread_default (context);
  if (g_main_context_acquire (context))
    {
      g_autoptr(Xep174ManualDiscovery) discovery = xep174_manual_discovery_new ();
      g_autoptr(Xep174SessionManager) juliet =
        xep174_session_manager_new ("juliet@capulet", XEP174_DIRECTORY (discovery));
      g_autoptr(Xep174SessionManager) romeo =
        xep174_session_manager_new ("romeo@montague", XEP174_DIRECTORY (discovery));

      g_signal_connect (juliet, "stanza-received", G_CALLBACK (on_stanza), &wake[1]);
      if (xep174_session_manager_listen (juliet, 0, NULL)
          && xep174_session_manager_listen (romeo, 0, NULL))
        done = run (&loop, discovery, juliet, romeo);
      g_main_context_release (context);
    }
  g_main_context_pop_thread_default (context);

  g_free (loop.fds);
  g_free (loop.ours);
  close (wake[0]);
  close (wake[1]);
  return done ? 0 : 1;
}
