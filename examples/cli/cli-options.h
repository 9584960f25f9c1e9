/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* What the command line says. */
typedef struct
{
  char *user;
  char *discovery;
  char *port_text;
  /* 0 if it is not given */
  guint16 port;
  gboolean trace;
  gboolean json;

  /* chat, send */
  char *encryption_text;
  Xep174EncryptionPolicy encryption;
  /* chat, send, keys; as the file system has it */
  char *data_dir;
  /* chat; the same */
  char *avatar;

  /* browse */
  gboolean once;
  char *domain;
  /* browse, send */
  char *timeout_text;
  /* in seconds; negative if it is not given */
  int timeout;
  /* send */
  char *address;

  char **arguments;
} CliOptions;

typedef enum
{
  CLI_ACCEPTS_JSON = 1 << 0,
  CLI_ACCEPTS_ONCE = 1 << 1,
  CLI_ACCEPTS_TIMEOUT = 1 << 2,
  CLI_ACCEPTS_ADDRESS = 1 << 3,
  CLI_ACCEPTS_DOMAIN = 1 << 4,
  /* All that look for people. */
  CLI_ACCEPTS_NETWORK = 1 << 5,
  CLI_ACCEPTS_ENCRYPTION = 1 << 6,
  CLI_ACCEPTS_DATA_DIR = 1 << 7,
  CLI_ACCEPTS_AVATAR = 1 << 8,
  /* A --timeout that ends when the person is found. */
  CLI_ACCEPTS_SEARCH = 1 << 9,
} CliAccepts;

typedef struct
{
  const char *name;
  /* What comes after the options, for the help. */
  const char *parameters;
  /* In the list of all commands. */
  const char *brief;
  const char *summary;
  const char *description;
  /* What is the same in each language: what programs read and write (or NULL), and examples. */
  const char *code;
  const char *examples;
  CliAccepts accepts;
  int min_arguments;
  int max_arguments;
  int (*run) (CliOptions *options);
} CliCommand;

CliOptions      *cli_options_new                (void);
void             cli_options_free               (CliOptions *self);
/* (transfer container): the options of @accepts; they write into
 * @self. */
GOptionEntry    *cli_options_create_entries     (CliOptions *self,
                                                 CliAccepts  accepts);
/* Reads the words after the command. It may print help and leave the program. */
gboolean         cli_options_parse              (CliOptions        *self,
                                                 const CliCommand  *command,
                                                 int                argc,
                                                 char             **argv,
                                                 GError           **error);
/* Checks the values and keeps them; the parsing has called this already. */
gboolean         cli_options_check              (CliOptions  *self,
                                                 GError     **error);
/* (transfer full): the address that --at gives. */
GNetworkAddress *cli_options_parse_address      (CliOptions  *self,
                                                 GError     **error);
Xep174Profile   *cli_options_create_profile     (CliOptions  *self,
                                                 GError     **error);
Xep174Discovery *cli_options_create_discovery   (CliOptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliOptions, cli_options_free)
