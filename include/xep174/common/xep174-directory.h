/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_DIRECTORY_ERROR (xep174_directory_error_quark ())
XEP174_AVAILABLE_IN_1_0
GQuark xep174_directory_error_quark (void);

/**
 * Xep174DirectoryError:
 * @XEP174_DIRECTORY_ERROR_UNKNOWN_NAME: nobody of that name is known
 * @XEP174_DIRECTORY_ERROR_WRONG_ADDRESS: the name is known, the address is not one of its addresses
 * @XEP174_DIRECTORY_ERROR_AMBIGUOUS: no name was claimed and none or several belong to the address
 *
 * Why a directory cannot answer.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
  XEP174_DIRECTORY_ERROR_WRONG_ADDRESS,
  XEP174_DIRECTORY_ERROR_AMBIGUOUS,
} Xep174DirectoryError;

#define XEP174_TYPE_DIRECTORY (xep174_directory_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (Xep174Directory, xep174_directory, XEP174, DIRECTORY, GObject)

/**
 * Xep174DirectoryInterface:
 * @dup_connectable: see xep174_directory_dup_connectable(); without it nobody can be reached
 * @identify_async: see xep174_directory_identify_async(); without it nobody who calls is believed
 * @identify_finish: see xep174_directory_identify_finish()
 * @report_failure: (nullable): see xep174_directory_report_failure(); may be left out
 *
 * What a program implements to use sessions with an address book of its own.
 *
 * Since: 1.0
 */
struct _Xep174DirectoryInterface
{
  GTypeInterface parent_iface;

  GSocketConnectable *(*dup_connectable) (Xep174Directory *self,
                                          const char      *name,
                                          GError         **error);
  void                (*identify_async)  (Xep174Directory     *self,
                                          GSocketAddress      *address,
                                          const char          *claimed_name,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
  char               *(*identify_finish) (Xep174Directory *self,
                                          GAsyncResult    *result,
                                          GError         **error);
  void                (*report_failure)  (Xep174Directory *self,
                                          const char      *name);
};

XEP174_AVAILABLE_IN_1_0
GSocketConnectable *xep174_directory_dup_connectable (Xep174Directory *self,
                                                      const char      *name,
                                                      GError         **error);
XEP174_AVAILABLE_IN_1_0
void                xep174_directory_identify_async  (Xep174Directory     *self,
                                                      GSocketAddress      *address,
                                                      const char          *claimed_name,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
char               *xep174_directory_identify_finish (Xep174Directory *self,
                                                      GAsyncResult    *result,
                                                      GError         **error);
XEP174_AVAILABLE_IN_1_0
void                xep174_directory_report_failure  (Xep174Directory *self,
                                                      const char      *name);

G_END_DECLS
