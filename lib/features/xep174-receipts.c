/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Receipts:
 *
 * Whether a message has reached the contact's program (XEP-0184), and whether it was shown there
 * (XEP-0333).
 *
 * Add it with [method@FeatureHost.add_feature]. Texts with an `id` then ask for both, where the contact's
 * program can answer, and what others ask is answered. Call [method@Receipts.send_displayed] when the user
 * has seen a message. Nothing of it is sent to contacts that do not know it.
 *
 * Since: 1.0
 */

#include "xep174-receipts.h"

#include "xep174-name-private.h"
#include "xep174-payload-private.h"
#include "xep174-text-private.h"

#define NS_RECEIPTS "urn:xmpp:receipts"
#define NS_MARKERS "urn:xmpp:chat-markers:0"

struct _Xep174Receipts
{
  Xep174Feature parent_instance;

  /* The name of a contact -> the id of what was seen last, until it is known whether to say it there. */
  GHashTable *seen;
};

G_DEFINE_FINAL_TYPE (Xep174Receipts, xep174_receipts, XEP174_TYPE_FEATURE)

static guint signal_received;
static guint signal_displayed;

static void
say (Xep174Receipts *self,
     const char     *contact,
     const char     *name,
     const char     *xmlns,
     const char     *id)
{
  g_autoptr(Xep174Element) message = xep174_payload_new_message (name, xmlns, id);

  xep174_feature_host_send_async (xep174_feature_get_host (XEP174_FEATURE (self)), contact, message,
                                  NULL, NULL, NULL);
}

/* Whether @stanza has one with an id. */
static gboolean
tell (Xep174Receipts *self,
      const char     *contact,
      Xep174Element  *stanza,
      const char     *name,
      const char     *xmlns,
      guint           signal)
{
  Xep174Element *child = xep174_element_find_child (stanza, name, xmlns);
  const char *id = child != NULL ? xep174_element_get_attribute (child, "id") : NULL;

  if (id == NULL)
    return FALSE;

  g_signal_emit (self, signal, 0, contact, id);
  return TRUE;
}

/* XEP-0184 §5.4: a receipt asks for none itself. */
static gboolean
xep174_receipts_handle (Xep174Feature *feature,
                        const char    *contact,
                        Xep174Element *stanza,
                        Xep174Element *payload)
{
  Xep174Receipts *self = XEP174_RECEIPTS (feature);
  const char *id = xep174_element_get_attribute (stanza, "id");
  gboolean told;

  if (!xep174_element_matches (stanza, "message", NULL))
    return FALSE;

  told = tell (self, contact, stanza, "received", NS_RECEIPTS, signal_received);
  told = tell (self, contact, stanza, "displayed", NS_MARKERS, signal_displayed) || told;
  if (!told && id != NULL && xep174_element_find_child (stanza, "request", NS_RECEIPTS) != NULL)
    say (self, contact, "received", NS_RECEIPTS, id);
  return told && !xep174_text_is_in (stanza);
}

static void
ask (Xep174Feature *feature,
     const char    *contact,
     Xep174Element *message,
     const char    *name,
     const char    *xmlns)
{
  if (xep174_payload_is_known (feature, contact, xmlns)
      && xep174_element_find_child (message, name, xmlns) == NULL)
    xep174_element_append_new (message, name, xmlns);
}

static void
xep174_receipts_decorate (Xep174Feature *feature,
                          const char    *contact,
                          Xep174Element *outgoing)
{
  if (!xep174_text_is_said (outgoing) || xep174_element_get_attribute (outgoing, "id") == NULL)
    return;

  ask (feature, contact, outgoing, "request", NS_RECEIPTS);
  ask (feature, contact, outgoing, "markable", NS_MARKERS);
}

static void
on_capabilities_changed (Xep174Receipts *self,
                         const char     *contact)
{
  g_autofree char *seen = g_strdup (g_hash_table_lookup (self->seen, contact));

  if (seen != NULL)
    xep174_receipts_send_displayed (self, contact, seen);
}

static void
xep174_receipts_attach (Xep174Feature     *feature,
                        Xep174FeatureHost *host)
{
  g_signal_connect_swapped (host, "capabilities-changed", G_CALLBACK (on_capabilities_changed), feature);
}

static void
xep174_receipts_detach (Xep174Feature *feature)
{
  g_signal_handlers_disconnect_by_data (xep174_feature_get_host (feature), feature);
  g_hash_table_remove_all (XEP174_RECEIPTS (feature)->seen);
}

/**
 * xep174_receipts_new:
 *
 * Makes the feature. It is not in use until it is added to a host.
 *
 * Returns: (transfer full): a feature
 *
 * Since: 1.0
 */
Xep174Receipts *
xep174_receipts_new (void)
{
  static const char *const both[] = { NS_RECEIPTS, NS_MARKERS, NULL };

  return g_object_new (XEP174_TYPE_RECEIPTS, "payloads", both, "announces", both, NULL);
}

/**
 * xep174_receipts_send_displayed:
 * @self: the feature
 * @contact: the name of a contact
 * @id: the `id` of a message of the contact
 *
 * Tells a contact that the user has seen a message, and all before it. It does nothing if the contact's
 * program does not understand it. As long as that is not known, the last call is kept, and takes effect
 * later.
 *
 * Since: 1.0
 */
void
xep174_receipts_send_displayed (Xep174Receipts *self,
                                const char     *contact,
                                const char     *id)
{
  Xep174FeatureHost *host;
  Xep174Support support;

  g_return_if_fail (XEP174_IS_RECEIPTS (self));
  g_return_if_fail (contact != NULL);
  g_return_if_fail (id != NULL);

  host = xep174_feature_get_host (XEP174_FEATURE (self));
  support = host != NULL ? xep174_feature_host_supports (host, contact, NS_MARKERS) : XEP174_SUPPORT_NO;
  if (support == XEP174_SUPPORT_UNKNOWN)
    g_hash_table_replace (self->seen, g_strdup (contact), g_strdup (id));
  else
    g_hash_table_remove (self->seen, contact);
  if (support == XEP174_SUPPORT_YES)
    say (self, contact, "displayed", NS_MARKERS, id);
}

static void
xep174_receipts_finalize (GObject *object)
{
  g_hash_table_unref (XEP174_RECEIPTS (object)->seen);

  G_OBJECT_CLASS (xep174_receipts_parent_class)->finalize (object);
}

static void
xep174_receipts_class_init (Xep174ReceiptsClass *klass)
{
  Xep174FeatureClass *feature_class = XEP174_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xep174_receipts_finalize;
  feature_class->attach = xep174_receipts_attach;
  feature_class->detach = xep174_receipts_detach;
  feature_class->handle = xep174_receipts_handle;
  feature_class->decorate = xep174_receipts_decorate;

  /**
   * Xep174Receipts::received:
   * @self: the feature
   * @contact: the name of a contact
   * @id: the `id` of a message of ours
   *
   * A message has reached the contact's program, which says so.
   *
   * Since: 1.0
   */
  signal_received = g_signal_new ("received", XEP174_TYPE_RECEIPTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  /**
   * Xep174Receipts::displayed:
   * @self: the feature
   * @contact: the name of a contact
   * @id: the `id` of a message of ours
   *
   * A message was shown to the person at the other end, and all before it.
   *
   * Since: 1.0
   */
  signal_displayed = g_signal_new ("displayed", XEP174_TYPE_RECEIPTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
xep174_receipts_init (Xep174Receipts *self)
{
  self->seen = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free, g_free);
}
