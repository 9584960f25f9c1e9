/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an answer of XEP-0030 says, and its hash (XEP-0115). */

#include "parsed.h"
#include "xep174-caps-private.h"

#define QUERY(content) "<query xmlns='http://jabber.org/protocol/disco#info'>" content "</query>"
#define IDENTITY(attributes) "<identity " attributes "/>"
#define FEATURE(var) "<feature var='" var "'/>"
#define FIELD(attributes, values) "<field " attributes ">" values "</field>"
#define VALUE(text) "<value>" text "</value>"

#define INFO_ITEMS_MUC \
  FEATURE ("http://jabber.org/protocol/disco#info") FEATURE ("http://jabber.org/protocol/disco#items") \
  FEATURE ("http://jabber.org/protocol/muc")
#define FEATURES FEATURE ("http://jabber.org/protocol/caps") INFO_ITEMS_MUC
#define FORM \
  "<x xmlns='jabber:x:data' type='result'>" \
  FIELD ("var='FORM_TYPE' type='hidden'", VALUE ("urn:xmpp:dataforms:softwareinfo")) \
  FIELD ("var='ip_version'", VALUE ("ipv6") VALUE ("ipv4")) FIELD ("var='os'", VALUE ("Mac")) \
  FIELD ("var='os_version'", VALUE ("10.5.1")) FIELD ("var='software'", VALUE ("Psi")) \
  FIELD ("var='software_version'", VALUE ("0.11")) "</x>"
#define PSI IDENTITY ("category='client' type='pc' xml:lang='en' name='Psi 0.11'") \
  IDENTITY ("category='client' type='pc' xml:lang='el' name='Ψ 0.11'")
#define EXODUS IDENTITY ("category='client' type='pc' name='Exodus 0.9.1'")

/* XEP-0115 §5.2 and §5.3. */
static void
test_vectors (void)
{
  static const struct
  {
    const char *xml;
    const char *ver;
  } vectors[] = {
    { QUERY (EXODUS FEATURES), "QgayPKawpkPSDYmwT/WM94uAlu0=" },
    { QUERY (FEATURE ("http://jabber.org/protocol/muc") FEATURE ("http://jabber.org/protocol/disco#items")
             FEATURE ("http://jabber.org/protocol/disco#info") FEATURE ("http://jabber.org/protocol/caps")
             EXODUS), "QgayPKawpkPSDYmwT/WM94uAlu0=" },
    { QUERY (PSI FEATURES FORM), "q07IKJEyjvHSyhy//CH0CxmKi8w=" },
    /* A form that does not say what it is does not count. */
    { QUERY (PSI FEATURES FORM "<x xmlns='jabber:x:data'/>"), "q07IKJEyjvHSyhy//CH0CxmKi8w=" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr(Xep174Element) query = parse (vectors[i].xml);
      g_autofree char *ver = xep174_caps_dup_ver (query);

      g_assert_cmpstr (ver, ==, vectors[i].ver);
    }
}

/* §5.4, 3. */
static void
test_ill_formed (void)
{
  static const char *const ill[] = {
    QUERY (EXODUS EXODUS FEATURES), QUERY (EXODUS FEATURES FEATURE ("http://jabber.org/protocol/muc")),
    QUERY (PSI FEATURES FORM FORM), QUERY (IDENTITY ("category='client'") FEATURES),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ill); i++)
    {
      g_autoptr(Xep174Element) query = parse (ill[i]);

      g_assert_null (xep174_caps_dup_ver (query));
    }
}

/* What is believed of everybody who shows the hash is what the hash is of, and nothing else. */
static void
test_proven (void)
{
  static const char *const doubtful[] = {
    /* The hash of another one. */
    QUERY (EXODUS FEATURES FEATURE ("urn:example:more")),
    /* The same hash, read in another way: features in the name of an identity, in another feature, in a
     * form. */
    QUERY (IDENTITY ("category='client' type='pc' name='Exodus 0.9.1&lt;http://jabber.org/protocol/caps'")
           INFO_ITEMS_MUC),
    QUERY (EXODUS FEATURE ("http://jabber.org/protocol/caps&lt;http://jabber.org/protocol/disco#info")
           FEATURE ("http://jabber.org/protocol/disco#items") FEATURE ("http://jabber.org/protocol/muc")),
    QUERY (EXODUS FEATURE ("http://jabber.org/protocol/caps")
           FEATURE ("http://jabber.org/protocol/disco#info")
           FEATURE ("http://jabber.org/protocol/disco#items") "<x xmlns='jabber:x:data'>"
           FIELD ("var='FORM_TYPE' type='hidden'", VALUE ("http://jabber.org/protocol/muc")) "</x>"),
    QUERY (EXODUS IDENTITY ("category='http:' type='' xml:lang='jabber.org' name='protocol/caps'")
           INFO_ITEMS_MUC),
  };
  g_autoptr(Xep174Element) right = parse (QUERY (EXODUS FEATURES));

  g_assert_true (xep174_caps_is_proven (right, "QgayPKawpkPSDYmwT/WM94uAlu0="));
  g_assert_false (xep174_caps_is_proven (right, "q07IKJEyjvHSyhy//CH0CxmKi8w="));
  for (gsize i = 0; i < G_N_ELEMENTS (doubtful); i++)
    {
      g_autoptr(Xep174Element) query = parse (doubtful[i]);

      g_assert_false (xep174_caps_is_proven (query, "QgayPKawpkPSDYmwT/WM94uAlu0="));
    }
}

/* X8: nobody fills our memory with what he can do. */
static void
test_many (void)
{
  g_autoptr(Xep174Element) query = xep174_element_new ("query", XEP174_NS_DISCO_INFO);
  g_autofree char *long_name = g_strnfill (1024, 'x');
  g_autoptr(GHashTable) features = NULL;
  g_autofree char *ver = NULL;

  xep174_element_set_attribute (xep174_element_append_new (query, "feature", XEP174_NS_DISCO_INFO),
                                "var", long_name);
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *var = g_strdup_printf ("urn:example:%u", i);

      xep174_element_set_attribute (xep174_element_append_new (query, "feature", XEP174_NS_DISCO_INFO),
                                    "var", var);
    }
  features = xep174_caps_read (query);
  g_assert_cmpuint (g_hash_table_size (features), ==, XEP174_CAPS_MAX_FEATURES - 1);
  g_assert_true (g_hash_table_contains (features, "urn:example:254"));
  g_assert_false (g_hash_table_contains (features, "urn:example:255"));
  ver = xep174_caps_dup_ver (query);
  g_assert_nonnull (ver);
  g_assert_false (xep174_caps_is_proven (query, ver));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/caps/D20/vectors", test_vectors);
  g_test_add_func ("/caps/D20/ill-formed", test_ill_formed);
  g_test_add_func ("/caps/D20/proven", test_proven);
  g_test_add_func ("/caps/X8/many", test_many);
  return g_test_run ();
}
