/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "chat-picture.h"

/* Black, with that many pixels in each direction. */
static GBytes *
make_file (const char *kind,
           int         pixels)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, pixels, pixels);
  g_autoptr(GError) error = NULL;
  char *octets;
  gsize size;

  gdk_pixbuf_fill (pixbuf, 0x000000ff);
  gdk_pixbuf_save_to_buffer (pixbuf, &octets, &size, kind, &error, NULL);
  g_assert_no_error (error);

  return g_bytes_new_take (octets, size);
}

static GdkPaintable *
decode (const char *kind,
        int         pixels)
{
  g_autoptr(GBytes) file = make_file (kind, pixels);

  return chat_picture_decode (file);
}

static void
test_kinds (void)
{
  static const char *const kinds[] = { "png", "jpeg" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(GdkPaintable) picture = decode (kinds[i], 96);

      g_assert_nonnull (picture);
      g_assert_cmpint (gdk_paintable_get_intrinsic_width (picture), ==, 96);
    }
}

/* D15: anybody may send any octets. */
static void
test_bad (void)
{
  static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
  g_autoptr(GBytes) text = g_bytes_new_static (svg, strlen (svg));
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr(GBytes) whole = make_file ("png", 96);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (whole, 0, 20);

  g_assert_null (chat_picture_decode (text));
  g_assert_null (chat_picture_decode (empty));
  g_assert_null (chat_picture_decode (cut));
}

/* A small file that says that it is a huge picture. */
static void
test_bomb (void)
{
  static const char *const kinds[] = { "png", "jpeg" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_null (decode (kinds[i], 2000));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/chat-picture/D15-kinds", test_kinds);
  g_test_add_func ("/chat-picture/D15-bad", test_bad);
  g_test_add_func ("/chat-picture/D15-bomb", test_bomb);

  return g_test_run ();
}
