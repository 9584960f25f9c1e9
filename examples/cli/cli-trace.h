/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* Shows on standard error what the sessions of @manager send and receive. */
void cli_trace_enable (Xep174SessionManager *manager);
