/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-transfer-words.h"

#include <string.h>

#include "cli-text.h"
#include "translate.h"

/* At least so much of a name is shown. */
#define NAME_WIDTH 10

char *
cli_transfer_name (Xep174Transfer *transfer)
{
  g_autofree char *name = cli_text_line (xep174_transfer_get_name (transfer));

  return g_strdup_printf (_("“%s”"), name);
}

/* Few programs say it only when the file comes; until then it looks like that of an empty file. They know no
 * folders. */
static char *
tell_octets (Xep174Transfer *transfer)
{
  guint64 size = xep174_transfer_get_size (transfer);
  gboolean is_known = size > 0 || xep174_transfer_get_outgoing (transfer)
                      || xep174_transfer_get_is_folder (transfer)
                      || xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_DONE;

  /* Translators: of a file, where its size would stand */
  return is_known ? g_format_size (size) : g_strdup (_("empty or of unknown size"));
}

char *
cli_transfer_size (Xep174Transfer *transfer)
{
  guint n_files = xep174_transfer_get_n_files (transfer);
  g_autofree char *size = tell_octets (transfer);

  if (!xep174_transfer_get_is_folder (transfer))
    return g_steal_pointer (&size);

  /* Translators: how many files, and how large they are together */
  return g_strdup_printf (ngettext ("a folder with %u file, %s", "a folder with %u files, %s", n_files),
                          n_files, size);
}

char *
cli_transfer_left_out (Xep174Transfer *transfer)
{
  guint n = xep174_transfer_get_n_left_out (transfer);

  if (n == 0)
    return NULL;

  /* Translators: what a folder has beside files and folders */
  return g_strdup_printf (ngettext ("%u link or special file in it is not sent",
                                    "%u links and special files in it are not sent", n), n);
}

guint
cli_transfer_get_percent (Xep174Transfer *transfer)
{
  guint64 size = xep174_transfer_get_size (transfer);

  return size > 0 ? (guint) (100.0 * xep174_transfer_get_done (transfer) / size) : 0;
}

/* @seconds as hours, minutes and seconds; nobody counts on more than a day. */
static char *
tell_time (guint64 seconds)
{
  const guint s = MIN (seconds, 24 * 60 * 60);

  return s >= 60 * 60 ? g_strdup_printf ("%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60)
                      : g_strdup_printf ("%u:%02u", s / 60, s % 60);
}

/* A message may have words of the other side in it. */
static char *
tell_end (Xep174Transfer *transfer)
{
  const GError *error = xep174_transfer_get_error (transfer);

  if (error != NULL)
    return cli_text_line (error->message);
  if (xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_DONE)
    return g_strdup (_("done"));

  return g_strdup (xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_DECLINED ? _("not wanted")
                                                                                          : _("cancelled"));
}

char *
cli_transfer_describe (Xep174Transfer *transfer)
{
  guint64 size = xep174_transfer_get_size (transfer);
  guint64 done = xep174_transfer_get_done (transfer);
  guint64 rate = xep174_transfer_get_rate (transfer);
  guint percent = cli_transfer_get_percent (transfer);
  g_autofree char *speed = NULL;
  g_autofree char *left = NULL;

  switch (xep174_transfer_get_state (transfer))
    {
    case XEP174_TRANSFER_STATE_OFFERED:
      return g_strdup (xep174_transfer_get_outgoing (transfer) ? _("waiting for an answer") : _("offered"));
    case XEP174_TRANSFER_STATE_CONNECTING:
      return g_strdup (_("connecting"));
    case XEP174_TRANSFER_STATE_WAITING:
      if (done == 0 && xep174_transfer_get_outgoing (transfer))
        return g_strdup (_("waiting for an answer"));

      return g_strdup_printf (_("%u %%, waiting for the other side"), percent);
    case XEP174_TRANSFER_STATE_CHECKING:
      return g_strdup (_("being checked"));
    case XEP174_TRANSFER_STATE_MOVING:
      if (rate == 0)
        return g_strdup_printf (_("%u %%"), percent);

      speed = g_format_size (rate);
      left = tell_time ((size - done + rate - 1) / rate);
      /* Translators: how much of a file is over, how fast it is, and in what time the rest will be. */
      return g_strdup_printf (_("%u %%, %s/s, %s left"), percent, speed, left);
    default:
      return tell_end (transfer);
    }
}

char *
cli_transfer_tell (Xep174Transfer *transfer,
                   guint           width)
{
  g_autofree char *whole = cli_transfer_name (transfer);
  g_autofree char *text = cli_transfer_describe (transfer);
  guint beside = cli_text_width (text) + strlen (": ");
  /* A name of which nothing can be seen tells nothing. */
  g_autofree char *name = cli_text_shorten (whole, MAX (width, beside + NAME_WIDTH) - beside);
  g_autofree char *line = g_strdup_printf ("%s: %s", name, text);

  return cli_text_shorten (line, width);
}
