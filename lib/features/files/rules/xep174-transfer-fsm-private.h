/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-transfer-fsm.h"

G_BEGIN_DECLS

/* The tables are constants. The test that explores them alone makes them writable, to make single
 * cells wrong and see that it notices. */
#ifndef XEP174_TABLE
#define XEP174_TABLE const
#endif

typedef struct
{
  guint8 timer;   /* Xep174TransferTimer */
  guint8 restart; /* Xep174TransferPhase: what a restart makes of it; NEW is nothing */
} Xep174TransferWait;

typedef Xep174TransferCell Xep174TransferTable[XEP174_TRANSFER_N_STATES][XEP174_TRANSFER_N_EVENTS];

extern XEP174_TABLE Xep174TransferTable xep174_transfer_tables[2];
extern XEP174_TABLE Xep174TransferTable xep174_transfer_tables_si[2];
extern XEP174_TABLE Xep174TransferTable xep174_transfer_table_oob;
extern XEP174_TABLE Xep174TransferWait
  xep174_transfer_waits[XEP174_TRANSFER_N_ROLES][XEP174_TRANSFER_N_STATES];
extern XEP174_TABLE guint8
  xep174_transfer_paths[XEP174_TRANSFER_N_CANDIDATES][XEP174_TRANSFER_N_CANDIDATES];

G_END_DECLS
