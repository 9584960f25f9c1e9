/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "../common/log-trap.h"
#include "avatars.h"
#include "mdns-people.h"
#include "xep174-avatar-cache-private.h"
#include "xep174-discovery-private.h"
#include "xep174-mdns-pictures-private.h"
#include "xep174-mdns-rdata-private.h"

#define JULIET "juliet@capulet"

static char *
hash_of (GBytes *picture)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, picture);
}

static void
announce (Fixture    *fixture,
          const char *name,
          GBytes     *picture)
{
  g_autofree char *hash = hash_of (picture);
  g_autofree char *parameter = g_strconcat ("phsh=", hash, NULL);

  fake_stack_add_txt (fixture->stack, name, 2, parameter);
}

/* Romeo is online, and @name announces a picture. */
static Xep174Contact *
know (Fixture    *fixture,
      const char *name,
      GBytes     *picture)
{
  if (!xep174_discovery_get_running (fixture->discovery))
    go_online (fixture);
  fake_stack_add_ptr (fixture->stack, name, 2);
  announce (fixture, name, picture);

  return find (fixture, name);
}

static void
ask (Fixture       *fixture,
     Xep174Contact *contact,
     GCancellable  *cancellable,
     Load          *load)
{
  xep174_contact_load_avatar_async (contact, cancellable, on_avatar, load);
  fake_stack_turn (fixture->stack);
}

static guint
count_asked (Fixture *fixture)
{
  return fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_NULL);
}

static void
assert_loaded (Load   *load,
               GBytes *picture)
{
  g_assert_cmpuint (load->n_calls, ==, 1);
  g_assert_no_error (load->error);
  g_assert_true (g_bytes_equal (load->picture, picture));
  load_clear (load);
  load->n_calls = 0;
}

#define assert_refused(load, code)                                       \
  G_STMT_START                                                           \
  {                                                                      \
    g_assert_cmpuint ((load)->n_calls, ==, 1);                           \
    g_assert_error ((load)->error, XEP174_DISCOVERY_ERROR, (code));      \
    load_clear (load);                                                   \
    (load)->n_calls = 0;                                                 \
  }                                                                      \
  G_STMT_END

/* D15: nothing is asked until somebody wants to see it, one question serves all who ask, it ends with
 * the first right answer, and the same picture is not asked for again, whoever shows it. */
static void
test_load (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GBytes) picture = make_picture (8000, 1);
  Xep174Contact *juliet = know (fixture, JULIET, picture);
  Xep174Contact *nurse;
  g_auto(Load) first = { 0 };
  g_auto(Load) second = { 0 };

  fake_stack_advance (fixture->stack, 60000);
  g_assert_cmpuint (count_asked (fixture), ==, 0);

  ask (fixture, juliet, NULL, &first);
  ask (fixture, juliet, NULL, &second);
  g_assert_cmpuint (count_asked (fixture), ==, 1);
  fake_stack_add_picture (fixture->stack, JULIET, 2, FALSE, picture);
  g_assert_cmpuint (count_asked (fixture), ==, 0);
  assert_loaded (&first, picture);
  assert_loaded (&second, picture);

  nurse = know (fixture, "nurse@capulet", picture);
  ask (fixture, juliet, NULL, &first);
  ask (fixture, nurse, NULL, &second);
  assert_loaded (&first, picture);
  assert_loaded (&second, picture);
  g_assert_cmpuint (count_asked (fixture), ==, 0);
}

/* D15: the whole picture would come once from each link and protocol, so one place is asked first. */
static void
test_place (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GBytes) picture = make_picture (500, 1);
  Xep174Contact *juliet = know (fixture, JULIET, picture);
  g_auto(Load) load = { 0 };

  fake_stack_add_ptr (fixture->stack, JULIET, 3);
  ask (fixture, juliet, NULL, &load);
  fake_stack_add_picture (fixture->stack, JULIET, 3, FALSE, picture);
  g_assert_cmpuint (load.n_calls, ==, 0);
  fake_stack_advance (fixture->stack, XEP174_MDNS_PICTURE_THERE_MS);
  assert_loaded (&load, picture);
}

/* D15: other octets than were announced, in front of the right ones and alone; a record that the stack
 * has from the time before a change is such, too. */
