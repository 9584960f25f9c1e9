/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat: files, as a person sends and takes them. */

#include <string.h>

#include "cli-chat-private.h"
#include "cli-text.h"
#include "cli-transfer-words.h"
#include "translate.h"

static void
tell (CliChat        *self,
      Xep174Transfer *transfer,
      const char     *text)
{
  g_autofree char *name = cli_transfer_name (transfer);
  g_autofree char *painted = cli_chat_paint_name (self, xep174_transfer_get_contact (transfer));

  cli_chat_show_note (self, xep174_transfer_get_outgoing (transfer)
                              /* Translators: number and name of a file, whom it is for, how it is */
                              ? _("%u: %s for %s: %s") : _("%u: %s from %s: %s"),
                      cli_transfers_get_number (transfer), name, painted, text);
}

static void
tell_offer (CliChat        *self,
            Xep174Transfer *transfer)
{
  guint number = cli_transfers_get_number (transfer);
  g_autofree char *size = cli_transfer_size (transfer);
  g_autofree char *text =
    g_strdup_printf (_("%s; /save %u puts it into this folder, /decline %u does not want it"), size, number,
                     number);

  tell (self, transfer, text);
}

static void
tell_done (CliChat        *self,
           Xep174Transfer *transfer)
{
  GFile *file = xep174_transfer_get_file (transfer);
  g_autofree char *path = file != NULL ? g_file_get_parse_name (file) : NULL;
  g_autofree char *shown = path != NULL ? cli_text_line (path) : NULL;
  g_autofree char *text = NULL;

  if (xep174_transfer_get_outgoing (transfer) || shown == NULL)
    text = g_strdup (_("it has arrived"));
  else
    text = g_strdup_printf (_("it is here: %s"), shown);
  tell (self, transfer, text);
}

static void
tell_left_out (CliChat        *self,
               Xep174Transfer *transfer)
{
  g_autofree char *text = cli_transfer_left_out (transfer);

  if (text != NULL)
    tell (self, transfer, text);
}

void
cli_chat_tell_transfer (CliTransferEvent  event,
                        Xep174Transfer   *transfer,
                        gpointer          data)
{
  CliChat *self = data;
  g_autofree char *text = NULL;

  switch (event)
    {
    case CLI_TRANSFER_OFFERED:
      tell_offer (self, transfer);
      break;
    case CLI_TRANSFER_DONE:
      tell_done (self, transfer);
      break;
    case CLI_TRANSFER_STARTED:
    case CLI_TRANSFER_WAITS:
    case CLI_TRANSFER_FAILED:
      text = cli_transfer_describe (transfer);
      tell (self, transfer, text);
      if (event == CLI_TRANSFER_STARTED)
        tell_left_out (self, transfer);
      break;
    case CLI_TRANSFER_MOVED:
      break;
    }
}

/* --- Commands ------------------------------------------------------------------------------- */

/* No shell has read what is typed here, so who means the home folder is understood by us. */
static GFile *
find_file (const char *typed)
{
  g_autofree char *path = NULL;

  if (typed[0] != '~' || (typed[1] != '\0' && !G_IS_DIR_SEPARATOR (typed[1])))
    return g_file_new_for_commandline_arg (typed);

  path = g_build_filename (g_get_home_dir (), typed + 1, NULL);

  return g_file_new_for_path (path);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  CliChat *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Transfer) transfer =
    xep174_client_send_file_finish (XEP174_CLIENT (source), result, &error);

  if (transfer != NULL)
    cli_transfers_add (self->transfers, transfer);
  else
    {
      cli_app_fail (self->app);
      cli_chat_show_error (self, error->message);
    }
  cli_app_release (self->app);
}

void
cli_chat_send_file (CliChat    *self,
                    const char *rest)
{
  g_autoptr(GError) error = NULL;
  Xep174Contact *contact = NULL;
  g_autoptr(GFile) file = NULL;

  if (*rest == '\0')
    cli_chat_show_error (self, _("/send FILE"));
  else if (self->partner == NULL)
    cli_chat_show_error (self, _("you talk to nobody yet; /to NAME chooses somebody"));
  else if ((contact = cli_app_find_contact (self->app, self->partner, TRUE, &error)) == NULL)
    cli_chat_show_error (self, error->message);
  if (contact == NULL)
    return;

  file = find_file (rest);
  cli_app_hold (self->app);
  xep174_client_send_file_async (cli_app_get_client (self->app), contact, file, NULL, on_sent, self);
}

/* The one with the number at the start of @rest; without a number the only one for which @fits: which one was
 * the last may have changed while it was typed. */
static Xep174Transfer *
choose (CliChat      *self,
        const char  **rest,
        gboolean    (*fits) (Xep174Transfer *transfer))
{
  gsize length = strspn (*rest, G_CSET_DIGITS);
  gboolean is_named = length > 0 && ((*rest)[length] == ' ' || (*rest)[length] == '\0');
  guint64 number = is_named ? g_ascii_strtoull (*rest, NULL, 10) : 0;
  Xep174Transfer *found = NULL;
  Xep174Transfer *transfer;
  guint n = 0;

  if (is_named)
    *rest += length + strspn (*rest + length, " ");
  for (guint i = 1; (transfer = cli_transfers_find (self->transfers, i)) != NULL; i++)
    if (fits (transfer) && (!is_named || i == number))
      {
        found = transfer;
        n++;
      }

  if (n == 1)
    return found;

  cli_chat_show_error (self, n == 0 ? _("there is no such file; /files tells which there are")
                                    : _("there are several; name one by its number, which /files tells"));
  return NULL;
}

static gboolean
is_offered (Xep174Transfer *transfer)
{
  return !xep174_transfer_get_outgoing (transfer)
         && xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_OFFERED;
}

static gboolean
is_under_way (Xep174Transfer *transfer)
{
  return !xep174_transfer_has_ended (transfer);
}

static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  CliChat *self = user_data;
  Xep174Transfer *transfer = XEP174_TRANSFER (source);
  g_autoptr(GError) error = NULL;

  if (!xep174_transfer_accept_finish (transfer, result, &error) && !xep174_transfer_has_ended (transfer))
    cli_chat_show_error (self, error->message);
  cli_app_release (self->app);
}

void
cli_chat_save (CliChat    *self,
               const char *rest)
{
  Xep174Transfer *transfer = choose (self, &rest, is_offered);
  g_autoptr(GFile) folder = NULL;

  if (transfer == NULL)
    return;

  folder = find_file (*rest != '\0' ? rest : ".");
  cli_app_hold (self->app);
  xep174_transfer_accept_async (transfer, folder, NULL, on_accepted, self);
}

void
cli_chat_decline (CliChat    *self,
                  const char *rest)
{
  Xep174Transfer *transfer = choose (self, &rest, is_offered);

  if (transfer != NULL)
    xep174_transfer_decline (transfer);
}

void
cli_chat_cancel (CliChat    *self,
                 const char *rest)
{
  Xep174Transfer *transfer = choose (self, &rest, is_under_way);

  if (transfer != NULL)
    xep174_transfer_cancel (transfer);
}

void
cli_chat_list_files (CliChat    *self,
                     const char *rest)
{
  Xep174Transfer *transfer;

  for (guint i = 1; (transfer = cli_transfers_find (self->transfers, i)) != NULL; i++)
    {
      g_autofree char *text = cli_transfer_describe (transfer);

      tell (self, transfer, text);
    }
  if (cli_transfers_find (self->transfers, 1) == NULL)
    cli_chat_show_note (self, "%s", _("There were no files yet."));
}
