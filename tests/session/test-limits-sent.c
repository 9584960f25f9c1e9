/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* X8: what the contact need not accept, if it is as we are, is refused at the send; what is not refused
 * arrives. The addresses are added, so they count. */

#include <string.h>

#include "raw-peer.h"
#include "xep174-element-private.h"
#include "xep174-stream-writer-private.h"

static Xep174Element *
message_of_octets (guint n)
{
  const char *frame = "<message from='juliet@capulet' to='romeo@montague'><body></body></message>";
  g_autoptr(Xep174Element) message = xep174_element_new ("message", XEP174_NS_CLIENT);
  g_autofree char *filling = g_strnfill (n - strlen (frame), 'x');

  xep174_element_append_text (xep174_element_append_new (message, "body", NULL), filling);
  return g_steal_pointer (&message);
}

static Xep174Element *
message_of_depth (guint n)
{
  Xep174Element *message = xep174_element_new ("message", XEP174_NS_CLIENT);

  for (Xep174Element *e = message; n > 1; n--)
    e = xep174_element_append_new (e, "x", NULL);
  return message;
}

static Xep174Element *
message_of_attributes (guint n)
{
  Xep174Element *message = xep174_element_new ("message", XEP174_NS_CLIENT);

  for (guint i = 0; i < n - 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("a%u", i);

      xep174_element_set_attribute (message, name, "1");
    }
  return message;
}

/* An empty address is replaced, and counts once. */
static Xep174Element *
message_of_empty_addresses (guint n)
{
  Xep174Element *message = message_of_attributes (n);

  xep174_element_set_attribute (message, "from", "");
  xep174_element_set_attribute (message, "to", "");
  return message;
}

static Xep174Element *
message_of_namespaces (guint n)
{
  Xep174Element *message = xep174_element_new ("message", XEP174_NS_CLIENT);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("{urn:%u}a", i);

      xep174_element_set_attribute (message, name, "1");
    }
  return message;
}

/* Its own and its namespace's are among them. */
static Xep174Element *
message_of_names (guint n)
{
  Xep174Element *message = xep174_element_new ("message", XEP174_NS_CLIENT);

  for (guint i = 0; i < n - 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("n%u", i);

      xep174_element_append_new (message, name, NULL);
    }
  return message;
}

static const struct
{
  const char *property;
  guint limit;
  Xep174Element *(*make) (guint n);
} sent_limits[] = {
  { "max-stanza-octets", 256 * 1024, message_of_octets },
  { "max-depth", 128, message_of_depth },
  { "max-attributes", 40, message_of_attributes },
  { "max-attributes", 40, message_of_empty_addresses },
  { "max-namespaces", 32, message_of_namespaces },
  { NULL, 4096, message_of_names },
  { "max-stanza-octets", 10000, message_of_octets },
  { "max-depth", 8, message_of_depth },
  { "max-attributes", 8, message_of_attributes },
  { "max-namespaces", 4, message_of_namespaces },
};

/* The first with all limits as they are. */
#define N_STANDARD 6

static void
on_sent (GObject      *session,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GError) error = NULL;
  guint *ends = data;

  if (xep174_session_send_finish (XEP174_SESSION (session), result, &error))
    ends[0]++;
  else if (g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA))
    ends[1]++;
  else
    g_error ("%s", error->message);
}

/* Whether it was sent. */
static gboolean
send_one (Raw           *raw,
          Xep174Element *message)
{
  Xep174Session *session = xep174_session_manager_find_session (raw->manager, raw->peer);
  guint ends[2] = { 0, 0 };

  xep174_session_send_async (session, message, NULL, on_sent, ends);
  xep174_element_unref (message);
  stage_settle (raw->stage);
  g_assert_cmpuint (ends[0] + ends[1], ==, 1);
  return ends[0] == 1;
}