static void
test_liar (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GBytes) picture = make_picture (500, 1);
  g_autoptr(GBytes) lie = make_picture (500, 2);
  Xep174Contact *juliet = know (fixture, JULIET, picture);
  g_auto(Load) load = { 0 };

  fake_stack_add_picture (fixture->stack, JULIET, 2, FALSE, lie);
  ask (fixture, juliet, NULL, &load);
  g_assert_cmpuint (load.n_calls, ==, 0);
  fake_stack_advance (fixture->stack, XEP174_MDNS_PICTURE_MS);
  assert_refused (&load, XEP174_DISCOVERY_ERROR_WRONG_AVATAR);
  g_assert_cmpuint (count_asked (fixture), ==, 0);

  ask (fixture, juliet, NULL, &load);
  fake_stack_add_picture (fixture->stack, JULIET, 2, FALSE, picture);
  assert_loaded (&load, picture);
}

static void
test_errors (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GBytes) picture = make_picture (500, 1);
  g_autoptr(Xep174Contact) juliet = g_object_ref (know (fixture, JULIET, picture));
  g_auto(Load) load = { 0 };

  ask (fixture, juliet, NULL, &load);
  fake_stack_advance (fixture->stack, XEP174_MDNS_PICTURE_MS);
  assert_refused (&load, XEP174_DISCOVERY_ERROR_FAILED);

  fake_stack_add_txt (fixture->stack, JULIET, 2, "phsh=../../etc/passwd");
  ask (fixture, juliet, NULL, &load);
  assert_refused (&load, XEP174_DISCOVERY_ERROR_WRONG_AVATAR);
  fake_stack_add_txt (fixture->stack, JULIET, 2, "nick=Jule");
  ask (fixture, juliet, NULL, &load);
  assert_refused (&load, XEP174_DISCOVERY_ERROR_NO_AVATAR);
  g_assert_cmpuint (count_asked (fixture), ==, 0);

  announce (fixture, JULIET, picture);
  fake_stack_remove_ptr (fixture->stack, JULIET, 2);
  ask (fixture, juliet, NULL, &load);
  assert_refused (&load, XEP174_DISCOVERY_ERROR_FAILED);
}

/* D13, D15: at the goodbye nobody waits any more, and nothing is asked. So it is if we stop, if the
 * stack goes, and if the program drops the discovery. */
static void
test_goodbye (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GBytes) picture = make_picture (500, 1);
  g_autoptr(Xep174Contact) juliet = g_object_ref (know (fixture, JULIET, picture));
  g_auto(Load) load = { 0 };

  ask (fixture, juliet, NULL, &load);
  fake_stack_remove_ptr (fixture->stack, JULIET, 2);
  assert_refused (&load, XEP174_DISCOVERY_ERROR_FAILED);
  g_assert_cmpuint (count_asked (fixture), ==, 0);

  know (fixture, JULIET, picture);
  fake_stack_advance (fixture->stack, XEP174_MDNS_PICTURE_REST_MS);
  ask (fixture, juliet, NULL, &load);
  g_assert_cmpuint (count_asked (fixture), ==, 1);
  fake_stack_set_running (fixture->stack, FALSE);
  g_assert_cmpuint (load.n_calls, ==, 1);
  load_clear (&load);
  load.n_calls = 0;

  fake_stack_set_running (fixture->stack, TRUE);
  know (fixture, JULIET, picture);
  ask (fixture, juliet, NULL, &load);
  g_signal_handlers_disconnect_by_data (fixture->discovery, fixture);
  g_clear_object (&fixture->result);
  g_clear_object (&fixture->discovery);
  fake_stack_turn (fixture->stack);
  g_assert_false (fixture->stack->open);
  assert_refused (&load, XEP174_DISCOVERY_ERROR_FAILED);
  ask (fixture, juliet, NULL, &load);
  assert_refused (&load, XEP174_DISCOVERY_ERROR_FAILED);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GBytes) picture = make_picture (500, 1);
  Xep174Contact *juliet = know (fixture, JULIET, picture);
  g_autoptr(GCancellable) one = g_cancellable_new ();
  g_autoptr(GCancellable) other = g_cancellable_new ();
  g_auto(Load) first = { 0 };
  g_auto(Load) second = { 0 };

  ask (fixture, juliet, one, &first);
  ask (fixture, juliet, other, &second);
  g_cancellable_cancel (one);
  fake_stack_turn (fixture->stack);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_asked (fixture), ==, 1);
  g_cancellable_cancel (other);
  fake_stack_turn (fixture->stack);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_asked (fixture), ==, 0);
  g_assert_cmpuint (first.n_calls + second.n_calls, ==, 2);
}

