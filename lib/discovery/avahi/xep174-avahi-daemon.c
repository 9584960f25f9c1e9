/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-daemon-private.h"

#include "xep174-avahi-refusal-private.h"
#include "xep174-gettext-private.h"

#define SERVER    "org.freedesktop.Avahi.Server"
#define SERVER_AT "/"

/* Of Avahi's server, as it says them over D-Bus. */
enum
{
  STATE_REGISTERING = 1,
  STATE_RUNNING = 2,
  STATE_COLLISION = 3,
};

struct _Xep174AvahiDaemon
{
  Xep174AvahiBus        *bus; /* not referenced, outlives us */
  Xep174AvahiDaemonFunc  changed;
  gpointer               user_data;
  Xep174AvahiPresence    presence;
  Xep174AvahiCall       *call; /* the one that we wait for */
  char                  *owner;
  char                  *host_name;
  GError                *error;
  gboolean               may_start;
  gboolean               in_doubt;
};

static void
set_presence (Xep174AvahiDaemon   *self,
              Xep174AvahiPresence  presence)
{
  self->presence = presence;
  self->changed (self->user_data);
}

static void
fail (Xep174AvahiDaemon   *self,
      Xep174AvahiPresence  presence,
      const char          *refusal,
      const char          *words)
{
  g_clear_error (&self->error);
  self->error = xep174_avahi_refusal_new (refusal, words, _("Reaching avahi-daemon"));
  set_presence (self, presence);
}

static void
ask (Xep174AvahiDaemon        *self,
     const Xep174AvahiRequest *request,
     Xep174AvahiAnswerFunc     func)
{
  if (self->call != NULL)
    xep174_avahi_bus_forget (self->bus, self->call);
  self->call = xep174_avahi_bus_call (self->bus, request, func, self);
}

static void
on_host_name (GVariant   *body,
              const char *refusal,
              const char *words,
              gpointer    user_data)
{
  Xep174AvahiDaemon *self = user_data;

  self->call = NULL;
  g_clear_pointer (&self->host_name, g_free);
  /* Without it the real host name does. */
  if (body != NULL)
    g_variant_get (body, "(s)", &self->host_name);
  set_presence (self, XEP174_AVAHI_RUNNING);
}

static void
ask_host_name (Xep174AvahiDaemon *self)
{
  const Xep174AvahiRequest request = {
    self->owner, SERVER_AT, SERVER, "GetHostName", NULL, "(s)",
  };

  ask (self, &request, on_host_name);
}

static void
set_state (Xep174AvahiDaemon *self,
           int                state)
{
  if (state == STATE_RUNNING)
    {
      ask_host_name (self);
    }
  else if (state == STATE_REGISTERING || state == STATE_COLLISION)
    {
      self->in_doubt = TRUE;
      set_presence (self, XEP174_AVAHI_SETTLING);
    }
}

static void
on_state (GVariant   *body,
          const char *refusal,
          const char *words,
          gpointer    user_data)
{
  Xep174AvahiDaemon *self = user_data;
  int state;

  self->call = NULL;
  if (body == NULL)
    {
      fail (self, XEP174_AVAHI_LOST, refusal, words);
      return;
    }

  g_variant_get (body, "(i)", &state);
  set_state (self, state);
}

static void
ask_state (Xep174AvahiDaemon *self)
{
  const Xep174AvahiRequest request = {
    self->owner, SERVER_AT, SERVER, "GetState", NULL, "(i)",
  };

  ask (self, &request, on_state);
}

static void
set_owner (Xep174AvahiDaemon *self,
           const char        *owner)
{
  if (g_strcmp0 (owner, self->owner) == 0)
    return;

  g_free (self->owner);
  self->owner = g_strdup (owner);
  self->presence = XEP174_AVAHI_SOUGHT;
  xep174_avahi_bus_set_peer (self->bus, owner, TRUE);
  ask_state (self);
}

static void
on_server_signal (const char *interface,
                  const char *member,
                  GVariant   *body,
                  gpointer    user_data)
{
  Xep174AvahiDaemon *self = user_data;
  int state;

  if (self->owner == NULL || g_strcmp0 (member, "StateChanged") != 0 ||
      !g_variant_is_of_type (body, G_VARIANT_TYPE ("(is)")))
    return;

  g_variant_get (body, "(i&s)", &state, NULL);
  set_state (self, state);
}

static void
on_bus_signal (const char *interface,
               const char *member,
               GVariant   *body,
               gpointer    user_data)
{
  Xep174AvahiDaemon *self = user_data;
  const char *name;
  const char *old_owner;
  const char *new_owner;

  if (g_strcmp0 (member, "NameOwnerChanged") != 0 ||
      !g_variant_is_of_type (body, G_VARIANT_TYPE ("(sss)")))
    return;

  g_variant_get (body, "(&s&s&s)", &name, &old_owner, &new_owner);
  if (!g_str_equal (name, XEP174_AVAHI_NAME) || g_strcmp0 (new_owner, self->owner) == 0)
    return;

  if (self->owner != NULL)
    fail (self, XEP174_AVAHI_LOST, XEP174_AVAHI_GONE, NULL);
  else if (*new_owner != '\0')
    set_owner (self, new_owner);
}

