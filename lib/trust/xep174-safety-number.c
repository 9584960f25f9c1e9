/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-safety-number-private.h"

#include <string.h>

/* As in Signal's numeric fingerprints: so many rounds make it dear to look for a key with a number
 * that resembles another. A short code could be found by trying, so there is none. */
#define VERSION 0
#define ROUNDS 5200
#define SHA512_SIZE 64
#define SHA256_DIGITS 64

#define GROUPS 6
#define GROUP_OCTETS 5
#define GROUP_DIGITS 5
#define GROUP_LIMIT 100000

char *
xep174_key_dup_fingerprint (GBytes *key)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, key);
}

gboolean
xep174_fingerprint_is_valid (const char *text)
{
  return strlen (text) == SHA256_DIGITS && strspn (text, "0123456789abcdef") == SHA256_DIGITS;
}

/* Thirty digits for one key. */
static char *
compute_half (GBytes *key)
{
  static const guint8 version[2] = { 0, VERSION };
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA512);
  gsize length;
  const guint8 *octets = g_bytes_get_data (key, &length);
  GString *digits = g_string_new (NULL);
  guint8 digest[SHA512_SIZE];
  gsize size = sizeof digest;

  g_checksum_update (checksum, version, sizeof version);
  g_checksum_update (checksum, octets, length);
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_checksum_update (checksum, octets, length);
      g_checksum_get_digest (checksum, digest, &size);
      g_checksum_reset (checksum);
      g_checksum_update (checksum, digest, size);
    }

  for (guint i = 0; i < GROUPS; i++)
    {
      guint64 number = 0;

      for (guint j = 0; j < GROUP_OCTETS; j++)
        number = number << 8 | digest[i * GROUP_OCTETS + j];
      g_string_append_printf (digits, "%s%0*u", i > 0 ? " " : "", GROUP_DIGITS,
                              (guint) (number % GROUP_LIMIT));
    }
  return g_string_free (digits, FALSE);
}

char *
xep174_dup_safety_number (GBytes *key,
                          GBytes *other_key)
{
  g_autofree char *own = compute_half (key);
  g_autofree char *other = compute_half (other_key);

  return strcmp (own, other) < 0 ? g_strjoin (" ", own, other, NULL)
                                 : g_strjoin (" ", other, own, NULL);
}
