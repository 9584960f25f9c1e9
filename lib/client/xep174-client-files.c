/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "xep174-client-private.h"

/**
 * xep174_client_get_transfers:
 * @self: a client
 *
 * Gets the files on their way, see [property@Client:transfers].
 *
 * Returns: (transfer none): a list model of [class@Transfer]
 *
 * Since: 1.0
 */
GListModel *
xep174_client_get_transfers (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);

  return xep174_files_get_transfers (xep174_client_ensure_files (self));
}

static void
on_sent (GObject      *files,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;
  Xep174Transfer *transfer = xep174_files_send_finish (XEP174_FILES (files), result, &error);

  if (transfer != NULL)
    g_task_return_pointer (task, transfer, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * xep174_client_send_file_async:
 * @self: a client
 * @contact: a contact
 * @file: a file, or a folder
 * @cancellable: (nullable): a cancellable; it has no effect once the file is offered
 * @callback: (scope async) (nullable): called when the file is offered, or cannot be
 * @user_data: data for @callback
 *
 * Offers a file to a contact, or a folder with all that is in it; see [method@Files.send_async]. A session is
 * opened if there is none. What becomes of the file is told by the [class@Transfer] that
 * [method@Client.send_file_finish] returns.
 *
 * The file is read while it is sent; it must not be changed before the transfer has ended. What is offered
 * when @callback is called goes on after a restart of the program, too.
 *
 * Since: 1.0
 */
void
xep174_client_send_file_async (Xep174Client        *self,
                               Xep174Contact       *contact,
                               GFile               *file,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XEP174_IS_CLIENT (self));
  g_return_if_fail (XEP174_IS_CONTACT (contact));
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_client_send_file_async);
  g_task_set_check_cancellable (task, FALSE); /* What is offered is offered. */
  xep174_files_send_async (xep174_client_ensure_files (self), xep174_contact_get_name (contact), file,
                           cancellable, on_sent, task);
}

/**
 * xep174_client_send_file_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Client.send_file_async].
 *
 * Returns: (transfer full): the transfer, which is in [property@Client:transfers]; else %NULL with an
 *   error: see [method@Files.send_finish]
 *
 * Since: 1.0
 */
Xep174Transfer *
xep174_client_send_file_finish (Xep174Client  *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, xep174_client_send_file_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
