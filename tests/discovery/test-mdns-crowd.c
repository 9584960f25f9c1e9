/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* More people than there is room for, or than ever answer. */

#include "mdns-people.h"
#include "xep174-mdns-slots-private.h"

static void
add_people (Fixture *fixture,
            guint    n_people)
{
  for (guint i = 0; i < n_people; i++)
    {
      g_autofree char *name = g_strdup_printf ("name%u@crowd", i);

      fake_stack_add_ptr (fixture->stack, name, 2);
    }
}

/* No more than sixteen wait for an answer; who gives none does not hold the others up. D21: in a crowd
 * who is known is let go while others wait, and watched from then on. */
static void
test_slots (Fixture       *fixture,
            gconstpointer  data)
{
  go_online (fixture);
  add_people (fixture, 300);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_TXT), ==, 16);
  fake_stack_add_txt (fixture->stack, "name3@crowd", 2, "nick=3");
  g_assert_false (fake_stack_is_asked (fixture->stack, XEP174_DNS_TYPE_TXT, "name3@crowd"));
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_TXT), ==, 16);

  fake_stack_remove_txt (fixture->stack, "name3@crowd", 2, "nick=3");
  fake_stack_add_txt (fixture->stack, "name3@crowd", 2, "nick=three");
  fake_stack_advance (fixture->stack, 20000);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_TXT), ==, 300);
  g_assert_cmpstr (xep174_contact_get_nick (find (fixture, "name3@crowd")), ==, "three");
  fake_stack_remove_txt (fixture->stack, "name3@crowd", 2, "nick=three");
  fake_stack_add_txt (fixture->stack, "name3@crowd", 2, "nick=trois");
  g_assert_cmpstr (xep174_contact_get_nick (find (fixture, "name3@crowd")), ==, "trois");

  /* The first answer may be late. */
  fake_stack_add_txt (fixture->stack, "name0@crowd", 2, "nick=0");
  assert_log (fixture, "+name3@crowd +name0@crowd ");
}

/* D21: where there is no crowd who is known is watched from the first question on. */
static void
test_few (Fixture       *fixture,
          gconstpointer  data)
{
  go_online (fixture);
  add_people (fixture, 40);
  fake_stack_add_txt (fixture->stack, "name3@crowd", 2, "nick=3");
  g_assert_true (fake_stack_is_asked (fixture->stack, XEP174_DNS_TYPE_TXT, "name3@crowd"));
  fake_stack_advance (fixture->stack, 2000);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_TXT), ==, 40);
}

/* A name is asked for where it was pointed at, and everywhere if nothing is known of it there. */
static void
test_first_link (Fixture       *fixture,
                 gconstpointer  data)
{
  go_online (fixture);
  add_people (fixture, 100);
  fake_stack_add_txt (fixture->stack, "name20@crowd", 3, "nick=20");
  fake_stack_add_txt (fixture->stack, "name21@crowd", 2, "nick=21");
  fake_stack_advance (fixture->stack, 500);
  assert_log (fixture, "+name21@crowd ");
  fake_stack_advance (fixture->stack, 4000);
  assert_log (fixture, "+name20@crowd ");
}

/* D11, D21: who is heard on two links is watched on one of them, and on the other one once the name has
 * gone from the first: no change is missed. */
static void
test_next_link (Fixture       *fixture,
                gconstpointer  data)
{
  Xep174Contact *contact;

  go_online (fixture);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 3);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 3, "nick=Jule");
  contact = find (fixture, "juliet@capulet");

  fake_stack_remove_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_remove_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_remove_txt (fixture->stack, "juliet@capulet", 3, "nick=Jule");
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 3, "nick=Julie");
  g_assert_cmpstr (xep174_contact_get_nick (contact), ==, "Julie");
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_TXT), ==, 1);
  assert_log (fixture, "+juliet@capulet ");
}

/* The record goes from the place where it is watched, and the name stays there. */
static void
test_txt_elsewhere (Fixture       *fixture,
                    gconstpointer  data)
{
  go_online (fixture);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 3);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_remove_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 3, "nick=Julie");
  fake_stack_advance (fixture->stack, 500);
  g_assert_cmpstr (xep174_contact_get_nick (find (fixture, "juliet@capulet")), ==, "Julie");
}

