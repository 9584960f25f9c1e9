/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): @text as Pango markup, with links where it has addresses of web pages; @styled: its
 * signs say how parts of it look (XEP-0393), and stay */
char *chat_text_to_markup    (const char *text,
                              gboolean    styled);
/* (transfer full): the same text for texts that differ only in capital letters */
char *chat_text_fold         (const char *text);
/* (transfer full): @number, whose groups are parted by spaces, with so many groups in a line */
char *chat_text_break_number (const char *number,
                              guint       n_groups);
/* (transfer full): @number for a voice to read: each digit alone, and a pause after a group */
char *chat_text_spell_number (const char *number);
/* (transfer full): “a, b and c”; of more than @n_named the rest is counted: “a, b, c and 2 others” */
char *chat_text_list_names   (const char *const *names,
                              guint              n_named);

/* (transfer full): for what takes markup, in one line. A text may quote others. */
char *chat_text_escape         (const char *text);

G_END_DECLS
