/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-identity.h"
#include "xep174-session.h"
#include "xep174-trust-judge-private.h"
#include "xep174-trust-store.h"

G_BEGIN_DECLS

/* Our own key and those of others, as the streams ask for them (T5, T6). It knows of no stream. */
typedef struct
{
  Xep174Identity *identity; /* %NULL: everything goes in the clear */
  Xep174TrustStore *store; /* see xep174_keyring_set_store() */
  Xep174EncryptionPolicy policy;
  GHashTable *shown; /* name -> the key that it has shown last, whose number a person may compare */
  GObject *manager; /* not owned, and whose it is */
  /* How often the store has said that something was changed by others than us, and who is told. */
  guint changes;
  void (*changed) (GObject *manager);
  gboolean adding;
} Xep174Keyring;

void     xep174_keyring_init         (Xep174Keyring *self,
                                      GObject       *manager);
void     xep174_keyring_clear        (Xep174Keyring *self);

/* FALSE if it is the store already. */
gboolean xep174_keyring_set_store    (Xep174Keyring    *self,
                                      Xep174TrustStore *store);
/* Counts in @changes what others have changed since. */
void     xep174_keyring_refresh      (const Xep174Keyring *self);

/* T2. */
gboolean xep174_keyring_encrypts     (const Xep174Keyring *self);
/* T5: what is known of the keys of @name, and why nothing may go to it in the clear: %NULL if it may. */
Xep174Trust
         xep174_keyring_look         (const Xep174Keyring  *self,
                                      const char           *name,
                                      GError              **seal);
/* T12. */
gboolean xep174_keyring_knows_name   (const Xep174Keyring *self,
                                      const char          *name);
/* T6: whether @name may use @key. If not, the error says why. */
gboolean xep174_keyring_judge        (const Xep174Keyring  *self,
                                      const char           *name,
                                      GBytes               *key,
                                      Xep174Verdict        *verdict,
                                      GError              **error);
/* T4: the one name that @key is known under; %NULL if there is none, or more. */
char    *xep174_keyring_dup_name     (const Xep174Keyring *self,
                                      GBytes              *key);
/* T7: the most that the network can do. */
gboolean xep174_keyring_add          (Xep174Keyring  *self,
                                      const char     *name,
                                      GBytes         *key,
                                      GError        **error);
/* @trust is what was found of the key; FALSE if the same was noted last. */
gboolean xep174_keyring_note_shown   (Xep174Keyring *self,
                                      const char    *name,
                                      GBytes        *key,
                                      Xep174Trust    trust);
GBytes  *xep174_keyring_get_shown    (const Xep174Keyring *self,
                                      const char          *name);
/* That key is refused, because the name has others. */
gboolean xep174_keyring_has_changed  (const Xep174Keyring *self,
                                      const char          *name);
void     xep174_keyring_forget_shown (Xep174Keyring *self,
                                      const char    *name);
/* A person has decided something; nobody compares a key that he distrusts. */
void     xep174_keyring_judge_shown  (Xep174Keyring *self);
/* The first of the others that the name has; %NULL if there is none. */
char    *xep174_keyring_dup_old_key  (const Xep174Keyring *self,
                                      const char          *name,
                                      const char          *fingerprint);
char    *xep174_keyring_dup_safety_number (const Xep174Keyring *self,
                                           GBytes              *key);

G_END_DECLS
