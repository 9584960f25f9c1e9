/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-privacy.h"

G_BEGIN_DECLS

/* Emits “changed” when any of this is something else. */
#define CHAT_TYPE_KEYS (chat_keys_get_type ())
G_DECLARE_FINAL_TYPE (ChatKeys, chat_keys, CHAT, KEYS, GObject)

ChatKeys    *chat_keys_new            (Xep174Client  *client,
                                       Xep174Contact *contact);
ChatPrivacy  chat_keys_get_privacy    (ChatKeys *self);
gboolean     chat_keys_get_connecting (ChatKeys *self);
/* (nullable): why there was no connection, the last time */
const char  *chat_keys_get_problem    (ChatKeys *self);
/* (nullable): the number to compare; @fingerprint is that of the key it belongs to, the one in use or the
 * one shown last */
char        *chat_keys_dup_number     (ChatKeys  *self,
                                       char     **fingerprint);
/* What is kept of that key. */
Xep174Trust  chat_keys_find_trust     (ChatKeys   *self,
                                       const char *fingerprint);
/* (nullable): the key to be trusted again, if it is clear which one */
char        *chat_keys_dup_distrusted (ChatKeys *self);

void         chat_keys_connect        (ChatKeys *self);
/* (transfer full): the other names that this key is known under; without @fingerprint those
 * of the key of the conversation */
char       **chat_keys_dup_other_names (ChatKeys   *self,
                                        const char *fingerprint);
/* What is said of a key names it, because another one may have been shown since its number was read: the
 * number of that key is the same on both sides. */
gboolean     chat_keys_confirm        (ChatKeys    *self,
                                       const char  *fingerprint,
                                       GError     **error);
/* It is not the same. */
gboolean     chat_keys_deny           (ChatKeys    *self,
                                       const char  *fingerprint,
                                       GError     **error);
/* Without comparing; it takes back a distrust. */
gboolean     chat_keys_accept         (ChatKeys    *self,
                                       const char  *fingerprint,
                                       GError     **error);
gboolean     chat_keys_forget         (ChatKeys  *self,
                                       GError   **error);

/* For the roster, which gets these from the session manager. */
void         chat_keys_follow         (ChatKeys      *self,
                                       Xep174Session *session);
void         chat_keys_take_failure   (ChatKeys     *self,
                                       const GError *error);

G_END_DECLS
