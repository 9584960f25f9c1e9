/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Romeo sends a folder to Juliet, who keeps it. Both are in this program. */

#include <unistd.h>

#include <glib/gstdio.h>
#include <xep174/xep174.h>

#define wait_for(condition) while (!(condition)) g_main_context_iteration (NULL, TRUE)

/* Romeo. */
static void
on_sent (GObject      *client,
         GAsyncResult *result,
         gpointer      user_data)
{
  Xep174Transfer **transfer = user_data;
  g_autoptr(GError) error = NULL;
  guint n_left_out;

  *transfer = xep174_client_send_file_finish (XEP174_CLIENT (client), result, &error);
  if (*transfer == NULL)
    {
      g_printerr ("Not sent: %s\n", error->message);
      return;
    }

  n_left_out = xep174_transfer_get_n_left_out (*transfer);
  if (n_left_out > 0)
    g_print ("Romeo: links and special files in %s that are not sent: %u\n",
             xep174_transfer_get_name (*transfer), n_left_out);
}

/* Juliet: a person would be asked. */
static void
on_state (Xep174Transfer *transfer,
          GParamSpec     *property,
          gpointer        user_data)
{
  GFile *downloads = xep174_transfer_get_folder (transfer);
  GFile *file = xep174_transfer_get_file (transfer);
  g_autofree char *path = NULL;

  if (xep174_transfer_get_state (transfer) != XEP174_TRANSFER_STATE_DONE)
    return;

  path = g_file_get_relative_path (downloads, file);
  g_print ("Juliet: it is in the folder for downloads as %s\n", path);
}

static void
on_accepted (GObject      *transfer,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!xep174_transfer_accept_finish (XEP174_TRANSFER (transfer), result, &error))
    g_printerr ("Not accepted: %s\n", error->message);
}

static void
on_offered (Xep174Client   *client,
            Xep174Contact  *contact,
            Xep174Transfer *transfer,
            GFile          *downloads)
{
  if (xep174_transfer_get_is_folder (transfer))
    g_print ("Juliet: %s offers the folder %s, number of files: %u\n", xep174_contact_get_name (contact),
             xep174_transfer_get_name (transfer), xep174_transfer_get_n_files (transfer));
  g_signal_connect (transfer, "notify::state", G_CALLBACK (on_state), NULL);
  xep174_transfer_accept_async (transfer, downloads, NULL, on_accepted, NULL);
}

static Xep174Client *
go_online (const char *user,
           const char *machine)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new (user, NULL);
  g_autoptr(Xep174ManualDiscovery) discovery = xep174_manual_discovery_new ();
  Xep174Client *client;

  xep174_profile_set_machine (profile, machine, NULL);
  /* Keys in memory: this is only a story. */
  client = g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", discovery, "data-dir",
                         "/dev/null/none", NULL);
  xep174_client_get_transfers (client);
  xep174_client_start_async (client, NULL, NULL, NULL);
  wait_for (xep174_client_get_running (client));
  return client;
}

static Xep174Contact *
meet (Xep174Client *client,
      Xep174Client *other)
{
  Xep174ManualDiscovery *discovery = XEP174_MANUAL_DISCOVERY (xep174_client_get_discovery (client));

  return xep174_manual_discovery_add (discovery, xep174_client_get_local_name (other), "127.0.0.1",
                                      xep174_client_get_port (other), NULL);
}

/* What Romeo sends, in @root: a file, and a symbolic link to it. */
static GFile *
make_folder (const char *root)
{
  g_autofree char *folder = g_build_filename (root, "sonnets", NULL);
  g_autofree char *path = g_build_filename (folder, "18.txt", NULL);
  g_autofree char *link_path = g_build_filename (folder, "best.txt", NULL);

  g_mkdir (folder, 0700);
  g_file_set_contents (path, "Shall I compare thee to a summer's day?\n", -1, NULL);
  if (symlink ("18.txt", link_path) != 0)
    g_printerr ("There is no link\n");

  return g_file_new_for_path (folder);
}

static void
remove_all (const char *root)
{
  static const char *const paths[] = { "sonnets/18.txt", "sonnets/best.txt", "sonnets",
                                       "downloads/sonnets/18.txt", "downloads/sonnets", "downloads", "" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = g_build_filename (root, paths[i], NULL);

      g_remove (path);
    }
}

int
main (void)
{
  g_autoptr(Xep174Client) romeo = go_online ("romeo", "montague");
  g_autoptr(Xep174Client) juliet = go_online ("juliet", "capulet");
  Xep174Contact *contact = meet (romeo, juliet);
  g_autofree char *root = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (root, "downloads", NULL);
  g_autoptr(GFile) downloads = g_file_new_for_path (path);
  g_autoptr(GFile) folder = make_folder (root);
  g_autoptr(Xep174Transfer) transfer = NULL;

  meet (juliet, romeo);
  g_mkdir (path, 0700);
  g_signal_connect (juliet, "transfer-offered", G_CALLBACK (on_offered), downloads);

  xep174_client_send_file_async (romeo, contact, folder, NULL, on_sent, &transfer);
  wait_for (transfer != NULL && xep174_transfer_has_ended (transfer));
  if (xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_DONE)
    g_print ("Romeo: %s has arrived\n", xep174_transfer_get_name (transfer));
  else
    g_print ("Romeo: %s\n", xep174_transfer_get_error (transfer)->message);

  remove_all (root);
  return 0;
}
