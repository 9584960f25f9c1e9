/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-options.h"

int cli_browse    (CliOptions *options);
int cli_send      (CliOptions *options);
int cli_send_file (CliOptions *options);
int cli_chat      (CliOptions *options);
int cli_keys      (CliOptions *options);
/* xep174 chat --json */
int cli_json      (CliOptions *options);
