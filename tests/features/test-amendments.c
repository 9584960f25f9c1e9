/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is said of an earlier message: that another takes its place (F3), signs on it (F4), that it is taken
 * back (F4). */

#include "with-features.h"
#include "xep174-corrections.h"
#include "xep174-reactions.h"
#include "xep174-retractions.h"
#include "xep174-session-error.h"

#define NS_CORRECT "urn:xmpp:message-correct:0"
#define NS_REACTIONS "urn:xmpp:reactions:0"
#define NS_RETRACT "urn:xmpp:message-retract:1"
#define NS_FALLBACK "urn:xmpp:fallback:0"
#define CAN(xmlns) "<feature var='" xmlns "'/>"
#define OURS(content) \
  "<message from='juliet@capulet' to='romeo@montague' type='chat' id='ID'>" content "</message>"
#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X1024 \
  X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64

/* As raw_hear(); our own ids are written ID. */
static void
hear (Raw          *raw,
      MemoryStream *end,
      const char   *expected)
{
  g_autoptr(GRegex) id = g_regex_new ("id='[0-9a-f-]{36}'", 0, 0, NULL);
  g_autofree char *heard = NULL;
  g_autofree char *plain = NULL;

  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  plain = g_regex_replace (id, heard, -1, 0, "id='ID'", 0, NULL);
  g_assert_cmpstr (plain, ==, expected);
}

/* --- Corrections ----------------------------------------------------------------------------- */

/* A program that knows bad1 only. */
static gboolean
on_corrected (Raw           *raw,
              const char    *contact,
              const char    *id,
              Xep174Element *stanza)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);

  g_string_append_printf (raw->stage->log, "%s corrects %s: %s\n", contact, id, body);
  return g_str_equal (id, "bad1");
}

static Xep174Corrections *
add_corrections (Raw *raw)
{
  Xep174Corrections *self = xep174_corrections_new ();

  raw_add_feature (raw, XEP174_FEATURE (self));
  return self;
}

/* The example of XEP-0308 §3. What corrects nothing is a new message. */
static void
test_corrected (Raw           *raw,
                gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Xep174Corrections *self = add_corrections (raw);

  /* Nobody listens. */
  raw_say (raw, end, "<message id='0'><body>one</body><replace id='bad1' xmlns='" NS_CORRECT "'/></message>");
  raw_log (raw, "got one\n");
  g_signal_connect_swapped (self, "corrected", G_CALLBACK (on_corrected), raw);
  raw_say (raw, end, "<message id='good1'><body>window</body>"
                     "<replace id='bad1' xmlns='" NS_CORRECT "'/></message>");
  raw_log (raw, "romeo@montague corrects bad1: window\n");
  raw_say (raw, end, "<message><body>x</body><replace id='2' xmlns='" NS_CORRECT "'/></message>");
  raw_log (raw, "romeo@montague corrects 2: x\ngot x\n");
  raw_say (raw, end, "<message><body>a</body><replace xmlns='" NS_CORRECT "'/></message>"
                     "<message><body>b</body><replace id='' xmlns='" NS_CORRECT "'/></message>"
                     "<message><body>c</body><replace id='x" X1024 "' xmlns='" NS_CORRECT "'/></message>"
                     "<message><body>d</body><replaced id='bad1' xmlns='" NS_CORRECT "'/></message>");
  raw_log (raw, "got a\ngot b\ngot c\ngot d\n");
  raw_say (raw, end, "<message type='error'><body>e</body><replace id='bad1' xmlns='" NS_CORRECT "'/>"
                     "</message>");
  g_free (stage_take_log (raw->stage));
}

