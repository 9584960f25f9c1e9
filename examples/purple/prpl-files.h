/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "prpl-account.h"

/* (element-type PrplFile) the files on their way of an account. */
GPtrArray  *prpl_files_new    (void);

void        prpl_files_watch  (PrplAccount *self);
/* What is on its way ends, and everybody is told. */
void        prpl_files_forget (PrplAccount *self);

gboolean    prpl_files_can_send  (PurpleConnection *connection,
                                  const char       *name);
PurpleXfer *prpl_files_new_xfer  (PurpleConnection *connection,
                                  const char       *name);
/* @path is NULL if the user still has to choose. */
void        prpl_files_send      (PurpleConnection *connection,
                                  const char       *name,
                                  const char       *path);
