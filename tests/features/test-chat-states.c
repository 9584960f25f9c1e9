/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is typing, in both ways of saying it. */

#include "raw-peer.h"
#include "xep174-chat-states.h"
#include "xep174-feature-host.h"

#define NS "http://jabber.org/protocol/chatstates"
#define MESSAGE(content) "<message type='chat'>" content "</message>"
#define OURS(content) "<message from='juliet@capulet' to='romeo@montague' type='chat'>" content "</message>"
#define TEXT(content) \
  "<message from='juliet@capulet' to='romeo@montague'><body>hi</body>" content "</message>"

static void
on_state (Raw             *raw,
          const char      *contact,
          Xep174ChatState  state)
{
  g_string_append_printf (raw->stage->log, "%s %d\n", contact, state);
}

static Xep174ChatStates *
add (Raw *raw)
{
  g_autoptr(Xep174ChatStates) states = xep174_chat_states_new ();
  g_autoptr(GError) error = NULL;

  g_signal_connect_swapped (states, "state-changed", G_CALLBACK (on_state), raw);
  xep174_feature_host_add_feature (XEP174_FEATURE_HOST (raw->manager), XEP174_FEATURE (states), &error);
  g_assert_no_error (error);
  return states;
}

/* What each of them says, and that a text is everybody's. */
static void
test_theirs (Raw           *raw,
             gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Xep174ChatStates *states = add (raw);

  raw_say (raw, end, MESSAGE ("<composing xmlns='" NS "'/>"));
  raw_say (raw, end, MESSAGE ("<composing xmlns='" NS "'/>"));
  raw_log (raw, "romeo@montague 1\n");
  raw_say (raw, end, MESSAGE ("<paused xmlns='" NS "'/>"));
  raw_log (raw, "romeo@montague 2\n");
  raw_say (raw, end, MESSAGE ("<body>hi</body><active xmlns='" NS "'/>"));
  raw_log (raw, "romeo@montague 0\ngot hi\n");
  raw_say (raw, end, MESSAGE ("<x xmlns='jabber:x:event'><composing/><id>1</id></x>"));
  raw_log (raw, "romeo@montague 1\n");
  g_assert_cmpint (xep174_chat_states_get_state (states, "ROMEO@montague"), ==,
                   XEP174_CHAT_STATE_COMPOSING);
  raw_say (raw, end, MESSAGE ("<x xmlns='jabber:x:event'><id>1</id></x>"));
  raw_log (raw, "romeo@montague 0\n");
  /* A request, and no notice. */
  raw_say (raw, end, MESSAGE ("<body>ho</body><x xmlns='jabber:x:event'><composing/></x>"));
  raw_log (raw, "got ho\n");
  /* What comes back is our own word. */
  raw_say (raw, end, "<message type='error'><composing xmlns='" NS "'/></message>");
  g_free (stage_take_log (raw->stage));
  g_assert_cmpint (xep174_chat_states_get_state (states, raw->peer), ==, XEP174_CHAT_STATE_ACTIVE);

  raw_say (raw, end, MESSAGE ("<composing xmlns='" NS "'/>") FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  raw_log (raw, "romeo@montague 1\nclosing romeo@montague\nclosed romeo@montague\nromeo@montague 0\n");
}

/* To who can do it; once for each change. */
static void
test_ours (Raw           *raw,
           gconstpointer  data)
{
  Xep174ChatStates *states = add (raw);
  MemoryStream *end;

  xep174_chat_states_set_own (states, raw->peer, XEP174_CHAT_STATE_COMPOSING);
  g_assert_false (raw_is_dialled (raw));
  stage_send (raw->stage, raw->manager, raw->peer, "hail");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features><query xmlns='http://jabber.org/protocol/disco#info'>"
                     "<feature var='" NS "'/></query></stream:features>");
  g_free (memory_stream_hear (end));
  xep174_chat_states_set_own (states, raw->peer, XEP174_CHAT_STATE_COMPOSING);
  xep174_chat_states_set_own (states, raw->peer, XEP174_CHAT_STATE_COMPOSING);
  raw_hear (raw, end, OURS ("<composing xmlns='" NS "'/>"));
  stage_send (raw->stage, raw->manager, raw->peer, "hi");
  raw_hear (raw, end, TEXT ("<active xmlns='" NS "'/>"));
  xep174_chat_states_set_own (states, raw->peer, XEP174_CHAT_STATE_ACTIVE);
  raw_hear (raw, end, "");
}

/* As libpurple has it: nothing until it has shown that it knows events, and no id beside a text. */
static void
test_legacy (Raw           *raw,
             gconstpointer  data)
{
  Xep174ChatStates *states = add (raw);
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, TRUE);
  raw_say_message (raw, end, "hail");
  g_free (memory_stream_hear (end));
  xep174_chat_states_set_own (states, raw->peer, XEP174_CHAT_STATE_COMPOSING);
  raw_hear (raw, end, "");
  stage_send (raw->stage, raw->manager, raw->peer, "hi");
  raw_hear (raw, end, TEXT ("<x xmlns='jabber:x:event'><composing/></x>"));
  raw_say (raw, end, MESSAGE ("<body>ho</body><x xmlns='jabber:x:event'><composing/></x>"));
  xep174_chat_states_set_own (states, raw->peer, XEP174_CHAT_STATE_COMPOSING);
  raw_hear (raw, end, OURS ("<x xmlns='jabber:x:event'><composing/><id/></x>"));
  xep174_chat_states_set_own (states, raw->peer, XEP174_CHAT_STATE_ACTIVE);
  raw_hear (raw, end, OURS ("<x xmlns='jabber:x:event'><id/></x>"));
}

/* XEP-0085 §5.1: who uses it is answered, also if it announces nothing. */
static void
test_shown (Raw           *raw,
            gconstpointer  data)
{
  Xep174ChatStates *states = add (raw);
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, TRUE);
  raw_say (raw, end, MESSAGE ("<body>ho</body><active xmlns='" NS "'/>"));
  g_free (memory_stream_hear (end));
  xep174_chat_states_set_own (states, raw->peer, XEP174_CHAT_STATE_COMPOSING);
  raw_hear (raw, end, OURS ("<composing xmlns='" NS "'/>"));
  stage_send (raw->stage, raw->manager, raw->peer, "hi");
  raw_hear (raw, end, TEXT ("<active xmlns='" NS "'/>"));
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/chat-states/theirs", test_theirs);
  ADD ("/chat-states/ours", test_ours);
  ADD ("/chat-states/legacy", test_legacy);
  ADD ("/chat-states/shown", test_shown);
  return g_test_run ();
}
