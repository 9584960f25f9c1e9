/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "../common/log-trap.h"
#include "xep174-discovery-enums.h"
#include "xep174-discovery.h"
#include "xep174-profile-private.h"
#include "xep174-txt-private.h"

static char *
show (Xep174Profile *profile)
{
  g_autoptr(GBytes) rdata = xep174_profile_dup_txt (profile, 5298);
  g_autoptr(Xep174Txt) txt = xep174_txt_parse (rdata);
  g_auto(GStrv) keys = xep174_txt_dup_keys (txt);
  GString *shown = g_string_new (NULL);

  for (gsize i = 0; keys[i] != NULL; i++)
    g_string_append_printf (shown, "%s%s=%s", i > 0 ? "|" : "", keys[i],
                            xep174_txt_get (txt, keys[i]));

  return g_string_free (shown, FALSE);
}

static void
assert_published (Xep174Profile *profile,
                  const char    *expected)
{
  g_autofree char *shown = show (profile);

  g_assert_cmpstr (shown, ==, expected);
}

/* D4, D8, D18: `txtvers` first, the port of the SRV record, and nothing that nobody set. */
static void
test_fresh (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autoptr(GBytes) rdata = xep174_profile_dup_txt (profile, 5562);

  g_assert_cmpmem (g_bytes_get_data (rdata, NULL), g_bytes_get_size (rdata),
                   "\11txtvers=1\16port.p2pj=5562", 25);
  g_assert_cmpstr (xep174_profile_get_user (profile), ==, "juliet");
  g_assert_cmpint (xep174_profile_get_status (profile), ==, XEP174_STATUS_AVAILABLE);
  g_assert_null (xep174_profile_get_status_message (profile));
  g_assert_null (xep174_profile_get_nick (profile));
  g_assert_null (xep174_profile_get_first_name (profile));
  g_assert_null (xep174_profile_get_last_name (profile));
  g_assert_null (xep174_profile_get_emails (profile));
  g_assert_null (xep174_profile_get_jids (profile));
  g_assert_null (xep174_profile_get_parameter (profile, "port.p2pj"));
  g_assert_cmpstr (xep174_profile_get_parameter (profile, "TxtVers"), ==, "1");
}

/* D7: each function writes its parameter, NULL takes it away again (D18). */
static void
test_parameters (void)
{
  static const char *const mails[] = { "juliet@capulet.example", "j@verona.example", NULL };
  static const char *const none[] = { NULL };
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (xep174_profile_set_status (profile, XEP174_STATUS_DND, "Asleep", &error));
  g_assert_true (xep174_profile_set_nick (profile, "JuliC", &error));
  g_assert_true (xep174_profile_set_first_name (profile, "Juliet", &error));
  g_assert_true (xep174_profile_set_last_name (profile, "Capulet", &error));
  g_assert_true (xep174_profile_set_emails (profile, mails, &error));
  g_assert_true (xep174_profile_set_jids (profile, mails + 1, &error));
  g_assert_true (xep174_profile_set_parameter (profile, "vc", "CA!", &error));
  g_assert_no_error (error);
  assert_published (profile, "txtvers=1|port.p2pj=5298|status=dnd|msg=Asleep|nick=JuliC|1st=Juliet|"
                             "last=Capulet|email=juliet@capulet.example j@verona.example|"
                             "jid=j@verona.example|vc=CA!");
  g_assert_cmpint (xep174_profile_get_status (profile), ==, XEP174_STATUS_DND);
  g_assert_cmpstrv (xep174_profile_get_emails (profile), mails);
  g_assert_cmpstr (xep174_profile_get_parameter (profile, "VC"), ==, "CA!");

  g_assert_true (xep174_profile_set_status (profile, XEP174_STATUS_AVAILABLE, NULL, &error));
  g_assert_true (xep174_profile_set_nick (profile, NULL, &error));
  g_assert_true (xep174_profile_set_first_name (profile, "", &error));
  g_assert_true (xep174_profile_set_last_name (profile, NULL, &error));
  g_assert_true (xep174_profile_set_emails (profile, NULL, &error));
  g_assert_true (xep174_profile_set_jids (profile, none, &error));
  g_assert_true (xep174_profile_set_parameter (profile, "vc", NULL, &error));
  assert_published (profile, "txtvers=1|port.p2pj=5298|status=avail|1st=");
  g_assert_null (xep174_profile_get_jids (profile));
}

