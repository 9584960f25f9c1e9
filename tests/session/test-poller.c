/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is told that a stream is ready, and how often: with epoll, for the one stream that has been
 * talking alone without it, and where there is none. */

#include "xep174-poller-private.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY 100

/* Turns after which whoever talks alone is polled without epoll, and more. */
#define LONG 40

typedef struct _Line Line;

typedef struct
{
  GMainContext *context;
  Xep174Poller *poller;
  GPtrArray *lines;
} Poll;

/* A connection of which we hold the near end. */
struct _Line
{
  Poll *poll;
  GIOStream *stream;
  Xep174Watch *watch;
  int near_fd;
  int far_fd;
  GIOCondition ready;
  guint turns;
  gboolean busy;
  /* What else to do in the callback, and with whom. */
  void (*act) (Line *line);
  Line *other;
};

/* What the main loop has polled last; its function takes no data. */
static GArray *polled;

/* That there is no epoll; nothing else is warned of here. */
static guint warnings;

static GLogWriterOutput
on_log (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n,
        gpointer         data)
{
  if (level != G_LOG_LEVEL_WARNING)
    return g_log_writer_default (level, fields, n, NULL);

  warnings++;
  return G_LOG_WRITER_HANDLED;
}

static int
record_poll (GPollFD *fds,
             guint    n,
             int      timeout)
{
  g_array_set_size (polled, 0);
  for (guint i = 0; i < n; i++)
    g_array_append_val (polled, fds[i].fd);
  return g_poll (fds, n, timeout);
}

/* One at a time: what waits makes it ready again. */
static void
on_ready (GIOCondition ready,
          gpointer     data)
{
  Line *line = data;
  char octet;

  g_assert_false (line->busy);
  line->busy = TRUE;
  line->turns++;
  line->ready |= ready;
  if ((ready & G_IO_IN) && !g_io_stream_is_closed (line->stream))
    g_assert_cmpint (recv (line->near_fd, &octet, 1, 0), >=, 0);
  if (line->act != NULL)
    line->act (line);
  line->busy = FALSE;
}

static Line *
line_new (Poll *poll)
{
  Line *line = g_new0 (Line, 1);
  g_autoptr(GSocket) socket = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  line->poll = poll;
  line->near_fd = fds[0];
  line->far_fd = fds[1];
  socket = g_socket_new_from_fd (line->near_fd, NULL);
  line->stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  line->watch = xep174_watch_new (poll->poller, line->stream, on_ready, line, NULL);
  g_assert_nonnull (line->watch);
  xep174_watch_set_interest (line->watch, G_IO_IN);
  g_ptr_array_add (poll->lines, line);
  return line;
}

static void
line_free (gpointer data)
{
  Line *line = data;

  g_clear_pointer (&line->watch, xep174_watch_free);
  g_object_unref (line->stream);
  close (line->far_fd);
  g_free (line);
}

static void
line_say (Line  *line,
          guint  octets)
{
  for (guint i = 0; i < octets; i++)
    g_assert_cmpint (send (line->far_fd, "x", 1, MSG_NOSIGNAL), ==, 1);
}

static void
settle (Poll *poll)
{
  while (g_main_context_iteration (poll->context, FALSE))
    ;
}

static gboolean
is_polled (Line *line)
{
  settle (line->poll);
  for (guint i = 0; i < polled->len; i++)
    if (g_array_index (polled, int, i) == line->near_fd)
      return TRUE;

  return FALSE;
}

static void
talk_alone (Line *line)
{
  guint turns = line->turns;

  line_say (line, LONG);
  settle (line->poll);
  g_assert_cmpuint (line->turns, ==, turns + LONG);
  g_assert_true (is_polled (line));
}

/* Without descriptors to be had there is no epoll. */
static void
poll_set_up (Poll          *poll,
             gconstpointer  without_epoll)
{
  struct rlimit limit, none;

  poll->context = g_main_context_new ();
  g_main_context_set_poll_func (poll->context, record_poll);
  g_main_context_push_thread_default (poll->context);
  poll->lines = g_ptr_array_new_with_free_func (line_free);
  getrlimit (RLIMIT_NOFILE, &limit);
  none = (struct rlimit) { 0, limit.rlim_max };
  if (without_epoll)
    setrlimit (RLIMIT_NOFILE, &none);
  warnings = 0;
  poll->poller = xep174_poller_new (poll->context);
  setrlimit (RLIMIT_NOFILE, &limit);
#ifdef __linux__
  g_assert_cmpuint (warnings, ==, without_epoll ? 1 : 0);
#endif
}

