/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T5, T6, T14: what the chat for the desktop says of who can read along. */

#include <string.h>

#include "chat-privacy.h"

#define OFF XEP174_ENCRYPTION_POLICY_OFF
#define PREFER XEP174_ENCRYPTION_POLICY_PREFER
#define REQUIRE XEP174_ENCRYPTION_POLICY_REQUIRE

/* connected, encrypted, refused_clear, trust, policy */
static const struct
{
  ChatPrivacyFacts facts;
  const char *words;
} cases[] = {
  { { FALSE, FALSE, FALSE, XEP174_TRUST_UNKNOWN, PREFER }, "not connected" },
  { { FALSE, FALSE, FALSE, XEP174_TRUST_UNKNOWN, OFF }, "not encrypted" },
  /* Nothing will go otherwise. */
  { { FALSE, FALSE, FALSE, XEP174_TRUST_UNKNOWN, REQUIRE }, "encrypted, not compared" },
  { { FALSE, FALSE, FALSE, XEP174_TRUST_SEEN, OFF }, "encrypted, not compared" },
  { { FALSE, FALSE, FALSE, XEP174_TRUST_VERIFIED, PREFER }, "encrypted and compared" },
  { { TRUE, FALSE, FALSE, XEP174_TRUST_UNKNOWN, PREFER }, "not encrypted" },
  { { TRUE, FALSE, FALSE, XEP174_TRUST_UNKNOWN, REQUIRE }, "not encrypted" },
  { { TRUE, TRUE, FALSE, XEP174_TRUST_SEEN, PREFER }, "encrypted, not compared" },
  { { TRUE, TRUE, FALSE, XEP174_TRUST_VERIFIED, PREFER }, "encrypted and compared" },
  /* Whoever knocks with another key meanwhile. */
  { { TRUE, TRUE, FALSE, XEP174_TRUST_SEEN, REQUIRE }, "encrypted, not compared" },
  { { FALSE, FALSE, FALSE, XEP174_TRUST_CHANGED, PREFER }, "the key has changed: nothing is sent" },
  { { TRUE, FALSE, TRUE, XEP174_TRUST_CHANGED, PREFER }, "the key has changed: nothing is sent" },
  { { FALSE, FALSE, FALSE, XEP174_TRUST_DISTRUSTED, OFF }, "key not trusted: nothing is sent" },
  { { FALSE, FALSE, TRUE, XEP174_TRUST_SEEN, PREFER }, "not encrypted any more: nothing is sent" },
  { { FALSE, FALSE, TRUE, XEP174_TRUST_VERIFIED, PREFER }, "not encrypted any more: nothing is sent" },
  { { TRUE, TRUE, TRUE, XEP174_TRUST_SEEN, PREFER }, "encrypted, not compared" },
  /* Nobody has shown a key, but the user has asked for one: that is said with the message. */
  { { FALSE, FALSE, TRUE, XEP174_TRUST_UNKNOWN, REQUIRE }, "encrypted, not compared" },
};

static void
test_judge (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (chat_privacy_get_look (chat_privacy_judge (&cases[i].facts))->words, ==,
                     cases[i].words);
}

/* Where nothing is sent, and only there, the user hears what to do. */
static void
test_advice (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChatPrivacy privacy = chat_privacy_judge (&cases[i].facts);
      const ChatPrivacyLook *look = chat_privacy_get_look (privacy);
      g_autofree char *advice = chat_privacy_dup_advice (privacy, "Romeo");

      g_assert_cmpint (look->is_stopped, ==, advice != NULL);
      g_assert_cmpint (look->is_stopped, ==, strstr (look->words, "nothing is sent") != NULL);
      if (advice != NULL)
        g_assert_nonnull (strstr (advice, "Romeo"));
    }
}

/* The empty field says it, if what is written may go unencrypted. */
static void
test_placeholder (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChatPrivacy privacy = chat_privacy_judge (&cases[i].facts);
      gboolean may_be_clear = privacy == CHAT_PRIVACY_CLEAR || privacy == CHAT_PRIVACY_NOT_CONNECTED;
      const ChatPrivacyLook *look = chat_privacy_get_look (privacy);

      g_assert_cmpint (strstr (look->placeholder, "not encrypted)") != NULL, ==, may_be_clear);
      g_assert_cmpint (g_str_equal (look->placeholder, "Message"), ==, !may_be_clear && !look->is_stopped);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chat-privacy/T5-T6-T14/judge", test_judge);
  g_test_add_func ("/chat-privacy/T6/advice", test_advice);
  g_test_add_func ("/chat-privacy/T5/placeholder", test_placeholder);

  return g_test_run ();
}