static void ask_owner (Xep174AvahiDaemon *self);

static void
on_started (GVariant   *body,
            const char *refusal,
            const char *words,
            gpointer    user_data)
{
  Xep174AvahiDaemon *self = user_data;

  self->call = NULL;
  if (self->owner != NULL)
    return;

  if (body != NULL)
    ask_owner (self);
  else
    fail (self, XEP174_AVAHI_ABSENT, refusal, words);
}

static void
on_owner (GVariant   *body,
          const char *refusal,
          const char *words,
          gpointer    user_data)
{
  Xep174AvahiDaemon *self = user_data;
  const char *owner;

  self->call = NULL;
  if (body != NULL)
    {
      g_variant_get (body, "(&s)", &owner);
      set_owner (self, owner);
    }
  else if (self->may_start)
    xep174_avahi_daemon_start (self);
  else
    fail (self, XEP174_AVAHI_ABSENT, refusal, words);
}

static void
ask_bus (Xep174AvahiDaemon     *self,
         const char            *method,
         GVariant              *arguments,
         const char            *answer,
         Xep174AvahiAnswerFunc  func)
{
  const Xep174AvahiRequest request = {
    XEP174_AVAHI_DBUS, XEP174_AVAHI_DBUS_AT, XEP174_AVAHI_DBUS, method, arguments, answer,
    .patient = func == on_started,
  };

  ask (self, &request, func);
}

static void
ask_owner (Xep174AvahiDaemon *self)
{
  ask_bus (self, "GetNameOwner", g_variant_new ("(s)", XEP174_AVAHI_NAME), "(s)", on_owner);
}

/* Of the daemon's signals most are meant for one connection, and come unasked. */
static void
ask_for_signals (Xep174AvahiDaemon *self)
{
  static const char *const rules[] = {
    "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
    "member='NameOwnerChanged',arg0='org.freedesktop.Avahi'",
    "type='signal',sender='org.freedesktop.Avahi',interface='org.freedesktop.Avahi.Server',"
    "member='StateChanged',path='/'",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      const Xep174AvahiRequest request = {
        XEP174_AVAHI_DBUS, XEP174_AVAHI_DBUS_AT, XEP174_AVAHI_DBUS, "AddMatch",
        g_variant_new ("(s)", rules[i]), "()",
      };

      xep174_avahi_bus_tell (self->bus, &request);
    }
}

Xep174AvahiDaemon *
xep174_avahi_daemon_new (Xep174AvahiBus        *bus,
                         gboolean               start,
                         Xep174AvahiDaemonFunc  changed,
                         gpointer               user_data)
{
  Xep174AvahiDaemon *self = g_new0 (Xep174AvahiDaemon, 1);

  self->bus = bus;
  self->may_start = start;
  self->changed = changed;
  self->user_data = user_data;
  xep174_avahi_bus_watch (bus, XEP174_AVAHI_DBUS_AT, on_bus_signal, self);
  xep174_avahi_bus_watch (bus, SERVER_AT, on_server_signal, self);
  ask_for_signals (self);
  ask_owner (self);

  return self;
}

void
xep174_avahi_daemon_free (Xep174AvahiDaemon *self)
{
  if (self->call != NULL)
    xep174_avahi_bus_forget (self->bus, self->call);
  xep174_avahi_bus_unwatch (self->bus, XEP174_AVAHI_DBUS_AT);
  xep174_avahi_bus_unwatch (self->bus, SERVER_AT);
  g_clear_error (&self->error);
  g_free (self->owner);
  g_free (self->host_name);
  g_free (self);
}

void
xep174_avahi_daemon_start (Xep174AvahiDaemon *self)
{
  if (self->owner != NULL)
    return;

  self->may_start = FALSE;
  ask_bus (self, "StartServiceByName", g_variant_new ("(su)", XEP174_AVAHI_NAME, 0), "(u)",
           on_started);
}

Xep174AvahiPresence
xep174_avahi_daemon_get_presence (Xep174AvahiDaemon *self)
{
  return self->presence;
}

gboolean
xep174_avahi_daemon_take_doubt (Xep174AvahiDaemon *self)
{
  gboolean in_doubt = self->in_doubt;

  self->in_doubt = FALSE;

  return in_doubt;
}

const char *
xep174_avahi_daemon_get_host_name (Xep174AvahiDaemon *self)
{
  return self->host_name;
}

const char *
xep174_avahi_daemon_get_owner (Xep174AvahiDaemon *self)
{
  return self->owner;
}

GError *
xep174_avahi_daemon_dup_error (Xep174AvahiDaemon *self)
{
  return self->error != NULL ? g_error_copy (self->error) : NULL;
}
