/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Below the name of a file or folder: what of it is not sent, how much of it is over, and what can be done
 * with it now. */

#include "chat-transfer-row.h"

#include "chat-focus.h"
#include "chat-saving.h"
#include "cli-transfer-words.h"
#include "translate.h"

struct _ChatTransferRow
{
  GtkBox parent_instance;

  GtkLabel *left_out;
  GtkProgressBar *progress;
  GtkWidget *save;
  GtkWidget *decline;
  GtkWidget *cancel;
  GtkWidget *open;

  Xep174Transfer *transfer; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (ChatTransferRow, chat_transfer_row, GTK_TYPE_BOX)

/* It stays when all is over. */
static gboolean
show_left_out (ChatTransferRow *self,
               Xep174Transfer  *transfer)
{
  g_autofree char *text = cli_transfer_left_out (transfer);

  gtk_label_set_label (self->left_out, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->left_out), text != NULL);

  return text != NULL;
}

/* Buttons and a bar that cannot be used take no place. */
static void
update (ChatTransferRow *self)
{
  Xep174Transfer *transfer = self->transfer;
  Xep174TransferState state;
  gboolean is_ours;
  gboolean is_offer;
  gboolean has_ended;
  guint64 size;

  if (transfer == NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return;
    }

  state = xep174_transfer_get_state (transfer);
  is_ours = xep174_transfer_get_outgoing (transfer);
  is_offer = chat_saving_is_asked (transfer);
  has_ended = xep174_transfer_has_ended (transfer);
  size = xep174_transfer_get_size (transfer);
  gtk_widget_set_visible (GTK_WIDGET (self->progress),
                          !has_ended && state != XEP174_TRANSFER_STATE_OFFERED);
  gtk_progress_bar_set_fraction (self->progress,
                                 size > 0 ? (double) xep174_transfer_get_done (transfer) / size : 0);
  gtk_widget_set_visible (self->save, is_offer);
  gtk_widget_set_visible (self->decline, is_offer);
  gtk_widget_set_visible (self->cancel, !has_ended && !is_offer);
  gtk_widget_set_visible (self->open, !is_ours && state == XEP174_TRANSFER_STATE_DONE
                                        && xep174_transfer_get_file (transfer) != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), show_left_out (self, transfer) || !has_ended
                                               || gtk_widget_get_visible (self->open));
}

static void
tell (GtkWidget    *widget,
      const GError *error)
{
  gtk_widget_activate_action (widget, "win.tell", "s", error->message);
}

/* Not everybody has a folder for it. */
static void
save (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);
  g_autoptr(GFile) folder = g_file_new_for_path (downloads != NULL ? downloads : g_get_home_dir ());

  /* If it cannot be made, the library says what is wrong with it. */
  g_file_make_directory_with_parents (folder, NULL, NULL);
  chat_saving_begin (CHAT_TRANSFER_ROW (widget)->transfer, folder);
}

typedef struct
{
  ChatTransferRow *row;
  Xep174Transfer *transfer; /* the row may show another one meanwhile */
} Choice;

static void
choice_free (gpointer  data,
             GClosure *closure)
{
  Choice *choice = data;

  g_object_unref (choice->row);
  g_object_unref (choice->transfer);
  g_free (choice);
}

static void
on_folder_chosen (GtkFileChooser *dialog,
                  int             response,
                  Choice         *choice)
{
  g_autoptr(GFile) folder =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (dialog) : NULL;

  if (folder != NULL)
    chat_saving_begin (choice->transfer, folder);
  g_object_unref (dialog);
}

static void
save_in (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("Save In"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Save"), NULL);
  Choice *choice = g_new (Choice, 1);

  choice->row = CHAT_TRANSFER_ROW (g_object_ref (widget));
  choice->transfer = g_object_ref (choice->row->transfer);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_folder_chosen), choice, choice_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
decline (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  xep174_transfer_decline (CHAT_TRANSFER_ROW (widget)->transfer);
}

static void
cancel (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  Xep174Transfer *transfer = CHAT_TRANSFER_ROW (widget)->transfer;

  chat_saving_set_awaited (transfer, FALSE);
  xep174_transfer_cancel (transfer);
}

static void
on_folder_opened (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(ChatTransferRow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    tell (GTK_WIDGET (self), error);
}

static void
open_folder (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  GFile *file = xep174_transfer_get_file (CHAT_TRANSFER_ROW (widget)->transfer);
  g_autoptr(GFile) folder = g_file_get_parent (file);
  g_autofree char *uri = g_file_get_uri (folder);
  g_autoptr(GdkAppLaunchContext) context =
    gdk_display_get_app_launch_context (gtk_widget_get_display (widget));

  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), NULL, on_folder_opened,
                                           g_object_ref (widget));
}

void
chat_transfer_row_set_transfer (ChatTransferRow *self,
                                Xep174Transfer  *transfer)
{
  g_set_object (&self->transfer, transfer);
  update (self);
}

/* Not to what ends the file: the key that was pressed for another button may still be held. */
static gboolean
chat_transfer_row_grab_focus (GtkWidget *widget)
{
  ChatTransferRow *self = CHAT_TRANSFER_ROW (widget);
  GtkWidget *buttons[] = { self->save, self->open };

  return chat_focus_give_first (buttons, G_N_ELEMENTS (buttons));
}

static void
chat_transfer_row_dispose (GObject *object)
{
  ChatTransferRow *self = CHAT_TRANSFER_ROW (object);

  g_clear_object (&self->transfer);

  G_OBJECT_CLASS (chat_transfer_row_parent_class)->dispose (object);
}

static void
chat_transfer_row_class_init (ChatTransferRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_transfer_row_dispose;
  widget_class->grab_focus = chat_transfer_row_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/transfer-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatTransferRow, left_out);
  gtk_widget_class_bind_template_child (widget_class, ChatTransferRow, progress);
  gtk_widget_class_bind_template_child (widget_class, ChatTransferRow, save);
  gtk_widget_class_bind_template_child (widget_class, ChatTransferRow, decline);
  gtk_widget_class_bind_template_child (widget_class, ChatTransferRow, cancel);
  gtk_widget_class_bind_template_child (widget_class, ChatTransferRow, open);
  gtk_widget_class_install_action (widget_class, "transfer.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "transfer.save-in", NULL, save_in);
  gtk_widget_class_install_action (widget_class, "transfer.decline", NULL, decline);
  gtk_widget_class_install_action (widget_class, "transfer.cancel", NULL, cancel);
  gtk_widget_class_install_action (widget_class, "transfer.open-folder", NULL, open_folder);
}

/* The split button has no property for how its menu is called; it is the last thing in it. */
static void
name_menu (ChatTransferRow *self)
{
  GtkWidget *menu = gtk_widget_get_last_child (self->save);

  gtk_accessible_update_property (GTK_ACCESSIBLE (menu), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_split_button_get_dropdown_tooltip (ADW_SPLIT_BUTTON (self->save)), -1);
}

static void
chat_transfer_row_init (ChatTransferRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  name_menu (self);
}

ChatTransferRow *
chat_transfer_row_new (void)
{
  return g_object_new (CHAT_TYPE_TRANSFER_ROW, NULL);
}
