/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-stream-fsm.h"

G_BEGIN_DECLS

/* The tables are constants. The test build alone makes them writable, to swap single cells and
 * rules for the naive ones that session-rules.md lists, and see that the exploration notices. */
#ifndef XEP174_TABLE
#define XEP174_TABLE const
#endif

/* The rows of the TLS phase, from OFFERED on, and those of the others. */
extern XEP174_TABLE Xep174StreamCell
  xep174_stream_table_tls[XEP174_STREAM_N_SECURING][XEP174_STREAM_N_EVENTS];
extern XEP174_TABLE Xep174StreamCell
  xep174_stream_table[XEP174_STREAM_N_STATES][XEP174_STREAM_N_EVENTS];

G_END_DECLS
