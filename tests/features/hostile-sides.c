/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hostile-sides.h"

#include <string.h>

#include "xep174-session-manager-private.h"

/* A contact that says what the test wants, takes whatever is asked, and answers nothing by itself. */
typedef Xep174Feature Enemy;
typedef Xep174FeatureClass EnemyClass;
GType enemy_get_type (void);
G_DEFINE_TYPE (Enemy, enemy, XEP174_TYPE_FEATURE)

static Hostile *fixture;

static gboolean
is_in_band (Xep174Element *jingle)
{
  Xep174Element *content = xep174_element_find_child (jingle, "content", XEP174_NS_JINGLE);

  return content != NULL
         && xep174_element_find_child (content, "transport", "urn:xmpp:jingle:transports:ibb:1") != NULL;
}

/* Of a word about candidates: “ error”, or which one is used. */
static void
note_candidate (Xep174Element *jingle)
{
  Xep174Element *content = xep174_element_find_child (jingle, "content", XEP174_NS_JINGLE);
  Xep174Element *way = content != NULL ? xep174_element_find_child (content, "transport", NULL) : NULL;
  Xep174Element *used = way != NULL ? xep174_element_find_child (way, "candidate-used", NULL) : NULL;

  if (used != NULL)
    g_string_append_printf (fixture->heard, " %s", xep174_element_get_attribute (used, "cid"));
  else if (way != NULL && xep174_element_find_child (way, "candidate-error", NULL) != NULL)
    g_string_append (fixture->heard, " error");
}

static gboolean
enemy_handle (Xep174Feature *feature,
              const char    *contact,
              Xep174Element *stanza,
              Xep174Element *payload)
{
  g_autoptr(Xep174Element) answer = xep174_element_new ("iq", "jabber:client");
  const char *action = xep174_element_get_attribute (payload, "action");

  xep174_element_set_attribute (answer, "type", "result");
  xep174_element_set_attribute (answer, "id", xep174_element_get_attribute (stanza, "id"));
  xep174_feature_host_send_async (xep174_feature_get_host (feature), contact, answer, NULL, NULL, NULL);
  g_string_append (fixture->heard, action != NULL ? action : xep174_element_get_name (payload));
  if (g_strcmp0 (action, "session-accept") == 0 && is_in_band (payload))
    g_string_append (fixture->heard, " ibb");
  if (g_strcmp0 (action, "transport-info") == 0)
    note_candidate (payload);
  g_string_append_c (fixture->heard, ';');
  if (g_strcmp0 (action, "session-initiate") == 0 || g_strcmp0 (action, "session-terminate") == 0)
    {
      g_free (fixture->sid);
      fixture->sid = g_strdup (xep174_element_get_attribute (payload, "sid"));
    }

  return TRUE;
}

static void
enemy_class_init (EnemyClass *klass)
{
  klass->handle = enemy_handle;
}

static void
enemy_init (Enemy *self)
{
}

static void
on_answer (GObject      *host,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Element) answer
    = xep174_feature_host_request_finish (XEP174_FEATURE_HOST (host), result, &error);

  if (error != NULL && strstr (error->message, "later") != NULL)
    g_string_append (fixture->answers, "later;");
  else
    g_string_append (fixture->answers, answer != NULL ? "ok;" : "refused;");
}

void
begin_to_say (const char *to,
              const char *xml)
{
  g_autofree char *whole = g_strdup_printf ("<iq xmlns='jabber:client' type='set'>%s</iq>", xml);
  g_autoptr(Xep174Element) iq = xep174_element_parse (whole, NULL);

  g_assert_nonnull (iq);
  g_string_truncate (fixture->answers, 0);
  xep174_feature_host_request_async (XEP174_FEATURE_HOST (fixture->enemy), to, iq, NULL, on_answer, NULL);
}

void
say (const char *to,
     const char *xml)
{
  begin_to_say (to, xml);
  wait_until (fixture->answers->len > 0);
}

void
hostile_set_up (Hostile       *f,
                gconstpointer  data)
{
  static const char *const all[] = {
    XEP174_NS_JINGLE, "http://jabber.org/protocol/ibb", NULL
  };
  static const char *const announces[] = { XEP174_NS_JINGLE_FILE, NULL };
  g_autoptr(Xep174Feature) enemy = NULL;

  fixture = f;
  sides_set_up (&f->sides, data);
  f->answers = g_string_new (NULL);
  f->heard = g_string_new (NULL);
  f->enemy = xep174_session_manager_new (MALLORY, XEP174_DIRECTORY (f->sides.book));
  g_assert_true (xep174_session_manager_listen (f->enemy, 0, NULL));
  test_book_add (f->sides.book, MALLORY, "127.0.0.1", xep174_session_manager_get_port (f->enemy));
  enemy = g_object_new (enemy_get_type (), "payloads", all, "announces", announces, NULL);
  g_assert_true (xep174_feature_host_add_feature (XEP174_FEATURE_HOST (f->enemy), enemy, NULL));
}

void
hostile_tear_down (Hostile       *f,
                   gconstpointer  data)
{
  xep174_session_manager_stop_listening (f->enemy);
  xep174_session_manager_end_everything (f->enemy);
  g_clear_object (&f->enemy);
  sides_tear_down (&f->sides, data);
  g_string_free (f->answers, TRUE);
  g_string_free (f->heard, TRUE);
  g_free (f->sid);
}

void
check_answer (const char *to,
              const char *xml,
              const char *expected)
{
  say (to, xml);
  if (g_strcmp0 (fixture->answers->str, expected) != 0)
    g_error ("%s is answered with %s", xml, fixture->answers->str);
}

Xep174Transfer *
offer_to_enemy (Hostile *f)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (&f->sides, 100);
  Xep174Transfer *sent = sides_send_to (&f->sides, MALLORY);

  wait_until (f->sid != NULL);

  return sent;
}
