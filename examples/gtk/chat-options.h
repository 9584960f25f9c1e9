/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

#include "cli-options.h"

/* What the command line says. */
typedef struct
{
  CliOptions *common;
  char **contacts;
  gboolean version;
} ChatOptions;

ChatOptions  *chat_options_new            (void);
void          chat_options_free           (ChatOptions *self);
/* Adds the options to @application, which parses them and shows them in --help. */
void          chat_options_add_to         (ChatOptions  *self,
                                           GApplication *application);
/* Whether with these options a program that runs already cannot do the work. */
gboolean      chat_options_are_particular (ChatOptions *self);
Xep174Client *chat_options_create_client  (ChatOptions  *self,
                                           GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChatOptions, chat_options_free)
