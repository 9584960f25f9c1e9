/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

typedef enum
{
  CLI_COLOUR_NONE,
  CLI_COLOUR_DIM,
  CLI_COLOUR_BOLD,
  CLI_COLOUR_RED,
  CLI_COLOUR_GREEN,
  CLI_COLOUR_YELLOW,
} CliColour;

/* What others wrote, made safe to show: a terminal obeys control characters. */
char       *cli_text_printable   (const char *text);
/* One line at that, for a status that ends one would begin a line of its owner's making; where a line
 * ends “⏎” stands, and what would not be seen is shown as “\u{200B}”. */
char       *cli_text_line        (const char *text);
/* The whole name of somebody: two that differ look different. What cannot be seen, or is written in
 * an unusual way, is shown as “\u{200B}”. It stays what it is in a line. */
char       *cli_text_name        (const char *name);
/* One line of @text in @colour if @is_coloured, made safe too. */
char       *cli_text_paint       (const char *text,
                                  CliColour   colour,
                                  gboolean    is_coloured);
CliColour   cli_text_status      (Xep174Status status);
/* “available”, “away”, “do not disturb”, and the message if there is one; safe to show. */
char       *cli_text_presence    (Xep174Contact *contact);
