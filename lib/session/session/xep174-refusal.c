/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A stanza that comes back as an error (RFC 6120 §8.3). It does not count as a message, and is
 * never answered (§8.3.1): otherwise two programs that answer everything would go on forever. */

#include "xep174-refusal-private.h"

#include "xep174-gettext-private.h"
#include "xep174-namespaces-private.h"
#include "xep174-session-error.h"
#include "xep174-stream-error-private.h"

#define UNAVAILABLE N_("They cannot be reached there any more")
#define FORBIDDEN N_("Their program does not allow it")
#define UNABLE N_("Their program does not take such messages")
#define BUSY N_("Their program has too much to do; try again later")

/* The conditions of RFC 6120 §8.3.3, in words for a person. */
static const struct
{
  const char *condition;
  const char *words;
} refusals[] = {
  { "feature-not-implemented", UNABLE },
  { "service-unavailable", UNABLE },
  { "not-acceptable", UNABLE },
  { "forbidden", FORBIDDEN },
  { "not-allowed", FORBIDDEN },
  { "not-authorized", FORBIDDEN },
  { "policy-violation", FORBIDDEN },
  { "subscription-required", FORBIDDEN },
  { "gone", UNAVAILABLE },
  { "item-not-found", UNAVAILABLE },
  { "recipient-unavailable", UNAVAILABLE },
  { "resource-constraint", BUSY },
  { "remote-server-timeout", BUSY },
};

static const char *
words_of (Xep174Element *error)
{
  for (gsize i = 0; error != NULL && i < G_N_ELEMENTS (refusals); i++)
    if (xep174_element_find_child (error, refusals[i].condition, XEP174_NS_STANZA_ERRORS) != NULL)
      return _(refusals[i].words);

  return _("Their program could not take it");
}

GError *
xep174_refusal_new_from_element (Xep174Element *element)
{
  Xep174Element *error;
  g_autofree char *text = NULL;

  if (!xep174_element_is_stanza (element)
      || g_strcmp0 (xep174_element_get_attribute (element, "type"), "error") != 0)
    return NULL;

  error = xep174_element_find_child (element, "error", XEP174_NS_CLIENT);
  if (error != NULL)
    text = xep174_stream_error_dup_words (error, XEP174_NS_STANZA_ERRORS);

  if (text == NULL)
    return g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_REFUSED,
                                words_of (error));

  return g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_REFUSED, "%s: %s",
                      words_of (error), text);
}