/* Sent: what the contact need not accept is refused at home, and the stream goes on. */
static void
test_sent (Raw           *raw,
           gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  for (gsize i = 0; i < G_N_ELEMENTS (sent_limits); i++)
    {
      guint limit = sent_limits[i].limit;

      if (sent_limits[i].property != NULL)
        g_object_set (raw->manager, sent_limits[i].property, limit, NULL);
      g_assert_false (send_one (raw, sent_limits[i].make (limit + 1)));
      g_assert_true (send_one (raw, sent_limits[i].make (limit)));
      g_free (memory_stream_hear (end));
      raw_log (raw, "");
      if (sent_limits[i].property != NULL)
        g_object_set (raw->manager, "max-stanza-octets", 256 * 1024, "max-depth", 128,
                      "max-attributes", 40, "max-namespaces", 32, NULL);
    }
}

/* Two of ours: what is not refused arrives, and the session lives. */
static void
test_end_to_end (Raw           *raw,
                 gconstpointer  data)
{
  g_autoptr(Xep174SessionManager) other = stage_manager_new (raw->stage, raw->peer);
  g_autoptr(MemoryStream) end = NULL;

  stage_open (raw->stage, raw->manager, raw->peer);
  g_assert_true (raw_is_dialled (raw));
  end = stage_accept (raw->stage, stage_next_dial (raw->stage));
  g_assert_true (xep174_session_manager_add_connection (other, G_IO_STREAM (end),
                                                        XEP174_SESSION_ROLE_RECIPIENT, NULL, NULL));
  stage_advance (raw->stage, 1000);
  g_free (stage_take_log (raw->stage));

  for (gsize i = 0; i < N_STANDARD; i++)
    {
      g_autofree char *log = NULL;

      g_assert_false (send_one (raw, sent_limits[i].make (sent_limits[i].limit + 1)));
      raw_log (raw, "");
      g_assert_true (send_one (raw, sent_limits[i].make (sent_limits[i].limit)));
      log = stage_take_log (raw->stage);
      g_assert_true (g_str_has_prefix (log, "got "));
      g_assert_null (strstr (log, "clos"));
    }
  stage_send (raw->stage, raw->manager, raw->peer, "still there");
  raw_log (raw, "got still there\nsent still there\n");
}

/* One text that goes out as it is and one that does not, so long that they are @n octets in all. */
static Xep174Element *
message_of_long_texts (guint n)
{
  const char *frame = "<message from='juliet@capulet' to='romeo@montague'><body></body><x></x></message>";
  g_autoptr(Xep174Element) message = xep174_element_new ("message", XEP174_NS_CLIENT);
  g_autoptr(GString) escaped = g_string_new (NULL);
  g_autofree char *plain = NULL;

  for (guint i = 0; i < 2000; i++)
    g_string_append (escaped, "plain & simple \xe2\x98\x83");
  plain = g_strnfill (n - strlen (frame) - escaped->len - 2000 * strlen ("amp;"), 'x');
  xep174_element_append_text (xep174_element_append_new (message, "body", NULL), plain);
  xep174_element_append_text (xep174_element_append_new (message, "x", NULL), escaped->str);
  return g_steal_pointer (&message);
}

static void
on_refused (GObject      *session,
            GAsyncResult *result,
            gpointer      data)
{
  xep174_session_send_finish (XEP174_SESSION (session), result, data);
}

/* Where a long text is wrong, the words are those of the check. */
static void
check_refused (Raw        *raw,
               const char *text)
{
  Xep174Session *session = xep174_session_manager_find_session (raw->manager, raw->peer);
  g_autoptr(Xep174Element) message = xep174_element_new ("message", XEP174_NS_CLIENT);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) expected = NULL;

  xep174_element_append_text (xep174_element_append_new (message, "body", NULL), text);
  g_assert_false (xep174_element_check (message, &expected));
  xep174_session_send_async (session, message, NULL, on_refused, &error);
  stage_settle (raw->stage);
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA);
  g_assert_cmpstr (error->message, ==, expected->message);
}

