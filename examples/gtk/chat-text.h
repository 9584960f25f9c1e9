/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): @text as Pango markup in which the addresses of web pages are links */
char *chat_text_to_markup (const char *text);
/* (transfer full): the same for texts that differ in capital letters only */
char *chat_text_fold      (const char *text);

G_END_DECLS
