/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Reactions:
 *
 * Small signs that people put on messages, usually emoji (XEP-0444).
 *
 * Add it with [method@FeatureHost.add_feature]. Call [method@Reactions.send_async] for the user's own, and
 * connect to [signal@Reactions::reacted] for those of contacts.
 *
 * Since: 1.0
 */

#include "xep174-reactions.h"

#include "xep174-fallback-private.h"
#include "xep174-gettext-private.h"
#include "xep174-payload-private.h"
#include "xep174-session-error.h"

#include <string.h>

#define NS_REACTIONS "urn:xmpp:reactions:0"
#define MOST 64
#define OCTETS_MAX 64

struct _Xep174Reactions
{
  Xep174Feature parent_instance;
};

G_DEFINE_FINAL_TYPE (Xep174Reactions, xep174_reactions, XEP174_TYPE_FEATURE)

static guint signal_reacted;

static gboolean
is_reaction (const char *text)
{
  return *text != '\0' && strlen (text) <= OCTETS_MAX;
}

/* Each once (XEP-0444 §4), and no more than there is room for. */
static GStrv
read_reactions (Xep174Element *payload)
{
  GPtrArray *all = g_ptr_array_new ();

  for (Xep174Element *child = xep174_element_get_first_child (payload); child != NULL && all->len < MOST;
       child = xep174_element_get_next_sibling (child))
    {
      g_autofree char *text = xep174_element_dup_text (child);

      if (xep174_element_matches (child, "reaction", NS_REACTIONS) && is_reaction (text)
          && !g_ptr_array_find_with_equal_func (all, text, g_str_equal, NULL))
        g_ptr_array_add (all, g_steal_pointer (&text));
    }
  g_ptr_array_add (all, NULL);
  return (GStrv) g_ptr_array_free (all, FALSE);
}

static gboolean
xep174_reactions_handle (Xep174Feature *feature,
                         const char    *contact,
                         Xep174Element *stanza,
                         Xep174Element *payload)
{
  const char *id = xep174_payload_get_id (payload);
  g_auto(GStrv) reactions = NULL;

  if (!xep174_element_matches (stanza, "message", NULL) || id == NULL
      || !xep174_element_matches (payload, "reactions", NS_REACTIONS))
    return FALSE;

  reactions = read_reactions (payload);
  g_signal_emit (feature, signal_reacted, 0, contact, id, reactions);
  return !xep174_fallback_leaves (stanza, NS_REACTIONS);
}

/**
 * xep174_reactions_new:
 *
 * Makes the feature. It is not in use until it is added to a host.
 *
 * Returns: (transfer full): a feature
 *
 * Since: 1.0
 */
Xep174Reactions *
xep174_reactions_new (void)
{
  static const char *const both[] = { NS_REACTIONS, NULL };

  return g_object_new (XEP174_TYPE_REACTIONS, "payloads", both, "announces", both, NULL);
}

static gboolean
check (const char * const *reactions)
{
  guint n;

  for (n = 0; reactions[n] != NULL; n++)
    if (n == MOST || !is_reaction (reactions[n]))
      return FALSE;
  return TRUE;
}

static gboolean
is_repeated (const char * const *reactions,
             guint               position)
{
  for (guint i = 0; i < position; i++)
    if (g_str_equal (reactions[i], reactions[position]))
      return TRUE;
  return FALSE;
}

/**
 * xep174_reactions_send_async:
 * @self: the feature
 * @contact: the name of a contact
 * @id: the `id` of a message of the conversation
 * @reactions: (array zero-terminated=1): all signs that the user has on it from now on, none to take them
 *   away; 64 at most, each of 1 to 64 octets
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when it has gone out
 * @user_data: data for @callback
 *
 * Tells a contact what the user puts on a message.
 *
 * Since: 1.0
 */
void
xep174_reactions_send_async (Xep174Reactions     *self,
                             const char          *contact,
                             const char          *id,
                             const char * const  *reactions,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(Xep174Element) message = NULL;
  Xep174Element *payload;
  GTask *task;

  g_return_if_fail (XEP174_IS_REACTIONS (self));
  g_return_if_fail (contact != NULL);
  g_return_if_fail (id != NULL && *id != '\0');
  g_return_if_fail (reactions != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_reactions_send_async);
  if (!check (reactions))
    {
      g_task_return_new_error (task, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
                               _("These are too many signs for one message, or one of them is empty or too "
                                 "long; choose fewer"));
      g_object_unref (task);
      return;
    }

  message = xep174_payload_new_message ("reactions", NS_REACTIONS, id);
  payload = xep174_element_get_first_child (message);
  for (guint i = 0; reactions[i] != NULL; i++)
    if (!is_repeated (reactions, i))
      xep174_element_append_text (xep174_element_append_new (payload, "reaction", NULL), reactions[i]);
  xep174_payload_send (XEP174_FEATURE (self), contact, NS_REACTIONS, message, task);
}

/**
 * xep174_reactions_send_finish:
 * @self: the feature
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Reactions.send_async].
 *
 * Returns: %TRUE, or %FALSE with `XEP174_SESSION_ERROR_NOT_SUPPORTED` if it is not known that the contact's
 *   program understands it, `XEP174_SESSION_ERROR_INVALID_STANZA` for what is no set of signs, or one of the
 *   errors of [method@FeatureHost.send_finish]
 *
 * Since: 1.0
 */
gboolean
xep174_reactions_send_finish (Xep174Reactions  *self,
                              GAsyncResult     *result,
                              GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
xep174_reactions_class_init (Xep174ReactionsClass *klass)
{
  XEP174_FEATURE_CLASS (klass)->handle = xep174_reactions_handle;

  /**
   * Xep174Reactions::reacted:
   * @self: the feature
   * @contact: the name of who has put them there
   * @id: the `id` of a message of the conversation, as the contact says
   * @reactions: all that the contact has on it now; none if all were taken away
   *
   * A contact has put signs on a message, or taken some away.
   *
   * Since: 1.0
   */
  signal_reacted = g_signal_new ("reacted", XEP174_TYPE_REACTIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRV);
}

static void
xep174_reactions_init (Xep174Reactions *self)
{
}
