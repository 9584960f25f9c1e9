/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <xep174/xep174.h>

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
on_started (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Xep174Client *client = XEP174_CLIENT (source);
  GMainLoop *loop = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_client_start_finish (client, result, &error))
    {
      g_printerr ("Cannot go online: %s\n", error->message);
      g_main_loop_quit (loop);
      return;
    }

  g_print ("You are %s\n", xep174_client_get_local_name (client));
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Profile) me = NULL;
  g_autoptr(Xep174Client) client = NULL;

  me = xep174_profile_new (argc > 1 ? argv[1] : g_get_user_name (), &error);
  if (me == NULL)
    {
      g_printerr ("This cannot be your name: %s\n", error->message);
      return 1;
    }

  client = xep174_client_new (me, NULL);
  g_signal_connect (client, "contact-added", G_CALLBACK (on_contact_added), NULL);
  g_signal_connect (client, "contact-removed", G_CALLBACK (on_contact_removed), NULL);
  xep174_client_start_async (client, NULL, on_started, loop);
  g_main_loop_run (loop);

  return 0;
}