/* A long text is counted before it is printed, each octet that an escape adds among them. */
static void
test_long_texts (Raw           *raw,
                 gconstpointer  data)
{
  const guint limit = 256 * 1024;
  MemoryStream *end = raw_open_recipient (raw);
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autofree char *bad_at_end = g_strconcat (long_text, "\x01", NULL);
  g_autofree char *bad_at_start = g_strconcat ("\xff", long_text, NULL);
  g_autoptr(Xep174Element) message = message_of_long_texts (limit);
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autofree char *heard = NULL;

  g_assert_false (send_one (raw, message_of_long_texts (limit + 1)));
  check_refused (raw, bad_at_end);
  check_refused (raw, bad_at_start);
  g_assert_true (send_one (raw, xep174_element_ref (message)));
  heard = memory_stream_hear (end);
  xep174_stream_writer_append_stanza (expected, message, "juliet@capulet", "romeo@montague");
  g_assert_cmpuint (expected->len, ==, limit);
  g_assert_true (g_str_has_prefix (heard, expected->str));
}

/* Sealed when it was sent: what the program would change is still what goes out. */
static void
test_changed_meanwhile (Raw           *raw,
                        gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Xep174Session *session = xep174_session_manager_find_session (raw->manager, raw->peer);
  g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
  g_autoptr(Xep174Element) message = xep174_element_new ("message", XEP174_NS_CLIENT);
  Xep174Element *body = xep174_element_append_new (message, "body", NULL);
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autofree char *expected = g_strconcat ("<message from='juliet@capulet' to='romeo@montague'><body>", text,
                                           "</body></message>", NULL);
  g_autofree char *heard = NULL;

  memory_stream_set_room (ours, 0);
  xep174_element_append_text (body, text);
  xep174_session_send_async (session, message, NULL, NULL, NULL);
  text[50000] = '<';
  g_assert_true (xep174_element_is_sealed (body));
  memory_stream_set_room (ours, G_MAXUINT);
  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  g_assert_true (g_str_has_prefix (heard, expected));
}

/* Our own name may be longer by the time that there is a stream (D22). What fits no more is refused
 * then, what is behind it goes, and who waits for our first word does not wait in vain (S10). */
static void
test_renamed (Raw           *raw,
              gconstpointer  data)
{
  g_autoptr(Xep174Session) session =
    xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  MemoryStream *end;
  guint ends[2] = { 0, 0 };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(Xep174Element) message = message_of_octets (256 * 1024 - i);

      xep174_session_send_async (session, message, NULL, on_sent, ends);
    }
  raw_refuse (raw);
  xep174_session_manager_set_local_name (raw->manager, "juliette@capulet");
  stage_advance (raw->stage, 2000);
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/>");
  raw_log (raw, "opened romeo@montague initiator\n");
  g_assert_cmpuint (ends[0], ==, 0);
  g_assert_cmpuint (ends[1], ==, 2);
  raw->local = "juliette@capulet";
  raw_hear_header (raw, end, FALSE,
                   "<iq from='juliette@capulet' to='romeo@montague' type='get' id='xep174-ping-1'>"
                   "<ping xmlns='urn:xmpp:ping'/></iq>");

  g_assert_true (send_one (raw, message_of_octets (100)));
  raw_hear (raw, end, "<message from='juliette@capulet' to='romeo@montague'><body>"
                      "xxxxxxxxxxxxxxxxxxxxxxxxxx</body></message>");
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/limits-sent/X8/each", test_sent);
  ADD ("/limits-sent/X8/end-to-end", test_end_to_end);
  ADD ("/limits-sent/X8/long-texts", test_long_texts);
  ADD ("/limits-sent/changed-meanwhile", test_changed_meanwhile);
  ADD ("/limits-sent/X8/renamed", test_renamed);
  return g_test_run ();
}
