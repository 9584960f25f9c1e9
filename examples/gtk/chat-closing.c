/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-closing.h"

#include "translate.h"

static void
on_response (GtkWidget  *dialog,
             const char *response,
             GtkWindow  *parent)
{
  gtk_widget_activate_action (GTK_WIDGET (parent), response, NULL);
}

GtkWindow *
chat_closing_ask (GtkWindow *parent)
{
  GtkWidget *dialog = adw_message_dialog_new (
    parent, _("Files Are on Their Way"),
    _("If you close now, they go on when both of you are there again, if both programs can do that"));
  AdwMessageDialog *self = ADW_MESSAGE_DIALOG (dialog);

  gtk_window_set_title (GTK_WINDOW (dialog), _("Files Are on Their Way"));
  adw_message_dialog_add_responses (self,
                                    "app.stay", _("_Keep Open"),
                                    "app.quit-now", _("Close _Now"),
                                    "app.quit-later", _("Close When _Done"),
                                    NULL);
  adw_message_dialog_set_response_appearance (self, "app.quit-now", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (self, "app.quit-later", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (self, "app.quit-later");
  adw_message_dialog_set_close_response (self, "app.stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response), parent, 0);
  gtk_window_present (GTK_WINDOW (dialog));

  return GTK_WINDOW (dialog);
}

AdwToast *
chat_closing_toast_new (gboolean for_files)
{
  AdwToast *toast = adw_toast_new (for_files ? _("Waiting until your files are done…")
                                             : _("Waiting until your messages have arrived…"));

  adw_toast_set_timeout (toast, 0);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_button_label (toast, _("_Quit Now"));
  adw_toast_set_action_name (toast, "app.quit-now");

  return toast;
}

typedef struct
{
  AdwStatusPage *status;
  GtkLabel *text;
  ChatUntold *untold;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_signal_handlers_disconnect_by_data (page->untold, page);
  g_object_unref (page->untold);
  g_free (page);
}

static void
update (Page *page)
{
  g_autofree char *text = chat_untold_dup_text (page->untold);

  gtk_label_set_label (page->text, text);
  adw_status_page_set_description (page->status, chat_untold_get_description (page->untold));
}

GtkWidget *
chat_closing_page_new (ChatUntold *untold)
{
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource (CHAT_RESOURCES "/untold.ui");
  GtkWidget *widget = GTK_WIDGET (gtk_builder_get_object (builder, "page"));
  GtkWidget *close = GTK_WIDGET (gtk_builder_get_object (builder, "close"));
  Page *page = g_new (Page, 1);

  page->status = ADW_STATUS_PAGE (gtk_builder_get_object (builder, "status"));
  page->text = GTK_LABEL (gtk_builder_get_object (builder, "text"));
  page->untold = g_object_ref (untold);
  g_object_set_data_full (G_OBJECT (widget), "chat-untold", page, page_free);
  if (chat_untold_has_file (untold))
    adw_status_page_set_title (page->status, _("Not Everything Has Arrived"));
  g_signal_connect_swapped (untold, "changed", G_CALLBACK (update), page);
  g_signal_connect_object (widget, "map", G_CALLBACK (gtk_widget_grab_focus), close, G_CONNECT_SWAPPED);
  update (page);

  return g_object_ref_sink (widget);
}
