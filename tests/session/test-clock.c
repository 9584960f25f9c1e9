/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The clock that runs: each case with the kernel's timer, and where there is none. */

#include "xep174-clock-private.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/log-trap.h"

#define MANY 200

typedef struct
{
  GMainContext *context;
  Xep174Poller *poller;
  Xep174Clock *clock;
  GString *rung;
} Time;

typedef struct
{
  Xep174Alarm alarm;
  Time *time;
  char letter;
  guint again;
  /* To be waited for in a main loop inside the callback. */
  Xep174Alarm *other;
} Bell;

static void
on_alarm (gpointer data)
{
  Bell *bell = data;

  g_assert_false (xep174_alarm_is_set (&bell->alarm));
  g_assert_cmpint (g_get_monotonic_time (), >=, bell->alarm.due);
  g_string_append_c (bell->time->rung, bell->letter);
  if (bell->again > 0)
    {
      bell->again--;
      xep174_alarm_set (&bell->alarm, bell->time->clock, 1, on_alarm, bell);
    }
  while (bell->other != NULL && xep174_alarm_is_set (bell->other))
    g_main_context_iteration (bell->time->context, TRUE);
}

static void
set (Time *time,
     Bell *bell,
     guint ms)
{
  bell->time = time;
  xep174_alarm_set (&bell->alarm, time->clock, ms, on_alarm, bell);
}

static void
expect (Time       *time,
        const char *rung)
{
  while (time->rung->len < strlen (rung))
    g_main_context_iteration (time->context, TRUE);
  g_assert_cmpstr (time->rung->str, ==, rung);
}

static void
test_order (Time          *time,
            gconstpointer  without_timer)
{
  Bell a = { .letter = 'a' }, b = { .letter = 'b' }, c = { .letter = 'c' }, far = { 0 };

  set (time, &far, 3600000);
  set (time, &b, 20);
  set (time, &a, 10);
  set (time, &c, 30);
  expect (time, "abc");
  xep174_alarm_clear (&far.alarm, time->clock);
}

/* With the kernel's timer the main loop needs none of its own to wake in time. */
static void
test_patience (Time          *time,
               gconstpointer  without_timer)
{
  Bell a = { .letter = 'a' };
  GPollFD fds[4];
  int patience;

  set (time, &a, 60000);
  g_assert_true (g_main_context_acquire (time->context));
  g_main_context_prepare (time->context, NULL);
  g_main_context_query (time->context, G_MAXINT, &patience, fds, G_N_ELEMENTS (fds));
  g_main_context_release (time->context);
  g_assert_cmpint (patience < 0, ==, without_timer == NULL);
  xep174_alarm_clear (&a.alarm, time->clock);
}

/* The call for what was put off or cleared rings nothing, and loses nothing that comes later. */
static void
test_put_off (Time          *time,
              gconstpointer  without_timer)
{
  Bell a = { .letter = 'a' }, b = { .letter = 'b' }, c = { .letter = 'c' };

  set (time, &a, 2);
  set (time, &b, 1);
  set (time, &c, 10);
  set (time, &a, 20);
  xep174_alarm_clear (&b.alarm, time->clock);
  expect (time, "ca");
  g_assert_cmpint (xep174_clock_get_wait_ms (time->clock), ==, -1);
  g_assert_false (g_main_context_iteration (time->context, FALSE));
}

static void
test_again (Time          *time,
            gconstpointer  without_timer)
{
  Bell a = { .letter = 'a', .again = 4 };

  set (time, &a, 0);
  expect (time, "aaaaa");
}

static void
test_nested (Time          *time,
             gconstpointer  without_timer)
{
  Bell a = { .letter = 'a' }, b = { .letter = 'b' }, c = { .letter = 'c' };

  a.other = &b.alarm;
  b.other = &c.alarm;
  set (time, &a, 1);
  set (time, &b, 1);
  set (time, &c, 10);
  expect (time, "abc");
}

