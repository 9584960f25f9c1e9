/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What strangers say of files: the greeting of a bytestream and a reply of HTTP, the same however their
 * octets are cut; the elements of an offer, which read as the same again when they are written; the address
 * and the name of a file; and what is in a folder. */

#include "fuzz.h"

#include <string.h>

#include "xep174-file-name.h"
#include "xep174-http.h"
#include "xep174-ibb-private.h"
#include "xep174-jingle-private.h"
#include "xep174-manifest.h"
#include "xep174-oob-private.h"
#include "xep174-si-private.h"
#include "xep174-socks.h"

#define ADDRESS "972b7bf47291ca609517f67f86b5081086052dad"

/* --- The greeting ---------------------------------------------------------------------------- */

static gsize
greet (Xep174Socks  *socks,
       gboolean      dials,
       const guint8 *data,
       gsize         size,
       gsize         step,
       GByteArray   *answer)
{
  gsize from = 0;

  if (dials)
    xep174_socks_dial (socks, ADDRESS, answer);
  else
    xep174_socks_accept (socks);

  for (gsize to = MIN (step, size);; to = MIN (to + step, size))
    {
      gsize taken;

      while (socks->state != XEP174_SOCKS_REFUSED
             && (taken = xep174_socks_read (socks, data + from, to - from, answer)) > 0)
        {
          g_assert_cmpuint (taken, <=, to - from);
          from += taken;
          if (xep174_socks_asks (socks))
            xep174_socks_grant (socks, socks->address[0] != 'f', answer);
        }
      g_assert_true (socks->state >= XEP174_SOCKS_DONE || to - from < XEP174_SOCKS_MAX);
      if (to == size)
        return from;
    }
}

static void
check_greeting (gboolean      dials,
                gsize         step,
                const guint8 *data,
                gsize         size)
{
  g_autoptr(GByteArray) answer = g_byte_array_new ();
  g_autoptr(GByteArray) same = g_byte_array_new ();
  Xep174Socks one, other;
  gsize end = greet (&one, dials, data, size, size + 1, answer);
  gsize same_end = greet (&other, dials, data, size, step, same);

  g_assert_cmpint (one.state, ==, other.state);
  g_assert_cmpmem (answer->data, answer->len, same->data, same->len);
  if (one.state != XEP174_SOCKS_REFUSED)
    g_assert_cmpuint (end, ==, same_end);
}

/* --- The reply ------------------------------------------------------------------------------- */

static void
read_reply (Xep174Http   *http,
            const guint8 *data,
            gsize         size,
            gsize         step,
            GString      *body)
{
  xep174_http_init (http);
  for (gsize from = 0; from < size && http->state < XEP174_HTTP_REFUSED;)
    {
      gsize n_body, taken = xep174_http_read (http, data + from, MIN (step, size - from), &n_body);

      g_assert_true (taken > 0 && taken <= MIN (step, size - from) && (n_body == 0 || n_body == taken));
      g_string_append_len (body, (const char *) data + from, n_body);
      from += taken;
    }
}

static void
check_reply (gsize         step,
             const guint8 *data,
             gsize         size)
{
  g_autoptr(GString) body = g_string_new (NULL);
  g_autoptr(GString) same = g_string_new (NULL);
  Xep174Http one, other;

  read_reply (&one, data, size, size + 1, body);
  read_reply (&other, data, size, step, same);
  g_assert_cmpint (one.state, ==, other.state);
  g_assert_cmpuint (one.length, ==, other.length);
  g_assert_true (g_string_equal (body, same));
}

/* What is taken goes into a request, of which it must not be the end. */
static void
check_url (const guint8 *data,
           gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *request = NULL;
  g_auto(Xep174OobUrl) url = { 0 };
  const char *why = NULL;

  if (!xep174_oob_url_read (&url, text, &why))
    {
      g_assert_nonnull (why);
      return;
    }

  request = xep174_http_request (url.label, url.path);
  g_assert_true (url.path[0] == '/' && url.port != 0 && url.name[0] != '\0');
  g_assert_true (url.host == NULL || g_hostname_is_ip_address (url.host));
  g_assert_cmpuint (strcspn (url.path, " \r\n"), ==, strlen (url.path));
  g_assert_cmpuint (strcspn (url.label, " \r\n/@"), ==, strlen (url.label));
  g_assert_true (strstr (request, "\r\n\r\n") == request + strlen (request) - 4);
}

/* --- The elements ---------------------------------------------------------------------------- */

static void
check_offer (Xep174Element *element)
{
  g_autoptr(Xep174Element) again = NULL;
  g_auto(Xep174FileInfo) info = { 0 };
  g_auto(Xep174FileInfo) same = { 0 };
  g_autofree char *sid = NULL;
  g_autofree char *same_sid = NULL;
  g_autofree char *name = NULL;
  const char *why = NULL;

  if (!xep174_si_read_offer (element, &sid, &info, &why))
    {
      g_assert_nonnull (why);
      return;
    }

  again = xep174_si_new_offer (sid, &info);
  g_assert_true (xep174_si_read_offer (again, &same_sid, &same, &why));
  g_assert_cmpstr (sid, ==, same_sid);
  g_assert_cmpstr (info.name, ==, same.name);
  g_assert_cmpuint (info.size, ==, same.size);
  name = xep174_file_name_make_safe (info.name);
  g_assert_null (strchr (name, '/'));
  g_assert_true (name[0] != '\0' && name[0] != '.' && strlen (name) <= XEP174_FILE_NAME_MAX);
}