static void
poll_tear_down (Poll          *poll,
                gconstpointer  without_epoll)
{
  g_assert_cmpuint (warnings, <=, without_epoll ? 1 : 0);
  g_ptr_array_unref (poll->lines);
  xep174_poller_unref (poll->poller);
  g_main_context_pop_thread_default (poll->context);
  g_main_context_unref (poll->context);
}

#ifdef __linux__
/* Epoll is asked where it matters who of many is ready. */
static void
test_solo (Poll          *poll,
           gconstpointer  data)
{
  Line *first = line_new (poll);
  Line *second = line_new (poll);

  g_assert_false (is_polled (first));
  talk_alone (first);
  g_assert_false (is_polled (second));

  line_say (second, 1);
  g_assert_false (is_polled (first));
  g_assert_cmpuint (second->turns, ==, 1);
  for (guint i = 0; i < LONG; i++)
    {
      line_say (i % 3 == 0 ? second : first, 1);
      g_assert_false (is_polled (first));
    }
  for (guint i = 0; i < LONG; i++)
    {
      line_say (first, 1);
      line_say (second, 1);
      g_assert_false (is_polled (first));
      g_assert_false (is_polled (second));
    }

  talk_alone (second);
  g_assert_false (is_polled (first));
  talk_alone (first);
  g_assert_false (is_polled (second));
}
#endif

static gboolean
on_other_source (gpointer data)
{
  guint *turns = data;

  ++*turns;
  return G_SOURCE_CONTINUE;
}

/* Whoever always has something to say is served as often as the others, and all of them are not
 * served oftener than the other sources of the main loop for long: 32 times. */
static void
test_fair (Poll          *poll,
           gconstpointer  without_epoll)
{
  g_autoptr(GSource) other = g_idle_source_new ();
  guint others = 0;
  guint most = 0;
  guint least = G_MAXUINT;

  talk_alone (line_new (poll));
  while (poll->lines->len < MANY)
    line_new (poll);
  for (guint i = 0; i < MANY; i++)
    {
      Line *line = poll->lines->pdata[i];

      line->turns = 0;
      line_say (line, 20);
    }

  g_source_set_priority (other, G_PRIORITY_DEFAULT);
  g_source_set_callback (other, on_other_source, &others, NULL);
  g_source_attach (other, poll->context);
  for (guint i = 0; i < 12; i++)
    g_main_context_iteration (poll->context, FALSE);
  g_source_destroy (other);

  for (guint i = 0; i < MANY; i++)
    {
      Line *line = poll->lines->pdata[i];

      most = MAX (most, line->turns);
      least = MIN (least, line->turns);
    }
  g_assert_cmpuint (others, ==, 12);
  g_assert_cmpuint (least, >=, 12 * 32 / MANY);
  g_assert_cmpuint (most, <=, (without_epoll ? least : 12 * 32 / MANY) + 2);
}

/* The two of which each is alone in its part of the main loop. */
static void
test_fair_to_one (Poll          *poll,
                  gconstpointer  data)
{
  Line *busy = line_new (poll);
  Line *other = line_new (poll);

  talk_alone (busy);
  busy->turns = 0;
  line_say (busy, 20);
  line_say (other, 20);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (poll->context, FALSE);
  g_assert_cmpuint (busy->turns, >=, 9);
  g_assert_cmpuint (other->turns, >=, 9);
}

static void
act_free (Line *line)
{
  g_clear_pointer (&line->watch, xep174_watch_free);
}

static void
act_free_other (Line *line)
{
  g_clear_pointer (&line->other->watch, xep174_watch_free);
}

