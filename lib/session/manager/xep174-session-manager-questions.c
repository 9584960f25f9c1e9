/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is asked of contacts, and how the answers come back. */

#include "xep174-session-manager-private.h"

#include "xep174-session-private.h"

typedef struct
{
  Xep174Request *request;
  GCancellable *cancellable;
} Asking;

static void
on_asked (GObject      *session,
          GAsyncResult *result,
          gpointer      data)
{
  g_autofree Asking *asking = data;
  g_autoptr(GCancellable) cancellable = asking->cancellable;
  GError *error = NULL;

  xep174_session_send_finish ((Xep174Session *) session, result, &error);
  xep174_request_note_sent (asking->request, cancellable, error);
}

/* A copy if it has none and cannot be changed. */
static Xep174Element *
with_id (Xep174SessionManager *self,
         Xep174Element        *iq)
{
  GRand *random = self->around.network->random;
  g_autofree char *id = NULL;
  Xep174Element *own;

  if (xep174_is_given (xep174_element_get_attribute (iq, "id")))
    return xep174_element_ref (iq);

  id = g_strdup_printf ("%08x%08x", g_rand_int (random), g_rand_int (random));
  own = xep174_element_is_sealed (iq) ? xep174_element_copy (iq) : xep174_element_ref (iq);
  xep174_element_set_attribute (own, "id", id);
  return own;
}

static gboolean
is_question (Xep174Element *iq)
{
  const char *type = xep174_element_get_attribute (iq, "type");

  return xep174_element_matches (iq, "iq", NULL)
         && (g_strcmp0 (type, "get") == 0 || g_strcmp0 (type, "set") == 0);
}

gboolean
xep174_session_manager_request (Xep174SessionManager *self,
                                Xep174Session        *session,
                                Xep174Element        *iq,
                                GCancellable         *cancellable,
                                GTask                *task)
{
  g_autoptr(Xep174Element) question = NULL;
  Xep174Request *request;
  Asking *asking;

  if (!is_question (iq))
    return FALSE;

  question = with_id (self, iq);
  request = xep174_session_note_request (session, xep174_element_get_attribute (question, "id"), task);
  if (request == NULL)
    return FALSE;

  asking = g_new (Asking, 1);
  asking->request = request;
  asking->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  xep174_session_send_async (session, question, cancellable, on_asked, asking);
  return TRUE;
}
