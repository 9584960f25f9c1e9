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
  /* A string, in which there may be a NUL, or a number as it is written. */
  GString *text;
} CliJsonValue;

/* Reads a line that is one JSON object (RFC 8259), and nothing else. What it must not have is told
 * with its place. (transfer full) (element-type utf8 CliJsonValue): its members, also when it fails:
 * those before that place; of two with one name the last. */
GHashTable *cli_json_read (const char  *line,
                           gsize        length,
                           GError     **error);
