/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-receipts.h"

struct _CliReceipts
{
  Xep174SessionManager *manager;
  CliReceiptsFunc func;
  gpointer data;
  /* (element-type Xep174Session guint): how much of each is open. */
  GHashTable *sessions;
  /* (element-type Xep174Element): what is open and a program has made. */
  GHashTable *stanzas;
};

gboolean
cli_receipts_is_amendment (Xep174Element *stanza)
{
  return xep174_element_find_child (stanza, "replace", "urn:xmpp:message-correct:0") != NULL
         || xep174_element_find_child (stanza, "retract", "urn:xmpp:message-retract:1") != NULL
         || xep174_element_find_child (stanza, "reactions", "urn:xmpp:reactions:0") != NULL;
}

/* Not who types, what has arrived, and what programs ask each other: that is sent without us. */
static gboolean
is_said (Xep174Element *stanza)
{
  return g_str_equal (xep174_element_get_name (stanza), "message")
         && (xep174_element_find_child (stanza, "body", "jabber:client") != NULL
             || cli_receipts_is_amendment (stanza));
}

static void
on_acknowledged (CliReceipts *self)
{
  self->func (self->data);
}

static void
on_settled (Xep174SessionManager *manager,
            Xep174Session        *session,
            Xep174Element        *stanza,
            CliReceipts          *self)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->sessions, session));

  if (n == 0 || (!g_hash_table_remove (self->stanzas, stanza) && !is_said (stanza)))
    return;

  g_hash_table_replace (self->sessions, g_object_ref (session), GUINT_TO_POINTER (n - 1));
  self->func (self->data);
}

CliReceipts *
cli_receipts_new (Xep174SessionManager *manager,
                  CliReceiptsFunc       func,
                  gpointer              data)
{
  CliReceipts *self = g_new (CliReceipts, 1);

  *self = (CliReceipts) { .manager = g_object_ref (manager), .func = func, .data = data };
  self->sessions = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->stanzas = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) xep174_element_unref, NULL);
  g_signal_connect (manager, "stanza-confirmed", G_CALLBACK (on_settled), self);
  g_signal_connect (manager, "stanza-unconfirmed", G_CALLBACK (on_settled), self);

  return self;
}

void
cli_receipts_free (CliReceipts *self)
{
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, &session, NULL))
    g_signal_handlers_disconnect_by_data (session, self);
  g_signal_handlers_disconnect_by_data (self->manager, self);
  g_hash_table_unref (self->sessions);
  g_hash_table_unref (self->stanzas);
  g_object_unref (self->manager);
  g_free (self);
}

void
cli_receipts_note_sent (CliReceipts   *self,
                        const char    *name,
                        Xep174Element *stanza)
{
  Xep174Session *session = xep174_session_manager_find_session (self->manager, name);
  guint n;

  if (session == NULL || !xep174_session_get_acknowledged (session))
    return;

  if (stanza != NULL)
    g_hash_table_add (self->stanzas, xep174_element_ref (stanza));
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->sessions, session));
  if (!g_hash_table_contains (self->sessions, session))
    g_signal_connect_swapped (session, "notify::acknowledged", G_CALLBACK (on_acknowledged), self);
  g_hash_table_replace (self->sessions, g_object_ref (session), GUINT_TO_POINTER (n + 1));
}

gboolean
cli_receipts_are_missing (CliReceipts *self)
{
  GHashTableIter iter;
  gpointer session, n;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, &session, &n))
    if (n != NULL && !xep174_session_get_acknowledged (session))
      return TRUE;

  return FALSE;
}
