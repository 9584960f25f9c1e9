/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files, in libpurple's own windows. The library moves the octets, and libpurple's PurpleXfer shows how far
 * they are. Each of the two may end it; then they part, so that neither is told what it has said itself.
 *
 * The user of libpurple chooses a whole path. Until all of a file has come, and is right, the octets are in a
 * hidden folder beside it: no file ever has the name there that the contact gave it. A folder that comes is
 * hidden by itself, and has that name, or that with a number, only until it gets the one that was chosen.
 * What libpurple calls here enters the library's main context. */

#include "prpl-files.h"

#include "prpl-loop.h"
#include "prpl-parts.h"
#include "translate.h"

/* A call of the library may last longer than the file. */
typedef struct
{
  PrplAccount *account;
  PurpleXfer *xfer;         /* NULL when it has ended */
  Xep174Transfer *transfer; /* NULL until it is offered */
  GFile *folder;            /* ours, where the octets of a file are that have come; NULL if there are none */
  gboolean replaces;        /* the user wants to lose the file that had the name before */
} PrplFile;

static void
file_clear (gpointer data)
{
  PrplFile *file = data;

  g_clear_object (&file->transfer);
  g_clear_object (&file->folder);
}

static void
file_unref (gpointer file)
{
  g_rc_box_release_full (file, file_clear);
}

GPtrArray *
prpl_files_new (void)
{
  return g_ptr_array_new_with_free_func (file_unref);
}

/* --- Beginning and end ----------------------------------------------------------------------- */

static PrplFile *
join (PrplAccount *account,
      PurpleXfer  *xfer)
{
  PrplFile *file = g_rc_box_new0 (PrplFile);

  file->account = account;
  file->xfer = xfer;
  purple_xfer_ref (xfer);
  xfer->data = file;
  g_ptr_array_add (account->files, file);

  return file;
}

/* What libpurple has of it is the caller's to end and to give back, what the library has is cancelled. */
static PurpleXfer *
part (PrplFile *file)
{
  PurpleXfer *xfer = g_steal_pointer (&file->xfer);

  xfer->data = NULL;
  if (file->transfer != NULL)
    {
      g_signal_handlers_disconnect_by_data (file->transfer, file);
      if (!xep174_transfer_get_outgoing (file->transfer))
        xep174_transfer_decline (file->transfer);
      xep174_transfer_cancel (file->transfer);
    }
  if (file->folder != NULL)
    prpl_parts_remove (file->folder);
  g_ptr_array_remove (file->account->files, file);

  return xfer;
}

static void
end_badly (PurpleXfer *xfer,
           const char *why)
{
  purple_xfer_error (purple_xfer_get_type (xfer), purple_xfer_get_account (xfer),
                     purple_xfer_get_remote_user (xfer), why);
  purple_xfer_cancel_local (xfer);
}

static void
fail (PrplFile   *file,
      const char *why)
{
  PurpleXfer *xfer = part (file);

  end_badly (xfer, why);
  purple_xfer_unref (xfer);
}

/* The user does not want it (any more). libpurple calls this, too, for what we have told it to end. */
static void
on_not_wanted (PurpleXfer *xfer)
{
  if (xfer->data == NULL)
    return;

  prpl_loop_enter ();
  purple_xfer_unref (part (xfer->data));
  prpl_loop_leave ();
}

/* --- On the way ------------------------------------------------------------------------------ */

/* libpurple opens the file when it begins, and empties one that comes. It shall not: its user may have chosen
 * to lose what is there, but only when the new one is whole. If it cannot begin, it has ended it. */
static void
begin (PrplFile *file)
{
  g_autofree char *path = g_strdup (purple_xfer_get_local_filename (file->xfer));

  if (purple_xfer_get_start_time (file->xfer) != 0)
    return;

  purple_xfer_set_local_filename (file->xfer, "/dev/null");
  purple_xfer_start (file->xfer, -1, NULL, 0);
  if (file->xfer != NULL)
    purple_xfer_set_local_filename (file->xfer, path);
}

/* Gives it its name. Whoever took that meanwhile keeps it: then the octets stay where they are. Within
 * a file system this does not wait. */
