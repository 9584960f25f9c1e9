/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A QR code, black on white in dark windows, too: many a reader wants it so. */

#include "chat-qr-code.h"

#if HAVE_QRENCODE
#include <qrencode.h>
#endif

/* Of the white border, as ISO/IEC 18004 §6.3.8 asks for. */
#define BORDER 4
/* Of one of its squares, in pixels. */
#define SQUARE 5

struct _ChatQrCode
{
  GtkWidget parent_instance;

  GBytes *squares; /* line by line; black where not 0 */
  guint width;
};

G_DEFINE_FINAL_TYPE (ChatQrCode, chat_qr_code, GTK_TYPE_WIDGET)

#if HAVE_QRENCODE
static GBytes *
encode (const char *text,
        guint      *width)
{
  QRcode *code = QRcode_encodeString (text, 0, QR_ECLEVEL_M, QR_MODE_8, TRUE);
  guint8 *squares;
  gsize n_squares;

  if (code == NULL)
    return NULL;

  *width = code->width;
  n_squares = (gsize) *width * *width;
  squares = g_memdup2 (code->data, n_squares);
  for (gsize i = 0; i < n_squares; i++)
    squares[i] &= 1;
  QRcode_free (code);

  return g_bytes_new_take (squares, n_squares);
}
#else
static GBytes *
encode (const char *text,
        guint      *width)
{
  return NULL;
}
#endif

gboolean
chat_qr_code_set_text (ChatQrCode *self,
                       const char *text)
{
  g_clear_pointer (&self->squares, g_bytes_unref);
  self->squares = encode (text, &self->width);
  gtk_widget_queue_resize (GTK_WIDGET (self));

  return self->squares != NULL;
}

static void
chat_qr_code_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  ChatQrCode *self = CHAT_QR_CODE (widget);

  *minimum = *natural = self->squares != NULL ? (int) (self->width + 2 * BORDER) * SQUARE : 0;
}

static void
chat_qr_code_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  static const GdkRGBA white = { 1, 1, 1, 1 };
  static const GdkRGBA black = { 0, 0, 0, 1 };
  ChatQrCode *self = CHAT_QR_CODE (widget);
  const guint8 *squares = self->squares != NULL ? g_bytes_get_data (self->squares, NULL) : NULL;
  float whole = (self->width + 2 * BORDER) * SQUARE;

  if (squares == NULL)
    return;

  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (0, 0, whole, whole));
  for (guint y = 0; y < self->width; y++)
    for (guint x = 0; x < self->width; x++)
      if (squares[y * self->width + x] != 0)
        gtk_snapshot_append_color (snapshot, &black,
                                   &GRAPHENE_RECT_INIT ((x + BORDER) * SQUARE, (y + BORDER) * SQUARE,
                                                        SQUARE, SQUARE));
}

static void
chat_qr_code_finalize (GObject *object)
{
  g_clear_pointer (&CHAT_QR_CODE (object)->squares, g_bytes_unref);

  G_OBJECT_CLASS (chat_qr_code_parent_class)->finalize (object);
}

static void
chat_qr_code_class_init (ChatQrCodeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = chat_qr_code_finalize;
  widget_class->measure = chat_qr_code_measure;
  widget_class->snapshot = chat_qr_code_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
chat_qr_code_init (ChatQrCode *self)
{
}
