/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-transfer-record-private.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "xep174-private-file-private.h"

#define GROUP "transfer"
#define LOCK ".lock"
/* An empty file beside a record of what is over. */
#define END ".end"
/* While one is written: as g_file_set_contents_full() calls it. */
#define HALF_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define HALF_LENGTH 6
#define ID_LENGTH 36
/* Who has more of them that go on has others than files in mind. */
#define MAX_OPEN 1024
/* What this program has closed it lets go of a moment later. For all of them, not for each. */
#define TRIES 50
#define PAUSE_US 4000

void
xep174_transfer_record_free (Xep174TransferRecord *self)
{
  if (self->lock >= 0)
    close (self->lock);
  xep174_file_info_clear (&self->info);
  g_free (self->local_id);
  g_free (self->contact);
  g_free (self->id);
  g_free (self->place);
  g_free (self);
}

static char *
path_of (const char *folder,
         const char *local_id,
         const char *suffix)
{
  g_autofree char *name = g_strconcat (local_id, suffix, NULL);

  return g_build_filename (folder, name, NULL);
}

/* --- Writing --------------------------------------------------------------------------------- */

static GKeyFile *
to_key_file (Xep174TransferRecord *self)
{
  GKeyFile *file = g_key_file_new ();
  g_autofree char *hash = g_base64_encode (self->info.sha256, XEP174_SHA256_LENGTH);

  g_key_file_set_string (file, GROUP, "contact", self->contact);
  g_key_file_set_string (file, GROUP, "id", self->id);
  g_key_file_set_uint64 (file, GROUP, "attempt", self->attempt);
  g_key_file_set_int64 (file, GROUP, "time", self->time);
  g_key_file_set_uint64 (file, GROUP, "role", self->role);
  g_key_file_set_string (file, GROUP, "phase", xep174_transfer_phase_name (self->phase));
  g_key_file_set_string (file, GROUP, "name", self->info.name);
  if (self->info.media_type != NULL)
    g_key_file_set_string (file, GROUP, "media-type", self->info.media_type);
  g_key_file_set_uint64 (file, GROUP, "size", self->info.size);
  if (self->info.is_folder)
    {
      g_key_file_set_uint64 (file, GROUP, "files", self->info.n_files);
      g_key_file_set_uint64 (file, GROUP, "manifest", self->info.manifest);
    }
  g_key_file_set_uint64 (file, GROUP, "done", self->done);
  g_key_file_set_string (file, GROUP, "place", self->place);
  g_key_file_set_int64 (file, GROUP, "changed", self->changed);
  if (self->info.hashed)
    g_key_file_set_string (file, GROUP, "sha256", hash);

  return file;
}

gboolean
xep174_transfer_record_write (Xep174TransferRecord  *self,
                              const char            *folder,
                              GError               **error)
{
  g_autoptr(GKeyFile) file = to_key_file (self);
  g_autofree char *path = path_of (folder, self->local_id, "");
  g_autofree char *text = NULL;
  Xep174FileStamp stamp;
  gsize length;

  if (self->lock < 0)
    self->lock = xep174_private_file_lock (path, error);
  if (self->lock < 0)
    return FALSE;

  text = g_key_file_to_data (file, &length, NULL);

  return xep174_private_file_write (path, text, length, &stamp, error);
}

void
xep174_transfer_record_end (const char *folder,
                            const char *local_id)
{
  g_autofree char *path = path_of (folder, local_id, END);
  int fd;

  /* The record may be the first one, and be written just now. */
  g_mkdir_with_parents (folder, 0700);
  /* A pipe in its place must not stop us. */
  fd = open (path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
  if (fd >= 0)
    close (fd);
}

void
xep174_transfer_record_remove (const char *folder,
                               const char *local_id)
{
  g_autofree char *path = path_of (folder, local_id, "");
  g_autofree char *end = path_of (folder, local_id, END);
  g_autofree char *lock = path_of (folder, local_id, LOCK);

  /* Somebody may have made a folder in its place. */
  g_remove (path);
  g_remove (end);
  g_unlink (lock);
}

/* --- Reading --------------------------------------------------------------------------------- */

static gboolean
read_phase (GKeyFile             *file,
            Xep174TransferRecord *self)
{
  g_autofree char *name = g_key_file_get_string (file, GROUP, "phase", NULL);

  for (guint i = 0; i < XEP174_TRANSFER_N_STATES; i++)
    if (g_strcmp0 (name, xep174_transfer_phase_name (i)) == 0)
      {
        self->phase = i;
        return TRUE;
      }

  return FALSE;
}

static void
read_hash (GKeyFile       *file,
           Xep174FileInfo *info)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, "sha256", NULL);
  gsize length = 0;
  g_autofree guchar *hash = text != NULL ? g_base64_decode (text, &length) : NULL;

  info->hashed = length == XEP174_SHA256_LENGTH;
  if (info->hashed)
    memcpy (info->sha256, hash, length);
}

