/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pair.h"

static void
on_key_seen (Xep174SessionManager *manager,
             const char           *name,
             const char           *fingerprint,
             Stage                *stage)
{
  g_assert_cmpuint (strlen (fingerprint), ==, 64);
  g_string_append_printf (stage->log, "seen %s\n", name);
}

static void
on_key_changed (Xep174SessionManager *manager,
                const char           *name,
                const char           *old,
                const char           *new,
                Stage                *stage)
{
  g_assert_cmpuint (strlen (old), ==, 64);
  g_assert_cmpuint (strlen (new), ==, 64);
  g_assert_cmpstr (old, !=, new);
  g_string_append_printf (stage->log, "changed %s\n", name);
}

static void
on_unencrypted_refused (Xep174SessionManager *manager,
                        const char           *name,
                        Stage                *stage)
{
  g_string_append_printf (stage->log, "not heard %s\n", name);
}

void
pair_give_identity (Xep174SessionManager *manager)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (&error);

  g_assert_no_error (error);
  xep174_session_manager_set_identity (manager, identity);
}

char *
pair_dup_key (Xep174SessionManager *manager)
{
  return xep174_identity_dup_fingerprint (xep174_session_manager_get_identity (manager));
}

Xep174SessionManager *
pair_manager_new (Stage      *stage,
                  const char *name)
{
  Xep174SessionManager *manager = stage_manager_new (stage, name);

  g_signal_connect (manager, "key-seen", G_CALLBACK (on_key_seen), stage);
  g_signal_connect (manager, "key-changed", G_CALLBACK (on_key_changed), stage);
  g_signal_connect (manager, "unencrypted-refused", G_CALLBACK (on_unencrypted_refused), stage);
  return manager;
}

void
pair_set_up (Pair          *pair,
             gconstpointer  data)
{
  pair->stage = stage_new ();
  pair->wires = g_ptr_array_new_with_free_func (g_object_unref);
  pair->romeo = pair_manager_new (pair->stage, ROMEO);
  pair->juliet = pair_manager_new (pair->stage, JULIET);
}

void
pair_tear_down (Pair          *pair,
                gconstpointer  data)
{
  g_assert_finalize_object (pair->romeo);
  g_assert_finalize_object (pair->juliet);
  g_ptr_array_unref (pair->wires);
  stage_free (pair->stage);
}

/* Every dial reaches the other one. */
void
pair_connect_all (Pair *pair)
{
  StageDial *dial;

  stage_settle (pair->stage);
  while ((dial = stage_next_dial (pair->stage)) != NULL)
    {
      Xep174SessionManager *to = strcmp (dial->to, ROMEO) == 0 ? pair->romeo : pair->juliet;
      g_autoptr(GError) error = NULL;

      pair->wire = stage_accept (pair->stage, dial);
      pair->wire_back = memory_stream_dup_other (pair->wire);
      g_ptr_array_add (pair->wires, pair->wire);
      g_ptr_array_add (pair->wires, pair->wire_back);
      memory_stream_set_flowing (pair->wire, TRUE);
      memory_stream_set_flowing (pair->wire_back, TRUE);
      xep174_session_manager_add_connection (to, G_IO_STREAM (pair->wire), XEP174_SESSION_ROLE_RECIPIENT,
                                             NULL, &error);
      g_assert_no_error (error);
      stage_settle (pair->stage);
    }
}

void
pair_say (Pair                 *pair,
          Xep174SessionManager *from,
          const char           *body)
{
  stage_send (pair->stage, from, from == pair->romeo ? JULIET : ROMEO, body);
  pair_connect_all (pair);
}

void
pair_check_log (Pair       *pair,
                const char *expected)
{
  g_autofree char *log = stage_take_log (pair->stage);

  g_assert_cmpstr (log, ==, expected);
}

void
pair_end_sessions (Pair *pair)
{
  stage_close (pair->stage, pair->romeo, JULIET);
  stage_settle (pair->stage);
  stage_advance (pair->stage, 10000);
  g_free (stage_take_log (pair->stage));
}

Xep174Session *
pair_session_of (Pair                 *pair,
                 Xep174SessionManager *manager)
{
  g_autoptr(GError) error = NULL;
  Xep174Session *session = xep174_session_manager_ensure_session (
    manager, manager == pair->romeo ? JULIET : ROMEO, &error);

  g_assert_no_error (error);
  return session;
}

void
pair_check_trust (Pair                 *pair,
                  Xep174SessionManager *manager,
                  gboolean              encrypted,
                  Xep174Trust           trust)
{
  g_autoptr(Xep174Session) session = pair_session_of (pair, manager);

  g_assert_cmpint (xep174_session_get_encrypted (session), ==, encrypted);
  g_assert_cmpint (xep174_session_get_trust (session), ==, trust);
}

gboolean
pair_was_said_in_the_clear (Pair       *pair,
                            const char *text)
{
  g_autoptr(GString) there = g_string_new (NULL);
  g_autoptr(GString) back = g_string_new (NULL);

  memory_stream_copy_written (pair->wire, there);
  memory_stream_copy_written (pair->wire_back, back);
  return memmem (there->str, there->len, text, strlen (text)) != NULL
         || memmem (back->str, back->len, text, strlen (text)) != NULL;
}

void
pair_meet (Pair *pair)
{
  pair_give_identity (pair->romeo);
  pair_give_identity (pair->juliet);
  pair_say (pair, pair->romeo, "hello");
  pair_check_log (pair, "opened romeo@montague recipient\nseen romeo@montague\n"
                   "opened juliet@capulet initiator\nseen juliet@capulet\n"
                   "sent hello\ngot hello\n");
}
