/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* An avahi-daemon of the test's own on a bus of the test's own, which does whatever the test likes: it
 * refuses, says nonsense, says nothing, says too much, or goes. It is in the process of the test. */

typedef struct _FakeDaemon FakeDaemon;

/* What it does with calls of a method. */
typedef enum
{
  FAKE_OBEY,   /* as a daemon would */
  FAKE_REFUSE, /* with @error */
  FAKE_IGNORE, /* no answer, ever */
  FAKE_ANSWER, /* with @body, whatever was asked */
  FAKE_GO,     /* and come back */
} FakeConduct;

FakeDaemon  *fake_daemon_new      (void);
void         fake_daemon_free     (FakeDaemon *self);
void         fake_daemon_refuse   (FakeDaemon *self,
                                   const char *method,
                                   const char *error);
void         fake_daemon_ignore   (FakeDaemon *self,
                                   const char *method);
/* @body is floating. */
void         fake_daemon_answer   (FakeDaemon *self,
                                   const char *method,
                                   GVariant   *body);
void         fake_daemon_go_at    (FakeDaemon *self,
                                   const char *method);
void         fake_daemon_obey     (FakeDaemon *self);
/* How often the method was called since the last time that this was asked. */
guint        fake_daemon_count    (FakeDaemon *self,
                                   const char *method);
/* The browser of the records of this name and type, NULL if there is none. */
const char  *fake_daemon_browser  (FakeDaemon *self,
                                   const char *name,
                                   guint16     type);
guint        fake_daemon_count_objects (FakeDaemon *self);
/* To whoever has the object; @body is floating. */
void         fake_daemon_emit     (FakeDaemon *self,
                                   const char *path,
                                   const char *interface,
                                   const char *member,
                                   GVariant   *body);
/* A PTR record of “instance._presence._tcp.local”, or its TXT record. */
void         fake_daemon_tell_ptr (FakeDaemon *self,
                                   const char *member,
                                   const char *instance);
void         fake_daemon_tell_txt (FakeDaemon *self,
                                   const char *instance,
                                   const char *txt);
/* (transfer floating): what the signals of a browser say of a record. */
GVariant    *fake_record          (const char *name,
                                   guint16     type,
                                   const void *rdata,
                                   gsize       size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeDaemon, fake_daemon_free)

#define PRESENCE "_presence._tcp.local"
#define BROWSER  "org.freedesktop.Avahi.RecordBrowser"
#define GROUP    "org.freedesktop.Avahi.EntryGroup"
