/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* X8, S7, A1: many sessions at once in one process, many stanzas on each, and afterwards nothing is
 * lost, nothing doubled, nothing out of order, and neither memory nor descriptors have grown.
 *
 * A host talks with each of its guests, over the loopback; both open at the same instant. Every other
 * guest encrypts, as the host does, and all that is said there is acknowledged.
 *
 *     load [STANZAS [GUESTS]] */

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sys/resource.h>

#include "book.h"
#include "xep174-session-manager.h"

#define STANZAS 100000
#define GUESTS 500

/* How many streams are opened at a time. */
#define LOT 10

/* How many sends of one side to another wait at a time. */
#define WINDOW 8

/* Of all stanzas, before memory counts: buffers have grown by then. */
#define WARM_UP_PERCENT 30
/* How much more a session may have afterwards. */
#define HEAP_SLACK_KB 8

/* After which a stanza's receipt is asked for; twice that later there is nothing to remember. */
#define RECEIPT_MS 500

typedef struct _Load Load;

/* What one side says to the other. */
typedef struct
{
  Load *load;
  Xep174SessionManager *manager;
  Xep174Session *session;
  const char *to;
  guint said;
  guint pending;
  guint heard;
} Flow;

struct _Load
{
  TestBook *book;
  guint n_guests;
  Xep174SessionManager *host;
  GPtrArray *guests;
  GHashTable *flows; /* "manager>contact" of who hears -> Flow */
  GPtrArray *all;    /* of Flow */
  guint quota;       /* stanzas of each flow */
  guint heard;
  guint lost;
  guint doubled;
  guint unconfirmed;
  guint failed;
  guint stopped;
};

#define HOST_NAME "capulet@verona"

/* --- What there is ----------------------------------------------------------------------- */

static guint
count_descriptors (void)
{
  g_autoptr(GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static guint
get_resident_kb (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL)
      || (line = strstr (text, "VmRSS:")) == NULL)
    return 0;

  return g_ascii_strtoull (line + strlen ("VmRSS:") + strspn (line + strlen ("VmRSS:"), " \t"),
                           NULL, 10);
}

/* What is allocated; 0 where that cannot be asked, under a sanitizer for one. */
static guint
get_heap_kb (void)
{
#ifdef __GLIBC_PREREQ
#if __GLIBC_PREREQ (2, 33)
  return mallinfo2 ().uordblks / 1024;
#endif
#endif
  return 0;
}

static void
need_descriptors (guint n)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = MAX (limit.rlim_cur, MIN (n, limit.rlim_max));
  if (limit.rlim_cur < n || setrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_error ("%u descriptors are needed, %lu are allowed", n, (gulong) limit.rlim_max);
}

/* --- Saying and hearing ------------------------------------------------------------------ */

static void say_more (Flow *flow);

static void
on_said (GObject      *session,
         GAsyncResult *result,
         gpointer      data)
{
  Flow *flow = data;

  if (!xep174_session_send_finish (XEP174_SESSION (session), result, NULL))
    flow->load->failed++;
  flow->pending--;
  say_more (flow);
}

static void
say_one (Flow *flow)
{
  g_autofree char *body = g_strdup_printf ("%u good night, good night, parting is such", flow->said);
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");

  xep174_element_set_attribute (message, "type", "chat");
  xep174_element_append_text (xep174_element_append_new (message, "body", "jabber:client"), body);
  flow->said++;
  flow->pending++;
  xep174_session_send_async (flow->session, message, NULL, on_said, flow);
}

static void
say_more (Flow *flow)
{
  while (flow->pending < WINDOW && flow->said < flow->load->quota)
    say_one (flow);
}

static char *
flow_key (const char *hearer,
          const char *sayer)
{
  return g_strconcat (hearer, ">", sayer, NULL);
}

static gboolean
on_heard (Xep174SessionManager *manager,
          Xep174Session        *session,
          Xep174Element        *stanza,
          Load                 *load)
{
  g_autofree char *key = flow_key (xep174_session_manager_get_local_name (manager),
                                   xep174_session_get_name (session));
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);
  Flow *flow = g_hash_table_lookup (load->flows, key);
  guint number;

  if (body == NULL)
    return FALSE;

  number = g_ascii_strtoull (body, NULL, 10);
  load->heard++;
  /* What comes late was counted as lost and now as doubled: either fails. */
  if (number < flow->heard)
    load->doubled++;
  else
    {
      load->lost += number - flow->heard;
      flow->heard = number + 1;
    }
  return TRUE;
}

