/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Transfer:
 *
 * A file on its way, to a contact or from one; or a folder with all that is in it.
 *
 * [method@Files.send_async] makes one for what you send, and [signal@Files::transfer-offered]
 * brings one that a contact wants to send. Show [property@Transfer:name] and [property@Transfer:size]
 * to a person, and call [method@Transfer.accept_async] or [method@Transfer.decline]. Nothing is written
 * before. The file gets a name of its own in the folder: it replaces nothing, and has that name only
 * when all of it is there and its hash was compared with that of the sender.
 *
 * Connect to `notify::state` and `notify::done`; the latter comes some times a second. A transfer
 * outlives its connections: if one breaks, it goes on where it was by itself. It can be cancelled at
 * any time, by both sides.
 *
 * Since: 1.0
 */

#include "xep174-transfer-private.h"

#include <unistd.h>

#include "xep174-features-enums.h"
#include "xep174-ways-private.h"

/* How often a program hears of octets. */
#define SHOW_MS 100

G_DEFINE_FINAL_TYPE (Xep174Transfer, xep174_transfer, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_CONTACT,
  PROP_OUTGOING,
  PROP_STATE,
  PROP_NAME,
  PROP_MEDIA_TYPE,
  PROP_SIZE,
  PROP_DONE,
  PROP_RATE,
  PROP_ERROR,
  PROP_FILE,
  PROP_FOLDER,
  PROP_SHA256,
  PROP_IS_FOLDER,
  PROP_N_FILES,
  PROP_N_LEFT_OUT,
  PROP_TIME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify (Xep174Transfer *self,
        guint           property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* --- What a program sees --------------------------------------------------------------------- */

static Xep174TransferState
state_of (guint phase)
{
  static const guint8 states[XEP174_TRANSFER_N_STATES] = {
    [XEP174_TRANSFER_NEW] = XEP174_TRANSFER_STATE_OFFERED,
    [XEP174_TRANSFER_OFFERED] = XEP174_TRANSFER_STATE_OFFERED,
    [XEP174_TRANSFER_WAITING] = XEP174_TRANSFER_STATE_WAITING,
    [XEP174_TRANSFER_ASKED] = XEP174_TRANSFER_STATE_OFFERED,
    [XEP174_TRANSFER_CONNECTING] = XEP174_TRANSFER_STATE_CONNECTING,
    [XEP174_TRANSFER_REPLACING] = XEP174_TRANSFER_STATE_CONNECTING,
    [XEP174_TRANSFER_MOVING] = XEP174_TRANSFER_STATE_MOVING,
    [XEP174_TRANSFER_IN_BAND] = XEP174_TRANSFER_STATE_MOVING,
    [XEP174_TRANSFER_CHECKING] = XEP174_TRANSFER_STATE_CHECKING,
    [XEP174_TRANSFER_VERIFYING] = XEP174_TRANSFER_STATE_CHECKING,
    [XEP174_TRANSFER_RESTING] = XEP174_TRANSFER_STATE_WAITING,
    [XEP174_TRANSFER_AWAY] = XEP174_TRANSFER_STATE_WAITING,
    [XEP174_TRANSFER_REOFFERED] = XEP174_TRANSFER_STATE_WAITING,
    [XEP174_TRANSFER_DONE] = XEP174_TRANSFER_STATE_DONE,
    [XEP174_TRANSFER_TAKEN] = XEP174_TRANSFER_STATE_DONE,
    [XEP174_TRANSFER_UNCONFIRMED] = XEP174_TRANSFER_STATE_FAILED,
    [XEP174_TRANSFER_DECLINED] = XEP174_TRANSFER_STATE_DECLINED,
    [XEP174_TRANSFER_CANCELLED] = XEP174_TRANSFER_STATE_CANCELLED,
    [XEP174_TRANSFER_ENDED] = XEP174_TRANSFER_STATE_CANCELLED,
    [XEP174_TRANSFER_FAILED] = XEP174_TRANSFER_STATE_FAILED,
  };

  return states[phase];
}

static void on_pace (gpointer data);

static void
show_rate (Xep174Transfer *self,
           gint64          now)
{
  gboolean moves = self->state == XEP174_TRANSFER_STATE_MOVING;
  guint64 rate = xep174_rate_step (&self->speed, moves, self->done, now);

  if (!moves)
    xep174_alarm_clear (&self->pace, self->around->network->clock);
  else if (!xep174_alarm_is_set (&self->pace))
    xep174_alarm_set (&self->pace, self->around->network->clock, XEP174_RATE_MS, on_pace, self);
  if (rate == self->rate)
    return;

  self->rate = rate;
  notify (self, PROP_RATE);
}

void
xep174_transfer_show (Xep174Transfer *self)
{
  gint64 now = xep174_clock_get_now_ms (self->around->network->clock);
  Xep174TransferState state = state_of (self->fsm.state);
  gboolean moved = state != self->state;

  if (self->fsm.done != self->done && (moved || now - self->shown_ms >= SHOW_MS))
    {
      self->done = self->fsm.done;
      self->shown_ms = now;
      notify (self, PROP_DONE);
    }
  if (moved)
    {
      self->state = state;
      if (state > XEP174_TRANSFER_STATE_DONE)
        {
          xep174_transfer_note_error (self, xep174_transfer_explain_end (self));
          notify (self, PROP_ERROR);
        }
      else if (state == XEP174_TRANSFER_STATE_DONE)
        g_clear_error (&self->error);
      notify (self, PROP_STATE);
    }
  show_rate (self, now);
}

/* An address that has left this host gets no answer: TCP would wait for minutes. */
static void
on_pace (gpointer data)
{
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) held = g_object_ref (data);
  Xep174Transfer *self = data;

  xep174_transfer_show (self);
  if (self->speed.quiet && self->pump != NULL && self->own_end != NULL
      && !xep174_ways_is_of_this_host (self->own_end))
    xep174_transfer_post (self, XEP174_TRANSFER_EVENT_PATH_LOST, 0);
}

void
xep174_transfer_learn_size (Xep174Transfer *self,
                            guint64         size)
{
  self->info.size = size;
  self->info.unsized = FALSE;
  xep174_transfer_fsm_learn_size (&self->fsm, size);
  notify (self, PROP_SIZE);
}

void
xep174_transfer_set_file (Xep174Transfer *self,
                          GFile          *file)
{
  if (g_set_object (&self->file, file))
    notify (self, PROP_FILE);
}

static char *
dup_hex (const guint8 *octets,
         gsize         length)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", octets[i]);

  return g_string_free (text, FALSE);
}