/* D13: a name that we wanted to have ourselves leaves a PTR record of ours behind, on a link where its
 * owner says no goodbye. */
static void
test_left_behind (Fixture       *fixture,
                  gconstpointer  data)
{
  go_online (fixture);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 1);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_add_srv (fixture->stack, "juliet@capulet", 2, "capulet", 5298);
  fake_stack_advance (fixture->stack, 1000);
  assert_log (fixture, "+juliet@capulet ");

  fake_stack_remove_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_remove_srv (fixture->stack, "juliet@capulet");
  fake_stack_remove_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_advance (fixture->stack, 12000);
  assert_log (fixture, "-juliet@capulet ");
}

/* Many are pointed at whom nobody has ever heard: who comes after them and is known appears at once,
 * and they are asked for at leisure. */
static void
test_invented (Fixture       *fixture,
               gconstpointer  data)
{
  go_online (fixture);
  fixture->stack->cached = TRUE;
  add_people (fixture, 40);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  assert_log (fixture, "");
  for (guint i = 0; i < 3; i++)
    fake_stack_tell_cache_done (fixture->stack);
  assert_log (fixture, "+juliet@capulet ");

  fake_stack_advance (fixture->stack, 2000);
  g_assert_cmpuint (fake_stack_count_queries (fixture->stack, XEP174_DNS_TYPE_TXT), ==, 41);
  fake_stack_add_txt (fixture->stack, "name7@crowd", 2, "nick=Somebody");
  assert_log (fixture, "+name7@crowd ");
}

static void
count_notify (GObject    *object,
              GParamSpec *pspec,
              guint      *count)
{
  ++*count;
}

/* More people than there is room for: refused, pointed at and unread, or as many as are remembered.
 * The program is told, once each, and when it is over. */
static void
test_limits (Fixture       *fixture,
             gconstpointer  data)
{
  guint n_told = 0;

  g_signal_connect (fixture->discovery, "notify::problem", G_CALLBACK (count_notify), &n_told);
  go_online (fixture);
  fixture->stack->query_error = g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_LIMIT,
                                             "no more objects");
  fake_stack_add_txt (fixture->stack, "name0@crowd", 2, "nick=0");
  add_people (fixture, 17);
  assert_problem (fixture, XEP174_DISCOVERY_ERROR_LIMIT);
  g_clear_error (&fixture->stack->query_error);
  fake_stack_advance (fixture->stack, 3500);
  assert_log (fixture, "+name0@crowd ");
  assert_problem (fixture, -1);
  g_assert_cmpuint (n_told, ==, 2);

  /* Sixteen who say nothing may have left, one more is too much. */
  fake_stack_advance (fixture->stack, 11000);
  assert_problem (fixture, -1);
  fake_stack_add_ptr (fixture->stack, "name17@crowd", 2);
  fake_stack_advance (fixture->stack, 10500);
  assert_problem (fixture, XEP174_DISCOVERY_ERROR_LIMIT);
  fake_stack_add_txt (fixture->stack, "name5@crowd", 2, "nick=5");
  assert_problem (fixture, -1);
  g_assert_cmpuint (n_told, ==, 4);

  fixture->stack->records_max = 3 * 20 + 96;
  add_people (fixture, 20);
  assert_problem (fixture, -1);
  add_people (fixture, 21);
  assert_problem (fixture, XEP174_DISCOVERY_ERROR_LIMIT);
  fake_stack_remove_ptr (fixture->stack, "name3@crowd", 2);
  assert_problem (fixture, -1);
  g_assert_cmpuint (n_told, ==, 6);
  g_signal_handlers_disconnect_by_data (fixture->discovery, &n_told);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/mdns-crowd/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("slots", test_slots);
  ADD ("D21-few", test_few);
  ADD ("first-link", test_first_link);
  ADD ("D11-D21-next-link", test_next_link);
  ADD ("D11-D21-txt-elsewhere", test_txt_elsewhere);
  ADD ("D13-left-behind", test_left_behind);
  ADD ("invented", test_invented);
  ADD ("limits", test_limits);
#undef ADD

  return g_test_run ();
}
