/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A TXT record of any octets (D3): what is read from it is UTF-8 under keys that may be, each once,
 * and what can be written of it reads as the same again, within its limits (D2, D5). */

#include "fuzz.h"

#include <string.h>

#include "xep174-txt-private.h"

static void
check_key (const Xep174Txt *txt,
           char           **keys,
           guint            index)
{
  const char *key = keys[index];
  const char *value = xep174_txt_get (txt, key);

  g_assert_true (xep174_txt_has (txt, key));
  g_assert_cmpuint (strlen (key), >, 0);
  for (const char *c = key; *c != '\0'; c++)
    g_assert_true (*c >= 0x20 && *c <= 0x7e && *c != '=');
  if (value != NULL)
    g_assert_true (g_utf8_validate (value, -1, NULL));
  for (guint i = 0; i < index; i++)
    g_assert_cmpint (g_ascii_strcasecmp (keys[i], key), !=, 0);
}

/* The same parameters, set one after the other as a program does it. */
static Xep174Txt *
write_again (const Xep174Txt *txt,
             char           **keys)
{
  Xep174Txt *again = xep174_txt_new ();

  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autoptr(Xep174Txt) before = xep174_txt_copy (again);
      g_autoptr(GError) error = NULL;
      const char *value = xep174_txt_get (txt, keys[i]);

      if (value != NULL && !xep174_txt_set (again, keys[i], value, &error))
        {
          g_assert_nonnull (error);
          g_assert_true (xep174_txt_equal (again, before));
        }
      else
        g_assert_no_error (error);
    }
  return again;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) rdata = g_bytes_new (data, size);
  g_autoptr(Xep174Txt) txt = xep174_txt_parse (rdata);
  g_autoptr(Xep174Txt) copy = xep174_txt_copy (txt);
  g_auto(GStrv) keys = xep174_txt_dup_keys (txt);
  g_autoptr(Xep174Txt) written = NULL;
  g_autoptr(Xep174Txt) read = NULL;
  g_autoptr(GBytes) octets = NULL;

  g_assert_true (xep174_txt_equal (txt, copy));
  for (guint i = 0; keys[i] != NULL; i++)
    check_key (txt, keys, i);

  written = write_again (txt, keys);
  octets = xep174_txt_to_bytes (written);
  g_assert_cmpuint (g_bytes_get_size (octets), >=, 1);
  g_assert_cmpuint (g_bytes_get_size (octets), <=, XEP174_TXT_MAX);
  read = xep174_txt_parse (octets);
  g_assert_true (xep174_txt_equal (written, read));
  return 0;
}
