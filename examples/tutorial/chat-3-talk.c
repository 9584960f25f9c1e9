/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gunixinputstream.h>
#include <unistd.h>
#include <xep174/xep174.h>

typedef struct
{
  GMainLoop        *loop;
  Xep174Client     *client;
  GDataInputStream *input;
  const char       *other;
} Chat;

static void read_line (Chat *chat);

static void
on_contact_added (Xep174Client  *client,
                  Xep174Contact *contact,
                  gpointer       user_data)
{
  g_print ("%s is here\n", xep174_contact_get_name (contact));
}

static void
on_contact_removed (Xep174Client  *client,
                    Xep174Contact *contact,
                    gpointer       user_data)
{
  g_print ("%s has left\n", xep174_contact_get_name (contact));
}

static void
on_message (Xep174Client  *client,
            Xep174Contact *contact,
            Xep174Message *message,
            gpointer       user_data)
{
  g_print ("%s: %s\n", xep174_contact_get_display_name (contact),
           xep174_message_get_body (message));
}

static void
on_unconfirmed (Xep174Client  *client,
                Xep174Contact *contact,
                Xep174Message *message,
                gpointer       user_data)
{
  g_print ("%s may not have read: %s\n", xep174_contact_get_display_name (contact),
           xep174_message_get_body (message));
}

static void
on_refused (Xep174Client  *client,
            Xep174Contact *contact,
            const char    *id,
            const GError  *error,
            gpointer       user_data)
{
  g_print ("%s has not got it: %s\n", xep174_contact_get_display_name (contact), error->message);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!xep174_client_send_text_finish (XEP174_CLIENT (source), result, &error))
    g_print ("Not sent: %s\n", error->message);
}

static void
say (Chat       *chat,
     const char *text)
{
  Xep174Contact *contact = xep174_client_find_contact (chat->client, chat->other);

  if (contact == NULL)
    g_print ("%s is not here\n", chat->other);
  else if (*text != '\0')
    xep174_client_send_text_async (chat->client, contact, text, NULL, on_sent, chat);
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Chat *chat = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_client_stop_finish (chat->client, result, &error))
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (chat->loop);
}

static void
on_line (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Chat *chat = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (chat->input, result, NULL,
                                                                     &error);

  if (error != NULL)
    g_printerr ("Cannot read: %s\n", error->message);
  if (line == NULL)
    {
      xep174_client_stop_async (chat->client, NULL, on_stopped, chat);
      return;
    }

  say (chat, line);
  read_line (chat);
}

static void
read_line (Chat *chat)
{
  g_data_input_stream_read_line_async (chat->input, G_PRIORITY_DEFAULT, NULL, on_line, chat);
}

static void
on_started (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Chat *chat = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_client_start_finish (chat->client, result, &error))
    {
      g_printerr ("Cannot go online: %s\n", error->message);
      g_main_loop_quit (chat->loop);
      return;
    }

  g_print ("You are %s\n", xep174_client_get_local_name (chat->client));
  read_line (chat);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GInputStream) terminal = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr(GDataInputStream) input = g_data_input_stream_new (terminal);
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Profile) me = NULL;
  g_autoptr(Xep174Client) client = NULL;
  Chat chat = { loop, NULL, input, NULL };

  if (argc != 3)
    {
      g_printerr ("Usage: %s MY-NAME OTHER@MACHINE\n", argv[0]);
      return 1;
    }

  me = xep174_profile_new (argv[1], &error);
  if (me == NULL)
    {
      g_printerr ("This cannot be your name: %s\n", error->message);
      return 1;
    }

  client = xep174_client_new (me, NULL);
  chat.client = client;
  chat.other = argv[2];

  g_signal_connect (client, "contact-added", G_CALLBACK (on_contact_added), NULL);
  g_signal_connect (client, "contact-removed", G_CALLBACK (on_contact_removed), NULL);
  g_signal_connect (client, "message-received", G_CALLBACK (on_message), NULL);
  g_signal_connect (client, "message-unconfirmed", G_CALLBACK (on_unconfirmed), NULL);
  g_signal_connect (client, "message-refused", G_CALLBACK (on_refused), NULL);
  xep174_client_start_async (client, NULL, on_started, &chat);
  g_main_loop_run (loop);

  return 0;
}
