/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crowd.h"

#include <avahi-common/malloc.h>
#include <avahi-core/core.h>
#include <avahi-core/log.h>
#include <avahi-core/publish.h>
#include <avahi-core/rr.h>
#include <avahi-glib/glib-watch.h>

struct _Crowd
{
  AvahiGLibPoll *poll;
  AvahiServer *server;
  guint n_people;
  guint n_there;
};

static void
on_group_changed (AvahiServer          *server,
                  AvahiSEntryGroup     *group,
                  AvahiEntryGroupState  state,
                  void                 *user_data)
{
  Crowd *crowd = user_data;

  if (state == AVAHI_ENTRY_GROUP_ESTABLISHED)
    crowd->n_there++;
}

static void
add_person (Crowd *crowd,
            guint  number)
{
  AvahiServer *server = crowd->server;
  AvahiSEntryGroup *group = avahi_s_entry_group_new (server, on_group_changed, crowd);
  g_autofree char *name = g_strdup_printf ("name%u@crowd", number);
  g_autofree char *nick = g_strdup_printf ("nick=Number %u", number);

  g_assert_cmpint (avahi_server_add_service (server, group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, 0,
                                             name, "_presence._tcp", NULL, NULL, 20000 + number,
                                             "txtvers=1", nick, NULL), ==, 0);
  g_assert_cmpint (avahi_s_entry_group_commit (group), ==, 0);
}

static void
point_at (Crowd *crowd,
          guint  number)
{
  AvahiSEntryGroup *group = avahi_s_entry_group_new (crowd->server, NULL, NULL);
  g_autofree char *name = g_strdup_printf ("name%u@crowd._presence._tcp.local", number);
  AvahiRecord *record = avahi_record_new_full ("_presence._tcp.local", AVAHI_DNS_CLASS_IN,
                                               AVAHI_DNS_TYPE_PTR, AVAHI_DEFAULT_TTL);

  record->data.ptr.name = avahi_strdup (name);
  g_assert_cmpint (avahi_server_add (crowd->server, group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, 0,
                                     record), ==, 0);
  g_assert_cmpint (avahi_s_entry_group_commit (group), ==, 0);
  avahi_record_unref (record);
}

static void
ignore_log (AvahiLogLevel  level,
            const char    *text)
{
}

Crowd *
crowd_new_mute (guint n_people)
{
  Crowd *crowd = g_new0 (Crowd, 1);
  AvahiServerConfig config;
  int code;

  avahi_set_log_function (ignore_log);
  crowd->poll = avahi_glib_poll_new (NULL, G_PRIORITY_DEFAULT);
  avahi_server_config_init (&config);
  config.host_name = avahi_strdup ("crowd");
  config.publish_addresses = 0;
  config.publish_hinfo = 0;
  config.publish_workstation = 0;
  config.n_cache_entries_max = 0;
  crowd->server = avahi_server_new (avahi_glib_poll_get (crowd->poll), &config, NULL, NULL, &code);
  avahi_server_config_free (&config);
  g_assert_nonnull (crowd->server);
  for (guint i = 1; i <= n_people; i++)
    point_at (crowd, i);
  crowd->n_people = n_people;

  return crowd;
}

void
crowd_speak (Crowd *crowd)
{
  for (guint i = 1; i <= crowd->n_people; i++)
    add_person (crowd, i);
}

Crowd *
crowd_new (guint n_people)
{
  Crowd *crowd = crowd_new_mute (n_people);

  crowd_speak (crowd);

  return crowd;
}

gboolean
crowd_is_there (const Crowd *crowd)
{
  return crowd->n_there == crowd->n_people;
}

void
crowd_free (Crowd *crowd)
{
  avahi_server_free (crowd->server);
  avahi_glib_poll_free (crowd->poll);
  g_free (crowd);
}
