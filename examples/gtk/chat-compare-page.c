/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The number that two people compare to be sure that nobody is between them, and what they say of it. */

#include "chat-compare-page.h"

#include "chat-focus.h"
#include "chat-key-names.h"
#include "chat-qr-code.h"
#include "chat-text.h"
#include "translate.h"

#define GROUPS_IN_A_LINE 4

struct _ChatComparePage
{
  AdwBin parent_instance;

  GtkLabel *heading;
  GtkLabel *explanation;
  GtkLabel *number;
  ChatKeyNames *names;
  ChatQrCode *code;
  GtkWidget *code_box;
  GtkWidget *choice;
  GtkWidget *same;
  GtkWidget *different;
  GtkWidget *consequence;
  GtkWidget *trust;
  GtkWidget *other_box;
  GtkLabel *other_number;
  GtkWidget *connect;
  GtkLabel *problem;

  ChatConversation *conversation;
  GSignalGroup *keys;
  gboolean has_code;
  char *fingerprint; /* whose number is shown, and which the buttons act on */
  char *distrusted;  /* which is trusted again */
};

G_DEFINE_FINAL_TYPE (ChatComparePage, chat_compare_page, ADW_TYPE_BIN)

static char *
explain_number (ChatPrivacy  privacy,
                Xep174Trust  trust,
                const char  *name)
{
  const char *then = privacy == CHAT_PRIVACY_CHANGED ? _("This is the number of the new key.") : "";
  g_autofree char *text = NULL;

  if (privacy == CHAT_PRIVACY_REFUSED)
    return g_strdup_printf (
      _("%s has to accept your key before you can write to each other. Ask %s to open this page too. Read "
        "the numbers to each other, face to face or on the telephone. If all groups are the same, %s can "
        "accept your key."), name, name, name);
  if (trust == XEP174_TRUST_VERIFIED)
    return g_strdup_printf (_("You have compared this number. If %s sees another one now, somebody is "
                              "between you."), name);
  if (trust == XEP174_TRUST_DISTRUSTED)
    then = _("You have said that they are not. If that was a mistake, you can take it back.");

  text = g_strdup_printf (
    _("Ask %s to open this page too. Read the numbers to each other, face to face or on the telephone, but "
      "not in this chat. If all groups are the same, nobody is between you."), name);

  return g_strconcat (text, *then != '\0' ? " " : "", then, NULL);
}

static char *
explain_no_number (ChatPrivacy  privacy,
                   const char  *name)
{
  g_autofree char *advice = chat_privacy_dup_advice (privacy, name);

  if (advice != NULL)
    return g_steal_pointer (&advice);
  if (privacy == CHAT_PRIVACY_CLEAR)
    return g_strdup_printf (_("What you and %s write is not encrypted, so there is no number to compare. "
                              "Others on this network can read along."), name);

  return g_strdup_printf (_("To see the number, you have to be connected with %s."), name);
}

