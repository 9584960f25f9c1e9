/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* What people do with what was said, and what they do meanwhile. */
#define CLI_TYPE_CHANGES (cli_changes_get_type ())
G_DECLARE_FINAL_TYPE (CliChanges, cli_changes, CLI, CHANGES, GObject)

typedef enum
{
  CLI_CORRECTED, /* theirs says something else now */
  CLI_RETRACTED, /* they took theirs back */
  CLI_REACTED,   /* they put signs on it, or took them away */
  CLI_TYPING,    /* they type, or do not any more; there is no message */
} CliChange;

typedef void (*CliChangesFunc) (Xep174Conversation *conversation,
                                Xep174Message      *message,
                                CliChange           change,
                                gpointer            data);

/* Switches all of it on, too. */
CliChanges *cli_changes_new (Xep174Client   *client,
                             CliChangesFunc  func,
                             gpointer        data);
