/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174ChatStates:
 *
 * Who is typing: chat states (XEP-0085), and the older message events (XEP-0022) for programs such as Pidgin
 * that know only these.
 *
 * Add it with [method@FeatureHost.add_feature]. Call [method@ChatStates.set_own] when the user types or
 * stops, and connect to [signal@ChatStates::state-changed] for what contacts do. No stream is opened for a
 * state, and it is sent only to contacts whose program shows that it knows one of the two.
 *
 * Since: 1.0
 */

#include "xep174-chat-states.h"

#include "xep174-feature-host.h"
#include "xep174-features-enums.h"
#include "xep174-name-private.h"
#include "xep174-session-manager.h"
#include "xep174-text-private.h"

#define NS_CLIENT "jabber:client"
#define NS_STATES "http://jabber.org/protocol/chatstates"
#define NS_EVENT "jabber:x:event"

struct _Xep174ChatStates
{
  Xep174Feature parent_instance;

  GHashTable *known; /* name -> Known */
};

typedef struct
{
  Xep174ChatState theirs;
  Xep174ChatState ours;
  Xep174ChatState sent; /* what the contact was told last */
  gboolean states;      /* has shown that it knows chat states */
  gboolean events;      /* has shown that it knows message events */
} Known;

G_DEFINE_FINAL_TYPE (Xep174ChatStates, xep174_chat_states, XEP174_TYPE_FEATURE)

static guint signal_state_changed;

static const char *const names[] = {
  [XEP174_CHAT_STATE_ACTIVE] = "active",
  [XEP174_CHAT_STATE_COMPOSING] = "composing",
  [XEP174_CHAT_STATE_PAUSED] = "paused",
  [XEP174_CHAT_STATE_INACTIVE] = "inactive",
  [XEP174_CHAT_STATE_GONE] = "gone",
};

static Known *
get_known (Xep174ChatStates *self,
           const char       *contact)
{
  Known *known = g_hash_table_lookup (self->known, contact);

  if (known == NULL)
    {
      known = g_new0 (Known, 1);
      g_hash_table_insert (self->known, g_strdup (contact), known);
    }
  return known;
}

/* --- What they do -------------------------------------------------------------------------- */

static void
set_theirs (Xep174ChatStates *self,
            const char       *contact,
            Xep174ChatState   state)
{
  Known *known = get_known (self, contact);

  if (known->theirs == state)
    return;

  known->theirs = state;
  g_signal_emit (self, signal_state_changed, 0, contact, state);
}

static gboolean
read_state (Xep174Element   *payload,
            Xep174ChatState *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (xep174_element_matches (payload, names[i], NS_STATES))
      {
        *state = i;
        return TRUE;
      }
  return FALSE;
}

/* XEP-0022 §3: without an id it asks for such notices, and is none itself; behind a text nobody types. */
static Xep174ChatState
read_event (Xep174Element *payload,
            gboolean       has_text)
{
  return !has_text && xep174_element_find_child (payload, "id", NS_EVENT) != NULL
         && xep174_element_find_child (payload, "composing", NS_EVENT) != NULL
         ? XEP174_CHAT_STATE_COMPOSING : XEP174_CHAT_STATE_ACTIVE;
}

static gboolean
xep174_chat_states_handle (Xep174Feature *feature,
                           const char    *contact,
                           Xep174Element *stanza,
                           Xep174Element *payload)
{
  Xep174ChatStates *self = XEP174_CHAT_STATES (feature);
  gboolean has_text = xep174_text_is_in (stanza);
  Xep174ChatState state = XEP174_CHAT_STATE_ACTIVE;

  if (!xep174_element_matches (stanza, "message", NULL))
    return FALSE;
  if (xep174_element_matches (payload, "x", NS_EVENT))
    {
      get_known (self, contact)->events = TRUE;
      state = read_event (payload, has_text);
    }
  else if (read_state (payload, &state))
    get_known (self, contact)->states = TRUE;
  else
    return FALSE;

  set_theirs (self, contact, state);
  return !has_text;
}