static void
settle (PrplFile *file)
{
  g_autoptr(GFile) chosen = g_file_new_for_path (purple_xfer_get_local_filename (file->xfer));
  GFile *placed = xep174_transfer_get_file (file->transfer);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  /* Somebody has removed it meanwhile. */
  if (placed == NULL || g_file_equal (placed, chosen)
      || g_file_move (placed, chosen, file->replaces ? G_FILE_COPY_OVERWRITE : G_FILE_COPY_NONE, NULL, NULL,
                      NULL, &error))
    return;

  if (file->folder != NULL)
    prpl_parts_leave (file->folder);
  g_clear_object (&file->folder);
  purple_xfer_set_local_filename (file->xfer, g_file_peek_path (placed));
  text = g_strdup_printf (_("%s. The file is here: %s"), error->message, g_file_peek_path (placed));
  purple_notify_warning (file->account->connection, _("Files"), purple_xfer_get_filename (file->xfer), text);
}

static void
finish (PrplFile *file)
{
  PurpleXfer *xfer;

  if (!xep174_transfer_get_outgoing (file->transfer))
    settle (file);
  xfer = part (file);
  purple_xfer_set_bytes_sent (xfer, purple_xfer_get_size (xfer));
  purple_xfer_set_completed (xfer, TRUE);
  purple_xfer_end (xfer);
  purple_xfer_unref (xfer);
}

static void
on_state (Xep174Transfer *transfer,
          GParamSpec     *property,
          PrplFile       *file)
{
  const GError *error = xep174_transfer_get_error (transfer);
  PurpleXfer *xfer;

  g_rc_box_acquire (file);
  switch (xep174_transfer_get_state (transfer))
    {
    case XEP174_TRANSFER_STATE_OFFERED:
    case XEP174_TRANSFER_STATE_WAITING:
      break;
    case XEP174_TRANSFER_STATE_DONE:
      begin (file);
      if (file->xfer != NULL)
        finish (file);
      break;
    case XEP174_TRANSFER_STATE_DECLINED:
    case XEP174_TRANSFER_STATE_CANCELLED:
      /* libpurple says that the contact has cancelled it. */
      xfer = part (file);
      purple_xfer_cancel_remote (xfer);
      purple_xfer_unref (xfer);
      break;
    case XEP174_TRANSFER_STATE_FAILED:
      fail (file, error->message);
      break;
    default:
      begin (file);
    }
  file_unref (file);
}

static void
on_done (Xep174Transfer *transfer,
         GParamSpec     *property,
         PrplFile       *file)
{
  purple_xfer_set_bytes_sent (file->xfer, xep174_transfer_get_done (transfer));
  purple_xfer_update_progress (file->xfer);
}

static void
follow (PrplFile       *file,
        Xep174Transfer *transfer)
{
  file->transfer = g_object_ref (transfer);
  g_signal_connect (transfer, "notify::state", G_CALLBACK (on_state), file);
  g_signal_connect (transfer, "notify::done", G_CALLBACK (on_done), file);
  on_state (transfer, NULL, file);
}

/* Where the user looks: in the conversation, if there is one. */
static void
tell_left_out (PrplFile *file)
{
  guint n = xep174_transfer_get_n_left_out (file->transfer);
  const char *to = purple_xfer_get_remote_user (file->xfer);
  PurpleConversation *conversation
    = purple_find_conversation_with_account (PURPLE_CONV_TYPE_IM, to, file->account->purple);
  g_autofree char *name = g_strdup_printf (_("“%s”"), purple_xfer_get_filename (file->xfer));
  /* Translators: what a folder has beside files and folders */
  g_autofree char *words = g_strdup_printf (ngettext ("%u link or special file in it is not sent",
                                                      "%u links and special files in it are not sent", n), n);
  g_autofree char *text = g_strdup_printf ("%s: %s", name, words);
  g_autofree char *html = g_markup_escape_text (text, -1);

  if (conversation != NULL)
    purple_conversation_write (conversation, NULL, html, PURPLE_MESSAGE_SYSTEM, time (NULL));
  else
    purple_notify_warning (file->account->connection, _("Files"), to, text);
}

/* --- What the user has chosen ---------------------------------------------------------------- */

