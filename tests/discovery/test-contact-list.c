/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-contact-list-private.h"
#include "xep174-contact-private.h"

/* A mirror kept by items-changed alone, as GTK's list views do: it must equal the list after each
 * signal, and the list must answer consistently from inside the handler. */
static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  GPtrArray  *mirror)
{
  g_assert_cmpuint (position + removed, <=, mirror->len);
  if (removed > 0)
    g_ptr_array_remove_range (mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror, position + i, g_list_model_get_item (model, position + i));

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, mirror->len);
  g_assert_null (g_list_model_get_item (model, mirror->len));
}

static void
assert_mirrored (GListModel *model,
                 GPtrArray  *mirror)
{
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, mirror->len);
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autoptr(Xep174Contact) contact = g_list_model_get_item (model, i);

      g_assert_true (contact == g_ptr_array_index (mirror, i));
    }
}

static void
append (Xep174ContactList *list,
        const char        *name)
{
  g_autoptr(Xep174Contact) contact = xep174_contact_new (name, NULL);

  xep174_contact_list_append (list, contact);
}

static void
assert_taken (Xep174ContactList *list,
              const char        *name,
              const char        *expected)
{
  g_autoptr(Xep174Contact) contact = xep174_contact_list_take (list, name);

  g_assert_cmpstr (contact != NULL ? xep174_contact_get_name (contact) : NULL, ==, expected);
}

static void
test_model (void)
{
  g_autoptr(Xep174ContactList) list = xep174_contact_list_new ();
  GListModel *model = G_LIST_MODEL (list);
  g_autoptr(GPtrArray) mirror = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), mirror);
  g_assert_true (g_list_model_get_item_type (model) == XEP174_TYPE_CONTACT);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  assert_taken (list, "a@x", NULL);

  append (list, "c@x");
  append (list, "a@x");
  append (list, "b@x");
  assert_mirrored (model, mirror);
  g_assert_cmpstr (xep174_contact_get_name (g_ptr_array_index (mirror, 0)), ==, "c@x");

  g_assert_true (xep174_contact_list_find (list, "A@X") == g_ptr_array_index (mirror, 1));
  g_assert_null (xep174_contact_list_find (list, "d@x"));

  assert_taken (list, "A@x", "a@x");
  assert_mirrored (model, mirror);
  g_assert_null (xep174_contact_list_find (list, "a@x"));
  assert_taken (list, "b@x", "b@x");
  append (list, "a@x");
  assert_taken (list, "c@x", "c@x");
  assert_mirrored (model, mirror);
}

static void
on_emptied (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            guint      *calls)
{
  g_assert_cmpuint (position, ==, 0);
  g_assert_cmpuint (removed, ==, 3);
  g_assert_cmpuint (added, ==, 0);
  (*calls)++;
}

static void
test_take_all (void)
{
  g_autoptr(Xep174ContactList) list = xep174_contact_list_new ();
  g_autoptr(GPtrArray) contacts = NULL;
  guint calls = 0;

  append (list, "a@x");
  append (list, "b@x");
  append (list, "c@x");
  g_signal_connect (list, "items-changed", G_CALLBACK (on_emptied), &calls);

  contacts = xep174_contact_list_take_all (list);
  g_assert_cmpuint (contacts->len, ==, 3);
  g_assert_cmpuint (calls, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_null (xep174_contact_list_find (list, "a@x"));

  /* Nothing to say about an empty list. */
  g_ptr_array_unref (contacts);
  contacts = xep174_contact_list_take_all (list);
  g_assert_cmpuint (contacts->len, ==, 0);
  g_assert_cmpuint (calls, ==, 1);
}

/* 2,000 contacts come and go in any order. */
static void
test_many (void)
{
  g_autoptr(Xep174ContactList) list = xep174_contact_list_new ();
  GListModel *model = G_LIST_MODEL (list);
  g_autoptr(GPtrArray) mirror = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), mirror);
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *name = g_strdup_printf ("user-%u@host", i);

      append (list, name);
    }
  assert_mirrored (model, mirror);

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("USER-%d@host", g_test_rand_int_range (0, 2000));
      g_autoptr(Xep174Contact) contact = xep174_contact_list_take (list, name);

      if (contact == NULL)
        append (list, name);
      else
        g_assert_false (xep174_contact_list_find (list, name) == contact);
    }
  assert_mirrored (model, mirror);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contact-list/model", test_model);
  g_test_add_func ("/contact-list/take-all", test_take_all);
  g_test_add_func ("/contact-list/many", test_many);
  return g_test_run ();
}
