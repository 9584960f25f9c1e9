/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <string.h>

#include "xep174-contact-private.h"
#include "xep174-discovery-enums.h"
#include "xep174-display-private.h"

static GBytes *
record (const char *strings)
{
  g_auto(GStrv) parts = g_strsplit (strings, "|", -1);
  GByteArray *rdata = g_byte_array_new ();

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      guint8 length = strlen (parts[i]);

      g_byte_array_append (rdata, &length, 1);
      g_byte_array_append (rdata, (const guint8 *) parts[i], length);
    }

  return g_byte_array_free_to_bytes (rdata);
}

static Xep174Contact *
contact (const char *name,
         const char *strings)
{
  g_autoptr(GBytes) txt = record (strings);

  return xep174_contact_new (name, txt);
}

static void
update (Xep174Contact *self,
        const char    *strings)
{
  g_autoptr(GBytes) txt = record (strings);

  if (xep174_contact_update (self, xep174_contact_get_name (self), txt))
    xep174_contact_changed (self);
}

/* D6 */
static void
test_bare (void)
{
  static const char *const none[] = { NULL };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GBytes) empty = g_bytes_new_static ("", 1);
      g_autoptr(Xep174Contact) bare = xep174_contact_new ("juliet@capulet", i == 0 ? NULL : empty);
      g_auto(GStrv) keys = xep174_contact_list_parameters (bare);

      g_assert_cmpstr (xep174_contact_get_name (bare), ==, "juliet@capulet");
      g_assert_cmpstr (xep174_contact_get_display_name (bare), ==, "juliet");
      g_assert_true (xep174_contact_get_online (bare));
      g_assert_false (xep174_contact_get_doubtful (bare));
      g_assert_cmpint (xep174_contact_get_status (bare), ==, XEP174_STATUS_AVAILABLE);
      g_assert_null (xep174_contact_get_status_message (bare));
      g_assert_null (xep174_contact_get_nick (bare));
      g_assert_cmpstrv (xep174_contact_get_emails (bare), none);
      g_assert_cmpstrv (xep174_contact_get_jids (bare), none);
      g_assert_false (xep174_contact_has_parameter (bare, "txtvers"));
      g_assert_cmpstrv (keys, none);
    }
}

static void
assert_text (Xep174Contact *self,
             const char    *property,
             const char    *expected)
{
  g_autofree char *value = NULL;

  g_object_get (self, property, &value, NULL);
  g_assert_cmpstr (value, ==, expected);
}

/* D7: the fourteen parameters of XEP-0174 §11.2. */
static void
test_parameters (void)
{
  static const char *const mails[] = { "a@b", "c@d", NULL };
  static const char *const jids[] = { "e@f", NULL };
  g_autoptr(Xep174Contact) full = NULL;
  guint port;

  full = contact ("juliet@capulet",
                  "txtvers=1|1st=Juliet|email= a@b  c@d |ext=voice|hash=sha-1|jid=e@f|"
                  "last=Capulet|msg=Hanging out|nick=JuliC|node=http://x|"
                  "phsh=a3839614e1a382bcfeb|port.p2pj=5562|"
                  "status=dnd|vc=CA!|ver=66/0NaeaBKkwk85efJTGmU47vXI=|x-hat=red");
  g_assert_cmpstr (xep174_contact_get_first_name (full), ==, "Juliet");
  g_assert_cmpstr (xep174_contact_get_last_name (full), ==, "Capulet");
  g_assert_cmpstr (xep174_contact_get_nick (full), ==, "JuliC");
  g_assert_cmpstr (xep174_contact_get_status_message (full), ==, "Hanging out");
  g_assert_cmpint (xep174_contact_get_status (full), ==, XEP174_STATUS_DND);
  g_assert_cmpstrv (xep174_contact_get_emails (full), mails);
  g_assert_cmpstrv (xep174_contact_get_jids (full), jids);
  assert_text (full, "avatar-hash", "a3839614e1a382bcfeb");
  assert_text (full, "caps-node", "http://x");
  assert_text (full, "caps-hash", "sha-1");
  assert_text (full, "caps-ver", "66/0NaeaBKkwk85efJTGmU47vXI=");
  assert_text (full, "caps-ext", "voice");
  assert_text (full, "media", "CA!");
  assert_text (full, "txt-version", "1");
  assert_text (full, "status-message", "Hanging out");
  assert_text (full, "name", "juliet@capulet");
  g_object_get (full, "advertised-port", &port, NULL);
  g_assert_cmpuint (port, ==, 5562);

  /* D3: unknown ones too. */
  g_assert_true (xep174_contact_has_parameter (full, "X-Hat"));
  g_assert_cmpstr (xep174_contact_get_parameter (full, "x-hat"), ==, "red");
}