static void
on_offered (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  PrplFile *file = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Transfer) transfer
    = xep174_client_send_file_finish (XEP174_CLIENT (source), result, &error);

  if (file->xfer != NULL && transfer != NULL)
    {
      /* libpurple has asked the disk, which knows nothing of what is in a folder. */
      purple_xfer_set_size (file->xfer, xep174_transfer_get_size (transfer));
      follow (file, transfer);
      if (file->xfer != NULL && xep174_transfer_get_n_left_out (transfer) > 0)
        tell_left_out (file);
    }
  else if (file->xfer != NULL)
    fail (file, error->message);
  else if (transfer != NULL)
    xep174_transfer_cancel (transfer);
  file_unref (file);
}

static void
offer (PurpleXfer *xfer)
{
  PrplAccount *self = prpl_account_find (purple_xfer_get_account (xfer));
  Xep174Contact *contact
    = self != NULL ? xep174_client_find_contact (self->client, purple_xfer_get_remote_user (xfer)) : NULL;
  g_autoptr(GFile) chosen = g_file_new_for_path (purple_xfer_get_local_filename (xfer));

  if (contact == NULL)
    end_badly (xfer, _("Nobody of that name is on the network (any more)"));
  else
    xep174_client_send_file_async (self->client, contact, chosen, NULL, on_offered,
                                   g_rc_box_acquire (join (self, xfer)));
}

static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  PrplFile *file = user_data;
  g_autoptr(GError) error = NULL;
  gboolean well = xep174_transfer_accept_finish (XEP174_TRANSFER (source), result, &error);

  if (!well && file->xfer != NULL)
    fail (file, error->message);
  else if (!well && file->folder != NULL)
    prpl_parts_remove (file->folder);
  file_unref (file);
}

/* As libpurple does, it waits for the disk: this is about a name, and nothing is written. */
static void
accept (PrplFile   *file,
        const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  gboolean is_folder = xep174_transfer_get_is_folder (file->transfer);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) place = is_folder ? g_file_new_for_path (parent) : prpl_parts_make (parent, &error);

  if (place == NULL)
    {
      fail (file, error->message);
      return;
    }

  /* A user interface asks before it passes on a path that is taken. */
  file->replaces = g_file_test (path, G_FILE_TEST_EXISTS);
  if (!is_folder)
    file->folder = g_object_ref (place);
  xep174_transfer_accept_async (file->transfer, place, NULL, on_accepted, g_rc_box_acquire (file));
}

static void
on_chosen (PurpleXfer *xfer)
{
  prpl_loop_enter ();
  if (purple_xfer_get_type (xfer) == PURPLE_XFER_SEND)
    offer (xfer);
  else if (xfer->data != NULL)
    accept (xfer->data, purple_xfer_get_local_filename (xfer));
  prpl_loop_leave ();
}

/* --- What may be sent and taken -------------------------------------------------------------- */

static PurpleXfer *
new_xfer (PrplAccount    *self,
          PurpleXferType  type,
          const char     *name)
{
  PurpleXfer *xfer = purple_xfer_new (self->purple, type, name);

  purple_xfer_set_init_fnc (xfer, on_chosen);
  purple_xfer_set_request_denied_fnc (xfer, on_not_wanted);
  purple_xfer_set_cancel_send_fnc (xfer, on_not_wanted);
  purple_xfer_set_cancel_recv_fnc (xfer, on_not_wanted);

  return xfer;
}

/* libpurple's question has the name in it, and the size. Whatever takes a file without asking has its name
 * already when this is called, as the last one. */
static void
name_folder (PurpleXfer *xfer,
             PrplFile   *file)
{
  guint n = xep174_transfer_get_n_files (file->transfer);
  g_autofree char *text = NULL;

  if (xfer != file->xfer || purple_xfer_get_status (xfer) == PURPLE_XFER_STATUS_ACCEPTED)
    return;

  /* Translators: name and content of a folder that somebody wants to send; its size comes behind it */
  text = g_strdup_printf (ngettext ("%s: a folder with %u file", "%s: a folder with %u files", n),
                          purple_xfer_get_filename (xfer), n);
  purple_xfer_set_filename (xfer, text);
}