static gboolean
read_all (GKeyFile             *file,
          Xep174TransferRecord *self)
{
  guint64 role = g_key_file_get_uint64 (file, GROUP, "role", NULL);

  self->contact = g_key_file_get_string (file, GROUP, "contact", NULL);
  self->id = g_key_file_get_string (file, GROUP, "id", NULL);
  self->attempt = g_key_file_get_uint64 (file, GROUP, "attempt", NULL);
  self->time = CLAMP (g_key_file_get_int64 (file, GROUP, "time", NULL), 0, g_get_real_time ());
  self->role = role;
  self->info.name = g_key_file_get_string (file, GROUP, "name", NULL);
  self->info.media_type = g_key_file_get_string (file, GROUP, "media-type", NULL);
  self->info.size = g_key_file_get_uint64 (file, GROUP, "size", NULL);
  self->info.is_folder = g_key_file_has_key (file, GROUP, "manifest", NULL);
  self->info.n_files = self->info.is_folder ? g_key_file_get_uint64 (file, GROUP, "files", NULL) : 1;
  self->info.manifest = g_key_file_get_uint64 (file, GROUP, "manifest", NULL);
  self->info.ranged = TRUE;
  self->done = g_key_file_get_uint64 (file, GROUP, "done", NULL);
  self->place = g_key_file_get_string (file, GROUP, "place", NULL);
  self->changed = g_key_file_get_int64 (file, GROUP, "changed", NULL);
  read_hash (file, &self->info);

  return self->contact != NULL && self->id != NULL && self->info.name != NULL && self->place != NULL
         && role < XEP174_TRANSFER_N_ROLES && self->info.size <= G_MAXINT64
         && self->info.manifest <= self->info.size && read_phase (file, self);
}

static gboolean
is_old (const Xep174FileStamp *stamp)
{
  return g_get_real_time () / G_USEC_PER_SEC - stamp->changed_s > XEP174_TRANSFER_KEEP_MS / 1000;
}

/* Whatever it is. */
static gboolean
is_there (const char *path)
{
  GStatBuf status;

  return g_lstat (path, &status) == 0;
}

/* Where the contact has heard of an end there is no record. */
static void
tell_end (Xep174TransferRecord *self)
{
  if (!self->over || self->old || self->role != XEP174_TRANSFER_SENDER)
    return;

  self->over = FALSE;
  self->phase = XEP174_TRANSFER_CANCELLED;
}

/* What cannot be read just now may be understood some other time. */
static void
remove_useless (const char   *folder,
                const char   *local_id,
                const GError *error)
{
  if (error == NULL || error->domain != G_FILE_ERROR
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    xep174_transfer_record_remove (folder, local_id);
}

/* Takes @lock. */
static Xep174TransferRecord *
read_record (const char *folder,
             const char *local_id,
             int         lock)
{
  g_autoptr(Xep174TransferRecord) self = g_new0 (Xep174TransferRecord, 1);
  g_autofree char *path = path_of (folder, local_id, "");
  g_autofree char *end = path_of (folder, local_id, END);
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) text = NULL;
  Xep174FileStamp stamp;

  self->local_id = g_strdup (local_id);
  self->lock = lock;
  text = xep174_private_file_read (path, &stamp, &error);
  if (text != NULL && g_key_file_load_from_bytes (file, text, G_KEY_FILE_NONE, NULL) && read_all (file, self))
    {
      self->old = is_old (&stamp);
      self->over = is_there (end) || (self->old && self->phase >= XEP174_TRANSFER_DONE);
      tell_end (self);
      return g_steal_pointer (&self);
    }

  remove_useless (folder, local_id, error);

  return NULL;
}