static void
test_mark (Raw           *raw,
           gconstpointer  data)
{
  static const struct
  {
    const char *features;
    const char *expected;
  } cases[] = {
    { CAN (NS_CORRECT), "<message xmlns='jabber:client' id='good1'><body>window</body>"
                        "<replace xmlns='" NS_CORRECT "' id='bad1'/></message>" },
    { "", "<message xmlns='jabber:client' id='good1'><body>window</body></message>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
      g_autofree char *xml = NULL;
      Xep174Corrections *self;
      Raw own;

      xep174_element_set_attribute (message, "id", "good1");
      xep174_element_append_text (xep174_element_append_new (message, "body", NULL), "window");
      raw_set_up (&own, raw->local);
      self = add_corrections (&own);
      /* Before there is a stream it is not known. */
      g_assert_false (xep174_corrections_mark (self, own.peer, message, "bad1"));
      raw_open_to (&own, cases[i].features);
      g_assert_cmpint (xep174_corrections_mark (self, own.peer, message, "bad1"), ==, i == 0);
      xml = xep174_element_to_string (message);
      g_assert_cmpstr (xml, ==, cases[i].expected);
      raw_tear_down (&own, raw->local);
    }
}

/* --- Reactions ------------------------------------------------------------------------------- */

static void
on_reacted (Raw                *raw,
            const char         *contact,
            const char         *id,
            const char * const *reactions)
{
  g_autofree char *all = g_strjoinv (" ", (GStrv) reactions);

  g_string_append_printf (raw->stage->log, "%s reacts to %.8s: %s\n", contact, id, all);
}

static Xep174Reactions *
add_reactions (Raw *raw)
{
  Xep174Reactions *self = xep174_reactions_new ();

  g_signal_connect_swapped (self, "reacted", G_CALLBACK (on_reacted), raw);
  raw_add_feature (raw, XEP174_FEATURE (self));
  return self;
}

#define REACTIONS(content) "<reactions id='744f6e18' xmlns='" NS_REACTIONS "'>" content "</reactions>"
#define REACTION(text) "<reaction>" text "</reaction>"

/* The examples of XEP-0444 §3, and what breaks its rules. */
static void
test_reacted (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(GString) many = g_string_new ("<message>" "<reactions id='1' xmlns='" NS_REACTIONS "'>");
  g_auto(GStrv) words = NULL;
  g_autofree char *log = NULL;

  add_reactions (raw);
  raw_say (raw, end, "<message>" REACTIONS (REACTION ("👋") REACTION ("🐢"))
                     "<store xmlns='urn:xmpp:hints'/></message>");
  raw_log (raw, "romeo@montague reacts to 744f6e18: 👋 🐢\n");
  raw_say (raw, end, "<message>" REACTIONS ("") "</message>");
  raw_log (raw, "romeo@montague reacts to 744f6e18: \n");
  raw_say (raw, end, "<message>" REACTIONS (REACTION ("a") REACTION ("a") REACTION ("") "<other>b</other>"
                                            REACTION ("x" X64) REACTION ("c")) "</message>");
  raw_log (raw, "romeo@montague reacts to 744f6e18: a c\n");
  raw_say (raw, end, "<message><body>text</body>" REACTIONS ("") "</message>");
  raw_log (raw, "romeo@montague reacts to 744f6e18: \ngot text\n");
  raw_say (raw, end, "<message><body>&gt; hi 👋</body>" REACTIONS (REACTION ("👋"))
                     "<fallback xmlns='" NS_FALLBACK "' for='" NS_REACTIONS "'/></message>");
  raw_log (raw, "romeo@montague reacts to 744f6e18: 👋\n");
  raw_say (raw, end, "<message><reactions xmlns='" NS_REACTIONS "'/><body>no id</body></message>");
  raw_log (raw, "got no id\n");

  for (int i = 0; i < 100; i++)
    g_string_append_printf (many, "<reaction>%d</reaction>", i);
  g_string_append (many, "</reactions></message>");
  raw_say (raw, end, many->str);
  log = stage_take_log (raw->stage);
  words = g_strsplit (log, " ", -1);
  g_assert_cmpuint (g_strv_length (words), ==, 4 + 64);
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GError) error = NULL;
  Raw *raw = data;
  gboolean done = XEP174_IS_REACTIONS (source)
    ? xep174_reactions_send_finish (XEP174_REACTIONS (source), result, &error)
    : xep174_retractions_send_finish (XEP174_RETRACTIONS (source), result, &error);

  g_assert_cmpint (done, ==, error == NULL);
  if (error != NULL)
    g_assert_cmpuint (error->domain, ==, XEP174_SESSION_ERROR);
  g_string_append_printf (raw->stage->log, "done %d\n", error != NULL ? error->code : -1);
}

static void
wait_done (Raw *raw,
           int  code)
{
  g_autofree char *expected = g_strdup_printf ("done %d\n", code);

  raw_log (raw, expected);
}