void
xep174_transfer_set_folder (Xep174Transfer *self,
                            GFile          *folder)
{
  if (g_set_object (&self->folder, folder))
    notify (self, PROP_FOLDER);
}

void
xep174_transfer_set_left_out (Xep174Transfer *self,
                              guint           n_left_out)
{
  if (self->info.n_left_out == n_left_out)
    return;

  self->info.n_left_out = n_left_out;
  notify (self, PROP_N_LEFT_OUT);
}

void
xep174_transfer_set_sha256 (Xep174Transfer *self,
                            const guint8   *sha256)
{
  g_free (self->sha256);
  self->sha256 = dup_hex (sha256, XEP174_SHA256_LENGTH);
  notify (self, PROP_SHA256);
}

/* --- The object ------------------------------------------------------------------------------ */

/* In the clear, who guesses it gets the file (XEP-0065 §5.3.2). What GLib makes can be guessed by who has
 * seen enough of it, and every contact sees it, as the ids of messages. */
static char *
make_id (void)
{
  guint8 octets[16];
  g_autofree char *hex = NULL;

  if (getentropy (octets, sizeof octets) != 0)
    return g_uuid_string_random ();

  /* RFC 9562 §5.4. */
  octets[6] = (octets[6] & 0x0f) | 0x40;
  octets[8] = (octets[8] & 0x3f) | 0x80;
  hex = dup_hex (octets, sizeof octets);
  return g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

Xep174Transfer *
xep174_transfer_new (Xep174TransferAround *around,
                     const char           *contact,
                     const char           *id,
                     Xep174TransferRole    role,
                     Xep174FileInfo       *info)
{
  Xep174Transfer *self = g_object_new (XEP174_TYPE_TRANSFER, NULL);

  self->around = xep174_transfer_around_ref (around);
  self->contact = g_strdup (contact);
  self->local_id = make_id ();
  self->id = g_strdup (id != NULL ? id : self->local_id);
  self->time = g_date_time_new_now_local ();
  self->info = *info;
  *info = (Xep174FileInfo) { 0 };
  self->jobs = xep174_jobs_new (around->context);
  xep174_transfer_fsm_init (&self->fsm, role, self->info.size);

  return self;
}

static void
oob_free (Xep174TransferOob *oob)
{
  g_clear_pointer (&oob->fetch, xep174_fetch_free);
  g_clear_pointer (&oob->places, xep174_places_free);
  g_clear_object (&oob->address);
  xep174_oob_url_clear (&oob->url);
  g_free (oob);
}

static void
xep174_transfer_finalize (GObject *object)
{
  Xep174Transfer *self = XEP174_TRANSFER (object);

  xep174_alarm_clear (&self->alarm, self->around->network->clock);
  xep174_alarm_clear (&self->pace, self->around->network->clock);
  g_clear_object (&self->own_end);
  g_clear_pointer (&self->source, xep174_file_source_free);
  g_clear_pointer (&self->sink, xep174_file_sink_free);
  xep174_jobs_free (self->jobs);
  if (self->lock >= 0)
    close (self->lock);
  g_clear_object (&self->file);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->stream, xep174_bytestream_free);
  g_clear_pointer (&self->pump, xep174_pump_free);
  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  g_clear_error (&self->way_error);
  g_free (self->used);
  g_free (self->question);
  g_clear_pointer (&self->oob, oob_free);
  g_queue_clear_full (&self->news, g_free);
  g_queue_clear_full (&self->band.blocks, (GDestroyNotify) g_bytes_unref);
  g_free (self->band.sid);
  g_clear_error (&self->error);
  g_date_time_unref (self->time);
  xep174_file_info_clear (&self->info);
  g_free (self->contact);
  g_free (self->id);
  g_free (self->local_id);
  g_free (self->sid);
  g_free (self->sha256);
  xep174_transfer_around_unref (self->around);

  G_OBJECT_CLASS (xep174_transfer_parent_class)->finalize (object);
}

