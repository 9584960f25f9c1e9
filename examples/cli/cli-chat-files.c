/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat: files, as a person sends and takes them. */

#include <string.h>

#include "cli-chat-private.h"
#include "cli-paths.h"
#include "cli-text.h"
#include "cli-transfer-words.h"
#include "translate.h"

/* What the person was told last of one that is under way. */
#define TOLD "xep174-cli-chat-told"

typedef enum
{
  OFFERED,
  TICKED,
  MOVES,
  RESTS,
} Told;

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
    g_strdup_printf (_("%s; /save %u puts it into this folder, /decline %u refuses it"), size, number,
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

static void
tell_change (CliChat        *self,
             Xep174Transfer *transfer,
             Told            now,
             const char     *text)
{
  g_object_set_data (G_OBJECT (transfer), TOLD, GUINT_TO_POINTER (now));
  if (text != NULL)
    tell (self, transfer, text);
}

/* Of one that has moved for a moment, and moves still: a small one is there by then. */
static void
tell_moved (CliChat        *self,
            Xep174Transfer *transfer)
{
  Told told = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (transfer), TOLD));

  if (xep174_transfer_get_state (transfer) != XEP174_TRANSFER_STATE_MOVING
      || xep174_transfer_get_done (transfer) == xep174_transfer_get_size (transfer))
    return;

  if (told == OFFERED)
    tell_change (self, transfer, TICKED, NULL);
  else if (told == TICKED)
    tell_change (self, transfer, MOVES, _("it has begun; /files tells how far it is"));
  else if (told == RESTS)
    tell_change (self, transfer, MOVES, _("it goes on"));
}

static void
tell_waits (CliChat        *self,
            Xep174Transfer *transfer)
{
  Told told = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (transfer), TOLD));
  guint percent = cli_transfer_get_percent (transfer);
  g_autofree char *text = xep174_transfer_get_done (transfer) == 0
                            ? cli_transfer_describe (transfer)
                            : g_strdup_printf (_("interrupted at %u %%; it goes on by itself"), percent);

  if (told != RESTS)
    tell_change (self, transfer, RESTS, text);
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
    case CLI_TRANSFER_MOVED:
      tell_moved (self, transfer);
      break;
    case CLI_TRANSFER_WAITS:
      tell_waits (self, transfer);
      break;
    case CLI_TRANSFER_LEFT:
      tell (self, transfer,
            _("it has not arrived yet; it goes on with the next “xep174 chat” or “xep174 send-file”"));
      break;
    case CLI_TRANSFER_STARTED:
    case CLI_TRANSFER_FAILED:
      text = cli_transfer_describe (transfer);
      tell (self, transfer, text);
      if (event == CLI_TRANSFER_STARTED)
        tell_left_out (self, transfer);
      break;
    }
}

/* --- Commands ------------------------------------------------------------------------------- */

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

static void
tell_missing (CliChat    *self,
              const char *typed)
{
  g_autofree char *text =
    g_strdup_printf (strchr ("\"'", *typed) != NULL
                       ? _("there is no file %s; write a name with spaces as it is, without quotation marks")
                       : _("there is no file or folder “%s”"), typed);

  cli_chat_show_error (self, text);
}

void
cli_chat_send_file (CliChat    *self,
                    const char *rest)
{
  g_autoptr(GError) error = NULL;
  Xep174Contact *contact = NULL;
  g_autoptr(GFile) file = NULL;

  if (*rest == '\0')
    cli_chat_show_error (self, _("name what you want to send, a file or a folder: /send FILE"));
  else if (self->partner == NULL)
    cli_chat_show_error (self, _("you talk to nobody yet; /to NAME chooses somebody"));
  else if ((contact = cli_app_find_contact (self->app, self->partner, TRUE, &error)) == NULL)
    cli_chat_show_error (self, error->message);
  if (contact == NULL)
    return;

  file = cli_path_find (rest);
  if (!g_file_query_exists (file, NULL))
    {
      tell_missing (self, rest);
      return;
    }

  cli_app_hold (self->app);
  xep174_client_send_file_async (cli_app_get_client (self->app), contact, file, NULL, on_sent, self);
}

/* Why none is meant; @number is 0 if none was named. */
static void
tell_unfit (CliChat *self,
            guint    number)
{
  Xep174Transfer *transfer = cli_transfers_find (self->transfers, number);
  g_autofree char *text = NULL;

  if (transfer == NULL)
    text = g_strdup (number == 0 ? _("there is no file for that; /files tells which there are")
                                 : _("there is no such file; /files tells which there are"));
  else if (xep174_transfer_has_ended (transfer))
    text = g_strdup_printf (_("file %u has ended already"), number);
  else
    text = g_strdup_printf (_("file %u does not wait for your answer; /cancel %u stops it"), number, number);
  cli_chat_show_error (self, text);
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

  if (n == 0)
    tell_unfit (self, MIN (number, G_MAXUINT));
  else
    cli_chat_show_error (self, _("there are several; name one by its number, which /files tells"));
  return NULL;
}

static gboolean
is_offered (Xep174Transfer *transfer)
{
  return !xep174_transfer_get_outgoing (transfer)
         && xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_OFFERED;
}

/* Whoever wants a file may look for it among the commands, and find the one that is for keys. */
gboolean
cli_chat_hint_at_save (CliChat    *self,
                       const char *rest)
{
  gboolean is_number = *rest != '\0' && rest[strspn (rest, G_CSET_DIGITS)] == '\0';
  guint64 number = is_number ? g_ascii_strtoull (rest, NULL, 10) : 0;
  Xep174Transfer *transfer = cli_transfers_find (self->transfers, MIN (number, G_MAXUINT));
  g_autofree char *text = NULL;

  if (transfer == NULL || !is_offered (transfer)
      || cli_app_find_contact (self->app, rest, TRUE, NULL) != NULL)
    return FALSE;

  text = g_strdup_printf (_("/accept is about keys; for the file: /save %s"), rest);
  cli_chat_show_error (self, text);

  return TRUE;
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
  g_autoptr(GFile) folder = cli_path_find (*rest != '\0' ? rest : ".");

  if (transfer == NULL)
    return;
  if (g_file_query_file_type (folder, G_FILE_QUERY_INFO_NONE, NULL) != G_FILE_TYPE_DIRECTORY)
    {
      g_autofree char *path = g_file_get_parse_name (folder);
      g_autofree char *text =
        g_strdup_printf (_("there is no folder “%s”; make it first, or name another one"), path);

      cli_chat_show_error (self, text);
      return;
    }

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

      if (is_offered (transfer))
        tell_offer (self, transfer);
      else
        tell (self, transfer, text);
    }
  if (cli_transfers_find (self->transfers, 1) == NULL)
    cli_chat_show_note (self, "%s", _("There were no files yet."));
}
