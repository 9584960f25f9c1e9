/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mdns-people.h"

void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_set_object (&fixture->result, result);
}

static void
on_added (Xep174Discovery *discovery,
          Xep174Contact   *contact,
          Fixture         *fixture)
{
  g_string_append_printf (fixture->log, "+%s ", xep174_contact_get_name (contact));
}

static void
on_removed (Xep174Discovery *discovery,
            Xep174Contact   *contact,
            Fixture         *fixture)
{
  g_string_append_printf (fixture->log, "-%s ", xep174_contact_get_name (contact));
}

void
assert_log (Fixture    *fixture,
            const char *expected)
{
  g_assert_cmpstr (fixture->log->str, ==, expected);
  g_string_truncate (fixture->log, 0);
}

void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->stack = g_object_new (FAKE_TYPE_STACK, NULL);
  fixture->discovery = fake_stack_make_discovery (fixture->stack);
  fixture->profile = xep174_profile_new ("romeo", NULL);
  fixture->log = g_string_new (NULL);
  g_signal_connect (fixture->discovery, "contact-added", G_CALLBACK (on_added), fixture);
  g_signal_connect (fixture->discovery, "contact-removed", G_CALLBACK (on_removed), fixture);
}

void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->result);
  if (fixture->discovery != NULL)
    {
      g_signal_handlers_disconnect_by_data (fixture->discovery, fixture);
      g_assert_finalize_object (fixture->discovery);
    }
  fake_stack_turn (fixture->stack);
  g_assert_finalize_object (fixture->stack);
  g_object_unref (fixture->profile);
  g_string_free (fixture->log, TRUE);
}

void
go_online_later (Fixture *fixture)
{
  g_clear_object (&fixture->result);
  xep174_discovery_start_async (fixture->discovery, fixture->profile, 5298, NULL, on_result,
                                fixture);
  fake_stack_turn (fixture->stack);
}

gboolean
start (Fixture  *fixture,
       GError  **error)
{
  go_online_later (fixture);
  g_assert_nonnull (fixture->result);

  return xep174_discovery_start_finish (fixture->discovery, fixture->result, error);
}

void
go_online (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  start (fixture, &error);
  g_assert_no_error (error);
}

const char *
get_local_name (Fixture *fixture)
{
  return xep174_discovery_get_local_name (fixture->discovery);
}

Xep174Contact *
find (Fixture    *fixture,
      const char *name)
{
  return xep174_discovery_find_contact (fixture->discovery, name);
}

void
know_juliet (Fixture *fixture)
{
  go_online (fixture);
  fake_stack_add_ptr (fixture->stack, "juliet@capulet", 2);
  fake_stack_add_txt (fixture->stack, "juliet@capulet", 2, "nick=Jule");
  assert_log (fixture, "+juliet@capulet ");
}

void
assert_problem (Fixture *fixture,
                int      code)
{
  const GError *problem;

  fake_stack_advance (fixture->stack, 0);
  problem = xep174_discovery_get_problem (fixture->discovery);
  if (code < 0)
    g_assert_no_error (problem);
  else
    g_assert_error (problem, XEP174_DISCOVERY_ERROR, code);
}