static void
test_owned_parameters (void)
{
  static const char *const owned[] = { "txtvers", "Port.p2pj", "phsh", "node", "hash", "ver",
                                       "status", "msg", "NICK", "1st", "last", "email", "jid" };
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (owned); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (xep174_profile_set_parameter (profile, owned[i], "1", &error));
      g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE);
    }

  g_assert_true (xep174_profile_set_parameter (profile, "ext", "voice", NULL));
  g_assert_true (xep174_profile_set_parameter (profile, "x-hat", "red", NULL));
  assert_published (profile, "txtvers=1|port.p2pj=5298|ext=voice|x-hat=red");
}

/* D5: the call that sets too much says so and leaves what was. */
static void
test_too_long (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autofree char *fits = g_strnfill (251, 'x');
  g_autofree char *too_long = g_strnfill (252, 'x');
  g_autoptr(GError) error = NULL;

  g_assert_true (xep174_profile_set_status (profile, XEP174_STATUS_AWAY, "Short", NULL));
  g_assert_false (xep174_profile_set_status (profile, XEP174_STATUS_DND, too_long, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG);
  g_assert_cmpint (xep174_profile_get_status (profile), ==, XEP174_STATUS_AWAY);
  assert_published (profile, "txtvers=1|port.p2pj=5298|status=away|msg=Short");

  g_assert_true (xep174_profile_set_status (profile, XEP174_STATUS_DND, fits, NULL));
  for (char key[] = "x-a"; key[2] <= 'c'; key[2]++)
    g_assert_true (xep174_profile_set_parameter (profile, key, fits, NULL));

  /* 10 + 16 for any port + 11 + 4 × 256, so that 239 octets are left for one string. */
  fits[239 - 1 - 5] = '\0';
  g_assert_true (xep174_profile_set_nick (profile, fits, NULL));
  g_clear_error (&error);
  fits[239 - 1 - 5] = 'x';
  fits[239 - 5] = '\0';
  g_assert_false (xep174_profile_set_nick (profile, fits, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG);

  {
    g_autoptr(GBytes) rdata = xep174_profile_dup_txt (profile, 65535);

    g_assert_cmpuint (g_bytes_get_size (rdata), ==, XEP174_TXT_MAX);
  }
}

static void
test_bad_values (void)
{
  static const char *const space[] = { "a@b", "c d@e", NULL };
  static const char *const empty[] = { "", NULL };
  static const char *const octets[] = { "\xff", NULL };
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);

  for (guint i = 0; i < 3; i++)
    {
      const char *const *bad = (const char *const *[]){ space, empty, octets }[i];
      g_autoptr(GError) error = NULL;

      g_assert_false (xep174_profile_set_emails (profile, bad, NULL));
      g_assert_false (xep174_profile_set_jids (profile, bad, &error));
      g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE);
    }

  g_assert_false (xep174_profile_set_nick (profile, "\xff", NULL));
  assert_published (profile, "txtvers=1|port.p2pj=5298");
}