/* D15: a picture that changes faster than anybody can look is asked for once a second, and who waits
 * for one that is not shown any more is told at once. */
static void
test_flapping (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GBytes) last = make_picture (500, 100);
  g_autoptr(GBytes) earlier = make_picture (500, 0);
  Xep174Contact *juliet = know (fixture, JULIET, earlier);
  g_auto(Load) load = { 0 };
  guint n_asked = 0;

  for (guint i = 1; i <= 100; i++)
    {
      g_autoptr(GBytes) picture = make_picture (500, i);

      ask (fixture, juliet, NULL, &load);
      n_asked += count_asked (fixture);
      g_assert_cmpuint (load.n_calls, ==, 0);
      announce (fixture, JULIET, picture);
      assert_refused (&load, XEP174_DISCOVERY_ERROR_FAILED);
      g_assert_cmpuint (count_asked (fixture), ==, 0);
      fake_stack_advance (fixture->stack, 100);
    }
  g_assert_cmpuint (n_asked, <=, 10);

  ask (fixture, juliet, NULL, &load);
  fake_stack_add_picture (fixture->stack, JULIET, 2, FALSE, last);
  fake_stack_advance (fixture->stack, XEP174_MDNS_PICTURE_REST_MS);
  assert_loaded (&load, last);
}

/* D15: many pictures, of which few are asked for at a time; those who are here come first. */
static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  Load loads[40] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
    {
      g_autofree char *name = g_strdup_printf ("extra%u@verona", i);
      g_autoptr(GBytes) picture = make_picture (500, i);

      ask (fixture, know (fixture, name, picture), NULL, &loads[i]);
      g_assert_cmpuint (count_asked (fixture), <=, XEP174_MDNS_PICTURES);
    }
  for (guint i = G_N_ELEMENTS (loads); i > 0; i--)
    {
      g_autofree char *name = g_strdup_printf ("extra%u@verona", i - 1);
      g_autoptr(GBytes) picture = make_picture (500, i - 1);

      fake_stack_add_picture (fixture->stack, name, 2, FALSE, picture);
    }
  for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
    {
      g_autoptr(GBytes) picture = make_picture (500, i);

      assert_loaded (&loads[i], picture);
    }
}

/* D15, D16: libpurple writes the name as it is, and so its dots become dots between labels. */
static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const names[] = { "Roméo Montague (2)@host", "a.b c@host", "back\\slash.x@host" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GBytes) picture = make_picture (500, i);
      g_autoptr(GBytes) other = make_picture (500, 10 + i);
      Xep174Contact *contact = know (fixture, names[i], picture);
      g_auto(Load) load = { 0 };

      ask (fixture, contact, NULL, &load);
      g_assert_cmpuint (count_asked (fixture), ==, i == 1 ? 2 : 1);
      fake_stack_add_picture (fixture->stack, names[i], 2, i == 1, picture);
      assert_loaded (&load, picture);

      announce (fixture, names[i], other);
      fake_stack_advance (fixture->stack, XEP174_MDNS_PICTURE_REST_MS);
      ask (fixture, contact, NULL, &load);
      fake_stack_add_picture (fixture->stack, names[i], 2, FALSE, other);
      assert_loaded (&load, other);
    }
}

static void
set_avatar (Fixture *fixture,
            GBytes  *picture)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (xep174_profile_set_avatar (fixture->profile, picture, &error));
  g_assert_no_error (error);
  fake_stack_turn (fixture->stack);
}

static void
assert_shown (Fixture *fixture,
              GBytes  *picture)
{
  g_autofree char *hash = picture != NULL ? hash_of (picture) : g_strdup ("phsh");
  g_autofree char *txt = g_strndup (g_bytes_get_data (fixture->stack->txt, NULL),
                                    g_bytes_get_size (fixture->stack->txt));

  g_assert_true ((strstr (txt, hash) != NULL) == (picture != NULL));
  if (picture != NULL)
    g_assert_true (g_bytes_equal (fixture->stack->offered, picture));
  else
    g_assert_null (fixture->stack->offered);
}

/* D14, D15: the picture and the record that names it go together, without a gap; both change once a
 * second at most, and go with the name. */
