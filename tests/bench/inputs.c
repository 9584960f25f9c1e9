/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "inputs.h"

#include <stdlib.h>
#include <string.h>

/* 1 KiB. */
#define XHTML_MESSAGE \
  "<message from='juliet@pronto' to='romeo@forza' type='chat' id='4f1c'>" \
  "<body>What's in a name? That which we call a rose by any other name would smell as sweet." \
  "</body><html xmlns='http://jabber.org/protocol/xhtml-im'>" \
  "<body xmlns='http://www.w3.org/1999/xhtml'><p style='color: #8b0000; font-weight: bold'>" \
  "What's in a <em>name</em>? That which we call <span style='color: red'>a rose</span> by any " \
  "other name would smell as <strong>sweet</strong>.</p><p>So Romeo would, were he not Romeo " \
  "call'd, retain that dear <a href='http://example.org/perfection'>perfection</a> which he " \
  "owes.</p></body></html><active xmlns='http://jabber.org/protocol/chatstates'/>" \
  "<request xmlns='urn:xmpp:receipts'/><x xmlns='jabber:x:event'><offline/><delivered/>" \
  "<displayed/><composing/></x><nick xmlns='http://jabber.org/protocol/nick'>Juliet</nick>" \
  "<delay xmlns='urn:xmpp:delay' from='juliet@pronto' stamp='2026-07-10T23:08:25Z'/></message>"

char *
input_repeat (const char *before,
              const char *part,
              guint       count,
              const char *after)
{
  GString *octets = g_string_new (before);

  for (guint i = 0; i < count; i++)
    g_string_append (octets, part);
  g_string_append (octets, after);

  return g_string_free (octets, FALSE);
}

static char *
number (const char *before,
        const char *format,
        guint       count,
        const char *after)
{
  g_auto(GStrv) parts = g_strsplit (format, "#", -1);
  GString *octets = g_string_new (before);

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *digits = g_strdup_printf ("%u", i);
      g_autofree char *part = g_strjoinv (digits, parts);

      g_string_append (octets, part);
    }
  g_string_append (octets, after);

  return g_string_free (octets, FALSE);
}

char *
input_stanza (const char *shape)
{
  const char *colon = strchr (shape, ':');
  guint size = colon != NULL ? (guint) atoi (colon + 1) : 0;

  if (g_str_equal (shape, "short"))
    return g_strdup (INPUT_SHORT);
  if (g_str_equal (shape, "xhtml"))
    return g_strdup (XHTML_MESSAGE);
  if (g_str_equal (shape, "base64"))
    return input_repeat ("<m><data>", "aGVsbG8gd29ybGQh", 1024, "</data></m>");
  if (g_str_has_prefix (shape, "text:"))
    return input_repeat ("<m>", "some text ", size, "</m>");
  if (g_str_has_prefix (shape, "amp:"))
    return input_repeat ("<m>", "&amp;", size, "</m>");
  if (g_str_has_prefix (shape, "children:"))
    return input_repeat ("<m>", "<n/>", size, "</m>");
  if (g_str_has_prefix (shape, "value:"))
    return input_repeat ("<m a='", "x", size, "'/>");
  if (g_str_has_prefix (shape, "attributes:"))
    return number ("<m", " a#='1'", size, "/>");
  if (g_str_has_prefix (shape, "names:"))
    return number ("<m>", "<n#/>", size, "</m>");

  g_error ("No such shape: %s", shape);
}