/* What goes out is one line of text; the call that sets something else says so. */
static void
test_control_characters (void)
{
  static const char *const bad[] = { "a\nb", "\x1b[31m", "a\tb", "\x7f", "\xc2\x85" };
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *const list[] = { "\x01@x", NULL };
      g_autoptr(GError) error = NULL;

      g_assert_false (xep174_profile_set_nick (profile, bad[i], NULL));
      g_assert_false (xep174_profile_set_first_name (profile, bad[i], NULL));
      g_assert_false (xep174_profile_set_last_name (profile, bad[i], NULL));
      g_assert_false (xep174_profile_set_parameter (profile, "vc", bad[i], NULL));
      g_assert_false (xep174_profile_set_machine (profile, bad[i], NULL));
      g_assert_false (xep174_profile_set_emails (profile, list, NULL));
      g_assert_false (xep174_profile_set_status (profile, XEP174_STATUS_DND, bad[i], &error));
      g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  g_assert_false (xep174_profile_set_parameter (profile, "\xff", "\n", NULL));
  assert_published (profile, "txtvers=1|port.p2pj=5298");
}

/* A value may be set to a part of what it is. */
static void
test_own_values (void)
{
  static const char *const mails[] = { "juliet@x", "j@x", NULL };
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);

  g_assert_true (xep174_profile_set_nick (profile, "The Juliet", NULL));
  g_assert_true (xep174_profile_set_nick (profile, xep174_profile_get_nick (profile) + 4, NULL));
  g_assert_true (xep174_profile_set_status (profile, XEP174_STATUS_DND, "Not here", NULL));
  g_assert_true (xep174_profile_set_status (profile, XEP174_STATUS_AVAILABLE,
                                            xep174_profile_get_status_message (profile) + 4, NULL));
  g_assert_true (xep174_profile_set_emails (profile, mails, NULL));
  g_assert_true (xep174_profile_set_emails (profile, xep174_profile_get_emails (profile) + 1,
                                            NULL));
  assert_published (profile, "txtvers=1|port.p2pj=5298|nick=Juliet|status=avail|msg=here|email=j@x");
}

static void
drop (Xep174Profile  *profile,
      GParamSpec     *pspec,
      Xep174Profile **dropped)
{
  g_clear_object (dropped);
}

static void
test_dropped_by_handler (void)
{
  Xep174Profile *profile = xep174_profile_new ("juliet", NULL);

  g_signal_connect (profile, "notify", G_CALLBACK (drop), &profile);
  g_assert_true (xep174_profile_set_status (profile, XEP174_STATUS_DND, "Out", NULL));
  g_assert_null (profile);

  profile = xep174_profile_new ("juliet", NULL);
  g_signal_connect (profile, "notify", G_CALLBACK (drop), &profile);
  g_assert_true (xep174_profile_set_nick (profile, "J", NULL));
  g_assert_null (profile);
}

static void
log_notify (GObject    *object,
            GParamSpec *pspec,
            GString    *log)
{
  g_string_append_printf (log, "%s ", pspec->name);
}

static void
log_changed (GObject *object,
             GString *log)
{
  g_string_append (log, "! ");
}

static void
assert_log (GString    *log,
            const char *expected)
{
  g_assert_cmpstr (log->str, ==, expected);
  g_string_truncate (log, 0);
}

static void
test_notify (void)
{
  static const char *const jids[] = { "j@c", NULL };
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autoptr(GString) log = g_string_new (NULL);

  g_signal_connect (profile, "notify", G_CALLBACK (log_notify), log);
  g_signal_connect (profile, "changed", G_CALLBACK (log_changed), log);

  xep174_profile_set_status (profile, XEP174_STATUS_AWAY, "Out", NULL);
  assert_log (log, "status-message status ! "); /* GObject thaws the last one first */
  xep174_profile_set_status (profile, XEP174_STATUS_AWAY, "Out", NULL);
  assert_log (log, "");
  xep174_profile_set_status (profile, XEP174_STATUS_AWAY, NULL, NULL);
  assert_log (log, "status-message ! ");
  xep174_profile_set_nick (profile, "J", NULL);
  xep174_profile_set_nick (profile, "J", NULL);
  assert_log (log, "nick ! ");
  xep174_profile_set_jids (profile, jids, NULL);
  xep174_profile_set_jids (profile, jids, NULL);
  assert_log (log, "jids ! ");
  xep174_profile_set_machine (profile, "verona", NULL);
  xep174_profile_set_machine (profile, "verona", NULL);
  assert_log (log, "machine ! ");
  xep174_profile_set_parameter (profile, "ext", "a", NULL);
  xep174_profile_set_parameter (profile, "ext", "a", NULL);
  assert_log (log, "! ");

  /* The first status is news to the network, although it is the one that was assumed. */
  {
    g_autoptr(Xep174Profile) other = xep174_profile_new ("juliet", NULL);

    g_signal_connect (other, "notify", G_CALLBACK (log_notify), log);
    g_signal_connect (other, "changed", G_CALLBACK (log_changed), log);
    xep174_profile_set_status (other, XEP174_STATUS_AVAILABLE, NULL, NULL);
    assert_log (log, "! ");
  }
}

