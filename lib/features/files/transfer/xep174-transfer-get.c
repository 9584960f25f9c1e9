/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "xep174-transfer-private.h"

/**
 * xep174_transfer_get_id:
 * @self: a transfer
 *
 * What no other transfer of this program is called.
 *
 * Returns: (transfer none): see [property@Transfer:id]
 *
 * Since: 1.0
 */
const char *
xep174_transfer_get_id (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), NULL);

  return self->local_id;
}

/**
 * xep174_transfer_get_contact:
 * @self: a transfer
 *
 * The name of the contact at the other end.
 *
 * Returns: (transfer none): a name
 *
 * Since: 1.0
 */
const char *
xep174_transfer_get_contact (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), NULL);

  return self->contact;
}

/**
 * xep174_transfer_get_outgoing:
 * @self: a transfer
 *
 * Whether it is we who send.
 *
 * Returns: %TRUE if it is
 *
 * Since: 1.0
 */
gboolean
xep174_transfer_get_outgoing (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), FALSE);

  return xep174_transfer_sends (self);
}

/**
 * xep174_transfer_get_state:
 * @self: a transfer
 *
 * How far it is.
 *
 * Returns: see [property@Transfer:state]
 *
 * Since: 1.0
 */
Xep174TransferState
xep174_transfer_get_state (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), XEP174_TRANSFER_STATE_FAILED);

  return self->state;
}

/**
 * xep174_transfer_has_ended:
 * @self: a transfer
 *
 * Whether nothing changes any more, well or not.
 *
 * Returns: %TRUE from %XEP174_TRANSFER_STATE_DONE on
 *
 * Since: 1.0
 */
gboolean
xep174_transfer_has_ended (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), TRUE);

  return self->state >= XEP174_TRANSFER_STATE_DONE;
}

/**
 * xep174_transfer_get_name:
 * @self: a transfer
 *
 * What the file is called.
 *
 * Returns: (transfer none): see [property@Transfer:name]
 *
 * Since: 1.0
 */
const char *
xep174_transfer_get_name (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), NULL);

  return self->info.name;
}

/**
 * xep174_transfer_get_media_type:
 * @self: a transfer
 *
 * What the sender says that is in the file.
 *
 * Returns: (transfer none) (nullable): see [property@Transfer:media-type]
 *
 * Since: 1.0
 */
const char *
xep174_transfer_get_media_type (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), NULL);

  return self->info.media_type;
}

/**
 * xep174_transfer_get_size:
 * @self: a transfer
 *
 * How many octets the file has.
 *
 * Returns: its size
 *
 * Since: 1.0
 */
guint64
xep174_transfer_get_size (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), 0);

  return self->info.size;
}

/**
 * xep174_transfer_get_time:
 * @self: a transfer
 *
 * When it was offered.
 *
 * Returns: (transfer none): see [property@Transfer:time]
 *
 * Since: 1.0
 */
GDateTime *
xep174_transfer_get_time (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), NULL);

  return self->time;
}

/**
 * xep174_transfer_get_done:
 * @self: a transfer
 *
 * How many octets are over.
 *
 * Returns: see [property@Transfer:done]
 *
 * Since: 1.0
 */
guint64
xep174_transfer_get_done (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), 0);

  return self->done;
}

/**
 * xep174_transfer_get_is_folder:
 * @self: a transfer
 *
 * Whether it is a folder.
 *
 * Returns: see [property@Transfer:is-folder]
 *
 * Since: 1.0
 */
gboolean
xep174_transfer_get_is_folder (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), FALSE);

  return self->info.is_folder;
}

/**
 * xep174_transfer_get_n_files:
 * @self: a transfer
 *
 * How many files it has.
 *
 * Returns: see [property@Transfer:n-files]
 *
 * Since: 1.0
 */
guint
xep174_transfer_get_n_files (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), 0);

  return self->info.is_folder ? self->info.n_files : 1;
}

/**
 * xep174_transfer_get_n_left_out:
 * @self: a transfer
 *
 * How many things in the folder are not sent.
 *
 * Returns: see [property@Transfer:n-left-out]
 *
 * Since: 1.0
 */
guint
xep174_transfer_get_n_left_out (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), 0);

  return self->info.n_left_out;
}

/**
 * xep174_transfer_get_rate:
 * @self: a transfer
 *
 * Octets a second, as of late.
 *
 * Returns: see [property@Transfer:rate]
 *
 * Since: 1.0
 */
guint64
xep174_transfer_get_rate (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), 0);

  return self->rate;
}

/**
 * xep174_transfer_get_error:
 * @self: a transfer
 *
 * Why it will not arrive.
 *
 * Returns: (transfer none) (nullable): see [property@Transfer:error]
 *
 * Since: 1.0
 */
const GError *
xep174_transfer_get_error (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), NULL);

  return self->state > XEP174_TRANSFER_STATE_DONE ? self->error : NULL;
}

/**
 * xep174_transfer_get_file:
 * @self: a transfer
 *
 * The file that is sent, or the one that has come.
 *
 * Returns: (transfer none) (nullable): see [property@Transfer:file]
 *
 * Since: 1.0
 */
GFile *
xep174_transfer_get_file (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), NULL);

  return self->file;
}

/**
 * xep174_transfer_get_folder:
 * @self: a transfer
 *
 * The folder that it was accepted into.
 *
 * Returns: (transfer none) (nullable): see [property@Transfer:folder]
 *
 * Since: 1.0
 */
GFile *
xep174_transfer_get_folder (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), NULL);

  return self->folder;
}

/**
 * xep174_transfer_get_sha256:
 * @self: a transfer
 *
 * The hash that both sides have found.
 *
 * Returns: (transfer none) (nullable): see [property@Transfer:sha256]
 *
 * Since: 1.0
 */
const char *
xep174_transfer_get_sha256 (Xep174Transfer *self)
{
  g_return_val_if_fail (XEP174_IS_TRANSFER (self), NULL);

  return self->sha256;
}