static void
on_unconfirmed (Xep174SessionManager *manager,
                Xep174Session        *session,
                Xep174Element        *stanza,
                Load                 *load)
{
  load->unconfirmed++;
}

static gboolean
on_patience_over (gpointer data)
{
  Load *load = data;

  g_error ("Nothing happens any more: %u heard, %u lost", load->heard, load->lost);
  return G_SOURCE_REMOVE;
}

#define WAIT_FOR(load, condition)                                        \
  G_STMT_START {                                                         \
    while (!(condition))                                                 \
      {                                                                  \
        guint patience = g_timeout_add_seconds (60, on_patience_over, load); \
        g_main_context_iteration (NULL, TRUE);                           \
        g_source_remove (patience);                                      \
      }                                                                  \
  } G_STMT_END

/* --- Who there is ------------------------------------------------------------------------ */

static Xep174SessionManager *
manager_new (Load       *load,
             const char *name,
             gboolean    encrypts)
{
  Xep174SessionManager *manager = xep174_session_manager_new (name, XEP174_DIRECTORY (load->book));
  g_autoptr(GError) error = NULL;
  /* None where there is no TLS. */
  g_autoptr(Xep174Identity) identity = encrypts ? xep174_identity_generate (NULL) : NULL;

  xep174_session_manager_set_identity (manager, identity);
  g_object_set (manager, "receipt-delay", RECEIPT_MS, NULL);
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_heard), load);
  g_signal_connect (manager, "stanza-unconfirmed", G_CALLBACK (on_unconfirmed), load);
  xep174_session_manager_listen (manager, 0, &error);
  g_assert_no_error (error);
  test_book_add (load->book, name, "127.0.0.1", xep174_session_manager_get_port (manager));
  return manager;
}

static Flow *
flow_new (Load                 *load,
          Xep174SessionManager *manager,
          const char           *to)
{
  Flow *flow = g_new0 (Flow, 1);

  flow->load = load;
  flow->manager = manager;
  flow->session = xep174_session_manager_ensure_session (manager, to, NULL);
  g_hash_table_insert (load->flows, flow_key (to, xep174_session_manager_get_local_name (manager)),
                       flow);
  g_ptr_array_add (load->all, flow);
  return flow;
}

static void
flow_free (gpointer data)
{
  Flow *flow = data;

  g_object_unref (flow->session);
  g_free (flow);
}

static void
load_begin (Load  *load,
            guint  n_guests)
{
  load->n_guests = n_guests;
  load->book = test_book_new ();
  load->guests = g_ptr_array_new_with_free_func (g_object_unref);
  load->flows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  load->all = g_ptr_array_new_with_free_func (flow_free);
  load->host = manager_new (load, HOST_NAME, TRUE);
  for (guint i = 0; i < n_guests; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest-%u@verona", i);
      Xep174SessionManager *guest = manager_new (load, name, i % 2 == 0);

      g_ptr_array_add (load->guests, guest);
      flow_new (load, guest, HOST_NAME);
      flow_new (load, load->host, name);
    }
}

/* Each session of who encrypts must be, and no other. */
static gboolean
is_acknowledged (Load *load)
{
  gboolean can = xep174_session_manager_get_identity (load->host) != NULL;

  for (guint i = 0; i < load->all->len; i++)
    {
      Flow *flow = load->all->pdata[i];

      if (xep174_session_get_acknowledged (flow->session) != (can && i / 2 % 2 == 0))
        return FALSE;
    }
  return TRUE;
}

static gboolean
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Everybody says a word, both sides at once. In lots, for a process that is busy for seconds with a
 * thousand streams being opened takes its own other end for dead (S9). */
static void
open_all (Load *load)
{
  load->quota = 1;
  for (guint i = 0; i < load->all->len; i += 2)
    {
      say_more (load->all->pdata[i]);
      say_more (load->all->pdata[i + 1]);
      if ((i + 2) % (2 * LOT) == 0)
        WAIT_FOR (load, load->heard == i + 2);
    }
  WAIT_FOR (load, load->heard == load->all->len);
}

