/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* Which keys a person (or a program) was told of since the last decision about a name. What is decided
 * then is decided about one of them, never about a key that somebody has shown in between. */
typedef struct _CliTold CliTold;

typedef enum
{
  CLI_COMPARED,
  CLI_ACCEPTED,
  CLI_DISTRUSTED,
  CLI_FORGOTTEN,
} CliDecision;

/* @ask: what to do before a key can be compared. @which: how to say which of several keys is meant. @whole:
 * where to find all digits of one. */
CliTold    *cli_told_new        (Xep174SessionManager *manager,
                                 const char           *ask,
                                 const char           *which,
                                 const char           *whole);
void        cli_told_free       (CliTold *self);

/* A warning has named the key. */
void        cli_told_add        (CliTold    *self,
                                 const char *name,
                                 const char *key);
/* (transfer full) (nullable): the number that will be shown now, and the key that it is of. */
char       *cli_told_add_number (CliTold        *self,
                                 Xep174Session  *session,
                                 char          **key);
/* (transfer container): of whom a key was told. */
const char **cli_told_list_names (CliTold *self);
/* (transfer full): what is typed for this key of @name: the name, and the key's first digits, or all where
 * others begin like it. */
char       *cli_told_spell      (CliTold    *self,
                                 const char *name,
                                 const char *key);
/* (transfer full): the keys of @name that begin as @typed, with all their digits. */
char       *cli_told_spell_all  (CliTold    *self,
                                 const char *name,
                                 const char *typed);
/* Which key a decision is about: the one that was told. If there are several, or were before the last
 * decision, @typed must be the whole of one or its beginning, else it may be NULL. A key that is distrusted
 * may be accepted if it is typed. @key is NULL if it is about all. */
gboolean    cli_told_choose     (CliTold      *self,
                                 CliDecision   decision,
                                 const char   *name,
                                 const char   *typed,
                                 char        **key,
                                 GError      **error);
gboolean    cli_told_decide     (CliTold      *self,
                                 CliDecision   decision,
                                 const char   *name,
                                 const char   *key,
                                 GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliTold, cli_told_free)
