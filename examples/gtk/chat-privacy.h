/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

G_BEGIN_DECLS

/* Who can read what is written now. */
typedef enum
{
  CHAT_PRIVACY_NOT_CONNECTED, /* the other program decides, at the first message */
  CHAT_PRIVACY_SEALED,        /* not connected, and only what is encrypted will be sent */
  CHAT_PRIVACY_CLEAR,
  CHAT_PRIVACY_SEEN,
  CHAT_PRIVACY_COMPARED,
  CHAT_PRIVACY_CHANGED,
  CHAT_PRIVACY_STRIPPED,      /* it was encrypted before, and is not offered any more */
  CHAT_PRIVACY_DISTRUSTED,
  CHAT_PRIVACY_REFUSED,       /* the other side does not accept our key */
} ChatPrivacy;

/* Why the last try ended, as far as it is about keys. */
typedef enum
{
  CHAT_FAILURE_NONE,
  CHAT_FAILURE_CLEAR, /* it would have been unencrypted */
  CHAT_FAILURE_DISTRUSTED,
  CHAT_FAILURE_REFUSED,
} ChatFailure;

/* What it is judged by. */
typedef struct
{
  gboolean connected;
  gboolean encrypted;
  ChatFailure failure;
  Xep174Trust trust;
  Xep174EncryptionPolicy policy;
} ChatPrivacyFacts;

typedef struct
{
  const char *words;
  const char *icon;
  const char *style;
  /* What stands in the empty field to write in. */
  const char *placeholder;
  const char *explanation;
  gboolean is_stopped;
} ChatPrivacyLook;

ChatPrivacy            chat_privacy_judge    (const ChatPrivacyFacts *facts);
const ChatPrivacyLook *chat_privacy_get_look (ChatPrivacy privacy);
/* What may have happened and what to do where nothing is sent; NULL elsewhere. */
char                  *chat_privacy_dup_advice (ChatPrivacy privacy,
                                                const char *name);

G_END_DECLS
