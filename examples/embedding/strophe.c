/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A libstrophe program with the local network beside its accounts: libstrophe's loop turns, ours
 * turns with it, and what comes from either side is an xmpp_stanza_t. */

#include <stdio.h>
#include <strophe.h>
#include <xep174/xep174.h>

/* How long libstrophe may wait for its connections while ours have to wait for it. */
#define TURN_MS 10

typedef struct
{
  xmpp_ctx_t           *strophe;
  Xep174SessionManager *sessions;
  gboolean              done;
} Program;

/* From libstrophe to the local network: a stanza is text between the two. */
static void
send_stanza (Program       *program,
             const char    *to,
             xmpp_stanza_t *stanza)
{
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(GError) error = NULL;
  size_t length;
  char *xml;

  session = xep174_session_manager_ensure_session (program->sessions, to, &error);
  if (session == NULL)
    fprintf (stderr, "%s\n", error->message);
  else if (xmpp_stanza_to_text (stanza, &xml, &length) == XMPP_EOK)
    {
      xep174_session_send_xml_async (session, xml, NULL, NULL, NULL);
      xmpp_free (program->strophe, xml);
    }
}

/* What the program does with a stanza, whichever way it came. */
static int
handle_message (Program       *program,
                xmpp_stanza_t *stanza)
{
  char *body = xmpp_message_get_body (stanza);

  if (body == NULL)
    return 0;

  printf ("%s says: %s\n", xmpp_stanza_get_from (stanza), body);
  xmpp_free (program->strophe, body);
  program->done = TRUE;
  return 1;
}

/* From the local network to libstrophe. */
static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *element,
           gpointer              user_data)
{
  Program *program = user_data;
  g_autofree char *xml = xep174_element_to_string (element);
  xmpp_stanza_t *stanza = xmpp_stanza_new_from_string (program->strophe, xml);
  gboolean taken = FALSE;

  if (stanza != NULL)
    {
      taken = handle_message (program, stanza);
      xmpp_stanza_release (stanza);
    }
  return taken;
}

static void
greet (Program    *program,
       const char *to)
{
  xmpp_stanza_t *message = xmpp_message_new (program->strophe, "chat", to, "1");

  xmpp_message_set_body (message, "O Romeo, Romeo!");
  send_stanza (program, to, message);
  xmpp_stanza_release (message);
}

int
main (void)
{
  g_autoptr(Xep174ManualDiscovery) book = xep174_manual_discovery_new ();
  g_autoptr(Xep174SessionManager) juliet =
    xep174_session_manager_new ("juliet@capulet", XEP174_DIRECTORY (book));
  g_autoptr(Xep174SessionManager) romeo =
    xep174_session_manager_new ("romeo@montague", XEP174_DIRECTORY (book));
  Program program = { .sessions = juliet };

  xmpp_initialize ();
  program.strophe = xmpp_ctx_new (NULL, NULL);
  g_signal_connect (romeo, "stanza-received", G_CALLBACK (on_stanza), &program);

  if (xep174_session_manager_listen (juliet, 0, NULL)
      && xep174_session_manager_listen (romeo, 0, NULL))
    {
      xep174_manual_discovery_add (book, "juliet@capulet", "127.0.0.1",
                                   xep174_session_manager_get_port (juliet), NULL);
      xep174_manual_discovery_add (book, "romeo@montague", "127.0.0.1",
                                   xep174_session_manager_get_port (romeo), NULL);
      greet (&program, "romeo@montague");
      while (!program.done)
        {
          xmpp_run_once (program.strophe, TURN_MS);
          while (g_main_context_iteration (NULL, FALSE))
            ;
        }
    }

  xmpp_ctx_free (program.strophe);
  xmpp_shutdown ();
  return 0;
}
