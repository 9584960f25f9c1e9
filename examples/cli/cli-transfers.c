/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-transfers.h"

#define NUMBER "xep174-cli-transfer"
#define LEFT "xep174-cli-transfer-left"
/* That one waits is still to be told, with this source; or it was. */
#define DUE "xep174-cli-transfer-due"
#define WAITS "xep174-cli-transfer-waits"
/* Who cancels ends the connection as well, and that may be seen before the word. */
#define WORD_SECONDS 2

struct _CliTransfers
{
  CliApp *app;
  CliTransfersFunc func;
  gpointer data;
  /* (element-type Xep174Transfer): the number of each is its place, counted from 1. */
  GPtrArray *transfers;
};

static void
tell (CliTransfers     *self,
      CliTransferEvent  event,
      Xep174Transfer   *transfer)
{
  gboolean is_ours = xep174_transfer_get_outgoing (transfer);
  gboolean is_bad = xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_FAILED;

  /* What somebody else did not send in the end is no failure of this program. */
  if (event == CLI_TRANSFER_FAILED && (is_ours || is_bad))
    cli_app_fail (self->app);
  if (event == CLI_TRANSFER_WAITS)
    g_object_set_data (G_OBJECT (transfer), WAITS, GUINT_TO_POINTER (TRUE));
  self->func (event, transfer, self->data);
}

typedef struct
{
  CliTransfers *self;
  Xep174Transfer *transfer;
} Waiting;

static gboolean
on_waits (gpointer data)
{
  Waiting *waiting = data;

  g_object_set_data (G_OBJECT (waiting->transfer), DUE, NULL);
  if (!cli_app_is_quitting (waiting->self->app))
    tell (waiting->self, CLI_TRANSFER_WAITS, waiting->transfer);

  return G_SOURCE_REMOVE;
}

/* Behind all that has come meanwhile. */
static void
tell_waits_soon (CliTransfers   *self,
                 Xep174Transfer *transfer)
{
  guint id = g_timeout_add_seconds_full (G_PRIORITY_LOW, WORD_SECONDS, on_waits,
                                         g_memdup2 (&(Waiting) { self, transfer }, sizeof (Waiting)), g_free);

  g_object_set_data (G_OBJECT (transfer), DUE, GUINT_TO_POINTER (id));
}

static void
clear_due (Xep174Transfer *transfer)
{
  guint id = GPOINTER_TO_UINT (g_object_steal_data (G_OBJECT (transfer), DUE));

  if (id != 0)
    g_source_remove (id);
}

static void
on_state (Xep174Transfer *transfer,
          GParamSpec     *property,
          CliTransfers   *self)
{
  clear_due (transfer);
  g_object_set_data (G_OBJECT (transfer), WAITS, NULL);
  switch (xep174_transfer_get_state (transfer))
    {
    case XEP174_TRANSFER_STATE_WAITING:
      tell_waits_soon (self, transfer);
      break;
    case XEP174_TRANSFER_STATE_DONE:
      tell (self, CLI_TRANSFER_DONE, transfer);
      break;
    case XEP174_TRANSFER_STATE_DECLINED:
    case XEP174_TRANSFER_STATE_CANCELLED:
    case XEP174_TRANSFER_STATE_FAILED:
      tell (self, CLI_TRANSFER_FAILED, transfer);
      break;
    default:
      break;
    }
}

static void
on_done (Xep174Transfer *transfer,
         GParamSpec     *property,
         CliTransfers   *self)
{
  if (!xep174_transfer_has_ended (transfer))
    tell (self, CLI_TRANSFER_MOVED, transfer);
}

/* That no octets come is told by nothing else. */
static void
on_rate (Xep174Transfer *transfer,
         GParamSpec     *property,
         CliTransfers   *self)
{
  if (xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_MOVING
      && xep174_transfer_get_rate (transfer) == 0)
    tell (self, CLI_TRANSFER_MOVED, transfer);
}

