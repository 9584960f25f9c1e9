/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What features are given, what they add and ask, and what they may do meanwhile. */

#include "puppet.h"

#include "xep174-session-error.h"
#include "xep174-session-private.h"

#include <string.h>

/* --- What they are given -------------------------------------------------------------------- */

#define A "<a xmlns='urn:example:a'/>"
#define B "<b xmlns='urn:example:b'/>"

/* All that match are called, each once; who sees it after them depends on whether one has taken it. */
static void
test_given (Raw           *raw,
            gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Puppet *a = puppet_added (raw, "one", "urn:example:a");

  puppet_added (raw, "two", "urn:example:b");
  raw_say (raw, end, "<message><body>hi</body>" B A "<a2 xmlns='urn:example:a'/></message>");
  raw_log (raw, "two gets b of romeo@montague\none gets a of romeo@montague\ngot hi\n");
  a->takes = TRUE;
  raw_say (raw, end, "<presence>" A B "</presence>");
  raw_log (raw, "one gets a of romeo@montague\ntwo gets b of romeo@montague\n");
  raw_say (raw, end, "<message><body>plain</body></message>");
  raw_log (raw, "got plain\n");
  raw_say (raw, end, "<message><body>other</body><c xmlns='urn:example:c'/></message>");
  raw_log (raw, "got other\n");
  /* It is no child of the stanza. */
  raw_say (raw, end, "<message><body>deep</body><c xmlns='urn:example:c'>" A "</c></message>");
  raw_log (raw, "got deep\n");
  puppet_drop (raw);
}

/* A question is for who has its one payload; the library answers what is left over. */
static void
test_questions (Raw           *raw,
                gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Puppet *a = puppet_added (raw, "one", "urn:example:a");

  puppet_added (raw, "two", "urn:example:b");
  a->takes = TRUE;
  raw_say (raw, end, "<iq type='get' id='1'>" A B "</iq>");
  raw_log (raw, "one gets a of romeo@montague\n");
  raw_hear (raw, end, "");
  raw_say (raw, end, "<iq type='set' id='2'>" B A "</iq>");
  raw_hear (raw, end, "<iq from='juliet@capulet' type='error' id='2' to='romeo@montague'>"
                      "<error type='cancel'><service-unavailable"
                      " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  puppet_drop (raw);
}

/* What comes back carries our own payload; an answer is nobody's but who waits for it. */
static void
test_errors_and_answers (Raw           *raw,
                         gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autofree char *log = NULL;

  puppet_added (raw, "one", "urn:example:a");
  raw_say (raw, end, "<message type='error'>" A "</message>");
  raw_say (raw, end, "<presence type='error'>" A "</presence>");
  raw_say (raw, end, "<iq type='result' id='1'>" A "</iq>");
  raw_say (raw, end, "<iq type='error' id='2'>" A "</iq>");
  log = stage_take_log (raw->stage);
  g_assert_null (strstr (log, "one"));
  g_assert_nonnull (strstr (log, "id='1'"));
  g_assert_nonnull (strstr (log, "id='2'"));
  puppet_drop (raw);
}

/* --- Who may be added ----------------------------------------------------------------------- */

static void
refuse (Raw        *raw,
        Puppet     *puppet,
        int         code,
        const char *why)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (xep174_feature_host_add_feature (puppet_host_of (raw), XEP174_FEATURE (puppet), &error));
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_nonnull (strstr (error->message, "Puppet"));
  g_assert_nonnull (strstr (error->message, why));
}