static void
xep174_transfer_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  Xep174Transfer *self = XEP174_TRANSFER (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->local_id);
      break;
    case PROP_CONTACT:
      g_value_set_string (value, self->contact);
      break;
    case PROP_OUTGOING:
      g_value_set_boolean (value, xep174_transfer_sends (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->info.name);
      break;
    case PROP_MEDIA_TYPE:
      g_value_set_string (value, self->info.media_type);
      break;
    case PROP_SIZE:
      g_value_set_uint64 (value, self->info.size);
      break;
    case PROP_DONE:
      g_value_set_uint64 (value, self->done);
      break;
    case PROP_RATE:
      g_value_set_uint64 (value, self->rate);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->state > XEP174_TRANSFER_STATE_DONE ? self->error : NULL);
      break;
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_FOLDER:
      g_value_set_object (value, self->folder);
      break;
    case PROP_SHA256:
      g_value_set_string (value, self->sha256);
      break;
    case PROP_IS_FOLDER:
      g_value_set_boolean (value, self->info.is_folder);
      break;
    case PROP_N_FILES:
      g_value_set_uint (value, self->info.is_folder ? self->info.n_files : 1);
      break;
    case PROP_N_LEFT_OUT:
      g_value_set_uint (value, self->info.n_left_out);
      break;
    case PROP_TIME:
      g_value_set_boxed (value, self->time);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_fixed (GParamFlags flags)
{
  /**
   * Xep174Transfer:id:
   *
   * What no other transfer of this program is called. It stays the same when the program is started anew.
   *
   * Since: 1.0
   */
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);

  /**
   * Xep174Transfer:contact:
   *
   * The name of the contact at the other end.
   *
   * Since: 1.0
   */
  properties[PROP_CONTACT] = g_param_spec_string ("contact", NULL, NULL, NULL, flags);

  /**
   * Xep174Transfer:outgoing:
   *
   * Whether it is we who send.
   *
   * Since: 1.0
   */
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, flags);

  /**
   * Xep174Transfer:name:
   *
   * What the file is called. Of one that comes it is a name that a file may have: one component that
   * people can read, whatever the contact says.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * Xep174Transfer:media-type:
   *
   * What the sender says that is in the file, as `image/png`; %NULL if it does not. It may be wrong.
   *
   * Since: 1.0
   */
  properties[PROP_MEDIA_TYPE] = g_param_spec_string ("media-type", NULL, NULL, NULL, flags);

  /**
   * Xep174Transfer:size:
   *
   * How many octets the file has. Never are more written. Of a folder it is what all of its files have, and
   * what it takes to say what they are called. It is 0 as long as
   * the contact's program has not said it, which few leave out; it is told before the file comes. So 0 is
   * the size of an empty file only when the state is %XEP174_TRANSFER_STATE_DONE, or if we send it.
   *
   * Since: 1.0
   */
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * Xep174Transfer:is-folder:
   *
   * Whether it is a folder with all that is in it.
   *
   * Since: 1.0
   */
  properties[PROP_IS_FOLDER] = g_param_spec_boolean ("is-folder", NULL, NULL, FALSE, flags);

  /**
   * Xep174Transfer:n-files:
   *
   * How many files are in the folder; 1 if it is no folder.
   *
   * Since: 1.0
   */
  properties[PROP_N_FILES] = g_param_spec_uint ("n-files", NULL, NULL, 0, G_MAXUINT, 1, flags);

  /**
   * Xep174Transfer:n-left-out:
   *
   * How many things in a folder that we send are not sent: symbolic links and special files (sockets,
   * pipes, devices). Tell it to the person who sends the folder.
   *
   * It is known as soon as the folder is offered. After a restart of the program it is 0 until the folder
   * was read again. It is always 0 for a single file, and for what a contact sends.
   *
   * Since: 1.0
   */
  properties[PROP_N_LEFT_OUT] = g_param_spec_uint ("n-left-out", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * Xep174Transfer:time:
   *
   * When it was offered. A restart of the program does not change it.
   *
   * Since: 1.0
   */
  properties[PROP_TIME] = g_param_spec_boxed ("time", NULL, NULL, G_TYPE_DATE_TIME, flags);
}

