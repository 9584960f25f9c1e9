/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-presence.h"

#include "cli-text.h"
#include "translate.h"

const char *
chat_presence_get_word (Xep174Status status)
{
  static const char *const words[] = {
    [XEP174_STATUS_AVAILABLE] = N_("Available"),
    [XEP174_STATUS_AWAY] = N_("Away"),
    [XEP174_STATUS_DND] = N_("Do not disturb"),
  };

  return _(words[status]);
}

static char *
describe (Xep174Contact *contact)
{
  const char *message = xep174_contact_get_status_message (contact);
  const char *word = chat_presence_get_word (xep174_contact_get_status (contact));
  g_autofree char *line = NULL;

  if (!xep174_contact_get_online (contact))
    return g_strdup (_("Not here"));
  if (xep174_contact_get_doubtful (contact))
    return g_strdup (_("Does not answer"));
  if (message == NULL || *message == '\0')
    return g_strdup (word);

  line = cli_text_line (message);

  return g_strconcat (word, " · ", line, NULL);
}

char *
chat_presence_describe (ChatConversation *conversation)
{
  g_autofree char *presence = describe (chat_conversation_get_contact (conversation));
  g_autofree char *whole = NULL;

  if (!chat_conversation_get_has_namesake (conversation))
    return g_steal_pointer (&presence);

  whole = chat_conversation_dup_whole_name (conversation);

  return g_strconcat (whole, " · ", presence, NULL);
}

const char *
chat_presence_get_style (Xep174Status status)
{
  static const char *const styles[] = {
    [XEP174_STATUS_AVAILABLE] = "available",
    [XEP174_STATUS_AWAY] = "away",
    [XEP174_STATUS_DND] = "busy",
  };

  return styles[status];
}

const char *
chat_presence_get_contact_style (Xep174Contact *contact)
{
  if (!xep174_contact_get_online (contact) || xep174_contact_get_doubtful (contact))
    return "absent";

  return chat_presence_get_style (xep174_contact_get_status (contact));
}