/* A property cannot say why it fails, so none can be set. */
static void
test_properties (void)
{
  static const char *const mails[] = { "j@c", NULL };
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autofree char *nick = NULL;
  g_auto(GStrv) jids = NULL;
  g_autofree GParamSpec **all = NULL;
  guint n_all;

  xep174_profile_set_nick (profile, "J", NULL);
  xep174_profile_set_jids (profile, mails, NULL);
  g_object_get (profile, "nick", &nick, "jids", &jids, NULL);
  g_assert_cmpstr (nick, ==, "J");
  g_assert_true (g_strv_equal ((const char *const *) jids, mails));

  all = g_object_class_list_properties (G_OBJECT_GET_CLASS (profile), &n_all);
  g_assert_cmpuint (n_all, >, 5);
  for (guint i = 0; i < n_all; i++)
    g_assert_cmpint (all[i]->flags & G_PARAM_WRITABLE, ==, 0);
}

/* D16: the machine part is US-ASCII, the label 63 octets. */
static void
test_machine (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autofree char *longest = g_strnfill (63 - 7, 'm');
  g_autofree char *too_long = g_strnfill (63 - 6, 'm');

  const char *const bad[] = { "", "a b", "a@b", "é", "a\n", "\x7f", too_long };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (xep174_profile_set_machine (profile, bad[i], &error));
      g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME);
    }

  g_assert_true (xep174_profile_set_machine (profile, longest, NULL));
  g_assert_cmpstr (xep174_profile_get_machine (profile), ==, longest);
}

/* D16, D22: the host name's first label, until one is set and once it is taken back. */
static void
test_default_machine (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autofree char *host = g_malloc0 (257);
  g_autofree char *machine = NULL;

  g_assert_cmpint (gethostname (host, 256), ==, 0);
  machine = xep174_machine_from_host_name (host);
  g_assert_cmpstr (xep174_profile_get_machine (profile), ==, machine);

  xep174_profile_set_default_machine (profile, "verona-2.local");
  g_assert_cmpstr (xep174_profile_get_machine (profile), ==, "verona-2");
  g_assert_true (xep174_profile_set_machine (profile, "mine", NULL));
  xep174_profile_set_default_machine (profile, "verona-3");
  g_assert_cmpstr (xep174_profile_get_machine (profile), ==, "mine");
  g_assert_true (xep174_profile_set_machine (profile, NULL, NULL));
  g_assert_cmpstr (xep174_profile_get_machine (profile), ==, machine);
}

