/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Files:
 *
 * Files to contacts and from them: Jingle (XEP-0234), and stream initiation (XEP-0096) with programs
 * that know only that. What is offered by its address (XEP-0066) can be taken, too.
 *
 * Add it with [method@FeatureHost.add_feature]; then others see that our program takes files.
 * [method@Client.get_transfers] does that for a client. [signal@Files::transfer-offered] brings what
 * contacts offer, and [method@Files.send_async] sends.
 *
 * What a contact can make us remember and write is bounded: it may have 16 files offered that nobody
 * has answered, nothing is written before the program accepts, never more than the size that was told,
 * and never over something else.
 *
 * Since: 1.0
 */

#include "xep174-files-private.h"

#include "xep174-gettext-private.h"
#include "xep174-ibb-private.h"
#include "xep174-oob-private.h"
#include "xep174-si-private.h"

G_DEFINE_FINAL_TYPE (Xep174Files, xep174_files, XEP174_TYPE_FEATURE)

enum
{
  PROP_FOLDER = 1,
  PROP_TRANSFERS,
  PROP_MAX_SIZE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint signal_transfer_offered;

static const char *const payloads[] = {
  XEP174_NS_JINGLE, XEP174_NS_IBB, XEP174_NS_SI, XEP174_NS_BYTESTREAMS, XEP174_NS_OOB, NULL
};
static const char *const announces[] = {
  XEP174_NS_JINGLE, XEP174_NS_JINGLE_FILE, XEP174_NS_JINGLE_S5B, XEP174_NS_JINGLE_IBB, XEP174_NS_IBB,
  XEP174_NS_SI, XEP174_NS_SI_FILE, XEP174_NS_BYTESTREAMS, XEP174_NS_OOB, XEP174_NS_HASHES,
  XEP174_NS_FOLDER,
  "urn:xmpp:hash-function-text-names:sha-256", NULL
};

/* --- What transfers ask for ------------------------------------------------------------------ */

static gboolean
on_may_open (gpointer files)
{
  return xep174_files_may_open (files);
}

static void
on_offered (gpointer        files,
            Xep174Transfer *transfer)
{
  g_autoptr(Xep174Files) self = g_object_ref (files);

  xep174_files_list (self, transfer);
  g_signal_emit (self, signal_transfer_offered, 0, transfer);
}

static void
on_forget (gpointer        files,
           Xep174Transfer *transfer)
{
  xep174_files_forget (files, transfer);
}

/* --- Conversations --------------------------------------------------------------------------- */

typedef enum
{
  NOTHING_OF_OURS,
  STILL_THERE,
  HAS_MOVED, /* since it was asked last */
} Ours;

static Ours
judge_ours (Xep174Transfer *transfer)
{
  gboolean moved = transfer->fsm.best != transfer->mended;

  if (transfer->fsm.role != XEP174_TRANSFER_SENDER || xep174_transfer_fsm_has_ended (&transfer->fsm))
    return NOTHING_OF_OURS;

  transfer->mended = transfer->fsm.best;

  return moved ? HAS_MOVED : STILL_THERE;
}

/* What is told may make them be forgotten. */
static GPtrArray *
hold_known (Xep174Files *self)
{
  GPtrArray *transfers = g_ptr_array_new_with_free_func (g_object_unref);

  for (GList *link = self->known.head; link != NULL; link = link->next)
    g_ptr_array_add (transfers, g_object_ref (link->data));

  return transfers;
}

static Ours
tell_all (Xep174Files *self,
          const char  *contact,
          guint        event)
{
  g_autoptr(GPtrArray) transfers = hold_known (self);
  Ours ours = NOTHING_OF_OURS;

  /* Also those that have ended: the contact may not have heard it. */
  for (guint i = 0; i < transfers->len; i++)
    {
      Xep174Transfer *transfer = transfers->pdata[i];

      if (!g_str_equal (transfer->contact, contact))
        continue;
      /* Octets go on while a conversation is renewed. If none come either, the way of both has gone. */
      if (event == XEP174_TRANSFER_EVENT_LINK_LOST && transfer->speed.quiet)
        xep174_transfer_post (transfer, XEP174_TRANSFER_EVENT_PATH_LOST, 0);
      xep174_transfer_post (transfer, event, 0);
      ours = MAX (ours, judge_ours (transfer));
    }

  return ours;
}

static void
on_session_opened (Xep174Files   *self,
                   Xep174Session *session)
{
  xep174_links_rejoice (self->links, xep174_session_get_name (session));
  tell_all (self, xep174_session_get_name (session), XEP174_TRANSFER_EVENT_LINK_BACK);
}

/* The sender alone calls again: so two beginnings never cross. */
static void
on_session_over (Xep174Files   *self,
                 Xep174Session *session)
{
  G_GNUC_UNUSED g_autoptr(Xep174Files) held = g_object_ref (self);
  const char *contact = xep174_session_get_name (session);
  Ours ours = tell_all (self, contact, XEP174_TRANSFER_EVENT_LINK_LOST);

  if (ours != NOTHING_OF_OURS && self->links != NULL)
    xep174_links_mend (self->links, contact, ours == HAS_MOVED);
}

/* Who stops goes away: octets end as words do, and both go on later. */
static void
on_port (Xep174SessionManager *manager,
         GParamSpec           *pspec,
         Xep174Files          *self)
{
  g_autoptr(GPtrArray) transfers = NULL;

  if (xep174_session_manager_get_port (manager) != 0)
    return;

  transfers = hold_known (self);
  for (guint i = 0; i < transfers->len; i++)
    {
      Xep174Transfer *transfer = transfers->pdata[i];

      /* With other programs nothing goes on. */
      if (transfer->fsm.role > XEP174_TRANSFER_RECEIVER)
        continue;
      xep174_transfer_post (transfer, XEP174_TRANSFER_EVENT_PATH_LOST, 0);
      xep174_transfer_post (transfer, XEP174_TRANSFER_EVENT_LINK_LOST, 0);
    }
}

/* --- The feature ----------------------------------------------------------------------------- */

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           const GError         *error,
           Xep174Files          *self)
{
  on_session_over (self, session);
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           Xep174Files          *self)
{
  return xep174_files_take_answer (self, xep174_session_get_name (session), stanza);
}

