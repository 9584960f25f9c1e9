/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What has the keyboard's focus may disappear, often because it was pressed. Ask before, and give the focus
 * to what is next behind it. */

gboolean chat_focus_is_in      (GtkWidget        *widget);
/* If something in @widget @had it and cannot use it any more, then @widget says with its grab_focus() what is
 * next; if nothing is, it goes to where one writes. */
void     chat_focus_give_on    (GtkWidget        *widget,
                                gboolean          had);
/* To the first of them that is there to be used. Each may be NULL. */
gboolean chat_focus_give_first (GtkWidget *const *widgets,
                                guint             n_widgets);

G_END_DECLS
