/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TRANSFER_ERROR (xep174_transfer_error_quark ())
XEP174_AVAILABLE_IN_1_0
GQuark xep174_transfer_error_quark (void);

/**
 * Xep174TransferError:
 * @XEP174_TRANSFER_ERROR_FAILED: something else went wrong; the message says what
 * @XEP174_TRANSFER_ERROR_NOT_SUPPORTED: the contact's program takes no files, or not such ones
 * @XEP174_TRANSFER_ERROR_TOO_LARGE: the file is larger than the contact's program can take
 * @XEP174_TRANSFER_ERROR_DECLINED: the person who was asked does not want the file or folder
 * @XEP174_TRANSFER_ERROR_CANCELLED: it was cancelled here
 * @XEP174_TRANSFER_ERROR_ENDED: the contact has cancelled it
 * @XEP174_TRANSFER_ERROR_TIMED_OUT: nothing happened for too long
 * @XEP174_TRANSFER_ERROR_CORRUPTED: what has come is not what was sent
 * @XEP174_TRANSFER_ERROR_UNCONFIRMED: all was sent, and nobody knows whether it has arrived
 * @XEP174_TRANSFER_ERROR_VIOLATION: the contact's program said or sent what it must not
 * @XEP174_TRANSFER_ERROR_INVALID_STATE: not possible in the present state
 *
 * Why a transfer did not come to a good end. What goes wrong with a file here is of `G_IO_ERROR`, and
 * with the conversation of %XEP174_SESSION_ERROR.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_TRANSFER_ERROR_FAILED,
  XEP174_TRANSFER_ERROR_NOT_SUPPORTED,
  XEP174_TRANSFER_ERROR_TOO_LARGE,
  XEP174_TRANSFER_ERROR_DECLINED,
  XEP174_TRANSFER_ERROR_CANCELLED,
  XEP174_TRANSFER_ERROR_ENDED,
  XEP174_TRANSFER_ERROR_TIMED_OUT,
  XEP174_TRANSFER_ERROR_CORRUPTED,
  XEP174_TRANSFER_ERROR_UNCONFIRMED,
  XEP174_TRANSFER_ERROR_VIOLATION,
  XEP174_TRANSFER_ERROR_INVALID_STATE,
} Xep174TransferError;

/**
 * Xep174TransferState:
 * @XEP174_TRANSFER_STATE_OFFERED: a person has to say whether the file is wanted: there, or here
 * @XEP174_TRANSFER_STATE_CONNECTING: it is wanted, and a way for it is looked for
 * @XEP174_TRANSFER_STATE_MOVING: octets are on their way
 * @XEP174_TRANSFER_STATE_CHECKING: all octets are over, and it is checked that they are right
 * @XEP174_TRANSFER_STATE_WAITING: the connection was lost, or the contact has gone; it goes on by itself
 * @XEP174_TRANSFER_STATE_DONE: the file has arrived
 * @XEP174_TRANSFER_STATE_DECLINED: the file was not wanted
 * @XEP174_TRANSFER_STATE_CANCELLED: one side has cancelled it
 * @XEP174_TRANSFER_STATE_FAILED: it will not arrive; see [property@Transfer:error]
 *
 * How far a file is on its way. From %XEP174_TRANSFER_STATE_DONE on nothing changes any more.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_TRANSFER_STATE_OFFERED,
  XEP174_TRANSFER_STATE_CONNECTING,
  XEP174_TRANSFER_STATE_MOVING,
  XEP174_TRANSFER_STATE_CHECKING,
  XEP174_TRANSFER_STATE_WAITING,
  XEP174_TRANSFER_STATE_DONE,
  XEP174_TRANSFER_STATE_DECLINED,
  XEP174_TRANSFER_STATE_CANCELLED,
  XEP174_TRANSFER_STATE_FAILED,
} Xep174TransferState;

#define XEP174_TYPE_TRANSFER (xep174_transfer_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Transfer, xep174_transfer, XEP174, TRANSFER, GObject)

XEP174_AVAILABLE_IN_1_0
const char         *xep174_transfer_get_id         (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_transfer_get_contact    (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_transfer_get_outgoing   (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
Xep174TransferState xep174_transfer_get_state      (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_transfer_has_ended      (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_transfer_get_name       (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_transfer_get_media_type (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
guint64             xep174_transfer_get_size       (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_transfer_get_is_folder  (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
guint               xep174_transfer_get_n_files    (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
guint               xep174_transfer_get_n_left_out (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
GDateTime          *xep174_transfer_get_time       (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
guint64             xep174_transfer_get_done       (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
guint64             xep174_transfer_get_rate       (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
const GError       *xep174_transfer_get_error      (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
GFile              *xep174_transfer_get_file       (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
GFile              *xep174_transfer_get_folder     (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_transfer_get_sha256     (Xep174Transfer *self);

XEP174_AVAILABLE_IN_1_0
void                xep174_transfer_accept_async   (Xep174Transfer      *self,
                                                    GFile               *folder,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_transfer_accept_finish  (Xep174Transfer  *self,
                                                    GAsyncResult    *result,
                                                    GError         **error);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_transfer_accept_into    (Xep174Transfer  *self,
                                                    GOutputStream   *stream,
                                                    GError         **error);
XEP174_AVAILABLE_IN_1_0
void                xep174_transfer_decline        (Xep174Transfer *self);
XEP174_AVAILABLE_IN_1_0
void                xep174_transfer_cancel         (Xep174Transfer *self);

G_END_DECLS