/* D7: what is missing or not known means available. */
static void
test_status (void)
{
  static const struct { const char *txt; Xep174Status status; } cases[] = {
    { "status=avail", XEP174_STATUS_AVAILABLE },
    { "status=away", XEP174_STATUS_AWAY },
    { "status=dnd", XEP174_STATUS_DND },
    { "status=asleep", XEP174_STATUS_AVAILABLE },
    { "status=Away", XEP174_STATUS_AVAILABLE },
    { "status=", XEP174_STATUS_AVAILABLE },
    { "status", XEP174_STATUS_AVAILABLE },
    { "away=1", XEP174_STATUS_AVAILABLE },
    { "STATUS=away", XEP174_STATUS_AWAY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Contact) one = contact ("a@b", cases[i].txt);

      g_assert_cmpint (xep174_contact_get_status (one), ==, cases[i].status);
    }
}

/* D8: whatever is claimed, only a port is shown. */
static void
test_advertised_port (void)
{
  static const char *const bad[] = { "port.p2pj=65536", "port.p2pj=-1", "port.p2pj=x", "port.p2pj",
                                     "port.p2pj=", "port.p2pj= 1", "a=1" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(Xep174Contact) one = contact ("a@b", bad[i]);
      guint port;

      g_object_get (one, "advertised-port", &port, NULL);
      g_assert_cmpuint (port, ==, 0);
    }
}

