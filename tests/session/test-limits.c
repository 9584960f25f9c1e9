/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* X8: each limit of a session manager at N, which passes, and at N + 1: what the contact is told, and
 * what the program. test-limits-sent.c has what we send; test-stream-limits.c has the parser's own, for
 * every way of cutting the octets; test-txt.c and test-profile.c have those of the TXT record (D5). */

#include <string.h>

#include "../common/repeat.h"
#include "book.h"
#include "raw-peer.h"
#include "xep174-element-private.h"
#include "xep174-session-private.h"
#include "xep174-stream-error.h"

/* Has the limits as a table, which must not lie. */
#define PAGE "../../doc/security.md"

/* --- What the program is told ------------------------------------------------------------ */

static GError *closed_with;

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           GError               *error,
           gpointer              data)
{
  g_clear_error (&closed_with);
  closed_with = error != NULL ? g_error_copy (error) : NULL;
}

/* --- Stanzas ----------------------------------------------------------------------------- */

static char *
stanza_of_octets (guint n)
{
  g_autofree char *filling = g_strnfill (n - strlen ("<message></message>"), 'x');

  return g_strconcat ("<message>", filling, "</message>", NULL);
}

/* The stanza itself is the first. */
static char *
stanza_of_depth (guint n)
{
  g_autofree char *open = repeat ("<message>", "<x>", n - 1, "");
  g_autofree char *close = repeat ("", "</x>", n - 1, "</message>");

  return g_strconcat (open, close, NULL);
}

/* Namespace declarations are counted apart. */
static char *
stanza_of_attributes (guint n)
{
  return repeat ("<message><x xmlns='u'", " a#='1'", n, "/></message>");
}

static char *
stanza_of_namespaces (guint n)
{
  return repeat ("<message><x a='1'", " xmlns:n#='u#'", n, "/></message>");
}

/* Those of the message and of the namespace are known already. */
static char *
stanza_of_names (guint n)
{
  return repeat ("<message>", "<n#/>", n, "</message>");
}

typedef struct
{
  const char *property;
  guint limit;
  char *(*make) (guint n);
} StanzaLimit;

static void
check_stanza (Raw               *raw,
              const StanzaLimit *limit,
              guint              n)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autofree char *stanza = limit->make (n);
  g_autofree char *log = NULL;

  raw_say (raw, end, stanza);
  log = stage_take_log (raw->stage);
  if (n <= limit->limit)
    {
      g_assert_true (g_str_has_prefix (log, "got "));
      raw_hear (raw, end, "");
      raw_say (raw, end, FOOTER);
    }
  else
    {
      g_assert_cmpstr (log, ==, "closing romeo@montague\n");
      raw_hear (raw, end, STREAM_ERROR ("policy-violation") FOOTER);
    }

  /* Behind what cannot be parsed no closing tag is found: the end of TCP counts. */
  g_free (memory_stream_hear (end));
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
  g_free (stage_take_log (raw->stage));
}

/* Received: N is delivered, N + 1 ends the stream, with a word to both. */
static void
test_stanzas (Raw           *raw,
              gconstpointer  data)
{
  static const StanzaLimit limits[] = {
    { "max-stanza-octets", 10000, stanza_of_octets },
    { "max-stanza-octets", 256 * 1024, stanza_of_octets },
    { "max-depth", 8, stanza_of_depth },
    { "max-depth", 128, stanza_of_depth },
    { "max-attributes", 8, stanza_of_attributes },
    { "max-attributes", 40, stanza_of_attributes },
    { "max-namespaces", 4, stanza_of_namespaces },
    { "max-namespaces", 32, stanza_of_namespaces },
    { NULL, 4096, stanza_of_names },
  };

  g_signal_connect (raw->manager, "session-closed", G_CALLBACK (on_closed), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      if (limits[i].property != NULL)
        g_object_set (raw->manager, limits[i].property, limits[i].limit, NULL);
      check_stanza (raw, &limits[i], limits[i].limit);
      g_assert_no_error (closed_with);
      check_stanza (raw, &limits[i], limits[i].limit + 1);
      g_assert_error (closed_with, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_POLICY_VIOLATION);
      g_clear_error (&closed_with);
    }
}