/* --- What we do ---------------------------------------------------------------------------- */

static gboolean
is_open (Xep174FeatureHost *host,
         const char        *contact)
{
  Xep174Session *session = XEP174_IS_SESSION_MANAGER (host)
    ? xep174_session_manager_find_session (XEP174_SESSION_MANAGER (host), contact) : NULL;

  return session != NULL && xep174_session_get_state (session) == XEP174_SESSION_STATE_OPEN;
}

/* As libpurple has it: an id alone says that nobody types any more. */
static void
append_event (Xep174Element   *message,
              Xep174ChatState  state)
{
  Xep174Element *event = xep174_element_append_new (message, "x", NS_EVENT);

  if (state == XEP174_CHAT_STATE_COMPOSING)
    xep174_element_append_new (event, "composing", NS_EVENT);
  xep174_element_append_new (event, "id", NS_EVENT);
}

/* XEP-0085 §5.1: what somebody uses it knows, too, whether it is announced or not. */
static gboolean
knows_states (Xep174FeatureHost *host,
              const char        *contact,
              const Known       *known)
{
  return known->states || xep174_feature_host_supports (host, contact, NS_STATES) == XEP174_SUPPORT_YES;
}

static void
send_own (Xep174ChatStates *self,
          const char       *contact)
{
  Xep174FeatureHost *host = xep174_feature_get_host (XEP174_FEATURE (self));
  Known *known = get_known (self, contact);
  g_autoptr(Xep174Element) message = NULL;
  gboolean states;

  if (known->ours == known->sent || host == NULL || !is_open (host, contact))
    return;

  states = knows_states (host, contact, known);
  if (!states && !known->events)
    return;

  message = xep174_element_new ("message", NS_CLIENT);
  xep174_element_set_attribute (message, "type", "chat");
  if (states)
    xep174_element_append_new (message, names[known->ours], NS_STATES);
  else
    append_event (message, known->ours);
  known->sent = known->ours;
  xep174_feature_host_send_async (host, contact, message, NULL, NULL, NULL);
}

/* A text ends our typing, and shows what we know: the state where it may be known, else the request for
 * events, which has no id (with one the text would be dropped). */
static void
xep174_chat_states_decorate (Xep174Feature *feature,
                             const char    *contact,
                             Xep174Element *outgoing)
{
  Xep174ChatStates *self = XEP174_CHAT_STATES (feature);
  Xep174FeatureHost *host = xep174_feature_get_host (feature);
  Known *known;

  if (!xep174_text_is_said (outgoing))
    return;

  known = get_known (self, contact);
  known->ours = known->sent = XEP174_CHAT_STATE_ACTIVE;
  if (known->states || xep174_feature_host_supports (host, contact, NS_STATES) != XEP174_SUPPORT_NO)
    xep174_element_append_new (outgoing, "active", NS_STATES);
  else
    xep174_element_append_new (xep174_element_append_new (outgoing, "x", NS_EVENT), "composing", NS_EVENT);
}

/* --- The object ---------------------------------------------------------------------------- */

static void
on_session_closed (Xep174ChatStates *self,
                   Xep174Session    *session)
{
  const char *contact = xep174_session_get_name (session);

  if (!g_hash_table_contains (self->known, contact))
    return;

  set_theirs (self, contact, XEP174_CHAT_STATE_ACTIVE);
  g_hash_table_remove (self->known, contact);
}

static void
on_capabilities_changed (Xep174ChatStates *self,
                         const char       *contact)
{
  if (g_hash_table_contains (self->known, contact))
    send_own (self, contact);
}

static void
xep174_chat_states_attach (Xep174Feature     *feature,
                           Xep174FeatureHost *host)
{
  g_signal_connect_swapped (host, "capabilities-changed", G_CALLBACK (on_capabilities_changed), feature);
  if (XEP174_IS_SESSION_MANAGER (host))
    g_signal_connect_swapped (host, "session-closed", G_CALLBACK (on_session_closed), feature);
}

