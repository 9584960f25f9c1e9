/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-listener-private.h"
#include "xep174-network-private.h"
#include "xep174-session-manager.h"
#include "xep174-stream-parser.h"

G_BEGIN_DECLS

/* What can be set, for all sessions of a manager. */
typedef struct
{
  guint max_stanza_octets;
  guint max_header_octets;
  guint max_depth;
  guint max_attributes;
  guint max_namespaces;
  guint max_queue_octets;
  guint max_unidentified;
  guint max_unidentified_per_address;
  guint header_timeout;
  guint open_timeout;
  guint release_delay;
  guint idle_interval;
  guint receipt_delay;
  guint max_retries;
  Xep174AddressPolicy address_policy;
} Xep174Settings;

struct _Xep174SessionManager
{
  GObject parent_instance;

  GMainContext *context;
  Xep174Network *network;
  Xep174Directory *directory;
  char *local_name;
  Xep174Settings settings;

  Xep174Listener *listener;
  GQueue incoming;      /* of Xep174Incoming */
  GHashTable *by_name;  /* name -> Xep174Session, not owned */
  GListStore *sessions; /* those with something to do, owned */

  GQueue stopping;      /* of GTask */
  Xep174Alarm stop_alarm;

  GString *spare;       /* room for the next stanza that is printed */
};

/* Whether streams to @name can be opened: we have a name, and another one. */
gboolean xep174_session_manager_check_name      (Xep174SessionManager *self,
                                                 const char           *name,
                                                 GError              **error);
/* All sessions, also those that only the program holds; free it. */
GPtrArray *xep174_session_manager_list_sessions (Xep174SessionManager *self);

/* With a network of the caller's. */
Xep174SessionManager *xep174_session_manager_new_on (Xep174Network   *network,
                                                     const char      *local_name,
                                                     Xep174Directory *directory);

const Xep174Settings *xep174_session_manager_get_settings (Xep174SessionManager *self);
Xep174Network        *xep174_session_manager_get_network  (Xep174SessionManager *self);

Xep174StreamParser   *xep174_session_manager_make_parser  (Xep174SessionManager *self);

typedef struct _Xep174Incoming Xep174Incoming;

void     xep174_session_manager_stop_listening  (Xep174SessionManager *self);
/* At once, without a word. */
void     xep174_session_manager_end_everything  (Xep174SessionManager *self);
/* Completes the requests to stop when everything has ended. */
void     xep174_session_manager_check_stopped   (gpointer manager);
/* It is over; frees it. */
void     xep174_session_manager_drop_incoming   (Xep174SessionManager *self,
                                                 Xep174Incoming       *incoming);
/* How many may be of @name has changed. */
void     xep174_session_manager_count_anonymous (Xep174SessionManager *self,
                                                 const char           *name);

/* For the class. */
void     xep174_session_manager_install_signals (void);

/* What sessions and incoming streams tell the manager. */
void     xep174_session_manager_keep         (Xep174SessionManager *self,
                                              Xep174Session        *session,
                                              gboolean              keep);
void     xep174_session_manager_forget       (Xep174SessionManager *self,
                                              Xep174Session        *session);
void     xep174_session_manager_opened       (Xep174SessionManager *self,
                                              Xep174Session        *session);
void     xep174_session_manager_failed       (Xep174SessionManager *self,
                                              Xep174Session        *session,
                                              const GError         *error);
void     xep174_session_manager_closing      (Xep174SessionManager *self,
                                              Xep174Session        *session);
void     xep174_session_manager_closed       (Xep174SessionManager *self,
                                              Xep174Session        *session,
                                              const GError         *error);
gboolean xep174_session_manager_stanza       (Xep174SessionManager *self,
                                              Xep174Session        *session,
                                              Xep174Element        *stanza);
void     xep174_session_manager_unconfirmed  (Xep174SessionManager *self,
                                              Xep174Session        *session,
                                              Xep174Element        *stanza);
gboolean xep174_session_manager_is_traced    (Xep174SessionManager *self);
void     xep174_session_manager_trace        (Xep174SessionManager *self,
                                              Xep174Session        *session,
                                              gboolean              outgoing,
                                              const char           *octets,
                                              gsize                 length);

G_END_DECLS
