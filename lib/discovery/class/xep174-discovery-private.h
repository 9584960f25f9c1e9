/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"

/* The main context that was the thread's default when the discovery was made. Everything happens in
 * it. */
GMainContext *xep174_discovery_get_context (Xep174Discovery *self);

/* Between hold and release no handler is called. What is reported in that time is told by the
 * release, in order. So no handler runs in the middle of the backend's work.
 *
 * The release returns FALSE if somebody else, further up the stack, will tell it: a handler that
 * called us, or a function of the class that holds, too. The discovery lives at least until
 * then. */
typedef struct
{
  gboolean busy;
  int      busy_depth;
} Xep174DiscoveryHold;

void     xep174_discovery_hold    (Xep174Discovery *self, Xep174DiscoveryHold *hold);
gboolean xep174_discovery_release (Xep174Discovery *self, Xep174DiscoveryHold *hold);

/* (transfer full): the contact with that name, also if it is not there. If it has gone, it is the
 * same object as before, as long as somebody keeps it; if it never was there, it is a new one that
 * is offline. The client needs this, because a conversation may last longer than the record
 * (D19). */
Xep174Contact *xep174_discovery_dup_contact (Xep174Discovery *self,
                                            const char      *name);

/* Where pictures are kept for the next time; NULL for memory only. */
void           xep174_discovery_set_avatar_folder (Xep174Discovery *self,
                                                  const char      *folder);

/* What we can do is the client's to say (D20); it is published with @profile. */
void           xep174_discovery_set_capabilities (Xep174Profile *profile,
                                                  const char    *node,
                                                  const char    *ver);

/* What is known of the keys of a contact is the client's to say. */
void           xep174_discovery_set_security (Xep174Discovery *self,
                                              const char      *name,
                                              gboolean         encrypted,
                                              Xep174Trust      trust);
/* (element-type Xep174Contact) (transfer full): also those who have gone, as long as somebody keeps them. */
GPtrArray     *xep174_discovery_dup_contacts (Xep174Discovery *self);

/* The default for identify_contact of the class: it compares with the addresses of @self's contacts. The
 * result is the name as published, or an error of XEP174_DIRECTORY_ERROR or
 * G_IO_ERROR_CANCELLED. */
void          xep174_identify_async        (Xep174Discovery     *self,
                                            GSocketAddress      *address,
                                            const char          *claimed_name,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
char         *xep174_identify_finish       (Xep174Discovery *self,
                                            GAsyncResult    *result,
                                            GError         **error);
