/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "conversation-pair.h"

Xep174Message *
get (Xep174Conversation *conversation,
     guint               position)
{
  g_autoptr(Xep174Message) message = g_list_model_get_item (G_LIST_MODEL (conversation), position);

  return message;
}

guint
count (Xep174Conversation *conversation)
{
  return g_list_model_get_n_items (G_LIST_MODEL (conversation));
}

Xep174Message *
say (Xep174Conversation *conversation,
     const char         *text)
{
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, text);

  xep174_conversation_send_async (conversation, message, NULL, NULL, NULL);
  return get (conversation, count (conversation) - 1);
}

void
say_xml (Person             *person,
         Xep174Conversation *conversation,
         const char         *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Element) stanza = xep174_element_parse (xml, &error);

  g_assert_no_error (error);
  xep174_client_send_stanza_async (person->client, xep174_conversation_get_contact (conversation), stanza,
                                   NULL, NULL, NULL);
}

gboolean
knows (Person             *person,
       Xep174Conversation *conversation,
       const char         *xmlns)
{
  const char *name = xep174_contact_get_name (xep174_conversation_get_contact (conversation));

  return xep174_feature_host_supports (XEP174_FEATURE_HOST (person->client), name, xmlns)
         == XEP174_SUPPORT_YES;
}

void
pair_set_up (Pair          *pair,
             gconstpointer  data)
{
  pair->romeo = person_new ("romeo", "montague", NULL);
  pair->juliet = person_new ("juliet", "capulet", NULL);
  if (data != NULL)
    {
      xep174_client_add_conversation_features (pair->romeo->client);
      xep174_client_add_conversation_features (pair->juliet->client);
    }
  person_start (pair->romeo);
  person_start (pair->juliet);
  pair->his = xep174_client_get_conversation (pair->romeo->client, person_learn (pair->romeo, pair->juliet));
  pair->hers = xep174_client_get_conversation (pair->juliet->client,
                                               person_learn (pair->juliet, pair->romeo));
}

void
pair_tear_down (Pair          *pair,
                gconstpointer  data)
{
  person_stop (pair->romeo);
  person_stop (pair->juliet);
  person_free (pair->romeo);
  person_free (pair->juliet);
}
