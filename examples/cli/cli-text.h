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

/* So many letters tell which text it was, to whoever has it elsewhere. */
#define CLI_TEXT_BEGINNING 200

/* What others wrote, made safe to show: a terminal obeys control characters. */
char       *cli_text_printable   (const char *text);
/* The same, with the looks that XEP-0393 gives to its parts, for a terminal. */
char       *cli_text_styled      (const char *text,
                                  gboolean    is_styled);
/* The same in one line, with “⏎” for each line end: with a line end, a status could start a line of its
 * own. Characters that cannot be seen are shown as “\u{200B}”. */
char       *cli_text_line        (const char *text);
/* The whole name of somebody, so that two names that differ look different. Characters that cannot be
 * seen, or are written in an unusual way, are shown as “\u{200B}”. cli_text_line() does not change it. */
char       *cli_text_name        (const char *name);
/* For a table of names: they are the same in any letters. */
guint       cli_text_hash_name   (gconstpointer name);
gboolean    cli_text_equal_names (gconstpointer name,
                                  gconstpointer other);
/* @text in the quotation marks of the language, so that it is known which one is meant; so many letters at
 * most. Whoever has it nowhere else needs all (%G_MAXLONG). */
char       *cli_text_quote       (const char *text,
                                  glong       most);
/* How many places @text takes. A Chinese letter takes two. */
guint       cli_text_width       (const char *text);
/* @text with spaces behind it: so wide is the column of a table. */
char       *cli_text_column      (const char *text,
                                  guint       width);
/* @text, which is one line, in so many places at most: if it is cut, “…” is at its end. */
char       *cli_text_shorten     (const char *text,
                                  guint       width);
/* @text in one line, in @colour if @is_coloured; made safe, too. */
char       *cli_text_paint       (const char *text,
                                  CliColour   colour,
                                  gboolean    is_coloured);
/* @text in one line, made safe, where parts of it come from cli_text_paint(): these keep their colours. */
char       *cli_text_painted     (const char *text);
/* Whether @user is the part of @name before the @, in any letters. */
gboolean    cli_text_has_user    (const char *name,
                                  const char *user);
/* What people read of a conversation, and of a key. */
const char *cli_text_trust       (Xep174Trust trust);
/* In the words of JSON: “unknown”, “seen” and so on. */
const char *cli_text_trust_word  (Xep174Trust trust);
/* Behind a name in a list; NULL if nothing is known. */
const char *cli_text_trust_short (Xep174Trust trust);
/* Why a conversation has ended, if it is because of keys or encryption; else NULL. */
const char *cli_text_refusal     (const GError *error);
/* (element-type utf8): with commas between them. */
char       *cli_text_join        (GPtrArray *texts);
/* In groups of four digits. */
char       *cli_text_fingerprint (const char *fingerprint);
/* Its first eight digits, by which a person can name it. */
char       *cli_text_key         (const char *fingerprint);
CliColour   cli_text_status      (Xep174Status status);
/* “available”, “away”, “do not disturb”, and the message if there is one; safe to show. */
char       *cli_text_presence    (Xep174Contact *contact);
