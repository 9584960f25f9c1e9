/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-person.h"

static void
on_received (ChatRoster       *roster,
             ChatConversation *conversation,
             Xep174Message    *message,
             Person           *self)
{
  g_assert_true (conversation == self->conversation);
  self->n_received++;
}

static void
on_failed (ChatRoster       *roster,
           ChatConversation *conversation,
           Xep174Message    *message,
           Person           *self)
{
  self->failed = message;
  self->n_failed++;
}

void
person_begin (Person     *self,
              const char *user,
              const char *data_dir)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new (user, NULL);

  g_assert_true (xep174_profile_set_machine (profile, "verona", NULL));
  self->discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
  self->client = g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", self->discovery,
                               "data-dir", data_dir, NULL);
  self->roster = chat_roster_new (self->client);
  g_signal_connect (self->roster, "message-received", G_CALLBACK (on_received), self);
  g_signal_connect (self->roster, "message-failed", G_CALLBACK (on_failed), self);
  chat_roster_start (self->roster);
  await (chat_roster_get_state (self->roster) == CHAT_ROSTER_STATE_ONLINE);
}

void
person_learn (Person *self,
              Person *other)
{
  g_autoptr(GError) error = NULL;
  Xep174Contact *contact = xep174_manual_discovery_add (
    XEP174_MANUAL_DISCOVERY (self->discovery), xep174_client_get_local_name (other->client), "127.0.0.1",
    xep174_client_get_port (other->client), &error);

  g_assert_no_error (error);
  self->conversation = chat_roster_dup_conversation (self->roster, contact);
}

void
person_end (Person *self)
{
  chat_roster_stop (self->roster);
  await (chat_roster_get_state (self->roster) == CHAT_ROSTER_STATE_OFFLINE);
  g_clear_object (&self->conversation);
  g_clear_object (&self->roster);
  g_clear_object (&self->client);
  g_clear_object (&self->discovery);
}