static void
xep174_files_attach (Xep174Feature     *feature,
                     Xep174FeatureHost *host)
{
  Xep174Files *self = XEP174_FILES (feature);
  Xep174SessionManager *manager;

  /* Another host has no conversations that can be followed. */
  if (!XEP174_IS_SESSION_MANAGER (host))
    return;

  manager = XEP174_SESSION_MANAGER (host);
  self->around = xep174_transfer_around_new (manager, self->folder);
  self->around->files = self;
  self->around->may_open = on_may_open;
  self->around->offered = on_offered;
  self->around->forget = on_forget;
  self->around->streams = xep174_bytestreams_new (host);
  self->links = xep174_links_new (manager, self->around->network->clock);
  g_signal_connect_swapped (manager, "session-opened", G_CALLBACK (on_session_opened), self);
  g_signal_connect (manager, "notify::port", G_CALLBACK (on_port), self);
  g_signal_connect (manager, "session-failed", G_CALLBACK (on_closed), self);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_closed), self);
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), self);
  xep174_files_restore (self);
}

/* Nothing happens to it any more: the next one that has its record goes on with it, unless a person has
 * cancelled it while the disk was busy. */
static void
rest (Xep174Transfer *transfer)
{
  if (xep174_transfer_is_cancelled_next (transfer) && !xep174_transfer_fsm_has_ended (&transfer->fsm))
    xep174_transfer_end_record (transfer);
  transfer->generation++;
  xep174_alarm_clear (&transfer->alarm, transfer->around->network->clock);
  xep174_alarm_clear (&transfer->pace, transfer->around->network->clock);
  xep174_transfer_end_way (transfer);
  xep174_transfer_unlock (transfer);
}

static void
xep174_files_detach (Xep174Feature *feature)
{
  Xep174Files *self = XEP174_FILES (feature);

  if (self->around == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->around->manager, self);
  g_clear_pointer (&self->links, xep174_links_free);
  self->around->manager = NULL;
  self->around->files = NULL;
  for (GList *link = self->known.head; link != NULL; link = link->next)
    rest (link->data);
  g_clear_pointer (&self->around->streams, xep174_bytestreams_free);
  g_queue_clear_full (&self->known, g_object_unref);
  g_clear_pointer (&self->around, xep174_transfer_around_unref);
}

