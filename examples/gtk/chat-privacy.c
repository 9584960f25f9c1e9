/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the user is told of encryption, in one place. */

#include "chat-privacy.h"

/* T5: to who has a key nothing goes unencrypted, connected or not, whatever the policy. */
ChatPrivacy
chat_privacy_judge (const ChatPrivacyFacts *facts)
{
  gboolean is_compared = facts->trust == XEP174_TRUST_VERIFIED;

  if (facts->encrypted)
    return is_compared ? CHAT_PRIVACY_COMPARED : CHAT_PRIVACY_SEEN;
  if (facts->trust == XEP174_TRUST_CHANGED)
    return CHAT_PRIVACY_CHANGED;
  if (facts->trust == XEP174_TRUST_DISTRUSTED)
    return CHAT_PRIVACY_DISTRUSTED;
  if (facts->connected)
    return CHAT_PRIVACY_CLEAR;
  if (facts->trust != XEP174_TRUST_UNKNOWN && facts->refused_clear)
    return CHAT_PRIVACY_STRIPPED;
  if (facts->trust != XEP174_TRUST_UNKNOWN)
    return is_compared ? CHAT_PRIVACY_COMPARED : CHAT_PRIVACY_SEEN;
  if (facts->policy == XEP174_ENCRYPTION_POLICY_REQUIRE)
    return CHAT_PRIVACY_SEEN;

  return facts->policy == XEP174_ENCRYPTION_POLICY_OFF ? CHAT_PRIVACY_CLEAR
                                                       : CHAT_PRIVACY_NOT_CONNECTED;
}

const ChatPrivacyLook *
chat_privacy_get_look (ChatPrivacy privacy)
{
  static const ChatPrivacyLook looks[] = {
    [CHAT_PRIVACY_NOT_CONNECTED] = {
      "not connected", "channel-insecure-symbolic", "undecided", "Message (perhaps not encrypted)",
      "Your first message is encrypted if the other program can do that. If it cannot, others on this "
      "network can read along.", FALSE },
    [CHAT_PRIVACY_CLEAR] = {
      "not encrypted", "channel-insecure-symbolic", "clear", "Message (not encrypted)",
      "Others on this network can read along.", FALSE },
    [CHAT_PRIVACY_SEEN] = {
      "encrypted, not compared", "channel-secure-symbolic", "seen", "Message",
      "Nobody on this network can read along. To be sure who is on the other side, compare the number.",
      FALSE },
    [CHAT_PRIVACY_COMPARED] = {
      "encrypted and compared", "security-high-symbolic", "compared", "Message",
      "Nobody can read along, and you have compared the number.", FALSE },
    [CHAT_PRIVACY_CHANGED] = {
      "the key has changed: nothing is sent", "dialog-warning-symbolic", "stopped",
      "Nothing is sent: the key has changed", "This may be somebody else.", TRUE },
    [CHAT_PRIVACY_STRIPPED] = {
      "not encrypted any more: nothing is sent", "dialog-warning-symbolic", "stopped",
      "Nothing is sent: it would not be encrypted", "This may be somebody else.", TRUE },
    [CHAT_PRIVACY_DISTRUSTED] = {
      "key not trusted: nothing is sent", "dialog-warning-symbolic", "stopped",
      "Nothing is sent: you do not trust the key", "You have said that this may be somebody else.", TRUE },
  };

  return &looks[privacy];
}

char *
chat_privacy_dup_advice (ChatPrivacy  privacy,
                         const char  *name)
{
  switch (privacy)
    {
    case CHAT_PRIVACY_CHANGED:
      return g_strdup_printf (
        "The key of %s has changed. Perhaps %s has a new computer, or has installed the program again. "
        "Or somebody else uses this name, to read what you write.\n"
        "Ask %s in another way, for example on the telephone, and compare the number. Until then nothing "
        "is sent, and nothing is taken.", name, name, name);
    case CHAT_PRIVACY_STRIPPED:
      return g_strdup_printf (
        "What you and %s wrote was encrypted before, and now it would not be. Perhaps %s uses another "
        "program. Or somebody else uses this name, to read what you write.\n"
        "Ask %s in another way, for example on the telephone. If all is well, forget the key. Then others on "
        "this network can read along.", name, name, name);
    case CHAT_PRIVACY_DISTRUSTED:
      return g_strdup_printf (
        "You have said that the key of %s is not the right one. Nothing is sent to who has this key, and "
        "nothing is taken.\n"
        "If that was a mistake, trust the key again, and compare the number once more.", name);
    default:
      return NULL;
    }
}