static void
test_many (Time          *time,
           gconstpointer  without_timer)
{
  g_autofree Bell *bells = g_new0 (Bell, MANY);
  g_autofree char *rung = g_strnfill (MANY, 'x');

  for (guint i = 0; i < MANY; i++)
    {
      bells[i].letter = 'x';
      set (time, &bells[i], i * 7919 % 50);
    }
  expect (time, rung);
}

static void
on_readable (GIOCondition ready,
             gpointer     data)
{
  g_string_append_c (((Time *) data)->rung, 's');
}

/* One turn of the main loop, which is busy for @ms between its poll and what it does then. TRUE if it
 * would not have slept. */
static gboolean
turn (Time *time,
      guint ms)
{
  GPollFD fds[8];
  int patience, priority, n;
  gboolean awake;

  g_assert_true (g_main_context_acquire (time->context));
  g_main_context_prepare (time->context, &priority);
  n = g_main_context_query (time->context, priority, &patience, fds, G_N_ELEMENTS (fds));
  awake = g_poll (fds, n, 0) > 0 || patience == 0;
  g_main_context_check (time->context, priority, fds, n);
  g_usleep (ms * 1000);
  g_main_context_dispatch (time->context);
  g_main_context_release (time->context);
  return awake;
}

/* S10: the program is busy between the poll of the main loop, in which a socket was ready, and our
 * turn; meanwhile the alarm is due. It rings late. */
static void
test_busy (Time          *time,
           gconstpointer  without_timer)
{
  Bell a = { .letter = 'a' };
  g_autoptr(GSocketConnection) near_end = NULL;
  g_autoptr(GSocket) socket = NULL;
  Xep174Watch *watch;
  int pair[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
  g_assert_cmpint (write (pair[1], "x", 1), ==, 1);
  socket = g_socket_new_from_fd (pair[0], NULL);
  near_end = g_socket_connection_factory_create_connection (socket);
  watch = xep174_watch_new (time->poller, G_IO_STREAM (near_end), on_readable, time, NULL);
  xep174_watch_set_interest (watch, G_IO_IN);
  set (time, &a, 50);
  g_assert_true (turn (time, 100));
  xep174_watch_set_interest (watch, 0);
  while (strchr (time->rung->str, 'a') == NULL)
    g_assert_true (turn (time, 0));
  g_assert_nonnull (strchr (time->rung->str, 's'));
  for (guint i = 0; turn (time, 0); i++)
    g_assert_cmpuint (i, <, 3);
  xep174_watch_free (watch);
  close (pair[1]);
}

/* Without descriptors to be had there is no timer. */
static void
time_set_up (Time          *time,
             gconstpointer  without_timer)
{
  struct rlimit limit, none;

  time->rung = g_string_new (NULL);
  time->context = g_main_context_new ();
  getrlimit (RLIMIT_NOFILE, &limit);
  none = (struct rlimit) { 0, limit.rlim_max };
  if (without_timer)
    setrlimit (RLIMIT_NOFILE, &none);
  time->poller = xep174_poller_new (time->context);
  time->clock = xep174_clock_new (time->context, time->poller);
  setrlimit (RLIMIT_NOFILE, &limit);
#ifdef __linux__
  if (without_timer)
    log_trap_expect ("No epoll");
#endif
}

static void
time_tear_down (Time          *time,
                gconstpointer  without_timer)
{
  xep174_clock_unref (time->clock);
  xep174_poller_unref (time->poller);
  g_main_context_unref (time->context);
  g_string_free (time->rung, TRUE);
}

static void
add (const char    *name,
     void         (*test) (Time *, gconstpointer))
{
  g_autofree char *without = g_strdup_printf ("/clock/without-timer/%s", name);
#ifdef __linux__
  g_autofree char *with = g_strdup_printf ("/clock/%s", name);

  g_test_add (with, Time, NULL, time_set_up, test, time_tear_down);
#endif
  g_test_add (without, Time, "without", time_set_up, test, time_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  log_trap_init ();
  add ("order", test_order);
  add ("patience", test_patience);
  add ("put-off", test_put_off);
  add ("again", test_again);
  add ("nested", test_nested);
  add ("many", test_many);
  add ("S10/busy", test_busy);
  return g_test_run ();
}
