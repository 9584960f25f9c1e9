/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The messages of a world: which were sent, what became of each, and which arrived. */

#include <string.h>

#include "world-private.h"

#include "xep174-feature-host.h"

guint world_crossed;

static guint
side_of (World                *world,
         Xep174SessionManager *manager)
{
  return manager == world->second;
}

static gboolean
is_between_the_two (Xep174Session *session)
{
  return g_strv_contains (world_names, xep174_session_get_name (session));
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           World                *world)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);
  guint number;

  if (body == NULL || !is_between_the_two (session))
    return FALSE;

  number = g_ascii_strtoull (body, NULL, 10);
  g_array_append_val (world->got[1 - side_of (world, manager)], number);
  return TRUE;
}

static void
on_unconfirmed (Xep174SessionManager *manager,
                Xep174Session        *session,
                Xep174Element        *stanza,
                World                *world)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);

  if (body != NULL)
    g_hash_table_add (world->doubtful[side_of (world, manager)],
                      GUINT_TO_POINTER (g_ascii_strtoull (body, NULL, 10)));
}

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           const GError         *error,
           World                *world)
{
  if (is_between_the_two (session))
    world->closed[side_of (world, manager)]++;
}

void
world_follow_messages (World *world,
                       guint  side)
{
  g_signal_connect (world->sides[side], "stanza-received", G_CALLBACK (on_stanza), world);
  g_signal_connect (world->sides[side], "stanza-unconfirmed", G_CALLBACK (on_unconfirmed), world);
  g_signal_connect (world->sides[side], "session-closed", G_CALLBACK (on_closed), world);
}

typedef struct
{
  World *world;
  guint side;
  guint number; /* of the message; or how often the session was closed when it was asked */
} Sent;

static void
on_answered (GObject      *host,
             GAsyncResult *result,
             gpointer      data)
{
  g_autofree Sent *sent = data;
  g_autoptr(GError) error = NULL;
  G_GNUC_UNUSED g_autoptr(Xep174Element) answer
    = xep174_feature_host_request_finish (XEP174_FEATURE_HOST (host), result, &error);

  if (g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED)
      && sent->world->sides[sent->side] != NULL)
    g_assert_cmpuint (sent->world->closed[sent->side], >, sent->number);
}

void
world_ask (World *world,
           guint  side)
{
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", "jabber:client");
  Sent *sent;

  if (world->sides[side] == NULL)
    return;

  sent = g_new (Sent, 1);
  *sent = (Sent) { world, side, world->closed[side] };
  xep174_element_set_attribute (iq, "type", "get");
  xep174_element_append_new (iq, "question", "urn:example:question");
  xep174_feature_host_request_async (XEP174_FEATURE_HOST (world->sides[side]), world_names[1 - side], iq,
                                     NULL, on_answered, sent);
}

static void
on_sent (GObject      *session,
         GAsyncResult *result,
         gpointer      data)
{
  g_autofree Sent *sent = data;
  g_autoptr(GError) error = NULL;
  char fate = 'y';

  if (!xep174_session_send_finish (XEP174_SESSION (session), result, &error))
    fate = g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNCONFIRMED) ? '?'
                                                                                          : 'n';
  g_assert_false (g_hash_table_contains (sent->world->fate[sent->side],
                                         GUINT_TO_POINTER (sent->number)));
  g_hash_table_insert (sent->world->fate[sent->side], GUINT_TO_POINTER (sent->number),
                       GUINT_TO_POINTER ((guint) fate));
}

void
world_send (World *world,
            guint  side)
{
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  Xep174Element *body = xep174_element_append_new (message, "body", "jabber:client");
  g_autofree char *text = g_strdup_printf ("%u", world->asked[side]);
  Sent *sent;

  if (world->sides[side] == NULL)
    return;

  sent = g_new0 (Sent, 1);
  session = xep174_session_manager_ensure_session (world->sides[side], world_names[1 - side], NULL);
  sent->world = world;
  sent->side = side;
  sent->number = world->asked[side]++;
  xep174_element_append_text (body, text);
  xep174_session_send_async (session, message, world_add_request (world), on_sent, sent);
}

/* Both have closed, their closing tags have crossed, and one has waited in vain for what was on its
 * way: longer than T_close. Nobody can tell that from a closing handshake. (Where the buffers were
 * narrow one of the tags may have stayed in them.) */
static gboolean
has_crossed (World *world,
             guint  side,
             guint  number)
{
  g_autofree char *body = g_strdup_printf ("<body>%u</body>", number);

  for (guint i = 0; i < world->wires->len; i++)
    {
      Wire *wire = world->wires->pdata[i];
      guint end = wire->initiator == side ? 0 : 1;

      if (strstr (wire->wrote[end]->str, body) != NULL)
        return strstr (wire->wrote[1 - end]->str, "</stream:stream>") != NULL
               && (wire->narrow || strstr (wire->wrote[end]->str, "</stream:stream>") != NULL);
    }
  return FALSE;
}

void
world_check_messages (World *world,
                      guint  side)
{
  g_autoptr(GHashTable) arrived = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < world->got[side]->len; i++)
    {
      guint number = g_array_index (world->got[side], guint, i);

      g_assert_true (g_hash_table_add (arrived, GUINT_TO_POINTER (number)));
      g_assert_true (i == 0 || g_array_index (world->got[side], guint, i - 1) < number);
    }
  for (guint number = 0; number < world->asked[side]; number++)
    {
      gpointer key = GUINT_TO_POINTER (number);
      char fate = GPOINTER_TO_UINT (g_hash_table_lookup (world->fate[side], key));

      g_assert_cmpint (fate, !=, 0);
      if (fate == 'n')
        g_assert_false (g_hash_table_contains (arrived, key));
      else if (fate == 'y' && world->sides[side] != NULL
               && !g_hash_table_contains (world->doubtful[side], key)
               && !g_hash_table_contains (arrived, key))
        {
          g_assert_true (world->harm && has_crossed (world, side, number));
          world_crossed++;
        }
    }
}
