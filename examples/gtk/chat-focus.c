/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-focus.h"

static GtkWidget *
find (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean is_inside = focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));

  return is_inside ? focus : NULL;
}

gboolean
chat_focus_is_in (GtkWidget *widget)
{
  return find (widget) != NULL;
}

static gboolean
is_usable (GtkWidget *widget)
{
  return gtk_widget_is_visible (widget) && gtk_widget_is_sensitive (widget);
}

gboolean
chat_focus_give_first (GtkWidget *const *widgets,
                       guint             n_widgets)
{
  for (guint i = 0; i < n_widgets; i++)
    if (widgets[i] != NULL && is_usable (widgets[i]) && gtk_widget_grab_focus (widgets[i]))
      return TRUE;

  return FALSE;
}

/* GTK gives it to something around, which may be far away. */
void
chat_focus_give_on (GtkWidget *widget,
                    gboolean   had)
{
  GtkWidget *focus = find (widget);

  if (had && (focus == NULL || !is_usable (focus)) && !chat_focus_give_first (&widget, 1))
    gtk_widget_activate_action (widget, "conversation.write", NULL);
}
