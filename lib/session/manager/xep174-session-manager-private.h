/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-listener-private.h"
#include "xep174-session-manager.h"
#include "xep174-surroundings-private.h"

G_BEGIN_DECLS

/* What the files xep174-session-manager*.c share, from the lowest up; xep174-incoming.c is one of them. What
 * lies below the class does not ask whether it is one. */

/* The hash (XEP-0115, SHA-1) in the record of @name; %NULL if it has none. @silent is set if the record is
 * that of a program which has no features and answers no questions. */
typedef char *(*Xep174FindVer) (gpointer    data,
                                const char *name,
                                gboolean   *silent);

/* See xep174-guest-private.h. The function takes the guest; @octets are what it has said. */
typedef struct _Xep174Guest Xep174Guest;
typedef void (*Xep174GuestFunc) (Xep174Guest  *guest,
                                 const guint8 *octets,
                                 gsize         length,
                                 gpointer      data);

struct _Xep174SessionManager
{
  GObject parent_instance;

  GMainContext *context;
  Xep174Surroundings around;
  Xep174Listener *listener;
  Xep174Alarm review_alarm;
  gboolean chosen;      /* somebody has set the identity, if only to NULL */
  GHashTable *proven;   /* hash of XEP-0115 -> the set of features that it stands for, or %NULL */
  GHashTable *believed; /* name -> such a set: that of the hash in its record, when it was last looked at */
  Xep174FindVer find_ver; /* %NULL without a client */
  gpointer find_ver_data;
  GQueue incoming;      /* of Xep174Incoming, each of which begins with a Xep174Caller */
  GQueue guests;        /* of Xep174Guest, likewise; not owned */
  guint8 guest_first;
  Xep174GuestFunc guest_func;
  gpointer guest_data;
};

/* What others see of a stream that came in and that nobody is known for yet. */
typedef struct
{
  char *host;    /* the address without its port, %NULL if it is not known */
  char *suspect; /* who it may be, and for whom the session was last told to wait */
  gboolean anybody; /* it may be anybody, and is counted as that */
} Xep174Caller;

/* --- xep174-session-manager-contacts.c: the sessions by their names ------------------------ */

/* The session with @name, made if there is none. */
Xep174Session *xep174_session_manager_make_session    (Xep174SessionManager  *self,
                                                       const char            *name,
                                                       GError               **error);
/* All sessions, also those that only the program holds; free it. */
GPtrArray     *xep174_session_manager_list_sessions   (Xep174SessionManager *self);
/* How many may be of @name has changed. */
void           xep174_session_manager_count_anonymous (Xep174SessionManager *self,
                                                       const char           *name);
/* Somebody may be anybody now, or no more. */
void           xep174_session_manager_count_unknown   (Xep174SessionManager *self,
                                                       gboolean              is_one_more);
/* What is known of keys has changed, or how they are to be used. */
void           xep174_session_manager_review_keys     (Xep174SessionManager *self);

/* --- xep174-session-manager-limits.c: by their number -------------------------------------- */

#define XEP174_N_LIMITS 13

GParamSpec *xep174_session_manager_make_limit  (guint                 limit,
                                                GParamFlags           flags);
guint      *xep174_session_manager_get_limit   (Xep174SessionManager *self,
                                                guint                 limit);
void        xep174_session_manager_init_limits (Xep174SessionManager *self);

/* --- xep174-session-manager-settings.c ----------------------------------------------------- */

/* Whether the identity is as somebody has set it. */
gboolean xep174_session_manager_is_chosen       (Xep174SessionManager *self);
void     xep174_session_manager_put_identity    (Xep174SessionManager *self,
                                                 Xep174Identity       *identity);
void     xep174_session_manager_put_trust_store (Xep174SessionManager *self,
                                                 Xep174TrustStore     *store);
void     xep174_session_manager_put_encryption  (Xep174SessionManager   *self,
                                                 Xep174EncryptionPolicy  policy);
void     xep174_session_manager_put_completion  (Xep174SessionManager *self,
                                                 Xep174Completion      completion);

/* --- xep174-session-manager-keys.c: what a person says of keys ----------------------------- */

/* What is known of the key that @name shows now, else of those that it has. */
Xep174Trust xep174_session_manager_find_trust (Xep174SessionManager *self,
                                               const char           *name);

/* --- xep174-session-manager-questions.c ---------------------------------------------------- */

/* Sends @iq with an id of its own, and has @task told the answer. FALSE if it is none to ask with. */
gboolean xep174_session_manager_request (Xep174SessionManager *self,
                                         Xep174Session        *session,
                                         Xep174Element        *iq,
                                         GCancellable         *cancellable,
                                         GTask                *task);

/* --- xep174-session-manager-capabilities.c ------------------------------------------------- */

Xep174Support xep174_session_manager_find_support (Xep174SessionManager *self,
                                                   const char           *name,
                                                   const char           *xmlns);
/* For a client, who knows the records. */
void          xep174_session_manager_set_find_ver (Xep174SessionManager *self,
                                                   Xep174FindVer         find_ver,
                                                   gpointer              data);
/* That hash has changed. */
void          xep174_session_manager_note_ver     (Xep174SessionManager *self,
                                                   const char           *name);

/* --- xep174-session-manager-features.c ----------------------------------------------------- */

/* What we announce has changed. */
void xep174_session_manager_on_announces (Xep174FeatureHost *host);
void xep174_session_manager_init_host (Xep174FeatureHostInterface *iface);

/* --- xep174-session-manager-end.c ---------------------------------------------------------- */

void xep174_session_manager_stop_listening (Xep174SessionManager *self);
void xep174_session_manager_end_incoming   (Xep174SessionManager *self);
/* At once, without a word. */
void xep174_session_manager_end_everything (Xep174SessionManager *self);

/* --- xep174-session-manager-signals.c ------------------------------------------------------ */

void xep174_session_manager_install_signals (GType type);

/* --- xep174-session-manager.c: the class, and above it its functions for others ------------ */

/* With a network of the caller's. */
Xep174SessionManager *xep174_session_manager_new_on      (Xep174Network    *network,
                                                          const char       *local_name,
                                                          Xep174Directory  *directory);
Xep174Network        *xep174_session_manager_get_network (Xep174SessionManager *self);

G_END_DECLS
