/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-state-private.h"

#include "xep174-address-private.h"
#include "xep174-directory.h"
#include "xep174-gettext-private.h"

typedef struct
{
  GSocketAddress *address;
  char *claimed_name;
  guint pending;
  guint matches;
  char *match;
} Search;

typedef struct
{
  GTask *task;
  char *name;
} Check;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_object_unref (search->address);
  g_free (search->claimed_name);
  g_free (search->match);
  g_free (search);
}

static void
finish_one (GTask *task)
{
  Search *search = g_task_get_task_data (task);

  if (--search->pending > 0 || g_task_return_error_if_cancelled (task))
    return;

  if (search->matches == 1)
    g_task_return_pointer (task, g_steal_pointer (&search->match), g_free);
  else if (search->claimed_name != NULL)
    g_task_return_new_error (task, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_WRONG_ADDRESS,
                             _("The connection comes from no address of “%s”"),
                             search->claimed_name);
  else
    g_task_return_new_error (task, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_AMBIGUOUS,
                             search->matches == 0
                             ? _("No contact is known to have the address of the connection")
                             : _("Several contacts have the address of the connection"));
}

static void
on_checked (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Check *check = user_data;
  g_autoptr(GTask) task = check->task;
  g_autofree char *name = check->name;
  Search *search = g_task_get_task_data (task);
  gboolean matches;

  if (xep174_address_check_finish (result, &matches, NULL) && matches)
    {
      search->matches++;
      g_free (search->match);
      search->match = g_steal_pointer (&name);
    }

  finish_one (task);
}

static void
check_contact (GTask         *task,
               Xep174Contact *contact)
{
  Xep174Discovery *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  const char *name = xep174_contact_get_name (contact);
  g_autoptr(GSocketConnectable) connectable = NULL;
  Check *check;

  connectable = xep174_directory_dup_connectable (XEP174_DIRECTORY (self), name, NULL);
  if (connectable == NULL)
    return;

  check = g_new (Check, 1);
  check->task = g_object_ref (task);
  check->name = g_strdup (name);
  search->pending++;
  xep174_address_check_async (connectable, search->address, g_task_get_cancellable (task),
                              on_checked, check);
}

static void
check_all (GTask *task)
{
  Xep174Discovery *self = g_task_get_source_object (task);
  GListModel *contacts = G_LIST_MODEL (xep174_discovery_get_private (self)->contacts);
  guint n_contacts = g_list_model_get_n_items (contacts);

  for (guint i = 0; i < n_contacts; i++)
    {
      g_autoptr(Xep174Contact) contact = g_list_model_get_item (contacts, i);

      check_contact (task, contact);
    }
}

void
xep174_identify_async (Xep174Discovery     *self,
                       GSocketAddress      *address,
                       const char          *claimed_name,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  g_task_set_source_tag (task, xep174_identify_async);
  g_task_set_task_data (task, search, search_free);
  search->address = g_object_ref (address);
  search->claimed_name = g_strdup (claimed_name);
  search->pending = 1; /* this function: nothing ends before all has begun */

  if (claimed_name == NULL)
    check_all (task);
  else
    {
      Xep174Contact *contact =
        xep174_contact_list_find (xep174_discovery_get_private (self)->contacts, claimed_name);

      if (contact == NULL)
        {
          g_task_return_new_error (task, XEP174_DIRECTORY_ERROR,
                                   XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                                   _("Nobody called “%s” is known here"), claimed_name);
          return;
        }
      check_contact (task, contact);
    }

  finish_one (task);
}

char *
xep174_identify_finish (Xep174Discovery *self,
                        GAsyncResult    *result,
                        GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
