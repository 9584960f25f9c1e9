/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tls-end.h"

void
end_init (End               *end,
          Xep174Certificate *certificate,
          gboolean           initiator,
          Xep174TlsLook      look,
          gpointer           data)
{
  g_autoptr(GError) error = NULL;

  *end = (End) { 0 };
  end->tls = xep174_tls_new (certificate, initiator, look, data, &error);
  g_assert_no_error (error);
  end->wire = g_string_new (NULL);
  end->text = g_string_new (NULL);
}

void
end_clear (End *end)
{
  xep174_tls_free (end->tls);
  g_string_free (end->wire, TRUE);
  g_string_free (end->text, TRUE);
  g_clear_error (&end->error);
}

void
end_feed (End          *end,
          const guint8 *octets,
          gsize         length)
{
  while (end->error == NULL && !end->closed)
    {
      switch (xep174_tls_receive (end->tls, &octets, &length, end->text, end->wire, &end->error))
        {
        case XEP174_TLS_MORE:
          g_assert_cmpuint (length, ==, 0);
          return;
        case XEP174_TLS_OPEN:
          g_assert_false (end->open);
          end->open = TRUE;
          break;
        case XEP174_TLS_TEXT:
          g_assert_true (end->open);
          break;
        case XEP174_TLS_CLOSED:
          end->closed = TRUE;
          break;
        case XEP174_TLS_FAILED:
          g_assert_nonnull (end->error);
          break;
        }
    }
}

gboolean
end_carry (GString *wire,
           End     *to,
           gsize    size)
{
  g_autofree char *octets = g_memdup2 (wire->str, wire->len);
  gsize length = wire->len;

  g_string_truncate (wire, 0);
  for (gsize done = 0; done < length;)
    {
      gsize wanted = size > 0 ? size : (gsize) g_test_rand_int_range (1, 200);
      gsize piece = MIN (length - done, wanted);

      end_feed (to, (const guint8 *) octets + done, piece);
      done += piece;
    }
  return length > 0;
}

void
end_say (End        *end,
         const char *text,
         gsize       length)
{
  g_autoptr(GError) error = NULL;

  xep174_tls_send (end->tls, text, length, end->wire, &error);
  g_assert_no_error (error);
}

gboolean
look_accept (GBytes   *key,
             gpointer  data,
             GError  **error)
{
  guint *looks = data;

  if (looks != NULL)
    ++*looks;
  return TRUE;
}
