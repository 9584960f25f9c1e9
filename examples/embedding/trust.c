/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Juliet knows Romeo's key. Then somebody uses his name with another one. All of them are in this
 * program, so that it can be run. */

#include <gio/gio.h>
#include <stdio.h>
#include <sys/socket.h>
#include <xep174/xep174.h>

#define JULIET "juliet@capulet"
#define ROMEO "romeo@montague"

typedef struct
{
  gboolean heard;
  gboolean changed;
  char *key; /* the one that has been shown, and is not accepted */
  gboolean failed;
  gboolean ended;
} News;

/* --- What a program shows -------------------------------------------------------------------- */

static const char *
describe (Xep174Session *session)
{
  switch (xep174_session_get_trust (session))
    {
    case XEP174_TRUST_CHANGED:
      return "the key has changed: nothing is sent";
    case XEP174_TRUST_DISTRUSTED:
      return "not trusted: nothing is sent";
    case XEP174_TRUST_VERIFIED:
      return "encrypted and compared";
    case XEP174_TRUST_SEEN:
      return "encrypted, not compared";
    case XEP174_TRUST_UNKNOWN:
    default:
      return xep174_session_get_encrypted (session) ? "encrypted, not remembered" : "not encrypted";
    }
}

/* Only shows it. Nobody has to decide now: nothing is sent until somebody accepts the key. */
static void
on_key_changed (Xep174SessionManager *manager,
                const char           *name,
                const char           *old_key,
                const char           *new_key,
                News                 *news)
{
  printf ("%s: the key has changed: nothing is sent under the new one\n", name);
  g_free (news->key);
  news->key = g_strdup (new_key);
  news->changed = TRUE;
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           News                 *news)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);

  if (body == NULL)
    return FALSE;

  printf ("%s says “%s”: %s\n", xep174_session_get_name (session), body, describe (session));
  news->heard = TRUE;
  return TRUE;
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Xep174Session *session = XEP174_SESSION (source);
  News *news = user_data;
  g_autoptr(GError) error = NULL;

  if (xep174_session_send_xml_finish (session, result, &error))
    return;

  printf ("%s is told: %s\n", xep174_session_get_local_name (session), error->message);
  news->failed = TRUE;
}

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           const GError         *error,
           News                 *news)
{
  news->ended = TRUE;
}

/* --- Two people ------------------------------------------------------------------------------ */

static Xep174SessionManager *
new_person (const char *name,
            News       *news)
{
  Xep174SessionManager *manager = xep174_session_manager_new (name, NULL);
  g_autoptr(Xep174MemoryTrustStore) store = xep174_memory_trust_store_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (&error);

  if (identity == NULL)
    g_error ("No key: %s", error->message);

  xep174_session_manager_set_identity (manager, identity);
  xep174_session_manager_set_trust_store (manager, XEP174_TRUST_STORE (store));
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), news);
  g_signal_connect (manager, "key-changed", G_CALLBACK (on_key_changed), news);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_closed), news);
  return manager;
}

static GIOStream *
new_connection (int fd)
{
  g_autoptr(GSocket) socket = g_socket_new_from_fd (fd, NULL);

  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

static void
connect_people (Xep174SessionManager *romeo,
                Xep174SessionManager *juliet)
{
  g_autoptr(GIOStream) his = NULL;
  g_autoptr(GIOStream) hers = NULL;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
    g_error ("No pair of sockets");

  his = new_connection (fds[0]);
  hers = new_connection (fds[1]);
  xep174_session_manager_add_connection (romeo, his, XEP174_SESSION_ROLE_INITIATOR, JULIET, NULL);
  xep174_session_manager_add_connection (juliet, hers, XEP174_SESSION_ROLE_RECIPIENT, ROMEO, NULL);
}

static void
say (Xep174SessionManager *romeo,
     const char           *xml,
     News                 *news)
{
  Xep174Session *session = xep174_session_manager_find_session (romeo, JULIET);

  xep174_session_send_xml_async (session, xml, NULL, on_sent, news);
}

static void
await_that (gboolean *what)
{
  while (!*what)
    g_main_context_iteration (NULL, TRUE);
  *what = FALSE;
}

/* --- The story ------------------------------------------------------------------------------- */

/* Each of the two reads the number aloud. */
static void
compare (Xep174SessionManager *romeo,
         Xep174SessionManager *juliet)
{
  Xep174Session *hers = xep174_session_manager_find_session (juliet, ROMEO);
  Xep174Session *his = xep174_session_manager_find_session (romeo, JULIET);
  g_autofree char *her_number = xep174_session_dup_safety_number (hers);
  g_autofree char *his_number = xep174_session_dup_safety_number (his);
  g_autofree char *key = xep174_session_dup_peer_fingerprint (hers);
  g_autoptr(GError) error = NULL;

  if (g_strcmp0 (her_number, his_number) != 0)
    printf ("the numbers are not the same: somebody is between the two\n");
  else if (xep174_session_manager_verify_key (juliet, ROMEO, key, &error))
    printf ("the numbers are the same: %s\n", describe (hers));
  else
    printf ("not remembered: %s\n", error->message);
}

int
main (void)
{
  News news = { FALSE };
  g_autoptr(Xep174SessionManager) juliet = new_person (JULIET, &news);
  g_autoptr(Xep174SessionManager) romeo = new_person (ROMEO, &news);
  g_autoptr(Xep174SessionManager) later = new_person (ROMEO, &news);
  g_autoptr(GError) error = NULL;

  connect_people (romeo, juliet);
  say (romeo, "<message><body>I take thee at thy word</body></message>", &news);
  await_that (&news.heard);
  compare (romeo, juliet);

  /* His new machine has his name, and a key of its own. */
  xep174_session_manager_stop_async (romeo, NULL, NULL, NULL);
  await_that (&news.ended);
  connect_people (later, juliet);
  say (later, "<message><body>It is I</body></message>", &news);
  await_that (&news.changed);
  await_that (&news.failed);

  /* Juliet has asked him, and he said yes. */
  if (!xep174_session_manager_accept_key (juliet, ROMEO, news.key, &error))
    g_error ("Not accepted: %s", error->message);
  connect_people (later, juliet);
  say (later, "<message><body>It is I, with a new machine</body></message>", &news);
  await_that (&news.heard);
  g_free (news.key);
  return 0;
}
