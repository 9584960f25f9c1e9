/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Pictures of people. Anybody may send any octets, so little of what decodes images is tried. */

#include "chat-picture.h"

#include <string.h>

/* In each direction: a file of 65,535 octets can claim to be a picture of many gigabytes. */
#define PIXELS_MAX 1024
/* What goes to the decoder before we look again at what it says of the size. */
#define STEP 64

typedef struct
{
  AdwAvatar *avatar; /* whose data this is */
  Xep174Contact *contact;
  gulong handler;
  GCancellable *cancellable;
} Follow;

static const char *
get_kind (const char *octets,
          gsize       size)
{
  if (size > 8 && memcmp (octets, "\x89PNG\r\n\x1a\n", 8) == 0)
    return "png";
  if (size > 3 && memcmp (octets, "\xff\xd8\xff", 3) == 0)
    return "jpeg";
  if (size > 6 && memcmp (octets, "GIF8", 4) == 0)
    return "gif";

  return NULL;
}

static void
on_size_prepared (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  gboolean        *is_large)
{
  *is_large = width > PIXELS_MAX || height > PIXELS_MAX;
  if (*is_large)
    gdk_pixbuf_loader_set_size (loader, 1, 1);
}

GdkPaintable *
chat_picture_decode (GBytes *octets)
{
  gsize size;
  const guchar *data = g_bytes_get_data (octets, &size);
  const char *kind = get_kind ((const char *) data, size);
  g_autoptr(GdkPixbufLoader) loader = NULL;
  gboolean is_large = FALSE;
  gboolean is_good = TRUE;
  GdkPixbuf *pixbuf;

  if (kind != NULL)
    loader = gdk_pixbuf_loader_new_with_type (kind, NULL);
  if (loader == NULL)
    return NULL;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared), &is_large);
  for (gsize at = 0; is_good && !is_large && at < size; at += STEP)
    is_good = gdk_pixbuf_loader_write (loader, data + at, MIN (STEP, size - at), NULL);
  is_good = gdk_pixbuf_loader_close (loader, NULL) && is_good;
  pixbuf = is_good && !is_large ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;

  return pixbuf != NULL ? GDK_PAINTABLE (gdk_texture_new_for_pixbuf (pixbuf)) : NULL;
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Follow *follow = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) octets = xep174_contact_load_avatar_finish (XEP174_CONTACT (source), result,
                                                                &error);
  g_autoptr(GdkPaintable) picture = NULL;

  /* Then there is nobody left to show it. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (error != NULL)
    g_debug ("No picture: %s", error->message);
  else
    picture = chat_picture_decode (octets);
  adw_avatar_set_custom_image (follow->avatar, picture);
}

static void
stop (Follow *follow)
{
  g_cancellable_cancel (follow->cancellable);
  g_clear_object (&follow->cancellable);
}

static void
load (Follow *follow)
{
  stop (follow);
  if (xep174_contact_get_parameter (follow->contact, "phsh") == NULL)
    {
      adw_avatar_set_custom_image (follow->avatar, NULL);
      return;
    }

  follow->cancellable = g_cancellable_new ();
  xep174_contact_load_avatar_async (follow->contact, follow->cancellable, on_loaded, follow);
}

static void
follow_free (gpointer data)
{
  Follow *follow = data;

  stop (follow);
  g_signal_handler_disconnect (follow->contact, follow->handler);
  g_object_unref (follow->contact);
  g_free (follow);
}

void
chat_picture_follow (AdwAvatar     *avatar,
                     Xep174Contact *contact)
{
  Follow *follow = NULL;

  /* The picture of somebody else must not stay while the right one is on its way. */
  adw_avatar_set_custom_image (avatar, NULL);
  if (contact != NULL)
    {
      follow = g_new0 (Follow, 1);
      follow->avatar = avatar;
      follow->contact = g_object_ref (contact);
      follow->handler = g_signal_connect_swapped (contact, "notify::avatar-hash", G_CALLBACK (load),
                                                  follow);
    }
  g_object_set_data_full (G_OBJECT (avatar), "chat-picture", follow, follow_free);
  if (follow != NULL)
    load (follow);
}
