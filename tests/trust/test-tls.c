/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tls-end.h"
#include "xep174-trust-error.h"

#include <string.h>

/* The engine against itself. */

static void
talk (End   *one,
      End   *other,
      gsize  size)
{
  while (end_carry (one->wire, other, size) | end_carry (other->wire, one, size))
    ;
}

static gboolean
look_refuse (GBytes   *key,
             gpointer  data,
             GError  **error)
{
  g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY, "not this one");
  return FALSE;
}

typedef struct
{
  Xep174Certificate *certificates[2];
  End caller;
  End callee;
  guint looks;
} Pair;

static void
pair_init (Pair          *pair,
           Xep174TlsLook  look)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    pair->certificates[i] = xep174_certificate_generate (&error);
  g_assert_no_error (error);
  pair->looks = 0;
  end_init (&pair->caller, pair->certificates[0], TRUE, look, &pair->looks);
  end_init (&pair->callee, pair->certificates[1], FALSE, NULL, NULL);
  end_feed (&pair->caller, NULL, 0);
}

static void
pair_clear (Pair *pair)
{
  end_clear (&pair->caller);
  end_clear (&pair->callee);
  for (guint i = 0; i < 2; i++)
    xep174_certificate_unref (pair->certificates[i]);
}

static void
assert_key (End               *end,
            Xep174Certificate *certificate)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) key = xep174_tls_dup_peer_key (end->tls, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (key, xep174_certificate_get_key (certificate)));
}

/* The same comes of it, however the octets are cut. */
static void
test_cuts (void)
{
  static const gsize sizes[] = { 1, 2, 3, 4, 5, 6, 7, 64, 1000, G_MAXSIZE, 0, 0, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Pair pair;
      g_autoptr(GBytes) binding = NULL;
      g_autoptr(GBytes) other_binding = NULL;

      pair_init (&pair, look_accept);
      talk (&pair.caller, &pair.callee, sizes[i]);
      g_assert_no_error (pair.caller.error);
      g_assert_no_error (pair.callee.error);
      g_assert_true (pair.caller.open && pair.callee.open);
      g_assert_cmpuint (pair.looks, ==, 1);
      assert_key (&pair.caller, pair.certificates[1]);
      assert_key (&pair.callee, pair.certificates[0]);

      binding = xep174_tls_dup_channel_binding (pair.caller.tls);
      other_binding = xep174_tls_dup_channel_binding (pair.callee.tls);
      g_assert_true (g_bytes_equal (binding, other_binding));
      g_assert_cmpuint (g_bytes_get_size (binding), ==, 32);

      end_say (&pair.caller, "hello ", 6);
      end_say (&pair.caller, "world", 5);
      end_say (&pair.callee, "well met", 8);
      talk (&pair.caller, &pair.callee, sizes[i]);
      g_assert_cmpstr (pair.callee.text->str, ==, "hello world");
      g_assert_cmpstr (pair.caller.text->str, ==, "well met");

      xep174_tls_close (pair.caller.tls, pair.caller.wire);
      talk (&pair.caller, &pair.callee, sizes[i]);
      g_assert_true (pair.callee.closed);
      g_assert_false (pair.caller.closed);
      pair_clear (&pair);
    }
}

/* The caller writes right behind its part of the handshake, and all comes in one piece. */
static void
test_together (void)
{
  Pair pair;

  pair_init (&pair, look_accept);
  end_carry (pair.caller.wire, &pair.callee, G_MAXSIZE);
  end_carry (pair.callee.wire, &pair.caller, G_MAXSIZE);
  g_assert_true (pair.caller.open);
  g_assert_false (pair.callee.open);
  end_say (&pair.caller, "at once", 7);
  xep174_tls_close (pair.caller.tls, pair.caller.wire);
  end_carry (pair.caller.wire, &pair.callee, G_MAXSIZE);
  g_assert_true (pair.callee.open && pair.callee.closed);
  g_assert_cmpstr (pair.callee.text->str, ==, "at once");
  pair_clear (&pair);
}

static void
test_large (void)
{
  g_autofree char *text = g_malloc (1 << 20);
  Pair pair;

  for (gsize i = 0; i < 1 << 20; i++)
    text[i] = g_test_rand_int ();
  pair_init (&pair, look_accept);
  talk (&pair.caller, &pair.callee, G_MAXSIZE);
  end_say (&pair.callee, text, 1 << 20);
  talk (&pair.caller, &pair.callee, 1 << 14);
  g_assert_cmpmem (pair.caller.text->str, pair.caller.text->len, text, 1 << 20);
  pair_clear (&pair);
}

/* Our certificate does not leave before the other's key was looked at; who was refused hears so. */
static void
test_refused (void)
{
  Pair pair;
  g_autoptr(GError) none = NULL;

  pair_init (&pair, look_refuse);
  talk (&pair.caller, &pair.callee, G_MAXSIZE);
  g_assert_error (pair.caller.error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY);
  g_assert_cmpstr (pair.caller.error->message, ==, "not this one");
  g_assert_error (pair.callee.error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS);
  g_assert_nonnull (strstr (pair.callee.error->message, "it does not accept our key"));
  g_assert_false (pair.callee.open);
  g_assert_null (xep174_tls_dup_peer_key (pair.callee.tls, &none));
  g_assert_error (none, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY);
  pair_clear (&pair);
}

