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
  Xep174TrustStore *store;
  Xep174EncryptionPolicy policy;
  /* name -> GBytes: the key that the name has shown last, and that was refused because it has others. It is
   * what a person may accept. */
  GHashTable *refused;
  GObject *manager; /* not owned, and whose it is */
} Xep174Keyring;

void     xep174_keyring_init         (Xep174Keyring *self,
                                      GObject       *manager);
void     xep174_keyring_clear        (Xep174Keyring *self);

/* T2. */
gboolean xep174_keyring_encrypts     (const Xep174Keyring *self);
/* T5: why nothing may go to @name in the clear; %NULL if it may. */
GError  *xep174_keyring_seal         (const Xep174Keyring *self,
                                      const char          *name);
/* Whether a person distrusts every key that @name has. */
gboolean xep174_keyring_distrusts    (const Xep174Keyring *self,
                                      const char          *name);
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
gboolean xep174_keyring_add          (const Xep174Keyring  *self,
                                      const char           *name,
                                      GBytes               *key,
                                      GError              **error);
/* FALSE if that key was refused before, so that nobody needs to be told again. */
gboolean xep174_keyring_note_refused (Xep174Keyring *self,
                                      const char    *name,
                                      GBytes        *key);
GBytes  *xep174_keyring_get_refused  (const Xep174Keyring *self,
                                      const char          *name);
/* The first of the others that the name has; %NULL if there is none. */
char    *xep174_keyring_dup_old_key  (const Xep174Keyring *self,
                                      const char          *name,
                                      const char          *fingerprint);
char    *xep174_keyring_dup_safety_number (const Xep174Keyring *self,
                                           GBytes              *key);

G_END_DECLS
