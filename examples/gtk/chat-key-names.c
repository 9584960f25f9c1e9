/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which other names a key is known under (T6). Whoever has it can call himself many names, so that the
 * first ones are in a sentence, and all in a list that takes little room. */

#include "chat-key-names.h"

#include "chat-text.h"
#include "translate.h"

#define NAMED_OTHERS 3

struct _ChatKeyNames
{
  AdwBin parent_instance;

  GtkLabel *words;
  GtkExpander *all;
  GtkLabel *list;
};

G_DEFINE_FINAL_TYPE (ChatKeyNames, chat_key_names, ADW_TYPE_BIN)

void
chat_key_names_show (ChatKeyNames *self,
                     ChatKeys     *keys,
                     const char   *fingerprint)
{
  g_auto(GStrv) names = fingerprint != NULL ? chat_keys_dup_other_names (keys, fingerprint) : NULL;
  guint n_names = names != NULL ? g_strv_length (names) : 0;
  g_autofree char *first = NULL;
  g_autofree char *words = NULL;
  g_autofree char *list = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), n_names > 0);
  if (n_names == 0)
    return;

  first = chat_text_list_names ((const char *const *) names, NAMED_OTHERS);
  words = g_strdup_printf (_("This key also belongs to %s."), first);
  list = g_strjoinv ("\n", names);
  gtk_label_set_label (self->words, words);
  gtk_label_set_label (self->list, list);
  gtk_widget_set_visible (GTK_WIDGET (self->all), n_names > NAMED_OTHERS);
}

static void
chat_key_names_class_init (ChatKeyNamesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/key-names.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNames, words);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNames, all);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNames, list);
}

static void
chat_key_names_init (ChatKeyNames *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