static void
install_changing (GParamFlags flags)
{
  /**
   * Xep174Transfer:state:
   *
   * How far it is. It is told after all else that has changed with it.
   *
   * Since: 1.0
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, XEP174_TYPE_TRANSFER_STATE, XEP174_TRANSFER_STATE_OFFERED, flags);

  /**
   * Xep174Transfer:done:
   *
   * How many octets are over. It can become smaller, when some were on their way as a connection broke.
   *
   * Since: 1.0
   */
  properties[PROP_DONE] = g_param_spec_uint64 ("done", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * Xep174Transfer:rate:
   *
   * Octets a second, as of late; 0 while none are on their way, and when none have come for some seconds.
   *
   * Since: 1.0
   */
  properties[PROP_RATE] = g_param_spec_uint64 ("rate", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * Xep174Transfer:error:
   *
   * Why it will not arrive, for people; %NULL as long as it may.
   *
   * Since: 1.0
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  /**
   * Xep174Transfer:file:
   *
   * The file or folder: the one that is sent; or, once it is there, the one that has come. If the folder was
   * moved meanwhile it is looked for there. It stays %NULL if what has come went to a stream, or if somebody
   * has removed it already: then nobody can say where it is.
   *
   * Since: 1.0
   */
  properties[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, flags);

  /**
   * Xep174Transfer:folder:
   *
   * The folder that it was accepted into, also after a restart; %NULL before, and of what is sent or goes
   * to a stream.
   *
   * Since: 1.0
   */
  properties[PROP_FOLDER] = g_param_spec_object ("folder", NULL, NULL, G_TYPE_FILE, flags);

  /**
   * Xep174Transfer:sha256:
   *
   * The hash that both sides have found, as 64 hexadecimal digits; %NULL before, and if the contact's
   * program tells none.
   *
   * Since: 1.0
   */
  properties[PROP_SHA256] = g_param_spec_string ("sha256", NULL, NULL, NULL, flags);
}

static void
xep174_transfer_class_init (Xep174TransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = xep174_transfer_finalize;
  object_class->get_property = xep174_transfer_get_property;

  install_fixed (flags);
  install_changing (flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_transfer_init (Xep174Transfer *self)
{
  self->lock = -1;
  g_queue_init (&self->news);
  g_queue_init (&self->band.blocks);
}