/* A namespace is one feature's, and what the library reads itself is nobody's. */
static void
test_claims (Raw           *raw,
             gconstpointer  data)
{
  static const char *const taken[] = {
    "urn:example:a", "jabber:client", "http://etherx.jabber.org/streams", "urn:xmpp:ping", "urn:xmpp:sm:3",
    "http://jabber.org/protocol/disco#info", "urn:ietf:params:xml:ns:xmpp-tls",
    "urn:ietf:params:xml:ns:xmpp-stanzas"
  };
  g_autoptr(Xep174SessionManager) other = NULL;
  g_autoptr(GObject) free_one = G_OBJECT (puppet_new (raw, "free", "urn:example:b", NULL));
  Puppet *a = puppet_added (raw, "one", "urn:example:a");
  GListModel *features = xep174_feature_host_get_features (puppet_host_of (raw));

  for (gsize i = 0; i < G_N_ELEMENTS (taken); i++)
    {
      g_autoptr(GObject) claimant = G_OBJECT (puppet_new (raw, "two", "urn:example:b", taken[i]));

      refuse (raw, (Puppet *) claimant, G_IO_ERROR_EXISTS,
              i == 0 ? "Puppet is added already" : "the library itself");
      g_assert_null (xep174_feature_get_host (XEP174_FEATURE (claimant)));
    }
  refuse (raw, a, G_IO_ERROR_EXISTS, "in use already");
  other = stage_manager_new (raw->stage, "tybalt@capulet");
  g_assert_false (xep174_feature_host_add_feature (XEP174_FEATURE_HOST (other), XEP174_FEATURE (a), NULL));
  xep174_feature_host_remove_feature (XEP174_FEATURE_HOST (other), XEP174_FEATURE (a));
  g_assert_cmpuint (g_list_model_get_n_items (features), ==, 1);

  /* Nothing of the refused ones is left. */
  puppet_add (raw, (Puppet *) free_one);
  g_assert_true (xep174_feature_host_get_feature (puppet_host_of (raw), puppet_get_type ())
                 == XEP174_FEATURE (a));
  g_assert_null (xep174_feature_host_get_feature (puppet_host_of (raw), XEP174_TYPE_SESSION_MANAGER));
  xep174_feature_host_remove_feature (puppet_host_of (raw), XEP174_FEATURE (free_one));
  raw_log (raw, "free attached\nfree detached\n");
  puppet_drop (raw);
}

/* --- What they do meanwhile ----------------------------------------------------------------- */

static void
leave (Puppet *self)
{
  xep174_feature_host_remove_feature (puppet_host_of (self->raw), XEP174_FEATURE (self));
}

static void
remove_other (Puppet *self)
{
  xep174_feature_host_remove_feature (puppet_host_of (self->raw), XEP174_FEATURE (self->other));
}

static void
add_another (Puppet *self)
{
  g_autoptr(GObject) another = G_OBJECT (puppet_new (self->raw, "new", "urn:example:new", NULL));

  self->deed = NULL;
  puppet_add (self->raw, (Puppet *) another);
}

static void
say_something (Puppet *self)
{
  self->deed = NULL;
  stage_send (self->raw->stage, self->raw->manager, self->raw->peer, "by the way");
}

static void
drop_host (Puppet *self)
{
  self->deed = NULL;
  g_clear_object (&self->raw->manager);
}

/* Each deed in each function; the sanitizers see what would be used after it was freed. */
static void
test_deeds (Raw           *raw,
            gconstpointer  data)
{
  void (*const deeds[]) (Puppet *) = { leave, remove_other, add_another, say_something, drop_host };

  for (gsize i = 0; i < G_N_ELEMENTS (deeds) * N_PUPPET_STRINGS; i++)
    {
      Raw own;
      Puppet *puppet, *other;
      MemoryStream *end;

      raw_set_up (&own, raw->local);
      end = raw_open_recipient (&own);
      puppet = puppet_new (&own, "one", "urn:example:a", NULL);
      other = puppet_new (&own, "two", "urn:example:b", NULL);
      puppet->deed = deeds[i / N_PUPPET_STRINGS];
      puppet->when = i % N_PUPPET_STRINGS;
      puppet->other = other;
      puppet_add (&own, other);
      puppet_add (&own, puppet);
      raw_say (&own, end, "<message>" A B "</message>");
      if (own.manager != NULL)
        stage_send (own.stage, own.manager, own.peer, "hello");
      stage_settle (own.stage);
      if (own.manager != NULL)
        xep174_feature_host_remove_feature (puppet_host_of (&own), XEP174_FEATURE (puppet));
      stage_settle (own.stage);
      g_clear_object (&own.manager);
      stage_settle (own.stage);
      g_assert_null (xep174_feature_get_host (XEP174_FEATURE (puppet)));
      g_assert_null (xep174_feature_get_host (XEP174_FEATURE (other)));
      g_assert_finalize_object (puppet);
      g_assert_finalize_object (other);
      raw_tear_down (&own, raw->local);
    }
}