static void
test_react (Raw           *raw,
            gconstpointer  data)
{
  static const char *const two[] = { "👋", "🐢", "👋", NULL };
  static const char *const none[] = { NULL };
  static const char *const empty[] = { "", NULL };
  static const char *const longer[] = { "x" X64, NULL };
  const char *many[66] = { NULL };
  Xep174Reactions *self = add_reactions (raw);
  MemoryStream *end = raw_open_to (raw, CAN (NS_REACTIONS));

  xep174_reactions_send_async (self, raw->peer, "7", two, NULL, on_done, raw);
  hear (raw, end, OURS ("<reactions xmlns='" NS_REACTIONS "' id='7'>" REACTION ("👋") REACTION ("🐢")
                        "</reactions>"));
  xep174_reactions_send_async (self, raw->peer, "7", none, NULL, on_done, raw);
  hear (raw, end, OURS ("<reactions xmlns='" NS_REACTIONS "' id='7'/>"));
  g_free (stage_take_log (raw->stage));

  for (int i = 0; i < 65; i++)
    many[i] = "x";
  xep174_reactions_send_async (self, raw->peer, "7", many, NULL, on_done, raw);
  wait_done (raw, XEP174_SESSION_ERROR_INVALID_STANZA);
  xep174_reactions_send_async (self, raw->peer, "7", empty, NULL, on_done, raw);
  wait_done (raw, XEP174_SESSION_ERROR_INVALID_STANZA);
  xep174_reactions_send_async (self, raw->peer, "7", longer, NULL, on_done, raw);
  wait_done (raw, XEP174_SESSION_ERROR_INVALID_STANZA);
  hear (raw, end, "");
}

/* --- Retractions ----------------------------------------------------------------------------- */

static void
on_retracted (Raw        *raw,
              const char *contact,
              const char *id)
{
  g_string_append_printf (raw->stage->log, "%s retracts %s\n", contact, id);
}

static Xep174Retractions *
add_retractions (Raw *raw)
{
  Xep174Retractions *self = xep174_retractions_new ();

  g_signal_connect_swapped (self, "retracted", G_CALLBACK (on_retracted), raw);
  raw_add_feature (raw, XEP174_FEATURE (self));
  return self;
}

/* The example of XEP-0424 §3; a text that is no fallback is everybody's. */
static void
test_retracted (Raw           *raw,
                gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  add_retractions (raw);
  raw_say (raw, end, "<message type='chat' id='retract-message-1'>"
                     "<retract id='wrong-recipient-1' xmlns='" NS_RETRACT "'/>"
                     "<fallback xmlns='" NS_FALLBACK "' for='" NS_RETRACT "'/>"
                     "<body>/me retracted a previous message</body>"
                     "<store xmlns='urn:xmpp:hints'/></message>");
  raw_log (raw, "romeo@montague retracts wrong-recipient-1\n");
  raw_say (raw, end, "<message><retract id='2' xmlns='" NS_RETRACT "'/><body>x</body></message>");
  raw_log (raw, "romeo@montague retracts 2\ngot x\n");
  raw_say (raw, end, "<message><body>a</body><retract xmlns='" NS_RETRACT "'/></message>"
                     "<message><body>b</body><retracted id='2' xmlns='" NS_RETRACT "'/></message>");
  raw_log (raw, "got a\ngot b\n");
}

static void
test_retract (Raw           *raw,
              gconstpointer  data)
{
  Xep174Retractions *self = add_retractions (raw);
  MemoryStream *end = raw_open_to (raw, CAN (NS_RETRACT));

  xep174_retractions_send_async (self, raw->peer, "7", NULL, on_done, raw);
  hear (raw, end, OURS ("<retract xmlns='" NS_RETRACT "' id='7'/>"));
  g_free (stage_take_log (raw->stage));
}

/* Nothing is sent to who does not know it, or is not known to; it is an error that says so. */
static void
test_not_known (Raw           *raw,
                gconstpointer  data)
{
  static const char *const one[] = { "👋", NULL };
  g_autoptr(Xep174Reactions) alone = xep174_reactions_new ();
  Xep174Reactions *reactions = add_reactions (raw);
  Xep174Retractions *retractions = add_retractions (raw);
  MemoryStream *end;

  xep174_reactions_send_async (reactions, raw->peer, "7", one, NULL, on_done, raw);
  wait_done (raw, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  xep174_reactions_send_async (alone, raw->peer, "7", one, NULL, on_done, raw);
  wait_done (raw, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  end = raw_open_to (raw, CAN (NS_CORRECT));
  xep174_reactions_send_async (reactions, raw->peer, "7", one, NULL, on_done, raw);
  wait_done (raw, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  xep174_retractions_send_async (retractions, raw->peer, "7", NULL, on_done, raw);
  wait_done (raw, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  hear (raw, end, "");
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/amendments/F3/corrected", test_corrected);
  ADD ("/amendments/F3/mark", test_mark);
  ADD ("/amendments/F4/reacted", test_reacted);
  ADD ("/amendments/F4/react", test_react);
  ADD ("/amendments/F4/retracted", test_retracted);
  ADD ("/amendments/F4/retract", test_retract);
  ADD ("/amendments/F3-F4/not-known", test_not_known);
  return g_test_run ();
}
