/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-discovery-private.h"

/* An mDNS stack without a network, and with a clock that stands still until it is told otherwise. */
#define FAKE_TYPE_STACK (fake_stack_get_type ())
G_DECLARE_FINAL_TYPE (FakeStack, fake_stack, FAKE, STACK, Xep174MdnsStack)

struct _FakeStack
{
  Xep174MdnsStack parent_instance;

  /* What the test sets. */
  gboolean is_slow;        /* whether it does not run at once when it is opened */
  gboolean holds_back;     /* whether all that is to be told is told in one turn */
  gboolean cached;         /* whether what is there already is told to a new query as cached */
  GHashTable *taken;       /* names that somebody else has */
  gboolean collide_at_once;
  gboolean is_silent;      /* whether a name that is free is not reported as published */
  GError *publish_error;
  GError *offer_error;
  GError *open_error;
  GError *query_error;
  char *host_name;

  /* What it looks at. */
  gboolean open;
  char *published;
  GBytes *txt;
  char *offered_names; /* with a space between them, NULL if nothing is offered */
  GBytes *offered;
  guint n_offers;
  guint n_publishes;
  guint n_updates;

  GPtrArray *queries;
  GPtrArray *records;
  guint records_max;
  GQueue events;
  GPtrArray *timers;
  gint64 now;
};

/* A discovery over @stack, of which the test keeps a reference. */
Xep174Discovery *fake_stack_make_discovery (FakeStack *stack);

/* Runs whatever can run without time going by. */
void             fake_stack_turn           (FakeStack *stack);
void             fake_stack_advance        (FakeStack *stack,
                                            guint      milliseconds);
void             fake_stack_set_running    (FakeStack *stack,
                                            gboolean   running);
/* What was published in silence will be reported. */
void             fake_stack_tell_published (FakeStack *stack);
/* The same, and the silence ends. */
void             fake_stack_end_silence    (FakeStack *stack);
/* Somebody claims the name that is published. */
void             fake_stack_collide        (FakeStack *stack);

/* Records of `<instance>._presence._tcp.local` or of a host, on a link. */
void             fake_stack_add_ptr        (FakeStack  *stack,
                                            const char *instance,
                                            int         interface);
void             fake_stack_add_txt        (FakeStack  *stack,
                                            const char *instance,
                                            int         interface,
                                            const char *parameter);
/* @host is NULL for the root, which is nowhere. */
void             fake_stack_add_srv        (FakeStack  *stack,
                                            const char *instance,
                                            int         interface,
                                            const char *host,
                                            guint16     port);
void             fake_stack_add_address    (FakeStack  *stack,
                                            const char *host,
                                            int         interface,
                                            const char *address);
/* Under the name that libpurple would give it, if it is @plain. */
void             fake_stack_add_picture    (FakeStack  *stack,
                                            const char *instance,
                                            int         interface,
                                            gboolean    plain,
                                            GBytes     *picture);
void             fake_stack_remove_ptr     (FakeStack  *stack,
                                            const char *instance,
                                            int         interface);
void             fake_stack_remove_txt     (FakeStack  *stack,
                                            const char *instance,
                                            int         interface,
                                            const char *parameter);
void             fake_stack_remove_srv     (FakeStack  *stack,
                                            const char *instance);
/* What a second without news brings: the queries so far have all been answered. */
void             fake_stack_settle         (FakeStack  *stack);
/* What the stack knew before the queries it has told, and has not asked yet. */
void             fake_stack_tell_cache_done (FakeStack *stack);
void             fake_stack_fail_queries   (FakeStack  *stack,
                                            guint16     type);
guint            fake_stack_count_queries  (FakeStack  *stack,
                                            guint16     type);
/* Of @instance, or of the host of that name if @type is that of an address. */
gboolean         fake_stack_is_asked       (FakeStack  *stack,
                                            guint16     type,
                                            const char *instance);