/* Who was removed by the one before is not called any more, though the stanza was for it, too. */
static void
test_removed (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Puppet *a = puppet_added (raw, "one", "urn:example:a");

  a->other = puppet_added (raw, "two", "urn:example:b");
  a->deed = remove_other;
  a->when = PUPPET_HANDLE;
  raw_say (raw, end, "<message><body>hi</body>" A B "</message>");
  raw_log (raw, "one gets a of romeo@montague\ntwo detached\ngot hi\n");
  g_clear_object (&raw->manager);
  raw_log (raw, "one detached\n");
}

/* --- What they add -------------------------------------------------------------------------- */

static void
test_decorate (Raw           *raw,
               gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Puppet *a = puppet_added (raw, "one", "urn:example:a");
  g_autoptr(Xep174Element) sealed = xep174_element_new ("message", "jabber:client");

  a->adds = "more";
  stage_send (raw->stage, raw->manager, raw->peer, "hello");
  raw_hear (raw, end, "<message from='juliet@capulet' to='romeo@montague'><body>hello</body>"
                      "<x xmlns='urn:example:added'>more</x></message>");
  xep174_element_seal (sealed);
  xep174_feature_host_send_async (puppet_host_of (raw), raw->peer, sealed, NULL, NULL, NULL);
  raw_hear (raw, end, "<message from='juliet@capulet' to='romeo@montague'/>");
  /* Our own answers are nobody's to change. */
  raw_say (raw, end, "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>");
  raw_hear (raw, end, "<iq from='juliet@capulet' type='result' id='1' to='romeo@montague'/>");
  g_free (stage_take_log (raw->stage));

  /* What cannot be sent fails, and the conversation goes on. */
  a->adds = "\001";
  stage_send (raw->stage, raw->manager, raw->peer, "never");
  stage_settle (raw->stage);
  a->adds = NULL;
  stage_send (raw->stage, raw->manager, raw->peer, "again");
  raw_hear (raw, end, "<message from='juliet@capulet' to='romeo@montague'><body>again</body></message>");
  raw_log (raw, "not sent never: xep174-session-error-quark 5\nsent again\n");
  puppet_drop (raw);
}

/* --- What they answer ----------------------------------------------------------------------- */

static void
on_sent (GObject      *host,
         GAsyncResult *result,
         gpointer      data)
{
  GError **error = data;

  g_clear_error (error);
  if (xep174_feature_host_send_finish (XEP174_FEATURE_HOST (host), result, error))
    *error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "sent");
}

/* "sent", or why not. */
static char *
answer (Raw        *raw,
        const char *id)
{
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", "jabber:client");
  g_autoptr(GError) error = NULL;

  xep174_element_set_attribute (iq, "type", "result");
  xep174_element_set_attribute (iq, "id", id);
  xep174_feature_host_send_async (puppet_host_of (raw), raw->peer, iq, NULL, on_sent, &error);
  stage_settle (raw->stage);
  g_assert_nonnull (error);
  if (error->domain == G_IO_ERROR)
    return g_strdup (error->message);

  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA);
  return g_strdup ("refused");
}

static void
expect_answer (Raw        *raw,
               const char *id,
               const char *expected)
{
  g_autofree char *found = answer (raw, id);

  g_assert_cmpstr (found, ==, expected);
}

/* Once, and only what was asked and taken. */
static void
test_answered_once (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Puppet *a = puppet_added (raw, "one", "urn:example:a");

  a->takes = TRUE;
  expect_answer (raw, "1", "refused");
  raw_say (raw, end, "<iq type='get' id='1'>" A "</iq>");
  expect_answer (raw, "2", "refused");
  /* It cannot be sent, so that the question is still open. */
  a->adds = "\001";
  expect_answer (raw, "1", "refused");
  a->adds = NULL;
  expect_answer (raw, "1", "sent");
  raw_hear (raw, end, "<iq from='juliet@capulet' to='romeo@montague' type='result' id='1'/>");
  expect_answer (raw, "1", "refused");

  a->takes = FALSE;
  raw_say (raw, end, "<iq type='get' id='3'>" A "</iq>");
  expect_answer (raw, "3", "refused");

  a->takes = TRUE;
  raw_say (raw, end, "<iq type='get' id='4'>" A "</iq>");
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
  expect_answer (raw, "4", "refused");
  g_assert_false (raw_is_dialled (raw));
  puppet_drop (raw);
}

