/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Replies:
 *
 * Messages that answer a certain earlier one (XEP-0461).
 *
 * Add it with [method@FeatureHost.add_feature], so that contacts know that they may use it. Call
 * [method@Replies.mark] before you send an answer. A reply stays a message like others: read with
 * [func@Replies.dup_id] what it answers, and with [func@Replies.dup_text] the text without what it quotes.
 *
 * Since: 1.0
 */

#include "xep174-replies.h"

#include "xep174-fallback-private.h"
#include "xep174-payload-private.h"

#define NS_REPLY "urn:xmpp:reply:0"
/* Of a quote. */
#define CHARACTERS_MAX 256
#define LINES_MAX 4

struct _Xep174Replies
{
  Xep174Feature parent_instance;
};

G_DEFINE_FINAL_TYPE (Xep174Replies, xep174_replies, XEP174_TYPE_FEATURE)

/**
 * xep174_replies_new:
 *
 * Makes the feature. It is not in use until it is added to a host.
 *
 * Returns: (transfer full): a feature
 *
 * Since: 1.0
 */
Xep174Replies *
xep174_replies_new (void)
{
  static const char *const both[] = { NS_REPLY, NULL };

  return g_object_new (XEP174_TYPE_REPLIES, "payloads", both, "announces", both, NULL);
}

/* It reminds of what is answered, and leaves room for the answer. */
static char *
dup_beginning (const char *text)
{
  const char *end = text;
  guint lines = 1;

  for (guint i = 0; i < CHARACTERS_MAX && *end != '\0'; i++)
    {
      if (*end == '\n' && lines++ == LINES_MAX)
        break;
      end = g_utf8_find_next_char (end, NULL);
    }
  return *end == '\0' ? g_strdup (text) : g_strdup_printf ("%.*s…", (int) (end - text), text);
}

/* As people write it by hand, and as XEP-0393 reads it. */
static char *
dup_quote (const char *quoted)
{
  g_autofree char *beginning = dup_beginning (quoted);
  g_auto(GStrv) lines = g_strsplit (beginning, "\n", -1);
  GString *quote = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (quote, "> %s\n", lines[i]);
  return g_string_free (quote, FALSE);
}

/* The same in each language, so that one range fits all. */
static void
quote_before (Xep174Element *message,
              const char    *quoted)
{
  g_autofree Xep174Element **bodies = xep174_element_list_children (message, "body", NULL);
  g_autofree char *quote = dup_quote (quoted);

  if (bodies[0] == NULL)
    return;

  for (guint i = 0; bodies[i] != NULL; i++)
    {
      g_autofree char *text = xep174_element_dup_text (bodies[i]);

      xep174_element_set_text (bodies[i], quote);
      xep174_element_append_text (bodies[i], text);
    }
  xep174_fallback_append (message, NS_REPLY, g_utf8_strlen (quote, -1));
}

/**
 * xep174_replies_mark:
 * @self: the feature
 * @contact: the name of a contact
 * @message: a message that is about to be sent to the contact, with its text
 * @id: the `id` of the message that it answers
 * @quoted: (nullable): the text of that message, or a part of it; %NULL to quote nothing
 *
 * Says in a message which earlier one it answers.
 *
 * Where it is not known that the contact's program understands it, @quoted is put before the text, each line
 * with `> `, so that the person can see what is answered: its first four lines, and 256 characters at most.
 * Programs that do understand it leave that out (XEP-0428).
 *
 * Returns: whether the contact's program understands it
 *
 * Since: 1.0
 */
gboolean
xep174_replies_mark (Xep174Replies *self,
                     const char    *contact,
                     Xep174Element *message,
                     const char    *id,
                     const char    *quoted)
{
  gboolean known;

  g_return_val_if_fail (XEP174_IS_REPLIES (self), FALSE);
  g_return_val_if_fail (contact != NULL, FALSE);
  g_return_val_if_fail (message != NULL && !xep174_element_is_sealed (message), FALSE);
  g_return_val_if_fail (id != NULL && *id != '\0', FALSE);

  known = xep174_payload_is_known (XEP174_FEATURE (self), contact, NS_REPLY);
  xep174_element_set_attribute (xep174_element_append_new (message, "reply", NS_REPLY), "id", id);
  if (!known && quoted != NULL)
    quote_before (message, quoted);
  return known;
}

/**
 * xep174_replies_dup_id:
 * @message: a message
 *
 * Which message this one answers.
 *
 * Returns: (transfer full) (nullable): the `id` of a message; %NULL if it is no reply
 *
 * Since: 1.0
 */
char *
xep174_replies_dup_id (Xep174Element *message)
{
  Xep174Element *reply;

  g_return_val_if_fail (message != NULL, NULL);

  reply = xep174_element_find_child (message, "reply", NS_REPLY);
  return reply != NULL ? g_strdup (xep174_payload_get_id (reply)) : NULL;
}

/**
 * xep174_replies_dup_text:
 * @message: a message
 * @text: the text of @message
 *
 * The text of a reply without what it quotes for other programs. Use it if you show the message that it
 * answers. Other messages, and replies that say it wrongly, keep all of their text.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
xep174_replies_dup_text (Xep174Element *message,
                         const char    *text)
{
  g_autofree char *id = NULL;

  g_return_val_if_fail (message != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  id = xep174_replies_dup_id (message);
  return id != NULL ? xep174_fallback_strip (message, NS_REPLY, text) : g_strdup (text);
}

static void
xep174_replies_class_init (Xep174RepliesClass *klass)
{
}

static void
xep174_replies_init (Xep174Replies *self)
{
}
