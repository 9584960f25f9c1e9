/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-stream-error-private.h"

#include "xep174-element-private.h"
#include "xep174-gettext-private.h"
#include "xep174-stream-condition-private.h"

/* A stanza may have 256 KiB of them. */
#define MAX_WORDS 500

char *
xep174_stream_error_dup_words (Xep174Element *error,
                               const char    *xmlns)
{
  g_autofree char *text = xep174_element_dup_child_text (error, "text", xmlns);
  g_autofree char *begin = NULL;

  if (text == NULL || *text == '\0')
    return NULL;
  if (g_utf8_strlen (text, -1) <= MAX_WORDS)
    return g_steal_pointer (&text);

  begin = g_utf8_substring (text, 0, MAX_WORDS);

  return g_strconcat (begin, "…", NULL);
}

GError *
xep174_stream_error_new_from_element (Xep174Element *element)
{
  Xep174StreamError code = XEP174_STREAM_ERROR_UNDEFINED_CONDITION;
  const char *condition = xep174_stream_error_to_condition (code);
  g_autofree char *text = NULL;

  for (Xep174Element *child = xep174_element_get_first_child (element); child != NULL;
       child = xep174_element_get_next_sibling (child))
    {
      if (!xep174_element_matches (child, NULL, XEP174_NS_STREAM_ERRORS)
          || xep174_element_matches (child, "text", NULL))
        continue;
      condition = xep174_element_get_name (child);
      xep174_stream_error_from_condition (condition, &code);
      break;
    }
  text = xep174_stream_error_dup_words (element, XEP174_NS_STREAM_ERRORS);

  /* The name stands there too: it is what helps whoever looks for the mistake. */
  if (text != NULL)
    return g_error_new (XEP174_STREAM_ERROR, code,
                        _("The other side ended the conversation: %s (%s). It says “%s”"),
                        xep174_stream_error_get_reason (code), condition, text);
  return g_error_new (XEP174_STREAM_ERROR, code,
                      _("The other side ended the conversation: %s (%s)"),
                      xep174_stream_error_get_reason (code), condition);
}
