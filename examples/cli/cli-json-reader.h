/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

typedef enum
{
  CLI_JSON_STRING,
  CLI_JSON_NUMBER,
  CLI_JSON_NULL,
  CLI_JSON_OTHER,
} CliJsonType;

typedef struct
{
  CliJsonType type;
  /* A string, which may contain a NUL, or a number as it was written. */
  GString *text;
} CliJsonValue;

/* Reads a line that is exactly one JSON object (RFC 8259). The error says where something is wrong.
 * (transfer full) (element-type utf8 CliJsonValue): its members, also if it fails: those before the
 * error. If two have the same name, the last one counts. */
GHashTable *cli_json_read (const char  *line,
                           gsize        length,
                           GError     **error);