static void
check_hosts (Xep174Element *element)
{
  g_autofree char *sid = NULL;
  g_autofree char *jid = NULL;
  const char *why = NULL;
  g_autoptr(GPtrArray) hosts = xep174_si_read_hosts (element, &sid, &why);

  g_assert_true (hosts == NULL ? why != NULL : hosts->len > 0 && hosts->len <= XEP174_SI_MAX_HOSTS);
  jid = xep174_si_read_used (element, &why);
  g_assert_true (jid == NULL || xep174_file_is_text (jid));
}

static void
check_address (Xep174Element *element)
{
  g_auto(Xep174OobUrl) url = { 0 };
  g_auto(Xep174FileInfo) info = { 0 };
  const char *why = NULL;

  if (xep174_oob_read_offer (element, &url, &info, &why) != XEP174_OOB_TAKEN)
    {
      g_assert_nonnull (why);
      return;
    }

  g_assert_true (url.path[0] == '/' && info.size <= G_MAXINT64 && xep174_file_is_text (info.name));
}

static void
check_jingle (Xep174Element *element)
{
  g_autoptr(Xep174Element) again = NULL;
  g_auto(Xep174Jingle) jingle = { 0 };
  g_auto(Xep174Jingle) same = { 0 };
  const char *why = NULL;

  if (!xep174_jingle_read (&jingle, element, &why))
    {
      g_assert_nonnull (why);
      return;
    }

  g_assert_cmpuint (jingle.file.offset, <=, jingle.file.size);
  if (jingle.action == XEP174_JINGLE_ACCEPT && jingle.file.name == NULL)
    return;
  again = xep174_jingle_to_element (&jingle);
  g_assert_true (xep174_jingle_read (&same, again, &why));
  g_assert_cmpint (same.action, ==, jingle.action);
  g_assert_cmpint (same.about, ==, jingle.about);
  g_assert_cmpint (same.way, ==, jingle.way);
  g_assert_cmpstr (same.file.name, ==, jingle.file.name);
  g_assert_cmpuint (same.file.offset, ==, jingle.file.offset);
}

static void
check_block (Xep174Element *element)
{
  g_autoptr(Xep174Element) again = NULL;
  g_auto(Xep174Ibb) ibb = { 0 };
  g_auto(Xep174Ibb) same = { 0 };
  g_autofree char *text = NULL;
  g_autofree char *same_text = NULL;
  const char *why = NULL;

  if (!xep174_ibb_read (&ibb, element, &why))
    {
      g_assert_nonnull (why);
      return;
    }

  again = xep174_ibb_to_element (&ibb);
  g_assert_true (xep174_ibb_read (&same, again, &why));
  g_assert_cmpint (same.word, ==, ibb.word);
  g_assert_cmpuint (same.seq, ==, ibb.seq);
  g_assert_cmpuint (same.block_size, ==, ibb.block_size);
  if (ibb.word != XEP174_IBB_DATA)
    return;

  /* There is one spelling of the octets. */
  g_assert_true (g_bytes_equal (ibb.octets, same.octets));
  text = xep174_element_dup_text (element);
  same_text = xep174_element_dup_text (again);
  g_assert_cmpstr (text, ==, same_text);
}

static void
check_elements (const guint8 *data,
                gsize         size)
{
  g_autofree char *xml = g_strndup ((const char *) data, size);
  g_autoptr(Xep174Element) element = xep174_element_parse (xml, NULL);
  g_auto(Xep174FileInfo) info = { 0 };
  const char *why = NULL;

  if (element == NULL)
    return;

  check_offer (element);
  check_hosts (element);
  check_address (element);
  check_jingle (element);
  check_block (element);
  xep174_si_read_answer (element, &why);
  if (!xep174_file_read_sha256 (element, &info))
    g_assert_true (info.hashed || xep174_element_find_child (element, "hash", XEP174_NS_HASHES) != NULL);
}

/* --- A folder -------------------------------------------------------------------------------- */

/* What is read says the same of its files when it is written, and has names that may be used. */
static void
check_manifest (const guint8 *data,
                gsize         size)
{
  const char *why = NULL;
  g_autoptr(Xep174Manifest) manifest = xep174_manifest_read ((const char *) data, size, &why);
  guint64 end = size;

  g_assert_true (manifest != NULL || why != NULL);
  for (guint i = 0; manifest != NULL && i < manifest->entries->len; i++)
    {
      const Xep174ManifestEntry *entry = xep174_manifest_get (manifest, i);
      g_autofree char *safe = xep174_file_name_make_safe (entry->name);

      g_assert_true (entry->parent == XEP174_MANIFEST_ROOT
                     || (entry->parent < i && xep174_manifest_get (manifest, entry->parent)->is_folder));
      g_assert_cmpstr (safe, ==, entry->name);
      g_assert_cmpuint (entry->offset, ==, end);
      g_assert_true (entry->size == 0 || xep174_manifest_find (manifest, end) == i);
      end += entry->size;
    }
  g_assert_true (manifest == NULL || manifest->size == end);
}

/* An octet below 0x20 says who greets, or that somebody replies (from 0x10 on), and how the rest is cut. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  if (size > 0 && data[0] >= 0x10 && data[0] < 0x20)
    check_reply (1 + data[0] % 16, data + 1, size - 1);
  else if (size > 0 && data[0] == 'h')
    check_url (data, size);
  else if (size > 0 && data[0] < 0x20)
    check_greeting (data[0] & 1, 1 + data[0] / 2, data + 1, size - 1);
  else
    {
      check_elements (data, size);
      check_manifest (data, size);
    }

  return 0;
}
