/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-toasts.h"

#include "chat-text.h"
#include "translate.h"

/* What the overlay has to show still or shows, by the conversation. */
static G_DEFINE_QUARK (chat-toasts, toasts)
static G_DEFINE_QUARK (chat-toasts-conversation, conversation)

AdwToast *
chat_toast_new (const char *text)
{
  g_autofree char *markup = chat_text_escape (text);

  return adw_toast_new (markup);
}

static GPtrArray *
ensure_list (AdwToastOverlay *overlay)
{
  GPtrArray *list = g_object_get_qdata (G_OBJECT (overlay), toasts_quark ());

  if (list == NULL)
    {
      list = g_ptr_array_new_with_free_func (g_object_unref);
      g_object_set_qdata_full (G_OBJECT (overlay), toasts_quark (), list, (GDestroyNotify) g_ptr_array_unref);
    }

  return list;
}

static void
on_dismissed (AdwToastOverlay *overlay,
              AdwToast        *toast)
{
  g_ptr_array_remove (ensure_list (overlay), toast);
}

void
chat_toasts_tell (AdwToastOverlay  *overlay,
                  ChatConversation *conversation,
                  const char       *text)
{
  Xep174Contact *contact = chat_conversation_get_contact (conversation);
  AdwToast *toast = chat_toast_new (text);

  adw_toast_set_button_label (toast, _("_Show"));
  adw_toast_set_action_name (toast, "app.open-conversation");
  adw_toast_set_action_target (toast, "s", xep174_contact_get_name (contact));
  g_object_set_qdata_full (G_OBJECT (toast), conversation_quark (), g_object_ref (conversation),
                           g_object_unref);
  g_ptr_array_add (ensure_list (overlay), g_object_ref (toast));
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (on_dismissed), overlay, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (overlay, toast);
}

/* To dismiss one takes it out of the list. */
void
chat_toasts_dismiss (AdwToastOverlay  *overlay,
                     ChatConversation *conversation)
{
  GPtrArray *list = ensure_list (overlay);

  for (guint i = list->len; i-- > 0;)
    {
      g_autoptr(AdwToast) toast = g_object_ref (list->pdata[i]);

      if (g_object_get_qdata (G_OBJECT (toast), conversation_quark ()) == conversation)
        adw_toast_dismiss (toast);
    }
}
