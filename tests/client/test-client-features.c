/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A client as the host of features, and what its record says of them. */

#include <string.h>

#include "client-people.h"

#define NS_A "urn:example:a"

typedef Xep174Feature AFeature;
typedef Xep174FeatureClass AFeatureClass;
GType a_feature_get_type (void);
G_DEFINE_TYPE (AFeature, a_feature, XEP174_TYPE_FEATURE)

static guint handled;

/* Answers whatever is asked. */
static gboolean
a_feature_handle (Xep174Feature *self,
                  const char    *contact,
                  Xep174Element *stanza,
                  Xep174Element *payload)
{
  g_autoptr(Xep174Element) answer = xep174_element_new ("iq", "jabber:client");

  handled++;
  xep174_element_set_attribute (answer, "type", "result");
  xep174_element_set_attribute (answer, "id", xep174_element_get_attribute (stanza, "id"));
  xep174_feature_host_send_async (xep174_feature_get_host (self), contact, answer, NULL, NULL, NULL);
  return TRUE;
}

static void
a_feature_class_init (AFeatureClass *klass)
{
  klass->handle = a_feature_handle;
}

static void
a_feature_init (AFeature *self)
{
}

static Xep174Feature *
add_named (Person     *person,
           const char *xmlns)
{
  const char *const names[] = { xmlns, NULL };
  g_autoptr(Xep174Feature) feature = g_object_new (a_feature_get_type (), "payloads", names, "announces",
                                                   names, NULL);
  g_autoptr(GError) error = NULL;

  xep174_feature_host_add_feature (XEP174_FEATURE_HOST (person->client), feature, &error);
  g_assert_no_error (error);
  return feature;
}

static Xep174Feature *
add_a (Person *person)
{
  return add_named (person, NS_A);
}

static gboolean
record_has (Person     *person,
            const char *text)
{
  g_autoptr(GBytes) record = xep174_profile_dup_txt (xep174_client_get_profile (person->client), 1);
  gsize length;
  const char *octets = g_bytes_get_data (record, &length);

  return memmem (octets, length, text, strlen (text)) != NULL;
}

/* D20: the record follows what is added. */
static void
test_record (void)
{
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  Xep174SessionManager *manager = xep174_client_get_session_manager (juliet->client);
  Xep174FeatureHost *host = XEP174_FEATURE_HOST (juliet->client);
  g_autofree char *before = NULL, *after = NULL;
  Xep174Feature *feature;

  g_object_get (manager, "capabilities", &before, NULL);
  g_assert_true (record_has (juliet, "hash=sha-1"));
  g_assert_true (record_has (juliet, "node="));
  g_assert_true (record_has (juliet, before));

  feature = add_a (juliet);
  g_object_get (manager, "capabilities", &after, NULL);
  g_assert_cmpstr (before, !=, after);
  g_assert_true (record_has (juliet, after));
  g_assert_false (record_has (juliet, before));
  g_assert_true (xep174_feature_host_get_feature (host, a_feature_get_type ()) == feature);
  g_assert_cmpuint (g_list_model_get_n_items (xep174_feature_host_get_features (host)), ==, 1);

  xep174_feature_host_remove_feature (host, feature);
  g_assert_true (record_has (juliet, before));
}

/* All of them at once: what is there stays, what is somebody else's is left alone. */
static void
test_all (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  Xep174FeatureHost *host = XEP174_FEATURE_HOST (romeo->client);
  GListModel *features = xep174_feature_host_get_features (host);
  g_autoptr(Xep174Feature) own = XEP174_FEATURE (xep174_receipts_new ());
  Xep174Feature *a = add_named (romeo, "urn:xmpp:reply:0");

  g_assert_true (xep174_feature_host_add_feature (host, own, NULL));
  xep174_client_add_conversation_features (romeo->client);
  xep174_client_add_conversation_features (romeo->client);
  g_assert_cmpuint (g_list_model_get_n_items (features), ==, 8 - 1);
  g_assert_true (xep174_feature_host_get_feature (host, XEP174_TYPE_RECEIPTS) == own);
  g_assert_null (xep174_feature_host_get_feature (host, XEP174_TYPE_REPLIES));
  g_assert_nonnull (xep174_feature_host_get_feature (host, XEP174_TYPE_STYLING));

  xep174_feature_host_remove_feature (host, a);
  xep174_client_add_conversation_features (romeo->client);
  g_assert_nonnull (xep174_feature_host_get_feature (host, XEP174_TYPE_REPLIES));
  g_assert_cmpuint (g_list_model_get_n_items (features), ==, 7);
}

static void
on_capabilities (guint *told)
{
  ++*told;
}

/* From end to end: what one announces the other learns, and what is asked is answered. */
static void
test_ask (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", "jabber:client");
  g_autoptr(Xep174Element) answer = NULL;
  g_autoptr(GError) error = NULL;
  Xep174FeatureHost *host = XEP174_FEATURE_HOST (romeo->client);
  Call call = { NULL };
  guint told = 0;

  person_start (romeo);
  person_start (juliet);
  person_learn (romeo, juliet);
  person_learn (juliet, romeo);
  add_a (juliet);
  g_signal_connect_swapped (host, "capabilities-changed", G_CALLBACK (on_capabilities), &told);
  g_assert_cmpint (xep174_feature_host_supports (host, "juliet@capulet", NS_A), ==, XEP174_SUPPORT_UNKNOWN);

  xep174_element_set_attribute (iq, "type", "get");
  xep174_element_append_new (iq, "question", NS_A);
  xep174_feature_host_request_async (host, "juliet@capulet", iq, NULL, call_done, &call);
  call_wait (&call);
  answer = xep174_feature_host_request_finish (host, call.result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (xep174_element_get_attribute (answer, "from"), ==, "juliet@capulet");
  g_assert_cmpuint (handled, ==, 1);
  g_object_unref (call.result);

  wait_until (xep174_feature_host_supports (host, "juliet@capulet", NS_A) == XEP174_SUPPORT_YES);
  person_stop (romeo);
  person_stop (juliet);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client-features/D20/record", test_record);
  g_test_add_func ("/client-features/D20/ask", test_ask);
  g_test_add_func ("/client-features/F8/all", test_all);
  return g_test_run ();
}
