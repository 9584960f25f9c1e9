/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <locale.h>

#include "chat-application.h"
#include "translate.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(ChatApplication) application = NULL;
  int status;

  setlocale (LC_ALL, "");
  translate_begin ();
  g_set_application_name (_("Local Chat"));
  application = chat_application_new ();

  status = g_application_run (G_APPLICATION (application), argc, argv);

  return chat_application_has_lost (application) ? 1 : status;
}