static void
add (CliTransfers     *self,
     CliTransferEvent  event,
     Xep174Transfer   *transfer)
{
  if (cli_transfers_get_number (transfer) != 0)
    return;

  g_ptr_array_add (self->transfers, g_object_ref (transfer));
  g_object_set_data (G_OBJECT (transfer), NUMBER, GUINT_TO_POINTER (self->transfers->len));
  g_signal_connect (transfer, "notify::state", G_CALLBACK (on_state), self);
  g_signal_connect (transfer, "notify::done", G_CALLBACK (on_done), self);
  g_signal_connect (transfer, "notify::rate", G_CALLBACK (on_rate), self);
  tell (self, event, transfer);
}

void
cli_transfers_add (CliTransfers   *self,
                   Xep174Transfer *transfer)
{
  add (self, CLI_TRANSFER_STARTED, transfer);
  on_state (transfer, NULL, self);
}

static void
on_offered (Xep174Client   *client,
            Xep174Contact  *contact,
            Xep174Transfer *transfer,
            CliTransfers   *self)
{
  add (self, CLI_TRANSFER_OFFERED, transfer);
}

/* Those that the program has not ended before it was started anew; of new ones it is told otherwise. */
static void
on_listed (GListModel   *model,
           guint         position,
           guint         removed,
           guint         added,
           CliTransfers *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(Xep174Transfer) transfer = g_list_model_get_item (model, i);

      if (xep174_transfer_get_state (transfer) != XEP174_TRANSFER_STATE_WAITING)
        continue;

      g_object_set_data (G_OBJECT (transfer), LEFT, GUINT_TO_POINTER (TRUE));
      add (self, CLI_TRANSFER_WAITS, transfer);
    }
}

CliTransfers *
cli_transfers_new (CliApp           *app,
                   CliTransfersFunc  func,
                   gpointer          data)
{
  CliTransfers *self = g_new0 (CliTransfers, 1);
  Xep174Client *client = cli_app_get_client (app);
  GListModel *model = xep174_client_get_transfers (client);

  self->app = app;
  self->func = func;
  self->data = data;
  self->transfers = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (client, "transfer-offered", G_CALLBACK (on_offered), self);
  g_signal_connect (model, "items-changed", G_CALLBACK (on_listed), self);
  on_listed (model, 0, 0, g_list_model_get_n_items (model), self);

  return self;
}

/* Nobody has answered an offer that is only ours to answer: there is nothing to wait for. */
static gboolean
is_open (Xep174Transfer *transfer)
{
  return !xep174_transfer_has_ended (transfer)
         && (xep174_transfer_get_outgoing (transfer)
             || xep174_transfer_get_state (transfer) != XEP174_TRANSFER_STATE_OFFERED);
}

gboolean
cli_transfers_are_open (CliTransfers *self)
{
  for (guint i = 0; i < self->transfers->len; i++)
    if (is_open (g_ptr_array_index (self->transfers, i)))
      return TRUE;

  return FALSE;
}

void
cli_transfers_free (CliTransfers *self)
{
  Xep174Client *client = cli_app_get_client (self->app);

  g_signal_handlers_disconnect_by_data (client, self);
  g_signal_handlers_disconnect_by_data (xep174_client_get_transfers (client), self);
  for (guint i = 0; i < self->transfers->len; i++)
    {
      Xep174Transfer *transfer = g_ptr_array_index (self->transfers, i);

      g_signal_handlers_disconnect_by_data (transfer, self);
      clear_due (transfer);
      if (!is_open (transfer))
        continue;

      /* What was left before is nothing that was to arrive now. */
      if (!cli_transfers_was_left (transfer))
        cli_app_fail (self->app);
      tell (self, CLI_TRANSFER_LEFT, transfer);
    }
  g_ptr_array_unref (self->transfers);
  g_free (self);
}

Xep174Transfer *
cli_transfers_find (CliTransfers *self,
                    guint         number)
{
  return number >= 1 && number <= self->transfers->len
         ? g_ptr_array_index (self->transfers, number - 1) : NULL;
}

/* Whether it was begun when the program ran before. */
gboolean
cli_transfers_was_left (Xep174Transfer *transfer)
{
  return g_object_get_data (G_OBJECT (transfer), LEFT) != NULL;
}

gboolean
cli_transfers_is_waiting (Xep174Transfer *transfer)
{
  return g_object_get_data (G_OBJECT (transfer), WAITS) != NULL;
}

guint
cli_transfers_get_number (Xep174Transfer *transfer)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (transfer), NUMBER));
}