static void
xep174_chat_states_detach (Xep174Feature *feature)
{
  g_signal_handlers_disconnect_by_data (xep174_feature_get_host (feature), feature);
  g_hash_table_remove_all (XEP174_CHAT_STATES (feature)->known);
}

/**
 * xep174_chat_states_new:
 *
 * Makes the feature. It is not in use until it is added to a host.
 *
 * Returns: (transfer full): a feature
 *
 * Since: 1.0
 */
Xep174ChatStates *
xep174_chat_states_new (void)
{
  static const char *const payloads[] = { NS_STATES, NS_EVENT, NULL };
  static const char *const announces[] = { NS_STATES, NULL };

  return g_object_new (XEP174_TYPE_CHAT_STATES, "payloads", payloads, "announces", announces, NULL);
}

/**
 * xep174_chat_states_get_state:
 * @self: the feature
 * @contact: the name of a contact
 *
 * What a contact does, as far as it has said.
 *
 * Returns: a state; %XEP174_CHAT_STATE_ACTIVE if nothing is known
 *
 * Since: 1.0
 */
Xep174ChatState
xep174_chat_states_get_state (Xep174ChatStates *self,
                              const char       *contact)
{
  Known *known;

  g_return_val_if_fail (XEP174_IS_CHAT_STATES (self), XEP174_CHAT_STATE_ACTIVE);
  g_return_val_if_fail (contact != NULL, XEP174_CHAT_STATE_ACTIVE);

  known = g_hash_table_lookup (self->known, contact);
  return known != NULL ? known->theirs : XEP174_CHAT_STATE_ACTIVE;
}

/**
 * xep174_chat_states_set_own:
 * @self: the feature
 * @contact: the name of a contact
 * @state: what the user does in the conversation with the contact
 *
 * Tells a contact what the user does. It does nothing if the contact was told so last, or if there is no open
 * stream. A text that is sent says %XEP174_CHAT_STATE_ACTIVE by itself.
 *
 * Since: 1.0
 */
void
xep174_chat_states_set_own (Xep174ChatStates *self,
                            const char       *contact,
                            Xep174ChatState   state)
{
  Xep174FeatureHost *host;

  g_return_if_fail (XEP174_IS_CHAT_STATES (self));
  g_return_if_fail (contact != NULL);
  g_return_if_fail (state <= XEP174_CHAT_STATE_GONE);

  host = xep174_feature_get_host (XEP174_FEATURE (self));
  if (host == NULL || !is_open (host, contact))
    return;

  get_known (self, contact)->ours = state;
  send_own (self, contact);
}

static void
xep174_chat_states_finalize (GObject *object)
{
  g_hash_table_unref (XEP174_CHAT_STATES (object)->known);

  G_OBJECT_CLASS (xep174_chat_states_parent_class)->finalize (object);
}

static void
xep174_chat_states_class_init (Xep174ChatStatesClass *klass)
{
  Xep174FeatureClass *feature_class = XEP174_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xep174_chat_states_finalize;
  feature_class->attach = xep174_chat_states_attach;
  feature_class->detach = xep174_chat_states_detach;
  feature_class->handle = xep174_chat_states_handle;
  feature_class->decorate = xep174_chat_states_decorate;

  /**
   * Xep174ChatStates::state-changed:
   * @self: the feature
   * @contact: the name of a contact
   * @state: what the contact does now
   *
   * A contact does something else. It is %XEP174_CHAT_STATE_ACTIVE again when a text comes, and when the
   * conversation ends.
   *
   * Since: 1.0
   */
  signal_state_changed = g_signal_new ("state-changed", XEP174_TYPE_CHAT_STATES, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, XEP174_TYPE_CHAT_STATE);
}

static void
xep174_chat_states_init (Xep174ChatStates *self)
{
  self->known = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free, g_free);
}
