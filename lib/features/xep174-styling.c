/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Styling:
 *
 * Tells contacts that the program shows styled texts (XEP-0393).
 *
 * Add it with [method@FeatureHost.add_feature], and read texts with [func@styled_text_parse].
 *
 * Since: 1.0
 */

#include "xep174-styling.h"

#define NS_STYLING "urn:xmpp:styling:0"

struct _Xep174Styling
{
  Xep174Feature parent_instance;
};

G_DEFINE_FINAL_TYPE (Xep174Styling, xep174_styling, XEP174_TYPE_FEATURE)

/**
 * xep174_styling_new:
 *
 * Makes the feature. It is not in use until it is added to a host.
 *
 * Returns: (transfer full): a feature
 *
 * Since: 1.0
 */
Xep174Styling *
xep174_styling_new (void)
{
  static const char *const announces[] = { NS_STYLING, NULL };

  return g_object_new (XEP174_TYPE_STYLING, "announces", announces, NULL);
}

/**
 * xep174_styling_is_off:
 * @message: a message
 *
 * Whether a message says that its text has no styles (XEP-0393 §6). Show all of it as it is then.
 *
 * Returns: whether it says so
 *
 * Since: 1.0
 */
gboolean
xep174_styling_is_off (Xep174Element *message)
{
  g_return_val_if_fail (message != NULL, FALSE);

  return xep174_element_find_child (message, "unstyled", NS_STYLING) != NULL;
}

static void
xep174_styling_class_init (Xep174StylingClass *klass)
{
}

static void
xep174_styling_init (Xep174Styling *self)
{
}
