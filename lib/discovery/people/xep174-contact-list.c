/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-contact-list-private.h"

#include "xep174-contact-private.h"
#include "xep174-name-private.h"

/* A balanced tree keeps the order. So to remove one of thousands of contacts, and to say where it
 * was, needs no walk over the others. */
struct _Xep174ContactList
{
  GObject parent_instance;

  GSequence *order;
  GHashTable *by_name; /* own copy of the name -> place in the order */
  GHashTable *absent;  /* name -> Absence */
};

/* A contact that is not in the list but is still kept by somebody. */
typedef struct
{
  GHashTable *absent;
  Xep174Contact *contact; /* not referenced */
  char *name;
} Absence;

static void contact_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Xep174ContactList, xep174_contact_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, contact_list_iface_init))

static GType
contact_list_get_item_type (GListModel *model)
{
  return XEP174_TYPE_CONTACT;
}

static guint
contact_list_get_n_items (GListModel *model)
{
  return g_hash_table_size (XEP174_CONTACT_LIST (model)->by_name);
}

static gpointer
contact_list_get_item (GListModel *model,
                       guint       position)
{
  Xep174ContactList *self = XEP174_CONTACT_LIST (model);

  if (position >= contact_list_get_n_items (model))
    return NULL;

  return g_object_ref (g_sequence_get (g_sequence_get_iter_at_pos (self->order, position)));
}

static void
contact_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = contact_list_get_item_type;
  iface->get_n_items = contact_list_get_n_items;
  iface->get_item = contact_list_get_item;
}

static void
on_contact_disposed (gpointer  data,
                     GObject  *contact)
{
  Absence *absence = data;

  absence->contact = NULL;
  g_hash_table_remove (absence->absent, absence->name);
}

static void
absence_free (gpointer data)
{
  Absence *absence = data;

  if (absence->contact != NULL)
    g_object_weak_unref (G_OBJECT (absence->contact), on_contact_disposed, absence);
  g_free (absence->name);
  g_free (absence);
}

static void
remember (Xep174ContactList *self,
          Xep174Contact     *contact)
{
  Absence *absence = g_new (Absence, 1);

  absence->absent = self->absent;
  absence->contact = contact;
  absence->name = g_strdup (xep174_contact_get_name (contact));
  g_object_weak_ref (G_OBJECT (contact), on_contact_disposed, absence);
  g_hash_table_replace (self->absent, absence->name, absence);
}

static void
xep174_contact_list_finalize (GObject *object)
{
  Xep174ContactList *self = XEP174_CONTACT_LIST (object);

  g_hash_table_unref (self->absent);
  g_hash_table_unref (self->by_name);
  g_sequence_free (self->order);

  G_OBJECT_CLASS (xep174_contact_list_parent_class)->finalize (object);
}

static void
xep174_contact_list_class_init (Xep174ContactListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xep174_contact_list_finalize;
}

static void
xep174_contact_list_init (Xep174ContactList *self)
{
  self->order = g_sequence_new (g_object_unref);
  self->by_name = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free, NULL);
  self->absent = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, NULL, absence_free);
}

Xep174ContactList *
xep174_contact_list_new (void)
{
  return g_object_new (XEP174_TYPE_CONTACT_LIST, NULL);
}

Xep174Contact *
xep174_contact_list_find (Xep174ContactList *self,
                          const char        *name)
{
  GSequenceIter *place = g_hash_table_lookup (self->by_name, name);

  return place != NULL ? g_sequence_get (place) : NULL;
}

Xep174Contact *
xep174_contact_list_recall (Xep174ContactList *self,
                            const char        *name)
{
  Absence *absence = g_hash_table_lookup (self->absent, name);
  Xep174Contact *contact;

  if (absence != NULL)
    return g_object_ref (absence->contact);

  contact = xep174_contact_new (name, NULL);
  xep174_contact_set_online (contact, FALSE);
  remember (self, contact);

  return contact;
}

GPtrArray *
xep174_contact_list_dup_all (Xep174ContactList *self)
{
  GPtrArray *contacts = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_name);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (contacts, g_object_ref (g_sequence_get (value)));
  g_hash_table_iter_init (&iter, self->absent);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (contacts, g_object_ref (((Absence *) value)->contact));

  return contacts;
}

void
xep174_contact_list_append (Xep174ContactList *self,
                            Xep174Contact     *contact)
{
  guint position = contact_list_get_n_items (G_LIST_MODEL (self));

  g_hash_table_remove (self->absent, xep174_contact_get_name (contact));
  g_hash_table_insert (self->by_name, g_strdup (xep174_contact_get_name (contact)),
                       g_sequence_append (self->order, g_object_ref (contact)));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

Xep174Contact *
xep174_contact_list_take (Xep174ContactList *self,
                          const char        *name)
{
  GSequenceIter *place = g_hash_table_lookup (self->by_name, name);
  Xep174Contact *contact;
  guint position;

  if (place == NULL)
    return NULL;

  contact = g_object_ref (g_sequence_get (place));
  remember (self, contact);
  position = g_sequence_iter_get_position (place);
  g_hash_table_remove (self->by_name, name);
  g_sequence_remove (place);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);

  return contact;
}

GPtrArray *
xep174_contact_list_take_all (Xep174ContactList *self)
{
  GPtrArray *contacts = g_ptr_array_new_with_free_func (g_object_unref);
  GSequenceIter *begin = g_sequence_get_begin_iter (self->order);
  GSequenceIter *end = g_sequence_get_end_iter (self->order);

  for (GSequenceIter *i = begin; i != end; i = g_sequence_iter_next (i))
    {
      g_ptr_array_add (contacts, g_object_ref (g_sequence_get (i)));
      remember (self, g_sequence_get (i));
    }

  g_hash_table_remove_all (self->by_name);
  g_sequence_remove_range (begin, end);
  if (contacts->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, contacts->len, 0);

  return contacts;
}
