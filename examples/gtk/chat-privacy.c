/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the user is told of encryption, in one place. */

#include "chat-privacy.h"

#include "translate.h"

/* T5: to who has a key nothing goes unencrypted, connected or not, whatever the policy. */
ChatPrivacy
chat_privacy_judge (const ChatPrivacyFacts *facts)
{
  if (facts->encrypted)
    return facts->trust == XEP174_TRUST_VERIFIED ? CHAT_PRIVACY_COMPARED : CHAT_PRIVACY_SEEN;
  if (facts->trust == XEP174_TRUST_CHANGED)
    return CHAT_PRIVACY_CHANGED;
  if (facts->trust == XEP174_TRUST_DISTRUSTED || facts->failure == CHAT_FAILURE_DISTRUSTED)
    return CHAT_PRIVACY_DISTRUSTED;
  if (facts->connected)
    return CHAT_PRIVACY_CLEAR;
  if (facts->failure == CHAT_FAILURE_REFUSED)
    return CHAT_PRIVACY_REFUSED;
  if (facts->trust != XEP174_TRUST_UNKNOWN && facts->failure == CHAT_FAILURE_CLEAR)
    return CHAT_PRIVACY_STRIPPED;
  if (facts->trust != XEP174_TRUST_UNKNOWN || facts->policy == XEP174_ENCRYPTION_POLICY_REQUIRE)
    return CHAT_PRIVACY_SEALED;

  return facts->policy == XEP174_ENCRYPTION_POLICY_OFF ? CHAT_PRIVACY_CLEAR
                                                       : CHAT_PRIVACY_NOT_CONNECTED;
}

/* A lock is what people take for safe: the closed one is for those who have compared. */
const ChatPrivacyLook *
chat_privacy_get_look (ChatPrivacy privacy)
{
  static const ChatPrivacyLook looks[] = {
    [CHAT_PRIVACY_NOT_CONNECTED] = {
      N_("not connected"), "content-loading-symbolic", "undecided", N_("Message (perhaps not encrypted)"),
      N_("Your first message is encrypted if the other program can do that. If it cannot, others on this "
         "network can read along."), FALSE },
    [CHAT_PRIVACY_SEALED] = {
      N_("not connected, encrypted only"), "content-loading-symbolic", "undecided", N_("Message"),
      N_("What you write is sent only if it is encrypted."), FALSE },
    [CHAT_PRIVACY_CLEAR] = {
      N_("not encrypted"), "channel-insecure-symbolic", "clear", N_("Message (not encrypted)"),
      N_("Others on this network can read along."), FALSE },
    [CHAT_PRIVACY_SEEN] = {
      N_("encrypted, not compared"), "security-medium-symbolic", "seen", N_("Message"),
      N_("Nobody on this network can read along. To be sure who is on the other side, compare the number."),
      FALSE },
    [CHAT_PRIVACY_COMPARED] = {
      N_("encrypted and compared"), "channel-secure-symbolic", "compared", N_("Message"),
      N_("Nobody can read along, and you have compared the number."), FALSE },
    [CHAT_PRIVACY_CHANGED] = {
      N_("the key has changed: nothing is sent"), "dialog-warning-symbolic", "stopped",
      N_("Nothing is sent: the key has changed"), N_("This may be somebody else."), TRUE },
    [CHAT_PRIVACY_STRIPPED] = {
      N_("not encrypted any more: nothing is sent"), "dialog-warning-symbolic", "stopped",
      N_("Nothing is sent: it would not be encrypted"), N_("This may be somebody else."), TRUE },
    [CHAT_PRIVACY_DISTRUSTED] = {
      N_("key not trusted: nothing is sent"), "dialog-warning-symbolic", "stopped",
      N_("Nothing is sent: you do not trust the key"), N_("You have said that this may be somebody else."),
      TRUE },
    [CHAT_PRIVACY_REFUSED] = {
      N_("your key is not accepted: nothing is sent"), "dialog-warning-symbolic", "stopped",
      N_("Nothing is sent: your key is not accepted"), N_("The program there does not know your key."),
      TRUE },
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
        _("The key of %s has changed. Perhaps %s has a new computer, or has installed the program again. "
          "Or somebody else uses this name, to read what you write.\n"
          "Ask %s in another way, for example on the telephone, and compare the number. Until then you "
          "and %s cannot write to each other."), name, name, name, name);
    case CHAT_PRIVACY_STRIPPED:
      return g_strdup_printf (
        _("What you and %s wrote was encrypted before, and now it would not be. Perhaps %s uses another "
          "program. Or somebody else uses this name, to read what you write.\n"
          "Ask %s in another way, for example on the telephone. If all is well, forget the key. Then "
          "others on this network can read along."), name, name, name);
    case CHAT_PRIVACY_DISTRUSTED:
      return g_strdup_printf (
        _("You have said that this is not the key of %s. You and whoever has it cannot write to each "
          "other.\n"
          "If that was a mistake, trust the key again, and compare the number once more."), name);
    case CHAT_PRIVACY_REFUSED:
      return g_strdup_printf (
        _("The program of %s does not accept your key. Perhaps you have a new computer, or have installed "
          "the program again: then your key is a new one.\n"
          "%s has to accept it. Ask in another way, for example on the telephone, and compare the number. "
          "Then try again."), name, name);
    default:
      return NULL;
    }
}