static void
test_free (Poll          *poll,
           gconstpointer  data)
{
  Line *quiet = line_new (poll);
  Line *line = line_new (poll);

  for (guint i = 0; i < 2; i++)
    {
      if (i == 1)
        talk_alone (line = line_new (poll));
      line->turns = 0;
      line->act = act_free;
      line_say (line, 2);
      settle (poll);
      g_assert_cmpuint (line->turns, ==, 1);
      g_assert_false (is_polled (line));
    }

  talk_alone (quiet);
}

/* Both are ready when the one that comes first frees the other. */
static void
test_free_other (Poll          *poll,
                 gconstpointer  data)
{
  for (guint i = 0; i < 3; i++)
    {
      Line *one = line_new (poll);
      Line *two = line_new (poll);

      if (i > 0)
        talk_alone (i == 1 ? one : two);
      one->turns = two->turns = 0;
      one->other = two;
      two->other = one;
      one->act = two->act = act_free_other;
      line_say (one, 1);
      line_say (two, 1);
      settle (poll);
      g_assert_cmpuint (one->turns + two->turns, ==, 1);
      act_free (one->watch != NULL ? one : two);
      settle (poll);
    }
}

static void
expect_ready (Line         *line,
              GIOCondition  interest)
{
  line->ready = 0;
  xep174_watch_set_interest (line->watch, interest);
  while (line->ready != interest)
    {
      g_main_context_iteration (line->poll->context, TRUE);
      g_assert_cmpint (line->ready & ~interest, ==, 0);
    }
}

/* Its interest is what counts, and nothing asked for is nothing told, not even the end. */
static void
test_interest (Poll          *poll,
               gconstpointer  data)
{
  Line *line = line_new (poll);

  talk_alone (line);
  line_say (line, 1);
  expect_ready (line, G_IO_OUT);
  expect_ready (line, G_IO_IN | G_IO_OUT);

  xep174_watch_set_interest (line->watch, 0);
  line->turns = 0;
  shutdown (line->far_fd, SHUT_RDWR);
  settle (poll);
  g_assert_cmpuint (line->turns, ==, 0);
  expect_ready (line, G_IO_IN);
}

/* Who owns the stream, too, has closed it: that is told as its end, and only until it is freed. */
static void
test_closed (Poll          *poll,
             gconstpointer  data)
{
  Line *line = line_new (poll);

  talk_alone (line);
  line->turns = 0;
  line->act = act_free;
  g_io_stream_close (line->stream, NULL, NULL);
  g_main_context_iteration (poll->context, TRUE);
  settle (poll);
  g_assert_cmpuint (line->turns, ==, 1);
}

static void
act_run_loop (Line *line)
{
  line_say (line, 1);
  line_say (line->other, 1);
  settle (line->poll);
  g_assert_cmpuint (line->other->turns, ==, 1);
  line->act = NULL;
}

/* A callback that runs a main loop is not called from it; the others are. */
static void
test_nested (Poll          *poll,
             gconstpointer  data)
{
  for (guint i = 0; i < 2; i++)
    {
      Line *line = line_new (poll);

      line->other = line_new (poll);
      if (i == 1)
        talk_alone (line);
      line->turns = 0;
      line->act = act_run_loop;
      line_say (line, 1);
      settle (poll);
      g_assert_cmpuint (line->turns, ==, 2);
      talk_alone (line);
    }
}

static void
add (const char    *name,
     void         (*test) (Poll *, gconstpointer))
{
  g_autofree char *without = g_strdup_printf ("/poller/without-epoll/%s", name);
#ifdef __linux__
  g_autofree char *with = g_strdup_printf ("/poller/%s", name);

  g_test_add (with, Poll, NULL, poll_set_up, test, poll_tear_down);
#endif
  g_test_add (without, Poll, "without", poll_set_up, test, poll_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (on_log, NULL, NULL);
  polled = g_array_new (FALSE, FALSE, sizeof (int));
#ifdef __linux__
  g_test_add ("/poller/solo", Poll, NULL, poll_set_up, test_solo, poll_tear_down);
#endif
  add ("fair", test_fair);
  add ("fair-to-one", test_fair_to_one);
  add ("free", test_free);
  add ("free-other", test_free_other);
  add ("interest", test_interest);
  add ("closed", test_closed);
  add ("nested", test_nested);
  result = g_test_run ();
  g_array_unref (polled);
  return result;
}
