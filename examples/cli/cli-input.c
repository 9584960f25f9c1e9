/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-input.h"

#include "translate.h"

#include <gio/gunixinputstream.h>
#include <unistd.h>

struct _CliInput
{
  CliApp *app;
  GDataInputStream *stream;
  GCancellable *cancellable;
  CliLineFunc func;
  gpointer data;
};

static void read_next (CliInput *self);

static void
on_line (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;
  CliInput *self;
  gsize length;

  line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, &length,
                                               &error);
  /* If it was cancelled, @self was freed. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  if (error != NULL)
    {
      cli_complain (_("standard input cannot be read any more: %s"), error->message);
      cli_app_fail (self->app);
    }
  if (line != NULL)
    read_next (self);
  self->func (line, length, self->data);
}

static void
read_next (CliInput *self)
{
  g_data_input_stream_read_line_async (self->stream, G_PRIORITY_DEFAULT, self->cancellable,
                                       on_line, self);
}

CliInput *
cli_input_new (CliApp      *app,
               CliLineFunc  func,
               gpointer     data)
{
  g_autoptr(GInputStream) base = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  CliInput *self = g_new0 (CliInput, 1);

  self->stream = g_data_input_stream_new (base);
  g_data_input_stream_set_newline_type (self->stream, G_DATA_STREAM_NEWLINE_TYPE_LF);
  self->cancellable = g_cancellable_new ();
  self->app = app;
  self->func = func;
  self->data = data;
  read_next (self);

  return self;
}

void
cli_input_free (CliInput *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->stream);
  g_free (self);
}
