/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The TLS engine (T1, T9, T10), with any octets for a peer, or with somebody on the way who changes
 * what two engines say. Nothing but the peer's own key is known, nothing but what the peer has said
 * is heard, and what we write is whole records. GnuTLS throws dice of its own: what is found may not
 * be found each time.
 *
 * The input: who hears it, one octet: the recipient, the initiator, or both; the size of the
 * pieces; then the octets, or how each flight is changed. */

#include "fuzz.h"

#include <string.h>

#include "tls-end.h"

#define SAID "Wherefore art thou, Romeo?"

static Xep174Certificate *certificates[2];

/* RFC 8446 §5.1 and §5.2. */
static void
check_records (const GString *wire)
{
  for (gsize at = 0; at < wire->len;)
    {
      const guint8 *record = (const guint8 *) wire->str + at;
      gsize length;

      g_assert_cmpuint (wire->len - at, >, 5);
      length = record[3] << 8 | record[4];
      g_assert_true (record[0] >= 20 && record[0] <= 23 && record[1] == 3);
      g_assert_cmpuint (length, <=, (1 << 14) + 256);
      g_assert_cmpuint (length, <=, wire->len - at - 5);
      at += 5 + length;
    }
}

/* --- Any octets for a peer --------------------------------------------------------------- */

static void
check_failed (End *end)
{
  g_autoptr(GError) error = NULL;
  const guint8 *octet = (const guint8 *) "x";
  gsize length = 1;
  gsize before = end->wire->len;

  g_assert_cmpint (xep174_tls_receive (end->tls, &octet, &length, end->text, end->wire, &error), ==,
                   XEP174_TLS_FAILED);
  g_assert_nonnull (error);
  xep174_tls_close (end->tls, end->wire);
  g_assert_cmpuint (end->wire->len, ==, before);
}

/* Whether it was refused; which fault GnuTLS names depends on how much it sees at once. */
static gboolean
hear_octets (gboolean  initiator,
             FuzzBytes bytes,
             gsize     size)
{
  End end;
  gboolean is_refused;

  end_init (&end, certificates[0], initiator, look_accept, NULL);
  if (initiator)
    end_feed (&end, NULL, 0);
  while (bytes.size > 0 && end.error == NULL)
    {
      gsize piece = MIN (bytes.size, size);
      g_autofree guint8 *copy = g_memdup2 (bytes.data, piece);

      end_feed (&end, copy, piece);
      bytes.data += piece;
      bytes.size -= piece;
    }
  g_assert_false (end.open || end.closed);
  g_assert_cmpuint (end.text->len, ==, 0);
  g_assert_null (xep174_tls_dup_channel_binding (end.tls));
  is_refused = end.error != NULL;
  if (is_refused)
    check_failed (&end);
  check_records (end.wire);
  end_clear (&end);
  return is_refused;
}

/* --- Somebody on the way ----------------------------------------------------------------- */

typedef struct
{
  End caller;
  End callee;
  FuzzBytes bytes;
  gsize size;
  gboolean is_changed;
} Way;

static void
change (Way *way,
        End *from)
{
  g_autoptr(GString) own = g_string_new (NULL);
  GString *wire = from->wire;
  guint kind = fuzz_throw (&way->bytes, 8);
  gsize at = fuzz_throw (&way->bytes, 256) << 8;
  gsize length;
  const guint8 *octets;

  at = (at | fuzz_throw (&way->bytes, 256)) % wire->len;
  octets = fuzz_take (&way->bytes, 64, &length);
  way->is_changed |= kind > 0;
  switch (kind)
    {
    case 0:
      break;
    case 1:
      wire->str[at] ^= 1 << length % 8;
      break;
    case 2:
      g_string_overwrite_len (wire, at, (const char *) octets, length);
      break;
    case 3:
      g_string_insert_len (wire, at, (const char *) octets, length);
      break;
    case 4:
      g_string_erase (wire, at, MIN (length, wire->len - at));
      break;
    case 5:
      g_string_truncate (wire, at);
      break;
    case 6:
      g_string_append_len (wire, wire->str + at, wire->len - at);
      break;
    default:
      g_string_append_len (own, wire->str + at, wire->len - at);
      end_carry (own, from, way->size);
    }
}

static gboolean
carry (Way *way,
       End *from,
       End *to)
{
  if (from->wire->len == 0)
    return FALSE;

  check_records (from->wire);
  if (way->bytes.size > 0)
    change (way, from);
  end_carry (from->wire, to, way->size);
  return TRUE;
}

static void
talk (Way *way)
{
  while (carry (way, &way->caller, &way->callee) || carry (way, &way->callee, &way->caller))
    ;
}

static void
check_end (End               *end,
           Xep174Certificate *peer)
{
  g_autoptr(GBytes) key = NULL;

  g_assert_true (strncmp (end->text->str, SAID, end->text->len) == 0);
  if (!end->open)
    return;
  key = xep174_tls_dup_peer_key (end->tls, NULL);
  g_assert_true (g_bytes_equal (key, xep174_certificate_get_key (peer)));
}

static void
check_both (Way *way)
{
  g_autoptr(GBytes) binding = xep174_tls_dup_channel_binding (way->caller.tls);
  g_autoptr(GBytes) other = xep174_tls_dup_channel_binding (way->callee.tls);

  check_end (&way->caller, certificates[1]);
  check_end (&way->callee, certificates[0]);
  if (way->caller.open && way->callee.open)
    g_assert_true (g_bytes_equal (binding, other));
  /* Only the caller has said that it is the end. */
  g_assert_false (way->caller.closed);
  if (!way->is_changed)
    g_assert_true (way->callee.closed && way->callee.text->len == strlen (SAID)
                   && way->caller.text->len == strlen (SAID));
}

static void
meet_on_the_way (FuzzBytes bytes,
                 gsize     size)
{
  Way way = { .bytes = bytes, .size = size };

  end_init (&way.caller, certificates[0], TRUE, look_accept, NULL);
  end_init (&way.callee, certificates[1], FALSE, NULL, NULL);
  end_feed (&way.caller, NULL, 0);
  talk (&way);
  if (way.caller.open && way.caller.error == NULL)
    end_say (&way.caller, SAID, strlen (SAID));
  if (way.callee.open && way.callee.error == NULL)
    end_say (&way.callee, SAID, strlen (SAID));
  talk (&way);
  xep174_tls_close (way.caller.tls, way.caller.wire);
  talk (&way);
  check_both (&way);
  end_clear (&way.caller);
  end_clear (&way.callee);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzBytes bytes = { data, size };
  guint hearer = fuzz_throw (&bytes, 3);
  gsize piece = 1 + fuzz_throw (&bytes, 256);

  for (guint i = 0; i < 2; i++)
    if (certificates[i] == NULL)
      certificates[i] = xep174_certificate_generate (NULL);
  if (hearer == 2)
    {
      meet_on_the_way (bytes, piece);
      return 0;
    }

  g_assert_true (hear_octets (hearer == 1, bytes, G_MAXSIZE)
                 == hear_octets (hearer == 1, bytes, piece));
  return 0;
}
