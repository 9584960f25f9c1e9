/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-roster.h"

static const char *const status_names[] = {
  [XEP174_STATUS_AVAILABLE] = "available",
  [XEP174_STATUS_AWAY] = "away",
  [XEP174_STATUS_DND] = "dnd",
};

typedef struct
{
  CliRoster *roster;
  Xep174Contact *contact;
  gulong handler;
  char *told;
} Entry;

struct _CliRoster
{
  GListModel *contacts;
  gulong handler;
  /* (element-type Entry), in the order of the model */
  GPtrArray *entries;
  gboolean with_pictures;
  CliRosterFunc func;
  gpointer data;
};

const char *
cli_status_to_string (Xep174Status status)
{
  return status_names[status];
}

gboolean
cli_status_from_string (const char   *text,
                        Xep174Status *status)
{
  /* The word that is published (XEP-0174 §4). */
  if (g_strcmp0 (text, "avail") == 0)
    text = "available";

  for (guint i = 0; i < G_N_ELEMENTS (status_names); i++)
    if (g_strcmp0 (text, status_names[i]) == 0)
      {
        *status = i;
        return TRUE;
      }

  return FALSE;
}

/* Only if this text changes, a change is shown. */
static char *
describe (Xep174Contact *contact,
          gboolean       with_picture)
{
  const char *message = xep174_contact_get_status_message (contact);
  const char *nick = xep174_contact_get_nick (contact);
  g_autofree char *picture = NULL;

  if (with_picture)
    g_object_get (contact, "avatar-hash", &picture, NULL);
  return g_strdup_printf ("%d\x1f%s%s\x1f%s%s\x1f%s",
                          xep174_contact_get_status (contact),
                          message != NULL ? "=" : "", message != NULL ? message : "",
                          nick != NULL ? "=" : "", nick != NULL ? nick : "",
                          picture != NULL ? picture : "");
}

static void
on_changed (Xep174Contact *contact,
            Entry         *entry)
{
  g_autofree char *now = describe (contact, entry->roster->with_pictures);

  if (g_strcmp0 (now, entry->told) == 0)
    return;

  g_free (entry->told);
  entry->told = g_steal_pointer (&now);
  entry->roster->func (CLI_ROSTER_CHANGED, contact, entry->roster->data);
}

static Entry *
entry_new (CliRoster     *roster,
           Xep174Contact *contact)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->roster = roster;
  entry->contact = contact;
  entry->told = describe (contact, roster->with_pictures);
  entry->handler = g_signal_connect (contact, "changed", G_CALLBACK (on_changed), entry);

  return entry;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_signal_handler (&entry->handler, entry->contact);
  g_object_unref (entry->contact);
  g_free (entry->told);
  g_free (entry);
}

static void
on_items_changed (GListModel *contacts,
                  guint       position,
                  guint       removed,
                  guint       added,
                  CliRoster  *self)
{
  for (guint i = 0; i < removed; i++)
    {
      Entry *entry = g_ptr_array_steal_index (self->entries, position);

      self->func (CLI_ROSTER_REMOVED, entry->contact, self->data);
      entry_free (entry);
    }

  for (guint i = position; i < position + added; i++)
    {
      Entry *entry = entry_new (self, g_list_model_get_item (contacts, i));

      g_ptr_array_insert (self->entries, i, entry);
      self->func (CLI_ROSTER_ADDED, entry->contact, self->data);
    }
}

CliRoster *
cli_roster_new (GListModel    *contacts,
                gboolean       with_pictures,
                CliRosterFunc  func,
                gpointer       data)
{
  CliRoster *self = g_new0 (CliRoster, 1);

  self->contacts = g_object_ref (contacts);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->with_pictures = with_pictures;
  self->func = func;
  self->data = data;
  self->handler =
    g_signal_connect (contacts, "items-changed", G_CALLBACK (on_items_changed), self);
  on_items_changed (contacts, 0, 0, g_list_model_get_n_items (contacts), self);

  return self;
}

void
cli_roster_free (CliRoster *self)
{
  g_clear_signal_handler (&self->handler, self->contacts);
  g_ptr_array_unref (self->entries);
  g_object_unref (self->contacts);
  g_free (self);
}
