/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Corrections:
 *
 * Messages that take the place of earlier ones (XEP-0308).
 *
 * Add it with [method@FeatureHost.add_feature]. Call [method@Corrections.mark] before you send the better
 * text, and connect to [signal@Corrections::corrected] for what contacts correct.
 *
 * Since: 1.0
 */

#include "xep174-corrections.h"

#include "xep174-payload-private.h"
#include "xep174-text-private.h"

#define NS_CORRECT "urn:xmpp:message-correct:0"

struct _Xep174Corrections
{
  Xep174Feature parent_instance;
};

G_DEFINE_FINAL_TYPE (Xep174Corrections, xep174_corrections, XEP174_TYPE_FEATURE)

static guint signal_corrected;

/* Nobody's text is lost: what does not take the place of another message is a new one. */
static gboolean
xep174_corrections_handle (Xep174Feature *feature,
                           const char    *contact,
                           Xep174Element *stanza,
                           Xep174Element *payload)
{
  const char *id = xep174_payload_get_id (payload);
  gboolean taken = FALSE;

  if (xep174_text_is_said (stanza) && id != NULL
      && xep174_element_matches (payload, "replace", NS_CORRECT))
    g_signal_emit (feature, signal_corrected, 0, contact, id, stanza, &taken);
  return taken;
}

/**
 * xep174_corrections_new:
 *
 * Makes the feature. It is not in use until it is added to a host.
 *
 * Returns: (transfer full): a feature
 *
 * Since: 1.0
 */
Xep174Corrections *
xep174_corrections_new (void)
{
  static const char *const both[] = { NS_CORRECT, NULL };

  return g_object_new (XEP174_TYPE_CORRECTIONS, "payloads", both, "announces", both, NULL);
}

/**
 * xep174_corrections_mark:
 * @self: the feature
 * @contact: the name of a contact
 * @message: a message that is about to be sent to the contact; with a text, and an `id` of its own
 * @id: the `id` of the message that it corrects; if that was corrected before, the `id` of the first one
 *   (XEP-0308 §4)
 *
 * Says in a message that it takes the place of an earlier one.
 *
 * Where it is not known that the contact's program understands it, @message is left as it is, and is a new
 * message there.
 *
 * Returns: whether @message is a correction now
 *
 * Since: 1.0
 */
gboolean
xep174_corrections_mark (Xep174Corrections *self,
                         const char        *contact,
                         Xep174Element     *message,
                         const char        *id)
{
  g_return_val_if_fail (XEP174_IS_CORRECTIONS (self), FALSE);
  g_return_val_if_fail (contact != NULL, FALSE);
  g_return_val_if_fail (message != NULL && !xep174_element_is_sealed (message), FALSE);
  g_return_val_if_fail (id != NULL && *id != '\0', FALSE);

  if (!xep174_payload_is_known (XEP174_FEATURE (self), contact, NS_CORRECT))
    return FALSE;

  xep174_element_set_attribute (xep174_element_append_new (message, "replace", NS_CORRECT), "id", id);
  return TRUE;
}

static void
xep174_corrections_class_init (Xep174CorrectionsClass *klass)
{
  XEP174_FEATURE_CLASS (klass)->handle = xep174_corrections_handle;

  /**
   * Xep174Corrections::corrected:
   * @self: the feature
   * @contact: the name of who says so
   * @id: the `id` of a message
   * @stanza: the message that takes its place
   *
   * A contact wants to correct a message. Find out whether there is one with this `id` and whether the same
   * contact wrote it: anybody can say it of any message.
   *
   * Returns: %TRUE if @stanza took the place of a message; %FALSE if it is to be seen as a new one
   *
   * Since: 1.0
   */
  signal_corrected = g_signal_new ("corrected", XEP174_TYPE_CORRECTIONS, G_SIGNAL_RUN_LAST, 0,
                                   g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 3,
                                   G_TYPE_STRING, G_TYPE_STRING, XEP174_TYPE_ELEMENT);
}

static void
xep174_corrections_init (Xep174Corrections *self)
{
}