/* Two programs of one user: the other side shows our own key. */
static void
test_own_key (void)
{
  g_autoptr(Xep174Certificate) certificate = xep174_certificate_generate (NULL);
  End caller;
  End callee;

  end_init (&caller, certificate, TRUE, look_accept, NULL);
  end_init (&callee, certificate, FALSE, NULL, NULL);
  end_feed (&caller, NULL, 0);
  talk (&caller, &callee, G_MAXSIZE);
  g_assert_no_error (caller.error);
  g_assert_true (caller.open && callee.open);
  end_clear (&caller);
  end_clear (&callee);
}

/* An octet changed anywhere never opens, and text that was changed is never read. */
static void
test_changed (void)
{
  for (guint i = 0; i < 400; i++)
    {
      Pair pair;
      gsize flight = i % 4;
      gsize where;
      End *from = flight % 2 == 0 ? &pair.caller : &pair.callee;
      End *to = flight % 2 == 0 ? &pair.callee : &pair.caller;

      pair_init (&pair, look_accept);
      for (guint j = 0; j < flight; j++)
        {
          end_carry (j % 2 == 0 ? pair.caller.wire : pair.callee.wire,
                 j % 2 == 0 ? &pair.callee : &pair.caller, G_MAXSIZE);
          if (j == 1)
            end_say (&pair.caller, "hello", 5);
          if (j == 2)
            end_say (&pair.callee, "hello", 5);
        }
      where = g_test_rand_int_range (0, from->wire->len);
      from->wire->str[where] ^= 1 << g_test_rand_int_range (0, 8);
      talk (&pair.caller, &pair.callee, G_MAXSIZE);

      /* What the version of a record says does not count (RFC 8446 §5.1). */
      if (to->error != NULL)
        {
          g_assert_cmpuint (to->text->len, ==, 0);
          g_assert_cmpuint (to->error->domain, ==, XEP174_TRUST_ERROR);
        }
      else if (to->text->len > 0)
        g_assert_cmpstr (to->text->str, ==, "hello");
      pair_clear (&pair);
    }
}

static void
test_nonsense (void)
{
  static const char *const inputs[] = {
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client'>", "GET / HTTP/1.0\r\n\r\n",
    "\x16\x03\x01\xff\xff", "\x17\x03\x03\x00\x01x", "\x15\x03\x03\x00\x02\x02\x28",
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (inputs); i++)
    {
      g_autoptr(Xep174Certificate) certificate = xep174_certificate_generate (NULL);
      gsize length = i / 2 == 3 ? 6 : i / 2 == 4 ? 7 : strlen (inputs[i / 2]);
      g_autoptr(GError) again = NULL;
      const guint8 *octets = (const guint8 *) "x";
      gsize one = 1;
      End end;

      end_init (&end, certificate, i % 2 == 0, look_accept, NULL);
      end_feed (&end, NULL, 0);
      end_feed (&end, (const guint8 *) inputs[i / 2], length);
      g_assert_error (end.error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS);
      g_assert_cmpint (xep174_tls_receive (end.tls, &octets, &one, end.text, end.wire, &again), ==,
                       XEP174_TLS_FAILED);
      end_clear (&end);
    }
}

/* T11: records of a message that says that it is 16 MiB long, to either end. */
static void
test_endless (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(Xep174Certificate) certificate = xep174_certificate_generate (NULL);
      g_autofree guint8 *record = g_malloc0 (5 + 16384);
      gsize taken = 0;
      End end;

      memcpy (record, "\x16\x03\x01\x40\x00", 5);
      memcpy (record + 5, i == 0 ? "\x01\xff\xff\xff" : "\x02\xff\xff\xff", 4);
      end_init (&end, certificate, i == 1, look_accept, NULL);
      end_feed (&end, NULL, 0);
      while (end.error == NULL && taken < 1024 * 1024)
        {
          end_feed (&end, record, 5 + 16384);
          taken += 5 + 16384;
          memset (record + 5, 0, 4);
        }
      g_assert_error (end.error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS);
      g_assert_cmpuint (taken, <=, 4 * (5 + 16384));
      end_clear (&end);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tls/cuts", test_cuts);
  g_test_add_func ("/tls/together", test_together);
  g_test_add_func ("/tls/large", test_large);
  g_test_add_func ("/tls/T6/refused", test_refused);
  g_test_add_func ("/tls/own-key", test_own_key);
  g_test_add_func ("/tls/changed", test_changed);
  g_test_add_func ("/tls/nonsense", test_nonsense);
  g_test_add_func ("/tls/T11/endless", test_endless);

  return g_test_run ();
}
