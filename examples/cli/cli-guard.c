/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-guard.h"

static struct
{
  CliGuardFunc hide;
  CliGuardFunc show;
  gpointer data;
} guard;

void
cli_guard_set (CliGuardFunc hide,
               CliGuardFunc show,
               gpointer     data)
{
  guard.hide = hide;
  guard.show = show;
  guard.data = data;
}

void
cli_guard_begin (void)
{
  if (guard.hide != NULL)
    guard.hide (guard.data);
}

void
cli_guard_end (void)
{
  if (guard.show != NULL)
    guard.show (guard.data);
}
