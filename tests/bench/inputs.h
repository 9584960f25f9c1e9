/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define INPUT_HEADER \
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " \
  "from='juliet@pronto' to='romeo@forza' version='1.0'>"

/* 150 octets. */
#define INPUT_SHORT \
  "<message from='juliet@pronto' to='romeo@forza' type='chat' id='4f1c'>" \
  "<body>Wherefore art thou, Romeo? Deny thy father and refuse thy name.</body></message>"

/* A stanza: `short`, `xhtml` (1 KiB), `base64` (16 KiB), or one that holds SIZE of something:
 * `text:SIZE`, `amp:SIZE`, `children:SIZE`, `value:SIZE`, `attributes:SIZE`, `names:SIZE`. */
char *input_stanza (const char *shape);
char *input_repeat (const char *before,
                    const char *part,
                    guint       count,
                    const char *after);

G_END_DECLS
