/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* S7, X5: every way in which a stream ends: what session-closed says, and which of our stanzas count as
 * received. Over TCP, where a FIN tells that a program has read what its host acknowledged, and a
 * reset that it has not. */

#include "tcp-peer.h"

#include <string.h>

/* One thing after the other. */
typedef enum
{
  WE_SEND   = 's', /* a message */
  WE_CLOSE  = 'c', /* our closing tag */
  PEER_READ = 'r', /* all that has come */
  PEER_FOOT = 'f', /* its closing tag */
  PEER_FAIL = 'e', /* a stream error */
  PEER_ERR  = 'g', /* what breaks a rule: we answer it with a stream error and our closing tag */
  PEER_FIN  = 'x', /* its program closes, or is killed; a reset if there is anything unread */
  PEER_RST  = 'R', /* a reset */
  TIME      = 't', /* more than T_close passes */
  UNSEEN    = '-', /* we do not look at what the peer does next before the thing after it */
} Letter;

typedef struct
{
  const char *name;
  const char *script;
  const char *log;
} Ending;

#define CLOSED "closed romeo@montague\n"
#define BROKEN "closed romeo@montague: reset\n"
#define SHUT_DOWN "closed romeo@montague: system-shutdown\n"
#define FAULTY "closed romeo@montague: invalid-from\n"
#define LOST(n) "unconfirmed " n "\n"

/* A peer with version 1.0 answers pings; what its host has counts as read behind closing tags only. */
static const Ending endings[] = {
  /* Without a closing tag of anybody. */
  { "fin", "srx", LOST ("1") CLOSED }, /* Gajim; a process that is killed */
  { "fin-unread", "sx", LOST ("1") BROKEN },
  { "reset", "srR", LOST ("1") BROKEN },
  /* The peer's closing tag first. */
  { "footer", "srfrx", CLOSED },
  { "footer-unread", "sfrx", CLOSED },
  { "footer-fin", "sr-fx", CLOSED }, /* Swiften */
  { "footer-reset", "srfR", LOST ("1") CLOSED }, /* gloox, QXmpp */
  { "footer-fin-crossed", "sr-f-xs", LOST ("1") LOST ("2") CLOSED },
  { "footer-time", "srft", LOST ("1") CLOSED },
  /* Our closing tag first. */
  { "close-footer", "srcrf", CLOSED },
  { "close-footer-unread", "scf", CLOSED },
  { "close-footer-fin", "srcr-fx", CLOSED },
  { "close-footer-reset", "srcfR", CLOSED },
  { "close-fin", "srcrx", CLOSED }, /* wocky as recipient, slixmpp, libstrophe */
  { "close-fin-unread", "srcx", LOST ("1") BROKEN },
  { "close-fin-crossed", "sr-xc", LOST ("1") CLOSED },
  { "close-reset", "srcrR", LOST ("1") BROKEN },
  { "close-time", "srcrt", LOST ("1") CLOSED },
  /* After an error of the peer's it may have looked at nothing more. */
  { "error-footer", "srefrx", LOST ("1") SHUT_DOWN },
  { "error-reset", "sreR", LOST ("1") SHUT_DOWN },
  { "close-error", "srcref", LOST ("1") SHUT_DOWN },
  /* After an error of ours. */
  { "fault-footer", "srgrf", FAULTY },
  { "fault-fin", "srgrx", FAULTY },
  { "fault-reset", "srgR", LOST ("1") FAULTY },
  { "fault-time", "srgrt", LOST ("1") FAULTY },
};

/* One without a version has no other sign than TCP's. */
static const Ending legacy_endings[] = {
  { "fin", "srx", CLOSED }, /* Kopete */
  { "fin-unread", "sx", LOST ("1") BROKEN },
  { "fin-crossed", "sr-xs", LOST ("1") LOST ("2") CLOSED },
  { "reset", "srR", LOST ("1") BROKEN },
  { "footer", "srfrx", CLOSED },
  { "footer-fin", "sr-fx", CLOSED }, /* libpurple */
  { "footer-reset", "srfR", LOST ("1") CLOSED },
  { "footer-old-reset", "srtfR", CLOSED },
  { "close-footer-fin", "srcrfx", CLOSED },
  { "close-footer-unread", "scfx", LOST ("1") CLOSED },
  { "close-fin", "srcrx", CLOSED },
  { "close-time", "srcrt", LOST ("1") CLOSED },
  { "fault-fin", "srgrx", FAULTY },
  { "fault-time", "srgrt", LOST ("1") FAULTY },
};

typedef struct
{
  GSocketConnection *near_end;
  GSocketConnection *far_end;
  guint n_sent;
} Talk;

static void
tell (Talk       *talk,
      const char *text)
{
  g_socket_send (g_socket_connection_get_socket (talk->far_end), text, strlen (text), NULL, NULL);
}

static void
send_next (Raw  *raw,
           Talk *talk)
{
  g_autofree char *number = g_strdup_printf ("%u", ++talk->n_sent);

  stage_send (raw->stage, raw->manager, raw->peer, number);
}