static void
show_digits (GtkLabel   *label,
             const char *number)
{
  g_autofree char *lines = chat_text_break_number (number, GROUPS_IN_A_LINE);
  g_autofree char *spoken = chat_text_spell_number (number);

  gtk_label_set_label (label, lines);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
show_number (ChatComparePage *self,
             const char      *number,
             const char      *fingerprint)
{
  gtk_widget_set_visible (GTK_WIDGET (self->number), number != NULL);
  if (g_strcmp0 (self->fingerprint, fingerprint) == 0)
    return;

  g_free (self->fingerprint);
  self->fingerprint = g_strdup (fingerprint);
  if (number == NULL)
    return;

  show_digits (self->number, number);
  self->has_code = chat_qr_code_set_text (self->code, number);
}

/* It takes the place of the buttons, so that no click falls on a key that was not there when the hand
 * moved. */
static void
show_other_number (ChatComparePage *self,
                   const char      *number)
{
  show_digits (self->other_number, number);
  gtk_label_set_label (self->heading, _("Meanwhile Another Key Was Shown"));
  gtk_label_set_label (self->explanation,
                       _("The number that you have looked at is still here, and below it that of the other "
                         "key. One of them may be somebody else’s."));
  gtk_widget_set_visible (self->other_box, TRUE);
  gtk_widget_set_visible (self->choice, FALSE);
  gtk_widget_set_visible (self->trust, FALSE);
  gtk_widget_set_visible (self->code_box, FALSE);
}

static void
show_choice (ChatComparePage *self,
             ChatKeys        *keys,
             ChatPrivacy      privacy,
             Xep174Trust      trust)
{
  gboolean is_distrusted = privacy == CHAT_PRIVACY_DISTRUSTED || trust == XEP174_TRUST_DISTRUSTED;

  g_clear_pointer (&self->distrusted, g_free);
  if (is_distrusted)
    self->distrusted = chat_keys_dup_distrusted (keys);
  gtk_widget_set_visible (self->trust, self->distrusted != NULL);
  gtk_widget_set_visible (self->other_box, FALSE);
  gtk_widget_set_visible (self->choice, self->fingerprint != NULL);
  gtk_widget_set_visible (self->code_box, self->fingerprint != NULL && self->has_code);
  gtk_widget_set_visible (self->same, trust != XEP174_TRUST_VERIFIED);
  gtk_widget_set_visible (self->different, trust != XEP174_TRUST_DISTRUSTED);
  gtk_widget_set_visible (self->consequence, trust != XEP174_TRUST_DISTRUSTED);
}

static void
update_problem (ChatComparePage *self,
                ChatKeys        *keys,
                gboolean         is_wanted)
{
  const char *problem = is_wanted ? chat_keys_get_problem (keys) : NULL;

  if (is_wanted && chat_keys_get_connecting (keys))
    problem = _("Connecting…");
  gtk_label_set_label (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}

static void
update (ChatComparePage *self)
{
  ChatKeys *keys = chat_conversation_get_keys (self->conversation);
  ChatPrivacy privacy = chat_keys_get_privacy (keys);
  const char *name = chat_conversation_get_name (self->conversation);
  g_autofree char *heading = g_strdup_printf (_("Is It Really %s?"), name);
  g_autofree char *explanation = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *number = chat_keys_dup_number (keys, &fingerprint);
  gboolean had_focus = chat_focus_is_in (GTK_WIDGET (self));
  Xep174Trust trust = chat_keys_find_trust (keys, fingerprint);

  if (number != NULL && self->fingerprint != NULL && !g_str_equal (self->fingerprint, fingerprint))
    {
      show_other_number (self, number);
      chat_focus_give_on (GTK_WIDGET (self), had_focus);
      return;
    }

  explanation = number != NULL ? explain_number (privacy, trust, name) : explain_no_number (privacy, name);
  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->explanation, explanation);
  show_number (self, number, number != NULL ? fingerprint : NULL);
  chat_key_names_show (self->names, keys, self->fingerprint);
  show_choice (self, keys, privacy, trust);
  gtk_widget_set_visible (self->connect, number == NULL && privacy != CHAT_PRIVACY_CLEAR);
  update_problem (self, keys, gtk_widget_get_visible (self->connect));
  chat_focus_give_on (GTK_WIDGET (self), had_focus);
}

static void
on_look (ChatComparePage *self)
{
  g_clear_pointer (&self->fingerprint, g_free);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

void
chat_compare_page_set_conversation (ChatComparePage  *self,
                                    ChatConversation *conversation)
{
  g_set_object (&self->conversation, conversation);
  g_signal_group_set_target (self->keys, chat_conversation_get_keys (conversation));
  g_clear_pointer (&self->fingerprint, g_free);
  update (self);
}

static void
finish (ChatComparePage *self,
        gboolean         is_done,
        const GError    *error)
{
  if (is_done)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.back", NULL);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.tell", "s", error->message);
  update (self);
}

static void
on_same (ChatComparePage *self)
{
  g_autofree char *meant = g_strdup (self->fingerprint);
  g_autoptr(GError) error = NULL;

  finish (self, chat_keys_confirm (chat_conversation_get_keys (self->conversation), meant, &error), error);
}

static void
on_different (ChatComparePage *self)
{
  g_autofree char *meant = g_strdup (self->fingerprint);
  g_autoptr(GError) error = NULL;

  finish (self, chat_keys_deny (chat_conversation_get_keys (self->conversation), meant, &error), error);
}

static void
on_trust (ChatComparePage *self)
{
  g_autofree char *meant = g_strdup (self->distrusted);
  g_autoptr(GError) error = NULL;

  finish (self, chat_keys_accept (chat_conversation_get_keys (self->conversation), meant, &error), error);
}

static void
on_connect (ChatComparePage *self)
{
  chat_keys_connect (chat_conversation_get_keys (self->conversation));
}

static gboolean
chat_compare_page_grab_focus (GtkWidget *widget)
{
  ChatComparePage *self = CHAT_COMPARE_PAGE (widget);

  if (!gtk_widget_get_visible (GTK_WIDGET (self->number)))
    return gtk_widget_grab_focus (self->connect);

  gtk_widget_grab_focus (GTK_WIDGET (self->number));
  gtk_label_select_region (self->number, 0, 0);

  return TRUE;
}

static void
chat_compare_page_dispose (GObject *object)
{
  ChatComparePage *self = CHAT_COMPARE_PAGE (object);

  g_clear_object (&self->keys);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->distrusted, g_free);

  G_OBJECT_CLASS (chat_compare_page_parent_class)->dispose (object);
}

static void
chat_compare_page_class_init (ChatComparePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_compare_page_dispose;
  widget_class->grab_focus = chat_compare_page_grab_focus;

  g_type_ensure (CHAT_TYPE_KEY_NAMES);
  g_type_ensure (CHAT_TYPE_QR_CODE);
  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/compare-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, heading);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, explanation);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, number);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, names);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, code);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, code_box);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, choice);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, same);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, different);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, consequence);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, trust);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, other_box);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, other_number);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, connect);
  gtk_widget_class_bind_template_child (widget_class, ChatComparePage, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_same);
  gtk_widget_class_bind_template_callback (widget_class, on_different);
  gtk_widget_class_bind_template_callback (widget_class, on_trust);
  gtk_widget_class_bind_template_callback (widget_class, on_look);
  gtk_widget_class_bind_template_callback (widget_class, on_connect);
}

static void
chat_compare_page_init (ChatComparePage *self)
{
  self->keys = g_signal_group_new (CHAT_TYPE_KEYS);
  g_signal_group_connect_swapped (self->keys, "changed", G_CALLBACK (update), self);

  gtk_widget_init_template (GTK_WIDGET (self));
}
