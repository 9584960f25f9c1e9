/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat --json: files. A transfer is named by the number that its first event has. */

#include "cli-json-files.h"

#define ID "xep174-cli-json-id"

/* --- Events --------------------------------------------------------------------------------- */

static void
id_free (CliJsonId *id)
{
  g_free (id->text);
  g_free (id);
}

/* Of a folder. What is not sent of ours is not known before it was read, after a restart. */
static void
set_files (JsonObject       *event,
           CliTransferEvent  what,
           Xep174Transfer   *transfer)
{
  if (!xep174_transfer_get_is_folder (transfer))
    return;

  json_object_set_int_member (event, "files", xep174_transfer_get_n_files (transfer));
  if (xep174_transfer_get_outgoing (transfer) && what != CLI_TRANSFER_WAITS)
    json_object_set_int_member (event, "left_out", xep174_transfer_get_n_left_out (transfer));
}

/* Where it is, or is to be, on this machine. */
static void
set_path (JsonObject *event,
          const char *member,
          GFile      *file)
{
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *shown = path != NULL ? g_filename_to_utf8 (path, -1, NULL, NULL, NULL) : NULL;

  cli_event_set_string (event, member, shown);
}

/* All that a program has to know, if it is told first of this one that the program before has left. */
static void
set_origin (JsonObject       *event,
            CliTransferEvent  what,
            Xep174Transfer   *transfer)
{
  cli_event_set_string (event, "uuid", xep174_transfer_get_id (transfer));
  cli_event_set_string (event, "contact", xep174_transfer_get_contact (transfer));
  cli_event_set_string (event, "name", xep174_transfer_get_name (transfer));
  json_object_set_int_member (event, "size", xep174_transfer_get_size (transfer));
  cli_event_set_string (event, "media_type", xep174_transfer_get_media_type (transfer));
  if (xep174_transfer_get_outgoing (transfer))
    set_path (event, "path", xep174_transfer_get_file (transfer));
  else
    set_path (event, "folder", xep174_transfer_get_folder (transfer));
  set_files (event, what, transfer);
}

static void
set_end (JsonObject       *event,
         CliTransferEvent  what,
         Xep174Transfer   *transfer)
{
  set_path (event, "path", xep174_transfer_get_file (transfer));
  json_object_set_int_member (event, "size", xep174_transfer_get_size (transfer));
  cli_event_set_string (event, "sha256", xep174_transfer_get_sha256 (transfer));
  set_files (event, what, transfer);
}

void
cli_json_tell_transfer (CliTransferEvent  what,
                        Xep174Transfer   *transfer,
                        gpointer          data)
{
  static const char *const names[] = {
    [CLI_TRANSFER_STARTED] = "transfer-started",
    [CLI_TRANSFER_OFFERED] = "transfer-offered",
    [CLI_TRANSFER_MOVED] = "transfer-progress",
    [CLI_TRANSFER_WAITS] = "transfer-waiting",
    [CLI_TRANSFER_DONE] = "transfer-done",
    [CLI_TRANSFER_FAILED] = "transfer-failed",
  };
  const CliJsonId *id = g_object_get_data (G_OBJECT (transfer), ID);
  const GError *error = xep174_transfer_get_error (transfer);
  JsonObject *event;

  if (what == CLI_TRANSFER_LEFT)
    {
      if (!cli_transfers_is_waiting (transfer))
        cli_json_tell_transfer (CLI_TRANSFER_WAITS, transfer, data);
      return;
    }

  event = cli_event_new (names[what]);
  json_object_set_int_member (event, "transfer", cli_transfers_get_number (transfer));
  json_object_set_boolean_member (event, "outgoing", xep174_transfer_get_outgoing (transfer));
  if (id != NULL && id->text != NULL)
    cli_json_set_id (event, *id);
  if (what == CLI_TRANSFER_STARTED || what == CLI_TRANSFER_OFFERED || what == CLI_TRANSFER_WAITS)
    set_origin (event, what, transfer);
  if (what == CLI_TRANSFER_MOVED || what == CLI_TRANSFER_WAITS)
    json_object_set_int_member (event, "done", xep174_transfer_get_done (transfer));
  if (what == CLI_TRANSFER_DONE)
    set_end (event, what, transfer);
  if (what == CLI_TRANSFER_FAILED)
    cli_event_set_string (event, "reason", error != NULL ? error->message : NULL);
  cli_event_emit (event);
}