/* --- Headers ----------------------------------------------------------------------------- */

static char *
header_of_octets (Raw   *raw,
                  guint  n)
{
  g_autofree char *frame = g_strdup_printf ("<stream:stream " NS_ATTRIBUTES
                                            " from='%s' version='1.0' x=''>", raw->peer);
  g_autofree char *filling = g_strnfill (n - strlen (frame), 'x');

  return g_strdup_printf ("<stream:stream " NS_ATTRIBUTES " from='%s' version='1.0' x='%s'>",
                          raw->peer, filling);
}

/* Whoever it was is not known, so the program is told nothing. */
static void
test_header_received (Raw           *raw,
                      gconstpointer  data)
{
  const guint limits[] = { 256, 8 * 1024 };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *fits = header_of_octets (raw, limits[i]);
      g_autofree char *exceeds = header_of_octets (raw, limits[i] + 1);
      MemoryStream *end;

      g_object_set (raw->manager, "max-header-octets", limits[i], NULL);
      end = raw_come_in (raw);
      raw_say (raw, end, exceeds);
      raw_hear_refusal (raw, end, NULL, "policy-violation");
      raw_log (raw, "");
      end = raw_come_in (raw);
      raw_say (raw, end, fits);
      raw_hear_header (raw, end, TRUE, FEATURES);
      raw_say (raw, end, FOOTER);
      g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
      stage_settle (raw->stage);
      g_free (stage_take_log (raw->stage));
    }
}

/* Answers our dials in a way that does not help, until no more come. */
static void
fail_all_dials (Raw  *raw,
                void (*answer) (Raw *raw))
{
  guint n = 0;

  for (guint seconds = 0; seconds < 100; seconds++)
    {
      if (raw_is_dialled (raw))
        {
          answer (raw);
          n++;
        }
      stage_advance (raw->stage, 1000);
    }
  g_assert_cmpuint (n, ==, 1 + raw->manager->around.settings.max_retries);
}

static void
answer_with_too_long_a_header (Raw *raw)
{
  g_autofree char *exceeds = header_of_octets (raw, 8 * 1024 + 1);
  MemoryStream *end = raw_answer (raw);

  raw_say (raw, end, exceeds);
  raw_hear_header (raw, end, FALSE, STREAM_ERROR ("policy-violation") FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
}

/* In the answer to ours: after the retries the request fails with what was wrong. */
static void
test_header_answered (Raw           *raw,
                      gconstpointer  data)
{
  g_autofree char *fits = header_of_octets (raw, 8 * 1024);
  g_autofree char *expected = NULL;
  MemoryStream *end;

  stage_open (raw->stage, raw->manager, raw->peer);
  end = raw_answer (raw);
  raw_say (raw, end, fits);
  raw_say (raw, end, "<stream:features/>");
  raw_log (raw, "opened romeo@montague initiator\nopen\n");
  g_free (memory_stream_hear (end));
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
  g_free (stage_take_log (raw->stage));

  stage_open (raw->stage, raw->manager, raw->peer);
  fail_all_dials (raw, answer_with_too_long_a_header);
  expected = g_strdup_printf ("failed romeo@montague\nnot open: xep174-stream-error-quark %d\n",
                              XEP174_STREAM_ERROR_POLICY_VIOLATION);
  raw_log (raw, expected);
}

/* --- Times ------------------------------------------------------------------------------- */

static void
test_header_timeout (Raw           *raw,
                     gconstpointer  data)
{
  const guint limits[] = { 5000, 700 };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      MemoryStream *end;

      g_object_set (raw->manager, "header-timeout", limits[i], NULL);
      end = raw_come_in (raw);
      raw_say (raw, end, "<stream:stream ");
      stage_advance (raw->stage, limits[i] - 1);
      raw_hear (raw, end, "");
      stage_advance (raw->stage, 1);
      raw_hear_refusal (raw, end, NULL, "connection-timeout");
      raw_log (raw, "");
    }
}