static void
test_machine_from_host_name (void)
{
  static const char *const cases[][2] = {
    { "verona", "verona" },
    { "verona.example.org", "verona" },
    { "bücher-regal.local", "bcher-regal" },
    { "", "localhost" },
    { ".local", "localhost" },
    { "é", "localhost" },
    { "a@b c", "abc" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *machine = xep174_machine_from_host_name (cases[i][0]);

      g_assert_cmpstr (machine, ==, cases[i][1]);
    }
}

typedef struct
{
  const char *user;
  const char *machine;
  guint attempt;
  const char *name;
} NameCase;

#define X10 "xxxxxxxxxx"
#define M10 "mmmmmmmmmm"
#define E10 "éé" "éé" "éé" "éé" "éé"

/* D9, D16 */
static void
test_names (void)
{
  static const NameCase cases[] = {
    { "juliet", "pronto", 0, "juliet@pronto" },
    { "juliet", "pronto", 1, "juliet-1@pronto" },
    { "juliet", "pronto", 23, "juliet-23@pronto" },
    /* 63 octets: the user part makes room, in whole characters. */
    { X10 X10 X10 X10 X10 "xx", M10, 0, X10 X10 X10 X10 X10 "xx@" M10 },
    { X10 X10 X10 X10 X10 "xx", M10, 1, X10 X10 X10 X10 X10 "-1@" M10 },
    { X10 X10 X10 X10 X10 "xx", M10, 10, X10 X10 X10 X10 "xxxxxxxxx-10@" M10 },
    { E10 E10 "ééé" "ééé", M10, 0, E10 E10 "ééé" "ééé@" M10 },
    { E10 E10 "ééé" "ééé", M10, 1, E10 E10 "ééé" "éé-1@" M10 },
    { E10 E10 "ééé" "ééé", M10, 100, E10 E10 "ééé" "é-100@" M10 },
    /* A host name as long as DNS allows leaves room for a character of ours. */
    { "juliet", M10 M10 M10 M10 M10 M10 "mmm", 0, "j@" M10 M10 M10 M10 M10 M10 "m" },
    { "éa", M10 M10 M10 M10 M10 M10 "mmm", 7, "é-7@" M10 M10 M10 M10 M10 "mmmmmmmm" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = xep174_instance_name_build (cases[i].user, cases[i].machine,
                                                          cases[i].attempt);

      g_assert_cmpstr (name, ==, cases[i].name);
      g_assert_cmpuint (strlen (name), <=, 63);
      g_assert_true (g_utf8_validate (name, -1, NULL));
    }

  {
    g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
    g_autofree char *name = NULL;

    xep174_profile_set_machine (profile, "pronto", NULL);
    name = xep174_profile_dup_instance_name (profile, 2);
    g_assert_cmpstr (name, ==, "juliet-2@pronto");
  }
}

/* D16: what cannot be published is known before the network is asked. */
static void
test_bad_users (void)
{
  g_autofree char *longest = g_strnfill (61, 'x');
  g_autofree char *too_long = g_strnfill (62, 'x');
  g_autoptr(Xep174Profile) good = xep174_profile_new (longest, NULL);

  g_assert_nonnull (good);

  for (const char *const *user = (const char *const[]){ "", too_long, "\xff", "a\nb", "a\xc2\x80",
                                                        NULL }; *user != NULL; user++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (xep174_profile_new (*user, &error));
      g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  log_trap_init ();
  g_test_add_func ("/profile/D4-D8-D18-fresh", test_fresh);
  g_test_add_func ("/profile/D7-D18-parameters", test_parameters);
  g_test_add_func ("/profile/D7-owned-parameters", test_owned_parameters);
  g_test_add_func ("/profile/D5-too-long", test_too_long);
  g_test_add_func ("/profile/D7-bad-values", test_bad_values);
  g_test_add_func ("/profile/control-characters", test_control_characters);
  g_test_add_func ("/profile/own-values", test_own_values);
  g_test_add_func ("/profile/dropped-by-handler", test_dropped_by_handler);
  g_test_add_func ("/profile/notify", test_notify);
  g_test_add_func ("/profile/properties", test_properties);
  g_test_add_func ("/profile/D16-machine", test_machine);
  g_test_add_func ("/profile/D16-D22-default-machine", test_default_machine);
  g_test_add_func ("/profile/D16-machine-from-host-name", test_machine_from_host_name);
  g_test_add_func ("/profile/D9-D16-names", test_names);
  g_test_add_func ("/profile/D16-bad-users", test_bad_users);
  return g_test_run ();
}