/* Everybody says so much, all of it is heard, and rests. */
static void
talk (Load  *load,
      guint  quota)
{
  gboolean rested = FALSE;

  load->quota = quota;
  for (guint i = 0; i < load->all->len; i++)
    say_more (load->all->pdata[i]);
  WAIT_FOR (load, load->heard >= load->all->len * quota);
  g_timeout_add (3 * RECEIPT_MS, set_true, &rested);
  WAIT_FOR (load, rested);
}

static void
on_stopped (GObject      *manager,
            GAsyncResult *result,
            gpointer      data)
{
  Load *load = data;

  g_assert_true (xep174_session_manager_stop_finish (XEP174_SESSION_MANAGER (manager), result,
                                                     NULL));
  load->stopped++;
}

static void
load_end (Load *load)
{
  for (guint i = 0; i < load->n_guests; i++)
    xep174_session_manager_stop_async (load->guests->pdata[i], NULL, on_stopped, load);
  WAIT_FOR (load, load->stopped == load->n_guests);
  xep174_session_manager_stop_async (load->host, NULL, on_stopped, load);
  WAIT_FOR (load, load->stopped == load->n_guests + 1);
  g_ptr_array_unref (load->all);
  g_hash_table_unref (load->flows);
  g_ptr_array_unref (load->guests);
  g_object_unref (load->host);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (load->book);
}

/* --- The figures ------------------------------------------------------------------------- */

static void
check (gboolean    holds,
       const char *what)
{
  static guint n;

  g_print ("%s %u - %s\n", holds ? "ok" : "not ok", ++n, what);
  if (!holds)
    exit (EXIT_FAILURE);
}

int
main (int   argc,
      char *argv[])
{
  guint n_stanzas = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : STANZAS;
  guint n_guests = argc > 2 ? g_ascii_strtoull (argv[2], NULL, 10) : GUESTS;
  guint each = MAX (n_stanzas / MAX (n_guests, 1) / 2, 10);
  Load load = { 0 };
  guint descriptors[3];
  guint heap[2];
  guint resident;
  gint64 began;

  g_print ("1..4\n");
  /* A listener, a poller and two ends of a connection each. */
  need_descriptors (4 * n_guests + 64);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  descriptors[0] = count_descriptors ();
  load_begin (&load, n_guests);
  began = g_get_monotonic_time ();
  open_all (&load);
  talk (&load, each * WARM_UP_PERCENT / 100);
  heap[0] = get_heap_kb ();
  resident = get_resident_kb ();
  descriptors[1] = count_descriptors ();
  check (is_acknowledged (&load), "A1: with every other guest all is acknowledged");
  talk (&load, each);
  heap[1] = get_heap_kb ();
  g_print ("# %u sessions at once, %u stanzas in %.1f s: %u lost, %u doubled, %u unconfirmed, "
           "%u failed\n", 2 * n_guests, load.heard,
           (g_get_monotonic_time () - began) / (double) G_USEC_PER_SEC, load.lost, load.doubled,
           load.unconfirmed, load.failed);
  g_print ("# allocated: %u kB after %u %%, %u kB after all; resident: %u kB, %u kB\n", heap[0],
           WARM_UP_PERCENT, heap[1], resident, get_resident_kb ());
  check (load.lost + load.doubled + load.unconfirmed + load.failed == 0
         && load.heard == 2 * n_guests * each, "S7: each stanza came once, in order");
  check (heap[1] <= heap[0] + 2 * n_guests * HEAP_SLACK_KB, "X8: memory is flat");
  descriptors[2] = count_descriptors ();
  load_end (&load);
  g_print ("# descriptors: %u before, %u with %u sessions, %u after all stanzas, %u after the end\n",
           descriptors[0], descriptors[1], 2 * n_guests, descriptors[2], count_descriptors ());
  check (descriptors[2] <= descriptors[1] && count_descriptors () <= descriptors[0] + 1,
         "X8: descriptors are flat");
  return EXIT_SUCCESS;
}