static gboolean
xep174_files_handle_stanza (Xep174Feature *feature,
                            const char    *contact,
                            Xep174Element *stanza,
                            Xep174Element *payload)
{
  return xep174_files_handle (XEP174_FILES (feature), contact, stanza, payload);
}

/* --- The object ------------------------------------------------------------------------------ */

static void
xep174_files_finalize (GObject *object)
{
  Xep174Files *self = XEP174_FILES (object);

  g_queue_clear_full (&self->known, g_object_unref);
  g_queue_clear_full (&self->early, (GDestroyNotify) xep174_files_early_free);
  g_object_unref (self->transfers);
  g_free (self->folder);

  G_OBJECT_CLASS (xep174_files_parent_class)->finalize (object);
}

static void
xep174_files_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  Xep174Files *self = XEP174_FILES (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      g_value_set_string (value, self->folder);
      break;
    case PROP_TRANSFERS:
      g_value_set_object (value, self->transfers);
      break;
    case PROP_MAX_SIZE:
      g_value_set_uint64 (value, self->max_size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xep174_files_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  Xep174Files *self = XEP174_FILES (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      self->folder = g_value_dup_string (value);
      break;
    case PROP_MAX_SIZE:
      xep174_files_set_max_size (self, g_value_get_uint64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * Xep174Files:folder:
   *
   * Where it is remembered what is on its way, so that it goes on after a restart of the program; %NULL
   * if it is not.
   *
   * Since: 1.0
   */
  properties[PROP_FOLDER] =
    g_param_spec_string ("folder", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | flags);

  /**
   * Xep174Files:transfers:
   *
   * The files on their way, and those that have ended within a day: a [iface@Gio.ListModel] of
   * [class@Transfer], the newest last.
   *
   * Since: 1.0
   */
  properties[PROP_TRANSFERS] =
    g_param_spec_object ("transfers", NULL, NULL, G_TYPE_LIST_MODEL, G_PARAM_READABLE | flags);

  /**
   * Xep174Files:max-size:
   *
   * The most octets that a file may have that a contact offers; what is larger is refused without a
   * question.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_SIZE] =
    g_param_spec_uint64 ("max-size", NULL, NULL, 0, G_MAXINT64, G_MAXINT64,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT | flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_files_class_init (Xep174FilesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  Xep174FeatureClass *feature_class = XEP174_FEATURE_CLASS (klass);

  object_class->finalize = xep174_files_finalize;
  object_class->get_property = xep174_files_get_property;
  object_class->set_property = xep174_files_set_property;
  feature_class->attach = xep174_files_attach;
  feature_class->detach = xep174_files_detach;
  feature_class->handle = xep174_files_handle_stanza;
  install_properties (object_class);

  /**
   * Xep174Files::transfer-offered:
   * @self: the feature
   * @transfer: the file or folder; it is in [property@Files:transfers]
   *
   * A contact wants to send a file or a folder. It waits for an hour for [method@Transfer.accept_async],
   * [method@Transfer.accept_into] or [method@Transfer.decline], which may be called at once.
   *
   * Since: 1.0
   */
  signal_transfer_offered =
    g_signal_new ("transfer-offered", XEP174_TYPE_FILES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XEP174_TYPE_TRANSFER);
}

static void
xep174_files_init (Xep174Files *self)
{
  self->transfers = g_list_store_new (XEP174_TYPE_TRANSFER);
  g_queue_init (&self->known);
  g_queue_init (&self->early);
}

/**
 * xep174_files_new:
 * @folder: (nullable) (type filename): where it is remembered what is on its way; %NULL if it need not be
 *
 * Makes the feature. It is not in use until it is added to a host.
 *
 * Returns: (transfer full): a feature
 *
 * Since: 1.0
 */
Xep174Files *
xep174_files_new (const char *folder)
{
  return g_object_new (XEP174_TYPE_FILES, "payloads", payloads, "announces", announces, "folder", folder,
                       NULL);
}

/**
 * xep174_files_get_folder:
 * @self: the feature
 *
 * Where it is remembered what is on its way.
 *
 * Returns: (transfer none) (nullable) (type filename): see [property@Files:folder]
 *
 * Since: 1.0
 */
const char *
xep174_files_get_folder (Xep174Files *self)
{
  g_return_val_if_fail (XEP174_IS_FILES (self), NULL);

  return self->folder;
}

/**
 * xep174_files_get_transfers:
 * @self: the feature
 *
 * The files on their way, and those that have ended.
 *
 * Returns: (transfer none): a list of [class@Transfer]
 *
 * Since: 1.0
 */
GListModel *
xep174_files_get_transfers (Xep174Files *self)
{
  g_return_val_if_fail (XEP174_IS_FILES (self), NULL);

  return G_LIST_MODEL (self->transfers);
}

/**
 * xep174_files_get_max_size:
 * @self: the feature
 *
 * The most octets that a file may have that a contact offers.
 *
 * Returns: see [property@Files:max-size]
 *
 * Since: 1.0
 */
guint64
xep174_files_get_max_size (Xep174Files *self)
{
  g_return_val_if_fail (XEP174_IS_FILES (self), 0);

  return self->max_size;
}

/**
 * xep174_files_set_max_size:
 * @self: the feature
 * @max_size: a number of octets
 *
 * Sets how large a file may be that a contact offers. It holds for offers that come from now on.
 *
 * Since: 1.0
 */
void
xep174_files_set_max_size (Xep174Files *self,
                           guint64      max_size)
{
  g_return_if_fail (XEP174_IS_FILES (self));

  if (self->max_size == max_size)
    return;

  self->max_size = max_size;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_SIZE]);
}

/**
 * xep174_files_send_async:
 * @self: the feature, in use
 * @contact: the name of a contact
 * @file: a file, or a folder
 * @cancellable: (nullable): a cancellable; it has no effect once the file is offered
 * @callback: (scope async) (nullable): called when the file is offered, or cannot be
 * @user_data: data for @callback
 *
 * Offers a file to a contact, or a folder with all that is in it. A conversation is opened if there is none.
 *
 * What is sent is read meanwhile; if it is changed before the transfer has ended, that fails. A folder may
 * have 100,000 files and folders, 32 levels deep. Symbolic links and special files in it are not sent; see
 * [property@Transfer:n-left-out].
 *
 * What is offered when @callback is called goes on after a restart of the program, if [property@Files:folder]
 * is set and the contact's program knows more than stream initiation.
 *
 * Since: 1.0
 */
void
xep174_files_send_async (Xep174Files         *self,
                         const char          *contact,
                         GFile               *file,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (XEP174_IS_FILES (self));
  g_return_if_fail (contact != NULL);
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = self->around != NULL
         ? xep174_transfer_around_task (self->around, self, cancellable, callback, user_data)
         : g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_files_send_async);
  if (self->around != NULL)
    xep174_files_begin_sending (self, contact, file, task);
  else
    g_task_return_new_error (task, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_INVALID_STATE,
                             _("The program does not send files any more"));
}

