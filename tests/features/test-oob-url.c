/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The address that a contact gives for a file (XEP-0066): what we would fetch, and what we never would. */

#include "xep174-oob-url.h"

#include <string.h>

static void
test_taken (void)
{
  static const struct { const char *url, *host; guint port; const char *path, *name, *label; } rows[] = {
    { "http://10.0.0.7:5297/1f/sonnet.txt", "10.0.0.7", 5297, "/1f/sonnet.txt", "sonnet.txt",
      "10.0.0.7:5297" },
    { "\n  HTTP://10.0.0.7/a\r\n", "10.0.0.7", 80, "/a", "a", "10.0.0.7:80" },
    { "http://[fe80::1]:1/a", "fe80::1", 1, "/a", "a", "[fe80::1]:1" },
    { "http://[fe80::1%25eth0]:65535/a", "fe80::1", 65535, "/a", "a", "[fe80::1]:65535" },
    { "http://[fe80::1%eth0]/a", "fe80::1", 80, "/a", "a", "[fe80::1]:80" },
    { "http://capulet.local:8080/a", NULL, 8080, "/a", "a", "capulet.local:8080" },
    { "http://Capulet-2.LOCAL./a", NULL, 80, "/a", "a", "Capulet-2.LOCAL.:80" },
    { "http://10.0.0.7:1/x/r%C3%A9sum%C3%A9%20(1).txt", "10.0.0.7", 1, "/x/r%C3%A9sum%C3%A9%20(1).txt",
      "résumé (1).txt", "10.0.0.7:1" },
    /* What makes a safe name of it comes later. */
    { "http://10.0.0.7:1/x/..%2F..%2F.bashrc", "10.0.0.7", 1, "/x/..%2F..%2F.bashrc", "../../.bashrc",
      "10.0.0.7:1" },
    { "http://10.0.0.7:1/../a?b/c", "10.0.0.7", 1, "/../a?b/c", "a", "10.0.0.7:1" },
    { "http://10.0.0.7:1//a", "10.0.0.7", 1, "//a", "a", "10.0.0.7:1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto(Xep174OobUrl) url = { 0 };
      const char *why = NULL;

      if (!xep174_oob_url_read (&url, rows[i].url, &why))
        g_error ("%s: %s", rows[i].url, why);
      g_assert_cmpstr (url.host, ==, rows[i].host);
      g_assert_cmpuint (url.port, ==, rows[i].port);
      g_assert_cmpstr (url.path, ==, rows[i].path);
      g_assert_cmpstr (url.name, ==, rows[i].name);
      g_assert_cmpstr (url.label, ==, rows[i].label);
    }
}

static void
test_refused (void)
{
  static const char *const urls[] = {
    "", " ", "http", "http:", "http://", "http:///a", "http://10.0.0.7", "http://10.0.0.7:80",
    "http://10.0.0.7:80/",
    "http://10.0.0.7/a/", "http://10.0.0.7/?a", "10.0.0.7/a", "//10.0.0.7/a",
    /* Another scheme. */
    "https://10.0.0.7/a", "ftp://10.0.0.7/a", "file:///etc/passwd", "http:/10.0.0.7/a",
    "http:\\\\10.0.0.7\\a",
    "xhttp://10.0.0.7/a", "javascript:http://10.0.0.7/a",
    /* Another host than it seems. */
    "http://user@10.0.0.7/a", "http://user:password@10.0.0.7/a", "http://10.0.0.7@10.0.0.8/a",
    "http://10.0.0.7:80@10.0.0.8/a", "http://10.0.0.7%2F@10.0.0.8/a", "http://10.0.0.7\\@10.0.0.8/a",
    "http://10.0.0.7#/a", "http://10.0.0.7?/a", "http://10.0.0.7 /a", "http://10.0.0.7:80:80/a",
    "http://167772167/a", "http://0x0a000007/a", "http://10.7/a", "http://10.0.0.256/a",
    "http://10.0.0.7./a",
    "http://fe80::1/a", "http://fe80::1:80/a", "http://[fe80::1/a", "http://fe80::1]/a", "http://[]/a",
    "http://[10.0.0.7]/a", "http://[fe80::1]x/a", "http://[fe80::1]80/a", "http://[fe80::1%25e th0]/a",
    "http://[fe80::1%25eth0/]/a", "http://[::1%25\r\nX: y]/a", "http://[capulet.local]/a",
    /* A host that is not of the link. */
    "http://localhost/a", "http://capulet/a", "http://example.org/a", "http://capulet.local.example.org/a",
    "http://.local/a", "http://local/a", "http://.capulet.local/a", "http://xlocal/a",
    "http://capület.local/a",
    "http://cap ulet.local/a", "http://capulet.local\r\nX: y/a", "http://capulet%2elocal/a",
    /* A port that is none. */
    "http://10.0.0.7:/a", "http://10.0.0.7:0/a", "http://10.0.0.7:65536/a", "http://10.0.0.7:-1/a",
    "http://10.0.0.7:+1/a", "http://10.0.0.7: 1/a", "http://10.0.0.7:1 /a", "http://10.0.0.7:0x1/a",
    "http://10.0.0.7:99999999999999999999/a",
    /* A path that would end the request, or is no path. */
    "http://10.0.0.7/a b", "http://10.0.0.7/a\r\nHost: x", "http://10.0.0.7/a\nb", "http://10.0.0.7/a\tb",
    "http://10.0.0.7/ü", "http://10.0.0.7/a#b", "http://10.0.0.7/a\\b", "http://10.0.0.7/a\"b",
    "http://10.0.0.7/a<b",
    "http://10.0.0.7/a%", "http://10.0.0.7/a%2", "http://10.0.0.7/a%zz", "http://10.0.0.7/a\x7f",
    "http://10.0.0.7/a\x01", "http://10.0.0.7/a%00b",
  };
  g_autofree char *padding = g_strnfill (XEP174_OOB_MAX_URL, 'a');
  g_autofree char *longest = g_strconcat ("http://10.0.0.7/", padding, NULL);
  g_auto(Xep174OobUrl) url = { 0 };
  const char *why = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      why = NULL;
      if (xep174_oob_url_read (&url, urls[i], &why))
        g_error ("“%s” is taken", urls[i]);
      g_assert_nonnull (why);
      g_assert_null (url.label);
    }

  g_assert_false (xep174_oob_url_read (&url, NULL, &why));
  g_assert_false (xep174_oob_url_read (&url, longest, &why));
  longest[XEP174_OOB_MAX_URL] = '\0';
  g_assert_true (xep174_oob_url_read (&url, longest, &why));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/oob-url/taken", test_taken);
  g_test_add_func ("/oob-url/refused", test_refused);

  return g_test_run ();
}
