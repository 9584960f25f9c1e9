/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Romeo sends a file to Juliet, who keeps it. Both are in this program. */

#include <glib/gstdio.h>
#include <xep174/xep174.h>

#define wait_for(condition) while (!(condition)) g_main_context_iteration (NULL, TRUE)

static char *folder;

/* Juliet: a person would be asked, and shown what is to be known. */
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
            gpointer        user_data)
{
  g_autoptr(GFile) downloads = g_file_new_for_path (folder);

  g_print ("%s offers %s, %" G_GUINT64_FORMAT " octets\n", xep174_contact_get_name (contact),
           xep174_transfer_get_name (transfer), xep174_transfer_get_size (transfer));
  xep174_transfer_accept_async (transfer, downloads, NULL, on_accepted, NULL);
}

/* Romeo. */
static const char *
describe (Xep174Transfer *transfer)
{
  switch (xep174_transfer_get_state (transfer))
    {
    case XEP174_TRANSFER_STATE_OFFERED:
      return "offered";
    case XEP174_TRANSFER_STATE_CONNECTING:
    case XEP174_TRANSFER_STATE_MOVING:
    case XEP174_TRANSFER_STATE_CHECKING:
      return "on its way";
    case XEP174_TRANSFER_STATE_WAITING:
      return "interrupted; it goes on by itself";
    case XEP174_TRANSFER_STATE_DONE:
      return "has arrived";
    case XEP174_TRANSFER_STATE_DECLINED:
    case XEP174_TRANSFER_STATE_CANCELLED:
    case XEP174_TRANSFER_STATE_FAILED:
    default:
      return xep174_transfer_get_error (transfer)->message;
    }
}

static void
on_sent (GObject      *client,
         GAsyncResult *result,
         gpointer      user_data)
{
  Xep174Transfer **transfer = user_data;
  g_autoptr(GError) error = NULL;

  *transfer = xep174_client_send_file_finish (XEP174_CLIENT (client), result, &error);
  if (*transfer == NULL)
    g_printerr ("Not sent: %s\n", error->message);
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

int
main (void)
{
  g_autoptr(Xep174Client) romeo = go_online ("romeo", "montague");
  g_autoptr(Xep174Client) juliet = go_online ("juliet", "capulet");
  Xep174Contact *contact = meet (romeo, juliet);
  g_autoptr(Xep174Transfer) transfer = NULL;
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *copy = NULL;

  meet (juliet, romeo);
  folder = g_dir_make_tmp (NULL, NULL);
  path = g_build_filename (folder, "sonnet.txt", NULL);
  copy = g_build_filename (folder, "sonnet (1).txt", NULL);
  g_file_set_contents (path, "Shall I compare thee to a summer's day?\n", -1, NULL);
  g_signal_connect (juliet, "transfer-offered", G_CALLBACK (on_offered), NULL);

  file = g_file_new_for_path (path);
  xep174_client_send_file_async (romeo, contact, file, NULL, on_sent, &transfer);
  wait_for (transfer != NULL && xep174_transfer_has_ended (transfer));
  g_print ("%s %s\n", xep174_transfer_get_name (transfer), describe (transfer));

  g_unlink (path);
  g_unlink (copy);
  g_rmdir (folder);
  g_free (folder);
  return 0;
}
