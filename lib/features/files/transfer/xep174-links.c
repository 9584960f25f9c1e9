/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-links-private.h"

#define FIRST_MS 1000
#define MAX_DOUBLED 5
/* Who comes and goes at once, and nothing has moved, is not called again at once. */
#define STEADY_MS (30 * 1000)

struct _Xep174Links
{
  Xep174SessionManager *manager;
  Xep174Clock *clock;
  GHashTable *by_contact; /* name -> Link */
};

typedef struct
{
  Xep174Links *links;
  char *contact;
  guint tries;
  gint64 since; /* ms, when it was opened last; 0 if it never was */
  Xep174Alarm alarm;
} Link;

static void
link_free (gpointer data)
{
  Link *link = data;

  xep174_alarm_clear (&link->alarm, link->links->clock);
  g_free (link->contact);
  g_free (link);
}

Xep174Links *
xep174_links_new (Xep174SessionManager *manager,
                  Xep174Clock          *clock)
{
  Xep174Links *self = g_new0 (Xep174Links, 1);

  self->manager = manager;
  self->clock = xep174_clock_ref (clock);
  self->by_contact = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, link_free);

  return self;
}

void
xep174_links_free (Xep174Links *self)
{
  g_hash_table_unref (self->by_contact);
  xep174_clock_unref (self->clock);
  g_free (self);
}

static Link *
ensure (Xep174Links *self,
        const char  *contact)
{
  Link *link = g_hash_table_lookup (self->by_contact, contact);

  if (link == NULL)
    {
      link = g_new0 (Link, 1);
      link->links = self;
      link->contact = g_strdup (contact);
      g_hash_table_insert (self->by_contact, link->contact, link);
    }

  return link;
}

static void on_alarm (gpointer data);

void
xep174_links_mend (Xep174Links *self,
                   const char  *contact,
                   gboolean     useful)
{
  Link *link = ensure (self, contact);

  if (useful || (link->since > 0 && xep174_clock_get_now_ms (self->clock) - link->since >= STEADY_MS))
    link->tries = 0;
  else if (xep174_alarm_is_set (&link->alarm))
    return; /* Another of its files has asked for it. */

  link->since = 0;
  xep174_alarm_clear (&link->alarm, self->clock);
  xep174_alarm_set (&link->alarm, self->clock, FIRST_MS << MIN (link->tries, MAX_DOUBLED), on_alarm, link);
  link->tries++;
}

/* How it goes is told by the signals of the manager. */
static void
on_alarm (gpointer data)
{
  Link *link = data;
  g_autoptr(Xep174Session) session
    = xep174_session_manager_ensure_session (link->links->manager, link->contact, NULL);

  if (session != NULL)
    xep174_session_open_async (session, NULL, NULL, NULL);
  else
    xep174_links_mend (link->links, link->contact, FALSE); /* We have no name yet. */
}

void
xep174_links_rejoice (Xep174Links *self,
                      const char  *contact)
{
  Link *link = g_hash_table_lookup (self->by_contact, contact);

  if (link == NULL)
    return;

  xep174_alarm_clear (&link->alarm, self->clock);
  link->since = MAX (1, xep174_clock_get_now_ms (self->clock));
}