static void
test_display_name (void)
{
  static const char *const cases[][3] = {
    { "juliet@capulet", "nick=JuliC|1st=Juliet|last=Capulet", "JuliC" },
    { "juliet@capulet", "1st=Juliet|last=Capulet", "Juliet Capulet" },
    { "juliet@capulet", "1st=Juliet", "Juliet" },
    { "juliet@capulet", "last=Capulet", "Capulet" },
    { "juliet@capulet", "nick=|1st=|last=", "juliet" },
    { "juliet@capulet", "nick", "juliet" },
    { "juliet@capulet", "nick= \t\xe2\x80\xae", "juliet" },
    { "juliet@capulet", "nick=\xe1\x85\x9f\xe1\x85\xa0|1st=\xe2\xa0\x80|last=\xcc\x81", "juliet" },
    { "\xef\xb8\x8f@capulet", "nick=\xf3\xa0\x81\x81", "@capulet" },
    { "juliet@capulet", "nick=\xff", "\xef\xbf\xbd" },
    { "a@b@c", "x=1", "a@b" },
    { "foo", "x=1", "foo" },
    { "@capulet", "x=1", "@capulet" },
    { "wjt@bael (2)", "x=1", "wjt" },
    { "\x01\x02", "x=1", "\xef\xbf\xbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Contact) one = contact (cases[i][0], cases[i][1]);

      g_assert_cmpstr (xep174_contact_get_display_name (one), ==, cases[i][2]);
    }
}

static void
test_display_text (void)
{
  static const char *const cases[][2] = {
    { "Juliet Capulet", "Juliet Capulet" },
    { "  Juliet \t\r\n\v Capulet ", "Juliet Capulet" },
    { "a\nb\xe2\x80\xa8" "c\xe2\x80\xa9" "d\xc2\x85" "e", "a b c d e" },
    { "\x1b[31mred\x07", "[31mred" },
    { "a\xc2\x9b" "b\x7f" "c", "abc" },
    /* overrides, isolates, marks, zero width space, word joiner, byte order mark */
    { "\xe2\x80\xae" "teiluj\xe2\x80\xac", "teiluj" },
    { "\xe2\x81\xa6" "a\xe2\x81\xa9\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c" "b", "ab" },
    { "jul\xe2\x80\x8biet\xe2\x81\xa0\xef\xbb\xbf", "juliet" },
    /* joiners belong to words and to emoji */
    { "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae", "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae" },
    { "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
      "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80" },
    { "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d" },
    /* marks and selectors, on what they belong to: a letter, an emoji, a keycap */
    { "Zoe\xcc\x88", "Zoe\xcc\x88" },
    { "\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4\xef\xb8\x8f" },
    { "1\xef\xb8\x8f\xe2\x83\xa3", "1\xef\xb8\x8f\xe2\x83\xa3" },
    { "\xcc\x88Zoe \xcc\x88", "Zoe" },
    { "a" "\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81" "b",
      "a" "\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81" "b" },
    { "\xe0\xa6\xb0\xe2\x80\x8d\xe0\xa7\x8d\xe0\xa6\xaf",
      "\xe0\xa6\xb0\xe2\x80\x8d\xe0\xa7\x8d\xe0\xa6\xaf" },
    /* what would only make two names look the same */
    { "Ro\xe2\x80\x8c" "meo\xef\xb8\x8f\xe2\x80\x8d", "Romeo" },
    { "\xf0\x9f\x9a\x80\xe2\x80\x8d\xe2\x80\x8d", "\xf0\x9f\x9a\x80" },
    { "Romeo\xf3\xa0\x81\x81", "Romeo" },
    { "a\xe2\xa0\x80" "b", "a b" },
    /* nothing to be seen: Hangul fillers, Braille, selectors, tags, Khmer vowels, marks alone */
    { "\xe1\x85\x9f\xe1\x85\xa0", NULL },
    { "\xe3\x85\xa4\xef\xbe\xa0", NULL },
    { "\xe2\xa0\x80", NULL },
    { "\xef\xb8\x8f", NULL },
    { "\xf3\xa0\x81\x81", NULL },
    { "\xf3\xa0\x84\x80", NULL },
    { "\xe1\x9e\xb4\xe1\x9e\xb5", NULL },
    { "\xcc\x81", NULL },
    { " \xe2\x83\x9d\xe0\xa4\xbe", NULL },
    { "\xe2\x80\x8c\xe2\x80\x8d", NULL },
    { "\xf0\x9d\x85\x99\xf0\x9d\x85\xb3\xf0\x9b\xb2\xa0", NULL },
    { "\xef\xbf\xbe\xef\xb7\x90\xef\xbf\xb9", NULL },
    { "", NULL },
    { " \t\xc2\xa0\xe3\x80\x80\xe2\x80\x8b", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = xep174_display_text (cases[i][0]);

      g_assert_cmpstr (shown, ==, cases[i][1]);
    }
}

static void
test_jid (void)
{
  g_autoptr(Xep174Contact) one = contact ("d'artagnan and co@fr", "x=1");
  g_autofree char *jid = xep174_contact_dup_jid (one);

  g_assert_cmpstr (jid, ==, "d\\27artagnan\\20and\\20co@fr");
}

static void
log_notify (GObject    *object,
            GParamSpec *pspec,
            GPtrArray  *log)
{
  g_ptr_array_add (log, g_strdup (pspec->name));
}

static void
log_changed (GObject   *object,
             GPtrArray *log)
{
  g_ptr_array_add (log, g_strdup ("!"));
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* "!", the signal, is the last in time and the first in the alphabet. */
static void
assert_log (GPtrArray  *log,
            const char *expected)
{
  g_autofree char *joined = NULL;

  if (strchr (expected, '!') != NULL)
    g_assert_cmpstr (g_ptr_array_index (log, log->len - 1), ==, "!");
  g_ptr_array_sort (log, compare);
  g_ptr_array_add (log, NULL);
  joined = g_strjoinv (" ", (char **) log->pdata);
  g_assert_cmpstr (joined, ==, expected);
  g_ptr_array_set_size (log, 0);
}

/* D14: the same object, and only what has changed is told. */
static void
test_changes (void)
{
  g_autoptr(Xep174Contact) one = contact ("juliet@capulet", "status=away|msg=Out|nick=J");
  g_autoptr(GPtrArray) log = g_ptr_array_new_with_free_func (g_free);

  g_signal_connect (one, "notify", G_CALLBACK (log_notify), log);
  g_signal_connect (one, "changed", G_CALLBACK (log_changed), log);

  update (one, "status=away|msg=Out|nick=J");
  assert_log (log, "");
  update (one, "status=dnd|msg=Out|nick=J");
  assert_log (log, "! status");
  update (one, "status=away|msg=Back|nick=Jule|email=a@b");
  assert_log (log, "! display-name emails nick status status-message");
  g_assert_cmpstr (xep174_contact_get_display_name (one), ==, "Jule");
  update (one, "status=away|msg=Back|nick=Jule|email=a@b|x=1");
  assert_log (log, "!");
  update (one, "status=avail|nick=Jule|email=a@b|x=1|phsh=00|port.p2pj=1");
  assert_log (log, "! advertised-port avatar-hash status status-message");
  update (one, "status=who knows|nick=Jule|email=a@b|x=1|phsh=00|port.p2pj=1");
  assert_log (log, "!");
  update (one, "");
  assert_log (log, "! advertised-port avatar-hash display-name emails nick");

  /* No record: what was known stays. */
  update (one, "nick=J");
  assert_log (log, "! display-name nick");
  xep174_contact_update (one, "juliet@capulet", NULL);
  assert_log (log, "");

  xep174_contact_set_doubtful (one, TRUE);
  xep174_contact_set_doubtful (one, TRUE);
  xep174_contact_set_online (one, FALSE);
  xep174_contact_set_online (one, FALSE);
  assert_log (log, "doubtful online");

  /* Another spelling, which S5 goes by. */
  xep174_contact_update (one, "Juliet@Capulet", NULL);
  assert_log (log, "name");
  g_assert_cmpstr (xep174_contact_get_name (one), ==, "Juliet@Capulet");
}

static void
on_consistent (Xep174Contact *one,
               GParamSpec    *pspec,
               guint         *calls)
{
  static const char *const mails[] = { "new@b", NULL };

  g_assert_cmpint (xep174_contact_get_status (one), ==, XEP174_STATUS_DND);
  g_assert_cmpstr (xep174_contact_get_status_message (one), ==, "New");
  g_assert_cmpstr (xep174_contact_get_display_name (one), ==, "Jule");
  g_assert_cmpstrv (xep174_contact_get_emails (one), mails);
  (*calls)++;
}

/* D14: no handler sees half of a record. */
static void
test_consistency (void)
{
  g_autoptr(Xep174Contact) one = contact ("juliet@capulet", "status=away|msg=Old|email=old@b");
  guint calls = 0;

  g_signal_connect (one, "notify", G_CALLBACK (on_consistent), &calls);
  update (one, "status=dnd|msg=New|nick=Jule|email=new@b");
  g_assert_cmpuint (calls, ==, 5);
}

static void
on_update_again (Xep174Contact *one,
                 GParamSpec    *pspec,
                 gpointer       user_data)
{
  if (g_strcmp0 (xep174_contact_get_status_message (one), "Last") != 0)
    update (one, "msg=Last");
}

/* A handler may bring the next record. */
static void
test_reentrancy (void)
{
  g_autoptr(Xep174Contact) one = contact ("juliet@capulet", "msg=Old");

  g_signal_connect (one, "notify", G_CALLBACK (on_update_again), NULL);
  update (one, "msg=New|nick=J");
  g_assert_cmpstr (xep174_contact_get_status_message (one), ==, "Last");
  g_assert_null (xep174_contact_get_nick (one));
  g_assert_cmpstr (xep174_contact_get_display_name (one), ==, "juliet");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contact/D6-bare", test_bare);
  g_test_add_func ("/contact/D3-D7-parameters", test_parameters);
  g_test_add_func ("/contact/D7-status", test_status);
  g_test_add_func ("/contact/D8-advertised-port", test_advertised_port);
  g_test_add_func ("/contact/display-name", test_display_name);
  g_test_add_func ("/contact/display-text", test_display_text);
  g_test_add_func ("/contact/jid", test_jid);
  g_test_add_func ("/contact/D14-changes", test_changes);
  g_test_add_func ("/contact/D14-consistency", test_consistency);
  g_test_add_func ("/contact/D14-reentrancy", test_reentrancy);
  return g_test_run ();
}
