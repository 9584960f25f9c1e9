/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-attach.h"

#include <glib/gstdio.h>

#include "translate.h"

typedef struct
{
  GtkWidget *widget;
  ChatConversation *conversation;
  char *temporary; /* (nullable) (type filename): a file of ours, alone in its folder */
} Deed;

static Deed *
deed_new (GtkWidget        *widget,
          ChatConversation *conversation)
{
  Deed *deed = g_new0 (Deed, 1);

  deed->widget = g_object_ref (widget);
  deed->conversation = g_object_ref (conversation);

  return deed;
}

static void
deed_free (Deed *deed)
{
  g_object_unref (deed->widget);
  g_object_unref (deed->conversation);
  g_free (deed->temporary);
  g_free (deed);
}

static void
deed_free_closure (gpointer  deed,
                   GClosure *closure)
{
  deed_free (deed);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deed, deed_free)

static void
tell (Deed       *deed,
      const char *text)
{
  gtk_widget_activate_action (deed->widget, "win.tell", "s", text);
}

static void
remove_temporary (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
}

static void
free_path (gpointer  path,
           GClosure *closure)
{
  g_free (path);
}

/* What goes on after the next start of the program is needed until then. */
static void
on_state_changed (Xep174Transfer *transfer,
                  GParamSpec     *pspec,
                  const char     *path)
{
  if (xep174_transfer_has_ended (transfer))
    remove_temporary (path);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Deed) deed = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Transfer) transfer =
    xep174_client_send_file_finish (XEP174_CLIENT (source), result, &error);

  if (transfer == NULL)
    tell (deed, error->message);
  if (deed->temporary == NULL)
    return;

  if (transfer == NULL || xep174_transfer_has_ended (transfer))
    remove_temporary (deed->temporary);
  else
    g_signal_connect_data (transfer, "notify::state", G_CALLBACK (on_state_changed),
                           g_strdup (deed->temporary), free_path, 0);
}

static void
send_file (GtkWidget        *widget,
           ChatConversation *conversation,
           GFile            *file)
{
  chat_conversation_send_file (conversation, file, on_sent, deed_new (widget, conversation));
}

/* --- Chosen --------------------------------------------------------------------------------- */

static void
on_chosen (GtkFileChooser *dialog,
           int             response,
           Deed           *deed)
{
  g_autoptr(GListModel) files =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_files (dialog) : NULL;

  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);

      send_file (deed->widget, deed->conversation, file);
    }
  g_object_unref (dialog);
}

static void
choose (GtkWidget            *widget,
        ChatConversation     *conversation,
        const char           *title,
        GtkFileChooserAction  action)
{
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (widget)), action, _("_Send"), NULL);

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_chosen), deed_new (widget, conversation),
                         deed_free_closure, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
chat_attach_choose (GtkWidget        *widget,
                    ChatConversation *conversation)
{
  g_autofree char *title =
    g_strdup_printf (_("Send Files to %s"), chat_conversation_get_name (conversation));

  choose (widget, conversation, title, GTK_FILE_CHOOSER_ACTION_OPEN);
}

void
chat_attach_choose_folder (GtkWidget        *widget,
                           ChatConversation *conversation)
{
  g_autofree char *title =
    g_strdup_printf (_("Send a Folder to %s"), chat_conversation_get_name (conversation));

  choose (widget, conversation, title, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

/* --- Dropped or pasted ---------------------------------------------------------------------- */

/* The name is what the other side sees. The folder is for us alone. */
static char *
make_temporary (GError **error)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d %H.%M.%S");
  /* Translators: the name of the file with a picture that was pasted; date and time come after it */
  g_autofree char *name = g_strdup_printf (_("Picture %s.png"), stamp);
  g_autofree char *folder = g_dir_make_tmp (NULL, error);

  return folder != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

static void
send_picture (GtkWidget        *widget,
              ChatConversation *conversation,
              GdkTexture       *texture)
{
  Deed *deed = deed_new (widget, conversation);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;

  deed->temporary = make_temporary (&error);
  if (deed->temporary == NULL)
    tell (deed, error->message);
  else if (!gdk_texture_save_to_png (texture, deed->temporary))
    {
      tell (deed, _("The picture cannot be kept for sending"));
      remove_temporary (deed->temporary);
    }
  else
    {
      file = g_file_new_for_path (deed->temporary);
      chat_conversation_send_file (conversation, file, on_sent, deed);
      return;
    }
  deed_free (deed);
}

void
chat_attach_value (GtkWidget        *widget,
                   ChatConversation *conversation,
                   const GValue     *value)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    for (GSList *link = g_value_get_boxed (value); link != NULL; link = link->next)
      send_file (widget, conversation, link->data);
  else if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    send_picture (widget, conversation, g_value_get_object (value));
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Deed) deed = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (value != NULL)
    chat_attach_value (deed->widget, deed->conversation, value);
  else
    tell (deed, error->message);
}

gboolean
chat_attach_paste (GtkWidget        *widget,
                   ChatConversation *conversation)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  GdkContentFormats *told = gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard));
  g_autoptr(GdkContentFormats) formats = gdk_content_formats_union_deserialize_gtypes (told);
  gboolean has_files = gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST);
  gboolean has_text = gdk_content_formats_contain_gtype (formats, G_TYPE_STRING);
  gboolean has_picture = gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE);

  /* A table cell of an office program comes as a picture, too. */
  if (!has_files && (has_text || !has_picture))
    return FALSE;

  gdk_clipboard_read_value_async (clipboard, has_files ? GDK_TYPE_FILE_LIST : GDK_TYPE_TEXTURE,
                                  G_PRIORITY_DEFAULT, NULL, on_read, deed_new (widget, conversation));

  return TRUE;
}
