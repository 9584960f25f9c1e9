/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <purple.h>
#include <xep174/xep174.h>

#define PRPL_ID "prpl-xep174"
/* The domain of what purple_debug() is told. */
#define PRPL_LOG "xep174"

typedef enum
{
  PRPL_PHASE_WAITING,  /* for an earlier connection of the same account to be off the network */
  PRPL_PHASE_STARTING,
  PRPL_PHASE_ONLINE,
  PRPL_PHASE_LEAVING,
  PRPL_PHASE_OFF,
} PrplPhase;

/* One connection of one account. It lives longer than libpurple's, until we have left the
 * network. */
typedef struct
{
  /* NULL after libpurple has closed it. */
  PurpleConnection *connection;
  PurpleAccount *purple;
  PrplPhase phase;
  Xep174Client *client;
  GCancellable *starting;
  /* Contacts that are in the buddy list. */
  GPtrArray *contacts;
  /* NULL without a client. */
  Xep174ChatStates *typing;
  /* (element-type utf8 utf8) for each name the key that was shown last beside an open conversation */
  GHashTable *refused;
  /* Dialogs that are open. */
  GPtrArray *questions;
  /* Files on their way. */
  GPtrArray *files;
} PrplAccount;

PrplAccount *prpl_account_get       (PurpleConnection *connection);
/* NULL if the account is not online. */
PrplAccount *prpl_account_find      (PurpleAccount *purple);
void         prpl_account_login     (PurpleAccount *purple);
void         prpl_account_close     (PurpleConnection *connection);
void         prpl_account_close_all (void);
