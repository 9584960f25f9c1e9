/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T5, T6, T14: what the chat for the desktop says of who can read along. */

#include <string.h>

#include "chat-privacy.h"

#define OFF XEP174_ENCRYPTION_POLICY_OFF
#define PREFER XEP174_ENCRYPTION_POLICY_PREFER
#define REQUIRE XEP174_ENCRYPTION_POLICY_REQUIRE
#define NONE CHAT_FAILURE_NONE
#define CLEAR CHAT_FAILURE_CLEAR
#define DISTRUSTED CHAT_FAILURE_DISTRUSTED
#define REFUSED CHAT_FAILURE_REFUSED

/* connected, encrypted, failure, trust, policy */
static const struct
{
  ChatPrivacyFacts facts;
  const char *words;
} cases[] = {
  { { FALSE, FALSE, NONE, XEP174_TRUST_UNKNOWN, PREFER }, "not connected" },
  { { FALSE, FALSE, NONE, XEP174_TRUST_UNKNOWN, OFF }, "not encrypted" },
  /* Nothing will go otherwise; but nothing is encrypted yet. */
  { { FALSE, FALSE, NONE, XEP174_TRUST_UNKNOWN, REQUIRE }, "not connected, encrypted only" },
  { { FALSE, FALSE, NONE, XEP174_TRUST_SEEN, OFF }, "not connected, encrypted only" },
  { { FALSE, FALSE, NONE, XEP174_TRUST_VERIFIED, PREFER }, "not connected, encrypted only" },
  { { TRUE, FALSE, NONE, XEP174_TRUST_UNKNOWN, PREFER }, "not encrypted" },
  { { TRUE, FALSE, NONE, XEP174_TRUST_UNKNOWN, REQUIRE }, "not encrypted" },
  { { TRUE, TRUE, NONE, XEP174_TRUST_SEEN, PREFER }, "encrypted, not compared" },
  { { TRUE, TRUE, NONE, XEP174_TRUST_VERIFIED, PREFER }, "encrypted and compared" },
  /* Whoever knocks with another key meanwhile. */
  { { TRUE, TRUE, NONE, XEP174_TRUST_SEEN, REQUIRE }, "encrypted, not compared" },
  { { FALSE, FALSE, NONE, XEP174_TRUST_CHANGED, PREFER }, "the key has changed: nothing is sent" },
  { { TRUE, FALSE, CLEAR, XEP174_TRUST_CHANGED, PREFER }, "the key has changed: nothing is sent" },
  { { FALSE, FALSE, NONE, XEP174_TRUST_DISTRUSTED, OFF }, "key not trusted: nothing is sent" },
  /* The name has another key, too, but this one answers. */
  { { FALSE, FALSE, DISTRUSTED, XEP174_TRUST_SEEN, PREFER }, "key not trusted: nothing is sent" },
  { { TRUE, TRUE, DISTRUSTED, XEP174_TRUST_SEEN, PREFER }, "encrypted, not compared" },
  { { FALSE, FALSE, REFUSED, XEP174_TRUST_UNKNOWN, PREFER }, "your key is not accepted: nothing is sent" },
  { { FALSE, FALSE, REFUSED, XEP174_TRUST_VERIFIED, PREFER }, "your key is not accepted: nothing is sent" },
  { { FALSE, FALSE, REFUSED, XEP174_TRUST_CHANGED, PREFER }, "the key has changed: nothing is sent" },
  { { FALSE, FALSE, CLEAR, XEP174_TRUST_SEEN, PREFER }, "not encrypted any more: nothing is sent" },
  { { FALSE, FALSE, CLEAR, XEP174_TRUST_VERIFIED, PREFER }, "not encrypted any more: nothing is sent" },
  { { TRUE, TRUE, CLEAR, XEP174_TRUST_SEEN, PREFER }, "encrypted, not compared" },
  /* Nobody has shown a key, but the user has asked for one: that is said with the message. */
  { { FALSE, FALSE, CLEAR, XEP174_TRUST_UNKNOWN, REQUIRE }, "not connected, encrypted only" },
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

/* A lock, or the green of what is well, would be taken for more than it is. */
static void
test_lock (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const ChatPrivacyFacts *facts = &cases[i].facts;
      const ChatPrivacyLook *look = chat_privacy_get_look (chat_privacy_judge (facts));
      gboolean is_safe = facts->encrypted && facts->trust == XEP174_TRUST_VERIFIED;

      g_assert_cmpint (g_str_equal (look->icon, "channel-secure-symbolic"), ==, is_safe);
      g_assert_cmpint (g_str_equal (look->style, "compared"), ==, is_safe);
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
  g_test_add_func ("/chat-privacy/T14/lock", test_lock);

  return g_test_run ();
}