/* --- All of them ----------------------------------------------------------------------------- */

/* As we make them: no capitals. */
static char *
dup_id (const char *name)
{
  g_autofree char *id = g_strndup (name, ID_LENGTH);
  g_autofree char *lower = g_ascii_strdown (id, -1);
  gboolean is_id = g_uuid_string_is_valid (id) && g_str_equal (id, lower)
                   && (name[ID_LENGTH] == '\0' || name[ID_LENGTH] == '.');

  return is_id ? g_steal_pointer (&id) : NULL;
}

static gboolean
is_half_written (const char *name)
{
  const char *suffix = name + ID_LENGTH + 1;

  return name[ID_LENGTH] != '\0' && strlen (suffix) == HALF_LENGTH
         && strspn (suffix, HALF_LETTERS) == HALF_LENGTH;
}

/* Of each the paths of what is left where the program was ended while it wrote. */
static GHashTable *
list_ids (const char *folder)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) g_ptr_array_unref);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *id = dup_id (name);
      GPtrArray *halves = id != NULL ? g_hash_table_lookup (ids, id) : NULL;

      if (id == NULL)
        continue;
      if (halves == NULL)
        g_hash_table_insert (ids, g_strdup (id), halves = g_ptr_array_new_with_free_func (g_free));
      if (is_half_written (name))
        g_ptr_array_add (halves, g_build_filename (folder, name, NULL));
    }

  return ids;
}

typedef struct
{
  const char *folder;
  GPtrArray *records;
  guint n_open;
  gboolean missed;
} Listing;

/* What has ended needs no lock: whoever asks is told the same by each program. */
static void
add (Listing              *self,
     Xep174TransferRecord *record)
{
  gboolean is_open = !record->over && record->phase < XEP174_TRANSFER_DONE;

  if (is_open && self->n_open++ >= MAX_OPEN)
    {
      self->missed = TRUE;
      xep174_transfer_record_free (record);
      return;
    }

  if (!is_open)
    {
      close (record->lock);
      record->lock = -1;
    }
  g_ptr_array_add (self->records, record);
}

/* FALSE as long as another program has it. */
static gboolean
take (gpointer id,
      gpointer halves,
      gpointer data)
{
  Listing *self = data;
  g_autofree char *path = path_of (self->folder, id, "");
  g_autoptr(GError) error = NULL;
  int lock = xep174_private_file_try_lock (path, &error);
  Xep174TransferRecord *record;

  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN))
    return FALSE;
  if (lock < 0)
    {
      self->missed |= is_there (path);
      return TRUE;
    }

  for (guint i = 0; i < ((GPtrArray *) halves)->len; i++)
    g_unlink (((GPtrArray *) halves)->pdata[i]);
  record = read_record (self->folder, id, lock);
  if (record != NULL)
    add (self, record);
  else
    self->missed |= is_there (path);

  return TRUE;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  const Xep174TransferRecord *one = *(Xep174TransferRecord *const *) a;
  const Xep174TransferRecord *other = *(Xep174TransferRecord *const *) b;

  return (one->time > other->time) - (one->time < other->time);
}

GPtrArray *
xep174_transfer_record_list (const char *folder,
                             gboolean   *missed)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_transfer_record_free);
  g_autoptr(GHashTable) ids = list_ids (folder);
  Listing listing = { folder, records, 0, FALSE };

  g_hash_table_foreach_remove (ids, take, &listing);
  for (guint i = 1; i < TRIES && g_hash_table_size (ids) > 0; i++)
    {
      g_usleep (PAUSE_US);
      g_hash_table_foreach_remove (ids, take, &listing);
    }
  *missed = listing.missed || g_hash_table_size (ids) > 0;
  g_ptr_array_sort (records, compare_times);

  return records;
}