/* X8: who only asks does not fill our memory. */
static void
test_swamped (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Puppet *a = puppet_added (raw, "one", "urn:example:a");
  g_autofree char *long_id = g_strnfill (1024, 'x');
  g_autofree char *long_iq = g_strdup_printf ("<iq type='get' id='%s'>" A "</iq>", long_id);
  g_autofree char *log = NULL;

  a->takes = TRUE;
  raw_say (raw, end, long_iq);
  log = stage_take_log (raw->stage);
  g_assert_null (strstr (log, "one"));
  g_free (memory_stream_hear (end));
  for (guint i = 0; i < 1024; i++)
    {
      g_autofree char *iq = g_strdup_printf ("<iq type='get' id='%u'>" A "</iq>", i);

      raw_say (raw, end, iq);
    }
  g_free (stage_take_log (raw->stage));
  raw_hear (raw, end, "");
  raw_say (raw, end, "<iq type='get' id='more'>" A "</iq>");
  raw_hear (raw, end, "<iq from='juliet@capulet' type='error' id='more' to='romeo@montague'>"
                      "<error type='wait'><resource-constraint"
                      " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  expect_answer (raw, "17", "sent");
  g_free (memory_stream_hear (end));
  raw_say (raw, end, "<iq type='get' id='more'>" A "</iq>");
  raw_hear (raw, end, "");
  puppet_drop (raw);
}

/* --- What they ask -------------------------------------------------------------------------- */

typedef struct
{
  Raw *raw;
  const char *id;
} Asked;

static void
on_answered (GObject      *host,
             GAsyncResult *result,
             gpointer      data)
{
  g_autofree Asked *asked = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Element) iq = xep174_feature_host_request_finish (XEP174_FEATURE_HOST (host), result,
                                                                    &error);
  const char *payload = iq != NULL && xep174_element_get_first_child (iq) != NULL
                        ? xep174_element_get_name (xep174_element_get_first_child (iq)) : "nothing";

  if (iq != NULL)
    g_string_append_printf (asked->raw->stage->log, "%s: %s\n", asked->id, payload);
  else
    g_string_append_printf (asked->raw->stage->log, "%s: %s %d\n", asked->id,
                            g_quark_to_string (error->domain), error->code);
}

static void
ask_with (Raw          *raw,
          const char   *id,
          const char   *type,
          GCancellable *cancellable)
{
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", "jabber:client");
  Asked *asked = g_new (Asked, 1);

  *asked = (Asked) { raw, id };
  xep174_element_set_attribute (iq, "type", type);
  xep174_element_set_attribute (iq, "id", id);
  xep174_element_append_new (iq, "a", "urn:example:a");
  xep174_feature_host_request_async (puppet_host_of (raw), raw->peer, iq, cancellable, on_answered, asked);
}

static void
ask (Raw        *raw,
     const char *id)
{
  ask_with (raw, id, "get", NULL);
}

#define SESSION_ERROR "xep174-session-error-quark "