static void
test_publish (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GBytes) first = make_picture (8000, 1);
  g_autoptr(GBytes) second = make_picture (65535, 2);
  guint n_publishes;

  set_avatar (fixture, first);
  go_online (fixture);
  assert_shown (fixture, first);
  g_assert_cmpstr (fixture->stack->offered_names, ==,
                   "romeo\\064pronto._presence._tcp.local");
  n_publishes = fixture->stack->n_publishes;

  set_avatar (fixture, second);
  assert_shown (fixture, first);
  fake_stack_advance (fixture->stack, 1000);
  assert_shown (fixture, second);
  set_avatar (fixture, NULL);
  set_avatar (fixture, first);
  set_avatar (fixture, NULL);
  fake_stack_advance (fixture->stack, 1000);
  assert_shown (fixture, NULL);
  g_assert_cmpuint (fixture->stack->n_publishes, ==, n_publishes);
  g_assert_cmpuint (fixture->stack->n_offers, ==, 3);

  set_avatar (fixture, first);
  fake_stack_advance (fixture->stack, 1000);
  fake_stack_collide (fixture->stack);
  assert_shown (fixture, first);
  g_assert_cmpstr (fixture->stack->offered_names, ==,
                   "romeo-1\\064pronto._presence._tcp.local");
  xep174_profile_set_machine (fixture->profile, "villa.verona", NULL);
  fake_stack_turn (fixture->stack);
  g_assert_cmpstr (fixture->stack->offered_names, ==,
                   "romeo\\064villa\\046verona._presence._tcp.local "
                   "romeo\\064villa.verona._presence._tcp.local");
}

/* D23: what the stack refuses is a problem that is told, and we are online all the same. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GBytes) picture = make_picture (8000, 1);

  fixture->stack->offer_error = g_error_new_literal (XEP174_DISCOVERY_ERROR,
                                                     XEP174_DISCOVERY_ERROR_LIMIT, "too much");
  set_avatar (fixture, picture);
  go_online (fixture);
  log_trap_expect ("cannot see our picture");
  assert_problem (fixture, XEP174_DISCOVERY_ERROR_LIMIT);
  g_assert_cmpstr (get_local_name (fixture), ==, "romeo@pronto");

  g_clear_error (&fixture->stack->offer_error);
  set_avatar (fixture, NULL);
  fake_stack_advance (fixture->stack, 1000);
  assert_problem (fixture, -1);
}

/* Whoever shows a picture again after a while, and after a start of the program, is not asked for it
 * again; a file that was damaged is not shown. */
static void
test_folder (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autoptr(GBytes) picture = make_picture (8000, 1);
  g_autofree char *hash = hash_of (picture);
  g_autofree char *path = g_build_filename (folder, hash, NULL);
  Xep174Contact *juliet = know (fixture, JULIET, picture);
  g_autoptr(Xep174AvatarCache) later = xep174_avatar_cache_new ();
  g_autoptr(GBytes) found = NULL;
  g_auto(Load) load = { 0 };

  xep174_discovery_set_avatar_folder (fixture->discovery, folder);
  fake_stack_add_picture (fixture->stack, JULIET, 2, FALSE, picture);
  ask (fixture, juliet, NULL, &load);
  assert_loaded (&load, picture);

  g_assert_null (xep174_avatar_cache_dup (later, hash));
  xep174_avatar_cache_set_folder (later, folder);
  found = xep174_avatar_cache_dup (later, hash);
  g_assert_true (g_bytes_equal (found, picture));

  g_clear_pointer (&later, xep174_avatar_cache_free);
  later = xep174_avatar_cache_new ();
  xep174_avatar_cache_set_folder (later, folder);
  g_assert_true (g_file_set_contents (path, "damaged", -1, NULL));
  g_assert_null (xep174_avatar_cache_dup (later, hash));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_no_errno (g_rmdir (folder));
}

static void
put (Xep174AvatarCache *cache,
     gsize              size,
     guint              seed)
{
  g_autoptr(GBytes) picture = make_picture (size, seed);
  g_autofree char *hash = hash_of (picture);

  xep174_avatar_cache_put (cache, hash, picture);
}