static void
happen (Raw  *raw,
        Talk *talk,
        char  letter)
{
  switch ((Letter) letter)
    {
    case WE_SEND:
      send_next (raw, talk);
      break;
    case WE_CLOSE:
      stage_close (raw->stage, raw->manager, raw->peer);
      break;
    case PEER_READ:
      g_free (tcp_peer_take (raw, talk->far_end));
      break;
    case PEER_FOOT:
      tell (talk, FOOTER);
      break;
    case PEER_FAIL:
      tell (talk, STREAM_ERROR ("system-shutdown"));
      break;
    case PEER_ERR:
      tell (talk, "<message from='tybalt@capulet'/>");
      break;
    case PEER_FIN:
      g_io_stream_close (G_IO_STREAM (talk->far_end), NULL, NULL);
      break;
    case PEER_RST:
      tcp_peer_reset (talk->far_end);
      break;
    case TIME:
      stage_advance (raw->stage, 4000);
      break;
    case UNSEEN:
    default:
      g_assert_not_reached ();
    }
}

static const char *
get_kind (const char *error)
{
  static const char *const kinds[][2] = {
    { "reset", "reset" }, { "Somebody else", "invalid-from" },
    { "system-shutdown", "system-shutdown" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strstr (error, kinds[i][0]) != NULL)
      return kinds[i][1];

  return error;
}

/* Which error it was, without its words. */
static char *
take_log (Raw *raw)
{
  g_autofree char *log = stage_take_log (raw->stage);
  g_auto(GStrv) lines = g_strsplit (log, "\n", -1);
  g_autoptr(GString) text = g_string_new (NULL);

  for (char **line = lines; **line != '\0'; line++)
    {
      const char *error = strstr (*line, ": ");

      if (g_str_has_prefix (*line, "sent ") || g_str_has_prefix (*line, "closing ")
          || g_str_equal (*line, "close"))
        continue;
      g_string_append_len (text, *line, error != NULL ? error - *line : (gssize) strlen (*line));
      if (error != NULL)
        g_string_append_printf (text, ": %s", get_kind (error));
      g_string_append_c (text, '\n');
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
open_talk (Raw      *raw,
           Talk     *talk,
           gboolean  legacy)
{
  talk->far_end = tcp_peer_come_in (raw, &talk->near_end);
  tcp_peer_say (talk->far_end, legacy
                ? "<stream:stream " NS_ATTRIBUTES " from='romeo@montague'>"
                : "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' version='1.0'>");
  tcp_peer_say (talk->far_end, "<message><body>hail</body></message>");
  tcp_peer_hear (raw, talk->far_end, legacy ? ">" : "</stream:features>");
  stage_advance (raw->stage, 1000);
  g_free (stage_take_log (raw->stage));
}

static void
play (Raw          *raw,
      Talk         *talk,
      const Ending *ending)
{
  g_autofree char *log = NULL;

  for (const char *letter = ending->script; *letter != '\0'; letter++)
    if (*letter == UNSEEN)
      happen (raw, talk, *++letter);
    else
      {
        happen (raw, talk, *letter);
        stage_settle (raw->stage);
      }
  log = take_log (raw);
  g_test_message ("%s (%s):\n%s", ending->name, ending->script, log);
  g_assert_cmpstr (log, ==, ending->log);
}

static void
test_ending (Raw          *raw,
             const Ending *ending,
             gboolean      legacy)
{
  Talk talk = { NULL };

  open_talk (raw, &talk, legacy);
  if (tcp_peer_is_told_about (talk.near_end))
    play (raw, &talk, ending);
  g_object_unref (talk.far_end);
  g_object_unref (talk.near_end);
  stage_advance (raw->stage, 10000);
  g_free (stage_take_log (raw->stage));
}

static void
test_endings (Raw           *raw,
              gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    test_ending (raw, &endings[i], FALSE);
}

static void
test_legacy_endings (Raw           *raw,
                     gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (legacy_endings); i++)
    test_ending (raw, &legacy_endings[i], TRUE);
}

/* X6: behind a fault our half of TCP is closed, so that who ignores error and closing tag (Kopete) does
 * not talk on to nobody; behind a closing tag alone it is not, for what the peer still says counts (X5). */
static void
test_shut (Raw           *raw,
           gconstpointer  data)
{
  for (guint fault = 0; fault < 2; fault++)
    {
      Talk talk = { NULL };

      open_talk (raw, &talk, TRUE);
      happen (raw, &talk, fault ? PEER_ERR : WE_CLOSE);
      tcp_peer_hear (raw, talk.far_end, FOOTER);
      g_assert_cmpint (tcp_peer_has_ended (talk.far_end), ==, fault);
      tell (&talk, "<message><body>and another thing</body></message>");
      stage_advance (raw->stage, 10000);
      g_free (stage_take_log (raw->stage));
      g_object_unref (talk.far_end);
      g_object_unref (talk.near_end);
    }
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/endings/S7-X5/version-1", test_endings);
  ADD ("/endings/S7-X5/no-version", test_legacy_endings);
  ADD ("/endings/X6/shut", test_shut);
  return g_test_run ();
}
