/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-saving.h"

typedef struct
{
  gboolean is_pending;
  gboolean is_awaited;
  GCancellable *work; /* (nullable): what the library does with the disk */
  GError *error;
} Saving;

static G_DEFINE_QUARK (chat-saving, saving)

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_clear_object (&saving->work);
  g_clear_error (&saving->error);
  g_free (saving);
}

static Saving *
find (Xep174Transfer *transfer)
{
  return g_object_get_qdata (G_OBJECT (transfer), saving_quark ());
}

static Saving *
ensure (Xep174Transfer *transfer)
{
  Saving *saving = find (transfer);

  if (saving == NULL)
    {
      saving = g_new0 (Saving, 1);
      g_object_set_qdata_full (G_OBJECT (transfer), saving_quark (), saving, saving_free);
    }

  return saving;
}

static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Xep174Transfer *transfer = XEP174_TRANSFER (source);
  Saving *saving = find (transfer);
  g_autoptr(GCancellable) work = g_steal_pointer (&saving->work);

  saving->is_pending = !xep174_transfer_accept_finish (transfer, result, &saving->error)
                       && g_cancellable_is_cancelled (work);
  g_object_notify (source, "state");
}

void
chat_saving_begin (Xep174Transfer *transfer,
                   GFile          *folder)
{
  Saving *saving = ensure (transfer);

  if (saving->is_pending)
    return;

  g_clear_error (&saving->error);
  saving->is_pending = TRUE;
  saving->work = g_cancellable_new ();
  xep174_transfer_accept_async (transfer, folder, saving->work, on_accepted, NULL);
  g_object_notify (G_OBJECT (transfer), "state");
}

gboolean
chat_saving_is_pending (Xep174Transfer *transfer)
{
  Saving *saving = find (transfer);

  return saving != NULL && saving->is_pending;
}

gboolean
chat_saving_moves (Xep174Transfer *transfer)
{
  switch (xep174_transfer_get_state (transfer))
    {
    case XEP174_TRANSFER_STATE_OFFERED:
      return chat_saving_is_pending (transfer);
    case XEP174_TRANSFER_STATE_CONNECTING:
    case XEP174_TRANSFER_STATE_MOVING:
    case XEP174_TRANSFER_STATE_CHECKING:
      return TRUE;
    default:
      return FALSE;
    }
}

void
chat_saving_set_awaited (Xep174Transfer *transfer,
                         gboolean        is_awaited)
{
  ensure (transfer)->is_awaited = is_awaited;
}

gboolean
chat_saving_is_awaited (Xep174Transfer *transfer)
{
  Saving *saving = find (transfer);

  return saving != NULL && saving->is_awaited;
}

void
chat_saving_give_up (Xep174Transfer *transfer)
{
  Saving *saving = find (transfer);

  if (saving != NULL && saving->work != NULL)
    g_cancellable_cancel (saving->work);
}

gboolean
chat_saving_uses_disk (Xep174Transfer *transfer)
{
  Saving *saving = find (transfer);

  return saving != NULL && saving->work != NULL;
}

gboolean
chat_saving_is_asked (Xep174Transfer *transfer)
{
  return !xep174_transfer_get_outgoing (transfer)
         && xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_OFFERED
         && !chat_saving_is_pending (transfer);
}

/* What has ended says itself why. */
const GError *
chat_saving_get_error (Xep174Transfer *transfer)
{
  Saving *saving = find (transfer);

  return saving != NULL && xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_OFFERED
         ? saving->error : NULL;
}
