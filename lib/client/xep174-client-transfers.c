/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files of a client: those of the feature that its manager has for it. */

#include "xep174-client-private.h"

static guint signal_transfer_offered;

void
xep174_client_install_file_signal (GType type)
{
  /**
   * Xep174Client::transfer-offered:
   * @self: the client
   * @contact: who offers it
   * @transfer: the file or folder; it is in [property@Client:transfers]
   *
   * A contact wants to send a file or a folder. It waits for an hour for [method@Transfer.accept_async],
   * [method@Transfer.accept_into] or [method@Transfer.decline], which may be called at once.
   *
   * Ask for [property@Client:transfers] at the start: before, nobody can offer anything.
   *
   * Since: 1.0
   */
  signal_transfer_offered =
    g_signal_new ("transfer-offered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, XEP174_TYPE_CONTACT, XEP174_TYPE_TRANSFER);
}

static void
on_offered (Xep174Client   *self,
            Xep174Transfer *transfer)
{
  g_autoptr(Xep174Contact) contact
    = xep174_correspondents_dup (self->correspondents, xep174_transfer_get_contact (transfer));

  g_signal_emit (self, signal_transfer_offered, 0, contact, transfer);
}

/* Nobody has the namespaces but a feature of the program's own. */
static Xep174Files *
make_files (Xep174Client *self)
{
  g_autofree char *folder = g_build_filename (self->data_dir, "transfers", NULL);
  g_autoptr(Xep174Files) files = xep174_files_new (folder);
  g_autoptr(GError) error = NULL;

  if (!xep174_feature_host_add_feature (XEP174_FEATURE_HOST (self), XEP174_FEATURE (files), &error))
    g_warning ("Files cannot be sent: %s", error->message);

  return g_steal_pointer (&files);
}

Xep174Files *
xep174_client_ensure_files (Xep174Client *self)
{
  Xep174Feature *feature;

  if (self->files != NULL)
    return self->files;

  /* The program may have added one with settings of its own. */
  feature = xep174_feature_host_get_feature (XEP174_FEATURE_HOST (self), XEP174_TYPE_FILES);
  self->files = feature != NULL ? g_object_ref (XEP174_FILES (feature)) : make_files (self);
  g_signal_connect_object (self->files, "transfer-offered", G_CALLBACK (on_offered), self, G_CONNECT_SWAPPED);

  return self->files;
}