static void
answer_with_silence (Raw *raw)
{
  MemoryStream *end = raw_answer (raw);

  raw_hear_header (raw, end, FALSE, "");
  stage_advance (raw->stage, 14999);
  raw_hear (raw, end, "");
  stage_advance (raw->stage, 1);
  raw_hear (raw, end, FOOTER);
}

/* Who has accepted and says nothing is left with a closing tag: there is no stream to report on. */
static void
test_open_timeout (Raw           *raw,
                   gconstpointer  data)
{
  g_autofree char *expected = NULL;

  stage_open (raw->stage, raw->manager, raw->peer);
  fail_all_dials (raw, answer_with_silence);
  expected = g_strdup_printf ("failed romeo@montague\nnot open: xep174-session-error-quark %d\n",
                              XEP174_SESSION_ERROR_TIMED_OUT);
  raw_log (raw, expected);
}

/* --- Counts of streams ------------------------------------------------------------------- */

static void
test_unidentified (Raw           *raw,
                   gconstpointer  data)
{
  const guint limits[] = { 128, 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      MemoryStream *first = raw_come_in (raw);
      MemoryStream *end;

      g_object_set (raw->manager, "max-unidentified", limits[i], NULL);
      for (guint n = 1; n < limits[i]; n++)
        raw_hear (raw, raw_come_in (raw), "");
      end = raw_come_in (raw);
      raw_hear_refusal (raw, end, NULL, "resource-constraint");
      raw_log (raw, "");

      /* Who is known does not count. */
      raw_say_header (raw, first, FALSE);
      raw_hear (raw, raw_come_in (raw), "");
      stage_advance (raw->stage, 60000);
      g_free (stage_take_log (raw->stage));
    }
}

static GSocketConnection *
dial_from (const char *host,
           guint16     port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) local = g_inet_socket_address_new_from_string (host, 0);
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection;

  g_socket_client_set_local_address (client, local);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (g_socket_connection_get_socket (connection), FALSE);
  return connection;
}

/* What comes within @turns of the main loop, or until the end if they are 0. */
static char *
hear_tcp (GSocketConnection *connection,
          guint              turns)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autoptr(GString) heard = g_string_new (NULL);
  char buffer[4096];

  for (guint i = 0; turns == 0 || i < turns; i++)
    {
      gssize n = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL);

      if (n > 0)
        g_string_append_len (heard, buffer, n);
      else if (n == 0)
        break;
      else
        g_main_context_iteration (NULL, turns == 0);
    }
  return g_string_free (g_steal_pointer (&heard), FALSE);
}

/* One host cannot take what others need: the ninth is refused, another host's first is not. */
static void
test_unidentified_per_address (void)
{
  g_autoptr(TestBook) book = test_book_new ();
  g_autoptr(Xep174SessionManager) manager = NULL;
  g_autoptr(GPtrArray) crowd = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *refusal = NULL;
  guint16 port;

  manager = xep174_session_manager_new ("juliet@capulet", XEP174_DIRECTORY (book));
  g_assert_true (xep174_session_manager_listen (manager, 0, NULL));
  port = xep174_session_manager_get_port (manager);
  for (guint i = 0; i < 8; i++)
    g_ptr_array_add (crowd, dial_from ("127.0.0.1", port));
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *heard = hear_tcp (crowd->pdata[i], 20);

      g_assert_cmpstr (heard, ==, "");
    }

  g_ptr_array_add (crowd, dial_from ("127.0.0.1", port));
  refusal = hear_tcp (crowd->pdata[8], 0);
  g_assert_true (g_str_has_suffix (refusal, STREAM_ERROR ("resource-constraint") FOOTER));

  g_ptr_array_add (crowd, dial_from ("127.0.0.2", port));
  g_free (refusal);
  refusal = hear_tcp (crowd->pdata[9], 20);
  g_assert_cmpstr (refusal, ==, "");
}

/* --- What waits to be sent --------------------------------------------------------------- */

