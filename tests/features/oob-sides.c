/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oob-sides.h"

#include <string.h>

#include "xep174-memory-trust-store.h"
#include "xep174-oob-private.h"
#include "xep174-session-manager-private.h"
#include "xep174-session-private.h"

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           Oob                  *f)
{
  Xep174Element *error = xep174_element_find_child (stanza, "error", NULL);
  const char *type = xep174_element_get_attribute (stanza, "type");

  /* A ping, on a slow machine. */
  if (g_strcmp0 (type, "get") == 0)
    return FALSE;

  if (error != NULL)
    g_string_append_printf (f->answers, "%s %s;", xep174_element_get_attribute (error, "code"),
                            xep174_element_get_name (xep174_element_get_first_child (error)));
  else
    g_string_append_printf (f->answers, "%s;", type);

  return TRUE;
}

static void
encrypt (Xep174SessionManager *manager)
{
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (NULL);
  g_autoptr(Xep174TrustStore) store = XEP174_TRUST_STORE (xep174_memory_trust_store_new ());

  xep174_session_manager_set_identity (manager, identity);
  xep174_session_manager_set_trust_store (manager, store);
}

void
oob_set_up (Oob           *f,
            gconstpointer  encrypted)
{
  sides_set_up (&f->sides, NULL);
  f->answers = g_string_new (NULL);
  f->offerer = xep174_session_manager_new (MERCUTIO, XEP174_DIRECTORY (f->sides.book));
  g_assert_true (xep174_session_manager_listen (f->offerer, 0, NULL));
  test_book_add (f->sides.book, MERCUTIO, HERE, xep174_session_manager_get_port (f->offerer));
  g_signal_connect (f->offerer, "stanza-received", G_CALLBACK (on_stanza), f);
  if (encrypted == NULL)
    return;

  encrypt (f->offerer);
  encrypt (f->sides.juliet.manager);
}

void
oob_tear_down (Oob           *f,
               gconstpointer  encrypted)
{
  g_clear_pointer (&f->server, http_server_free);
  xep174_session_manager_stop_listening (f->offerer);
  xep174_session_manager_end_everything (f->offerer);
  g_clear_object (&f->offerer);
  sides_tear_down (&f->sides, NULL);
  g_string_free (f->answers, TRUE);
}

void
oob_begin_serving (Oob        *f,
                   const char *address,
                   GBytes     *reply,
                   gsize       step,
                   gboolean    holds)
{
  g_clear_pointer (&f->server, http_server_free);
  f->server = http_server_new (address, reply, step, holds);
  g_bytes_unref (reply);
}

GBytes *
oob_text (const char *reply)
{
  return g_bytes_new (reply, strlen (reply));
}

void
oob_say (Oob        *f,
         const char *query)
{
  g_autofree char *whole = g_strdup_printf ("<iq xmlns='jabber:client' type='set' id='%u'>%s</iq>",
                                            f->n_said++, query);
  g_autoptr(Xep174Element) iq = xep174_element_parse (whole, NULL);

  g_assert_nonnull (iq);
  g_string_truncate (f->answers, 0);
  xep174_feature_host_send_async (XEP174_FEATURE_HOST (f->offerer), JULIET, iq, NULL, NULL, NULL);
}

void
oob_offer_at (Oob        *f,
              const char *address,
              const char *name,
              const char *attributes)
{
  g_autofree char *query
    = g_strdup_printf ("<query xmlns='jabber:iq:oob'><url type='file' mimeType='text/plain' %s>"
                       "\nhttp://%s:%u/1f/%s</url><desc/></query>", attributes, address,
                       f->server != NULL ? http_server_get_port (f->server) : 1, name);

  oob_say (f, query);
}

void
oob_remove (Oob *f)
{
  g_assert_true (g_file_delete (xep174_transfer_get_file (side_last (&f->sides.juliet)), NULL, NULL));
}
