/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a file to an offer: it is opened, there is a conversation, and the contact's program takes files. */

#include "xep174-files-private.h"

#include "xep174-gettext-private.h"
#include "xep174-si-private.h"

/* Whoever says what it can do can say so (XEP-0030 §3.1). */
#define NS_DISCO "http://jabber.org/protocol/disco#info"

/* How long we wait for what the contact's program can do. */
#define ASK_MS (10 * 1000)

/* The data of the task. */
typedef struct
{
  Xep174Files *files;
  GFile *file;
  Xep174Session *session;
  Xep174FileInfo info;
  Xep174FileSource *source;
  gulong handler;
  Xep174Alarm alarm;
  Xep174Network *network;
  GObject *manager; /* whose signal is waited for */
} Sending;

static void
stop_waiting (Sending *sending)
{
  xep174_alarm_clear (&sending->alarm, sending->network->clock);
  if (sending->handler != 0)
    g_signal_handler_disconnect (sending->manager, sending->handler);
  sending->handler = 0;
  g_clear_object (&sending->manager);
}

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  stop_waiting (sending);
  g_clear_object (&sending->session);
  g_object_unref (sending->file);
  g_object_unref (sending->files);
  g_clear_pointer (&sending->source, xep174_file_source_free);
  xep174_file_info_clear (&sending->info);
  xep174_network_unref (sending->network);
  g_free (sending);
}

static gboolean
is_over (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return TRUE;
  if (sending->files->around != NULL)
    return FALSE;

  g_task_return_new_error (task, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_INVALID_STATE,
                           _("The program does not send files any more"));
  return TRUE;
}

/* --- The offer ------------------------------------------------------------------------------- */

static void
offer (GTask              *task,
       Xep174TransferRole  role)
{
  Sending *sending = g_task_get_task_data (task);
  Xep174Files *self = sending->files;
  g_autoptr(Xep174Transfer) transfer
    = xep174_transfer_new (self->around, xep174_session_get_name (sending->session), NULL, role,
                           &sending->info);

  transfer->changed = xep174_file_source_get_changed (sending->source);
  transfer->source = g_steal_pointer (&sending->source);
  xep174_transfer_set_file (transfer, sending->file);
  xep174_files_know (self, transfer);
  xep174_files_list (self, transfer);
  xep174_transfer_post (transfer, XEP174_TRANSFER_EVENT_SEND, 0);
  /* It is offered, whatever is cancelled from now on. */
  g_task_set_check_cancellable (task, FALSE);
  xep174_transfer_end_call (transfer, task);
}

/* --- Whether the contact takes files --------------------------------------------------------- */

static Xep174Support
find_support (Sending    *sending,
              const char *xmlns)
{
  return xep174_feature_host_supports (XEP174_FEATURE_HOST (sending->files->around->manager),
                                       xep174_session_get_name (sending->session), xmlns);
}

static void
refuse (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);

  g_task_return_new_error (task, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_NOT_SUPPORTED,
                           sending->info.is_folder ? _("The program of “%s” takes no folders")
                                                   : _("The program of “%s” takes no files"),
                           xep174_session_get_name (sending->session));
}

/* libpurple, and others of its time, do not say what they can do, and know stream initiation. */
static gboolean
is_legacy (Sending *sending)
{
  return !sending->info.is_folder && find_support (sending, XEP174_NS_JINGLE_FILE) == XEP174_SUPPORT_NO
         && (find_support (sending, XEP174_NS_SI_FILE) == XEP174_SUPPORT_YES
             || find_support (sending, NS_DISCO) == XEP174_SUPPORT_NO);
}

/* TRUE if the file is refused: what such a program would not end. */
static gboolean
refuse_legacy (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);
  const char *name = xep174_session_get_name (sending->session);

  if (sending->info.size > XEP174_SI_LEGACY_MAX)
    g_task_return_new_error (task, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_TOO_LARGE,
                             _("The program of “%s” takes no file of 2 GiB or more"), name);
  else if (sending->info.size == 0)
    g_task_return_new_error (task, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_NOT_SUPPORTED,
                             _("The program of “%s” takes no empty file"), name);
  else
    return FALSE;

  return TRUE;
}

/* TRUE if it is known now. */
static gboolean
decide (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);
  Xep174Support support;

  if (is_over (task))
    return TRUE;

  support = find_support (sending, sending->info.is_folder ? XEP174_NS_FOLDER : XEP174_NS_JINGLE_FILE);
  if (support == XEP174_SUPPORT_YES)
    offer (task, XEP174_TRANSFER_SENDER);
  else if (is_legacy (sending))
    {
      if (!refuse_legacy (task))
        offer (task, XEP174_TRANSFER_SI_SENDER);
    }
  else if (support == XEP174_SUPPORT_NO)
    refuse (task);

  return support != XEP174_SUPPORT_UNKNOWN;
}

static void
on_capabilities (Xep174FeatureHost *host,
                 const char        *contact,
                 GTask             *task)
{
  G_GNUC_UNUSED g_autoptr(GTask) held = g_object_ref (task);
  Sending *sending = g_task_get_task_data (task);

  if (!g_str_equal (contact, xep174_session_get_name (sending->session)) || !decide (task))
    return;

  stop_waiting (sending);
  g_object_unref (task);
}

static void
on_late (gpointer data)
{
  g_autoptr(GTask) task = data;

  stop_waiting (g_task_get_task_data (task));
  if (!is_over (task))
    refuse (task);
}

/* Takes @task. */
static void
wait_for_capabilities (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);

  sending->manager = g_object_ref (G_OBJECT (sending->files->around->manager));
  sending->handler = g_signal_connect (sending->manager, "capabilities-changed",
                                       G_CALLBACK (on_capabilities), task);
  xep174_alarm_set (&sending->alarm, sending->network->clock, ASK_MS, on_late, task);
}

/* --- The conversation ------------------------------------------------------------------------ */

static void
on_open (GObject      *session,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;

  if (!xep174_session_open_finish (XEP174_SESSION (session), result, &error))
    g_task_return_error (task, error);
  else if (!decide (task))
    wait_for_capabilities (g_steal_pointer (&task));
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(GTask) task = data;
  Sending *sending = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, error);
  /* The record of a contact may tell before there is a conversation. */
  else if (!is_over (task) && !(is_legacy (sending) && refuse_legacy (task)))
    xep174_session_open_async (sending->session, g_task_get_cancellable (task), on_open,
                               g_object_ref (task));
}

static void
run_open (GTask        *task,
          gpointer      source,
          gpointer      data,
          GCancellable *cancellable)
{
  Sending *sending = data;
  GError *error = NULL;

  sending->source = xep174_file_source_open (sending->file, &sending->info, &error);
  if (sending->source != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
xep174_files_begin_sending (Xep174Files *self,
                            const char  *contact,
                            GFile       *file,
                            GTask       *task)
{
  GError *error = NULL;
  g_autoptr(Xep174Session) session
    = xep174_session_manager_ensure_session (self->around->manager, contact, &error);
  g_autoptr(GTask) opening = NULL;
  Sending *sending;

  if (session == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  sending = g_new0 (Sending, 1);
  sending->files = g_object_ref (self);
  sending->file = g_object_ref (file);
  sending->session = g_steal_pointer (&session);
  sending->network = xep174_network_ref (self->around->network);
  g_task_set_task_data (task, sending, sending_free);
  opening = xep174_transfer_around_task (self->around, NULL, NULL, on_opened, g_object_ref (task));
  g_task_set_task_data (opening, sending, NULL);
  g_task_run_in_thread (opening, run_open);
}
