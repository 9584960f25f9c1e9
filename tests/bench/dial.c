/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dial.h"

#include "inputs.h"

#define ROMEO "romeo@forza"

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           gboolean             *has_come)
{
  if (!xep174_element_matches (stanza, "message", "jabber:client"))
    return FALSE;

  *has_come = TRUE;
  return TRUE;
}

static Xep174SessionManager *
manager_new (TestBook   *book,
             const char *name,
             void      (*prepare) (Xep174SessionManager *manager))
{
  Xep174SessionManager *manager = xep174_session_manager_new (name, XEP174_DIRECTORY (book));
  g_autoptr(GError) error = NULL;

  if (prepare != NULL)
    prepare (manager);
  if (!xep174_session_manager_listen (manager, 0, &error))
    g_error ("%s", error->message);
  test_book_add (book, name, "127.0.0.1", xep174_session_manager_get_port (manager));
  return manager;
}

void
dial_init (Dial     *dial,
           TestBook *book,
           void    (*prepare) (Xep174SessionManager *manager))
{
  dial->from = manager_new (book, "juliet@pronto", prepare);
  dial->to = manager_new (book, ROMEO, prepare);
  g_signal_connect (dial->to, "stanza-received", G_CALLBACK (on_stanza), &dial->has_come);
}

void
dial_clear (Dial *dial)
{
  g_clear_object (&dial->from);
  g_clear_object (&dial->to);
}

Xep174Session *
dial_say (Dial *dial)
{
  Xep174Session *session = xep174_session_manager_ensure_session (dial->from, ROMEO, NULL);

  dial->has_come = FALSE;
  xep174_session_send_xml_async (session, INPUT_SHORT, NULL, NULL, NULL);
  while (!dial->has_come)
    g_main_context_iteration (NULL, TRUE);
  return session;
}

static guint
count_sessions (Xep174SessionManager *manager)
{
  return g_list_model_get_n_items (xep174_session_manager_get_sessions (manager));
}

void
dial_end (Dial          *dial,
          Xep174Session *session)
{
  xep174_session_close_async (session, NULL, NULL, NULL);
  g_object_unref (session);
  while (count_sessions (dial->from) + count_sessions (dial->to) > 0 || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}
