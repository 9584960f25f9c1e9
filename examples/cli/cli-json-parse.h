/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* What a string has in place of U+0000, at which json-glib would end it. Neither can be sent:
 * XML has none of them (XML 1.0 §2.2). */
#define CLI_JSON_NUL "\357\277\277"

/* Reads a line that is one JSON object, and nothing else. An error says where the line is wrong.
 * (transfer full) (nullable): the object */
JsonNode *cli_json_parse (const char  *line,
                          gsize        length,
                          GError     **error);