static void
test_requests (Raw           *raw,
               gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  ask (raw, "1");
  ask (raw, "2");
  ask (raw, "2");
  ask_with (raw, "3", "result", NULL);
  raw_log (raw, "2: " SESSION_ERROR "5\n3: " SESSION_ERROR "5\n");
  raw_hear (raw, end, "<iq from='juliet@capulet' to='romeo@montague' type='get' id='1'>" A "</iq>"
                      "<iq from='juliet@capulet' to='romeo@montague' type='get' id='2'>" A "</iq>");
  /* Neither a handler nor a feature sees what somebody waits for, and nobody an answer twice. */
  raw_say (raw, end, "<iq type='get' id='2'/><iq type='result' id='2'>" A "</iq>");
  g_free (memory_stream_hear (end));
  raw_say (raw, end, "<iq type='error' id='1'><error><forbidden"
                     " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  g_free (stage_take_log (raw->stage));

  ask (raw, "4");
  ask_with (raw, "5", "set", cancellable);
  ask (raw, "6");
  stage_settle (raw->stage);
  raw_say (raw, end, "<iq type='result' id='4'/>");
  raw_log (raw, "4: nothing\n");
  raw_say (raw, end, "<iq type='error' id='6'/>");
  raw_log (raw, "6: " SESSION_ERROR "8\n");
  g_cancellable_cancel (cancellable);
  raw_log (raw, "5: g-io-error-quark 19\n");
  puppet_drop (raw);
}

#define UNCONFIRMED(id) "unconfirmed <iq xmlns='jabber:client' type='get' id='" id "'>" A "</iq>\n"

static void
test_unanswered (Raw           *raw,
                 gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  ask (raw, "1");
  stage_advance (raw->stage, 20000);
  ask (raw, "2");
  stage_advance (raw->stage, 9000);
  raw_log (raw, "");
  stage_advance (raw->stage, 2000);
  raw_log (raw, "1: " SESSION_ERROR "4\n");

  /* The conversation ends. */
  g_free (memory_stream_hear (end));
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  raw_log (raw, "closing romeo@montague\n" UNCONFIRMED ("1") UNCONFIRMED ("2")
                "closed romeo@montague\n2: " SESSION_ERROR "3\n");

  /* Nor can it be sent. */
  ask (raw, "3");
  for (guint i = 0; i < 6; i++)
    {
      stage_advance (raw->stage, 20000);
      if (raw_is_dialled (raw))
        raw_refuse (raw);
    }
  raw_log (raw, "failed romeo@montague\n3: " SESSION_ERROR "1\n");
  puppet_drop (raw);
}

static void
on_asked (GObject      *source,
          GAsyncResult *result,
          gpointer      error)
{
  g_assert_null (g_task_propagate_pointer (G_TASK (result), error));
}

/* The conversation ends before it is told that the question has gone out: nobody waits for the answer, also
 * not if there is another conversation by then. */
static void
test_ended_at_once (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", "jabber:client");
  g_autoptr(GError) error = NULL;
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_asked, &error);
  Xep174Request *request = xep174_session_note_request (session, "1", task);

  xep174_element_set_attribute (iq, "type", "get");
  xep174_element_set_attribute (iq, "id", "1");
  xep174_element_append_new (iq, "a", "urn:example:a");
  xep174_session_send_async (session, iq, NULL, NULL, NULL);
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
  raw_open_recipient (raw);
  g_assert_no_error (error);
  xep174_request_note_sent (request, NULL, NULL);
  stage_settle (raw->stage);
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED);
  g_free (stage_take_log (raw->stage));
  puppet_drop (raw);
}

/* An id of its own, also where the iq cannot be changed any more. */
static void
test_request_ids (Raw           *raw,
                  gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", "jabber:client");
  g_autofree char *heard = NULL;
  g_auto(GStrv) parts = NULL;

  xep174_element_set_attribute (iq, "type", "get");
  xep174_element_seal (iq);
  for (guint i = 0; i < 2; i++)
    xep174_feature_host_request_async (puppet_host_of (raw), raw->peer, iq, NULL, NULL, NULL);
  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  parts = g_strsplit (heard, " id='", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  g_assert_cmpstr (parts[1], !=, parts[2]);
  puppet_drop (raw);
}

/* A name that cannot be, or none of our own. */
static void
test_nobody (Raw           *raw,
             gconstpointer  data)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  g_autoptr(GError) error = NULL;

  xep174_feature_host_send_async (puppet_host_of (raw), raw->local, message, NULL, on_sent, &error);
  stage_settle (raw->stage);
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
  raw->peer = raw->local;
  ask (raw, "1");
  raw_log (raw, "1: " SESSION_ERROR "6\n");
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/features/given", test_given);
  ADD ("/features/questions", test_questions);
  ADD ("/features/errors-and-answers", test_errors_and_answers);
  ADD ("/features/claims", test_claims);
  ADD ("/features/deeds", test_deeds);
  ADD ("/features/removed", test_removed);
  ADD ("/features/decorate", test_decorate);
  ADD ("/features/answered-once", test_answered_once);
  ADD ("/features/X8/swamped", test_swamped);
  ADD ("/features/requests", test_requests);
  ADD ("/features/unanswered", test_unanswered);
  ADD ("/features/ended-at-once", test_ended_at_once);
  ADD ("/features/request-ids", test_request_ids);
  ADD ("/features/nobody", test_nobody);
  return g_test_run ();
}