static gboolean
has (Xep174AvatarCache *cache,
     gsize              size,
     guint              seed)
{
  g_autoptr(GBytes) picture = make_picture (size, seed);
  g_autofree char *hash = hash_of (picture);
  g_autofree char *upper = g_ascii_strup (hash, -1);
  g_autoptr(GBytes) found = xep174_avatar_cache_dup (cache, upper);

  return found != NULL;
}

/* What is kept is bounded, in memory and on the disk, and old files go. */
static void
test_bounds (void)
{
  const gsize size = 65535;
  const guint room = XEP174_AVATAR_CACHE_SIZE / size;
  g_autofree char *top = g_dir_make_tmp (NULL, NULL);
  g_autofree char *middle = g_build_filename (top, "deeper", NULL);
  g_autofree char *folder = g_build_filename (middle, "avatars", NULL);
  g_autofree char *last = NULL;
  g_autoptr(Xep174AvatarCache) cache = xep174_avatar_cache_new ();
  g_autoptr(GDir) dir = NULL;
  const struct utimbuf long_ago = { 1000000000, 1000000000 };
  const char *name;
  guint n_files = 0;

  for (guint i = 0; i < room; i++)
    put (cache, size, i);
  g_assert_true (has (cache, size, 0));
  put (cache, size, room);
  g_assert_true (has (cache, size, 0));
  g_assert_false (has (cache, size, 1));

  xep174_avatar_cache_set_folder (cache, folder);
  for (guint i = 0; i < XEP174_AVATAR_CACHE_FILES + 10; i++)
    put (cache, 100, 1000 + i);
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      n_files++;
      g_assert_no_errno (utime (path, &long_ago));
    }
  g_assert_cmpuint (n_files, ==, XEP174_AVATAR_CACHE_FILES);

  put (cache, 100, 9999);
  g_dir_rewind (dir);
  name = g_dir_read_name (dir);
  g_assert_nonnull (name);
  last = g_build_filename (folder, name, NULL);
  g_assert_null (g_dir_read_name (dir));
  g_assert_no_errno (g_unlink (last));
  g_assert_no_errno (g_rmdir (folder));
  g_assert_no_errno (g_rmdir (middle));
  g_assert_no_errno (g_rmdir (top));
}

/* D15: what a profile takes as a picture. */
static void
test_profile (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("romeo", NULL);
  g_autoptr(GBytes) picture = make_picture (65535, 1);
  g_autoptr(GBytes) larger = make_picture (65536, 1);
  g_autoptr(GBytes) huge = make_picture (1024 * 1024, 1);
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr(GBytes) got = NULL;
  g_autofree char *hash = hash_of (picture);
  g_autoptr(GError) error = NULL;

  g_assert_null (xep174_profile_get_avatar (profile));
  g_assert_true (xep174_profile_set_avatar (profile, picture, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (xep174_profile_get_parameter (profile, "phsh"), ==, hash);
  g_object_get (profile, "avatar", &got, NULL);
  g_assert_true (g_bytes_equal (got, picture));

  g_assert_false (xep174_profile_set_avatar (profile, larger, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG);
  g_clear_error (&error);
  g_assert_false (xep174_profile_set_avatar (profile, huge, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_TOO_LONG);
  g_clear_error (&error);
  g_assert_false (xep174_profile_set_avatar (profile, empty, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_VALUE);
  g_assert_cmpstr (xep174_profile_get_parameter (profile, "phsh"), ==, hash);
  g_assert_true (xep174_profile_set_avatar (profile, NULL, NULL));
  g_assert_null (xep174_profile_get_avatar (profile));
  g_assert_null (xep174_profile_get_parameter (profile, "phsh"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  log_trap_init ();

#define ADD(name, func) g_test_add ("/avatars/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("D15-load", test_load);
  ADD ("D15-place", test_place);
  ADD ("D15-liar", test_liar);
  ADD ("D15-errors", test_errors);
  ADD ("D13-D15-goodbye", test_goodbye);
  ADD ("D15-cancel", test_cancel);
  ADD ("D15-flapping", test_flapping);
  ADD ("D15-many", test_many);
  ADD ("D15-D16-names", test_names);
  ADD ("D14-D15-publish", test_publish);
  ADD ("D15-D23-refused", test_refused);
  ADD ("D15-folder", test_folder);
  g_test_add_func ("/avatars/D15-bounds", test_bounds);
  g_test_add_func ("/avatars/D15-profile", test_profile);
#undef ADD

  return g_test_run ();
}