/**
 * xep174_files_send_finish:
 * @self: the feature
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Files.send_async].
 *
 * Returns: (transfer full): the transfer, which is in [property@Files:transfers]; else %NULL with an
 *   error of `G_IO_ERROR` if the file cannot be read, one of [method@Session.open_async] if the contact
 *   cannot be reached, %XEP174_TRANSFER_ERROR_NOT_SUPPORTED if its program takes no files, or no folders, or
 *   %XEP174_TRANSFER_ERROR_INVALID_STATE if the feature is not in use
 *
 * Since: 1.0
 */
Xep174Transfer *
xep174_files_send_finish (Xep174Files   *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (XEP174_IS_FILES (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, xep174_files_send_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xep174_files_drop_transfer:
 * @self: the feature
 * @transfer: one of its transfers
 *
 * Takes a transfer out of [property@Files:transfers]. One that has not ended is cancelled.
 *
 * Since: 1.0
 */
void
xep174_files_drop_transfer (Xep174Files    *self,
                            Xep174Transfer *transfer)
{
  guint position;

  g_return_if_fail (XEP174_IS_FILES (self));
  g_return_if_fail (XEP174_IS_TRANSFER (transfer));

  if (!g_list_store_find (self->transfers, transfer, &position))
    return;

  g_list_store_remove (self->transfers, position);
  xep174_transfer_cancel (transfer);
}