/* No stanza is refused for it: the buffer is full, and the sends stay pending. */
static void
test_queue (Raw           *raw,
            gconstpointer  data)
{
  const guint limits[] = { 64 * 1024, 1, 5000 };
  g_autofree char *body = g_strnfill (1000, 'x');
  g_autofree char *stanza = raw_message (raw, body);

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      MemoryStream *end = raw_open_recipient (raw);
      g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
      Xep174Session *session = xep174_session_manager_find_session (raw->manager, raw->peer);
      GString *buffer = NULL;

      g_object_set (raw->manager, "max-queue-octets", limits[i], NULL);
      memory_stream_set_room (ours, 0);
      for (guint n = 0; n < 200; n++)
        stage_send (raw->stage, raw->manager, raw->peer, body);
      stage_settle (raw->stage);
      raw_log (raw, "");
      for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS; slot++)
        if (session->slots[slot] != NULL)
          buffer = xep174_transport_get_buffer (session->slots[slot]->transport);
      g_assert_cmpuint (buffer->len, >=, MIN (limits[i], strlen (stanza)));
      g_assert_cmpuint (buffer->len, <, limits[i] + strlen (stanza));
      g_assert_cmpuint (session->queue.length, ==, 200 - buffer->len / strlen (stanza));

      memory_stream_break (end);
      stage_settle (raw->stage);
      xep174_session_manager_stop_async (raw->manager, NULL, NULL, NULL);
      stage_advance (raw->stage, 20000);
      g_free (stage_take_log (raw->stage));
    }
}

/* --- The table in the manual ------------------------------------------------------------- */

static void
check_row (const char   *text,
           GObjectClass *object_class,
           GHashTable   *seen)
{
  g_auto(GStrv) cells = g_strsplit (text, "|", -1);
  g_auto(GStrv) words = NULL;
  GParamSpec *pspec;

  if (g_strv_length (cells) < 5 || !g_str_has_prefix (g_strstrip (cells[1]), "`"))
    return;

  words = g_strsplit (cells[1], "`", -1);
  pspec = g_object_class_find_property (object_class, words[1]);
  if (pspec == NULL)
    return;

  g_assert_true (G_IS_PARAM_SPEC_UINT (pspec));
  g_assert_cmpuint (g_ascii_strtoull (g_strstrip (cells[2]), NULL, 10), ==,
                    G_PARAM_SPEC_UINT (pspec)->default_value);
  g_assert_cmpuint (g_ascii_strtoull (g_strstrip (cells[3]), NULL, 10), ==,
                    G_PARAM_SPEC_UINT (pspec)->minimum);
  g_hash_table_add (seen, g_strdup (words[1]));
}

/* Every number that can be set stands in the page, with its default and its least. */
static void
check_page (GType  type,
            char **lines)
{
  GObjectClass *object_class = g_type_class_ref (type);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  for (guint i = 0; lines[i] != NULL; i++)
    check_row (lines[i], object_class, seen);
  pspecs = g_object_class_list_properties (object_class, &n);
  for (guint i = 0; i < n; i++)
    if (G_IS_PARAM_SPEC_UINT (pspecs[i]) && (pspecs[i]->flags & G_PARAM_WRITABLE)
        && !g_hash_table_contains (seen, pspecs[i]->name))
      g_error (PAGE " does not know the limit “%s”", pspecs[i]->name);
  g_type_class_unref (object_class);
}

static void
test_page (void)
{
  g_autofree char *page = g_test_build_filename (G_TEST_DIST, PAGE, NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (page, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  check_page (XEP174_TYPE_SESSION_MANAGER, lines);
  check_page (XEP174_TYPE_STREAM_PARSER, lines);
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/limits/X8/stanzas", test_stanzas);
  ADD ("/limits/X8/header-received", test_header_received);
  ADD ("/limits/X8/header-answered", test_header_answered);
  ADD ("/limits/X8/header-timeout", test_header_timeout);
  ADD ("/limits/X8/open-timeout", test_open_timeout);
  ADD ("/limits/X8/unidentified", test_unidentified);
  g_test_add_func ("/limits/X8/unidentified-per-address", test_unidentified_per_address);
  ADD ("/limits/X8/queue", test_queue);
  g_test_add_func ("/limits/X8/page", test_page);
  return g_test_run ();
}