/* --- Commands ------------------------------------------------------------------------------- */

static void
on_offered (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  CliJsonTask *task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Transfer) transfer =
    xep174_client_send_file_finish (XEP174_CLIENT (source), result, &error);

  if (transfer == NULL)
    cli_json_report_failure (task->app, "transfer-failed", task->id, "reason", error->message);
  else
    {
      g_object_set_data_full (G_OBJECT (transfer), ID,
                              g_memdup2 (&(CliJsonId) { g_strdup (task->id.text), task->id.is_number },
                                         sizeof task->id),
                              (GDestroyNotify) id_free);
      cli_transfers_add (task->transfers, transfer);
    }
  cli_app_release (task->app);
  cli_json_task_free (task);
}

gboolean
cli_json_send_file (CliJsonCommand  *command,
                    GError         **error)
{
  const char *path = cli_json_get_word (command, "path", error);
  Xep174Contact *contact = path != NULL ? cli_json_get_contact (command, "to", error) : NULL;
  g_autoptr(GFile) file = NULL;

  if (contact == NULL)
    return FALSE;

  file = g_file_new_for_path (path);
  cli_app_hold (command->app);
  xep174_client_send_file_async (cli_app_get_client (command->app), contact, file, NULL, on_offered,
                                 cli_json_task_new (command));

  return TRUE;
}

static Xep174Transfer *
get_transfer (CliJsonCommand  *command,
              GError         **error)
{
  JsonNode *node = json_object_get_member (command->object, "transfer");
  gboolean is_number = node != NULL && json_node_get_value_type (node) == G_TYPE_INT64;
  gint64 number = is_number ? json_node_get_int (node) : 0;
  Xep174Transfer *transfer =
    number <= G_MAXINT ? cli_transfers_find (command->transfers, MAX (number, 0)) : NULL;

  if (transfer == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         "“transfer” is missing, or is not the number of a file");
  else if (xep174_transfer_has_ended (transfer))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "File %d has ended already", (int) number);
  else
    return transfer;

  return NULL;
}

/* Why a file cannot be taken stands in the event that tells its end, too; what may be tried again does not
 * end it. */
static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  CliJsonTask *task = user_data;
  Xep174Transfer *transfer = XEP174_TRANSFER (source);
  g_autoptr(GError) error = NULL;

  if (!xep174_transfer_accept_finish (transfer, result, &error) && !xep174_transfer_has_ended (transfer))
    cli_json_report_failure (task->app, "error", task->id, "message", error->message);
  cli_json_task_free (task);
}

gboolean
cli_json_accept_transfer (CliJsonCommand  *command,
                          GError         **error)
{
  Xep174Transfer *transfer = get_transfer (command, error);
  const char *path = transfer != NULL ? cli_json_get_word (command, "folder", error) : NULL;
  g_autoptr(GFile) folder = path != NULL ? g_file_new_for_path (path) : NULL;

  if (folder == NULL)
    return FALSE;

  xep174_transfer_accept_async (transfer, folder, NULL, on_accepted, cli_json_task_new (command));

  return TRUE;
}

gboolean
cli_json_decline_transfer (CliJsonCommand  *command,
                           GError         **error)
{
  Xep174Transfer *transfer = get_transfer (command, error);

  if (transfer == NULL)
    return FALSE;
  if (xep174_transfer_get_outgoing (transfer)
      || xep174_transfer_get_state (transfer) != XEP174_TRANSFER_STATE_OFFERED)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "Only what is offered, and was not answered yet, can be declined; "
                           "“cancel-transfer” stops the others");
      return FALSE;
    }

  xep174_transfer_decline (transfer);

  return TRUE;
}

gboolean
cli_json_cancel_transfer (CliJsonCommand  *command,
                          GError         **error)
{
  Xep174Transfer *transfer = get_transfer (command, error);

  if (transfer != NULL)
    xep174_transfer_cancel (transfer);

  return transfer != NULL;
}
