/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "parsed.h"

Xep174Element *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  Xep174Element *element = xep174_element_parse (xml, &error);

  g_assert_no_error (error);

  return element;
}

Xep174Element *
parse_own (const char *xml)
{
  g_autoptr(Xep174Element) read = parse (xml);

  return xep174_element_copy (read);
}