static void
ask (PrplFile *file)
{
  void *handle = purple_xfers_get_handle ();

  g_rc_box_acquire (file);
  if (xep174_transfer_get_is_folder (file->transfer))
    purple_signal_connect_priority (handle, "file-recv-request", file, PURPLE_CALLBACK (name_folder), file,
                                    PURPLE_SIGNAL_PRIORITY_HIGHEST);
  purple_xfer_request (file->xfer);
  purple_signals_disconnect_by_handle (file);
  if (file->xfer != NULL)
    purple_xfer_set_filename (file->xfer, xep174_transfer_get_name (file->transfer));
  file_unref (file);
}

static void
on_transfer_offered (Xep174Client   *client,
                     Xep174Contact  *contact,
                     Xep174Transfer *transfer,
                     PrplAccount    *self)
{
  PurpleXfer *xfer = new_xfer (self, PURPLE_XFER_RECEIVE, xep174_contact_get_name (contact));
  PrplFile *file = join (self, xfer);

  purple_xfer_set_filename (xfer, xep174_transfer_get_name (transfer));
  purple_xfer_set_size (xfer, xep174_transfer_get_size (transfer));
  follow (file, transfer);
  ask (file);
}

/* Where the user wanted it is not known. That of a file is the hidden folder, which nobody else has. */
static void
give_up (Xep174Transfer *transfer)
{
  GFile *folder = xep174_transfer_get_folder (transfer);

  xep174_transfer_cancel (transfer);
  if (folder != NULL && !xep174_transfer_get_is_folder (transfer))
    prpl_parts_remove (folder);
}

/* What a crash has left. What was to be sent goes on. */
static void
take_up (PrplAccount    *self,
         Xep174Transfer *transfer)
{
  GFile *file = xep174_transfer_get_file (transfer);
  PurpleXfer *xfer;

  if (!xep174_transfer_get_outgoing (transfer))
    {
      give_up (transfer);
      return;
    }

  xfer = new_xfer (self, PURPLE_XFER_SEND, xep174_transfer_get_contact (transfer));
  purple_xfer_set_filename (xfer, xep174_transfer_get_name (transfer));
  purple_xfer_set_local_filename (xfer, g_file_peek_path (file));
  purple_xfer_set_size (xfer, xep174_transfer_get_size (transfer));
  purple_xfer_add (xfer);
  follow (join (self, xfer), transfer);
}

/* New ones are told otherwise, and are not waiting yet. */
static void
on_listed (GListModel  *transfers,
           guint        position,
           guint        removed,
           guint        added,
           PrplAccount *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(Xep174Transfer) transfer = g_list_model_get_item (transfers, i);

      if (xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_WAITING)
        take_up (self, transfer);
    }
}

void
prpl_files_watch (PrplAccount *self)
{
  /* Others see that we take files only if somebody has asked for them. */
  g_signal_connect (xep174_client_get_transfers (self->client), "items-changed", G_CALLBACK (on_listed),
                    self);
  g_signal_connect (self->client, "transfer-offered", G_CALLBACK (on_transfer_offered), self);
}

void
prpl_files_forget (PrplAccount *self)
{
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (xep174_client_get_transfers (self->client), self);
  while (self->files->len > 0)
    {
      PurpleXfer *xfer = ((PrplFile *) g_ptr_array_index (self->files, 0))->xfer;

      purple_xfer_error (purple_xfer_get_type (xfer), self->purple, purple_xfer_get_remote_user (xfer),
                         _("You have gone offline."));
      purple_xfer_cancel_local (xfer);
    }
}

gboolean
prpl_files_can_send (PurpleConnection *connection,
                     const char       *name)
{
  return xep174_client_find_contact (prpl_account_get (connection)->client, name) != NULL;
}

PurpleXfer *
prpl_files_new_xfer (PurpleConnection *connection,
                     const char       *name)
{
  return new_xfer (prpl_account_get (connection), PURPLE_XFER_SEND, name);
}

void
prpl_files_send (PurpleConnection *connection,
                 const char       *name,
                 const char       *path)
{
  PurpleXfer *xfer = prpl_files_new_xfer (connection, name);

  if (path != NULL)
    purple_xfer_request_accepted (xfer, path);
  else
    purple_xfer_request (xfer);
}
